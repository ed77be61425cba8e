package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.dl4j.internal.FrozenLayers;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Stands in a network for one of its layers or vertices during one forward pass, to see what that puts out while it still has its
 * input and its masks: the framework keeps neither, and nobody is told of a pass that doesn't train. All else goes to the original.
 */
final class PassTap {

  /** Takes what a layer has just put out, which holds for the call. */
  @FunctionalInterface
  interface Reader {
    void read(INDArray output, LayerWorkspaceMgr workspaces);
  }

  private PassTap() {}

  static Layer of(Layer original, Reader reader) {
    // a network gives the mask of labels only to what is an output layer, perhaps one that is frozen
    Class<?> kind = FrozenLayers.unfrozen(original) instanceof IOutputLayer ? IOutputLayer.class : Layer.class;
    return (Layer) of(original, "activate", reader, kind);
  }

  static GraphVertex of(GraphVertex original, Reader reader) {
    return (GraphVertex) of(original, "doForward", reader, GraphVertex.class);
  }

  private static Object of(Object original, String forward, Reader reader, Class<?> kind) {
    return Proxy.newProxyInstance(kind.getClassLoader(), new Class<?>[] {kind}, (proxy, method, arguments) -> {
      Object result;
      try {
        result = method.invoke(original, arguments);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
      if (method.getName().equals(forward) && result instanceof INDArray output) {
        reader.read(output, (LayerWorkspaceMgr) arguments[arguments.length - 1]);
      }
      return result;
    });
  }
}
