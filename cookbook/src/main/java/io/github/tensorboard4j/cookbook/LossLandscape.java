package io.github.tensorboard4j.cookbook;

import io.github.tensorboard4j.Mesh;
import io.github.tensorboard4j.SummaryWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The surface of a loss over two weights, in space, and the way that gradient descent takes down it, at two rates. */
public final class LossLandscape {

  private static final int SIDE = 80;
  private static final int UPDATES = 6;

  private LossLandscape() {}

  public static void main(String[] args) {
    Path logs = Path.of("logs/landscape");
    draw(logs.resolve("rate 0.02"), 0.02);
    draw(logs.resolve("rate 0.2"), 0.2);
  }

  static void draw(Path run, double rate) {
    float[][] vertices = vertices();
    int[][] faces = faces();
    List<double[]> way = new ArrayList<>();
    double v = -0.85;
    double w = 0.6;
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      // TensorBoard keeps ten meshes of a series, through which the page's slider goes
      for (int step = 0; step < 10; step++) {
        for (int i = 0; i < UPDATES; i++) {
          way.add(new double[] {v, w});
          v -= rate * (4 * v * (4 * v * v - 1) + 0.6);
          w -= rate * 4 * w;
        }
        writer.addMesh("landscape", Mesh.builder(vertices).faces(faces).colors(colors(way)).build(), step);
        writer.addScalar("loss", loss(v, w), step);
      }
    }
  }

  /** Two valleys, of which the one at the left is deeper. */
  private static double loss(double v, double w) {
    double ridge = 4 * v * v - 1;
    return ridge * ridge / 4 + 0.6 * v + 2 * w * w;
  }

  /** The weights of a place on the grid, from -1 to 1. */
  private static double[] weights(int place) {
    return new double[] {2.0 * (place % SIDE) / (SIDE - 1) - 1, 2.0 * (place / SIDE) / (SIDE - 1) - 1};
  }

  /** The surface, whose height is the loss, tilted towards who looks at it: y points upwards on the page, z out of it. */
  private static float[][] vertices() {
    float[][] vertices = new float[SIDE * SIDE][];
    for (int i = 0; i < vertices.length; i++) {
      double[] at = weights(i);
      double height = 0.2 * loss(at[0], at[1]);
      vertices[i] = new float[] {(float) at[0], (float) (0.6 * height - 0.8 * at[1]), (float) (0.8 * height + 0.6 * at[1])};
    }
    return vertices;
  }

  /** Two triangles for each square of the grid. */
  private static int[][] faces() {
    List<int[]> faces = new ArrayList<>();
    for (int row = 0; row < SIDE - 1; row++) {
      for (int column = 0; column < SIDE - 1; column++) {
        int corner = row * SIDE + column;
        faces.add(new int[] {corner, corner + SIDE, corner + 1});
        faces.add(new int[] {corner + 1, corner + SIDE, corner + SIDE + 1});
      }
    }
    return faces.toArray(int[][]::new);
  }

  /** Red on the way; else dark in the valleys and light on the heights. */
  private static int[][] colors(List<double[]> way) {
    int[][] colors = new int[SIDE * SIDE][];
    for (int i = 0; i < colors.length; i++) {
      double[] at = weights(i);
      boolean passed = way.stream().anyMatch(place -> Math.hypot(place[0] - at[0], place[1] - at[1]) < 0.03);
      int light = (int) Math.min(255, Math.max(0, 80 + 50 * loss(at[0], at[1])));
      colors[i] = passed ? new int[] {255, 40, 20} : new int[] {light / 2, light, 220};
    }
    return colors;
  }
}
