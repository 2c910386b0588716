package org.latte4j.data.video;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_BITEXACT;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_rescale_ts;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_from_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avformat.AVFMT_GLOBALHEADER;
import static org.bytedeco.ffmpeg.global.avformat.AVIO_FLAG_WRITE;
import static org.bytedeco.ffmpeg.global.avformat.av_interleaved_write_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_write_trailer;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_output_context2;
import static org.bytedeco.ffmpeg.global.avformat.avformat_free_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_new_stream;
import static org.bytedeco.ffmpeg.global.avformat.avformat_write_header;
import static org.bytedeco.ffmpeg.global.avformat.avio_closep;
import static org.bytedeco.ffmpeg.global.avformat.avio_open;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_PRI_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_MPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_TRC_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_get_pix_fmt;
import static org.bytedeco.ffmpeg.global.avutil.av_make_q;
import static org.bytedeco.ffmpeg.presets.avutil.AVERROR_EAGAIN;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVOutputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** A file with one encoded video stream: FFmpeg's encoder and muxer. */
final class OutputFile implements AutoCloseable {
  private final AVFormatContext container = new AVFormatContext(null);
  private final AVPacket packet = av_packet_alloc();
  private AVCodecContext codec = new AVCodecContext(null);
  private AVIOContext io = new AVIOContext(null);
  private AVStream stream;

  OutputFile(VideoFormat format, Path file, int width, int height, int framesPerSecond)
      throws IOException {
    String url = "file:" + file.toAbsolutePath();
    try {
      check(
          avformat_alloc_output_context2(container, (AVOutputFormat) null, format.muxer(), url),
          "choosing the format");
      container.flags(container.flags() | AVFormatContext.AVFMT_FLAG_BITEXACT);
      openCodec(format, width, height, framesPerSecond);
      stream = avformat_new_stream(container, null);
      stream.time_base(codec.time_base());
      stream.avg_frame_rate(av_make_q(framesPerSecond, 1));
      check(avcodec_parameters_from_context(stream.codecpar(), codec), "describing the stream");
      check(avio_open(io, url, AVIO_FLAG_WRITE), "opening it to write");
      container.pb(io);
      AVDictionary options = dictionary(format.muxerOptions());
      int result = avformat_write_header(container, options);
      av_dict_free(options);
      check(result, "writing the header");
    } catch (IOException | RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private void openCodec(VideoFormat format, int width, int height, int framesPerSecond)
      throws IOException {
    AVCodec encoder = avcodec_find_encoder_by_name(format.encoder());
    if (encoder == null || encoder.isNull()) {
      throw new IOException(
          "this build of FFmpeg lacks the encoder "
              + format.encoder()
              + "; use org.bytedeco:ffmpeg as the project declares it");
    }
    codec = avcodec_alloc_context3(encoder);
    codec.width(width);
    codec.height(height);
    codec.pix_fmt(av_get_pix_fmt(format.pixelFormat()));
    codec.time_base(av_make_q(1, framesPerSecond));
    codec.framerate(av_make_q(framesPerSecond, 1));
    codec.thread_count(1);
    codec.flags(codec.flags() | AV_CODEC_FLAG_BITEXACT);
    if (format == VideoFormat.MP4) {
      codec.colorspace(AVCOL_SPC_BT709);
      codec.color_primaries(AVCOL_PRI_BT709);
      codec.color_trc(AVCOL_TRC_BT709);
      codec.color_range(AVCOL_RANGE_MPEG);
    }
    if ((container.oformat().flags() & AVFMT_GLOBALHEADER) != 0) {
      codec.flags(codec.flags() | AV_CODEC_FLAG_GLOBAL_HEADER);
    }
    AVDictionary options = dictionary(format.encoderOptions());
    int result = avcodec_open2(codec, encoder, options);
    av_dict_free(options);
    check(result, "opening the encoder " + format.encoder());
  }

  private static AVDictionary dictionary(Map<String, String> options) {
    AVDictionary dictionary = new AVDictionary(null);
    options.forEach((key, value) -> av_dict_set(dictionary, key, value, 0));
    return dictionary;
  }

  void write(AVFrame frame) throws IOException {
    check(avcodec_send_frame(codec, frame), "encoding");
    drain();
  }

  /** Writes what the encoder still holds, and the index. */
  void end() throws IOException {
    check(avcodec_send_frame(codec, null), "encoding");
    drain();
    check(av_write_trailer(container), "writing the index");
    check(avio_closep(io), "closing it");
  }

  private void drain() throws IOException {
    while (true) {
      int result = avcodec_receive_packet(codec, packet);
      if (result == AVERROR_EAGAIN() || result == AVERROR_EOF()) {
        return;
      }
      check(result, "encoding");
      if (packet.duration() == 0) {
        packet.duration(1);
      }
      av_packet_rescale_ts(packet, codec.time_base(), stream.time_base());
      packet.stream_index(stream.index());
      check(av_interleaved_write_frame(container, packet), "writing frames");
    }
  }

  @Override
  public void close() {
    av_packet_free(packet);
    if (!codec.isNull()) {
      avcodec_free_context(codec);
    }
    if (!io.isNull()) {
      avio_closep(io);
    }
    if (!container.isNull()) {
      avformat_free_context(container);
    }
  }

  private static void check(int result, String what) throws IOException {
    if (result < 0) {
      throw new IOException(what + " failed; " + FfmpegLog.explain(result));
    }
  }
}
