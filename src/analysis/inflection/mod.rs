//! English inflections: the other forms of a word, by regular endings and a lexicon.
//!
//! [`inflections`] is the entry point. `lexicon.rs` reads the data, `rules.rs` has the regular endings.

mod flags;
mod lexicon;
mod rules;

use std::sync::LazyLock;

use self::{
    lexicon::{Lexeme, Lexicon, PartOfSpeech},
    rules::{Ending, is_short_adjective, possible_lemmas, regular_forms},
};

static LEXICON: LazyLock<Option<Lexicon>> = LazyLock::new(Lexicon::open_embedded);

/// Minimum length of a lemma, in letters. Irregular words such as go, and common nouns such as tv, may be shorter.
const MIN_LEMMA_LETTERS: usize = 3;
/// Minimum number of letters of a verb that the lexicon lacks.
const MIN_UNKNOWN_VERB_LETTERS: usize = 4;
/// Minimum number of letters of a singular that the lexicon lacks, if a word in -s counts as its plural.
const MIN_UNKNOWN_SINGULAR_LETTERS: usize = 3;

/// Returns the inflections of a normalized English word: the word itself first, then the forms of the lexemes that the
/// word belongs to. Some returned words may not exist, so the caller must check which of them the index contains. A
/// term with any character other than a to z has no other forms.
///
/// ```
/// use gz_search::analysis::inflections;
///
/// assert_eq!(inflections("children")[..2], ["children", "child"]);
/// assert!(inflections("rose").contains(&"risen".to_owned()));
/// assert_eq!(inflections("goods"), ["goods"]);
/// assert_eq!(inflections("广州"), ["广州"]);
/// ```
pub fn inflections(word: &str) -> Vec<String> {
    let mut forms = vec![word.to_owned()];
    let is_english = word.bytes().all(|byte| byte.is_ascii_lowercase());
    let Some(lexicon) = LEXICON.as_ref().filter(|_| is_english) else { return forms };
    let has_short_forms = || {
        !lexicon.irregular_forms(word).is_empty()
            || lexicon.has_flag(word, flags::USED_AS_NOUN_OR_VERB)
    };
    if word.len() < MIN_LEMMA_LETTERS && !has_short_forms() {
        return forms;
    }
    let other_forms = if lexicon.contains_word(word) {
        lexicon.forms_of_known_word(word)
    } else {
        lexicon.forms_of_unknown_word(word)
    };
    for form in other_forms {
        if !forms.contains(&form) {
            forms.push(form);
        }
    }
    forms
}

/// Returns whether the lexicon contains an English word, as a lemma, a form of a lemma, or the adverb in -ly of a
/// lemma.
pub(crate) fn is_known_word(word: &str) -> bool {
    let Some(lexicon) = LEXICON.as_ref() else { return false };
    let has_lemma = |word: &str| lexicon.lemma_flags(word).is_some();
    let is_adverb = || {
        [("ly", ""), ("ally", ""), ("ily", "y"), ("ly", "le")].iter().any(
            |(ending, adjective_ending)| {
                let base = word.strip_suffix(ending);
                base.is_some_and(|base| has_lemma(&format!("{base}{adjective_ending}")))
            },
        )
    };
    has_lemma(word) || !lexicon.lexemes_with_form(word).is_empty() || is_adverb()
}

impl Lexicon {
    /// Returns whether the lexicon contains a word as a lemma, as a form of a lemma, or as a word that only looks like
    /// a form of another lemma, such as goods.
    fn contains_word(&self, word: &str) -> bool {
        self.lemma_flags(word).is_some()
            || self.lexemes_of_distinct_word(word).is_some()
            || !self.lexemes_with_form(word).is_empty()
    }

    /// Returns the lexemes of which a word is a form.
    fn lexemes_with_form(&self, word: &str) -> Vec<Lexeme> {
        if let Some(lexemes) = self.lexemes_of_distinct_word(word) {
            return lexemes;
        }
        let own_flags = self.lemma_flags(word);
        let parts_of_own_flags = PartOfSpeech::ALL
            .into_iter()
            .filter(|part| own_flags.is_some_and(|own_flags| own_flags.can_be(*part)));
        let mut lexemes: Vec<Lexeme> =
            parts_of_own_flags.map(|part| Lexeme { lemma: word.to_owned(), part }).collect();
        let is_noun_or_verb = self.has_flag(word, flags::USED_AS_NOUN_OR_VERB);
        let irregular_lexemes = self.lexemes_with_irregular_form(word).into_iter();
        let possible_lemmas = possible_lemmas(word).into_iter();
        let regular_lexemes = possible_lemmas
            .flat_map(|(lemma, ending)| self.lexemes_with_regular_form(word, &lemma, ending));
        for lexeme in irregular_lexemes.chain(regular_lexemes) {
            // The exclusion is for words such as number, which is not the comparative of numb.
            let is_another_word = lexeme.part == PartOfSpeech::Adjective && is_noun_or_verb;
            if !is_another_word && !lexemes.contains(&lexeme) {
                lexemes.push(lexeme);
            }
        }
        lexemes
    }

