/** Training that begins with weights made before: those of an image model, or of another Latte. */
package org.latte4j.spark.start;
