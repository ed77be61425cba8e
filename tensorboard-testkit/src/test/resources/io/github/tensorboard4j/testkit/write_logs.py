"""Writes the logs that the testkit's own tests look at: write_logs.py LOGDIR STEPS VALUES

Two runs, each with the scalar epoch_loss, a scalar that takes the given values (joined by commas) from step 1 on, a
histogram, Markdown text, hyper-parameters and a graph with the run's optimizer.
"""
import math
import sys

import numpy as np
from tensorboard.compat.proto import event_pb2, graph_pb2, node_def_pb2, summary_pb2
from tensorboard.compat.proto import tensor_pb2, tensor_shape_pb2, types_pb2
from tensorboard.plugins.histogram import metadata as histogram_metadata
from tensorboard.plugins.hparams import plugin_data_pb2, summary_v2 as hparams_summary
from tensorboard.plugins.text import metadata as text_metadata
from tensorboard.summary.writer.event_file_writer import EventFileWriter

EPOCH = 1700000000.0


def scalar(tag, value):
    return summary_pb2.Summary.Value(tag=tag, simple_value=value)


def histogram(tag, values):
    counts, edges = np.histogram(values, bins=10)
    rows = np.stack([edges[:-1], edges[1:], counts], axis=1).astype("<f8")
    return summary_pb2.Summary.Value(
        tag=tag,
        metadata=histogram_metadata.create_summary_metadata("", ""),
        tensor=tensor_pb2.TensorProto(
            dtype=types_pb2.DT_DOUBLE, tensor_shape=shape(*rows.shape), tensor_content=rows.tobytes()))


def text(tag, markdown):
    return summary_pb2.Summary.Value(
        tag=tag,
        metadata=text_metadata.create_summary_metadata("", ""),
        tensor=tensor_pb2.TensorProto(dtype=types_pb2.DT_STRING, string_val=[markdown.encode("utf-8")]))


def shape(*dims):
    return tensor_shape_pb2.TensorShapeProto(dim=[tensor_shape_pb2.TensorShapeProto.Dim(size=d) for d in dims])


def node(name, op, inputs, *dims):
    result = node_def_pb2.NodeDef(name=name, op=op, input=inputs, device="/job:train/device:CPU:0")
    result.attr["_output_shapes"].list.shape.append(shape(*dims))
    return result


def graph(run):
    images = node("input/images", "Placeholder", [], -1, 784)
    weight = node("dense/weight", "VariableV2", [], 784, 10)
    weight.attr["note"].s = 'quoted "\u00e9" {brace} \\ slash'.encode("utf-8")
    product = node("dense/MatMul", "MatMul", ["input/images", "dense/weight:0", "^input/images"], -1, 10)
    update = node(run + "/update", "ApplyGradient", ["dense/MatMul"])
    return graph_pb2.GraphDef(node=[images, weight, product, update])


def write(logdir, run, rate, steps, values, random):
    writer = EventFileWriter(logdir + "/" + run)

    def add(step, *values):
        writer.add_event(event_pb2.Event(wall_time=EPOCH + step, step=step, summary=summary_pb2.Summary(value=values)))

    writer.add_event(event_pb2.Event(wall_time=EPOCH, graph_def=graph(run).SerializeToString()))
    writer.add_event(event_pb2.Event(wall_time=EPOCH, summary=hparams_summary.hparams_pb(
        {"learning_rate": rate, "optimizer": run, "nesterov": True}, trial_id=run)))
    writer.add_event(event_pb2.Event(wall_time=EPOCH, summary=hparams_summary._summary_pb(
        "_hparams_/session_end_info", plugin_data_pb2.HParamsPluginData(
            session_end_info=plugin_data_pb2.SessionEndInfo(
                status="STATUS_SUCCESS", end_time_secs=EPOCH + steps)))))
    add(0, text("notes", "# Title\n\nsome **bold** words"))
    for step in range(1, steps + 1):
        add(step, scalar("epoch_loss", math.exp(-rate * step)),
            histogram("dense/weight", random.normal(step * 0.1, 1.0, 1000)))
    for step, value in enumerate(values, start=1):
        add(step, scalar("given", value))
    writer.close()


def main(logdir, steps, values):
    random = np.random.default_rng(1)
    write(logdir, "sgd", 0.1, steps, values, random)
    write(logdir, "adam", 0.3, steps, values, random)


main(sys.argv[1], int(sys.argv[2]), [float(value) for value in sys.argv[3].split(",")])
