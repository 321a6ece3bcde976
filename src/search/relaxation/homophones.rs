//! Finds homophones of Chinese words that occur nowhere, because users of a pinyin input method may choose the wrong
//! one of several homophones. The search for other matches accepts the homophone instead of the word.

use std::collections::{BTreeMap, BTreeSet};

use tantivy::DocAddress;

use super::pinyin::phrase_of_han_characters;
use crate::{
    analysis::is_dictionary_word,
    error::Result,
    highlight::Highlighter,
    index::{self, PassageRecord},
    query::{self, Clause, Leaf, QueryPlan, TextField},
    search::{context::SearchContext, statistics::Statistics, suggest},
};

/// Maximum length in characters of a run of Han characters that is looked up. A longer run is not a word.
const MAX_HAN_RUN_CHARS: usize = 8;
/// Maximum number of runs of Han characters for which homophones are searched. Each search scans all terms whose first
/// character has the same pronunciation as the first character of the word.
const MAX_HAN_RUNS_WITH_HOMOPHONES: usize = 3;
/// Maximum number of words in each run of Han characters for which homophones are searched.
const MAX_WORDS_WITH_HOMOPHONES_PER_RUN: usize = 2;

/// Chinese word that occurs nowhere, and the homophone that the user may have meant.
pub(super) struct MissingWordHomophone {
    /// The word as the index would contain it.
    pub(super) word: String,
    /// The homophone as the index contains it.
    replacement: String,
    /// The word as the query spells it.
    pub(super) typed_word: String,
    /// The homophone as a passage spells it.
    pub(super) replacement_as_spelled_in_passage: String,
    /// Whether the word itself is a dictionary word. Such a word is spelled correctly, so the homophone is only
    /// suggested.
    pub(super) is_word: bool,
}

/// Adds each homophone to the plan for other matches, as an alternative of the word that occurs nowhere.
pub(super) fn add_homophones(loose_plan: &mut QueryPlan, homophones: &[MissingWordHomophone]) {
    for MissingWordHomophone { word, replacement, .. } in
        homophones.iter().filter(|found| !found.is_word)
    {
        // A run that is not a dictionary word is searched as pairs of characters. The leaf of its first pair gets the
        // homophone.
        let leaf = loose_plan
            .leaves
            .iter_mut()
            .find(|leaf| han_word(leaf).is_some_and(|pair| word.starts_with(&pair)));
        if let Some(leaf) = leaf {
            leaf.alternatives.push(phrase_of_han_characters(replacement));
        }
    }
}

/// Returns homophones of words that occur nowhere in the index, at most one for each run of Han characters.
pub(super) fn homophones_of_missing_words(
    context: &SearchContext,
    plan: &QueryPlan,
) -> Result<Vec<MissingWordHomophone>> {
    let statistics = &*context.statistics;
    let mut homophones = Vec::new();
    for run in han_runs(plan).into_iter().take(MAX_HAN_RUNS_WITH_HOMOPHONES) {
        let leaves = plan.leaves.iter().filter(|leaf| !overlaps_other_leaf(plan, leaf));
        let words = leaves.filter_map(han_word);
        let words = words.filter(|word| run.term.contains(word) && *word != run.term);
        if !occurs_nowhere(&run.term, statistics)? {
            continue;
        }
        for word in
            std::iter::once(run.term.clone()).chain(words.take(MAX_WORDS_WITH_HOMOPHONES_PER_RUN))
        {
            if !occurs_nowhere(&word, statistics)? {
                continue;
            }
            statistics.require_all_terms();
            if let Some((homophone, _)) = suggest::homophones(context, &word)?.into_iter().next() {
                let typed_word = run.typed_word(&word);
                let replacement_as_spelled_in_passage = spelling_in_passage(context, &homophone)?;
                homophones.push(MissingWordHomophone {
                    is_word: is_dictionary_word(&word),
                    word,
                    replacement: homophone,
                    typed_word,
                    replacement_as_spelled_in_passage,
                });
                break;
            }
        }
    }
    Ok(homophones)
}

