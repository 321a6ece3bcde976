//! Replaces the characters of a text that could control a terminal.

/// Returns `text` with spaces in place of line breaks and tabs, and U+FFFD in place of control characters and of
/// characters that change the writing direction, so that no document can control the terminal.
///
/// ```
/// assert_eq!(gz_search::render::visible_text("a\u{1b}[31m\tb"), "a\u{FFFD}[31m b");
/// ```
pub fn visible_text(text: &str) -> String {
    text.chars().map(visible_char).collect()
}

/// Returns the character that [`visible_text`] prints in place of `c`.
pub(super) fn visible_char(c: char) -> char {
    match c {
        '\n' | '\t' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => ' ',
        c if controls_terminal(c) => '\u{FFFD}',
        c => c,
    }
}

/// Returns whether `c` is a control character, or changes the writing direction.
pub(super) fn controls_terminal(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_replaced() {
        for c in ('\0'..='\u{9f}').filter(|c| c.is_control()) {
            assert!(!visible_char(c).is_control(), "{c:?}");
        }
        for (text, expected) in [
            ("a\u{202e}b\u{2066}c", "a\u{FFFD}b\u{FFFD}c"),
            ("a\u{2028}b\u{85}c\r\nd", "a b c  d"),
            ("é 广州 👩\u{200d}👧", "é 广州 👩\u{200d}👧"),
        ] {
            assert_eq!(visible_text(text), expected);
        }
    }
}
