package org.latte4j.data.video;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_BITEXACT;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_CORRUPT;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.av_opt_set_int;
import static org.bytedeco.ffmpeg.presets.avutil.AVERROR_EAGAIN;

import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.latte4j.data.video.VideoDecodeException.Reason;

/**
 * FFmpeg's decoder of a container's video stream, and the packets that it is fed: in one thread,
 * with processor-independent arithmetic. Packets that cannot be decoded are counted and passed
 * over.
 *
 * <p>Not thread-safe. Closing frees the native memory; the container stays open.
 */
final class PacketDecoder implements AutoCloseable {
  /** The Matroska demuxer says so in the log and otherwise ends as if all were well. */
  private static final String CUT_MATROSKA = "File ended prematurely";

  private final Container container;
  private final AVCodecContext codec;
  private final AVPacket packet = av_packet_alloc();
  private int damaged;
  private String complaint = "";
  private int readResult;
  private boolean lastPacketCut;

  private PacketDecoder(Container container, AVCodecContext codec) {
    this.container = container;
    this.codec = codec;
  }

  /**
   * Opens the decoder of the container's stream.
   *
   * @throws VideoDecodeException if there is none, or the header is beyond the limits
   */
  static PacketDecoder open(Container container, DecodeLimits limits) throws VideoDecodeException {
    AVCodecParameters parameters = container.stream().codecpar();
    limits.checkPixels(container.name(), parameters.width(), parameters.height());
    limits.checkDuration(container.name(), container.duration());
    String name = avcodec_get_name(parameters.codec_id()).getString();
    AVCodec decoder = avcodec_find_decoder(parameters.codec_id());
    if (decoder == null || decoder.isNull()) {
      throw container.failure(
          Reason.UNSUPPORTED,
          "this build of FFmpeg has no decoder for its codec " + name + "; convert it to H.264");
    }
    AVCodecContext context = avcodec_alloc_context3(decoder);
    int result = avcodec_parameters_to_context(context, parameters);
    context.pkt_timebase(container.stream().time_base());
    context.thread_count(1);
    context.flags(context.flags() | AV_CODEC_FLAG_BITEXACT);
    av_opt_set_int(context, "max_pixels", limits.pixels(), 0);
    if (result >= 0) {
      result = avcodec_open2(context, decoder, (AVDictionary) null);
    }
    if (result < 0) {
      avcodec_free_context(context);
      throw container.failure(
          Reason.UNSUPPORTED,
          "its codec "
              + name
              + " cannot be opened (frames may have at most "
              + limits.pixels()
              + " pixels); "
              + FfmpegLog.explain(result));
    }
    return new PacketDecoder(container, context);
  }

  /** The codec's name, as FFmpeg calls it. */
  String codecName() {
    return avcodec_get_name(codec.codec_id()).getString();
  }

  /** Fills {@code frame} with the next frame in the order of showing; false after the last. */
  boolean receive(AVFrame frame) {
    while (true) {
      int result = avcodec_receive_frame(codec, frame);
      if (result == 0 || result == AVERROR_EOF()) {
        return result == 0;
      }
      if (result == AVERROR_EAGAIN()) {
        feed();
      } else {
        countDamage();
      }
    }
  }

  /** Sends the next video packet to the decoder, or tells it that there is none. */
  private void feed() {
    while (true) {
      FfmpegLog.startListening();
      readResult = av_read_frame(container.context(), packet);
      if (readResult < 0) {
        lastPacketCut |= FfmpegLog.recent().contains(CUT_MATROSKA);
        avcodec_send_packet(codec, null);
        return;
      }
      try {
        if (packet.stream_index() != container.stream().index()) {
          continue;
        }
        lastPacketCut = (packet.flags() & AV_PKT_FLAG_CORRUPT) != 0;
        if (lastPacketCut || avcodec_send_packet(codec, packet) < 0) {
          countDamage();
        }
        return;
      } finally {
        av_packet_unref(packet);
      }
    }
  }

  /** Notes damage, and what FFmpeg says of it. */
  void countDamage() {
    damaged++;
    complaint = FfmpegLog.recent();
  }

  /** What was damaged so far belongs to another range. */
  void forgetDamage() {
    damaged = 0;
  }

  /** Packets and frames with damage. */
  int damaged() {
    return damaged;
  }

  /** What FFmpeg said of the last damage; empty without. */
  String complaint() {
    return complaint;
  }

  /** Whether the file ended in the middle of a packet. */
  boolean lastPacketCut() {
    return lastPacketCut;
  }

  /**
   * FFmpeg's result of the last attempt to read a packet: after the last one, why there is none.
   */
  int readResult() {
    return readResult;
  }

  @Override
  public void close() {
    av_packet_free(packet);
    avcodec_free_context(codec);
  }
}
