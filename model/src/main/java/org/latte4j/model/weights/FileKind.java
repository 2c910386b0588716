package org.latte4j.model.weights;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/** What a file is by its first bytes, whatever its name says. */
enum FileKind {
  /** A header length, then a JSON object. */
  SAFETENSORS("a safetensors file"),
  /** What torch.save writes since PyTorch 1.6, among others. */
  ZIP("a zip archive, as torch checkpoints are"),
  /** What torch.save wrote before PyTorch 1.6. */
  OLD_TORCH(
      "a torch checkpoint in the format of PyTorch before 1.6, which is not read;"
          + " save it again with a newer PyTorch:"
          + " torch.save(torch.load(file, map_location='cpu'), new_file)"),
  /** An object in braces; perhaps an index of shards. */
  JSON("a JSON file"),
  /** What Git leaves where a large file was not fetched. */
  GIT_LFS_POINTER(
      "a Git LFS pointer in place of the file itself; fetch it with \"git lfs pull\""
          + " or download it"),
  /** What a failed download often leaves. */
  WEB_PAGE("a web page (a failed download?); download the file again"),
  /** None of these. */
  UNKNOWN("no weight file that is known here (safetensors, or a torch checkpoint)");

  /** As many of the first bytes as telling the kinds apart takes. */
  static final int HEAD_BYTES = 64;

  private static final byte[] OLD_TORCH_MAGIC =
      HexFormat.of().parseHex("80028a0a6cfc9c46f9206aa85019");

  private final String description;

  FileKind(String description) {
    this.description = description;
  }

  /** What such a file is and, if it is not read, what to do. */
  String description() {
    return description;
  }

  /** The kind of a file that begins with these bytes. */
  static FileKind of(byte[] head) {
    String text = new String(head, StandardCharsets.ISO_8859_1);
    if (text.startsWith("PK\3\4") || text.startsWith("PK\5\6")) {
      return ZIP;
    }
    if (head.length >= OLD_TORCH_MAGIC.length
        && Arrays.equals(
            head, 0, OLD_TORCH_MAGIC.length, OLD_TORCH_MAGIC, 0, OLD_TORCH_MAGIC.length)) {
      return OLD_TORCH;
    }
    if (text.startsWith("version https://git-lfs")) {
      return GIT_LFS_POINTER;
    }
    if (text.stripLeading().toLowerCase(Locale.ROOT).matches("(?s)<(!doctype|html).*")) {
      return WEB_PAGE;
    }
    // The upper bytes of a header length are zero; text holds none.
    if (head.length > Long.BYTES && head[Long.BYTES] == '{' && text.indexOf(0) >= 0) {
      return SAFETENSORS;
    }
    if (text.stripLeading().startsWith("{")) {
      return JSON;
    }
    return UNKNOWN;
  }
}
