//! A ledger in a PostgreSQL server that others reach over the network: encrypted, and only with a certificate that is trusted.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::print_stderr, reason = "what was left out is said to who runs the tests")]

use std::net::TcpListener;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

#[path = "../../sayso-ledger/tests/cluster/mod.rs"]
mod cluster;

/// A server that takes encrypted connections alone, for as long as its standard input is open. In: its programs, a folder, a port.
const SERVER: &str = r#"
set -e
exec 3<&0 </dev/null
cd "$2"
openssl req -x509 -newkey rsa:2048 -nodes -days 30 -keyout ca.key -out ca.crt -subj "/CN=Tests" \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign
openssl req -newkey rsa:2048 -nodes -keyout server.key -out server.csr -subj "/CN=localhost"
printf 'subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth\n' >names
openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 30 -out server.crt -extfile names
as_nobody=
[ "$(id -u)" != 0 ] || { chown -R nobody . && as_nobody="setpriv --reuid nobody --regid 65534 --clear-groups"; }
$as_nobody "$1/initdb" -D data -U sayso -A trust --no-sync
printf 'hostssl all all all scram-sha-256\nlocal all all trust\n' >data/pg_hba.conf
$as_nobody "$1/postgres" -D data -k "$2" -p "$3" -c listen_addresses=127.0.0.1 -c fsync=off -c ssl=on -c ssl_cert_file="$2/server.crt" -c ssl_key_file="$2/server.key" &
server=$!
until "$1/psql" -h "$2" -p "$3" -U sayso -d postgres -c "ALTER USER sayso PASSWORD 'p%w'"; do sleep 0.1; done
touch ready
cat <&3 >/dev/null
kill -INT $server
wait $server
"#;

#[test]
fn a_server_is_spoken_to_only_encrypted_and_when_it_is_the_one_that_is_named() {
    let Some(bin) = cluster::bin() else {
        assert!(
            std::env::var_os("SAYSO_POSTGRES").is_none(),
            "PostgreSQL is not installed: apt-get install postgresql"
        );
        eprintln!("left out: PostgreSQL is not installed");
        return;
    };
    let folder = tempfile::Builder::new().prefix("sayso-tls-").tempdir_in("/tmp").unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let log = std::fs::File::create(folder.path().join("log")).unwrap();
    let mut server = Command::new("sh");
    server.args(["-c", SERVER, "sh"]).arg(bin).arg(folder.path()).arg(port.to_string());
    server.stdin(Stdio::piped()).stdout(log.try_clone().unwrap()).stderr(log);
    let mut server = server.spawn().unwrap();
    let end = Instant::now() + Duration::from_secs(120);
    while !folder.path().join("ready").exists() {
        let log = std::fs::read_to_string(folder.path().join("log")).unwrap_or_default();
        assert!(Instant::now() < end && server.try_wait().unwrap().is_none(), "PostgreSQL did not start: {log}");
        std::thread::sleep(Duration::from_millis(100));
    }

    let trusted = folder.path().join("ca.crt");
    let asked = |authority: &str, mode: &str, trust: bool, verb: &[&str]| {
        let mut sayso = Command::new(env!("CARGO_BIN_EXE_sayso"));
        sayso.args(verb).arg("--ledger").arg(format!("postgres://{authority}:{port}/postgres?sslmode={mode}"));
        sayso.env_remove("PGSSLROOTCERT").stdin(Stdio::null());
        if trust {
            sayso.env("PGSSLROOTCERT", &trusted);
        }
        sayso.output().unwrap()
    };
    let report = folder.path().join("report.txt");
    std::fs::write(&report, "The bridge is closed, a spokeswoman for the port said on Monday.").unwrap();
    let add = ["add", &*report.to_string_lossy()];
    let (mine, claims) = ("sayso:p%25w@localhost", ["claims"]);
    let added = asked(mine, "verify-full", true, &add);
    assert!(added.status.success(), "{}", said(&added));
    let listed = asked(mine, "require", true, &claims);
    assert!(String::from_utf8_lossy(&listed.stdout).contains("bridge is closed"), "{}", said(&listed));
    for (authority, mode, trust, why) in [
        (mine, "require", false, "UnknownIssuer"),
        (mine, "disable", true, "no encryption"),
        ("sayso:p%25w@127.0.0.1", "require", true, "not valid for name"),
        ("sayso:other@localhost", "require", true, "password authentication failed"),
    ] {
        let refused = asked(authority, mode, trust, &claims);
        assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
        assert!(said(&refused).contains(why), "{}", said(&refused));
        assert!(!said(&refused).contains("p%"), "no password is repeated: {}", said(&refused));
    }
    drop(server.stdin.take());
    assert!(server.wait().unwrap().success());
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
