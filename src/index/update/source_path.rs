//! Encodes the path of a source file as text, and decodes it. On many systems a path is a sequence of bytes. A byte
//! that is not valid UTF-8 is encoded by its hexadecimal digits, such as `\xE9`.

use std::path::{Path, PathBuf};

/// Returns `path` as text. A path in valid UTF-8 stays unchanged.
pub(in crate::index) fn encode(path: &Path) -> String {
    path.to_str().map_or_else(|| escape(path), str::to_owned)
}

/// Decodes a path that [`encode`] returned. If a file with the literal path `encoded` exists, returns the literal path.
pub(in crate::index) fn decode(encoded: &str) -> PathBuf {
    let literal_path = PathBuf::from(encoded);
    if literal_path.exists() { literal_path } else { unescape(encoded).unwrap_or(literal_path) }
}

/// Returns whether the file with the encoded path `encoded` certainly does not exist. If the system cannot tell,
/// returns `false`.
pub(super) fn is_certainly_missing(encoded: &str) -> bool {
    let is_missing = |path: &Path| matches!(path.try_exists(), Ok(false));
    is_missing(Path::new(encoded)) && unescape(encoded).is_none_or(|path| is_missing(&path))
}

/// Returns `path` as text. Each byte that is not valid UTF-8 becomes `\x` and two hexadecimal digits.
#[cfg(unix)]
fn escape(path: &Path) -> String {
    use std::{fmt::Write as _, os::unix::ffi::OsStrExt};

    let mut encoded = String::new();
    for chunk in path.as_os_str().as_bytes().utf8_chunks() {
        encoded.push_str(chunk.valid());
        for byte in chunk.invalid() {
            let _ = write!(encoded, "\\x{byte:02X}");
        }
    }
    encoded
}

/// Returns the path with its escaped bytes restored; `None` if `encoded` contains no escaped byte.
#[cfg(unix)]
fn unescape(encoded: &str) -> Option<PathBuf> {
    use std::{ffi::OsString, os::unix::ffi::OsStringExt};

    let (text_before, escaped_text) = encoded.split_once("\\x")?;
    let mut bytes = text_before.as_bytes().to_vec();
    for escaped_part in escaped_text.split("\\x") {
        let byte = u8::from_str_radix(escaped_part.get(..2)?, 16).ok()?;
        bytes.push(byte);
        bytes.extend(escaped_part.bytes().skip(2));
    }
    Some(PathBuf::from(OsString::from_vec(bytes)))
}

/// Returns `path` as text. Replaces each part that is not valid Unicode by a replacement character.
#[cfg(not(unix))]
fn escape(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Returns `None`: on this system, no path is escaped.
#[cfg(not(unix))]
fn unescape(_: &str) -> Option<PathBuf> {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};

    use super::*;

    #[test]
    fn invalid_bytes_are_escaped() {
        for (bytes, expected) in [
            (&b"a/b.txt"[..], "a/b.txt"),
            ("a/通知.txt".as_bytes(), "a/通知.txt"),
            (b"a/caf\xE9.txt", "a/caf\\xE9.txt"),
            (b"\xB9\xE3.txt", "\\xB9\\xE3.txt"),
        ] {
            assert_eq!(encode(Path::new(OsStr::from_bytes(bytes))), expected);
        }
    }

    proptest::proptest! {
        #[test]
        fn unescaping_restores_the_path(bytes in proptest::collection::vec(128_u8.., 1..12)) {
            let path = Path::new(OsStr::from_bytes(&bytes));
            if path.to_str().is_none() {
                proptest::prop_assert_eq!(unescape(&encode(path)), Some(path.to_owned()));
            }
        }
    }
}
