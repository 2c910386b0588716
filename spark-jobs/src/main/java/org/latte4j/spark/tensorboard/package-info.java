/** Event files that TensorBoard opens. */
package org.latte4j.spark.tensorboard;
