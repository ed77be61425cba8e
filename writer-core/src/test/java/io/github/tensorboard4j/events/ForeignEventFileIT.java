package io.github.tensorboard4j.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.DType;
import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.testkit.Python;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the reader finds in a file that TensorBoard's own Python modules wrote, against what numpy says of the same tensors. */
class ForeignEventFileIT {

  private static final String WRITE = """
      import sys, numpy
      from tensorboard.compat.proto import event_pb2, summary_pb2, tensor_pb2
      from tensorboard.summary.writer.event_file_writer import EventFileWriter
      from tensorboard.plugins.scalar import metadata as scalars
      from tensorboard.util import tensor_util
      writer = EventFileWriter(sys.argv[1])
      def add(summary):
          writer.add_event(event_pb2.Event(wall_time=1.5e9, step=7, summary=summary))
      add(summary_pb2.Summary(value=[summary_pb2.Summary.Value(
          tag='new style', metadata=scalars.create_summary_metadata(display_name='', description=''),
          tensor=tensor_util.make_tensor_proto(0.25, dtype=numpy.float32))]))
      def add_tensor(tag, **fields):
          value = summary_pb2.Summary.Value(tag=tag, tensor=tensor_pb2.TensorProto(**fields))
          add(summary_pb2.Summary(value=[value]))
      for dtype in ['float32', 'float64', 'float16', 'int8', 'uint8', 'int16', 'uint16', 'int32', 'int64', 'uint32',
                    'uint64', 'bool']:
          x = numpy.array([0, 1, 1, 0, 1], dtype) if dtype == 'bool' else numpy.array([1, 2, 3, 100, 0], dtype)
          tensor = tensor_util.make_tensor_proto(x)
          add(summary_pb2.Summary(value=[summary_pb2.Summary.Value(tag=dtype, tensor=tensor)]))
          print(dtype, x.tobytes().hex())
      add_tensor('strings', dtype=7, string_val=[b'\\x89PNG\\xff', 'λ'.encode()])
      writer.close()
      """;

  /** Writes older forms, and prints the tensors that TensorBoard makes of them: shape, then each element, in hex. */
  private static final String WRITE_OLDER = """
      import sys, numpy
      from tensorboard import data_compat
      from tensorboard.compat.proto import event_pb2, histogram_pb2, summary_pb2
      from tensorboard.summary.writer.event_file_writer import EventFileWriter
      from tensorboard.util import tensor_util
      Value = summary_pb2.Summary.Value
      writer = EventFileWriter(sys.argv[1])
      largest = sys.float_info.max
      for value in [
          Value(tag='histogram', histo=histogram_pb2.HistogramProto(
              min=-1.5, max=8, num=6, bucket_limit=[-2, -1, 0, 4, 6, largest], bucket=[0, 1, 0, 3, 2, 0])),
          Value(tag='empty', histo=histogram_pb2.HistogramProto(bucket_limit=[1, largest], bucket=[0, 0])),
          Value(tag='image', image=summary_pb2.Summary.Image(
              height=3, width=20, colorspace=3, encoded_image_string=b'\\x89PNG')),
          Value(tag='sound', audio=summary_pb2.Summary.Audio(
              sample_rate=8000, num_channels=1, encoded_audio_string=b'RIFF'))]:
          summary = summary_pb2.Summary(value=[value])
          writer.add_event(event_pb2.Event(wall_time=1.5e9, step=7, summary=summary))
          newer = data_compat.migrate_value(value)
          array = tensor_util.make_ndarray(newer.tensor)
          print(value.tag, newer.metadata.plugin_data.plugin_name, ','.join(map(str, array.shape)), end='')
          for x in array.flatten().tolist():
              print('', (x if isinstance(x, bytes) else numpy.float64(x).tobytes()).hex() or '-', end='')
          print()
      writer.close()
      """;

  @TempDir
  private Path run;

  @Test
  void shouldReadTheTensorsOfOthersInWhicheverFieldTheyAre() {
    Map<String, String> expected = new TreeMap<>();
    Python.run(WRITE, run).lines().map(line -> line.split(" ")).forEach(line -> expected.put(line[0], line[1]));
    Map<String, Event.Value> values = new TreeMap<>();
    Recorded.in(run).events().forEach(event -> event.values().forEach(value -> values.put(value.tag(), value)));

    expected.forEach((tag, hex) -> {
      assertThat(hex(values.get(tag).tensorContent())).as(tag).isEqualTo(hex);
      assertThat(values.get(tag).shape()).as(tag).containsExactly(5L);
      assertThat(values.get(tag).dtype()).as(tag).isNotEqualTo(DType.UNKNOWN);
    });
    assertThat(expected).hasSize(12);
    assertThat(values.get("new style").tensorContent().getFloat()).isEqualTo(0.25f);
    assertThat(values.get("new style").plugin()).isEqualTo("scalars");
    assertThat(values.get("new style").scalar()).isEqualTo(0.25f);
    assertThat(values.get("strings").strings().get(1)).isEqualTo("λ");
    assertThat(values.get("strings").stringBytes()).extracting(ForeignEventFileIT::hex)
        .isEqualTo(List.of("89504e47ff", "cebb"));
  }

  @Test
  void shouldReadOlderFormsAsTheTensorsThatTensorBoardMakesOfThem() {
    List<String> expected = Python.run(WRITE_OLDER, run).lines().map(String::strip).toList();

    List<String> read = new ArrayList<>();
    Recorded.in(run).events().forEach(event -> event.values().forEach(value -> {
      List<String> elements = new ArrayList<>(value.stringBytes().stream().map(ForeignEventFileIT::hex)
          .map(hex -> hex.isEmpty() ? "-" : hex).toList());
      ByteBuffer numbers = value.tensorContent();
      while (numbers.hasRemaining()) {
        elements.add(hex(numbers.slice(numbers.position(), Double.BYTES)));
        numbers.position(numbers.position() + Double.BYTES);
      }
      String shape = value.shape().stream().map(String::valueOf).collect(Collectors.joining(","));
      read.add(String.join(" ", value.tag(), value.plugin(), shape, String.join(" ", elements)).strip());
    }));
    assertThat(read).hasSize(4).isEqualTo(expected);
  }

  private static String hex(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return HexFormat.of().formatHex(copy);
  }
}
