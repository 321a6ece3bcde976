//! Reads expressions of time in English, and dates in digits.
//!
//! An offset in the text comes in, and the expression that begins at this offset goes out. `parts.rs` reads the parts
//! of an expression; `day.rs`, `year.rs` and `relative.rs` join the parts.

mod day;
mod parts;
mod relative;
mod year;

use self::{
    day::{day_first, month_first, numeric_date},
    parts::may_begin_number,
    relative::{ago, day_word, named_number, relative},
    year::{abbreviated, fiscal_year, numbered_quarter, ordinal_plan, years},
};
use super::found::{FoundPeriod, PeriodKind};
use crate::{
    document::Date,
    fact::source::{Source, is_latin},
};

/// Returns the expression of time at `at`, where the character `c` stands and a word may begin.
pub(super) fn scan(
    source: &Source,
    at: usize,
    c: char,
    anchor: Option<Date>,
) -> Option<FoundPeriod> {
    let found = if c.is_ascii_digit() {
        scan_digits(source, at, anchor)
    } else if c.is_ascii_alphabetic() {
        scan_word(source, at, anchor)
    } else {
        None
    }?;
    let text = source.between(found.start, found.end);
    let has_range = [" to ", " through ", " until "].iter().any(|word| text.contains(word));
    let kind = if has_range { PeriodKind::During } else { kind_before(source, found.start) };
    Some(FoundPeriod { kind, ..found })
}

fn scan_word(source: &Source, at: usize, anchor: Option<Date>) -> Option<FoundPeriod> {
    let word = source.letters_at(at);
    let first = word.bytes().next()?;
    let month = match first {
        b'j' | b'f' | b'm' | b'a' | b's' | b'o' | b'n' | b'd' => month_first(source, at, anchor),
        _ => None,
    };
    let month_or_abbreviation = month.or_else(|| match first {
        b'q' | b'f' | b'h' => abbreviated(source, at, anchor),
        _ => None,
    });
    month_or_abbreviation.or_else(|| match word {
        "fiscal" | "financial" | "fy" => fiscal_year(source, at),
        "today" | "yesterday" | "tomorrow" | "tonight" => day_word(source, at, word, anchor),
        "this" | "last" | "next" | "past" | "previous" | "current" | "coming" | "recent"
        | "following" | "upcoming" => relative(source, at, word, anchor),
        _ if may_begin_number(word) => named_number(source, at, anchor),
        _ => None,
    })
}

/// Returns the expression that begins with digits: 17 December 2025, 2025-12-17, 2021–2025, 2025, 1990s, 14th Five-Year
/// Plan.
fn scan_digits(source: &Source, at: usize, anchor: Option<Date>) -> Option<FoundPeriod> {
    let before = source.window_before(at, 8);
    let previous = before.chars().next_back().unwrap_or(' ');
    let is_after_prefix = previous == '-'
        && matches!(
            source.letters_before(at - 1),
            "mid" | "pre" | "post" | "early" | "late" | "end"
        );
    let is_inside = is_latin(previous)
        || previous.is_ascii_digit()
        || matches!(previous, '.' | '_' | '#' | '$' | '£' | '€' | '¥')
        || (previous == ','
            && before.trim_end_matches(',').ends_with(|c: char| c.is_ascii_digit()))
        || (matches!(previous, '-' | '–')
            && !is_after_prefix
            && before.trim_end_matches(['-', '–']).ends_with(|c: char| c.is_ascii_alphanumeric()));
    if is_inside && previous != '.'
        || (previous == '.' && before.trim_end_matches('.').ends_with(|c: char| c.is_ascii_digit()))
    {
        return None;
    }
    numeric_date(source, at)
        .or_else(|| day_first(source, at, anchor))
        .or_else(|| ordinal_plan(source, at))
        .or_else(|| years(source, at))
        .or_else(|| numbered_quarter(source, at, anchor))
        .or_else(|| ago(source, at, anchor))
}

/// Returns the kind of a period from the words before it.
fn kind_before(source: &Source, start: usize) -> PeriodKind {
    let before = source.window_before(start, 24);
    let before = before
        .trim_end()
        .trim_end_matches(" the end of")
        .trim_end_matches(" the")
        .trim_end_matches(" end");
    if before.ends_with("as of") || before.ends_with("as at") {
        return PeriodKind::AsOf;
    }
    let (first_start, first) = source.word_before(start);
    let word = match first {
        "the" | "of" | "end" | "early" | "late" | "mid" => {
            let mut at = first_start;
            let mut word = first;
            for _ in 0..4 {
                if !matches!(
                    word,
                    "the" | "of" | "end" | "early" | "late" | "mid" | "beginning" | "start"
                ) {
                    break;
                }
                let (next_start, next) = source.word_before(at);
                (at, word) = (next_start, next);
            }
            word
        }
        _ => first,
    };
    match word {
        "since" | "from" | "starting" | "beginning" | "after" | "following" => PeriodKind::Since,
        "by" | "until" | "till" | "before" | "through" => PeriodKind::Until,
        _ => PeriodKind::During,
    }
}
