#!/usr/bin/env python3
"""A large ledger out of a small one: scripts/many_reports.py LEDGER OUT REPORTS [A_CASE]

Copies the reports of LEDGER (one that `sayso backup` or `add` made) again and again into cases `many-0`, `many-1`, … of A_CASE (1000) reports each, until there are REPORTS.
The copies are whole: own ids, hashes, readings, statements to search. For measuring size and search; docs/reliability.md has what was found.
"""

import hashlib
import json
import shutil
import sqlite3
import sys


def main():
    source, out, reports = sys.argv[1], sys.argv[2], int(sys.argv[3])
    a_case = int(sys.argv[4]) if len(sys.argv) > 4 else 1000
    shutil.copyfile(source, out)
    db = sqlite3.connect(out)
    db.execute("PRAGMA synchronous = OFF")
    first = db.execute("SELECT min(case_id) FROM reports").fetchone()[0]
    rows = db.execute("SELECT row, sha256, meta, text FROM reports WHERE case_id = ? ORDER BY row", [first]).fetchall()
    readings = {row: known for row, *known in db.execute("SELECT report, reader, reading, sha256 FROM readings ORDER BY row")}
    said = {}
    for row, words, start in db.execute("SELECT rowid, words, start FROM said"):
        said.setdefault(row >> 20, []).append((words, start))
    for k in range(reports):
        if k % a_case == 0:
            case = db.execute("INSERT INTO cases (name) VALUES (?)", [f"many-{k // a_case}"]).lastrowid
        row, sha256, meta, text = rows[k % len(rows)]
        known = json.loads(meta)
        known["id"] = f"{known['id']}+{k}"
        meta = json.dumps(known, ensure_ascii=False, separators=(",", ":"))
        checksum = hashlib.sha256((meta + text).encode()).hexdigest()
        new = db.execute(
            "INSERT INTO reports (case_id, id, sha256, meta, text, checksum) VALUES (?, ?, ?, ?, ?, ?)", [case, known["id"], sha256, meta, text, checksum]
        ).lastrowid
        db.execute("INSERT INTO readings (report, reader, reading, sha256) VALUES (?, ?, ?, ?)", [new, *readings[row]])
        for n, (words, start) in enumerate(said.get(row, [])):
            db.execute("INSERT INTO said (rowid, words, start) VALUES (?, ?, ?)", [(new << 20) + n, words, start])
    db.commit()
    db.close()


if __name__ == "__main__":
    main()
