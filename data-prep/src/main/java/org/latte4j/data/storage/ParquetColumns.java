package org.latte4j.data.storage;

import java.util.zip.CRC32C;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/** Columns of the Parquet files that hold latents and frames. */
public final class ParquetColumns {
  private ParquetColumns() {}

  /** A column of text, required. */
  public static Type text(String name) {
    return Types.required(PrimitiveTypeName.BINARY)
        .as(LogicalTypeAnnotation.stringType())
        .named(name);
  }

  /** A column of a primitive type, required. */
  public static Type column(PrimitiveTypeName type, String name) {
    return Types.required(type).named(name);
  }

  /** CRC32C of a binary value, 0 to 2^32 - 1: what a row's checksum holds. */
  public static long checksum(byte[] value) {
    CRC32C crc = new CRC32C();
    crc.update(value);
    return crc.getValue();
  }
}
