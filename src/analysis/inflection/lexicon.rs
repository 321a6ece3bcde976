//! Looks up words in the lexicon: parts of speech, irregular forms, and distinct words. A distinct word looks like a
//! form of another lemma but has its own meaning (goods).

use fst::{IntoStreamer, Map, Streamer};

use super::flags;

/// Finite-state map that the build script writes; `inflection/build.rs` describes its keys.
static LEXICON_BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/inflection.fst"));

/// Part of speech whose words have inflections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PartOfSpeech {
    Noun,
    Verb,
    Adjective,
}

impl PartOfSpeech {
    pub(super) const ALL: [Self; 3] = [Self::Noun, Self::Verb, Self::Adjective];

    /// Returns the part of speech for a letter of the data files. `None` for any other letter.
    fn from_letter(letter: char) -> Option<Self> {
        match letter {
            'n' => Some(Self::Noun),
            'v' => Some(Self::Verb),
            'a' => Some(Self::Adjective),
            _ => None,
        }
    }
}

/// Word as one part of speech, with its own forms: the noun "plan", the verb "plan".
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lexeme {
    pub(super) lemma: String,
    pub(super) part: PartOfSpeech,
}

/// Flags of a lemma, as bits. The constants of the module `flags` name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LemmaFlags(u64);

impl LemmaFlags {
    /// Returns whether the lemma can be this part of speech.
    pub(super) const fn can_be(self, part: PartOfSpeech) -> bool {
        self.has_flag(match part {
            PartOfSpeech::Noun => flags::NOUN,
            PartOfSpeech::Verb => flags::VERB,
            PartOfSpeech::Adjective => flags::ADJECTIVE,
        })
    }

    /// Returns whether `flag` is set. `flag` is a constant of the module `flags`.
    pub(super) const fn has_flag(self, flag: u64) -> bool {
        self.0 & flag != 0
    }
}

/// Lexicon of English lemmas, of irregular forms, and of words such as goods, which only look like a form of another
/// lemma.
pub(super) struct Lexicon(Map<&'static [u8]>);

impl Lexicon {
    /// Opens the lexicon that is embedded in the program. `None` if its data are invalid.
    pub(super) fn open_embedded() -> Option<Self> {
        Map::new(LEXICON_BYTES).ok().map(Self)
    }

    /// Returns the flags of a lemma. `None` if the lexicon lacks the lemma.
    pub(super) fn lemma_flags(&self, word: &str) -> Option<LemmaFlags> {
        self.0.get(word).map(LemmaFlags)
    }

    /// Returns whether the lexicon contains the lemma with this part of speech.
    pub(super) fn has_lexeme(&self, Lexeme { lemma, part }: &Lexeme) -> bool {
        self.lemma_flags(lemma).is_some_and(|flags| flags.can_be(*part))
    }

    /// Returns whether the lexicon contains `word` as a lemma whose `flag` is set. `flag` is a constant of the module
    /// `flags`.
    pub(super) fn has_flag(&self, word: &str, flag: u64) -> bool {
        self.lemma_flags(word).is_some_and(|flags| flags.has_flag(flag))
    }

    /// Returns the lexemes of which `form` is an irregular form.
    pub(super) fn lexemes_with_irregular_form(&self, form: &str) -> Vec<Lexeme> {
        parse_lexemes(&self.keys_without_prefix(&format!("{form}<")))
    }

    /// Returns the irregular forms of a lemma. In each returned element, `lemma` holds the form, and `part` its part of
    /// speech.
    pub(super) fn irregular_forms(&self, lemma: &str) -> Vec<Lexeme> {
        parse_lexemes(&self.keys_without_prefix(&format!("{lemma}>")))
    }

    /// Returns the lexemes of a distinct word: a word such as goods, which looks like a form of another lemma but has
    /// its own meaning. `None` if `form` is not a distinct word.
    pub(super) fn lexemes_of_distinct_word(&self, form: &str) -> Option<Vec<Lexeme>> {
        let keys_without_prefix = self.keys_without_prefix(&format!("{form}="));
        (!keys_without_prefix.is_empty()).then(|| parse_lexemes(&keys_without_prefix))
    }

    /// Returns the remainder of each key that begins with `prefix`.
    fn keys_without_prefix(&self, prefix: &str) -> Vec<String> {
        let mut remainders = Vec::new();
        if !self.has_key_with_prefix(prefix) {
            return remainders;
        }
        let mut stream = self.0.range().ge(prefix).into_stream();
        while let Some((key, _)) = stream.next() {
            let Some(rest) = key.strip_prefix(prefix.as_bytes()) else { break };
            remainders.extend(std::str::from_utf8(rest).map(str::to_owned));
        }
        remainders
    }

    /// Returns whether a key of the lexicon begins with `prefix`. Walks over the nodes of the map. Most words have no
    /// such key, and the walk finds this out much faster than a stream of the keys.
    fn has_key_with_prefix(&self, prefix: &str) -> bool {
        let map = self.0.as_fst();
        let mut node = map.root();
        prefix.bytes().all(|byte| {
            let next = node.find_input(byte).map(|index| node.transition_addr(index));
            next.is_some_and(|address| {
                node = map.node(address);
                true
            })
        })
    }
}

/// Parses keys of the form `plan/v`. Ignores keys with an unknown part of speech.
fn parse_lexemes(keys: &[String]) -> Vec<Lexeme> {
    let parsed_keys = keys.iter().filter_map(|key| {
        let (lemma, letter) = key.split_once('/')?;
        let part_of_speech = PartOfSpeech::from_letter(letter.chars().next()?)?;
        Some(Lexeme { lemma: lemma.to_owned(), part: part_of_speech })
    });
    parsed_keys.collect()
}
