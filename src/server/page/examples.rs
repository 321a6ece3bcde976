//! Finds example queries in the titles of the latest releases. An example is a phrase that occurs in several releases,
//! but not in very many.

use std::collections::BTreeSet;

use crate::{
    analysis::{Analysis, Analyzer, Chinese, TokenKind, is_stop_word},
    error::Result,
    query::{Collapse, Facet, Query, Sort},
    script::is_han,
    search::{SearchResults, Searcher},
};

/// Maximum number of example queries.
const MAX_EXAMPLES: usize = 3;
/// Number of the latest releases whose titles are read.
const TITLE_SAMPLE_SIZE: usize = 40;
/// Maximum number of phrases of one script that are counted.
const MAX_COUNTED_PHRASES: usize = 30;
/// Minimum length of an English word of an example, in bytes.
const MIN_EXAMPLE_WORD_BYTES: usize = 4;
/// Minimum number of characters of a Chinese example.
const MIN_HAN_EXAMPLE_CHARS: usize = 4;
/// Reciprocal of the maximum share of releases that contain an example. Phrases that only name the kind of text, such
/// as "fact sheet", occur in more releases.
const RECIPROCAL_OF_MAX_EXAMPLE_SHARE: u64 = 25;
/// Maximum document frequency of a single word of an example, as a multiple of the maximum document frequency of the
/// whole example. Both count releases.
const MAX_WORD_TO_EXAMPLE_RATIO: u64 = 5;

/// Returns up to [`MAX_EXAMPLES`] queries that find releases. Queries that find more releases take precedence.
pub(super) fn example_queries(searcher: &Searcher) -> Result<Vec<String>> {
    let latest =
        Query::new("*").sort(Sort::Date).collapse(Collapse::Document).limit(TITLE_SAMPLE_SIZE);
    let latest_chinese = latest.clone().only(Facet::Lang, ["zh-Hans", "zh-Hant"]);
    let results = searcher.search(&latest)?;
    let chinese_results = searcher.search(&latest_chinese)?;
    let english: Vec<&str> = titles(&results).filter(|title| !title.chars().any(is_han)).collect();
    let chinese: Vec<&str> = titles(&chinese_results).collect();
    let max_releases = (results.total_documents / RECIPROCAL_OF_MAX_EXAMPLE_SHARE).max(3);
    let english = most_frequent_phrases(searcher, word_pairs(&english), max_releases)?;
    let chinese = most_frequent_phrases(searcher, han_words(&chinese), max_releases)?;
    let chinese_count =
        chinese.len().min(if english.len() < MAX_EXAMPLES { MAX_EXAMPLES } else { 1 });
    let english = english.into_iter().take(MAX_EXAMPLES - chinese_count);
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
            let is_content =
                |word: &str| word.len() >= MIN_EXAMPLE_WORD_BYTES && !is_stop_word(word);
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
            let last = analysis.tokens.get((word.first_token + word.char_count - 1) as usize);
            let Some((first, last)) = first.zip(last) else { continue };
            if word.char_count as usize >= MIN_HAN_EXAMPLE_CHARS {
                words.extend(title.get(first.span.start..last.span.end).map(str::to_owned));
            }
        }
    }
    words
}

/// Returns the phrases that occur in the most releases, but in at most `max_releases`, the most frequent first. No two
/// of these phrases share a word. A phrase with a word that is frequent on its own is left out, because such a word
/// mostly belongs to a title of office.
fn most_frequent_phrases(
    searcher: &Searcher,
    phrases: Vec<String>,
    max_releases: u64,
) -> Result<Vec<String>> {
    let mut seen_phrases = BTreeSet::new();
    let mut counted = Vec::new();
    let distinct = phrases.into_iter().filter(|phrase| seen_phrases.insert(phrase.clone()));
    let releases_with = |phrase: &str| -> Result<u64> {
        let query = Query::new(format!("\"{phrase}\"")).strict(true).limit(0);
        Ok(searcher.search(&query)?.total_documents)
    };
    for phrase in distinct.take(MAX_COUNTED_PHRASES) {
        let releases = releases_with(&phrase)?;
        let mut is_common = false;
        for word in phrase.split(' ').filter(|_| phrase.contains(' ')) {
            is_common |= releases_with(word)? > max_releases * MAX_WORD_TO_EXAMPLE_RATIO;
        }
        if (1..=max_releases).contains(&releases) && !is_common {
            counted.push((releases, phrase));
        }
    }
    counted.sort_by_key(|(releases, _)| std::cmp::Reverse(*releases));
    let mut used_words = BTreeSet::new();
    let is_new = |phrase: &String| {
        let words: Vec<String> = phrase.split(' ').map(str::to_owned).collect();
        let is_new = !words.iter().any(|word| used_words.contains(word));
        used_words.extend(words);
        is_new
    };
    Ok(counted.into_iter().map(|(_, phrase)| phrase).filter(is_new).take(MAX_EXAMPLES).collect())
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
        let examples = example_queries(&searcher).unwrap();
        assert_eq!(examples.first().map(String::as_str), Some("carbon market"));
        #[cfg(feature = "chinese")]
        assert!(examples.contains(&"低空经济".to_owned()), "{examples:?}");
    }
}
