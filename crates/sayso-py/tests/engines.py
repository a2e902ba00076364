"""The installed wheel in pyarrow, Daft, Spark and Ray against `sayso bulk`: python engines.py SAYSO [ENGINE...], in the environment of
scripts/test_wheel."""
import ast
import csv
import inspect
import json
import multiprocessing
import os
import pathlib
import subprocess
import sys
import tempfile
import threading

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

import sayso

REPORTS = 23
ROOT = pathlib.Path(__file__).resolve().parents[3]


def reports():
    """Reports in all shapes: one without text, one empty, one in another script, a page."""
    def text(k):
        return (f"Harbour master Ana Lind said on Tuesday that crane {k} had been struck at night, killing {k} people in Kyiv.\n\n"
                "The port’s union denied it, spokesman Per Dahl told Harbour News. Video showed smoke; it could not be verified.")
    texts = [text(k) for k in range(REPORTS)]
    texts[3], texts[5], texts[7] = None, "", "Мэр сказал, что мост открыт."
    pages = [None] * REPORTS
    texts[9], pages[9] = None, f"<html><body><article><p>{text(9)}</p></article></body></html>"
    return pa.table({"id": [f"r{k}" for k in range(REPORTS)], "text": texts, "html": pages, "published": ["2025-04-02"] * REPORTS,
                     "outlet": ["Wire", None] * (REPORTS // 2) + ["Wire"], "other": list(range(REPORTS))})


def by_id(table):
    """The rows as Python values, in the order of their ids."""
    return sorted(table.to_pylist(), key=lambda row: row["id"])


def same_as_bulk(table, program, model):
    with tempfile.TemporaryDirectory() as folder:
        file, out = os.path.join(folder, "in.parquet"), os.path.join(folder, "out")
        pq.write_table(table, file)
        done = subprocess.run([program, "bulk", file, "-o", out, "--model", model], capture_output=True, text=True)
        assert done.returncode == 1 and f"{REPORTS - 1} reports" in done.stdout, done
        own = sayso.read_tables(table, model=model)
        assert len(own) == 10
        for name, rows in own.items():
            other = ds.dataset(os.path.join(out, name)).to_table()
            assert other.schema.names == rows.schema.names, name
            # A file's rows are called by its name.
            told = [column for column in rows.schema.names if not (column in ("source", "message") and name in ("reports", "notices"))]
            assert rows.select(told).to_pylist() == other.select(told).to_pylist(), name
            assert rows.num_rows > 0, name


def same_as_read(table, program):
    """One text by `sayso.read`, by `sayso read` and as a row."""
    text = table["text"][0].as_py()
    one = sayso.read(text, id="r0", published="2025-04-02", outlet="Wire")
    row = json.dumps({"id": "r0", "text": text, "published": "2025-04-02", "outlet": "Wire"})
    said = subprocess.run([program, "read", "--format", "jsonl", "-"], input=row, capture_output=True, text=True, check=True)
    other = json.loads(said.stdout)
    told = [field for field in other if field not in ("source", "sha256")]
    assert {field: one[field] for field in told} == {field: other[field] for field in told}
    first = sayso.read_batch(table.slice(0, 1)).to_pylist()[0]
    span = one["attributions"][0]["content"][0]
    assert text[span[0]:span[1]] == first["attributions"][0]["content_words"]
    assert [place["name"] for place in one["places"]] == [place["name"] for place in first["places"]]


def partitioning(table, wanted):
    for size in (1, 4, 10):
        parts = pa.Table.from_batches(table.to_batches(max_chunksize=size))
        assert by_id(sayso.read_batch(parts, threads=2)) == wanted
    assert isinstance(sayso.read_batch(table.to_batches()[0]), pa.RecordBatch)
    renamed = table.rename_columns(["id", "body", "html", "published", "outlet", "other"])
    assert by_id(sayso.read_batch(renamed, columns={"text": "body"})) == wanted
    assert sayso.read_batch(table.slice(0, 0)).schema == sayso.schema()
    assert sayso.read_tables(table.slice(0, 0))["actors"].num_rows == 0


def refusals(table):
    for arguments, words in [(dict(table=table.select(["id", "other"])), "id, other"), (dict(table=table, model="large"), "accurate, or fast"),
                             (dict(table=table, columns={"body": "text"}), "NAME=COLUMN")]:
        try:
            sayso.read_batch(**arguments)
        except ValueError as error:
            assert words in str(error), error
        else:
            raise AssertionError(f"no error that says {words}")


def lock_is_released(table):
    ticks, ended = [0], threading.Event()

    def tick():
        while not ended.wait(0.001):
            ticks[0] += 1
    threading.Thread(target=tick, daemon=True).start()
    sayso.read_batch(table)
    ended.set()
    assert ticks[0] > 3, "Python goes on while a batch is read"


def after_a_fork(table, wanted):
    """A worker that was forked from a process that has read before."""
    with multiprocessing.get_context("fork").Pool(2) as pool:
        for got in pool.imap(sayso.read_batch, [table.slice(0, 9), table.slice(9)]):
            assert by_id(got) == [row for row in wanted if row["id"] in got["id"].to_pylist()]


def stubs_are_true():
    tree = ast.parse(pathlib.Path(sayso.__file__).with_suffix(".pyi").read_text())
    told = {node.name: [a.arg for a in node.args.args + node.args.kwonlyargs] for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert told == {name: list(inspect.signature(getattr(sayso, name)).parameters) for name in sayso.__all__}


def example(table):
    """The script that people start from, with a CSV."""
    with tempfile.TemporaryDirectory() as folder:
        articles, claims = os.path.join(folder, "articles.csv"), os.path.join(folder, "claims.csv")
        with open(articles, "w", newline="", encoding="utf-8") as file:
            rows = [row for row in table.to_pylist() if row["text"]]
            csv.writer(file).writerows([["id", "body", "published", "outlet"], *([r["id"], r["text"], r["published"], r["outlet"]] for r in rows)])
        script = ROOT / "examples" / "who_said_what.py"
        subprocess.run([sys.executable, script, articles, claims, "--text", "body", "--about", "crane,bridge"], check=True, stdout=subprocess.DEVNULL)
        found = list(csv.DictReader(open(claims, encoding="utf-8")))
        assert [(row["week"], row["speaker"], row["act"], row["statements"]) for row in found][:1] == [("2025-03-31", "Ana Lind", "asserts", "19")], found


def main(program, engines):
    table = reports()
    whole = sayso.read_batch(table)
    assert whole.schema == sayso.schema() and whole.num_rows == REPORTS
    assert whole["text"][3].as_py() is None and whole["notices"][3].as_py()[0]["code"] == "S0106"
    wanted = by_id(whole)
    same_as_read(table, program)
    same_as_bulk(table, program, "accurate")
    same_as_bulk(table, program, "fast")
    partitioning(table, wanted)
    refusals(table)
    lock_is_released(table)
    after_a_fork(table, wanted)
    stubs_are_true()
    example(table)
    print("pyarrow: ok")
    for engine in engines:
        got = globals()[engine](table)
        assert by_id(got) == wanted, engine
        print(f"{engine}: ok")


def daft(table):
    import daft
    import sayso.daft
    return sayso.daft.read(daft.from_arrow(table), batch_size=5).to_arrow()


def spark(table):
    os.environ["PYSPARK_PYTHON"] = sys.executable
    from pyspark.sql import SparkSession
    import sayso.spark
    session = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").config("spark.driver.host", "127.0.0.1")
    session = session.config("spark.sql.execution.arrow.maxRecordsPerBatch", "4").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    read = sayso.spark.read(session.createDataFrame(table).repartition(5))
    flat = sayso.spark.table(read, "attributions")
    assert flat.count() == sayso.read_tables(table)["attributions"].num_rows
    out = read.toArrow()
    session.stop()
    return out


def ray(table):
    import ray
    import sayso.ray
    ray.init(num_cpus=2, include_dashboard=False)
    return pa.concat_tables(ray.get(sayso.ray.read(ray.data.from_arrow(table).repartition(4), batch_size=5).to_arrow_refs()))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
