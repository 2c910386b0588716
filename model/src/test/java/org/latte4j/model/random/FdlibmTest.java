package org.latte4j.model.random;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FdlibmTest {
  private static final int SAMPLES = 1_000_000;

  @Test
  void logarithmHasTheBitsOfStrictMath() {
    RandomStream random = RandomStream.of(1, Purpose.BENCHMARK);
    for (int i = 0; i < SAMPLES; i++) {
      double uniform = 1 - random.uniform();
      checkLog(uniform);
      checkLog(1 - uniform * 0x1p-19); // near 1
      checkLog(uniform * 0x1p-40 + 0x1p-53); // near 0
    }
    checkLog(1);
    checkLog(0x1p-53);
    checkLog(0.5);
  }

  @Test
  void sineAndCosineHaveTheBitsOfStrictMath() {
    RandomStream random = RandomStream.of(2, Purpose.BENCHMARK);
    Fdlibm fdlibm = new Fdlibm();
    for (int i = 0; i < SAMPLES; i++) {
      double uniform = random.uniform();
      checkAngle(fdlibm, 2 * StrictMath.PI * uniform);
      double near = (1 + i % 4) * StrictMath.PI / 2; // where digits cancel
      checkAngle(fdlibm, near + (uniform - 0.5) * StrictMath.pow(2, -(i % 50)));
      checkAngle(fdlibm, uniform * StrictMath.pow(2, -(i % 60)));
    }
    for (int eighth = 0; eighth <= 9; eighth++) {
      for (double angle = eighth * StrictMath.PI / 4, end = Math.nextUp(Math.nextUp(angle));
          angle <= end;
          angle = Math.nextUp(angle)) {
        checkAngle(fdlibm, angle);
        checkAngle(fdlibm, Math.max(0, Math.nextDown(angle)));
      }
    }
  }

  private static void checkLog(double x) {
    if (Double.doubleToRawLongBits(Fdlibm.log(x))
        != Double.doubleToRawLongBits(StrictMath.log(x))) {
      assertThat(Fdlibm.log(x)).as("log(%s)", Double.toHexString(x)).isEqualTo(StrictMath.log(x));
    }
  }

  private static void checkAngle(Fdlibm fdlibm, double angle) {
    fdlibm.angle(angle);
    double sine = StrictMath.sin(angle);
    double cosine = StrictMath.cos(angle);
    if (fdlibm.sine() != sine || fdlibm.cosine() != cosine) {
      String hex = Double.toHexString(angle);
      assertThat(fdlibm.sine()).as("sin(%s)", hex).isEqualTo(sine);
      assertThat(fdlibm.cosine()).as("cos(%s)", hex).isEqualTo(cosine);
    }
  }
}
