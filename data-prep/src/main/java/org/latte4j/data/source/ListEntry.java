package org.latte4j.data.source;

/**
 * One video of a list file.
 *
 * @param line number in the file, from 1
 * @param path of a video file or a folder of frames: below the data set's root, or a full address
 * @param label name or index of the class, empty for none
 * @param caption empty for none
 * @param split empty for none
 */
record ListEntry(long line, String path, String label, String caption, String split) {}
