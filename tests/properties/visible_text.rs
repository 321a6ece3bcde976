//! Every visible line of a document stands in a passage, in the title, or in a heading path that is shown above a
//! passage.

use std::collections::BTreeSet;

use gz_search::{
    Document,
    document::{Block, BlockKind, Format, read_all},
    passage::{Passage, passages},
};
use proptest::{collection::vec, prelude::*, sample::select, test_runner::TestCaseError};

/// Generates a line that a person could take for a heading, for an item of a list, or for a sentence.
fn line() -> impl Strategy<Value = String> {
    let start = select(vec!["", "# ", "## ", "### ", "- ", "1. ", "一、", "（一）", "第一章 "]);
    let words = vec(
        select(vec![
            "Opening Hours",
            "Harbour Trust",
            "grants",
            "Monday 9 to 17",
            "£20,000",
            "of the river",
            "in May.",
            "港口",
            "开放时间",
            "周一。",
            "Annex:",
            "555 0171",
            "**bold**",
        ]),
        1..4,
    );
    let numbered = (start, words, any::<u16>());
    numbered.prop_map(|(start, words, number)| format!("{start}{} {number}", words.join(" ")))
}

/// Generates lines with or without blank lines between them.
fn lines() -> impl Strategy<Value = String> {
    let separated_line = (line(), select(vec!["\n", "\n", "\n\n"]));
    vec(separated_line, 1..12).prop_map(|lines| {
        lines.into_iter().flat_map(|(line, end)| [line, end.to_owned()]).collect()
    })
}

/// Generates a web page of headings and paragraphs.
fn page() -> impl Strategy<Value = String> {
    let element = (select(vec!["h1", "h2", "h3", "p", "li", "div", "td"]), line());
    let elements = vec(element, 1..12);
    elements.prop_map(|elements| {
        let tags = elements.iter().map(|(name, text)| format!("<{name}>{text}</{name}>\n"));
        format!("<html><body><main>{}</main></body></html>", tags.collect::<String>())
    })
}

/// Generates a document of blocks of any kinds, as a reader of any format may return them.
fn document_of_blocks() -> impl Strategy<Value = Document> {
    let kind = prop_oneof![
        1 => Just(BlockKind::Title),
        4 => (1..5_u8).prop_map(BlockKind::Heading),
        3 => Just(BlockKind::Paragraph),
    ];
    (vec((kind, line()), 0..12), any::<bool>()).prop_map(|(blocks, has_title)| {
        let mut document = Document::new("x", String::new());
        for (kind, line) in blocks {
            let start = document.text.len();
            document.text.push_str(&line);
            document.blocks.push(Block { span: (start, document.text.len()).into(), kind });
            document.text.push_str("\n\n");
            if kind == BlockKind::Title && has_title {
                document.title = Some(line);
            }
        }
        document
    })
}

/// Returns the letters and digits of a text.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Checks that each line of the text stands in a passage, is the title, or is a heading of a passage that begins after
/// the line.
fn check_lines_are_shown(document: &Document) -> Result<(), TestCaseError> {
    let passages = passages(document);
    let is_shown_above = |passage: &Passage, line: &str| {
        passage.headings.iter().any(|heading| letters(heading).contains(line))
    };
    let title = letters(document.title.as_deref().unwrap_or_default());
    let mut offset = 0;
    for line in document.text.split_inclusive('\n') {
        let line_letters = letters(line);
        let end = offset + line.trim_end().len();
        let is_passage = passages.iter().any(|passage| {
            passage.span.start < end
                && passage.span.end > offset + line.len() - line.trim_start().len()
        });
        let later_passages = passages.iter().filter(|passage| passage.span.start >= end);
        prop_assert!(
            line_letters.is_empty()
                || is_passage
                || title.contains(&line_letters)
                || later_passages.clone().any(|passage| is_shown_above(passage, &line_letters)),
            "{line:?} is not shown: {passages:#?}"
        );
        offset += line.len();
    }
    Ok(())
}

/// Checks that each heading of a passage stands in the text above the passage.
fn check_headings_are_text(document: &Document) -> Result<(), TestCaseError> {
    for passage in passages(document) {
        let text_above = letters(document.text.get(..passage.span.start).unwrap_or_default());
        for heading in &passage.headings {
            prop_assert!(text_above.contains(&letters(heading)), "{heading:?}");
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn every_line_of_a_text_is_shown(text in prop_oneof![lines(), page(), any::<String>()]) {
        for format in Format::ALL {
            for document in read_all(*format, "x", text.as_bytes()).into_iter().flatten() {
                check_lines_are_shown(&document)?;
                check_headings_are_text(&document)?;
            }
        }
    }

    #[test]
    fn every_line_of_any_sequence_of_blocks_is_shown(document in document_of_blocks()) {
        check_lines_are_shown(&document)?;
        check_headings_are_text(&document)?;
    }

    #[test]
    fn every_line_of_a_plain_text_is_read(text in lines()) {
        for document in read_all(Format::Text, "x", text.as_bytes()).into_iter().flatten() {
            let values = document.metadata.values().chain(&document.title).map(String::as_str);
            let read: BTreeSet<String> =
                values.flat_map(str::lines).chain(document.text.lines()).map(letters).collect();
            for line in text.lines().map(letters).filter(|line| !line.is_empty()) {
                prop_assert!(read.iter().any(|read_line| read_line.contains(&line)), "{line:?} is lost: {document:?}");
            }
        }
    }
}
