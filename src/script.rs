//! Character classes and punctuation of Chinese and English text.
//!
//! The classes overlap and are not interchangeable: [`is_han`] determines tokens, [`is_wide`] determines how lines are
//! joined, and the functions for single Unicode blocks serve to detect languages, headings, names and running text.

/// Characters that end an English sentence.
pub(crate) const ENGLISH_SENTENCE_ENDS: [char; 3] = ['.', '!', '?'];
/// Characters that end a Chinese sentence, including the full-width semicolon.
pub(crate) const CHINESE_SENTENCE_ENDS: [char; 4] = ['。', '！', '？', '；'];
/// Characters that end a sentence or a list item, in English or Chinese.
pub(crate) const SENTENCE_ENDS: [char; 8] = ['.', '!', '?', ';', '。', '！', '？', '；'];

/// English abbreviations whose full stop does not end a sentence when a capital or a digit follows.
/// Lower case, without the final full stop.
pub(crate) const ABBREVIATIONS: [&str; 45] = [
    "mr", "mrs", "ms", "dr", "prof", "sen", "rep", "gov", "gen", "lt", "col", "capt", "sgt", "st",
    "jr", "sr", "no", "nos", "vs", "etc", "inc", "ltd", "co", "corp", "dept", "fig", "art", "sec",
    "para", "pp", "vol", "approx", "est", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep",
    "sept", "oct", "nov", "dec",
];
/// English abbreviations that must be followed by a word, so a line that ends with such an abbreviation continues on
/// the next line. Lower case, without the final full stop. "etc" and "inc" may end a line and are not in this list.
#[cfg(feature = "pdf")]
pub(crate) const LEADING_ABBREVIATIONS: [&str; 9] =
    ["e.g", "i.e", "no", "nos", "mr", "ms", "mrs", "dr", "vs"];

/// Returns whether `c` is a Han character: an ideograph of any plane, a radical that looks like an ideograph, the
/// iteration mark 々 or the ideographic zero 〇. Each Han character is one token.
pub(crate) const fn is_han(c: char) -> bool {
    matches!(c,
        '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '\u{3005}' | '\u{3007}'
        | '\u{2E81}'..='\u{2E99}' | '\u{2E9B}'..='\u{2EF3}' | '\u{2F00}'..='\u{2FD5}'
        | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}')
}

/// Returns whether `c` lies in the block CJK Unified Ideographs, U+4E00 to U+9FFF.
pub(crate) const fn is_unified_ideograph(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}')
}

/// Returns whether `c` lies between U+3400 and U+9FFF: CJK Unified Ideographs, Extension A, and the hexagram symbols
/// between these blocks.
pub(crate) const fn is_basic_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}')
}

/// Returns whether `c` lies in the block CJK Compatibility Ideographs, U+F900 to U+FAFF.
pub(crate) const fn is_compatibility_ideograph(c: char) -> bool {
    matches!(c, '\u{F900}'..='\u{FAFF}')
}

/// Returns whether `c` is Japanese hiragana or katakana.
pub(crate) const fn is_kana(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30FF}')
}

/// Returns whether `c` is a Korean syllable.
pub(crate) const fn is_hangul(c: char) -> bool {
    matches!(c, '\u{AC00}'..='\u{D7AF}')
}

/// Returns whether `c` belongs to a script that is written without spaces: Han, kana, their punctuation and full-width
/// forms, but not Korean.
#[cfg(feature = "pdf")]
pub(crate) const fn is_spaceless(c: char) -> bool {
    matches!(c,
        '\u{2E80}'..='\u{A4CF}' | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}'
        | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Returns whether `c` lies between U+2E80 and U+FFEF: the East Asian scripts, including Korean, their punctuation and
/// full-width forms.
pub(crate) const fn is_wide(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{FFEF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_belong_to_the_expected_classes() {
        let classes =
            |c| [is_han(c), is_unified_ideograph(c), is_basic_ideograph(c), is_kana(c), is_wide(c)];
        for (c, expected) in [
            ('广', [true, true, true, false, true]),
            ('㐀', [true, false, true, false, true]),
            ('〇', [true, false, false, false, true]),
            ('𠮷', [true, false, false, false, false]),
            ('ア', [false, false, false, true, true]),
            ('，', [false, false, false, false, true]),
            ('a', [false, false, false, false, false]),
        ] {
            assert_eq!(classes(c), expected, "{c}");
        }
    }

    #[test]
    fn sentence_ends_combine_both_languages() {
        let ends_of_both_languages =
            ENGLISH_SENTENCE_ENDS.iter().chain(&CHINESE_SENTENCE_ENDS).chain(&[';']);
        assert!(ends_of_both_languages.clone().all(|c| SENTENCE_ENDS.contains(c)));
        assert_eq!(ends_of_both_languages.count(), SENTENCE_ENDS.len());
    }
}
