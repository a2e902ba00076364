#!/usr/bin/env python3
"""A case with gold (case.json and reports/) as files of the gold set: case_to_gold.py CASEDIR [CASEDIR ...] -o OUT

Only statements, their speakers, chains, stances as acts, and hedges; a case has no checks and tolls."""
import argparse
import json
import os
import re
import sys


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("cases", nargs="+")
    ap.add_argument("-o", "--out", required=True)
    ap.add_argument("--tools", required=True, help="the folder with check_case.py, whose html_text is used")
    a = ap.parse_args()
    sys.path.insert(0, a.tools)
    from check_case import html_text
    os.makedirs(a.out, exist_ok=True)
    for folder in a.cases:
        case = json.load(open(os.path.join(folder, "case.json"), encoding="utf-8"))
        actors = {x["id"]: x for x in case["actors"]}
        for report in case["reports"]:
            raw = open(os.path.join(folder, report["file"]), encoding="utf-8").read()
            text = re.sub(r"\s*\n\s*", "\n\n", html_text(raw)) if report["file"].endswith("html") else raw.split("\n\n", 1)[1]
            text = re.sub(r"[ \t]+", " ", text)
            name = os.path.join(a.out, case["case"] + "-" + report["id"])
            with open(name + ".txt", "w", encoding="utf-8") as f:
                f.write("Title: %s\nOutlet: %s\nPublished: %s\n\n%s" % (report.get("title", ""), report["outlet"], report["published"], text))
            with open(name + ".gold", "w", encoding="utf-8") as f:
                write(f, case, actors, report["id"], text)


def write(f, case, actors, rid, text):
    used = set()
    for claim in case["claims"]:
        for m in claim["mentions"]:
            if m["report"] != rid:
                continue
            if m["quote"] not in text:
                print("not in the text:", m["quote"], file=sys.stderr)
                continue
            used.add(m["speaker"])
            f.write("statement: %s\n  by: %s\n  via: %s\n  act: %s\n  hedge: %s\n\n" % (
                m["quote"], actors[m["speaker"]]["name"], "; ".join(actors[v]["name"] for v in reversed(m["via"])),
                m["stance"], "; ".join("%s (outlet)" % h for h in m["hedges"])))
    for x in used:
        forms = [n for n in actors[x].get("aliases", []) if n in text and n != actors[x]["name"]]
        f.write("actor: %s\n  also: %s\n\n" % (actors[x]["name"], "; ".join(forms)))


if __name__ == "__main__":
    main()
