//! Attributes quotations and reported statements in Chinese: `局长罗政表示，…`, `罗政说：“…”`, `“…”罗政说`.

use std::sync::LazyLock;

use regex::Regex;

use super::{SpeakerBasis, Statement, chinese_name, person::Person, quote::Quote};
use crate::{script::is_unified_ideograph, span::Span};

/// Chinese verbs of reported speech.
const SPEECH_VERBS: [&str; 22] = [
    "介绍称",
    "表示",
    "介绍",
    "介紹",
    "指出",
    "强调",
    "強調",
    "说",
    "說",
    "称",
    "稱",
    "认为",
    "認為",
    "透露",
    "回应",
    "回應",
    "坦言",
    "补充",
    "補充",
    "告诉",
    "告訴",
    "答道",
];
/// Maximum number of bytes of a clause before a verb of speech.
const MAX_CLAUSE_BYTES: usize = 150;

/// Returns the statements that the text attributes to persons. `is_known_person` returns whether the release
/// elsewhere shows that a name, found without a title, is the name of a person.
pub(super) fn statements(
    text: &str,
    quotes: &[Quote],
    mut is_known_person: impl FnMut(&Person) -> bool,
) -> Vec<Statement> {
    let mut statements: Vec<Statement> = Vec::new();
    for verb in verbs_of_speech(text) {
        if quotes.iter().any(|quote| quote.span.start < verb.start && verb.end <= quote.span.end) {
            continue;
        }
        let clause_start = clause_start(text, verb.start, quotes);
        let clause = text.get(clause_start..verb.start).unwrap_or_default();
        let subject = chinese_name::subject_with_full_name(clause)
            .or_else(|| known_subject(clause, &mut is_known_person))
            .or_else(|| chinese_name::subject_with_surname(clause))
            .or_else(|| chinese_name::spokesperson(clause));
        let Some(person) = subject else { continue };
        let after = text.get(verb.end..).unwrap_or_default();
        let gap = after.len()
            - after.trim_start_matches(['过', '過', '道', '，', '：', ':', ',', ' ']).len();
        let next = quotes.iter().find(|quote| quote.span.start == verb.end + gap);
        let previous = quotes.iter().rev().find(|quote| quote.span.end == clause_start);
        let (span, basis) = match next.or(previous) {
            Some(quote) => (quote.span, SpeakerBasis::Quotation),
            None => (
                Span::new(clause_start, sentence_end(text, verb.end)).trimmed(text),
                SpeakerBasis::Report,
            ),
        };
        if !statements.iter().any(|statement| statement.span == span) {
            statements.push(Statement { person, span, basis, inferred: false });
        }
    }
    statements
}

/// Returns whether a text reports the words of an official other than `name`, although the name may be unknown: an office
/// stands in the clause before a verb of speech.
pub(super) fn reports_other_official(text: &str, name: &str) -> bool {
    let mut clauses = verbs_of_speech(text)
        .filter_map(|verb| text.get(clause_start(text, verb.start, &[])..verb.start));
    clauses.any(|clause| chinese_name::contains_office(clause) && !clause.contains(name))
}

/// Returns the verbs of speech in order.
fn verbs_of_speech(text: &str) -> impl Iterator<Item = Span> {
    static VERB_PATTERN: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(&SPEECH_VERBS.join("|")).ok());
    let matches = VERB_PATTERN.iter().flat_map(|verbs| verbs.find_iter(text));
    matches.map(|verb_match| Span::new(verb_match.start(), verb_match.end()))
}

/// Returns the person whom the release names with an office elsewhere, and whose name alone begins the clause:
/// `罗政说`.
fn known_subject(
    clause: &str,
    is_known_person: &mut impl FnMut(&Person) -> bool,
) -> Option<Person> {
    let clause = clause.trim();
    let ends = clause.char_indices().map(|(offset, c)| offset + c.len_utf8()).take(4).skip(1);
    let mut persons = ends.filter_map(|end| {
        let (name, after) = clause.split_at_checked(end)?;
        let ends_name = after.is_empty()
            || after.starts_with(['在', '还', '還', '也', '进', '進', '向', '对', '對']);
        (ends_name && chinese_name::is_name(name)).then(|| chinese_name::person(name))?
    });
    persons.find(|person| is_known_person(person))
}

/// Returns the byte offset at which the clause before a verb begins: after the previous sentence end or closing
/// quotation mark. `verb` is the byte offset of the verb.
fn clause_start(text: &str, verb: usize, quotes: &[Quote]) -> usize {
    let earliest = verb.saturating_sub(MAX_CLAUSE_BYTES);
    let earliest = (earliest..=verb).find(|&start| text.is_char_boundary(start)).unwrap_or(verb);
    let before = text.get(earliest..verb).unwrap_or_default();
    let after_mark =
        before.char_indices().rev().find(|(_, c)| matches!(c, '。' | '！' | '？' | '；' | '\n'));
    let start = after_mark.map_or(earliest, |(offset, c)| earliest + offset + c.len_utf8());
    let after_quote = quotes.iter().map(|quote| quote.span.end).filter(|&end| end <= verb).max();
    start.max(after_quote.unwrap_or(0))
}

/// Returns the byte offset of the end of the sentence that contains the byte `from`.
fn sentence_end(text: &str, from: usize) -> usize {
    let after = text.get(from..).unwrap_or_default();
    let end = after.char_indices().find(|(_, c)| matches!(c, '。' | '！' | '？' | '\n'));
    end.map_or(text.len(), |(offset, c)| from + offset + c.len_utf8())
}

/// Returns whether a text contains a Chinese character.
pub(super) fn contains_chinese(text: &str) -> bool {
    // The first byte of a character of the block CJK Unified Ideographs is between 0xE4 and 0xE9.
    text.bytes().any(|byte| (0xE4..=0xE9).contains(&byte)) && text.chars().any(is_unified_ideograph)
}
