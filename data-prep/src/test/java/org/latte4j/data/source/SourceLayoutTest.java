package org.latte4j.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.data.video.TestVideos;
import org.latte4j.data.video.VideoDecoder;

class SourceLayoutTest {
  private static final Configuration CONFIGURATION = new Configuration();

  @TempDir Path folder;

  @Test
  void ucf101LabelsAreThePlacesOfTheSortedClassFolders() throws Exception {
    SourceListing listing = list("ucf101", TestVideos.EXCERPTS.toAbsolutePath().normalize());

    assertThat(listing.classNames()).containsExactly("Cockatoo", "Cup", "Face", "Ocean");
    assertThat(listing.videos()).hasSize(8);
    SourceVideo cup = listing.videos().get(3);
    assertThat(cup.id()).isEqualTo("Cup/v_Cup_g02_c01.mp4");
    assertThat(cup.label()).isEqualTo(1);
    assertThat(cup.className()).isEqualTo("Cup");
    assertThat(cup.split()).isEmpty();
    assertThat(cup.bytes())
        .isEqualTo(Files.size(TestVideos.EXCERPTS.resolve("Cup/v_Cup_g02_c01.mp4")));
    assertThat(cup.identity()).startsWith(cup.bytes() + "-");
  }

  @Test
  void folderListsVideosAtAnyDepthSortedAndUnlabelled() throws Exception {
    touch("b.AVI");
    touch("a/z.mp4");
    touch("a/b/c.webm");
    touch("notes.txt");
    touch(".hidden/d.mp4");
    touch("_temporary/e.mp4");

    SourceListing listing = list("folder", folder);

    assertThat(listing.videos())
        .extracting(SourceVideo::id)
        .containsExactly("a/b/c.webm", "a/z.mp4", "b.AVI");
    assertThat(listing.videos()).noneMatch(SourceVideo::labelled);
    assertThat(listing.classNames()).isEmpty();
  }

  @Test
  void classFolderWithoutVideosKeepsItsLabel() throws Exception {
    Files.createDirectories(folder.resolve("Archery"));
    touch("Bowling/v_Bowling_g01_c01.avi");

    SourceListing listing = list("ucf101", folder);

    assertThat(listing.classNames()).containsExactly("Archery", "Bowling");
    assertThat(listing.videos().get(0).label()).isEqualTo(1);
  }

  @Test
  void namesWithSpacesAndSignsAreKept() throws Exception {
    touch("My clips/50% #1 ä.mp4");

    assertThat(list("folder", folder).videos().get(0).id()).isEqualTo("My clips/50% #1 ä.mp4");
  }

  @Test
  void missingFolderIsNamed() {
    assertThatThrownBy(() -> list("folder", folder.resolve("gone")))
        .isInstanceOf(InvalidSourceException.class)
        .hasMessageContainingAll("gone", "no such folder");
  }

  @Test
  void fileInsteadOfAFolderIsNamed() throws Exception {
    assertThatThrownBy(() -> list("folder", touch("a.mp4")))
        .isInstanceOf(InvalidSourceException.class)
        .hasMessageContainingAll("a.mp4", "is a file");
  }

  @Test
  void emptyFolderIsNamed() {
    assertThatThrownBy(() -> list("ucf101", folder))
        .isInstanceOf(InvalidSourceException.class)
        .hasMessageContainingAll(folder.getFileName().toString(), "empty");
  }

  @Test
  void folderWithoutVideosSaysWhatVideosEndIn() throws Exception {
    touch("notes.txt");
    touch("avi");

    assertThatThrownBy(() -> list("folder", folder))
        .isInstanceOf(InvalidSourceException.class)
        .hasMessageContainingAll("no videos", "2 other files", "avi, ");
  }

  @Test
  void ucf101RefusesVideosOutsideClassFolders() throws Exception {
    touch("Archery/a.avi");
    touch("stray.avi");

    assertThatThrownBy(() -> list("ucf101", folder))
        .isInstanceOf(InvalidSourceException.class)
        .hasMessageContainingAll("stray.avi", "Class/video.avi", "source.layout = folder");
  }

  @Test
  void listedVideoDecodesThroughItsFileSystem() throws Exception {
    SourceVideo cup =
        list("ucf101", TestVideos.EXCERPTS.toAbsolutePath().normalize()).videos().get(3);

    try (VideoDecoder decoder = VideoDecoder.open(cup.open(CONFIGURATION))) {
      while (decoder.next().isPresent()) {
        assertThat(decoder.decoded()).isLessThanOrEqualTo(82);
      }
      assertThat(decoder.decoded()).isEqualTo(82);
    }
  }

  @Test
  void listedVideoSurvivesSerialisation() throws Exception {
    SourceVideo video = list("folder", touch("a.mp4").getParent()).videos().get(0);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream stream = new ObjectOutputStream(bytes)) {
      stream.writeObject(video);
    }

    try (ObjectInputStream stream =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(stream.readObject()).isEqualTo(video);
    }
  }

  private static SourceListing list(String layout, Path root) throws IOException {
    SourceLayout named =
        layout.equals("ucf101")
            ? new Ucf101Layout()
            : new FolderLayout(FolderLayout.Content.VIDEOS);
    return named.list(new org.apache.hadoop.fs.Path(root.toUri()), CONFIGURATION);
  }

  private Path touch(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, "not looked into");
  }
}
