//! Query plan: the query leaves (words, phrases and patterns), and the Boolean tree over them. Search executes the
//! plan, and highlighting evaluates the plan.

use super::filter::Filter;
use crate::fact::FactPattern;

/// Text in which a query leaf (a word, phrase or pattern) is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum TextField {
    /// Text of the passage, preceded by the title and headings directly above the passage.
    Body,
    Title,
    Heading,
    Issuer,
    Speaker,
}

/// Query leaf: a word, a phrase or a pattern, which is matched against the tokens of one text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Leaf {
    pub(crate) field: TextField,
    /// Alternative phrases. A match of any alternative is a match of the query leaf. The first alternative is the
    /// phrase of the query itself; query expansion adds further alternatives.
    pub(crate) alternatives: Vec<Alternative>,
    /// Further phrases that match only in a loose plan: the day and month of a date without its year. A passage with
    /// such a phrase is no full match.
    pub(crate) loose_alternatives: Vec<Alternative>,
    /// Factor on the score of the query leaf. The factor is 0 for filters.
    pub(crate) boost: f64,
    /// Whether the query leaf is outside of every NOT. A query leaf inside a NOT adds no score and is not highlighted.
    pub(crate) is_outside_not: bool,
    /// Position of the first token of the query leaf in the query.
    pub(crate) position: u32,
    /// Number of token positions in the query that the query leaf covers. Two query leaves share one highlight if they
    /// are adjacent both in the query and in the passage.
    pub(crate) position_count: u32,
    /// The query leaf as the query text spells it.
    pub(crate) label: String,
}

/// Phrase that a query leaf may match: slots for terms, in order. A single word is a phrase with one slot.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Alternative {
    pub(crate) slots: Vec<PhraseSlot>,
    /// Whether the slots are adjacent Han characters, so that the text must contain every bigram of the slots.
    pub(crate) is_contiguous: bool,
    /// Number of other words allowed between the words of the phrase, in total.
    pub(crate) slop: u32,
    /// Relation of the phrase to the words of the query. An occurrence of a phrase that is not in the query scores
    /// less.
    pub(crate) origin: PhraseOrigin,
}

/// Relation of an [`Alternative`] of a query leaf to the words of the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PhraseOrigin {
    /// The words of the query, in any inflection or notation.
    Query,
    /// Another spelling: another character, or the Chinese word of a word in pinyin.
    OtherSpelling,
    /// A synonym from the word lists of the user.
    Synonym,
}

/// Slot of an [`Alternative`]: a pattern, and the terms that may occur at this position of the phrase.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PhraseSlot {
    /// Distance from the first slot of the phrase, in token positions.
    pub(crate) offset: u32,
    pub(crate) pattern: TermPattern,
    /// Terms of the index that match `pattern`. Empty until query expansion adds them, except for an exact term.
    pub(crate) terms: Vec<ExpandedTerm>,
}

/// Pattern that the term in a [`PhraseSlot`] must match.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum TermPattern {
    /// Exactly this term.
    Term(String),
    /// Every term with the stem `stem`. `term` is the word in the query.
    Stem { term: String, stem: String },
    /// Every term that matches a pattern with `*` and `?`.
    Wildcard(String),
    /// Every term that a regular expression matches as a whole.
    Regex(String),
    /// Every term within the edit distance `edits` of `term`.
    Fuzzy { term: String, edits: u8 },
    /// Every term of a quantity or a period that `pattern` selects.
    Fact {
        /// The figure or period as the query text spells it.
        label: String,
        pattern: FactPattern,
        /// Term of the number without its unit. A passage that contains this term but not the quantity is no full
        /// match; it can only follow the full matches. `None` for a period, a quantity of `figure:` and a quantity
        /// without such a number.
        bare_number: Option<String>,
    },
}

