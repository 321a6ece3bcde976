//! A text → its sentences, English and Chinese.

use crate::{
    analysis::Analysis,
    script::{ABBREVIATIONS, is_basic_ideograph},
    span::Span,
};

/// The sentences of `text`: in order, without gaps, together the whole of it. White space after a
/// sentence belongs to it.
pub(crate) fn sentences(text: &str) -> Vec<Span> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut characters = text.char_indices().peekable();
    let mut marks = Marks::default();
    while let Some((at, c)) = characters.next() {
        let ends = match c {
            '。' | '！' | '？' | '；' | '\n' => true,
            '.' | '!' | '?' => {
                if at >= marks.end {
                    marks = Marks::from(text, at);
                }
                ends_here(text, start, at, marks)
            }
            _ => false,
        };
        if !ends {
            continue;
        }
        let mut end = at + c.len_utf8();
        while let Some(&(next, c)) = characters.peek() {
            let closing = matches!(
                c,
                '”' | '’'
                    | '"'
                    | '\''
                    | ')'
                    | '）'
                    | ']'
                    | '】'
                    | '」'
                    | '』'
                    | '》'
                    | '。'
                    | '！'
                    | '？'
                    | '.'
                    | '!'
                    | '?'
            );
            if !closing && !c.is_whitespace() {
                break;
            }
            end = next + c.len_utf8();
            characters.next();
        }
        sentences.push(Span::new(start, end));
        start = end;
    }
    if start < text.len() {
        sentences.push(Span::new(start, text.len()));
    }
    sentences
}

/// The positions of the tokens of `text` after which a sentence ends: ascending, the last token's too.
pub(crate) fn sentence_end_positions(text: &str, analysis: &Analysis) -> Vec<u32> {
    let mut ends: Vec<u32> = sentences(text)
        .iter()
        .filter_map(|sentence| {
            let next = analysis.tokens.partition_point(|token| token.span.start < sentence.end);
            Some(analysis.tokens.get(next.checked_sub(1)?)?.position)
        })
        .collect();
    ends.dedup();
    ends
}

/// A run of marks and closing quotes: where it ends, and where the next word begins. It is looked at once,
/// however long it is.
#[derive(Debug, Clone, Copy, Default)]
struct Marks {
    end: usize,
    next: usize,
}

impl Marks {
    /// The run that begins at `at`.
    fn from(text: &str, at: usize) -> Self {
        let after = text.get(at..).unwrap_or_default();
        let closed = after.trim_start_matches(['”', '’', '"', '\'', ')', ']', '.', '!', '?']);
        let next = closed.trim_start();
        #[cfg(test)]
        tests::LOOKED_AT.with(|count| count.set(count.get() + after.len() - next.len()));
        Self { end: text.len() - closed.len(), next: text.len() - next.len() }
    }
}

/// Whether the mark at `at`, of the run `marks`, ends the English sentence that begins at `start`.
fn ends_here(text: &str, start: usize, at: usize, marks: Marks) -> bool {
    if marks.end == text.len() {
        return true;
    }
    let next = text.get(marks.next..).unwrap_or_default();
    let spaced = marks.next > marks.end;
    let opens = next.starts_with(|c: char| {
        c.is_uppercase() || c.is_numeric() || "“\"‘'(「『".contains(c) || is_basic_ideograph(c)
    });
    if !spaced || !opens {
        return false;
    }
    let before = text.get(start..at).unwrap_or_default();
    let word = before.rsplit([' ', '\n', '(', '“', '"']).next().unwrap_or_default();
    let stop = text.get(at..).is_some_and(|rest| rest.starts_with('.'));
    // U.S. and J. K. end no sentence before a capital more often than they do.
    let initials = word.split('.').all(|part| part.chars().count() == 1)
        && word.chars().all(|c| c.is_alphabetic() || c == '.');
    let numbered = !word.is_empty()
        && word.len() == before.len()
        && word.bytes().all(|byte| byte.is_ascii_digit());
    !(stop && (initials || numbered || ABBREVIATIONS.contains(&word.to_lowercase().as_str())))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    thread_local! {
        /// How many bytes were looked at to tell what runs of marks end, on this thread.
        pub(super) static LOOKED_AT: Cell<usize> = const { Cell::new(0) };
    }

    #[test]
    fn long_runs_of_marks_are_looked_at_once() {
        let text = format!("Chapter 1 {} 12, {}end", ".".repeat(50_000), "!? ".repeat(50_000));
        LOOKED_AT.with(|count| count.set(0));
        let found = sentences(&text);
        assert_eq!(found.last().map(|span| span.end), Some(text.len()));
        let looked_at = LOOKED_AT.with(Cell::get);
        assert!(looked_at <= text.len(), "{looked_at} of {}", text.len());
    }

    #[test]
    fn sentences_of_texts() {
        let cases: [(&str, &[&str]); 8] = [
            ("One. Two! Three?", &["One. ", "Two! ", "Three?"]),
            ("It sold 2.25 million cars. Good.", &["It sold 2.25 million cars. ", "Good."]),
            (
                "The U.S. Senate met Dr. Li at No. 5 Street. It ended.",
                &["The U.S. Senate met Dr. Li at No. 5 Street. ", "It ended."],
            ),
            ("He said “go.” Then he went.", &["He said “go.” ", "Then he went."]),
            (
                "第一句。第二句！“第三句。”第四句；完",
                &["第一句。", "第二句！", "“第三句。”", "第四句；", "完"],
            ),
            ("version 1.609 is out", &["version 1.609 is out"]),
            ("1. First item. 2. Second.", &["1. First item. ", "2. Second."]),
            ("", &[]),
        ];
        for (text, expected) in cases {
            let found: Vec<_> = sentences(text).into_iter().map(|span| span.of(text)).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn sentences_cover_the_text(text in r"(?s)(.|[.。！ \nA-Z”]){0,80}") {
            let joined: String = sentences(&text).into_iter().map(|span| span.of(&text)).collect();
            proptest::prop_assert_eq!(joined, text);
        }
    }
}
