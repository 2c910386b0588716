package org.latte4j.data.source;

/**
 * A text that describes a video, or says what is to be drawn.
 *
 * @param id path of the video, or another name of the text; unique in its list
 * @param text may be empty
 */
public record Caption(String id, String text) {}
