/**
 * A real TensorBoard, a real browser and a real numpy for the tests of the other modules.
 *
 * <p>{@link io.github.tensorboard4j.testkit.TensorBoardServer} shows a log directory as users see it,
 * {@link io.github.tensorboard4j.testkit.TensorBoardClient} reads the data behind each dashboard,
 * {@link io.github.tensorboard4j.testkit.Browser} looks at the drawn page and
 * {@link io.github.tensorboard4j.testkit.Python} runs scripts beside them. Where a tool is missing the test is skipped
 * with the reason; with {@code CI=true} in the environment it fails.
 */
package io.github.tensorboard4j.testkit;
