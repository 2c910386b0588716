package org.latte4j.model.weights;

import java.nio.ByteBuffer;
import java.util.Optional;

/** Types of stored values; the names are those of the safetensors format. */
public enum ElementType {
  F64(8, true),
  F32(4, true),
  F16(2, true),
  BF16(2, true),
  I64(8, false),
  I32(4, false),
  I16(2, false),
  I8(1, false),
  U64(8, false),
  U32(4, false),
  U16(2, false),
  U8(1, false),
  /** One byte, 0 or 1. */
  BOOL(1, false);

  private final int bytes;
  private final boolean floating;

  ElementType(int bytes, boolean floating) {
    this.bytes = bytes;
    this.floating = floating;
  }

  /** Size of a value in bytes. */
  public int bytes() {
    return bytes;
  }

  /** Whether values are floating-point numbers. */
  public boolean isFloating() {
    return floating;
  }

  /** The type of a safetensors name; empty if that type is not read. */
  static Optional<ElementType> named(String name) {
    for (ElementType type : values()) {
      if (type.name().equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** The floating-point value at a byte position. */
  double doubleAt(ByteBuffer values, int position) {
    switch (this) {
      case F64:
        return values.getDouble(position);
      case F32:
        return values.getFloat(position);
      case F16:
        return Float16.toFloat(values.getShort(position));
      case BF16:
        return BFloat16.toFloat(values.getShort(position));
      default:
        throw new IllegalStateException(this + " is not a floating-point type");
    }
  }

  /** The whole number at a byte position; a U64 beyond 2^63 - 1 comes out negative. */
  long longAt(ByteBuffer values, int position) {
    switch (this) {
      case I64:
      case U64:
        return values.getLong(position);
      case I32:
        return values.getInt(position);
      case U32:
        return Integer.toUnsignedLong(values.getInt(position));
      case I16:
        return values.getShort(position);
      case U16:
        return Short.toUnsignedLong(values.getShort(position));
      case I8:
        return values.get(position);
      case U8:
      case BOOL:
        return Byte.toUnsignedLong(values.get(position));
      default:
        throw new IllegalStateException(this + " is not a type of whole numbers");
    }
  }

  /** Appends a floating-point value, rounded to nearest even. */
  void put(float value, ByteBuffer to) {
    switch (this) {
      case F64 -> to.putDouble(value);
      case F32 -> to.putFloat(value);
      case F16 -> to.putShort(Float16.fromFloat(value));
      case BF16 -> to.putShort(BFloat16.fromFloat(value));
      default -> throw new IllegalStateException(this + " is not a floating-point type");
    }
  }
}
