package org.latte4j.model.latte;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.latte4j.model.Golden.CFG1;
import static org.latte4j.model.Golden.assertClose;
import static org.latte4j.model.Golden.floats;
import static org.latte4j.model.Golden.ints;

import java.io.IOException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.latte4j.model.Golden;
import org.latte4j.model.diffusion.LatentShape;
import org.latte4j.model.diffusion.NoiseSchedule;
import org.latte4j.model.diffusion.TrainingLoss;
import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.PortableKernels;
import org.latte4j.model.kernels.Tensor;
import org.latte4j.model.kernels.VectorKernels;
import org.latte4j.model.weights.WeightSource;
import org.nd4j.linalg.api.buffer.DataType;

/** Video and images in one pass against the reference implementation's numbers. */
class JointTrainingGoldenTest {
  private static final int BATCH = 2;
  private static final int IMAGES = 3;

  static Stream<Supplier<Kernels>> kernels() {
    return Stream.of(() -> new PortableKernels(DataType.FLOAT), () -> VectorKernels.withThreads(2));
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void outputsForVideoAndImagesAreTheReferences(Supplier<Kernels> kernels) throws IOException {
    float[] out = output(kernels, floats("img1.fixture", "x"), IMAGES);
    assertClose("out", out, floats("img1.fixture", "out"), 1e-5);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void outputsForVideoAloneAreTheReferences(Supplier<Kernels> kernels) throws IOException {
    float[] x = floats("img1.fixture", "x");
    int frame = CFG1.latent().frameLength();
    int video = CFG1.latent().length();
    float[] videos = new float[BATCH * video];
    for (int clip = 0; clip < BATCH; clip++) {
      System.arraycopy(x, clip * (video + IMAGES * frame), videos, clip * video, video);
    }
    float[] out = output(kernels, videos, 0);
    assertClose("out", out, floats("img1.fixture", "out_video_only"), 1e-5);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void lossTermsAreTheReferences(Supplier<Kernels> kernels) throws IOException {
    LatentShape latent = CFG1.latent();
    LatentShape joint =
        new LatentShape(
            latent.frames() + IMAGES, latent.channels(), latent.height(), latent.width());
    float[] start = floats("img1.fixture", "x");
    float[] noise = floats("img1.fixture", "noise");
    int[] t = ints("img1.fixture", "t");
    float[] noisy = new float[start.length];
    TrainingLoss loss = new TrainingLoss(NoiseSchedule.linear(), joint, BATCH);
    loss.addNoise(start, noise, t, noisy);
    float[] out = output(kernels, noisy, IMAGES);
    loss.evaluate(start, noise, noisy, t, out, 0.5, new float[2 * start.length]);
    float[] mse = floats("img1.fixture", "tl_mse");
    float[] bound = floats("img1.fixture", "tl_vb");
    float[] total = floats("img1.fixture", "tl_loss");
    for (int clip = 0; clip < BATCH; clip++) {
      assertThat(loss.mse(clip)).isCloseTo(mse[clip], within(1e-5 * mse[clip]));
      assertThat(loss.bound(clip)).isCloseTo(bound[clip], within(1e-5 * Math.abs(bound[clip])));
      assertThat(loss.loss(clip)).isCloseTo(total[clip], within(1e-5 * total[clip]));
    }
  }

  private static float[] output(Supplier<Kernels> choice, float[] x, int images)
      throws IOException {
    LattePlan plan = LattePlan.inference(BATCH).withImages(images);
    try (Kernels kernels = choice.get();
        WeightSource weights = Golden.open("img1.model");
        Arena arena = kernels.arena()) {
      Tensor flat = arena.allocate(Math.toIntExact(new ParameterLayout(CFG1).length()));
      LatteWeights.read(weights, CFG1, kernels, flat);
      try (Latte latte = new Latte(kernels, CFG1, plan, flat, flat)) {
        Tensor input = arena.allocate(x.length);
        kernels.upload(x, input);
        float[] out = new float[2 * x.length];
        kernels.download(latte.forward(input, ints("img1.fixture", "t"), new int[0]), out);
        return out;
      }
    }
  }
}
