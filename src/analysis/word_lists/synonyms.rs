//! Synonyms: words and phrases that are searched in addition to the words of a query.

use std::collections::HashMap;

use crate::analysis::{Analysis, Analyzer, Chinese, inflections, other_spellings};

/// Maximum number of synonyms of a word or phrase.
pub(crate) const MAX_SYNONYMS: usize = 20;
/// Maximum number of tokens of a word or phrase in a rule. A Han character is a token.
const MAX_RULE_PHRASE_TOKENS: usize = 24;
/// Sign between the two sides of a rule that works one way.
const ONE_WAY_ARROW: &str = "=>";

/// Synonyms of words and phrases. A search does not add the synonyms of a synonym, so rules never form a chain or a
/// loop.
#[derive(Debug, Clone, Default)]
pub(crate) struct Synonyms {
    /// Words and phrases with synonyms, by the term of their first token.
    phrases_by_first_term: HashMap<String, Vec<PhraseWithSynonyms>>,
    /// Synonyms as the rules spell them.
    texts: Vec<String>,
}

/// Word or phrase with its synonyms.
#[derive(Debug, Clone)]
struct PhraseWithSynonyms {
    /// Terms of the word or phrase.
    terms: Vec<String>,
    /// Indexes of the synonyms in [`Synonyms::texts`].
    synonym_indexes: Vec<usize>,
}

impl Synonyms {
    /// Returns whether no word has a synonym.
    pub(super) fn is_empty(&self) -> bool {
        self.phrases_by_first_term.is_empty()
    }

    /// Adds a rule. A rule is a list of words and phrases with commas between them, which are synonyms of each other.
    /// Or it is two such lists with [`ONE_WAY_ARROW`] between them: each word of the second list is a synonym of each
    /// word of the first.
    ///
    /// # Errors
    ///
    /// The message that says what is wrong with the rule. If a word has too many synonyms, the rule still adds the
    /// first of them.
    pub(super) fn add_synonym_rule(&mut self, rule: &str) -> Result<(), String> {
        let sides: Vec<&str> = rule.split(ONE_WAY_ARROW).collect();
        let (from, to) = match sides[..] {
            [words] => (parse_comma_separated_words(words)?, None),
            [from, to] => {
                (parse_comma_separated_words(from)?, Some(parse_comma_separated_words(to)?))
            }
            _ => return Err(format!("a rule has one {ONE_WAY_ARROW}: write a line for each rule")),
        };
        if let (None, [(word, _)]) = (&to, &from[..]) {
            return Err(format!(
                "one word has no synonym: write {word}, WORD or {word} {ONE_WAY_ARROW} WORD"
            ));
        }
        if from.is_empty() || to.as_ref().is_some_and(Vec::is_empty) {
            return Err(format!(
                "a word is missing: write WORD, WORD or WORD {ONE_WAY_ARROW} WORD"
            ));
        }
        let first_text = self.texts.len();
        let synonyms = to.as_ref().unwrap_or(&from);
        self.texts.extend(synonyms.iter().map(|(word, _)| (*word).to_owned()));
        let mut words_with_too_many_synonyms = Vec::new();
        for (word, terms) in &from {
            let others = synonyms.iter().zip(first_text..).filter(|((_, other), _)| other != terms);
            if !self.try_add_synonyms_of_phrase(terms, others.map(|(_, text)| text)) {
                words_with_too_many_synonyms.push(*word);
            }
        }
        match &words_with_too_many_synonyms[..] {
            [] => Ok(()),
            [word, ..] => Err(format!(
                "{word} has more than {MAX_SYNONYMS} synonyms: the first {MAX_SYNONYMS} are used"
            )),
        }
    }

    /// Adds synonyms of the word or phrase whose terms are `terms`. `synonym_indexes` are indexes in [`Self::texts`].
    /// Returns false if the word or phrase has more than [`MAX_SYNONYMS`] synonyms.
    fn try_add_synonyms_of_phrase(
        &mut self,
        terms: &[String],
        synonym_indexes: impl Iterator<Item = usize>,
    ) -> bool {
        let Some(first_term) = terms.first() else { return true };
        let phrases = self.phrases_by_first_term.entry(first_term.clone()).or_default();
        let index = phrases.iter().position(|phrase| phrase.terms == terms).unwrap_or_else(|| {
            phrases.push(PhraseWithSynonyms { terms: terms.to_vec(), synonym_indexes: Vec::new() });
            phrases.len() - 1
        });
        let Some(phrase) = phrases.get_mut(index) else { return true };
        for synonym_index in synonym_indexes {
            let is_known = phrase
                .synonym_indexes
                .iter()
                .any(|&known_index| self.texts.get(known_index) == self.texts.get(synonym_index));
            if !is_known && phrase.synonym_indexes.len() == MAX_SYNONYMS {
                return false;
            }
            if !is_known {
                phrase.synonym_indexes.push(synonym_index);
            }
        }
        true
    }

    /// Finds each word or phrase with synonyms that stands at the start of `terms`, the terms of a query. Returns its
    /// number of terms and its synonyms. Inflections and British or American spellings of its words match too, unless
    /// they are protected.
    pub(super) fn synonyms_at_start(
        &self,
        terms: &[&str],
        is_protected: &dyn Fn(&str) -> bool,
    ) -> Vec<(usize, Vec<&str>)> {
        let Some(first_term) = terms.first().filter(|_| !self.is_empty()) else {
            return Vec::new();
        };
        let mut rules = Vec::new();
        for form in forms_of_term(first_term, is_protected) {
            for phrase in self.phrases_by_first_term.get(&form).into_iter().flatten() {
                let is_match = phrase.terms.len() <= terms.len()
                    && phrase.terms.iter().zip(terms).skip(1).all(|(wanted, term)| {
                        wanted == term || forms_of_term(term, is_protected).contains(wanted)
                    });
                if is_match {
                    let texts =
                        phrase.synonym_indexes.iter().filter_map(|&index| self.texts.get(index));
                    rules.push((phrase.terms.len(), texts.map(String::as_str).collect()));
                }
            }
        }
        rules
    }
}

