//! Reads expressions of time in English, and dates in digits.
//!
//! [`scan`] returns the expression that begins at an offset of the text. `parts.rs` reads the parts of an expression;
//! `day.rs`, `year.rs` and `relative.rs` join the parts.

mod day;
mod parts;
mod relative;
mod year;

pub(crate) use self::parts::ORDINALS_IN_WORDS;
use self::{
    day::{numeric_date, period_beginning_with_day, period_beginning_with_month},
    parts::WORDS_BEGINNING_PERIODS,
    relative::{
        period_beginning_with_number_word, relative_day, relative_period, time_before_publication,
    },
    year::{
        abbreviated_part_of_year, fiscal_year, numbered_quarter, plan_or_century, year_or_years,
    },
};
use super::period_match::{PeriodKind, PeriodMatch};
use crate::{
    document::Date,
    fact::folded_text::{FoldedText, is_letter_of_spaced_script},
};

/// Returns the expression of time that begins at the byte offset `start`. `c` is the character at this offset, where a
/// word may begin.
pub(super) fn scan(
    source: &FoldedText,
    start: usize,
    c: char,
    anchor: Option<Date>,
) -> Option<PeriodMatch> {
    let period = if c.is_ascii_digit() {
        period_beginning_with_digits(source, start, anchor)
    } else if c.is_ascii_alphabetic() {
        period_beginning_with_word(source, start, anchor)
    } else {
        None
    }?;
    let text = source.text_between(period.start, period.end);
    let has_range = [" to ", " through ", " until "].iter().any(|word| text.contains(word));
    let kind = if has_range {
        PeriodKind::During
    } else {
        kind_of_period_by_words_before(source, period.start)
    };
    Some(PeriodMatch { kind, ..period })
}

/// Returns the expression of time that begins with a word: December 17, this year, five years ago, Q3 2024.
fn period_beginning_with_word(
    source: &FoldedText,
    start: usize,
    anchor: Option<Date>,
) -> Option<PeriodMatch> {
    let word = source.letters_at(start);
    if !WORDS_BEGINNING_PERIODS.contains(word) {
        return None;
    }
    let first = word.bytes().next()?;
    let month = match first {
        b'j' | b'f' | b'm' | b'a' | b's' | b'o' | b'n' | b'd' => {
            period_beginning_with_month(source, start, anchor)
        }
        _ => None,
    };
    let month_or_abbreviation = month.or_else(|| match first {
        b'q' | b'f' | b'h' => abbreviated_part_of_year(source, start, anchor),
        _ => None,
    });
    month_or_abbreviation.or_else(|| match word {
        "fiscal" | "financial" | "fy" => fiscal_year(source, start),
        "today" | "yesterday" | "tomorrow" | "tonight" => relative_day(source, start, word, anchor),
        "this" | "last" | "next" | "past" | "previous" | "current" | "coming" | "recent"
        | "following" | "upcoming" => relative_period(source, start, word, anchor),
        _ => period_beginning_with_number_word(source, start, anchor),
    })
}

/// Returns the expression that begins with digits: 17 December 2025, 2025-12-17, 2021–2025, 2025, 1990s, 14th Five-Year
/// Plan.
fn period_beginning_with_digits(
    source: &FoldedText,
    start: usize,
    anchor: Option<Date>,
) -> Option<PeriodMatch> {
    let before = source.window_before(start, 8);
    let previous = before.chars().next_back().unwrap_or(' ');
    let is_after_prefix = previous == '-'
        && matches!(
            source.letters_before(start - 1),
            "mid" | "pre" | "post" | "early" | "late" | "end"
        );
    let is_inside = is_letter_of_spaced_script(previous)
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
    numeric_date(source, start)
        .or_else(|| period_beginning_with_day(source, start, anchor))
        .or_else(|| plan_or_century(source, start))
        .or_else(|| year_or_years(source, start))
        .or_else(|| numbered_quarter(source, start, anchor))
        .or_else(|| time_before_publication(source, start, anchor))
}

/// Returns the kind of a period from the words before it.
fn kind_of_period_by_words_before(source: &FoldedText, start: usize) -> PeriodKind {
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
