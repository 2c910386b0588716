package org.latte4j.spark.encode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.util.SerializableConfiguration;
import org.latte4j.data.encode.EncodeJson;
import org.latte4j.data.source.SourceFile;
import org.latte4j.data.source.SourceVideo;
import org.latte4j.data.video.MediaInput;

/**
 * Names a video by what it holds, on an executor: a video in, the same video with the SHA-256 of
 * its content out, both as JSON. What cannot be read keeps its size and time; encoding rejects it.
 */
final class ContentIdentityTask implements Function<String, String> {
  private static final long serialVersionUID = 1L;
  private static final int BUFFER_BYTES = 1 << 20;

  private final SerializableConfiguration hadoop;

  ContentIdentityTask(SerializableConfiguration hadoop) {
    this.hadoop = hadoop;
  }

  @Override
  public String call(String json) {
    SourceVideo video = EncodeJson.read(json, SourceVideo.class);
    try {
      return EncodeJson.write(video.identifiedBy("sha256:" + digest(video)));
    } catch (IOException | UncheckedIOException e) {
      return json;
    }
  }

  private String digest(SourceVideo video) throws IOException {
    MessageDigest digest = sha256();
    byte[] buffer = new byte[BUFFER_BYTES];
    for (SourceFile file : video.files(hadoop.value())) {
      if (video.form() == SourceVideo.Form.FRAMES) {
        digest.update((file.name() + "\n" + file.bytes() + "\n").getBytes(StandardCharsets.UTF_8));
      }
      try (MediaInput input = file.open(hadoop.value())) {
        long position = 0;
        int count = input.read(position, buffer, 0, buffer.length);
        while (count > 0) {
          digest.update(buffer, 0, count);
          position += count;
          count = input.read(position, buffer, 0, buffer.length);
        }
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
