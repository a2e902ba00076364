//! A PostgreSQL server for tests: in a temporary folder, on a Unix socket, once per test program, gone with it.
//!
//! Where PostgreSQL is not installed the tests that need it are left out and say so; with `SAYSO_POSTGRES=needed` (as `scripts/test` has it) they
//! fail.

#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(clippy::print_stderr, reason = "what was left out is said to who runs the tests")]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// A running server.
pub(crate) struct Cluster {
    folder: PathBuf,
    bin: PathBuf,
    /// Ends the server and removes the folder when its standard input ends: with this program, however it ends.
    _keeper: Child,
}

/// A ledger's place in the server.
pub(crate) struct Database {
    pub(crate) address: String,
    cluster: &'static Cluster,
    schema: String,
}

/// An empty place for a ledger, none where PostgreSQL is not installed.
pub(crate) fn database() -> Option<Database> {
    static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();
    static NEXT: AtomicUsize = AtomicUsize::new(1);
    let cluster = CLUSTER.get_or_init(start).as_ref();
    if cluster.is_none() {
        assert!(
            std::env::var_os("SAYSO_POSTGRES").is_none(),
            "PostgreSQL is not installed: apt-get install postgresql"
        );
        eprintln!("left out: PostgreSQL is not installed");
    }
    let cluster = cluster?;
    let schema = format!("ledger{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let host = cluster.folder.display();
    let address = format!("postgres://sayso@/postgres?host={host}&options=-csearch_path%3D{schema}");
    let database = Database { address, cluster, schema };
    database.sql(&format!("CREATE SCHEMA {}", database.schema));
    Some(database)
}

impl Database {
    /// Does something to the tables behind the ledger's back. Out: whether the server let it.
    pub(crate) fn try_sql(&self, sql: &str) -> bool {
        let folder = &self.cluster.folder;
        let mut psql = Command::new(self.cluster.bin.join("psql"));
        psql.args(["-h", &folder.to_string_lossy(), "-U", "sayso", "-d", "postgres", "-v", "ON_ERROR_STOP=1", "-q"]);
        psql.env("PGOPTIONS", format!("-csearch_path={}", self.schema)).args(["-c", sql]);
        let done = psql.stdin(Stdio::null()).output().unwrap();
        if !done.status.success() {
            eprintln!("{}", String::from_utf8_lossy(&done.stderr));
        }
        done.status.success()
    }

    pub(crate) fn sql(&self, sql: &str) {
        assert!(self.try_sql(sql), "{sql}");
    }
}

/// Where the server's programs lie.
pub(crate) fn bin() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|folder| folder.flatten().map(|version| version.path().join("bin")).collect())
        .unwrap_or_default();
    versions.sort();
    let known = versions.into_iter().rev().chain(std::env::split_paths(&path));
    known.into_iter().find(|bin| ["postgres", "initdb", "psql"].iter().all(|program| bin.join(program).exists()))
}

fn start() -> Option<Cluster> {
    let bin = bin()?;
    let folder = tempfile::Builder::new().prefix("sayso-pg-").tempdir_in("/tmp").unwrap().keep();
    let mut keeper = shell(&folder);
    keeper.arg(SCRIPT).arg("sh").arg(&bin).arg(&folder).current_dir("/").stdin(Stdio::piped());
    let keeper = keeper.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let end = Instant::now() + Duration::from_secs(120);
    let cluster = Cluster { folder, bin, _keeper: keeper };
    while !is_ready(&cluster) {
        let log = std::fs::read_to_string(cluster.folder.join("log")).unwrap_or_default();
        assert!(Instant::now() < end, "PostgreSQL did not start: {log}");
        std::thread::sleep(Duration::from_millis(100));
    }
    Some(cluster)
}

fn is_ready(cluster: &Cluster) -> bool {
    let mut psql = Command::new(cluster.bin.join("psql"));
    psql.args(["-h", &cluster.folder.to_string_lossy(), "-U", "sayso", "-d", "postgres", "-c", "SELECT 1"]);
    psql.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap().success()
}

const SCRIPT: &str = r#"
"$1/initdb" -D "$2/data" -U sayso -A trust -E UTF8 --locale=C --no-sync >"$2/log" 2>&1
"$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c fsync=off -c max_connections=200 >>"$2/log" 2>&1 </dev/null &
server=$!
cat >/dev/null
kill -INT $server
wait $server
rm -rf "$2"
"#;

/// A shell that may run PostgreSQL, which refuses to be run by root.
fn shell(folder: &Path) -> Command {
    const NOBODY: u32 = 65_534;
    let root = Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout == b"0\n");
    let mut command = Command::new(if root { "setpriv" } else { "sh" });
    if root {
        std::os::unix::fs::chown(folder, Some(NOBODY), Some(NOBODY)).unwrap();
        let nobody = NOBODY.to_string();
        command.args(["--reuid", &nobody, "--regid", &nobody, "--clear-groups", "sh"]);
    }
    command.arg("-c");
    command
}
