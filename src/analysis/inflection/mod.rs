//! English inflections: the other forms of a word, by rules of inflection and a lexicon.
//!
//! [`inflections`] is the entry point. `lexicon.rs` reads the data, `rules.rs` has the regular endings.

mod lexicon;
mod rules;

use std::sync::LazyLock;

use self::{
    lexicon::{Lexeme, Lexicon, PartOfSpeech},
    rules::{Ending, is_short_adjective, possible_lemmas, regular_forms},
};

static LEXICON: LazyLock<Option<Lexicon>> = LazyLock::new(Lexicon::open);

/// Minimum length in bytes of a word that has inflections, apart from verbs such as go.
const MIN_LETTERS: usize = 3;
/// Minimum length in bytes of what remains of an unknown word without its ending.
const MIN_UNKNOWN: usize = 4;
/// Minimum share of a form's own parts of speech in the uses of its lemma, in percent. Below this share the lemma is
/// mostly another word: "state" is mostly a noun, so "stated" does not stand for it.
const MIN_SHARE: u64 = 34;
/// The same for a form in -ing, which is more often a noun with its own meaning, such as "planning".
const MIN_SHARE_OF_ING: u64 = 62;
/// Minimum number of uses as a noun that a form in -ing has with its own meaning, for each hundred uses of the verb.
const MIN_NOUN_USES: u64 = 10;

/// Returns the inflections of a normalized English word: the word itself first, then every form of the lexemes that the
/// word belongs to. Some returned words may not exist, so the caller must check which ones the index contains. A term
/// with any character other than a to z has no other forms.
///
/// ```
/// use gz_search::analysis::inflections;
///
/// assert_eq!(inflections("children"), ["children", "child"]);
/// assert_eq!(inflections("rose"), ["rose", "rise", "rises", "rising", "risen", "roses"]);
/// assert_eq!(inflections("goods"), ["goods"]);
/// assert_eq!(inflections("广州"), ["广州"]);
/// ```
pub fn inflections(word: &str) -> Vec<String> {
    let mut forms = vec![word.to_owned()];
    let is_english = word.bytes().all(|byte| byte.is_ascii_lowercase());
    let Some(lexicon) = LEXICON.as_ref().filter(|_| is_english) else { return forms };
    let is_verb = || lexicon.lemma(word).is_some_and(|entry| entry.uses(PartOfSpeech::Verb) > 0);
    if word.len() < MIN_LETTERS && !is_verb() {
        return forms;
    }
    let lexemes = lexicon.lexemes(word);
    let others = if lexemes.is_empty() && lexicon.lemma(word).is_none() {
        lexicon.forms_of_unknown(word)
    } else {
        lexicon.forms_of_lexemes(word, &lexemes)
    };
    for form in others {
        if !forms.contains(&form) {
            forms.push(form);
        }
    }
    forms
}

/// Whether the lexicon has an English word, as a lemma, a form of a lemma, or the adverb in -ly of a lemma.
pub(crate) fn is_known_word(word: &str) -> bool {
    let Some(lexicon) = LEXICON.as_ref() else { return false };
    let has = |word: &str| lexicon.lemma(word).is_some();
    let is_adverb = || {
        [("ly", ""), ("ally", ""), ("ily", "y"), ("ly", "le")].iter().any(
            |(ending, adjective_ending)| {
                let base = word.strip_suffix(ending);
                base.is_some_and(|base| has(&format!("{base}{adjective_ending}")))
            },
        )
    };
    has(word) || !lexicon.lexemes(word).is_empty() || is_adverb()
}

impl Lexicon {
    /// Returns the lexemes that a word is a form of.
    fn lexemes(&self, word: &str) -> Vec<Lexeme> {
        if let Some(lexemes) = self.distinct(word) {
            return lexemes;
        }
        let own = self.lemma(word);
        let own_lexemes =
            PartOfSpeech::ALL.into_iter().filter(|part| own.is_some_and(|own| own.is(*part)));
        let mut lexemes: Vec<Lexeme> =
            own_lexemes.map(|part| Lexeme { lemma: word.to_owned(), part }).collect();
        let names_something =
            own.is_some_and(|own| own.uses(PartOfSpeech::Noun) + own.uses(PartOfSpeech::Verb) > 0);
        let irregular = self.lemmas_of_irregular(word).into_iter();
        let regular = possible_lemmas(word).into_iter();
        let regular =
            regular.flat_map(|(lemma, ending)| self.with_regular_form(word, &lemma, ending));
        for lexeme in irregular.chain(regular) {
            // A number is not more numb.
            let is_another_word = lexeme.part == PartOfSpeech::Adjective && names_something;
            if !is_another_word && !lexemes.contains(&lexeme) {
                lexemes.push(lexeme);
            }
        }
        lexemes
    }

