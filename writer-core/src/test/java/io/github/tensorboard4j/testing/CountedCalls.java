package io.github.tensorboard4j.testing;

import java.lang.StackWalker.StackFrame;
import java.lang.instrument.Instrumentation;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import net.bytebuddy.agent.ByteBuddyAgent;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.agent.builder.ResettableClassFileTransformer;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.matcher.ElementMatcher;
import net.bytebuddy.matcher.ElementMatchers;

/**
 * The calls of chosen methods, such as those by which a framework reads a device's memory, while a test runs: their real code is
 * given a line that takes note of them, in this JVM and on all threads, until this is closed. One at a time.
 */
public final class CountedCalls implements AutoCloseable {

  /**
   * A call.
   *
   * @param method the method's simple name
   * @param target what it was called on, null for a static method
   * @param arguments what it was called with
   * @param callers the names of the classes whose methods were under way
   */
  public record Call(String method, Object target, List<Object> arguments, Set<String> callers) {

    /** Returns whether a method of a class was under way, so that the call is made for it. */
    public boolean isFor(Class<?> type) {
      return callers.contains(type.getName());
    }
  }

  private static volatile ConcurrentLinkedQueue<Call> calls = new ConcurrentLinkedQueue<>();

  private final Instrumentation instrumentation = ByteBuddyAgent.install();
  private final ResettableClassFileTransformer transformer;

  private CountedCalls(
      ElementMatcher<? super TypeDescription> types, ElementMatcher<? super MethodDescription> methods) {
    calls = new ConcurrentLinkedQueue<>();
    transformer = agent()
        .type(types)
        .transform((builder, type, loader, module, domain) -> builder
            .visit(Advice.to(Note.class).on(ElementMatchers.isMethod().and(methods))))
        .installOn(instrumentation);
  }

  /**
   * Begins to take note of calls.
   *
   * @param types the classes, loaded already or not
   * @param methods their methods that are meant, of any access
   * @return the calls, none yet
   */
  public static CountedCalls of(
      ElementMatcher<? super TypeDescription> types, ElementMatcher<? super MethodDescription> methods) {
    return new CountedCalls(types, methods);
  }

  /**
   * Lets a method without arguments return false, until what is returned is closed: to make a program believe something.
   *
   * @param type the class
   * @param method the method's name
   * @return what ends it
   */
  public static AutoCloseable returningFalse(Class<?> type, String method) {
    Instrumentation instrumentation = ByteBuddyAgent.install();
    ResettableClassFileTransformer transformer = agent()
        .type(ElementMatchers.is(type))
        .transform((builder, described, loader, module, domain) -> builder
            .visit(Advice.to(False.class).on(ElementMatchers.named(method))))
        .installOn(instrumentation);
    return () -> transformer.reset(instrumentation, AgentBuilder.RedefinitionStrategy.RETRANSFORMATION);
  }

  /** An agent that adds no members, so that classes which are loaded can be changed, and reports what it can't. */
  private static AgentBuilder agent() {
    return new AgentBuilder.Default()
        .disableClassFormatChanges()
        .with(AgentBuilder.RedefinitionStrategy.RETRANSFORMATION)
        .with(AgentBuilder.Listener.StreamWriting.toSystemError().withErrorsOnly())
        .ignore(ElementMatchers.nameStartsWith("net.bytebuddy."));
  }

  /** Returns the calls so far, in their order on each thread. */
  public List<Call> all() {
    return List.copyOf(calls);
  }

  /** Returns the calls so far of one method. */
  public List<Call> all(String method) {
    return calls.stream().filter(call -> call.method().equals(method)).toList();
  }

  /** Returns how often each method was called so far. */
  public Map<String, Long> counts() {
    Map<String, Long> counts = new TreeMap<>();
    calls.forEach(call -> counts.merge(call.method(), 1L, Long::sum));
    return counts;
  }

  /** Forgets the calls so far. */
  public void clear() {
    calls.clear();
  }

  @Override
  public void close() {
    transformer.reset(instrumentation, AgentBuilder.RedefinitionStrategy.RETRANSFORMATION);
  }

  /** Takes note of a call; the advised code calls it. */
  public static void note(String method, Object target, Object[] arguments) {
    Set<String> callers =
        StackWalker.getInstance().walk(frames -> frames.map(StackFrame::getClassName).collect(Collectors.toSet()));
    calls.add(new Call(method, target, Arrays.asList(arguments), callers));
  }

  /** What stands at the beginning of a method. */
  private static final class Note {
    @Advice.OnMethodEnter
    static void enter(@Advice.Origin("#m") String method, @Advice.This(optional = true) Object target,
        @Advice.AllArguments Object[] arguments) {
      note(method, target, arguments);
    }
  }

  /** What stands at the end of a method. */
  private static final class False {
    @Advice.OnMethodExit
    static void exit(@Advice.Return(readOnly = false) boolean returned) {
      returned = false;
    }
  }
}
