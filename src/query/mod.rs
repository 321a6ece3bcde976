//! Parses query text to a [`Clause`] tree, and turns the tree into a query plan, with a [`Note`] on every
//! repair and truncation. All types are plain data and do not depend on the index.
//!
//! `lex/` and `parse.rs` define the grammar, and `clause.rs` the parsed tree. `plan/` turns the parsed tree
//! into a plan (`tree.rs`), which search executes and the highlighter evaluates. Start with `clause.rs` and
//! `tree.rs`.

mod chars;
mod clause;
mod condition;
mod date_spelling;
mod deadline;
mod declared_filters;
mod escape;
mod facet;
mod field;
mod figures;
mod filter;
mod han_words;
mod joined_tokens;
mod lex;
mod loosen;
mod normalize;
mod note;
mod numeral_spelling;
mod parse;
mod parsed_word;
mod pattern;
mod period;
mod plan;
mod proximity;
mod ranking;
mod relax;
mod sort;
mod tree;
mod words;

pub use self::{
    clause::{Clause, Occur, SequenceItem},
    declared_filters::declared_field_filters,
    facet::Facet,
    field::Field,
    note::{Note, NoteKind},
    period::{ParsePeriodError, Period},
    ranking::{Ranking, UnknownParameter},
    sort::Sort,
};
pub(crate) use self::{
    condition::{DeclaredFieldValues, FieldCondition, WordSlot},
    deadline::{Deadline, WorkMeter},
    declared_filters::{check_declared_fields_of_query, undeclared_names_before_colons},
    filter::{Filter, matches_glob, matches_path},
    note::detail as note_detail,
    plan::plan_query,
    proximity::{
        PositionRange, count_near_chain_ends, near_occurrences, phrase_occurrence_positions,
        phrase_occurrence_ranges, same_sentence_occurrences,
    },
    relax::{replace_missing_phrases_with_words, with_all_words_optional},
    tree::{
        Alternative, ExpandedTerm, Leaf, LetterCase, MatchTree, PhraseOrigin, PhraseSlot,
        QueryDocumentNumber, QueryPlan, QuerySynonyms, QueryToken, TermPattern, TextField,
    },
};
pub use crate::named::ParseNameError;

use std::{collections::BTreeMap, str::FromStr, time::Duration};

use serde::Deserialize;

use crate::named;

/// Grouping of hits. The results contain only the best hit of each group; limit, offset and cursor then refer to
/// groups, not to passages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Collapse {
    /// No grouping: every passage is a hit.
    #[default]
    None,
    /// One hit for each document.
    Document,
    /// One hit for each group of near-duplicate passages, across documents.
    /// [`Hit::near_duplicates`](crate::Hit::near_duplicates) lists the other documents of the group.
    Near,
}

impl Collapse {
    /// All groupings.
    pub const ALL: [Self; 3] = [Self::None, Self::Document, Self::Near];

    /// Returns the name of the grouping: `none`, `document` or `near`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Document => "document",
            Self::Near => "near",
        }
    }
}

impl FromStr for Collapse {
    type Err = ParseNameError;

    fn from_str(name: &str) -> Result<Self, ParseNameError> {
        named::parse_name(name, "grouping", &Self::ALL, Self::name)
    }
}

/// Returns the OpenAPI schema of a parameter of the HTTP service whose value is a name. `names` lists the possible
/// names.
#[cfg(feature = "server")]
fn schema_of_name_parameter(
    names: &str,
    example: &str,
) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
    utoipa::openapi::ObjectBuilder::new()
        .schema_type(utoipa::openapi::schema::Type::String)
        .description(Some(names))
        .examples([example])
        .into()
}

/// Maximum number of passages of a release that the command line, the HTTP service and the search page show in one
/// group.
#[cfg(any(feature = "cli", feature = "server"))]
pub(crate) const MAX_SHOWN_PASSAGES_PER_RELEASE: usize = 3;

