//! Word lists of the user: synonyms, stop words, protected words and words for the Chinese dictionary.
//!
//! [`WordLists`] parses the text of each list, and reports a [`WordListProblem`] for each line that cannot be used. The
//! planning of a query reads the lists through the [`Analyzer`]. Open this file first; `synonyms.rs` has the rules of
//! `synonyms.txt`, and `dictionary_words.rs` the words for the segmentation of Chinese.

mod dictionary_words;
mod synonyms;

use std::{
    collections::{HashMap, HashSet},
    fmt,
};

#[cfg(feature = "chinese")]
pub(crate) use self::dictionary_words::UserDictionaryWords;
#[cfg(not(feature = "chinese"))]
use self::dictionary_words::UserDictionaryWords;
pub(crate) use self::synonyms::MAX_SYNONYMS;
use self::synonyms::Synonyms;
use super::{Analysis, Analyzer, Chinese, Token, TokenKind, fnv1a};

/// Maximum size of a word list in bytes.
pub(crate) const MAX_WORD_LIST_BYTES: u64 = 1024 * 1024;

/// Word list that the user can supply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum WordList {
    /// Words that are searched in addition to a word of the query. Each line is a rule: `car, automobile` works both
    /// ways, `gov => government` one way. Each side of a rule may have several words.
    Synonyms,
    /// Stop words in addition to the built-in ones, one a line. `!word` makes a stop word an ordinary word.
    StopWords,
    /// Words that match only in exactly this form, one a line: a search for such a word does not find its inflections,
    /// and a search for an inflection does not find the word.
    ProtectedWords,
    /// Chinese words for the segmentation of queries, one a line, in the format of jieba: `广州塔` or `广州塔 500 n`.
    ChineseDictionary,
}

impl WordList {
    /// All word lists.
    pub const ALL: [Self; 4] =
        [Self::Synonyms, Self::StopWords, Self::ProtectedWords, Self::ChineseDictionary];

    /// Returns the name of the file that contains the list in the folder of an index, such as `synonyms.txt`.
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::Synonyms => "synonyms.txt",
            Self::StopWords => "stop-words.txt",
            Self::ProtectedWords => "protected-words.txt",
            Self::ChineseDictionary => "chinese-dictionary.txt",
        }
    }
}

/// Reason why a line of a word list, or a whole word list, is ignored.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WordListProblem {
    /// Word list that contains the line.
    pub list: WordList,
    /// Number of the line, from 1. `None` if the whole list is ignored.
    pub line: Option<usize>,
    /// Description of the error, with the correct form of the line.
    pub message: String,
}

impl fmt::Display for WordListProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { list, line, message } = self;
        f.write_str(list.file_name())?;
        line.map_or(Ok(()), |line| write!(f, ", line {line}"))?;
        write!(f, ": {message}")
    }
}

/// Word lists of the user. They take effect when a query is planned, so that an index need not be built again.
///
/// In each list, a `#` at the start of a line or after a space begins a comment. A line that cannot be used is ignored
/// and becomes a [problem](Self::problems); the other lines take effect.
///
/// ```
/// use gz_search::{Document, Index, Query, analysis::{WordList, WordLists}};
///
/// let index = Index::in_memory();
/// let writer = index.writer()?;
/// writer.add(&Document::new("a", "Sales of automobiles grew."))?;
/// writer.commit()?;
/// let lists = WordLists::default().with(WordList::Synonyms, "car, automobile, motor vehicle");
/// assert!(lists.problems().is_empty());
/// index.set_word_lists(lists);
/// let results = index.searcher()?.search(&Query::new("cars"))?;
/// assert_eq!(results.total, 1);
/// assert_eq!(results.notes[0].message, "cars also searched as automobile (synonyms)");
/// # Ok::<(), gz_search::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct WordLists {
    synonyms: Synonyms,
    /// Terms of the list of stop words. The value is true for a stop word, and false for a word that `!` makes an
    /// ordinary word.
    stop_words: HashMap<String, bool>,
    /// Terms that match only in exactly this form.
    protected_words: HashSet<String>,
    dictionary_words: UserDictionaryWords,
    problems: Vec<WordListProblem>,
    /// Hash of the texts of all lists; 0 if there are no lists.
    fingerprint: u64,
}

