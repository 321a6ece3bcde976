//! Spelling variants: British and American English, by rules on letters.

/// Letters that are spelled differently, with the letters that may stand around them.
struct SpellingRule {
    british: &'static str,
    american: &'static str,
    /// Whether the rule applies after this beginning of a word.
    before: fn(&str) -> bool,
    after: Ending,
}

/// Letters that may follow in a [`SpellingRule`].
enum Ending {
    Anything,
    OneOf(&'static [&'static str]),
}

const RULES: &[SpellingRule] = &[
    after("our", "or", before_our, OUR),
    after("is", "iz", is_long, ISE),
    after("lys", "lyz", is_long, &["e", "ed", "er", "ers", "es", "ing"]),
    after("ll", "l", is_unstressed, &["ed", "er", "ers", "ing", "ings", "or", "ors", "ous"]),
    // These are single words, since few words in -ter, -ber or -log have a British form in -tre, -bre or -logue.
    after("centre", "center", anything, NOUN),
    after("centred", "centered", anything, &[""]),
    after("centring", "centering", anything, &[""]),
    after("theatre", "theater", anything, NOUN),
    after("metre", "meter", anything, NOUN),
    after("litre", "liter", anything, NOUN),
    after("lustre", "luster", anything, NOUN),
    after("spectre", "specter", nothing, NOUN),
    after("sceptre", "scepter", nothing, NOUN),
    after("fibre", "fiber", anything, NOUN),
    after("calibre", "caliber", anything, NOUN),
    after("sombre", "somber", nothing, &["", "ly"]),
    after("meagre", "meager", nothing, &["", "ly"]),
    after("logu", "log", is_long, &["ed", "er", "ers", "ing"]),
    after("logue", "log", is_long, &["", "s"]),
    after("defence", "defense", nothing, &["", "less", "s"]),
    after("offence", "offense", nothing, NOUN),
    after("licence", "license", nothing, &["", "d", "e", "es", "s"]),
    after("pretence", "pretense", nothing, NOUN),
    after("practis", "practic", nothing, &["e", "ed", "es", "ing"]),
    after("programme", "program", nothing, NOUN),
    after("ageing", "aging", nothing, &[""]),
    after("dgement", "dgment", anything, &["", "al", "s"]),
    after("rolment", "rollment", anything, NOUN),
    after("talment", "tallment", anything, NOUN),
    after("filment", "fillment", anything, NOUN),
    after("fulfil", "fulfill", nothing, NOUN),
    after("enrol", "enroll", nothing, NOUN),
    after("instil", "instill", nothing, NOUN),
    after("distil", "distill", nothing, NOUN),
    after("ilful", "illful", anything, &["", "ly", "ness"]),
    after("aluminium", "aluminum", nothing, &[""]),
    after("grey", "gray", nothing, &["", "er", "ing", "ish", "s"]),
    after("adviser", "advisor", nothing, NOUN),
    after("plough", "plow", anything, &["", "ed", "ing", "s"]),
    after("tyre", "tire", nothing, NOUN),
    after("mould", "mold", nothing, &["", "ed", "ing", "ings", "s", "y"]),
    after("jewellery", "jewelry", nothing, &[""]),
    after("artefact", "artifact", nothing, NOUN),
    after("sulph", "sulf", anything, &["ate", "ates", "ide", "ides", "ur", "uric", "urous"]),
    after("sceptic", "skeptic", nothing, &["", "al", "ally", "ism", "s"]),
    starting("paed", "ped"),
    starting("haem", "hem"),
    starting("anaem", "anem"),
    starting("anaesth", "anesth"),
    starting("gynaec", "gynec"),
    starting("orthopaed", "orthoped"),
    starting("leukaem", "leukem"),
    starting("encyclopaed", "encycloped"),
    starting("archaeo", "archeo"),
    starting("palaeo", "paleo"),
    starting("mediaeval", "medieval"),
    starting("foet", "fet"),
    starting("oestro", "estro"),
    starting("manoeuvre", "maneuver"),
    starting("manoeuvring", "maneuvering"),
    starting("diarrhoea", "diarrhea"),
];

const NOUN: &[&str] = &["", "s"];
const OUR: &[&str] = &[
    "", "able", "ably", "ed", "er", "ers", "ful", "ing", "ite", "ites", "itism", "less", "s", "y",
];
const ISE: &[&str] =
    &["able", "ation", "ational", "ations", "e", "ed", "er", "ers", "es", "ing", "ings"];

/// Returns a rule for letters before one of `endings`.
const fn after(
    british: &'static str,
    american: &'static str,
    before: fn(&str) -> bool,
    endings: &'static [&'static str],
) -> SpellingRule {
    SpellingRule { british, american, before, after: Ending::OneOf(endings) }
}

/// Returns a rule for letters at the beginning of a word.
const fn starting(british: &'static str, american: &'static str) -> SpellingRule {
    SpellingRule { british, american, before: nothing, after: Ending::Anything }
}

const fn nothing(before: &str) -> bool {
    before.is_empty()
}

const fn anything(_: &str) -> bool {
    true
}

fn has_vowel(text: &str) -> bool {
    text.contains(['a', 'e', 'i', 'o', 'u', 'y'])
}

/// Whether the beginning is long enough for an ending to follow: organ-ise, not rise; cata-logue, not blog.
fn is_long(before: &str) -> bool {
    before.len() >= 3 && has_vowel(before)
}

/// Whether -our can follow as in lab-our, neighb-our and behavi-our, unlike in four, hour and tour.
fn before_our(before: &str) -> bool {
    let letter = before.strip_suffix("vi").map_or(before, |_| "v");
    before.len() >= 2
        && has_vowel(before)
        && letter.ends_with(['b', 'd', 'g', 'l', 'm', 'n', 'p', 'v'])
}

/// Whether the last vowel belongs to a later syllable, as in trave-lled and signa-lling, unlike in fi-lling.
fn is_unstressed(before: &str) -> bool {
    before.strip_suffix(['a', 'e', 'i']).is_some_and(has_vowel)
}

/// Returns the British spellings of an American word and the American ones of a British word. The rules also
/// produce words that nobody uses; the caller looks up in the index which exist.
///
/// ```
/// use gz_search::analysis::other_spellings;
///
/// assert_eq!(other_spellings("labour").collect::<Vec<_>>(), ["labor"]);
/// assert_eq!(other_spellings("organized").collect::<Vec<_>>(), ["organised"]);
/// ```
pub fn other_spellings(term: &str) -> impl Iterator<Item = String> {
    RULES.iter().flat_map(move |rule| {
        let directions = [(rule.british, rule.american), (rule.american, rule.british)];
        directions.into_iter().filter_map(move |(from, to)| rule.respelled(term, from, to))
    })
}

impl SpellingRule {
    /// Returns the term with `to` in place of `from`. `None` if the rule does not apply.
    fn respelled(&self, term: &str, from: &str, to: &str) -> Option<String> {
        match self.after {
            Ending::Anything => term.strip_prefix(from).map(|ending| format!("{to}{ending}")),
            Ending::OneOf(endings) => endings.iter().find_map(|ending| {
                let before = term.strip_suffix(ending)?.strip_suffix(from)?;
                (self.before)(before).then(|| format!("{before}{to}{ending}"))
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_apply_in_both_directions() {
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
