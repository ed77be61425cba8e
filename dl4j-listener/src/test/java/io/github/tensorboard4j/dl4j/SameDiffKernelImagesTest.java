package io.github.tensorboard4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.testing.WeightPixels;
import io.github.tensorboard4j.training.Frequency;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.enums.WeightsFormat;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.DeConv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.PaddingMode;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** The kernels of a SameDiff model as pictures, recounted from its own arrays by their indices. */
@Timeout(300)
class SameDiffKernelImagesTest {

  @TempDir
  private Path logs;

  @Test
  void shouldShowTheKernelsOfEachKindOfConvolution() {
    SameDiff model = model();
    // it has the same operations, but not the same objects
    Path file = logs.resolve("model.fb");
    model.save(file.toFile(), true);
    assertPictures(model, "made");
    assertPictures(SameDiff.load(file.toFile(), true), "restored");
  }

  private void assertPictures(SameDiff model, String run) {
    try (SameDiffTensorBoardListener listener = SameDiffTensorBoardListener.builder(logs.resolve(run))
        .weightImageFrequency(Frequency.iterations(1)).build()) {
      model.setListeners(listener);
      model.fit(new DataSet(Nd4j.rand(DataType.FLOAT, 2, 2, 8, 8), Nd4j.rand(DataType.FLOAT, 2, 3)));
    }

    Map<String, Map<Long, BufferedImage>> pictures = Recorded.in(logs.resolve(run + "/train")).pictures();
    assertThat(pictures).containsOnlyKeys("image_conv/w", "image_deconv/w", "image_depthwise/w",
        "image_separable/w", "image_separable/points");
    INDArray conv = SameDiffNets.values(model, "conv/w");
    WeightPixels.assertKernels(pictures.get("image_conv/w").get(1L), 5, 1, 3, 2, 8,
        (out, in, row, column) -> conv.getDouble(row, column, in, out));
    INDArray deconv = SameDiffNets.values(model, "deconv/w");
    WeightPixels.assertKernels(pictures.get("image_deconv/w").get(1L), 6, 1, 2, 3, 8,
        (out, in, row, column) -> deconv.getDouble(row, column, out, in));
    INDArray depthwise = SameDiffNets.values(model, "depthwise/w");
    WeightPixels.assertKernels(pictures.get("image_depthwise/w").get(1L), 6, 1, 2, 3, 8,
        (input, first, row, column) -> depthwise.getDouble(row, column, input, first));
  }

  @ParameterizedTest
  @CsvSource({"YXIO, 2, 3, 5, 4", "OIYX, 4, 5, 2, 3", "OYXI, 4, 2, 3, 5"})
  void shouldKnowTheFormatsOfKernels(WeightsFormat format, long first, long second, long third, long fourth) {
    SameDiff model = SameDiff.create();
    SDVariable in = model.placeHolder("in", DataType.FLOAT, -1, 5, 8, 8);
    SDVariable w = weights(model, "w", first, second, third, fourth);
    model.cnn().conv2d("out", in, w, Conv2DConfig.builder().kH(2).kW(3).dataFormat("NCHW").weightsFormat(format).build());

    assertThat(new SameDiffKernels(model).shape("w", w.getArr())).as("outputs, inputs, rows and columns")
        .hasToString("[4, 5, 2, 3]");
  }

  private static SameDiff model() {
    Conv2DConfig small = Conv2DConfig.builder().kH(3).kW(2).dataFormat("NCHW").paddingMode(PaddingMode.SAME).build();
    Conv2DConfig wide = Conv2DConfig.builder().kH(2).kW(3).dataFormat("NCHW").paddingMode(PaddingMode.SAME).build();
    DeConv2DConfig back = DeConv2DConfig.builder().kH(2).kW(3).dataFormat("NCHW").isSameMode(true).build();
    SameDiff model = SameDiff.create();
    SDVariable in = model.placeHolder("in", DataType.FLOAT, -1, 2, 8, 8);
    SDVariable label = model.placeHolder("label", DataType.FLOAT, -1, 3);
    SDVariable last = model.cnn().conv2d("conv/out", in, weights(model, "conv/w", 3, 2, 2, 5), small);
    last = model.cnn().deconv2d("deconv/out", last, weights(model, "deconv/w", 2, 3, 6, 5), back);
    last = model.cnn().depthWiseConv2d("depthwise/out", last, weights(model, "depthwise/w", 2, 3, 6, 2), wide);
    last = model.cnn().separableConv2d("separable/out", last, weights(model, "separable/w", 2, 3, 12, 1),
        weights(model, "separable/points", 1, 1, 12, 3), wide);
    // four dimensions, but no kernels
    SDVariable scaled = last.mul("scaled", weights(model, "scale/w", 1, 3, 1, 1));
    model.loss().meanSquaredError("loss", label, scaled.mean("means", 2, 3), null);
    model.setLossVariables("loss");
    model.setTrainingConfig(SameDiffNets.config(new Sgd(0.01)).build());
    return model;
  }

  private static SDVariable weights(SameDiff model, String name, long... shape) {
    return model.var(name, Nd4j.randn(DataType.FLOAT, shape));
  }
}
