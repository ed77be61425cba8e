package io.github.tensorboard4j.cookbook;

import io.github.tensorboard4j.Mesh;
import io.github.tensorboard4j.SummaryWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The surface of a loss over two weights, in space, and the way that gradient descent takes down it. */
public final class LossLandscape {

  private static final int SIDE = 60;
  private static final double RATE = 0.02;

  private LossLandscape() {}

  public static void main(String[] args) {
    draw(Path.of("logs/landscape/descent"), 60);
  }

  static void draw(Path run, int steps) {
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      writer.addMesh("landscape", Mesh.builder(vertices()).faces(faces()).colors(colors(vertices())).build(), 0);

      // a cloud of points: where gradient descent comes by
      List<float[]> way = new ArrayList<>();
      double x = -1.6;
      double y = 1.2;
      for (int step = 0; step <= steps; step++) {
        writer.addScalar("loss", loss(x, y), step);
        way.add(new float[] {(float) x, (float) (loss(x, y) / 4), (float) y});
        double slope = 4 * x * (x * x - 1) + 0.6;
        x -= RATE * slope;
        y -= RATE * 2 * y;
      }
      int[][] red = new int[way.size()][];
      Arrays.fill(red, new int[] {230, 60, 30});
      writer.addMesh("way", Mesh.builder(way.toArray(float[][]::new)).colors(red).pointSize(0.08).build(), 0);
    }
  }

  /** Two valleys, of which the one at the left is deeper. */
  private static double loss(double x, double y) {
    return (x * x - 1) * (x * x - 1) + 0.6 * x + y * y;
  }

  private static float[][] vertices() {
    float[][] vertices = new float[SIDE * SIDE][];
    for (int i = 0; i < vertices.length; i++) {
      double x = 3.6 * (i % SIDE) / (SIDE - 1) - 1.8;
      double y = 3.6 * (i / SIDE) / (SIDE - 1) - 1.8;
      vertices[i] = new float[] {(float) x, (float) (loss(x, y) / 4), (float) y};
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

  /** Blue in the valleys, light on the heights. */
  private static int[][] colors(float[][] vertices) {
    int[][] colors = new int[vertices.length][];
    for (int i = 0; i < colors.length; i++) {
      int light = (int) Math.min(255, Math.max(0, 90 + 80 * vertices[i][1]));
      colors[i] = new int[] {light / 2, light, 200};
    }
    return colors;
  }
}
