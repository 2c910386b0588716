package org.latte4j.spark.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.data.clip.ClipCatalog;
import org.latte4j.data.clip.ClipReader;
import org.latte4j.data.clip.ClipWindow;
import org.latte4j.data.clip.TrainingPlan;
import org.latte4j.data.shard.LatentShards;
import org.latte4j.data.shard.Manifest;
import org.latte4j.data.shard.RejectedVideo;
import org.latte4j.data.shard.TextEncoding;
import org.latte4j.data.source.InvalidSourceException;
import org.latte4j.model.settings.Settings;
import org.latte4j.model.weights.ElementType;
import org.latte4j.model.weights.SafetensorsLayout;
import org.latte4j.model.weights.SafetensorsWriter;
import org.latte4j.spark.LocalSpark;

/** Precomputed text embeddings, joined to videos while they are encoded. */
class TextEmbeddingsTest {
  private static final Path EXCERPTS =
      Path.of("../conf/demo/excerpts").toAbsolutePath().normalize();
  private static final String CUP = "Cup/v_Cup_g01_c01.mp4";
  private static final String OCEAN = "Ocean/v_Ocean_g01_c01.mp4";
  private static final int TOKENS = 3;
  private static final int WIDTH = 4;

  private static JavaSparkContext spark;

  @TempDir Path directory;

  @BeforeAll
  static void startSpark() {
    spark = LocalSpark.start("local[2]");
  }

  @AfterAll
  static void stopSpark() {
    spark.close();
  }

  @BeforeEach
  void copyVideos() throws IOException {
    for (String video : List.of(CUP, OCEAN)) {
      Path target = directory.resolve("videos").resolve(video);
      Files.createDirectories(target.getParent());
      Files.copy(EXCERPTS.resolve(video), target);
    }
  }

  @Test
  void listedArraysBecomeAColumnThatTrainingReads() throws IOException {
    save("all.safetensors", ElementType.F16, Map.of("cup", 1f, "ocean", -2.5f), TOKENS, WIDTH);
    Path list =
        Files.writeString(
            directory.resolve("texts.csv"),
            "path,file,key\n%s,all.safetensors,cup\n%s,all.safetensors,ocean\n"
                .formatted(CUP, OCEAN));
    Manifest manifest = encode(list, Map.of("encode.mirroring", "both"));
    assertThat(manifest.text())
        .isEqualTo(new TextEncoding(TOKENS, WIDTH, TextEncoding.Precision.HALF));

    Row row =
        SparkSession.builder()
            .sparkContext(spark.sc())
            .getOrCreate()
            .read()
            .parquet(output())
            .where("class_name = 'Ocean' and flipped")
            .first();
    assertThat(row.<Integer>getAs("text_tokens")).isEqualTo(TOKENS);
    assertThat(row.<Integer>getAs("text_width")).isEqualTo(WIDTH);
    assertThat(row.<byte[]>getAs("text_embedding")).hasSize(2 * TOKENS * WIDTH);
    assertThat(texts(manifest)).isEqualTo(Map.of(CUP, 1f, OCEAN, -2.5f));

    new CompactJob(spark, output(), 1 << 28).execute();
    Manifest compacted = LatentShards.open(hadoop(output()), new Configuration()).manifest();
    assertThat(compacted.files()).hasSize(1);
    assertThat(texts(compacted)).isEqualTo(Map.of(CUP, 1f, OCEAN, -2.5f));
  }

  @Test
  void folderHoldsAFileForEachVideoAndVideosWithoutOneAreRejected() throws IOException {
    save("texts/Cup/v_Cup_g01_c01.safetensors", ElementType.F32, Map.of("any", 0.1f), 1, WIDTH);
    Manifest manifest =
        encode(directory.resolve("texts"), Map.of("encode.max-rejected-share", "0.5"));
    assertThat(manifest.text())
        .isEqualTo(new TextEncoding(1, WIDTH, TextEncoding.Precision.SINGLE));
    assertThat(texts(manifest)).isEqualTo(Map.of(CUP, 0.1f));
    assertThat(manifest.rejected())
        .extracting(RejectedVideo::source, RejectedVideo::reason)
        .containsExactly(
            org.assertj.core.api.Assertions.tuple(OCEAN, "has no text embedding in texts"));
  }

