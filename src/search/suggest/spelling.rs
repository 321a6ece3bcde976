//! Finds the spelling of completions in the texts of the index.
//!
//! Terms of the index have neither capitals, accents and apostrophes nor Traditional characters. So the spelling of a
//! completion is copied from the text of a passage in which the completion occurs. A completion without such a passage
//! in the sample is not suggested: the words occur only in markup, or only with punctuation between them.

use std::{
    collections::{BTreeMap, HashMap},
    rc::Rc,
};

use tantivy::{DocAddress, DocId};

use super::{
    completion::Completion,
    input::{COMPOUND_JOINERS, TextTerm, TypedEnd, TypedText, text_terms},
    markup::is_in_markup,
    positions::{PassageSet, PhraseEnds},
    suggestion::Suggestion,
};
use crate::{
    analysis::Analysis,
    error::Result,
    index::{self, PassageRecord},
    script::is_han,
    search::context::SearchContext,
};

/// Numbers of passages in the samples that are read to spell a completion. The larger sample is read if the smaller
/// sample has no spelling or, for Chinese, no spelling that begins as typed.
const SAMPLE_PASSAGE_COUNTS: [usize; 2] = [8, 40];
/// Maximum number of passages that are read for all completions of a typed text.
const MAX_READ_PASSAGES: usize = 1_000;
/// Punctuation marks and symbols that may be between two words of a suggestion.
const SYMBOLS_BETWEEN_WORDS: [char; 17] =
    ['-', '‐', '‑', '–', '/', '&', '\'', '’', '·', '%', '$', '£', '€', '¥', '#', '§', '+'];

/// Invisible character that prevents a line break, as after the hyphen of COVID-19.
const WORD_JOINER: char = '\u{2060}';
const APOSTROPHES: [char; 2] = ['\'', '’'];

/// Completion, spelled as in a passage.
pub(super) struct SpelledCompletion {
    pub(super) suggestion: Suggestion,
    /// Whether the suggestion begins exactly as the user typed, in letter case and script.
    pub(super) begins_as_typed: bool,
}

/// Reads the spellings of completions from passages, and caches the passages.
pub(super) struct Speller<'a> {
    context: &'a SearchContext,
    typed: &'a TypedText<'a>,
    /// Texts of the passages read so far, by segment ordinal and entry.
    texts_by_passage: HashMap<(u32, DocId), Rc<Vec<AnalyzedText>>>,
}

/// Text of a passage, with its terms.
pub(super) struct AnalyzedText {
    pub(super) text: String,
    pub(super) terms: Vec<TextTerm>,
}

impl<'a> Speller<'a> {
    pub(super) fn new(context: &'a SearchContext, typed: &'a TypedText<'a>) -> Self {
        Self { context, typed, texts_by_passage: HashMap::new() }
    }

    /// Returns the first `max` completions that occur in a passage, with their spelling. If the user types an
    /// abbreviation or Chinese, completions that begin exactly as typed come first.
    pub(super) fn spell_completions(
        &mut self,
        completions: &[Completion],
        max: usize,
    ) -> Result<Vec<Suggestion>> {
        let prefers_as_typed = self.typed.is_abbreviation() || self.typed.text.ends_with(is_han);
        let max_spelled = if prefers_as_typed { max.saturating_mul(3) } else { max };
        let mut spelled_completions = Vec::new();
        for completion in completions {
            if spelled_completions.len() >= max_spelled {
                break;
            }
            spelled_completions.extend(self.spell(completion)?);
        }
        if prefers_as_typed {
            spelled_completions.sort_by_key(|completion| !completion.begins_as_typed);
        }
        Ok(spelled_completions
            .into_iter()
            .take(max)
            .map(|completion| completion.suggestion)
            .collect())
    }

