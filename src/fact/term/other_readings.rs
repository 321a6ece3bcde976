//! Adds terms for expressions that the text uses in one sense and a query may name in another: the five years in "five
//! years ago", the day in "since 5 March 2024", the year 2024 in `二〇二四年`.

use super::{encoding::period_term, push_terms_of_number};
use crate::{
    analysis::{Analysis, ExtraKind},
    fact::{
        draft::QuantityDraft,
        evidence::is_quantity,
        folded_text::FoldedText,
        number::numbers_between,
        period::{Period, PeriodKind, PeriodMatch},
    },
};

/// Largest number of time units that is taken for a duration inside a period. A larger number is a year.
const MAX_DURATION: u128 = 200;
/// Names of the units of the durations that periods are counted in.
const DURATION_UNITS: [&str; 6] = ["day", "week", "month", "quarter", "year", "decade"];

/// Adds the terms of the durations inside a period: `3 years` in "the last 3 years", `五年` in `第十四个五年规划`. The term of
/// the period alone would not be found by a query for the duration.
pub(super) fn push_durations_in_period(
    source: &FoldedText,
    period: &PeriodMatch,
    analysis: &mut Analysis,
) {
    for number in numbers_between(source, period.start, period.end) {
        let draft = QuantityDraft::new(source, number);
        if is_duration(source, period, &draft) && is_quantity(source, &draft) {
            push_terms_of_number(source, &draft, analysis);
        }
    }
}

/// Returns whether a number inside a period counts units of time. False for days of a month, such as `17日`, and for
/// years of an era, such as `101年`.
fn is_duration(source: &FoldedText, period: &PeriodMatch, draft: &QuantityDraft) -> bool {
    let Some(unit) = draft.unit.filter(|unit| DURATION_UNITS.contains(&unit.name)) else {
        return false;
    };
    let unit_text = source.text_between(draft.number.end, draft.end);
    let is_of_plan = source.text_before(draft.number.start).ends_with('个');
    let may_be_year_of_era = unit.name == "year" && unit_text.ends_with('年');
    draft.end <= period.end
        && !unit_text.ends_with(['日', '号'])
        && (!may_be_year_of_era || period.is_relative || is_of_plan)
        && draft.value.to_integer().is_some_and(|count| u128::from(count) < MAX_DURATION)
}

/// Adds the term of the day from which or until which a statement holds: the day itself for "since 5 March 2024" and
/// `自2024年3月5日起`. A query for the day finds the text in every spelling.
pub(super) fn push_day_of_open_period(period: &Period, analysis: &mut Analysis) {
    let is_open = matches!(period.kind, PeriodKind::Since | PeriodKind::Until);
    if is_open && period.from.is_some() && period.from == period.to {
        let term = period_term((period.from, period.to), PeriodKind::During);
        analysis.add_extra_term_at_span(&term, period.span, ExtraKind::Period);
    }
}

/// Adds the year in digits for each year whose digits are Chinese numerals: 2024 for `二〇二四年`.
pub(super) fn push_years_in_numerals(source: &FoldedText, analysis: &mut Analysis) {
    for (end, _) in source.lowercase.match_indices('年') {
        let before = source.text_before(end);
        let start = before.trim_end_matches(|c| digit_of_year(c).is_some()).len();
        let numerals = source.text_between(start, end);
        let is_inside_number = source.char_before(start).is_some_and(|c| "十百千万亿".contains(c));
        if is_year_in_numerals(numerals) && !is_inside_number {
            let year: String = numerals.chars().filter_map(digit_of_year).collect();
            analysis.add_number_value(&year, source.span(start, end + "年".len()));
        }
    }
}

/// Returns whether a text is a year of four digits in Chinese numerals, such as `二〇二四年`. 年 may be missing.
pub(crate) fn is_year_in_numerals(text: &str) -> bool {
    let text = text.strip_suffix('年').unwrap_or(text);
    text.chars().count() == 4
        && text.starts_with(['一', '二'])
        && text.chars().all(|c| digit_of_year(c).is_some())
}

/// Returns the digit of a Chinese numeral in a year that is written digit by digit.
const fn digit_of_year(c: char) -> Option<char> {
    Some(match c {
        '〇' | '○' | '零' => '0',
        '一' => '1',
        '二' => '2',
        '三' => '3',
        '四' => '4',
        '五' => '5',
        '六' => '6',
        '七' => '7',
        '八' => '8',
        '九' => '9',
        _ => return None,
    })
}
