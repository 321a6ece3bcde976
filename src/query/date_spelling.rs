//! Spells a day in every way in which a text may state it: `March 5, 2024`, `5 March 2024`, `2024-03-05`,
//! `2024年3月5日`.

use super::{
    numeral_spelling::ordinal_in_digits,
    tree::{Alternative, ExpandedTerm, PhraseOrigin, PhraseSlot, TermPattern},
};
use crate::{
    document::{Date, MONTH_NAMES},
    fact::FactPattern,
};

/// Number of letters of the usual abbreviation of a month.
const ABBREVIATION_LETTERS: usize = 3;

/// Returns the phrases that state the day `date` with its year. The first phrase is the index term of the day. This
/// term also stands for expressions whose year follows from the day of publication, such as `3月5日` and `today`, so
/// the first phrase has a lower weight than the others. `label` is the date as the query spells it.
pub(super) fn spellings_of_date(date: Date, label: &str) -> Vec<Alternative> {
    let pattern =
        FactPattern::Period { first: Some(date), last: Some(date), requires_as_of: false };
    let pattern = TermPattern::Fact { label: label.to_owned(), pattern, bare_number: None };
    let day_term = Alternative {
        origin: PhraseOrigin::OtherSpelling,
        ..Alternative::phrase(vec![PhraseSlot::pattern(0, pattern)])
    };
    let DateWords { year, month, month_name, day } = &DateWords::new(date);
    let spellings = [
        phrase(&[year, &words(&["年"]), month, &words(&["月"]), day, &words(&["日", "号"])]),
        phrase(&[year, month, day]),
        phrase(&[month_name, day, year]),
        phrase(&[day, month_name, year]),
        phrase(&[day, &words(&["of"]), month_name, year]),
    ];
    std::iter::once(day_term).chain(spellings).collect()
}

/// Returns the phrases that state the day and month of `date` without its year.
pub(super) fn spellings_without_year(date: Date) -> Vec<Alternative> {
    let DateWords { month, month_name, day, .. } = &DateWords::new(date);
    vec![
        phrase(&[month, &words(&["月"]), day, &words(&["日", "号"])]),
        phrase(&[month_name, day]),
        phrase(&[day, month_name]),
        phrase(&[day, &words(&["of"]), month_name]),
    ]
}

/// Terms with which a text may state each part of a date.
struct DateWords {
    year: Vec<String>,
    /// Number of the month, with and without a leading zero.
    month: Vec<String>,
    /// Name of the month, in full and abbreviated.
    month_name: Vec<String>,
    /// Day of the month, with and without a leading zero, and as an ordinal number.
    day: Vec<String>,
}

impl DateWords {
    fn new(date: Date) -> Self {
        let (year, month, day) = date.year_month_day();
        let name = MONTH_NAMES.get(usize::from(month).saturating_sub(1)).copied();
        let name = name.unwrap_or_default();
        let abbreviation = name.get(..ABBREVIATION_LETTERS).unwrap_or(name);
        let mut month_name = words(&[name, abbreviation]);
        if name == "september" {
            month_name.push("sept".to_owned());
        }
        month_name.dedup();
        Self {
            year: vec![year.to_string()],
            month: with_leading_zero(month),
            month_name,
            day: with_leading_zero(day)
                .into_iter()
                .chain([ordinal_in_digits(usize::from(day))])
                .collect(),
        }
    }
}

/// Returns a number with and without a leading zero. A number of two digits has none.
fn with_leading_zero(number: u8) -> Vec<String> {
    let mut spellings = vec![number.to_string(), format!("{number:02}")];
    spellings.dedup();
    spellings
}

fn words(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

/// Returns the phrase that matches one term of each of `slots`, in order.
fn phrase(slots: &[&Vec<String>]) -> Alternative {
    let slots = slots.iter().zip(0..).map(|(terms, offset)| PhraseSlot {
        offset,
        pattern: TermPattern::Term(terms.first().cloned().unwrap_or_default()),
        terms: terms.iter().map(|term| ExpandedTerm { term: term.clone(), weight: 1.0 }).collect(),
    });
    Alternative::phrase(slots.collect())
}
