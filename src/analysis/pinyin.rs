//! Han words ↔ how they are spelled in Latin letters: Mandarin without tones, every reading counts.
//!
//! People type whole syllables (guangzhou), first letters (gz) or a mixture (gzhou, guangz), and may
//! part syllables by a space or an apostrophe (xi'an). An ü is typed as v.

use pinyin::ToPinyinMulti;

use super::fold::fold_char;

/// Between two syllables, in what [`letters`] gives.
const SEPARATOR: u8 = b'\'';
/// Longer than any word is spelled.
const MAX_LETTERS: usize = 60;

/// `text` as the letters a to z and separators; none where it holds anything else.
pub(crate) fn letters(text: &str) -> Option<String> {
    let mut found = String::new();
    for c in text.trim().chars().flat_map(char::to_lowercase).map(fold_char) {
        match c {
            'a'..='z' => found.push(c),
            'ü' => found.push('v'),
            ' ' | '\'' | '’' => found.push(char::from(SEPARATOR)),
            _ => return None,
        }
    }
    (!found.is_empty() && found.len() <= MAX_LETTERS).then_some(found)
}

/// How letters spell a word, or how it begins. The better of two ways to read them is the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Spelling {
    /// How many syllables they spell, the last one at least in part.
    pub(crate) syllables: usize,
    /// By the first reading of each character, which is the most usual one: so 合作 begins with h, but
    /// 行 is read hang in 银行.
    pub(crate) usual: bool,
}

/// How the `letters` spell the beginning of `word`; none where they do not.
pub(crate) fn spelling(word: &str, letters: &str) -> Option<Spelling> {
    let characters: Vec<char> = word.chars().collect();
    best(&characters, letters.as_bytes()).filter(|spelling| spelling.syllables > 0)
}

/// Whether any reading of `c` begins with the first of the `letters`.
pub(crate) fn begins(c: char, letters: &str) -> bool {
    readings(c).any(|reading| letter(reading.chars().next()) == letters.bytes().next())
}

/// Whether the characters sound the same, tone aside.
pub(crate) fn sounds_alike(a: char, b: char) -> bool {
    a == b || readings(a).any(|reading| readings(b).any(|other| other == reading))
}

/// Whether two Han words are homophones, tones aside: character by character some reading is shared.
pub(crate) fn homophones(a: &str, b: &str) -> bool {
    a.chars().count() == b.chars().count()
        && a.chars().zip(b.chars()).all(|(a, b)| sounds_alike(a, b))
}

fn best(word: &[char], letters: &[u8]) -> Option<Spelling> {
    let letters = letters.strip_prefix(&[SEPARATOR]).unwrap_or(letters);
    if letters.is_empty() {
        return Some(Spelling { syllables: 0, usual: true });
    }
    let (&first, rest) = word.split_first()?;
    let mut found = None;
    for (index, reading) in readings(first).enumerate() {
        let usual = index == 0;
        let syllable = reading.chars().map(|c| letter(Some(c)));
        let shared = syllable.zip(letters).take_while(|(a, b)| *a == Some(**b)).count();
        if shared == letters.len() {
            found = found.max(Some(Spelling { syllables: 1, usual }));
        }
        for taken in ends(reading).filter(|&taken| taken <= shared && taken < letters.len()) {
            let left = letters.get(taken..).unwrap_or_default();
            found = found.max(best(rest, left).map(|spelling| Spelling {
                syllables: spelling.syllables + 1,
                usual: spelling.usual && usual,
            }));
        }
    }
    found
}

/// After how many of its letters the next syllable may begin: all, the first, or both of zh, ch, sh.
fn ends(reading: &str) -> impl Iterator<Item = usize> + use<> {
    let all = reading.chars().count();
    let double = reading.starts_with(['z', 'c', 's']) && reading.chars().nth(1) == Some('h');
    let initials = [Some(1), double.then_some(2)];
    initials.into_iter().flatten().filter(move |&end| end < all).chain([all])
}

/// Each reading of `c` once: tones are the only difference between some.
fn readings(c: char) -> impl Iterator<Item = &'static str> {
    let all = c.to_pinyin_multi().into_iter().flatten();
    let mut seen: Vec<&'static str> = Vec::new();
    all.filter_map(move |reading| {
        let plain = reading.plain();
        let fresh = !seen.contains(&plain);
        fresh.then(|| {
            seen.push(plain);
            plain
        })
    })
}

/// The letter that is typed for a letter of a reading.
fn letter(c: Option<char>) -> Option<u8> {
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
    fn words_are_spelled_in_many_ways() {
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
            let letters = letters(typed).unwrap();
            let found = spelling(word, &letters).map(|found| (found.syllables, found.usual));
            assert_eq!(found, expected, "{word} {typed}");
            let first = word.chars().next().unwrap();
            assert!(expected.is_none() || begins(first, &letters), "{word} {typed}");
        }
    }

    #[test]
    fn only_letters_spell() {
        for (typed, expected) in [
            ("ＧＺ", Some("gz")),
            (" xi’an ", Some("xi'an")),
            ("", None),
            ("gz1", None),
            ("广z", None),
            ("café", None),
        ] {
            assert_eq!(letters(typed).as_deref(), expected, "{typed}");
        }
        assert_eq!(letters(&"a".repeat(1000)), None);
    }

    #[test]
    fn homophones_sound_the_same() {
        for (a, b, same) in [
            ("预算", "玉蒜", true),
            ("惠州", "汇州", true),
            ("公式", "攻势", true),
            ("广州", "惠州", false),
            ("广州", "广州市", false),
            ("权利", "权力", true),
        ] {
            assert_eq!(homophones(a, b), same, "{a} {b}");
        }
    }
}
