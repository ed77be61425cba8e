package io.github.tensorboard4j.djl.internal.torchscript;

import io.github.tensorboard4j.djl.internal.torchscript.Archive.Function;
import io.github.tensorboard4j.graph.TensorShape;
import io.github.tensorboard4j.graph.TensorType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A TorchScript archive, read without the values of its tensors. Not for use by several threads.
 *
 * <p>To draw it, the code in the archive is followed from the root module's {@code forward}, with tensors that are only
 * names: each call of torch that takes a tensor is drawn as an operation, in the scope of the module whose
 * method it is in. Numbers and conditions are worked out where they are fixed. Where a condition is not, both
 * branches are drawn, and a Merge where they differ; the body of a loop is drawn once; a check that only
 * raises an error is left out. There is no shape but that of the parameters, and of the inputs where given. What reads a
 * tensor that was written into, or a view of it, reads what was written.
 */
public final class TorchScript {

  private final Archive archive;
  private final ModuleTree tree;

  private TorchScript(Archive archive) {
    this.archive = archive;
    this.tree = new ModuleTree(archive.root);
  }

  /**
   * Reads an archive.
   *
   * @param file a TorchScript archive, as {@code torch.jit.save} writes it
   * @return what it holds; the file is closed
   * @throws IOException if the file can't be read or is no TorchScript archive
   */
  public static TorchScript read(Path file) throws IOException {
    return new TorchScript(Archive.read(file));
  }

  /**
   * Returns the classes of the modules.
   *
   * @return the class of each module, with its package, by the module's path: {@code features.0}, and empty for the model itself
   */
  public Map<String, String> modules() {
    Map<String, String> modules = new LinkedHashMap<>();
    tree.modules.forEach((path, module) -> modules.put(path, module.type()));
    return modules;
  }

  /**
   * Returns the types of parameters and buffers.
   *
   * @return the type of each by its name, {@code features.0.weight}; one that modules share is there for each
   */
  public Map<String, TensorType> tensors() {
    Map<String, TensorType> tensors = new LinkedHashMap<>();
    tree.tensors.forEach((name, tensor) -> tensors.put(name, tensor.type()));
    return tensors;
  }

  /** Sets all modules to what they do when they aren't trained, in whichever mode the model was saved. */
  public void evaluate() {
    tree.modules.values().forEach(module -> module.attributes().replace("training", false));
  }

  /**
   * Draws the model. To be called once, for what the code assigns to its modules' attributes stays there.
   *
   * @param inputs the shapes of its first inputs, which stand at their edges; those of the operations are not reckoned. An
   *     optional input is drawn only if its shape is among them
   * @param scopes makes the scope of a module of its path; of the model's own, which is empty, no other than an empty one
   * @return its graph
   * @throws IOException if the code can't be followed
   */
  public ScriptGraph draw(List<TensorShape> inputs, UnaryOperator<String> scopes) throws IOException {
    try {
      return follow(inputs, scopes);
    } catch (RuntimeException e) {
      throw new IOException("its code can't be followed: " + e.getMessage(), e);
    }
  }

  private ScriptGraph follow(List<TensorShape> shapes, UnaryOperator<String> scopes) {
    Function forward = archive.functions.get(archive.root.type() + ".forward");
    if (forward == null) {
      throw new IllegalArgumentException("the root module has no method forward");
    }
    Drawing drawing = new Drawing(tree, scopes);
    Inputs inputs = new Inputs(drawing, shapes);
    List<Object> arguments = new ArrayList<>(List.of(archive.root));
    boolean receiver = true;
    for (Map.Entry<String, String> parameter : forward.parameters().entrySet()) {
      if (!receiver) {
        arguments.add(inputs.draw(parameter.getKey(), parameter.getValue()));
      }
      receiver = false;
    }
    Object result = Frame.outermost(archive, drawing).run(archive.root, forward, arguments);
    return drawing.end(inputs.drawn(), result);
  }
}
