"""Makes the TorchScript archives beside this file, and for each what torch itself says of it as JSON.

Run it with a torch of your choice: python make_fixtures.py. Beside each archive stands which one made it.
"""
import collections
import json
import pathlib
import re
import zipfile
from typing import Dict, List, Optional, Tuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

HERE = pathlib.Path(__file__).parent


class Perceptron(nn.Module):
    """Two layers with names of their own."""

    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(8, 16)
        self.output = nn.Linear(16, 4)

    def forward(self, x):
        return self.output(F.relu(self.hidden(x)))


class Convolutional(nn.Module):
    """The usual parts of an image network, numbered by containers, with a buffer and an addition around them."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(inplace=True), nn.MaxPool2d(2))
        self.blocks = nn.ModuleList([nn.Conv2d(4, 4, 3, padding=1) for _ in range(2)])
        self.dropout = nn.Dropout(0.5)
        self.classifier = nn.Linear(4 * 4 * 4, 3)

    def forward(self, image):
        x = self.features(image)
        for block in self.blocks:
            x = x + torch.relu(block(x))
        return F.log_softmax(self.classifier(self.dropout(torch.flatten(x, 1))), dim=1)


class Controlled(nn.Module):
    """Branches and loops that are known only when the model runs, beside some that are fixed."""

    def __init__(self, deep: bool):
        super().__init__()
        self.deep = deep
        self.step = nn.Linear(6, 6)
        self.left = nn.Linear(6, 2)
        self.right = nn.Linear(6, 2)

    def choose(self, x: Tensor) -> Tensor:
        if bool(x.sum() > 0):
            return self.left(x)
        return self.right(x)

    def forward(self, x: Tensor, times: int, scale: Optional[float] = None) -> Tuple[Tensor, List[Tensor]]:
        if x.dim() != 2:
            raise ValueError(f"expected two dimensions, got {x.dim()}")
        if self.deep:
            x = torch.tanh(self.step(x))
        else:
            x = torch.sigmoid(x)
        if scale is not None:
            x = x * scale
        seen: List[Tensor] = []
        for i in range(times):
            x = torch.cos(self.step(x))
            if i % 2 == 0:
                x = torch.exp(x)
            else:
                x = torch.neg(x)
            seen.append(x)
        while bool(x.abs().max() > 1.0):
            x = x / 2
        return self.choose(x), seen


class Recurrent(nn.Module):
    """An LSTM, whose many parameters are given as one list, read by its last step."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(11, 5)
        self.lstm = nn.LSTM(5, 6, num_layers=2, batch_first=True)
        self.output = nn.Linear(6, 2)

    def forward(self, tokens: Tensor) -> Tensor:
        sequence, (hidden, cell) = self.lstm(self.embedding(tokens))
        return self.output(sequence[:, -1])


class Attention(nn.Module):
    """Torch's own encoder layer, which asks much of its arguments."""

    def __init__(self):
        super().__init__()
        self.encoder = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
        self.register_buffer("positions", torch.arange(24, dtype=torch.float32).reshape(3, 8))

    def forward(self, x: Tensor) -> Tensor:
        return self.encoder(x + self.positions)


class Containers(nn.Module):
    """Tensors that travel in dictionaries, lists and tuples, and a weight that two layers share."""

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(4, 4, bias=False)
        self.second = nn.Linear(4, 4, bias=False)
        self.second.weight = self.first.weight
        self.scale = nn.Parameter(torch.tensor(2.0))
        self.frozen = nn.Parameter(torch.ones(4), requires_grad=False)

    def parts(self, x: Tensor) -> Dict[str, Tensor]:
        parts = {"a": self.first(x)}
        parts["b"] = self.second(x)
        return parts

    def forward(self, xs: List[Tensor], mask: Tensor) -> Tensor:
        parts = self.parts(xs[0].masked_fill(mask, float("-inf")))
        pair = (parts["a"] * self.scale, parts["b"] + self.frozen)
        found = [pair[1], pair[0]]
        found.extend([torch.abs(pair[0])])
        both = found[:2] + [torch.neg(found[-1])]
        total = torch.zeros(4)
        for i in range(len(xs)):
            total = total + torch.exp(xs[i])
        return torch.stack(both).mean(0) + total


@torch.jit.script
class Batch:
    """Tensors in an object of a class of its own."""

    def __init__(self, images: Tensor, sizes: List[int]):
        self.images = images
        self.sizes = sizes

    def flipped(self) -> Tensor:
        return torch.flip(self.images, [0])


class Detecting(nn.Module):
    """Images of several sizes, as detectors take them: put into one batch, and found again in dictionaries."""

    def __init__(me):
        super().__init__()
        me.conv = nn.Conv2d(3, 4, 3, padding=1)
        me.norm = nn.BatchNorm2d(4)
        me.names = ["a", "b"]

    def batched(me, images: List[Tensor]) -> Tensor:
        batch = images[0].new_full([len(images), 3, 8, 8], 0.0)
        for i in range(batch.shape[0]):
            image = images[i]
            batch[i, :, : image.shape[1], : image.shape[2]].copy_(image)
        return batch

    def forward(me, images: List[Tensor], scales: Dict[str, Tensor], pair: Tuple[Tensor, Tensor]) -> Tensor:
        scaled: List[Tensor] = []
        for image in images:
            scaled.append(image)
        for i in range(len(scaled)):
            scaled[i] = torch.div(scaled[i], scales["scale"])
        batch = Batch(me.batched(scaled), [1])
        maps = torch.split(me.norm(me.conv(batch.flipped().requires_grad_(False))), 2, 1)
        named: List[Tuple[str, Tensor]] = []
        for i in range(len(me.names)):
            named.append((me.names[i], maps[i]))
        results = torch.jit.annotate(Dict[str, Tensor], dict(named))
        found = [pair[0], pair[1], results["a"]]
        last = found.pop()
        return torch.abs(last) + torch.neg(found[0])