/// Term of the index that matches the pattern of a [`PhraseSlot`].
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ExpandedTerm {
    pub(crate) term: String,
    /// Weight of an occurrence of the term: 1 for an inflected form of the query word, less for another spelling.
    pub(crate) weight: f32,
}

impl TermPattern {
    /// Returns the word or pattern as the query contains it.
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Term(term) | Self::Stem { term, .. } | Self::Fuzzy { term, .. } => term,
            Self::Wildcard(pattern) | Self::Regex(pattern) => pattern,
            Self::Fact { label, .. } => label,
        }
    }
}

impl PhraseSlot {
    /// Returns a slot for exactly the term `term`, which needs no expansion.
    pub(crate) fn term(offset: u32, term: &str) -> Self {
        let terms = vec![ExpandedTerm { term: term.to_owned(), weight: 1.0 }];
        Self { offset, pattern: TermPattern::Term(term.to_owned()), terms }
    }

    /// Returns a slot for every term that matches `pattern`. The list of terms is empty; query expansion fills it.
    pub(crate) const fn pattern(offset: u32, pattern: TermPattern) -> Self {
        Self { offset, pattern, terms: Vec::new() }
    }
}

impl PhraseOrigin {
    /// Returns the weight of an occurrence of a phrase with this origin.
    pub(crate) const fn weight(self) -> f32 {
        match self {
            Self::Query => 1.0,
            Self::OtherSpelling => 0.5,
            Self::Synonym => 0.8,
        }
    }
}

impl Alternative {
    /// Returns the phrase of these slots, spelled as in the query and without slop.
    pub(crate) const fn phrase(slots: Vec<PhraseSlot>) -> Self {
        Self { slots, is_contiguous: false, slop: 0, origin: PhraseOrigin::Query }
    }

    /// Returns the phrase of these slots, which are adjacent Han characters, spelled as in the query and without slop.
    pub(crate) fn contiguous(slots: Vec<PhraseSlot>) -> Self {
        Self { is_contiguous: true, ..Self::phrase(slots) }
    }
}

impl Leaf {
    /// Returns whether the query leaf adds to the score.
    pub(crate) fn adds_score(&self) -> bool {
        self.is_outside_not && self.boost > 0.0
    }

    /// Returns the number of the query leaf without its unit, as a term, if the query leaf is a quantity. `None` for
    /// any other query leaf.
    pub(crate) fn bare_number(&self) -> Option<&str> {
        let slots = self.alternatives.iter().flat_map(|alternative| &alternative.slots);
        let mut numbers = slots.filter_map(|slot| match &slot.pattern {
            TermPattern::Fact { bare_number, .. } => bare_number.as_deref(),
            _ => None,
        });
        numbers.next()
    }

    /// Returns the query word if the query leaf is a single stemmed word. `None` for phrases and patterns. Ignores the
    /// alternatives that query expansion has added.
    pub(crate) fn single_word(&self) -> Option<&str> {
        let [Alternative { slots, .. }, ..] = &self.alternatives[..] else { return None };
        match &slots[..] {
            [PhraseSlot { pattern: TermPattern::Stem { term, .. }, .. }] => Some(term),
            _ => None,
        }
    }
}

/// Boolean tree over query leaves (words, phrases and patterns) that a passage must match.
///
/// A new kind of node must be added to [`children`](Self::children) and [`children_mut`](Self::children_mut). Every
/// other `match` on this type names all kinds, so that the compiler reports each `match` to change.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum MatchTree {
    /// Matches every passage.
    Everything,
    /// Matches passages that match one query leaf. The number is the index of the leaf in [`QueryPlan::leaves`].
    Leaf(usize),
    /// Matches passages that match every subtree.
    All(Vec<Self>),
    /// Matches passages that match at least one of the subtrees. Matches no passage if there are no subtrees.
    Any(Vec<Self>),
    /// Words side by side. Matches passages that match every subtree, at least one of them in the passage text. Unlike
    /// in [`All`](Self::All), a query leaf also matches by the title of the document or a heading above the passage.
    AllWithHeadings(Vec<Self>),
    /// Matches passages that do not match the subtree.
    Not(Box<Self>),
    /// Matches passages that match `required`. Matches of `optional` only add to the score.
    Prefer { required: Box<Self>, optional: Box<Self> },
    /// Matches texts with a match of each operand and at most `distance` words between successive matches. If
    /// `distance` is `None`, all matches must be in one sentence. Each operand is a list of indexes of query leaves,
    /// one of which must match.
    Near { operands: Vec<Vec<usize>>, distance: Option<u32> },
    /// Matches passages of documents whose metadata satisfies the filter.
    Filter(Filter),
}