/// Returns a word in the spelling of a passage that contains the word. The spelling may differ from the term of the
/// index, which contains Traditional characters in their Simplified form.
fn spelling_in_passage(context: &SearchContext, word: &str) -> Result<String> {
    let phrase = phrase_of_han_characters(word);
    let clause = Clause::Phrase { text: word.to_owned(), slop: 0 };
    let (fields, analyzer) = (context.declared_fields(), &context.analyzer);
    let plan = query::plan_query(&clause, &[], fields, analyzer, &mut Vec::new());
    for (ord, segment) in context.segments().into_iter().enumerate() {
        let postings = segment.read_union(TextField::Body, std::slice::from_ref(&phrase))?;
        let Some(&doc) = postings.docs().first() else { continue };
        let (searcher, fields) = (&context.reader.searcher, context.reader.fields);
        let address = DocAddress::new(ord as u32, doc);
        let passage: PassageRecord = index::read_record(searcher, fields, address)?;
        let highlights = Highlighter::new(&plan, &context.analyzer).highlights(&passage.text);
        if let Some(span) = highlights.first() {
            return Ok(span.of(&passage.text).to_owned());
        }
    }
    Ok(word.to_owned())
}

/// Unquoted run of Han characters of a query.
struct UnquotedHanRun {
    /// The characters as the index would contain them.
    term: String,
    /// The characters as the query spells them, if known; otherwise as in `term`.
    typed_chars: Vec<char>,
}

impl UnquotedHanRun {
    /// Returns a word of the run as the query spells it.
    fn typed_word(&self, word: &str) -> String {
        let text_before = self.term.find(word).and_then(|start| self.term.get(..start));
        let start = text_before.unwrap_or_default().chars().count();
        self.typed_chars.iter().skip(start).take(word.chars().count()).collect()
    }
}

/// Returns the distinct unquoted runs of 2 to [`MAX_HAN_RUN_CHARS`] Han characters in the query.
fn han_runs(plan: &QueryPlan) -> Vec<UnquotedHanRun> {
    let mut typed_chars: BTreeMap<u32, char> = BTreeMap::new();
    for leaf in plan.leaves.iter().filter(|leaf| han_word(leaf).is_some()) {
        if leaf.label.chars().count() == leaf.position_count as usize {
            typed_chars.extend((leaf.position..).zip(leaf.label.chars()));
        }
    }
    let mut runs: Vec<UnquotedHanRun> = Vec::new();
    for token in plan.tokens.iter().filter(|token| token.is_han && !token.is_quoted) {
        let typed_char = typed_chars.get(&token.position).copied();
        let typed_char = typed_char.or_else(|| token.term.chars().next());
        if runs.is_empty() || !token.is_contiguous {
            runs.push(UnquotedHanRun { term: String::new(), typed_chars: Vec::new() });
        }
        if let Some(run) = runs.last_mut() {
            run.term.push_str(&token.term);
            run.typed_chars.extend(typed_char);
        }
    }
    let mut seen_terms = BTreeSet::new();
    runs.retain(|run| {
        (2..=MAX_HAN_RUN_CHARS).contains(&run.typed_chars.len())
            && seen_terms.insert(run.term.clone())
    });
    runs
}

/// Returns whether another query leaf has a character of `leaf`. Such a leaf is not a word: characters outside
/// dictionary words are searched as overlapping pairs.
fn overlaps_other_leaf(plan: &QueryPlan, leaf: &Leaf) -> bool {
    plan.leaves.iter().any(|other| {
        other.position != leaf.position
            && other.position < leaf.position + leaf.position_count
            && leaf.position < other.position + other.position_count
    })
}

/// Returns the characters of a query leaf. `None` if the leaf is not a Chinese word.
fn han_word(leaf: &Leaf) -> Option<String> {
    let word =
        leaf.alternatives.first().filter(|word| word.is_contiguous && leaf.is_outside_not)?;
    word.slots.iter().map(|slot| slot.terms.first().map(|form| form.term.as_str())).collect()
}

/// Returns whether no passage contains all characters of `word` in sequence.
fn occurs_nowhere(word: &str, statistics: &dyn Statistics) -> Result<bool> {
    Ok(!statistics
        .occurs(TextField::Body, std::slice::from_ref(&phrase_of_han_characters(word)))?)
}
