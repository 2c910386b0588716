/** Measurements that users repeat on their own machines. */
package org.latte4j.spark.bench;
