/** The job that encodes videos into latent shards on Spark. */
package org.latte4j.spark.encode;
