/**
 * Short programs to copy from: one for each page of TensorBoard, and for each question that people come with. Each is run by
 * {@code mvn -q -Pcookbook -Dstory=} and its name, and told in {@code docs/cookbook.md}.
 */
package io.github.tensorboard4j.cookbook;