impl WordLists {
    /// Adds the lines of `text` to a list.
    #[must_use]
    pub fn with(mut self, list: WordList, text: &str) -> Self {
        self.fingerprint =
            fnv1a(format!("{:x} {} {text}", self.fingerprint, list.file_name()).as_bytes());
        if text.len() as u64 > MAX_WORD_LIST_BYTES {
            return self.with_unreadable_list(list, list_too_large_message());
        }
        for (index, line) in text.strip_prefix('\u{feff}').unwrap_or(text).lines().enumerate() {
            let content = without_comment(line).trim();
            if content.is_empty() {
                continue;
            }
            let added = match list {
                WordList::Synonyms => self.synonyms.add_synonym_rule(content),
                WordList::StopWords => self.add_stop_word(content),
                WordList::ProtectedWords => self.add_protected_word(content),
                WordList::ChineseDictionary => self.dictionary_words.add_word_line(content),
            };
            if let Err(message) = added {
                self.problems.push(WordListProblem { list, line: Some(index + 1), message });
            }
        }
        self
    }

    /// Adds a line of the list of stop words: a word, or `!` and a word that becomes an ordinary word.
    fn add_stop_word(&mut self, line: &str) -> Result<(), String> {
        let (word, is_stop_word) = match line.strip_prefix(['!', '！']) {
            Some(word) => (word.trim(), false),
            None => (line, true),
        };
        let is_han = |token: &Token| token.kind == TokenKind::Han;
        let term = term_of_single_word(word, |tokens| tokens.iter().all(is_han))?;
        self.stop_words.insert(term, is_stop_word);
        Ok(())
    }

    /// Adds a word that matches only in exactly this form.
    fn add_protected_word(&mut self, word: &str) -> Result<(), String> {
        self.protected_words.insert(term_of_single_word(word, |_| false)?);
        Ok(())
    }

    /// Returns whether the list of stop words makes `term` a stop word; false if the list makes `term` an ordinary
    /// word. `None` if the list lacks `term`.
    pub(crate) fn is_stop_word(&self, term: &str) -> Option<bool> {
        self.stop_words.get(term).copied()
    }

    /// Returns whether `term` matches only in exactly this form.
    pub(crate) fn is_protected(&self, term: &str) -> bool {
        self.protected_words.contains(term)
    }

    /// Returns whether no word is protected.
    pub(crate) fn protects_no_word(&self) -> bool {
        self.protected_words.is_empty()
    }

    /// Returns the words that the user adds to the Chinese dictionary.
    #[cfg(feature = "chinese")]
    pub(crate) const fn dictionary_words(&self) -> &UserDictionaryWords {
        &self.dictionary_words
    }

    /// Returns whether no word has a synonym.
    pub(crate) fn has_no_synonyms(&self) -> bool {
        self.synonyms.is_empty()
    }

    /// Finds each word or phrase with synonyms that stands at the start of `terms`, the terms of a query. Returns its
    /// number of terms and its synonyms. Inflections and British or American spellings of its words match too.
    pub(crate) fn synonyms_at_start(&self, terms: &[&str]) -> Vec<(usize, Vec<&str>)> {
        self.synonyms.synonyms_at_start(terms, &|term| self.is_protected(term))
    }

    /// Records as a problem that a whole list cannot be read.
    #[must_use]
    pub(crate) fn with_unreadable_list(mut self, list: WordList, message: String) -> Self {
        self.problems.push(WordListProblem { list, line: None, message });
        self
    }

    /// Returns the lines and lists that are ignored, in the order in which they were added.
    pub fn problems(&self) -> &[WordListProblem] {
        &self.problems
    }

    /// Returns a hash of the texts of all lists.
    pub(crate) const fn fingerprint(&self) -> u64 {
        self.fingerprint
    }
}

