package org.latte4j.spark.tensorboard;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import javax.imageio.ImageIO;
import org.nd4j.shade.protobuf.ByteString;
import org.nd4j.shade.protobuf.CodedOutputStream;
import org.tensorflow.framework.DataType;
import org.tensorflow.framework.Summary;
import org.tensorflow.framework.SummaryMetadata;
import org.tensorflow.framework.TensorProto;
import org.tensorflow.framework.TensorShapeProto;

/**
 * TensorFlow's {@code Event} messages (tensorflow/core/util/event.proto). ND4J brings TensorFlow's
 * {@code Summary}, but not the event around it: that has four fields here, written one by one.
 */
final class Events {
  private static final String FILE_VERSION = "brain.Event:2";
  private static final int RGB = 3;

  // Field numbers of Event.
  private static final int WALL_TIME = 1;
  private static final int STEP = 2;
  private static final int VERSION = 3;
  private static final int SUMMARY = 5;
  private static final int SESSION_LOG = 7;

  /** SessionLog { status: START }. */
  private static final byte[] SESSION_START = {8, 1};

  private Events() {}

  /** What every file begins with. */
  static byte[] fileVersion(double wallTime) {
    return event(wallTime, 0, out -> out.writeString(VERSION, FILE_VERSION));
  }

  /** Lets TensorBoard drop what earlier files hold of this step and later ones. */
  static byte[] sessionStart(double wallTime, long step) {
    return event(wallTime, step, out -> out.writeByteArray(SESSION_LOG, SESSION_START));
  }

  /** Values of one step, by tag. */
  static byte[] scalars(double wallTime, long step, Map<String, Double> values) {
    Summary.Builder summary = Summary.newBuilder();
    values.forEach(
        (tag, value) -> summary.addValueBuilder().setTag(tag).setSimpleValue(value.floatValue()));
    return summary(wallTime, step, summary.build());
  }

  /** A picture. */
  static byte[] image(double wallTime, long step, String tag, BufferedImage picture) {
    Summary.Builder summary = Summary.newBuilder();
    summary
        .addValueBuilder()
        .setTag(tag)
        .setImage(
            Summary.Image.newBuilder()
                .setWidth(picture.getWidth())
                .setHeight(picture.getHeight())
                .setColorspace(RGB)
                .setEncodedImageString(ByteString.copyFrom(png(picture))));
    return summary(wallTime, step, summary.build());
  }

  /** A text, shown as Markdown. */
  static byte[] text(double wallTime, long step, String tag, String markdown) {
    Summary.Builder summary = Summary.newBuilder();
    summary
        .addValueBuilder()
        .setTag(tag)
        .setMetadata(
            SummaryMetadata.newBuilder()
                .setPluginData(SummaryMetadata.PluginData.newBuilder().setPluginName("text")))
        .setTensor(
            TensorProto.newBuilder()
                .setDtype(DataType.DT_STRING)
                .setTensorShape(
                    TensorShapeProto.newBuilder()
                        .addDim(TensorShapeProto.Dim.newBuilder().setSize(1)))
                .addStringVal(ByteString.copyFromUtf8(markdown)));
    return summary(wallTime, step, summary.build());
  }

  private static byte[] summary(double wallTime, long step, Summary summary) {
    return event(wallTime, step, out -> out.writeMessage(SUMMARY, summary));
  }

  private static byte[] event(double wallTime, long step, Content content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      out.writeDouble(WALL_TIME, wallTime);
      if (step != 0) {
        out.writeInt64(STEP, step);
      }
      content.writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("an event cannot be written to memory", e);
    }
    return bytes.toByteArray();
  }

  private static byte[] png(BufferedImage picture) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(picture, "png", bytes)) {
        throw new IllegalArgumentException("this Java cannot write " + picture + " as PNG");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a picture cannot be written to memory", e);
    }
    return bytes.toByteArray();
  }

  @FunctionalInterface
  private interface Content {
    void writeTo(CodedOutputStream out) throws IOException;
  }
}
