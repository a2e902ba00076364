//! A time stamp authority of one's own, made of OpenSSL.

#![allow(dead_code, reason = "each test file uses a part of it")]

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

/// An authority of one's own: a root, a certificate for time stamps, and one that is for something else.
pub(crate) struct Authority(TempDir);

const CONFIG: &str = "\
[req]\ndistinguished_name = dn\n[dn]\n
[tsa]\nextendedKeyUsage = critical,timeStamping\nbasicConstraints = CA:false\n
[web]\nextendedKeyUsage = serverAuth\n
[root]\nbasicConstraints = critical,CA:true\n
[ts]\ndefault_tsa = one\n
[one]\nserial = serial\nsigner_digest = sha256\ndefault_policy = 1.2.3.4.1\ndigests = sha256, sha512\naccuracy = secs:1\nordering = yes\ntsa_name = yes\n";

impl Authority {
    pub(crate) fn new(key: &[&str]) -> Self {
        let here = Self(TempDir::new().unwrap());
        std::fs::write(here.0.path().join("config"), CONFIG).unwrap();
        std::fs::write(here.0.path().join("serial"), "0A").unwrap();
        let root = [
            &[
                "req",
                "-x509",
                "-new",
                "-nodes",
                "-keyout",
                "root.key",
                "-out",
                "root.pem",
                "-days",
                "2",
                "-subj",
                "/CN=Root of tests",
                "-config",
                "config",
                "-extensions",
                "root",
            ][..],
            key,
        ]
        .concat();
        here.openssl(&root);
        for (name, section) in [("tsa", "tsa"), ("web", "web")] {
            let (csr, pem, own) = (format!("{name}.csr"), format!("{name}.pem"), format!("{name}.key"));
            here.openssl(
                &[
                    &[
                        "req",
                        "-new",
                        "-nodes",
                        "-keyout",
                        &own,
                        "-out",
                        &csr,
                        "-subj",
                        "/O=Stamps/CN=Stamps of tests",
                        "-config",
                        "config",
                    ][..],
                    key,
                ]
                .concat(),
            );
            here.openssl(&[
                "x509",
                "-req",
                "-in",
                &csr,
                "-CA",
                "root.pem",
                "-CAkey",
                "root.key",
                "-CAcreateserial",
                "-out",
                &pem,
                "-days",
                "2",
                "-extfile",
                "config",
                "-extensions",
                section,
            ]);
        }
        here
    }

    fn openssl(&self, args: &[&str]) {
        let out = Command::new("openssl").args(args).current_dir(self.0.path()).output().unwrap();
        assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
    }

    pub(crate) fn path(&self, name: &str) -> std::path::PathBuf {
        Path::new(self.0.path()).join(name)
    }

    /// The answer to a request.
    pub(crate) fn answers(&self, request: &[u8], more: &[&str]) -> Vec<u8> {
        std::fs::write(self.path("q.tsq"), request).unwrap();
        let args = [
            "ts",
            "-reply",
            "-config",
            "config",
            "-section",
            "one",
            "-queryfile",
            "q.tsq",
            "-inkey",
            "tsa.key",
            "-signer",
            "tsa.pem",
            "-out",
            "a.tsr",
        ];
        self.openssl(&[&args[..], more].concat());
        std::fs::read(self.path("a.tsr")).unwrap()
    }

    /// Its root's certificate.
    pub(crate) fn root(&self) -> Vec<u8> {
        std::fs::read(self.path("root.pem")).unwrap()
    }
}
