//! English and Chinese stop words. The index contains stop words, so that phrases can match them. An unquoted
//! query searches stop words only if the query has no other words.

/// English stop words, sorted: articles, auxiliaries, pronouns, prepositions, adverbs and question words. In
/// `tests/relevance`, queries in the form of questions scored better without these words. The list lacks get,
/// use, each and through, since queries without these four words did not score better.
const ENGLISH_STOP_WORDS: &[&str] = &[
    "a", "about", "also", "am", "an", "and", "are", "as", "at", "be", "been", "being", "but", "by",
    "can", "can't", "could", "did", "do", "does", "doing", "etc", "ever", "for", "from", "had",
    "has", "have", "having", "he", "he'd", "he'll", "her", "hers", "him", "his", "how", "i", "i'd",
    "i'll", "if", "in", "into", "is", "it", "its", "itself", "just", "many", "may", "me", "might",
    "much", "must", "my", "no", "nor", "not", "now", "of", "on", "only", "or", "our", "ours",
    "shall", "she", "she'd", "she'll", "should", "so", "some", "such", "than", "that", "the",
    "their", "theirs", "them", "then", "there", "these", "they", "this", "those", "to", "too",
    "upon", "very", "was", "we", "we'd", "we'll", "we're", "were", "what", "when", "where",
    "whether", "which", "while", "who", "whom", "whose", "why", "will", "with", "won't", "would",
    "you", "your", "yours",
];

/// Length of the longest English stop word in bytes.
const MAX_ENGLISH_STOP_WORD_BYTES: usize = 7;

/// Index in [`ENGLISH_STOP_WORDS`] of the first word with each initial letter from a to z. The last element is the
/// length of that list. A look-up compares only the words with one initial letter.
const FIRST_STOP_WORD_INDEX_BY_INITIAL: [usize; 27] = {
    let mut first_indexes = [0; 27];
    let mut letter_index = 0;
    while letter_index < 26 {
        let mut word_index = first_indexes[letter_index];
        while word_index < ENGLISH_STOP_WORDS.len()
            && ENGLISH_STOP_WORDS[word_index].as_bytes()[0] == b'a' + letter_index as u8
        {
            word_index += 1;
        }
        letter_index += 1;
        first_indexes[letter_index] = word_index;
    }
    first_indexes
};

/// Chinese stop words of one character: particles, question words and function words, in Simplified Chinese.
const CHINESE_STOP_CHARACTERS: &str = "的了着过吗呢啊吧么呀啦是和与及或在有对为把被从到将就都也而且但并其这那之于以所什怎如何哪些啥否谁几";

/// Chinese stop words of several characters, sorted. All are question words.
const CHINESE_STOP_WORDS: &[&str] = &["为什么", "什么", "多久", "多少", "怎么", "怎么样", "怎样"];

/// Returns whether `term` is a stop word. `term` is a normalized word, a Han character or a Chinese word.
pub(crate) fn is_stop_word(term: &str) -> bool {
    if term.is_ascii() {
        // Most words of a text are longer than every English stop word.
        return term.len() <= MAX_ENGLISH_STOP_WORD_BYTES
            && stop_words_with_initial_of(term).contains(&term);
    }
    let mut characters = term.chars();
    let single_character = characters.next().filter(|_| characters.next().is_none());
    single_character.is_some_and(|character| CHINESE_STOP_CHARACTERS.contains(character))
        || CHINESE_STOP_WORDS.binary_search(&term).is_ok()
}

/// Returns the English stop words with the initial letter of `term`.
fn stop_words_with_initial_of(term: &str) -> &'static [&'static str] {
    let letter_index = term.bytes().next().map(|byte| usize::from(byte.wrapping_sub(b'a')));
    let bounds = letter_index.and_then(|letter_index| {
        FIRST_STOP_WORD_INDEX_BY_INITIAL.get(letter_index..letter_index + 2)
    });
    let Some(&[first_index, end_index]) = bounds else { return &[] };
    ENGLISH_STOP_WORDS.get(first_index..end_index).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stop_word_lists_are_sorted_and_complete() {
        assert!(ENGLISH_STOP_WORDS.iter().all(|word| is_stop_word(word)));
        assert!(ENGLISH_STOP_WORDS.is_sorted() && CHINESE_STOP_WORDS.is_sorted());
        assert_eq!(
            ENGLISH_STOP_WORDS.iter().map(|word| word.len()).max(),
            Some(MAX_ENGLISH_STOP_WORD_BYTES)
        );
    }

    #[test]
    fn stop_words_of_both_languages_are_recognized() {
        for (term, expected) in [
            ("the", true),
            ("much", true),
            ("theme", false),
            ("的", true),
            ("广", false),
            ("多少", true),
            ("而且", false),
            ("", false),
        ] {
            assert_eq!(is_stop_word(term), expected, "{term}");
        }
    }
}
