//! Turns a [`Clause`] into a [`QueryPlan`]. Words are analyzed in the same way as for indexing. Planning does not
//! access the index; query expansion later finds the terms of the index for stems and patterns. Search and highlighting
//! both use the plan, so they agree on matches.

use super::{
    Clause, Field, Note, NoteKind, Occur, Period, SequenceItem,
    filter::Filter,
    pattern,
    tree::{
        Alternative, Leaf, LetterCase, MatchTree, PhraseSlot, QueryPlan, QueryToken, TermPattern,
        TextField,
    },
    words::{han_words, non_chinese_words, quantity_pattern, uncovered_stop_words},
};
use crate::{
    analysis::{Analysis, Analyzer, ExtraKind, TokenKind},
    fact::{FactPattern, Publication, parse_figure, push_terms},
};

/// Number of unused positions between the query leaves of two clauses, so that words of different clauses are never
/// adjacent.
const CLAUSE_GAP_POSITIONS: u32 = 2;
/// Maximum number of query leaves (words, phrases and patterns). Further leaves are ignored, since each leaf costs a
/// search and a score.
const MAX_LEAVES: usize = 256;
/// Maximum number of wildcard, fuzzy and regular expression patterns of a query. Further patterns are ignored, since
/// each pattern scans the term dictionary.
const MAX_PATTERNS: usize = 8;
/// Maximum number of NEAR and SAME clauses of a query. Further NEAR and SAME clauses are ignored, since each of them
/// reads positions.
const MAX_PROXIMITY_CLAUSES: usize = 16;

/// Returns the plan of `clause`, restricted by `filters`, which do not add to scores. Adds a note on each clause that
/// exceeds a limit or cannot be searched as written.
pub(crate) fn plan_query(
    clause: &Clause,
    filters: &[Clause],
    analyzer: &Analyzer,
    notes: &mut Vec<Note>,
) -> QueryPlan {
    let mut planner = Planner {
        analyzer,
        notes,
        leaves: Vec::new(),
        tokens: Vec::new(),
        left_out: Vec::new(),
        pattern_count: 0,
        proximity_clause_count: 0,
        next_position: 0,
        context: ClauseContext {
            target: ClauseTarget::Text(TextField::Body),
            boost: 1.0,
            positive: true,
            any_word_suffices: false,
        },
    };
    let mut tree = planner.plan_tree(clause);
    if !filters.is_empty() {
        planner.context.boost = 0.0;
        let filters = filters.iter().map(|filter| planner.plan_tree(filter));
        tree = MatchTree::All(std::iter::once(tree).chain(filters).collect());
    }
    let Planner { leaves, tokens, left_out, .. } = planner;
    QueryPlan { tree, leaves, tokens, left_out }
}

/// Text or field value to which a clause applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ClauseTarget {
    /// The tokens of a text, such as the title.
    Text(TextField),
    /// The whole value of a field, such as the language code.
    Value(Field),
}

/// Settings that a clause inherits from the enclosing clauses.
#[derive(Debug, Clone, Copy)]
struct ClauseContext {
    target: ClauseTarget,
    boost: f64,
    /// Whether the clause may match and score. False inside a NOT.
    positive: bool,
    /// Whether one of the words or clauses side by side suffices for a match, as inside `any:`.
    any_word_suffices: bool,
}

struct Planner<'a> {
    analyzer: &'a Analyzer,
    notes: &'a mut Vec<Note>,
    leaves: Vec<Leaf>,
    tokens: Vec<QueryToken>,
    /// Stop words of the query that no query leaf searches.
    left_out: Vec<String>,
    /// Number of patterns planned so far.
    pattern_count: usize,
    /// Number of NEAR and SAME clauses planned so far.
    proximity_clause_count: usize,
    /// Position of the first token of the next query leaf.
    next_position: u32,
    context: ClauseContext,
}

