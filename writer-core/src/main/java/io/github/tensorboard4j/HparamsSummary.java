package io.github.tensorboard4j;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * The columns of TensorBoard's HParams page, or the start or the end of a session on it. All stands in the metadata, as
 * {@code HParamsPluginData} (TensorBoard's {@code hparams/plugin_data.proto} and {@code api.proto}); the tensor is empty.
 */
final class HparamsSummary {

  private static final int FIXED64 = WireFormat.WIRETYPE_FIXED64;

  // HParamsPluginData
  private static final int EXPERIMENT = 2;
  private static final int SESSION_START_INFO = 3;
  private static final int SESSION_END_INFO = 4;

  // Experiment, HParamInfo, google.protobuf.ListValue, Interval, MetricInfo, MetricName, DataType
  private static final int EXPERIMENT_HPARAM_INFO = 4;
  private static final int EXPERIMENT_METRIC_INFO = 5;
  private static final int HPARAM_NAME = 1;
  private static final int HPARAM_TYPE = 4;
  private static final int HPARAM_VALUES = 5;
  private static final int HPARAM_RANGE = 6;
  private static final int HPARAM_DIFFERS = 7;
  private static final int LIST_VALUE = 1;
  private static final int RANGE_SMALLEST = 1;
  private static final int RANGE_LARGEST = 2;
  private static final int METRIC_NAME = 1;
  private static final int METRIC_NAME_GROUP = 1;
  private static final int METRIC_NAME_TAG = 2;
  private static final int TYPE_STRING = 1;
  private static final int TYPE_BOOL = 2;
  private static final int TYPE_FLOAT64 = 3;

  // SessionStartInfo, SessionEndInfo, google.protobuf.Value
  private static final int START_HPARAMS = 1;
  private static final int START_TIME = 5;
  private static final int END_STATUS = 1;
  private static final int END_TIME = 2;
  private static final int MAP_KEY = 1;
  private static final int MAP_VALUE = 2;
  private static final int NUMBER_VALUE = 2;
  private static final int STRING_VALUE = 3;
  private static final int BOOL_VALUE = 4;

  private HparamsSummary() {}

  private static EventEncoder of(double wallTime, String tag, byte[] content) {
    return TensorData.ofFloats(new float[0], 0).summary(wallTime, 0, tag, "hparams", content);
  }

  static EventEncoder start(double wallTime, Map<String, ?> hyperParameters) {
    byte[] content = WireMessage.bytes(data -> WireMessage.write(data, SESSION_START_INFO, start -> {
      for (Map.Entry<String, ?> entry : hyperParameters.entrySet()) {
        WireMessage.write(start, START_HPARAMS, map -> {
          map.writeByteArray(MAP_KEY, TensorData.utf8(entry.getKey()));
          WireMessage.write(map, MAP_VALUE, value -> value(value, entry.getValue()));
        });
      }
      start.writeDouble(START_TIME, wallTime);
    }));
    return of(wallTime, "_hparams_/session_start_info", content);
  }

  static EventEncoder end(double wallTime, SessionStatus status) {
    byte[] content = WireMessage.bytes(data -> WireMessage.write(data, SESSION_END_INFO, end -> {
      end.writeEnum(END_STATUS, status.number());
      end.writeDouble(END_TIME, wallTime);
    }));
    return of(wallTime, "_hparams_/session_end_info", content);
  }

  /**
   * Declares columns, and one for each other hyper-parameter of this run, whose value has its type. The page shows the first
   * five by name of those that differ between runs, and then the others: what this run was given beside the declared ones is
   * said to differ.
   */
  static EventEncoder experiment(double wallTime, HparamsColumns columns, Map<String, ?> hyperParameters) {
    Map<String, Class<?>> types = new TreeMap<>(columns.hyperParameters());
    hyperParameters.forEach((name, value) -> types.putIfAbsent(
        name, value instanceof Boolean ? Boolean.class : value instanceof Number ? Double.class : String.class));
    byte[] content = WireMessage.bytes(data -> WireMessage.write(data, EXPERIMENT, experiment -> {
      for (Map.Entry<String, Class<?>> type : types.entrySet()) {
        WireMessage.write(experiment, EXPERIMENT_HPARAM_INFO, info -> {
          info.writeByteArray(HPARAM_NAME, TensorData.utf8(type.getKey()));
          info.writeEnum(HPARAM_TYPE, type.getValue() == Boolean.class ? TYPE_BOOL
              : type.getValue() == Double.class ? TYPE_FLOAT64 : TYPE_STRING);
          HparamsColumns.Domain domain = columns.domains().get(type.getKey());
          if (domain != null) {
            domain(info, domain);
          }
          info.writeBool(HPARAM_DIFFERS, columns.differs(type.getKey()));
        });
      }
      for (HparamsColumns.Metric metric : columns.metrics()) {
        WireMessage.write(experiment, EXPERIMENT_METRIC_INFO, info -> WireMessage.write(info, METRIC_NAME, name -> {
          name.writeByteArray(METRIC_NAME_GROUP, TensorData.utf8(metric.group()));
          name.writeByteArray(METRIC_NAME_TAG, TensorData.utf8(metric.tag()));
        }));
      }
    }));
    return of(wallTime, "_hparams_/experiment", content);
  }

  private static void domain(CodedOutputStream info, HparamsColumns.Domain domain) throws IOException {
    if (domain.values().isEmpty()) {
      WireMessage.write(info, HPARAM_RANGE, range -> {
        range.writeDouble(RANGE_SMALLEST, domain.smallest());
        range.writeDouble(RANGE_LARGEST, domain.largest());
      });
    } else {
      WireMessage.write(info, HPARAM_VALUES, values -> {
        for (Object value : domain.values()) {
          WireMessage.write(values, LIST_VALUE, element -> value(element, value));
        }
      });
    }
  }

  /** Writes a number that isn't finite as its string: JSON, in which TensorBoard's page gets it, has no such numbers. */
  private static void value(CodedOutputStream out, Object value) throws IOException {
    if (value instanceof Boolean flag) {
      out.writeBool(BOOL_VALUE, flag);
    } else if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
      out.writeTag(NUMBER_VALUE, FIXED64);
      out.writeDoubleNoTag(decimal(number));
    } else {
      out.writeByteArray(STRING_VALUE, TensorData.utf8(String.valueOf(value)));
    }
  }

  /** Widens 0.1f to 0.1, not to 0.10000000149011612, which nobody has chosen as a learning rate. */
  private static double decimal(Number number) {
    return number instanceof Float ? Double.parseDouble(number.toString()) : number.doubleValue();
  }
}
