//! Makes the [`Snippet`] of a passage for a query plan: fragments that consist of whole sentences if possible,
//! and highlights on the matches that satisfy the query.
//!
//! `occurrence.rs` finds the matches of each query leaf, `satisfy.rs` evaluates the query tree on these matches,
//! `merge.rs` turns the matches into highlights, `fragment.rs` selects the text, and `excerpt.rs` cuts long sentences.
//! Read `Highlighter::snippet` first.

mod excerpt;
mod fragment;
mod merge;
mod occurrence;
mod satisfy;

use std::{
    collections::{HashMap, HashSet},
    rc::Rc,
};

use serde::Serialize;

use self::{
    occurrence::{LeafOccurrenceFinder, Occurrence, TextWithLeafOccurrences},
    satisfy::MatchTreeEvaluator,
};
use crate::{
    analysis::{Analysis, Analyzer},
    document::Date,
    fact::{Publication, push_terms},
    query::{DeclaredFieldValues, QueryPlan, TextField},
    span::Span,
};

/// Excerpt of a passage with its highlights.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Snippet {
    /// Fragments of the passage text, in text order.
    pub fragments: Vec<Fragment>,
    /// Highlights in the title of the document.
    pub title: Vec<Span>,
    /// Highlights in the headings above the passage: one element for each heading.
    pub headings: Vec<Vec<Span>>,
}

/// Contiguous excerpt of the passage text in a [`Snippet`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fragment {
    /// Text of the fragment: the slice of the passage text at `span`.
    pub text: String,
    /// Span of the fragment in the passage text.
    pub span: Span,
    /// Highlights inside the fragment, as spans of the passage text, in text order. The highlights neither
    /// overlap nor touch.
    pub highlights: Vec<Span>,
    /// Whether the fragment begins after the start of the passage text.
    pub cut_before: bool,
    /// Whether the fragment ends before the end of the passage text.
    pub cut_after: bool,
}

/// Texts and metadata of one passage that a query can match.
#[derive(Debug, Default)]
pub(crate) struct PassageTextsAndMetadata<'a> {
    pub(crate) text: &'a str,
    /// Title and headings directly above the passage. The body field of the index contains these texts too.
    pub(crate) headings_indexed_in_body: &'a [String],
    pub(crate) title: Option<&'a str>,
    pub(crate) headings: &'a [String],
    pub(crate) issuer: Option<&'a str>,
    /// Names of the persons who speak in the passage.
    pub(crate) speakers: Vec<&'a str>,
    pub(crate) date: Option<Date>,
    pub(crate) lang: &'a str,
    /// Path of the source file of the document.
    pub(crate) source_path: &'a str,
    /// Id of the document.
    pub(crate) document_id: &'a str,
    pub(crate) ordinal: u32,
    /// Values of the declared fields of the document. `None` if the query has no condition on a declared field.
    pub(crate) field_values: Option<DeclaredFieldValues>,
}

/// Makes the snippets for the hits of one query.
pub(crate) struct Highlighter<'a> {
    plan: &'a QueryPlan,
    analyzer: &'a Analyzer,
    finder: LeafOccurrenceFinder<'a>,
    /// Whether a query leaf searches a quantity or a period, so that the quantities and periods of each text must be
    /// found.
    searches_facts: bool,
}

impl<'a> Highlighter<'a> {
    /// Returns the highlighter for a query plan, into which query expansion has filled the terms.
    pub(crate) fn new(plan: &'a QueryPlan, analyzer: &'a Analyzer) -> Self {
        let mut alternatives = plan.leaves.iter().flat_map(|leaf| &leaf.alternatives);
        let searches_facts = alternatives.any(|alternative| {
            let mut terms = alternative.slots.iter().flat_map(|slot| &slot.terms);
            terms.any(|term| term.term.starts_with(|c: char| c.is_ascii_digit() || c.is_control()))
        });
        Self { plan, analyzer, finder: LeafOccurrenceFinder::new(plan), searches_facts }
    }

