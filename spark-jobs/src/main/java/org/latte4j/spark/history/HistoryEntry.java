package org.latte4j.spark.history;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One line of a run's history. Times are seconds, or milliseconds since 1970 where it says so. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "entry")
@JsonSubTypes({
  @JsonSubTypes.Type(value = HistoryEntry.SessionBegan.class, name = "session-began"),
  @JsonSubTypes.Type(value = HistoryEntry.Round.class, name = "round"),
  @JsonSubTypes.Type(value = HistoryEntry.Validation.class, name = "validation"),
  @JsonSubTypes.Type(value = HistoryEntry.Samples.class, name = "samples"),
  @JsonSubTypes.Type(value = HistoryEntry.CheckpointWritten.class, name = "checkpoint"),
  @JsonSubTypes.Type(value = HistoryEntry.Warning.class, name = "warning"),
  @JsonSubTypes.Type(value = HistoryEntry.Concluded.class, name = "concluded"),
  @JsonSubTypes.Type(value = HistoryEntry.SessionEnded.class, name = "session-ended")
})
@JsonIgnoreProperties(ignoreUnknown = true)
public sealed interface HistoryEntry {
  /** Rounds that the run had finished when this was noted. */
  long finishedRounds();

  /**
   * A driver took up the run, new or from a checkpoint. What was noted before of later rounds is
   * void: those rounds are run again.
   *
   * @param finishedRounds that the checkpoint to go on from has gone through; 0 for a new run
   * @param atMillis when
   * @param parameters trainable values of the model
   * @param videos that are trained on
   * @param heldOutVideos that are not
   * @param samplesPerRound of all workers
   * @param step optimiser steps of each worker so far
   * @param rounds of the whole run
   * @param manifestFingerprint of the shards or frames that are trained on
   * @param origin what the network began with, in lines for people; empty if it began fresh
   * @param cluster master, application and executors
   * @param versions of Latte4J, Spark, Java and what else makes a difference
   * @param settings given by the user or not, masked, by full key
   * @param command that does the same again
   */
  @JsonPropertyOrder({"finishedRounds", "atMillis"})
  record SessionBegan(
      long finishedRounds,
      long atMillis,
      long parameters,
      int videos,
      int heldOutVideos,
      long samplesPerRound,
      long step,
      long rounds,
      String manifestFingerprint,
      List<String> origin,
      Map<String, String> cluster,
      Map<String, String> versions,
      Map<String, String> settings,
      String command)
      implements HistoryEntry {
    /** Copies the collections. Histories of earlier versions have no origin. */
    public SessionBegan {
      origin = origin == null ? List.of() : List.copyOf(origin);
      cluster = sorted(cluster);
      versions = sorted(versions);
      settings = sorted(settings);
    }

    private static Map<String, String> sorted(Map<String, String> map) {
      return Collections.unmodifiableMap(new TreeMap<>(map));
    }
  }

  /**
   * A round was finished.
   *
   * @param finishedRounds this one included
   * @param step optimiser steps of each worker so far
   * @param epoch times that the data set has been gone through so far
   * @param loss mean over all steps of all workers
   * @param terms of the loss by name, likewise; empty where a network does not tell them apart
   * @param gradientNorm likewise
   * @param learningRate of the round's last step
   * @param samples of all workers
   * @param seconds wall time
   * @param averagedMegabytesPerSecond bytes of the parameter vector over the time that was not
   *     spent in local steps
   * @param phases wall seconds of each phase, by its name in lower case
   */
  record Round(
      long finishedRounds,
      long step,
      double epoch,
      double loss,
      Map<String, Double> terms,
      double gradientNorm,
      double learningRate,
      long samples,
      double seconds,
      double averagedMegabytesPerSecond,
      Map<String, Double> phases)
      implements HistoryEntry {
    /** Copies the maps. Histories of earlier versions have no terms. */
    public Round {
      terms = terms == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(terms));
      phases = Collections.unmodifiableMap(new TreeMap<>(phases));
    }

    /** Samples a second of all workers together. */
    public double samplesPerSecond() {
      return samples / seconds;
    }
  }

  /**
   * Losses on held-out clips.
   *
   * @param weights which were evaluated: ema or model
   * @param clips evaluated in each band
   * @param bands of timesteps, from the least noise to the most
   */
  record Validation(
      long finishedRounds, long step, String weights, int clips, double seconds, List<Band> bands)
      implements HistoryEntry {
    /** Copies the list. */
    public Validation {
      bands = List.copyOf(bands);
    }

    /** Mean over the bands. */
    public double loss() {
      return bands.stream().mapToDouble(Band::loss).average().orElse(Double.NaN);
    }
  }

  /**
   * Mean losses at one level of noise.
   *
   * @param fromTimestep least timestep t
   * @param toTimestep greatest
   * @param loss mse + bound, as training minimises it unless it weights timesteps
   * @param mse mean squared error of the prediction
   * @param bound variational bound, in bits a value
   */
  record Band(int fromTimestep, int toTimestep, double loss, double mse, double bound) {
    /** Such as {@code t 0-249}. */
    public String name() {
      return "t " + fromTimestep + "-" + toTimestep;
    }
  }

  /**
   * Videos were made with the present weights.
   *
   * @param sheet path of the picture with their frames
   */
  record Samples(long finishedRounds, long step, String sheet, double seconds)
      implements HistoryEntry {}

  /**
   * A whole checkpoint was written.
   *
   * @param path of its folder
   */
  record CheckpointWritten(long finishedRounds, String path) implements HistoryEntry {}

  /** Something that training went on without. */
  record Warning(long finishedRounds, String message) implements HistoryEntry {}

  /**
   * What was made of the finished run.
   *
   * @param lines for people
   */
  record Concluded(long finishedRounds, List<String> lines) implements HistoryEntry {
    /** Copies the list. */
    public Concluded {
      lines = List.copyOf(lines);
    }
  }

  /**
   * The driver let go of the run. A killed driver leaves no such entry.
   *
   * @param outcome "finished", or why it stopped before
   */
  record SessionEnded(long finishedRounds, long atMillis, String outcome) implements HistoryEntry {}
}
