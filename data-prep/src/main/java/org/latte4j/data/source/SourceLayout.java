package org.latte4j.data.source;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * How a data set keeps its videos below a folder. Stateless.
 *
 * <p>Listings are sorted by the UTF-16 code units of the names, so that the same folder gives the
 * same order and the same labels on every file system. Names that start with '.' or '_' and files
 * that do not end like a video are passed over.
 */
public interface SourceLayout {
  /** The value of the setting {@code source.layout} that stands for it. */
  String name();

  /**
   * Lists the videos below a folder, without opening them.
   *
   * @param root the folder; without a scheme, on the configuration's default file system
   * @throws InvalidSourceException if there is no such folder or it holds no videos in this layout
   * @throws IOException if listing fails
   */
  SourceListing list(Path root, Configuration configuration) throws IOException;

  /**
   * The layout of a setting.
   *
   * @param name {@code folder} or {@code ucf101}
   * @throws IllegalArgumentException for another name
   */
  static SourceLayout named(String name) {
    return switch (name) {
      case FolderLayout.NAME -> new FolderLayout();
      case Ucf101Layout.NAME -> new Ucf101Layout();
      default ->
          throw new IllegalArgumentException(
              "source.layout = \"%s\" is not known; allowed are %s and %s"
                  .formatted(name, FolderLayout.NAME, Ucf101Layout.NAME));
    };
  }
}
