/** What a training run has gone through, kept beside its checkpoints. */
package org.latte4j.spark.history;
