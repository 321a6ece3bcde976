//! Replaces the characters of a text that could control a terminal.

/// Replaces white space by spaces. Replaces control characters, and characters that change the writing direction, by
/// U+FFFD, so that no document can control the terminal.
///
/// ```
/// assert_eq!(gz_search::render::visible("a\u{1b}[31m\tb"), "a\u{FFFD}[31m b");
/// ```
pub fn visible(text: &str) -> String {
    text.chars().map(visible_char).collect()
}

/// Returns the character that [`visible`] prints in place of `c`.
pub(super) fn visible_char(c: char) -> char {
    match c {
        '\n' | '\t' | '\r' => ' ',
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => '\u{FFFD}',
        c if c.is_control() => '\u{FFFD}',
        c => c,
    }
}
