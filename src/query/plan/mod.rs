//! Turns a [`Clause`] into a [`QueryPlan`]. Words are analyzed in the same way as for indexing. Planning does not
//! access the index; query expansion later finds the terms of the index for stems and patterns. Search and highlighting
//! both use the plan, so they agree on matches. This file plans the tree; `leaves.rs` plans its leaves,
//! and `synonyms.rs` finds the synonyms of their words.

mod leaves;
mod synonyms;

use self::leaves::{ClauseContext, ClauseTarget, LeafPlanner};
use super::{
    Clause, Field, FieldCondition, Note, Occur, Period, SequenceItem,
    filter::Filter,
    note::detail::{ExceededLimit, IgnoredPart, NoteDetail},
    pattern,
    tree::{MatchTree, QueryPlan, TextField},
    words::non_chinese_words,
};
use crate::{
    analysis::{Analysis, Analyzer, TokenKind},
    document::{DeclaredFields, FieldName},
    fact::{FactPattern, Publication, parse_figure, push_terms},
};

/// Maximum number of NEAR and SAME clauses of a query. Further NEAR and SAME clauses are ignored, since each of them
/// reads positions.
const MAX_PROXIMITY_CLAUSES: usize = 16;

/// Returns the plan of `clause`, restricted by `filters`, which do not add to scores. `fields` are the declared fields
/// of the index. Adds a note on each clause that exceeds a limit or cannot be searched as written.
pub(crate) fn plan_query(
    clause: &Clause,
    filters: &[Clause],
    fields: &DeclaredFields,
    analyzer: &Analyzer,
    notes: &mut Vec<Note>,
) -> QueryPlan {
    let leaves = LeafPlanner::new(analyzer, notes);
    let mut planner = Planner { fields, leaves, proximity_clause_count: 0 };
    let mut tree = planner.plan_tree(clause);
    if !filters.is_empty() {
        planner.leaves.context.boost = 0.0;
        let filters = filters.iter().map(|filter| planner.plan_tree(filter));
        tree = MatchTree::All(std::iter::once(tree).chain(filters).collect());
    }
    let LeafPlanner { leaves, tokens, unsearched_stop_words, synonyms, document_numbers, .. } =
        planner.leaves;
    QueryPlan { tree, leaves, tokens, unsearched_stop_words, synonyms, document_numbers }
}

struct Planner<'a> {
    fields: &'a DeclaredFields,
    leaves: LeafPlanner<'a>,
    /// Number of NEAR and SAME clauses planned so far.
    proximity_clause_count: usize,
}