  @Test
  void embeddingOfAnotherSizeIsRejected() throws IOException {
    save("texts/" + CUP + ".safetensors", ElementType.F16, Map.of("a", 1f), TOKENS, WIDTH);
    save("texts/" + OCEAN + ".safetensors", ElementType.F16, Map.of("a", 1f), TOKENS, 8);
    Manifest manifest =
        encode(directory.resolve("texts"), Map.of("encode.max-rejected-share", "0.5"));
    assertThat(manifest.rejected())
        .singleElement()
        .extracting(RejectedVideo::reason)
        .asString()
        .isEqualTo("its text embedding is 3 x 8 half, and the data set's are 3 x 4 half");
  }

  @Test
  void finishedDataSetIsNotGoneOnWithWithoutThem() throws IOException {
    save("texts/" + CUP + ".safetensors", ElementType.F16, Map.of("a", 1f), TOKENS, WIDTH);
    save("texts/" + OCEAN + ".safetensors", ElementType.F16, Map.of("a", 2f), TOKENS, WIDTH);
    Path texts = directory.resolve("texts");
    Manifest once = encode(texts, Map.of());
    assertThat(encode(texts, Map.of()).fingerprint()).isEqualTo(once.fingerprint());
    assertThatThrownBy(() -> encode(Path.of(""), Map.of()))
        .isInstanceOf(OutputConflictException.class)
        .hasMessageContaining("made with text embeddings (3 x 4 half)");
  }

  @Test
  void listOfOtherVideosIsRefused() throws IOException {
    save("texts/other.safetensors", ElementType.F16, Map.of("a", 1f), TOKENS, WIDTH);
    assertThatThrownBy(() -> encode(directory.resolve("texts"), Map.of()))
        .isInstanceOf(InvalidSourceException.class)
        .hasMessageContainingAll("source.text-embeddings", "none of the 2 videos", CUP);
  }

  private Manifest encode(Path texts, Map<String, String> changes) throws IOException {
    Map<String, String> overrides =
        new HashMap<>(
            Map.of(
                "source.layout", "ucf101",
                "encode.image-size", "32",
                "encode.autoencoder", "dct-4-3-1",
                "encode.shard-videos", "1",
                "source.text-embeddings", texts.toString()));
    overrides.putAll(changes);
    return new EncodeJob(
            spark,
            directory.resolve("videos").toString(),
            output(),
            EncodeSettings.from(Settings.load(List.of(), overrides)),
            EncodeProgress.NONE)
        .execute()
        .manifest();
  }

  /** The first value of each video's embedding, as training reads it; the others are checked. */
  private Map<String, Float> texts(Manifest manifest) throws IOException {
    LatentShards shards = LatentShards.of(hadoop(output()), new Configuration(), manifest);
    ClipCatalog catalog = ClipCatalog.of(manifest, new ClipWindow(4, 1));
    Map<String, Float> texts = new HashMap<>();
    try (ClipReader reader = new ClipReader(shards, catalog, 0, 1 << 20)) {
      int length = reader.text().length();
      for (int video = 0; video < catalog.size(); video++) {
        float[] into = new float[1 + length];
        reader.readText(new TrainingPlan.Visit(video, 0, video), into, 1);
        for (int i = 2; i <= length; i++) {
          assertThat(into[i]).isEqualTo(into[1] + (i - 1));
        }
        texts.put(catalog.video(video).source(), into[1]);
      }
    }
    return texts;
  }

  /** Writes arrays whose values count up from the given one. */
  private void save(String name, ElementType type, Map<String, Float> arrays, int tokens, int width)
      throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    SafetensorsLayout.Builder layout = SafetensorsLayout.builder();
    arrays.keySet().stream().sorted().forEach(key -> layout.array(key, type, tokens, width));
    SafetensorsWriter.save(
        file,
        layout.build(),
        writer -> {
          for (String key : arrays.keySet().stream().sorted().toList()) {
            float[] values = new float[tokens * width];
            for (int i = 0; i < values.length; i++) {
              values[i] = arrays.get(key) + i;
            }
            writer.write(key, values);
          }
        });
  }

  private String output() {
    return directory.resolve("shards").toString();
  }

  private static org.apache.hadoop.fs.Path hadoop(String path) {
    return new org.apache.hadoop.fs.Path(path);
  }
}
