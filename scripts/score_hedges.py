#!/usr/bin/env python3
"""Hedges of a case's mentions: score_hedges.py CASEDIR READINGS.jsonl [--errors]

CASEDIR/case.json is the gold (its mentions carry `hedges`, the words); READINGS.jsonl what `sayso read --format jsonl`
prints for its reports. A gold mention is found when a statement of the same report shares at least half of its words
(Dice), or holds 80 % of them and is at most twice as long; the best one is taken. A hedge is right when its words and a
gold hedge's share a word (the case is ignored). Precision and recall are over the found mentions.
Plain Python 3.
"""
import json
import os
import re
import sys
from collections import Counter


def words(s):
    return Counter(re.findall(r"\w+", s.casefold()))


def match(quote, text):
    a, b = words(quote), words(text)
    both = sum((a & b).values())
    dice = 2 * both / max(1, sum(a.values()) + sum(b.values()))
    return dice if dice >= 0.5 else 0.5 * (both >= 0.8 * sum(a.values()) and sum(b.values()) <= 2 * sum(a.values()))


def main():
    show = "--errors" in sys.argv
    folder, readings = [a for a in sys.argv[1:] if not a.startswith("--")]
    case = json.load(open(os.path.join(folder, "case.json"), encoding="utf-8"))
    files = {os.path.basename(r["file"]): r["id"] for r in case["reports"]}
    read = {}
    for line in open(readings, encoding="utf-8"):
        r = json.loads(line)
        source = os.path.basename(str(r.get("source") or r["id"]).split("#")[0])
        read[files.get(source, files.get(str(r["id"]), str(r["id"])))] = r
    right = given = gold = found = 0
    for m in (m for c in case["claims"] for m in c["mentions"]):
        r = read.get(m["report"])
        if not r:
            continue
        text = r["text"]
        best = max(r["attributions"], key=lambda a: match(m["quote"], " ".join(text[b:e] for b, e in a["content"])), default=None)
        if not best or not match(m["quote"], " ".join(text[b:e] for b, e in best["content"])):
            continue
        found += 1
        got = [text[slice(*h["span"])] for h in best["hedges"]]
        hit = [h for h in got if any(words(h) & words(g) for g in m["hedges"])]
        kept = [g for g in m["hedges"] if any(words(h) & words(g) for h in got)]
        right, given, gold = right + len(hit), given + len(got), gold + len(m["hedges"])
        if show and (len(hit) < len(got) or len(kept) < len(m["hedges"])):
            print(m["report"], "got", got, "want", m["hedges"], "|", m["quote"])
    p, q = right / given if given else 0, right / gold if gold else 0
    print("found %d  hedges given %d, gold %d, right %d  P %.3f R %.3f" % (found, given, gold, right, p, q))


if __name__ == "__main__":
    main()
