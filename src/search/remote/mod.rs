//! An index of which only a part is here: what a search has to know of the whole, asked of the engine that
//! keeps it.
//!
//! The same search that runs over a whole index runs over a part of it: a page of passages, fetched. What it
//! cannot tell from them (how often a word occurs, which other passages match) it takes to be as it mostly is,
//! and asks. All open questions make one round trip; then it runs again with the answers, until none is open.
//! Where everything is as it mostly is, one round trip does.

mod needed_terms;

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use self::needed_terms::needed;
use super::{
    Searcher,
    expansion::{TermFrequencies, stem_of},
    facets::FacetTally,
    ranking::{CollectionStats, ScoringTerm, ScoringTermKind, scoring_terms},
    reader::{FastFields, SegmentView},
};
use crate::{
    analysis::{Analysis, Analyzer, stem},
    error::{Error, Result},
    index::{self, Entry, IndexedSubset},
    query::{
        Alternative, Collapse, ExpandedTerm, Facet, PhraseSlot, Query, QueryPlan, Ranking, Sort,
        TermPattern, TextField,
    },
};

/// So many passages are fetched at least: what the engine takes for the best is seldom further down.
const LEAST_FETCHED: usize = 100;
/// No more than that are: engines refuse to go deeper.
pub(crate) const MOST_FETCHED: usize = 10_000;
/// Where a page is not filled by what was fetched, so many times as many are.
const WIDENING: usize = 4;
/// A search asks so many times at most.
const MOST_ROUNDS: usize = 16;

/// What keeps an index that is not here.
pub(crate) trait RemoteIndex: Send + Sync {
    /// The answers to questions, in their order; none where others had better be known first.
    fn ask(&self, questions: &[RemoteQuestion]) -> Result<Vec<Option<RemoteAnswer>>>;
}

/// What is counted.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum CountedTerms {
    /// Passages in which one of the variants occurs. Of a word in any form, the forms with its own stem are not
    /// listed.
    Variants(TextField, Vec<Alternative>),
    /// Passages with two Han characters side by side.
    Pair(String),
}

/// Which terms are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Vocabulary {
    /// Those of the words of a scope.
    Words(TextField),
    /// Those of definitions of abbreviations.
    Definitions,
}

/// How terms look.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum TermShape {
    Stem(String),
    Prefix(String),
    Glob(String),
    /// As the crate `regex` reads it, for whole terms.
    Regex(String),
    Fuzzy {
        term: String,
        edits: u8,
    },
}

/// What is asked of the whole.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum RemoteQuestion {
    /// How many passages there are, and positions in them.
    Collection,
    /// Terms: at least all that look so, and maybe some that no passage has any more.
    Terms(Vocabulary, TermShape),
    /// How many passages have each of some terms.
    Frequencies(Vocabulary, Vec<String>),
    /// How many passages there are with something.
    Passages(CountedTerms),
    /// What matches.
    Matches(Box<RemoteQuery>),
    /// All entries of a document.
    Document(String),
    /// The records of all source files.
    Sources,
}

/// A query as it is sent to the engine.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RemoteQuery {
    pub(crate) query: QueryPlan,
    /// What is chosen of facets: it narrows the page, not what is counted.
    pub(crate) only: BTreeMap<Facet, Vec<String>>,
    /// What ranks, with its weight.
    pub(crate) features: Vec<(f64, CountedTerms)>,
    pub(crate) ranking: Ranking,
    pub(crate) by_date: bool,
    /// So many of the best are wanted.
    pub(crate) keep: usize,
    pub(crate) facets: Vec<Facet>,
}

/// What is answered.
#[derive(Debug, Clone)]
pub(crate) enum RemoteAnswer {
    Collection { passages: u64, positions: u64 },
    Terms(Vec<String>),
    Frequencies(TermFrequencies),
    Passages(u64),
    Matches(FetchedPassages),
    Entries(Vec<Entry>),
}

/// What an engine found.
#[derive(Debug, Clone, Default)]
pub(crate) struct FetchedPassages {
    pub(crate) totals: MatchTotals,
    /// Whether the entries are all that match, and maybe more: then they are counted here.
    pub(crate) is_all: bool,
    /// The best passages, by the engine's own score, with the records of their documents.
    pub(crate) entries: Vec<Entry>,
}

