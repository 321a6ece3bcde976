//! Finds English verbs of speech.

use crate::span::Span;

/// English verbs of reported speech. All end with `d`.
const SPEECH_VERBS: [&str; 24] = [
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
];
/// Verbs that report speech only together with a quotation. Without a quotation, these verbs mostly report an act:
/// `declared a disaster`.
const VERBS_NEEDING_QUOTATION: [&str; 8] = [
    "announced",
    "declared",
    "reported",
    "revealed",
    "disclosed",
    "continued",
    "concluded",
    "warned",
];

/// Returns whether a word is a verb of speech: `said`, `adds`.
pub(super) fn is_verb_of_speech(word: &str) -> bool {
    SPEECH_VERBS.contains(&word) || matches!(word, "says" | "adds" | "asked" | "asks")
}

/// Returns the spans of the verbs of reported speech. All these verbs end with d, so the search jumps from one d to the
/// next, which is faster than splitting the text into words.
pub(super) fn verbs_of_speech(text: &str) -> impl Iterator<Item = Span> {
    text.match_indices('d').filter_map(|(offset, d)| {
        let (text_to_d, text_after_d) = text.split_at(offset + d.len());
        let text_after_d = text_after_d.trim_start_matches([',', '.', ':']);
        // Searches the beginning of a word only if the d ends the word. Every byte is therefore read at most twice.
        if !text_after_d.is_empty()
            && !text_after_d.starts_with(|c: char| c.is_whitespace() || matches!(c, '“' | '"'))
        {
            return None;
        }
        let word =
            text_to_d.rsplit(|c: char| c.is_whitespace() || matches!(c, '”' | '"' | ',')).next()?;
        SPEECH_VERBS
            .contains(&word)
            .then(|| Span::new(text_to_d.len() - word.len(), text_to_d.len()))
    })
}

/// Returns whether a verb reports speech only together with a quotation, as `declared` does.
pub(super) fn reports_speech_only_with_quotation(word: &str) -> bool {
    VERBS_NEEDING_QUOTATION.contains(&word)
}
