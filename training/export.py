"""Weights to the files in models/: one int8 graph for the Rust crate `rten`, its description, vocabulary, checksums, fixtures."""
import hashlib
import json
import os
import subprocess
import sys
import tempfile

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from .labels import LABELS
from .model import MAX_DISTANCE
from .text import MAX_PIECES, STRIDE, WINDOW


class Graph(torch.nn.Module):
    """What is exported: no mask, all heads side by side, only the positions that a window has."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, ids, feat):
        return self.model(ids, feat)


def float_graph(model, path):
    model = model.cpu().float().eval()
    kept = model.encoder.position.weight
    model.encoder.position.weight = torch.nn.Parameter(kept[:WINDOW + model.encoder.offset].detach().clone())
    ids, feat = torch.randint(1000, 30000, (1, 40)), torch.randint(0, 64, (1, 40))
    axes = {0: 'batch', 1: 'length'}
    torch.onnx.export(Graph(model).eval(), (ids, feat), path, input_names=['ids', 'feat'], output_names=['out'], opset_version=17,
                      dynamic_axes=dict(ids=axes, feat=axes, out=axes), dynamo=False)
    model.encoder.position.weight = torch.nn.Parameter(kept)


def small_table(graph, name):
    """Replace a float embedding table by int8 rows, each with its own scale: Gather, Cast, Mul."""
    init = {x.name: x for x in graph.initializer}
    node = next(n for n in graph.node if n.op_type == 'Gather' and n.input[0] == name)
    table = numpy_helper.to_array(init[name])
    scale = np.maximum(np.abs(table).max(1, keepdims=True), 1e-8) / 127
    graph.initializer.remove(init[name])
    graph.initializer.extend([numpy_helper.from_array(np.round(table / scale).astype(np.int8), name + '.int8'),
                              numpy_helper.from_array(scale.astype(np.float32), name + '.scale')])
    ids, out = node.input[1], node.output[0]
    at = list(graph.node).index(node)
    graph.node.remove(node)
    for k, n in enumerate([helper.make_node('Gather', [name + '.int8', ids], [out + '.i'], axis=0),
                           helper.make_node('Cast', [out + '.i'], [out + '.f'], to=TensorProto.FLOAT),
                           helper.make_node('Gather', [name + '.scale', ids], [out + '.s'], axis=0),
                           helper.make_node('Mul', [out + '.f', out + '.s'], [out])]):
        graph.node.insert(at + k, n)


def quantise(source, target, reduce_range=True):
    """Weights of linear maps to int8 per output channel, activations quantised as they come; piece embeddings to int8 per row.

    reduce_range keeps weights within 7 bits: CPUs without 8-bit dot products add pairs in 16 bits and would overflow.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic
    quantize_dynamic(source, target, weight_type=QuantType.QInt8, per_channel=True, reduce_range=reduce_range, op_types_to_quantize=['MatMul'])
    m = onnx.load(target)
    table = next(i.name for i in m.graph.initializer if i.dims and i.dims[0] > 30000)
    small_table(m.graph, table)
    onnx.checker.check_model(m)
    onnx.save(m, target)


class Runner:
    """forward(ids, feat, mask) for predict.run, by ONNX Runtime, each window at its own length as it is served.  One thread; opened by the
    process that first calls it."""

    def __init__(self, path):
        self.path, self.session = path, None

    def __call__(self, ids, feat, mask):
        """ids, feat, mask [B, L] -> [B, L, C] numpy"""
        if self.session is None:
            import onnxruntime as ort
            o = ort.SessionOptions()
            o.intra_op_num_threads = 1
            self.session = ort.InferenceSession(self.path, o, providers=['CPUExecutionProvider'])
        out = None
        for r in range(len(ids)):
            n = int(mask[r].sum())
            y = self.session.run(['out'], dict(ids=ids[r:r + 1, :n].numpy(), feat=feat[r:r + 1, :n].numpy()))[0]
            if out is None:
                out = np.zeros((*ids.shape, y.shape[-1]), np.float32)
            out[r, :n] = y[0]
        return out


def describe(model, version, decode, file, window=WINDOW, stride=STRIDE):
    round_ = lambda x: [round(float(v), 4) for v in x]
    pair = lambda p: dict(scale=p.scale, max_distance=MAX_DISTANCE, distance_bias=round_(p.distance.weight.detach().cpu()[:, 0]))
    return dict(version=version, file=os.path.basename(file), sha256=hashlib.sha256(open(file, 'rb').read()).hexdigest(),
                window=window, stride=stride, max_pieces_per_token=MAX_PIECES, inputs=['ids', 'feat'], output='out',
                cls=101, sep=102, unk=100, slices={k: list(v) for k, v in model.slices.items()}, labels=LABELS,
                link=pair(model.link), arc=pair(model.arc), decode=decode)


def write(model, folder, vocabulary, version, decode, card=None):
    """all of models/ but the card"""
    os.makedirs(folder, exist_ok=True)
    with tempfile.TemporaryDirectory() as t:
        full, small = os.path.join(t, 'full.onnx'), os.path.join(t, 'sayso.onnx')
        float_graph(model, full)
        quantise(full, small)
        target = os.path.join(folder, 'sayso.rten')
        subprocess.run([os.path.join(os.path.dirname(sys.executable), 'rten-convert'), small, target], check=True)
    with open(os.path.join(folder, 'vocab.txt'), 'w', encoding='utf-8') as f:
        f.write(open(vocabulary, encoding='utf-8').read())
    with open(os.path.join(folder, 'sayso.json'), 'w', encoding='utf-8') as f:
        json.dump(describe(model, version, decode, target), f, ensure_ascii=False, separators=(',', ':'))
        f.write('\n')


def checksums(folder):
    names = sorted(os.path.relpath(os.path.join(d, n), folder) for d, _, ns in os.walk(folder) for n in ns if n != 'SHA256SUMS')
    with open(os.path.join(folder, 'SHA256SUMS'), 'w') as f:
        for n in names:
            f.write('%s  %s\n' % (hashlib.sha256(open(os.path.join(folder, n), 'rb').read()).hexdigest(), n))
