/** Captions into text embeddings, on the executors. */
package org.latte4j.spark.text;
