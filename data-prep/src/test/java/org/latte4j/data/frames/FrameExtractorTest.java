package org.latte4j.data.frames;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.data.decoder.DecoderSettings;
import org.latte4j.data.shard.ShardFormatException;
import org.latte4j.data.source.SourceVideo;
import org.latte4j.data.transform.FrameTransform;
import org.latte4j.data.video.DecodeLimits;
import org.latte4j.data.video.RgbImage;
import org.latte4j.data.video.TestVideos;

class FrameExtractorTest {
  private static final Configuration HADOOP = new Configuration();
  private static final Path CUP = TestVideos.EXCERPTS.resolve("Cup/v_Cup_g01_c01.mp4");
  private static final Path FACE = TestVideos.EXCERPTS.resolve("Face/v_Face_g01_c01.mp4");
  private static final FrameRecipe RECIPE =
      new FrameRecipe(
          FrameTransform.named("resize-crop", 24),
          5,
          DecodeLimits.GENEROUS,
          0,
          DecoderSettings.DEFAULTS);

  @TempDir Path folder;

  @Test
  void everyFifthFrameIsStoredAsTheTransformGivesIt() throws IOException {
    FrameManifest manifest = manifest(extract("part.parquet", CUP, FACE));
    FrameCatalog catalog = FrameCatalog.of(manifest, video -> true);
    int number = 0;
    try (FrameReader reader = reader(manifest)) {
      for (Path file : List.of(CUP, FACE)) {
        List<RgbImage> decoded = TestVideos.images(file);
        for (int i = 0; i < decoded.size(); i += 5) {
          assertThat(catalog.locate(number).source()).isEqualTo(file.getFileName().toString());
          assertThat(reader.frame(catalog.locate(number)).pixels())
              .isEqualTo(RECIPE.transform().apply(decoded.get(i)).pixels());
          number++;
        }
      }
    }
    assertThat(catalog.size()).isEqualTo(number);
    assertThat(manifest.frames()).isEqualTo(number);
  }

  @Test
  void aCatalogNumbersTheChosenVideosAlone() throws IOException {
    FrameManifest manifest = manifest(extract("part.parquet", CUP, FACE));
    FrameCatalog all = FrameCatalog.of(manifest, video -> true);
    FrameCatalog face =
        FrameCatalog.of(manifest, video -> video.source().equals(FACE.getFileName().toString()));
    assertThat(face.videos()).isEqualTo(1);
    assertThat(face.locate(0)).isEqualTo(all.locate(all.size() - face.size()));
    assertThat(face.locate(face.size() - 1)).isEqualTo(all.locate(all.size() - 1));
    assertThatThrownBy(() -> face.locate(face.size()))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void whatIsNoVideoIsListedAndTheOthersAreStored() throws IOException {
    Path text = folder.resolve("text.mp4");
    Files.writeString(text, "no video");
    FrameFile file = extract("part.parquet", text, CUP);
    assertThat(file.videos()).singleElement().extracting("source").isEqualTo("v_Cup_g01_c01.mp4");
    assertThat(file.rejected()).singleElement().extracting("source").isEqualTo("text.mp4");
    assertThat(file.rejected().get(0).reason()).doesNotContain(folder.toString());
  }

  @Test
  void aVideoThatIsCutLeavesNoFramesBehind() throws IOException {
    byte[] whole = Files.readAllBytes(TestVideos.EXCERPTS.resolve("Ocean/v_Ocean_g01_c01.mp4"));
    Path cut = folder.resolve("cut.mp4");
    // Overwritten in its middle: the first frames decode.
    java.util.Arrays.fill(whole, whole.length / 2, whole.length / 2 + whole.length / 8, (byte) 77);
    Files.write(cut, whole);
    FrameFile file = extract("part.parquet", cut, CUP);
    assertThat(file.rejected()).singleElement().extracting("source").isEqualTo("cut.mp4");
    FrameManifest manifest = manifest(file);
    try (FrameReader reader = reader(manifest)) {
      FrameCatalog catalog = FrameCatalog.of(manifest, video -> true);
      assertThat(reader.frame(catalog.locate(0)).pixels())
          .isEqualTo(RECIPE.transform().apply(TestVideos.images(CUP).get(0)).pixels());
    }
  }

  @Test
  void theSameFramesGiveTheSameBytesAndFingerprint() throws IOException {
    FrameFile first = extract("part.parquet", CUP);
    FrameFile second = extract("part.parquet", CUP);
    assertThat(second).isEqualTo(first);
    assertThat(manifest(second).fingerprint()).isEqualTo(manifest(first).fingerprint());
    assertThat(FrameManifest.of(24, Map.of("a", "2"), List.of(first)).fingerprint())
        .isNotEqualTo(manifest(first).fingerprint());
  }

  @Test
  void aManifestIsReadAsItWasWritten() throws IOException {
    FrameManifest manifest = manifest(extract("part.parquet", CUP));
    assertThat(FrameManifest.read(hadoopPath(), HADOOP)).isEmpty();
    manifest.write(hadoopPath(), HADOOP);
    assertThat(FrameManifest.read(hadoopPath(), HADOOP)).contains(manifest);
  }

  @Test
  void aTruncatedFileIsNamed() throws IOException {
    FrameManifest manifest = manifest(extract("part.parquet", CUP));
    Path file = folder.resolve("part.parquet");
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 9));
    Files.deleteIfExists(folder.resolve(".part.parquet.crc"));
    try (FrameReader reader = reader(manifest)) {
      FrameCatalog catalog = FrameCatalog.of(manifest, video -> true);
      assertThatThrownBy(() -> reader.frame(catalog.locate(0)))
          .isInstanceOf(ShardFormatException.class)
          .hasMessageContaining("part.parquet is damaged")
          .hasMessageContaining("%d bytes long".formatted(bytes.length - 9));
    }
  }

  private FrameFile extract(String name, Path... files) throws IOException {
    List<SourceVideo> videos =
        java.util.Arrays.stream(files).map(FrameExtractorTest::video).toList();
    return new FrameExtractor(RECIPE, hadoopPath(), HADOOP).extract(name, videos, 1);
  }

  private static FrameManifest manifest(FrameFile file) {
    return FrameManifest.of(24, Map.of("a", "1"), List.of(file));
  }

  private FrameReader reader(FrameManifest manifest) {
    return new FrameReader(manifest, hadoopPath(), HADOOP, 1 << 20);
  }

  private org.apache.hadoop.fs.Path hadoopPath() {
    return new org.apache.hadoop.fs.Path(folder.toUri());
  }

  private static SourceVideo video(Path file) {
    try {
      return SourceVideo.unlabelled(
          file.getFileName().toString(),
          file.toUri().toString(),
          SourceVideo.Form.FILE,
          Files.size(file),
          "test");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
