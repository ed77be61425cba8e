package io.github.tensorboard4j;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A surface of triangles in space, or a cloud of points: vertices, and if there are any, faces and colours. A batch of
 * several with the same number of vertices is shown side by side. Immutable.
 *
 * <pre>{@code
 * writer.addMesh("cloud", Mesh.builder(points).colors(colors).build(), step);
 * }</pre>
 */
public final class Mesh {

  private static final int COORDINATES = 3;
  private static final int LARGEST_COLOR = 255;
  /** TensorBoard's page keeps the corners of faces in 16 bits. */
  private static final int MOST_VERTICES_OF_FACES = 1 << 16;
  /** Points are drawn as large as this part of the cloud, if nothing else is asked for: large enough to be seen. */
  private static final double POINT_SIZE = 0.01;

  /** What a mesh consists of: each is a series of its own, with its number in plugin_data.proto of TensorBoard's mesh plugin. */
  enum Part {
    VERTEX(1), FACE(2), COLOR(3);

    final int number;

    Part(int number) {
      this.number = number;
    }
  }

  // MeshPluginData
  private static final int DATA_NAME = 2;
  private static final int DATA_CONTENT_TYPE = 3;
  private static final int DATA_JSON_CONFIG = 5;
  private static final int DATA_SHAPE = 6;
  private static final int DATA_COMPONENTS = 7;

  private final int batch;
  private final Map<Part, TensorData> parts;
  private final String config;

  private Mesh(Builder builder) {
    this.batch = builder.batch;
    this.parts = new LinkedHashMap<>();
    parts.put(Part.VERTEX, tensor(DType.FLOAT, builder.batch, builder.vertices));
    if (builder.faces != null) {
      parts.put(Part.FACE, tensor(DType.INT32, builder.batch, builder.faces));
    }
    if (builder.colors != null) {
      parts.put(Part.COLOR, tensor(DType.UINT8, builder.batch, builder.colors));
    }
    this.config = Json.of(builder.config());
  }

  /**
   * Returns a builder of one mesh.
   *
   * @param vertices the vertices, each with x, y and z
   * @return the builder
   * @throws IllegalArgumentException if there are no vertices, or if one has not three coordinates or one that is not finite
   * @throws NullPointerException if the vertices are null
   */
  public static Builder builder(float[][] vertices) {
    FloatBuffer flat = FloatBuffer.allocate(COORDINATES * vertices.length);
    for (int i = 0; i < vertices.length; i++) {
      requireThree(vertices[i].length, "coordinates, but vertex", i);
      flat.put(vertices[i]);
    }
    return new Builder(flat.flip(), 1);
  }

  /**
   * Returns a builder of a batch of meshes, which all have the same number of vertices.
   *
   * @param vertices mesh by mesh and vertex by vertex x, y and z: a tensor of shape [batch, vertices, 3], between the
   *     buffer's position and its limit; they are copied
   * @param batch the number of meshes
   * @return the builder
   * @throws IllegalArgumentException if there are no vertices, if their number is no multiple of the batch, or if a
   *     coordinate is not finite
   * @throws NullPointerException if the vertices are null
   */
  public static Builder builder(FloatBuffer vertices, int batch) {
    return new Builder(vertices, batch);
  }

  /** Returns what all meshes of one tag must have in common: TensorBoard takes it from the first. */
  String kind() {
    StringBuilder kind = new StringBuilder("meshes (").append(batch).append(" at a step, ");
    kind.append(parts.containsKey(Part.FACE) ? "with faces" : "without faces");
    return kind.append(parts.containsKey(Part.COLOR) ? " and with colours)" : " and without colours)").toString();
  }

  /** Returns the tag of the series of one of the parts. */
  static String tag(String tag, Part part) {
    return tag + '_' + part;
  }

