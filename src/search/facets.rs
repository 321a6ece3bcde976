//! What a query finds → those that have the values chosen of facets, and how many have which value.
//!
//! All of it works on the set of matches, with the numbers that values have in the columns of a segment;
//! texts are looked up once for each value, not for each match.

use std::{cmp::Reverse, collections::BTreeMap, path::is_separator, rc::Rc};

use tantivy::{
    DocId,
    columnar::{Column, StrColumn},
};

use super::{
    FacetCounts, FacetValue, HitCount, Searcher, engine,
    execute::SegmentMatches,
    reader::{BitSet, SegmentView},
};
use crate::{
    document::Date,
    error::{Error, Result},
    index::{ISSUER, LANG, SOURCE, SPEAKER},
    query::{Collapse, Facet, Query},
};

/// Years have four digits.
const YEARS: usize = 10_000;

/// What a query finds in one segment, and what of it is chosen by values of facets.
#[derive(Debug)]
pub(super) struct FacetSelection {
    found: Rc<BitSet>,
    /// For each facet of which something is chosen, what has it.
    with_values: Vec<(Facet, BitSet)>,
}

impl FacetSelection {
    pub(super) fn new(
        segment: SegmentView<'_>,
        found: BitSet,
        only: &BTreeMap<Facet, Vec<String>>,
    ) -> Result<Self> {
        let facets = only.iter().filter(|(_, wanted)| !wanted.is_empty());
        let with_values = facets.map(|(&facet, wanted)| {
            let values = Values::new(segment, facet)?;
            let numbers = values.numbers(wanted)?;
            let mut with_value = found.none();
            let has = |doc: &DocId| values.number(*doc).is_some_and(|n| numbers.contains(n as u32));
            found.iter().filter(has).for_each(|doc| with_value.insert(doc));
            Ok((facet, with_value))
        });
        Ok(Self { with_values: with_values.collect::<Result<_>>()?, found: Rc::new(found) })
    }

    pub(super) fn found(&self) -> &BitSet {
        &self.found
    }

    /// What has all values chosen.
    pub(super) fn chosen(&self) -> Rc<BitSet> {
        self.narrowed(|_| true)
    }

    /// What has the values chosen of some facets.
    fn narrowed(&self, narrows: impl Fn(Facet) -> bool) -> Rc<BitSet> {
        let mut left = Rc::clone(&self.found);
        let sets = self.with_values.iter().filter(|(facet, _)| narrows(*facet));
        sets.for_each(|(_, passages)| Rc::make_mut(&mut left).intersect(passages));
        left
    }
}

impl Searcher {
    /// Counts the facets that the query asks for.
    pub(super) fn faceted(
        &self,
        matches: &[SegmentMatches],
        query: &Query,
    ) -> Result<Vec<FacetCounts>> {
        let segments = self.segments();
        let counted = query.facets.iter().map(|&facet| {
            let one = query.only.get(&facet).is_some_and(|values| values.len() == 1);
            let narrows = |other| other != facet || facet == Facet::Source && one;
            let totals = matches.first().and_then(|matches| matches.totals.as_ref());
            let known = totals.map(|totals| totals.facets.get(&facet).cloned());
            let is_known = known.is_some();
            let mut tally = known.flatten().unwrap_or_default();
            let here = matches.iter().filter(|_| !is_known);
            for (&segment, SegmentMatches { selection, .. }) in segments.iter().zip(here) {
                tally.add(segment, facet, &selection.narrowed(narrows))?;
            }
            let root = if facet == Facet::Source { self.root()? } else { "" };
            Ok(tally.counts(facet, query, root))
        });
        counted.collect()
    }
}

/// The values of a facet in one segment: a passage has the number of one, or none.
enum Values<'a> {
    /// Numbers are those of the texts in the column.
    Texts(StrColumn),
    /// Numbers are years.
    Days(&'a Column<u64>),
    /// No passage of the segment has any.
    None,
}

