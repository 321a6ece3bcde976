//! A query as the engine and the highlighter need it: which leaves there are, and which combinations of
//! them satisfy it.

use super::filter::Filter;

/// What a leaf is looked for in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum TextField {
    /// The passage, and the title and headings that are indexed with it.
    Body,
    Title,
    Heading,
    Issuer,
    Speaker,
}

/// A clause that is decided by the tokens of one text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Leaf {
    pub(crate) scope: TextField,
    /// Any of them satisfies it; the first is how it was written.
    pub(crate) variants: Vec<Alternative>,
    pub(crate) boost: f64,
    /// It raises scores and is highlighted: no NOT stands around it.
    pub(crate) positive: bool,
    /// Its first token in the query's own sequence of positions, and how many it takes: leaves that
    /// stand together in the query and in the passage are one highlight.
    pub(crate) position: u32,
    pub(crate) positions: u32,
}

/// Words that stand one after the other.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Alternative {
    pub(crate) slots: Vec<PhraseSlot>,
    /// Han characters with nothing between them: all their pairs stand in the text as well.
    pub(crate) joined: bool,
    /// How many other words may stand between them altogether.
    pub(crate) gap: u32,
    /// As it was written; otherwise it counts less.
    pub(crate) exact: bool,
}

/// A place of a [`Alternative`] for one word.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PhraseSlot {
    /// Its distance from the first one, in positions.
    pub(crate) offset: u32,
    pub(crate) wanted: TermPattern,
    /// The terms of the index that may stand there; filled in by the search.
    pub(crate) forms: Vec<ExpandedTerm>,
}

/// What may stand in a [`PhraseSlot`].
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum TermPattern {
    /// This term.
    Term(String),
    /// Every term with the stem of this one.
    Stem { term: String, stem: String },
    /// Every term of this shape, with `*` and `?`.
    Wildcard(String),
    /// Every term of which the regular expression holds.
    Regex(String),
    /// Every term so many edits away.
    Fuzzy { term: String, edits: u8 },
}

/// A term that may stand in a [`PhraseSlot`].
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ExpandedTerm {
    pub(crate) term: String,
    /// What an occurrence counts: 1 for a form of the word, less for another spelling.
    pub(crate) weight: f32,
}

impl TermPattern {
    /// What was asked for, as it was written.
    pub(crate) fn shown(&self) -> &str {
        match self {
            Self::Term(term) | Self::Stem { term, .. } | Self::Fuzzy { term, .. } => term,
            Self::Wildcard(pattern) | Self::Regex(pattern) => pattern,
        }
    }
}

impl Alternative {
    /// Returns one word, as it was written.
    pub(crate) fn word(slot: PhraseSlot) -> Self {
        Self::phrase(vec![slot])
    }

    /// Returns consecutive words, as they were written.
    pub(crate) const fn phrase(slots: Vec<PhraseSlot>) -> Self {
        Self { slots, joined: false, gap: 0, exact: true }
    }

    /// Returns a word of Han characters with nothing between them.
    pub(crate) const fn han_word(slots: Vec<PhraseSlot>) -> Self {
        Self { slots, joined: true, gap: 0, exact: true }
    }
}

impl PhraseSlot {
    /// A place for one term.
    pub(crate) fn term(offset: u32, term: &str) -> Self {
        let forms = vec![ExpandedTerm { term: term.to_owned(), weight: 1.0 }];
        Self { offset, wanted: TermPattern::Term(term.to_owned()), forms }
    }
}

impl Leaf {
    /// Whether it raises scores.
    pub(crate) fn ranks(&self) -> bool {
        self.positive && self.boost > 0.0
    }

    /// The word that it is, if it is one word as somebody wrote it; other variants may stand for it.
    pub(crate) fn word(&self) -> Option<&str> {
        match &self.variants[..] {
            [Alternative { slots, .. }, ..] => match &slots[..] {
                [PhraseSlot { wanted: TermPattern::Stem { term, .. }, .. }] => Some(term),
                _ => None,
            },
            _ => None,
        }
    }
}

/// Which combinations of leaves satisfy the query.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum MatchTree {
    Everything,
    /// An index of [`QueryPlan::leaves`].
    Leaf(usize),
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    /// What `required` says; `optional` raises the score.
    Prefer {
        required: Box<Self>,
        optional: Box<Self>,
    },
    /// One leaf of each operand, near each other; in one sentence where no distance is given.
    Near {
        operands: Vec<Vec<usize>>,
        distance: Option<u32>,
    },
    Filter(Filter),
}

impl MatchTree {
    /// Hands every filter in it to `seen`.
    pub(crate) fn each_filter(&mut self, seen: &mut impl FnMut(&mut Filter)) {
        match self {
            Self::Everything | Self::Leaf(_) | Self::Near { .. } => {}
            Self::All(trees) | Self::Any(trees) => {
                for tree in trees {
                    tree.each_filter(seen);
                }
            }
            Self::Not(tree) => tree.each_filter(seen),
            Self::Prefer { required, optional } => {
                required.each_filter(seen);
                optional.each_filter(seen);
            }
            Self::Filter(filter) => seen(filter),
        }
    }

    /// All of them; one alone stands for itself.
    pub(super) fn all(mut trees: Vec<Self>) -> Self {
        if trees.len() == 1 { trees.remove(0) } else { Self::All(trees) }
    }

    /// Any of them; one alone stands for itself.
    pub(super) fn any(mut trees: Vec<Self>) -> Self {
        if trees.len() == 1 { trees.remove(0) } else { Self::Any(trees) }
    }

    /// Calls `found` with every leaf in it.
    pub(crate) fn each_leaf(&self, found: &mut impl FnMut(usize)) {
        match self {
            Self::Leaf(leaf) => found(*leaf),
            Self::All(trees) | Self::Any(trees) => {
                for tree in trees {
                    tree.each_leaf(found);
                }
            }
            Self::Not(tree) => tree.each_leaf(found),
            Self::Prefer { required, optional } => {
                required.each_leaf(found);
                optional.each_leaf(found);
            }
            Self::Near { operands, .. } => operands.iter().flatten().for_each(|&leaf| found(leaf)),
            Self::Everything | Self::Filter(_) => {}
        }
    }
}

/// A query as the engine and the highlighter need it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct QueryPlan {
    pub(crate) tree: MatchTree,
    /// In query order.
    pub(crate) leaves: Vec<Leaf>,
    /// Every token of the text that is searched in the body at its position, weak ones too.
    pub(crate) tokens: Vec<QueryToken>,
}

/// A token of the query text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct QueryToken {
    pub(crate) term: String,
    pub(crate) position: u32,
    pub(crate) han: bool,
    /// It follows the token before it directly, as Han characters of one run do.
    pub(crate) joined: bool,
    /// It is part of a phrase.
    pub(crate) quoted: bool,
    pub(crate) case: LetterCase,
}

/// How a token is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LetterCase {
    /// In capitals, as abbreviations are: US, U.S., SMEs.
    Upper,
    Other,
}
