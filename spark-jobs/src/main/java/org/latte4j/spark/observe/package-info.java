/** Watching a training run: what is noted, validated, sampled, shown and reported on the way. */
package org.latte4j.spark.observe;
