package org.latte4j.spark.doctor;

import java.util.List;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;

/** Whether FFmpeg loads and has the decoder and encoder of H.264. */
public final class FfmpegCheck implements Check {
  @Override
  public List<Finding> examine() {
    try {
      String version = avutil.av_version_info().getString();
      boolean decodes = avcodec.avcodec_find_decoder(avcodec.AV_CODEC_ID_H264) != null;
      boolean encodes = avcodec.avcodec_find_encoder(avcodec.AV_CODEC_ID_H264) != null;
      String text =
          "FFmpeg %s, H.264: %s, %s"
              .formatted(
                  version, decodes ? "decodes" : "no decoder", encodes ? "encodes" : "no encoder");
      return List.of(
          decodes && encodes
              ? Finding.fine("video", text)
              : Finding.unusable("video", text, "Build again from a clean clone."));
    } catch (LinkageError | RuntimeException e) {
      return List.of(
          Finding.unusable(
              "video",
              "FFmpeg does not load: " + e,
              "The natives are for linux-x86_64: build again from a clean clone."));
    }
  }
}
