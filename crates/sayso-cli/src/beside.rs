//! Pictures that lie beside a file: those of a saved page, those of an exported chat.
//!
//! In: the file's path, and an address in it. Out: the bytes. May not happen: a file read that lies outside the folder of the first one.

use std::path::{Component, Path, PathBuf};

use sayso::picture::LARGEST;

use crate::inputs::STDIN;

/// The folder of an input.
#[derive(Debug, Clone)]
pub(crate) struct Beside {
    folder: Option<PathBuf>,
}

impl Beside {
    /// The folder of a file; standard input has none.
    pub(crate) fn of(file: &str) -> Self {
        let file = Some(file).filter(|file| *file != STDIN);
        let folder = |file: &str| Path::new(file).parent().map(|folder| folder.join(".").canonicalize());
        Self { folder: file.and_then(folder).and_then(Result::ok) }
    }

    /// No folder: what did not come as a file.
    pub(crate) fn nothing() -> Self {
        Self { folder: None }
    }

    /// The file at an address (a path such as `page_files/a%20b.jpg`), with its path.
    pub(crate) fn file(&self, address: &str) -> Option<(PathBuf, Vec<u8>)> {
        let folder = self.folder.as_ref()?;
        let path = address.split(['?', '#']).next().unwrap_or_default();
        let path = PathBuf::from(unescaped(path));
        if !path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir)) {
            return None;
        }
        // A link may lead out of the folder.
        let found = folder.join(&path).canonicalize().ok().filter(|found| found.starts_with(folder))?;
        let data = found.metadata().ok().filter(std::fs::Metadata::is_file)?;
        let fits = data.len() <= LARGEST as u64;
        fits.then(|| std::fs::read(&found).ok()).flatten().map(|bytes| (path, bytes))
    }
}

/// `%20` is a space.
fn unescaped(path: &str) -> String {
    let (mut out, mut rest) = (Vec::new(), path.as_bytes());
    while let [first, behind @ ..] = rest {
        let code = behind.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let code = code.and_then(|two| u8::from_str_radix(two, 16).ok()).filter(|_| *first == b'%');
        out.push(code.unwrap_or(*first));
        rest = if code.is_some() { &behind[2..] } else { behind };
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_lies_in_the_folder() {
        let outside = tempfile::tempdir().unwrap();
        let folder = outside.path().join("saved");
        std::fs::create_dir_all(folder.join("page files")).unwrap();
        std::fs::write(outside.path().join("secret.jpg"), "s").unwrap();
        std::fs::write(folder.join("page files/a.jpg"), "a").unwrap();
        let page = folder.join("page.html");
        let beside = Beside::of(page.to_str().unwrap());
        let found = |address: &str| beside.file(address).map(|(_, bytes)| bytes);
        assert_eq!(found("./page%20files/a.jpg?x=1").as_deref(), Some(b"a".as_slice()));
        for address in ["../secret.jpg", "page files/../../secret.jpg", "/etc/hostname", "", ".", "page files", "%"] {
            assert_eq!(found(address), None, "{address}");
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(outside.path().join("secret.jpg"), folder.join("link.jpg")).unwrap();
            assert_eq!(found("link.jpg"), None);
        }
        assert!(Beside::nothing().file("page files/a.jpg").is_none() && Beside::of("-").file("page.html").is_none());
    }
}