    /// Returns the lexemes of `lemma` that have `form` as a regular form.
    fn with_regular_form(&self, form: &str, lemma: &str, ending: Ending) -> Vec<Lexeme> {
        let parts: &[PartOfSpeech] = match ending {
            Ending::S => &[PartOfSpeech::Noun, PartOfSpeech::Verb],
            Ending::Ed | Ending::Ing => &[PartOfSpeech::Verb],
            Ending::Er | Ending::Est => &[PartOfSpeech::Adjective],
        };
        let lexemes = parts.iter().map(|part| Lexeme { lemma: lemma.to_owned(), part: *part });
        lexemes
            .filter(|lexeme| {
                self.has(&lexeme.lemma, lexeme.part)
                    && self.generated(lexeme).iter().any(|other| other == form)
            })
            .collect()
    }

    /// Returns the forms that irregularities and rules give a lexeme, without the lemma.
    fn generated(&self, Lexeme { lemma, part }: &Lexeme) -> Vec<String> {
        let mut irregular = self.irregular_forms(lemma);
        irregular.retain(|form| form.part == *part);
        let irregular: Vec<String> = irregular.into_iter().map(|form| form.lemma).collect();
        let endings: &[Ending] = match part {
            PartOfSpeech::Noun => &Ending::OF_NOUN,
            PartOfSpeech::Verb => &Ending::OF_VERB,
            PartOfSpeech::Adjective if self.is_comparable(lemma) => &Ending::OF_ADJECTIVE,
            PartOfSpeech::Adjective => &[],
        };
        let mut forms = Vec::new();
        for &ending in endings {
            let has_irregular = *part == PartOfSpeech::Adjective && !irregular.is_empty();
            if !has_irregular {
                forms.extend(regular_forms(lemma, ending));
            }
        }
        forms.extend(irregular);
        forms
    }

    /// Whether an adjective has -er and -est. Participles and words that are rarely adjectives do not: built, meet.
    fn is_comparable(&self, lemma: &str) -> bool {
        let is_adjective = self.lemma(lemma).is_some_and(|entry| {
            let is_only_adjective = !entry.is(PartOfSpeech::Noun) && !entry.is(PartOfSpeech::Verb);
            is_only_adjective || entry.uses(PartOfSpeech::Adjective) > 0
        });
        is_adjective && is_short_adjective(lemma) && self.lemmas_of_irregular(lemma).is_empty()
    }

    /// Returns the forms of the lexemes of a word, without the words that are mostly something else.
    fn forms_of_lexemes(&self, word: &str, lexemes: &[Lexeme]) -> Vec<String> {
        let mut forms = Vec::new();
        for lexeme in lexemes {
            let mut of_lexeme = vec![lexeme.lemma.clone()];
            of_lexeme.extend(self.generated(lexeme));
            of_lexeme.retain(|form| {
                form != word
                    && self.lexemes(form).contains(lexeme)
                    && !self.is_mostly_another(word, form, lexeme, lexemes)
            });
            forms.extend(of_lexeme);
        }
        forms
    }

    /// Whether a form of a lexeme is mostly another word than `word`, which belongs to `lexemes`.
    fn is_mostly_another(
        &self,
        word: &str,
        form: &str,
        lexeme: &Lexeme,
        lexemes: &[Lexeme],
    ) -> bool {
        let lemma = lexeme.lemma.as_str();
        let is_participle = lexeme.part == PartOfSpeech::Verb && word.ends_with("ing");
        if form == lemma || form.ends_with('s') {
            // The lemma itself stands for its form in -s.
            if word == lemma {
                return false;
            }
            let share = self.share(lemma, lexemes);
            share < MIN_SHARE
                || is_participle
                    && (share < MIN_SHARE_OF_ING || self.is_noun_of_its_own(word, lemma))
        } else if lexeme.part == PartOfSpeech::Verb && form.ends_with("ing") {
            let verb = [Lexeme { lemma: lemma.to_owned(), part: PartOfSpeech::Verb }];
            self.is_noun_of_its_own(form, lemma) && self.share(lemma, &verb) < MIN_SHARE_OF_ING
        } else {
            false
        }
    }

