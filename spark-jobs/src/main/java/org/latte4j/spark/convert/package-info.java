/** Weights from one file format into another. */
package org.latte4j.spark.convert;
