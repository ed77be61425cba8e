package io.github.tensorboard4j.testkit;

import java.util.Locale;

/** A page of TensorBoard. */
public enum Dashboard {
  /** Time Series, which shows scalars, images and histograms. */
  TIMESERIES,
  /** Scalars. */
  SCALARS,
  /** Images. */
  IMAGES,
  /** Graphs. */
  GRAPHS,
  /** Distributions. */
  DISTRIBUTIONS,
  /** Histograms. */
  HISTOGRAMS,
  /** Text. */
  TEXT,
  /** Audio. */
  AUDIO,
  /** PR Curves. */
  PR_CURVES,
  /** Custom Scalars. */
  CUSTOM_SCALARS,
  /** Mesh. */
  MESH,
  /** Projector, which stands in a frame of its own; what is seen is what the frame has. */
  PROJECTOR,
  /** HParams. */
  HPARAMS;

  String fragment() {
    return name().toLowerCase(Locale.ROOT);
  }
}
