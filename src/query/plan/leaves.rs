//! Plans the leaves of a query: words, phrases, patterns, figures and periods.
//!
//! [`LeafPlanner`] turns the text of a clause into a [`Leaf`] of the plan, and returns the node of the tree for the
//! leaf.

use crate::{
    analysis::{Analysis, Analyzer, ExtraKind, TokenKind, push_may_as_name_in_query},
    document::document_number::{NumberCandidate, number_candidates},
    fact::{FactPattern, Publication, push_terms},
    query::{
        Field, Note,
        date_spelling::spellings_without_year,
        figures::quantity_pattern,
        han_words::{HanWordOptions, HanWords, han_words},
        note::detail::{ExceededLimit, NoteDetail},
        numeral_spelling::add_numeral_spellings,
        parsed_word::ParsedWord,
        tree::{
            Alternative, Leaf, LetterCase, MatchTree, PhraseOrigin, PhraseSlot,
            QueryDocumentNumber, QuerySynonyms, QueryToken, TermPattern, TextField,
        },
        words::{document_number_word, non_chinese_words, replace_words, uncovered_stop_words},
    },
    span::Span,
};

/// Number of unused positions between the query leaves of two clauses, so that words of different clauses are never
/// adjacent.
const GAP_POSITIONS_BETWEEN_CLAUSES: u32 = 2;
/// Maximum number of query leaves (words, phrases and patterns). Further leaves are ignored, since each leaf costs a
/// search and a score.
const MAX_LEAVES_PER_QUERY: usize = 256;
/// Maximum number of wildcard, fuzzy and regular expression patterns of a query. Further patterns are ignored, since
/// each pattern scans the term dictionary.
const MAX_PATTERNS_PER_QUERY: usize = 8;

/// Text or field value to which a clause applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ClauseTarget {
    /// The tokens of a text, such as the title.
    Text(TextField),
    /// The whole value of a field, such as the language code.
    Value(Field),
}

/// Settings that a clause inherits from the enclosing clauses.
#[derive(Debug, Clone, Copy)]
pub(super) struct ClauseContext {
    pub(super) target: ClauseTarget,
    pub(super) boost: f64,
    /// Whether the clause is outside of every NOT. A clause inside a NOT adds no score.
    pub(super) is_outside_not: bool,
    /// Whether one of the words or clauses side by side suffices for a match, as inside `any:`.
    pub(super) any_word_suffices: bool,
}

/// Collects the leaves and the tokens of a plan.
pub(super) struct LeafPlanner<'a> {
    pub(super) analyzer: &'a Analyzer,
    pub(super) notes: &'a mut Vec<Note>,
    pub(super) leaves: Vec<Leaf>,
    pub(super) tokens: Vec<QueryToken>,
    /// Stop words of the query that no query leaf searches.
    pub(super) unsearched_stop_words: Vec<String>,
    pub(super) synonyms: Vec<QuerySynonyms>,
    pub(super) document_numbers: Vec<QueryDocumentNumber>,
    /// Number of patterns planned so far.
    pattern_count: usize,
    /// Position of the first token of the next query leaf.
    pub(super) next_position: u32,
    /// Settings of the clause that is planned.
    pub(super) context: ClauseContext,
}

impl<'a> LeafPlanner<'a> {
    /// Returns a planner without leaves, for clauses on the body.
    pub(super) fn new(analyzer: &'a Analyzer, notes: &'a mut Vec<Note>) -> Self {
        Self {
            analyzer,
            notes,
            leaves: Vec::new(),
            tokens: Vec::new(),
            unsearched_stop_words: Vec::new(),
            synonyms: Vec::new(),
            document_numbers: Vec::new(),
            pattern_count: 0,
            next_position: 0,
            context: ClauseContext {
                target: ClauseTarget::Text(TextField::Body),
                boost: 1.0,
                is_outside_not: true,
                any_word_suffices: false,
            },
        }
    }

    /// Adds the query leaf of a phrase. If `is_contiguous` is true and the phrase consists of Han characters, no other
    /// character may lie between these characters.
    pub(super) fn add_phrase_leaf(
        &mut self,
        text: &str,
        slop: u32,
        is_contiguous: bool,
    ) -> MatchTree {
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
        if let Some(pattern) = quantity_of_quoted_phrase(text, &analysis) {
            slots = vec![PhraseSlot::pattern(0, pattern)];
        }
        let is_contiguous =
            is_contiguous && tokens.iter().all(|token| token.kind == TokenKind::Han);
        let position_count = tokens.len() as u32;
        let alternative = Alternative { slots, is_contiguous, slop, origin: PhraseOrigin::Query };
        self.add_leaf(vec![alternative], position_count, text)
    }