    /// Returns the snippet of a passage that matches the query: at most `max_fragments` fragments with a total width of
    /// at most `max_columns` terminal columns. If the passage text has no highlight, the snippet is the start of the
    /// text.
    pub(crate) fn snippet(
        &self,
        passage: &PassageTextsAndMetadata<'_>,
        max_columns: usize,
        max_fragments: usize,
    ) -> Snippet {
        let mut cache = AnalysisCache::new(self, passage.date);
        let texts = self.analyzed_texts_of_passage(passage, &mut cache);
        let evaluation =
            MatchTreeEvaluator { plan: self.plan, texts: &texts, passage: Some(passage) };
        let satisfying_occurrences =
            evaluation.satisfying_occurrences(&self.plan.tree).unwrap_or_default();
        // The first of the texts is the passage text.
        let passage_occurrences: Vec<&Occurrence> = satisfying_occurrences
            .iter()
            .filter(|(text_index, _)| *text_index == 0)
            .map(|(_, occurrence)| *occurrence)
            .collect();
        let analysis = texts.first().map(|text| text.analysis.as_ref());
        let highlights = analysis
            .map(|analysis| merge::merged_highlights(self.plan, analysis, &passage_occurrences))
            .unwrap_or_default();
        let spans = fragment::select_fragments(
            passage.text,
            (max_columns, max_fragments),
            &passage_occurrences,
            &highlights,
            self.analyzer,
        );
        Snippet {
            fragments: fragment::fragments_from_spans(passage.text, &spans, &highlights),
            title: self.highlights_in_field(
                passage.title.unwrap_or_default(),
                TextField::Title,
                &mut cache,
            ),
            headings: passage
                .headings
                .iter()
                .map(|heading| self.highlights_in_field(heading, TextField::Heading, &mut cache))
                .collect(),
        }
    }

    /// Returns the spans of a body text that satisfy any clause of the query, even if the text does not satisfy the
    /// whole query.
    pub(crate) fn highlights(&self, text: &str) -> Vec<Span> {
        self.highlights_in_field(text, TextField::Body, &mut AnalysisCache::new(self, None))
    }

    /// Returns the spans of a text that satisfy any clause of the query on `field`. Clauses on the body also
    /// apply to a title or heading.
    fn highlights_in_field<'t>(
        &self,
        text: &'t str,
        field: TextField,
        cache: &mut AnalysisCache<'_, 't>,
    ) -> Vec<Span> {
        let mut spans = Vec::new();
        let applicable_fields: &[TextField] =
            if field == TextField::Body { &[field] } else { &[TextField::Body, field] };
        for &field in applicable_fields.iter().filter(|field| self.query_searches_field(**field)) {
            let texts =
                [self.finder.find_leaf_occurrences(text, cache.analysis(text), field, None)];
            let evaluation = MatchTreeEvaluator { plan: self.plan, texts: &texts, passage: None };
            let partial_occurrences =
                evaluation.occurrences_satisfying_any_subtree(&self.plan.tree);
            let occurrences: Vec<&Occurrence> =
                partial_occurrences.iter().map(|(_, occurrence)| *occurrence).collect();
            let [TextWithLeafOccurrences { analysis, .. }] = &texts;
            spans.extend(merge::merged_highlights(self.plan, analysis, &occurrences));
        }
        merge::join_overlapping_or_touching_spans(spans)
    }

    /// Returns whether a clause of the query searches `field`.
    fn query_searches_field(&self, field: TextField) -> bool {
        self.plan.leaves.iter().any(|leaf| leaf.field == field)
    }

    /// Returns the analyzed texts of a passage, with the occurrences of the query leaves: the passage text, then the
    /// title and headings that the body field contains, then every other text that the query searches, such as the
    /// title.
    fn analyzed_texts_of_passage<'t>(
        &self,
        passage: &PassageTextsAndMetadata<'t>,
        cache: &mut AnalysisCache<'_, 't>,
    ) -> Vec<TextWithLeafOccurrences<'t>> {
        let body_texts = std::iter::once(passage.text)
            .chain(passage.headings_indexed_in_body.iter().map(String::as_str));
        let analyzed_body: Vec<(&str, Rc<Analysis>)> =
            body_texts.map(|text| (text, cache.analysis(text))).collect();
        let mut bigrams = HashSet::new();
        let mut alternatives = self.plan.leaves.iter().flat_map(|leaf| &leaf.alternatives);
        if alternatives.any(|alternative| alternative.is_contiguous) {
            for (_, analysis) in &analyzed_body {
                occurrence::add_han_bigrams_of_text(analysis, &mut bigrams);
            }
        }
        let headings = passage.headings.iter().map(|text| (text.as_str(), TextField::Heading));
        let single_fields =
            [(passage.title, TextField::Title), (passage.issuer, TextField::Issuer)];
        let speakers = passage.speakers.iter().map(|&name| (name, TextField::Speaker));
        let single_fields =
            single_fields.into_iter().filter_map(|(text, field)| Some((text?, field)));
        let searched_fields = headings
            .chain(single_fields)
            .chain(speakers)
            .filter(|(_, field)| self.query_searches_field(*field));
        let analyzed_body = analyzed_body.into_iter().map(|(text, analysis)| {
            self.finder.find_leaf_occurrences(text, analysis, TextField::Body, Some(&bigrams))
        });
        let searched_fields = searched_fields.map(|(text, field)| {
            self.finder.find_leaf_occurrences(text, cache.analysis(text), field, None)
        });
        analyzed_body.chain(searched_fields).collect()
    }

    /// Returns the tokens of a text. If the query searches numbers or periods, also returns the numbers and periods of
    /// the text; relative periods are counted from `date`.
    fn analyze(&self, text: &str, date: Option<Date>) -> Analysis {
        let mut analysis = Analysis::default();
        self.analyzer.tokens(text, &mut analysis);
        if self.searches_facts {
            let publication = Publication { date, is_inferred: false };
            push_terms(text, publication, &mut analysis);
        }
        analysis
    }
}