    /// Returns the indexed texts of a passage: the headings directly above it, its text and, for the first passage of
    /// a document, the title.
    pub(super) fn texts_of_passage(
        &mut self,
        passage: (u32, DocId),
    ) -> Result<Rc<Vec<AnalyzedText>>> {
        if let Some(texts) = self.texts_by_passage.get(&passage) {
            return Ok(Rc::clone(texts));
        }
        let reader = &self.context.reader;
        let address = DocAddress::new(passage.0, passage.1);
        let record: PassageRecord = index::read_record(&reader.searcher, reader.fields, address)?;
        let mut texts = record.headings;
        texts.push(record.text);
        if record.ordinal == 0 {
            let document =
                index::document_record(&reader.searcher, reader.fields, &record.document)?;
            texts.extend(document.and_then(|document| document.title));
        }
        let mut analysis = Analysis::default();
        let analyze = |text: String| {
            self.context.analyzer.tokens(&text, &mut analysis);
            AnalyzedText { terms: text_terms(&analysis), text }
        };
        let texts = Rc::new(texts.into_iter().map(analyze).collect());
        self.texts_by_passage.insert(passage, Rc::clone(&texts));
        Ok(texts)
    }

    /// Returns the spelling of a completion. `None` if no passage of the sample contains the completion outside
    /// markup.
    fn spell(&mut self, completion: &Completion) -> Result<Option<SpelledCompletion>> {
        let typed_part = self.typed.text.get(completion.start_byte..).unwrap_or_default();
        let typed_part = if completion.typed_term_count == 0 { "" } else { typed_part.trim_end() };
        let mut spellings = BTreeMap::new();
        for sample_size in SAMPLE_PASSAGE_COUNTS {
            spellings.clear();
            for passage in self.sample_passages_with(completion, sample_size)? {
                if self.texts_by_passage.len() >= MAX_READ_PASSAGES
                    && !self.texts_by_passage.contains_key(&passage)
                {
                    break;
                }
                for text in self.texts_of_passage(passage)?.iter() {
                    self.collect_spellings(completion, text, &mut spellings);
                }
            }
            let needs_larger_sample = if typed_part.contains(is_han) {
                !spellings.keys().any(|spelling: &String| spelling.starts_with(typed_part))
            } else {
                spellings.is_empty()
            };
            if !needs_larger_sample {
                break;
            }
        }
        let unchanged_text = self.typed.text.get(..completion.start_byte).unwrap_or_default();
        Ok(best_spelling(spellings, typed_part).map(|spelling| {
            let begins_as_typed = spelling.starts_with(typed_part);
            let Completion { kind, passages, .. } = *completion;
            let text = format!("{unchanged_text}{spelling}");
            SpelledCompletion { suggestion: Suggestion { text, kind, passages }, begins_as_typed }
        }))
    }

    /// Returns at most `size` passages that contain the completion, as pairs of segment ordinal and entry.
    fn sample_passages_with(
        &self,
        completion: &Completion,
        size: usize,
    ) -> Result<Vec<(u32, DocId)>> {
        let terms = &completion.terms;
        if terms.len() == 1
            || terms.iter().skip(1).all(|term| term.joins_previous) && terms.len() == 2
        {
            return Ok(PassageSet::with_terms(self.context, terms)?.sample(size));
        }
        Ok(PhraseEnds::of_phrase(self.context, terms)?.sample(size))
    }

    /// Counts the spellings in which a completion occurs in a text.
    fn collect_spellings(
        &self,
        completion: &Completion,
        text: &AnalyzedText,
        spellings: &mut BTreeMap<String, usize>,
    ) {
        let term_count = completion.terms.len();
        for start in 0..(text.terms.len() + 1).saturating_sub(term_count) {
            let terms = text.terms.get(start..start + term_count).unwrap_or_default();
            let has_completion_terms =
                terms.iter().zip(&completion.terms).all(|(term, expected)| {
                    term.term == expected.term && (term.joins_previous || !expected.joins_previous)
                });
            if has_completion_terms
                && let Some(spelling) = self.spelling_at(completion, text, terms)
            {
                *spellings.entry(spelling).or_default() += 1;
            }
        }
    }

