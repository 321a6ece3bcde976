//! Reads the facet values of passages, and selects the matches that have the chosen values.
//!
//! Within a segment, a value is represented by a number. The text of a value is read once per value, not once per
//! match.

use std::{collections::BTreeMap, path::is_separator, rc::Rc};

use tantivy::{
    DocId,
    columnar::{Column, StrColumn},
};

use crate::{
    document::{Date, folded_keyword},
    error::Result,
    index::{ISSUER_FIELD, LANG_FIELD, SOURCE_FIELD, SPEAKER_FIELD},
    query::Facet,
    search::reader::{BitSet, SegmentView, ValueColumn, engine_error, read_error},
};

/// Number of values of the facet `year`: years from 0 to 9999.
const YEAR_COUNT: usize = 10_000;
/// Number of months of a year.
const MONTHS_PER_YEAR: usize = 12;

/// The matches of a query in one segment, and for each facet with chosen values, the subset of matches that have one of
/// these values.
#[derive(Debug)]
pub(in crate::search) struct FacetSelection {
    /// All matches of the query, with and without the chosen facet values.
    all_matches: Rc<BitSet>,
    /// For each facet with chosen values: the matches that have one of these values.
    matches_by_facet: Vec<(Facet, BitSet)>,
}

impl FacetSelection {
    pub(in crate::search) fn new(
        segment: SegmentView<'_>,
        all_matches: BitSet,
        chosen: &BTreeMap<Facet, Vec<String>>,
    ) -> Result<Self> {
        let facets = chosen.iter().filter(|(_, values)| !values.is_empty());
        let matches_by_facet = facets.map(|(&facet, chosen)| {
            let values = FacetValues::new(segment, facet)?;
            let numbers = values.value_numbers_of_texts(chosen)?;
            let is_chosen =
                |doc: &DocId| values.value_numbers(*doc).any(|n| numbers.contains(n as u32));
            let mut facet_matches = all_matches.empty_like();
            all_matches.iter().filter(is_chosen).for_each(|doc| facet_matches.insert(doc));
            Ok((facet, facet_matches))
        });
        Ok(Self {
            matches_by_facet: matches_by_facet.collect::<Result<_>>()?,
            all_matches: Rc::new(all_matches),
        })
    }

    /// Returns all matches of the query, with and without the chosen facet values.
    pub(in crate::search) fn all_matches(&self) -> &BitSet {
        &self.all_matches
    }

    /// Returns the matches that have a chosen value in every facet. Facets without chosen values exclude no match.
    pub(in crate::search) fn matches_chosen_in_every_facet(&self) -> Rc<BitSet> {
        self.matches_satisfying_facets(|_| true)
    }

    /// Returns the matches that have a chosen value in every facet for which `narrows` returns `true`. Facets without
    /// chosen values exclude no match.
    pub(in crate::search) fn matches_satisfying_facets(
        &self,
        narrows: impl Fn(Facet) -> bool,
    ) -> Rc<BitSet> {
        let mut chosen_passages = Rc::clone(&self.all_matches);
        let narrowing_sets = self.matches_by_facet.iter().filter(|(facet, _)| narrows(*facet));
        narrowing_sets
            .for_each(|(_, passages)| Rc::make_mut(&mut chosen_passages).intersect_with(passages));
        chosen_passages
    }
}

/// Returns whether the counts of the facet `counted` include only matches with a chosen value of the facet `other`.
///
/// The chosen values of a facet do not narrow the counts of the same facet, so that a user can still choose its other
/// values. Exception: if a single folder is chosen, the facet `source` counts only the entries of this folder.
pub(crate) fn narrows_counts(
    counted: Facet,
    other: Facet,
    chosen: &BTreeMap<Facet, Vec<String>>,
) -> bool {
    let has_single_value = || chosen.get(&counted).is_some_and(|values| values.len() == 1);
    other != counted || counted == Facet::Source && has_single_value()
}

