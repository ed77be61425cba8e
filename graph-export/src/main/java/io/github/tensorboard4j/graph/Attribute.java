package io.github.tensorboard4j.graph;

import com.google.protobuf.CodedOutputStream;
import io.github.tensorboard4j.DType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A small setting of an operation, such as a stride.
 *
 * <p>TensorBoard drops a setting over 1,024 bytes and names it "too large". A longer one is therefore cut
 * here, with a note of how much is missing, so that the reader sees how it begins.
 */
public abstract class Attribute {

  private static final int TEXT = 2;
  private static final int INTEGER = 3;
  private static final int REAL = 4;
  private static final int FLAG = 5;
  private static final int TYPE = 6;
  static final int SHAPE = 7;
  static final int LIST = 1;

  Attribute() {}

  /**
   * Returns a text.
   *
   * @param value the text; one that is too long for the page is cut, with a note
   * @return the attribute
   * @throws NullPointerException if the text is null
   */
  public static Attribute of(String value) {
    return new Text(AttributeText.shortened(Objects.requireNonNull(value, "value")));
  }

  /**
   * Returns a whole number.
   *
   * @param value the number
   * @return the attribute
   */
  public static Attribute of(long value) {
    return new Scalar(value, DType.INT64, CodedOutputStream.computeInt64Size(INTEGER, value)) {
      @Override
      void writeTo(CodedOutputStream out) throws IOException {
        out.writeInt64(INTEGER, value);
      }
    };
  }

  /**
   * Returns a real number, which the format keeps in single precision.
   *
   * @param value the number
   * @return the attribute
   */
  public static Attribute of(double value) {
    float single = (float) value;
    return new Scalar(single, DType.FLOAT, CodedOutputStream.computeFloatSize(REAL, single)) {
      @Override
      void writeTo(CodedOutputStream out) throws IOException {
        out.writeFloat(REAL, single);
      }
    };
  }

  /**
   * Returns a truth value.
   *
   * @param value true or false
   * @return the attribute
   */
  public static Attribute of(boolean value) {
    return new Scalar(value, DType.BOOL, CodedOutputStream.computeBoolSize(FLAG, value)) {
      @Override
      void writeTo(CodedOutputStream out) throws IOException {
        out.writeBool(FLAG, value);
      }
    };
  }

  /**
   * Returns an element type.
   *
   * @param value the type
   * @return the attribute
   * @throws NullPointerException if the type is null
   */
  public static Attribute of(DType value) {
    return new Scalar(value, DType.UNKNOWN, CodedOutputStream.computeEnumSize(TYPE, value.number())) {
      @Override
      void writeTo(CodedOutputStream out) throws IOException {
        out.writeEnum(TYPE, value.number());
      }
    };
  }

  /**
   * Returns a shape.
   *
   * @param value the shape
   * @return the attribute
   * @throws NullPointerException if the shape is null
   */
  public static Attribute of(TensorShape value) {
    return new Scalar(value, DType.UNKNOWN, ShapeEncoding.fieldSize(SHAPE, value)) {
      @Override
      void writeTo(CodedOutputStream out) throws IOException {
        ShapeEncoding.writeField(out, SHAPE, value);
      }
    };
  }

  /**
   * Returns a list of whole numbers.
   *
   * @param values the numbers; a long list becomes a text that is cut
   * @return the attribute
   * @throws NullPointerException if the array is null
   */
  public static Attribute of(long... values) {
    Integers integers = new Integers(values.clone());
    return integers.size() <= AttributeText.MAX_BYTES ? integers : of(AttributeText.shortened(values));
  }

  /**
   * Returns the value.
   *
   * @return the text as a {@code String}, cut if it was too long; a whole number as a {@code Long}, a real number as a
   *     {@code Float}, a truth value as a {@code Boolean}; a {@link DType}, a {@link TensorShape}; several whole numbers
   *     as an unmodifiable {@code List<Long>}, or as a {@code String} that is cut if there were too many
   */
  public abstract Object value();

  /** Returns the type of a constant of this value. */
  abstract TensorType type();

  /** Returns the encoded {@code AttrValue}'s size in bytes. */
  abstract int size();

  /** Writes the {@code AttrValue}'s one field. */
  abstract void writeTo(CodedOutputStream out) throws IOException;

  /** An attribute whose size is known when it is made. */
  private abstract static class Scalar extends Attribute {
    private final Object value;
    private final DType dtype;
    private final int size;

    Scalar(Object value, DType dtype, int size) {
      this.value = value;
      this.dtype = dtype;
      this.size = size;
    }

    @Override
    public Object value() {
      return value;
    }

    @Override
    TensorType type() {
      return TensorType.of(dtype, TensorShape.SCALAR);
    }

    @Override
    int size() {
      return size;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Scalar scalar && value.equals(scalar.value);
    }

    @Override
    public int hashCode() {
      return value.hashCode();
    }

    @Override
    public String toString() {
      return value.toString();
    }
  }

  private static final class Text extends Scalar {
    private final byte[] utf8;

    Text(String value) {
      this(value, value.getBytes(StandardCharsets.UTF_8));
    }

    private Text(String value, byte[] utf8) {
      super(value, DType.STRING, CodedOutputStream.computeByteArraySize(TEXT, utf8));
      this.utf8 = utf8;
    }

    @Override
    void writeTo(CodedOutputStream out) throws IOException {
      out.writeByteArray(TEXT, utf8);
    }
  }

  private static final class Integers extends Attribute {
    private final long[] values;
    private final int packed;

    Integers(long[] values) {
      this.values = values;
      int bytes = 0;
      for (long value : values) {
        bytes += CodedOutputStream.computeInt64SizeNoTag(value);
      }
      this.packed = bytes;
    }

    @Override
    public Object value() {
      return Arrays.stream(values).boxed().toList();
    }

    @Override
    TensorType type() {
      return TensorType.of(DType.INT64, TensorShape.of(values.length));
    }

    private int listSize() {
      return values.length == 0
          ? 0
          : CodedOutputStream.computeTagSize(INTEGER) + CodedOutputStream.computeUInt32SizeNoTag(packed) + packed;
    }

    @Override
    int size() {
      int list = listSize();
      return CodedOutputStream.computeTagSize(LIST) + CodedOutputStream.computeUInt32SizeNoTag(list) + list;
    }

    @Override
    void writeTo(CodedOutputStream out) throws IOException {
      out.writeTag(LIST, ShapeEncoding.LENGTH_DELIMITED);
      out.writeUInt32NoTag(listSize());
      if (values.length == 0) {
        return;
      }
      out.writeTag(INTEGER, ShapeEncoding.LENGTH_DELIMITED);
      out.writeUInt32NoTag(packed);
      for (long value : values) {
        out.writeInt64NoTag(value);
      }
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Integers integers && Arrays.equals(values, integers.values);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
      return Arrays.toString(values);
    }
  }
}
