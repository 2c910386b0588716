package org.latte4j.data.shard;

/**
 * A committed shard file.
 *
 * @param name in the folder
 * @param bytes its length
 * @param sha256 of its content, in hexadecimal
 * @param rows in it
 */
public record StoredFile(String name, long bytes, String sha256, int rows)
    implements java.io.Serializable {}
