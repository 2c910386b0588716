/** What a finished job shows of itself. */
package org.latte4j.spark.report;
