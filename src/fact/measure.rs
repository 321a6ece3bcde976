//! Finds the measure of a quantity: the words that name what the quantity measures.

use super::{draft::Draft, source::Source};

/// Maximum length of a measure, in bytes.
const MAX_MEASURE_BYTES: usize = 160;
/// Characters that end a clause. A comma inside a number cannot occur in a clause, because a clause begins after the
/// previous quantity.
const CLAUSE_ENDS: [char; 14] =
    ['.', ',', ';', ':', '!', '?', '\n', '。', '，', '；', '：', '！', '？', '、'];
/// English words at the end of a clause that belong to the verb and not to the measure, in lower case.
const ENGLISH_VERBS: [&str; 52] = [
    "has",
    "have",
    "had",
    "is",
    "are",
    "was",
    "were",
    "been",
    "be",
    "to",
    "by",
    "of",
    "at",
    "a",
    "an",
    "the",
    "with",
    "from",
    "for",
    "increased",
    "increase",
    "increasing",
    "grew",
    "grown",
    "rose",
    "rising",
    "reached",
    "reach",
    "reaching",
    "totaled",
    "totalled",
    "expected",
    "will",
    "accounting",
    "accounts",
    "accounted",
    "up",
    "down",
    "fell",
    "dropped",
    "declined",
    "decreased",
    "some",
    "also",
    "now",
    "remained",
    "maintained",
    "stood",
    "than",
    "more",
    "their",
    "its",
];
/// Chinese words at the end of a clause that belong to the verb and not to the measure.
const CHINESE_VERBS: [&str; 30] = [
    "同比增长",
    "比上年增长",
    "年均增长",
    "增长到",
    "增长",
    "达到",
    "增加到",
    "增加至",
    "提高到",
    "提高至",
    "增加",
    "提高",
    "下降",
    "减少",
    "实现",
    "完成",
    "达",
    "为",
    "是",
    "有",
    "了",
    "占",
    "已",
    "共",
    "将",
    "至",
    "到",
    "总计",
    "累计",
    "约",
];

/// Returns the start and end of the words that name what the quantity measures: the counted things, or the clause
/// before the number without the verb of the clause. `previous_end` is the end of the previous quantity. `None` if
/// there are no such words.
pub(super) fn measure(
    source: &Source,
    draft: &Draft,
    previous_end: usize,
) -> Option<(usize, usize)> {
    if draft.unit.is_none() || draft.counted.is_some() {
        let counted = draft.counted.filter(|counted| counted.start < counted.end);
        if let Some(counted) = counted {
            return Some((counted.start, counted.end));
        }
    }
    clause_before(source, draft.outer_start, previous_end).or_else(|| noun_after(source, draft))
}

/// Returns the words of the clause before `end`, without the verb at the end of the clause. If the clause consists only
/// of a verb, returns the clause before it.
fn clause_before(source: &Source, end: usize, previous_end: usize) -> Option<(usize, usize)> {
    let window = source.window_before(end, MAX_MEASURE_BYTES);
    let floor = end - window.len().min(end.saturating_sub(previous_end));
    let mut clause_end = end;
    for _ in 0..2 {
        let window = source.between(floor, clause_end);
        let start = window.rfind(CLAUSE_ENDS).map_or(floor, |at| {
            floor
                + at
                + window.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
        });
        let clause = without_verbs(source.between(start, clause_end));
        let leading_blanks = clause.len() - clause.trim_start().len();
        if clause.trim().chars().count() > 1 {
            return Some((start + leading_blanks, start + clause.trim_end().len()));
        }
        clause_end = start.saturating_sub(1);
        while !source.lower.is_char_boundary(clause_end) {
            clause_end -= 1;
        }
        if clause_end <= floor {
            break;
        }
    }
    None
}

/// Returns the clause without the verbs, prepositions and articles at its end.
fn without_verbs(clause: &str) -> &str {
    let mut rest = clause.trim_end();
    loop {
        let before = rest.len();
        if let Some(word) =
            rest.rsplit([' ', '\n']).next().filter(|word| ENGLISH_VERBS.contains(word))
        {
            rest = rest.get(..rest.len() - word.len()).unwrap_or_default().trim_end();
        }
        if let Some(verb) = CHINESE_VERBS.iter().find(|verb| rest.ends_with(**verb)) {
            rest = rest.strip_suffix(verb).unwrap_or(rest);
        }
        if rest.len() == before {
            return rest;
        }
    }
}

/// Returns the words after a quantity with a unit that name what the quantity measures: infrastructure industry fund in
/// "200 billion yuan infrastructure industry fund".
fn noun_after(source: &Source, draft: &Draft) -> Option<(usize, usize)> {
    let start = source.skip_blanks(draft.outer_end);
    let rest = source.window_after(start, 60);
    let length = rest
        .find(|c: char| {
            !(c.is_alphanumeric() || matches!(c, ' ' | '-' | '’')) || CLAUSE_ENDS.contains(&c)
        })
        .unwrap_or(rest.len());
    let words = rest.get(..length)?.trim_end();
    (words.chars().count() > 1).then_some((start, start + words.len()))
}