impl<'a> Values<'a> {
    fn new(segment: SegmentView<'a>, facet: Facet) -> Result<Self> {
        let columns = segment.reader.fast_fields();
        let name = match facet {
            Facet::Issuer => ISSUER,
            Facet::Speaker => SPEAKER,
            Facet::Lang => LANG,
            Facet::Source => SOURCE,
            Facet::Year => {
                return Ok(segment.columns.dates.as_ref().map_or(Self::None, Self::Days));
            }
        };
        Ok(columns.str(name).map_err(engine)?.map_or(Self::None, Self::Texts))
    }

    /// All numbers are below it.
    fn bound(&self) -> usize {
        match self {
            Self::Texts(texts) => texts.num_terms(),
            Self::Days(_) => YEARS,
            Self::None => 0,
        }
    }

    fn number(&self, doc: DocId) -> Option<usize> {
        match self {
            Self::Texts(texts) => texts.ords().first(doc).map(|ord| ord as usize),
            Self::Days(days) => days.first(doc).and_then(Date::year_of).map(usize::from),
            Self::None => None,
        }
    }

    /// The value of a number.
    fn text(&self, number: usize) -> Result<String> {
        let mut text = String::new();
        match self {
            Self::Texts(texts) => {
                texts.ord_to_str(number as u64, &mut text).map_err(unreadable)?;
            }
            Self::Days(_) => text = format!("{number:04}"),
            Self::None => {}
        }
        Ok(text)
    }

    /// The numbers of values; a folder stands for all that lies below it.
    fn numbers(&self, wanted: &[String]) -> Result<BitSet> {
        let mut numbers = BitSet::new(self.bound() as u32);
        for value in wanted {
            match self {
                Self::Texts(texts) if value.ends_with(is_separator) => {
                    let from = texts.dictionary().range().ge(value.as_bytes());
                    let mut below = from.into_stream().map_err(unreadable)?;
                    while below.advance() && below.key().starts_with(value.as_bytes()) {
                        numbers.insert(below.term_ord() as u32);
                    }
                }
                Self::Texts(texts) => {
                    let ord = texts.dictionary().term_ord(value.as_bytes()).map_err(unreadable)?;
                    if let Some(ord) = ord {
                        numbers.insert(ord as u32);
                    }
                }
                Self::Days(_) => {
                    if let Ok(year) = value.parse() {
                        numbers.insert(year);
                    }
                }
                Self::None => {}
            }
        }
        Ok(numbers)
    }
}

/// Matches of all segments, by their value.
#[derive(Debug, Clone, Default)]
pub(crate) struct FacetTally {
    pub(crate) values: BTreeMap<String, HitCount>,
    pub(crate) without: HitCount,
}

impl FacetTally {
    fn add(&mut self, segment: SegmentView<'_>, facet: Facet, matched: &BitSet) -> Result<()> {
        let values = Values::new(segment, facet)?;
        let docs: Vec<DocId> = matched.iter().collect();
        let documents = segment.columns.documents.of(&docs);
        // By number, and behind them what has none; each with the document counted last: the passages
        // of one stand together.
        let mut counts = vec![(HitCount::default(), None); values.bound() + 1];
        for (doc, document) in docs.into_iter().zip(documents) {
            let number = values.number(doc).unwrap_or(values.bound());
            if let Some((count, last)) = counts.get_mut(number) {
                count.passages += 1;
                count.documents += u64::from(*last != Some(document));
                *last = Some(document);
            }
        }
        for (number, (count, _)) in counts.into_iter().enumerate().filter(|(_, c)| c.0.passages > 0)
        {
            // A document made in memory may have an empty language.
            let value = Some(number).filter(|&number| number < values.bound());
            let value = value.map(|number| values.text(number)).transpose()?.unwrap_or_default();
            let sum = if value.is_empty() {
                &mut self.without
            } else {
                self.values.entry(value).or_default()
            };
            *sum = sum.and(count);
        }
        Ok(())
    }