    /// Adds one query leaf for each word. Stop words are searched only if the text has no other words, because stop
    /// words match nearly every passage. Stop words are words such as `of`, `the`, `的` and `多少`, and a single Han
    /// character of a sentence that belongs to no word.
    pub(super) fn add_word_leaves(&mut self, text: &str) -> Vec<MatchTree> {
        let analysis = self.analyze(text, false);
        let options = HanWordOptions {
            includes_stop_words: false,
            // The name of an issuer or a speaker may have other characters in between: 港口局 is 港口管理局.
            searches_single_chars: self.context.target == ClauseTarget::Text(TextField::Body),
        };
        let mut parsed_words = self.words_of(text, &analysis, options);
        if parsed_words.is_empty() {
            let options = HanWordOptions { includes_stop_words: true, ..options };
            parsed_words = self.words_of(text, &analysis, options);
        }
        let numbers = self.document_numbers_of(text);
        for number in numbers.iter().filter(|number| number.is_certain) {
            replace_words(&mut parsed_words, document_number_word(&analysis, number.span));
        }
        self.unsearched_stop_words.extend(uncovered_stop_words(text, &analysis, &parsed_words));
        add_numeral_spellings(text, &analysis, &mut parsed_words);
        parsed_words.sort_by_key(|word| word.position);
        let (start_position, first_leaf_index) = (self.next_position, self.leaves.len());
        let word_spans: Vec<Span> = parsed_words.iter().map(|word| word.span).collect();
        let leaves = parsed_words.into_iter().map(|word| {
            self.next_position = start_position + word.position;
            let leaf = self.add_leaf(word.alternatives, word.position_count, word.span.of(text));
            if let (Some(date), MatchTree::Leaf(leaf)) = (word.date, &leaf)
                && let Some(leaf) = self.leaves.get_mut(*leaf)
            {
                leaf.loose_alternatives = spellings_without_year(date);
            }
            leaf
        });
        let leaves: Vec<_> = leaves.collect();
        self.add_synonyms_of_text(text, &analysis, first_leaf_index, start_position);
        self.add_document_numbers(text, &numbers, &word_spans, first_leaf_index);
        self.next_position =
            start_position + analysis.position_count() + GAP_POSITIONS_BETWEEN_CLAUSES;
        leaves
    }

    /// Returns the words of a text that become query leaves. If `options` include stop words, returns the Chinese words
    /// of the text, or all other tokens of a text without Chinese words.
    fn words_of(
        &self,
        text: &str,
        analysis: &Analysis,
        options: HanWordOptions,
    ) -> Vec<ParsedWord> {
        let HanWords { mut words, chars_beside_numbers } =
            han_words(text, self.analyzer, analysis, options);
        if words.is_empty() || !options.includes_stop_words {
            words.extend(non_chinese_words(
                text,
                self.analyzer,
                analysis,
                &chars_beside_numbers,
                options.includes_stop_words,
            ));
        }
        words
    }

    /// Returns the document numbers in a text that is searched in the body.
    fn document_numbers_of(&self, text: &str) -> Vec<NumberCandidate> {
        let ClauseContext { target, is_outside_not, .. } = self.context;
        let is_searched = target == ClauseTarget::Text(TextField::Body) && is_outside_not;
        if is_searched { number_candidates(text) } else { Vec::new() }
    }

    /// Adds document numbers of a text to the plan. `word_spans` are the spans of the words of the text, whose query
    /// leaves begin with `first_leaf_index`.
    fn add_document_numbers(
        &mut self,
        text: &str,
        numbers: &[NumberCandidate],
        word_spans: &[Span],
        first_leaf_index: usize,
    ) {
        for NumberCandidate { span, .. } in numbers {
            let leaves = (first_leaf_index..self.leaves.len()).zip(word_spans);
            let leaves = leaves.filter(|(_, word)| word.start < span.end && span.start < word.end);
            self.document_numbers.push(QueryDocumentNumber {
                leaves: leaves.map(|(leaf, _)| leaf).collect(),
                label: span.of(text).to_owned(),
            });
        }
    }

