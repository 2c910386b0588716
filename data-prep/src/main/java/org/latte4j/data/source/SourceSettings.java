package org.latte4j.data.source;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.latte4j.model.settings.Settings;
import org.latte4j.model.settings.SettingsException;

/**
 * The settings {@code source.*}: where the videos come from.
 *
 * @param name the layout
 * @param lists folder of UCF101's official lists, or the list file; empty for none
 * @param fold of UCF101's lists
 * @param rule for videos whose split nothing else names
 * @param splits that are taken; empty for all
 * @param identity what tells a changed video
 * @param textEmbeddings list or folder of text embeddings; empty for none
 */
public record SourceSettings(
    Name name,
    Optional<String> lists,
    int fold,
    SplitRule rule,
    List<String> splits,
    Identity identity,
    Optional<String> textEmbeddings) {
  private static final int FOLDS = 3;

  /** The layouts. */
  public enum Name {
    /** Video files, no classes. */
    FOLDER,
    /** Folders of frames, no classes. */
    FRAMES,
    /** Video files and folders of frames, no classes. */
    EITHER,
    /** A folder a class. */
    UCF101,
    /** What a list file names. */
    LIST
  }

  /** What tells a changed video from an unchanged one. */
  public enum Identity {
    /** Size and modification time. */
    STAT,
    /** A digest of the content, for which all of it is read. */
    CONTENT
  }

  /** Copies the list. */
  public SourceSettings {
    splits = List.copyOf(splits);
  }

  /**
   * Reads the keys {@code source.*}.
   *
   * @throws SettingsException naming the key whose value is not allowed
   */
  public static SourceSettings from(Settings settings) {
    Name name = settings.oneOf("source.layout", Name.class);
    Optional<String> lists = settings.optionalText("source.lists");
    if (name == Name.LIST && lists.isEmpty()) {
      throw settings.invalid("source.lists", "the list file that source.layout = list reads");
    }
    if (lists.isPresent() && name != Name.LIST && name != Name.UCF101) {
      throw settings.invalid(
          "source.lists", "empty: only source.layout = ucf101 and list read lists");
    }
    return new SourceSettings(
        name,
        lists,
        settings.integer("source.fold", 1, FOLDS),
        new SplitRule(
            settings.number("source.test-share", 0, 1),
            settings.wholeNumber("source.split-seed", Long.MIN_VALUE, Long.MAX_VALUE)),
        settings.list("source.splits"),
        settings.oneOf("source.identity", Identity.class),
        settings.optionalText("source.text-embeddings"));
  }

  /** The layout that they describe. */
  public SourceLayout layout() {
    return switch (name) {
      case FOLDER -> new FolderLayout(FolderLayout.Content.VIDEOS);
      case FRAMES -> new FolderLayout(FolderLayout.Content.FRAMES);
      case EITHER -> new FolderLayout(FolderLayout.Content.EITHER);
      case UCF101 -> new Ucf101Layout(lists.map(Path::new), fold);
      case LIST -> new ListLayout(new Path(lists.orElseThrow()));
    };
  }

  /**
   * Lists a folder, names the split of every video and keeps those of the wanted splits.
   *
   * @throws InvalidSourceException if nothing is left, or the folder is not laid out as set
   */
  public SourceListing list(Path root, Configuration configuration) throws IOException {
    SourceListing listing = layout().list(root, configuration);
    List<SourceVideo> all = listing.videos().stream().map(rule::assign).toList();
    List<SourceVideo> wanted =
        all.stream().filter(video -> splits.isEmpty() || splits.contains(video.split())).toList();
    if (wanted.isEmpty()) {
      throw new InvalidSourceException(
          "%s: none of its %d videos is left: source.splits = %s, and there are the splits %s; %d listed videos are not there"
              .formatted(
                  root,
                  all.size(),
                  splits,
                  all.stream().map(SourceVideo::split).distinct().sorted().toList(),
                  listing.rejected().size()));
    }
    return new SourceListing(wanted, listing.classNames(), listing.rejected());
  }

  /** Those that decide what a data set holds, by key. */
  public Map<String, String> deciding() {
    Map<String, String> deciding = new TreeMap<>();
    deciding.put("source.layout", name.name().toLowerCase(Locale.ROOT));
    deciding.put("source.test-share", String.valueOf(rule.testShare()));
    deciding.put("source.split-seed", String.valueOf(rule.seed()));
    if (name == Name.UCF101) {
      deciding.put("source.fold", lists.isPresent() ? String.valueOf(fold) : "none");
    }
    deciding.put("source.identity", identity.name().toLowerCase(Locale.ROOT));
    return deciding;
  }
}
