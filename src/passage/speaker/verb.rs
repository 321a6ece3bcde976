//! Finds English verbs of speech.

use crate::span::Span;

/// English verbs that report speech with or without a quotation.
const SPEECH_VERBS: [&str; 17] = [
    "said",
    "stated",
    "introduced",
    "noted",
    "explained",
    "added",
    "emphasized",
    "emphasised",
    "stressed",
    "told",
    "remarked",
    "observed",
    "mentioned",
    "commented",
    "replied",
    "responded",
    "says",
];
/// English verbs that report speech only together with a quotation. Without a quotation, these verbs mostly report an
/// act: `declared a disaster`.
const SPEECH_VERBS_WITH_QUOTATION: [&str; 18] = [
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
/// Last letters of all verbs of reported speech.
const LAST_LETTERS: [char; 2] = ['d', 's'];

/// Returns whether a word is a verb of speech: `said`, `adds`, `asked`.
pub(super) fn is_verb_of_speech(word: &str) -> bool {
    reports_speech(word) || matches!(word, "asked" | "asks")
}

/// Returns whether a verb reports speech, in some cases only together with a quotation.
fn reports_speech(word: &str) -> bool {
    SPEECH_VERBS.contains(&word) || SPEECH_VERBS_WITH_QUOTATION.contains(&word)
}

/// Returns whether a verb reports speech only together with a quotation, as `declared` does.
pub(super) fn reports_speech_only_with_quotation(word: &str) -> bool {
    SPEECH_VERBS_WITH_QUOTATION.contains(&word)
}

/// Returns the spans of the verbs of reported speech, in order. All verbs end with one of [`LAST_LETTERS`], so the search
/// jumps from one such letter to the next, which is faster than splitting the text into words.
pub(super) fn verbs_of_speech(text: &str) -> impl Iterator<Item = Span> {
    text.match_indices(LAST_LETTERS).filter_map(move |(offset, letter)| {
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
        reports_speech(word).then(|| Span::new(text_to_end.len() - word.len(), text_to_end.len()))
    })
}
