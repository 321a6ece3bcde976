//! Recognizes markup that documents contain as text, such as HTML tags in a plain text file.

use std::ops::Range;

/// Maximum number of bytes before a word that are searched for the beginning of a tag.
const MAX_BYTES_SEARCHED_FOR_TAG_START: usize = 1_000;

/// Returns whether the text at `span` is part of an HTML tag or comment, of a template placeholder in double braces, or
/// of a CSS declaration.
pub(super) fn is_in_markup(text: &str, span: Range<usize>) -> bool {
    let mut window_start = span.start.saturating_sub(MAX_BYTES_SEARCHED_FOR_TAG_START);
    while !text.is_char_boundary(window_start) {
        window_start -= 1;
    }
    let text_before = text.get(window_start..span.start).unwrap_or_default();
    let text_after = text.get(span.end..).unwrap_or_default();
    is_in_tag(text_before)
        || is_in_double_braces(text_before)
        || is_css_value(text_before, text_after)
}

/// Returns whether the text `before` ends inside a tag: its last angle bracket opens a tag.
fn is_in_tag(before: &str) -> bool {
    let Some((_, inside)) = before.rsplit_once('<') else { return false };
    let is_tag =
        inside.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
    (is_tag || inside.is_empty()) && !inside.contains('>')
}

/// Returns whether the text `before` ends inside double braces.
fn is_in_double_braces(before: &str) -> bool {
    before.rsplit_once("{{").is_some_and(|(_, inside)| !inside.contains("}}"))
}

/// Returns whether the text between `before` and `after` is a value in a CSS declaration: a property name with a
/// hyphen, a colon, values, and a semicolon or a closing brace.
fn is_css_value(before: &str, after: &str) -> bool {
    let is_value_char = |c: char| c.is_ascii_alphanumeric() || " #%.,-".contains(c);
    let after_value = after.trim_start_matches(is_value_char);
    let Some((properties, value)) = before.rsplit_once(':') else { return false };
    let property = properties.rsplit([';', '{', '"', '\'', ' ', '\n']).next().unwrap_or_default();
    let is_property =
        !property.is_empty() && property.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    let is_hyphenated = property.contains('-') || properties.trim_end().ends_with('{');
    is_property
        && is_hyphenated
        && value.chars().all(is_value_char)
        && after_value.starts_with([';', '}'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_css_are_markup() {
        for (text, word, expected) in [
            ("<td STYLE=\"border: 1.50pt solid\">amended</td>", "1.50pt", true),
            ("<td STYLE=\"border: 1.50pt solid\">amended</td>", "amended", false),
            ("a <b>bold</b> word", "bold", false),
            ("a <b>bold</b> word", "word", false),
            ("<!-- note -->text", "note", true),
            ("2 < 3 apples", "apples", false),
            ("{{< image src=photo >}}", "photo", true),
            ("{margin-top: 2px; width: 3px}", "2px", true),
            ("text: 5 percent; more", "percent", false),
            ("plain words", "words", false),
        ] {
            let start = text.find(word).unwrap();
            assert_eq!(is_in_markup(text, start..start + word.len()), expected, "{text} {word}");
        }
    }
}
