package org.latte4j.data.source;

import java.io.Serializable;

/**
 * Where the text embedding of a video lies.
 *
 * @param file full address of a safetensors file on a Hadoop file system; empty for none
 * @param key of the array; empty if it is the only one in the file
 * @param identity what tells a changed file from an unchanged one
 */
public record TextLocation(String file, String key, String identity) implements Serializable {
  /** Of a video without a text embedding. */
  public static final TextLocation NONE = new TextLocation("", "", "");

  /** Whether there is one. */
  public boolean present() {
    return !file.isEmpty();
  }

  /** The file's name without its folders, which differ between machines. */
  public String name() {
    return file.substring(file.lastIndexOf('/') + 1);
  }
}
