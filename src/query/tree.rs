//! Query plan: the leaves of a query, and the tree that combines the leaves. Search executes the plan, and
//! highlighting evaluates the plan.

use super::filter::Filter;

/// Text in which a leaf is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum TextField {
    /// Passage text, with the title and headings that the index contains in the body field.
    Body,
    Title,
    Heading,
    Issuer,
    Speaker,
}

/// Smallest unit of a query plan: a word, a phrase or a pattern, matched against the tokens of one text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Leaf {
    pub(crate) field: TextField,
    /// Alternative phrases. A match of any alternative satisfies the leaf. The first alternative is as the user
    /// wrote the query; query expansion adds further alternatives.
    pub(crate) alternatives: Vec<Alternative>,
    /// Factor on the score of the leaf. The factor is 0 for filters.
    pub(crate) boost: f64,
    /// False if the leaf is inside a NOT. The leaf then adds no score and is not highlighted.
    pub(crate) positive: bool,
    /// Position of the first token of the leaf, in the sequence of token positions of the query.
    pub(crate) position: u32,
    /// Number of token positions of the leaf. Two leaves share one highlight if the leaves are adjacent in the
    /// query and also in the passage.
    pub(crate) position_count: u32,
}

/// Phrase: slots for terms, in order. A single word is a phrase of one slot.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Alternative {
    pub(crate) slots: Vec<PhraseSlot>,
    /// Whether the slots are adjacent Han characters. The text must then contain all bigrams of the slots.
    pub(crate) contiguous: bool,
    /// Number of other words allowed between the slots, in total.
    pub(crate) slop: u32,
    /// Whether the phrase is spelled as in the query. Other spellings score less.
    pub(crate) exact: bool,
}

/// Slot of an [`Alternative`]: the terms that may occur at one position of the phrase.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PhraseSlot {
    /// Distance from the first slot of the phrase, in token positions.
    pub(crate) offset: u32,
    pub(crate) pattern: TermPattern,
    /// Terms of the index that match `pattern`. Query expansion adds the terms.
    pub(crate) terms: Vec<ExpandedTerm>,
}

/// Pattern that the term in a [`PhraseSlot`] must match.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum TermPattern {
    /// Exactly this term.
    Term(String),
    /// Every term with the stem `stem`. The word of the query is `term`.
    Stem { term: String, stem: String },
    /// Every term that matches a pattern with `*` and `?`.
    Wildcard(String),
    /// Every term that a regular expression matches as a whole.
    Regex(String),
    /// Every term whose edit distance from `term` is at most `edits`.
    Fuzzy { term: String, edits: u8 },
}

/// Term of the index that matches the pattern of a [`PhraseSlot`].
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ExpandedTerm {
    pub(crate) term: String,
    /// Weight of an occurrence of the term: 1 for an inflected form of the query word, less for another
    /// spelling.
    pub(crate) weight: f32,
}

impl TermPattern {
    /// Returns the word or pattern as the query contains it.
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Term(term) | Self::Stem { term, .. } | Self::Fuzzy { term, .. } => term,
            Self::Wildcard(pattern) | Self::Regex(pattern) => pattern,
        }
    }
}

impl PhraseSlot {
    /// Returns a slot for exactly one term, which needs no expansion.
    pub(crate) fn term(offset: u32, term: &str) -> Self {
        let terms = vec![ExpandedTerm { term: term.to_owned(), weight: 1.0 }];
        Self { offset, pattern: TermPattern::Term(term.to_owned()), terms }
    }

    /// Returns a slot for every term that matches `pattern`. Query expansion fills in the terms.
    pub(crate) const fn pattern(offset: u32, pattern: TermPattern) -> Self {
        Self { offset, pattern, terms: Vec::new() }
    }
}

impl Alternative {
    /// Returns the phrase of these slots, in the spelling of the query and without slop.
    pub(crate) const fn phrase(slots: Vec<PhraseSlot>) -> Self {
        Self { slots, contiguous: false, slop: 0, exact: true }
    }

    /// Returns the phrase of these slots, which are adjacent Han characters.
    pub(crate) fn contiguous(slots: Vec<PhraseSlot>) -> Self {
        Self { contiguous: true, ..Self::phrase(slots) }
    }
}

impl Leaf {
    /// Whether the leaf adds to the score.
    pub(crate) fn adds_score(&self) -> bool {
        self.positive && self.boost > 0.0
    }

    /// Returns the query word if the leaf is a single stemmed word, regardless of the alternatives that
    /// expansion has added. `None` for phrases and patterns.
    pub(crate) fn single_word(&self) -> Option<&str> {
        let [Alternative { slots, .. }, ..] = &self.alternatives[..] else { return None };
        match &slots[..] {
            [PhraseSlot { pattern: TermPattern::Stem { term, .. }, .. }] => Some(term),
            _ => None,
        }
    }
}

/// Boolean combination of leaves that a passage must satisfy.
///
/// A new kind of node must be added to [`children`](Self::children) and [`children_mut`](Self::children_mut).
/// Every other `match` on this type names all kinds, so that the compiler reports each `match` to change.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum MatchTree {
    /// Matches every passage.
    Everything,
    /// Matches passages that match a leaf: an index into [`QueryPlan::leaves`].
    Leaf(usize),
    All(Vec<Self>),
    /// Matches passages that match at least one subtree. Matches no passage if there are no subtrees.
    Any(Vec<Self>),
    Not(Box<Self>),
    /// Matches passages that match `required`. Matches of `optional` only add to the score.
    Prefer {
        required: Box<Self>,
        optional: Box<Self>,
    },
    /// Matches texts with a match of each operand and at most `distance` words between successive matches. If
    /// `distance` is `None`, all matches must be in one sentence. An operand is a list of alternative leaves.
    Near {
        operands: Vec<Vec<usize>>,
        distance: Option<u32>,
    },
    Filter(Filter),
}

