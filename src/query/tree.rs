//! Query plan: the leaves of a query and the tree of combinations that match. Search and highlighting
//! both work on it.

use super::filter::Filter;

/// Text that a leaf is searched in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum TextField {
    /// Passage text, with the title and headings that are indexed in the same field.
    Body,
    Title,
    Heading,
    Issuer,
    Speaker,
}

/// Clause that the tokens of one text decide: a word, a phrase or a pattern.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Leaf {
    pub(crate) field: TextField,
    /// Phrases of which any one satisfies the leaf. The first is the leaf as the user wrote it; expansion
    /// adds others.
    pub(crate) alternatives: Vec<Alternative>,
    /// Factor on the score; 0 for filters.
    pub(crate) boost: f64,
    /// Whether no NOT stands around the leaf. A negated leaf adds no score and is not highlighted.
    pub(crate) positive: bool,
    /// Position of the first token in the query's own position sequence.
    pub(crate) position: u32,
    /// Number of positions from there. Leaves that are neighbours both in the query and in a passage
    /// become one highlight.
    pub(crate) position_count: u32,
}

/// Phrase: terms in order. A single word is a phrase of one slot.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Alternative {
    pub(crate) slots: Vec<PhraseSlot>,
    /// Whether the slots are Han characters that must follow each other without a gap, so that all
    /// their bigrams occur in the text as well.
    pub(crate) contiguous: bool,
    /// Number of other words allowed between the slots, in total.
    pub(crate) slop: u32,
    /// Whether this is the spelling of the query. Other spellings score less.
    pub(crate) exact: bool,
}

/// Slot of an [`Alternative`]: the terms that may stand at one position.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PhraseSlot {
    /// Distance from the first slot, in positions.
    pub(crate) offset: u32,
    pub(crate) pattern: TermPattern,
    /// Terms of the index that match `pattern`; empty until expansion fills it.
    pub(crate) terms: Vec<ExpandedTerm>,
}

/// Pattern that the term in a [`PhraseSlot`] must match.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum TermPattern {
    /// This term alone.
    Term(String),
    /// Every term with this stem; `term` is the word of the query.
    Stem { term: String, stem: String },
    /// Every term that matches a pattern with `*` and `?`.
    Wildcard(String),
    /// Every term that a regular expression matches as a whole.
    Regex(String),
    /// Every term within this edit distance.
    Fuzzy { term: String, edits: u8 },
}

/// Term of the index that matches the pattern of a [`PhraseSlot`].
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ExpandedTerm {
    pub(crate) term: String,
    /// Weight of an occurrence: 1 for an inflected form of the word, less for another spelling.
    pub(crate) weight: f32,
}

impl TermPattern {
    /// Returns the word or pattern as the query has it.
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

    /// Returns a slot for every term that matches `pattern`, to be filled in by expansion.
    pub(crate) const fn pattern(offset: u32, pattern: TermPattern) -> Self {
        Self { offset, pattern, terms: Vec::new() }
    }
}

impl Alternative {
    /// Returns the phrase of these slots as the query spells it, without slop.
    pub(crate) const fn phrase(slots: Vec<PhraseSlot>) -> Self {
        Self { slots, contiguous: false, slop: 0, exact: true }
    }

    /// Returns the phrase of Han characters that must follow each other without a gap.
    pub(crate) fn contiguous(slots: Vec<PhraseSlot>) -> Self {
        Self { contiguous: true, ..Self::phrase(slots) }
    }
}

impl Leaf {
    /// Whether the leaf adds to the score.
    pub(crate) fn adds_score(&self) -> bool {
        self.positive && self.boost > 0.0
    }

    /// Returns the word of the query if the leaf is a single stemmed word, whatever other alternatives
    /// expansion has added; `None` for phrases and patterns.
    pub(crate) fn single_word(&self) -> Option<&str> {
        let [Alternative { slots, .. }, ..] = &self.alternatives[..] else { return None };
        match &slots[..] {
            [PhraseSlot { pattern: TermPattern::Stem { term, .. }, .. }] => Some(term),
            _ => None,
        }
    }
}

