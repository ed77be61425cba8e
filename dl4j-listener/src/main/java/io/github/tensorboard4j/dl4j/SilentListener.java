package io.github.tensorboard4j.dl4j;

import java.io.Serializable;
import org.deeplearning4j.optimize.api.BaseTrainingListener;

/** What becomes of a listener that is copied to another JVM: it records nothing there. */
final class SilentListener extends BaseTrainingListener implements Serializable {

  private static final long serialVersionUID = 1;
}
