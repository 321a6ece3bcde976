//! HTML fragments that several pages use.

use maud::{Markup, PreEscaped, html};

use crate::{
    analysis::fold_char,
    render::{escape_html, html_with_highlights},
    script::is_han,
    search::{DocumentInfo, PassageInfo},
    span::Span,
};

/// Returns a document text as HTML: escapes special characters, and makes invisible characters visible.
pub(super) fn escaped_text(text: &str) -> Markup {
    PreEscaped(escape_html(text))
}

/// Returns a document text as HTML, with the language of the text if the text is Chinese, so that the browser chooses
/// the right glyphs on a page in any language.
pub(super) fn text_with_lang(text: &str) -> Markup {
    html! {
        @match chinese_lang(text) {
            Some(lang) => span lang=(lang) { (escaped_text(text)) },
            None => (escaped_text(text)),
        }
    }
}

/// Returns a text with highlights as HTML.
pub(super) fn highlighted_text(text: &str, spans: &[Span]) -> Markup {
    PreEscaped(html_with_highlights(text, spans))
}

/// Returns the language of a text with Han characters; `None` for a text without them. A text is Traditional if a
/// character of it has another simplified form.
pub(super) fn chinese_lang(text: &str) -> Option<&'static str> {
    let mut has_han = false;
    for c in text.chars().filter(|&c| is_han(c)) {
        if fold_char(c) != c {
            return Some("zh-Hant");
        }
        has_han = true;
    }
    has_han.then_some("zh-Hans")
}

/// Returns the fragment identifier of a passage on the page of its release.
pub(super) fn anchor(passage: &PassageInfo) -> String {
    format!("p{}", passage.ordinal)
}

/// Returns the title of a release. For a release without a title, returns the name of its file, separated into words.
pub(super) fn release_title(document: &DocumentInfo) -> String {
    document.title.clone().unwrap_or_else(|| file_name_in_words(&document.id))
}

/// Returns the last part of a path without its extension, with spaces in place of `_` and `-`.
fn file_name_in_words(path: &str) -> String {
    let file_name = path.trim_end_matches('/').rsplit('/').next().unwrap_or(path);
    let stem = match file_name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() && extension.len() <= 5 => stem,
        _ => file_name,
    };
    let words: Vec<&str> = stem.split(['_', '-', ' ']).filter(|word| !word.is_empty()).collect();
    if words.is_empty() { path.to_owned() } else { words.join(" ") }
}

/// Returns an icon, hidden from screen readers.
pub(super) fn icon(icon: Icon) -> Markup {
    html! {
        svg.icon viewBox="0 0 20 20" aria-hidden="true" focusable="false" { path d=(icon.svg_path()) {} }
    }
}

/// Icon of a button or a link. Each icon consists of lines in a square of 20 by 20 units.
#[derive(Debug, Clone, Copy)]
pub(super) enum Icon {
    Chart,
    Close,
    Filter,
    Gear,
    Quote,
    Save,
    Search,
}

impl Icon {
    const fn svg_path(self) -> &'static str {
        match self {
            Self::Chart => "M3 3v14h14M6 13l4-5 3 3 4-6",
            Self::Close => "M5 5l10 10M15 5L5 15",
            Self::Filter => "M3 5h14M6 10h8M8.5 15h3",
            Self::Gear => {
                "M3 6h7m4 0h3M3 14h3m4 0h7M10 6a2 2 0 1 0 4 0a2 2 0 1 0-4 0M6 14a2 2 0 1 0 4 0a2 2 0 1 0-4 0"
            }
            Self::Quote => "M8 6c-3 1-4 3-4 5v3h4v-4H5.5M16 6c-3 1-4 3-4 5v3h4v-4h-2.5",
            Self::Save => "M10 3v9m0 0l-3.5-3.5M10 12l3.5-3.5M4 16h12",
            Self::Search => "M13 13l4 4M3.5 8.5a5 5 0 1 0 10 0a5 5 0 1 0-10 0",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_decide_the_language_of_a_text() {
        for (text, lang) in [
            ("国务院", Some("zh-Hans")),
            ("經濟部 Taiwan", Some("zh-Hant")),
            ("White House", None),
            ("中央", Some("zh-Hans")),
        ] {
            assert_eq!(chinese_lang(text), lang, "{text}");
        }
    }

    #[test]
    fn a_file_name_is_shown_in_words() {
        for (path, words) in [
            ("en/uk-json/html_publication__long-form.json", "html publication long form"),
            ("a/b/", "b"),
            ("report.v2", "report"),
            ("___", "___"),
            (".profile", ".profile"),
            ("文件/通知.txt", "通知"),
        ] {
            assert_eq!(file_name_in_words(path), words);
        }
    }
}
