package org.latte4j.data.frames;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.latte4j.data.decoder.DecoderDiedException;
import org.latte4j.data.decoder.DecoderProcess;
import org.latte4j.data.decoder.DecoderProcess.DecodedVideo;
import org.latte4j.data.shard.RejectedVideo;
import org.latte4j.data.source.SourceFile;
import org.latte4j.data.source.SourceVideo;
import org.latte4j.data.video.FrameRange;
import org.latte4j.data.video.VideoDecodeException;
import org.latte4j.data.video.VideoFrame;

/**
 * Makes one file of frames: decodes and transforms its videos one after the other. Memory is
 * bounded by a row group, whatever the videos' lengths.
 *
 * <p>A video that turns out to be damaged after frames of it were written cannot be taken out of
 * the file again; the file is then begun anew without it. One that ends the decoder's process, or
 * whose bytes cannot be read, gets a second chance: the cause may have been the machine.
 *
 * <p>Not thread-safe.
 */
public final class FrameExtractor {
  private final FrameRecipe recipe;
  private final Path folder;
  private final Configuration hadoop;

  /** An extractor that writes to a folder. */
  public FrameExtractor(FrameRecipe recipe, Path folder, Configuration hadoop) {
    this.recipe = recipe;
    this.folder = folder;
    this.hadoop = hadoop;
  }

  /**
   * Makes a file.
   *
   * @param name of the file
   * @param videos to go into it, in this order
   * @param attempt distinguishes extractors that race for the same file
   * @throws IOException if the file cannot be written; videos that cannot be read are listed
   *     instead
   */
  public FrameFile extract(String name, List<SourceVideo> videos, long attempt) throws IOException {
    Map<String, RejectedVideo> rejected = new LinkedHashMap<>();
    Set<String> suspects = new HashSet<>();
    try (DecoderProcess decoder =
        new DecoderProcess(recipe.decoder(), recipe.transform(), recipe.limits(), hadoop)) {
      while (true) {
        try (FrameFileWriter writer = FrameFileWriter.create(folder, name, attempt, hadoop)) {
          Optional<List<FrameFile.Video>> whole =
              extract(videos, decoder, writer, rejected, suspects);
          if (whole.isPresent()) {
            writer.commit();
            return new FrameFile(
                name,
                writer.bytes(),
                writer.takeSha256(),
                whole.get(),
                List.copyOf(rejected.values()));
          }
        }
      }
    }
  }

  /** Nothing if the file must be begun anew. */
  private Optional<List<FrameFile.Video>> extract(
      List<SourceVideo> videos,
      DecoderProcess decoder,
      FrameFileWriter writer,
      Map<String, RejectedVideo> rejected,
      Set<String> suspects)
      throws IOException {
    List<FrameFile.Video> written = new ArrayList<>();
    for (SourceVideo video : videos) {
      if (rejected.containsKey(video.id())) {
        continue;
      }
      Extraction extraction = new Extraction(video, writer);
      try {
        extraction.run(decoder);
        written.add(
            new FrameFile.Video(video.id(), video.identity(), video.split(), extraction.frames));
      } catch (UnusableVideoException e) {
        boolean again = e.mayPass && suspects.add(video.id());
        if (!again) {
          rejected.put(
              video.id(),
              new RejectedVideo(video.id(), video.bytes(), video.identity(), e.getMessage()));
        }
        if (again || extraction.frames > 0) {
          return Optional.empty();
        }
      }
    }
    return Optional.of(written);
  }

  /** A video of which no frames can be had; the message is the reason. */
  private static final class UnusableVideoException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean mayPass;

    UnusableVideoException(String reason, Throwable cause, boolean mayPass) {
      super(reason, cause);
      this.mayPass = mayPass;
    }
  }

  /** One video on its way into the file. */
  private final class Extraction {
    private final SourceVideo video;
    private final FrameFileWriter writer;
    private int frames;

    Extraction(SourceVideo video, FrameFileWriter writer) {
      this.video = video;
      this.writer = writer;
    }

    void run(DecoderProcess decoder) throws IOException {
      try (DecodedVideo decoded = decoder.open(video, files(), FrameRange.WHOLE)) {
        write(decoded);
      } catch (DecoderDiedException e) {
        boolean crash = e.reason() == DecoderDiedException.Cause.CRASH;
        throw new UnusableVideoException(reason(e), e, crash);
      } catch (VideoDecodeException e) {
        boolean unreadable = e.reason() == VideoDecodeException.Reason.UNREADABLE;
        throw new UnusableVideoException(reason(e), e, unreadable);
      }
    }

    private List<SourceFile> files() throws UnusableVideoException {
      try {
        return video.files(hadoop);
      } catch (IOException e) {
        throw new UnusableVideoException("cannot be listed: " + reason(e), e, true);
      }
    }

    private void write(DecodedVideo decoded) throws IOException {
      Optional<VideoFrame> frame = decoded.next();
      while (frame.isPresent()) {
        int index = frame.get().index();
        if (index % recipe.every() == 0) {
          writer.write(video.id(), video.split(), index, frame.get().image());
          frames++;
        }
        frame = decoded.next();
      }
      if (decoded.damaged() > recipe.mostDamaged()) {
        throw new UnusableVideoException(
            "damaged: %d of its packets or frames could not be decoded whole, and %d may be"
                    .formatted(decoded.damaged(), recipe.mostDamaged())
                + " (encode.max-damaged-frames)",
            null,
            false);
      }
    }

    /** Reasons are listed by source, and the machine's paths differ between machines. */
    private String reason(IOException cause) {
      String message = String.valueOf(cause.getMessage());
      String prefix = video.id() + ": ";
      String text = message.startsWith(prefix) ? message.substring(prefix.length()) : message;
      Path path = new Path(video.location());
      return text.replace(path.toString(), video.id()).replace(path.toUri().getPath(), video.id());
    }
  }
}
