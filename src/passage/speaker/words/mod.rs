//! English words by their role in the name of a speaker: honorifics, offices, parts of names, and words that are never
//! part of a name.

use std::sync::LazyLock;

use crate::document::is_organization_word;

/// Honorifics before a name, without their full stop.
const HONORIFICS: [&str; 17] = [
    "Mr",
    "Ms",
    "Mrs",
    "Mdm",
    "Madam",
    "Miss",
    "Dr",
    "Prof",
    "Professor",
    "Assoc",
    "Sir",
    "Lord",
    "Lady",
    "Dame",
    "Er",
    "Shri",
    "Smt",
];
/// Honorifics that are also names, so that only their abbreviation with a full stop is an honorific: `Sen.`, `Hon.`.
const ABBREVIATED_HONORIFICS: [&str; 12] = [
    "Rev.", "Hon.", "Gen.", "Col.", "Maj.", "Lt.", "Capt.", "Sgt.", "Sen.", "Rep.", "Gov.", "Amb.",
];
/// Words that end the title of an office, one a line, ordered by bytes. A name may follow them.
const OFFICE_WORDS: &str = include_str!("offices.txt");
/// Particles that belong to a name although they are written in lower case.
const NAME_PARTICLES: [&str; 15] = [
    "de", "da", "di", "du", "bin", "binte", "bte", "van", "von", "der", "den", "al", "el", "s/o",
    "d/o",
];
/// Words after a name that belong to the name.
const NAME_SUFFIXES: [&str; 7] = ["Jr", "Sr", "II", "III", "IV", "OBE", "QC"];
/// Abbreviations of honours and of membership in a parliament after a name, which are no part of the name.
const POST_NOMINALS: [&str; 30] = [
    "MP", "MSP", "MS", "AM", "MLA", "MHA", "MLC", "MEP", "MPP", "TD", "AC", "AO", "CBE", "MBE",
    "DBE", "KBE", "KCB", "CB", "CMG", "KC", "SC", "JP", "GBM", "GBS", "SBS", "BBS", "PC", "FRS",
    "PhD", "PJG",
];
/// Words that end the names of some persons, but mostly have another meaning. After an honorific, such a word is the
/// third word of a name: `How` in `Mr Tan Kiat How`.
const NAMES_WITH_OTHER_MEANINGS: [&str; 8] =
    ["How", "He", "Her", "Law", "So", "We", "White", "You"];
/// Capitalized words that are never part of a name, one a line, ordered by bytes: function words at the start of a
/// sentence or in a headline, days and months, fields of government, and places that occur in titles of offices.
const WORDS_NEVER_IN_NAMES: &str = include_str!("never_names.txt");
/// Words for offices in lower case, which describe a person after the name: `Mei Lim, director of the program`.
const LOWER_CASE_OFFICES: [&str; 32] = [
    "director",
    "professor",
    "manager",
    "president",
    "chairman",
    "chair",
    "minister",
    "secretary",
    "head",
    "officer",
    "executive",
    "spokesperson",
    "spokesman",
    "spokeswoman",
    "administrator",
    "chief",
    "leader",
    "lead",
    "fellow",
    "scientist",
    "researcher",
    "founder",
    "specialist",
    "coordinator",
    "analyst",
    "commissioner",
    "assistant",
    "associate",
    "deputy",
    "senior",
    "vice",
    "former",
];

/// Returns whether `word` is an honorific that stands only before a name: `Mr`, `Dr.`, but not `Sir`.
pub(super) fn is_honorific_only_before_name(word: &str) -> bool {
    matches!(word.strip_suffix('.').unwrap_or(word), "Mr" | "Ms" | "Mrs" | "Mdm" | "Miss" | "Dr")
}

/// Returns whether `word`, which directly follows an honorific, may be a name. It may also be a word with another
/// meaning, such as `He` in `Ms He` and `White` in `Mr White`.
pub(super) fn is_name_after_honorific(word: &str) -> bool {
    let is_capitalized =
        word.starts_with(char::is_uppercase) && word.chars().any(char::is_lowercase);
    is_capitalized
        && word.chars().all(char::is_alphabetic)
        && !is_office_word(word)
        && !is_honorific(word)
}

/// Returns whether `word` is an honorific, with or without its full stop: `Ms`, `Dr.`.
pub(super) fn is_honorific(word: &str) -> bool {
    HONORIFICS.contains(&word.strip_suffix('.').unwrap_or(word))
        || ABBREVIATED_HONORIFICS.contains(&word)
}

/// Returns whether `word` ends the title of an office: `Minister`, `Attorney`, `Vice-President`.
pub(super) fn is_office_word(word: &str) -> bool {
    static SORTED_OFFICE_WORDS: LazyLock<Vec<&str>> =
        LazyLock::new(|| OFFICE_WORDS.lines().collect());
    let is_listed = |word: &str| {
        word.starts_with(char::is_uppercase) && SORTED_OFFICE_WORDS.binary_search(&word).is_ok()
    };
    is_listed(word) || word.rsplit_once('-').is_some_and(|(_, last)| is_listed(last))
}

/// Returns whether a capitalized word is never part of a name: `The`, `Monday`, `Parliament`.
fn is_never_name(word: &str) -> bool {
    static SORTED_NEVER_NAMES: LazyLock<Vec<&str>> =
        LazyLock::new(|| WORDS_NEVER_IN_NAMES.lines().collect());
    SORTED_NEVER_NAMES.binary_search(&word).is_ok()
}

