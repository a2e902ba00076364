//! The connection to PostgreSQL: a thread carries its bytes, whoever asks waits.
//!
//! In: statements. Out: rows, and a bell that rings when somebody wrote. May not happen: a password in a message; a connection over a network
//! that is not encrypted, unless the address says so.

use std::collections::HashMap;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Condvar, Mutex, PoisonError, mpsc};
use std::task::{Context, Poll, Wake};
use std::thread::{self, Thread};
use std::time::Duration;

use futures_util::TryStreamExt;
use tokio_postgres::types::ToSql;
use tokio_postgres::{AsyncMessage, Client, Config, Row, Statement};

use super::tls;
use crate::store::Error;

/// What a statement asks with.
pub(super) type Params<'a> = &'a [&'a (dyn ToSql + Sync)];

/// What is said first on every connection: how long one process waits for another, and that it wants to hear when somebody wrote.
const HELLO: &str = "SET lock_timeout = '20s'; SET client_min_messages = warning; LISTEN sayso";

/// A connection.
pub(super) struct Wire {
    client: Client,
    statements: HashMap<&'static str, Statement>,
    pub(super) bell: Arc<Bell>,
}

impl Wire {
    pub(super) fn connect(config: &Config) -> Result<Self, Error> {
        let (told, asked) = mpsc::channel();
        let (bell, config) = (Arc::new(Bell::default()), config.clone());
        let rung = bell.clone();
        let thread = thread::Builder::new().name("postgresql".to_owned());
        let started = thread.spawn(move || carry(&config, &rung, &told));
        started.map_err(|error| Error::NoServer(error.to_string()))?;
        let client = asked.recv().unwrap_or_else(|error| Err(Error::NoServer(error.to_string())))?;
        let wire = Self { client, statements: HashMap::new(), bell };
        wire.batch(HELLO)?;
        Ok(wire)
    }

    pub(super) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// Statements without parameters or results.
    pub(super) fn batch(&self, sql: &str) -> Result<(), Error> {
        Ok(block_on(self.client.batch_execute(sql))?)
    }

    /// Does all of it or nothing, and lets everybody know.
    pub(super) fn write<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        self.batch("BEGIN")?;
        let done = work(self);
        match done {
            Ok(_) => self.batch("NOTIFY sayso; COMMIT")?,
            // What went wrong is told; a connection that is gone takes all back by itself.
            Err(_) => drop(self.batch("ROLLBACK")),
        }
        done
    }

    fn statement(&mut self, sql: &'static str) -> Result<Statement, Error> {
        if let Some(known) = self.statements.get(sql) {
            return Ok(known.clone());
        }
        let statement = block_on(self.client.prepare(sql))?;
        self.statements.insert(sql, statement.clone());
        Ok(statement)
    }

    /// How many rows it changed.
    pub(super) fn execute(&mut self, sql: &'static str, params: Params<'_>) -> Result<u64, Error> {
        let statement = self.statement(sql)?;
        Ok(block_on(self.client.execute(&statement, params))?)
    }

    pub(super) fn rows(&mut self, sql: &'static str, params: Params<'_>) -> Result<Vec<Row>, Error> {
        let statement = self.statement(sql)?;
        Ok(block_on(self.client.query(&statement, params))?)
    }

    /// The first row, if there is one.
    pub(super) fn row(&mut self, sql: &'static str, params: Params<'_>) -> Result<Option<Row>, Error> {
        Ok(self.rows(sql, params)?.into_iter().next())
    }

    /// One row after another, as they come: they need not fit into memory.
    pub(super) fn each(
        &mut self,
        sql: &'static str,
        params: Params<'_>,
        mut take: impl FnMut(Row) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let statement = self.statement(sql)?;
        let mut rows =
            pin!(block_on(self.client.query_raw(&statement, params.iter().map(|param| *param as &dyn ToSql)))?);
        while let Some(row) = block_on(rows.try_next())? {
            take(row)?;
        }
        Ok(())
    }
}

/// Connects, hands the client over, and carries bytes until it is dropped or the server goes.
fn carry(config: &Config, bell: &Bell, told: &mpsc::Sender<Result<Client, Error>>) {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return drop(told.send(Err(Error::NoServer(error.to_string())))),
    };
    runtime.block_on(async {
        let tls = match tls::connector() {
            Ok(tls) => tls,
            Err(error) => return drop(told.send(Err(error))),
        };
        let mut connection = match config.connect(tls).await {
            Ok((client, connection)) => {
                drop(told.send(Ok(client)));
                connection
            }
            Err(error) => return drop(told.send(Err(error.into()))),
        };
        while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
            if matches!(message, AsyncMessage::Notification(_)) {
                bell.ring();
            }
        }
        // Whoever waits finds that the connection is gone.
        bell.ring();
    });
}

/// Rings when somebody wrote.
#[derive(Default)]
pub(super) struct Bell {
    rung: Mutex<bool>,
    changed: Condvar,
}

impl Bell {
    fn ring(&self) {
        *self.rung.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_all();
    }

    /// Waits until it rings, or has rung since somebody waited last.
    pub(super) fn wait(&self, patience: Duration) {
        let rung = self.rung.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.changed.wait_timeout_while(rung, patience, |rung| !*rung);
        *waited.unwrap_or_else(PoisonError::into_inner).0 = false;
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Waits for what another thread makes. That of tokio refuses to wait where requests are answered; whoever asks the ledger there has reasons.
fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let waker = Arc::new(Unpark(thread::current())).into();
    let mut context = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(out) => return out,
            Poll::Pending => thread::park(),
        }
    }
}
