"""Times a case of many reports; see scripts/bench_case. Seconds are of processor time: other programs do not count."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

THOUSAND = int(os.environ.get("REPORTS", 1000))


def reports(corpora, wanted):
    """Reports of all corpora in turn; when they run out, the first half of one with the second half of another."""
    files = []
    for path in sorted(Path(corpora).rglob("*.jsonl")):
        texts = []
        for line in path.open(encoding="utf-8"):
            record = json.loads(line)
            text = record.get("text")
            if isinstance(text, str) and len(text) >= 400:
                texts.append((text, record.get("published"), record.get("outlet")))
        if texts:
            files.append(texts)
    seen, pool = set(), []
    for k in range(max(map(len, files))):
        for texts in files:
            if k < len(texts) and texts[k][0] not in seen:
                seen.add(texts[k][0])
                pool.append(texts[k])
    out, step = list(pool), 1
    while len(out) < wanted:
        for k, (text, published, outlet) in enumerate(pool):
            other = pool[(k + step) % len(pool)][0]
            out.append((half(text, 0) + "\n" + half(other, 1), published, outlet))
        step += 1
    for number, (text, published, outlet) in enumerate(out[:wanted]):
        day = f"2024-{number % 12 + 1:02}-{number % 28 + 1:02}T{number % 24:02}:00:00Z"
        yield {"id": f"b{number}", "text": text, "published": published or day, "outlet": outlet or f"Outlet {number % 40}"}


def half(text, which):
    """One half of a text, cut at a line or a sentence."""
    middle = len(text) // 2
    cut = next((at for mark in ("\n", ". ", " ") if (at := text.find(mark, middle)) > 0), middle)
    return text[cut:].strip() if which else text[:cut].strip()


def run(*command):
    """Runs a program; seconds of processor time, its highest memory in MB, what it said."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = process.stderr.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        sys.exit(f"{' '.join(map(str, command))}: exit {process.returncode}\n{said[-2000:]}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, said


def steps(said):
    """Milliseconds of loading and weighing as `sayso -v` says them."""
    found = re.findall(r"(loaded_ms|weighed_ms)=(\d+)", re.sub(r"\x1b\[[0-9;]*m", "", said))
    return {name: int(value) for name, value in found}


def main(sayso, again, corpora, out, *sizes):
    out, sizes = Path(out), sorted(int(size) for size in sizes)
    lines = [json.dumps(report, ensure_ascii=False) + "\n" for report in reports(corpora, max([*sizes, THOUSAND]) + 5)]
    write = lambda name, part: (out / name).write_text("".join(part), encoding="utf-8") and out / name
    thousand, more = write("thousand.jsonl", lines[:THOUSAND]), write("more.jsonl", lines[-5:])
    ledger = out / "bench.db"
    for path in out.glob("bench.db*"):
        path.unlink()
    read, read_mb, _ = run(sayso, "read", "--format", "jsonl", "--threads", "1", thousand)
    add, add_mb, _ = run(sayso, "add", "--threads", "1", "--ledger", ledger, thousand)
    print(f"reading {THOUSAND} reports: {read:.1f} s, {read_mb:.0f} MB")
    print(f"adding them: {add:.1f} s, {add_mb:.0f} MB; {add / read:.2f} times the reading (at most 1.3)")
    weigh_one_more(sayso, again, ledger, more)
    grow(sayso, out, sizes, lines, write)


def weigh_one_more(sayso, again, ledger, more):
    """One report more, in a cold process of its own and by a Weigher that is kept."""
    look = [sayso, "-v", "claims", "--format", "json", "--ledger", ledger]
    seconds, mb, said = run(*look)
    print(f"weighing from nothing, a cold process: {seconds:.2f} s (at most 5), {mb:.0f} MB (at most 500); {steps(said)}")
    if Path(again).exists():
        said = subprocess.run([again, ledger, more], capture_output=True, text=True, check=True).stdout
        print("one process, its Weigher kept (as in `sayso serve`; 200 ms for a report read, stored and weighed again):\n" + said, end="")
    else:
        print(f"{again} is not built: no figure for a Weigher that is kept")
    added, _, _ = run(sayso, "add", "--threads", "1", "--ledger", ledger, more)
    seconds, mb, said = run(*look)
    print(f"two cold processes: {added * 1000:.0f} ms to add five more, {seconds * 1000:.0f} ms to weigh all; {steps(said)}")


def grow(sayso, out, sizes, lines, write):
    """Weighing of cases that grow; a ledger that is there already is used again, the next begins with a copy of it."""
    print("\n| reports | loading, ms | weighing, ms | a report, ms | whole command, s | MB |\n|---|---|---|---|---|---|")
    before = None
    for size in sizes:
        grown = out / f"grown-{size}.db"
        if not grown.exists():
            unfinished = out / "growing.db"
            for path in out.glob("growing.db*"):
                path.unlink()
            if before:
                shutil.copy(before, unfinished)
            run(sayso, "add", "--ledger", unfinished, write(f"{size}.jsonl", lines[:size]))
            unfinished.rename(grown)
        before = grown
        seconds, mb, said = run(sayso, "-v", "claims", "--format", "json", "--ledger", grown)
        took = steps(said)
        weighed = took.get("weighed_ms", 0)
        print(f"| {size} | {took.get('loaded_ms')} | {weighed} | {weighed / size:.2f} | {seconds:.2f} | {mb:.0f} |", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
