package org.latte4j.data.decoder;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.latte4j.data.transform.FrameTransform;
import org.latte4j.data.video.DecodeLimits;
import org.latte4j.data.video.FrameRange;

/**
 * What a decoder process is asked to do with a video.
 *
 * @param pictures whether the files are the frames of one video; otherwise there is one file
 * @param files names and lengths, in order
 * @param range the frames that are wanted
 * @param transform applied to every frame
 * @param limits of the video
 */
record DecodeRequest(
    boolean pictures,
    List<File> files,
    FrameRange range,
    FrameTransform transform,
    DecodeLimits limits) {

  /** A file by the name that messages call it, and its length in bytes. */
  record File(String name, long bytes) {}

  void write(DataOutput out) throws IOException {
    out.writeBoolean(pictures);
    out.writeInt(files.size());
    for (File file : files) {
      out.writeUTF(file.name());
      out.writeLong(file.bytes());
    }
    out.writeInt(range.firstFrame());
    out.writeInt(range.frames());
    out.writeLong(range.seekTo());
    out.writeLong(range.firstTimestamp());
    out.writeLong(range.lastTimestamp());
    out.writeUTF(transform.name());
    out.writeInt(transform.size());
    out.writeLong(limits.pixels());
    out.writeInt(limits.frames());
    out.writeLong(limits.duration().toMillis());
  }

  static DecodeRequest read(DataInput in) throws IOException {
    boolean pictures = in.readBoolean();
    List<File> files = new ArrayList<>();
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      files.add(new File(in.readUTF(), in.readLong()));
    }
    FrameRange range =
        new FrameRange(in.readInt(), in.readInt(), in.readLong(), in.readLong(), in.readLong());
    FrameTransform transform = FrameTransform.named(in.readUTF(), in.readInt());
    DecodeLimits limits =
        new DecodeLimits(in.readLong(), in.readInt(), Duration.ofMillis(in.readLong()));
    return new DecodeRequest(pictures, files, range, transform, limits);
  }
}
