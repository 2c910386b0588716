package org.latte4j.spark.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.latte4j.spark.averaging.Activity;

/**
 * What is to happen to one executor: the first that is seen in a phase, from a round on, gets a
 * signal a little later. Orders are files of a folder, carried out one after the other; the
 * executor that carries one out renames it, so that no other does.
 *
 * @param number orders are carried out in the order of their numbers
 * @param activity in which an executor is hit
 * @param fromRound first round in which that may be
 * @param delayMicros from the moment that the phase is seen
 * @param signal KILL or STOP
 */
record Order(int number, Activity activity, long fromRound, int delayMicros, String signal) {
  private static final String OPEN = ".open";
  private static final String DONE = ".done";

  /** An order to kill, somewhere in the first two milliseconds of the phase. */
  static Order kill(int number, Activity activity, long fromRound, SplittableRandom random) {
    return new Order(number, activity, fromRound, random.nextInt(2000), "KILL");
  }

  /** Gives the order. */
  void give(Path folder) {
    try {
      Path unfinished = Files.createTempFile(folder, "order", ".tmp");
      Files.writeString(
          unfinished, "%s %d %d %s".formatted(activity, fromRound, delayMicros, signal));
      Files.move(unfinished, folder.resolve(name() + OPEN), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Forgets all orders. */
  static void clear(Path folder) throws IOException {
    for (Path file : files(folder, "")) {
      Files.delete(file);
    }
  }

  /** The next one to be carried out. */
  static Optional<Order> next(Path folder) throws IOException {
    Optional<Path> file = files(folder, OPEN).stream().findFirst();
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try {
      String[] words = Files.readString(file.get()).split(" ");
      String name = file.get().getFileName().toString();
      return Optional.of(
          new Order(
              Integer.parseInt(name.substring(0, name.indexOf('.'))),
              Activity.valueOf(words[0]),
              Long.parseLong(words[1]),
              Integer.parseInt(words[2]),
              words[3]));
    } catch (NoSuchFileException e) {
      return Optional.empty(); // Another executor has just carried it out.
    }
  }

  /** Says that this process carries it out; false if another does. */
  boolean claim(Path folder, String note) throws IOException {
    Path claimed = folder.resolve(name() + ".claimed");
    try {
      Files.move(folder.resolve(name() + OPEN), claimed, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      return false;
    }
    Files.writeString(claimed, note);
    Files.move(claimed, folder.resolve(name() + DONE), StandardCopyOption.ATOMIC_MOVE);
    return true;
  }

  /** What those that carried orders out have noted, in order. */
  static List<String> done(Path folder) {
    return notes(folder, DONE);
  }

  /** Orders that nobody has carried out. */
  static List<String> open(Path folder) {
    return notes(folder, OPEN);
  }

  private static List<String> notes(Path folder, String suffix) {
    try {
      return files(folder, suffix).stream().map(Order::text).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> files(Path folder, String suffix) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    }
  }

  private String name() {
    return "%03d".formatted(number);
  }
}
