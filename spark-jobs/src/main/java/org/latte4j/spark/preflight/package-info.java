/** Looks at every executor before the first round: better a refusal now than a crash on Sunday. */
package org.latte4j.spark.preflight;
