//! Finds Han words whose pinyin begins with typed Latin letters, and homophones of Han words. Matching ignores tones
//! and accepts every reading of a character.
//!
//! People type whole syllables (guangzhou), initials (gz) or a mixture (gzhou, guangz), with or without a space
//! or an apostrophe between syllables (xi'an), and v for ü.

use pinyin::ToPinyinMulti;

use super::fold::fold_char;

/// Separator of syllables in normalized input.
const SYLLABLE_SEPARATOR: u8 = b'\'';
/// Maximum length of typed input in bytes. The pinyin of every dictionary word is shorter.
const MAX_PINYIN_INPUT_BYTES: usize = 60;

/// Minimum length in letters of a syllable that counts as typed in full. A single letter may also be the initial of a
/// longer syllable.
const MIN_FULL_SYLLABLE_LETTERS: usize = 2;

/// Normalizes typed text to the letters a to z and separators. `None` if the text contains any other character,
/// is empty or is too long.
pub(crate) fn normalize_pinyin_input(text: &str) -> Option<String> {
    let mut letters = String::new();
    for c in text.trim().chars().flat_map(char::to_lowercase).map(fold_char) {
        match c {
            'a'..='z' => letters.push(c),
            'ü' => letters.push('v'),
            ' ' | '\'' | '’' => letters.push(char::from(SYLLABLE_SEPARATOR)),
            _ => return None,
        }
    }
    if letters.is_empty() || letters.len() > MAX_PINYIN_INPUT_BYTES { None } else { Some(letters) }
}

/// Match of typed letters with the start of a word. A better match is greater in comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PinyinMatch {
    /// Number of matched syllables. The last syllable may match only in part.
    pub(crate) syllable_count: usize,
    /// Whether every character matches by its first reading, which is the most usual reading. False if 银行 is
    /// typed as yinhang, because the first reading of 行 is xing.
    pub(crate) uses_usual_readings: bool,
    /// Number of syllables of at least two letters that are typed in full.
    pub(crate) full_syllable_count: usize,
}

/// Matches all of the normalized `letters` with the start of `word`, and returns the best match. `None` if the letters
/// do not match.
pub(crate) fn match_word_start(word: &str, letters: &str) -> Option<PinyinMatch> {
    let characters: Vec<char> = word.chars().collect();
    best_match(&characters, letters.as_bytes()).filter(|best| best.syllable_count > 0)
}

/// Returns whether the normalized `letters` are the pinyin of all characters of `word`, with every syllable typed in
/// full.
pub(crate) fn is_spelled_in_full(word: &str, letters: &str) -> bool {
    let letters = letters.strip_prefix(char::from(SYLLABLE_SEPARATOR)).unwrap_or(letters);
    let mut characters = word.chars();
    let Some(first_char) = characters.next() else { return letters.is_empty() };
    pinyin_readings(first_char).any(|reading| {
        let typed_reading: Option<Vec<u8>> =
            reading.chars().map(|c| typed_letter(Some(c))).collect();
        let remaining_letters =
            typed_reading.and_then(|reading| letters.as_bytes().strip_prefix(&reading[..]));
        let remaining_letters = remaining_letters
            .and_then(|remaining_letters| std::str::from_utf8(remaining_letters).ok());
        remaining_letters.is_some_and(|remaining_letters| {
            is_spelled_in_full(characters.as_str(), remaining_letters)
        })
    })
}

/// Returns whether at least one reading of `c` begins with the first letter of the normalized `letters`.
pub(crate) fn matches_initial(c: char, letters: &str) -> bool {
    pinyin_readings(c).any(|reading| typed_letter(reading.chars().next()) == letters.bytes().next())
}

/// Degree to which two characters sound alike, ignoring tones. A greater value means a greater likeness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum CharacterSoundLikeness {
    /// The characters share a reading, but not the most usual reading of both.
    UnusualReading,
    /// The most usual readings of the characters differ only by sounds that many speakers do not distinguish: zh and z,
    /// ch and c, sh and s, a final ng and n.
    SimilarReading,
    /// The characters have the same most usual reading.
    UsualReading,
    /// The characters are equal.
    Identical,
}

/// Degree to which two Han words sound alike. A greater value means a greater likeness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct WordSoundLikeness {
    /// Number of positions at which both words have the same character.
    identical_count: usize,
    /// Lowest likeness of two characters at the same position of the two words.
    lowest_likeness: CharacterSoundLikeness,
}

