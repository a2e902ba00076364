"""Sayso on Daft: a DataFrame of reports to a DataFrame of readings."""
import daft
import pyarrow as pa

import sayso

KNOWN = ("id", "text", "html", "published", "outlet", "title", "url")


def read(frame, columns=None, model="accurate", batch_size=256):
    """Arguments as for ``sayso.read_batch``: a row a report in, a row a report out. One thread a task: Daft starts a task a core."""
    names = [name for name in frame.column_names if name in {(columns or {}).get(known, known) for known in KNOWN}]
    reading = pa.struct(list(sayso.schema()))

    @daft.func.batch(return_dtype=daft.DataType.from_arrow_type(reading), unnest=True, batch_size=batch_size)
    def each(*series):
        table = pa.table([one.to_arrow() for one in series], names)
        out = sayso.read_batch(table, columns=columns, model=model).to_struct_array().combine_chunks()
        return daft.Series.from_arrow(out.cast(reading))

    return frame.select(each(*[frame[name] for name in names]))
