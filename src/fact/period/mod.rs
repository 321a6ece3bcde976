//! Finds the dates, years, plan periods and relative times of a text.
//!
//! [`find_periods`] takes a folded text and the day of publication, and returns periods with first and last day.
//! `english/` and `chinese/` read one expression at an offset of the text; `interval.rs` computes with days.

mod chinese;
mod english;
mod interval;
mod period_match;
mod reader;

pub(crate) use self::english::ORDINALS_IN_WORDS;
use self::interval::Interval;
pub use self::period_match::PeriodKind;
pub(super) use self::period_match::PeriodMatch;
use super::folded_text::{FoldedText, is_letter_of_spaced_script};
use crate::{document::Date, span::Span};

/// Day of publication of a text: the anchor of relative periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Publication {
    /// Day of publication. `None` if it is not known; relative periods then have no days.
    pub date: Option<Date>,
    /// Whether the day is inferred, and not stated by the document.
    pub is_inferred: bool,
}

/// Expression of time in a passage.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Period {
    /// First day that the expression names. `None` if the period is relative and there is no anchor, or if day and
    /// month cannot be told apart.
    pub from: Option<Date>,
    /// Last day that the expression names, inclusive. `None` exactly if [`from`](Self::from) is `None`.
    pub to: Option<Date>,
    /// Relation between the statement of the text and the period, as "since" and "by" express it.
    pub kind: PeriodKind,
    /// Whether the days depend on the day of publication: "this year", "December 17".
    pub is_relative: bool,
    /// Day of publication from which a relative period is counted. `None` if the period is not relative or the day is
    /// not known.
    pub anchor: Option<Date>,
    /// Whether the anchor is an inferred day, and not a day that the document states.
    pub is_anchor_inferred: bool,
    /// Byte range of the expression, without the words before it such as "as of".
    pub span: Span,
}

impl Period {
    /// Returns the first and the last day that the expression covers together with the words before it: "since 2021"
    /// has no last day, "by 2030" has no first day, and "as of July 2025" covers only July 31.
    pub fn extent(&self) -> (Option<Date>, Option<Date>) {
        match self.kind {
            PeriodKind::During => (self.from, self.to),
            PeriodKind::AsOf => (self.to, self.to),
            PeriodKind::Since => (self.from, None),
            PeriodKind::Until => (None, self.to),
        }
    }
}

/// Returns the periods of a text, with offsets in the folded text. The periods are in order and do not overlap.
pub(super) fn find_periods(source: &FoldedText, publication: Publication) -> Vec<PeriodMatch> {
    let mut periods = Vec::new();
    let mut offset = 0;
    let mut previous = ' ';
    while let Some(c) = source.char_at(offset) {
        let begins_word = !is_letter_of_spaced_script(previous) || !is_letter_of_spaced_script(c);
        let period_match = begins_word
            .then(|| {
                let chinese = || chinese::scan(source, offset, c, publication.date);
                english::scan(source, offset, c, publication.date)
                    .or_else(|| source.has_han.then(chinese).flatten())
            })
            .flatten();
        let period_match = period_match.filter(|period_match| period_match.end > offset);
        offset = match &period_match {
            Some(period_match) => period_match.end,
            // No expression begins inside a word.
            None if is_letter_of_spaced_script(c) => {
                offset + source.letters_at(offset).len().max(c.len_utf8())
            }
            None => offset + c.len_utf8(),
        };
        previous = if c.is_ascii() && period_match.is_none() && !is_letter_of_spaced_script(c) {
            c
        } else {
            source.char_before(offset).unwrap_or(' ')
        };
        if let Some(period_match) = period_match {
            push_or_join_period(source, &mut periods, period_match);
        }
    }
    periods
}

/// Returns whether the text between two periods, such as "to" or a dash, joins them to one period.
fn are_joined_by_text(source: &FoldedText, first: &PeriodMatch, second: &PeriodMatch) -> bool {
    match source.text_between(first.end, second.start).trim() {
        "to" | "through" | "until" | "-" | "–" | "—" | "至" | "到" | "～" | "~" | "起至" => {
            true
        }
        "and" => source.word_before(first.start).1 == "between",
        _ => false,
    }
}

/// Adds a period, or joins the period to the previous period if "to" stands between the two: 25 November 2020 to 31
/// January 2021.
fn push_or_join_period(
    source: &FoldedText,
    periods: &mut Vec<PeriodMatch>,
    period_match: PeriodMatch,
) {
    if let Some(last) = periods.last_mut()
        && let (Some(first), Some(second)) = (last.interval, period_match.interval)
        && are_joined_by_text(source, last, &period_match)
        && first.to < second.to
        && let Some(interval) = Interval::new(first.from, second.to)
    {
        last.interval = Some(interval);
        last.kind = PeriodKind::During;
        last.end = period_match.end;
        last.is_relative |= period_match.is_relative;
        return;
    }
    periods.push(period_match);
}

/// Returns a period with the span in the original text.
pub(super) fn to_period(
    source: &FoldedText,
    publication: Publication,
    period_match: &PeriodMatch,
) -> Period {
    let anchor = publication.date.filter(|_| period_match.is_relative);
    Period {
        from: period_match.interval.map(|interval| interval.from),
        to: period_match.interval.map(|interval| interval.to),
        kind: period_match.kind,
        is_relative: period_match.is_relative,
        anchor,
        is_anchor_inferred: anchor.is_some() && publication.is_inferred,
        span: source.span(period_match.start, period_match.end),
    }
}
