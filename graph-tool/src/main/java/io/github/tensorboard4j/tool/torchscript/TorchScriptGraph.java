package io.github.tensorboard4j.tool.torchscript;

import io.github.tensorboard4j.graph.ModelGraph;
import io.github.tensorboard4j.tool.input.GivenShapes;
import io.github.tensorboard4j.tool.torchscript.Archive.Function;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads the graph of a TorchScript archive.
 *
 * <p>The code in the archive is followed from the root module's {@code forward}, with tensors that are only
 * names: each call of torch that takes a tensor is drawn as an operation, in the scope of the module whose
 * method it is in. Numbers and conditions are worked out where they are fixed. Where a condition is not, both
 * branches are drawn, and a Merge where they differ; the body of a loop is drawn once; a check that only
 * raises an error is left out. There is no shape but that of the parameters, and of the inputs where given. What reads a
 * tensor that was written into, or a view of it, reads what was written.
 */
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
    Archive archive = Archive.read(file);
    try {
      return draw(archive, given);
    } catch (RuntimeException e) {
      throw new IOException("the code in " + file + " can't be followed: " + e.getMessage(), e);
    }
  }

  private static ModelGraph draw(Archive archive, GivenShapes given) throws IOException {
    Function forward = archive.functions.get(archive.root.type() + ".forward");
    if (forward == null) {
      throw new IllegalArgumentException("the root module has no method forward");
    }
    Drawing drawing = new Drawing(archive.root);
    Inputs inputs = new Inputs(drawing, given);
    List<Object> arguments = new ArrayList<>(List.of(archive.root));
    boolean receiver = true;
    for (Map.Entry<String, String> parameter : forward.parameters().entrySet()) {
      if (!receiver) {
        arguments.add(inputs.draw(parameter.getKey(), parameter.getValue()));
      }
      receiver = false;
    }
    given.requireAtMost(inputs.count());
    Frame.outermost(archive, drawing).run(archive.root, forward, arguments);
    return drawing.end();
  }
}
