package org.latte4j.data.shard;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;

/**
 * The videos of a file, kept column by column: about a third of the memory that the objects take,
 * which a data set of millions of videos needs on the driver and on every executor. An element is
 * made when it is asked for.
 *
 * <p>Immutable and thread-safe.
 */
final class VideoTable extends AbstractList<EncodedVideo> implements RandomAccess, Serializable {
  private static final long serialVersionUID = 1L;

  /** Sources and identities in turn. */
  private final byte[] text;

  private final int[] textEnds;
  private final long[] bytes;
  private final int[] labels;
  private final int[] frames;
  private final String[] splits;
  private final int[] splitOf;
  private final int[] rowEnds;
  private final int[] rowStarts;

  /** Frames of each row; negative for mirrored ones. */
  private final int[] rowFrames;

  private VideoTable(List<EncodedVideo> videos) {
    int count = videos.size();
    int rows = videos.stream().mapToInt(video -> video.rows().size()).sum();
    byte[] strings = new byte[64 * count];
    int used = 0;
    List<String> names = new ArrayList<>();
    this.textEnds = new int[2 * count];
    this.bytes = new long[count];
    this.labels = new int[count];
    this.frames = new int[count];
    this.splitOf = new int[count];
    this.rowEnds = new int[count];
    this.rowStarts = new int[rows];
    this.rowFrames = new int[rows];
    int row = 0;
    for (int i = 0; i < count; i++) {
      EncodedVideo video = videos.get(i);
      for (int part = 0; part < 2; part++) {
        byte[] string =
            (part == 0 ? video.source() : video.identity()).getBytes(StandardCharsets.UTF_8);
        if (used + string.length > strings.length) {
          strings = Arrays.copyOf(strings, Math.max(2 * used, used + string.length));
        }
        System.arraycopy(string, 0, strings, used, string.length);
        used += string.length;
        textEnds[2 * i + part] = used;
      }
      bytes[i] = video.bytes();
      labels[i] = video.label();
      frames[i] = video.frames();
      if (!names.contains(video.split())) {
        names.add(video.split());
      }
      splitOf[i] = names.indexOf(video.split());
      for (SegmentRow segment : video.rows()) {
        rowStarts[row] = segment.start();
        rowFrames[row] = segment.flipped() ? -segment.frames() : segment.frames();
        row++;
      }
      rowEnds[i] = row;
    }
    this.text = Arrays.copyOf(strings, used);
    this.splits = names.stream().map(String::intern).toArray(String[]::new);
  }

  /** The same videos as a table. */
  static List<EncodedVideo> of(List<EncodedVideo> videos) {
    return videos instanceof VideoTable ? videos : new VideoTable(videos);
  }

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public EncodedVideo get(int index) {
    Objects.checkIndex(index, size());
    List<SegmentRow> rows = new ArrayList<>();
    for (int row = index == 0 ? 0 : rowEnds[index - 1]; row < rowEnds[index]; row++) {
      rows.add(new SegmentRow(rowStarts[row], Math.abs(rowFrames[row]), rowFrames[row] < 0));
    }
    return new EncodedVideo(
        string(2 * index),
        bytes[index],
        string(2 * index + 1),
        labels[index],
        splits[splitOf[index]],
        frames[index],
        rows);
  }

  /** Rows of all videos. */
  int rows() {
    return rowStarts.length;
  }

  private String string(int index) {
    int from = index == 0 ? 0 : textEnds[index - 1];
    return new String(text, from, textEnds[index] - from, StandardCharsets.UTF_8);
  }
}
