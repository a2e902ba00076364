"""Sayso reads reports of contested events and says, for every statement in them, on whose say-so it stands.

>>> import sayso
>>> sayso.read("The mayor said that it rained.")["attributions"][0]["act"]
'asserts'

All offsets are code points of the report's ``text``, end exclusive: ``text[start:end]`` are the words. docs/formats.md of the project
describes every field and column.
"""
import json

import pyarrow as pa

from . import _sayso

__all__ = ["read", "read_batch", "read_tables", "schema"]
__version__ = _sayso.__version__

CHUNK = 1024  # rows of a table that are read at once


def read(text, *, id=None, published=None, outlet=None, title=None, url=None, model="accurate"):
    """Read one report: its text, and what is known about it.

    ``published`` is a date (``2025-04-02``) or a moment (RFC 3339): "on Tuesday" is counted from it. ``model`` as for ``read_batch``.

    Returns a dict with the fields of a line of ``sayso read --format jsonl``; spans are ``[start, end]`` in code points of ``text``,
    places in degrees, ``confidence`` 0 to 1.
    """
    about = dict(id=id, published=published, outlet=outlet, title=title, url=url)
    return json.loads(_sayso.read(text, about, _how(None, model, 1)))


def read_batch(table, *, columns=None, model="accurate", threads=1):
    """Read a table of reports (n rows) to a table of readings (n rows, in the same order).

    ``table``: a pyarrow RecordBatch or Table, or anything that exports Arrow (polars, DuckDB), with a column ``text`` (strings) or
    ``html`` (strings or bytes) and, where there are, ``id``, ``published``, ``outlet``, ``title``, ``url``; ``columns`` maps these
    names to others: ``{"text": "body"}``. Other columns are ignored. A RecordBatch may hold 1 GiB of text.

    Returns a RecordBatch for a RecordBatch, else a Table, with the columns of ``schema()``: those of a report (``id``, ``text``,
    ``tokens`` …) and a list of structs for each of ``attributions``, ``actors``, ``places``, ``times``, ``quantities``, ``evidence``,
    ``verification``, ``events``, ``notices``. Offsets are int32 code points of the row's ``text``, ``lat`` and ``lon`` float64
    degrees, ``confidence`` float64 from 0 to 1.

    A row that cannot be read is a row with a notice, never an exception; a table without text is a ValueError.

    ``model`` is ``"accurate"``, or ``"fast"``: several times as fast, for archives, and misses more. Python's lock is released.
    ``threads`` is 1, for workers of an engine that starts one a core; 0 takes all cores. Neither changes what another row reads.
    """
    how = _how(columns, model, threads)
    if isinstance(table, pa.RecordBatch):
        return _sayso.read_batch(table, how)
    batches = pa.table(table).to_batches(max_chunksize=CHUNK)
    return pa.Table.from_batches([_sayso.read_batch(batch, how) for batch in batches], schema())


def read_tables(table, *, columns=None, model="accurate", threads=1):
    """The same readings as ten flat tables, as ``sayso bulk`` writes them: a dict of names to pyarrow Tables.

    A row is one attribution, actor, place …; its column ``report`` is the ``id`` of the report in the table ``reports``.
    """
    how = _how(columns, model, threads)
    table = pa.Table.from_batches([table]) if isinstance(table, pa.RecordBatch) else pa.table(table)
    none = pa.RecordBatch.from_pylist([], table.schema)
    read = [dict(_sayso.read_tables(batch, how)) for batch in table.to_batches(max_chunksize=CHUNK) or [none]]
    return {name: pa.Table.from_batches([tables[name] for tables in read]) for name in read[0]}


def schema():
    """The columns of what ``read_batch`` returns, as a pyarrow Schema."""
    return _sayso.nothing().schema


def _how(columns, model, threads):
    return dict(columns=[f"{name}={column}" for name, column in (columns or {}).items()], model=model, threads=threads)
