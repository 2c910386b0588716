package org.latte4j.data.clip;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.latte4j.data.shard.EncodedVideo;
import org.latte4j.data.shard.Manifest;
import org.latte4j.data.shard.ShardFile;

/**
 * All videos of a data set, numbered from 0 in the manifest's order of their first rows, and where
 * their rows lie. Parts of a video that is divided among several files are put together.
 *
 * <p>Immutable and thread-safe. Holds three integers a video beside the manifest.
 */
final class VideoPlaces {
  private final Manifest manifest;
  private final int[] files;
  private final int[] places;
  private final int[] firstRows;
  private final Map<Integer, Divided> divided;

  private VideoPlaces(
      Manifest manifest,
      int[] files,
      int[] places,
      int[] firstRows,
      Map<Integer, Divided> divided) {
    this.manifest = manifest;
    this.files = files;
    this.places = places;
    this.firstRows = firstRows;
    this.divided = divided;
  }

  static VideoPlaces of(Manifest manifest) {
    Set<String> continued = continued(manifest);
    Map<String, Integer> begun = new HashMap<>();
    Map<Integer, Divided> divided = new HashMap<>();
    int most = manifest.files().stream().mapToInt(file -> file.videos().size()).sum();
    int[] files = new int[most];
    int[] places = new int[most];
    int[] firstRows = new int[most];
    int count = 0;
    for (int file = 0; file < manifest.files().size(); file++) {
      int row = 0;
      List<EncodedVideo> videos = manifest.files().get(file).videos();
      for (int place = 0; place < videos.size(); place++) {
        EncodedVideo video = videos.get(place);
        Integer known = begun.get(video.source());
        if (known != null) {
          divided.merge(known, Divided.of(video, file, row), Divided::and);
        } else {
          if (continued.contains(video.source())) {
            begun.put(video.source(), count);
            divided.put(count, Divided.of(video, file, row));
          }
          files[count] = file;
          places[count] = place;
          firstRows[count] = row;
          count++;
        }
        row += video.rows().size();
      }
    }
    return new VideoPlaces(
        manifest,
        Arrays.copyOf(files, count),
        Arrays.copyOf(places, count),
        Arrays.copyOf(firstRows, count),
        Map.copyOf(divided));
  }

  /** Sources of which a later part lies somewhere. */
  private static Set<String> continued(Manifest manifest) {
    Set<String> sources = new HashSet<>();
    for (ShardFile file : manifest.files()) {
      for (EncodedVideo video : file.videos()) {
        if (video.continues()) {
          sources.add(video.source());
        }
      }
    }
    return sources;
  }

  int size() {
    return files.length;
  }

  EncodedVideo video(int index) {
    Divided parts = divided.get(index);
    return parts != null
        ? parts.video()
        : manifest.files().get(files[index]).videos().get(places[index]);
  }

  /**
   * Where a row of a video lies.
   *
   * @param row of the video's rows
   */
  ClipCatalog.RowLocation location(int index, int row) {
    Divided parts = divided.get(index);
    return parts != null
        ? parts.location(row)
        : new ClipCatalog.RowLocation(files[index], firstRows[index] + row);
  }

  /**
   * A video in several files.
   *
   * @param video all of it
   * @param stretches in the order of the rows
   */
  private record Divided(EncodedVideo video, List<Stretch> stretches) {
    static Divided of(EncodedVideo part, int file, int firstRow) {
      return new Divided(part, List.of(new Stretch(file, firstRow, 0)));
    }

    Divided and(Divided part) {
      List<Stretch> all = new ArrayList<>(stretches);
      for (Stretch stretch : part.stretches) {
        all.add(new Stretch(stretch.file(), stretch.firstRow(), video.rows().size()));
      }
      return new Divided(video.with(part.video), all);
    }

    ClipCatalog.RowLocation location(int index) {
      Stretch found = stretches.get(0);
      for (Stretch stretch : stretches) {
        if (stretch.firstIndex() <= index) {
          found = stretch;
        }
      }
      return new ClipCatalog.RowLocation(
          found.file(), found.firstRow() + index - found.firstIndex());
    }
  }

  /**
   * Rows of a video that follow one another in a file.
   *
   * @param firstIndex of them among the video's rows
   */
  private record Stretch(int file, int firstRow, int firstIndex) {}
}
