package io.github.tensorboard4j.djl.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An array that a model takes.
 *
 * @param shape its shape, the batch first
 * @param dtype its element type; null if not known
 */
public record InputArray(Shape shape, @Nullable DataType dtype) {

  /**
   * Returns arrays of unknown element types.
   *
   * @param shapes the shapes
   * @return one array a shape
   */
  public static List<InputArray> of(Shape... shapes) {
    List<InputArray> arrays = new ArrayList<>();
    for (Shape shape : shapes) {
      arrays.add(new InputArray(shape, null));
    }
    return List.copyOf(arrays);
  }

  /**
   * Returns arrays such as those of a batch.
   *
   * @param batch the arrays, none of which is kept
   * @return one array for each
   */
  public static List<InputArray> of(NDList batch) {
    List<InputArray> arrays = new ArrayList<>();
    for (NDArray array : batch) {
      arrays.add(new InputArray(array.getShape(), array.getDataType()));
    }
    return List.copyOf(arrays);
  }
}
