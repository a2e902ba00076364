"""Weights of the likeness by which weighing tells that two mentions state one claim.

    python -m training.same_claim --cases ../shared/cases/* --senses models/senses.bin --vocab models/vocab.txt

Logistic regression over the pairs of gold mentions of cases with answers; the same values as `pair` in
crates/sayso/src/weigh/same.rs. Prints the weights in that file's order, and B-cubed F1 of average-link grouping with each
case left out in turn, at several thresholds.
"""
import argparse
import collections
import json
import math
import pathlib
import re
import struct

import numpy
import torch
import torch.nn.functional as F

from .text import WordPiece, tokenize

NAMES = ("sense", "shared", "contained", "same_figure", "other_figure", "one_figure", "negation", "speaker")
THRESHOLDS = (-3, -2.5, -2, -1.5, -1)
EMPTY = set("the a an of in on at to and or for by from with that this it its is are was were be been has have had he she they we "
            "our their his her as there so no not who which will would any all said says say i you my me him them us do did does".split())
UNITS = ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
         "nineteen").split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
SCALES = {"hundred": 100.0, "thousand": 1e3, "million": 1e6}
WORD = re.compile(r"\d[\d,.]*\d|\d|[^\W\d_]+(?:[’']t)?")
NEGATION = re.compile(r"(?i)\b(no|not|never|nobody|none|nothing|neither|nor|without|zero|cannot|denie[sd]|deny)\b|n[’']t\b")


def stem(word):
    for ending in ("ings", "ing", "ied", "ies", "ed", "es", "s", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[:-len(ending)]
    return word


def value(word):
    """The number a word stands for by itself, or None."""
    if word[0].isdigit():
        try:
            return float(word.replace(",", ""))
        except ValueError:
            return None
    if word in UNITS:
        return float(UNITS.index(word))
    return 20.0 + 10 * TENS.index(word) if word in TENS else None


def numbers(words):
    """Every figure in digits or words, as a set, without one."""
    out, current = [], None
    for word in words:
        number = value(word)
        if number is not None and current is not None and current >= 20 and number < 10 and not word[0].isdigit():
            current += number
            continue
        if number is None and word in SCALES:
            current = (1 if current is None else current) * SCALES[word]
            continue
        if current is not None:
            out.append(current)
        current = number
    return set(out + ([] if current is None else [current])) - {1.0}


class Senses:
    """Sentence vectors from models/senses.bin."""

    def __init__(self, table, vocabulary):
        raw = pathlib.Path(table).read_bytes()
        self.rows = numpy.frombuffer(raw[8:], numpy.int8).reshape(struct.unpack("<II", raw[:8])).astype(float)
        self.pieces = WordPiece(vocabulary)

    def __call__(self, text):
        ids = [i for begin, end in tokenize(text) for i in self.pieces(text[begin:end])]
        vector = self.rows[ids].sum(0)
        return vector / (numpy.linalg.norm(vector) + 1e-9)


def mentions(case, senses):
    """The gold mentions of a case with what they are compared by, and the rarity of each stem."""
    gold = json.loads((pathlib.Path(case) / "case.json").read_text(encoding="utf-8"))
    out = []
    for claim in gold["claims"]:
        for mention in claim["mentions"]:
            words = [w.lower() for w in WORD.findall(mention["quote"])]
            is_number = lambda w: w[0].isdigit() or value(w) is not None or w in SCALES
            stems = {stem(w) for w in words if len(w.encode()) > 2 and not is_number(w) and w not in EMPTY}
            out.append(dict(claim=claim["id"], speaker=mention["speaker"], stems=stems, numbers=numbers(words),
                            negated=bool(NEGATION.search(mention["quote"])), sense=senses(mention["quote"])))
    found = collections.Counter(s for m in out for s in m["stems"])
    return out, {s: max(.05, math.log((len(out) + 1) / (n + .5))) for s, n in found.items()}


def pair(a, b, rarity):
    weight = lambda stems: sum(rarity[s] for s in stems)
    shared, x, y = weight(a["stems"] & b["stems"]), weight(a["stems"]), weight(b["stems"])
    both, same = bool(a["numbers"] and b["numbers"]), bool(a["numbers"] & b["numbers"])
    return [a["sense"] @ b["sense"], 2 * shared / max(x + y, 1e-6), shared / max(min(x, y), 1e-6), same, both and not same,
            bool(a["numbers"]) != bool(b["numbers"]), a["negated"] != b["negated"], a["speaker"] == b["speaker"]]


def fit(values, same):
    """Logistic regression with a little decay: weights and bias."""
    w, b = torch.zeros(len(NAMES), dtype=torch.double, requires_grad=True), torch.zeros(1, dtype=torch.double, requires_grad=True)
    optimizer, x, y = torch.optim.LBFGS([w, b], max_iter=500), torch.tensor(values), torch.tensor(same)

    def step():
        optimizer.zero_grad()
        loss = F.binary_cross_entropy_with_logits(x @ w + b, y) + .0005 * (w * w).sum()
        loss.backward()
        return loss
    optimizer.step(step)
    return w.detach().numpy(), b.item()


def average_link(likeness, threshold):
    """A label for each row; groups join while their average likeness is at least the threshold."""
    groups = [[i] for i in range(len(likeness))]
    while len(groups) > 1:
        best, i, j = max((likeness[numpy.ix_(groups[i], groups[j])].mean(), i, j) for i in range(len(groups)) for j in range(i + 1, len(groups)))
        if best < threshold:
            break
        groups[i] += groups.pop(j)
    return [next(k for k, g in enumerate(groups) if i in g) for i in range(len(likeness))]


def bcubed(gold, predicted):
    same = lambda labels: numpy.array(labels)[:, None] == numpy.array(labels)[None]
    g, p = same(gold), same(predicted)
    both = (g & p).sum(1)
    precision, recall = (both / p.sum(1)).mean(), (both / g.sum(1)).mean()
    return 2 * precision * recall / (precision + recall)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", nargs="+", required=True)
    parser.add_argument("--senses", required=True)
    parser.add_argument("--vocab", required=True)
    args = parser.parse_args()
    senses = Senses(args.senses, args.vocab)
    data = []
    for case in args.cases:
        items, rarity = mentions(case, senses)
        values = numpy.array([[pair(a, b, rarity) for b in items] for a in items], float)
        same = numpy.array([[a["claim"] == b["claim"] for b in items] for a in items], float)
        data.append((values, same, [m["claim"] for m in items]))
    upper = lambda x: x[numpy.triu_indices(len(x), 1)]
    together = lambda kept: fit(*(numpy.concatenate([upper(d[k]) for d in kept]) for k in (0, 1)))
    for threshold in THRESHOLDS:
        figures = []
        for left_out, (values, _, claims) in enumerate(data):
            weights, bias = together([d for k, d in enumerate(data) if k != left_out])
            figures.append(bcubed(claims, average_link(values @ weights + bias, threshold)))
        print(f"threshold {threshold}: left out in turn {' '.join(f'{x:.3f}' for x in figures)}, mean {numpy.mean(figures):.3f}")
    weights, bias = together(data)
    print(f"bias {bias:.2f} " + " ".join(f"{n} {w:.2f}" for n, w in zip(NAMES, weights)))


if __name__ == "__main__":
    main()
