package org.latte4j.data.source;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * How a data set keeps its videos below a folder. Stateless.
 *
 * <p>Listings are sorted by the UTF-16 code units of the names, so that the same folder gives the
 * same order and the same labels on every file system. Names that start with '.' or '_' and files
 * that do not end like a video are passed over. Splits are named where the layout knows them, and
 * left empty elsewhere ({@link SplitRule}).
 */
public interface SourceLayout {
  /**
   * Lists the videos below a folder, without opening them.
   *
   * @param root the folder; without a scheme, on the configuration's default file system
   * @throws InvalidSourceException if there is no such folder or it holds no videos in this layout
   * @throws IOException if listing fails
   */
  SourceListing list(Path root, Configuration configuration) throws IOException;
}
