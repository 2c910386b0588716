package org.latte4j.spark.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.spark.report.LossCurve.Point;

class LossCurveTest {
  @TempDir Path folder;

  @Test
  void curveFallsFromTheUpperLeftToTheLowerRight() {
    BufferedImage plot = new LossCurve("falling", falling()).draw();

    assertThat(firstBlue(plot, 90)).isLessThan(150);
    assertThat(firstBlue(plot, 930)).isGreaterThan(350);
  }

  @Test
  void plotIsWrittenAsPng() throws Exception {
    Path file = folder.resolve("loss.png");

    new LossCurve("falling", falling()).write(file);

    assertThat(ImageIO.read(file.toFile()).getWidth()).isEqualTo(960);
  }

  @Test
  void singlePointIsACurve() {
    assertThat(new LossCurve("one", List.of(new Point(1, 0.5))).draw()).isNotNull();
  }

  @Test
  void runningMeanOfEqualLossesIsThatLoss() {
    List<Point> equal = LongStream.range(0, 300).mapToObj(i -> new Point(i, 0.25)).toList();

    assertThat(new LossCurve("equal", equal).smoothed())
        .allSatisfy(point -> assertThat(point.loss()).isCloseTo(0.25, within(1e-12)));
  }

  @Test
  void lossThatIsNotFiniteIsRefusedWithItsStep() {
    assertThatThrownBy(() -> new LossCurve("bad", List.of(new Point(7, Double.NaN))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("step 7", "NaN");
  }

  @Test
  void stepsThatDoNotAscendAreRefused() {
    assertThatThrownBy(() -> new LossCurve("bad", List.of(new Point(7, 1), new Point(7, 1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ascend");
  }

  @Test
  void logarithmicAxisMarksOneTwoFive() {
    assertThat(Axis.logarithmic(0.034, 0.7, 0, 1).ticks())
        .containsExactly(0.02, 0.05, 0.1, 0.2, 0.5, 1.0);
  }

  @Test
  void linearAxisMarksRoundSteps() {
    assertThat(Axis.linear(1, 1500, 0, 1).ticks())
        .containsExactly(200.0, 400.0, 600.0, 800.0, 1000.0, 1200.0, 1400.0);
  }

  @Test
  void axisPutsItsEndsOnItsPixels() {
    Axis axis = Axis.logarithmic(0.01, 1, 500, 40);

    assertThat(axis.position(0.01)).isCloseTo(500, within(1e-9));
    assertThat(axis.position(0.1)).isCloseTo(270, within(1e-9));
    assertThat(axis.position(1)).isCloseTo(40, within(1e-9));
  }

  private static List<Point> falling() {
    return LongStream.rangeClosed(1, 1500)
        .mapToObj(i -> new Point(i, 0.03 + Math.exp(-i / 120.0) * (1 + 0.2 * Math.sin(i))))
        .toList();
  }

  /** The row of the topmost pixel of the strong line in a column. */
  private static int firstBlue(BufferedImage plot, int column) {
    for (int y = 0; y < plot.getHeight(); y++) {
      int rgb = plot.getRGB(column, y) & 0xffffff;
      if ((rgb & 255) - (rgb >> 16) > 100) {
        return y;
      }
    }
    return -1;
  }
}