/// Cache of the analyses of the texts of one passage. A text is analyzed when its analysis is first needed, and only
/// once. The analysis of a title or heading may be needed twice: the text is highlighted by itself, and the body field
/// contains the text too.
struct AnalysisCache<'h, 't> {
    highlighter: &'h Highlighter<'h>,
    /// Publication date, from which relative periods are counted.
    date: Option<Date>,
    analysis_by_text: HashMap<&'t str, Rc<Analysis>>,
}

impl<'h, 't> AnalysisCache<'h, 't> {
    fn new(highlighter: &'h Highlighter<'h>, date: Option<Date>) -> Self {
        Self { highlighter, date, analysis_by_text: HashMap::new() }
    }

    fn analysis(&mut self, text: &'t str) -> Rc<Analysis> {
        let Self { highlighter, date, analysis_by_text } = self;
        let analysis = analysis_by_text
            .entry(text)
            .or_insert_with(|| Rc::new(highlighter.analyze(text, *date)));
        Rc::clone(analysis)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        analysis::Chinese,
        document::DeclaredFields,
        query::{Clause, ExpandedTerm, plan_query},
    };

    /// Returns the fragments of a snippet with brackets around highlights, joined by ` … `. Does not expand
    /// the words of the query.
    fn snippet_with_bracketed_highlights(query: &str, text: &str, width: usize) -> String {
        let analyzer = Analyzer::new(Chinese::Off);
        let (clause, fields) = (Clause::parse(query).0, DeclaredFields::default());
        let mut plan = plan_query(&clause, &[], &fields, &analyzer, &mut Vec::new());
        let alternatives = plan.leaves.iter_mut().flat_map(|leaf| &mut leaf.alternatives);
        for slot in alternatives.flat_map(|alternative| &mut alternative.slots) {
            if slot.terms.is_empty() {
                let term = slot.pattern.text().to_owned();
                slot.terms.push(ExpandedTerm { term, weight: 1.0 });
            }
        }
        let passage = PassageTextsAndMetadata { text, ..PassageTextsAndMetadata::default() };
        let snippet = Highlighter::new(&plan, &analyzer).snippet(&passage, width, 3);
        let fragments = snippet.fragments.iter().map(|fragment| {
            let mut bracketed = String::new();
            let mut printed_end = fragment.span.start;
            for highlight in &fragment.highlights {
                bracketed.push_str(Span::new(printed_end, highlight.start).of(text));
                bracketed.extend(["[", highlight.of(text), "]"]);
                printed_end = highlight.end;
            }
            bracketed.push_str(Span::new(printed_end, fragment.span.end).of(text));
            bracketed
        });
        fragments.collect::<Vec<_>>().join(" … ")
    }