/// Returns the forms of a term: the term itself first, then its inflections and the inflections of its other spellings.
/// Omits protected words, except the term itself.
fn forms_of_term(term: &str, is_protected: &dyn Fn(&str) -> bool) -> Vec<String> {
    if is_protected(term) {
        return vec![term.to_owned()];
    }
    let mut forms = inflections(term);
    for spelling in other_spellings(term) {
        for form in inflections(&spelling) {
            if !forms.contains(&form) {
                forms.push(form);
            }
        }
    }
    forms.retain(|form| !is_protected(form));
    forms
}

/// Returns the words and phrases of a list with commas, each with its terms.
fn parse_comma_separated_words(list: &str) -> Result<Vec<(&str, Vec<String>)>, String> {
    let words = list.split([',', '，', '、', '､']).map(str::trim).filter(|word| !word.is_empty());
    words.map(|word| Ok((word, terms_of_word(word)?))).collect()
}

/// Returns the terms of a word or phrase.
fn terms_of_word(word: &str) -> Result<Vec<String>, String> {
    let mut analysis = Analysis::default();
    Analyzer::new(Chinese::Off).tokens(word, &mut analysis);
    let terms = analysis.tokens.iter().map(|token| analysis.most_specific_term(token).to_owned());
    let terms: Vec<String> = terms.collect();
    match terms.len() {
        0 => Err(format!("{word} has no letter or digit: write a word")),
        1..=MAX_RULE_PHRASE_TOKENS => Ok(terms),
        _ => Err(format!(
            "{word} is too long: write at most {MAX_RULE_PHRASE_TOKENS} words or Chinese characters"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the longest word or phrase with synonyms at the start of `words`: its number of terms and its synonyms,
    /// as in `1 automobile|motor vehicle`.
    fn synonyms_of(rules: &[&str], words: &str) -> String {
        let mut synonyms = Synonyms::default();
        for rule in rules {
            drop(synonyms.add_synonym_rule(rule));
        }
        let terms = terms_of_word(words).unwrap();
        let terms: Vec<&str> = terms.iter().map(String::as_str).collect();
        let longest = synonyms
            .synonyms_at_start(&terms, &|_| false)
            .into_iter()
            .max_by_key(|(length, _)| *length);
        longest.map(|(length, texts)| format!("{length} {}", texts.join("|"))).unwrap_or_default()
    }

    #[test]
    fn synonym_rules_work_both_ways_or_one_way() {
        let both = ["car, automobile, motor vehicle"];
        for (rules, words, expected) in [
            (&both[..], "car", "1 automobile|motor vehicle"),
            (&both, "Cars", "1 automobile|motor vehicle"),
            (&both, "motor vehicles tax", "2 car|automobile"),
            (&both, "motor", ""),
            (&["gov, govt => government"], "govt", "1 government"),
            (&["gov => government"], "government", ""),
            (&["新能源车 => 新能源汽车"], "新能源车补贴", "4 新能源汽车"),
            (&["新能源車 => 新能源汽车"], "新能源车", "4 新能源汽车"),
            (&["港口，码头、port"], "码头", "2 港口|port"),
            (&["colour, hue"], "colors", "1 hue"),
            (&["WHO => World Health Organization"], "WHO", "1 World Health Organization"),
            (&["WHO => World Health Organization"], "who", ""),
            (&["a => b", "b => a", "a, c"], "a", "1 b|c"),
            (&["car, CAR, auto"], "car", "1 auto"),
            (&["car, auto,"], "car", "1 auto"),
        ] {
            assert_eq!(synonyms_of(rules, words), expected, "{rules:?} {words}");
        }
    }

    #[test]
    fn errors_of_invalid_rules_say_what_to_write() {
        for (rule, expected) in [
            ("car", "one word has no synonym: write car, WORD or car => WORD"),
            ("car => bus => tram", "a rule has one =>: write a line for each rule"),
            ("car =>", "a word is missing: write WORD, WORD or WORD => WORD"),
            ("=> car", "a word is missing: write WORD, WORD or WORD => WORD"),
            (",", "a word is missing: write WORD, WORD or WORD => WORD"),
            ("car, --", "-- has no letter or digit: write a word"),
        ] {
            assert_eq!(
                Synonyms::default().add_synonym_rule(rule),
                Err(expected.to_owned()),
                "{rule}"
            );
        }
        let long = format!("car, {}", "一".repeat(MAX_RULE_PHRASE_TOKENS + 1));
        assert!(Synonyms::default().add_synonym_rule(&long).unwrap_err().contains("is too long"));
    }

    #[test]
    fn a_word_has_a_bounded_number_of_synonyms() {
        let words: Vec<String> = (0..30).map(|number| format!("word{number}")).collect();
        let mut synonyms = Synonyms::default();
        let message =
            synonyms.add_synonym_rule(&format!("car => {}", words.join(", "))).unwrap_err();
        assert_eq!(message, "car has more than 20 synonyms: the first 20 are used");
        assert_eq!(synonyms.synonyms_at_start(&["car"], &|_| false)[0].1.len(), MAX_SYNONYMS);
    }
}
