package org.latte4j.data.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.latte4j.data.shard.ExampleShards.HADOOP;
import static org.latte4j.data.shard.ExampleShards.SCALE;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.data.shard.ExampleShards;
import org.latte4j.data.shard.LatentShards;
import org.latte4j.data.shard.Manifest;
import org.latte4j.data.shard.RejectedVideo;
import org.latte4j.data.shard.Segmentation;
import org.latte4j.data.shard.ShardFormatException;

class ClipReaderTest {
  private static final ClipWindow WINDOW = new ClipWindow(4, 2);
  private static final long CACHE_BYTES = 1 << 20;
  private static final int VISITS = 400;

  @TempDir java.nio.file.Path directory;
  private Path folder;

  @BeforeEach
  void nameTheFolder() {
    folder = new Path(directory.toUri());
  }

  @Test
  void everyClipHoldsTheFramesOfItsWindowEvenAcrossCuts() throws IOException {
    LatentShards shards = write(List.of(false), -30);
    ClipCatalog catalog = ClipCatalog.of(shards.manifest(), WINDOW);
    Set<Integer> starts = new HashSet<>();
    try (ClipReader reader = new ClipReader(shards, catalog, 5, CACHE_BYTES)) {
      for (int sample = 0; sample < VISITS; sample++) {
        float[] clip = new float[reader.shape().length()];
        int label = reader.read(new TrainingPlan.Visit(sample, 0, 1), clip, 0);
        int start = Math.round(clip[0] / (float) SCALE) - 32 * label;
        int[] frames = WINDOW.indices(start, 8);
        assertClip(clip, label, frames, false);
        starts.add(start);
      }
    }
    // 30 frames and a span of 8: every start from 0 to 22.
    assertThat(starts).hasSize(23).allMatch(start -> start >= 0 && start <= 22);
  }

  @Test
  void mirroredRowsAreDrawnHalfOfTheTime() throws IOException {
    LatentShards shards = write(List.of(false, true), -30);
    ClipCatalog catalog = ClipCatalog.of(shards.manifest(), WINDOW);
    int mirrored = 0;
    try (ClipReader reader = new ClipReader(shards, catalog, 5, CACHE_BYTES)) {
      float[] clip = new float[reader.shape().length()];
      for (int sample = 0; sample < VISITS; sample++) {
        reader.read(new TrainingPlan.Visit(sample, 0, 1), clip, 0);
        mirrored += clip[0] < 0 ? 1 : 0;
      }
    }
    assertThat(mirrored).isBetween(VISITS * 2 / 5, VISITS * 3 / 5);
  }

  @Test
  void thePosteriorIsDrawnAnewAtEveryVisit() throws IOException {
    float logVariance = (float) Math.log(0.25);
    LatentShards shards = write(List.of(false), logVariance);
    ClipCatalog catalog = ClipCatalog.of(shards.manifest(), new ClipWindow(8, 1));
    double sum = 0;
    double squares = 0;
    int count = 0;
    try (ClipReader reader = new ClipReader(shards, catalog, 5, CACHE_BYTES)) {
      float[] clip = new float[reader.shape().length()];
      for (int sample = 0; sample < VISITS; sample++) {
        // Video 0 has 8 frames: the window cannot move.
        reader.read(new TrainingPlan.Visit(sample, 0, 0), clip, 0);
        for (int i = 0; i < clip.length; i++) {
          int frame = i / reader.shape().frameLength();
          int position = i % reader.shape().frameLength();
          double deviation = clip[i] / SCALE - ExampleShards.mean(0, frame, position, false);
          sum += deviation;
          squares += deviation * deviation;
          count++;
        }
      }
    }
    assertThat(sum / count).isCloseTo(0, within(0.01));
    assertThat(squares / count).isCloseTo(0.25, within(0.01));
  }

