/**
 * Videos as pictures: decoding and writing with FFmpeg.
 *
 * <p>{@link org.latte4j.data.video.VideoDecoder} reads frames from any {@link
 * org.latte4j.data.video.MediaInput}, {@link org.latte4j.data.video.VideoWriter} writes MP4 and
 * GIF.
 */
package org.latte4j.data.video;
