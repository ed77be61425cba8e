package io.github.tensorboard4j;

/** Element types of tensors, with their numbers in TensorFlow's {@code types.proto}, which TensorBoard uses too. */
public enum DType {
  /** A type that is not known, or that TensorFlow has no number for. */
  UNKNOWN(0),
  /** 32-bit IEEE 754. */
  FLOAT(1),
  /** 64-bit IEEE 754. */
  DOUBLE(2),
  /** 32-bit signed integer. */
  INT32(3),
  /** 8-bit unsigned integer. */
  UINT8(4),
  /** 16-bit signed integer. */
  INT16(5),
  /** 8-bit signed integer. */
  INT8(6),
  /** Text. */
  STRING(7),
  /** Two 32-bit floats. */
  COMPLEX64(8),
  /** 64-bit signed integer. */
  INT64(9),
  /** Truth value. */
  BOOL(10),
  /** The upper half of a 32-bit float. */
  BFLOAT16(14),
  /** 16-bit unsigned integer. */
  UINT16(17),
  /** Two 64-bit floats. */
  COMPLEX128(18),
  /** 16-bit IEEE 754. */
  HALF(19),
  /** 32-bit unsigned integer. */
  UINT32(22),
  /** 64-bit unsigned integer. */
  UINT64(23);

  private final int number;

  DType(int number) {
    this.number = number;
  }

  /**
   * Returns the number that stands for this type in event files and graphs.
   *
   * @return the number in {@code tensorflow.DataType}
   */
  public int number() {
    return number;
  }

  /** Returns how many bytes an element has, 0 if that is not one number. */
  int bytes() {
    return switch (this) {
      case BOOL, INT8, UINT8 -> Byte.BYTES;
      case HALF, BFLOAT16, INT16, UINT16 -> Short.BYTES;
      case FLOAT, INT32, UINT32 -> Integer.BYTES;
      case DOUBLE, INT64, UINT64, COMPLEX64 -> Long.BYTES;
      case COMPLEX128 -> 2 * Long.BYTES;
      case STRING, UNKNOWN -> 0;
    };
  }

  /**
   * Returns the type with a number.
   *
   * @param number a number in {@code tensorflow.DataType}
   * @return the type, {@link #UNKNOWN} if there is none here
   */
  public static DType of(int number) {
    for (DType dtype : values()) {
      if (dtype.number == number) {
        return dtype;
      }
    }
    return UNKNOWN;
  }
}
