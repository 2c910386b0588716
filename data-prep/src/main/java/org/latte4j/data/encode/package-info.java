/**
 * Videos into latent shards: how the input is divided into files, and how one file is made. Knows
 * no Spark; a job spreads the files over executors.
 */
package org.latte4j.data.encode;
