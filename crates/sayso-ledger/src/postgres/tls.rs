//! Encryption on the way to PostgreSQL: certificates are always checked.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::store::Error;

/// Names a file with the certificates to trust beside those that browsers do, as PostgreSQL's own programs take it.
const OWN: &str = "PGSSLROOTCERT";

/// What encrypts connections whose address asks for it.
pub(super) fn connector() -> Result<MakeRustlsConnect, Error> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Some(path) = std::env::var_os(OWN).filter(|path| !path.is_empty()) {
        let unread = |why: String| Error::NoServer(format!("the certificates that {OWN} names cannot be read ({why})"));
        let certificates = CertificateDer::pem_file_iter(&path).map_err(|error| unread(error.to_string()))?;
        for certificate in certificates {
            let certificate = certificate.map_err(|error| unread(error.to_string()))?;
            roots.add(certificate).map_err(|error| unread(error.to_string()))?;
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(|error| Error::NoServer(error.to_string()))?;
    Ok(MakeRustlsConnect::new(config.with_root_certificates(roots).with_no_client_auth()))
}