impl Planner<'_> {
    fn plan_tree(&mut self, clause: &Clause) -> MatchTree {
        if let (ClauseTarget::Value(field), Some(text)) = (self.context.target, text_of(clause)) {
            return MatchTree::Filter(Filter::on_field(field, text));
        }
        match clause {
            Clause::Everything => MatchTree::Everything,
            Clause::Nothing => MatchTree::Any(Vec::new()),
            Clause::Words(text) => self.add_words(text),
            Clause::Phrase { text, slop } => self.add_phrase(text, *slop, false),
            Clause::Wildcard(text) => {
                self.add_pattern(text, |_| pattern::wildcard_alternatives(text))
            }
            Clause::Regex(text) => {
                self.add_pattern(text, |planner| pattern::regex_alternatives(text, planner.notes))
            }
            Clause::Fuzzy { word, edits } => self.add_pattern(word, |planner| {
                let analysis = planner.analyze(word, true);
                pattern::fuzzy_alternatives(&analysis, word, *edits, planner.notes)
            }),
            Clause::Near { clauses, distance } => self.add_near(clauses, Some(*distance)),
            Clause::Same(clauses) => self.add_near(clauses, None),
            Clause::And(clauses) => MatchTree::conjunction(self.plan_trees(clauses)),
            Clause::Or(clauses) => MatchTree::disjunction(self.plan_trees(clauses)),
            Clause::Any(clause) => {
                self.plan_tree_in(clause, |context| context.any_word_suffices = true)
            }
            Clause::Sequence(items) => self.plan_sequence(items),
            Clause::In(field, clause) => self.plan_tree_in(clause, |context| {
                context.target = target_of(*field);
            }),
            Clause::Boost(clause, factor) => self.plan_tree_in(clause, |context| {
                context.boost *= f64::from(*factor);
            }),
            Clause::Dates(period) => MatchTree::Filter(Filter::Dates(*period)),
            Clause::Figure(text) => match parse_figure(text) {
                Some(pattern) => self.add_fact(pattern, text),
                None => MatchTree::Any(Vec::new()),
            },
            Clause::Mentions { period: Period { first, last }, as_of } => {
                let (first, last, as_of) = (*first, *last, *as_of);
                self.add_fact(FactPattern::Period { first, last, as_of }, &clause.to_string())
            }
        }
    }

    fn plan_trees(&mut self, clauses: &[Clause]) -> Vec<MatchTree> {
        clauses.iter().map(|clause| self.plan_tree(clause)).collect()
    }

    /// Returns the tree of a clause. `change` changes the context for this clause, but not for the clauses after it.
    fn plan_tree_in(
        &mut self,
        clause: &Clause,
        change: impl FnOnce(&mut ClauseContext),
    ) -> MatchTree {
        let outer_context = self.context;
        change(&mut self.context);
        let tree = self.plan_tree(clause);
        self.context = outer_context;
        tree
    }

    fn plan_sequence(&mut self, items: &[SequenceItem]) -> MatchTree {
        let (mut optional, mut required, mut excluded) = (Vec::new(), Vec::new(), Vec::new());
        let mut conditions = Vec::new();
        for SequenceItem { occur, clause } in items {
            match occur {
                Occur::Should if clause.is_condition() => conditions.push(self.plan_tree(clause)),
                Occur::Should => optional.push(self.plan_tree(clause)),
                Occur::Must => required.push(self.plan_tree(clause)),
                Occur::MustNot => {
                    let tree = self.plan_tree_in(clause, |context| {
                        context.positive = false;
                        context.any_word_suffices = true;
                    });
                    excluded.push(MatchTree::Not(Box::new(tree)));
                }
            }
        }
        let scored_tree = match (required.is_empty(), optional.is_empty()) {
            (true, true) => None,
            (true, false) => Some(self.side_by_side(optional)),
            (false, true) => Some(MatchTree::conjunction(required)),
            (false, false) if self.context.any_word_suffices => Some(MatchTree::Prefer {
                required: Box::new(MatchTree::conjunction(required)),
                optional: Box::new(MatchTree::disjunction(optional)),
            }),
            (false, false) => {
                let optional = self.side_by_side(optional);
                Some(MatchTree::All(required.into_iter().chain([optional]).collect()))
            }
        };
        MatchTree::conjunction(scored_tree.into_iter().chain(conditions).chain(excluded).collect())
    }

    /// Returns the tree for clauses side by side. If `any_word_suffices` is set in the context, a match of one of them
    /// suffices. Otherwise, all trees are [wanted](MatchTree::Wanted) in the body, and all trees must match in any
    /// other field.
    fn side_by_side(&self, trees: Vec<MatchTree>) -> MatchTree {
        match self.context {
            ClauseContext { any_word_suffices: true, .. } => MatchTree::disjunction(trees),
            ClauseContext { target: ClauseTarget::Text(TextField::Body), .. } => {
                MatchTree::flat_wanted(trees)
            }
            _ => MatchTree::conjunction(trees),
        }
    }

    /// Adds the query leaf of a phrase. If `contiguous` is true and the phrase consists of Han characters, no other
    /// character may lie between these characters.
    fn add_phrase(&mut self, text: &str, slop: u32, contiguous: bool) -> MatchTree {
        let analysis = self.analyze(text, true);
        let tokens = &analysis.tokens;
        let mut slots: Vec<_> = tokens
            .iter()
            .enumerate()
            .map(|(offset, token)| PhraseSlot::term(offset as u32, analysis.term(token)))
            .collect();
        if slots.is_empty() {
            return MatchTree::Any(Vec::new());
        }
        if let Some(pattern) = quantity_with_unit(text, &analysis) {
            slots = vec![PhraseSlot::pattern(0, pattern)];
        }
        let contiguous = contiguous && tokens.iter().all(|token| token.kind == TokenKind::Han);
        let position_count = tokens.len() as u32;
        let alternative = Alternative { slots, contiguous, slop, exact: true };
        self.add_leaf(vec![alternative], position_count, text)
    }

    /// Adds one query leaf for each word. Stop words (of, the, 的, 多少, a single Han character that belongs to no
    /// word) are searched only if the text has no other words, since stop words match nearly every passage.
    fn add_words(&mut self, text: &str) -> MatchTree {
        let analysis = self.analyze(text, false);
        let mut parsed_words = han_words(text, self.analyzer, &analysis, false);
        parsed_words.extend(non_chinese_words(text, &analysis, false));
        if parsed_words.is_empty() {
            parsed_words = han_words(text, self.analyzer, &analysis, true);
        }
        if parsed_words.is_empty() {
            parsed_words = non_chinese_words(text, &analysis, true);
        }
        self.left_out.extend(uncovered_stop_words(text, &analysis, &parsed_words));
        parsed_words.sort_by_key(|word| word.position);
        let start_position = self.next_position;
        let leaves = parsed_words.into_iter().map(|word| {
            self.next_position = start_position + word.position;
            self.add_leaf(vec![word.alternative], word.position_count, word.span.of(text))
        });
        let leaves: Vec<_> = leaves.collect();
        self.next_position = start_position + analysis.positions() + CLAUSE_GAP_POSITIONS;
        self.side_by_side(leaves)
    }

    /// Adds the query leaf of a pattern. Calls `alternatives` for its alternative phrases only if the query has fewer
    /// than [`MAX_PATTERNS`] patterns so far.
    fn add_pattern(
        &mut self,
        label: &str,
        alternatives: impl FnOnce(&mut Self) -> Vec<Alternative>,
    ) -> MatchTree {
        self.pattern_count += 1;
        if self.pattern_count > MAX_PATTERNS {
            return self.note_limit(MAX_PATTERNS, "patterns (* ? ~ /…/)");
        }
        let alternatives = alternatives(self);
        let position_count = alternatives.first().map_or(0, |first| first.slots.len() as u32);
        if position_count == 0 {
            MatchTree::Any(Vec::new())
        } else {
            self.add_leaf(alternatives, position_count, label)
        }
    }

    /// Adds the query leaf that finds the quantities or periods of `pattern`. `text` is its text in the query.
    fn add_fact(&mut self, pattern: FactPattern, text: &str) -> MatchTree {
        let label = text.to_owned();
        let pattern = TermPattern::Fact { label, pattern, bare_number: None };
        self.add_leaf(vec![Alternative::phrase(vec![PhraseSlot::pattern(0, pattern)])], 1, text)
    }

    /// Adds a NEAR clause, or a SAME clause if `distance` is `None`.
    fn add_near(&mut self, clauses: &[Clause], distance: Option<u32>) -> MatchTree {
        self.proximity_clause_count += 1;
        if self.proximity_clause_count > MAX_PROXIMITY_CLAUSES {
            return self.note_limit(MAX_PROXIMITY_CLAUSES, "NEAR and SAME");
        }
        let mut operands = Vec::new();
        for clause in clauses {
            let mut operand_leaves = Vec::new();
            let tree = self.add_operand(clause);
            tree.for_each_leaf(&mut |leaf| operand_leaves.push(leaf));
            operands.push(operand_leaves);
        }
        MatchTree::Near { operands, distance }
    }

    /// Adds the query leaves of an operand of NEAR or SAME. Unlike outside NEAR, a word of several tokens is a phrase,
    /// and stop words are searched.
    fn add_operand(&mut self, clause: &Clause) -> MatchTree {
        match clause {
            Clause::Words(text) => {
                let words: Vec<_> =
                    text.split(' ').map(|word| self.add_operand_word(word)).collect();
                MatchTree::disjunction(words)
            }
            Clause::Or(clauses) => MatchTree::disjunction(
                clauses.iter().map(|clause| self.add_operand(clause)).collect(),
            ),
            Clause::Sequence(items) => MatchTree::disjunction(
                items.iter().map(|item| self.add_operand(&item.clause)).collect(),
            ),
            other => self.plan_tree(other),
        }
    }

    fn add_operand_word(&mut self, word: &str) -> MatchTree {
        let mut analysis = Analysis::default();
        self.analyzer.tokens(word, &mut analysis);
        push_terms(word, Publication::default(), &mut analysis);
        let is_han = analysis.tokens.first().is_some_and(|token| token.kind == TokenKind::Han);
        match &non_chinese_words(word, &analysis, true)[..] {
            [only] if !is_han => {
                self.analyze(word, true);
                self.add_leaf(vec![only.alternative.clone()], only.position_count, word)
            }
            _ => self.add_phrase(word, 0, true),
        }
    }

    /// Adds a query leaf with these alternatives to the plan, and returns its node in the tree.
    fn add_leaf(
        &mut self,
        alternatives: Vec<Alternative>,
        position_count: u32,
        label: &str,
    ) -> MatchTree {
        if self.leaves.len() >= MAX_LEAVES {
            return self.note_limit(MAX_LEAVES, "words");
        }
        let ClauseContext { target, boost, positive, .. } = self.context;
        let field = match target {
            ClauseTarget::Text(field) => field,
            ClauseTarget::Value(_) => TextField::Body,
        };
        let position = self.next_position;
        let label = label.to_owned();
        self.leaves.push(Leaf {
            field,
            alternatives,
            boost,
            positive,
            position,
            position_count,
            label,
        });
        self.next_position += position_count + CLAUSE_GAP_POSITIONS;
        MatchTree::Leaf(self.leaves.len() - 1)
    }

    /// Adds a note that the query exceeds a limit. Returns a tree without matches, which replaces the ignored clause.
    fn note_limit(&mut self, limit: usize, what: &str) -> MatchTree {
        let message = format!("the query has more than {limit} {what}: the rest was left out");
        let note = Note::new(NoteKind::Truncated, message);
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
        MatchTree::Any(Vec::new())
    }

    /// Returns the tokens of a text. If the text is searched in the body and adds to the score, also adds the tokens
    /// to the tokens of the plan.
    fn analyze(&mut self, text: &str, quoted: bool) -> Analysis {
        let mut analysis = Analysis::default();
        self.analyzer.tokens(text, &mut analysis);
        push_terms(text, Publication::default(), &mut analysis);
        let ClauseContext { target, boost, positive, .. } = self.context;
        if target != ClauseTarget::Text(TextField::Body) || !positive || boost == 0.0 {
            return analysis;
        }
        let han_runs: Vec<_> = analysis.han_runs().collect();
        for (index, token) in analysis.tokens.iter().enumerate() {
            self.tokens.push(QueryToken {
                term: analysis.term(token).to_owned(),
                position: self.next_position + token.position,
                is_han: token.kind == TokenKind::Han,
                contiguous: han_runs.iter().any(|run| run.contains(&index) && run.start < index),
                quoted,
                case: letter_case(token.span.of(text)),
            });
        }
        analysis
    }
}

