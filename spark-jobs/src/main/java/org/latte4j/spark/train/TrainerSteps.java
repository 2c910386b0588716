package org.latte4j.spark.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.latte4j.data.clip.TrainingPlan;
import org.latte4j.model.training.FlatTrainer;
import org.latte4j.spark.averaging.ActivityReport;
import org.latte4j.spark.averaging.LocalResult;
import org.latte4j.spark.averaging.LocalSteps;
import org.latte4j.spark.averaging.StepMetrics;

/**
 * A worker's k optimiser steps of a round, whatever network is trained.
 *
 * @param <T> the network in training
 */
public abstract class TrainerSteps<T extends FlatTrainer> implements LocalSteps<TrainerReplica<T>> {
  private static final long serialVersionUID = 1L;

  private final TrainSettings settings;
  private final TrainingPlan plan;

  /** Steps under settings. */
  protected TrainerSteps(TrainSettings settings, TrainingPlan plan) {
    this.settings = settings;
    this.plan = plan;
  }

  /** A network without parameters yet. */
  protected abstract T newTrainer();

  /** Opens the training data. */
  protected abstract Batches<T> open(T trainer) throws IOException;

  /** Rounds, steps, batches. */
  protected final TrainSettings settings() {
    return settings;
  }

  /** Which sample comes when. */
  protected final TrainingPlan plan() {
    return plan;
  }

  @Override
  public final int stepsPerRound() {
    return settings.localSteps();
  }

  @Override
  public final long firstStep(long round) {
    return plan.position(round).step();
  }

  @Override
  public final TrainerReplica<T> newReplica() {
    T trainer = newTrainer();
    try {
      return new TrainerReplica<>(trainer, open(trainer));
    } catch (IOException e) {
      trainer.close();
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  @Override
  public final LocalResult run(TrainerReplica<T> replica, int worker, long round)
      throws IOException {
    List<StepMetrics> steps = new ArrayList<>();
    double dataSeconds = 0;
    replica.trainer().step(Math.toIntExact(firstStep(round)));
    if (settings.updaterState() == UpdaterState.RESET) {
      replica.trainer().resetUpdater();
    }
    for (int step = 0; step < settings.localSteps(); step++) {
      long begin = System.nanoTime();
      Batches.Drawn<T> batch = replica.batches().batch(worker, round, step);
      dataSeconds += (System.nanoTime() - begin) / 1e9;
      StepMetrics metrics = batch.step(replica.trainer());
      steps.add(metrics);
      ActivityReport.step();
      if (!metrics.finite() && settings.nonFinite() == NonFinitePolicy.STOP) {
        break;
      }
    }
    return new LocalResult(steps, (long) steps.size() * settings.stepSamples(), dataSeconds);
  }
}
