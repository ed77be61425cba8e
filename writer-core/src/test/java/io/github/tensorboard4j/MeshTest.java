package io.github.tensorboard4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.github.tensorboard4j.events.Event;
import io.github.tensorboard4j.testing.Recorded;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeshTest {

  private static final float[][] TRIANGLE = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}};

  @TempDir
  private Path run;

  @Test
  void shouldWriteASeriesOfEachPart() {
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      writer.addMesh("cloud", Mesh.builder(TRIANGLE).build(), 1);
      writer.addMesh("face", Mesh.builder(TRIANGLE).faces(new int[][] {{0, 1, 2}}).colors(new int[3][3]).build(), 2);
    }

    assertThat(Recorded.in(run).tensorSteps()).containsOnlyKeys("cloud_VERTEX", "face_VERTEX", "face_FACE", "face_COLOR");
  }

  @Test
  void shouldRefuseWhatIsNoMeshAndSayWhere() {
    assertThatThrownBy(() -> Mesh.builder(new float[0][3])).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[1, vertices, 3]").hasMessageContaining("0 coordinates");
    assertThatThrownBy(() -> Mesh.builder(new float[][] {{0, 0, 0}, {0, 0}})).hasMessageContaining("vertex 1 has 2");
    assertThatThrownBy(() -> Mesh.builder(FloatBuffer.allocate(9), 2)).hasMessageContaining("[2, vertices, 3]")
        .hasMessageContaining("9 coordinates");
    assertThatThrownBy(() -> Mesh.builder(FloatBuffer.allocate(9), 0)).hasMessageContaining("[0, vertices, 3]");
    assertThatThrownBy(() -> Mesh.builder(new float[][] {{0, 0, 0}, {0, Float.NaN, 0}})).hasMessageContaining("vertex 1")
        .hasMessageContaining("NaN");
    Mesh.Builder builder = Mesh.builder(TRIANGLE);
    assertThatThrownBy(() -> builder.faces(new int[][] {{0, 1, 2}, {0, 1, 3}})).hasMessageContaining("Corner 2 of face 1")
        .hasMessageContaining("vertex 3").hasMessageContaining("from 0 to 2");
    assertThatThrownBy(() -> builder.faces(new int[][] {{0, -1, 2}})).hasMessageContaining("vertex -1");
    assertThatThrownBy(() -> builder.faces(new int[][] {{0, 1}})).hasMessageContaining("face 0 has 2");
    assertThatThrownBy(() -> builder.faces(IntBuffer.allocate(4))).hasMessageContaining("[1, faces, 3]")
        .hasMessageContaining("4");
    assertThatThrownBy(() -> builder.colors(new int[2][3])).hasMessageContaining("[1, 3, 3]")
        .hasMessageContaining("6 numbers");
    assertThatThrownBy(() -> builder.colors(new int[][] {{0, 0, 0}, {0, 0}, {0, 0, 0, 0}}))
        .hasMessageContaining("colour 1 has 2");
    assertThatThrownBy(() -> builder.colors(new int[][] {{0, 0, 0}, {0, 256, 0}, {0, 0, 0}}))
        .hasMessageContaining("colour 1")
        .hasMessageContaining("256");
    assertThatThrownBy(() -> builder.colors(ByteBuffer.allocate(8))).hasMessageContaining("8 numbers");
    assertThatThrownBy(() -> builder.pointSize(0)).hasMessageContaining("not 0");
    assertThatThrownBy(() -> builder.pointSize(Double.POSITIVE_INFINITY)).hasMessageContaining("not Infinity");
    assertThatThrownBy(() -> builder.config(Map.of("camera", Map.of("fov", Double.NaN)))).hasMessageContaining("NaN");
    assertThatThrownBy(() -> builder.config(Map.of("camera", new Object[0]))).hasMessageContaining("lists");
    assertThatThrownBy(() -> Mesh.builder(FloatBuffer.allocate(3 * 65_537), 1).faces(new int[][] {{0, 1, 2}}))
        .hasMessageContaining("65536").hasMessageContaining("65537");
  }

  @Test
  void shouldCountTheVerticesOfEachMeshOfABatch() {
    Mesh.Builder batch = Mesh.builder(FloatBuffer.allocate(18), 2);
    assertThatThrownBy(() -> batch.faces(IntBuffer.wrap(new int[] {0, 1, 2, 0, 1, 3})))
        .hasMessageContaining("Corner 2 of face 1").hasMessageContaining("from 0 to 2");
    assertThatThrownBy(() -> batch.faces(IntBuffer.allocate(9))).hasMessageContaining("[2, faces, 3]");
    assertThatThrownBy(() -> batch.colors(ByteBuffer.allocate(9))).hasMessageContaining("[2, 3, 3]");
    batch.faces(IntBuffer.wrap(new int[] {0, 1, 2, 2, 1, 0})).colors(ByteBuffer.allocate(18)).build();

    FloatBuffer bad = FloatBuffer.allocate(18).put(13, Float.NaN);
    assertThatThrownBy(() -> Mesh.builder(bad, 2)).hasMessageContaining("vertex 1 of mesh 1");
  }

  @Test
  void shouldRefuseMeshesOfAnotherKindUnderOneTag() {
    Mesh face = Mesh.builder(TRIANGLE).faces(new int[][] {{0, 1, 2}}).build();
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      writer.addMesh("mesh", Mesh.builder(TRIANGLE).build(), 1);
      assertThatThrownBy(() -> writer.addMesh("mesh", face, 2)).isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("already has meshes (1 at a step, without faces and without colours");
      assertThatThrownBy(() -> writer.addMesh("mesh", Mesh.builder(TRIANGLE).colors(new int[3][3]).build(), 2))
          .hasMessageContaining("without faces and with colours");
      assertThatThrownBy(() -> writer.addMesh("mesh", Mesh.builder(FloatBuffer.allocate(18), 2).build(), 2))
          .hasMessageContaining("2 at a step");
      assertThatThrownBy(() -> writer.addText("mesh_VERTEX", "", 2)).hasMessageContaining("already has parts of meshes");
      writer.addMesh("mesh", Mesh.builder(List.of(new float[] {1, 2, 3}).toArray(float[][]::new)).build(), 2);
    }
  }

  @Test
  void shouldDrawPointsInASizeThatFitsTheCloud() throws IOException {
    float[][] wide = {{-10, 0, 0}, {30, 0, 0}};

    assertThat(config(Mesh.builder(wide))).isEqualTo("{\"material\":{\"cls\":\"PointsMaterial\",\"size\":0.4}}");
    assertThat(config(Mesh.builder(new float[][] {{5, 5, 5}}))).contains("\"size\":1");
    assertThat(config(Mesh.builder(wide).pointSize(0.125))).contains("\"size\":0.125}");
    assertThat(config(Mesh.builder(wide).config(Map.of("material", Map.of("size", 7, "color", "red")))))
        .contains("\"cls\":\"PointsMaterial\",\"size\":7").contains("\"color\":\"red\"");
    assertThat(config(Mesh.builder(TRIANGLE).faces(new int[][] {{0, 1, 2}}).config(Map.of("camera", 1))))
        .isEqualTo("{\"camera\":1}");
  }

  @Test
  void shouldSayOfEachPartWhatItIsAndWhichOthersThereAre() throws IOException {
    int[][] colors = {{0, 0, 0}, {255, 255, 255}, {1, 2, 3}};
    Mesh mesh = Mesh.builder(TRIANGLE).faces(new int[][] {{0, 1, 2}, {2, 1, 0}}).colors(colors).build();

    Map<String, UnknownFieldSet> parts = parts(mesh);
    assertThat(parts).containsOnlyKeys("mesh_VERTEX", "mesh_FACE", "mesh_COLOR").allSatisfy((tag, part) -> {
      assertThat(part.getField(2).getLengthDelimitedList()).containsExactly(ByteString.copyFromUtf8("mesh"));
      assertThat(part.getField(7).getVarintList()).containsExactly(0b1110L);
    });
    assertThat(parts.get("mesh_VERTEX").getField(3).getVarintList()).containsExactly(1L);
    assertThat(parts.get("mesh_FACE").getField(3).getVarintList()).containsExactly(2L);
    assertThat(parts.get("mesh_COLOR").getField(3).getVarintList()).containsExactly(3L);
    assertThat(parts.get("mesh_FACE").getField(6).getVarintList()).containsExactly(1L, 2L, 3L);
  }

  /** Returns what the plugin reads of each part of a mesh, by tag. */
  private Map<String, UnknownFieldSet> parts(Mesh mesh) throws IOException {
    Path directory = Files.createTempDirectory(run, "mesh");
    try (SummaryWriter writer = SummaryWriter.open(directory)) {
      writer.addMesh("mesh", mesh, 1);
    }
    Map<String, UnknownFieldSet> parts = new HashMap<>();
    for (Event event : Recorded.in(directory).events()) {
      for (Event.Value value : event.values()) {
        parts.put(value.tag(), UnknownFieldSet.parseFrom(ByteString.copyFrom(value.pluginContent())));
      }
    }
    return parts;
  }

  private String config(Mesh.Builder mesh) throws IOException {
    return parts(mesh.build()).get("mesh_VERTEX").getField(5).getLengthDelimitedList().get(0).toStringUtf8();
  }
}
