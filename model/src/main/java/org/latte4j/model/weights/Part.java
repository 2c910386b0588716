package org.latte4j.model.weights;

/** Which of a checkpoint's sets of weights. */
public enum Part {
  /** The weights as trained. */
  MODEL("model"),
  /** Their exponential moving average, with which the reference samples. */
  EMA("ema");

  private final String key;

  Part(String key) {
    this.key = key;
  }

  /** The name in the reference's checkpoints, and the beginning of file names in ours. */
  public String key() {
    return key;
  }
}