    /// Adds the query leaf of a pattern. The function `alternatives` returns the alternative phrases of the leaf. It is
    /// called only if the query has fewer than [`MAX_PATTERNS_PER_QUERY`] patterns so far.
    pub(super) fn add_pattern_leaf(
        &mut self,
        label: &str,
        alternatives: impl FnOnce(&mut Self) -> Vec<Alternative>,
    ) -> MatchTree {
        self.pattern_count += 1;
        if self.pattern_count > MAX_PATTERNS_PER_QUERY {
            return self
                .note_exceeded_limit(ExceededLimit::Patterns { max: MAX_PATTERNS_PER_QUERY });
        }
        let alternatives = alternatives(self);
        let position_count = alternatives.first().map_or(0, |first| first.slots.len() as u32);
        if position_count == 0 {
            MatchTree::Any(Vec::new())
        } else {
            self.add_leaf(alternatives, position_count, label)
        }
    }

    /// Adds the query leaf that finds the quantities or periods that `pattern` selects. `text` is the text of the
    /// figure or period in the query.
    pub(super) fn add_fact_leaf(&mut self, pattern: FactPattern, text: &str) -> MatchTree {
        let label = text.to_owned();
        let pattern = TermPattern::Fact { label, pattern, bare_number: None };
        self.add_leaf(vec![Alternative::phrase(vec![PhraseSlot::pattern(0, pattern)])], 1, text)
    }

    /// Adds a query leaf with these alternatives to the plan, and returns its node in the tree.
    pub(super) fn add_leaf(
        &mut self,
        alternatives: Vec<Alternative>,
        position_count: u32,
        label: &str,
    ) -> MatchTree {
        if self.leaves.len() >= MAX_LEAVES_PER_QUERY {
            return self.note_exceeded_limit(ExceededLimit::Words { max: MAX_LEAVES_PER_QUERY });
        }
        let ClauseContext { target, boost, is_outside_not, .. } = self.context;
        let field = match target {
            ClauseTarget::Text(field) => field,
            ClauseTarget::Value(_) => TextField::Body,
        };
        let position = self.next_position;
        let label = label.to_owned();
        self.leaves.push(Leaf {
            field,
            alternatives,
            loose_alternatives: Vec::new(),
            boost,
            is_outside_not,
            position,
            position_count,
            label,
        });
        self.next_position += position_count + GAP_POSITIONS_BETWEEN_CLAUSES;
        MatchTree::Leaf(self.leaves.len() - 1)
    }

    /// Adds a note that the query exceeds a limit. Returns a tree without matches, which replaces the ignored clause.
    pub(super) fn note_exceeded_limit(&mut self, limit: ExceededLimit) -> MatchTree {
        let note = Note::new(NoteDetail::Truncated(limit));
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
        MatchTree::Any(Vec::new())
    }

    /// Returns the tokens of a text. If the text is searched in the body and adds to the score, also adds the tokens
    /// to the tokens of the plan.
    pub(super) fn analyze(&mut self, text: &str, is_quoted: bool) -> Analysis {
        let mut analysis = Analysis::default();
        self.analyzer.tokens(text, &mut analysis);
        if !is_quoted {
            push_may_as_name_in_query(text, &mut analysis);
        }
        push_terms(text, Publication::default(), &mut analysis);
        let ClauseContext { target, boost, is_outside_not, .. } = self.context;
        if target != ClauseTarget::Text(TextField::Body) || !is_outside_not || boost == 0.0 {
            return analysis;
        }
        let han_runs: Vec<_> = analysis.han_runs().collect();
        for (index, token) in analysis.tokens.iter().enumerate() {
            self.tokens.push(QueryToken {
                term: analysis.term(token).to_owned(),
                text: token.span.of(text).to_owned(),
                position: self.next_position + token.position,
                is_han: token.kind == TokenKind::Han,
                is_stop_word: self.analyzer.is_stop_word(analysis.term(token)),
                is_contiguous: han_runs.iter().any(|run| run.contains(&index) && run.start < index),
                is_quoted,
                letter_case: letter_case(token.span.of(text)),
            });
        }
        analysis
    }
}

/// Returns the quantity of a quoted phrase that is one number with a unit, such as "5%" or "£20 million". The tokens of
/// the phrase lack the unit. `None` for any other phrase, which is searched by its tokens.
fn quantity_of_quoted_phrase(text: &str, analysis: &Analysis) -> Option<TermPattern> {
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
