/**
 * Notices when a running job gets stuck, and says where: Spark waits for a hanging task, or for
 * executors that never come, without limit and without a word.
 */
package org.latte4j.spark.watchdog;
