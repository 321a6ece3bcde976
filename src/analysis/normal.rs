//! Normalizes a word to its term. Words that differ only in letter case, accents or width have an equal term.

use super::fold::fold_char;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Maximum length of a term in characters. Longer words, which are mostly web addresses and codes, are
/// truncated to this length in texts and in queries.
const MAX_TERM_CHARS: usize = 64;

/// Appends the normal form of `word` to `out`: NFKC and lower case, without diacritics, possessive `'s`,
/// apostrophes, the dots of an abbreviation, and invisible characters.
pub(super) fn push_normal(word: &str, out: &mut String) {
    if word.len() <= MAX_TERM_CHARS && word.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        let term_start = out.len();
        out.push_str(word);
        if let Some(term) = out.get_mut(term_start..) {
            term.make_ascii_lowercase();
        }
        return;
    }
    let folded = fold_word(word);
    let without_possessive = folded.strip_suffix("'s").unwrap_or(&folded);
    let is_dotted = without_possessive.split('.').all(|part| part.chars().count() <= 1);
    let characters = without_possessive.chars().filter(|&c| c != '\'' && !(is_dotted && c == '.'));
    out.extend(characters.take(MAX_TERM_CHARS));
}

/// Returns the normal form of one character of a term pattern: folded, in lower case, without diacritics.
pub(super) fn normalize_pattern_char(c: char) -> impl Iterator<Item = char> {
    let lower =
        fold_char(c).to_lowercase().flat_map(|c| std::iter::once(c).nfkc().collect::<Vec<_>>());
    lower.nfd().filter(|&c| !matches!(c, '\u{300}'..='\u{36F}')).nfc()
}

/// Returns the word in NFKC and lower case, without diacritics and invisible characters, and with ASCII
/// apostrophes.
fn fold_word(word: &str) -> String {
    // ASCII words with dots and apostrophes (city’s) need no Unicode normalization.
    if word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '\'' | '‘' | '’')) {
        let fold_ascii = |c| if is_apostrophe(c) { '\'' } else { c.to_ascii_lowercase() };
        return word.chars().map(fold_ascii).collect();
    }
    fold_unicode_word(word)
}

/// Returns the result of [`fold_word`] for any word, without the fast path for ASCII words.
fn fold_unicode_word(word: &str) -> String {
    let lower: String = word.nfkc().flat_map(char::to_lowercase).collect();
    let decomposed = lower.nfd().filter(|&c| !matches!(c, '\u{300}'..='\u{36F}'));
    let visible = decomposed
        .filter(|&c| c.is_alphanumeric() || is_combining_mark(c) || is_inner_punctuation(c));
    visible.map(|c| if is_apostrophe(c) { '\'' } else { c }).nfc().collect()
}

/// Whether `c` is visible punctuation that UAX #29 keeps inside a word.
const fn is_inner_punctuation(c: char) -> bool {
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
        fn both_paths_fold_ascii_words_alike(word in "[a-cA-C0-2.'‘’]{0,8}") {
            proptest::prop_assert_eq!(fold_word(&word), fold_unicode_word(&word));
        }
    }
}
