/**
 * The command line: one class per verb, and one place each for settings, exit status, the JSON
 * report and the start of Spark. The verbs hold no logic of the jobs they run.
 */
package org.latte4j.spark.cli;