impl Planner<'_> {
    fn plan_tree(&mut self, clause: &Clause) -> MatchTree {
        if let Some(filter) = self.plan_filter(clause) {
            return filter;
        }
        match clause {
            Clause::Everything => MatchTree::Everything,
            Clause::Nothing => MatchTree::Any(Vec::new()),
            Clause::Words(text) => {
                let words = self.leaves.add_word_leaves(text);
                self.join_trees_side_by_side(words)
            }
            Clause::Phrase { text, slop } => self.leaves.add_phrase_leaf(text, *slop, false),
            Clause::Wildcard(text) => {
                self.leaves.add_pattern_leaf(text, |_| pattern::wildcard_alternatives(text))
            }
            Clause::Regex(text) => self
                .leaves
                .add_pattern_leaf(text, |planner| pattern::regex_alternatives(text, planner.notes)),
            Clause::Fuzzy { word, edits } => self.leaves.add_pattern_leaf(word, |planner| {
                let analysis = planner.analyze(word, true);
                pattern::fuzzy_alternatives(&analysis, word, *edits, planner.notes)
            }),
            Clause::Near { clauses, distance } => self.add_near_or_same(clauses, Some(*distance)),
            Clause::Same(clauses) => self.add_near_or_same(clauses, None),
            Clause::And(clauses) => MatchTree::conjunction(self.plan_trees(clauses)),
            Clause::Or(clauses) => MatchTree::disjunction(self.plan_trees(clauses)),
            Clause::Any(clause) => {
                self.plan_tree_with_context(clause, |context| context.any_word_suffices = true)
            }
            Clause::Sequence(items) => self.plan_sequence(items),
            Clause::In(field, clause) => self.plan_tree_with_context(clause, |context| {
                context.target = target_of_field(*field);
            }),
            Clause::Boost(clause, factor) => self.plan_tree_with_context(clause, |context| {
                context.boost *= f64::from(*factor);
            }),
            Clause::Dates(period) => MatchTree::Filter(Filter::Dates(*period)),
            Clause::Figure(text) => match parse_figure(text) {
                Some(pattern) => self.leaves.add_fact_leaf(pattern, text),
                None => MatchTree::Any(Vec::new()),
            },
            Clause::Mentions { period: Period { first, last }, requires_as_of } => {
                let (first, last, requires_as_of) = (*first, *last, *requires_as_of);
                self.leaves.add_fact_leaf(
                    FactPattern::Period { first, last, requires_as_of },
                    &clause.to_string(),
                )
            }
        }
    }

    /// Returns the filter of a clause on the value of a field. `None` if the clause applies to a text, or contains
    /// other clauses.
    fn plan_filter(&mut self, clause: &Clause) -> Option<MatchTree> {
        match self.leaves.context.target {
            ClauseTarget::Value(Field::Declared(name)) => {
                self.plan_declared_field_filter(name, clause)
            }
            ClauseTarget::Value(field) => {
                Some(MatchTree::Filter(Filter::on_field(field, clause.word_or_phrase_text()?)))
            }
            ClauseTarget::Text(_) => None,
        }
    }

    /// Returns the filter of a clause on a declared field. A value that does not have the type of the field matches
    /// nothing, and a note says so.
    fn plan_declared_field_filter(
        &mut self,
        name: FieldName,
        clause: &Clause,
    ) -> Option<MatchTree> {
        let field_type = self.fields.type_of(name)?;
        let condition =
            FieldCondition::from_clause_on_field(field_type, clause, self.leaves.analyzer)?;
        let Ok(condition) = condition else {
            let value = clause.word_or_phrase_text().unwrap_or_default().to_owned();
            let name = name.to_string();
            let part = IgnoredPart::InvalidFieldValue { name, value, field_type };
            self.leaves.notes.push(Note::new(NoteDetail::Ignored(part)));
            return Some(MatchTree::Any(Vec::new()));
        };
        Some(MatchTree::Filter(Filter::Declared { name, condition }))
    }

    fn plan_trees(&mut self, clauses: &[Clause]) -> Vec<MatchTree> {
        clauses.iter().map(|clause| self.plan_tree(clause)).collect()
    }

    /// Returns the tree of a clause. `change` changes the context for this clause, but not for the clauses after it.
    fn plan_tree_with_context(
        &mut self,
        clause: &Clause,
        change: impl FnOnce(&mut ClauseContext),
    ) -> MatchTree {
        let outer_context = self.leaves.context;
        change(&mut self.leaves.context);
        let tree = self.plan_tree(clause);
        self.leaves.context = outer_context;
        tree
    }

    fn plan_sequence(&mut self, items: &[SequenceItem]) -> MatchTree {
        let (mut optional, mut required, mut excluded) = (Vec::new(), Vec::new(), Vec::new());
        let mut conditions = Vec::new();
        for SequenceItem { occur, clause } in items {
            match occur {
                Occur::Should if clause.is_field_or_date_condition() => {
                    conditions.push(self.plan_tree(clause));
                }
                Occur::Should => optional.push(self.plan_tree(clause)),
                Occur::Must => required.push(self.plan_tree(clause)),
                Occur::MustNot => {
                    let tree = self.plan_tree_with_context(clause, |context| {
                        context.is_outside_not = false;
                        context.any_word_suffices = true;
                    });
                    excluded.push(MatchTree::Not(Box::new(tree)));
                }
            }
        }
        let scored_tree = match (required.is_empty(), optional.is_empty()) {
            (true, true) => None,
            (true, false) => Some(self.join_trees_side_by_side(optional)),
            (false, true) => Some(MatchTree::conjunction(required)),
            (false, false) if self.leaves.context.any_word_suffices => Some(MatchTree::Prefer {
                required: Box::new(MatchTree::conjunction(required)),
                optional: Box::new(MatchTree::disjunction(optional)),
            }),
            (false, false) => {
                let optional = self.join_trees_side_by_side(optional);
                Some(MatchTree::All(required.into_iter().chain([optional]).collect()))
            }
        };
        MatchTree::conjunction(scored_tree.into_iter().chain(conditions).chain(excluded).collect())
    }

    /// Returns the tree for clauses side by side. If `any_word_suffices` is set in the context, a match of one of them
    /// suffices. Otherwise, the result is [`AllWithHeadings`](MatchTree::AllWithHeadings) in the body, and all trees
    /// must match in any other field.
    fn join_trees_side_by_side(&self, trees: Vec<MatchTree>) -> MatchTree {
        match self.leaves.context {
            ClauseContext { any_word_suffices: true, .. } => MatchTree::disjunction(trees),
            ClauseContext { target: ClauseTarget::Text(TextField::Body), .. } => {
                MatchTree::flat_all_with_headings(trees)
            }
            _ => MatchTree::conjunction(trees),
        }
    }

    /// Adds a NEAR clause, or a SAME clause if `distance` is `None`.
    fn add_near_or_same(&mut self, clauses: &[Clause], distance: Option<u32>) -> MatchTree {
        self.proximity_clause_count += 1;
        if self.proximity_clause_count > MAX_PROXIMITY_CLAUSES {
            return self.leaves.note_exceeded_limit(ExceededLimit::ProximityClauses {
                max: MAX_PROXIMITY_CLAUSES,
            });
        }
        let mut operands = Vec::new();
        for clause in clauses {
            let mut operand_leaves = Vec::new();
            let tree = self.add_near_operand(clause);
            tree.for_each_leaf_index(&mut |leaf| operand_leaves.push(leaf));
            operands.push(operand_leaves);
        }
        MatchTree::Near { operands, distance }
    }

    /// Adds the query leaves of an operand of NEAR or SAME. There, a word of several tokens becomes a phrase, and a
    /// stop word is searched like any other word.
    fn add_near_operand(&mut self, clause: &Clause) -> MatchTree {
        match clause {
            Clause::Words(text) => {
                let words: Vec<_> =
                    text.split(' ').map(|word| self.add_near_operand_word(word)).collect();
                MatchTree::disjunction(words)
            }
            Clause::Or(clauses) => MatchTree::disjunction(
                clauses.iter().map(|clause| self.add_near_operand(clause)).collect(),
            ),
            Clause::Sequence(items) => MatchTree::disjunction(
                items.iter().map(|item| self.add_near_operand(&item.clause)).collect(),
            ),
            other => self.plan_tree(other),
        }
    }

    fn add_near_operand_word(&mut self, word: &str) -> MatchTree {
        let mut analysis = Analysis::default();
        self.leaves.analyzer.tokens(word, &mut analysis);
        push_terms(word, Publication::default(), &mut analysis);
        let is_han = analysis.tokens.first().is_some_and(|token| token.kind == TokenKind::Han);
        let (start_position, first_leaf_index) =
            (self.leaves.next_position, self.leaves.leaves.len());
        let tree = match &non_chinese_words(word, self.leaves.analyzer, &analysis, &[], true)[..] {
            [only] if !is_han => {
                self.leaves.analyze(word, true);
                self.leaves.add_leaf(only.alternatives.clone(), only.position_count, word)
            }
            _ => self.leaves.add_phrase_leaf(word, 0, true),
        };
        self.leaves.add_synonyms_of_text(word, &analysis, first_leaf_index, start_position);
        tree
    }
}

