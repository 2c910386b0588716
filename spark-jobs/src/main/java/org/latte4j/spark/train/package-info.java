/** Training Latte: what a worker does in its local steps, and the job that runs the rounds. */
package org.latte4j.spark.train;
