package io.github.tensorboard4j.api;

import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.annotation.processing.SupportedAnnotationTypes;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The public and protected types of a module and their members, as Markdown that is the same for the same sources. */
final class PublicApi {

  private final String markdown;
  private final Set<String> hidden;

  private PublicApi(String markdown, Set<String> hidden) {
    this.markdown = markdown;
    this.hidden = hidden;
  }

  /** Reads the sources below a folder, in the light of the running JVM's class path. */
  static PublicApi of(Path sources) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new IllegalStateException("The list of the API needs a JDK, not a JRE: " + System.getProperty("java.home"));
    }
    List<Path> files;
    try (Stream<Path> tree = Files.walk(sources)) {
      files = tree.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
    StringWriter messages = new StringWriter();
    Reader reader = new Reader();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      Iterable<? extends JavaFileObject> units = manager.getJavaFileObjectsFromPaths(files);
      List<String> options = List.of("-proc:only", "-classpath", System.getProperty("java.class.path"));
      JavaCompiler.CompilationTask task = compiler.getTask((Writer) messages, manager, null, options, null, units);
      task.setProcessors(List.of(reader));
      if (!task.call()) {
        throw new IllegalStateException("The sources in " + sources + " can't be read: " + messages);
      }
    }
    return new PublicApi(reader.markdown.toString(), reader.hidden);
  }

  String markdown() {
    return markdown;
  }

  /** Returns what the module's public declarations mention and a user can't name, each with its place. */
  Set<String> hidden() {
    return hidden;
  }

  @SupportedAnnotationTypes("*")
  private static final class Reader extends AbstractProcessor {

    private final StringBuilder markdown = new StringBuilder();
    private Set<String> hidden = Set.of();
    private Signatures signatures;

    @Override
    public SourceVersion getSupportedSourceVersion() {
      return SourceVersion.latest();
    }

    @Override
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
      if (!round.processingOver()) {
        signatures = new Signatures(processingEnv.getElementUtils());
        TreeMap<String, TreeMap<String, TypeElement>> packages = new TreeMap<>();
        ElementFilter.typesIn(round.getRootElements()).forEach(type -> add(type, packages));
        StringBuilder types = new StringBuilder();
        packages.forEach((name, members) -> {
          types.append("\n### ").append(name).append('\n');
          members.values().forEach(type -> write(type, types));
        });
        if (!signatures.foreign().isEmpty()) {
          markdown.append("\nFrom elsewhere: `").append(String.join("`, `", signatures.foreign())).append("`.\n");
        }
        markdown.append(types);
        hidden = signatures.hidden();
      }
      return false;
    }

    private void add(TypeElement type, TreeMap<String, TreeMap<String, TypeElement>> packages) {
      if (signatures.isVisible(type)) {
        String of = processingEnv.getElementUtils().getPackageOf(type).getQualifiedName().toString();
        packages.computeIfAbsent(of, name -> new TreeMap<>()).put(Signatures.name(type), type);
        ElementFilter.typesIn(type.getEnclosedElements()).forEach(inner -> add(inner, packages));
      }
    }

    private void write(TypeElement type, StringBuilder text) {
      text.append("\n#### ").append(Signatures.name(type)).append("\n\n```java\n").append(signatures.type(type))
          .append('\n');
      List<Element> members = members(type);
      List<VariableElement> fields = ElementFilter.fieldsIn(members);
      fields.stream().filter(f -> f.getKind() == ElementKind.ENUM_CONSTANT).map(signatures::field)
          .forEach(line -> text.append("  ").append(line).append('\n'));
      fields.stream().filter(f -> f.getKind() != ElementKind.ENUM_CONSTANT)
          .sorted(Comparator.comparing(f -> f.getSimpleName().toString())).map(signatures::field)
          .forEach(line -> text.append("  ").append(line).append('\n'));
      writeExecutables(ElementFilter.constructorsIn(members), text);
      writeExecutables(ElementFilter.methodsIn(members), text);
      text.append("```\n");
    }

    private void writeExecutables(List<ExecutableElement> executables, StringBuilder text) {
      executables.stream()
          .sorted(Comparator.comparing((ExecutableElement e) -> e.getSimpleName().toString())
              .thenComparing(e -> e.getParameters().size()).thenComparing(Object::toString))
          .map(signatures::executable).distinct().forEach(line -> text.append("  ").append(line).append('\n'));
    }

    /** What the type declares, and what it has from supertypes of ours that no user can name. */
    private List<Element> members(TypeElement type) {
      List<Element> members = new ArrayList<>();
      for (TypeElement from : sources(type)) {
        for (Element member : from.getEnclosedElements()) {
          boolean lent = from != type && member.getKind() == ElementKind.CONSTRUCTOR;
          boolean overridden = from != type && member instanceof ExecutableElement method
              && ElementFilter.methodsIn(members).stream()
                  .anyMatch(other -> processingEnv.getElementUtils().overrides(other, method, type));
          if (isMember(member, type) && !lent && !overridden && !isImplied(member, type)) {
            members.add(member);
          }
        }
      }
      return members;
    }

    private Set<TypeElement> sources(TypeElement type) {
      Set<TypeElement> sources = new LinkedHashSet<>(Set.of(type));
      List<TypeMirror> supertypes = new ArrayList<>(type.getInterfaces());
      supertypes.add(0, type.getSuperclass());
      for (TypeMirror supertype : supertypes) {
        if (supertype instanceof DeclaredType declared && declared.asElement() instanceof TypeElement element
            && signatures.isOwn(element) && !Signatures.isExposed(element)) {
          sources.addAll(sources(element));
        }
      }
      return sources;
    }

    private static boolean isMember(Element member, TypeElement type) {
      Set<Modifier> modifiers = member.getModifiers();
      return modifiers.contains(Modifier.PUBLIC)
          || modifiers.contains(Modifier.PROTECTED)
              && !type.getModifiers().contains(Modifier.FINAL);
    }

    /** Returns whether the language gives the member to every enum or record. */
    private static boolean isImplied(Element member, TypeElement type) {
      String text = member.toString();
      if (type.getKind() == ElementKind.ENUM) {
        return text.equals("values()") || text.equals("valueOf(java.lang.String)");
      } else if (type.getKind() == ElementKind.RECORD) {
        List<String> components = type.getRecordComponents().stream().map(c -> c.getSimpleName() + "()").toList();
        return components.contains(text) || isCanonical(member, type.getRecordComponents())
            || List.of("equals(java.lang.Object)", "hashCode()", "toString()").contains(text);
      }
      return false;
    }

    private static boolean isCanonical(Element member, List<? extends RecordComponentElement> components) {
      return member instanceof ExecutableElement executable && member.getKind() == ElementKind.CONSTRUCTOR
          && executable.getParameters().stream().map(p -> p.asType().toString()).toList()
              .equals(components.stream().map(c -> c.asType().toString()).toList());
    }
  }
}
