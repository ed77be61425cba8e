package io.github.tensorboard4j.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RecordFramingTest {

  private static final int[] LENGTHS = {5, 0, 300};
  private static final int[] STARTS = {0, 21, 37};
  private static final int END = 353;

  private final ByteBuffer records = ByteBuffer.allocate(400).order(ByteOrder.LITTLE_ENDIAN);

  RecordFramingTest() {
    for (int i = 0; i < LENGTHS.length; i++) {
      records.putLong(STARTS[i], LENGTHS[i]);
    }
    records.position(END);
  }

  @Test
  void shouldCountTheRecordsThatItSeals() {
    assertThat(new RecordFraming().seal(records)).isEqualTo(3);
    assertThat(records.position()).isEqualTo(END);
    assertThat(records.limit()).isEqualTo(400);
  }

  @Test
  void shouldFindTheRecordThatHoldsAByte() {
    records.flip();
    for (int offset = 0; offset < END; offset++) {
      int at = offset;
      int start = Arrays.stream(STARTS).filter(begin -> begin <= at).max().orElseThrow();

      assertThat(RecordFraming.startOfRecordAt(records, offset)).as("of the byte at %d", offset).isEqualTo(start);
    }
    assertThat(RecordFraming.startOfRecordAt(records, END)).as("behind all").isEqualTo(END);
  }

  @Test
  void shouldCountTheRecordsThatAreNotWholeBeforeAnOffset() {
    records.flip();
    for (int offset = 0; offset <= END; offset++) {
      int expected = offset < 21 ? 3 : offset < 37 ? 2 : offset < END ? 1 : 0;

      assertThat(RecordFraming.countEndingBehind(records, offset)).as("behind %d", offset).isEqualTo(expected);
    }
  }
}
