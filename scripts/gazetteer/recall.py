#!/usr/bin/env python3
"""Share of gold GeoNames ids that the gazetteer holds: recall.py PLACES.tsv GOLD.jsonl...

PLACES.tsv is what collect.py wrote. Regions and states of crates/sayso/data count as well.
"""
import json
import pathlib
import sys

DATA = pathlib.Path(__file__).resolve().parents[2] / "crates/sayso/data"


def ids(path, column):
    for line in open(path, encoding="utf-8"):
        cells = line.rstrip("\n").split("\t")
        if not line.startswith("#") and len(cells) > column and cells[column]:
            yield int(cells[column])


if len(sys.argv) < 3:
    sys.exit(__doc__)
held = {*ids(sys.argv[1], 0), *ids(DATA / "regions.tsv", 1), *ids(DATA / "states.tsv", 2)}
for path in sys.argv[2:]:
    gold = [t["geonameid"] for line in open(path, encoding="utf-8") for t in json.loads(line)["toponyms"] if t.get("geonameid")]
    if gold:
        print(f"{pathlib.Path(path).name}: {sum(g in held for g in gold)} of {len(gold)} = {sum(g in held for g in gold) / len(gold):.3f}")
