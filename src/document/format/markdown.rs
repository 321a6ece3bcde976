//! Markdown → a document: visible text in blocks, front matter as metadata.

use std::mem;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use saphyr::{LoadableYamlNode, Yaml};

use super::html;
use crate::document::{
    BlockKind, Document,
    blocks::{BlockBuilder, is_wide},
    heading,
    metadata::language,
};

/// A longer line in bold is an emphasized paragraph.
const MAX_BOLD_CHARS: usize = 120;
/// Keys of front matter whose value is better than no text.
const SUMMARIES: [&str; 4] = ["summary", "description", "deck", "abstract"];

pub(in crate::document) fn read(id: &str, source: &str) -> Document {
    let (front, body) = front_matter(source);
    let mut document = Document::new(id, String::new());
    if let Some(front) = front {
        describe(&mut document, front);
    }
    let mut reading = Reading::default();
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    Parser::new_ext(body, options).for_each(|event| reading.event(event));
    reading.close_markup();
    reading.close();
    let mut summaries = SUMMARIES.iter().filter_map(|key| document.metadata.get(*key));
    if reading.blocks.blocks.is_empty()
        && let Some(summary) = summaries.find(|summary| !summary.trim().is_empty())
    {
        // An announcement of what is told elsewhere: its summary is all the text there is.
        reading.blocks.push(summary);
        reading.close();
    }
    (document.text, document.blocks) = (reading.blocks.text, reading.blocks.blocks);
    entitle(&mut document);
    document
}

/// The title is front matter's, else the first heading where no paragraph stands before it, else
/// what the first line looks like. A first heading that says the title is the title.
fn entitle(document: &mut Document) {
    let Document { title, text, blocks, inferred, origins, .. } = document;
    let Some(first) = blocks.first_mut() else { return };
    let line = first.span.of(text).trim();
    if matches!(first.kind, BlockKind::Heading(_))
        && title.as_deref().is_none_or(|title| title.trim() == line)
    {
        first.kind = BlockKind::Title;
        *title = Some(line.to_owned());
        origins.insert("title".to_owned(), "heading".to_owned());
    } else if title.is_none()
        && let Some(said) = heading::title_line(text)
    {
        if said == line {
            first.kind = BlockKind::Title;
        }
        *title = Some(said.to_owned());
        inferred.push("title".to_owned());
        origins.insert("title".to_owned(), "first line".to_owned());
    }
}

/// The YAML between a first line `---` and the next `---` or `...`, and what follows.
fn front_matter(source: &str) -> (Option<&str>, &str) {
    let none = (None, source);
    let Some((open, rest)) = source.split_once('\n') else { return none };
    if open.trim_end() != "---" {
        return none;
    }
    let mut end = 0;
    for line in rest.split_inclusive('\n') {
        if matches!(line.trim_end(), "---" | "...") {
            return (rest.get(..end), rest.get(end + line.len()..).unwrap_or_default());
        }
        end += line.len();
    }
    none
}

fn describe(document: &mut Document, front: &str) {
    let loaded = match Yaml::load_from_str(front) {
        Ok(loaded) => loaded,
        Err(error) => {
            document.metadata.insert("front_matter_error".to_owned(), error.to_string());
            return;
        }
    };
    let Some(mapping) = loaded.first().and_then(Yaml::as_mapping) else { return };
    for (key, value) in mapping {
        if let Some((key, value)) = scalar(key).zip(flat(value)) {
            describe_field(document, key, value);
        }
    }
    document.set_all_origins("front matter");
}

fn describe_field(document: &mut Document, key: String, value: String) {
    match key.to_ascii_lowercase().as_str() {
        "title" => {
            document.title = Some(value.replace('\u{A0}', " ").trim().to_owned())
                .filter(|title| !title.is_empty());
        }
        "date" | "published" | "published_time" | "publish_date" if document.date.is_none() => {
            document.date = value.parse().ok();
            document.metadata.insert(key, value);
        }
        "issuer" | "agency" | "department" | "organization" => document.issuer = Some(value),
        "url" | "source_url" | "canonical_url" => document.url = Some(value),
        "lang" | "language" => document.lang = language::normalized_code(&value),
        _ => drop(document.metadata.insert(key, value)),
    }
}

fn flat(value: &Yaml<'_>) -> Option<String> {
    match value.as_sequence() {
        Some(values) => Some(values.iter().filter_map(scalar).collect::<Vec<_>>().join(", ")),
        None => scalar(value),
    }
}

fn scalar(value: &Yaml<'_>) -> Option<String> {
    let text = value.as_str().map(str::to_owned);
    let number = || value.as_integer().map(|number| number.to_string());
    let real = || value.as_floating_point().map(|number| number.to_string());
    let truth = || value.as_bool().map(|truth| truth.to_string());
    text.or_else(number).or_else(real).or_else(truth)
}

/// The document text and its blocks, as events come in.
#[derive(Default)]
struct Reading {
    blocks: BlockBuilder,
    level: Option<u8>,
    /// The level of the last heading that markup made: those in bold stand under it.
    above: u8,
    /// How many lists and bold elements are around, and whether all of the block is bold.
    lists: u32,
    bold: u32,
    plain: bool,
    /// HTML that stands between the paragraphs, so far: a table may have blank lines in it.
    markup: String,
}

