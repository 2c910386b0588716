/** What folders of shards and checkpoints hold, and whether they are whole. */
package org.latte4j.spark.inspect;