/// Tree of the combinations of leaves that satisfy a query.
///
/// A new node is added to [`children`](Self::children) and [`children_mut`](Self::children_mut); every
/// other match over this type names all nodes, so that the compiler lists the places to decide.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum MatchTree {
    /// Every passage.
    Everything,
    /// Index into [`QueryPlan::leaves`].
    Leaf(usize),
    All(Vec<Self>),
    /// At least one; without trees no passage.
    Any(Vec<Self>),
    Not(Box<Self>),
    /// Passages that match `required`; `optional` only adds to the score.
    Prefer {
        required: Box<Self>,
        optional: Box<Self>,
    },
    /// One leaf of each operand, with at most `distance` words from one to the next; in one sentence
    /// if `distance` is `None`.
    Near {
        operands: Vec<Vec<usize>>,
        distance: Option<u32>,
    },
    Filter(Filter),
}

impl MatchTree {
    /// Returns the direct subtrees, in query order.
    pub(crate) fn children(&self) -> impl Iterator<Item = &Self> {
        let (list, first, second): (&[Self], Option<&Self>, Option<&Self>) = match self {
            Self::All(trees) | Self::Any(trees) => (trees, None, None),
            Self::Not(tree) => (&[], Some(tree), None),
            Self::Prefer { required, optional } => (&[], Some(required), Some(optional)),
            Self::Everything | Self::Leaf(_) | Self::Near { .. } | Self::Filter(_) => {
                (&[], None, None)
            }
        };
        list.iter().chain(first).chain(second)
    }

    /// Returns the direct subtrees for changing, in query order.
    pub(crate) fn children_mut(&mut self) -> impl Iterator<Item = &mut Self> {
        let (list, first, second): (&mut [Self], Option<&mut Self>, Option<&mut Self>) = match self
        {
            Self::All(trees) | Self::Any(trees) => (trees, None, None),
            Self::Not(tree) => (&mut [], Some(tree), None),
            Self::Prefer { required, optional } => (&mut [], Some(required), Some(optional)),
            Self::Everything | Self::Leaf(_) | Self::Near { .. } | Self::Filter(_) => {
                (&mut [], None, None)
            }
        };
        list.iter_mut().chain(first).chain(second)
    }

    /// Calls `visit` with the index of every leaf, those of NEAR included, in query order.
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

    /// Whether the tree has `leaf` as a node of its own, not only as an operand of NEAR.
    pub(crate) fn has_leaf(&self, leaf: usize) -> bool {
        *self == Self::Leaf(leaf) || self.children().any(|child| child.has_leaf(leaf))
    }

    /// Replaces the node of `leaf` by `tree`; operands of NEAR stay.
    pub(crate) fn replace_leaf(&mut self, leaf: usize, tree: &Self) {
        if *self == Self::Leaf(leaf) {
            *self = tree.clone();
            return;
        }
        for child in self.children_mut() {
            child.replace_leaf(leaf, tree);
        }
    }

    /// Returns the conjunction of `trees`; a single tree stands for itself.
    pub(super) fn all(mut trees: Vec<Self>) -> Self {
        if trees.len() == 1 { trees.remove(0) } else { Self::All(trees) }
    }

    /// Returns the disjunction of `trees`; a single tree stands for itself.
    pub(super) fn any(mut trees: Vec<Self>) -> Self {
        if trees.len() == 1 { trees.remove(0) } else { Self::Any(trees) }
    }
}

/// Analyzed query: what search executes and the highlighter evaluates.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct QueryPlan {
    pub(crate) tree: MatchTree,
    /// Leaves in query order.
    pub(crate) leaves: Vec<Leaf>,
    /// Tokens of the text that is searched in the body, by position, stop words included.
    pub(crate) tokens: Vec<QueryToken>,
}

/// Token of the query text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct QueryToken {
    pub(crate) term: String,
    pub(crate) position: u32,
    pub(crate) is_han: bool,
    /// Whether nothing stands between the token and the one before it, as in a run of Han characters.
    pub(crate) contiguous: bool,
    /// Whether the token is part of a phrase.
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