    /// Returns the lexemes of `lemma` whose regular form with `ending` is `form`.
    fn lexemes_with_regular_form(&self, form: &str, lemma: &str, ending: Ending) -> Vec<Lexeme> {
        let parts_of_speech: &[PartOfSpeech] = match ending {
            Ending::S => &[PartOfSpeech::Noun, PartOfSpeech::Verb],
            Ending::Ed | Ending::Ing => &[PartOfSpeech::Verb],
            Ending::Er | Ending::Est => &[PartOfSpeech::Adjective],
        };
        let is_used_noun_or_verb =
            || ending == Ending::S && self.has_flag(lemma, flags::USED_AS_NOUN_OR_VERB);
        if lemma.len() < MIN_LEMMA_LETTERS && !is_used_noun_or_verb() {
            return Vec::new();
        }
        let lexemes =
            parts_of_speech.iter().map(|part| Lexeme { lemma: lemma.to_owned(), part: *part });
        lexemes
            .filter(|lexeme| {
                self.has_lexeme(lexeme)
                    && self.forms_of_lexeme(lexeme).iter().any(|other| other == form)
            })
            .collect()
    }

    /// Returns the irregular and the regular forms of a lexeme, without the lemma. An adjective with irregular forms
    /// has no regular forms.
    fn forms_of_lexeme(&self, Lexeme { lemma, part }: &Lexeme) -> Vec<String> {
        let irregular_forms = self.irregular_forms(lemma).into_iter();
        let irregular_forms: Vec<String> =
            irregular_forms.filter(|form| form.part == *part).map(|form| form.lemma).collect();
        let endings: &[Ending] = match part {
            PartOfSpeech::Noun => &Ending::NOUN_ENDINGS,
            PartOfSpeech::Verb => &Ending::VERB_ENDINGS,
            PartOfSpeech::Adjective if self.has_comparative(lemma) => &Ending::ADJECTIVE_ENDINGS,
            PartOfSpeech::Adjective => &[],
        };
        let mut forms = Vec::new();
        for &ending in endings {
            let has_only_irregular_forms =
                *part == PartOfSpeech::Adjective && !irregular_forms.is_empty();
            if !has_only_irregular_forms {
                forms.extend(regular_forms(lemma, ending));
            }
        }
        forms.extend(irregular_forms);
        forms
    }

    /// Returns whether an adjective has forms in -er and -est. Participles (built) and words that are rarely used as
    /// adjectives (meet) have none.
    fn has_comparative(&self, lemma: &str) -> bool {
        self.has_flag(lemma, flags::USED_AS_ADJECTIVE)
            && !self.has_flag(lemma, flags::RARELY_ADJECTIVE)
            && is_short_adjective(lemma)
            && self.lexemes_with_irregular_form(lemma).is_empty()
    }

    /// Returns the other forms of a word that the lexicon contains: the forms of all its lexemes. Omits forms that are
    /// mostly used as another word.
    fn forms_of_known_word(&self, word: &str) -> Vec<String> {
        let mut forms = Vec::new();
        for lexeme in self.lexemes_with_form(word) {
            let mut lexeme_forms = vec![lexeme.lemma.clone()];
            lexeme_forms.extend(self.forms_of_lexeme(&lexeme));
            lexeme_forms.retain(|form| {
                form != word
                    && self.lexemes_with_form(form).contains(&lexeme)
                    && !self.is_mostly_another_word(word, form, &lexeme)
            });
            forms.extend(lexeme_forms);
        }
        forms
    }

