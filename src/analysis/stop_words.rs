//! English and Chinese stop words. The index contains stop words and phrases match them, but an unquoted query
//! searches stop words only if it has no other words.

/// English stop words, sorted: articles, auxiliaries, pronouns, prepositions, adverbs and question words.
/// Question queries without these words scored better in `tests/relevance`. Leaving out get, use, each and
/// through did not improve scores, so these words are not in the list.
const ENGLISH: &[&str] = &[
    "a", "about", "also", "am", "an", "and", "are", "as", "at", "be", "been", "being", "but", "by",
    "can", "could", "did", "do", "does", "doing", "etc", "ever", "for", "from", "had", "has",
    "have", "having", "he", "her", "hers", "him", "his", "how", "i", "if", "in", "into", "is",
    "it", "its", "itself", "just", "many", "may", "me", "might", "much", "must", "my", "no", "nor",
    "not", "now", "of", "on", "only", "or", "our", "ours", "shall", "she", "should", "so", "some",
    "such", "than", "that", "the", "their", "theirs", "them", "then", "there", "these", "they",
    "this", "those", "to", "too", "upon", "very", "was", "we", "were", "what", "when", "where",
    "whether", "which", "while", "who", "whom", "whose", "why", "will", "with", "would", "you",
    "your", "yours",
];

/// Length of the longest English stop word in bytes.
const MAX_ENGLISH_BYTES: usize = 7;

/// For each initial letter, the index of its first word in [`ENGLISH`]; at the end, the length of the list.
/// Saves most comparisons of a search in the list.
const ENGLISH_STARTS: [usize; 27] = {
    let mut starts = [0; 27];
    let mut letter = 0;
    while letter < 26 {
        let mut next = starts[letter];
        while next < ENGLISH.len() && ENGLISH[next].as_bytes()[0] == b'a' + letter as u8 {
            next += 1;
        }
        letter += 1;
        starts[letter] = next;
    }
    starts
};

/// Chinese stop words of one character: particles, question words and function words, in Simplified.
const CHINESE: &str = "的了着过吗呢啊吧么呀啦是和与及或在有对为把被从到将就都也而且但并其这那之于以所什怎如何哪些啥否谁几";

/// Chinese stop words of several characters, sorted. All are question words.
const CHINESE_WORDS: &[&str] = &["为什么", "什么", "多久", "多少", "怎么", "怎么样", "怎样"];

/// Whether `term`, a normalized word, a Han character or a Chinese word, is a stop word.
pub(crate) fn is_stop_word(term: &str) -> bool {
    if term.is_ascii() {
        // Most words of a text are longer than every English stop word.
        return term.len() <= MAX_ENGLISH_BYTES && same_initial(term).contains(&term);
    }
    let mut characters = term.chars();
    let single = characters.next().filter(|_| characters.next().is_none());
    single.is_some_and(|character| CHINESE.contains(character))
        || CHINESE_WORDS.binary_search(&term).is_ok()
}

/// Returns the English stop words with the initial letter of `term`.
fn same_initial(term: &str) -> &'static [&'static str] {
    let letter = term.bytes().next().map(|first| usize::from(first.wrapping_sub(b'a')));
    let bounds = letter.and_then(|letter| ENGLISH_STARTS.get(letter..letter + 2));
    let Some(&[first, end]) = bounds else { return &[] };
    ENGLISH.get(first..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_and_complete() {
        assert!(ENGLISH.iter().all(|word| is_stop_word(word)));
        assert!(ENGLISH.is_sorted() && CHINESE_WORDS.is_sorted());
        assert_eq!(ENGLISH.iter().map(|word| word.len()).max(), Some(MAX_ENGLISH_BYTES));
    }

    #[test]
    fn stop_words_of_both_languages() {
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