impl MatchTree {
    /// Returns the direct subtrees of the node, in query order.
    pub(crate) fn children(&self) -> impl Iterator<Item = &Self> {
        let (subtrees, first_subtree, second_subtree): (&[Self], Option<&Self>, Option<&Self>) =
            match self {
                Self::All(trees) | Self::Any(trees) | Self::AllWithHeadings(trees) => {
                    (trees, None, None)
                }
                Self::Not(tree) => (&[], Some(tree), None),
                Self::Prefer { required, optional } => (&[], Some(required), Some(optional)),
                Self::Everything | Self::Leaf(_) | Self::Near { .. } | Self::Filter(_) => {
                    (&[], None, None)
                }
            };
        subtrees.iter().chain(first_subtree).chain(second_subtree)
    }

    /// Returns mutable references to the direct subtrees of the node, in query order.
    pub(crate) fn children_mut(&mut self) -> impl Iterator<Item = &mut Self> {
        let (subtrees, first_subtree, second_subtree): (
            &mut [Self],
            Option<&mut Self>,
            Option<&mut Self>,
        ) = match self {
            Self::All(trees) | Self::Any(trees) | Self::AllWithHeadings(trees) => {
                (trees, None, None)
            }
            Self::Not(tree) => (&mut [], Some(tree), None),
            Self::Prefer { required, optional } => (&mut [], Some(required), Some(optional)),
            Self::Everything | Self::Leaf(_) | Self::Near { .. } | Self::Filter(_) => {
                (&mut [], None, None)
            }
        };
        subtrees.iter_mut().chain(first_subtree).chain(second_subtree)
    }

    /// Calls `visit` with the index of every query leaf in the tree, in query order. Includes the operands of NEAR.
    pub(crate) fn for_each_leaf_index(&self, visit: &mut impl FnMut(usize)) {
        match self {
            Self::Leaf(leaf) => visit(*leaf),
            Self::Near { operands, .. } => operands.iter().flatten().for_each(|&leaf| visit(leaf)),
            Self::Everything
            | Self::All(_)
            | Self::Any(_)
            | Self::AllWithHeadings(_)
            | Self::Not(_)
            | Self::Prefer { .. }
            | Self::Filter(_) => {}
        }
        for child in self.children() {
            child.for_each_leaf_index(visit);
        }
    }

    /// Calls `visit` with every filter in the tree, in query order.
    pub(crate) fn for_each_filter_mut(&mut self, visit: &mut impl FnMut(&mut Filter)) {
        if let Self::Filter(filter) = self {
            visit(filter);
        }
        for child in self.children_mut() {
            child.for_each_filter_mut(visit);
        }
    }

    /// Returns whether the tree contains a condition on a declared field.
    pub(crate) fn has_declared_field_filter(&self) -> bool {
        matches!(self, Self::Filter(Filter::Declared { .. }))
            || self.children().any(Self::has_declared_field_filter)
    }

    /// Returns whether the tree contains the node `Leaf(leaf)`. Operands of NEAR do not count.
    pub(crate) fn has_leaf_node(&self, leaf: usize) -> bool {
        *self == Self::Leaf(leaf) || self.children().any(|child| child.has_leaf_node(leaf))
    }

