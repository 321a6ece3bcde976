//! Query text → [`Clause`] tree, with a [`Note`] on every repair and expansion. Plain data, no engine.

mod clause;
mod deadline;
mod escape;
mod facet;
mod field;
mod filter;
mod letter;
mod lex;
mod note;
mod parse;
mod pattern;
mod period;
mod plan;
mod proximity;
mod ranking;
mod relax;
mod tree;

pub use self::{
    clause::{Clause, Item, Sign},
    facet::Facet,
    field::Field,
    note::{Note, NoteKind},
    parse::parse,
    period::Period,
    ranking::{Ranking, UnknownParameter},
};
pub(crate) use self::{
    deadline::Deadline,
    filter::{Filter, matches_glob, matches_path},
    plan::plan_query,
    proximity::{PositionRange, in_order, near, near_count, places_in_order, same_sentence},
    relax::{phrases_to_words, relax},
    tree::{
        Alternative, ExpandedTerm, Leaf, LetterCase, MatchTree, PhraseSlot, QueryPlan, QueryToken,
        TermPattern, TextField,
    },
};

use std::{collections::BTreeMap, time::Duration};

use serde::Deserialize;

/// What comes first on a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    /// What answers the query best.
    #[default]
    Score,
    /// What was published last; documents without a date come after all others.
    Date,
}

/// Which passages stand for others on a page. Limit, offset and cursor count those that are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Collapse {
    /// None does: every passage is a hit.
    #[default]
    None,
    /// The best of each document.
    Document,
    /// The best of those that say nearly the same, in any document. [`Hit::also`](crate::Hit::also)
    /// says which other documents do.
    Near,
}

/// What to search for and which page of it to return.
///
/// ```
/// use gz_search::Query;
///
/// let query = Query::new("\"flying car\" factory").limit(5).offset(10);
/// assert_eq!(query.text(), "\"flying car\" factory");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    pub(crate) text: String,
    pub(crate) filters: Vec<Clause>,
    pub(crate) only: BTreeMap<Facet, Vec<String>>,
    pub(crate) facets: Vec<Facet>,
    pub(crate) facet_limit: usize,
    pub(crate) limit: usize,
    pub(crate) offset: usize,
    pub(crate) cursor: Option<String>,
    pub(crate) collapse: Collapse,
    pub(crate) sort: Sort,
    pub(crate) strict: bool,
    pub(crate) explain: bool,
    pub(crate) ranking: Ranking,
    pub(crate) width: usize,
    pub(crate) fragments: usize,
    pub(crate) timeout: Option<Duration>,
}

impl Query {
    /// The first ten hits for `text`. Any text is valid; what cannot be parsed is searched as words.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            filters: Vec::new(),
            only: BTreeMap::new(),
            facets: Vec::new(),
            facet_limit: 20,
            limit: 10,
            offset: 0,
            cursor: None,
            collapse: Collapse::None,
            sort: Sort::Score,
            strict: false,
            explain: false,
            ranking: Ranking::default(),
            width: 320,
            fragments: 3,
            timeout: None,
        }
    }

    /// Only passages of which the clause holds; it ranks nothing. Several filters must all hold.
    ///
    /// ```
    /// use gz_search::{Query, query::{Clause, Field, Period}};
    ///
    /// let commerce = Clause::Phrase { text: "Bureau of Commerce".to_owned(), gap: 0 };
    /// let query = Query::new("exports")
    ///     .filter(Clause::In(Field::Issuer, Box::new(commerce)))
    ///     .filter(Clause::Dates(Period::parse("2025").unwrap()));
    /// ```
    #[must_use]
    pub fn filter(mut self, clause: Clause) -> Self {
        self.filters.push(clause);
        self
    }

    /// Only passages whose value of `facet` is one of `values`, exactly as
    /// [`SearchResults::facets`](crate::SearchResults::facets) gives them. Of several facets all must
    /// hold. It ranks nothing and never changes how the query is read: a value that was counted, chosen
    /// in place of what else was chosen of its facet, gives just as many passages and documents.
    #[must_use]
    pub fn only<T: Into<String>>(
        mut self,
        facet: Facet,
        values: impl IntoIterator<Item = T>,
    ) -> Self {
        self.only.entry(facet).or_default().extend(values.into_iter().map(Into::into));
        self
    }

    /// Count how many matches have which value of these, in
    /// [`SearchResults::facets`](crate::SearchResults::facets). What is [chosen](Self::only) of a facet
    /// does not narrow its own counts, so that another can be chosen beside it or instead. A single
    /// folder chosen of [`Facet::Source`] does: what is counted then lies in it.
    #[must_use]
    pub fn facets(mut self, facets: impl IntoIterator<Item = Facet>) -> Self {
        self.facets = facets.into_iter().collect();
        self
    }

    /// How many values of each facet to return, 20 where nothing is said; years are always all there.
    #[must_use]
    pub const fn facet_limit(mut self, limit: usize) -> Self {
        self.facet_limit = limit;
        self
    }

    /// Which passages stand for others.
    #[must_use]
    pub const fn collapse(mut self, collapse: Collapse) -> Self {
        self.collapse = collapse;
        self
    }

    /// What comes first.
    #[must_use]
    pub const fn sort(mut self, sort: Sort) -> Self {
        self.sort = sort;
        self
    }

    /// Find nothing rather than something looser: a query without matches is not asked again with fewer
    /// demands or in another spelling.
    #[must_use]
    pub const fn strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }

    /// Say of each hit what its score is made of, in [`Hit::explanation`](crate::Hit::explanation).
    #[must_use]
    pub const fn explain(mut self, explain: bool) -> Self {
        self.explain = explain;
        self
    }

    /// What the parts of the score count.
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

    /// How many stretches of a passage a snippet may have, at least one.
    #[must_use]
    pub fn fragments(mut self, fragments: usize) -> Self {
        self.fragments = fragments.max(1);
        self
    }

    /// How many hits to return; 0 only counts.
    #[must_use]
    pub const fn limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// How many of the best hits to leave out.
    #[must_use]
    pub const fn offset(mut self, offset: usize) -> Self {
        self.offset = offset;
        self
    }

    /// Continue after the page that returned `cursor` as its [`next`](crate::SearchResults::next).
    #[must_use]
    pub fn cursor(mut self, cursor: impl Into<String>) -> Self {
        self.cursor = Some(cursor.into());
        self
    }

    /// How wide a snippet may be, in columns of a terminal: a Han character takes two.
    #[must_use]
    pub const fn snippet_width(mut self, columns: usize) -> Self {
        self.width = columns;
        self
    }

    /// How long a search may take; any time where nothing is said. What is over is cut, and a note says so:
    /// [`NoteKind::Cut`].
    #[must_use]
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// The query text.
    pub fn text(&self) -> &str {
        &self.text
    }
}