class Typed(nn.Module):
    """A buffer of each element type."""

    def __init__(self):
        super().__init__()
        for dtype in (torch.float64, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16, torch.int8,
                      torch.uint8, torch.bool, torch.complex64):
            self.register_buffer(f"of_{dtype}".replace("torch.", ""), torch.ones(2, 3).to(dtype))

    def forward(self, x: Tensor) -> Tensor:
        return x * self.of_float64


@torch.jit.script
def doubled_until(x: Tensor, times: int) -> Tensor:
    for _ in range(times):
        x = x + x
    return x


class Mixed(nn.Module):
    """Traced, with a scripted function in it that keeps its loop."""

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(3, 3)

    def forward(self, x):
        return torch.tanh(doubled_until(self.linear(x), 3))


def is_tensor(value):
    return "Tensor" in str(value.type())


def settled(module):
    """The graph of the module with its calls inlined and the branches gone that its settings rule out.

    Torch folds constants itself; here it is only told that settings and optional arguments are constant.
    """
    graph = module.inlined_graph
    arguments = module.forward.schema.arguments
    constants = {
        value: None for value, argument in zip(graph.inputs(), arguments)
        if argument.has_default_value() and argument.default_value is None}
    owners = {next(graph.inputs()): module}
    for node in graph.findAllNodes("prim::GetAttr"):
        if node.input() not in owners:
            continue
        value = getattr(owners[node.input()], node.s("name"))
        if value is None or isinstance(value, (bool, int, float, str)):
            constants[node.output()] = value
        else:
            owners[node.output()] = value
    for value, constant in constants.items():
        replacement = graph.insertConstant(constant)
        replacement.node().moveBefore(next(graph.nodes()))
        value.replaceAllUsesWith(replacement)
    torch._C._jit_pass_peephole(graph)
    torch._C._jit_pass_constant_propagation(graph)
    return graph


def operations(block, sizes=None):
    """Counts the operations of torch that take tensors and yield them, in all branches and loops.

    Those that only reckon with sizes, which a trace makes tensors of, are left out, and those of lists and
    dictionaries of whatever.
    """
    counts = collections.Counter()
    sizes = set() if sizes is None else sizes
    for node in block.nodes():
        namespace, _, name = node.kind().partition("::")
        tensors = [value for value in node.inputs() if is_tensor(value)]
        reckons = tensors and all(value in sizes or value.node().kind() == "prim::Constant" for value in tensors)
        if node.kind() == "prim::NumToTensor" or reckons and any(value in sizes for value in tensors):
            sizes.update(node.outputs())
        elif (namespace == "aten" and tensors and any(map(is_tensor, node.outputs()))
              and not re.search(r"\((t\[\]|Dict\()", node.schema())):
            counts[name] += 1
        for inner in node.blocks():
            counts.update(operations(inner, sizes))
    return counts


def without_sources(file):
    """Removes the notes on where in the Python code a line comes from."""
    with zipfile.ZipFile(file) as archive:
        kept = {entry: archive.read(entry) for entry in archive.namelist() if not entry.endswith(".debug_pkl")}
    with zipfile.ZipFile(file, "w") as archive:
        for entry, content in kept.items():
            archive.writestr(zipfile.ZipInfo(entry), content)


def save(name, model):
    """Saves a model, and beside it what torch finds in it when it loads it again."""
    file = HERE / f"{name}.pt"
    torch.jit.save(model, str(file))
    loaded = torch.jit.load(str(file))
    tensors = list(loaded.named_parameters()) + list(loaded.named_buffers())
    facts = {
        "torch": torch.__version__,
        "parameters": {
            key: {
                "shape": list(tensor.shape),
                "dtype": str(tensor.dtype).removeprefix("torch."),
                "trained": tensor.requires_grad,
            }
            for key, tensor in tensors
        },
        "operations": dict(sorted(operations(settled(loaded)).items())),
    }
    without_sources(file)
    (HERE / f"{name}.json").write_text(json.dumps(facts, indent=1) + "\n")


def main():
    torch.manual_seed(1)
    image = torch.randn(2, 1, 8, 8)
    tokens = torch.tensor([[1, 2, 3]])
    save("scripted-perceptron", torch.jit.script(Perceptron().eval()))
    save("traced-perceptron", torch.jit.trace(Perceptron().eval(), torch.randn(2, 8)))
    save("scripted-convolutional", torch.jit.script(Convolutional().eval()))
    save("traced-convolutional", torch.jit.trace(Convolutional().eval(), image))
    save("scripted-control-flow", torch.jit.script(Controlled(True).eval()))
    save("scripted-recurrent", torch.jit.script(Recurrent().eval()))
    save("traced-recurrent", torch.jit.trace(Recurrent().eval(), tokens))
    save("scripted-attention", torch.jit.script(Attention().eval()))
    save("traced-attention", torch.jit.trace(Attention().eval(), torch.randn(2, 3, 8), check_trace=False))
    save("scripted-containers", torch.jit.script(Containers().eval()))
    save("scripted-detecting", torch.jit.script(Detecting().eval()))
    save("scripted-types", torch.jit.script(Typed().eval()))
    save("scripted-training", torch.jit.script(Convolutional().train()))
    save("frozen-convolutional", torch.jit.freeze(torch.jit.script(Convolutional().eval())))
    save("traced-loop", torch.jit.trace(Mixed().eval(), torch.randn(2, 3)))


if __name__ == "__main__":
    main()
