//! Normalization of a word to its term. All spellings of the word have an equal term.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::{dotted::is_dotted_abbreviation, letters::plain_letters};

/// Maximum length of a term in characters. Longer words are addresses and codes; texts and queries cut them to
/// this length.
const MAX_CHARS: usize = 64;

/// Appends the normal form of `word` to `out`: NFKC and lower case, in plain letters, without possessive `'s`,
/// apostrophes, the dots of an abbreviation, and invisible characters.
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
    let drops_dots = is_dotted_abbreviation(base);
    let characters = base.chars().filter(|&c| c != '\'' && !(drops_dots && c == '.'));
    out.extend(characters.take(MAX_CHARS));
}

/// Returns the normal form of `folded`, one folded character of a term pattern: lower case, in plain letters.
/// Returns nothing for an apostrophe, because terms have no apostrophes.
pub(super) fn pattern_char(folded: char) -> impl Iterator<Item = char> {
    let lower = folded.to_lowercase().flat_map(|c| std::iter::once(c).nfkc().collect::<Vec<_>>());
    plain_letters(lower).filter(|&c| !is_apostrophe(c)).nfc()
}

/// Returns the word in NFKC and lower case, in plain letters, without invisible characters, and with ASCII
/// apostrophes.
fn folded(word: &str) -> String {
    // ASCII words with dots and apostrophes (city’s) need no Unicode normalization.
    if word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '\'' | '‘' | '’')) {
        let plain = |c| if is_apostrophe(c) { '\'' } else { c.to_ascii_lowercase() };
        return word.chars().map(plain).collect();
    }
    folded_unicode(word)
}

/// Returns the result of [`folded`] for any word, without the fast path for ASCII words.
fn folded_unicode(word: &str) -> String {
    let plain = plain_letters(word.nfkc().flat_map(char::to_lowercase));
    let visible = plain.filter(|&c| c.is_alphanumeric() || is_combining_mark(c) || is_inner(c));
    visible.map(|c| if is_apostrophe(c) { '\'' } else { c }).nfc().collect()
}

/// Whether `c` is visible punctuation that UAX #29 keeps inside a word.
const fn is_inner(c: char) -> bool {
    is_apostrophe(c) || matches!(c, '.' | '·' | ':' | ',' | ';')
}

/// Whether `c` is an apostrophe, or a modifier letter that people type as an apostrophe or leave out: the ʻokina of
/// Hawaiian, the ʾ and ʿ of Arabic and Hebrew names, the ʹ and ʺ of Russian names, the ꞌ of Mexican languages.
pub(super) const fn is_apostrophe(c: char) -> bool {
    matches!(
        c,
        '\'' | '’' | '‘' | '‛' | '＇' | '׳' | '\u{2B9}'..='\u{2BF}' | '\u{A78B}' | '\u{A78C}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn ascii_words_fold_as_unicode_words_do(word in "[a-cA-C0-2.'‘’]{0,8}") {
            proptest::prop_assert_eq!(folded(&word), folded_unicode(&word));
        }
    }
}