/// Returns the text or field value to which a clause on `field` applies.
const fn target_of_field(field: Field) -> ClauseTarget {
    match field {
        Field::Title => ClauseTarget::Text(TextField::Title),
        Field::Heading => ClauseTarget::Text(TextField::Heading),
        Field::Issuer => ClauseTarget::Text(TextField::Issuer),
        Field::Speaker => ClauseTarget::Text(TextField::Speaker),
        Field::Source | Field::Lang | Field::Id | Field::Declared(_) => ClauseTarget::Value(field),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Chinese;
    use crate::query::Leaf;

    /// Returns the plan of a query, and each query leaf printed as its position and its terms.
    fn plan_and_printed_leaves(text: &str) -> (QueryPlan, Vec<String>) {
        let clause = Clause::parse(text).0;
        let (fields, analyzer) = (DeclaredFields::default(), Analyzer::new(Chinese::Off));
        let plan = plan_query(&clause, &[], &fields, &analyzer, &mut Vec::new());
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
            ("3.9万 cars", vec!["0 39000 3.9 万", "2 cars"]),
            ("title:car", vec!["0 car"]),
            ("lang:en", vec![]),
        ] {
            assert_eq!(plan_and_printed_leaves(text).1, expected, "{text}");
        }
    }

    #[test]
    fn signs_determine_required_optional_and_excluded_subtrees() {
        let leaf = MatchTree::Leaf;
        let not = |tree| MatchTree::Not(Box::new(tree));
        let prefer = |required, optional| MatchTree::Prefer {
            required: Box::new(required),
            optional: Box::new(optional),
        };
        for (text, expected) in [
            ("flying car", MatchTree::AllWithHeadings(vec![leaf(0), leaf(1)])),
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
            assert_eq!(plan_and_printed_leaves(text).0.tree, expected, "{text}");
        }
    }

    #[test]
    fn excluded_words_add_no_score() {
        let leaves = plan_and_printed_leaves("flying -car").0.leaves;
        assert_eq!(leaves.iter().map(Leaf::adds_score).collect::<Vec<_>>(), [true, false]);
    }
}
