package org.latte4j.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.data.shard.RejectedVideo;
import org.latte4j.model.settings.Settings;
import org.latte4j.model.settings.SettingsException;

/** The four data sets' own layouts, lists and splits, through the settings that users write. */
class DataSetLayoutsTest {
  private static final Configuration CONFIGURATION = new Configuration();

  @TempDir Path folder;

  @Test
  void faceForensicsFoldersAreItsSplits() throws IOException {
    touch("faces/train/000.avi");
    touch("faces/train/sub/001.mp4");
    touch("faces/test/002.avi");

    SourceListing all = list(Map.of());
    SourceListing train = list(Map.of("source.splits", "train"));

    assertThat(all.videos())
        .extracting(SourceVideo::id, SourceVideo::split)
        .containsExactly(
            tuple("test/002.avi", "test"),
            tuple("train/000.avi", "train"),
            tuple("train/sub/001.mp4", "train"));
    assertThat(train.videos()).hasSize(2).noneMatch(SourceVideo::labelled);
  }

  @Test
  void skyTimelapseFramesAreInTheOrderOfTheirNumbers() throws IOException {
    for (int frame : new int[] {1, 2, 9, 10, 11, 100}) {
      touch("faces/sky_train/aA3/aA3_1/aA3_1_%d.jpg".formatted(frame));
    }
    touch("faces/sky_test/b/b_1/b_1_7.jpg");
    touch("faces/sky_train/aA3/aA3_1/readme.txt");

    SourceListing listing = list(Map.of("source.layout", "frames", "source.splits", "train"));

    assertThat(listing.videos()).extracting(SourceVideo::id).containsExactly("sky_train/aA3/aA3_1");
    SourceVideo video = listing.videos().get(0);
    assertThat(video.form()).isEqualTo(SourceVideo.Form.FRAMES);
    assertThat(video.identity()).startsWith("6x");
    assertThat(video.files(CONFIGURATION))
        .extracting(SourceFile::name)
        .containsExactly(
            "aA3_1_1.jpg",
            "aA3_1_2.jpg",
            "aA3_1_9.jpg",
            "aA3_1_10.jpg",
            "aA3_1_11.jpg",
            "aA3_1_100.jpg");
  }

  @Test
  void taichiMayBeFramesOrVideos() throws IOException {
    touch("faces/train/yoga#001/0000000.png");
    touch("faces/train/yoga#001/0000001.png");
    touch("faces/test/yoga#002.mp4");

    assertThat(list(Map.of("source.layout", "either")).videos())
        .extracting(SourceVideo::id, SourceVideo::split, SourceVideo::form)
        .containsExactly(
            tuple("test/yoga#002.mp4", "test", SourceVideo.Form.FILE),
            tuple("train/yoga#001", "train", SourceVideo.Form.FRAMES));
  }

  @Test
  void ucf101ListsNameSplitsAndTheClassIndexTheLabels() throws IOException {
    touch("faces/HammerThrow/v_HammerThrow_g01_c01.avi");
    touch("faces/Hammering/v_Hammering_g01_c01.avi");
    touch("faces/Hammering/v_Hammering_g09_c01.avi");
    write("lists/classInd.txt", "1 Hammering\n2 HammerThrow\n");
    write(
        "lists/trainlist02.txt",
        "Hammering/v_Hammering_g01_c01.avi 1\nHammerThrow/v_HammerThrow_g02_c01.avi 2\n");
    write("lists/testlist02.txt", "HammerThrow/v_HammerThrow_g01_c01.avi\r\n");

    SourceListing listing =
        list(
            Map.of(
                "source.layout",
                "ucf101",
                "source.lists",
                folder.resolve("lists").toString(),
                "source.fold",
                "2"));

    assertThat(listing.classNames()).containsExactly("Hammering", "HammerThrow");
    assertThat(listing.videos())
        .extracting(SourceVideo::split, SourceVideo::label)
        .containsExactly(tuple("test", 1), tuple("train", 0), tuple("unlisted", 0));
    assertThat(listing.rejected())
        .extracting(RejectedVideo::source, RejectedVideo::reason)
        .containsExactly(
            tuple(
                "HammerThrow/v_HammerThrow_g02_c01.avi",
                "trainlist names it, and there is no such file"));
  }

  @Test
  void ucf101WithoutListsCountsTheSortedFolders() throws IOException {
    touch("faces/HammerThrow/a.avi");
    touch("faces/Hammering/a.avi");

    assertThat(list(Map.of("source.layout", "ucf101")).classNames())
        .containsExactly("HammerThrow", "Hammering");
  }

