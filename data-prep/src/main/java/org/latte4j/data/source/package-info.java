/**
 * Data sets of videos: which videos a folder on a Hadoop file system holds, their classes, captions
 * and splits.
 */
package org.latte4j.data.source;