/// Returns the term of a single word. `is_word` returns whether several tokens together are one word.
///
/// # Errors
///
/// The message that says what to write instead of `word`.
fn term_of_single_word(word: &str, is_word: impl Fn(&[Token]) -> bool) -> Result<String, String> {
    let mut analysis = Analysis::default();
    Analyzer::new(Chinese::Off).tokens(word, &mut analysis);
    match &analysis.tokens[..] {
        [] => Err(format!("{word} has no letter or digit: write a word")),
        [token] => Ok(analysis.term(token).to_owned()),
        tokens if is_word(tokens) => Ok(tokens.iter().map(|token| analysis.term(token)).collect()),
        _ => Err(format!("{word} is not one word: write one word in a line")),
    }
}

/// Returns the message that a list exceeds [`MAX_WORD_LIST_BYTES`].
pub(crate) fn list_too_large_message() -> String {
    format!("the list has more than {} MiB: make it shorter", MAX_WORD_LIST_BYTES / (1024 * 1024))
}

/// Returns a line without its comment. A `#` begins a comment if it is the first character of the line or follows a
/// space.
fn without_comment(line: &str) -> &str {
    let is_comment_start = |(at, _): &(usize, &str)| {
        line.get(..*at)
            .is_some_and(|before| before.chars().next_back().is_none_or(char::is_whitespace))
    };
    let comment = line.match_indices('#').find(is_comment_start);
    comment.and_then(|(at, _)| line.get(..at)).unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_begins_at_the_start_or_after_a_space() {
        for (line, expected) in [
            ("# car", ""),
            ("car, automobile # vehicles", "car, automobile "),
            ("C#, C Sharp", "C#, C Sharp"),
            ("车\u{3000}# 汽车", "车\u{3000}"),
        ] {
            assert_eq!(without_comment(line), expected, "{line}");
        }
    }

    #[test]
    fn an_invalid_line_is_reported_and_the_other_lines_take_effect() {
        let text = "\u{feff}car, automobile\n\n# comment\nbus\r\ngov => government\r\n";
        let lists = WordLists::default().with(WordList::Synonyms, text);
        let problems: Vec<String> = lists.problems().iter().map(ToString::to_string).collect();
        assert_eq!(
            problems,
            ["synonyms.txt, line 4: one word has no synonym: write bus, WORD or bus => WORD"]
        );
        for (terms, expected) in [(["car"], 1), (["government"], 0), (["gov"], 1)] {
            assert_eq!(lists.synonyms_at_start(&terms).len(), expected, "{terms:?}");
        }
    }

    #[test]
    fn a_word_list_that_is_too_large_is_left_out() {
        let text = "car, automobile\n".repeat(70_000);
        let lists = WordLists::default().with(WordList::Synonyms, &text);
        assert_eq!(
            lists.problems()[0].to_string(),
            "synonyms.txt: the list has more than 1 MiB: make it shorter"
        );
        assert!(lists.has_no_synonyms());
    }

    #[test]
    fn each_line_of_stop_words_or_protected_words_is_one_word() {
        let stop_words = "Pursuant # in many releases\n!who\n公司\n！的\nin order to\n--\n";
        let lists = WordLists::default()
            .with(WordList::StopWords, stop_words)
            .with(WordList::ProtectedWords, "Ports\n新闻\n");
        let problems: Vec<String> = lists.problems().iter().map(ToString::to_string).collect();
        assert_eq!(
            problems,
            [
                "stop-words.txt, line 5: in order to is not one word: write one word in a line",
                "stop-words.txt, line 6: -- has no letter or digit: write a word",
                "protected-words.txt, line 2: 新闻 is not one word: write one word in a line",
            ]
        );
        for (term, expected) in [
            ("pursuant", Some(true)),
            ("who", Some(false)),
            ("公司", Some(true)),
            ("的", Some(false)),
            ("in", None),
        ] {
            assert_eq!(lists.is_stop_word(term), expected, "{term}");
        }
        assert!(lists.is_protected("ports") && !lists.is_protected("port"));
    }
}
