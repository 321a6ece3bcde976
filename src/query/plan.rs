//! [`Clause`] → [`MatchTree`] of [`Leaf`]s: the same analysis as the index, still without an engine. Search
//! and highlighting both work on leaves, so what is marked is what matched.

use super::{
    Clause, Field, Item, Note, NoteKind, Sign,
    filter::Filter,
    pattern,
    tree::{
        Alternative, Leaf, LetterCase, MatchTree, PhraseSlot, QueryPlan, QueryToken, TermPattern,
        TextField,
    },
};
use crate::analysis::{Analysis, Analyzer, HanWordKind, TokenKind, is_stop_word, stem};

/// Positions between clauses, so that the last word of one and the first of the next never join.
const CLAUSE_GAP: u32 = 2;
/// More leaves than that are left out: each of them is looked up and scored.
const MAX_LEAVES: usize = 256;
/// More patterns than that are left out: each goes through the words of the index.
const MAX_PATTERNS: usize = 8;
/// More NEAR and SAME than that are left out: each goes through positions.
const MAX_PROXIMITIES: usize = 16;

/// `clause` analyzed; `filters` restrict it without ranking. What could not be asked for as it was
/// written is said in `notes`.
pub(crate) fn plan_query(
    clause: &Clause,
    filters: &[Clause],
    analyzer: &Analyzer,
    notes: &mut Vec<Note>,
) -> QueryPlan {
    let mut lowering = Lowering {
        analyzer,
        notes,
        leaves: Vec::new(),
        tokens: Vec::new(),
        patterns: 0,
        proximities: 0,
        next: 0,
        context: Context { place: Place::Text(TextField::Body), boost: 1.0, positive: true },
    };
    let mut tree = lowering.tree(clause);
    if !filters.is_empty() {
        lowering.context.boost = 0.0;
        let filters = filters.iter().map(|filter| lowering.tree(filter));
        tree = MatchTree::All(std::iter::once(tree).chain(filters).collect());
    }
    QueryPlan { tree, leaves: lowering.leaves, tokens: lowering.tokens }
}

/// What a clause is looked for in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Text(TextField),
    Value(Field),
}

/// What the clauses around one say of it.
#[derive(Debug, Clone, Copy)]
struct Context {
    place: Place,
    boost: f64,
    /// No NOT around it.
    positive: bool,
}

struct Lowering<'a> {
    analyzer: &'a Analyzer,
    notes: &'a mut Vec<Note>,
    leaves: Vec<Leaf>,
    tokens: Vec<QueryToken>,
    patterns: usize,
    proximities: usize,
    next: u32,
    context: Context,
}