impl Reading {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Html(markup) => return self.markup.push_str(&markup),
            Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock) => return self.close(),
            _ => self.close_markup(),
        }
        match &event {
            Event::Start(Tag::List(_)) => self.lists += 1,
            Event::End(TagEnd::List(_)) => self.lists = self.lists.saturating_sub(1),
            Event::Start(Tag::Strong) => self.bold += 1,
            Event::End(TagEnd::Strong) => self.bold = self.bold.saturating_sub(1),
            Event::Text(text) if self.bold == 0 => self.plain |= !text.trim().is_empty(),
            Event::Code(_) | Event::Start(Tag::TableCell) => self.plain = true,
            _ => {}
        }
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                self.close();
                self.level = Some(number(level));
                self.above = number(level);
            }
            Event::End(TagEnd::Heading(_)) => {
                self.close();
                self.level = None;
            }
            Event::Start(
                Tag::Paragraph
                | Tag::Item
                | Tag::BlockQuote(_)
                | Tag::CodeBlock(_)
                | Tag::List(_)
                | Tag::TableHead
                | Tag::TableRow,
            )
            | Event::End(
                TagEnd::Paragraph
                | TagEnd::Item
                | TagEnd::BlockQuote(_)
                | TagEnd::CodeBlock
                | TagEnd::List(_)
                | TagEnd::TableHead
                | TagEnd::TableRow,
            )
            | Event::Rule => self.close(),
            Event::Start(Tag::TableCell) if !self.blocks.open_text().is_empty() => {
                self.blocks.push(" | ");
            }
            Event::Text(text) | Event::Code(text) => self.blocks.push(&text),
            Event::SoftBreak => self.soft_break(),
            Event::HardBreak => self.blocks.push("\n"),
            Event::InlineHtml(tag) if tag.starts_with("<br") => self.blocks.push("\n"),
            _ => {}
        }
    }

    /// A line break in the source is a space, but Chinese is written without.
    fn soft_break(&mut self) {
        if !self.blocks.open_text().ends_with(is_wide) {
            self.blocks.push(" ");
        }
    }

    /// Ends the block that is open, if it holds anything.
    fn close(&mut self) {
        let kind = self.level.or_else(|| self.bold_level());
        self.blocks.close(kind.map_or(BlockKind::Paragraph, BlockKind::Heading));
        self.plain = false;
    }

    /// Reads the HTML that has come.
    fn close_markup(&mut self) {
        if self.markup.is_empty() {
            return;
        }
        // What cannot be read as HTML says nothing that could be shown.
        if let Ok(part) = html::part(&mem::take(&mut self.markup)) {
            self.blocks.append(&part);
        }
    }

    /// The level of a short paragraph that is bold as a whole and ends no sentence.
    fn bold_level(&self) -> Option<u8> {
        let line = self.blocks.open_text().trim();
        let heads = !self.plain
            && self.lists == 0
            && !line.contains('\n')
            && line.chars().count() <= MAX_BOLD_CHARS
            && !heading::ends_with_punctuation(line);
        (heads && !line.is_empty()).then(|| self.above + 1)
    }
}

const fn number(level: HeadingLevel) -> u8 {
    level as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_becomes_blocks() {
        let document = read(
            "x",
            "# A *title*\n\nSoft\nbreak with a [link](http://x).\n\n## Two\n\n- one\n- two\n\n| a | b |\n|---|---|\n| c | d |\n\n**Three**\n\n中文\n接行\n\n**Bold** and not.\n\n- **four**\n",
        );
        let shown: Vec<_> = document
            .blocks
            .iter()
            .map(|block| (block.kind, block.span.of(&document.text)))
            .collect();
        let paragraph = BlockKind::Paragraph;
        assert_eq!(
            shown,
            [
                (BlockKind::Title, "A title"),
                (paragraph, "Soft break with a link."),
                (BlockKind::Heading(2), "Two"),
                (paragraph, "one"),
                (paragraph, "two"),
                (paragraph, "a | b"),
                (paragraph, "c | d"),
                (BlockKind::Heading(3), "Three"),
                (paragraph, "中文接行"),
                (paragraph, "Bold and not."),
                (paragraph, "four"),
            ]
        );
        assert_eq!(document.title.as_deref(), Some("A title"));
    }

    #[test]
    fn html_between_paragraphs_is_read() {
        let document = read(
            "x",
            "Text.\n\n<style>\np { }\n</style>\n<h3>Act</h3>\n<p>One <b>two</b></p>\n\n<table>\n<tr><td>a</td>\n\n<td>b</td></tr>\n<tr><td>c</td><td>d</td></tr></table>\n\nMore<br>text.\n<!-- END -->\n",
        );
        let shown: Vec<_> =
            document.blocks.iter().map(|block| block.span.of(&document.text)).collect();
        assert_eq!(shown, ["Text.", "Act", "One two", "a | b", "c | d", "More\ntext."]);
        assert_eq!(document.blocks[1].kind, BlockKind::Heading(3));
    }

    #[test]
    fn front_matter_is_metadata() {
        let document = read(
            "x",
            "---  \ntitle: \"T: one\"\ndate: '2022-01-11'\nsource_url: https://x.gov/y\ntags: [a, b]\n---\nBody.\n",
        );
        assert_eq!(document.title.as_deref(), Some("T: one"));
        assert_eq!(document.date, "2022-01-11".parse().ok());
        assert_eq!(document.url.as_deref(), Some("https://x.gov/y"));
        assert_eq!(document.metadata["tags"], "a, b");
        assert_eq!(document.text.trim(), "Body.");
    }

    #[test]
    fn a_summary_is_better_than_no_text() {
        for front in ["summary: Ports grow.", "summary: ''\ndeck: Ports grow."] {
            let document = read("x", &format!("---\ntitle: T\n{front}\n---\n"));
            let read = (document.title.as_deref(), document.text.trim());
            assert_eq!(read, (Some("T"), "Ports grow."), "{front}");
        }
    }

    #[test]
    fn broken_front_matter_is_said_and_the_text_kept() {
        let document = read("x", "---\ntitle: [\n---\nBody.\n");
        assert!(document.metadata.contains_key("front_matter_error"));
        assert_eq!(document.text.trim(), "Body.");
    }
}
