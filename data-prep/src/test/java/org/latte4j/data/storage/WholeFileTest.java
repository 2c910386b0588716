package org.latte4j.data.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the local file system; an object store is tested where one runs, in spark-jobs. */
class WholeFileTest {
  @TempDir java.nio.file.Path folder;

  private FileSystem fileSystem;
  private Path target;
  private Path temporary;

  @BeforeEach
  void open() throws IOException {
    fileSystem = FileSystem.getLocal(new Configuration());
    target = new Path(folder.resolve("file").toUri());
    temporary = new Path(folder.resolve(".writing").toUri());
  }

  @Test
  void aFileAppearsWithItsCommit() throws IOException {
    try (WholeFile file = WholeFile.create(fileSystem, target, temporary)) {
      file.stream().write(new byte[] {1, 2, 3});
      assertThat(folder.resolve("file")).doesNotExist();
      file.commit();
    }
    assertThat(folder.resolve("file")).hasBinaryContent(new byte[] {1, 2, 3});
    assertThat(visible()).containsExactly("file");
  }

  @Test
  void aCommitReplacesAnEarlierFile() throws IOException {
    WholeFile.write(fileSystem, target, temporary, out -> out.write(1));
    WholeFile.write(fileSystem, target, temporary, out -> out.write(2));
    assertThat(folder.resolve("file")).hasBinaryContent(new byte[] {2});
  }

  @Test
  void aWriterThatFailsLeavesTheEarlierFileAndNothingElse() throws IOException {
    WholeFile.write(fileSystem, target, temporary, out -> out.write(1));
    assertThatThrownBy(
            () ->
                WholeFile.write(
                    fileSystem,
                    target,
                    temporary,
                    out -> {
                      out.write(2);
                      throw new IOException("no more");
                    }))
        .hasMessage("no more");
    assertThat(folder.resolve("file")).hasBinaryContent(new byte[] {1});
    assertThat(visible()).containsExactly("file");
  }

  @Test
  void closingTheStreamIsNoCommit() throws IOException {
    try (WholeFile file = WholeFile.create(fileSystem, target, temporary)) {
      file.stream().close();
    }
    assertThat(visible()).isEmpty();
  }

  @Test
  void aNewFileIsRefusedWhereThereIsOne() throws IOException {
    WholeFile.writeNew(fileSystem, target, temporary, out -> out.write(1));
    assertThatThrownBy(() -> WholeFile.writeNew(fileSystem, target, temporary, out -> out.write(2)))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessageContaining("file is there already");
    assertThat(folder.resolve("file")).hasBinaryContent(new byte[] {1});
    assertThat(visible()).containsExactly("file");
  }

  @Test
  void aNewFileGivesWayToOneThatCameMeanwhile() throws IOException {
    try (WholeFile late = WholeFile.createNew(fileSystem, target, temporary)) {
      late.stream().write(2);
      WholeFile.writeNew(fileSystem, target, temporary.suffix("-2"), out -> out.write(1));
      assertThatThrownBy(late::commit).isInstanceOf(FileAlreadyExistsException.class);
    }
    assertThat(folder.resolve("file")).hasBinaryContent(new byte[] {1});
    assertThat(visible()).containsExactly("file");
  }

  private List<String> visible() {
    return Arrays.stream(folder.toFile().list()).filter(name -> !name.endsWith(".crc")).toList();
  }
}
