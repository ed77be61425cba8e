package io.github.tensorboard4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class ParameterViewsTest {

  private final Histogram histogram = new Histogram(10);

  @ParameterizedTest
  @EnumSource(names = {"FLOAT", "DOUBLE", "HALF", "BFLOAT16", "INT", "LONG"})
  void shouldReadEveryTypeInPlace(DataType type) {
    INDArray array = Nd4j.linspace(DataType.DOUBLE, -8, 0.5, 33).castTo(type);
    histogram.count(ParameterViews.of(array));

    assertThat(histogram.finiteCount()).isEqualTo(33);
    assertThat(histogram.min()).isEqualTo(-8);
    assertThat(histogram.max()).isEqualTo(8);
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT", "DOUBLE", "HALF", "BFLOAT16"})
  void shouldReadOnlyTheViewOfALargerBuffer(DataType type) {
    INDArray flat = Nd4j.arange(100).castTo(type);
    INDArray view = flat.get(NDArrayIndex.interval(10, 20)).reshape('f', 2, 5);
    histogram.count(ParameterViews.of(view));

    assertThat(histogram.finiteCount()).isEqualTo(10);
    assertThat(histogram.min()).isEqualTo(10);
    assertThat(histogram.max()).isEqualTo(19);
  }

  @Test
  void shouldReadAnArrayWithGaps() {
    INDArray matrix = Nd4j.arange(100).castTo(DataType.FLOAT).reshape(10, 10);
    histogram.count(ParameterViews.of(matrix.getColumn(3)));

    assertThat(histogram.finiteCount()).isEqualTo(10);
    assertThat(histogram.min()).isEqualTo(3);
    assertThat(histogram.max()).isEqualTo(93);
  }

  @Test
  void shouldViewEveryElementOfAnArrayLargerThanABuffer() {
    long length = (1L << 28) + 1;
    try (INDArray array = Nd4j.createUninitialized(DataType.DOUBLE, length)) {
      INDArray end = array.get(NDArrayIndex.interval(length - 3, length));
      end.assign(7);
      histogram.count(ParameterViews.of(end));

      assertThat(ParameterViews.of(array).size()).isEqualTo(length);
      assertThat(histogram.finiteCount()).isEqualTo(3);
      assertThat(histogram.min()).isEqualTo(7);
    }
  }

  @Test
  void shouldHaveNoValuesForBooleans() {
    assertThat(ParameterViews.of(Nd4j.zeros(DataType.BOOL, 3))).isNull();
  }
}
