package io.github.tensorboard4j.djl.internal.torchscript;

import io.github.tensorboard4j.DType;
import io.github.tensorboard4j.graph.TensorShape;
import io.github.tensorboard4j.graph.TensorType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Reads the part of <a href="https://peps.python.org/pep-0307/">Python's pickle format, version 2</a>, that
 * TorchScript writes: its modules, numbers, texts and tensors. Only these are made of it; nothing that a
 * pickle names is ever run, and the tensors' values are not read.
 */
final class Unpickler {

  /** A module with its attributes by name. */
  record Module(String type, Map<String, Object> attributes) {

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  /** A tensor without its values. */
  record Tensor(TensorType type, boolean trained) {

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  /** The value of None. */
  static final Object NONE = new Object() {
    @Override
    public String toString() {
      return "None";
    }
  };

  private record Global(String name) {}

  private static final Object MARK = new Object();

  private final ByteBuffer in;
  private final Deque<Object> stack = new ArrayDeque<>();
  private final Map<Integer, Object> memo = new HashMap<>();

  private Unpickler(byte[] pickle) {
    this.in = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Reads a pickle.
   *
   * @throws IOException if there is something else in it than TorchScript writes
   */
  static Object read(byte[] pickle) throws IOException {
    try {
      return new Unpickler(pickle).read();
    } catch (RuntimeException e) {
      throw new IOException("not a pickle of TorchScript", e);
    }
  }

  private Object read() throws IOException {
    while (true) {
      int code = in.get() & 0xff;
      switch (code) {
        case 0x80 -> in.get();
        case '.' -> {
          return stack.pop();
        }
        case '(' -> stack.push(MARK);
        case 'N' -> stack.push(NONE);
        case 0x88 -> stack.push(true);
        case 0x89 -> stack.push(false);
        case 'K' -> stack.push((long) (in.get() & 0xff));
        case 'M' -> stack.push((long) (in.getShort() & 0xffff));
        case 'J' -> stack.push((long) in.getInt());
        case 0x8a -> stack.push(longOf(bytes(in.get() & 0xff)));
        case 'G' -> stack.push(ByteBuffer.wrap(bytes(8)).getDouble());
        case 'X' -> stack.push(new String(bytes(in.getInt()), StandardCharsets.UTF_8));
        case 'c' -> stack.push(new Global(line() + "." + line()));
        case 'q' -> memo.put(in.get() & 0xff, stack.peek());
        case 'r' -> memo.put(in.getInt(), stack.peek());
        case 'h' -> stack.push(remembered(in.get() & 0xff));
        case 'j' -> stack.push(remembered(in.getInt()));
        case ')' -> stack.push(new ArrayList<>());
        case ']' -> stack.push(new ArrayList<>());
        case '}' -> stack.push(new LinkedHashMap<Object, Object>());
        case 't' -> stack.push(sinceMark());
        case 0x85, 0x86, 0x87 -> stack.push(last(code - 0x84));
        case 'a' -> append(last(1));
        case 'e' -> append(sinceMark());
        case 's' -> set(last(2));
        case 'u' -> set(sinceMark());
        case 'Q' -> stack.push(((List<?>) stack.pop()).get(1));
        case 'R', 0x81 -> call((List<?>) stack.pop(), (Global) stack.pop());
        case 'b' -> build((Map<?, ?>) stack.pop());
        default -> throw new IOException("unexpected pickle code " + code);
      }
    }
  }

  private Object remembered(int place) {
    return Objects.requireNonNull(memo.get(place), "a place of the memo that nothing was put into");
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    in.get(bytes);
    return bytes;
  }

  private static long longOf(byte[] littleEndian) {
    long value = 0;
    for (int i = littleEndian.length - 1; i >= 0; i--) {
      value = value << 8 | (i == littleEndian.length - 1 ? littleEndian[i] : littleEndian[i] & 0xff);
    }
    return value;
  }

  private String line() {
    StringBuilder line = new StringBuilder();
    for (char c = (char) in.get(); c != '\n'; c = (char) in.get()) {
      line.append(c);
    }
    return line.toString();
  }

  private List<Object> sinceMark() {
    List<Object> items = new ArrayList<>();
    for (Object item = stack.pop(); item != MARK; item = stack.pop()) {
      items.add(0, item);
    }
    return items;
  }

  private List<Object> last(int count) {
    List<Object> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(0, stack.pop());
    }
    return items;
  }

  @SuppressWarnings("unchecked")
  private void append(List<Object> items) {
    ((List<Object>) stack.peek()).addAll(items);
  }

  @SuppressWarnings("unchecked")
  private void set(List<Object> items) {
    for (int i = 0; i < items.size(); i += 2) {
      ((Map<Object, Object>) stack.peek()).put(items.get(i), items.get(i + 1));
    }
  }

  /** A class's new object is a module; a tensor is rebuilt from its storage's type and its own sizes. */
  private void call(List<?> arguments, Global function) {
    if (function.name().startsWith("__torch__.")) {
      stack.push(new Module(function.name(), new LinkedHashMap<>()));
    } else if (function.name().startsWith("torch._utils._rebuild_tensor")) {
      List<?> sizes = (List<?>) arguments.get(2);
      TensorShape shape = TensorShape.of(sizes.stream().mapToLong(size -> (Long) size).toArray());
      boolean trained = arguments.size() > 4 && Boolean.TRUE.equals(arguments.get(4));
      stack.push(new Tensor(TensorType.of(dtype(arguments.get(0)), shape), trained));
    } else {
      stack.push(arguments.isEmpty() ? new LinkedHashMap<Object, Object>() : arguments.get(0));
    }
  }

  private void build(Map<?, ?> state) {
    if (stack.peek() instanceof Module module) {
      state.forEach((key, value) -> module.attributes().put(String.valueOf(key), value));
    }
  }

  private static DType dtype(Object storage) {
    String name = storage instanceof Global global ? global.name() : "";
    return switch (name) {
      case "torch.FloatStorage" -> DType.FLOAT;
      case "torch.DoubleStorage" -> DType.DOUBLE;
      case "torch.HalfStorage" -> DType.HALF;
      case "torch.BFloat16Storage" -> DType.BFLOAT16;
      case "torch.LongStorage" -> DType.INT64;
      case "torch.IntStorage" -> DType.INT32;
      case "torch.ShortStorage" -> DType.INT16;
      case "torch.CharStorage" -> DType.INT8;
      case "torch.ByteStorage" -> DType.UINT8;
      case "torch.BoolStorage" -> DType.BOOL;
      case "torch.ComplexFloatStorage" -> DType.COMPLEX64;
      default -> DType.UNKNOWN;
    };
  }
}
