/** Losses on videos that are held out of training. */
package org.latte4j.spark.validation;
