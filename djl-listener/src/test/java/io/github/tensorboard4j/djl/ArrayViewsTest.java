package io.github.tensorboard4j.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import io.github.tensorboard4j.SummaryWriter;
import io.github.tensorboard4j.TensorValues;
import io.github.tensorboard4j.testing.Recorded;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ArrayViewsTest {

  @TempDir
  private Path logs;

  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
  private int run;

  @AfterEach
  void closeManager() {
    manager.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64", "FLOAT16", "INT32", "INT64"})
  void shouldReadEveryTypeThatHasNumbers(DataType type) {
    NDArray array = manager.arange(-3, 9, 1, DataType.FLOAT32).reshape(3, 4).toType(type, true);

    assertThatElementsAre(read(array), -3, 8, 12);
  }

  @ParameterizedTest
  @EnumSource(names = {"UINT8", "INT8", "BOOLEAN"})
  void shouldLeaveOtherTypesUnread(DataType type) {
    NDArray array = manager.ones(new Shape(3), type);

    assertThat(ArrayViews.read(array, values -> {
      throw new AssertionError("read");
    })).isFalse();
  }

  @Test
  void shouldReadTheBfloat16OfAModelFromPython() throws Exception {
    try (Model model = Model.newInstance("bfloat16", Device.cpu(), "PyTorch");
        InputStream in = getClass().getResourceAsStream("/bfloat16.pt")) {
      model.load(in);
      NDArray array = model.getBlock().getParameters().valueAt(0).getArray();
      int arrays = array.getManager().getManagedArrays().size();

      assertThat(array.getDataType()).isEqualTo(DataType.UNKNOWN);
      assertThatElementsAre(read(array), -1.5, 3, 5);
      ArrayViews.readFromHost(array, copy -> assertThat(copy.toFloatArray()).containsExactly(-1.5f, 0, 0.25f, 2, 3));
      assertThat(array.getManager().getManagedArrays()).hasSize(arrays);
    }
  }

  @Test
  void shouldReadInPlace() {
    NDArray array = manager.zeros(new Shape(4));
    int arrays = manager.getManagedArrays().size();

    ArrayViews.read(array, values -> {
      array.addi(1);
      assertThatElementsAre(histogram(values), 1, 1, 4);
    });
    assertThat(manager.getManagedArrays()).hasSize(arrays);
  }

  @Test
  void shouldReadAnArrayWithGapsAndFreeItsCopy() {
    NDArray array = manager.arange(0, 24, 1, DataType.FLOAT32).reshape(4, 6);
    NDArray transposed = array.transpose();
    NDArray columns = array.get(":, 1:3");
    int arrays = manager.getManagedArrays().size();

    assertThatElementsAre(read(transposed), 0, 23, 24);
    assertThatElementsAre(read(columns), 1, 20, 8);
    try (NDScope temporaries = new NDScope()) {
      temporaries.suppressNotUsedWarning();
      assertThat(slices(transposed, 4)).containsExactly(transposed.toFloatArray());
    }
    assertThat(manager.getManagedArrays()).hasSize(arrays);
  }

  @Test
  void shouldReadALargeArrayInSlices() {
    NDArray array = manager.arange(0, 1000, 1, DataType.FLOAT32).reshape(10, 100);
    array.setRequiresGradient(true);
    int arrays = manager.getManagedArrays().size();

    for (int length : new int[] {1, 8, 999, 1000, 1001}) {
      try (NDScope temporaries = new NDScope()) {
        temporaries.suppressNotUsedWarning();
        assertThat(slices(array, length)).containsExactly(array.toFloatArray());
      }
    }
    assertThat(manager.getManagedArrays()).hasSize(arrays);
  }

  @Test
  void shouldReadScalarsAndEmptyArrays() {
    assertThatElementsAre(read(manager.create(2.5f)), 2.5, 2.5, 1);
    assertThat(ArrayViews.read(manager.create(new Shape(0)), values -> assertThat(values.size()).isZero())).isTrue();
  }

  @Test
  void shouldReadSparseArrays() {
    NDArray sparse = manager.create(new float[] {0, 0, 3, 0, -1, 0}, new Shape(2, 3)).toSparse(SparseFormat.COO);

    assertThatElementsAre(read(sparse), -1, 3, 6);
  }

  @Test
  void shouldReadACopyOnTheHostAndGiveTheArrayBack() {
    NDManager owner = manager.newSubManager();
    NDArray array = owner.arange(0, 10, 1, DataType.FLOAT32);
    List<NDArray> copies = new ArrayList<>();

    ArrayViews.readFromHost(array, copy -> {
      assertThat(copy).isNotSameAs(array);
      copies.add(copy);
      ArrayViews.read(copy, values -> assertThatElementsAre(histogram(values), 0, 9, 10));
    });

    assertThat(array.getManager()).isSameAs(owner);
    assertThat(owner.getManagedArrays()).containsExactly(array);
    assertThat(owner.toString()).contains("Resource size: 1");
    assertThat(copies).singleElement()
        .satisfies(copy -> assertThatThrownBy(copy::toFloatArray).isInstanceOf(IllegalStateException.class));
    owner.close();
    assertThatThrownBy(array::toFloatArray).isInstanceOf(IllegalStateException.class);
  }

  private static void assertThatElementsAre(Recorded.Rows rows, double min, double max, double count) {
    assertThat(rows.min()).isEqualTo(min);
    assertThat(rows.count()).isEqualTo(count);
    if (min < max) {
      assertThat(rows.max()).isEqualTo(max);
    }
  }

  private Recorded.Rows read(NDArray array) {
    Recorded.Rows[] rows = new Recorded.Rows[1];
    assertThat(ArrayViews.read(array, values -> rows[0] = histogram(values))).isTrue();
    return rows[0];
  }

  /** Reads 32-bit floats slice by slice, as the core does with what is larger than a buffer. */
  private static float[] slices(NDArray array, int length) {
    ArrayViews.ArrayMemory memory = new ArrayViews.ArrayMemory(array);
    FloatBuffer elements = FloatBuffer.allocate((int) array.size());
    for (int offset = 0; offset < array.size(); offset += length) {
      ByteBuffer slice = memory.slice(offset, (int) Math.min(length, array.size() - offset));
      assertThat(slice.isDirect()).isTrue();
      elements.put(slice.order(ByteOrder.nativeOrder()).asFloatBuffer());
    }
    assertThat(elements.hasRemaining()).isFalse();
    return elements.array();
  }

  private Recorded.Rows histogram(TensorValues values) {
    Path directory = logs.resolve("run" + run++);
    try (SummaryWriter writer = SummaryWriter.open(directory)) {
      writer.addHistogram("values", values, 1);
    }
    return Recorded.in(directory).histograms().get("values").get(1L);
  }
}
