package io.github.tensorboard4j.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModulesIT {

  @Test
  void shouldKeepTheirNamesAndShareNoPackage() {
    Path[] jars = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(Path::of)
        .filter(path -> path.getFileName().toString().matches("tensorboard4j-(core|graph|dl4j|djl)-.*\\.jar"))
        .toArray(Path[]::new);

    List<ModuleDescriptor> modules =
        ModuleFinder.of(jars).findAll().stream().map(ModuleReference::descriptor).toList();

    assertThat(modules).extracting(ModuleDescriptor::name).containsExactlyInAnyOrder("io.github.tensorboard4j",
        "io.github.tensorboard4j.graph", "io.github.tensorboard4j.dl4j", "io.github.tensorboard4j.djl");
    assertThat(modules.stream().flatMap(module -> module.packages().stream())).doesNotHaveDuplicates();
  }
}
