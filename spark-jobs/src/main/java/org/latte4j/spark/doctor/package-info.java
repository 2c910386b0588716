/**
 * What this machine offers to Latte4J, what of it will be used, what is wrong and how to mend it.
 */
package org.latte4j.spark.doctor;
