"""Weights of the likeness by which weighing tells that two mentions state one claim.

    for case in CASE...; do sayso read --format jsonl $case/reports/* > NAME.jsonl; done
    cargo run --example pairs -- NAME.jsonl... > pairs.jsonl
    python -m training.same_claim --pairs pairs.jsonl --cases CASE... --out crates/sayso/data/same_claim.tsv

Logistic regression over the pairs of mentions that Sayso itself finds and that match a gold mention. What a pair shares and
differs in is worked out by the program (crates/sayso/src/weigh/same/pair.rs), so it is written once. Prints B-cubed F1 of
average-link grouping with each case left out in turn, at several thresholds; writes the weights of all cases together.
"""
import argparse
import collections
import json
import pathlib
import re

import numpy

THRESHOLDS = (-3, -2.5, -2, -1.5, -1, -.5, 0)
# Rival figures of one question, and the same two things in the other order, are never one claim, however alike the rest.
FIXED = {"other_figure": -5.0, "rival": -5.0, "reversed": -5.0}
DECAY = .5


def tokens(text):
    return collections.Counter(re.findall(r"\w+", text.casefold()))


def overlap(quote, text):
    """How well a mention matches a gold quote, as score_case.py has it; 0 when it does not."""
    a, b = tokens(quote), tokens(text)
    both, size, length = sum((a & b).values()), sum(a.values()), sum(b.values())
    dice = 2 * both / max(size + length, 1)
    return max(dice, .5) if dice >= .5 or (both >= .8 * size and length <= max(150, 2 * size)) else 0


def labels(case, mentions):
    """The gold claims of each mention, as sets."""
    gold = json.loads((pathlib.Path(case) / "case.json").read_text(encoding="utf-8"))
    files = {r["id"]: pathlib.PurePath(r["file"]).name for r in gold["reports"]}
    out = [set() for _ in mentions]
    for claim in gold["claims"]:
        for mention in claim["mentions"]:
            found = [(overlap(mention["quote"], text), -k) for k, (source, text) in enumerate(mentions)
                     if pathlib.PurePath(source).name == files[mention["report"]]]
            best = max(found, default=(0, 0))
            if best[0]:
                out[-best[1]].add(claim["id"])
    return out


def fit(values, same, names):
    """Logistic regression with a little decay by Newton's method: weights and bias."""
    fixed = numpy.array([FIXED.get(n, 0.0) for n in names])
    free = [k for k, n in enumerate(names) if n not in FIXED] + [len(names)]
    x = numpy.hstack([values, numpy.ones((len(values), 1))])
    w = numpy.append(fixed, 0.0)
    for _ in range(30):
        p = 1 / (1 + numpy.exp(-(x @ w)))
        decay = numpy.where(numpy.arange(len(w)) < len(names), DECAY, 0)[free]
        gradient = x[:, free].T @ (p - same) + decay * w[free]
        hessian = (x[:, free] * (p * (1 - p))[:, None]).T @ x[:, free] + numpy.diag(decay + 1e-9)
        w[free] -= numpy.linalg.solve(hessian, gradient)
    return w[:-1], w[-1]


def average_link(likeness, threshold):
    """A label for each row; groups join while their average likeness is at least the threshold."""
    n = len(likeness)
    sums, size, label = likeness.copy(), numpy.ones(n), numpy.arange(n)
    numpy.fill_diagonal(sums, -numpy.inf)
    while True:
        average = sums / (size[:, None] * size[None])
        i, j = divmod(int(average.argmax()), n)
        if average[i, j] < threshold:
            return label
        i, j = min(i, j), max(i, j)
        sums[i] += sums[j]
        sums[:, i] = sums[i]
        sums[i, i] = -numpy.inf
        sums[j] = sums[:, j] = -numpy.inf
        size[i] += size[j]
        label[label == j] = i


def bcubed(gold, predicted):
    """Over every (mention, gold claim) as score_case.py counts: precision, recall, F1."""
    cells = [(c, predicted[k]) for k, claims in enumerate(gold) for c in claims]
    both, g, p = collections.Counter(cells), collections.Counter(c for c, _ in cells), collections.Counter(q for _, q in cells)
    precision = sum(n * n / p[q] for (_, q), n in both.items()) / len(cells)
    recall = sum(n * n / g[c] for (c, _), n in both.items()) / len(cells)
    return precision, recall, 2 * precision * recall / (precision + recall)


def load(pairs, cases):
    """Of each case: the values of its pairs as a square, the labels, the names of the values."""
    out = []
    for line, case in zip(open(pairs, encoding="utf-8"), cases):
        data = json.loads(line)
        n, names = len(data["mentions"]), data["names"]
        values = numpy.zeros((n, n, len(names)))
        for a, b, value in data["pairs"]:
            values[a, b] = values[b, a] = value
        out.append((values, labels(case, data["mentions"]), names, data["mentions"]))
    return out


def known(values, gold):
    """The pairs of mentions whose claims are known, and whether they share one."""
    kept = [k for k, claims in enumerate(gold) if claims]
    pairs = [(a, b) for n, a in enumerate(kept) for b in kept[:n]]
    return numpy.array([values[p] for p in pairs]), numpy.array([float(bool(gold[a] & gold[b])) for a, b in pairs])


def together(data):
    return fit(*(numpy.concatenate(x) for x in zip(*(known(v, g) for v, g, *_ in data))), data[0][2])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", required=True)
    parser.add_argument("--cases", nargs="+", required=True)
    parser.add_argument("--out")
    parser.add_argument("--threshold", type=float, default=-1.75)
    parser.add_argument("--without", type=int, help="leave this case out of what is written")
    args = parser.parse_args()
    data = load(args.pairs, args.cases)
    fitted = [together([d for k, d in enumerate(data) if k != left_out]) for left_out in range(len(data))]
    for threshold in THRESHOLDS:
        scores = [bcubed(g, average_link(v @ w + b, threshold)) for (v, g, *_), (w, b) in zip(data, fitted)]
        print(f"threshold {threshold}: left out in turn " + " ".join("%.3f/%.3f/%.3f" % s for s in scores) + f"  mean {numpy.mean([s[2] for s in scores]):.3f}")
    weights, bias = together(data) if args.without is None else fitted[args.without]
    lines = [("bias", bias), *zip(data[0][2], weights), ("threshold", args.threshold)]
    print(" ".join(f"{n} {w:.2f}" for n, w in lines))
    if args.out:
        pathlib.Path(args.out).write_text("".join(f"{n}\t{w:.3f}\n" for n, w in lines), encoding="utf-8")


if __name__ == "__main__":
    main()
