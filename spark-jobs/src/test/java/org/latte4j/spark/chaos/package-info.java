/**
 * Losing machines in the middle of training: executors, workers and drivers are killed in chosen
 * phases, and the checkpoints must be those of a quiet run, bit for bit.
 */
package org.latte4j.spark.chaos;