    /// Returns the spelling of an occurrence of a completion. `None` if the occurrence is in markup, or if the text
    /// before or between its words differs from the typed text.
    fn spelling_at(
        &self,
        completion: &Completion,
        text: &AnalyzedText,
        terms: &[TextTerm],
    ) -> Option<String> {
        let first_typed = self.typed.terms.len().saturating_sub(completion.typed_term_count);
        let text_before = text.text.get(..terms.first()?.start_byte)?;
        if completion.typed_term_count > 0
            && !text_before.ends_with(symbol_before(self.typed.text.get(..completion.start_byte)?))
        {
            return None;
        }
        let mut spelling = String::new();
        let mut previous_word = "";
        for (index, term) in terms.iter().enumerate() {
            if let Some(previous) = index.checked_sub(1).and_then(|previous| terms.get(previous)) {
                let gap = text.text.get(previous.end_byte..term.start_byte)?;
                let typed_gap = (index <= completion.typed_term_count
                    && completion.typed_term_count > 0)
                    .then(|| self.typed_gap_before(first_typed + index));
                if !may_separate_words(gap, typed_gap.flatten(), previous_word) {
                    return None;
                }
                append_with_single_spaces(gap, &mut spelling);
            }
            previous_word = text.text.get(term.start_byte..term.end_byte)?;
            let typed_term = self.typed.terms.get(first_typed + index);
            if let Some(typed_term) = typed_term.filter(|_| index < completion.typed_term_count)
                && !has_typed_apostrophes(
                    previous_word,
                    self.typed.text.get(typed_term.start_byte..typed_term.end_byte)?,
                )
            {
                return None;
            }
            spelling.push_str(previous_word);
        }
        let span = terms.first()?.start_byte..terms.last()?.end_byte;
        if !self.typed.last_word().contains(APOSTROPHES)
            && let Some(word) = spelling.strip_suffix(['s', 'S'])
            && let Some(word) = word.strip_suffix(APOSTROPHES)
        {
            spelling.truncate(word.len());
        }
        (!is_in_markup(&text.text, span)).then_some(spelling)
    }

    /// Returns the text that the user typed between the term at `index` and the term before it. `None` if the term
    /// comes after an unfinished last word, because nothing is typed between them yet.
    fn typed_gap_before(&self, index: usize) -> Option<&str> {
        let is_after_last_word = index == self.typed.terms.len()
            && matches!(self.typed.end, TypedEnd::Word | TypedEnd::Han(_));
        (!is_after_last_word).then(|| self.typed.typed_text_before_term(index))
    }
}

/// Returns the most frequent spelling. Among equally frequent spellings, prefers a spelling that begins as typed, then
/// a spelling with fewer capitals. For Chinese, a spelling in the typed script comes first.
fn best_spelling(spellings: BTreeMap<String, usize>, typed_part: &str) -> Option<String> {
    let has_han = typed_part.contains(is_han);
    let (spelling, _) = spellings.into_iter().max_by_key(|(spelling, count)| {
        let begins_as_typed = spelling.starts_with(typed_part);
        let capital_count = spelling.chars().filter(|c| c.is_uppercase()).count();
        (has_han && begins_as_typed, *count, begins_as_typed, std::cmp::Reverse(capital_count))
    })?;
    Some(spelling)
}

/// Returns the symbol at the end of the text that precedes a word, such as a currency sign. Returns an empty text if
/// there is no symbol. Characters of the query language are not symbols.
fn symbol_before(preceding_text: &str) -> &str {
    let symbol = preceding_text.char_indices().next_back().filter(|(_, c)| "£$€¥#§@".contains(*c));
    symbol.map_or("", |(start, _)| preceding_text.get(start..).unwrap_or_default())
}

/// Returns whether `gap`, the text between two words of a passage, may separate these words in a suggestion.
/// `typed_gap` is the text that the user typed between the words; if it has no space, `gap` must equal it, up to
/// variants of hyphen and apostrophe.
fn may_separate_words(gap: &str, typed_gap: Option<&str>, previous_word: &str) -> bool {
    if let Some(typed_gap) = typed_gap
        && (gap == typed_gap || !typed_gap.contains(char::is_whitespace))
    {
        return gap
            .chars()
            .map(to_ascii_hyphen_or_apostrophe)
            .eq(typed_gap.chars().map(to_ascii_hyphen_or_apostrophe));
    }
    let mut symbols = gap.chars().filter(|c| !c.is_whitespace());
    match (symbols.next(), symbols.next()) {
        (None, _) => true,
        (Some('.'), None) => {
            previous_word.contains('.')
                || matches!(previous_word, "Mr" | "Mrs" | "Ms" | "Dr" | "St" | "No")
        }
        (Some(symbol), None) if typed_gap.is_some() => COMPOUND_JOINERS.contains(&symbol),
        (Some(symbol), None) => SYMBOLS_BETWEEN_WORDS.contains(&symbol),
        // An article with elision, as in Côte d’Ivoire.
        (Some(letter), Some(apostrophe)) => {
            letter.is_alphabetic()
                && to_ascii_hyphen_or_apostrophe(apostrophe) == '\''
                && symbols.next().is_none()
        }
    }
}

