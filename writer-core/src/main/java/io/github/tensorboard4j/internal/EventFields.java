package io.github.tensorboard4j.internal;

import com.google.protobuf.WireFormat;

/**
 * The protobuf tags (field number and wire type) of the messages in TensorBoard's {@code event.proto},
 * {@code summary.proto}, {@code tensor.proto} and {@code tensor_shape.proto} that this library writes and reads.
 */
public final class EventFields {

  private static final int VARINT = WireFormat.WIRETYPE_VARINT;
  private static final int FIXED64 = WireFormat.WIRETYPE_FIXED64;
  private static final int FIXED32 = WireFormat.WIRETYPE_FIXED32;
  private static final int BYTES = WireFormat.WIRETYPE_LENGTH_DELIMITED;

  // Event
  public static final int WALL_TIME = 1 << 3 | FIXED64;
  public static final int STEP = 2 << 3 | VARINT;
  public static final int FILE_VERSION = 3 << 3 | BYTES;
  public static final int GRAPH_DEF = 4 << 3 | BYTES;
  public static final int SUMMARY = 5 << 3 | BYTES;
  public static final int SESSION_LOG = 7 << 3 | BYTES;
  public static final int TAGGED_RUN_METADATA = 8 << 3 | BYTES;
  public static final int SOURCE_METADATA = 10 << 3 | BYTES;

  // SourceMetadata, SessionLog
  public static final int SOURCE_WRITER = 1 << 3 | BYTES;
  public static final int SESSION_STATUS = 1 << 3 | VARINT;
  public static final int SESSION_START = 1;

  // Summary, Summary.Value
  public static final int SUMMARY_VALUE = 1 << 3 | BYTES;
  public static final int VALUE_TAG = 1 << 3 | BYTES;
  public static final int VALUE_SIMPLE = 2 << 3 | FIXED32;
  public static final int VALUE_IMAGE = 4 << 3 | BYTES;
  public static final int VALUE_HISTOGRAM = 5 << 3 | BYTES;
  public static final int VALUE_AUDIO = 6 << 3 | BYTES;
  public static final int VALUE_TENSOR = 8 << 3 | BYTES;
  public static final int VALUE_METADATA = 9 << 3 | BYTES;

  // Summary.Image, HistogramProto, Summary.Audio
  public static final int IMAGE_HEIGHT = 1 << 3 | VARINT;
  public static final int IMAGE_WIDTH = 2 << 3 | VARINT;
  public static final int IMAGE_ENCODED = 4 << 3 | BYTES;
  public static final int HISTOGRAM_MIN = 1 << 3 | FIXED64;
  public static final int HISTOGRAM_MAX = 2 << 3 | FIXED64;
  public static final int AUDIO_ENCODED = 4 << 3 | BYTES;

  // the numbers of HistogramProto's repeated fields, which may be packed or not
  public static final int HISTOGRAM_LIMITS = 6;
  public static final int HISTOGRAM_COUNTS = 7;

  // SummaryMetadata, SummaryMetadata.PluginData, DataClass
  public static final int METADATA_PLUGIN = 1 << 3 | BYTES;
  public static final int METADATA_DESCRIPTION = 3 << 3 | BYTES;
  public static final int METADATA_DATA_CLASS = 4 << 3 | VARINT;
  public static final int PLUGIN_NAME = 1 << 3 | BYTES;
  public static final int PLUGIN_CONTENT = 2 << 3 | BYTES;
  public static final int DATA_CLASS_SCALAR = 1;
  public static final int DATA_CLASS_TENSOR = 2;
  public static final int DATA_CLASS_BLOB_SEQUENCE = 3;

  // TensorProto, TensorShapeProto, TensorShapeProto.Dim, DataType
  public static final int TENSOR_DTYPE = 1 << 3 | VARINT;
  public static final int TENSOR_SHAPE = 2 << 3 | BYTES;
  public static final int TENSOR_CONTENT = 4 << 3 | BYTES;
  public static final int TENSOR_STRING = 8 << 3 | BYTES;

  // the numbers of TensorProto's fields of elements, which may be packed or not
  public static final int TENSOR_FLOAT = 5;
  public static final int TENSOR_DOUBLE = 6;
  public static final int TENSOR_INT = 7;
  public static final int TENSOR_INT64 = 10;
  public static final int TENSOR_BOOL = 11;
  public static final int TENSOR_HALF = 13;
  public static final int TENSOR_UINT32 = 16;
  public static final int TENSOR_UINT64 = 17;

  public static final int SHAPE_DIM = 2 << 3 | BYTES;
  public static final int DIM_SIZE = 1 << 3 | VARINT;
  public static final int DT_DOUBLE = 2;
  public static final int DT_STRING = 7;

  private EventFields() {}
}
