package io.github.tensorboard4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class GraphTextTest {
  @Test
  void shouldReadNodesShapesAndPlainAttributes() {
    List<GraphNode> nodes = GraphText.parse("""
        node {
          name: "a/b"
          op: "Relu"
          input: "x"
          input: "^y"
          attr { key: "T" value { type: DT_FLOAT } }
          attr { key: "text" value { s: "caf\\303\\251 \\"q\\" \\n {" } }
          attr { key: "ints" value { list { i: 1 i: 2 } } }
          attr {
            key: "_output_shapes"
            value { list { shape { dim { size: -1 } dim { size: 3 } dim { } } shape { } shape { unknown_rank: true } } }
          }
        }
        versions { producer: 22 }
        """);

    assertThat(nodes).singleElement().satisfies(node -> {
      assertThat(node.name()).isEqualTo("a/b");
      assertThat(node.op()).isEqualTo("Relu");
      assertThat(node.device()).isEmpty();
      assertThat(node.inputs()).containsExactly("x", "^y");
      assertThat(node.outputShapes()).isEqualTo(Arrays.asList(List.of(-1L, 3L, 0L), List.of(), null));
      assertThat(node.attributes()).containsOnlyKeys("T", "text")
          .containsEntry("T", "DT_FLOAT").containsEntry("text", "caf\u00e9 \"q\" \n {");
    });
  }

  @Test
  void shouldReadAnEmptyGraph() {
    assertThat(GraphText.parse("")).isEmpty();
  }

  @Test
  void shouldRefuseTextThatBreaksOff() {
    assertThatThrownBy(() -> GraphText.parse("node { name: \"a\"")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> GraphText.parse("node { name: \"a")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> GraphText.parse("}")).isInstanceOf(IllegalArgumentException.class);
  }
}
