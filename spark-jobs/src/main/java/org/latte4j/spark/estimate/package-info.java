/** What a configuration will take: parameters, arithmetic, memory. */
package org.latte4j.spark.estimate;
