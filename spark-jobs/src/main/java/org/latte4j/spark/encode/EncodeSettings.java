package org.latte4j.spark.encode;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.latte4j.data.decoder.DecoderSettings;
import org.latte4j.data.encode.EncodeRecipe;
import org.latte4j.data.encode.Mirroring;
import org.latte4j.data.shard.Segmentation;
import org.latte4j.data.shard.TextEncoding;
import org.latte4j.data.source.SourceSettings;
import org.latte4j.data.transform.FrameTransform;
import org.latte4j.data.video.DecodeLimits;
import org.latte4j.model.settings.Settings;
import org.latte4j.model.settings.SettingsException;

/**
 * Settings of an encode job.
 *
 * @param source where the videos come from
 * @param autoencoder {@code dct}, {@code dct-BLOCK-LUMA-CHROMA} or a folder; see {@link
 *     org.latte4j.model.autoencoder.Autoencoders}
 * @param recipe what happens to every video
 * @param shardBytes source bytes that fill a shard file
 * @param shardVideos videos that fill a shard file
 * @param maxRejectedShare the job fails when more than this share of the videos is rejected
 * @param splitBytes larger videos are divided
 * @param splitFrames that a part of a divided video accounts for at most, roughly
 * @param verify how files that are there already are checked
 */
public record EncodeSettings(
    SourceSettings source,
    String autoencoder,
    EncodeRecipe recipe,
    long shardBytes,
    int shardVideos,
    double maxRejectedShare,
    long splitBytes,
    int splitFrames,
    EncodeWork.Verification verify) {
  static final String TEXT_EMBEDDINGS = "source.text-embeddings";
  private static final int LARGEST_IMAGE = 4096;

  /** An RGB image is one Java array. */
  private static final long MOST_PIXELS = Integer.MAX_VALUE / 3 - 1024;

  private static final int MOST_FRAMES = 1 << 16;

  /**
   * Reads the keys {@code source.*} and {@code encode.*}.
   *
   * @throws SettingsException naming the key whose value is not allowed
   */
  public static EncodeSettings from(Settings settings) {
    int segmentFrames = settings.integer("encode.segment-frames", 1, MOST_FRAMES);
    Segmentation segmentation =
        new Segmentation(
            segmentFrames, settings.integer("encode.segment-overlap", 0, segmentFrames - 1));
    EncodeRecipe recipe =
        new EncodeRecipe(
            transform(settings),
            settings.oneOf("encode.mirroring", Mirroring.class),
            segmentation,
            settings.integer("encode.minimum-frames", 1, segmentFrames),
            new DecodeLimits(
                settings.wholeNumber("encode.max-pixels", 1, MOST_PIXELS),
                settings.integer("encode.max-frames", 1, Integer.MAX_VALUE),
                settings.duration("encode.max-duration")),
            settings.integer("encode.max-damaged-frames", 0, Integer.MAX_VALUE),
            new DecoderSettings(
                settings.bytes("encode.decoder.memory", 1 << 26, Long.MAX_VALUE / 2),
                settings.duration("encode.decoder.stall-limit"),
                settings.duration("encode.decoder.time-limit")),
            settings.integer("encode.batch-size", 1, MOST_FRAMES));
    return new EncodeSettings(
        SourceSettings.from(settings),
        settings.text("encode.autoencoder"),
        recipe,
        settings.bytes("encode.shard-bytes", 1, Long.MAX_VALUE),
        settings.integer("encode.shard-videos", 1, Integer.MAX_VALUE),
        settings.number("encode.max-rejected-share", 0, 1),
        settings.bytes("encode.split-bytes", 0, Long.MAX_VALUE),
        settings.integer("encode.split-frames", 1, Integer.MAX_VALUE),
        settings.oneOf("encode.verify", EncodeWork.Verification.class));
  }

  /**
   * The settings that decide which rows there are, by key. How rows are divided into files, the
   * batch size and the share of rejected videos do not.
   *
   * @param fingerprint of the autoencoder, in place of where it lies
   * @param text what the text embeddings are, in place of where they lie
   */
  Map<String, String> deciding(String fingerprint, TextEncoding text) {
    Map<String, String> deciding = new TreeMap<>(source.deciding());
    if (text.present()) {
      deciding.put(TEXT_EMBEDDINGS, text.toString());
    }
    deciding.put("encode.autoencoder", fingerprint);
    deciding.put("encode.transform", recipe.transform().name());
    deciding.put("encode.image-size", String.valueOf(recipe.transform().size()));
    deciding.put("encode.mirroring", recipe.mirroring().name().toLowerCase(Locale.ROOT));
    deciding.put("encode.segment-frames", String.valueOf(recipe.segmentation().frames()));
    deciding.put("encode.segment-overlap", String.valueOf(recipe.segmentation().overlap()));
    deciding.put("encode.minimum-frames", String.valueOf(recipe.minimumFrames()));
    deciding.put("encode.max-pixels", String.valueOf(recipe.limits().pixels()));
    deciding.put("encode.max-frames", String.valueOf(recipe.limits().frames()));
    deciding.put("encode.max-duration", String.valueOf(recipe.limits().duration()));
    deciding.put("encode.max-damaged-frames", String.valueOf(recipe.mostDamaged()));
    return deciding;
  }

  private static FrameTransform transform(Settings settings) {
    int size = settings.integer("encode.image-size", 1, LARGEST_IMAGE);
    try {
      return FrameTransform.named(settings.text("encode.transform"), size);
    } catch (IllegalArgumentException e) {
      throw settings.invalid("encode.transform", "resize-crop or crop-resize");
    }
  }
}
