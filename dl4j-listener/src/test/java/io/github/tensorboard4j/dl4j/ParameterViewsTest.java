package io.github.tensorboard4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.SummaryWriter;
import io.github.tensorboard4j.TensorValues;
import io.github.tensorboard4j.testing.Recorded;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class ParameterViewsTest {

  @TempDir
  private Path logs;

  @ParameterizedTest
  @EnumSource(names = {"FLOAT", "DOUBLE", "HALF", "BFLOAT16", "INT", "LONG"})
  void shouldReadEveryTypeInPlace(DataType type) {
    INDArray array = Nd4j.linspace(DataType.DOUBLE, -8, 0.5, 33).castTo(type);

    assertRange(ParameterViews.of(array), 33, -8, 8);
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT", "DOUBLE", "HALF", "BFLOAT16"})
  void shouldReadOnlyTheViewOfALargerBuffer(DataType type) {
    INDArray flat = Nd4j.arange(100).castTo(type);
    INDArray view = flat.get(NDArrayIndex.interval(10, 20)).reshape('f', 2, 5);

    assertRange(ParameterViews.of(view), 10, 10, 19);
  }

  @Test
  void shouldReadAnArrayWithGaps() {
    INDArray matrix = Nd4j.arange(100).castTo(DataType.FLOAT).reshape(10, 10);

    assertRange(ParameterViews.of(matrix.getColumn(3)), 10, 3, 93);
  }

  @Test
  void shouldViewEveryElementOfAnArrayLargerThanABuffer() {
    long length = (1L << 28) + 1;
    try (INDArray array = Nd4j.createUninitialized(DataType.DOUBLE, length)) {
      INDArray end = array.get(NDArrayIndex.interval(length - 3, length));
      end.assign(7);

      assertThat(ParameterViews.of(array).size()).isEqualTo(length);
      assertRange(ParameterViews.of(end), 3, 7, 7);
    }
  }

  @Test
  void shouldHaveNoValuesForBooleans() {
    assertThat(ParameterViews.of(Nd4j.zeros(DataType.BOOL, 3))).isNull();
  }

  private void assertRange(TensorValues values, long count, double min, double max) {
    try (SummaryWriter writer = SummaryWriter.open(logs)) {
      writer.addHistogram("values", values, 1);
    }
    Recorded.Rows rows = Recorded.in(logs).histograms().get("values").get(1L);
    assertThat(rows.count()).isEqualTo(count);
    assertThat(rows.min()).isEqualTo(min);
    assertThat(rows.max()).isEqualTo(max);
  }
}
