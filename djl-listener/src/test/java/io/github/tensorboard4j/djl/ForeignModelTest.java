package io.github.tensorboard4j.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractSymbolBlock;
import ai.djl.nn.ParameterList;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.github.tensorboard4j.graph.ModelGraph;
import io.github.tensorboard4j.graph.Node;
import org.junit.jupiter.api.Test;

/** Models that another library loads and runs. */
class ForeignModelTest {

  /** A model that keeps its parameters to itself, exactly as DJL's block of ONNX Runtime does. */
  private static final class ClosedBlock extends AbstractSymbolBlock {

    @Override
    protected NDList forwardInternal(
        ParameterStore store, NDList inputs, boolean training, PairList<String, Object> parameters) {
      throw new IllegalArgumentException("not an array of this engine");
    }

    @Override
    public ParameterList getDirectParameters() {
      throw new UnsupportedOperationException("Not yet supported");
    }

    @Override
    public void removeLastBlock() {
      throw new UnsupportedOperationException("Not supported");
    }
  }

  @Test
  void shouldDrawAModelThatKeepsItsParametersToItselfAsOneOperation() {
    try (Model model = Model.newInstance("model", "PyTorch")) {
      model.setBlock(new ClosedBlock());

      ModelGraph without = DjlGraph.of(model);
      ModelGraph with = DjlGraph.of(model, new Shape(1, 3, 8, 8));

      assertThat(without.nodes()).singleElement().extracting(Node::op).isEqualTo("ClosedBlock");
      assertThat(with.nodes()).extracting(Node::op).containsExactly("Placeholder", "ClosedBlock");
    }
  }
}
