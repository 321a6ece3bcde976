//! Recognizes elision: French, Italian and Catalan join an article, a pronoun or a preposition to the next word with an
//! apostrophe (l’Union, d’Ivoire, dell’Unione).

use super::normal::is_apostrophe;

/// Words that lose their last vowel before an apostrophe, written here without vowel and apostrophe, sorted. Words of
/// one or two letters are French, Catalan or Italian; longer words are French (jusqu’) or Italian (dell’). In English,
/// only c'mon and d'you have one of these words before an apostrophe; contractions (it's) and Irish names (O'Brien) do
/// not.
const ELIDED_WORDS: &[&str] = &[
    "agl", "all", "anch", "bell", "c", "coll", "d", "dagl", "dall", "degl", "dell", "gl", "j",
    "jusqu", "l", "lorsqu", "m", "n", "negl", "nell", "presqu", "puisqu", "qu", "quell", "quelqu",
    "quest", "quoiqu", "s", "sant", "sugl", "sull", "t", "un", "v",
];
/// Length in bytes of the longest word in [`ELIDED_WORDS`].
const MAX_ELIDED_WORD_BYTES: usize = 6;

/// Returns the byte offset of the word after an elided word and its apostrophe. `None` if `word` does not begin with
/// one of [`ELIDED_WORDS`], an apostrophe, and a vowel or h. `None` also for the English word d'you, the only
/// exception.
pub(super) fn offset_after_elided_word(word: &str) -> Option<usize> {
    let (apostrophe, mark) =
        word.char_indices().take(MAX_ELIDED_WORD_BYTES + 1).find(|&(_, c)| is_apostrophe(c))?;
    let elided_word = word.get(..apostrophe)?.to_ascii_lowercase();
    let next_word_start = apostrophe + mark.len_utf8();
    let next_word = word.get(next_word_start..)?;
    let has_two_letters = next_word.chars().nth(1).is_some_and(char::is_alphanumeric);
    let is_elided = ELIDED_WORDS.binary_search(&elided_word.as_str()).is_ok()
        && has_two_letters
        && next_word.chars().next().is_some_and(is_vowel_or_h)
        && !next_word.eq_ignore_ascii_case("you");
    is_elided.then_some(next_word_start)
}

/// Returns whether `letter` is a vowel (y included) or h, with or without an accent.
fn is_vowel_or_h(letter: char) -> bool {
    let mut plain_letters = super::normal::normalize_pattern_char(letter);
    plain_letters.next().is_some_and(|c| matches!(c, 'a' | 'e' | 'h' | 'i' | 'o' | 'u' | 'y'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elided_words_are_distinguished_from_contractions_and_names() {
        for (word, rest) in [
            ("l’Union", Some("Union")),
            ("d'Ivoire", Some("Ivoire")),
            ("L’État", Some("État")),
            ("qu’il", Some("il")),
            ("jusqu'au", Some("au")),
            ("l’œuvre", Some("œuvre")),
            ("l’hôpital", Some("hôpital")),
            ("Dell’Unione", Some("Unione")),
            ("un'altra", Some("altra")),
            ("don't", None),
            ("o'clock", None),
            ("it’s", None),
            ("I'd", None),
            ("O’Brien", None),
            ("O'Hare", None),
            ("D'Souza", None),
            ("N'Djamena", None),
            ("d'you", None),
            ("c'mon", None),
            ("y'all", None),
            ("l'", None),
            ("d'A", None),
            ("Hawai‘i", None),
            ("Qur’an", None),
            ("union", None),
        ] {
            assert_eq!(
                offset_after_elided_word(word).and_then(|start| word.get(start..)),
                rest,
                "{word}"
            );
        }
    }

    #[test]
    fn elided_words_are_sorted_and_the_longest_has_the_maximum_length() {
        assert!(ELIDED_WORDS.is_sorted());
        assert_eq!(ELIDED_WORDS.iter().map(|word| word.len()).max(), Some(MAX_ELIDED_WORD_BYTES));
    }
}
