package org.latte4j.data.source;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The list of single frames for joint image-video training: {@code video/frame.jpg}, one a line, as
 * the paper's code reads it. The video is named as in the data set, with or without its class
 * folder and its ending; the frame is the last number in the picture's name, as it stands there.
 *
 * <p>Immutable and thread-safe.
 */
public final class FrameList {
  private final Path file;
  private final Map<String, SortedSet<Integer>> frames;
  private final String fingerprint;

  private FrameList(Path file, Map<String, SortedSet<Integer>> frames, String fingerprint) {
    this.file = file;
    this.frames = frames;
    this.fingerprint = fingerprint;
  }

  /**
   * Reads a list.
   *
   * @throws InvalidSourceException naming the line that is no {@code video/frame.jpg}
   */
  public static FrameList read(Path file, Configuration configuration) throws IOException {
    ListText list = ListText.read(file, configuration);
    Map<String, SortedSet<Integer>> frames = new HashMap<>();
    MessageDigest digest = sha256();
    for (ListText.Line line : list.lines()) {
      String text = line.text();
      int slash = text.lastIndexOf('/');
      BigInteger number = FrameOrder.number(text.substring(slash + 1));
      if (slash < 1 || number.signum() < 0 || number.bitLength() > Integer.SIZE - 1) {
        throw list.invalid(line, "expected video/frame.jpg with a number in the picture's name");
      }
      frames
          .computeIfAbsent(text.substring(0, slash), video -> new TreeSet<>())
          .add(number.intValue());
      digest.update((text + "\n").getBytes(StandardCharsets.UTF_8));
    }
    if (frames.isEmpty()) {
      throw new InvalidSourceException(file + ": the list names no frames");
    }
    return new FrameList(file, frames, HexFormat.of().formatHex(digest.digest()));
  }

  /** Where it was read. */
  public Path file() {
    return file;
  }

  /** Identifies what is listed: SHA-256 of the lines, in hexadecimal. */
  public String fingerprint() {
    return fingerprint;
  }

  /** Videos that are named, as they are named. */
  public Set<String> videos() {
    return Collections.unmodifiableSet(frames.keySet());
  }

  /**
   * What the list calls a video; empty if it is not listed.
   *
   * @param id of the video, such as {@code Archery/v_Archery_g01_c01.avi}
   */
  public Optional<String> nameOf(String id) {
    String name = id.substring(id.lastIndexOf('/') + 1);
    return Stream.of(id, withoutEnding(id), name, withoutEnding(name))
        .filter(frames::containsKey)
        .findFirst();
  }

  /**
   * Numbers of the listed frames of a video in ascending order; none if it is not listed.
   *
   * @param id of the video, as in {@link #nameOf}
   */
  public SortedSet<Integer> frames(String id) {
    return nameOf(id)
        .map(name -> Collections.unmodifiableSortedSet(frames.get(name)))
        .orElseGet(Collections::emptySortedSet);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static String withoutEnding(String name) {
    int dot = name.lastIndexOf('.');
    return dot > name.lastIndexOf('/') + 1 ? name.substring(0, dot) : name;
  }
}
