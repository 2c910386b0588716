package org.latte4j.data.decoder;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.javacpp.Loader;
import org.slf4j.LoggerFactory;

/** The command line that starts a decoder process. */
final class DecoderCommand {
  private static final long MEBIBYTE = 1 << 20;

  /** Address space of a JVM beside its heap: code, classes, libraries, stacks. */
  private static final long JVM_BYTES = 1200 * MEBIBYTE;

  private DecoderCommand() {}

  /**
   * The command.
   *
   * @param memoryBytes outside the heap
   * @param largestFrame in pixels: the heap holds a few frames of RGB
   */
  static List<String> of(long memoryBytes, long largestFrame) {
    long heap = 64 * MEBIBYTE + 12 * largestFrame;
    long kibibytes = (memoryBytes + heap + JVM_BYTES) / 1024;
    List<String> command =
        new ArrayList<>(
            List.of(
                "/bin/sh",
                "-c",
                // No core files; all memory that native code may ask for.
                "ulimit -c 0; ulimit -v \"$0\" && exec \"$@\"",
                Long.toString(kibibytes)));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx" + heap / 1024 + "k",
            "-XX:+UseSerialGC",
            "-XX:CompressedClassSpaceSize=32m",
            "-XX:ReservedCodeCacheSize=64m",
            "-XX:-UsePerfData",
            "-XX:+SuppressFatalErrorMessage",
            "-Dorg.bytedeco.javacpp.maxbytes=0",
            "-Dorg.bytedeco.javacpp.maxphysicalbytes=0",
            "-cp",
            classPath(),
            DecoderMain.class.getName()));
    return command;
  }

  /** What decoding needs, out of a class path that on a cluster has hundreds of entries. */
  private static String classPath() {
    String platform = Loader.getPlatform();
    Set<String> places = new LinkedHashSet<>();
    for (Class<?> type :
        List.of(DecoderMain.class, avcodec.class, Loader.class, LoggerFactory.class)) {
      places.add(place(type.getName().replace('.', '/') + ".class"));
    }
    places.add(place("org/bytedeco/ffmpeg/" + platform + "/libjniavcodec.so"));
    places.add(place("org/bytedeco/javacpp/" + platform + "/libjnijavacpp.so"));
    return String.join(System.getProperty("path.separator"), places);
  }

  /** The jar or folder that holds a resource. */
  private static String place(String resource) {
    URL url = DecoderCommand.class.getClassLoader().getResource(resource);
    if (url == null) {
      throw new IllegalStateException("the class path lacks " + resource);
    }
    try {
      URLConnection connection = url.openConnection();
      if (connection instanceof JarURLConnection jar) {
        return Path.of(jar.getJarFileURL().toURI()).toString();
      }
      String file = Path.of(url.toURI()).toString();
      return file.substring(0, file.length() - resource.length());
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException("no path for " + url, e);
    }
  }
}
