"""Word-piece senses: one short vector a piece, by which weighing tells paraphrases.

Method: Model2Vec (van Dongen and Tulkens, 2024): every piece of the vocabulary goes alone through the pre-trained sentence
encoder; the outputs are reduced by principal components and weighted down by the piece's frequency, so that the sum over a
sentence is a sentence vector without running the encoder.

    python -m training.senses --minilm model.safetensors --vocab models/vocab.txt --data ../shared/data --out models/senses.bin

Output: 8 bytes header (pieces, dimensions as little-endian u32), then pieces x dimensions signed bytes.
"""
import argparse
import collections
import json
import pathlib
import struct

import numpy
import torch

from .model import MiniLM
from .text import WordPiece, tokenize

DIMENSIONS = 128
SMOOTHING = 1e-3  # of the inverse-frequency weight a / (a + p)


def frequencies(files, pieces, vocabulary):
    """Smoothed relative frequency of each piece, shape (vocabulary,), over the texts of JSONL files."""
    counts = collections.Counter()
    for file in files:
        for line in open(file, encoding="utf-8"):
            text = json.loads(line)["text"]
            for begin, end in tokenize(text):
                counts.update(pieces(text[begin:end]))
    counts = numpy.array([counts[i] + 1.0 for i in range(vocabulary)])
    return counts / counts.sum()


@torch.no_grad()
def outputs(encoder, vocabulary, first, last):
    """Mean output of the encoder for [CLS] piece [SEP], normalised, shape (vocabulary, width)."""
    out = []
    for begin in range(0, vocabulary, 1024):
        ids = torch.arange(begin, min(begin + 1024, vocabulary))
        rows = torch.stack([torch.full_like(ids, first), ids, torch.full_like(ids, last)], 1)
        out.append(encoder(rows, torch.zeros_like(rows), None).mean(1))
    vectors = torch.cat(out).float().numpy()
    return vectors / numpy.linalg.norm(vectors, axis=1, keepdims=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--minilm", "--vocab", "--data", "--out"):
        parser.add_argument(name, required=True)
    args = parser.parse_args()
    pieces = WordPiece(args.vocab)
    size = sum(1 for _ in open(args.vocab, encoding="utf-8"))
    data = pathlib.Path(args.data)
    texts = [data / "attribution/polnear-train.jsonl", data / "incidents/ecbplus-train.jsonl"]
    weight = SMOOTHING / (SMOOTHING + frequencies(texts, pieces, size))
    vectors = outputs(MiniLM(args.minilm).eval(), size, pieces.cls, pieces.sep)
    vectors = vectors - vectors.mean(0)
    axes = numpy.linalg.svd(vectors[1000:], full_matrices=False)[2][:DIMENSIONS]
    vectors = (vectors @ axes.T) * weight[:, None]
    rows = numpy.clip(numpy.round(vectors / numpy.abs(vectors).max() * 127), -127, 127).astype(numpy.int8)
    with open(args.out, "wb") as file:
        file.write(struct.pack("<II", *rows.shape))
        file.write(rows.tobytes())


if __name__ == "__main__":
    main()