/// Returns the quantity of a quoted phrase that is one number with a unit, such as "5%" or "£20 million". The tokens of
/// the phrase lack the unit. `None` for any other phrase, which is searched by its tokens.
fn quantity_with_unit(text: &str, analysis: &Analysis) -> Option<TermPattern> {
    let (first_token, last_token) = (analysis.tokens.first()?, analysis.tokens.last()?);
    let quantity = analysis.extras.iter().find(|extra| extra.kind == ExtraKind::Quantity)?;
    let quantity_span = quantity.span;
    let exceeds_tokens =
        quantity_span.start < first_token.span.start || quantity_span.end > last_token.span.end;
    let covers_all_tokens =
        quantity_span.start <= first_token.span.start && quantity_span.end >= last_token.span.end;
    if !exceeds_tokens || !covers_all_tokens {
        return None;
    }
    quantity_pattern(text, analysis, quantity)
}

/// Returns the letter case of a word, ignoring the s of a plural.
fn letter_case(word: &str) -> LetterCase {
    let singular = word.strip_suffix('s').unwrap_or(word);
    let is_upper = singular.contains(char::is_uppercase) && !singular.contains(char::is_lowercase);
    if is_upper { LetterCase::Upper } else { LetterCase::Other }
}

/// Returns the text or field value to which clauses on a field apply.
const fn target_of(field: Field) -> ClauseTarget {
    match field {
        Field::Title => ClauseTarget::Text(TextField::Title),
        Field::Heading => ClauseTarget::Text(TextField::Heading),
        Field::Issuer => ClauseTarget::Text(TextField::Issuer),
        Field::Speaker => ClauseTarget::Text(TextField::Speaker),
        Field::Source | Field::Lang | Field::Id => ClauseTarget::Value(field),
    }
}

