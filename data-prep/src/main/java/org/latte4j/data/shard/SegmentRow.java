package org.latte4j.data.shard;

import java.io.Serializable;

/**
 * One row of a shard as the manifest lists it.
 *
 * @param start index of the first frame in the video
 * @param frames in the segment
 * @param flipped whether mirrored left to right
 */
public record SegmentRow(int start, int frames, boolean flipped) implements Serializable {}
