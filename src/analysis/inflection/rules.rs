//! Rules of regular English inflection, from a lemma to its forms and back.

/// An ending of a regular form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// Plural of a noun, third person of a verb.
    S,
    /// Past and past participle.
    Ed,
    /// Present participle.
    Ing,
    /// Comparative.
    Er,
    /// Superlative.
    Est,
}

impl Ending {
    pub(super) const OF_NOUN: [Self; 1] = [Self::S];
    pub(super) const OF_VERB: [Self; 3] = [Self::S, Self::Ed, Self::Ing];
    pub(super) const OF_ADJECTIVE: [Self; 2] = [Self::Er, Self::Est];
    const ALL: [Self; 5] = [Self::S, Self::Ed, Self::Ing, Self::Er, Self::Est];

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

/// Returns the regular forms of a lemma with an ending. Some lemmas have two, since cargoes and photos have different
/// plurals.
pub(super) fn regular_forms(lemma: &str, ending: Ending) -> Vec<String> {
    let letters = ending.letters();
    match ending {
        Ending::S => return s_forms(lemma),
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
            if let Some(before) = before_y(lemma) {
                return vec![format!("{before}i{letters}")];
            }
        }
    }
    let stem = doubled(lemma).unwrap_or_else(|| lemma.to_owned());
    vec![format!("{stem}{letters}")]
}

fn s_forms(lemma: &str) -> Vec<String> {
    if let Some(before) = before_y(lemma) {
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
        // The ending of stomach is a k-sound.
        return vec![format!("{lemma}es"), format!("{lemma}s")];
    }
    let hisses = lemma.ends_with(['s', 'x', 'z']) || lemma.ends_with("sh");
    vec![if hisses { format!("{lemma}es") } else { format!("{lemma}s") }]
}

/// Returns the lemma without a last y that follows a consonant.
fn before_y(lemma: &str) -> Option<&str> {
    lemma.strip_suffix('y').filter(|before| !before.ends_with(['a', 'e', 'i', 'o', 'u']))
}

/// Returns every word of which `form` may be a regular form, with the ending.
pub(super) fn possible_lemmas(form: &str) -> Vec<(String, Ending)> {
    let mut lemmas = Vec::new();
    for ending in Ending::ALL {
        let Some(before) = form.strip_suffix(ending.letters()) else { continue };
        let mut candidates = vec![before.to_owned(), format!("{before}e")];
        let inner = before.strip_suffix(if ending == Ending::S { "ie" } else { "i" });
        candidates.extend(inner.map(|inner| format!("{inner}y")));
        candidates.extend(before.strip_suffix('e').map(str::to_owned));
        candidates.extend(undoubled(before).map(str::to_owned));
        candidates.extend(before.strip_suffix('y').map(|inner| format!("{inner}ie")));
        candidates.extend(before.strip_suffix("se").map(|inner| format!("{inner}sis")));
        candidates.retain(|lemma| regular_forms(lemma, ending).iter().any(|other| other == form));
        candidates.sort();
        candidates.dedup();
        lemmas.extend(candidates.into_iter().map(|lemma| (lemma, ending)));
    }
    lemmas.extend(form.strip_suffix("men").map(|before| (format!("{before}man"), Ending::S)));
    lemmas
}

/// Whether an adjective is short enough to have -er and -est: one syllable, or two of which the last is -y, -le, -er or
/// -ow.
pub(super) fn is_short_adjective(lemma: &str) -> bool {
    let spoken =
        if lemma.ends_with("le") { lemma } else { lemma.strip_suffix('e').unwrap_or(lemma) };
    let has_light_ending = ["y", "le", "er", "ow"].iter().any(|ending| lemma.ends_with(ending));
    match syllables(spoken) {
        0 | 1 => true,
        2 => has_light_ending,
        _ => false,
    }
}

/// Returns the number of groups of vowels.
fn syllables(word: &str) -> usize {
    let is_vowel = |byte: &u8| matches!(byte, b'a' | b'e' | b'i' | b'o' | b'u' | b'y');
    let mut after_vowel = false;
    let mut count = 0;
    for byte in word.as_bytes() {
        count += usize::from(is_vowel(byte) && !after_vowel);
        after_vowel = is_vowel(byte);
    }
    count
}

/// Returns the word with its last consonant doubled, if a rule doubles it: one consonant after one vowel in the only
/// syllable. Longer words that double it are irregular forms.
fn doubled(word: &str) -> Option<String> {
    let [.., before, vowel, last] = word.as_bytes() else { return None };
    let is_vowel = |byte: &u8| matches!(byte, b'a' | b'e' | b'i' | b'o' | b'u');
    let doubles = is_vowel(vowel)
        && !is_vowel(before)
        && !is_vowel(last)
        && !matches!(last, b'h' | b's' | b'w' | b'x' | b'y')
        && syllables(word) == 1;
    doubles.then(|| format!("{word}{}", char::from(*last)))
}

/// Returns the word without the second of two equal last consonants.
fn undoubled(word: &str) -> Option<&str> {
    let [.., first, second] = word.as_bytes() else { return None };
    (first == second && !matches!(second, b'a' | b'e' | b'i' | b'o' | b'u' | b's'))
        .then(|| word.get(..word.len() - 1))?
}
