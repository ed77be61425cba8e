package io.github.tensorboard4j.djl;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.github.tensorboard4j.events.Event;
import io.github.tensorboard4j.testing.Recorded;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How sessions began and ended, read as TensorBoard's {@code hparams/plugin_data.proto} and {@code api.proto} have it. */
final class RecordedSession {

  private static final int SESSION_START_INFO = 3;
  private static final int SESSION_END_INFO = 4;

  private RecordedSession() {}

  /** Returns the hyper-parameters of a run, numbers and strings, those of the last session in its directory. */
  static Map<String, Object> hyperParameters(Path run) {
    Map<String, Object> found = new TreeMap<>();
    for (UnknownFieldSet start : infos(run, "_hparams_/session_start_info", SESSION_START_INFO)) {
      for (UnknownFieldSet entry : messages(start, 1)) {
        found.put(entry.getField(1).getLengthDelimitedList().get(0).toStringUtf8(), scalar(messages(entry, 2).get(0)));
      }
    }
    return found;
  }

  /** Returns the numbers of all statuses with which the sessions of a run ended. */
  static List<Long> endings(Path run) {
    return infos(run, "_hparams_/session_end_info", SESSION_END_INFO).stream()
        .map(end -> end.getField(1).getVarintList().get(0)).toList();
  }

  private static List<UnknownFieldSet> infos(Path run, String tag, int field) {
    List<UnknownFieldSet> infos = new ArrayList<>();
    for (Event event : Recorded.in(run).events()) {
      for (Event.Value value : event.values()) {
        if (value.tag().equals(tag)) {
          infos.add(messages(parse(ByteString.copyFrom(value.pluginContent())), field).get(0));
        }
      }
    }
    return infos;
  }

  private static Object scalar(UnknownFieldSet value) {
    return value.hasField(2)
        ? Double.longBitsToDouble(value.getField(2).getFixed64List().get(0))
        : value.getField(3).getLengthDelimitedList().get(0).toStringUtf8();
  }

  private static List<UnknownFieldSet> messages(UnknownFieldSet of, int field) {
    return of.getField(field).getLengthDelimitedList().stream().map(RecordedSession::parse).toList();
  }

  private static UnknownFieldSet parse(ByteString message) {
    try {
      return UnknownFieldSet.parseFrom(message);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }
}
