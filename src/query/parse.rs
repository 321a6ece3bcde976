//! Query text → [`Clause`]. Any text parses: what is not a phrase is words.

use super::{Clause, Note, NoteKind};

/// Longer queries are cut: nobody types them, and every word costs.
const MAX_CHARS: usize = 2_000;

/// The tree of `text`, and what was done to it beyond reading it.
pub fn parse(text: &str) -> (Clause, Vec<Note>) {
    let mut notes = Vec::new();
    let text = bounded(text, &mut notes);
    if text.trim() == "*" {
        return (Clause::Everything, notes);
    }
    let mut clauses = Vec::new();
    let mut rest = text;
    while let Some((before, open)) = next_quote(rest) {
        push_words(before, &mut clauses);
        let (quote, width) = open;
        let inner = rest.get(before.len() + width..).unwrap_or_default();
        if let Some(end) = inner.find(|c| closes(quote, c)) {
            push_phrase(inner.get(..end).unwrap_or_default(), &mut clauses);
            let close = inner.get(end..).and_then(|tail| tail.chars().next());
            rest = inner.get(end + close.map_or(0, char::len_utf8)..).unwrap_or_default();
        } else {
            notes.push(Note::new(
                NoteKind::Repaired,
                format!("the quote {quote} is never closed: searched for the words after it"),
            ));
            rest = "";
            push_words(inner, &mut clauses);
        }
    }
    push_words(rest, &mut clauses);
    let clause = if clauses.len() == 1 { clauses.remove(0) } else { Clause::Any(clauses) };
    (clause, notes)
}

fn bounded<'t>(text: &'t str, notes: &mut Vec<Note>) -> &'t str {
    let Some((end, _)) = text.char_indices().nth(MAX_CHARS) else { return text };
    notes.push(Note::new(
        NoteKind::Truncated,
        format!("the query is longer than {MAX_CHARS} characters: the rest was left out"),
    ));
    text.get(..end).unwrap_or(text)
}

/// The text before the first opening quote, and that quote with its length in bytes.
fn next_quote(text: &str) -> Option<(&str, (char, usize))> {
    let (at, quote) = text
        .char_indices()
        .find(|&(_, c)| matches!(c, '"' | '“' | '”' | '„' | '＂' | '「' | '『' | '«'))?;
    Some((text.get(..at)?, (quote, quote.len_utf8())))
}

/// People mix the kinds of double quotes; corner brackets and guillemets close with their own.
const fn closes(open: char, c: char) -> bool {
    match open {
        '「' => c == '」',
        '『' => c == '』',
        '«' => c == '»',
        _ => matches!(c, '"' | '”' | '“' | '＂'),
    }
}

fn push_words(text: &str, clauses: &mut Vec<Clause>) {
    let text = text.trim();
    if text.chars().any(char::is_alphanumeric) {
        clauses.push(Clause::Words(text.to_owned()));
    }
}

fn push_phrase(text: &str, clauses: &mut Vec<Clause>) {
    let text = text.trim();
    if text.chars().any(char::is_alphanumeric) {
        clauses.push(Clause::Phrase(text.to_owned()));
    }
}
