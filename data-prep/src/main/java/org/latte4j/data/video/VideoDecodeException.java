package org.latte4j.data.video;

import java.io.IOException;

/** A video that cannot be decoded; the message names it, says why, and what to do. */
public final class VideoDecodeException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Why a video was given up. */
  public enum Reason {
    /** Zero bytes. */
    EMPTY,
    /** No format that FFmpeg knows, or a header it cannot make sense of. */
    NOT_A_VIDEO,
    /** Ends before what its header or index promises. */
    TRUNCATED,
    /** Sound or subtitles only, or nothing but a cover picture. */
    NO_VIDEO_STREAM,
    /** A video stream none of whose packets could be decoded. */
    NO_FRAMES,
    /** A codec that this build of FFmpeg lacks, or frames beyond the size limit. */
    UNSUPPORTED,
    /** Larger frames, more frames or a longer duration than {@link DecodeLimits} allow. */
    TOO_LARGE,
    /** Damaged in the middle, so that the demuxer lost its way. */
    CORRUPT,
    /** Reading the bytes failed; the cause says how. */
    UNREADABLE
  }

  private final Reason reason;

  /** With the reason, and a message that names the video. */
  public VideoDecodeException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** As above, with the cause. */
  public VideoDecodeException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** Why the video was given up. */
  public Reason reason() {
    return reason;
  }
}