  @Test
  void csvListGivesLabelsCaptionsAndSplits() throws IOException {
    touch("faces/a.mp4");
    touch("faces/frames/f_1.png");
    write(
        "list.csv",
        "path,label,caption,split\n"
            + "a.mp4,wave,\"a wave, \"\"big\"\"\nand slow\",train\n"
            + "frames,cup,,test\n"
            + "gone.mp4,wave,,train\n");

    SourceListing listing = list(listSettings("list.csv"));

    assertThat(listing.classNames()).containsExactly("cup", "wave");
    SourceVideo wave = listing.videos().get(0);
    assertThat(wave.label()).isEqualTo(1);
    assertThat(wave.caption()).isEqualTo("a wave, \"big\"\nand slow");
    assertThat(wave.split()).isEqualTo("train");
    assertThat(listing.videos().get(1).form()).isEqualTo(SourceVideo.Form.FRAMES);
    assertThat(listing.rejected().get(0).source()).isEqualTo("gone.mp4");
    assertThat(listing.rejected().get(0).reason()).contains("list.csv:5", "no such file");
  }

  @Test
  void jsonLinesListMayNameIndicesAndFullAddresses() throws IOException {
    Path elsewhere = touch("elsewhere/b c.mp4");
    Files.createDirectories(folder.resolve("faces"));
    write(
        "list.jsonl",
        "{\"path\": \"%s\", \"label\": 2}\n\n".formatted(elsewhere.toUri().getPath()));

    SourceListing listing = list(listSettings("list.jsonl"));

    assertThat(listing.classNames()).containsExactly("0", "1", "2");
    assertThat(listing.videos().get(0).label()).isEqualTo(2);
    assertThat(listing.videos().get(0).split()).isEqualTo("train");
    assertThat(listing.videos().get(0).files(CONFIGURATION).get(0).location()).contains("b c.mp4");
  }

  @Test
  void misspeltColumnIsRefused() throws IOException {
    touch("faces/a.mp4");
    write("list.csv", "path,lable\na.mp4,1\n");

    assertThatThrownBy(() -> list(listSettings("list.csv")))
        .isInstanceOf(InvalidSourceException.class)
        .hasMessageContainingAll("list.csv:1", "lable");
  }

  @Test
  void listThatLabelsOnlySomeVideosIsRefused() throws IOException {
    touch("faces/a.mp4");
    touch("faces/b.mp4");
    write("list.csv", "path,label\na.mp4,1\nb.mp4,\n");

    assertThatThrownBy(() -> list(listSettings("list.csv")))
        .isInstanceOf(InvalidSourceException.class)
        .hasMessageContainingAll("list.csv:3", "b.mp4");
  }

  @Test
  void listedTwiceIsRefused() throws IOException {
    touch("faces/a.mp4");
    write("list.csv", "path\na.mp4\na.mp4\n");

    assertThatThrownBy(() -> list(listSettings("list.csv")))
        .isInstanceOf(InvalidSourceException.class)
        .hasMessageContainingAll("list.csv:3", "twice");
  }

  @Test
  void hashedSplitKeepsAVideoWhereItIsWhenOthersAreAdded() throws IOException {
    for (int i = 0; i < 200; i++) {
      touch("faces/v%03d.mp4".formatted(i));
    }
    Map<String, String> settings = Map.of("source.test-share", "0.25", "source.split-seed", "7");
    Map<String, String> before = splits(list(settings));
    touch("faces/added.mp4");
    Map<String, String> after = splits(list(settings));

    assertThat(before.values().stream().filter("test"::equals).count()).isBetween(30L, 70L);
    assertThat(after).containsAllEntriesOf(before);
    assertThat(splits(list(Map.of("source.test-share", "0.25")))).isNotEqualTo(after);
  }

  @Test
  void splitsThatLeaveNothingAreNamed() throws IOException {
    touch("faces/train/a.mp4");

    assertThatThrownBy(() -> list(Map.of("source.splits", "tset")))
        .isInstanceOf(InvalidSourceException.class)
        .hasMessageContainingAll("[tset]", "[train]");
  }

  @Test
  void listLayoutWithoutAListIsRefused() {
    assertThatThrownBy(() -> list(Map.of("source.layout", "list")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("source.lists");
  }

  private Map<String, String> listSettings(String name) {
    return Map.of("source.layout", "list", "source.lists", folder.resolve(name).toString());
  }

  private SourceListing list(Map<String, String> changes) throws IOException {
    return SourceSettings.from(Settings.load(List.of(), changes))
        .list(new org.apache.hadoop.fs.Path(folder.resolve("faces").toUri()), CONFIGURATION);
  }

  private static Map<String, String> splits(SourceListing listing) {
    Map<String, String> splits = new HashMap<>();
    listing.videos().forEach(video -> splits.put(video.id(), video.split()));
    return splits;
  }

  private Path touch(String name) throws IOException {
    return write(name, "not looked into");
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }
}
