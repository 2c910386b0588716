package org.latte4j.data.video;

import static org.bytedeco.ffmpeg.global.avfilter.av_buffersink_get_frame;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersrc_add_frame;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_alloc;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_config;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_free;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_get_filter;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_parse2;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;
import static org.bytedeco.ffmpeg.presets.avutil.AVERROR_EAGAIN;

import java.io.IOException;
import org.bytedeco.ffmpeg.avfilter.AVFilterContext;
import org.bytedeco.ffmpeg.avfilter.AVFilterGraph;
import org.bytedeco.ffmpeg.avfilter.AVFilterInOut;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/** A chain of FFmpeg's filters that takes RGB images of one size at one rate. */
final class FilterGraph implements AutoCloseable {
  private static final String SOURCE = "buffer@source";
  private static final String SINK = "buffersink@sink";

  private final int width;
  private final int height;
  private final AVFilterGraph graph = avfilter_graph_alloc();
  private final AVFrame frame = av_frame_alloc();
  private final AVFilterContext source;
  private final AVFilterContext sink;

  FilterGraph(String filters, int width, int height, int framesPerSecond) throws IOException {
    this.width = width;
    this.height = height;
    graph.nb_threads(1);
    String description =
        ("%s=video_size=%dx%d:pix_fmt=rgb24:time_base=1/%d:pixel_aspect=1/1"
                + ":colorspace=gbr:range=pc,%s,%s")
            .formatted(SOURCE, width, height, framesPerSecond, filters, SINK);
    AVFilterInOut inputs = new AVFilterInOut(null);
    AVFilterInOut outputs = new AVFilterInOut(null);
    try {
      check(avfilter_graph_parse2(graph, description, inputs, outputs));
      check(avfilter_graph_config(graph, (Pointer) null));
    } catch (IOException e) {
      close();
      throw e;
    }
    source = avfilter_graph_get_filter(graph, SOURCE);
    sink = avfilter_graph_get_filter(graph, SINK);
  }

  void push(RgbImage image, long index) throws IOException {
    frame.format(AV_PIX_FMT_RGB24);
    frame.width(width);
    frame.height(height);
    frame.pts(index);
    check(av_frame_get_buffer(frame, 0));
    BytePointer data = frame.data(0);
    for (int y = 0; y < height; y++) {
      data.position((long) y * frame.linesize(0)).put(image.pixels(), 3 * width * y, 3 * width);
    }
    try {
      check(av_buffersrc_add_frame(source, frame));
    } finally {
      av_frame_unref(frame);
    }
  }

  /** Says that no image follows. */
  void end() throws IOException {
    check(av_buffersrc_add_frame(source, null));
  }

  /** Fills {@code filtered} with the next result; false if there is none yet, or no more. */
  boolean pull(AVFrame filtered) throws IOException {
    int result = av_buffersink_get_frame(sink, filtered);
    if (result == AVERROR_EAGAIN() || result == AVERROR_EOF()) {
      return false;
    }
    check(result);
    return true;
  }

  @Override
  public void close() {
    av_frame_free(frame);
    avfilter_graph_free(graph);
  }

  private static void check(int result) throws IOException {
    if (result < 0) {
      throw new IOException("filtering failed; " + FfmpegLog.explain(result));
    }
  }
}
