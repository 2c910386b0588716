package org.latte4j.spark.demo;

/** Is told how the demo goes on; called by the calling thread. */
public interface DemoListener {
  /**
   * A stage begins.
   *
   * @param description for people
   * @param verb what is being done, as in "train"
   * @param units that are counted, as in "rounds"
   * @param total how many there are; 0 if that is not known yet
   */
  void stageBegins(String description, String verb, String units, long total);

  /**
   * The stage goes on.
   *
   * @param done units so far
   * @param total how many there are
   * @param note more to show; may be empty
   */
  void advances(long done, long total, String note);
}
