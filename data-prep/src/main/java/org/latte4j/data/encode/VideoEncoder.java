package org.latte4j.data.encode;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.latte4j.data.decoder.DecoderDiedException;
import org.latte4j.data.decoder.DecoderProcess;
import org.latte4j.data.decoder.DecoderProcess.DecodedVideo;
import org.latte4j.data.shard.EncodedVideo;
import org.latte4j.data.shard.LatentSegment;
import org.latte4j.data.shard.SegmentRow;
import org.latte4j.data.shard.ShardWriter;
import org.latte4j.data.shard.TextEncoding;
import org.latte4j.data.shard.VideoOrigin;
import org.latte4j.data.source.InvalidSourceException;
import org.latte4j.data.source.SourceFile;
import org.latte4j.data.source.SourceVideo;
import org.latte4j.data.video.VideoDecodeException;
import org.latte4j.data.video.VideoFrame;
import org.latte4j.model.autoencoder.Autoencoder;
import org.latte4j.model.diffusion.LatentShape;

/** Encodes one video, or a part of it, into rows of a shard. Used once. */
final class VideoEncoder {
  private final PlannedVideo planned;
  private final SourceVideo video;
  private final EncodeRecipe recipe;
  private final Autoencoder autoencoder;
  private final TextEncoding text;
  private final ShardWriter writer;
  private final LatentRanges ranges;
  private final List<SegmentRow> rows = new ArrayList<>();
  private byte[] embedding = new byte[0];

  VideoEncoder(
      PlannedVideo planned,
      EncodeRecipe recipe,
      Autoencoder autoencoder,
      TextEncoding text,
      ShardWriter writer) {
    this.text = text;
    this.planned = planned;
    this.video = planned.video();
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
  EncodedVideo encode(DecoderProcess decoder, TextReader texts, Configuration hadoop)
      throws IOException {
    embedding = embedding(texts);
    int frames;
    try (DecodedVideo decoded = decoder.open(video, files(hadoop), planned.range())) {
      frames = encodeFrames(decoded);
    } catch (DecoderDiedException e) {
      String reason = withoutId(e.getMessage());
      throw e.reason() == DecoderDiedException.Cause.CRASH
          ? RejectedVideoException.thisTime(reason, e)
          : RejectedVideoException.forGood(reason, e);
    } catch (VideoDecodeException e) {
      String reason = withoutId(e.getMessage());
      throw e.reason() == VideoDecodeException.Reason.UNREADABLE
          ? RejectedVideoException.thisTime(reason, e)
          : RejectedVideoException.forGood(reason, e);
    }
    return new EncodedVideo(
        video.id(),
        video.bytes(),
        video.identity(),
        video.label(),
        video.split(),
        planned.part() ? planned.share() : frames,
        rows);
  }

  /** Whether rows were written. */
  boolean hasWritten() {
    return !rows.isEmpty();
  }

  /** Of the rows written. */
  LatentRanges ranges() {
    return ranges;
  }

  private byte[] embedding(TextReader texts) throws RejectedVideoException {
    if (!text.present()) {
      return embedding;
    }
    try {
      return texts.read(video.text(), text);
    } catch (InvalidSourceException e) {
      throw RejectedVideoException.forGood(e.getMessage(), e);
    } catch (IOException e) {
      throw RejectedVideoException.thisTime(
          "its text embedding cannot be read: " + withoutPath(e.getMessage()), e);
    }
  }

  private List<SourceFile> files(Configuration hadoop) throws RejectedVideoException {
    try {
      return video.files(hadoop);
    } catch (IOException e) {
      throw RejectedVideoException.thisTime("cannot be listed: " + withoutPath(e.getMessage()), e);
    }
  }

  /** Reasons are listed by source, and the machine's paths differ between machines. */
  private String withoutId(String message) {
    String text =
        message.startsWith(video.id() + ": ")
            ? message.substring(video.id().length() + 2)
            : message;
    return withoutPath(text);
  }

  private String withoutPath(String message) {
    Path path = new Path(video.location());
    return message.replace(path.toString(), video.id()).replace(path.toUri().getPath(), video.id());
  }

  private int encodeFrames(DecodedVideo decoded) throws IOException {
    int size = recipe.transform().size();
    FrameEncoder encoder =
        new FrameEncoder(autoencoder, size, recipe.batch(), cutters(decoded.framesPerSecond()));
    Optional<VideoFrame> frame = decoded.next();
    while (frame.isPresent()) {
      encoder.add(frame.get().image());
      frame = decoded.next();
    }
    if (!planned.part() && decoded.decoded() < recipe.minimumFrames()) {
      throw RejectedVideoException.forGood(
          "too short: %d frames, and %d are needed (encode.minimum-frames)"
              .formatted(decoded.decoded(), recipe.minimumFrames()));
    }
    if (decoded.damaged() > recipe.mostDamaged()) {
      throw RejectedVideoException.forGood(
          "damaged: %d of its packets or frames could not be decoded whole, and %d may be"
                  .formatted(decoded.damaged(), recipe.mostDamaged())
              + " (encode.max-damaged-frames)");
    }
    encoder.finish();
    return decoded.decoded();
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
        planned.range().firstFrame(),
        (start, frames, moments) -> {
          LatentShape shape = new LatentShape(frames, autoencoder.latentChannels(), side, side);
          LatentSegment segment =
              new LatentSegment(
                  origin, start, flipped, shape, autoencoder.scalingFactor(), moments, embedding);
          writer.write(segment);
          ranges.include(segment);
          rows.add(new SegmentRow(start, frames, flipped));
        });
  }
}
