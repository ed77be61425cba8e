package io.github.tensorboard4j.tool.torchexport;

import io.github.tensorboard4j.graph.UniqueNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Names operations after the modules of PyTorch that they come from.
 *
 * <p>A module of one operation without parameters is that operation. A function that became several operations is a
 * scope of its own, unless it is all that its module does.
 *
 * @param <T> what stands for an operation; told apart by identity
 */
public final class CallNames<T> {

  /** A function that a module has called. */
  private record Call(String module, String function) {}

  private record Operation(Call call, String op) {}

  private final ModuleScopes scopes;
  private final Map<T, Operation> operations = new IdentityHashMap<>();
  private final Map<Call, List<String>> ops = new HashMap<>();
  private final Map<String, Set<Call>> calls = new HashMap<>();
  private final Set<String> outerModules = new HashSet<>();
  private final Map<Call, String> functionScopes = new HashMap<>();
  private final UniqueNames taken = new UniqueNames();

  /**
   * Creates names of no operations.
   *
   * @param scopes the modules' scopes, of which the classes are known before the first name is asked for
   */
  public CallNames(ModuleScopes scopes) {
    this.scopes = scopes;
  }

  /**
   * Adds an operation; all are added before the first name is asked for.
   *
   * @param operation the operation
   * @param module the path of its module, empty for the model itself
   * @param function the name of the function's call that it is a part of, unique in its module
   * @param op what it does
   */
  public void add(T operation, String module, String function, String op) {
    Call call = new Call(module, function);
    operations.put(operation, new Operation(call, op));
    ops.computeIfAbsent(call, c -> new ArrayList<>()).add(op);
    calls.computeIfAbsent(module, m -> new HashSet<>()).add(call);
    for (String inner = module; !inner.isEmpty(); inner = ModuleScopes.outer(inner)) {
      outerModules.add(ModuleScopes.outer(inner));
    }
  }

  /**
   * Returns an operation's name with all its scopes.
   *
   * @param operation the operation
   * @param weighted whether it has parameters
   * @return the name; null if the operation was not added
   */
  public String of(T operation, boolean weighted) {
    Operation own = operations.get(operation);
    if (own == null) {
      return null;
    }
    String module = own.call().module();
    Set<Call> all = calls.get(module);
    if (!weighted && !module.isEmpty() && !outerModules.contains(module) && isOne(all, own.op())) {
      return scopes.of(module);
    }
    if (all.size() > 1 && ops.get(own.call()).size() > 1) {
      return functionScopes.computeIfAbsent(own.call(), this::functionScope) + '/' + own.op();
    }
    return scopes.inside(module, own.op());
  }

  /** Returns whether all calls are one and the same operation, as those of an activation used several times are. */
  private boolean isOne(Set<Call> all, String op) {
    return all.stream().map(ops::get).allMatch(own -> own.equals(List.of(op)));
  }

  private String functionScope(Call call) {
    if (functionScopes.isEmpty()) {
      Set<String> modules = new HashSet<>(outerModules);
      modules.addAll(calls.keySet());
      modules.forEach(module -> taken.claim(scopes.of(module)));
    }
    return taken.claim(scopes.inside(call.module(), call.function().replaceFirst("_\\d+$", "")));
  }
}
