//! Finds spelling variants, by rules that turn British into American English spellings, and back.

/// Rule for letters that British and American English spell differently, with conditions on the letters before and
/// after them.
struct SpellingRule {
    /// Letters of the British spelling, such as `our` in colour.
    british: &'static str,
    /// Letters of the American spelling, such as `or` in color.
    american: &'static str,
    /// Function that returns whether the rule applies to a word. The argument is the stem: the part of the word before
    /// the letters that the rule changes.
    accepts_stem: fn(&str) -> bool,
    /// Letters that may follow the letters that the rule changes.
    endings: AllowedEndings,
}

/// Condition of a [`SpellingRule`] on the letters after those that the rule changes.
enum AllowedEndings {
    AnyLetters,
    OneOf(&'static [&'static str]),
}

/// Rules for letters that British and American English spell differently. The first spelling in a rule is British.
const SPELLING_RULES: &[SpellingRule] = &[
    rule_with_endings("our", "or", can_precede_suffix_our, ENDINGS_AFTER_SUFFIX_OUR),
    rule_with_endings("is", "iz", is_long_stem, ENDINGS_AFTER_SUFFIX_IS),
    rule_with_endings("lys", "lyz", is_long_stem, &["e", "ed", "er", "ers", "es", "ing"]),
    rule_with_endings(
        "ll",
        "l",
        has_unstressed_last_syllable,
        &["ed", "er", "ers", "ing", "ings", "or", "ors", "ous"],
    ),
    // Rules for single words, since few words in -ter, -ber or -log have a British form in -tre, -bre or
    // -logue.
    rule_with_endings("centre", "center", accepts_any_stem, NOUN_ENDINGS),
    rule_with_endings("centred", "centered", accepts_any_stem, &[""]),
    rule_with_endings("centring", "centering", accepts_any_stem, &[""]),
    rule_with_endings("theatre", "theater", accepts_any_stem, NOUN_ENDINGS),
    rule_with_endings("metre", "meter", accepts_any_stem, NOUN_ENDINGS),
    rule_with_endings("litre", "liter", accepts_any_stem, NOUN_ENDINGS),
    rule_with_endings("lustre", "luster", accepts_any_stem, NOUN_ENDINGS),
    rule_with_endings("spectre", "specter", is_empty_stem, NOUN_ENDINGS),
    rule_with_endings("sceptre", "scepter", is_empty_stem, NOUN_ENDINGS),
    rule_with_endings("fibre", "fiber", accepts_any_stem, NOUN_ENDINGS),
    rule_with_endings("calibre", "caliber", accepts_any_stem, NOUN_ENDINGS),
    rule_with_endings("sombre", "somber", is_empty_stem, &["", "ly"]),
    rule_with_endings("meagre", "meager", is_empty_stem, &["", "ly"]),
    rule_with_endings("logu", "log", is_long_stem, &["ed", "er", "ers", "ing"]),
    rule_with_endings("logue", "log", is_long_stem, &["", "s"]),
    rule_with_endings("defence", "defense", is_empty_stem, &["", "less", "s"]),
    rule_with_endings("offence", "offense", is_empty_stem, NOUN_ENDINGS),
    rule_with_endings("licence", "license", is_empty_stem, &["", "d", "e", "es", "s"]),
    rule_with_endings("pretence", "pretense", is_empty_stem, NOUN_ENDINGS),
    rule_with_endings("practis", "practic", is_empty_stem, &["e", "ed", "es", "ing"]),
    rule_with_endings("programme", "program", is_empty_stem, NOUN_ENDINGS),
    rule_with_endings("ageing", "aging", is_empty_stem, &[""]),
    rule_with_endings("dgement", "dgment", accepts_any_stem, &["", "al", "s"]),
    rule_with_endings("rolment", "rollment", accepts_any_stem, NOUN_ENDINGS),
    rule_with_endings("talment", "tallment", accepts_any_stem, NOUN_ENDINGS),
    rule_with_endings("filment", "fillment", accepts_any_stem, NOUN_ENDINGS),
    rule_with_endings("fulfil", "fulfill", is_empty_stem, NOUN_ENDINGS),
    rule_with_endings("enrol", "enroll", is_empty_stem, NOUN_ENDINGS),
    rule_with_endings("instil", "instill", is_empty_stem, NOUN_ENDINGS),
    rule_with_endings("distil", "distill", is_empty_stem, NOUN_ENDINGS),
    rule_with_endings("ilful", "illful", accepts_any_stem, &["", "ly", "ness"]),
    rule_with_endings("aluminium", "aluminum", is_empty_stem, &[""]),
    rule_with_endings("grey", "gray", is_empty_stem, &["", "er", "ing", "ish", "s"]),
    rule_with_endings("adviser", "advisor", is_empty_stem, NOUN_ENDINGS),
    rule_with_endings("plough", "plow", accepts_any_stem, &["", "ed", "ing", "s"]),
    rule_with_endings("tyre", "tire", is_empty_stem, NOUN_ENDINGS),
    rule_with_endings("mould", "mold", is_empty_stem, &["", "ed", "ing", "ings", "s", "y"]),
    rule_with_endings("jewellery", "jewelry", is_empty_stem, &[""]),
    rule_with_endings("artefact", "artifact", is_empty_stem, NOUN_ENDINGS),
    rule_with_endings(
        "sulph",
        "sulf",
        accepts_any_stem,
        &["ate", "ates", "ide", "ides", "ur", "uric", "urous"],
    ),
    rule_with_endings("sceptic", "skeptic", is_empty_stem, &["", "al", "ally", "ism", "s"]),
    rule_at_start("paed", "ped"),
    rule_at_start("haem", "hem"),
    rule_at_start("anaem", "anem"),
    rule_at_start("anaesth", "anesth"),
    rule_at_start("gynaec", "gynec"),
    rule_at_start("orthopaed", "orthoped"),
    rule_at_start("leukaem", "leukem"),
    rule_at_start("encyclopaed", "encycloped"),
    rule_at_start("archaeo", "archeo"),
    rule_at_start("palaeo", "paleo"),
    rule_at_start("mediaeval", "medieval"),
    rule_at_start("foet", "fet"),
    rule_at_start("oestro", "estro"),
    rule_at_start("manoeuvre", "maneuver"),
    rule_at_start("manoeuvring", "maneuvering"),
    rule_at_start("diarrhoea", "diarrhea"),
];

