package org.latte4j.spark.observe;

import java.io.IOException;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.latte4j.model.settings.Settings;
import org.latte4j.spark.averaging.TrainingState;
import org.latte4j.spark.history.HistoryEntry;
import org.latte4j.spark.train.LatteRunDescription;
import org.latte4j.spark.validation.Validation;
import org.latte4j.spark.validation.ValidationSettings;

/** Losses on clips of held-out videos. */
final class HeldOutEvaluation implements Evaluation<LatteRunDescription> {
  private final JavaSparkContext context;
  private final Settings settings;
  private Optional<Validation> validation = Optional.empty();

  HeldOutEvaluation(JavaSparkContext context, Settings settings) {
    this.context = context;
    this.settings = settings;
  }

  @Override
  public void begins(LatteRunDescription run) throws IOException {
    ValidationSettings checked = ValidationSettings.from(settings);
    if (!run.settings().heldOut().isNone()) {
      validation = Optional.of(new Validation(context, checked, run));
    }
  }

  @Override
  public void roundDone(TrainingState averaged, RunNotes notes) {
    Optional<Validation> due = validation.filter(it -> it.due(averaged.rounds()));
    if (due.isPresent()) {
      for (HistoryEntry.Validation losses : due.get().of(averaged)) {
        notes.validation(losses);
      }
    }
  }

  @Override
  public String failure() {
    return "validation failed";
  }
}