impl MatchTree {
    /// Returns the direct subtrees, in query order.
    pub(crate) fn children(&self) -> impl Iterator<Item = &Self> {
        let (subtrees, first_subtree, second_subtree): (&[Self], Option<&Self>, Option<&Self>) =
            match self {
                Self::All(trees) | Self::Any(trees) => (trees, None, None),
                Self::Not(tree) => (&[], Some(tree), None),
                Self::Prefer { required, optional } => (&[], Some(required), Some(optional)),
                Self::Everything | Self::Leaf(_) | Self::Near { .. } | Self::Filter(_) => {
                    (&[], None, None)
                }
            };
        subtrees.iter().chain(first_subtree).chain(second_subtree)
    }

    /// Returns mutable references to the direct subtrees, in query order.
    pub(crate) fn children_mut(&mut self) -> impl Iterator<Item = &mut Self> {
        let (subtrees, first_subtree, second_subtree): (
            &mut [Self],
            Option<&mut Self>,
            Option<&mut Self>,
        ) = match self {
            Self::All(trees) | Self::Any(trees) => (trees, None, None),
            Self::Not(tree) => (&mut [], Some(tree), None),
            Self::Prefer { required, optional } => (&mut [], Some(required), Some(optional)),
            Self::Everything | Self::Leaf(_) | Self::Near { .. } | Self::Filter(_) => {
                (&mut [], None, None)
            }
        };
        subtrees.iter_mut().chain(first_subtree).chain(second_subtree)
    }

    /// Calls `visit` with the index of every leaf, including the operands of NEAR, in query order.
    pub(crate) fn for_each_leaf(&self, visit: &mut impl FnMut(usize)) {
        match self {
            Self::Leaf(leaf) => visit(*leaf),
            Self::Near { operands, .. } => operands.iter().flatten().for_each(|&leaf| visit(leaf)),
            Self::Everything
            | Self::All(_)
            | Self::Any(_)
            | Self::Not(_)
            | Self::Prefer { .. }
            | Self::Filter(_) => {}
        }
        for child in self.children() {
            child.for_each_leaf(visit);
        }
    }

    /// Calls `visit` with every filter, in query order.
    pub(crate) fn for_each_filter_mut(&mut self, visit: &mut impl FnMut(&mut Filter)) {
        if let Self::Filter(filter) = self {
            visit(filter);
        }
        for child in self.children_mut() {
            child.for_each_filter_mut(visit);
        }
    }

    /// Whether the tree contains a node [`Leaf`](Self::Leaf) with the index `leaf`. Operands of NEAR do not
    /// count.
    pub(crate) fn has_leaf(&self, leaf: usize) -> bool {
        *self == Self::Leaf(leaf) || self.children().any(|child| child.has_leaf(leaf))
    }

    /// Replaces the node of the leaf `leaf` with `tree`. Does not change operands of NEAR.
    pub(crate) fn replace_leaf(&mut self, leaf: usize, tree: &Self) {
        if *self == Self::Leaf(leaf) {
            *self = tree.clone();
            return;
        }
        for child in self.children_mut() {
            child.replace_leaf(leaf, tree);
        }
    }

    /// Returns the conjunction of `trees`. A single tree is returned unchanged.
    pub(super) fn conjunction(mut trees: Vec<Self>) -> Self {
        if trees.len() == 1 { trees.remove(0) } else { Self::All(trees) }
    }

    /// Returns the disjunction of `trees`. A single tree is returned unchanged.
    pub(super) fn disjunction(mut trees: Vec<Self>) -> Self {
        if trees.len() == 1 { trees.remove(0) } else { Self::Any(trees) }
    }
}

/// Analyzed query, which search executes and the highlighter evaluates.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct QueryPlan {
    pub(crate) tree: MatchTree,
    /// Leaves in query order.
    pub(crate) leaves: Vec<Leaf>,
    /// Tokens of the query text that is searched in the body, including stop words, sorted by position.
    pub(crate) tokens: Vec<QueryToken>,
    /// Stop words of the query that no leaf searches, as the query spells them.
    pub(crate) left_out: Vec<String>,
}

/// Token of the query text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct QueryToken {
    pub(crate) term: String,
    pub(crate) position: u32,
    pub(crate) is_han: bool,
    /// Whether no character lies between the token and the token before it, as in a run of Han characters.
    pub(crate) contiguous: bool,
    /// Whether the token belongs to a quoted phrase.
    pub(crate) quoted: bool,
    pub(crate) case: LetterCase,
}

/// Letter case of a token in the query text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LetterCase {
    /// Capitals, as in abbreviations: US, U.S., SMEs.
    Upper,
    Other,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> MatchTree {
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
        tree().for_each_leaf(&mut |leaf| visited.push(leaf));
        assert_eq!(visited, [0, 1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn operands_of_near_are_not_replaced() {
        for (leaf, expected) in [(0, true), (3, false), (6, true), (7, false)] {
            assert_eq!(tree().has_leaf(leaf), expected, "{leaf}");
            let mut changed = tree();
            changed.replace_leaf(leaf, &MatchTree::Everything);
            assert_eq!(changed != tree(), expected, "{leaf}");
        }
    }
}
