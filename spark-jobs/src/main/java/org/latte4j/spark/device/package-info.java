/**
 * GPUs: which one a task was given, binding a thread to it, and what NVIDIA's driver says of it.
 */
package org.latte4j.spark.device;
