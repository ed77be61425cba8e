"""Makes the exports of PyTorch in this directory: torch 2.9.1, torchvision 0.24.1, onnx 1.23.2, onnxscript 0.7.2.

The weights stay outside and are not kept; nor are the notes on where in the Python code an operation comes from.
"""
import pathlib
import tempfile

import onnx
import torch
import torchvision
from torch import nn

HERE = pathlib.Path(__file__).parent


class Plain(nn.Module):
    """Seventeen activations in a row, which bear running numbers."""

    def __init__(self):
        super().__init__()
        blocks = []
        for i in range(16):
            blocks += [nn.Conv2d(3 if i == 0 else 4, 4, 3, padding=1), nn.ReLU()]
        self.features = nn.Sequential(*blocks)
        self.relu = nn.ReLU()
        self.classifier = nn.Linear(4 * 64, 10)

    def forward(self, x):
        return self.relu(self.classifier(torch.flatten(self.features(x), 1)))


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


def save(name, model, example, dynamo, **settings):
    """Exports a model without its weights."""
    with tempfile.TemporaryDirectory() as directory:
        file = pathlib.Path(directory) / "model.onnx"
        torch.onnx.export(model.eval(), (example,), str(file), dynamo=dynamo, external_data=True, **settings)
        exported = onnx.load(str(file), load_external_data=False)
    for node in exported.graph.node:
        kept = [entry for entry in node.metadata_props if not entry.key.endswith(("stack_trace", "fx_node"))]
        del node.metadata_props[:]
        node.metadata_props.extend(kept)
        node.doc_string = ""
    for initializer in exported.graph.initializer:
        if len(initializer.raw_data) > 1024:
            initializer.ClearField("raw_data")
    (HERE / f"{name}.onnx").write_bytes(exported.SerializeToString())


def main():
    torch.manual_seed(1)
    batch = [{0: torch.export.Dim("batch")}]
    tokens = torch.randint(0, 50, (2, 7))
    image = torch.randn(2, 3, 64, 64)
    save("dynamo-plain", Plain(), torch.randn(2, 3, 8, 8), True, dynamic_shapes=batch)
    save("dynamo-translator", Translator(), tokens, True)
    save("dynamo-resnet18", torchvision.models.resnet18(), image, True, dynamic_shapes=batch)


if __name__ == "__main__":
    main()
