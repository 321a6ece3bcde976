//! Introduction of the start page: the size of the index, and example queries. Also finds the beginning of a release
//! for the list of the latest releases.

use std::sync::{Mutex, PoisonError};

use maud::{Markup, html};

use super::{
    address::ResultsAddress,
    examples, markup,
    messages::{Messages, fill, format_number},
};
use crate::{
    error::Result,
    passage::sentences,
    query::Facet,
    script::{SENTENCE_ENDS, is_han},
    search::{FacetCounts, PassageInfo, SearchResults, Searcher},
};

/// Minimum length of the first sentences of a release in the list of releases, in characters. A Han character counts as
/// three.
const MIN_LEAD_CHARS: usize = 60;
/// Maximum length of the first sentences of a release in the list of releases, in characters. A Han character counts as
/// three.
const MAX_LEAD_CHARS: usize = 320;

/// Cache of the example queries, with the commit of the index for which they were computed.
#[derive(Debug, Default)]
pub(super) struct ExampleQueryCache(Mutex<Option<(String, Vec<String>)>>);

impl ExampleQueryCache {
    /// Returns the example queries for the index that `searcher` reads.
    fn get(&self, searcher: &Searcher) -> Result<Vec<String>> {
        let stored = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((version, examples)) = stored
            && version == searcher.version()
        {
            return Ok(examples);
        }
        let examples = examples::example_queries(searcher)?;
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((searcher.version().to_owned(), examples.clone()));
        Ok(examples)
    }
}

/// Returns the introduction of the start page. `results` lists all releases, with counts by issuer and year.
pub(super) fn introduction(
    searcher: &Searcher,
    results: &SearchResults,
    cache: &ExampleQueryCache,
    messages: &Messages,
) -> Result<Markup> {
    let start = &messages.start;
    let examples = cache.get(searcher)?;
    Ok(html! {
        section.intro {
            p.headline { (start.heading) }
            @if results.total_documents == 0 {
                p { (start.empty_index) }
            } @else {
                p { (index_size_sentence(results, messages)) " " (start.description_of_results) }
            }
            @if !examples.is_empty() {
                ul.examples {
                    li.quiet aria-hidden="true" { (start.examples_heading) }
                    @for example in &examples {
                        li { a.chip href=(ResultsAddress::default().with_query(example).href()) { (markup::text_with_lang(example)) } }
                    }
                }
            }
        }
    })
}

/// Returns a sentence that states the number of releases, the number of issuers and the years of publication.
fn index_size_sentence(results: &SearchResults, messages: &Messages) -> String {
    let counts = |facet| results.facets.iter().find(|counts: &&FacetCounts| counts.facet == facet);
    let issuers =
        counts(Facet::Issuer).map_or(0, |counts| counts.values.len() as u64 + counts.more_values);
    let years = counts(Facet::Year).map(|counts| counts.values.as_slice()).unwrap_or_default();
    let releases = format_number(results.total_documents);
    match (years, issuers) {
        ([first, .., last], 2..) => fill(
            messages.start.index_contents_template,
            &[&releases, &format_number(issuers), &first.value, &last.value],
        ),
        _ => fill(messages.start.index_contents_template_without_years, &[&releases]),
    }
}

/// Returns the first sentence of running text of a release, or the first sentences if they are short; `None` if the
/// release has no running text.
pub(super) fn lead_of_release(passages: &[PassageInfo]) -> Option<String> {
    passages.iter().find_map(|passage| {
        let text = passage.text.trim();
        is_running_text(text).then(|| lead_sentences(text))
    })
}

/// Returns whether a text is running text. A line in capitals, a salutation and a heading are not.
fn is_running_text(text: &str) -> bool {
    let han = text.chars().filter(|&c| is_han(c)).count();
    let lower = text.chars().filter(|c| c.is_lowercase()).count();
    let upper = text.chars().filter(|c| c.is_uppercase()).count();
    let is_end = |c: char| SENTENCE_ENDS.contains(&c) && c != ';' && c != '；';
    let has_end = text.trim_end_matches(['”', '"', '’', ')', '）', '」']).ends_with(is_end);
    has_end && lower + 3 * han >= MIN_LEAD_CHARS && upper <= lower + han
}

/// Returns the first sentences of a text: as many as are needed to reach [`MIN_LEAD_CHARS`]. Cuts sentences longer than
/// [`MAX_LEAD_CHARS`] between two words.
fn lead_sentences(text: &str) -> String {
    let mut end = 0;
    for sentence in sentences(text) {
        end = sentence.end;
        if weighted_char_count(text.get(..end).unwrap_or_default()) >= MIN_LEAD_CHARS {
            break;
        }
    }
    let lead = text.get(..end).unwrap_or(text).trim();
    if weighted_char_count(lead) <= MAX_LEAD_CHARS {
        return lead.to_owned();
    }
    let mut cut = String::new();
    let mut cut_width = 0;
    for word in lead.split_inclusive([' ', '，', '、', '。']) {
        cut_width += weighted_char_count(word);
        if cut_width > MAX_LEAD_CHARS {
            break;
        }
        cut.push_str(word);
    }
    if cut.is_empty() {
        cut = lead.chars().take(MAX_LEAD_CHARS / 3).collect();
    }
    format!("{} …", cut.trim_end())
}

/// Returns the number of characters of a text. A Han character counts as three.
fn weighted_char_count(text: &str) -> usize {
    text.chars().map(|c| if is_han(c) { 3 } else { 1 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_sentence_is_running_text() {
        for (text, expected) in [
            ("NOMINATIONS SENT TO THE SENATE:", false),
            (
                "MEMORANDUM FOR THE SECRETARY OF WAR AND FOR ALL OTHER SECRETARIES OF THE STATES.",
                false,
            ),
            ("Distinguished guests,", false),
            (
                "The Ministry of Ports opened a second harbour in the north of the province today.",
                true,
            ),
            ("广州市低空经济快速发展，飞行汽车工厂已经投入试生产，成为新的名片。", true),
            ("下一步工作", false),
        ] {
            assert_eq!(is_running_text(text), expected, "{text}");
        }
    }

    #[test]
    fn a_lead_ends_after_a_sentence_or_between_words() {
        let long = "word ".repeat(100) + "end.";
        assert!(lead_sentences(&long).ends_with("word …"));
        let two =
            "It grew. The port handled more containers than in any year before, it said. More.";
        let expected =
            "It grew. The port handled more containers than in any year before, it said.";
        assert_eq!(lead_sentences(two), expected);
    }
}
