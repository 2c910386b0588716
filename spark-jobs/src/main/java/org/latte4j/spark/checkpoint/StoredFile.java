package org.latte4j.spark.checkpoint;

import java.io.Serializable;

/**
 * A finished file of a checkpoint.
 *
 * @param name in the checkpoint's folder
 * @param bytes its length
 * @param crc32c of its content, in hexadecimal
 */
public record StoredFile(String name, long bytes, String crc32c) implements Serializable {}
