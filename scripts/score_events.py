#!/usr/bin/env python3
"""Score event types: score_events.py GOLD.jsonl PRED.jsonl [--show]

GOLD: {"id","text","subtype"} a line (CASE 2021 task 2: a snippet with one label, ACLED's sub-event types and five of its own), or
{"id","text","event"} (PLOVER). PRED: {"id","events":[{"trigger","type","plover","standing"}]} a line. A snippet gets one
type: of those found the one of most weight (a special one before a common one, then the earlier). Prints accuracy against
the majority class, and macro-F1 over the gold's labels: of ACLED alone, and of all.
"""
import json, sys
from collections import Counter, defaultdict

LABELS = {
    "GOV_REGAINS_TERIT": "Government regains territory", "NON_STATE_ACTOR_OVERTAKES_TER": "Non-state actor overtakes territory",
    "ARMED_CLASH": "Armed clash", "FORCE_AGAINST_PROTEST": "Excessive force against protesters",
    "PROTEST_WITH_INTER": "Protest with intervention", "PEACE_PROTEST": "Peaceful protest", "VIOL_DEMONSTR": "Violent demonstration",
    "MOB_VIOL": "Mob violence", "CHEM_WEAP": "Chemical weapon", "AIR_STRIKE": "Air/drone strike", "SUIC_BOMB": "Suicide bomb",
    "ART_MISS_ATTACK": "Shelling/artillery/missile attack", "REM_EXPLOS": "Remote explosive/landmine/IED", "GRENADE": "Grenade",
    "SEX_VIOL": "Sexual violence", "ATTACK": "Attack", "ABDUCT_DISSAP": "Abduction/forced disappearance", "AGREEMENT": "Agreement",
    "ARREST": "Arrests", "CHANGE_TO_GROUP_ACT": "Change to group/activity", "DISR_WEAP": "Disrupted weapons use",
    "HQ_ESTABLISHED": "Headquarters or base established", "PROPERTY_DISTRUCT": "Looting/property destruction",
    "NON_VIOL_TERRIT_TRANSFER": "Non-violent transfer of territory", "OTHER": "Other",
}
OWN = {"ATTRIB": "Attribution", "DIPLO": "Diplomacy", "ORG_CRIME": "Organised crime", "NATURAL_DISASTER": "Natural disaster",
       "MAN_MADE_DISASTER": "Accident"}
# The special before the common: which of several types a snippet is about.
WEIGHT = {kind: weight for weight, kinds in enumerate([
    ["Attack", "Diplomacy"], ["Armed clash", "Arrests", "Change to group/activity"],
    ["Remote explosive/landmine/IED", "Peaceful protest", "Organised crime", "Looting/property destruction", "Agreement"],
    ["Non-state actor overtakes territory", "Government regains territory", "Shelling/artillery/missile attack", "Accident",
     "Protest with intervention", "Disrupted weapons use"],
    ["Air/drone strike", "Abduction/forced disappearance", "Violent demonstration", "Natural disaster", "Mob violence",
     "Headquarters or base established"],
    ["Non-violent transfer of territory", "Excessive force against protesters", "Attribution"],
    ["Chemical weapon", "Suicide bomb", "Grenade", "Sexual violence"]]) for kind in kinds}


def choose(events):
    ranked = [(-WEIGHT.get(e["type"], 0), e["trigger"][0], e["type"]) for e in events]
    return min(ranked)[2] if ranked else None


def report(name, pairs):
    n = len(pairs); right = sum(g == p for g, p in pairs)
    gold = Counter(g for g, _ in pairs); pred = Counter(p for _, p in pairs); hit = Counter(g for g, p in pairs if g == p)
    f1 = {k: 2 * hit[k] / (gold[k] + pred[k]) for k in gold}
    print(f"{name}: {n} snippets, accuracy {right/n:.3f} (majority class {max(gold.values())/n:.3f}), macro-F1 {sum(f1.values())/len(f1):.3f}")
    return f1, gold, pred


def main(gold, pred, show):
    P = {d["id"]: d["events"] for d in map(json.loads, open(pred, encoding="utf-8"))}
    D = [json.loads(line) for line in open(gold, encoding="utf-8")]
    if "subtype" not in D[0]:
        found = sum(any((e.get("plover") or "").split(" ")[0] == d["event"] for e in P[d["id"]]) for d in D)
        print(f"PLOVER event among those found: {found}/{len(D)} = {found/len(D):.3f}"); return
    pairs = [({**LABELS, **OWN}[d["subtype"]], choose(P[d["id"]]) or "Other") for d in D]
    report("ACLED types alone", [p for d, p in zip(D, pairs) if d["subtype"] in LABELS])
    f1, gold, predicted = report("all labels", pairs)
    if show:
        for k in sorted(f1, key=f1.get): print(f"  {f1[k]:.2f} {k}: gold {gold[k]}, chosen {predicted[k]}; taken for", Counter(p for g, p in pairs if g == k and p != k).most_common(4))


if __name__ == "__main__":
    if len(sys.argv) < 3: sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2], "--show" in sys.argv)