    fn counts(self, facet: Facet, query: &Query, root: &str) -> FacetCounts {
        let Self { values, without } = self;
        let values = if facet == Facet::Source { folders(below(root, values)) } else { values };
        let mut values: Vec<FacetValue> =
            values.into_iter().map(|(value, count)| FacetValue { value, count }).collect();
        let mut more = 0;
        if facet != Facet::Year {
            // Equal ones stay in alphabetical order.
            values.sort_by_key(|FacetValue { count: HitCount { passages, documents }, .. }| {
                let (first, then) = match query.collapse {
                    Collapse::Document => (documents, passages),
                    Collapse::None | Collapse::Near => (passages, documents),
                };
                Reverse((*first, *then))
            });
            more = values.len().saturating_sub(query.facet_limit) as u64;
            values.truncate(query.facet_limit);
        }
        FacetCounts { facet, values, more, without }
    }
}

impl HitCount {
    /// The sum; a document stands in one segment and under one path as a whole.
    const fn and(self, other: Self) -> Self {
        Self {
            passages: self.passages + other.passages,
            documents: self.documents + other.documents,
        }
    }
}

/// Paths from `root` on; those that lie elsewhere as they are.
fn below(root: &str, paths: BTreeMap<String, HitCount>) -> BTreeMap<String, HitCount> {
    let mut found: BTreeMap<String, HitCount> = BTreeMap::new();
    for (path, count) in paths {
        let sum = found.entry(path.strip_prefix(root).unwrap_or(&path).to_owned()).or_default();
        *sum = sum.and(count);
    }
    found
}

/// Paths → the folders and files in which they first differ, each with all that lies below it.
fn folders(paths: BTreeMap<String, HitCount>) -> BTreeMap<String, HitCount> {
    let ends = paths.first_key_value().zip(paths.last_key_value());
    let Some(((first, _), (last, _))) = ends else { return paths };
    // What the first and the last of sorted texts begin with, all of them begin with.
    let same = first.chars().zip(last.chars()).take_while(|(a, b)| a == b);
    let same: usize = same.map(|(c, _)| c.len_utf8()).sum();
    let common = first.get(..same).and_then(|same| same.rfind(is_separator)).map_or(0, |at| at + 1);
    let mut found: BTreeMap<String, HitCount> = BTreeMap::new();
    for (path, count) in paths {
        let below = path.get(common..).and_then(|rest| rest.find(is_separator));
        let value = below.and_then(|at| path.get(..=common + at)).unwrap_or(&path).to_owned();
        let sum = found.entry(value).or_default();
        *sum = sum.and(count);
    }
    found
}

fn unreadable(error: std::io::Error) -> Error {
    Error::Engine(Box::new(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_counted_where_they_differ() {
        for (paths, expected) in [
            (vec!["/r/en/a/1.txt", "/r/en/b/2.txt", "/r/zh/3.txt"], vec!["/r/en/ 2", "/r/zh/ 1"]),
            (vec!["/r/en/a/1.txt", "/r/en/a/2.txt"], vec!["/r/en/a/1.txt 1", "/r/en/a/2.txt 1"]),
            (vec!["/r/en.jsonl", "/r/en/1.txt"], vec!["/r/en.jsonl 1", "/r/en/ 1"]),
            (vec!["/r/only.txt"], vec!["/r/only.txt 1"]),
            (vec!["/广州/一.txt", "/广东/二.txt"], vec!["/广东/ 1", "/广州/ 1"]),
            (vec!["plain", "other"], vec!["other 1", "plain 1"]),
            (vec![], vec![]),
        ] {
            let one = HitCount { passages: 2, documents: 1 };
            let paths = paths.iter().map(|&path| (path.to_owned(), one)).collect();
            let found = folders(paths).into_iter();
            let found: Vec<_> =
                found.map(|(value, count)| format!("{value} {}", count.documents)).collect();
            assert_eq!(found, expected);
        }
    }
}