/// Returns whether the word of a passage contains the apostrophes that the user typed inside the word, as in O’Brien.
fn has_typed_apostrophes(word: &str, typed_word: &str) -> bool {
    if typed_word.chars().all(char::is_alphanumeric) || !typed_word.contains(APOSTROPHES) {
        return true;
    }
    let fold = |text: &str| {
        text.chars()
            .map(to_ascii_hyphen_or_apostrophe)
            .flat_map(char::to_lowercase)
            .collect::<String>()
    };
    fold(word).starts_with(&fold(typed_word))
}

/// Returns whether a title contains the last word with the hyphens, apostrophes and currency signs that the user typed.
pub(super) fn has_typed_symbols(title: &str, typed: &TypedText<'_>) -> bool {
    let word = typed.text.rsplit(char::is_whitespace).next().unwrap_or_default();
    let is_symbol = |c: char| COMPOUND_JOINERS.contains(&c) || SYMBOLS_BETWEEN_WORDS.contains(&c);
    let fold = |text: &str| {
        let visible_chars = text.chars().filter(|c| *c != WORD_JOINER);
        visible_chars
            .map(to_ascii_hyphen_or_apostrophe)
            .flat_map(char::to_lowercase)
            .collect::<String>()
    };
    !word.contains(is_symbol) || fold(title).contains(&fold(word))
}

/// Replaces variants of the hyphen and of the apostrophe by the ASCII character.
const fn to_ascii_hyphen_or_apostrophe(c: char) -> char {
    match c {
        '‐' | '‑' | '–' => '-',
        '’' | '‘' => '\'',
        c => c,
    }
}

/// Appends `gap` to `out`, with each run of whitespace as a single space.
fn append_with_single_spaces(gap: &str, out: &mut String) {
    for c in gap.chars() {
        if !c.is_whitespace() {
            out.push(c);
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_spelling_in_the_typed_script_is_chosen() {
        for (counts, typed, expected) in [
            (vec![("air", 3), ("Air", 2)], "AI", Some("air")),
            (vec![("FACT SHEETS", 1), ("Fact Sheets", 1)], "fact", Some("Fact Sheets")),
            (vec![("Fact sheets", 1), ("fact sheets", 1)], "Fact", Some("Fact sheets")),
            (vec![("数字贸易", 5), ("數字貿易", 1)], "數字", Some("數字貿易")),
            (vec![("数字贸易", 5)], "數字", Some("数字贸易")),
            (vec![], "a", None),
        ] {
            let spellings = counts.into_iter().map(|(text, count)| (text.to_owned(), count));
            let actual = best_spelling(spellings.collect(), typed);
            assert_eq!(actual.as_deref(), expected, "{typed}");
        }
    }

    #[test]
    fn words_of_a_suggestion_are_not_separated_by_other_punctuation() {
        for (gap, typed_gap, previous_word, expected) in [
            (" ", Some(" "), "flying", true),
            ("-", Some(" "), "flying", true),
            (". ", Some(" "), "flying", false),
            (". ", Some(" "), "U.S", true),
            (", ", None, "flying", false),
            (" $", None, "costs", true),
            (" d’", Some(" "), "Côte", true),
            ("-", Some("-"), "A", true),
            ("‑", Some("-"), "A", true),
            (" ", Some("-"), "A", false),
            ("% ", Some(" "), "30", false),
            ("/", Some("/"), "24", true),
            ("\n ", None, "of", true),
            ("<b>", None, "of", false),
        ] {
            assert_eq!(
                may_separate_words(gap, typed_gap, previous_word),
                expected,
                "{gap:?} {typed_gap:?}"
            );
        }
    }

    #[test]
    fn typed_apostrophes_must_occur_in_the_passage() {
        for (word, typed, expected) in [
            ("O’Brien", "o'b", true),
            ("obviously", "o'b", false),
            ("isn't", "is", true),
            ("Its", "it's", false),
            ("US", "U.S", true),
        ] {
            assert_eq!(has_typed_apostrophes(word, typed), expected, "{word} {typed}");
        }
    }
}