/// How much of the whole matches.
#[derive(Debug, Clone, Default)]
pub(crate) struct MatchTotals {
    /// Passages that the query finds.
    pub(crate) found: u64,
    /// Those of them that have what is chosen of facets.
    pub(crate) chosen: u64,
    /// The documents that these are of.
    pub(crate) documents: u64,
    /// How many parts of the whole did not answer, of how many.
    pub(crate) missing: Option<(u64, u64)>,
    pub(crate) facets: BTreeMap<Facet, FacetTally>,
}

/// What is known of the whole while a search runs.
#[derive(Debug, Default)]
pub(crate) struct RemoteStatistics {
    answers: Vec<(RemoteQuestion, RemoteAnswer)>,
    open: Mutex<Vec<RemoteQuestion>>,
    /// So many passages are to be fetched at least.
    keep: AtomicUsize,
    /// Whether more is looked up in what is here than the questions name.
    looked_through: AtomicBool,
}

impl RemoteStatistics {
    fn asked<T>(
        &self,
        question: RemoteQuestion,
        usual: T,
        read: impl FnOnce(&RemoteAnswer) -> Option<T>,
    ) -> T {
        if let Some((_, answer)) = self.answers.iter().find(|(known, _)| *known == question) {
            return read(answer).unwrap_or(usual);
        }
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if !open.contains(&question) {
            open.push(question);
        }
        usual
    }

    /// The terms that look so, and maybe some that do not, with the number of passages that have each; mostly
    /// none look so, and those that do mostly occur.
    pub(super) fn terms(&self, vocabulary: Vocabulary, shape: TermShape) -> TermFrequencies {
        let question = RemoteQuestion::Terms(vocabulary, shape);
        let terms = self.asked(question, Vec::new(), |answer| match answer {
            RemoteAnswer::Terms(terms) => Some(terms.clone()),
            _ => None,
        });
        if terms.is_empty() {
            return TermFrequencies::new();
        }
        // Once they are known they can be searched for, while they are counted.
        let usual = terms.iter().map(|term| (term.clone(), 1)).collect();
        let question = RemoteQuestion::Frequencies(vocabulary, terms);
        self.asked(question, usual, |answer| match answer {
            RemoteAnswer::Frequencies(terms) => Some(terms.clone()),
            _ => None,
        })
    }

    /// How many passages there are with something.
    pub(super) fn passages(&self, what: CountedTerms, usual: u64) -> u64 {
        self.asked(RemoteQuestion::Passages(what), usual, |answer| match answer {
            RemoteAnswer::Passages(count) => Some(*count),
            _ => None,
        })
    }

    /// Whether a variant occurs; what is asked for mostly does.
    pub(super) fn occurs(&self, scope: TextField, variants: &[Alternative]) -> bool {
        self.passages(CountedTerms::of(scope, variants), 1) > 0
    }

    /// Sees that the passages of a document are here.
    pub(super) fn document(&self, id: &str) {
        self.asked(RemoteQuestion::Document(id.to_owned()), (), |_| Some(()));
    }

    /// Sees that the records of source files are here.
    pub(super) fn sources(&self) {
        self.asked(RemoteQuestion::Sources, (), |_| Some(()));
    }

    fn collection(&self) -> CollectionStats {
        let usual = CollectionStats { passages: 1, positions: 1 };
        self.asked(RemoteQuestion::Collection, usual, |answer| match *answer {
            RemoteAnswer::Collection { passages, positions } => {
                Some(CollectionStats { passages, positions })
            }
            _ => None,
        })
    }

    /// Sees that the best matches are here. Returns how many there are of all; none where all of them are here.
    pub(super) fn matches(
        &self,
        query: &QueryPlan,
        only: &BTreeMap<Facet, Vec<String>>,
        asked: &Query,
    ) -> Option<Arc<MatchTotals>> {
        let sought = RemoteQuery {
            query: without_forms(query),
            only: only.clone(),
            features: scoring_terms(query, &asked.ranking)
                .into_iter()
                .map(|feature| (feature.weight, CountedTerms::counted(&feature, query)))
                .collect(),
            ranking: asked.ranking,
            by_date: asked.sort == Sort::Date,
            keep: self.fetched(asked),
            facets: asked.facets.clone(),
        };
        // Something is found as a rule, and none of it is here yet.
        let usual = Some(Arc::new(MatchTotals { found: 1, ..MatchTotals::default() }));
        self.asked(RemoteQuestion::Matches(Box::new(sought)), usual, |answer| match answer {
            RemoteAnswer::Matches(found) if found.is_all => Some(None),
            RemoteAnswer::Matches(found) => Some(Some(Arc::new(found.totals.clone()))),
            _ => None,
        })
    }

