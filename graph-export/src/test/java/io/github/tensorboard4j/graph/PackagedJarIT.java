package io.github.tensorboard4j.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.DType;
import io.github.tensorboard4j.SummaryWriter;
import io.github.tensorboard4j.events.Event;
import io.github.tensorboard4j.graph.testing.GraphDefParser;
import io.github.tensorboard4j.testing.ChildJvm;
import io.github.tensorboard4j.testing.ForeignJars;
import io.github.tensorboard4j.testing.Recorded;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The jar as users get it, in JVMs with their class paths. */
class PackagedJarIT {

  private static final Path CORE = ChildJvm.place(SummaryWriter.class);
  private static final Path JAR = ChildJvm.place(ModelGraph.class);

  @TempDir
  Path run;

  /** All versions of protobuf, before and behind the jars, and none. */
  static Stream<List<Path>> classPaths() {
    return Stream.concat(Stream.of(List.of(JAR, CORE)), ForeignJars.protobuf().stream()
        .flatMap(protobuf -> Stream.of(List.of(protobuf, JAR, CORE), List.of(JAR, CORE, protobuf))));
  }

  @ParameterizedTest
  @MethodSource("classPaths")
  void shouldDrawBesideAnyProtobuf(List<Path> classPath) throws IOException, InterruptedException {
    List<Path> entries = new ArrayList<>(classPath);
    entries.addAll(ForeignJars.slf4j("1.7"));

    Process process = ChildJvm.start(List.of(), entries, Drawing.class, run.toString());
    String log = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(log).isZero();
    ByteBuffer graph = Recorded.in(run).events().stream().map(Event::graphDef).flatMap(Optional::stream)
        .findFirst().orElseThrow();
    assertThat(GraphDefParser.nodes(graph)).extracting(node -> GraphDefParser.get(node, "name"))
        .containsExactly("input", "MatMul");
    assertThat(GraphDefParser.attributes(GraphDefParser.nodes(graph).get(1))).containsKeys("text", "whole", "real", "flag",
        "list", "type", "shape", "unknown", "empty", "_output_shapes");
  }

  /** Draws a graph with attributes of all kinds. */
  static final class Drawing {
    public static void main(String[] args) {
      ModelGraph.Builder graph = ModelGraph.builder();
      Output input = graph.root().placeholder("input", DType.FLOAT, TensorShape.of(-1, 784));
      graph.root().operation("MatMul").input(input).output(DType.FLOAT, TensorShape.of(-1, 10))
          .attribute("text", Attribute.of("λ")).attribute("whole", Attribute.of(1)).attribute("real", Attribute.of(0.5))
          .attribute("flag", Attribute.of(true)).attribute("list", Attribute.of(1, 2, 3))
          .attribute("type", Attribute.of(DType.HALF)).attribute("shape", Attribute.of(TensorShape.of(-1, 10)))
          .attribute("unknown", Attribute.of(TensorShape.UNKNOWN)).attribute("empty", Attribute.of(new long[0]))
          .device("/gpu:0")
          .add();
      try (SummaryWriter writer = SummaryWriter.open(Path.of(args[0]))) {
        writer.addGraph(graph.build());
      }
    }
  }

  @Test
  void shouldHaveNoProtobuf() throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      assertThat(jar.stream().map(entry -> entry.getName()).filter(name -> !name.endsWith("/")))
          .contains("io/github/tensorboard4j/graph/Attribute.class")
          .allMatch(name -> name.startsWith("io/github/tensorboard4j/graph/") || name.startsWith("META-INF/"))
          .noneMatch(name -> name.contains("protobuf"));
    }
  }
}
