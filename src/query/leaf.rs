//! [`Clause`] → [`Tree`] of [`Leaf`]s: the same analysis as the index, still without an engine. Search
//! and highlighting both work on leaves, so what is marked is what matched.

use super::{Clause, weak::is_weak};
use crate::analysis::{Analysis, Analyzer, HanWordKind, TokenKind, stem};

/// A clause that is decided by the tokens of one passage.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Leaf {
    /// What it asks for.
    pub(crate) matched: Matched,
    /// Its first token in the query's own sequence of positions, and how many it takes: leaves that
    /// stand together in the query and in the passage are one highlight.
    pub(crate) position: u32,
    pub(crate) positions: u32,
}

/// What a [`Leaf`] asks for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Matched {
    /// A word in any form that has the same stem.
    Word { term: String, stem: String },
    /// These terms at consecutive positions.
    Sequence {
        terms: Vec<String>,
        /// Han characters with nothing between them, not even punctuation.
        joined: bool,
    },
}

/// Which combinations of leaves satisfy the query.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Tree {
    Everything,
    /// An index of [`Lowered::leaves`].
    Leaf(usize),
    Any(Vec<Self>),
}

/// A query as the engine and the highlighter need it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Lowered {
    pub(crate) tree: Tree,
    /// In query order.
    pub(crate) leaves: Vec<Leaf>,
    /// Every token of the query text at its position, weak ones too.
    pub(crate) tokens: Vec<QueryToken>,
}

/// A token of the query text outside of quotes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct QueryToken {
    pub(crate) term: String,
    pub(crate) position: u32,
    pub(crate) han: bool,
    /// It follows the token before it directly, as Han characters of one run do.
    pub(crate) joined: bool,
    /// It is part of a quoted phrase.
    pub(crate) quoted: bool,
}

/// Positions between clauses, so that the last word of one and the first of the next never join.
const CLAUSE_GAP: u32 = 2;

/// `clause` analyzed.
pub(crate) fn lowered(clause: &Clause, analyzer: &Analyzer) -> Lowered {
    let mut lowering = Lowering { analyzer, leaves: Vec::new(), tokens: Vec::new(), next: 0 };
    let tree = lowering.tree(clause);
    Lowered { tree, leaves: lowering.leaves, tokens: lowering.tokens }
}

struct Lowering<'a> {
    analyzer: &'a Analyzer,
    leaves: Vec<Leaf>,
    tokens: Vec<QueryToken>,
    next: u32,
}

impl Lowering<'_> {
    fn tree(&mut self, clause: &Clause) -> Tree {
        match clause {
            Clause::Everything => Tree::Everything,
            Clause::Any(clauses) => {
                Tree::Any(clauses.iter().map(|clause| self.tree(clause)).collect())
            }
            Clause::Words(text) => self.words(text),
            Clause::Phrase(text) => self.phrase(text),
        }
    }

    fn phrase(&mut self, text: &str) -> Tree {
        let analysis = self.analyzed(text, true);
        let terms: Vec<_> = analysis
            .tokens
            .iter()
            .filter(|token| !token.extra)
            .map(|token| analysis.term(token).to_owned())
            .collect();
        if terms.is_empty() {
            return Tree::Any(Vec::new());
        }
        let positions = terms.len() as u32;
        let leaf = Leaf {
            matched: Matched::Sequence { terms, joined: false },
            position: self.next,
            positions,
        };
        self.next += positions + CLAUSE_GAP;
        self.leaf(leaf)
    }

    /// One leaf for each word. Weak words (of, the, 的, a single character left over) match only
    /// where the text has nothing else: they would find everything.
    fn words(&mut self, text: &str) -> Tree {
        let analysis = self.analyzed(text, false);
        let mut leaves = self.han_leaves(&analysis);
        leaves.extend(self.word_leaves(&analysis, false));
        if leaves.is_empty() {
            leaves = self.word_leaves(&analysis, true);
        }
        leaves.sort_by_key(|leaf| leaf.position);
        self.next += analysis.positions() + CLAUSE_GAP;
        let mut any: Vec<_> = leaves.into_iter().map(|leaf| self.leaf(leaf)).collect();
        if any.len() == 1 { any.remove(0) } else { Tree::Any(any) }
    }

    fn word_leaves(&self, analysis: &Analysis, weak_too: bool) -> Vec<Leaf> {
        let mut leaves: Vec<Leaf> = Vec::new();
        for (index, token) in analysis.tokens.iter().enumerate() {
            let term = analysis.term(token);
            let weak = token.kind == TokenKind::Han || is_weak(term);
            let position = self.next + token.position;
            // A number followed by its normal form is searched by that: 3.9万 by 39000.
            let replaced = analysis.tokens.get(index + 1).is_some_and(|next| next.extra);
            // …and what that form covers (万, million) is not a word of its own.
            let covered =
                leaves.last().is_some_and(|leaf| position < leaf.position + leaf.positions);
            if replaced || covered || (weak && !weak_too) {
                continue;
            }
            let end = token.span.end;
            let after = analysis.tokens.get(index..).unwrap_or_default();
            let positions =
                after.iter().take_while(|t| t.span.start < end).filter(|t| !t.extra).count();
            leaves.push(Leaf {
                matched: Matched::Word { term: term.to_owned(), stem: stem(term).into_owned() },
                position,
                positions: if token.extra { 1 + positions as u32 } else { 1 },
            });
        }
        leaves
    }

    /// Dictionary words, and pairs of neighbours where the dictionary knows nothing: names, and
    /// everything when there is no dictionary.
    fn han_leaves(&self, analysis: &Analysis) -> Vec<Leaf> {
        let words = self.analyzer.query_words(analysis);
        let words = words.iter().filter(|word| word.kind == HanWordKind::Word);
        let mut ranges: Vec<_> =
            words.map(|word| (word.first as usize, word.chars as usize)).collect();
        let known: Vec<_> = ranges.iter().map(|&(first, chars)| first..first + chars).collect();
        let unknown = |index: usize| {
            let token = analysis.tokens.get(index);
            token.is_some_and(|token| !is_weak(analysis.term(token)))
                && !known.iter().any(|word| word.contains(&index))
        };
        for run in analysis.han_runs() {
            let pairs = run.start..run.end.saturating_sub(1);
            ranges.extend(
                pairs.filter(|&first| unknown(first) && unknown(first + 1)).map(|first| (first, 2)),
            );
        }
        ranges
            .into_iter()
            .filter_map(|(first, chars)| {
                let tokens = analysis.tokens.get(first..first + chars)?;
                let terms = tokens.iter().map(|token| analysis.term(token).to_owned()).collect();
                let position = self.next + tokens.first()?.position;
                Some(Leaf {
                    matched: Matched::Sequence { terms, joined: true },
                    position,
                    positions: chars as u32,
                })
            })
            .collect()
    }

    fn leaf(&mut self, leaf: Leaf) -> Tree {
        self.leaves.push(leaf);
        Tree::Leaf(self.leaves.len() - 1)
    }

    fn analyzed(&mut self, text: &str, quoted: bool) -> Analysis {
        let mut analysis = Analysis::default();
        self.analyzer.tokens(text, &mut analysis);
        let runs: Vec<_> = analysis.han_runs().collect();
        for (index, token) in analysis.tokens.iter().enumerate().filter(|(_, token)| !token.extra) {
            self.tokens.push(QueryToken {
                term: analysis.term(token).to_owned(),
                position: self.next + token.position,
                han: token.kind == TokenKind::Han,
                joined: runs.iter().any(|run| run.contains(&index) && run.start < index),
                quoted,
            });
        }
        analysis
    }
}