/// Letters that may follow the end of a noun: none, or the s of the plural.
const NOUN_ENDINGS: &[&str] = &["", "s"];
/// Letters that may follow -our and -or.
const ENDINGS_AFTER_SUFFIX_OUR: &[&str] = &[
    "", "able", "ably", "ed", "er", "ers", "ful", "ing", "ite", "ites", "itism", "less", "s", "y",
];
/// Letters that may follow -is and -iz.
const ENDINGS_AFTER_SUFFIX_IS: &[&str] =
    &["able", "ation", "ational", "ations", "e", "ed", "er", "ers", "es", "ing", "ings"];

/// Returns a rule for letters that stand between a stem and one of `endings`. `accepts_stem` returns whether
/// the rule applies to the stem.
const fn rule_with_endings(
    british: &'static str,
    american: &'static str,
    accepts_stem: fn(&str) -> bool,
    endings: &'static [&'static str],
) -> SpellingRule {
    SpellingRule { british, american, accepts_stem, endings: AllowedEndings::OneOf(endings) }
}

/// Returns a rule for letters at the beginning of a word. Any letters may follow.
const fn rule_at_start(british: &'static str, american: &'static str) -> SpellingRule {
    SpellingRule {
        british,
        american,
        accepts_stem: is_empty_stem,
        endings: AllowedEndings::AnyLetters,
    }
}

/// Returns whether the stem is empty, so that the letters that the rule changes begin the word.
const fn is_empty_stem(stem: &str) -> bool {
    stem.is_empty()
}

/// Returns true: any stem may precede the letters that the rule changes.
const fn accepts_any_stem(_: &str) -> bool {
    true
}

/// Returns whether a text contains a vowel or the letter y.
fn has_vowel(text: &str) -> bool {
    text.contains(['a', 'e', 'i', 'o', 'u', 'y'])
}

/// Returns whether the stem is long enough to take a suffix: true for organ-ise and cata-logue, false for r-ise and
/// b-log.
fn is_long_stem(stem: &str) -> bool {
    stem.len() >= 3 && has_vowel(stem)
}

/// Returns whether -our can follow the stem: true for lab-our, neighb-our and behavi-our, false for f-our, h-our and
/// t-our.
fn can_precede_suffix_our(stem: &str) -> bool {
    let stem_end = stem.strip_suffix("vi").map_or(stem, |_| "v");
    stem.len() >= 2
        && has_vowel(stem)
        && stem_end.ends_with(['b', 'd', 'g', 'l', 'm', 'n', 'p', 'v'])
}

