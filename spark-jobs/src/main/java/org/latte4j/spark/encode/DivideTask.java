package org.latte4j.spark.encode;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.util.SerializableConfiguration;
import org.latte4j.data.decoder.DecoderDiedException;
import org.latte4j.data.decoder.DecoderProcess;
import org.latte4j.data.encode.EncodeJson;
import org.latte4j.data.encode.EncodeRecipe;
import org.latte4j.data.encode.PlannedVideo;
import org.latte4j.data.encode.ShardPlan.PlannedShard;
import org.latte4j.data.source.SourceFile;
import org.latte4j.data.source.SourceVideo;
import org.latte4j.data.video.KeyFrameIndex;
import org.latte4j.data.video.VideoDecodeException;

/**
 * Divides one long video at key frames, on an executor: a video in, its parts out, both as JSON. A
 * video that cannot be divided (damaged, without times or without an index) stays whole; encoding
 * it will say what is wrong, if anything is.
 */
final class DivideTask implements Function<String, String> {
  private static final long serialVersionUID = 1L;

  private final EncodeRecipe recipe;
  private final int mostFrames;
  private final SerializableConfiguration hadoop;

  DivideTask(EncodeRecipe recipe, int mostFrames, SerializableConfiguration hadoop) {
    this.recipe = recipe;
    this.mostFrames = mostFrames;
    this.hadoop = hadoop;
  }

  @Override
  public String call(String json) {
    SourceVideo video = EncodeJson.read(json, SourceVideo.class);
    List<PlannedVideo> parts;
    try {
      parts = PlannedVideo.divide(video, index(video), recipe.segmentation(), mostFrames);
    } catch (IOException e) {
      parts = List.of(PlannedVideo.whole(video));
    }
    return EncodeJson.write(new PlannedShard("", parts));
  }

  private KeyFrameIndex index(SourceVideo video)
      throws IOException, VideoDecodeException, DecoderDiedException {
    Configuration configuration = hadoop.value();
    List<SourceFile> files = video.files(configuration);
    if (video.form() == SourceVideo.Form.FRAMES) {
      return KeyFrameIndex.ofPictures(files.size());
    }
    try (DecoderProcess decoder =
        new DecoderProcess(recipe.decoder(), recipe.transform(), recipe.limits(), configuration)) {
      return decoder.scan(video, files);
    }
  }
}
