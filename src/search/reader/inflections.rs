//! Computes the stem of a word, and the prefix with which a lookup in the term dictionary finds the inflections of the
//! word.

use std::borrow::Cow;

use crate::analysis::stem;

/// Returns the stem under which a lookup of inflections finds `term`. This is the stem of `term`, or `term` itself if
/// `term` does not begin with the [prefix](common_prefix_of_inflections) of its stem.
pub(crate) fn stem_for_inflection_lookup(term: &str) -> Cow<'_, str> {
    let stem = stem(term);
    if term.starts_with(common_prefix_of_inflections(&stem)) { stem } else { term.into() }
}

/// Returns the prefix that all words with the stem `stem` have in common. Snowball's English stemmer changes the end of
/// a word: "y" becomes "i", "bility" becomes "bl", and a dropped "e" returns. So the prefix is the stem without a last
/// letter that the stemmer may have changed.
pub(in crate::search) fn common_prefix_of_inflections(stem: &str) -> &str {
    let shortened_stem = stem
        .strip_suffix(['e', 'i', 'y'])
        .or_else(|| stem.strip_suffix('l').filter(|shortened_stem| shortened_stem.ends_with('b')));
    shortened_stem.filter(|shortened_stem| shortened_stem.len() >= 2).unwrap_or(stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_words_with_a_stem_begin_with_the_inflection_prefix_of_the_stem() {
        for words in [
            &["possible", "possibly", "possibility", "possibilities"][..],
            &["responsible", "responsibility"],
            &["ability", "abilities"],
            &["factory", "factories"],
            &["skies", "sky"],
            &["hope", "hoped", "hoping", "hopes"],
            &["nation", "nations"],
            &["agency", "agencies"],
        ] {
            let shared_stem = stem(words[0]);
            for word in words {
                assert_eq!(stem(word), shared_stem, "{word}");
                assert!(
                    word.starts_with(common_prefix_of_inflections(&shared_stem)),
                    "{word} {shared_stem}"
                );
            }
        }
    }
}