/// Returns whether a phrase contains a word for an office, in capitals or in lower case.
pub(crate) fn names_office(phrase: &str) -> bool {
    phrase.split_whitespace().any(|word| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        is_office_word(word) || LOWER_CASE_OFFICES.contains(&word)
    })
}

/// Returns whether `word` is a particle of a name: `de`, `bin`.
pub(super) fn is_name_particle(word: &str) -> bool {
    NAME_PARTICLES.contains(&word)
}

/// Returns whether `word` connects the parts of the title of an office: `of` in `Head of Data`.
pub(super) fn is_title_connector(word: &str) -> bool {
    matches!(word, "of" | "for" | "and" | "the" | "in" | "to" | "&")
}

/// Returns whether `word` may begin or continue a name: it begins with a capital, contains a lower-case letter, and is
/// neither an office, an honorific, nor a word that is never part of a name.
pub(super) fn is_name_word(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase)
        && letters.all(|c| c.is_alphabetic() || matches!(c, '-' | '‑' | '\u{2060}' | '’' | '\''))
        && word.chars().any(char::is_lowercase)
        && !word.ends_with(['’', '\''])
        && !is_possessive(word)
        && !is_office_word(word)
        && !is_honorific(word)
        && !is_organization_word(word)
        && !is_never_name(word)
}

/// Returns whether `word` is an adjective of a field of government, so that the name of the field goes on after it:
/// `Public` in `Minister for Public Expenditure`.
pub(super) fn is_adjective_of_field(word: &str) -> bool {
    matches!(
        word,
        "Public"
            | "National"
            | "International"
            | "Foreign"
            | "Federal"
            | "Internal"
            | "Civil"
            | "Criminal"
            | "Digital"
            | "Supreme"
            | "Northern"
            | "Southern"
            | "Eastern"
            | "Western"
            | "North"
            | "South"
            | "East"
            | "West"
            | "American"
            | "British"
            | "European"
    )
}

/// Returns whether `word` is the number of a paragraph or an item: `8`, `12.`, `3)`.
pub(super) fn is_item_number(word: &str) -> bool {
    let digits = word.trim_end_matches(['.', ')']);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns whether `word` is a possessive form: `Singapore’s`.
pub(super) fn is_possessive(word: &str) -> bool {
    word.ends_with("’s") || word.ends_with("'s")
}

/// Returns whether `word` is an initial of a name: `F.`, `J`, `T.J.`.
pub(super) fn is_initial(word: &str) -> bool {
    let letters = word.chars().filter(|c| *c != '.').count();
    (letters == 1 || letters == 2 && word.trim_end_matches('.').contains('.'))
        && word.chars().all(|c| c == '.' || c.is_uppercase())
        && word != "U.S."
        && word != "U.K."
}

/// Returns whether `word` is a suffix of a name: `Jr.`, `III`.
pub(super) fn is_name_suffix(word: &str) -> bool {
    NAME_SUFFIXES.contains(&word.strip_suffix('.').unwrap_or(word))
}

/// Returns whether `word`, with or without a full stop or comma, is an honour or a membership after a name: `MP`,
/// `CBE`.
pub(super) fn is_post_nominal(word: &str) -> bool {
    POST_NOMINALS.contains(&word.trim_end_matches([',', '.']))
}

/// Returns whether `word` ends the names of some persons, but mostly has another meaning: `How`.
pub(super) fn is_name_with_other_meaning(word: &str) -> bool {
    NAMES_WITH_OTHER_MEANINGS.contains(&word)
}

/// Returns whether `word` ends the name before it in a headline with capitalized words: `Before` in `Remarks by
/// President Ortiz Before …`.
pub(super) fn ends_headline_name(word: &str) -> bool {
    const PREPOSITIONS: [&str; 14] = [
        "at",
        "At",
        "on",
        "En",
        "On",
        "In",
        "To",
        "With",
        "For",
        "Before",
        "After",
        "During",
        "Following",
        "Regarding",
    ];
    PREPOSITIONS.contains(&word) || word.ends_with("ing") && word.len() > 6 && is_never_name(word)
}

/// Returns whether a capitalized word begins a sentence rather than the title of an office.
pub(super) fn is_sentence_opener(word: &str) -> bool {
    is_subordinating_word(word)
        || matches!(
            word,
            "The"
                | "Today"
                | "Yesterday"
                | "Meanwhile"
                | "And"
                | "But"
                | "So"
                | "Then"
                | "However"
                | "Also"
                | "Later"
                | "Earlier"
                | "Now"
                | "In"
                | "On"
                | "At"
                | "Thank"
                | "Our"
                | "That"
                | "Even"
                | "Both"
                | "With"
                | "From"
        )
}

/// Returns whether a word opens a subordinate clause: `As the minister said`.
pub(super) fn is_subordinating_word(word: &str) -> bool {
    matches!(
        word,
        "As" | "Like"
            | "When"
            | "While"
            | "If"
            | "Although"
            | "Though"
            | "Because"
            | "Since"
            | "After"
            | "Before"
            | "Once"
            | "Where"
            | "as"
            | "like"
            | "when"
            | "while"
            | "if"
            | "because"
            | "what"
            | "What"
            | "that"
            | "who"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn word_lists_are_ordered_and_unique() {
        for list in [OFFICE_WORDS, WORDS_NEVER_IN_NAMES] {
            let words: Vec<&str> = list.lines().collect();
            assert!(words.is_sorted_by(|word, next| word < next), "{words:?}");
        }
    }
}