/// Search request: query text, filters, and the range of hits to return.
///
/// ```
/// use gz_search::Query;
///
/// let query = Query::new("\"flying car\" factory").limit(5).offset(10);
/// assert_eq!(query.text(), "\"flying car\" factory");
/// ```
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is an independent option of a search")]
pub struct Query {
    pub(crate) text: String,
    pub(crate) filters: Vec<Clause>,
    pub(crate) facet_filters: BTreeMap<Facet, Vec<String>>,
    pub(crate) facets: Vec<Facet>,
    pub(crate) facet_limit: usize,
    pub(crate) limit: usize,
    pub(crate) offset: usize,
    pub(crate) cursor: Option<String>,
    pub(crate) collapse: Collapse,
    pub(crate) group_size: usize,
    pub(crate) sort: Sort,
    pub(crate) is_strict: bool,
    pub(crate) uses_synonyms: bool,
    pub(crate) last_word_is_unfinished: bool,
    pub(crate) explains_scores: bool,
    pub(crate) ranking: Ranking,
    pub(crate) max_snippet_columns: usize,
    pub(crate) max_fragments: usize,
    pub(crate) timeout: Option<Duration>,
}

impl Query {
    /// Returns a request for the first ten hits for `text`. Every text is valid: text that does not parse is
    /// searched as words.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            filters: Vec::new(),
            facet_filters: BTreeMap::new(),
            facets: Vec::new(),
            facet_limit: 20,
            limit: 10,
            offset: 0,
            cursor: None,
            collapse: Collapse::None,
            group_size: 1,
            sort: Sort::Score,
            is_strict: false,
            uses_synonyms: true,
            last_word_is_unfinished: false,
            explains_scores: false,
            ranking: Ranking::default(),
            max_snippet_columns: 320,
            max_fragments: 3,
            timeout: None,
        }
    }

    /// Restricts the hits to passages that match `clause`, without changing scores. If called several times, a
    /// hit must match every filter.
    ///
    /// ```
    /// use gz_search::{Query, query::{Clause, Field, Period}};
    ///
    /// let commerce = Clause::Phrase { text: "Bureau of Commerce".to_owned(), slop: 0 };
    /// let query = Query::new("exports")
    ///     .filter(Clause::In(Field::Issuer, Box::new(commerce)))
    ///     .filter(Clause::Dates("2025".parse::<Period>().unwrap()));
    /// ```
    #[must_use]
    pub fn filter(mut self, clause: Clause) -> Self {
        self.filters.push(clause);
        self
    }

    /// Restricts the hits to passages for which the value of `facet` is one of `values`, written as in
    /// [`SearchResults::facets`](crate::SearchResults::facets). After calls for several facets, a passage must satisfy
    /// the filter on every facet. A facet filter changes neither scores nor the interpretation of the query. A filter
    /// by one value therefore finds exactly as many passages and documents as the facet counted for this value.
    #[must_use]
    pub fn only<T: Into<String>>(
        mut self,
        facet: Facet,
        values: impl IntoIterator<Item = T>,
    ) -> Self {
        self.facet_filters.entry(facet).or_default().extend(values.into_iter().map(Into::into));
        self
    }

    /// Requests, for each of `facets`, the number of matches with each value. The results contain the numbers in
    /// [`SearchResults::facets`](crate::SearchResults::facets). A filter by [`only`](Self::only) does not restrict the
    /// numbers of the facet that it filters, so that a user can add another value or change the value. Exception: if
    /// the filter is a single folder of [`Facet::Source`], the facet counts the files and folders inside that folder.
    /// A repeated facet counts once.
    #[must_use]
    pub fn facets(mut self, facets: impl IntoIterator<Item = Facet>) -> Self {
        self.facets.clear();
        for facet in facets {
            if !self.facets.contains(&facet) {
                self.facets.push(facet);
            }
        }
        self
    }

    /// Sets the maximum number of values to return for each facet, 20 by default. Of the facets `year` and `month`, all
    /// values are returned regardless of this limit.
    #[must_use]
    pub const fn facet_limit(mut self, limit: usize) -> Self {
        self.facet_limit = limit;
        self
    }

    /// Sets the grouping of hits. By default hits are not grouped.
    #[must_use]
    pub const fn collapse(mut self, collapse: Collapse) -> Self {
        self.collapse = collapse;
        self
    }

    /// Sets the maximum number of passages that a hit shows of its document if hits are grouped by
    /// [`Collapse::Document`]: 1 by default. The best passage is the hit itself, the next best are in
    /// [`Hit::next_best`](crate::Hit::next_best).
    ///
    /// ```
    /// use gz_search::{Document, Index, Query, query::Collapse};
    ///
    /// let index = Index::in_memory();
    /// let writer = index.writer()?;
    /// writer.add(&Document::new("a", "A port.\n\nThe port opens.\n\nOne more port."))?;
    /// writer.commit()?;
    /// let query = Query::new("port").collapse(Collapse::Document).group_size(2);
    /// let release = &index.searcher()?.search(&query)?.hits[0];
    /// assert_eq!((release.next_best.len(), release.collapsed), (1, 1));
    /// # Ok::<(), gz_search::Error>(())
    /// ```
    #[must_use]
    pub fn group_size(mut self, passages: usize) -> Self {
        self.group_size = passages.max(1);
        self
    }

    /// Sets the order of hits. By default hits are sorted by score.
    #[must_use]
    pub const fn sort(mut self, sort: Sort) -> Self {
        self.sort = sort;
        self
    }

    /// Sets whether the search is strict, false by default. A strict search finds only what the query says. A search
    /// that is not strict also finds spelling variants, compounds, abbreviations and synonyms of the words. If such a
    /// search finds too little, the search also returns passages that lack a word, makes words optional, or corrects
    /// their spelling.
    #[must_use]
    pub const fn strict(mut self, strict: bool) -> Self {
        self.is_strict = strict;
        self
    }

    /// Sets whether the search also finds the synonyms of the words, from the [word
    /// lists](crate::Index::set_word_lists) of the user: true by default. A [strict](Self::strict) search finds no
    /// synonyms.
    #[must_use]
    pub const fn synonyms(mut self, synonyms: bool) -> Self {
        self.uses_synonyms = synonyms;
        self
    }

    /// Sets whether the last word of the query text may be unfinished, false by default. If the text ends in a letter
    /// of a word of at least two letters that is not Chinese, the search also finds the most frequent words of the
    /// index that begin with this word. A passage that contains the typed word itself scores higher. No note names the
    /// added words.
    ///
    /// ```
    /// use gz_search::{Document, Index, Query};
    ///
    /// let index = Index::in_memory();
    /// let writer = index.writer()?;
    /// writer.add(&Document::new("a", "The factory builds flying cars."))?;
    /// writer.commit()?;
    /// let searcher = index.searcher()?;
    /// let typed = Query::new("flying facto").strict(true).prefix_last(true);
    /// assert_eq!(searcher.search(&typed)?.hits.len(), 1);
    /// # Ok::<(), gz_search::Error>(())
    /// ```
    #[must_use]
    pub const fn prefix_last(mut self, prefix_last: bool) -> Self {
        self.last_word_is_unfinished = prefix_last;
        self
    }

    /// Sets whether to explain the score of each hit in [`Hit::explanation`](crate::Hit::explanation).
    #[must_use]
    pub const fn explain(mut self, explain: bool) -> Self {
        self.explains_scores = explain;
        self
    }

    /// Sets the parameters of the ranking function.
    ///
    /// ```
    /// use gz_search::{Query, query::Ranking};
    ///
    /// let mut ranking = Ranking::default();
    /// ranking.heading_weight = 0.0; // titles and headings do not rank
    /// let query = Query::new("tariffs").ranking(ranking);
    /// ```
    #[must_use]
    pub const fn ranking(mut self, ranking: Ranking) -> Self {
        self.ranking = ranking;
        self
    }

    /// Sets the maximum number of fragments in a snippet: 3 by default, at least 1.
    #[must_use]
    pub fn fragments(mut self, fragments: usize) -> Self {
        self.max_fragments = fragments.max(1);
        self
    }

    /// Sets the maximum number of hits to return, 10 by default. With 0 the search only counts matches.
    #[must_use]
    pub const fn limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// Sets the number of hits to skip at the start of the ranking, 0 by default.
    #[must_use]
    pub const fn offset(mut self, offset: usize) -> Self {
        self.offset = offset;
        self
    }

    /// Continues a search after the last hit of an earlier page. `cursor` is the value of
    /// [`next`](crate::SearchResults::next) in the results of the earlier page.
    #[must_use]
    pub fn cursor(mut self, cursor: impl Into<String>) -> Self {
        self.cursor = Some(cursor.into());
        self
    }

    /// Sets the maximum width of a snippet in terminal columns, 320 by default. A Han character takes two
    /// columns.
    #[must_use]
    pub const fn width(mut self, columns: usize) -> Self {
        self.max_snippet_columns = columns;
        self
    }

    /// Sets the time limit of the search. By default there is no limit. If the limit is reached, the search
    /// returns the hits so far with a note of [`NoteKind::Cut`].
    #[must_use]
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Returns the query text.
    pub fn text(&self) -> &str {
        &self.text
    }
}
