/** Single passes of networks over tensors in files: no Spark, one process. */
package org.latte4j.spark.inference;