    /// Replaces each node `Leaf(leaf)` by `tree`. Does not change operands of NEAR.
    pub(crate) fn replace_leaf_nodes(&mut self, leaf: usize, tree: &Self) {
        if *self == Self::Leaf(leaf) {
            *self = tree.clone();
            return;
        }
        for child in self.children_mut() {
            child.replace_leaf_nodes(leaf, tree);
        }
    }

    /// Lets a match of `alternative` suffice in place of matches of `leaves`, which stand side by side in the tree.
    /// Does not change operands of NEAR.
    pub(crate) fn add_alternative(&mut self, leaves: &[usize], alternative: &Self) {
        if leaves.is_empty() {
            return;
        }
        let is_run = |trees: &[Self]| {
            trees.iter().zip(leaves).all(|(tree, leaf)| *tree == Self::Leaf(*leaf))
        };
        let run_start = |trees: &[Self]| trees.windows(leaves.len()).position(is_run);
        let join = if matches!(self, Self::All(_)) { Self::All } else { Self::AllWithHeadings };
        match self {
            Self::Leaf(leaf) if leaves == [*leaf] => {
                *self = Self::Any(vec![Self::Leaf(*leaf), alternative.clone()]);
                return;
            }
            Self::Any(trees) if run_start(trees).is_some() => {
                trees.push(alternative.clone());
                return;
            }
            Self::All(trees) | Self::AllWithHeadings(trees) => {
                if let Some(start) = run_start(trees) {
                    let mut run: Vec<Self> = trees.drain(start..start + leaves.len()).collect();
                    let run = if run.len() == 1 { run.remove(0) } else { join(run) };
                    trees.insert(start, Self::Any(vec![run, alternative.clone()]));
                    if trees.len() == 1 {
                        *self = trees.remove(0);
                    }
                    return;
                }
            }
            _ => {}
        }
        for child in self.children_mut() {
            child.add_alternative(leaves, alternative);
        }
    }

    /// Returns the tree that matches if all `trees` match. A single tree is returned unchanged.
    pub(super) fn conjunction(mut trees: Vec<Self>) -> Self {
        if trees.len() == 1 { trees.remove(0) } else { Self::All(trees) }
    }

    /// Returns the [`AllWithHeadings`](Self::AllWithHeadings) tree of `trees`. If one of `trees` is itself a
    /// `AllWithHeadings` tree, its subtrees replace that tree. A single tree is returned unchanged.
    pub(super) fn flat_all_with_headings(trees: Vec<Self>) -> Self {
        let mut subtrees = Vec::with_capacity(trees.len());
        for tree in trees {
            match tree {
                Self::AllWithHeadings(inner) => subtrees.extend(inner),
                other => subtrees.push(other),
            }
        }
        if subtrees.len() == 1 { subtrees.remove(0) } else { Self::AllWithHeadings(subtrees) }
    }

    /// Returns the tree that matches if any of `trees` matches. A single tree is returned unchanged.
    pub(super) fn disjunction(mut trees: Vec<Self>) -> Self {
        if trees.len() == 1 { trees.remove(0) } else { Self::Any(trees) }
    }
}

/// Analyzed query, which search executes and highlighting evaluates.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct QueryPlan {
    pub(crate) tree: MatchTree,
    /// Query leaves (words, phrases and patterns), in query order.
    pub(crate) leaves: Vec<Leaf>,
    /// Tokens of the query that are searched in the body and add to the score, including stop words, sorted by
    /// position.
    pub(crate) tokens: Vec<QueryToken>,
    /// Stop words of the query that no query leaf searches, as the query spells them.
    pub(crate) unsearched_stop_words: Vec<String>,
    /// Synonyms of words of the query. Query expansion adds the synonyms that occur in the index to the leaves.
    pub(crate) synonyms: Vec<QuerySynonyms>,
    /// Texts of the query that may be numbers of documents.
    pub(crate) document_numbers: Vec<QueryDocumentNumber>,
}

