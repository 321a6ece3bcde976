//! What somebody is typing → how it may go on, by the index's own terms, texts and titles.
//!
//! Words and phrases first, then titles, then Chinese words by their pinyin: each kind has some room
//! where there are many of the others.

mod chinese;
mod input;
mod next_word;
#[cfg(feature = "chinese")]
mod pinyin;
mod positions;
mod prefix;
mod terms;
mod titles;
mod traditional;

use std::{collections::HashSet, fmt};

use serde::Serialize;

use self::input::{Open, Typed, parts};
#[cfg(feature = "chinese")]
pub(super) use self::pinyin::homophones;
use super::context::SearchContext;
use crate::{analysis::Analysis, error::Result};

/// Nobody reads more.
const MAX_LIMIT: usize = 100;
/// So many terms are looked at more closely, the most frequent ones.
const CANDIDATES: usize = 200;
/// How many places of words in passages may be compared: some ten milliseconds. Without it, what
/// stands before the open word could make it slow: "the c".
const BUDGET: usize = 100_000;

/// How a text that is being typed may go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[non_exhaustive]
pub struct Suggestion {
    /// The whole text: what was typed, as it was typed, and the rest. A title stands as it is, and a
    /// word found by its pinyin in place of the letters.
    pub text: String,
    /// What it is.
    pub kind: SuggestionKind,
    /// In how many live passages it occurs. A word that was typed after others: in how many with
    /// those, or, where that is nowhere, at all. A title: how many its document has.
    pub passages: u64,
}

/// What a [`Suggestion`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum SuggestionKind {
    /// A word of the index that begins as the last word does.
    Word,
    /// The whole text, which stands so in a passage.
    Phrase,
    /// The title of a document.
    Title,
    /// A Chinese word whose pinyin was typed, or its first letters.
    Pinyin,
}

impl fmt::Display for SuggestionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Word => "word",
            Self::Phrase => "phrase",
            Self::Title => "title",
            Self::Pinyin => "pinyin",
        })
    }
}

/// Returns up to `limit` suggestions for `text`, and never more than 100.
pub(super) fn suggestions(
    context: &SearchContext,
    text: &str,
    limit: usize,
) -> Result<Vec<Suggestion>> {
    let limit = limit.min(MAX_LIMIT);
    let Some(typed) = Typed::new(text, &context.analyzer).filter(|_| limit > 0) else {
        return Ok(Vec::new());
    };
    let candidates = prefix::candidates(context, &typed)?;
    let completions = match typed.open {
        Open::Word => prefix::completions(context, &typed, &candidates)?,
        Open::Han(_) => chinese::completions(context, &typed)?,
        Open::Space => next_word::completions(context, &typed)?,
        Open::Closed => Vec::new(),
    };
    let titles = titles::completions(context, &typed, &candidates)?;
    #[cfg(feature = "chinese")]
    let sounding = pinyin::completions(context, &typed)?;
    #[cfg(not(feature = "chinese"))]
    let sounding = Vec::new();
    let mut lists = [completions, titles, sounding];
    keep_distinct(context, text, &mut lists);
    let mut chosen = shared(limit, lists);
    if typed.is_traditional() {
        let completed = |kind| matches!(kind, SuggestionKind::Word | SuggestionKind::Phrase);
        for suggestion in chosen.iter_mut().filter(|suggestion| completed(suggestion.kind)) {
            traditional::restore(context, &typed, suggestion)?;
        }
    }
    Ok(chosen)
}

/// Leaves the first of those that are the same to a search, and none that is what was typed.
fn keep_distinct(context: &SearchContext, text: &str, lists: &mut [Vec<Suggestion>; 3]) {
    let mut analysis = Analysis::default();
    let mut terms = |text: &str| {
        context.analyzer.tokens(text, &mut analysis);
        parts(&analysis).into_iter().map(|part| part.term).collect::<Vec<_>>()
    };
    let mut seen = HashSet::from([terms(text)]);
    for list in lists {
        list.retain(|suggestion| seen.insert(terms(&suggestion.text)));
    }
}

/// The most frequent ones first; the rest of the order is that of their characters.
fn by_passages(mut list: Vec<Suggestion>) -> Vec<Suggestion> {
    list.sort_by(|a, b| b.passages.cmp(&a.passages).then_with(|| a.text.cmp(&b.text)));
    list
}

