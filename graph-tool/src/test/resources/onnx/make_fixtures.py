"""Makes the larger files in this directory: torch 2.9.1, torchvision 0.24.1, onnx 1.23.2, onnxscript 0.7.2.

Of PyTorch's exports the weights stay outside and are not kept; nor are the notes on where in the Python code an
operation comes from. Beside a file without shapes is a .json with those of all values: what onnx's own shape inference
finds, or for the operators what onnx's reference implementation has computed.
"""
import json
import pathlib
import tempfile

import numpy
import onnx
import torch
import torchvision
from onnx import numpy_helper, shape_inference
from onnx.backend.test.case.node import collect_testcases
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


def write(name, model, shapes):
    (HERE / f"{name}.onnx").write_bytes(model.SerializeToString())
    lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(shape)}" for key, shape in sorted(shapes.items()))
    (HERE / f"{name}.json").write_text("{\n" + lines + "\n}\n")


def infer(name):
    """Takes the shapes out of a file and writes down what onnx infers."""
    model = onnx.load(str(HERE / f"{name}.onnx"), load_external_data=False)
    del model.graph.value_info[:]
    for output in model.graph.output:
        output.ClearField("type")
    graph = shape_inference.infer_shapes(model, data_prop=True).graph
    write(name, model, {
        value.name: [size.dim_value if size.HasField("dim_value") else -1 for size in value.type.tensor_type.shape.dim]
        for value in [*graph.value_info, *graph.output] if value.type.tensor_type.HasField("shape")})


def operators(name):
    """Puts onnx's examples of its operators into one graph; whole numbers and small settings are initializers."""
    graph = onnx.GraphProto(name=name)
    shapes = {}
    version = onnx.defs.onnx_opset_version()
    for case in collect_testcases(None):
        if case.model is None or len(case.model.graph.node) != 1 or not case.data_sets:
            continue
        (opset, *others) = case.model.opset_import
        op = case.model.graph.node[0].op_type
        if others or opset.domain or onnx.defs.get_schema(op, version).since_version > opset.version:
            continue
        inputs, outputs = case.data_sets[0]
        arrays = [*inputs, *outputs]
        if not all(isinstance(array, numpy.ndarray) and array.dtype.kind in "biuf" for array in arrays):
            continue
        prefix = case.name.removeprefix("test_") + "."
        node = case.model.graph.node[0]
        del node.output[len(outputs):]
        node.name = prefix + "node"
        for names in (node.input, node.output):
            for i, value in enumerate(names):
                names[i] = prefix + value if value else ""
        for value, array in zip(case.model.graph.input, inputs):
            value.name = prefix + value.name
            if array.size <= 16:
                graph.initializer.append(numpy_helper.from_array(array, value.name))
            else:
                graph.input.append(value)
        graph.node.append(node)
        for value, array in zip(filter(None, node.output), outputs):
            shapes[value] = list(array.shape)
    write(name, onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", version)]), shapes)


def main():
    torch.manual_seed(1)
    batch = [{0: torch.export.Dim("batch")}]
    tokens = torch.randint(0, 50, (2, 7))
    image = torch.randn(2, 3, 64, 64)
    save("dynamo-plain", Plain(), torch.randn(2, 3, 8, 8), True, dynamic_shapes=batch)
    save("dynamo-translator", Translator(), tokens, True)
    save("dynamo-resnet18", torchvision.models.resnet18(), image, True, dynamic_shapes=batch)
    save("legacy-translator", Translator(), tokens, False, dynamic_axes={"tokens": {0: "batch"}}, input_names=["tokens"])
    save("legacy-mobilenet", torchvision.models.mobilenet_v3_small(), image, False, input_names=["image"],
         dynamic_axes={"image": {0: "batch", 2: "height"}})
    for name in ("legacy-translator", "legacy-mobilenet"):
        infer(name)
    operators("operators")


if __name__ == "__main__":
    main()
