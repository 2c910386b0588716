package org.latte4j.data.video;

import java.time.Duration;

/**
 * A decoded frame.
 *
 * @param index its place among the frames decoded so far, from 0
 * @param timestamp when it is shown, from the start of the container's clock; estimated from the
 *     frame rate where the container does not say
 * @param image its pixels, upright
 */
public record VideoFrame(int index, Duration timestamp, RgbImage image) {}
