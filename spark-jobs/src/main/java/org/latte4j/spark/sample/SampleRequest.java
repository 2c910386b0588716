package org.latte4j.spark.sample;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.latte4j.model.card.ModelCard;
import org.latte4j.model.settings.Settings;

/**
 * One video to make.
 *
 * @param sample number in the run: with the seed it decides all noise. Class times videos a class
 *     plus place, so that asking for fewer classes gives the same videos of the others
 * @param label class, or -1 for a model without classes
 * @param className empty for a model without classes
 * @param name of the files, without ending
 * @param preview whether the driver wants the frames for its contact sheet
 */
record SampleRequest(long sample, int label, String className, String name, boolean preview)
    implements Serializable {
  /** Rows that a contact sheet is legible with. */
  private static final int MOST_PREVIEWS = 64;

  /** What a sheet says beside the video. */
  String caption() {
    return label < 0 ? "#" + sample : className + " #" + sample;
  }

  /** The numbers of a batch. */
  static long[] samples(List<SampleRequest> batch) {
    return batch.stream().mapToLong(SampleRequest::sample).toArray();
  }

  /** The classes of a batch; empty for a model without classes. */
  static int[] labels(List<SampleRequest> batch) {
    return batch.stream().mapToInt(SampleRequest::label).filter(label -> label >= 0).toArray();
  }

  static List<SampleRequest> all(ModelCard card, SampleSettings sample, Settings settings) {
    List<SampleRequest> requests = new ArrayList<>();
    if (card.classes().isEmpty()) {
      for (int i = 0; i < sample.videosPerClass(); i++) {
        requests.add(
            new SampleRequest(
                i, -1, "", "video_%04d".formatted(i), requests.size() < MOST_PREVIEWS));
      }
      return requests;
    }
    for (int label : labels(card, sample, settings)) {
      String className = card.classes().get(label);
      for (int i = 0; i < sample.videosPerClass(); i++) {
        long number = (long) label * sample.videosPerClass() + i;
        requests.add(
            new SampleRequest(
                number,
                label,
                className,
                "%s_%04d".formatted(className, i),
                requests.size() < MOST_PREVIEWS));
      }
    }
    return requests;
  }

  private static List<Integer> labels(ModelCard card, SampleSettings sample, Settings settings) {
    List<Integer> labels = new ArrayList<>();
    if (sample.classes().isEmpty()) {
      for (int label = 0; label < card.classes().size(); label++) {
        labels.add(label);
      }
      return labels;
    }
    for (String wanted : sample.classes()) {
      int label = card.classes().indexOf(wanted);
      if (label < 0 && wanted.matches("\\d{1,9}")) {
        label = Integer.parseInt(wanted);
      }
      if (label < 0 || label >= card.classes().size()) {
        throw settings.invalid(
            "sample.classes",
            "names or indices of the model's classes %s; \"%s\" is none"
                .formatted(card.classes(), wanted));
      }
      labels.add(label);
    }
    return labels;
  }
}