impl Lowering<'_> {
    fn tree(&mut self, clause: &Clause) -> MatchTree {
        if let (Place::Value(field), Some(text)) = (self.context.place, value(clause)) {
            return MatchTree::Filter(Filter::of(field, text));
        }
        match clause {
            Clause::Everything => MatchTree::Everything,
            Clause::Nothing => MatchTree::Any(Vec::new()),
            Clause::Words(text) => self.words(text),
            Clause::Phrase { text, gap } => self.phrase(text, *gap, false),
            Clause::Wildcard(_) | Clause::Fuzzy { .. } | Clause::Regex(_) => self.pattern(clause),
            Clause::Near { clauses, distance } => self.near(clauses, Some(*distance)),
            Clause::Same(clauses) => self.near(clauses, None),
            Clause::And(clauses) => MatchTree::all(self.trees(clauses)),
            Clause::Or(clauses) => MatchTree::any(self.trees(clauses)),
            Clause::Sequence(items) => self.sequence(items),
            Clause::In(field, clause) => {
                self.with(|context| context.place = place(*field), |lowering| lowering.tree(clause))
            }
            Clause::Boost(clause, factor) => self.with(
                |context| context.boost *= f64::from(*factor),
                |lowering| lowering.tree(clause),
            ),
            Clause::Dates(period) => MatchTree::Filter(Filter::Dates(*period)),
        }
    }

    fn trees(&mut self, clauses: &[Clause]) -> Vec<MatchTree> {
        clauses.iter().map(|clause| self.tree(clause)).collect()
    }

    fn with<T>(
        &mut self,
        change: impl FnOnce(&mut Context),
        done: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let before = self.context;
        change(&mut self.context);
        let result = done(self);
        self.context = before;
        result
    }

    fn sequence(&mut self, items: &[Item]) -> MatchTree {
        let (mut may, mut must, mut not) = (Vec::new(), Vec::new(), Vec::new());
        let mut conditions = Vec::new();
        for Item { sign, clause } in items {
            match sign {
                Sign::May if clause.is_condition() => conditions.push(self.tree(clause)),
                Sign::May => may.push(self.tree(clause)),
                Sign::Must => must.push(self.tree(clause)),
                Sign::Not => {
                    let tree = self
                        .with(|context| context.positive = false, |lowering| lowering.tree(clause));
                    not.push(MatchTree::Not(Box::new(tree)));
                }
            }
        }
        let positive = match (must.is_empty(), may.is_empty()) {
            (true, true) => None,
            (true, false) => Some(MatchTree::any(may)),
            (false, true) => Some(MatchTree::all(must)),
            (false, false) => Some(MatchTree::Prefer {
                required: Box::new(MatchTree::all(must)),
                optional: Box::new(MatchTree::any(may)),
            }),
        };
        MatchTree::all(positive.into_iter().chain(conditions).chain(not).collect())
    }

    /// A phrase; `joined` where nothing may stand between its Han characters.
    fn phrase(&mut self, text: &str, gap: u32, joined: bool) -> MatchTree {
        let analysis = self.analyzed(text, true);
        let tokens = || analysis.tokens.iter().filter(|token| !token.extra);
        let slots: Vec<_> = tokens()
            .enumerate()
            .map(|(offset, token)| PhraseSlot::term(offset as u32, analysis.term(token)))
            .collect();
        if slots.is_empty() {
            return MatchTree::Any(Vec::new());
        }
        let joined = joined && tokens().all(|token| token.kind == TokenKind::Han);
        let positions = slots.len() as u32;
        self.leaf(
            vec![Alternative { slots, contiguous: joined, slop: gap, exact: true }],
            positions,
        )
    }

    /// One leaf for each word. Weak words (of, the, 的, 多少, a single character left over) match only
    /// where the text has nothing else: they would find everything.
    fn words(&mut self, text: &str) -> MatchTree {
        let analysis = self.analyzed(text, false);
        let mut found = self.han_variants(&analysis, false);
        found.extend(word_variants(&analysis, false));
        if found.is_empty() {
            found = self.han_variants(&analysis, true);
        }
        if found.is_empty() {
            found = word_variants(&analysis, true);
        }
        found.sort_by_key(|found| found.position);
        let start = self.next;
        let leaves = found.into_iter().map(|found| {
            self.next = start + found.position;
            self.leaf(vec![found.variant], found.positions)
        });
        let leaves: Vec<_> = leaves.collect();
        self.next = start + analysis.positions() + CLAUSE_GAP;
        MatchTree::any(leaves)
    }

    /// Dictionary words, and pairs of neighbours where the dictionary knows nothing: names, and
    /// everything when there is no dictionary. With `weak_too`, words that say nothing (什么) as well.
    fn han_variants(&self, analysis: &Analysis, weak_too: bool) -> Vec<Found> {
        let words = self.analyzer.query_words(analysis);
        let words = words.iter().filter(|word| word.kind == HanWordKind::Word);
        let mut ranges: Vec<_> =
            words.map(|word| (word.first as usize, word.chars as usize)).collect();
        let known: Vec<_> = ranges.iter().map(|&(first, chars)| first..first + chars).collect();
        ranges.retain(|&(first, chars)| {
            let mut word = String::new();
            analysis.push_chars(first, chars, &mut word);
            let tokens = analysis.tokens.get(first..first + chars).unwrap_or_default();
            let says_nothing = tokens.iter().all(|token| is_stop_word(analysis.term(token)));
            weak_too || !(says_nothing || is_stop_word(&word))
        });
        let unknown = |index: usize| {
            let token = analysis.tokens.get(index);
            token.is_some_and(|token| !is_stop_word(analysis.term(token)))
                && !known.iter().any(|word| word.contains(&index))
        };
        for run in analysis.han_runs() {
            let pairs = run.start..run.end.saturating_sub(1);
            ranges.extend(
                pairs.filter(|&first| unknown(first) && unknown(first + 1)).map(|first| (first, 2)),
            );
        }
        let found = |(first, chars): (usize, usize)| {
            let tokens = analysis.tokens.get(first..first + chars)?;
            let slots = tokens.iter().enumerate();
            let slots =
                slots.map(|(offset, token)| PhraseSlot::term(offset as u32, analysis.term(token)));
            Some(Found {
                variant: Alternative {
                    slots: slots.collect(),
                    contiguous: true,
                    slop: 0,
                    exact: true,
                },
                position: tokens.first()?.position,
                positions: chars as u32,
            })
        };
        ranges.into_iter().filter_map(found).collect()
    }

    fn pattern(&mut self, clause: &Clause) -> MatchTree {
        self.patterns += 1;
        if self.patterns > MAX_PATTERNS {
            return self.cut(MAX_PATTERNS, "patterns (* ? ~ /…/)");
        }
        let found = match clause {
            Clause::Wildcard(text) => pattern::wildcard(text),
            Clause::Regex(text) => pattern::regex(text, self.notes),
            Clause::Fuzzy { word, edits } => {
                let analysis = self.analyzed(word, true);
                pattern::fuzzy(&analysis, word, *edits, self.notes)
            }
            _ => Vec::new(),
        };
        let positions = found.first().map_or(0, |variant| variant.slots.len() as u32);
        if positions == 0 { MatchTree::Any(Vec::new()) } else { self.leaf(found, positions) }
    }

    /// NEAR with a distance, SAME without.
    fn near(&mut self, clauses: &[Clause], distance: Option<u32>) -> MatchTree {
        self.proximities += 1;
        if self.proximities > MAX_PROXIMITIES {
            return self.cut(MAX_PROXIMITIES, "NEAR and SAME");
        }
        let mut operands = Vec::new();
        for clause in clauses {
            let mut leaves = Vec::new();
            let tree = self.operand(clause);
            tree.for_each_leaf(&mut |leaf| leaves.push(leaf));
            operands.push(leaves);
        }
        MatchTree::Near { operands, distance }
    }

    /// A word of an operand is that word in any form; a run of several tokens is that phrase.
    fn operand(&mut self, clause: &Clause) -> MatchTree {
        match clause {
            Clause::Words(text) => {
                let words: Vec<_> = text.split(' ').map(|word| self.place_word(word)).collect();
                MatchTree::any(words)
            }
            Clause::Or(clauses) => {
                MatchTree::any(clauses.iter().map(|clause| self.operand(clause)).collect())
            }
            Clause::Sequence(items) => {
                MatchTree::any(items.iter().map(|item| self.operand(&item.clause)).collect())
            }
            other => self.tree(other),
        }
    }

    fn place_word(&mut self, word: &str) -> MatchTree {
        let mut analysis = Analysis::default();
        self.analyzer.tokens(word, &mut analysis);
        match &analysis.tokens[..] {
            [token] if token.kind != TokenKind::Han => {
                self.analyzed(word, true);
                let found = word_variants(&analysis, true).pop();
                let variants = found.map(|found| found.variant).into_iter().collect();
                self.leaf(variants, 1)
            }
            _ => self.phrase(word, 0, true),
        }
    }

    fn leaf(&mut self, variants: Vec<Alternative>, positions: u32) -> MatchTree {
        if self.leaves.len() >= MAX_LEAVES {
            return self.cut(MAX_LEAVES, "words");
        }
        let Context { place, boost, positive } = self.context;
        let scope = match place {
            Place::Text(scope) => scope,
            Place::Value(_) => TextField::Body,
        };
        self.leaves.push(Leaf {
            field: scope,
            alternatives: variants,
            boost,
            positive,
            position: self.next,
            position_count: positions,
        });
        self.next += positions + CLAUSE_GAP;
        MatchTree::Leaf(self.leaves.len() - 1)
    }

    /// What stands for a clause that is one too many.
    fn cut(&mut self, most: usize, what: &str) -> MatchTree {
        let message = format!("the query has more than {most} {what}: the rest was left out");
        let note = Note::new(NoteKind::Truncated, message);
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
        MatchTree::Any(Vec::new())
    }

    /// The tokens of a text; those of the body that are asked for are remembered.
    fn analyzed(&mut self, text: &str, quoted: bool) -> Analysis {
        let mut analysis = Analysis::default();
        self.analyzer.tokens(text, &mut analysis);
        let Context { place, boost, positive } = self.context;
        if place != Place::Text(TextField::Body) || !positive || boost == 0.0 {
            return analysis;
        }
        let runs: Vec<_> = analysis.han_runs().collect();
        for (index, token) in analysis.tokens.iter().enumerate().filter(|(_, token)| !token.extra) {
            self.tokens.push(QueryToken {
                term: analysis.term(token).to_owned(),
                position: self.next + token.position,
                is_han: token.kind == TokenKind::Han,
                contiguous: runs.iter().any(|run| run.contains(&index) && run.start < index),
                quoted,
                case: case(token.span.of(text)),
            });
        }
        analysis
    }
}

