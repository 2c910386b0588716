package org.latte4j.data.video;

import java.util.OptionalLong;

/**
 * What a container says of its video stream. Headers lie: only decoding tells how many frames there
 * are, and frames may differ in size from what is said here.
 *
 * @param container FFmpeg's name of the format, such as {@code mov,mp4,m4a,3gp,3g2,mj2}
 * @param codec FFmpeg's name of the codec, such as {@code h264}
 * @param width coded width in pixels, before rotation
 * @param height coded height in pixels, before rotation
 * @param framesPerSecond average frame rate, 0 if unknown
 * @param declaredFrames the number of frames the header claims, if it claims one
 */
public record VideoInfo(
    String container,
    String codec,
    int width,
    int height,
    double framesPerSecond,
    OptionalLong declaredFrames) {}
