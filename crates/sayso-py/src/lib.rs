//! Sayso for Python: the module `sayso._sayso`, which `python/sayso/__init__.py` shows to people.
//!
//! In: a text, or an Arrow batch of reports. Out: JSON, or Arrow batches. May not happen: a row that costs another one; work done while
//! holding Python's lock; more threads than were asked for.
#![cfg(feature = "python")]

use std::sync::LazyLock;

use arrow_array::RecordBatch;
use arrow_pyarrow::PyArrowType;
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use rayon::prelude::*;
use sayso::intake::{Hints, Row, read_row};
use sayso::json::Record;
use sayso::model::Network;
use sayso::read::Reader;
use sayso::tables::{self, Item, Names, Rows};

/// The readers, each made when it is first asked for and shared by all calls of a process.
static ACCURATE: LazyLock<Reader> = LazyLock::new(|| Reader::with(Network::Accurate));
static FAST: LazyLock<Reader> = LazyLock::new(|| Reader::with(Network::Fast));

/// So much text is read at once: Arrow counts the bytes of a column of strings in 31 bits.
const BYTES: usize = 1 << 30;

/// What is known of a report, in keyword arguments.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct About {
    id: Option<String>,
    published: Option<String>,
    outlet: Option<String>,
    title: Option<String>,
    url: Option<String>,
}

/// How to read: which model, on how many threads, and what the columns are called.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct How {
    model: String,
    threads: usize,
    /// `NAME=COLUMN`, as for `sayso bulk --column`.
    columns: Vec<String>,
}

impl How {
    fn reader(&self) -> PyResult<&'static Reader> {
        match self.model.as_str() {
            "accurate" => Ok(&*ACCURATE),
            "fast" => Ok(&*FAST),
            other => Err(PyValueError::new_err(format!("no model is called “{other}”: accurate, or fast"))),
        }
    }

    /// Reads the rows of a batch.
    fn items(&self, batch: &RecordBatch) -> PyResult<Vec<Item>> {
        let reader = self.reader()?;
        let mut names = Names::default();
        self.columns.iter().try_for_each(|pair| names.set(pair)).map_err(PyValueError::new_err)?;
        let wrong = |error| PyValueError::new_err(format!("the table cannot be read: {error}"));
        let rows = Rows::new(batch, &names).map_err(wrong)?;
        if rows.bytes() > BYTES {
            return Err(PyValueError::new_err("more than 1 GiB of text in one batch: cut it with slice()"));
        }
        let item = |k: usize| {
            let row = rows.row(k);
            match read_row(name(&row), &row, &Hints::default()) {
                Ok(report) => Item::read(reader, report),
                Err(notice) => Item::unread(name(&row), row.id, notice),
            }
        };
        inside(self.threads, || (0..rows.len()).into_par_iter().map(item).collect())
    }
}

/// Reads one text. Out: the JSON of its report.
#[pyfunction]
fn read(py: Python<'_>, text: &str, about: About, how: How) -> PyResult<String> {
    let row = Row {
        id: about.id.as_deref(),
        text: Some(text),
        published: about.published.as_deref(),
        outlet: about.outlet.as_deref(),
        title: about.title.as_deref(),
        url: about.url.as_deref(),
        ..Row::default()
    };
    let reader = how.reader()?;
    let json = py.detach(|| {
        inside(how.threads, || {
            let report = read_row(name(&row), &row, &Hints::default()).map_err(|notice| notice.message)?;
            let reading = reader.read(&report);
            serde_json::to_string(&Record::new(&report, &reading)).map_err(|error| error.to_string())
        })
    });
    json?.map_err(PyValueError::new_err)
}

/// Reads a batch of reports. Out: a batch with a row a report, in order.
#[pyfunction]
fn read_batch(py: Python<'_>, batch: PyArrowType<RecordBatch>, how: How) -> PyResult<PyArrowType<RecordBatch>> {
    py.detach(|| Ok(PyArrowType(tables::nested(&how.items(&batch.0)?))))
}

/// The same as ten tables: names and batches.
#[pyfunction]
fn read_tables(
    py: Python<'_>,
    batch: PyArrowType<RecordBatch>,
    how: How,
) -> PyResult<Vec<(&'static str, PyArrowType<RecordBatch>)>> {
    let tables = py.detach(|| how.items(&batch.0).map(|items| tables::flat(&items)))?;
    Ok(tables.into_iter().map(|(name, batch)| (name, PyArrowType(batch))).collect())
}

/// No rows, with the columns of what [`read_batch`] gives.
#[pyfunction]
fn nothing() -> PyArrowType<RecordBatch> {
    PyArrowType(tables::nested(&[]))
}

/// What a row is called: its address, or its id.
fn name<'a>(row: &Row<'a>) -> &'a str {
    row.url.or(row.id).unwrap_or_default()
}

/// Does something on threads of its own: those of a process that was forked are gone.
fn inside<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> PyResult<T> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    Ok(pool.map_err(|error| PyRuntimeError::new_err(format!("no threads could be started: {error}")))?.install(work))
}

#[pymodule(gil_used = false)]
fn _sayso(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_function(wrap_pyfunction!(read, module)?)?;
    module.add_function(wrap_pyfunction!(read_batch, module)?)?;
    module.add_function(wrap_pyfunction!(read_tables, module)?)?;
    module.add_function(wrap_pyfunction!(nothing, module)?)
}