/// Returns whether the last syllable of the stem is unstressed: the stem ends with a vowel and contains another vowel.
/// True for trave-lled and signa-lling, false for fi-lling.
fn has_unstressed_last_syllable(stem: &str) -> bool {
    stem.strip_suffix(['a', 'e', 'i']).is_some_and(has_vowel)
}

/// Returns the British spellings of an American word, and the American spellings of a British word. The rules
/// also produce words that nobody uses, so the caller must check which spellings the index contains.
///
/// ```
/// use gz_search::analysis::other_spellings;
///
/// assert_eq!(other_spellings("labour").collect::<Vec<_>>(), ["labor"]);
/// assert_eq!(other_spellings("organized").collect::<Vec<_>>(), ["organised"]);
/// ```
pub fn other_spellings(term: &str) -> impl Iterator<Item = String> {
    SPELLING_RULES.iter().flat_map(move |rule| {
        let directions = [(rule.british, rule.american), (rule.american, rule.british)];
        directions
            .into_iter()
            .filter_map(move |(letters, replacement)| rule.respell(term, letters, replacement))
    })
}

impl SpellingRule {
    /// Returns the term with `replacement` instead of `letters`. `None` if the rule does not apply to the term.
    fn respell(&self, term: &str, letters: &str, replacement: &str) -> Option<String> {
        match self.endings {
            AllowedEndings::AnyLetters => {
                term.strip_prefix(letters).map(|ending| format!("{replacement}{ending}"))
            }
            AllowedEndings::OneOf(endings) => endings.iter().find_map(|ending| {
                let stem = term.strip_suffix(ending)?.strip_suffix(letters)?;
                (self.accepts_stem)(stem).then(|| format!("{stem}{replacement}{ending}"))
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_rules_apply_in_both_directions() {
        for (british, american) in [
            ("labour", "labor"),
            ("labourers", "laborers"),
            ("neighbour", "neighbor"),
            ("behaviour", "behavior"),
            ("favourite", "favorite"),
            ("odour", "odor"),
            ("organise", "organize"),
            ("organisations", "organizations"),
            ("modernising", "modernizing"),
            ("analysed", "analyzed"),
            ("travelled", "traveled"),
            ("signalling", "signaling"),
            ("fuelled", "fueled"),
            ("counsellor", "counselor"),
            ("centre", "center"),
            ("centred", "centered"),
            ("kilometres", "kilometers"),
            ("fibre", "fiber"),
            ("catalogue", "catalog"),
            ("cataloguing", "cataloging"),
            ("defence", "defense"),
            ("licences", "licenses"),
            ("programmes", "programs"),
            ("ageing", "aging"),
            ("judgement", "judgment"),
            ("acknowledgements", "acknowledgments"),
            ("enrolment", "enrollment"),
            ("instalments", "installments"),
            ("fulfil", "fulfill"),
            ("skilful", "skillful"),
            ("aluminium", "aluminum"),
            ("grey", "gray"),
            ("paediatric", "pediatric"),
            ("anaemia", "anemia"),
            ("manoeuvres", "maneuvers"),
        ] {
            assert!(other_spellings(british).any(|other| other == american), "{british}");
            assert!(other_spellings(american).any(|other| other == british), "{american}");
        }
    }

    #[test]
    fn similar_words_are_not_spelling_variants() {
        for (word, other) in [
            ("mourning", "morning"),
            ("fourth", "forth"),
            ("four", "for"),
            ("hour", "hor"),
            ("filling", "filing"),
            ("falling", "faling"),
            ("tonne", "ton"),
            ("cheque", "check"),
            ("prise", "prize"),
            ("wise", "wize"),
            ("blogue", "blog"),
            ("storey", "story"),
        ] {
            assert!(other_spellings(word).all(|variant| variant != other), "{word}");
            assert!(other_spellings(other).all(|variant| variant != word), "{other}");
        }
    }

    #[test]
    fn most_words_have_no_spelling_variant() {
        for word in
            ["later", "water", "flying", "policy", "data", "blog", "tour", "evidence", "广州", ""]
        {
            assert_eq!(other_spellings(word).next(), None, "{word}");
        }
    }
}
