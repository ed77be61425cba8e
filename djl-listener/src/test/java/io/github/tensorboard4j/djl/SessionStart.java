package io.github.tensorboard4j.djl;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.github.tensorboard4j.events.Event;
import io.github.tensorboard4j.testing.Recorded;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The hyper-parameters with which a session started, read as TensorBoard's {@code hparams/plugin_data.proto} has them. */
final class SessionStart {

  private static final int SESSION_START_INFO = 3;

  private SessionStart() {}

  /** Returns the hyper-parameters of a run, numbers and strings, those of the last session in its directory. */
  static Map<String, Object> hyperParameters(Path run) {
    Map<String, Object> found = new TreeMap<>();
    for (Event event : Recorded.in(run).events()) {
      for (Event.Value value : event.values()) {
        if (value.tag().equals("_hparams_/session_start_info")) {
          try {
            UnknownFieldSet data = UnknownFieldSet.parseFrom(ByteString.copyFrom(value.pluginContent()));
            UnknownFieldSet start = message(data, SESSION_START_INFO, 0);
            for (int i = 0; i < start.getField(1).getLengthDelimitedList().size(); i++) {
              UnknownFieldSet entry = message(start, 1, i);
              found.put(entry.getField(1).getLengthDelimitedList().get(0).toStringUtf8(), scalar(message(entry, 2, 0)));
            }
          } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
          }
        }
      }
    }
    return found;
  }

  private static Object scalar(UnknownFieldSet value) {
    return value.hasField(2)
        ? Double.longBitsToDouble(value.getField(2).getFixed64List().get(0))
        : value.getField(3).getLengthDelimitedList().get(0).toStringUtf8();
  }

  private static UnknownFieldSet message(UnknownFieldSet of, int field, int index) throws InvalidProtocolBufferException {
    return UnknownFieldSet.parseFrom(of.getField(field).getLengthDelimitedList().get(index));
  }
}
