package org.latte4j.spark.validation;

import java.io.Serializable;
import org.latte4j.data.clip.TrainingPlan;
import org.latte4j.model.diffusion.NoiseSchedule;
import org.latte4j.model.random.Permutation;
import org.latte4j.model.random.Purpose;

/**
 * Which clips are validated on, and at which timesteps: the same at every validation of a run, so
 * that its numbers can be compared.
 *
 * <p>Clips go round the held-out videos. A band's timesteps lie evenly spread over it, one a clip,
 * dealt to the clips in a seeded order: an estimate over few clips then still covers the band.
 *
 * @param seed of crops, noise and timesteps
 * @param videos held out, at least 1
 * @param clips at least 1
 * @param bands of timesteps, at least 1
 */
record ValidationPlan(long seed, int videos, int clips, int bands) implements Serializable {
  /**
   * What a clip is drawn from. Its number, the coordinate of all that is drawn for it, is negative:
   * no sample of training has it.
   */
  TrainingPlan.Visit visit(int clip) {
    return new TrainingPlan.Visit(-1L - clip, 0, clip % videos);
  }

  /** Timestep t of a clip in a band. */
  int timestep(int clip, int band) {
    long place = Permutation.of(clips, seed, Purpose.TIMESTEP, -1L - band).at(clip);
    int from = first(band);
    int width = first(band + 1) - from;
    return from + (int) (width * (2 * place + 1) / (2L * clips));
  }

  /** Least timestep of a band. */
  int first(int band) {
    return band * NoiseSchedule.STEPS / bands;
  }

  /** Greatest timestep of a band. */
  int last(int band) {
    return first(band + 1) - 1;
  }
}
