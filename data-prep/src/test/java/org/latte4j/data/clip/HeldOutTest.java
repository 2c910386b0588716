package org.latte4j.data.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.latte4j.data.shard.EncodedVideo;

class HeldOutTest {
  private static final int VIDEOS = 10_000;

  @Test
  void shareOfTheVideosIsHeldOut() {
    HeldOut tenth = new HeldOut("", 0.1, 7);
    assertThat(held(tenth)).isBetween(VIDEOS / 10 - 150L, VIDEOS / 10 + 150L);
  }

  @Test
  void choiceFollowsFromNameAndSeedAlone() {
    EncodedVideo video = video("a/1.avi", "train");
    assertThat(new HeldOut("", 0.5, 7).holds(video))
        .isEqualTo(new HeldOut("", 0.5, 7).holds(video));
    assertThat(IntStream.range(0, 64).filter(seed -> new HeldOut("", 0.5, seed).holds(video)))
        .hasSizeBetween(16, 48);
  }

  @Test
  void largerShareHoldsOutTheSmallerOnesVideosAndMore() {
    HeldOut small = new HeldOut("", 0.1, 7);
    HeldOut large = new HeldOut("", 0.3, 7);
    assertThat(videos().stream().filter(small::holds)).allMatch(large::holds);
  }

  @Test
  void namedSplitIsHeldOutWhateverTheShare() {
    HeldOut test = new HeldOut("test", 0, 7);
    assertThat(test.holds(video("a/1.avi", "test"))).isTrue();
    assertThat(test.holds(video("a/1.avi", "train"))).isFalse();
  }

  @Test
  void noneHoldsOutNothing() {
    assertThat(HeldOut.NONE.isNone()).isTrue();
    assertThat(held(HeldOut.NONE)).isZero();
  }

  @Test
  void shareOutsideOfZeroToOneIsRefused() {
    assertThatThrownBy(() -> new HeldOut("", 1.5, 0)).hasMessageContaining("1.5");
  }

  private static long held(HeldOut heldOut) {
    return videos().stream().filter(heldOut::holds).count();
  }

  private static List<EncodedVideo> videos() {
    return IntStream.range(0, VIDEOS).mapToObj(i -> video("class/" + i + ".avi", "train")).toList();
  }

  private static EncodedVideo video(String source, String split) {
    return new EncodedVideo(source, 1, "", 0, split, 16, List.of());
  }
}
