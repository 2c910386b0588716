package org.latte4j.spark.train;

/** What becomes of a run that is to go on with other settings than it began with. */
public enum ChangePolicy {
  /** It is refused, and every setting that differs is named. */
  REFUSE,
  /** It goes on; {@code state.json} and the report say what was changed, and since which round. */
  NOTE
}
