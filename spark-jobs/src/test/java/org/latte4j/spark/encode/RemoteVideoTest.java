package org.latte4j.spark.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.statistics.IOStatisticsSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.data.source.SourceFile;
import org.latte4j.data.video.DecodeLimits;
import org.latte4j.data.video.FrameRange;
import org.latte4j.data.video.KeyFrameIndex;
import org.latte4j.data.video.RgbImage;
import org.latte4j.data.video.VideoDecoder;
import org.latte4j.data.video.VideoFormat;
import org.latte4j.data.video.VideoWriter;
import org.latte4j.spark.S3Server;

/** What is fetched of a video that lies in an object store: it is never copied whole. */
class RemoteVideoTest {
  private static final int FRAMES = 120;

  @TempDir static Path folder;

  private static S3Server s3;
  private static Configuration hadoop;
  private static FileSystem bucket;

  @BeforeAll
  static void startServer() throws Exception {
    s3 = S3Server.start("videos");
    hadoop = s3.hadoop();
    bucket = FileSystem.get(new org.apache.hadoop.fs.Path(s3.path("")).toUri(), hadoop);
  }

  @AfterAll
  static void stopServer() throws Exception {
    bucket.close();
    s3.close();
  }

  @Test
  void wholeVideoIsFetchedOnceInAFewRequests() throws IOException {
    SourceFile video = upload();
    Fetched before = Fetched.now();
    try (VideoDecoder decoder = VideoDecoder.open(video.open(hadoop))) {
      while (decoder.next().isPresent()) {
        // All of it.
      }
      assertThat(decoder.decoded()).isEqualTo(FRAMES);
    }
    Fetched fetched = Fetched.now().since(before);
    System.out.printf("decoding %d bytes: %s%n", video.bytes(), fetched);
    assertThat(fetched.bytes()).isBetween(video.bytes() - 1000, video.bytes() * 11 / 10);
    assertThat(fetched.requests()).isLessThanOrEqualTo(5);
  }

  @Test
  void partAtTheEndIsFoundByItsIndexAndTheRestNotFetched() throws IOException {
    SourceFile video = upload();
    FrameRange end =
        KeyFrameIndex.read(video.open(hadoop), DecodeLimits.GENEROUS).range(FRAMES - 10, 10);
    Fetched before = Fetched.now();
    try (VideoDecoder decoder = VideoDecoder.open(video.open(hadoop), DecodeLimits.GENEROUS, end)) {
      while (decoder.next().isPresent()) {
        // The last ten frames.
      }
      assertThat(decoder.decoded()).isEqualTo(10);
    }
    Fetched fetched = Fetched.now().since(before);
    System.out.printf("decoding the end of %d bytes: %s%n", video.bytes(), fetched);
    assertThat(fetched.bytes()).isLessThan(video.bytes() / 2);
  }

  /** Pictures of coarse noise, which hardly compress. */
  private static SourceFile upload() throws IOException {
    Path local = folder.resolve("noise.mp4");
    if (!Files.exists(local)) {
      Random random = new Random(7);
      try (VideoWriter writer = VideoWriter.create(local, VideoFormat.MP4, 640, 480, 25)) {
        for (int frame = 0; frame < FRAMES; frame++) {
          byte[] pixels = new byte[3 * 80 * 60];
          random.nextBytes(pixels);
          writer.write(new RgbImage(80, 60, pixels).enlarged(8));
        }
        writer.finish();
      }
    }
    org.apache.hadoop.fs.Path remote =
        new org.apache.hadoop.fs.Path(s3.path(local.getFileName().toString()));
    bucket.copyFromLocalFile(new org.apache.hadoop.fs.Path(local.toUri()), remote);
    assertThat(Files.size(local)).isGreaterThan(500_000);
    return new SourceFile("noise", remote.toString(), Files.size(local));
  }

  /**
   * What streams of closed files have fetched.
   *
   * @param bytes also those that were fetched and not used
   */
  private record Fetched(long bytes, long requests) {
    static Fetched now() {
      return new Fetched(
          count("stream_read_bytes")
              + count("stream_read_bytes_discarded_in_close")
              + count("stream_read_seek_bytes_discarded"),
          count("stream_read_opened"));
    }

    Fetched since(Fetched before) {
      return new Fetched(bytes - before.bytes, requests - before.requests);
    }

    private static long count(String name) {
      return IOStatisticsSupport.retrieveIOStatistics(bucket).counters().get(name);
    }
  }
}
