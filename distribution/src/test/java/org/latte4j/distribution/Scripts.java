package org.latte4j.distribution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** Small programs that stand in a test where Java, Maven, Spark or a driver's tool would. */
final class Scripts {
  /** What bin/latte uses of the system. */
  private static final List<String> TOOLS =
      List.of(
          "bash",
          "cat",
          "dirname",
          "basename",
          "env",
          "find",
          "flock",
          "grep",
          "head",
          "mkdir",
          "mv",
          "readlink",
          "rm",
          "sed",
          "sleep",
          "tail",
          "touch");

  private Scripts() {}

  static Path write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/bash\n" + text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** A JDK of a version whose java prints each of its arguments in brackets. */
  static Path jdk(Path folder, String version) throws IOException {
    write(folder.resolve("bin/java"), "printf '[%s]\\n' \"$@\"\n");
    write(folder.resolve("bin/javac"), "exit 1\n");
    Files.writeString(folder.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    return folder;
  }

  /** A folder for PATH that has the system's tools, and neither Java nor Maven. */
  static Path path(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (String tool : TOOLS) {
      for (String place : new String[] {"/usr/bin/", "/bin/"}) {
        if (Files.exists(Path.of(place + tool))) {
          Files.createSymbolicLink(folder.resolve(tool), Path.of(place + tool));
          break;
        }
      }
    }
    return folder;
  }
}
