package io.github.tensorboard4j.tool.torchscript;

import io.github.tensorboard4j.djl.internal.torchscript.ScriptGraph;
import io.github.tensorboard4j.djl.internal.torchscript.TorchScript;
import io.github.tensorboard4j.graph.ModelGraph;
import io.github.tensorboard4j.graph.TensorShape;
import io.github.tensorboard4j.tool.input.GivenShapes;
import io.github.tensorboard4j.tool.torchexport.ModuleScopes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the graph of a TorchScript archive, as {@link TorchScript} says, with the scopes of {@link ModuleScopes}. */
public final class TorchScriptGraph {

  private TorchScriptGraph() {}

  /**
   * Reads a file.
   *
   * @param file a TorchScript archive, as {@code torch.jit.save} writes it
   * @param given the shapes of its inputs, which stand at their edges; those of the operations are not reckoned
   * @return its graph
   * @throws IOException if the file can't be read, is no TorchScript archive, has fewer inputs than given, or has code
   *     that can't be followed
   */
  public static ModelGraph read(Path file, GivenShapes given) throws IOException {
    TorchScript script = TorchScript.read(file);
    ModuleScopes scopes = new ModuleScopes();
    script.modules().forEach(scopes::add);
    List<TensorShape> shapes = new ArrayList<>();
    for (int i = 0; i < given.shapes().size(); i++) {
      shapes.add(given.of(i, "input", TensorShape.UNKNOWN));
    }
    ScriptGraph drawn;
    try {
      drawn = script.draw(shapes, scopes::of);
    } catch (IOException e) {
      throw new IOException(file + " can't be drawn: " + e.getMessage(), e);
    }
    given.requireAtMost(drawn.inputs().size());
    return drawn.graph();
  }
}
