//! A word → its term: the form in which all spellings of it meet.

use super::fold::fold_char;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Longer words are cut, in texts and queries alike: they are addresses and codes.
const MAX_CHARS: usize = 64;

/// Appends the normal form of `word`: NFKC, lower case, without diacritics, possessive `'s`,
/// apostrophes, the dots of an abbreviation and invisible characters.
pub(super) fn push_normal(word: &str, out: &mut String) {
    if word.len() <= MAX_CHARS && word.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        let start = out.len();
        out.push_str(word);
        if let Some(word) = out.get_mut(start..) {
            word.make_ascii_lowercase();
        }
        return;
    }
    let folded = folded(word);
    let base = folded.strip_suffix("'s").unwrap_or(&folded);
    let dotted = base.split('.').all(|part| part.chars().count() <= 1);
    let kept = base.chars().filter(|&c| c != '\'' && !(dotted && c == '.'));
    out.extend(kept.take(MAX_CHARS));
}

/// A character of a pattern as terms have it: folded, in lower case, without diacritics.
pub(super) fn pattern_char(c: char) -> impl Iterator<Item = char> {
    let lower =
        fold_char(c).to_lowercase().flat_map(|c| std::iter::once(c).nfkc().collect::<Vec<_>>());
    lower.nfd().filter(|&c| !matches!(c, '\u{300}'..='\u{36F}')).nfc()
}

fn folded(word: &str) -> String {
    // The city’s: nothing of it has another form but the case of its letters.
    if word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '\'' | '‘' | '’')) {
        let plain = |c| if is_apostrophe(c) { '\'' } else { c.to_ascii_lowercase() };
        return word.chars().map(plain).collect();
    }
    all_folded(word)
}

fn all_folded(word: &str) -> String {
    let lower: String = word.nfkc().flat_map(char::to_lowercase).collect();
    let decomposed = lower.nfd().filter(|&c| !matches!(c, '\u{300}'..='\u{36F}'));
    let visible =
        decomposed.filter(|&c| c.is_alphanumeric() || is_combining_mark(c) || is_inner(c));
    visible.map(|c| if is_apostrophe(c) { '\'' } else { c }).nfc().collect()
}

/// What UAX #29 keeps inside a word and is seen.
const fn is_inner(c: char) -> bool {
    is_apostrophe(c) || matches!(c, '.' | '·' | ':' | ',' | ';')
}

const fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | '＇')
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn plain_words_are_folded_as_all_are(word in "[a-cA-C0-2.'‘’]{0,8}") {
            proptest::prop_assert_eq!(folded(&word), all_folded(&word));
        }
    }
}
