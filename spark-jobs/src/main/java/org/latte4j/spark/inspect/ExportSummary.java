package org.latte4j.spark.inspect;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.latte4j.model.card.ModelCard;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.weights.Part;
import org.latte4j.model.weights.WeightSource;
import org.latte4j.spark.checkpoint.CheckpointState;
import org.latte4j.spark.checkpoint.TrainedModel;

/**
 * What a folder with {@code model.safetensors} and {@code model.json} holds.
 *
 * @param folder where it is
 * @param tensors arrays of the model
 * @param values numbers in them, fixed tables included
 * @param network sizes
 * @param classes names in the order of their labels; none for a model without classes
 * @param autoencoder that turns its latents into video
 * @param rounds of the training that made it; -1 if the folder does not tell
 * @param loss mean of the last round; NaN if the folder does not tell
 */
public record ExportSummary(
    String folder,
    int tensors,
    long values,
    LatteConfiguration network,
    List<String> classes,
    String autoencoder,
    long rounds,
    double loss) {

  /** Reads the card and the header of the weights. */
  public static ExportSummary of(TrainedModel model) throws IOException {
    ModelCard card = model.card();
    Optional<CheckpointState> state = model.madeBy();
    List<CheckpointState.RoundLoss> losses = state.map(CheckpointState::losses).orElse(List.of());
    TensorCount held;
    try (WeightSource weights = model.weights(Part.EMA)) {
      held = TensorCount.of(weights);
    }
    return new ExportSummary(
        model.folder().toString(),
        held.tensors(),
        held.values(),
        card.network(),
        card.classes(),
        card.autoencoder(),
        state.map(CheckpointState::round).orElse(-1L),
        losses.isEmpty() ? Double.NaN : losses.get(losses.size() - 1).loss());
  }

  /** For people, one line a fact. */
  public List<String> lines() {
    Lines lines = new Lines();
    lines.add("weights", folder);
    lines.add("model", "%d tensors, %d values", tensors, values);
    lines.addSizes(network);
    lines.add("classes", "%d %s", classes.size(), Lines.shortened(classes));
    lines.add("autoencoder", autoencoder);
    if (rounds >= 0) {
      lines.add("training", "%d rounds, loss %.5f in the last", rounds, loss);
    }
    return lines.all();
  }
}
