//! Notes on the query, in the language of the page, with links to the spellings that they suggest.

mod chinese;

use maud::{Markup, html};

use super::{address::ResultsAddress, markup, messages::Messages};
use crate::query::{Note, NoteKind, note_detail::NoteDetail};

/// Returns the notes as HTML paragraphs. Leaves out notes of the kind [`NoteKind::Other`], which announce hits that
/// lack a word, because a heading above these hits says so.
pub(super) fn note_paragraphs(
    notes: &[Note],
    address: &ResultsAddress,
    messages: &Messages,
) -> Markup {
    html! {
        @for note in notes.iter().filter(|note| note.kind != NoteKind::Other) {
            p.note {
                (markup::escaped_text(&text(note, messages)))
                @if let NoteDetail::Suggestion { word, closest, .. } = &note.detail
                    && address.q.contains(word.as_str()) {
                    " " a href=(address.with_query(address.q.replace(word, closest)).href()) { (markup::text_with_lang(closest)) }
                }
            }
        }
    }
}

/// Returns the text of a note in the language of the page.
fn text(note: &Note, messages: &Messages) -> String {
    if messages.code == "en" { note.message.clone() } else { chinese::text(&note.detail, messages) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{document::Document, index::Index, query::Query, script::is_han};

    #[test]
    fn every_note_has_a_text_in_every_language() {
        let [english, simplified, traditional] =
            ["en", "zh", "zh-Hant"].map(|code| Messages::by_code(code).unwrap());
        for detail in NoteDetail::examples() {
            let note = Note::new(detail);
            assert_eq!(text(&note, english), note.message);
            let texts = [text(&note, simplified), text(&note, traditional)];
            for text in &texts {
                assert!(text.contains(is_han) && !text.contains("{}"), "{note:?}: {text}");
            }
            assert_ne!(texts[0], texts[1], "{note:?}");
            // Values in the English text are in the Chinese text too. They are the words marked by `§`.
            for value in note.message.split_whitespace().filter(|word| word.contains('§')) {
                let value = value.trim_matches(|c: char| !c.is_alphanumeric() && c != '§');
                assert!(texts.iter().all(|text| text.contains(value)), "{value}: {texts:?}");
            }
        }
    }

    #[test]
    fn notes_of_searches_are_translated() {
        let index = Index::in_memory();
        let writer = index.writer().unwrap();
        for number in 0..30 {
            let text = "Exports by rail grew in the harbour.";
            let mut document = Document::new(format!("d{number}"), text);
            "en".clone_into(&mut document.lang);
            writer.add(&document).unwrap();
        }
        writer.add(&Document::new("misspelled", "The harbuor of exports.")).unwrap();
        writer.commit().unwrap();
        let searcher = index.searcher().unwrap();
        let chinese = Messages::by_code("zh-Hant").unwrap();
        for (query, expected) in [
            ("exprots", "「exprots」沒有出現，已改為搜尋「exports」"),
            ("exports zzqqxxyy", "「zzqqxxyy」沒有出現"),
            ("harbuor", "您是不是要找「harbour」"),
            ("expor*", "「expor*」代表 1 個詞：exports"),
            ("r* by", "代表"),
            ("zzq*", "不代表索引中的任何詞"),
            ("exports lang:fr", "沒有法文的文件；現有：英文"),
            ("exports \"rail", "引號 \" 沒有配對：已搜尋其後的詞語"),
        ] {
            let notes = searcher.search(&Query::new(query)).unwrap().notes;
            let texts: Vec<String> = notes.iter().map(|note| text(note, chinese)).collect();
            assert!(texts.iter().any(|text| text.contains(expected)), "{query}: {texts:?}");
        }
    }
}