    /// How many of the best passages are fetched for a page.
    fn fetched(&self, query: &Query) -> usize {
        if query.limit == 0 {
            return 0;
        }
        let end = query.offset.saturating_add(query.limit);
        let fetched = match query.collapse {
            Collapse::None => end.saturating_add(end / 2),
            Collapse::Document | Collapse::Near => end.saturating_mul(WIDENING),
        };
        fetched.max(LEAST_FETCHED).max(self.keep.load(Ordering::Relaxed)).min(MOST_FETCHED)
    }

    /// Fetches `keep` passages at least, in one more round where they were fewer.
    pub(super) fn want(&self, keep: usize) {
        self.keep.fetch_max(keep.min(MOST_FETCHED), Ordering::Relaxed);
    }

    /// Fetches more, where a page is not full and there are more.
    pub(super) fn want_more(&self, query: &Query) {
        self.want(self.fetched(query).saturating_mul(WIDENING));
    }

    /// Has all be found that is here, in one more pass where it was not.
    pub(super) fn look_through(&self) {
        self.looked_through.store(true, Ordering::Relaxed);
    }

    /// What is looked up in what is here.
    fn needed(&self) -> IndexedSubset {
        if self.looked_through.load(Ordering::Relaxed) {
            return IndexedSubset::everything();
        }
        needed(self.answers.iter().map(|(question, _)| question))
    }

    fn fetched_entries(&self) -> impl Iterator<Item = &Entry> {
        let answers = self.answers.iter().filter_map(|(_, answer)| match answer {
            RemoteAnswer::Entries(entries)
            | RemoteAnswer::Matches(FetchedPassages { entries, .. }) => Some(entries),
            _ => None,
        });
        answers.flatten()
    }

    /// All entries that were fetched, each once.
    fn entries(&self) -> Vec<Entry> {
        let mut entries: BTreeMap<(&str, &str, Option<u64>), &Entry> = BTreeMap::new();
        for entry in self.fetched_entries() {
            let ordinal = entry.ordinal.first().copied();
            entries.insert((&entry.document, &entry.origin, ordinal), entry);
        }
        entries.into_values().cloned().collect()
    }
}

impl CountedTerms {
    /// Passages with one of the variants.
    pub(super) fn of(scope: TextField, variants: &[Alternative]) -> Self {
        let mut variants = variants.to_vec();
        let slots = variants.iter_mut().flat_map(|variant| &mut variant.slots);
        slots.for_each(bare);
        Self::Variants(scope, variants)
    }

    /// What a feature counts.
    pub(super) fn counted(feature: &ScoringTerm<'_>, query: &QueryPlan) -> Self {
        let one = |term: &str| Alternative::phrase(vec![PhraseSlot::term(0, term)]);
        match &feature.kind {
            ScoringTermKind::Leaf(leaf) => match query.leaves.get(*leaf) {
                Some(leaf) => Self::of(leaf.field, &leaf.alternatives),
                None => Self::of(TextField::Body, &[]),
            },
            ScoringTermKind::Unstemmed(term) => Self::of(TextField::Body, &[one(term)]),
            ScoringTermKind::Bigram(pair) => Self::Pair(pair.clone()),
            ScoringTermKind::AdjacentPair(_, variant) => {
                Self::of(TextField::Body, std::slice::from_ref(variant))
            }
        }
    }
}

/// The query without what depends on the part that is here, or on how often its words occur.
fn without_forms(query: &QueryPlan) -> QueryPlan {
    let mut query = query.clone();
    let leaves = query.leaves.iter_mut();
    let variants = leaves.flat_map(|leaf| &mut leaf.alternatives);
    variants.flat_map(|variant| &mut variant.slots).for_each(bare);
    query
}

/// Leaves out the forms that a word has of itself, and orders the others by nothing but their letters.
fn bare(slot: &mut PhraseSlot) {
    if let TermPattern::Stem { stem: own, .. } = &slot.pattern {
        slot.terms.retain(|form| stem(&form.term) != own.as_str());
    }
    slot.terms.sort_by(|a, b| a.term.cmp(&b.term));
}