    /// Returns whether `form`, a form of the lexeme, is mostly used as a word of another lexeme. If so, a search for
    /// `word`, another form of the same lexeme, does not find `form`.
    fn is_mostly_another_word(
        &self,
        word: &str,
        form: &str,
        Lexeme { lemma, part }: &Lexeme,
    ) -> bool {
        let is_verb = *part == PartOfSpeech::Verb;
        if is_verb && form != lemma && form.ends_with("ing") {
            return self.has_flag(form, flags::NOUN_IN_ING)
                && self.has_flag(lemma, flags::OFTEN_NOT_A_VERB);
        }
        // A form in -s can be another word only if the lemma is also a noun.
        let may_be_another_word =
            form == lemma || form.ends_with('s') && self.has_flag(lemma, flags::NOUN);
        if !may_be_another_word || word == lemma {
            return false;
        }
        match part {
            PartOfSpeech::Verb if word.ends_with("ing") => {
                let is_noun_in_ing = self.has_flag(word, flags::NOUN_IN_ING);
                self.has_flag(lemma, flags::OFTEN_NOT_A_VERB)
                    || is_noun_in_ing && self.has_flag(lemma, flags::NOUN)
            }
            PartOfSpeech::Verb if !word.ends_with('s') => self.has_flag(lemma, flags::RARELY_VERB),
            PartOfSpeech::Noun | PartOfSpeech::Verb => {
                self.has_flag(lemma, flags::RARELY_NOUN_OR_VERB)
            }
            PartOfSpeech::Adjective => false,
        }
    }

    /// Returns the regular forms of a word that the lexicon lacks: its forms as a noun and as a verb.
    fn forms_of_unknown_word(&self, word: &str) -> Vec<String> {
        let verb_forms = |lemma: &str| {
            let endings = [Ending::Ed, Ending::Ing].into_iter();
            endings.flat_map(|ending| regular_forms(lemma, ending)).collect::<Vec<_>>()
        };
        let mut forms = regular_forms(word, Ending::S);
        let is_long_enough = word.len() >= MIN_UNKNOWN_VERB_LETTERS;
        if is_long_enough && !["s", "ed", "ing"].iter().any(|ending| word.ends_with(ending)) {
            forms.extend(verb_forms(word));
        }
        for (lemma, ending) in possible_lemmas(word) {
            let is_known = self.lemma_flags(&lemma).is_some();
            match ending {
                Ending::S if !is_known && is_unknown_plural(word, &lemma) => forms.push(lemma),
                Ending::Ed | Ending::Ing if lemma.len() >= MIN_UNKNOWN_VERB_LETTERS => {
                    forms.extend(verb_forms(&lemma));
                    if !is_known {
                        forms.extend(regular_forms(&lemma, Ending::S));
                        forms.push(lemma);
                    }
                }
                _ => {}
            }
        }
        forms
    }
}