    /// Whether a form in -ing of the verb `lemma` is also used as a noun, often enough to have its own meaning.
    fn is_noun_of_its_own(&self, ing: &str, lemma: &str) -> bool {
        let noun_uses = self.lemma(ing).map_or(0, |entry| entry.uses(PartOfSpeech::Noun));
        let verb_uses = self.lemma(lemma).map_or(0, |entry| entry.uses(PartOfSpeech::Verb));
        noun_uses > 0 && noun_uses * 100 >= verb_uses * MIN_NOUN_USES
    }

    /// Returns the share of the lexemes of `lemma` among all uses of `lemma`, in percent.
    fn share(&self, lemma: &str, lexemes: &[Lexeme]) -> u64 {
        let Some(entry) = self.lemma(lemma) else { return 100 };
        let (mut own, mut all) = (0, 0);
        for part in PartOfSpeech::ALL.into_iter().filter(|part| entry.is(*part)) {
            let uses = entry.uses(part) + 1;
            all += uses;
            if lexemes.iter().any(|lexeme| lexeme.lemma == lemma && lexeme.part == part) {
                own += uses;
            }
        }
        own * 100 / all.max(1)
    }

    /// Returns the regular forms of a word that the lexicon lacks, as those of a noun and of a verb. A last s is never
    /// removed, since most unknown words with one are names: Harris is not the plural of Harri.
    fn forms_of_unknown(&self, word: &str) -> Vec<String> {
        let mut forms = regular_forms(word, Ending::S);
        let ends_in_ending = word.ends_with("ed") || word.ends_with("ing");
        if !word.ends_with('s') && !ends_in_ending {
            forms.extend(
                [Ending::Ed, Ending::Ing].iter().flat_map(|ending| regular_forms(word, *ending)),
            );
        }
        for (lemma, ending) in possible_lemmas(word) {
            if !matches!(ending, Ending::Ed | Ending::Ing) || lemma.len() < MIN_UNKNOWN {
                continue;
            }
            forms.extend(
                [Ending::Ed, Ending::Ing].iter().flat_map(|ending| regular_forms(&lemma, *ending)),
            );
            if self.lemma(&lemma).is_none() {
                forms.extend(regular_forms(&lemma, Ending::S));
                forms.push(lemma);
            }
        }
        forms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_inflections(cases: &[(&str, &[&str], &[&str])]) {
        for &(word, present, absent) in cases {
            let forms = inflections(word);
            assert_eq!(forms.first().map(String::as_str), Some(word));
            let missing = present.iter().filter(|form| !forms.iter().any(|other| other == *form));
            assert_eq!(missing.collect::<Vec<_>>(), Vec::<&&str>::new(), "{word}: {forms:?}");
            let unwanted = absent.iter().filter(|form| forms.iter().any(|other| other == *form));
            assert_eq!(unwanted.collect::<Vec<_>>(), Vec::<&&str>::new(), "{word}: {forms:?}");
        }
    }

    #[test]
    fn a_word_stands_for_its_regular_forms() {
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
    fn a_word_stands_for_its_irregular_forms() {
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
    fn derived_words_and_look_alikes_are_other_words() {
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
            ("found", &["find", "finding"], &["founded"]),
            ("founded", &["founding"], &["found", "find"]),
            ("ground", &["grounds"], &["grind"]),
            ("bases", &["base"], &["basis"]),
        ]);
    }

    #[test]
    fn a_form_that_is_mostly_another_word_is_left_out() {
        assert_inflections(&[
            ("billing", &["billings", "billed"], &["bill", "bills"]),
            ("bill", &["bills", "billed"], &[]),
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
    fn unknown_words_follow_the_rules() {
        assert_inflections(&[
            ("decarbonise", &["decarbonised", "decarbonising", "decarbonises"], &[]),
            ("reshoring", &["reshore", "reshored"], &[]),
            ("petaflop", &["petaflops"], &[]),
            ("petaflops", &[], &["petaflop"]),
            ("harris", &[], &["harri"]),
            ("wales", &[], &["wale"]),
            ("texas", &[], &["texa"]),
        ]);
        for word in ["", "us", "a", "39000", "covid19", "café", "广州"] {
            assert_eq!(inflections(word), [word]);
        }
    }
}
