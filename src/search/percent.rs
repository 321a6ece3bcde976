//! Percent-encoding of texts in links and addresses.

use std::fmt::Write as _;

/// Returns `text` with a `%` and two hexadecimal digits in place of each byte other than ASCII letters, digits and the
/// bytes `plain`.
pub(crate) fn percent_encoded(text: &str, plain: &[u8]) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || plain.contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// Decodes `%` with two hexadecimal digits; leaves any other `%`. `None` if the result is not UTF-8.
pub(crate) fn percent_decoded(text: &str) -> Option<String> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        let escape = after.get(..2).filter(|_| first == b'%');
        let byte = escape
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        if byte.is_some() {
            rest = after.get(2..).unwrap_or_default();
        }
        decoded.push(byte.unwrap_or(first));
    }
    String::from_utf8(decoded).ok()
}
