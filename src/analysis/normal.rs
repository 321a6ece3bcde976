//! Normalizes a word to its term. Words that differ only in letter case, accents or width have an equal term.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::{dotted::is_dotted_abbreviation, letters::plain_letters};

/// Maximum length of a term in characters. Longer words are truncated to this length in texts and in queries; they are
/// mostly web addresses and codes.
const MAX_TERM_CHARS: usize = 64;

/// English contractions that would be another word without their apostrophe, sorted. They keep the apostrophe, so that
/// `ill` does not find I’ll.
const CONTRACTIONS_LIKE_OTHER_WORDS: &[&str] = &[
    "can't", "he'd", "he'll", "i'd", "i'll", "she'd", "she'll", "we'd", "we'll", "we're", "won't",
];

/// Appends the normal form of `word` to `out`: NFKC, lower case and plain letters. Omits a possessive `'s`, the `www.`
/// of a web site, apostrophes, the dots of an abbreviation, and invisible characters.
pub(super) fn push_normal_form(word: &str, out: &mut String) {
    if word.len() <= MAX_TERM_CHARS && word.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        let term_start = out.len();
        out.push_str(word);
        if let Some(term) = out.get_mut(term_start..) {
            term.make_ascii_lowercase();
        }
        return;
    }
    let folded_word = fold_word(word);
    if CONTRACTIONS_LIKE_OTHER_WORDS.binary_search(&folded_word.as_str()).is_ok() {
        out.push_str(&folded_word);
        return;
    }
    let without_possessive = folded_word.strip_suffix("'s").unwrap_or(&folded_word);
    let without_possessive = without_possessive.strip_prefix("www.").unwrap_or(without_possessive);
    let is_dotted = is_dotted_abbreviation(without_possessive);
    let characters = without_possessive.chars().filter(|&c| c != '\'' && !(is_dotted && c == '.'));
    out.extend(characters.take(MAX_TERM_CHARS));
}

/// Returns the normal form of one character of a term pattern (a word with wildcards, or a regular expression): lower
/// case and plain letters. `folded` is the character after folding. Returns no character for an apostrophe, because
/// terms have no apostrophes.
pub(super) fn normalize_pattern_char(folded: char) -> impl Iterator<Item = char> {
    let lower_case =
        folded.to_lowercase().flat_map(|c| std::iter::once(c).nfkc().collect::<Vec<_>>());
    plain_letters(lower_case).filter(|&c| !is_apostrophe(c)).nfc()
}

/// Returns the word in NFKC, lower case and plain letters, without invisible characters, and with ASCII apostrophes.
fn fold_word(word: &str) -> String {
    // ASCII words with dots and apostrophes (city’s) need no Unicode normalization.
    if word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '\'' | '‘' | '’')) {
        let fold_ascii = |c| if is_apostrophe(c) { '\'' } else { c.to_ascii_lowercase() };
        return word.chars().map(fold_ascii).collect();
    }
    fold_unicode_word(word)
}

/// Returns the same result as [`fold_word`], but without the fast path for ASCII words.
fn fold_unicode_word(word: &str) -> String {
    let plain_chars = plain_letters(word.nfkc().flat_map(char::to_lowercase));
    let visible_chars = plain_chars
        .filter(|&c| c.is_alphanumeric() || is_combining_mark(c) || is_punctuation_inside_word(c));
    visible_chars.map(|c| if is_apostrophe(c) { '\'' } else { c }).nfc().collect()
}

/// Returns whether `c` is visible punctuation that UAX #29 keeps inside a word.
const fn is_punctuation_inside_word(c: char) -> bool {
    is_apostrophe(c) || matches!(c, '.' | '·' | ':' | ',' | ';')
}

/// Returns whether `c` is an apostrophe, or a modifier letter that people type as an apostrophe or leave out: the
/// ʻokina of Hawaiian, the ʾ and ʿ of Arabic and Hebrew names, the ʹ and ʺ of Russian names, the ꞌ of Mexican
/// languages.
pub(super) const fn is_apostrophe(c: char) -> bool {
    matches!(
        c,
        '\'' | '’' | '‘' | '‛' | '＇' | '׳' | '\u{2B9}'..='\u{2BF}' | '\u{A78B}' | '\u{A78C}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contractions_that_resemble_other_words_keep_their_apostrophe() {
        for (word, expected) in [
            ("I’ll", "i'll"),
            ("ill", "ill"),
            ("WE’D", "we'd"),
            ("CAN‘T", "can't"),
            ("don’t", "dont"),
            ("you’re", "youre"),
            ("it’s", "it"),
            ("O’Neill", "oneill"),
        ] {
            let mut term = String::new();
            push_normal_form(word, &mut term);
            assert_eq!(term, expected, "{word}");
        }
        assert!(CONTRACTIONS_LIKE_OTHER_WORDS.is_sorted());
    }

    proptest::proptest! {
        #[test]
        fn fast_path_folds_ascii_words_like_the_unicode_path(word in "[a-cA-C0-2.'‘’]{0,8}") {
            proptest::prop_assert_eq!(fold_word(&word), fold_unicode_word(&word));
        }
    }
}
