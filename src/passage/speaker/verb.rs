//! Finds English verbs of speech.

use crate::span::Span;

/// English verbs of reported speech. All end with `d`.
const SPEECH_VERBS: [&str; 33] = [
    "said",
    "stated",
    "introduced",
    "noted",
    "announced",
    "explained",
    "added",
    "emphasized",
    "emphasised",
    "stressed",
    "told",
    "revealed",
    "remarked",
    "reported",
    "disclosed",
    "observed",
    "mentioned",
    "commented",
    "declared",
    "concluded",
    "continued",
    "replied",
    "responded",
    "warned",
    "answered",
    "argued",
    "countered",
    "insisted",
    "cautioned",
    "asserted",
    "acknowledged",
    "urged",
    "agreed",
];
/// English verbs of reported speech in the present tense. All end with `s`.
const PRESENT_SPEECH_VERBS: [&str; 2] = ["says", "adds"];
/// Verbs that report speech only together with a quotation. Without a quotation, these verbs mostly report an act:
/// `declared a disaster`.
const VERBS_NEEDING_QUOTATION: [&str; 18] = [
    "announced",
    "declared",
    "reported",
    "revealed",
    "disclosed",
    "continued",
    "concluded",
    "warned",
    "answered",
    "argued",
    "countered",
    "insisted",
    "cautioned",
    "asserted",
    "acknowledged",
    "urged",
    "agreed",
    "adds",
];

/// Returns whether a word is a verb of speech: `said`, `adds`.
pub(super) fn is_verb_of_speech(word: &str) -> bool {
    SPEECH_VERBS.contains(&word) || matches!(word, "says" | "adds" | "asked" | "asks")
}

/// Returns the spans of the verbs of reported speech, in order.
pub(super) fn verbs_of_speech(text: &str) -> impl Iterator<Item = Span> {
    let mut past = words_ending_with(text, "d", &SPEECH_VERBS).peekable();
    let mut present = words_ending_with(text, "s", &PRESENT_SPEECH_VERBS).peekable();
    std::iter::from_fn(move || match (past.peek(), present.peek()) {
        (Some(past_verb), Some(present_verb)) if present_verb.start < past_verb.start => {
            present.next()
        }
        (None, _) => present.next(),
        _ => past.next(),
    })
}

/// Returns the spans of the words of a text that are in `words`, in order. All these words end with `last_letter`, so the
/// search jumps from one such letter to the next, which is faster than splitting the text into words.
fn words_ending_with<'t>(
    text: &'t str,
    last_letter: &'static str,
    words: &'static [&'static str],
) -> impl Iterator<Item = Span> + 't {
    text.match_indices(last_letter).filter_map(move |(offset, letter)| {
        let (text_to_end, text_after) = text.split_at(offset + letter.len());
        let text_after = text_after.trim_start_matches([',', '.', ':']);
        // Searches the beginning of a word only if the letter ends the word. Every byte is therefore read at most twice.
        if !text_after.is_empty()
            && !text_after.starts_with(|c: char| c.is_whitespace() || matches!(c, '“' | '"'))
        {
            return None;
        }
        let word = text_to_end
            .rsplit(|c: char| c.is_whitespace() || matches!(c, '”' | '"' | ','))
            .next()?;
        words.contains(&word).then(|| Span::new(text_to_end.len() - word.len(), text_to_end.len()))
    })
}

/// Returns whether a verb reports speech only together with a quotation, as `declared` does.
pub(super) fn reports_speech_only_with_quotation(word: &str) -> bool {
    VERBS_NEEDING_QUOTATION.contains(&word)
}