/// Text of the query that may be the number of a document.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct QueryDocumentNumber {
    /// Indexes of the query leaves of the text.
    pub(crate) leaves: Vec<usize>,
    /// The text as the query spells it.
    pub(crate) label: String,
}

/// Words of the query with their synonyms from the word lists of the user.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct QuerySynonyms {
    /// Indexes of the query leaves of the words.
    pub(crate) leaves: Vec<usize>,
    /// Words that have the synonyms, as the query spells the words.
    pub(crate) label: String,
    /// Synonyms, each with its text in the word list and with the phrase of this text.
    pub(crate) synonyms: Vec<(String, Alternative)>,
}

/// Token of the query text that is searched in the body.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is an independent property of a token")]
pub(crate) struct QueryToken {
    pub(crate) term: String,
    /// The token as the query text spells it.
    pub(crate) text: String,
    pub(crate) position: u32,
    pub(crate) is_han: bool,
    pub(crate) is_stop_word: bool,
    /// Whether no character lies between the token and the preceding token, as in a run of Han characters.
    pub(crate) is_contiguous: bool,
    /// Whether the token belongs to a quoted phrase.
    pub(crate) is_quoted: bool,
    pub(crate) letter_case: LetterCase,
}

/// Letter case of a token in the query text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LetterCase {
    /// Capitals, as in the abbreviations `US`, `U.S.` and `SMEs`.
    Upper,
    Other,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample_tree() -> MatchTree {
        MatchTree::All(vec![
            MatchTree::Leaf(0),
            MatchTree::Not(Box::new(MatchTree::Leaf(1))),
            MatchTree::Near { operands: vec![vec![2], vec![3, 4]], distance: Some(5) },
            MatchTree::Prefer {
                required: Box::new(MatchTree::Leaf(5)),
                optional: Box::new(MatchTree::Any(vec![MatchTree::Leaf(6)])),
            },
        ])
    }

    #[test]
    fn every_leaf_is_visited_once_in_query_order() {
        let mut visited = Vec::new();
        sample_tree().for_each_leaf_index(&mut |leaf| visited.push(leaf));
        assert_eq!(visited, [0, 1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn an_alternative_replaces_neighbouring_leaves() {
        let (leaf, everything) = (MatchTree::Leaf, MatchTree::Everything);
        let either = |tree| MatchTree::Any(vec![tree, everything.clone()]);
        let both = MatchTree::AllWithHeadings(vec![leaf(1), leaf(2)]);
        let three = MatchTree::AllWithHeadings(vec![leaf(0), leaf(1), leaf(2)]);
        for (tree, leaves, expected) in [
            (leaf(1), vec![1], either(leaf(1))),
            (both.clone(), vec![1, 2], either(both.clone())),
            (both.clone(), vec![2], MatchTree::AllWithHeadings(vec![leaf(1), either(leaf(2))])),
            (three.clone(), vec![1, 2], MatchTree::AllWithHeadings(vec![leaf(0), either(both)])),
            (three.clone(), vec![0, 2], three.clone()),
            (three.clone(), vec![], three),
            (
                MatchTree::Any(vec![leaf(0), leaf(1)]),
                vec![1],
                MatchTree::Any(vec![leaf(0), leaf(1), everything.clone()]),
            ),
        ] {
            let mut changed = tree.clone();
            changed.add_alternative(&leaves, &everything);
            assert_eq!(changed, expected, "{tree:?} {leaves:?}");
        }
    }

    #[test]
    fn operands_of_near_are_not_replaced() {
        for (leaf, expected) in [(0, true), (3, false), (6, true), (7, false)] {
            assert_eq!(sample_tree().has_leaf_node(leaf), expected, "{leaf}");
            let mut changed = sample_tree();
            changed.replace_leaf_nodes(leaf, &MatchTree::Everything);
            assert_eq!(changed != sample_tree(), expected, "{leaf}");
        }
    }
}
