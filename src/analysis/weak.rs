//! Words that say nothing alone: they count in phrases and join what stands around them, but an
//! unquoted query does not search for them unless it has nothing else.

/// Articles, auxiliaries, pronouns, prepositions and question words, sorted.
const ENGLISH: &[&str] = &[
    "a", "about", "am", "an", "and", "are", "as", "at", "be", "been", "being", "but", "by", "can",
    "could", "did", "do", "does", "doing", "for", "from", "had", "has", "have", "having", "he",
    "her", "hers", "him", "his", "how", "i", "if", "in", "into", "is", "it", "its", "itself",
    "may", "me", "might", "must", "my", "of", "on", "or", "our", "ours", "shall", "she", "should",
    "so", "some", "such", "than", "that", "the", "their", "theirs", "them", "then", "there",
    "these", "they", "this", "those", "to", "was", "we", "were", "what", "when", "where", "which",
    "while", "who", "whom", "whose", "why", "will", "with", "would", "you", "your", "yours",
];

/// The longest of them has so many bytes.
const MAX_ENGLISH_BYTES: usize = 6;

/// Particles, question words and function words of Chinese, folded to Simplified.
const CHINESE: &str = "的了着过吗呢啊吧么呀啦是和与及或在有对为把被从到将就都也而且但并其这那之于以所什怎如何哪些啥否谁几";

/// Whether `term`, a normalized word or one Han character, is weak.
pub(crate) fn is_weak(term: &str) -> bool {
    if term.is_ascii() {
        // Most words of a text are longer than any of these.
        return term.len() <= MAX_ENGLISH_BYTES && ENGLISH.binary_search(&term).is_ok();
    }
    CHINESE.contains(term)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_english_list_is_sorted() {
        assert!(ENGLISH.is_sorted());
        assert_eq!(ENGLISH.iter().map(|word| word.len()).max(), Some(MAX_ENGLISH_BYTES));
    }

    #[test]
    fn weak_words() {
        for (term, weak) in [("the", true), ("theme", false), ("的", true), ("广", false)] {
            assert_eq!(is_weak(term), weak, "{term}");
        }
    }
}
