package org.latte4j.spark.sample;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.latte4j.model.card.ModelCard;
import org.latte4j.model.settings.Settings;

/**
 * One video to make.
 *
 * @param sample with the seed it decides all noise: the video's number within its class times the
 *     classes, plus the class. So asking for other classes, or for more or fewer videos of them,
 *     gives the same videos where it gives any
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

  /**
   * The videos that settings ask for, class by class.
   *
   * @param perClass videos of each class, or of a model without classes
   */
  static List<SampleRequest> all(
      ModelCard card, SampleSettings sample, int perClass, Settings settings) {
    List<SampleRequest> requests = new ArrayList<>();
    int classes = card.classes().size();
    for (int label : classes == 0 ? List.of(-1) : labels(card, sample, settings)) {
      String className = classes == 0 ? "" : card.classes().get(label);
      String name = classes == 0 ? "video" : className;
      for (int i = sample.firstVideo(); i < sample.firstVideo() + perClass; i++) {
        long number = classes == 0 ? i : (long) i * classes + label;
        requests.add(
            new SampleRequest(
                number,
                label,
                className,
                "%s_%04d".formatted(name, i),
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
