//! Finds the words of a query that occur nowhere in the index, and makes a note for each of these words.

use super::occurs_nowhere;
use crate::{
    analysis::is_stop_word,
    error::Result,
    query::{
        Alternative, Leaf, Note, PhraseSlot, QueryPlan, TermPattern, TextField,
        note_detail::{MissingPart, NoteDetail},
    },
    script::is_han,
    search::statistics::Statistics,
};

/// Maximum number of words of a query that are named in notes.
const MAX_WORDS_NAMED_IN_NOTES: usize = 16;
/// Maximum length in characters of a run of Han characters that a note names. A longer run is a sentence, not a word.
const MAX_HAN_RUN_CHARS_IN_NOTE: usize = 8;

/// Word of a query that a note can name.
struct WordNamedInNote {
    /// The word as the index would contain it.
    term: String,
    /// The word as the query spells it.
    label: String,
}

/// Run of Han characters in a query: a Chinese word, or overlapping pairs of characters.
struct HanRun {
    word: WordNamedInNote,
    /// Position in the query of the first character after the run.
    end: u32,
    /// Whether a word of the run occurs nowhere in the index.
    occurs_nowhere: bool,
}

/// Returns a note for each word of the query that a match should contain but that occurs nowhere. Leaves out
/// `named_words`, which other notes name already.
pub(super) fn missing_word_notes(
    plan: &QueryPlan,
    named_words: &[&str],
    statistics: &dyn Statistics,
) -> Result<Vec<Note>> {
    let mut words = missing_words(plan, statistics)?;
    words.extend(missing_han_words(plan, statistics)?);
    words.retain(|word| {
        !named_words.iter().any(|named_word| word.is_covered_by_note_on(named_word))
    });
    let mut notes: Vec<Note> = Vec::new();
    for WordNamedInNote { label, .. } in words {
        let note = Note::new(NoteDetail::Missing(MissingPart::Word { word: label }));
        if notes.len() < MAX_WORDS_NAMED_IN_NOTES && !notes.contains(&note) {
            notes.push(note);
        }
    }
    Ok(notes)
}

impl WordNamedInNote {
    /// Returns whether a note on the word `named_word` also covers this word. A note on a run of Han characters covers
    /// the words of the run.
    fn is_covered_by_note_on(&self, named_word: &str) -> bool {
        let is_part = || self.term.contains(named_word) || named_word.contains(&self.term);
        self.term == named_word || self.term.starts_with(is_han) && is_part()
    }
}

/// Returns the words that occur nowhere, except Chinese words. Each word of a quoted phrase counts by itself.
fn missing_words(plan: &QueryPlan, statistics: &dyn Statistics) -> Result<Vec<WordNamedInNote>> {
    let mut missing_words = Vec::new();
    for leaf in required_word_leaves(plan) {
        let Some(phrase) = leaf.alternatives.first().filter(|phrase| !phrase.is_contiguous) else {
            continue;
        };
        let is_phrase = phrase.slots.len() > 1 && leaf.label.contains(char::is_whitespace);
        if is_phrase {
            for slot in &phrase.slots {
                missing_words.extend(missing_word_of_phrase(leaf, slot, statistics)?);
            }
        } else if occurs_nowhere(leaf, statistics)? {
            missing_words.push(WordNamedInNote { term: text_of(phrase), label: named_label(leaf) });
        }
    }
    Ok(missing_words)
}

/// Returns the word of one slot of a phrase if the word occurs nowhere.
fn missing_word_of_phrase(
    leaf: &Leaf,
    slot: &PhraseSlot,
    statistics: &dyn Statistics,
) -> Result<Option<WordNamedInNote>> {
    let term = slot.pattern.text();
    if is_stop_word(term) || term.starts_with(is_han) {
        return Ok(None);
    }
    let word_alone = Alternative::phrase(vec![PhraseSlot { offset: 0, ..slot.clone() }]);
    let occurs = statistics.occurs(leaf.field, std::slice::from_ref(&word_alone))?;
    Ok((!occurs).then(|| WordNamedInNote { term: term.to_owned(), label: term.to_owned() }))
}

/// Returns the Chinese words that occur nowhere. Characters outside dictionary words are searched as overlapping pairs,
/// so the pairs are joined.
fn missing_han_words(
    plan: &QueryPlan,
    statistics: &dyn Statistics,
) -> Result<Vec<WordNamedInNote>> {
    let mut leaves: Vec<(&Leaf, &Alternative)> = required_word_leaves(plan)
        .filter_map(|leaf| Some((leaf, leaf.alternatives.first()?)))
        .filter(|(_, word)| word.is_contiguous)
        .collect();
    leaves.sort_by_key(|(leaf, _)| leaf.position);
    let mut runs: Vec<HanRun> = Vec::new();
    for (leaf, word) in leaves {
        let occurs_nowhere = occurs_nowhere(leaf, statistics)?;
        let (term, end) = (text_of(word), leaf.position + leaf.position_count);
        match runs.last_mut() {
            Some(run) if leaf.position < run.end => {
                let overlap = (run.end - leaf.position) as usize;
                run.word.term.extend(term.chars().skip(overlap));
                run.word.label.extend(leaf.label.chars().skip(overlap));
                run.end = run.end.max(end);
                run.occurs_nowhere |= occurs_nowhere;
            }
            _ => {
                let word = WordNamedInNote { term, label: named_label(leaf) };
                runs.push(HanRun { word, end, occurs_nowhere });
            }
        }
    }
    runs.retain(|run| {
        run.occurs_nowhere && run.word.term.chars().count() <= MAX_HAN_RUN_CHARS_IN_NOTE
    });
    Ok(runs.into_iter().map(|run| run.word).collect())
}

/// Returns the query leaves (words or phrases) that a match should contain in its text. Leaves out patterns, because
/// patterns get notes of another kind, and the number of a document, which need not occur in a text.
fn required_word_leaves(plan: &QueryPlan) -> impl Iterator<Item = &Leaf> {
    let is_word = |slot: &PhraseSlot| {
        matches!(
            slot.pattern,
            TermPattern::Term(_) | TermPattern::Stem { .. } | TermPattern::Fact { .. }
        )
    };
    let is_in_number =
        |leaf: usize| plan.document_numbers.iter().any(|number| number.leaves.contains(&leaf));
    let leaves = plan.leaves.iter().enumerate().filter(move |(index, _)| !is_in_number(*index));
    leaves.map(|(_, leaf)| leaf).filter(move |leaf| {
        let as_written = leaf.alternatives.first();
        leaf.adds_score()
            && matches!(leaf.field, TextField::Body | TextField::Title | TextField::Heading)
            && as_written.is_some_and(|phrase| phrase.slots.iter().all(is_word))
    })
}

/// Returns the query leaf as the query spells it, with the name of the field if it is the title or a heading.
fn named_label(leaf: &Leaf) -> String {
    match leaf.field {
        TextField::Title => format!("title:{}", leaf.label),
        TextField::Heading => format!("heading:{}", leaf.label),
        TextField::Body | TextField::Issuer | TextField::Speaker => leaf.label.clone(),
    }
}

/// Returns the words of a phrase as the query has them, joined without spaces.
fn text_of(phrase: &Alternative) -> String {
    phrase.slots.iter().map(|slot| slot.pattern.text()).collect()
}
