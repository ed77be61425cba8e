"""Makes bfloat16.pt, a TorchScript model with one bfloat16 parameter: a zip of a pickle, code and raw elements.

Usage: python bfloat16.py bfloat16.pt
"""
import collections
import io
import pickle
import struct
import sys
import types
import zipfile

VALUES = [-1.5, 0.0, 0.25, 2.0, 3.0]

CODE = """class Model(Module):
  __parameters__ = ["weight", ]
  __buffers__ = []
  training : bool
  weight : Tensor
  def forward(self: __torch__.Model,
    x: Tensor) -> Tensor:
    weight = self.weight
    return torch.mul(x, weight)
"""


class Model:
    pass


class BFloat16Storage:
    pass


class Storage:
    pass


def _rebuild_tensor_v2(*arguments):
    pass


class Tensor:
    def __reduce__(self):
        return _rebuild_tensor_v2, (Storage(), 0, (len(VALUES),), (1,), False, collections.OrderedDict())


class Pickler(pickle.Pickler):
    def persistent_id(self, value):
        return ("storage", BFloat16Storage, "0", "cpu", len(VALUES)) if isinstance(value, Storage) else None


def pose_as(module, *members):
    """The pickle names its classes by the modules that PyTorch has them in."""
    sys.modules[module] = types.ModuleType(module)
    for member in members:
        member.__module__ = module
        setattr(sys.modules[module], member.__name__, member)


def pickled(value):
    out = io.BytesIO()
    Pickler(out, protocol=2).dump(value)
    return out.getvalue()


def main(path):
    pose_as("__torch__", Model)
    pose_as("torch", BFloat16Storage)
    pose_as("torch._utils", _rebuild_tensor_v2)
    model = Model()
    model.training = False
    model.weight = Tensor()
    entries = {
        "data.pkl": pickled(model),
        "code/__torch__.py": CODE,
        "data/0": b"".join(struct.pack("<f", value)[2:] for value in VALUES),
        "constants.pkl": pickled(()),
        "version": "3\n",
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, data in entries.items():
            archive.writestr(zipfile.ZipInfo("bfloat16/" + name), data)


main(sys.argv[1])
