package io.github.tensorboard4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the board shows of a sound training and of five broken ones, as the page about diagnoses says. */
class BrokenTrainingIT {

  @TempDir(factory = BrokenBoard.Directory.class)
  private static Path logs;

  private static BrokenBoard board;

  @BeforeAll
  static void train() {
    board = new BrokenBoard(logs, "diagnose", BrokenTraining::train);
  }

  @AfterAll
  static void end() {
    if (board != null) {
      board.close();
    }
  }

  @Test
  void shouldShowARateThatIsTooHighInTheRatioOfUpdates() {
    assertThat(board.last(BrokenTraining.SOUND, "update_ratio_log10/hidden_2/weight")).isBetween(-4f, -2f);
    assertThat(board.highest(BrokenTraining.RATE_TOO_HIGH, "update_ratio_log10/hidden_2/weight")).isGreaterThan(-1);
    board.shootCurves(BrokenTraining.RATE_TOO_HIGH,
        "^(batch_loss|epoch_loss|update_ratio_log10/(hidden_[024]|output)/weight)$");
  }

  @Test
  void shouldShowDeadRelus() {
    assertThat(board.last(BrokenTraining.SOUND, "relu_dead/hidden_2")).isLessThan(0.4f);
    assertThat(board.last(BrokenTraining.DEAD_RELUS, "relu_dead/hidden_2")).isEqualTo(1);
    assertThat(board.last(BrokenTraining.DEAD_RELUS, "gradient_norm/hidden_2/weight")).isZero();
    board.shootCurves(BrokenTraining.DEAD_RELUS, "^(epoch_loss|gradient_norm/hidden_[04]/weight|relu_dead/hidden_[024])$");
  }

  @Test
  void shouldShowVanishingGradients() {
    float first = board.last(BrokenTraining.VANISHING_GRADIENTS, "gradient_norm/hidden_0/weight");
    assertThat(first).isLessThan(board.last(BrokenTraining.VANISHING_GRADIENTS, "gradient_norm/output/weight") / 50);
    assertThat(board.last(BrokenTraining.SOUND, "gradient_norm/hidden_0/weight"))
        .isGreaterThan(board.last(BrokenTraining.SOUND, "gradient_norm/output/weight") / 10);
    board.shootCurves(BrokenTraining.VANISHING_GRADIENTS,
        "^(epoch_loss|gradient_norm/(hidden_[024]|output)/weight|update_ratio_log10/hidden_0/weight)$");
  }

  @Test
  void shouldShowLabelsThatHaveNothingToDoWithTheInputs() {
    assertThat(board.last(BrokenTraining.SOUND, "epoch_accuracy")).isGreaterThan(0.7f);
    assertThat(board.recorded(BrokenTraining.BAD_LABELS).scalar("epoch_loss").get(5L))
        .isCloseTo((float) Math.log(3), within(0.05f));
    assertThat(board.last(BrokenTraining.BAD_LABELS, "relu_dead/hidden_2")).isLessThan(0.4f);
    assertThat(board.last(BrokenTraining.BAD_LABELS, "update_ratio_log10/hidden_2/weight")).isBetween(-4f, -2f);
    board.shootCurves(BrokenTraining.BAD_LABELS,
        "^(epoch_loss|epoch_accuracy|relu_dead/hidden_2|gradient_norm/hidden_2/weight|update_ratio_log10/hidden_2/weight)$");
  }

  @Test
  void shouldShowTheRatiosOfAllParametersInOneChart() {
    assertThat(board.shootCharts(BrokenTraining.RATE_TOO_HIGH)).containsExactly("update_ratio_log10",
        "update_ratio_log10 of biases", "gradient_norm", "epoch_loss", "epoch_accuracy");
  }

  @Test
  void shouldShowANumberThatIsNoneInTheInput() {
    assertThat(board.recorded(BrokenTraining.NAN_INPUT).texts()).anySatisfy(text -> assertThat(text)
        .contains("NaN in the batch's input features at iteration " + BrokenTraining.NAN_ITERATION));
    assertThat(board.shootDivergence(BrokenTraining.NAN_INPUT)).contains("NaN in the batch's input");
  }
}