/// A variant of a leaf, with its place in the text that it was found in.
struct Found {
    variant: Alternative,
    position: u32,
    positions: u32,
}

/// The words of a text that are not Han; with `weak_too`, single characters and words that say
/// nothing as well.
fn word_variants(analysis: &Analysis, weak_too: bool) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for (index, token) in analysis.tokens.iter().enumerate() {
        let term = analysis.term(token);
        let weak = token.kind == TokenKind::Han || is_stop_word(term);
        let position = token.position;
        // A number followed by its normal form is searched by that: 3.9万 by 39000.
        let replaced = analysis.tokens.get(index + 1).is_some_and(|next| next.extra);
        // …and what that form covers (万, million) is not a word of its own.
        let covered = found.last().is_some_and(|last| position < last.position + last.positions);
        if replaced || covered || (weak && !weak_too) {
            continue;
        }
        let end = token.span.end;
        let after = analysis.tokens.get(index..).unwrap_or_default();
        let covers = after.iter().take_while(|t| t.span.start < end).filter(|t| !t.extra).count();
        let wanted = TermPattern::Stem { term: term.to_owned(), stem: stem(term).into_owned() };
        let slots = vec![PhraseSlot::pattern(0, wanted)];
        found.push(Found {
            variant: Alternative::phrase(slots),
            position,
            positions: if token.extra { 1 + covers as u32 } else { 1 },
        });
    }
    found
}

fn case(word: &str) -> LetterCase {
    // The s of a plural does not count.
    let word = word.strip_suffix('s').unwrap_or(word);
    let is_upper = word.contains(char::is_uppercase) && !word.contains(char::is_lowercase);
    if is_upper { LetterCase::Upper } else { LetterCase::Other }
}

const fn place(field: Field) -> Place {
    match field {
        Field::Title => Place::Text(TextField::Title),
        Field::Heading => Place::Text(TextField::Heading),
        Field::Issuer => Place::Text(TextField::Issuer),
        Field::Speaker => Place::Text(TextField::Speaker),
        field => Place::Value(field),
    }
}

/// The text of a clause that stands for one whole value.
fn value(clause: &Clause) -> Option<&str> {
    match clause {
        Clause::Words(text)
        | Clause::Phrase { text, .. }
        | Clause::Wildcard(text)
        | Clause::Regex(text) => Some(text),
        Clause::Fuzzy { word, .. } => Some(word),
        _ => None,
    }
}
