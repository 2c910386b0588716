package org.latte4j.data.source;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.latte4j.data.shard.VideoOrigin;
import org.latte4j.data.video.MediaInput;

/**
 * A video of a data set, on any Hadoop file system: a file, or a folder of frames.
 *
 * @param id path below the data set's root, with '/' between names; unique
 * @param location full address, such as {@code file:/videos/a.avi} or {@code s3a://bucket/a.avi}
 * @param form file or folder of frames
 * @param label index of the class, or {@link VideoOrigin#UNLABELLED}
 * @param className name of the class, empty if unlabelled
 * @param split the part of the data set it belongs to, such as {@code train}; empty until it is
 *     decided
 * @param caption text that describes it, empty for none
 * @param bytes length of the file, or of all frames together
 * @param text where its text embedding lies; {@link TextLocation#NONE} without
 * @param identity what tells a changed video from an unchanged one: {@code size-modification time},
 *     or {@code sha256:} and the digest of its content
 */
public record SourceVideo(
    String id,
    String location,
    Form form,
    int label,
    String className,
    String split,
    String caption,
    long bytes,
    TextLocation text,
    String identity)
    implements Serializable {

  /** How a video is kept. */
  public enum Form {
    /** A file with a container that FFmpeg reads. */
    FILE,
    /** A folder of pictures, in the order of {@link FrameOrder}. */
    FRAMES
  }

  /** A video without class, caption or split. */
  public static SourceVideo unlabelled(
      String id, String location, Form form, long bytes, String identity) {
    return new SourceVideo(
        id, location, form, VideoOrigin.UNLABELLED, "", "", "", bytes, TextLocation.NONE, identity);
  }

  /** Whether it has a class. */
  public boolean labelled() {
    return label != VideoOrigin.UNLABELLED;
  }

  /** The same video with a class. */
  public SourceVideo withClass(int index, String name) {
    return new SourceVideo(id, location, form, index, name, split, caption, bytes, text, identity);
  }

  /** The same video in a part of the data set. */
  public SourceVideo inSplit(String part) {
    return new SourceVideo(
        id, location, form, label, className, part, caption, bytes, text, identity);
  }

  /** The same video with a caption. */
  public SourceVideo withCaption(String words) {
    return new SourceVideo(
        id, location, form, label, className, split, words, bytes, text, identity);
  }

  /** The same video with a text embedding, whose file is part of what tells a changed video. */
  public SourceVideo withText(TextLocation location) {
    return new SourceVideo(
        id,
        this.location,
        form,
        label,
        className,
        split,
        caption,
        bytes,
        location,
        identity + " with text " + location.identity());
  }

  /** The same video, recognised by something else. */
  public SourceVideo identifiedBy(String recognised) {
    return new SourceVideo(
        id, location, form, label, className, split, caption, bytes, text, recognised);
  }

  /**
   * Its files in their order: one, or all frames, which are listed anew.
   *
   * @throws java.io.FileNotFoundException if the folder has gone since it was listed
   */
  public List<SourceFile> files(Configuration configuration) throws IOException {
    if (form == Form.FILE) {
      return List.of(new SourceFile(id, location, bytes));
    }
    Path folder = new Path(location);
    List<SourceFile> frames = new ArrayList<>();
    for (FileStatus file : folder.getFileSystem(configuration).listStatus(folder)) {
      String name = file.getPath().getName();
      if (file.isFile() && FrameOrder.isFrame(name)) {
        frames.add(new SourceFile(name, file.getPath().toString(), file.getLen()));
      }
    }
    frames.sort(Comparator.comparing(SourceFile::name, FrameOrder.BY_NUMBER));
    return frames;
  }

  /**
   * Opens a video file for decoding; the caller (or the decoder it is given to) closes it.
   *
   * @throws IllegalStateException for a folder of frames
   */
  public MediaInput open(Configuration configuration) throws IOException {
    if (form != Form.FILE) {
      throw new IllegalStateException(id + " is a folder of frames: open its files()");
    }
    return new SourceFile(id, location, bytes).open(configuration);
  }
}