    #[test]
    fn only_occurrences_that_satisfy_the_query_are_highlighted() {
        for (query, expected) in [
            ("flying car", "A [flying car] and a [car]. It was [flying] over a port of call."),
            ("\"flying car\"", "A [flying car] and a car. It was flying over a port of call."),
            ("\"car it\"~0", "A flying car and a [car. It] was flying over a port of call."),
            ("\"flying port\"~2", "A flying car and a car. It was [flying] over a [port] of call."),
            ("port of call", "A flying car and a car. It was flying over a [port of call]."),
            ("flying NEAR/0 car", "A [flying] [car] and a car. It was flying over a port of call."),
            ("car SAME port", "A flying car and a car. It was flying over a port of call."),
            ("flying SAME port", "A flying car and a car. It was [flying] over a [port] of call."),
            ("car AND train", "A flying car and a car. It was flying over a port of call."),
            ("car -port", "A flying car and a car. It was flying over a port of call."),
            ("port -train", "A flying car and a car. It was flying over a [port] of call."),
        ] {
            let text = expected.replace(['[', ']'], "");
            assert_eq!(snippet_with_bracketed_highlights(query, &text, 1_000), expected, "{query}");
        }
    }

    #[test]
    fn adjacent_han_characters_are_preferred() {
        for expected in ["[广州]与广、州", "北京"] {
            let text = expected.replace(['[', ']'], "");
            assert_eq!(snippet_with_bracketed_highlights("广州", &text, 1_000), expected);
        }
    }

    #[test]
    fn snippets_take_the_sentences_with_most_words_of_the_query() {
        let text =
            "Exports grew. A car is a car. Flying cars and a car flew over the port. The end came.";
        for (query, width, expected) in [
            ("car port", 45, "Flying cars and a [car] flew over the [port]."),
            ("exports port", 60, "[Exports] grew. … Flying cars and a car flew over the [port]."),
            ("car port", 20, "A [car] is a [car]."),
            ("train", 30, "Exports grew. A car is a car."),
            // Without another highlight, the sentences around the highlight give context.
            ("grew", 30, "Exports [grew]. A car is a car."),
            ("end", 60, "Flying cars and a car flew over the port. The [end] came."),
        ] {
            assert_eq!(
                snippet_with_bracketed_highlights(query, text, width),
                expected,
                "{query} {width}"
            );
        }
    }

    #[test]
    fn excerpts_show_the_words_of_sentences_that_do_not_fit() {
        let text = "The court upheld a ban on the export of raw timber from all of the northern \
            districts of the island. It does not end there. Since the minister, under pressure of \
            the owners of mills and of the unions, signed the decree last autumn, prices fell.";
        for (query, width, expected) in [
            (
                "timber decree",
                120,
                "export of raw [timber] from all of the northern districts of … of the unions, signed the [decree] last autumn, prices fell.",
            ),
            (
                "minister prices",
                90,
                "Since the [minister], under pressure of the … signed the decree last autumn, [prices] fell.",
            ),
        ] {
            assert_eq!(
                snippet_with_bracketed_highlights(query, text, width),
                expected,
                "{query} {width}"
            );
        }
    }

    #[test]
    fn each_of_several_fragments_has_a_highlight() {
        let text = "Cars came. Rain fell on the hills. Nobody saw why. Trains were late, and the \
            bus did not come. Ships sank. Cars left.";
        for query in ["cars", "cars trains", "cars trains ships", "rain ships", "late sank"] {
            for width in 20..text.len() {
                let snippet = snippet_with_bracketed_highlights(query, text, width);
                let fragments: Vec<&str> = snippet.split(" … ").collect();
                for fragment in &fragments {
                    let has_highlight = fragment.contains('[');
                    assert!(has_highlight, "{query} {width} {snippet}");
                    assert!(fragment.starts_with(|c: char| c.is_alphanumeric() || c == '['));
                }
            }
        }
    }
}