  /** Returns the event of each part. */
  Map<Part, EventEncoder> summaries(double wallTime, long step, String tag) {
    int components = parts.keySet().stream().mapToInt(part -> 1 << part.number).sum();
    Map<Part, EventEncoder> summaries = new LinkedHashMap<>();
    parts.forEach((part, tensor) -> {
      byte[] content = WireMessage.bytes(data -> {
        data.writeByteArray(DATA_NAME, TensorData.utf8(tag));
        data.writeEnum(DATA_CONTENT_TYPE, part.number);
        data.writeByteArray(DATA_JSON_CONFIG, TensorData.utf8(config));
        for (long size : tensor.shape()) {
          data.writeInt32(DATA_SHAPE, (int) size);
        }
        data.writeUInt32(DATA_COMPONENTS, components);
      });
      summaries.put(part, tensor.summary(wallTime, step, tag(tag, part), "mesh", content));
    });
    return summaries;
  }

  private static TensorData tensor(DType dtype, int batch, ByteBuffer content) {
    long rows = content.remaining() / ((long) batch * COORDINATES * dtype.bytes());
    return TensorData.ofNumbers(dtype, content, batch, rows, COORDINATES);
  }

  private static void requireThree(int length, String what, int index) {
    if (length != COORDINATES) {
      throw new IllegalArgumentException("There are three " + what + " " + index + " has " + length);
    }
  }