/// Returns whether a word in -s that the lexicon lacks may be the plural of `singular`. False for a word in -as, -is,
/// -os, -us or -ss: many of these words are names (Texas, Harris, Davos), and few are plurals.
fn is_unknown_plural(word: &str, singular: &str) -> bool {
    let ends_like_name = ["as", "is", "os", "us", "ss"].iter().any(|ending| word.ends_with(ending));
    singular.len() >= MIN_UNKNOWN_SINGULAR_LETTERS && !ends_like_name
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Asserts which words are inflections. Each case has a word, some of its inflections, and some words that are not
    /// its inflections.
    fn assert_inflections(cases: &[(&str, &[&str], &[&str])]) {
        for &(word, present, absent) in cases {
            let forms = inflections(word);
            assert_eq!(forms.first().map(String::as_str), Some(word));
            let missing_forms =
                present.iter().filter(|form| !forms.iter().any(|other| other == *form));
            assert_eq!(missing_forms.collect::<Vec<_>>(), Vec::<&&str>::new(), "{word}: {forms:?}");
            let unwanted_forms =
                absent.iter().filter(|form| forms.iter().any(|other| other == *form));
            assert_eq!(
                unwanted_forms.collect::<Vec<_>>(),
                Vec::<&&str>::new(),
                "{word}: {forms:?}"
            );
        }
    }

    #[test]
    fn words_have_their_regular_forms_as_inflections() {
        assert_inflections(&[
            ("factory", &["factories"], &[]),
            ("factories", &["factory"], &[]),
            ("plan", &["plans", "planned"], &["planed"]),
            ("planned", &["plan", "plans"], &["plane"]),
            ("star", &["starred", "starring"], &["stared", "staring"]),
            ("tax", &["taxes", "taxed", "taxing"], &[]),
            ("apply", &["applies", "applied", "applying"], &[]),
            ("hoping", &["hope", "hoped", "hopes"], &["hop"]),
            ("commit", &["committed", "committing"], &[]),
            ("travel", &["travelled", "traveled"], &[]),
            ("higher", &["high", "highest"], &[]),
            ("happiest", &["happy", "happier"], &[]),
            ("photo", &["photos"], &[]),
            ("heroes", &["hero"], &[]),
            ("americans", &["american"], &[]),
            ("chairmen", &["chairman"], &[]),
        ]);
    }

    #[test]
    fn words_have_their_irregular_forms_as_inflections() {
        assert_inflections(&[
            ("child", &["children"], &[]),
            ("children", &["child"], &[]),
            ("women", &["woman"], &[]),
            ("criteria", &["criterion"], &[]),
            ("analysis", &["analyses"], &["analyse"]),
            ("crises", &["crisis"], &[]),
            ("met", &["meet", "meets"], &[]),
            ("rise", &["rose", "risen", "rising"], &[]),
            ("rose", &["rise", "risen"], &[]),
            ("sold", &["sell", "sells", "selling"], &[]),
            ("hold", &["held"], &[]),
            ("led", &["lead"], &[]),
            ("fell", &["fall", "fallen"], &["felling"]),
            ("grow", &["grew", "grown"], &[]),
            ("paid", &["pay"], &[]),
            ("spend", &["spent"], &[]),
            ("wrote", &["write", "written"], &[]),
            ("go", &["went", "gone"], &[]),
            ("worse", &["bad", "worst"], &[]),
        ]);
    }

    #[test]
    fn derived_words_and_look_alikes_are_not_inflections() {
        assert_inflections(&[
            ("author", &["authors"], &["authority", "authorized"]),
            ("nationality", &["nationalities"], &["national"]),
            ("minors", &[], &["minority"]),
            ("custom", &[], &["customs", "customer"]),
            ("goods", &[], &["good"]),
            ("good", &[], &["goods"]),
            ("import", &["imports", "imported"], &["important"]),
            ("securities", &[], &["security", "secure"]),
            ("unit", &["units"], &["unite", "united"]),
            ("unite", &["unites"], &["united", "unit"]),
            ("experiment", &["experiments"], &["experience"]),
            ("arms", &[], &["arm", "armed"]),
            ("means", &[], &["mean"]),
            ("news", &[], &["new"]),
            ("new", &["newer", "newest"], &["news"]),
            ("numb", &[], &["number"]),
            ("number", &["numbers"], &["numb"]),
            ("found", &["find", "finds"], &["founded"]),
            ("founded", &["founding"], &["found", "find"]),
            ("ground", &["grounds"], &["grind"]),
            ("bases", &["base"], &["basis"]),
        ]);
    }

    #[test]
    fn a_form_that_is_mostly_another_word_is_left_out() {
        assert_inflections(&[
            ("billing", &["billings", "billed"], &["bill", "bills"]),
            ("bill", &["bills", "billed"], &["billing"]),
            ("fund", &["funds", "funded"], &["funding"]),
            ("finding", &["found"], &["find"]),
            ("housing", &["housed"], &["house", "houses"]),
            ("house", &["houses"], &["housing"]),
            ("meeting", &["meetings", "met"], &["meet", "meets"]),
            ("charging", &["charged"], &["charge", "charges"]),
            ("charged", &["charge", "charging"], &[]),
            ("rising", &["rise", "rose", "risen"], &[]),
            ("stated", &["stating"], &["state", "states"]),
            ("nationals", &[], &["national"]),
        ]);
    }

    #[test]
    fn forms_and_adverbs_of_lemmas_are_known() {
        for word in
            ["tariff", "tariffs", "children", "rose", "quickly", "basically", "happily", "possibly"]
        {
            assert!(is_known_word(word), "{word}");
        }
        for word in ["", "ly", "goverment", "enviroment", "recyling", "haris", "tarrifs", "广州"]
        {
            assert!(!is_known_word(word), "{word}");
        }
    }

    #[test]
    fn unknown_words_have_only_regular_forms() {
        assert_inflections(&[
            ("decarbonise", &["decarbonised", "decarbonising", "decarbonises"], &[]),
            ("reshoring", &["reshore", "reshored"], &[]),
            ("petaflop", &["petaflops"], &[]),
            ("petaflops", &["petaflop"], &[]),
            ("evs", &["ev"], &[]),
            ("ev", &["evs"], &[]),
            ("ngos", &["ngo"], &[]),
            ("williams", &[], &["william"]),
            ("harris", &[], &["harri"]),
            ("wales", &[], &["wale"]),
            ("texas", &[], &["texa"]),
        ]);
        for word in ["", "us", "a", "39000", "covid19", "café", "广州"] {
            assert_eq!(inflections(word), [word]);
        }
    }
}
