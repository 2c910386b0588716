package org.latte4j.spark.device;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What NVIDIA's driver says of this machine's GPUs, before any of CUDA is loaded. */
public final class NvidiaSmi {
  private static final String QUERY =
      "--query-gpu=index,uuid,name,compute_cap,memory.total,memory.free,driver_version";
  private static final int SECONDS = 20;
  private static final long MEBIBYTE = 1L << 20;

  private NvidiaSmi() {}

  /**
   * A GPU.
   *
   * @param index nvidia-smi's
   * @param uuid {@code GPU-...}
   * @param name as in "NVIDIA A10"
   * @param capability empty if the driver does not tell
   * @param totalBytes of its memory; 0 if the driver does not tell
   * @param freeBytes of its memory; 0 if the driver does not tell
   * @param driver its version
   */
  public record Card(
      String index,
      String uuid,
      String name,
      Optional<ComputeCapability> capability,
      long totalBytes,
      long freeBytes,
      String driver) {

    /** Whether an address, as Spark has it, means this card. */
    boolean answersTo(String address) {
      return address.equals(index) || (address.startsWith("GPU-") && uuid.startsWith(address));
    }
  }

  /**
   * Every GPU.
   *
   * @throws IOException if there is no nvidia-smi, or it fails; the message says which
   */
  public static List<Card> cards() throws IOException {
    Process process;
    try {
      process =
          new ProcessBuilder("nvidia-smi", QUERY, "--format=csv,noheader,nounits")
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      throw new IOException("no nvidia-smi", e);
    }
    try {
      String table = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException("nvidia-smi fails: " + table.strip());
      }
      return parse(table);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      process.destroyForcibly();
    }
  }

  /** The card of an address. */
  public static Optional<Card> card(List<Card> cards, String address) {
    return cards.stream().filter(card -> card.answersTo(address)).findFirst();
  }

  /** Reads nvidia-smi's table, a line a GPU. */
  public static List<Card> parse(String table) throws IOException {
    List<Card> cards = new ArrayList<>();
    for (String line : table.lines().filter(l -> !l.isBlank()).toList()) {
      List<String> cells = Arrays.stream(line.split(",")).map(String::strip).toList();
      if (cells.size() != 7) {
        throw new IOException("nvidia-smi prints what this program does not understand: " + line);
      }
      cards.add(
          new Card(
              cells.get(0),
              cells.get(1),
              cells.get(2),
              capability(cells.get(3)),
              bytes(cells.get(4)),
              bytes(cells.get(5)),
              cells.get(6)));
    }
    return List.copyOf(cards);
  }

  private static Optional<ComputeCapability> capability(String text) {
    try {
      return Optional.of(ComputeCapability.parse(text));
    } catch (NumberFormatException e) {
      return Optional.empty(); // Drivers before 510 say [N/A].
    }
  }

  private static long bytes(String mebibytes) {
    return mebibytes.matches("\\d{1,12}") ? Long.parseLong(mebibytes) * MEBIBYTE : 0;
  }
}
