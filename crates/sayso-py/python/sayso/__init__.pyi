from typing import Any, Literal, Mapping, overload

import pyarrow as pa

__version__: str
Model = Literal["accurate", "fast"]

def read(
    text: str,
    *,
    id: str | None = None,
    published: str | None = None,
    outlet: str | None = None,
    title: str | None = None,
    url: str | None = None,
    model: Model = "accurate",
) -> dict[str, Any]: ...
@overload
def read_batch(
    table: pa.RecordBatch, *, columns: Mapping[str, str] | None = None, model: Model = "accurate", threads: int = 1
) -> pa.RecordBatch: ...
@overload
def read_batch(
    table: Any, *, columns: Mapping[str, str] | None = None, model: Model = "accurate", threads: int = 1
) -> pa.Table: ...
def read_tables(
    table: Any, *, columns: Mapping[str, str] | None = None, model: Model = "accurate", threads: int = 1
) -> dict[str, pa.Table]: ...
def schema() -> pa.Schema: ...
