/**
 * Data sets of video files: which videos a folder on a Hadoop file system holds, and their classes.
 */
package org.latte4j.data.source;
