package org.latte4j.data.text;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.latte4j.data.text.TextEncoderSettings.Mask;
import org.latte4j.data.text.TextEncoderSettings.Padding;

/**
 * A text encoder in ONNX, run by ONNX Runtime on the CPU: inputs {@code input_ids} [B, L] and, if
 * the encoder has it, {@code attention_mask} [B, L], of 64- or 32-bit integers; an output [B, L, D]
 * of half or single precision.
 *
 * <p>Owns native memory, freed by closing. Not thread-safe.
 */
public final class TextEncoder implements AutoCloseable {
  private static final String IDS = "input_ids";
  private static final String MASK = "attention_mask";

  private final String name;
  private final TextEncoderSettings settings;
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final Map<String, OnnxJavaType> inputs = new HashMap<>();

  private TextEncoder(
      String name, TextEncoderSettings settings, OrtEnvironment environment, OrtSession session)
      throws OrtException {
    this.name = name;
    this.settings = settings;
    this.environment = environment;
    this.session = session;
    for (NodeInfo input : session.getInputInfo().values()) {
      inputs.put(input.getName(), ((TensorInfo) input.getInfo()).type);
    }
  }

  /**
   * Opens an encoder.
   *
   * @param file local; what it keeps in files of its own lies beside it
   * @throws InvalidTextEncoderException if it cannot be run, or lacks an input or the output
   */
  public static TextEncoder open(Path file, TextEncoderSettings settings) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new NoSuchFileException(file.toString(), null, "there is no text encoder");
    }
    String name = file.getFileName().toString();
    OrtEnvironment environment = OnnxRuntime.environment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(settings.threads());
      options.setInterOpNumThreads(1);
      OrtSession session = environment.createSession(file.toString(), options);
      try {
        TextEncoder encoder = new TextEncoder(name, settings, environment, session);
        encoder.check();
        return encoder;
      } catch (IOException | OrtException | RuntimeException e) {
        session.close();
        throw e;
      }
    } catch (OrtException e) {
      throw new InvalidTextEncoderException(
          "ONNX Runtime cannot run %s: %s".formatted(name, e.getMessage()), e);
    }
  }

  private void check() throws InvalidTextEncoderException {
    if (!inputs.containsKey(IDS)) {
      throw new InvalidTextEncoderException(
          "%s has no input %s: its inputs are %s; export the text encoder with one"
              .formatted(name, IDS, session.getInputNames()));
    }
    for (Map.Entry<String, OnnxJavaType> input : inputs.entrySet()) {
      if (!Set.of(IDS, MASK).contains(input.getKey())) {
        throw new InvalidTextEncoderException(
            "%s wants the input %s, and a text gives %s and %s: export the text encoder alone"
                .formatted(name, input.getKey(), IDS, MASK));
      }
      if (input.getValue() != OnnxJavaType.INT64 && input.getValue() != OnnxJavaType.INT32) {
        throw new InvalidTextEncoderException(
            "%s: the input %s is of type %s, and must be of 64- or 32-bit integers"
                .formatted(name, input.getKey(), input.getValue()));
      }
    }
    if (!session.getOutputNames().contains(settings.output())) {
      throw new InvalidTextEncoderException(
          "%s has no output %s: its outputs are %s; say which holds the last layer's states with"
                  .formatted(name, settings.output(), session.getOutputNames())
              + " --set encode-text.encoder-output=NAME");
    }
  }

  /**
   * The embeddings of texts, [L, D] each. L is {@code max-tokens}, or without padding the number of
   * the text's tokens.
   *
   * @param padId what shorter texts of the batch are filled up with
   * @throws InvalidTextEncoderException if the encoder fails or its output is none of [B, L, D]
   */
  List<float[]> encode(List<TokenizedText> texts, long padId) throws InvalidTextEncoderException {
    boolean even =
        texts.stream().mapToInt(text -> text.ids().length).distinct().limit(2).count() == 1;
    if (even || (inputs.containsKey(MASK) && settings.mask() == Mask.TOKENS)) {
      return encodeTogether(texts, padId);
    }
    // An encoder that does not hear where a text ends would take the filling for text.
    List<float[]> encoded = new ArrayList<>();
    for (TokenizedText text : texts) {
      encoded.addAll(encodeTogether(List.of(text), padId));
    }
    return encoded;
  }

  private List<float[]> encodeTogether(List<TokenizedText> texts, long padId)
      throws InvalidTextEncoderException {
    int length = texts.stream().mapToInt(text -> text.ids().length).max().orElseThrow();
    long[] ids = new long[texts.size() * length];
    long[] mask = new long[ids.length];
    Arrays.fill(ids, padId);
    for (int i = 0; i < texts.size(); i++) {
      TokenizedText text = texts.get(i);
      System.arraycopy(text.ids(), 0, ids, i * length, text.ids().length);
      int heard = settings.mask() == Mask.TOKENS ? text.tokens() : length;
      Arrays.fill(mask, i * length, i * length + heard, 1);
    }
    long[] shape = {texts.size(), length};
    Map<String, OnnxTensor> tensors = new HashMap<>();
    try {
      tensors.put(IDS, tensor(ids, shape, inputs.get(IDS)));
      if (inputs.containsKey(MASK)) {
        tensors.put(MASK, tensor(mask, shape, inputs.get(MASK)));
      }
      try (OrtSession.Result result = session.run(tensors, Set.of(settings.output()))) {
        return rows(texts, length, result.get(0));
      }
    } catch (OrtException e) {
      throw new InvalidTextEncoderException(
          "%s failed on %d texts of %d tokens: %s"
              .formatted(name, texts.size(), length, e.getMessage()),
          e);
    } finally {
      tensors.values().forEach(OnnxTensor::close);
    }
  }

  private OnnxTensor tensor(long[] values, long[] shape, OnnxJavaType type) throws OrtException {
    if (type == OnnxJavaType.INT64) {
      return OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape);
    }
    int[] narrow = Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
    return OnnxTensor.createTensor(environment, IntBuffer.wrap(narrow), shape);
  }

  private List<float[]> rows(List<TokenizedText> texts, int length, Object output)
      throws InvalidTextEncoderException {
    long[] shape = output instanceof OnnxTensor tensor ? tensor.getInfo().getShape() : new long[0];
    Optional<FloatBuffer> read =
        shape.length == 3
            ? Optional.ofNullable(((OnnxTensor) output).getFloatBuffer())
            : Optional.empty();
    if (read.isEmpty() || shape[0] != texts.size() || shape[1] != length) {
      throw new InvalidTextEncoderException(
          "%s: the output %s is %s for %d texts of %d tokens, and must be [%d, %d, D] of numbers in half or single precision"
              .formatted(
                  name,
                  settings.output(),
                  Arrays.toString(shape),
                  texts.size(),
                  length,
                  texts.size(),
                  length));
    }
    FloatBuffer values = read.get();
    int width = Math.toIntExact(shape[2]);
    List<float[]> rows = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      int kept = settings.padding() == Padding.NONE ? texts.get(i).tokens() : length;
      float[] embedding = new float[kept * width];
      values.get(i * length * width, embedding);
      rows.add(embedding);
    }
    return rows;
  }

  @Override
  public void close() throws IOException {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IOException(name + " could not be closed: " + e.getMessage(), e);
    }
  }
}
