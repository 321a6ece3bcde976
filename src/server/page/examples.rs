//! Finds example queries in the titles of the latest releases: words that stand side by side in several releases, but
//! not in very many.

use std::collections::BTreeSet;

use crate::{
    analysis::{Analysis, Analyzer, Chinese, TokenKind, is_stop_word},
    error::Result,
    query::{Collapse, Facet, Query, Sort},
    script::is_han,
    search::{SearchResults, Searcher},
};

/// Number of example queries.
const EXAMPLES: usize = 3;
/// Number of releases whose titles are read.
const TITLES: usize = 40;
/// Maximum number of phrases of one script that are counted.
const COUNTED_PHRASES: usize = 30;
/// Minimum number of letters of a word of an example.
const MIN_LETTERS: usize = 4;
/// Minimum number of characters of a Chinese example.
const MIN_HAN: usize = 4;
/// An example occurs at most in one of this number of releases: words of the form, such as "fact sheet", are more
/// frequent.
const MAX_SHARE: u64 = 25;
/// A word of an example occurs at most in this multiple of the maximum number of releases with an example.
const MAX_WORD_RATIO: u64 = 5;

/// Returns up to three queries, each with results in several releases if there are such queries.
pub(super) fn queries(searcher: &Searcher) -> Result<Vec<String>> {
    let latest = Query::new("*").sort(Sort::Date).collapse(Collapse::Document).limit(TITLES);
    let latest_chinese = latest.clone().only(Facet::Lang, ["zh-Hans", "zh-Hant"]);
    let results = searcher.search(&latest)?;
    let chinese_results = searcher.search(&latest_chinese)?;
    let english: Vec<&str> = titles(&results).filter(|title| !title.chars().any(is_han)).collect();
    let chinese: Vec<&str> = titles(&chinese_results).collect();
    let maximum = (results.total_documents / MAX_SHARE).max(3);
    let english = most_frequent(searcher, word_pairs(&english), maximum)?;
    let chinese = most_frequent(searcher, han_words(&chinese), maximum)?;
    let chinese_count = chinese.len().min(if english.len() < EXAMPLES { EXAMPLES } else { 1 });
    let english = english.into_iter().take(EXAMPLES - chinese_count);
    Ok(english.chain(chinese.into_iter().take(chinese_count)).collect())
}

fn titles(results: &SearchResults) -> impl Iterator<Item = &str> {
    results.hits.iter().filter_map(|hit| hit.document.title.as_deref())
}

/// Returns the pairs of adjacent words of the titles, without stop words, short words and numbers.
fn word_pairs(titles: &[&str]) -> Vec<String> {
    let (analyzer, mut analysis) = (Analyzer::new(Chinese::Auto), Analysis::default());
    let mut pairs = Vec::new();
    for title in titles {
        analyzer.tokens(title, &mut analysis);
        for pair in analysis.tokens.windows(2) {
            let [a, b] = pair else { continue };
            let between = title.get(a.span.end..b.span.start).unwrap_or_default();
            let words = [a, b].map(|token| analysis.term(token));
            let is_content = |word: &str| word.len() >= MIN_LETTERS && !is_stop_word(word);
            let are_words = a.kind == TokenKind::Word && b.kind == TokenKind::Word;
            if between == " " && are_words && words.into_iter().all(is_content) {
                pairs.push(words.join(" "));
            }
        }
    }
    pairs
}

/// Returns the long dictionary words of Chinese titles.
fn han_words(titles: &[&str]) -> Vec<String> {
    let (analyzer, mut analysis) = (Analyzer::new(Chinese::Auto), Analysis::default());
    let mut words = Vec::new();
    for title in titles {
        analyzer.tokens(title, &mut analysis);
        for word in analyzer.query_words(&analysis) {
            let first = analysis.tokens.get(word.first_token as usize);
            let last = analysis.tokens.get((word.first_token + word.chars - 1) as usize);
            let Some((first, last)) = first.zip(last) else { continue };
            if word.chars as usize >= MIN_HAN {
                words.extend(title.get(first.span.start..last.span.end).map(str::to_owned));
            }
        }
    }
    words
}

/// Returns the phrases that occur in the most releases, but at most in `maximum`, the most frequent first. No two of
/// them share a word, and no word of them is frequent on its own: such a word belongs to a title of office.
fn most_frequent(searcher: &Searcher, phrases: Vec<String>, maximum: u64) -> Result<Vec<String>> {
    let mut seen = BTreeSet::new();
    let mut counted = Vec::new();
    let distinct = phrases.into_iter().filter(|phrase| seen.insert(phrase.clone()));
    let releases_with = |phrase: &str| -> Result<u64> {
        let query = Query::new(format!("\"{phrase}\"")).strict(true).limit(0);
        Ok(searcher.search(&query)?.total_documents)
    };
    for phrase in distinct.take(COUNTED_PHRASES) {
        let releases = releases_with(&phrase)?;
        let mut is_common = false;
        for word in phrase.split(' ').filter(|_| phrase.contains(' ')) {
            is_common |= releases_with(word)? > maximum * MAX_WORD_RATIO;
        }
        if (1..=maximum).contains(&releases) && !is_common {
            counted.push((releases, phrase));
        }
    }
    counted.sort_by_key(|(releases, _)| std::cmp::Reverse(*releases));
    let mut used = BTreeSet::new();
    let is_new = |phrase: &String| {
        let words: Vec<String> = phrase.split(' ').map(str::to_owned).collect();
        let is_new = !words.iter().any(|word| used.contains(word));
        used.extend(words);
        is_new
    };
    Ok(counted.into_iter().map(|(_, phrase)| phrase).filter(is_new).take(EXAMPLES).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, Index};

    #[test]
    fn examples_come_from_titles_and_find_releases() {
        let index = Index::in_memory();
        let writer = index.writer().unwrap();
        for (id, title) in [
            ("a", "The Carbon Market opens in 2024"),
            ("b", "Carbon market: more rules"),
            ("c", "低空经济发展情况发布会"),
            ("d", "Ports in the north"),
        ] {
            let mut document = Document::new(id, format!("{title}."));
            document.title = Some(title.to_owned());
            document.date = "2024-01-01".parse().ok();
            document.detect_lang();
            writer.add(&document).unwrap();
        }
        writer.commit().unwrap();
        let searcher = index.searcher().unwrap();
        let examples = queries(&searcher).unwrap();
        assert_eq!(examples.first().map(String::as_str), Some("carbon market"));
        #[cfg(feature = "chinese")]
        assert!(examples.contains(&"低空经济".to_owned()), "{examples:?}");
    }
}
