package org.latte4j.data.decoder;

/** What the decoder process says; a byte on the wire, then its fields in the order given. */
enum Message {
  /** The video is open: frames per second (double). */
  OPENED,
  /** A frame: timestamp in ns (long), width, height (int), RGB pixels. */
  FRAME,
  /** The last frame has been sent: damaged packets and frames (int). */
  END,
  /** The video cannot be decoded: reason (UTF), message (UTF), damaged (int). */
  FAILURE,
  /** A key-frame index: packets (int), timestamps (long each), key frames (boolean each). */
  SCANNED,
  /** Asks to open a file: index (int). Answer: an error, empty for none (UTF). */
  OPEN,
  /**
   * Asks for bytes of the open file: position (long), length (int). Answer: see {@link FileServer}.
   */
  READ;

  static Message of(int code) {
    Message[] all = values();
    if (code < 0 || code >= all.length) {
      throw new IllegalStateException("the decoder process sent " + code);
    }
    return all[code];
  }
}
