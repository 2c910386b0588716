package org.latte4j.data.encode;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.latte4j.data.shard.EncodedVideo;
import org.latte4j.data.shard.LatentSegment;
import org.latte4j.data.shard.SegmentRow;
import org.latte4j.data.shard.ShardWriter;
import org.latte4j.data.shard.VideoOrigin;
import org.latte4j.data.source.SourceFile;
import org.latte4j.data.source.SourceVideo;
import org.latte4j.data.video.FrameStream;
import org.latte4j.data.video.MediaInput;
import org.latte4j.data.video.PictureSequence;
import org.latte4j.data.video.VideoDecodeException;
import org.latte4j.data.video.VideoDecoder;
import org.latte4j.data.video.VideoFrame;
import org.latte4j.model.autoencoder.Autoencoder;
import org.latte4j.model.diffusion.LatentShape;

/** Encodes one video into rows of a shard. Used once. */
final class VideoEncoder {
  private final SourceVideo video;
  private final EncodeRecipe recipe;
  private final Autoencoder autoencoder;
  private final ShardWriter writer;
  private final LatentRanges ranges;
  private final List<SegmentRow> rows = new ArrayList<>();

  VideoEncoder(
      SourceVideo video, EncodeRecipe recipe, Autoencoder autoencoder, ShardWriter writer) {
    this.video = video;
    this.recipe = recipe;
    this.autoencoder = autoencoder;
    this.writer = writer;
    this.ranges = new LatentRanges(autoencoder.latentChannels());
  }

  /**
   * Writes the video's rows.
   *
   * @throws RejectedVideoException if it cannot be decoded or is too short; rows may have been
   *     written before that shows
   */
  EncodedVideo encode(Configuration hadoop) throws IOException {
    int frames;
    try (FrameStream stream = open(hadoop)) {
      frames = encodeFrames(stream);
    } catch (VideoDecodeException e) {
      throw new RejectedVideoException(withoutId(e.getMessage()), e);
    }
    return new EncodedVideo(
        video.id(), video.bytes(), video.identity(), video.label(), video.split(), frames, rows);
  }

  /** Whether rows were written. */
  boolean hasWritten() {
    return !rows.isEmpty();
  }

  /** Of the rows written. */
  LatentRanges ranges() {
    return ranges;
  }

  private FrameStream open(Configuration hadoop) throws IOException {
    List<SourceFile> files;
    try {
      files = video.files(hadoop);
      if (video.form() == SourceVideo.Form.FILE) {
        return VideoDecoder.open(files.get(0).open(hadoop), recipe.limits());
      }
    } catch (VideoDecodeException e) {
      throw e;
    } catch (IOException e) {
      throw new RejectedVideoException("cannot be opened: " + withoutLocation(e.getMessage()), e);
    }
    return new PictureSequence(
        files.stream().map(file -> picture(file, hadoop)).toList(), recipe.limits());
  }

  private static PictureSequence.Picture picture(SourceFile file, Configuration hadoop) {
    return new PictureSequence.Picture() {
      @Override
      public String name() {
        return file.name();
      }

      @Override
      public MediaInput open() throws IOException {
        return file.open(hadoop);
      }
    };
  }

  /** Reasons are listed by source. */
  private String withoutId(String message) {
    return message.startsWith(video.id() + ": ")
        ? message.substring(video.id().length() + 2)
        : message;
  }

  /** The machine's paths differ between machines. */
  private String withoutLocation(String message) {
    return message.replace(new Path(video.location()).toString(), video.id());
  }

  private int encodeFrames(FrameStream decoder) throws IOException {
    int size = recipe.transform().size();
    FrameEncoder encoder =
        new FrameEncoder(autoencoder, size, recipe.batch(), cutters(decoder.framesPerSecond()));
    Optional<VideoFrame> frame = decoder.next();
    while (frame.isPresent()) {
      encoder.add(recipe.transform().apply(frame.get().image()));
      frame = decoder.next();
    }
    if (decoder.decoded() < recipe.minimumFrames()) {
      throw new RejectedVideoException(
          "too short: %d frames, and %d are needed (encode.minimum-frames)"
              .formatted(decoder.decoded(), recipe.minimumFrames()));
    }
    if (decoder.damaged() > recipe.mostDamaged()) {
      throw new RejectedVideoException(
          "damaged: %d of its packets or frames could not be decoded whole, and %d may be"
                  .formatted(decoder.damaged(), recipe.mostDamaged())
              + " (encode.max-damaged-frames)");
    }
    encoder.finish();
    return decoder.decoded();
  }

  private List<SegmentCutter> cutters(double framesPerSecond) {
    VideoOrigin origin =
        new VideoOrigin(
            video.id(),
            video.label(),
            video.className(),
            video.split(),
            video.caption(),
            framesPerSecond);
    SegmentCutter plain = cutter(origin, false);
    return recipe.mirroring() == Mirroring.BOTH
        ? List.of(plain, cutter(origin, true))
        : List.of(plain);
  }

  private SegmentCutter cutter(VideoOrigin origin, boolean flipped) {
    int side = recipe.transform().size() / autoencoder.downsampling();
    return new SegmentCutter(
        recipe.segmentation(),
        (start, frames, moments) -> {
          LatentShape shape = new LatentShape(frames, autoencoder.latentChannels(), side, side);
          LatentSegment segment =
              new LatentSegment(
                  origin, start, flipped, shape, autoencoder.scalingFactor(), moments);
          writer.write(segment);
          ranges.include(segment);
          rows.add(new SegmentRow(start, frames, flipped));
        });
  }
}
