//! The path of a file → the name under which the index knows it, and back. Names are text, and paths on
//! many systems are bytes: those that are no UTF-8 stand as `\xE9`.

use std::path::{Path, PathBuf};

/// The name of `path`: the path itself, but for bytes that are no text.
pub(in crate::index) fn of(path: &Path) -> String {
    path.to_str().map_or_else(|| escaped(path), str::to_owned)
}

/// The path of a name.
pub(in crate::index) fn path_of(name: &str) -> PathBuf {
    let same = PathBuf::from(name);
    if same.exists() { same } else { path(name).unwrap_or(same) }
}

/// Whether no file of this name is there. Where that cannot be told, it may be there.
pub(in crate::index) fn is_gone(name: &str) -> bool {
    let gone = |path: &Path| matches!(path.try_exists(), Ok(false));
    gone(Path::new(name)) && path(name).is_none_or(|path| gone(&path))
}

#[cfg(unix)]
fn escaped(path: &Path) -> String {
    use std::{fmt::Write as _, os::unix::ffi::OsStrExt};

    let mut name = String::new();
    for chunk in path.as_os_str().as_bytes().utf8_chunks() {
        name.push_str(chunk.valid());
        for byte in chunk.invalid() {
            let _ = write!(name, "\\x{byte:02X}");
        }
    }
    name
}

/// The path that was escaped to `name`; none where nothing is escaped in it.
#[cfg(unix)]
fn path(name: &str) -> Option<PathBuf> {
    use std::{ffi::OsString, os::unix::ffi::OsStringExt};

    let (first, rest) = name.split_once("\\x")?;
    let mut bytes = first.as_bytes().to_vec();
    for part in rest.split("\\x") {
        let byte = u8::from_str_radix(part.get(..2)?, 16).ok()?;
        bytes.push(byte);
        bytes.extend(part.bytes().skip(2));
    }
    Some(PathBuf::from(OsString::from_vec(bytes)))
}

#[cfg(not(unix))]
fn escaped(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

#[cfg(not(unix))]
fn path(_: &str) -> Option<PathBuf> {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};

    use super::*;

    #[test]
    fn names_are_text() {
        for (bytes, expected) in [
            (&b"a/b.txt"[..], "a/b.txt"),
            ("a/通知.txt".as_bytes(), "a/通知.txt"),
            (b"a/caf\xE9.txt", "a/caf\\xE9.txt"),
            (b"\xB9\xE3.txt", "\\xB9\\xE3.txt"),
        ] {
            assert_eq!(of(Path::new(OsStr::from_bytes(bytes))), expected);
        }
    }

    proptest::proptest! {
        #[test]
        fn what_was_escaped_is_found_again(bytes in proptest::collection::vec(128_u8.., 1..12)) {
            let given = Path::new(OsStr::from_bytes(&bytes));
            if given.to_str().is_none() {
                proptest::prop_assert_eq!(path(&of(given)), Some(given.to_owned()));
            }
        }
    }
}