/// The values of a facet in one segment, each represented by a number. A passage may have several issuers, speakers and
/// values of a declared field, but has at most one value of any other facet.
pub(in crate::search) enum FacetValues<'a> {
    /// Text values, numbered by their ordinals in the fast field.
    Texts(StrColumn),
    /// Dates as Julian days, whose facet value is the year. A year is represented by itself.
    Years(&'a Column<u64>),
    /// Dates as Julian days, whose facet value is the month. A month is represented by the number of months since
    /// `first_month`, which is less than `month_count`. `first_month` itself is counted from January of the year 0.
    Months { days: &'a Column<u64>, first_month: usize, month_count: usize },
    /// Values of a declared field, numbered in ascending order.
    Declared(Box<ValueColumn<'a>>),
    /// No passage of the segment has a value.
    None,
}

impl<'a> FacetValues<'a> {
    pub(in crate::search) fn new(segment: SegmentView<'a>, facet: Facet) -> Result<Self> {
        let field_name = match facet {
            Facet::Issuer => ISSUER_FIELD,
            Facet::Speaker => SPEAKER_FIELD,
            Facet::Lang => LANG_FIELD,
            Facet::Source => SOURCE_FIELD,
            Facet::Declared(name) => {
                let values = ValueColumn::open(segment, name)?;
                return Ok(values.map_or(Self::None, |values| Self::Declared(Box::new(values))));
            }
            Facet::Year => {
                return Ok(segment.columns.dates.as_ref().map_or(Self::None, Self::Years));
            }
            Facet::Month => {
                return Ok(segment
                    .columns
                    .dates
                    .as_ref()
                    .map_or(Self::None, Self::month_values_of_days));
            }
        };
        let texts = segment.reader.fast_fields().str(field_name).map_err(engine_error)?;
        Ok(texts.map_or(Self::None, Self::Texts))
    }

    /// Returns the months of publication dates, given as Julian days, as facet values.
    fn month_values_of_days(days: &'a Column<u64>) -> Self {
        let first_month = month_number_of_day(days.min_value()).unwrap_or_default();
        let last_month = month_number_of_day(days.max_value()).unwrap_or_default();
        Self::Months {
            days,
            first_month,
            month_count: (last_month + 1).saturating_sub(first_month),
        }
    }

    /// Returns an exclusive upper bound of the numbers that represent the values.
    pub(in crate::search) fn value_number_bound(&self) -> usize {
        match self {
            Self::Texts(texts) => texts.num_terms(),
            Self::Years(_) => YEAR_COUNT,
            Self::Months { month_count, .. } => *month_count,
            Self::Declared(values) => values.value_count(),
            Self::None => 0,
        }
    }

    /// Returns the numbers that represent the facet values of a passage. No number is returned twice.
    pub(in crate::search) fn value_numbers(&self, doc: DocId) -> impl Iterator<Item = usize> {
        let texts = match self {
            Self::Texts(texts) => Some(texts.term_ords(doc)),
            Self::Years(_) | Self::Months { .. } | Self::Declared(_) | Self::None => None,
        };
        let declared = match self {
            Self::Declared(values) => Some(values.value_numbers_of_passage(doc)),
            _ => None,
        };
        let time = match self {
            Self::Years(days) => {
                days.first(doc).and_then(Date::year_of_julian_day).map(usize::from)
            }
            Self::Months { days, first_month, .. } => days
                .first(doc)
                .and_then(month_number_of_day)
                .and_then(|month| month.checked_sub(*first_month)),
            Self::Texts(_) | Self::Declared(_) | Self::None => None,
        };
        let texts = texts.into_iter().flatten().map(|ord| ord as usize);
        texts.chain(declared.into_iter().flatten()).chain(time)
    }

    /// Returns the text of the value that `number` represents.
    pub(in crate::search) fn value_text(&self, number: usize) -> Result<String> {
        let mut text = String::new();
        match self {
            Self::Texts(texts) => {
                texts.ord_to_str(number as u64, &mut text).map_err(read_error)?;
            }
            Self::Declared(values) => {
                text = values
                    .value_with_number(number)?
                    .map(|value| value.to_string())
                    .unwrap_or_default();
            }
            Self::Years(_) => text = format!("{number:04}"),
            Self::Months { first_month, .. } => {
                let month = first_month + number;
                let (year, month) = (month / MONTHS_PER_YEAR, month % MONTHS_PER_YEAR + 1);
                text = format!("{year:04}-{month:02}");
            }
            Self::None => {}
        }
        Ok(text)
    }

    /// Returns the numbers that represent facet values, given as texts. A value that ends with a path separator is a
    /// folder, and selects every path below the folder.
    fn value_numbers_of_texts(&self, values: &[String]) -> Result<BitSet> {
        let mut numbers = BitSet::new(self.value_number_bound() as u32);
        if let Self::Declared(column) = self {
            let chosen: Vec<String> = values.iter().map(|value| folded_keyword(value)).collect();
            for (number, value) in (0..).zip(column.all_values()?) {
                if chosen.contains(&folded_keyword(&value.to_string())) {
                    numbers.insert(number);
                }
            }
        }
        for value in values {
            match self {
                Self::Texts(texts) if value.ends_with(is_separator) => {
                    let range = texts.dictionary().range().ge(value.as_bytes());
                    let mut paths = range.into_stream().map_err(read_error)?;
                    while paths.advance() && paths.key().starts_with(value.as_bytes()) {
                        numbers.insert(paths.term_ord() as u32);
                    }
                }
                Self::Texts(texts) => {
                    let ord = texts.dictionary().term_ord(value.as_bytes()).map_err(read_error)?;
                    if let Some(ord) = ord {
                        numbers.insert(ord as u32);
                    }
                }
                Self::Years(_) => {
                    if let Ok(year) = value.parse() {
                        numbers.insert(year);
                    }
                }
                Self::Months { first_month, month_count, .. } => {
                    let number = month_number_of_text(value)
                        .and_then(|month| month.checked_sub(*first_month));
                    if let Some(number) = number.filter(|number| number < month_count) {
                        numbers.insert(number as u32);
                    }
                }
                Self::Declared(_) | Self::None => {}
            }
        }
        Ok(numbers)
    }
}

/// Returns the number of the month that contains a Julian day, counted from January of the year 0.
fn month_number_of_day(day: u64) -> Option<usize> {
    let (year, month) = Date::from_julian_day(day)?.year_and_month()?;
    Some(usize::from(year) * MONTHS_PER_YEAR + usize::from(month) - 1)
}

/// Returns the number of a month that is written as `2025-12`, counted from January of the year 0.
fn month_number_of_text(text: &str) -> Option<usize> {
    let (year, month) = text.split_once('-')?;
    let (year, month): (usize, usize) = (year.parse().ok()?, month.parse().ok()?);
    (1..=MONTHS_PER_YEAR).contains(&month).then(|| year * MONTHS_PER_YEAR + month - 1)
}

#[cfg(test)]
mod tests {
    use crate::{Document, Index, Query, query::Facet};

    #[test]
    fn every_issuer_of_a_joint_statement_counts() {
        let index = Index::in_memory();
        let writer = index.writer().unwrap();
        for (id, issuer) in [
            ("a", "Ministry of Ports; Harbour Authority"),
            ("b", "Harbour Authority"),
            ("c", "国务院、中央军委"),
        ] {
            let mut document = Document::new(id, "Ports grow. 港口增长。");
            document.issuer = Some(issuer.to_owned());
            writer.add(&document).unwrap();
        }
        writer.commit().unwrap();
        let searcher = index.searcher().unwrap();
        let search = |query: Query| searcher.search(&query).unwrap();
        let counted = search(Query::new("ports").facets([Facet::Issuer]));
        let values = counted.facets[0].values.iter();
        let mut counts: Vec<_> =
            values.map(|value| (value.value.as_str(), value.count.documents)).collect();
        counts.sort_unstable();
        let expected =
            [("Harbour Authority", 2), ("Ministry of Ports", 1), ("中央军委", 1), ("国务院", 1)];
        assert_eq!(counts, expected);
        for (issuer, expected) in expected {
            assert_eq!(search(Query::new("ports").only(Facet::Issuer, [issuer])).total, expected);
            let filtered = Query::new(format!("ports issuer:\"{issuer}\""));
            assert_eq!(search(filtered).total, expected, "{issuer}");
        }
    }

    #[test]
    fn the_count_of_a_month_equals_the_matches_of_its_filter() {
        let index = Index::in_memory();
        let writer = index.writer().unwrap();
        for (id, date) in
            [("a", "2023-12-31"), ("b", "2024-01-01"), ("c", "2024-01-31"), ("d", "1999-02-03")]
        {
            let mut document = Document::new(id, "Ports grow.");
            document.date = date.parse().ok();
            writer.add(&document).unwrap();
        }
        writer.add(&Document::new("e", "Ports grow.")).unwrap();
        writer.commit().unwrap();
        let searcher = index.searcher().unwrap();
        let search = |query: Query| searcher.search(&query).unwrap();
        let counted = search(Query::new("ports").facets([Facet::Month]));
        let values = counted.facets[0].values.iter();
        let counts: Vec<_> =
            values.map(|value| (value.value.as_str(), value.count.documents)).collect();
        assert_eq!(counts, [("1999-02", 1), ("2023-12", 1), ("2024-01", 2)]);
        assert_eq!(counted.facets[0].without_value.documents, 1);
        for (month, expected) in [
            ("1999-02", 1),
            ("2024-01", 2),
            ("2024-13", 0),
            ("2030-01", 0),
            ("1900-01", 0),
            ("x", 0),
        ] {
            assert_eq!(search(Query::new("ports").only(Facet::Month, [month])).total, expected);
        }
    }
}
