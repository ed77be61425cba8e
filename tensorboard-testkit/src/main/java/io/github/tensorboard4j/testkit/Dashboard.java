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
  /** Audio, of which it is seen alone whether there is any. */
  AUDIO,
  /** PR Curves. */
  PR_CURVES,
  /** Custom Scalars. */
  CUSTOM_SCALARS,
  /** HParams. */
  HPARAMS;

  String fragment() {
    return name().toLowerCase(Locale.ROOT);
  }
}
