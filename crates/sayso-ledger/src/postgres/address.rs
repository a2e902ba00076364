//! Addresses of databases: `postgres://USER:PASSWORD@HOST:PORT/DATABASE`.
//!
//! In: what a person wrote. Out: where to connect and how. May not happen: a password that is repeated; a connection over a network that is
//! not encrypted because nobody said anything about it.

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

use crate::store::Error;

/// Whether an address is one of a database, and no path.
pub(crate) fn is_address(address: &str) -> bool {
    address.starts_with("postgres://") || address.starts_with("postgresql://")
}

/// Where and how to connect. To other machines the connection is encrypted and the certificate checked, unless the address says
/// `sslmode=disable`; on this machine it is not, unless it says `sslmode=require`.
pub(super) fn config(address: &str) -> Result<Config, Error> {
    // Certificates are always checked: these are `require`.
    let plain =
        address.replace("sslmode=verify-full", "sslmode=require").replace("sslmode=verify-ca", "sslmode=require");
    let refused = "it cannot be taken apart (sslmode is require or disable)";
    let mut config: Config = plain.parse().map_err(|_| Error::NoAddress(refused.to_owned()))?;
    if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
        config.host("/var/run/postgresql");
    }
    if config.get_ssl_mode() == SslMode::Prefer {
        let here = config.get_hosts().iter().all(is_here) && config.get_hostaddrs().iter().all(|at| at.is_loopback());
        config.ssl_mode(if here { SslMode::Disable } else { SslMode::Require });
    }
    if config.get_application_name().is_none() {
        config.application_name("sayso");
    }
    config.connect_timeout(std::time::Duration::from_secs(10));
    Ok(config)
}

fn is_here(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => name == "localhost" || name.parse().is_ok_and(|at: std::net::IpAddr| at.is_loopback()),
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

/// An address without its password.
pub(crate) fn shown(address: &str) -> String {
    let Ok(config) = config(address) else { return "postgres://…".to_owned() };
    let host = match config.get_hosts().first() {
        Some(Host::Tcp(name)) => name.clone(),
        #[cfg(unix)]
        Some(Host::Unix(path)) => path.display().to_string(),
        None => config.get_hostaddrs().first().map(ToString::to_string).unwrap_or_default(),
    };
    let user = config.get_user().map(|user| format!("{user}@")).unwrap_or_default();
    format!("postgres://{user}{host}/{}", config.get_dbname().or(config.get_user()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_never_repeated() {
        for address in [
            "postgres://olga:s3cret@db.example.org:5433/desk",
            "postgres://olga:s3cret@db.example.org/desk?sslmode=maybe",
            "postgres://olga:s3?cret@db.example.org/desk",
            "postgres://olga:s3cret@db.example.org:port/desk",
            "postgres://olga@db.example.org/desk?password=s3cret",
        ] {
            let told = config(address).map_or_else(|error| error.to_string(), |_| shown(address));
            assert!(!told.contains("cret"), "{address}: {told}");
            assert!(!shown(address).contains("cret"), "{address}");
        }
        assert_eq!(shown("postgres://olga:s3cret@db.example.org:5433/desk"), "postgres://olga@db.example.org/desk");
    }

    #[test]
    fn over_a_network_it_is_encrypted() {
        let mode = |address: &str| config(address).unwrap().get_ssl_mode();
        for (address, expected) in [
            ("postgres://olga@db.example.org/desk", SslMode::Require),
            ("postgres://olga@db.example.org/desk?sslmode=prefer", SslMode::Require),
            ("postgres://olga@db.example.org/desk?sslmode=verify-full", SslMode::Require),
            ("postgres://olga@localhost,db.example.org/desk", SslMode::Require),
            ("postgres://olga@10.0.0.7/desk", SslMode::Require),
            ("postgres://olga@db.example.org/desk?sslmode=disable", SslMode::Disable),
            ("postgres://olga@127.0.0.1/desk", SslMode::Disable),
            ("postgres:///desk?host=/run/postgresql", SslMode::Disable),
            ("postgres:///desk", SslMode::Disable),
            ("postgres://localhost/desk?sslmode=require", SslMode::Require),
        ] {
            assert_eq!(mode(address), expected, "{address}");
        }
    }
}