/// Returns how alike two characters sound. `None` if the characters sound different.
pub(crate) fn character_sound_likeness(a: char, b: char) -> Option<CharacterSoundLikeness> {
    if a == b {
        return Some(CharacterSoundLikeness::Identical);
    }
    let (usual_a, usual_b) = (pinyin_readings(a).next()?, pinyin_readings(b).next()?);
    if usual_a == usual_b {
        Some(CharacterSoundLikeness::UsualReading)
    } else if without_confused_sounds(usual_a) == without_confused_sounds(usual_b) {
        Some(CharacterSoundLikeness::SimilarReading)
    } else {
        let share_reading =
            pinyin_readings(a).any(|reading| pinyin_readings(b).any(|other| other == reading));
        share_reading.then_some(CharacterSoundLikeness::UnusualReading)
    }
}

/// Returns how alike two Han words sound. `None` if the words differ in length, or if the characters at any position
/// sound different. Words without an equal character at the same position must be homophones in their most usual
/// readings.
pub(crate) fn word_sound_likeness(a: &str, b: &str) -> Option<WordSoundLikeness> {
    if a.chars().count() != b.chars().count() {
        return None;
    }
    let mut word_sound_likeness = WordSoundLikeness {
        identical_count: 0,
        lowest_likeness: CharacterSoundLikeness::Identical,
    };
    for (a, b) in a.chars().zip(b.chars()) {
        let character_sound_likeness = character_sound_likeness(a, b)?;
        word_sound_likeness.identical_count +=
            usize::from(character_sound_likeness == CharacterSoundLikeness::Identical);
        word_sound_likeness.lowest_likeness =
            word_sound_likeness.lowest_likeness.min(character_sound_likeness);
    }
    let is_alike = word_sound_likeness.identical_count > 0
        || word_sound_likeness.lowest_likeness >= CharacterSoundLikeness::UsualReading;
    is_alike.then_some(word_sound_likeness)
}

/// Returns `reading` without differences that many speakers do not hear: zh, ch and sh at the start become z, c and s,
/// and ng at the end becomes n. The result is the first letter and the letters after it.
fn without_confused_sounds(reading: &str) -> (char, &str) {
    let mut characters = reading.chars();
    let initial = characters.next().unwrap_or_default();
    let letters_after_initial = characters.as_str();
    let letters_after_initial = if matches!(initial, 'z' | 'c' | 's') {
        letters_after_initial.strip_prefix('h').unwrap_or(letters_after_initial)
    } else {
        letters_after_initial
    };
    (
        initial,
        letters_after_initial.strip_suffix("ng").map_or(letters_after_initial, |before_ng| {
            // The n stays: the reading ends in n instead of ng.
            letters_after_initial.get(..=before_ng.len()).unwrap_or(letters_after_initial)
        }),
    )
}

/// Matches all of the `letters` with the start of `word`, and returns the best match. Tries every reading of each
/// character and every split of the letters into syllables. `None` if the letters do not match.
fn best_match(word: &[char], letters: &[u8]) -> Option<PinyinMatch> {
    let letters = letters.strip_prefix(&[SYLLABLE_SEPARATOR]).unwrap_or(letters);
    if letters.is_empty() {
        return Some(PinyinMatch {
            syllable_count: 0,
            uses_usual_readings: true,
            full_syllable_count: 0,
        });
    }
    let (&first_char, other_chars) = word.split_first()?;
    let mut best_so_far = None;
    for (index, reading) in pinyin_readings(first_char).enumerate() {
        let uses_usual_readings = index == 0;
        let syllable = reading.chars().map(|c| typed_letter(Some(c)));
        let shared_letters = syllable.zip(letters).take_while(|(a, b)| *a == Some(**b)).count();
        let reading_letters = reading.chars().count();
        let full_syllable_count =
            |end: usize| usize::from(end == reading_letters && end >= MIN_FULL_SYLLABLE_LETTERS);
        if shared_letters == letters.len() {
            let full_syllable_count = full_syllable_count(shared_letters);
            best_so_far = best_so_far.max(Some(PinyinMatch {
                syllable_count: 1,
                uses_usual_readings,
                full_syllable_count,
            }));
        }
        for end in typeable_letter_counts(reading)
            .filter(|&end| end <= shared_letters && end < letters.len())
        {
            let remaining_letters = letters.get(end..).unwrap_or_default();
            best_so_far = best_so_far.max(best_match(other_chars, remaining_letters).map(|tail| {
                PinyinMatch {
                    syllable_count: tail.syllable_count + 1,
                    uses_usual_readings: tail.uses_usual_readings && uses_usual_readings,
                    full_syllable_count: tail.full_syllable_count + full_syllable_count(end),
                }
            }));
        }
    }
    best_so_far
}

/// Returns the numbers of letters that a user may type for the syllable `reading`: the first letter only, the initial
/// zh, ch or sh, or all letters.
fn typeable_letter_counts(reading: &str) -> impl Iterator<Item = usize> + use<> {
    let reading_letters = reading.chars().count();
    let has_double_initial =
        reading.starts_with(['z', 'c', 's']) && reading.chars().nth(1) == Some('h');
    let initial_lengths = [Some(1), has_double_initial.then_some(2)];
    initial_lengths
        .into_iter()
        .flatten()
        .filter(move |&end| end < reading_letters)
        .chain([reading_letters])
}

