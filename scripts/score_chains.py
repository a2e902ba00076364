#!/usr/bin/env python3
"""Score the chains of a case against the gold `via`.

    score_chains.py CASE.json PRED.json [--details]

CASE.json is a case's gold (`reports`, `actors` with `aliases`, `claims` with `mentions`: `report`, `quote`, `speaker`, `via`);
PRED.json is what `sayso export --format json` or `case_from_readings.py` prints. A gold mention is found as the case scorer finds
it: in the same report, Dice of the words >= 0.5, or >= 80 % of its words in a text of at most 150 words or twice the quote;
of several the one with the highest Dice, then with the right speaker. Over the mentions found:

    exact         the chain's actors, nearest to the speaker first, are exactly those of `via` (names or aliases, case-folded)
    exact_linked  the same over the mentions whose `via` is not empty
    false_links   share of the mentions without `via` that were given one

Plain Python 3.
"""
import json
import os
import re
import sys
from collections import Counter


def tokens(text):
    return Counter(re.findall(r"\w+", (text or "").casefold()))


def plain(name):
    name = re.sub(r"\s+", " ", (name or "").replace("’", "'").replace("‘", "'")).strip().casefold().strip(" .,;:\"“”'()[]")
    return re.sub(r"^(the|a|an)\s+", "", name)


def key(name):
    return os.path.splitext(os.path.basename(str(name)))[0]


def found(quote, text):
    both, size, length = sum((quote & text).values()), sum(quote.values()), sum(text.values())
    dice = 2 * both / (size + length) if size + length else 0.0
    near = size and both >= 0.8 * size and length <= max(150, 2 * size)
    return max(dice, 0.5) if dice >= 0.5 or near else None


def score(case, pred, details=None):
    names = {a["id"]: {plain(n) for n in [a["name"]] + a.get("aliases", [])} for a in case["actors"]}
    label = {a["id"]: a["name"] for a in case["actors"]}
    file_of = {r["id"]: key(r["file"]) for r in case["reports"]}
    report_of = {str(r["id"]): key(r.get("file") or r["id"]) for r in pred["reports"]}
    mentions = {}
    for claim in pred["claims"]:
        for m in claim["mentions"]:
            mentions.setdefault(report_of.get(str(m["report"]), key(m["report"])), []).append((tokens(m["text"]), m))
    counts = Counter()
    for claim in case["claims"]:
        for gold in claim["mentions"]:
            quote = tokens(gold["quote"])
            options = [(found(quote, t), m) for t, m in mentions.get(file_of[gold["report"]], [])]
            options = [(d, plain(m["speaker"]) in names[gold["speaker"]], -n, m) for n, (d, m) in enumerate(options) if d]
            if not options:
                continue
            m = max(options, key=lambda o: (round(o[0], 6), o[1], o[2]))[3]
            # Predicted chains run from the outlet to the speaker, `via` the other way.
            chain, via = list(reversed(m.get("chain", []))), gold["via"]
            right = len(chain) == len(via) and all(plain(c) in names.get(v, {plain(v)}) for c, v in zip(chain, via))
            kind = "linked" if via else "bare"
            counts["found", kind] += 1
            counts["right", kind] += right
            if details is not None and not right:
                details.append("%s: via %s, predicted %s: %s" % (gold["report"], [label.get(v, v) for v in via], chain, gold["quote"][:70]))
    share = lambda a, b: a / b if b else 0.0
    total = counts["found", "linked"] + counts["found", "bare"]
    return {
        "exact": share(counts["right", "linked"] + counts["right", "bare"], total),
        "exact_linked": share(counts["right", "linked"], counts["found", "linked"]),
        "false_links": 1 - share(counts["right", "bare"], counts["found", "bare"]),
        "found": total,
        "linked": counts["found", "linked"],
    }


def main(argv):
    files = [a for a in argv if not a.startswith("--")]
    if len(files) != 2:
        sys.exit(__doc__)
    details = [] if "--details" in argv else None
    case, pred = (json.load(open(f, encoding="utf-8")) for f in files)
    for name, value in score(case, pred, details).items():
        print("%-14s %s" % (name, "%.4f" % value if isinstance(value, float) else value))
    for line in details or []:
        print("  " + line)


if __name__ == "__main__":
    main(sys.argv[1:])
