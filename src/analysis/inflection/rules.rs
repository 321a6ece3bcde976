//! Rules of regular English inflection, from a lemma to its forms and back.

/// Ending of a regular form of a lemma.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// Ending of the plural of a noun, or of the third person of a verb.
    S,
    /// Ending of the past tense and past participle.
    Ed,
    /// Ending of the present participle.
    Ing,
    /// Ending of the comparative.
    Er,
    /// Ending of the superlative.
    Est,
}

impl Ending {
    pub(super) const NOUN_ENDINGS: [Self; 1] = [Self::S];
    pub(super) const VERB_ENDINGS: [Self; 3] = [Self::S, Self::Ed, Self::Ing];
    pub(super) const ADJECTIVE_ENDINGS: [Self; 2] = [Self::Er, Self::Est];
    const ALL: [Self; 5] = [Self::S, Self::Ed, Self::Ing, Self::Er, Self::Est];

    /// Returns the letters of the ending: `s`, `ed`, `ing`, `er` or `est`.
    const fn letters(self) -> &'static str {
        match self {
            Self::S => "s",
            Self::Ed => "ed",
            Self::Ing => "ing",
            Self::Er => "er",
            Self::Est => "est",
        }
    }
}

/// Returns the regular forms of a lemma with an ending. Returns two forms if the spelling of the lemma does not
/// determine the form, as in cargoes and photos.
pub(super) fn regular_forms(lemma: &str, ending: Ending) -> Vec<String> {
    let letters = ending.letters();
    match ending {
        Ending::S => return forms_ending_in_s(lemma),
        Ending::Ing => {
            if let Some(before) = lemma.strip_suffix("ie") {
                return vec![format!("{before}ying")];
            }
            if let Some(before) = lemma.strip_suffix('e')
                && !before.ends_with(['e', 'o', 'y'])
            {
                return vec![format!("{before}ing")];
            }
        }
        Ending::Ed | Ending::Er | Ending::Est => {
            if let Some(before) = lemma.strip_suffix('e') {
                return vec![format!("{before}{letters}")];
            }
            if let Some(before) = without_final_y(lemma) {
                return vec![format!("{before}i{letters}")];
            }
        }
    }
    let stem = with_doubled_consonant(lemma).unwrap_or_else(|| lemma.to_owned());
    vec![format!("{stem}{letters}")]
}

/// Returns the forms of a lemma with the ending -s or -es. Returns two forms if the spelling does not determine the
/// form.
fn forms_ending_in_s(lemma: &str) -> Vec<String> {
    if let Some(before) = without_final_y(lemma) {
        return vec![format!("{before}ies")];
    }
    if let Some(before) = lemma.strip_suffix("man") {
        return vec![format!("{before}men"), format!("{lemma}s")];
    }
    if lemma.ends_with('o') {
        return vec![format!("{lemma}s"), format!("{lemma}es")];
    }
    if let Some(before) = lemma.strip_suffix("sis") {
        return vec![format!("{before}ses")];
    }
    if lemma.ends_with("ch") {
        // ch is a k-sound in stomach, and such words take -s.
        return vec![format!("{lemma}es"), format!("{lemma}s")];
    }
    let ends_in_sibilant = lemma.ends_with(['s', 'x', 'z']) || lemma.ends_with("sh");
    vec![if ends_in_sibilant { format!("{lemma}es") } else { format!("{lemma}s") }]
}

/// Returns the lemma without its last y. `None` if the lemma does not end in y after a consonant.
fn without_final_y(lemma: &str) -> Option<&str> {
    lemma.strip_suffix('y').filter(|before| !before.ends_with(['a', 'e', 'i', 'o', 'u']))
}

/// Returns every word of which `form` may be a regular form, each with the ending that makes the form.
pub(super) fn possible_lemmas(form: &str) -> Vec<(String, Ending)> {
    let mut lemmas = Vec::new();
    for ending in Ending::ALL {
        let Some(before) = form.strip_suffix(ending.letters()) else { continue };
        let mut candidates = vec![before.to_owned(), format!("{before}e")];
        let before_ending = before.strip_suffix(if ending == Ending::S { "ie" } else { "i" });
        candidates.extend(before_ending.map(|before_ending| format!("{before_ending}y")));
        candidates.extend(before.strip_suffix('e').map(str::to_owned));
        candidates.extend(without_doubled_consonant(before).map(str::to_owned));
        candidates.extend(before.strip_suffix('y').map(|stem| format!("{stem}ie")));
        candidates.extend(before.strip_suffix("se").map(|before_se| format!("{before_se}sis")));
        candidates.retain(|lemma| regular_forms(lemma, ending).iter().any(|other| other == form));
        candidates.sort();
        candidates.dedup();
        lemmas.extend(candidates.into_iter().map(|lemma| (lemma, ending)));
    }
    lemmas.extend(form.strip_suffix("men").map(|before| (format!("{before}man"), Ending::S)));
    lemmas
}

/// Returns whether an adjective is short enough for -er and -est: it has one syllable, or it has two syllables and ends
/// in -y, -le, -er or -ow.
pub(super) fn is_short_adjective(lemma: &str) -> bool {
    let without_silent_e =
        if lemma.ends_with("le") { lemma } else { lemma.strip_suffix('e').unwrap_or(lemma) };
    let has_light_ending = ["y", "le", "er", "ow"].iter().any(|ending| lemma.ends_with(ending));
    match syllable_count(without_silent_e) {
        0 | 1 => true,
        2 => has_light_ending,
        _ => false,
    }
}

/// Returns the number of syllables of a word, counted as its groups of vowel letters.
fn syllable_count(word: &str) -> usize {
    let is_vowel = |byte: &u8| matches!(byte, b'a' | b'e' | b'i' | b'o' | b'u' | b'y');
    let mut after_vowel = false;
    let mut group_count = 0;
    for byte in word.as_bytes() {
        group_count += usize::from(is_vowel(byte) && !after_vowel);
        after_vowel = is_vowel(byte);
    }
    group_count
}

/// Returns the word with its last consonant doubled ("stop": "stopp"), if the word has one syllable and ends in a
/// single vowel and a single consonant. `None` for any other word. If a longer word doubles its consonant, the lexicon
/// lists its forms as irregular forms.
fn with_doubled_consonant(word: &str) -> Option<String> {
    let [.., before, vowel, last] = word.as_bytes() else { return None };
    let is_vowel = |byte: &u8| matches!(byte, b'a' | b'e' | b'i' | b'o' | b'u');
    let is_doubled = is_vowel(vowel)
        && !is_vowel(before)
        && !is_vowel(last)
        && !matches!(last, b'h' | b's' | b'w' | b'x' | b'y')
        && syllable_count(word) == 1;
    is_doubled.then(|| format!("{word}{}", char::from(*last)))
}

/// Returns the word without its last letter. `None` if its last two letters are not equal consonants.
fn without_doubled_consonant(word: &str) -> Option<&str> {
    let [.., first, second] = word.as_bytes() else { return None };
    (first == second && !matches!(second, b'a' | b'e' | b'i' | b'o' | b'u' | b's'))
        .then(|| word.get(..word.len() - 1))?
}
