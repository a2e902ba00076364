#!/usr/bin/env python3
"""The readings of a case's reports as a case of its own: one claim a statement.

    sayso read REPORTS... --format jsonl | case_from_readings.py [FILES...] > PRED.json

In: JSON lines as `sayso read --format jsonl` prints them, from the files or standard input. Out: the JSON of
`sayso export --format json`, where no two statements are taken as the same claim: what the reader alone is worth.
Plain Python 3.
"""
import json
import os
import sys

STANCE = {"denies": "denies", "doubts": "doubts", "verifies": "verifies", "refutes": "refutes", "retracts": "retracts"}


def words(text, spans):
    return " ".join(text[b:e] for b, e in spans)


def mention(reading, attribution, names):
    text = reading["text"]
    return {
        "report": reading["id"],
        "text": words(text, attribution["content"]),
        "spans": attribution["content"],
        "stance": STANCE.get(attribution["act"], "asserts"),
        "speaker": names.get(attribution["speaker"]),
        "chain": [names[link["actor"]] for link in attribution["chain"] if link.get("actor") in names],
    }


def case(readings):
    out = {"reports": [], "claims": []}
    for reading in readings:
        source = str(reading.get("source") or reading["id"]).split("#")[0]
        reading["id"] = os.path.basename(source)
        out["reports"].append({"id": reading["id"], "file": reading["id"], "outlet": reading.get("outlet")})
        names = {actor["id"]: actor["name"] for actor in reading["actors"]}
        for attribution in reading["attributions"] + reading.get("voice", []):
            found = mention(reading, attribution, names)
            origins = [found["speaker"]] if found["speaker"] else []
            out["claims"].append({
                "id": "c%d" % (len(out["claims"]) + 1), "statement": found["text"], "status": "single-origin",
                "mentions": [found], "origins": origins, "independent_origins": len(origins), "contradicts": [],
            })
    return out


def main(files):
    lines = [line for name in files for line in open(name, encoding="utf-8")] if files else list(sys.stdin)
    json.dump(case([json.loads(line) for line in lines if line.strip()]), sys.stdout, ensure_ascii=False, indent=1)


if __name__ == "__main__":
    main(sys.argv[1:])
