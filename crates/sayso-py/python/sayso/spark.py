"""Sayso on Apache Spark: a DataFrame of reports to a DataFrame of readings, by ``mapInArrow``."""
from pyspark.sql.pandas.types import from_arrow_schema

import sayso


def read(frame, columns=None, model="accurate"):
    """Arguments as for ``sayso.read_batch``: a row a report in, a row a report out. One thread a task: Spark starts a task a core."""

    def each(batches):
        for batch in batches:
            yield sayso.read_batch(batch, columns=columns, model=model)

    return frame.mapInArrow(each, from_arrow_schema(sayso.schema()))


def table(readings, name):
    """One of the flat tables, such as ``attributions``, out of what ``read`` gave."""
    return readings.selectExpr("id AS report", f"inline({name})")
