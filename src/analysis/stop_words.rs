//! Words that say nothing alone: they count in phrases and join what stands around them, but an
//! unquoted query does not search for them unless it has nothing else.

/// Articles, auxiliaries, pronouns, prepositions, adverbs and question words, sorted: those that
/// measured better left out of questions (`tests/relevance`); get, use, each and through did not.
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

/// The longest of them has so many bytes.
const MAX_ENGLISH_BYTES: usize = 7;

/// By letter: how many of them begin with one before it, so that a few comparisons tell a word.
const ENGLISH_BEFORE: [usize; 27] = {
    let mut before = [0; 27];
    let mut letter = 0;
    while letter < 26 {
        let mut next = before[letter];
        while next < ENGLISH.len() && ENGLISH[next].as_bytes()[0] == b'a' + letter as u8 {
            next += 1;
        }
        letter += 1;
        before[letter] = next;
    }
    before
};

/// Particles, question words and function words of Chinese, folded to Simplified.
const CHINESE: &str = "的了着过吗呢啊吧么呀啦是和与及或在有对为把被从到将就都也而且但并其这那之于以所什怎如何哪些啥否谁几";

/// Question words of several characters, sorted.
const CHINESE_WORDS: &[&str] = &["为什么", "什么", "多久", "多少", "怎么", "怎么样", "怎样"];

/// Whether `term`, a normalized word, one Han character or a Chinese word, is weak.
pub(crate) fn is_stop_word(term: &str) -> bool {
    if term.is_ascii() {
        // Most words of a text are longer than any of these.
        return term.len() <= MAX_ENGLISH_BYTES && begun_alike(term).contains(&term);
    }
    let mut characters = term.chars();
    let alone = characters.next().filter(|_| characters.next().is_none());
    alone.is_some_and(|character| CHINESE.contains(character))
        || CHINESE_WORDS.binary_search(&term).is_ok()
}

/// The English words that begin with the same letter as `term`.
fn begun_alike(term: &str) -> &'static [&'static str] {
    let letter = term.bytes().next().map(|first| usize::from(first.wrapping_sub(b'a')));
    let bounds = letter.and_then(|letter| ENGLISH_BEFORE.get(letter..letter + 2));
    let Some(&[first, end]) = bounds else { return &[] };
    ENGLISH.get(first..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted() {
        assert!(ENGLISH.iter().all(|word| is_stop_word(word)));
        assert!(ENGLISH.is_sorted() && CHINESE_WORDS.is_sorted());
        assert_eq!(ENGLISH.iter().map(|word| word.len()).max(), Some(MAX_ENGLISH_BYTES));
    }

    #[test]
    fn weak_words() {
        for (term, weak) in [
            ("the", true),
            ("much", true),
            ("theme", false),
            ("的", true),
            ("广", false),
            ("多少", true),
            ("而且", false),
            ("", false),
        ] {
            assert_eq!(is_stop_word(term), weak, "{term}");
        }
    }
}
