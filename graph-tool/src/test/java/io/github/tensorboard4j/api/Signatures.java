package io.github.tensorboard4j.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.TypeParameterElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.IntersectionType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.type.TypeVariable;
import javax.lang.model.type.WildcardType;
import javax.lang.model.util.Elements;

/** Declarations as Java has them, with simple names; what they mention that a user can't is noted. */
final class Signatures {

  private static final String OWN = "io.github.tensorboard4j";

  private final Elements elements;
  private final Set<String> foreign = new TreeSet<>();
  private final Set<String> hidden = new TreeSet<>();
  private String place;

  Signatures(Elements elements) {
    this.elements = elements;
  }

  /** Returns the types that are neither Java's nor this project's, with their packages. */
  Set<String> foreign() {
    return foreign;
  }

  /** Returns the types that the declarations mention and a user can't, each with the place. */
  Set<String> hidden() {
    return hidden;
  }

  /** Returns whether a user can name the type: it and all around it are public or protected, and in no internal package. */
  boolean isVisible(TypeElement type) {
    return isPublished(elements.getPackageOf(type)) && isExposed(type);
  }

  static boolean isPublished(PackageElement of) {
    List<String> segments = List.of(of.getQualifiedName().toString().split("\\."));
    return !segments.contains("internal") && !segments.contains("testing");
  }

  static boolean isExposed(Element element) {
    Element around = element.getEnclosingElement();
    boolean accessible = element.getModifiers().contains(Modifier.PUBLIC)
        || element.getModifiers().contains(Modifier.PROTECTED) && !around.getModifiers().contains(Modifier.FINAL);
    return accessible && (around instanceof PackageElement || isExposed(around));
  }

  boolean isOwn(TypeElement type) {
    String of = elements.getPackageOf(type).getQualifiedName().toString();
    return of.equals(OWN) || of.startsWith(OWN + ".");
  }

  String type(TypeElement type) {
    place = name(type);
    String kind = switch (type.getKind()) {
      case ANNOTATION_TYPE -> "@interface";
      case INTERFACE -> "interface";
      case ENUM -> "enum";
      case RECORD -> "record";
      default -> "class";
    };
    StringBuilder text = new StringBuilder(annotations(type)).append(modifiers(type)).append(kind).append(' ')
        .append(type.getSimpleName()).append(parameters(type.getTypeParameters()));
    if (type.getKind() == ElementKind.RECORD) {
      text.append(type.getRecordComponents().stream().map(this::component).collect(Collectors.joining(", ", "(", ")")));
    }
    String parent = type.getSuperclass().toString();
    if (type.getKind() == ElementKind.CLASS && !parent.equals("java.lang.Object") && isNamed(type.getSuperclass())) {
      text.append(" extends ").append(of(type.getSuperclass()));
    }
    List<String> interfaces = new ArrayList<>();
    type.getInterfaces().stream().filter(this::isNamed).filter(i -> !i.toString().equals("java.lang.annotation.Annotation"))
        .forEach(i -> interfaces.add(of(i)));
    if (!interfaces.isEmpty()) {
      text.append(type.getKind().isInterface() ? " extends " : " implements ").append(String.join(", ", interfaces));
    }
    List<String> permitted = new ArrayList<>();
    type.getPermittedSubclasses().stream().filter(this::isNamed).forEach(p -> permitted.add(of(p)));
    if (!permitted.isEmpty()) {
      text.append(" permits ").append(String.join(", ", permitted));
    }
    return text.toString();
  }

  String field(VariableElement field) {
    place = name(field.getEnclosingElement()) + '.' + field.getSimpleName();
    if (field.getKind() == ElementKind.ENUM_CONSTANT) {
      return annotations(field) + field.getSimpleName();
    }
    Object constant = field.getConstantValue();
    return annotations(field) + modifiers(field) + of(field.asType()) + ' ' + field.getSimpleName()
        + (constant == null ? "" : " = " + elements.getConstantExpression(constant));
  }

  String executable(ExecutableElement executable) {
    boolean constructor = executable.getKind() == ElementKind.CONSTRUCTOR;
    Element around = executable.getEnclosingElement();
    String name = (constructor ? around : executable).getSimpleName().toString();
    place = name(around) + '.' + name;
    String parameters = parameters(executable.getTypeParameters());
    StringBuilder text = new StringBuilder(annotations(executable)).append(modifiers(executable)).append(parameters)
        .append(parameters.isEmpty() ? "" : " ");
    if (!constructor) {
      text.append(of(executable.getReturnType())).append(' ');
    }
    List<String> arguments = new ArrayList<>();
    for (VariableElement parameter : executable.getParameters()) {
      String type = of(parameter.asType());
      boolean last = arguments.size() == executable.getParameters().size() - 1;
      arguments.add((last && executable.isVarArgs() ? type.substring(0, type.length() - 2) + "..." : type) + ' '
          + parameter.getSimpleName());
    }
    text.append(name).append('(').append(String.join(", ", arguments)).append(')');
    if (!executable.getThrownTypes().isEmpty()) {
      text.append(executable.getThrownTypes().stream().map(this::of).collect(Collectors.joining(", ", " throws ", "")));
    }
    if (executable.getDefaultValue() != null) {
      text.append(" default ").append(executable.getDefaultValue());
    }
    return text.toString();
  }