/// Returns the text of a clause, for comparison with a whole field value. `None` if the clause contains other clauses
/// or no text.
fn text_of(clause: &Clause) -> Option<&str> {
    match clause {
        Clause::Words(text)
        | Clause::Phrase { text, .. }
        | Clause::Wildcard(text)
        | Clause::Regex(text) => Some(text),
        Clause::Fuzzy { word, .. } => Some(word),
        Clause::Everything
        | Clause::Nothing
        | Clause::Near { .. }
        | Clause::Same(_)
        | Clause::And(_)
        | Clause::Or(_)
        | Clause::Any(_)
        | Clause::Sequence(_)
        | Clause::In(..)
        | Clause::Boost(..)
        | Clause::Dates(_)
        | Clause::Figure(_)
        | Clause::Mentions { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Chinese;

    /// Returns the plan of a query, and each query leaf printed as its position and its terms.
    fn plan_with_leaves(text: &str) -> (QueryPlan, Vec<String>) {
        let clause = Clause::parse(text).0;
        let plan = plan_query(&clause, &[], &Analyzer::new(Chinese::Off), &mut Vec::new());
        let printed_leaf = |leaf: &Leaf| {
            let slots = leaf.alternatives.iter().flat_map(|alternative| &alternative.slots);
            let terms: Vec<_> = slots.map(|slot| slot.pattern.text()).collect();
            format!("{} {}", leaf.position, terms.join(" "))
        };
        let leaves = plan.leaves.iter().map(printed_leaf).collect();
        (plan, leaves)
    }

    #[test]
    fn words_and_phrases_become_leaves_at_their_positions() {
        for (text, expected) in [
            ("flying car", vec!["0 flying", "1 car"]),
            ("price of a car", vec!["0 price", "3 car"]),
            ("of the", vec!["0 of", "1 the"]),
            ("\"of the car\" port", vec!["0 of the car", "5 port"]),
            ("广州市", vec!["0 广 州", "1 州 市"]),
            ("3.9万 cars", vec!["0 39000", "2 cars"]),
            ("title:car", vec!["0 car"]),
            ("lang:en", vec![]),
        ] {
            assert_eq!(plan_with_leaves(text).1, expected, "{text}");
        }
    }

    #[test]
    fn signs_determine_the_tree() {
        let leaf = MatchTree::Leaf;
        let not = |tree| MatchTree::Not(Box::new(tree));
        let prefer = |required, optional| MatchTree::Prefer {
            required: Box::new(required),
            optional: Box::new(optional),
        };
        for (text, expected) in [
            ("flying car", MatchTree::Wanted(vec![leaf(0), leaf(1)])),
            ("any:(flying car)", MatchTree::Any(vec![leaf(0), leaf(1)])),
            ("title:(flying car)", MatchTree::All(vec![leaf(0), leaf(1)])),
            ("flying OR car", MatchTree::Any(vec![leaf(0), leaf(1)])),
            ("flying AND car", MatchTree::All(vec![leaf(0), leaf(1)])),
            ("+flying car", MatchTree::All(vec![leaf(0), leaf(1)])),
            ("any:(+flying car)", prefer(leaf(0), leaf(1))),
            ("flying -car", MatchTree::All(vec![leaf(0), not(leaf(1))])),
            (
                "flying -(car toy)",
                MatchTree::All(vec![leaf(0), not(MatchTree::Any(vec![leaf(1), leaf(2)]))]),
            ),
            (
                "flying NEAR/2 car",
                MatchTree::Near { operands: vec![vec![0], vec![1]], distance: Some(2) },
            ),
        ] {
            assert_eq!(plan_with_leaves(text).0.tree, expected, "{text}");
        }
    }

    #[test]
    fn excluded_words_add_no_score() {
        let leaves = plan_with_leaves("flying -car").0.leaves;
        assert_eq!(leaves.iter().map(Leaf::adds_score).collect::<Vec<_>>(), [true, false]);
    }
}
