package org.latte4j.data.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class ClipWindowTest {
  @Test
  void indicesAreTheReferencesTruncatedLinspace() {
    // numpy.linspace(5, 52, 16, dtype=int)
    assertThat(new ClipWindow(16, 3).indices(5, 48))
        .containsExactly(5, 8, 11, 14, 17, 20, 23, 26, 30, 33, 36, 39, 42, 45, 48, 52);
  }

  @Test
  void anIntervalOfOneTakesEveryFrame() {
    assertThat(new ClipWindow(4, 1).indices(7, 4)).containsExactly(7, 8, 9, 10);
  }

  @Test
  void aShorterVideoIsSpannedWhole() {
    ClipWindow window = new ClipWindow(4, 3);
    assertThat(window.span(7)).isEqualTo(7);
    assertThat(window.span(100)).isEqualTo(12);
    assertThat(window.indices(0, 7)).containsExactly(0, 2, 4, 6);
  }

  @Test
  void aClipOfOneFrameIsTheFirstOfItsStretch() {
    assertThat(new ClipWindow(1, 3).indices(9, 3)).containsExactly(9);
  }

  @Test
  void noFramesAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new ClipWindow(0, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new ClipWindow(1, 0));
  }
}