  private static ByteBuffer littleEndian(long bytes) {
    return ByteBuffer.allocate(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Builds a {@link Mesh}. */
  public static final class Builder {

    private final ByteBuffer vertices;
    private final int batch;
    private final int count;
    private final double extent;
    private @Nullable ByteBuffer faces;
    private @Nullable ByteBuffer colors;
    private @Nullable Double pointSize;
    private Map<String, ?> config = Map.of();

    private Builder(FloatBuffer vertices, int batch) {
      int size = vertices.remaining();
      if (batch < 1 || size == 0 || size % (COORDINATES * (long) batch) != 0) {
        throw new IllegalArgumentException(
            "Vertices have the shape [" + batch + ", vertices, 3] with one vertex at least, unlike "
                + size + " coordinates");
      }
      this.batch = batch;
      this.count = size / COORDINATES / batch;
      this.vertices = littleEndian((long) size * Float.BYTES);
      double lowest = Double.POSITIVE_INFINITY;
      double highest = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < size; i++) {
        float coordinate = vertices.get(vertices.position() + i);
        if (!Float.isFinite(coordinate)) {
          throw new IllegalArgumentException(
              "Coordinates are finite, unlike one of vertex " + i / COORDINATES % count + " of mesh "
                  + i / COORDINATES / count + ", which is " + coordinate);
        }
        lowest = Math.min(lowest, coordinate);
        highest = Math.max(highest, coordinate);
        this.vertices.putFloat(coordinate);
      }
      this.vertices.flip();
      this.extent = highest - lowest;
    }

    /**
     * Sets the faces of each mesh, which all have the same if there are several.
     *
     * @param faces the faces, each with the numbers of its three vertices, from 0
     * @return this builder
     * @throws IllegalArgumentException if there are no faces, if one has not three corners, if one points to no vertex,
     *     or if there are more than 65,536 vertices: TensorBoard's page can't draw faces of more
     * @throws NullPointerException if the faces are null
     */
    public Builder faces(int[][] faces) {
      IntBuffer flat = IntBuffer.allocate(batch * COORDINATES * faces.length);
      for (int mesh = 0; mesh < batch; mesh++) {
        for (int i = 0; i < faces.length; i++) {
          requireThree(faces[i].length, "corners, but face", i);
          flat.put(faces[i]);
        }
      }
      return faces(flat.flip());
    }

    /**
     * Sets the faces.
     *
     * @param faces mesh by mesh and face by face the numbers of its three vertices in that mesh, from 0: a tensor of shape
     *     [batch, faces, 3], between the buffer's position and its limit; they are copied
     * @return this builder
     * @throws IllegalArgumentException if there are no faces, if they have not that shape, if one points to no vertex,
     *     or if a mesh has more than 65,536 vertices: TensorBoard's page can't draw faces of more
     * @throws NullPointerException if the faces are null
     */
    public Builder faces(IntBuffer faces) {
      int size = faces.remaining();
      if (size == 0 || size % (COORDINATES * batch) != 0) {
        throw new IllegalArgumentException(
            "Faces have the shape [" + batch + ", faces, 3] with one face at least, unlike " + size + " corners");
      }
      if (count > MOST_VERTICES_OF_FACES) {
        throw new IllegalArgumentException(
            "TensorBoard draws faces of at most " + MOST_VERTICES_OF_FACES + " vertices, but there are "
                + count + ": leave out the faces, or some of the vertices");
      }
      ByteBuffer copy = littleEndian((long) size * Integer.BYTES);
      for (int i = 0; i < size; i++) {
        int corner = faces.get(faces.position() + i);
        if (corner < 0 || corner >= count) {
          throw new IllegalArgumentException("Corner " + i % COORDINATES + " of face " + i / COORDINATES
              + " points to vertex " + corner + ", but there are only those from 0 to " + (count - 1));
        }
        copy.putInt(corner);
      }
      this.faces = copy.flip();
      return this;
    }

    /**
     * Sets the colour of each vertex, which is the same in all meshes if there are several.
     *
     * @param colors as many as there are vertices in a mesh, each with red, green and blue from 0 to 255
     * @return this builder
     * @throws IllegalArgumentException if there are more or less than vertices, or if one has not three numbers from 0 to 255
     * @throws NullPointerException if the colours are null
     */
    public Builder colors(int[][] colors) {
      ByteBuffer flat = ByteBuffer.allocate(batch * COORDINATES * colors.length);
      for (int mesh = 0; mesh < batch; mesh++) {
        for (int i = 0; i < colors.length; i++) {
          requireThree(colors[i].length, "numbers in a colour, but colour", i);
          for (int value : colors[i]) {
            if (value < 0 || value > LARGEST_COLOR) {
              throw new IllegalArgumentException(
                  "Colours are made of numbers from 0 to 255, unlike colour " + i + ", which is "
                      + Arrays.toString(colors[i]));
            }
            flat.put((byte) value);
          }
        }
      }
      return colors(flat.flip());
    }

    /**
     * Sets the colour of each vertex.
     *
     * @param colors mesh by mesh and vertex by vertex red, green and blue, from 0 to 255 as unsigned bytes: a tensor of shape
     *     [batch, vertices, 3], between the buffer's position and its limit; they are copied
     * @return this builder
     * @throws IllegalArgumentException if they have not that shape
     * @throws NullPointerException if the colours are null
     */
    public Builder colors(ByteBuffer colors) {
      if (colors.remaining() != COORDINATES * count * batch) {
        throw new IllegalArgumentException(
            "Colours have the shape of the vertices, [" + batch + ", " + count + ", 3], unlike "
                + colors.remaining() + " numbers");
      }
      this.colors = littleEndian(colors.remaining()).put(colors.duplicate()).flip();
      return this;
    }

    /**
     * Sets how large the points of a cloud are drawn.
     *
     * @param size the width of a point, in the unit of the vertices; a hundredth of the cloud if not set
     * @return this builder
     * @throws IllegalArgumentException if the size is not a positive number
     */
    public Builder pointSize(double size) {
      if (!(size > 0 && size < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("Points have a positive size, not " + size);
      }
      this.pointSize = size;
      return this;
    }

    /**
     * Sets how TensorBoard shows the scene, with classes of three.js. What is not set is as TensorBoard chooses it.
     *
     * @param config such as {@code Map.of("camera", Map.of("cls", "PerspectiveCamera", "fov", 50))}; also known are
     *     {@code lights}, a list, and {@code material}. The values may be strings, numbers, booleans, lists, and maps of
     *     such.
     * @return this builder
     * @throws IllegalArgumentException if a value is of another kind, or a number that is not finite
     * @throws NullPointerException if the map or a value is null
     */
    public Builder config(Map<String, ?> config) {
      Json.of(config);
      this.config = config;
      return this;
    }

    /**
     * Returns the mesh.
     *
     * @return the mesh
     */
    public Mesh build() {
      return new Mesh(this);
    }

    private Map<String, ?> config() {
      if (faces != null) {
        return config;
      }
      Map<String, Object> all = new LinkedHashMap<>(config);
      Map<Object, Object> material = new LinkedHashMap<>();
      material.put("cls", "PointsMaterial");
      material.put("size", extent > 0 ? POINT_SIZE * extent : 1);
      if (config.get("material") instanceof Map<?, ?> given) {
        material.putAll(given);
      }
      if (pointSize != null) {
        material.put("size", pointSize);
      }
      all.put("material", material);
      return all;
    }
  }
}
