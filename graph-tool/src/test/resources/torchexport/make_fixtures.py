"""Makes the archives beside this file, and for two of them what torch itself says of them as JSON: torch 2.9.1.

The weights are left out, and the notes on where in the Python code an operation comes from.
"""
import json
import pathlib
import tempfile
import zipfile

import torch
from torch import nn

HERE = pathlib.Path(__file__).parent


class Translator(nn.Module):
    """Embedding, recurrence and attention."""

    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(50, 16)
        self.lstm = nn.LSTM(16, 8, batch_first=True, bidirectional=True)
        self.encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(16, 2, 32, batch_first=True), 2)
        self.head = nn.Linear(16, 5)

    def forward(self, tokens):
        return self.head(self.encoder(self.lstm(self.embed(tokens))[0]))


class Convolutional(nn.Module):
    """The usual parts of an image network, numbered by containers, with a module that is called twice."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(inplace=True), nn.MaxPool2d(2))
        self.blocks = nn.ModuleList([nn.Conv2d(4, 4, 3, padding=1) for _ in range(2)])
        self.relu = nn.ReLU()
        self.classifier = nn.Linear(4 * 4 * 4, 3)

    def forward(self, image):
        x = self.features(image)
        for block in self.blocks:
            x = self.relu(block(x)) + x
        return self.classifier(x.flatten(1))


class Branching(nn.Module):
    """A condition, a part without gradients, a buffer, a constant, and lists and dictionaries of tensors."""

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(4, 4)
        self.second = nn.Linear(4, 4)
        self.register_buffer("shift", torch.ones(4))

    def forward(self, x, pair):
        with torch.no_grad():
            fixed = self.first(x) * torch.tensor([1.0, 2.0, 3.0, 4.0])
        x = torch.cond(x.sum() > 0, lambda t: self.first(t) + 1, lambda t: self.second(t), (x,))
        parts = torch.split(x, 2, 1)
        return {"all": torch.cat([parts[0], parts[1], fixed + self.shift], 1), "pair": pair[0] + pair[1], "n": x.shape[0]}


def save(name, model, *example, **settings):
    """Exports a model without its weights."""
    program = torch.export.export(model.eval(), example, **settings)
    with tempfile.TemporaryDirectory() as directory:
        file = f"{directory}/{name}.pt2"
        torch.export.save(program, file)
        with zipfile.ZipFile(file) as archive:
            entries = {entry: archive.read(entry) for entry in archive.namelist() if "/data/" not in entry}
    with zipfile.ZipFile(HERE / f"{name}.pt2", "w", zipfile.ZIP_DEFLATED) as archive:
        for entry, content in entries.items():
            if entry.endswith("models/model.json"):
                content = json.dumps(json.loads(content, object_hook=without_trace)).encode()
            archive.writestr(zipfile.ZipInfo(entry), content, zipfile.ZIP_DEFLATED)
    return program


def without_trace(entry):
    entry.pop("stack_trace", None)
    return entry


def sizes(value):
    return [size if isinstance(size, int) else -1 for size in value.shape]


def facts(name, program):
    """Writes down the parameters and, in order, the operations with the shapes of their results."""
    operations = []
    for node in program.graph.nodes:
        value = node.meta.get("val")
        if node.op == "call_function" and "getitem" not in str(node.target) and value is not None:
            results = value if isinstance(value, (tuple, list)) else [value]
            if all(isinstance(result, torch.Tensor) for result in results):
                operations.append([str(node.target).split(".")[1], [sizes(result) for result in results]])
    kept = {key: sizes(value) for key, value in program.state_dict.items()}
    (HERE / f"{name}.json").write_text(json.dumps({"parameters": kept, "operations": operations}, indent=1) + "\n")


def main():
    torch.manual_seed(1)
    batch = torch.export.Dim("batch")
    facts("translator", save("translator", Translator(), torch.randint(0, 50, (2, 7))))
    facts("convolutional", save("convolutional", Convolutional(), torch.randn(2, 1, 8, 8), dynamic_shapes=[{0: batch}]))
    save("branching", Branching(), torch.randn(3, 4), [torch.randn(3), torch.randn(3)],
         dynamic_shapes={"x": {0: batch}, "pair": [{}, {}]})


if __name__ == "__main__":
    main()
