package org.latte4j.data.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.latte4j.data.shard.ExampleShards.HADOOP;
import static org.latte4j.data.shard.ExampleShards.SCALE;

import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.data.shard.ExampleShards;
import org.latte4j.data.shard.LatentShards;
import org.latte4j.data.shard.Manifest;
import org.latte4j.data.shard.Segmentation;
import org.latte4j.data.shard.ShardFormatException;
import org.latte4j.data.source.FrameList;

class ImageReaderTest {
  private static final int VISITS = 2000;
  private static final int FRAME = ExampleShards.CHANNELS * 3 * 4;

  @TempDir java.nio.file.Path directory;

  @Test
  void everyFrameOfEveryVideoIsEquallyLikelyAndHasItsVideosLabel() throws IOException {
    LatentShards shards = write(List.of(false));
    Map<String, Integer> counts = draw(shards, ImageCatalog.of(shards.manifest(), HeldOut.NONE));
    // 3 + 30 + 14 frames; the first video is too short for a clip.
    assertThat(counts).hasSize(47).allSatisfy((frame, count) -> assertThat(count).isPositive());
    assertThat(counts.keySet()).contains("0 0 plain", "1 29 plain", "2 13 plain");
    int ofTheLongest =
        counts.entrySet().stream()
            .filter(entry -> entry.getKey().startsWith("1 "))
            .mapToInt(Map.Entry::getValue)
            .sum();
    assertThat(ofTheLongest).isBetween(VISITS * 30 / 47 - 100, VISITS * 30 / 47 + 100);
  }

  @Test
  void imagesAreMirroredHalfOfTheTimeEachByItself() throws IOException {
    LatentShards shards = write(List.of(false, true));
    Map<String, Integer> counts = draw(shards, ImageCatalog.of(shards.manifest(), HeldOut.NONE));
    int mirrored =
        counts.entrySet().stream()
            .filter(entry -> entry.getKey().endsWith("mirrored"))
            .mapToInt(Map.Entry::getValue)
            .sum();
    assertThat(mirrored).isBetween(VISITS * 2 / 5, VISITS * 3 / 5);
  }

  @Test
  void listedFramesAloneAreDrawn() throws IOException {
    LatentShards shards = write(List.of(false));
    FrameList list = list("video1/a_8.jpg\nvideo1/a_21.jpg\nvideo2/1.png\nvideo9/1.png\n");
    ImageCatalog images = ImageCatalog.listed(shards.manifest(), HeldOut.NONE, list, 1);
    assertThat(images.size()).isEqualTo(3);
    assertThat(images.unknownVideos()).containsExactly("video9");
    assertThat(draw(shards, images).keySet())
        .containsExactlyInAnyOrder("1 7 plain", "1 20 plain", "2 0 plain");
  }

  @Test
  void videosBetweenListedOnesMayHaveNoFrames() throws IOException {
    LatentShards shards = write(List.of(false));
    FrameList list = list("video0/1.jpg\nvideo2/1.jpg\n");
    ImageCatalog images = ImageCatalog.listed(shards.manifest(), HeldOut.NONE, list, 1);
    assertThat(draw(shards, images).keySet()).containsExactlyInAnyOrder("0 0 plain", "2 0 plain");
  }

  @Test
  void framesThatAVideoDoesNotHaveAreRefused() throws IOException {
    Manifest manifest = write(List.of(false)).manifest();
    FrameList list = list("video2/14.jpg\n");
    assertThat(ImageCatalog.listed(manifest, HeldOut.NONE, list, 1).size()).isEqualTo(1);
    assertThatThrownBy(() -> ImageCatalog.listed(manifest, HeldOut.NONE, list, 0))
        .isInstanceOf(ShardFormatException.class)
        .hasMessageContaining("names the frames 14 to 14 of video2, which has 14, numbered from 0");
  }

  @Test
  void listOfOtherVideosIsRefused() throws IOException {
    Manifest manifest = write(List.of(false)).manifest();
    FrameList list = list("other/1.jpg\n");
    assertThatThrownBy(() -> ImageCatalog.listed(manifest, HeldOut.NONE, list, 0))
        .isInstanceOf(ShardFormatException.class)
        .hasMessageContainingAll("list.txt", "other", "video0");
  }

  @Test
  void heldOutVideosGiveNoImages() throws IOException {
    LatentShards shards = write(List.of(false));
    HeldOut half = new HeldOut("", 0.5, 3);
    long frames = ClipCatalog.heldOut(shards.manifest(), new ClipWindow(1, 1), half).size();
    assertThat(frames).isBetween(1L, 2L);
    ImageCatalog images = ImageCatalog.of(shards.manifest(), half);
    for (long i = 0; i < images.size(); i++) {
      assertThat(half.holds(images.videos().video(images.frame(i).video()))).isFalse();
    }
  }

  /** How often each frame came, as "label frame mirroring", read off the moments. */
  private static Map<String, Integer> draw(LatentShards shards, ImageCatalog images)
      throws IOException {
    Map<String, Integer> counts = new HashMap<>();
    ClipCatalog clips = ClipCatalog.of(shards.manifest(), new ClipWindow(4, 2));
    float[] image = new float[2 * FRAME];
    try (ClipReader reader = new ClipReader(shards, clips, 5, 1 << 20)) {
      ImageReader imageReader = reader.images(images);
      for (int i = 0; i < VISITS; i++) {
        TrainingPlan.Visit visit = new TrainingPlan.Visit(i / 2, 0, 0);
        int label = imageReader.read(visit, i % 2, image, FRAME);
        boolean mirrored = image[2 * FRAME - 1] < 0;
        int frame = Math.round(Math.abs(image[FRAME]) / (float) SCALE) - 32 * label;
        counts.merge(
            "%d %d %s".formatted(label, frame, mirrored ? "mirrored" : "plain"), 1, Integer::sum);
      }
    }
    return counts;
  }

  private FrameList list(String lines) throws IOException {
    java.nio.file.Path file = Files.writeString(directory.resolve("list.txt"), lines);
    return FrameList.read(new Path(file.toUri()), HADOOP);
  }

  /** Videos of 3, 30 and 14 frames, cut at 20 with an overlap of 7. */
  private LatentShards write(List<Boolean> flips) throws IOException {
    Path folder = new Path(directory.resolve("shards").toUri());
    ExampleShards.write(folder, new Segmentation(20, 7), flips, -30, 3, 30, 14);
    return LatentShards.open(folder, HADOOP);
  }
}
