//! Notes on the query, in the language of the page, with links to the spellings that the notes suggest.
//!
//! Notes come from the search as English sentences. A table of their templates gives the Chinese sentences.

use maud::{Markup, html};

use super::{
    address::ResultsAddress,
    markup,
    messages::{Messages, fill},
};
use crate::query::{Note, NoteKind};

/// Templates of notes: English, Simplified Chinese, Traditional Chinese. `{}` is a part of the query or of the index.
const TEMPLATES: [[&str; 3]; 12] = [
    [
        "{} occurs nowhere: searched for {}",
        "“{}”没有出现，已改为搜索“{}”",
        "「{}」沒有出現，已改為搜尋「{}」",
    ],
    [
        "{} occurs nowhere: did you mean {}",
        "“{}”没有出现，您是不是要找“{}”",
        "「{}」沒有出現，您是不是要找「{}」",
    ],
    [
        "{} occurs in {} passage: did you mean {}",
        "“{}”只在 {} 段出现，您是不是要找“{}”",
        "「{}」只在 {} 段出現，您是不是要找「{}」",
    ],
    [
        "{} occurs in {} passages: did you mean {}",
        "“{}”只在 {} 段出现，您是不是要找“{}”",
        "「{}」只在 {} 段出現，您是不是要找「{}」",
    ],
    ["{} occurs nowhere", "“{}”没有出现", "「{}」沒有出現"],
    ["{} also searched as {}", "“{}”也按“{}”搜索", "「{}」也依「{}」搜尋"],
    [
        "nothing matches {}: searched for {}",
        "没有段落符合“{}”，已改为搜索“{}”",
        "沒有段落符合「{}」，已改為搜尋「{}」",
    ],
    [
        "no passage has every word: the passages shown lack a word, or have it only in the title",
        "没有包含全部词语的段落：以下段落缺少某个词语，或只在标题中出现",
        "沒有包含全部詞語的段落：以下段落缺少某個詞語，或只在標題中出現",
    ],
    [
        "from result {} on, the passages lack a word of the query",
        "从第 {} 项起，段落缺少查询中的某个词语",
        "從第 {} 項起，段落缺少查詢中的某個詞語",
    ],
    ["{} stands for 1 word: {}", "“{}”代表 1 个词：{}", "「{}」代表 1 個詞：{}"],
    ["{} stands for {} words: {}", "“{}”代表 {} 个词：{}", "「{}」代表 {} 個詞：{}"],
    [
        "{} stands for no word of the index",
        "“{}”不代表索引中的任何词",
        "「{}」不代表索引中的任何詞",
    ],
];

/// Words of a note between a misspelled word and the correction that the note suggests.
const BEFORE_CORRECTION: &str = ": did you mean ";

/// Returns the notes as paragraphs. Leaves out notes of the kind [`NoteKind::Other`], because a
/// heading says the same.
pub(super) fn note_paragraphs(
    notes: &[Note],
    address: &ResultsAddress,
    messages: &Messages,
) -> Markup {
    html! {
        @for note in notes.iter().filter(|note| note.kind != NoteKind::Other) {
            p.note {
                @match translated_note(&note.message, messages) {
                    Some(text) => (markup::escaped_text(&text)),
                    None => {
                        @if let Some(label) = messages.note_label(note.kind) { (label) "：" }
                        span lang="en" { (markup::escaped_text(&note.message)) }
                    },
                }
                @if let Some((word, correction)) = suggested_correction(&note.message)
                    && address.q.contains(word) {
                    " " a href=(address.with_query(address.q.replace(word, correction)).href()) { (markup::text_with_lang(correction)) }
                }
            }
        }
    }
}

/// Returns the misspelled word and the correction that a note suggests.
fn suggested_correction(message: &str) -> Option<(&str, &str)> {
    let (before, correction) = message.split_once(BEFORE_CORRECTION)?;
    let (word, _) = before.split_once(" occurs ")?;
    Some((word, correction))
}

/// Returns a note in the language of the page; `None` on an English page and for a note without a template.
fn translated_note(message: &str, messages: &Messages) -> Option<String> {
    let translate = |[english, simplified, traditional]: [&str; 3]| {
        let values = placeholder_values(english, message)?;
        let template = if messages.code == "zh-Hant" { traditional } else { simplified };
        Some(fill(template, &values))
    };
    if messages.code == "en" { None } else { TEMPLATES.into_iter().find_map(translate) }
}

/// Returns the values of the placeholders of `template` in `text`; `None` if the text does not have this form.
fn placeholder_values<'t>(template: &str, text: &'t str) -> Option<Vec<&'t str>> {
    let mut pieces = template.split("{}");
    let mut rest = text.strip_prefix(pieces.next()?)?;
    let mut values = Vec::new();
    let mut pieces = pieces.peekable();
    while let Some(piece) = pieces.next() {
        let is_last = pieces.peek().is_none();
        let (value, after) = match (is_last, piece.is_empty()) {
            (true, true) => (rest, ""),
            (true, false) => (rest.strip_suffix(piece)?, ""),
            (false, _) => rest.split_once(piece)?,
        };
        values.push(value);
        rest = after;
    }
    (rest.is_empty() && values.iter().all(|value| !value.is_empty())).then_some(values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{document::Document, index::Index, query::Query};

    #[test]
    fn notes_are_translated_by_their_template() {
        let chinese = Messages::by_code("zh").unwrap();
        for (message, expected) in [
            (
                "exprots occurs nowhere: searched for exports",
                Some("“exprots”没有出现，已改为搜索“exports”"),
            ),
            ("exprots occurs nowhere", Some("“exprots”没有出现")),
            ("DJ also searched as district judge", Some("“DJ”也按“district judge”搜索")),
            ("the sun shines", None),
        ] {
            assert_eq!(translated_note(message, chinese).as_deref(), expected);
        }
        let english = Messages::by_code("en").unwrap();
        assert_eq!(translated_note("exprots occurs nowhere", english), None);
    }

    #[test]
    fn notes_of_searches_have_a_translation() {
        let index = Index::in_memory();
        let writer = index.writer().unwrap();
        for number in 0..30 {
            let text = "Exports by rail grew in the harbour.";
            writer.add(&Document::new(format!("d{number}"), text)).unwrap();
        }
        writer.add(&Document::new("misspelled", "The harbuor of exports.")).unwrap();
        writer.commit().unwrap();
        let searcher = index.searcher().unwrap();
        let chinese = Messages::by_code("zh-Hant").unwrap();
        for (text, expected) in [
            ("exprots", "沒有出現，已改為搜尋"),
            ("exports zzqqxxyy", "沒有出現"),
            ("harbuor", "您是不是要找"),
            ("expor*", "代表 1 個詞"),
            ("r* by", "代表"),
            ("zzq*", "不代表索引中的任何詞"),
        ] {
            let notes = searcher.search(&Query::new(text)).unwrap().notes;
            let translations =
                notes.iter().filter_map(|note| translated_note(&note.message, chinese));
            let translations: Vec<String> = translations.collect();
            let found = translations.iter().any(|translation| translation.contains(expected));
            assert!(found, "{text}: {notes:?} {translations:?}");
        }
    }

    #[test]
    fn suggestions_name_a_word_and_its_correction() {
        let message = "enviroment occurs in 2 passages: did you mean environment";
        assert_eq!(suggested_correction(message), Some(("enviroment", "environment")));
        assert_eq!(suggested_correction("exprots occurs nowhere"), None);
    }
}
