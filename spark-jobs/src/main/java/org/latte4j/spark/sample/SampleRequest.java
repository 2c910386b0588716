package org.latte4j.spark.sample;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.latte4j.data.source.TextLocation;
import org.latte4j.model.card.ModelCard;
import org.latte4j.model.random.Purpose;
import org.latte4j.model.random.RandomStream;
import org.latte4j.model.settings.Settings;

/**
 * One video to make.
 *
 * @param sample with the seed it decides all noise. Of a class, the video's number within it times
 *     the classes, plus the class; of a text, a hash of the text's name and the number. So asking
 *     for other classes or texts, or for more or fewer videos of them, gives the same videos where
 *     it gives any
 * @param label class, or -1 for a model without classes
 * @param className of the class or of the text; empty for a model without
 * @param number within the class or text
 * @param text where the embedding of its text lies
 * @param name of the files, without ending
 * @param preview whether the driver wants the frames for its contact sheet
 */
record SampleRequest(
    long sample,
    int label,
    String className,
    int number,
    TextLocation text,
    String name,
    boolean preview)
    implements Serializable {
  /** Rows that a contact sheet is legible with. */
  private static final int MOST_PREVIEWS = 64;

  private static final int LONGEST_NAME = 80;

  /** What a sheet says beside the video. */
  String caption() {
    if (text.present()) {
      return className + " #" + number;
    }
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
   * The videos that settings ask for, class by class or text by text.
   *
   * @param texts by name; empty for a model that is told none
   * @param perClass videos of each class or text, or of a model without
   */
  static List<SampleRequest> all(
      ModelCard card,
      SampleSettings sample,
      Map<String, TextLocation> texts,
      int perClass,
      Settings settings) {
    List<SampleRequest> requests = new ArrayList<>();
    int end = sample.firstVideo() + perClass;
    for (Map.Entry<String, TextLocation> text : texts.entrySet()) {
      for (int i = sample.firstVideo(); i < end; i++) {
        requests.add(ofText(text.getKey(), i, text.getValue(), requests.size() < MOST_PREVIEWS));
      }
    }
    if (!texts.isEmpty()) {
      return requests;
    }
    int classes = card.classes().size();
    for (int label : classes == 0 ? List.of(-1) : labels(card, sample, settings)) {
      String className = classes == 0 ? "" : card.classes().get(label);
      String name = classes == 0 ? "video" : className;
      for (int i = sample.firstVideo(); i < end; i++) {
        requests.add(
            new SampleRequest(
                classes == 0 ? i : (long) i * classes + label,
                label,
                className,
                i,
                TextLocation.NONE,
                "%s_%04d".formatted(name, i),
                requests.size() < MOST_PREVIEWS));
      }
    }
    return requests;
  }

  private static SampleRequest ofText(
      String text, int number, TextLocation location, boolean preview) {
    long sample = RandomStream.ofName(number, Purpose.SAMPLING, text).nextLong() >>> 1;
    return new SampleRequest(
        sample, -1, text, number, location, "%s_%04d".formatted(fileName(text), number), preview);
  }

  /** A text's name as a file's; with a checksum where two could become the same. */
  private static String fileName(String text) {
    String plain = text.replaceAll("[^\\p{L}\\p{N}._-]", "_").replaceFirst("^[._]+", "");
    if (plain.equals(text) && plain.length() <= LONGEST_NAME) {
      return plain;
    }
    CRC32 checksum = new CRC32();
    checksum.update(text.getBytes(StandardCharsets.UTF_8));
    return "%s-%08x"
        .formatted(plain.substring(0, Math.min(plain.length(), LONGEST_NAME)), checksum.getValue());
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
