#!/usr/bin/env python3
"""Score counts of killed and wounded: score_casualties.py GOLD.jsonl PRED.jsonl [--show]

GOLD: {"id","text","casualties":[{"victim","number","effect"}]} a line (MUC-4 templates: effect DEATH or INJURY; number "3", "~50",
"16-" at least, "-15" at most, "PLURAL"). PRED: {"id","quantities":[{"of","low","high"}]} a line.
Counts sets of (effect, number) a report: precision and recall of numbers, and recall of PLURAL (any count above one, or one without end).
Templates leave out combatants who fell in battle, so precision has a low ceiling.
"""
import json, re, sys

EFFECT = {"DEATH": "killed", "INJURY": "wounded"}


def gold_pairs(casualties):
    out, plural = set(), set()
    for c in casualties:
        for effect in {EFFECT[e] for e in c["effect"].split(" / ") if e in EFFECT} if c["effect"] else set():
            for number in (c["number"] or "").split(" / "):
                digits = re.sub(r"\D", "", number)
                if digits: out.add((effect, int(digits)))
                elif number == "PLURAL": plural.add(effect)
    return out, plural


def main(gold, pred, show):
    P = {d["id"]: d["quantities"] for d in map(json.loads, open(pred, encoding="utf-8"))}
    tp = fp = fn = many = many_found = 0
    for d in map(json.loads, open(gold, encoding="utf-8")):
        want, plural = gold_pairs(d["casualties"])
        got = {(q["of"], q["low"] or q["high"]) for q in P.get(d["id"], []) if q["of"] in ("killed", "wounded")}
        got = {g for g in got if g[1]}
        tp += len(want & got); fp += len(got - want); fn += len(want - got)
        many += len(plural); many_found += sum(any(of == p and n > 1 for of, n in got) for p in plural)
        if show and want != got: print(d["id"], "missed", sorted(want - got), "extra", sorted(got - want))
    p, r = tp / max(tp + fp, 1), tp / max(tp + fn, 1)
    print(f"(effect, number) a report: P {p:.3f} R {r:.3f} F1 {2*p*r/max(p+r,1e-9):.3f} (gold {tp+fn}, predicted {tp+fp}); PLURAL found {many_found}/{many}")


if __name__ == "__main__":
    if len(sys.argv) < 3: sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2], "--show" in sys.argv)
