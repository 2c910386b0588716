/** The demo: from real video to generated video, with what ships beside the program. */
package org.latte4j.spark.demo;
