package org.latte4j.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.latte4j.data.shard.ExampleShards.HADOOP;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestFileTest {
  private static final String FINGERPRINT =
      "f29666a984720868b3c7bfa67923c67b9be47ed3d6618c08087b15dab30b6241";

  @TempDir java.nio.file.Path directory;
  private Path folder;

  @BeforeEach
  void nameTheFolder() {
    folder = new Path(directory.toUri());
  }

  @Test
  void whatIsWrittenIsReadAgain() throws IOException {
    Manifest written = write();
    assertThat(ManifestFile.read(folder, HADOOP)).isEqualTo(written);
    assertThat(ManifestFile.read(folder, HADOOP).fingerprint()).isEqualTo(written.fingerprint());
  }

  @Test
  void jsonIsThatOfAnIndentedTree() throws IOException {
    write();
    String text = Files.readString(json());
    ObjectMapper mapper = new ObjectMapper();
    assertThat(text)
        .isEqualTo(
            mapper.writerWithDefaultPrettyPrinter().writeValueAsString(mapper.readTree(text))
                + "\n");
  }

  /** Runs go on only on shards whose fingerprint is the one that they began with. */
  @Test
  void fingerprintIsThatOfEarlierVersions() throws IOException {
    Manifest manifest = write();
    List<ShardFile> files =
        List.of(new ShardFile("part", 1, "00", manifest.files().get(0).videos()));
    assertThat(manifest.withFiles(files).fingerprint()).isEqualTo(FINGERPRINT);
  }

  @Test
  void totalsAreWrittenForPeople() throws IOException {
    write();
    assertThat(Files.readString(json()))
        .contains("\"format\" : \"latte4j-latents\"", "\"version\" : 1", "\"videos\" : 3")
        .contains("\"frames\" : 52", "\"rows\" : 4", "\"rejected\" : 1");
  }

  @Test
  void aFolderWithoutManifestIsUnfinished() {
    assertThatThrownBy(() -> ManifestFile.read(folder, HADOOP))
        .isInstanceOf(ShardFormatException.class)
        .hasMessageContaining(folder.toString())
        .hasMessageContaining("holds no _manifest.json");
  }

  @Test
  void aNewerVersionIsRefused() throws IOException {
    write();
    edit("\"version\" : 1", "\"version\" : 2");
    assertThatThrownBy(() -> ManifestFile.read(folder, HADOOP))
        .isInstanceOf(ShardFormatException.class)
        .hasMessageContaining("manifest.json has version 2, and this program reads 1 to 1");
  }

  @Test
  void anotherProgramsManifestIsRefused() throws IOException {
    Files.writeString(json(), "{\"name\": \"something\"}");
    assertThatThrownBy(() -> ManifestFile.read(folder, HADOOP))
        .isInstanceOf(ShardFormatException.class)
        .hasMessageContaining("is not a manifest of latent shards");
  }

  @Test
  void aTruncatedManifestIsDamaged() throws IOException {
    write();
    String text = Files.readString(json());
    replace(text.substring(0, text.length() / 2));
    assertThatThrownBy(() -> ManifestFile.read(folder, HADOOP))
        .isInstanceOf(ShardFormatException.class)
        .hasMessageContaining("manifest.json is damaged");
  }

  @Test
  void aMissingEntryIsNamed() throws IOException {
    write();
    edit("\"segmentation\"", "\"cutting\"");
    assertThatThrownBy(() -> ManifestFile.read(folder, HADOOP))
        .isInstanceOf(ShardFormatException.class)
        .hasMessageContaining("segmentation");
  }

  @Test
  void entriesAddedByLaterVersionsAreLeftAlone() throws IOException {
    Manifest written = write();
    edit("\"encoding\" : {", "\"encoding\" : { \"colours\" : 3,");
    assertThat(ManifestFile.read(folder, HADOOP)).isEqualTo(written);
  }

  private Manifest write() throws IOException {
    return ExampleShards.write(folder, new Segmentation(20, 7), List.of(false), -30, 8, 30, 14);
  }

  private void edit(String from, String to) throws IOException {
    String text = Files.readString(json());
    assertThat(text).contains(from);
    replace(text.replace(from, to));
  }

  private void replace(String text) throws IOException {
    Files.deleteIfExists(directory.resolve("._manifest.json.crc"));
    Files.writeString(json(), text);
  }

  private java.nio.file.Path json() {
    return directory.resolve("_manifest.json");
  }
}