/// Returns the readings of `c` without tones, each once, the most usual reading first.
fn pinyin_readings(c: char) -> impl Iterator<Item = &'static str> {
    let all_readings = c.to_pinyin_multi().into_iter().flatten();
    let mut seen_readings: Vec<&'static str> = Vec::new();
    all_readings.filter_map(move |reading| {
        let toneless = reading.plain();
        if seen_readings.contains(&toneless) {
            return None;
        }
        seen_readings.push(toneless);
        Some(toneless)
    })
}

/// Returns the letter that people type for a letter of a reading, such as v for ü. `None` if there is no letter, or if
/// the letter cannot be typed.
fn typed_letter(c: Option<char>) -> Option<u8> {
    match c? {
        'ü' => Some(b'v'),
        'ê' => Some(b'e'),
        c => u8::try_from(c).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_and_initials_match_words() {
        for (word, typed, expected) in [
            ("广州", "guangzhou", Some((2, true))),
            ("广州", "Guang Zhou", Some((2, true))),
            ("广州", "guangz", Some((2, true))),
            ("广州", "gz", Some((2, true))),
            ("广州", "gzh", Some((2, true))),
            ("广州", "gzhou", Some((2, true))),
            ("广州", "gu", Some((1, true))),
            ("广州市", "gz", Some((2, true))),
            ("广州", "gzs", None),
            ("广州", "guangdong", None),
            ("广州", "uang", None),
            ("西安", "xi'an", Some((2, true))),
            ("西安", "xian", Some((2, true))),
            ("先进", "xi'an", None),
            ("绿色", "lvse", Some((2, true))),
            ("绿色", "lüse", Some((2, true))),
            ("银行", "yinhang", Some((2, false))),
            ("行政", "xingzheng", Some((2, true))),
            ("重庆", "cq", Some((2, false))),
            ("合作", "gz", Some((2, false))),
            ("中国", "zhg", Some((2, true))),
            ("ａ", "a", None),
        ] {
            let letters = normalize_pinyin_input(typed).unwrap();
            let best = match_word_start(word, &letters);
            assert_eq!(
                best.map(|best| (best.syllable_count, best.uses_usual_readings)),
                expected,
                "{word} {typed}"
            );
            let first_char = word.chars().next().unwrap();
            assert!(expected.is_none() || matches_initial(first_char, &letters), "{word} {typed}");
        }
    }

    #[test]
    fn every_syllable_of_a_full_spelling_is_typed() {
        for (word, letters, full_syllable_count, expected) in [
            ("广州", "guangzhou", 2, true),
            ("广州", "guang'zhou", 2, true),
            ("广州", "guangz", 1, false),
            ("广州", "gz", 0, false),
            ("广州市", "guangzhou", 2, false),
            ("银行", "yinhang", 2, true),
            ("西安", "xian", 2, true),
            ("阿里", "ali", 1, true),
            ("绿色", "lvse", 2, true),
            ("不利于", "bly", 0, false),
        ] {
            let best = match_word_start(word, letters).unwrap();
            assert_eq!(best.full_syllable_count, full_syllable_count, "{word} {letters}");
            assert_eq!(is_spelled_in_full(word, letters), expected, "{word} {letters}");
        }
    }

    #[test]
    fn input_with_other_characters_is_refused() {
        for (typed, expected) in [
            ("ＧＺ", Some("gz")),
            (" xi’an ", Some("xi'an")),
            ("", None),
            ("gz1", None),
            ("广z", None),
            ("café", None),
        ] {
            assert_eq!(normalize_pinyin_input(typed).as_deref(), expected, "{typed}");
        }
        assert_eq!(normalize_pinyin_input(&"a".repeat(1000)), None);
    }

    #[test]
    fn words_that_sound_alike_share_readings() {
        for (a, b, expected) in [
            ("预算", "玉蒜", true),
            ("惠州", "汇州", true),
            ("公式", "攻势", true),
            ("权利", "权力", true),
            ("佛山", "佛三", true),
            ("东莞", "东宛", true),
            ("民生", "名声", false),
            ("动员", "东宛", false),
            ("广州", "惠州", false),
            ("广州", "广州市", false),
        ] {
            assert_eq!(word_sound_likeness(a, b).is_some(), expected, "{a} {b}");
        }
    }

    #[test]
    fn an_equal_character_is_more_alike_than_a_homophone() {
        for (typed, better, worse) in [("佛三", "佛山", "百三"), ("权丽", "权利", "全力")]
        {
            assert!(
                word_sound_likeness(typed, better) > word_sound_likeness(typed, worse),
                "{typed}"
            );
        }
    }
}
