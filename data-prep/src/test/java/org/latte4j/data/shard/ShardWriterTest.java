package org.latte4j.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.latte4j.data.shard.ExampleShards.HADOOP;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.model.diffusion.LatentShape;

/** Rows that are larger than a page: what videos of the usual sizes have. */
class ShardWriterTest {
  /** 96 bytes each: 1.2 MB a row. */
  private static final int FRAMES = 12_000;

  @TempDir java.nio.file.Path directory;

  @Test
  void largeRowsAreReadAsTheyWereWritten() throws IOException {
    Path folder = new Path(directory.toUri());
    ExampleShards.write(folder, new Segmentation(FRAMES, 7), List.of(false, true), -30, 20_000, 30);
    LatentShards shards = LatentShards.open(folder, HADOOP);
    try (ShardReader reader = shards.reader(0)) {
      for (int row = 0; row < shards.manifest().files().get(0).rows(); row++) {
        LatentSegment read = reader.segment(0, row);
        LatentSegment written =
            ExampleShards.segment(
                read.origin().source(),
                read.origin().label(),
                read.start(),
                read.shape().frames(),
                read.flipped(),
                -30);
        assertThat(read.id()).isEqualTo(written.id());
        assertThat(Arrays.equals(read.moments(), written.moments())).as(read.id()).isTrue();
      }
    }
  }

  /** Otherwise a task holds all latents of a long video, and not one row of them. */
  @Test
  void largeRowsAreNotHeldOnceTheyAreWritten() throws IOException {
    Path folder = new Path(directory.toUri());
    List<WeakReference<byte[]>> written = new ArrayList<>();
    try (ShardWriter writer =
        ShardWriter.create(folder, ShardWriter.fileName(0, 0, 1), 0, HADOOP)) {
      for (int row = 0; row < 4; row++) {
        written.add(write(row, writer));
      }
      System.gc();
      assertThat(written).allMatch(reference -> reference.get() == null);
      writer.commit();
    }
  }

  /** A method of its own, so that no variable refers to the row any more. */
  private static WeakReference<byte[]> write(int row, ShardWriter writer) throws IOException {
    LatentShape shape = new LatentShape(FRAMES, 2, 3, 4);
    VideoOrigin origin = new VideoOrigin("video", 0, "class", "train", "", 25);
    byte[] moments = new byte[LatentSegment.momentsLength(shape)];
    Arrays.fill(moments, (byte) row);
    writer.write(new LatentSegment(origin, row * FRAMES, false, shape, 1, moments));
    return new WeakReference<>(moments);
  }
}