  @Test
  void aVisitGivesTheSameClipToEveryReader() throws IOException {
    LatentShards shards = write(List.of(false, true), 0);
    ClipCatalog catalog = ClipCatalog.of(shards.manifest(), WINDOW);
    TrainingPlan.Visit visit = new TrainingPlan.Visit(77, 0, 1);
    float[] first = new float[4 * 2 * 3 * 4];
    float[] second = first.clone();
    float[] otherSeed = first.clone();
    try (ClipReader reader = new ClipReader(shards, catalog, 5, CACHE_BYTES);
        ClipReader again = new ClipReader(shards, catalog, 5, 0);
        ClipReader other = new ClipReader(shards, catalog, 6, 0)) {
      reader.read(visit, first, 0);
      again.read(new TrainingPlan.Visit(78, 0, 0), second, 0);
      again.read(visit, second, 0);
      other.read(visit, otherSeed, 0);
    }
    assertThat(second).isEqualTo(first);
    assertThat(otherSeed).isNotEqualTo(first);
  }

  @Test
  void clipsAreLaidSideBySideInABatch() throws IOException {
    LatentShards shards = write(List.of(false), -30);
    ClipCatalog catalog = ClipCatalog.of(shards.manifest(), WINDOW);
    try (ClipReader reader = new ClipReader(shards, catalog, 5, CACHE_BYTES)) {
      int length = reader.shape().length();
      float[] batch = new float[2 * length];
      float[] alone = new float[length];
      TrainingPlan.Visit visit = new TrainingPlan.Visit(9, 0, 2);
      reader.read(visit, batch, length);
      reader.read(visit, alone, 0);
      assertThat(batch).startsWith(new float[length]).endsWith(alone);
    }
  }

  @Test
  void videosShorterThanAClipAreLeftOutWithTheirReason() throws IOException {
    ExampleShards.write(folder, new Segmentation(30, 14), List.of(false), -30, 8, 30, 14);
    Manifest manifest = LatentShards.open(folder, HADOOP).manifest();
    ClipCatalog catalog = ClipCatalog.of(manifest, new ClipWindow(9, 2));
    assertThat(catalog.size()).isEqualTo(2);
    assertThat(catalog.excluded())
        .containsExactly(new RejectedVideo("video0", 1000, "1000-0", "8 frames, and a clip has 9"));
  }

  @Test
  void aDataSetOfShorterVideosOnlyIsRefused() throws IOException {
    LatentShards shards = write(List.of(false), -30);
    assertThatThrownBy(() -> ClipCatalog.of(shards.manifest(), new ClipWindow(31, 1)))
        .isInstanceOf(ShardFormatException.class)
        .hasMessageContaining("no video of at least 31 frames (3 are shorter)");
  }

  @Test
  void anUnknownSplitIsRefused() throws IOException {
    LatentShards shards = write(List.of(false), -30);
    assertThat(ClipCatalog.of(shards.manifest(), WINDOW, "train").size()).isEqualTo(3);
    assertThatThrownBy(() -> ClipCatalog.of(shards.manifest(), WINDOW, "test"))
        .isInstanceOf(ShardFormatException.class)
        .hasMessageContaining("the split 'test' has no video");
  }

  @Test
  void windowsThatCutsWouldLoseAreRefused() throws IOException {
    LatentShards shards = write(List.of(false), -30);
    assertThatThrownBy(() -> ClipCatalog.of(shards.manifest(), new ClipWindow(3, 3)))
        .isInstanceOf(ShardFormatException.class)
        .hasMessageContaining("span 9 frames, and video1 was cut into rows that overlap by 7")
        .hasMessageContaining("encode.segment-overlap of at least 8");
  }

  /** Videos of 8, 30 and 14 frames, cut at 20 with an overlap of 7. */
  private LatentShards write(List<Boolean> flips, float logVariance) throws IOException {
    ExampleShards.write(folder, new Segmentation(20, 7), flips, logVariance, 8, 30, 14);
    return LatentShards.open(folder, HADOOP);
  }

  private static void assertClip(float[] clip, int label, int[] frames, boolean flipped) {
    int frameLength = clip.length / frames.length;
    for (int i = 0; i < clip.length; i++) {
      float mean = ExampleShards.mean(label, frames[i / frameLength], i % frameLength, flipped);
      assertThat(clip[i]).isCloseTo((float) (mean * SCALE), within(1e-4f));
    }
  }
}
