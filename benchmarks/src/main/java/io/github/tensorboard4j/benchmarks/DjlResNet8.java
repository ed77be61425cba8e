package io.github.tensorboard4j.benchmarks;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import java.util.List;

/** DJL's network of {@link GpuTraining.Network#RESNET8}. */
final class DjlResNet8 {

  private DjlResNet8() {}

  /** Returns the network, for images of any height and width. */
  static Block create() {
    return convolution(3, 16, 1).add(Activation.reluBlock())
        .add(block(16, 1)).add(Activation.reluBlock())
        .add(block(32, 2)).add(Activation.reluBlock())
        .add(block(64, 2)).add(Activation.reluBlock())
        .add(Pool.globalAvgPool2dBlock())
        .add(Linear.builder().setUnits(GpuTraining.CLASSES).build());
  }

  private static Block block(int channels, int stride) {
    Block residual = convolution(3, channels, stride).add(Activation.reluBlock()).add(convolution(3, channels, 1));
    Block shortcut = stride > 1 ? convolution(1, channels, stride) : Blocks.identityBlock();
    return new ParallelBlock(DjlResNet8::sum, List.of(residual, shortcut));
  }

  private static NDList sum(List<NDList> outputs) {
    return new NDList(outputs.get(0).singletonOrThrow().add(outputs.get(1).singletonOrThrow()));
  }

  private static SequentialBlock convolution(int kernel, int channels, int stride) {
    return new SequentialBlock()
        .add(Conv2d.builder().setFilters(channels).setKernelShape(new Shape(kernel, kernel))
            .optStride(new Shape(stride, stride)).optPadding(new Shape(kernel / 2, kernel / 2)).optBias(false).build())
        .add(BatchNorm.builder().build());
  }
}