  /** Returns the type's name with the types around it, as {@code Outer.Inner}. */
  static String name(Element type) {
    return type.getEnclosingElement() instanceof TypeElement around
        ? name(around) + '.' + type.getSimpleName()
        : type.getSimpleName().toString();
  }

  /** Returns whether a supertype is part of the face: one of ours that is not public lends its members only. */
  private boolean isNamed(TypeMirror supertype) {
    TypeElement type = (TypeElement) ((DeclaredType) supertype).asElement();
    return !isOwn(type) || isExposed(type);
  }

  private String component(RecordComponentElement component) {
    return of(component.asType()) + ' ' + component.getSimpleName();
  }

  private String parameters(List<? extends TypeParameterElement> parameters) {
    List<String> texts = new ArrayList<>();
    for (TypeParameterElement parameter : parameters) {
      List<String> bounds = new ArrayList<>();
      parameter.getBounds().stream().filter(bound -> !isPlainObject(bound)).forEach(bound -> bounds.add(of(bound)));
      texts.add(parameter.getSimpleName() + (bounds.isEmpty() ? "" : " extends " + String.join(" & ", bounds)));
    }
    return texts.isEmpty() ? "" : '<' + String.join(", ", texts) + '>';
  }

  private String of(TypeMirror type) {
    String nullable = has(type.getAnnotationMirrors(), "Nullable") ? "@Nullable " : "";
    if (type instanceof ArrayType array) {
      return of(array.getComponentType()) + (nullable.isEmpty() ? "" : " @Nullable ") + "[]";
    } else if (type instanceof WildcardType wildcard) {
      return wildcard.getExtendsBound() != null ? "? extends " + of(wildcard.getExtendsBound())
          : wildcard.getSuperBound() != null ? "? super " + of(wildcard.getSuperBound())
              : "?";
    } else if (type instanceof TypeVariable variable) {
      return nullable + variable.asElement().getSimpleName();
    } else if (type instanceof IntersectionType intersection) {
      return intersection.getBounds().stream().map(this::of).collect(Collectors.joining(" & "));
    } else if (type.getKind() == TypeKind.ERROR) {
      throw new IllegalStateException(type + ", which " + place + " mentions, is not on the class path");
    } else if (type instanceof DeclaredType declared) {
      note((TypeElement) declared.asElement());
      String arguments = declared.getTypeArguments().stream().map(this::of).collect(Collectors.joining(", "));
      return nullable + name(declared.asElement()) + (arguments.isEmpty() ? "" : '<' + arguments + '>');
    }
    return type.getKind().isPrimitive() ? type.getKind().name().toLowerCase(Locale.ROOT) : type.toString();
  }

  private void note(TypeElement type) {
    if (isOwn(type) && !isVisible(type)) {
      hidden.add(place + " mentions " + type.getQualifiedName());
    } else if (!isOwn(type) && !type.getQualifiedName().toString().startsWith("java.")) {
      foreign.add(type.getQualifiedName().toString());
    }
  }

  private static boolean isPlainObject(TypeMirror type) {
    return type.toString().equals("java.lang.Object") && type.getAnnotationMirrors().isEmpty();
  }

  private static boolean has(List<? extends AnnotationMirror> annotations, String name) {
    return annotations.stream().anyMatch(a -> a.getAnnotationType().asElement().getSimpleName().contentEquals(name));
  }

  private static String annotations(Element element) {
    return (has(element.getAnnotationMirrors(), "Deprecated") ? "@Deprecated " : "")
        + (has(element.getAnnotationMirrors(), "FunctionalInterface") ? "@FunctionalInterface " : "");
  }

  /** Returns the modifiers that matter to a user and that the kind of element hasn't anyway. */
  private static String modifiers(Element element) {
    Element around = element.getEnclosingElement();
    boolean type = element instanceof TypeElement;
    boolean implied = element.getKind().isInterface() || element.getKind() == ElementKind.ENUM
        || element.getKind() == ElementKind.RECORD;
    boolean inInterface = around.getKind().isInterface();
    StringBuilder text = new StringBuilder();
    for (Modifier modifier : element.getModifiers()) {
      boolean told = switch (modifier) {
        case PROTECTED, DEFAULT, NON_SEALED -> true;
        case SEALED -> element.getKind() != ElementKind.ENUM;
        case ABSTRACT -> !implied && (type || !inInterface);
        case STATIC -> !implied && !(inInterface && !(element instanceof ExecutableElement));
        case FINAL -> !implied && !(inInterface && !type) && (type || element instanceof VariableElement
            || !around.getModifiers().contains(Modifier.FINAL));
        default -> false;
      };
      if (told) {
        text.append(modifier).append(' ');
      }
    }
    return text.toString();
  }
}