/// Adds the forms of the words of a query that a text has: the part that is here may lack them.
pub(super) fn add_forms(query: &mut QueryPlan, text: &str, analyzer: &Analyzer) {
    let mut analysis = Analysis::default();
    analyzer.tokens(text, &mut analysis);
    let slots = query.leaves.iter_mut().flat_map(|leaf| &mut leaf.alternatives);
    for slot in slots.flat_map(|variant| &mut variant.slots) {
        let TermPattern::Stem { stem: own, .. } = &slot.pattern else { continue };
        for term in analysis.tokens.iter().map(|token| analysis.term(token)) {
            if stem_of(term) == own.as_str() && slot.terms.iter().all(|form| form.term != term) {
                slot.terms.push(ExpandedTerm { term: term.to_owned(), weight: 1.0 });
            }
        }
    }
}

impl SegmentView<'_> {
    /// Where the terms of a field are asked for.
    pub(super) fn vocabulary(&self, field: tantivy::schema::Field) -> Vocabulary {
        let scopes = [TextField::Title, TextField::Heading, TextField::Issuer, TextField::Speaker];
        if field == self.fields.ranking_terms {
            return Vocabulary::Definitions;
        }
        let scope = scopes.into_iter().find(|&scope| self.field(scope) == field);
        Vocabulary::Words(scope.unwrap_or(TextField::Body))
    }
}

/// The whole that segments are a part of.
pub(super) fn whole_of<'a>(segments: &[SegmentView<'a>]) -> Option<&'a RemoteStatistics> {
    segments.first().and_then(|segment| segment.whole)
}

impl Searcher {
    /// A searcher of an index that an engine keeps: of this name, and all paths of files begin with `root`.
    #[cfg(feature = "cluster")]
    pub(crate) fn of_engine(
        engine: Arc<dyn RemoteIndex>,
        analyzer: Analyzer,
        version: String,
        root: String,
    ) -> Result<Self> {
        let mut searcher = Self::part(Arc::default(), analyzer)?;
        searcher.version = version.into();
        searcher.root = Arc::new(std::sync::OnceLock::from(root));
        (searcher.engine, searcher.whole) = (Some(engine), None);
        Ok(searcher)
    }

    /// A searcher of what was fetched of a whole.
    fn part(whole: Arc<RemoteStatistics>, analyzer: Analyzer) -> Result<Self> {
        let mut entries = whole.entries();
        if entries.is_empty() {
            // Without any entry there would be no segment to look things up in.
            entries.push(Entry::default());
        }
        let snapshot = index::remote::snapshot_of(entries, whole.needed(), analyzer)?;
        let columns = snapshot.inner.segment_readers().iter().map(FastFields::open_part);
        let columns = columns.collect::<Result<_>>()?;
        let collection = whole.collection();
        Ok(Self { whole: Some(whole), ..Self::new(snapshot, columns, collection) })
    }

    /// Does something with the whole index: here, or in rounds with the engine that keeps it.
    pub(super) fn through<T>(&self, work: impl Fn(&Self) -> Result<T>) -> Result<T> {
        let Some(engine) = &self.engine else { return work(self) };
        let mut answers = Vec::new();
        let (mut keep, mut looked_through) = (0, false);
        for _ in 0..MOST_ROUNDS {
            let whole = Arc::new(RemoteStatistics {
                answers,
                open: Mutex::default(),
                keep: keep.into(),
                looked_through: looked_through.into(),
            });
            let part = if whole.fetched_entries().next().is_none() {
                // Nothing was fetched yet, as when this searcher was made.
                let (collection, whole) = (whole.collection(), Some(Arc::clone(&whole)));
                Self { engine: None, collection, whole, ..self.clone() }
            } else {
                let part = Self::part(Arc::clone(&whole), self.analyzer.clone())?;
                Self { version: Arc::clone(&self.version), root: Arc::clone(&self.root), ..part }
            };
            let done = work(&part);
            drop(part);
            let Some(whole) = Arc::into_inner(whole) else { break };
            let open = whole.open.into_inner().unwrap_or_else(PoisonError::into_inner);
            let wanted = (whole.keep.into_inner(), whole.looked_through.into_inner());
            if done.is_err() || open.is_empty() && wanted == (keep, looked_through) {
                return done;
            }
            answers = whole.answers;
            (keep, looked_through) = wanted;
            if !open.is_empty() {
                let new = engine.ask(&open)?;
                let new = open.into_iter().zip(new);
                answers.extend(new.filter_map(|(question, answer)| Some((question, answer?))));
            }
        }
        Err(Error::Engine("the cluster answers differently each time it is asked".into()))
    }
}