/// The first of each list, `limit` in all: three tenths are kept for titles and two for pinyin as far
/// as there are so many, and what a list does not need goes to those before and then after it.
fn shared(limit: usize, lists: [Vec<Suggestion>; 3]) -> Vec<Suggestion> {
    let [_, titles, sounding] = &lists;
    let reserved = [titles.len().min(limit * 3 / 10), sounding.len().min(limit * 2 / 10)];
    let mut chosen = Vec::with_capacity(limit);
    for (index, list) in lists.into_iter().enumerate() {
        let kept: usize = reserved.iter().skip(index).sum();
        let room = limit - chosen.len() - kept;
        chosen.extend(list.into_iter().take(room));
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, Index, Searcher};

    fn searcher(texts: &[&str]) -> Searcher {
        let index = Index::in_memory();
        let writer = index.writer().unwrap();
        for (number, text) in texts.iter().enumerate() {
            let mut document = Document::new(format!("d{number}"), "");
            let (title, text) = text.split_once(" | ").unwrap_or(("", text));
            document.title = (!title.is_empty()).then(|| title.to_owned());
            document.text = text.to_owned();
            writer.add(&document).unwrap();
        }
        writer.commit().unwrap();
        index.searcher().unwrap()
    }

    /// Each suggestion with the first letter of its kind and its passages.
    fn shown(searcher: &Searcher, text: &str) -> String {
        let found = searcher.suggest(text, 10).unwrap().into_iter();
        let one = |Suggestion { text, kind, passages }| {
            format!("{text} {}{passages}", kind.to_string().chars().next().unwrap())
        };
        found.map(one).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn words_are_completed_after_those_before() {
        let searcher = searcher(&[
            "Flying Cars Take Off | The first flying car factory of the world. A car drives.",
            "Careers | Many careers and cargo. The café of O’Brien costs 39,000 yuan.",
            "The flying cargo drone flies. Cars were seen.",
        ]);
        for (typed, expected) in [
            ("fly", "flying w2, Flying Cars Take Off t1"),
            ("Fac", "Factory w1"),
            (
                "car",
                "cargo w2, cars w2, car drives p1, car factory p1, careers w1, Flying Cars Take Off t1",
            ),
            (
                "flying ca",
                "flying car p1, flying cargo p1, flying cars p1, Flying Cars Take Off t1",
            ),
            ("flying fac", "flying factory w1"),
            ("zebra fac", "zebra factory w1"),
            ("flying ", "flying car p1, flying cargo p1, Flying Cars Take Off t1"),
            ("O’B", "O’Brien w1"),
            ("CAF", "CAFe w1"),
            ("3", "39000 w1"),
            ("39,0", ""),
            ("the w", "the world p1"),
            ("take o", "take off p1, Flying Cars Take Off t1"),
            ("flying car.", ""),
            ("fläing", ""),
            ("factory", ""),
            ("", ""),
            ("😀", ""),
        ] {
            assert_eq!(shown(&searcher, typed), expected, "{typed}");
        }
    }

    #[cfg(feature = "chinese")]
    #[test]
    fn chinese_is_completed_by_words_that_occur() {
        let searcher = searcher(&[
            "广州年鉴 | 广州市建设粤港澳大湾区。广州的预算报告。",
            "粤港澳大湾区建设取得新进展，发展中国家很多。中国的国家预算。",
            "立法會 | 全年預算案，灣區建設。王玉印说，AI审批。",
        ]);
        for (typed, expected) in [
            ("广", "广州 w1, 广州市 w1, 广州年鉴 t1"),
            ("广州", "广州市 w1, 广州年鉴 t1"),
            ("大湾区建", "大湾区建设 p1"),
            ("大灣區建", "大灣區建設 p1"),
            ("灣", "灣區 w3"),
            ("預", "預算 w3, 預算案 w1"),
            ("中国", ""),
            ("粤港澳", "粤港澳大湾区 w2"),
            ("王玉", "王玉印 p1"),
            ("AI审", "AI审批 p1"),
            ("zebra 预", "zebra 预算 w3, zebra 预算案 w1"),
            ("立法", "立法会 w1"),
            ("gz", "广州 p1, 广州市 p1"),
            ("guangz", "广州 p1, 广州市 p1"),
            ("gzhou", "广州 p1, 广州市 p1"),
            ("ysuan", "预算 p3, 预算案 p1"),
            ("yusuan x", ""),
        ] {
            assert_eq!(shown(&searcher, typed), expected, "{typed}");
        }
    }

    #[cfg(not(feature = "chinese"))]
    #[test]
    fn without_a_dictionary_pairs_are_all_there_is() {
        let searcher = searcher(&["广州市的预算。", "广州的預算案。"]);
        for (typed, expected) in
            [("广", "广州 w2"), ("广州", "广州市 p1, 广州的 p1"), ("預", "預算 w2"), ("gz", "")]
        {
            assert_eq!(shown(&searcher, typed), expected, "{typed}");
        }
    }

    #[test]
    fn only_live_passages_count_in_any_segment() {
        let index = Index::in_memory();
        for text in ["flying cars", "flying cars and cargo", "flying carpets"] {
            let writer = index.writer().unwrap();
            writer.add(&Document::new(text, text)).unwrap();
            writer.commit().unwrap();
        }
        let suggested = || shown(&index.searcher().unwrap(), "flying ca");
        assert_eq!(suggested(), "flying cars p2, flying carpets p1, flying cargo w1");
        let writer = index.writer().unwrap();
        writer.remove("flying cars and cargo").unwrap();
        writer.commit().unwrap();
        assert_eq!(suggested(), "flying carpets p1, flying cars p1");
    }

    #[test]
    fn every_kind_has_room() {
        let list = |kind, count: usize| {
            let one = |number| Suggestion { text: format!("{number}"), kind, passages: 1 };
            (0..count).map(one).collect::<Vec<_>>()
        };
        for (limit, counts, expected) in [
            (10, (20, 20, 20), (5, 3, 2)),
            (10, (20, 0, 20), (8, 0, 2)),
            (10, (2, 20, 20), (2, 6, 2)),
            (10, (0, 1, 20), (0, 1, 9)),
            (10, (1, 1, 1), (1, 1, 1)),
            (3, (20, 20, 20), (3, 0, 0)),
            (0, (20, 20, 20), (0, 0, 0)),
        ] {
            let lists = [
                list(SuggestionKind::Word, counts.0),
                list(SuggestionKind::Title, counts.1),
                list(SuggestionKind::Pinyin, counts.2),
            ];
            let chosen = shared(limit, lists);
            let of = |kind| chosen.iter().filter(|found| found.kind == kind).count();
            let found =
                (of(SuggestionKind::Word), of(SuggestionKind::Title), of(SuggestionKind::Pinyin));
            assert_eq!(found, expected, "{limit} {counts:?}");
        }
    }
}
