package io.github.tensorboard4j.djl.internal.torchscript;

import java.util.Set;

/** The functions of torch, as far as they are known by their names. */
final class Functions {

  /** Those of {@code aten} that take tensors and yield none, by torch's own schemas. */
  private static final Set<String> WITHOUT_RESULT = Set.of("Bool", "Complex", "ComplexImplicit", "Float", "FloatImplicit",
      "Int", "IntImplicit", "ScalarImplicit", "__contains__", "__is__", "__isnot__", "__not__", "_assert_async",
      "_assert_tensor_metadata", "_set_item", "allclose", "append", "clear", "count", "dense_dim", "dim", "element_size",
      "equal", "extend", "format", "get_device", "insert", "is_coalesced", "is_complex", "is_conj", "is_contiguous",
      "is_floating_point", "is_inference", "is_leaf", "is_neg", "is_nonzero", "is_pinned", "is_same_size", "is_signed",
      "item", "keys", "len", "numel", "q_scale", "q_zero_point", "qscheme", "remove", "result_type", "size", "sparse_dim",
      "storage_offset", "stride", "warn");

  private static final Set<String> SOURCES = Set.of("arange", "as_tensor", "empty", "eye", "full", "linspace", "logspace",
      "normal", "ones", "rand", "randint", "randn", "randperm", "scalar_tensor", "tensor", "tril_indices", "triu_indices",
      "zeros");

  private static final Set<String> VIEWS = Set.of("alias", "as_strided", "detach", "diagonal", "expand", "expand_as",
      "narrow", "permute", "select", "slice", "squeeze", "t", "transpose", "unfold", "unsqueeze", "view", "view_as");

  /** Those that only note how to train, and yield the tensor that they are given. */
  private static final Set<String> BOOKKEEPING = Set.of("requires_grad", "requires_grad_", "retain_grad");

  private Functions() {}

  /** Returns whether the function yields a part of its first tensor, or the whole in another form, without a copy. */
  static boolean isView(String name) {
    return VIEWS.contains(name);
  }

  /** Returns whether the function writes into its first tensor. */
  static boolean writes(String name) {
    return name.endsWith("_") && !name.startsWith("__");
  }

  /** Returns whether the function only notes how to train. */
  static boolean isBookkeeping(String name) {
    return BOOKKEEPING.contains(name);
  }

  /** Returns whether the function, given tensors, yields a tensor. */
  static boolean yieldsTensor(String name) {
    return !WITHOUT_RESULT.contains(name);
  }

  /** Returns whether the function makes a tensor of numbers. */
  static boolean isSource(String name) {
    return SOURCES.contains(name);
  }
}
