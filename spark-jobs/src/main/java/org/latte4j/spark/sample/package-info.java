/** Sampling: videos of a trained model, spread over executors. */
package org.latte4j.spark.sample;
