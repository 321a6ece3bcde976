//! Reads Markdown as a document. The visible text becomes blocks, and front matter becomes metadata.

use std::{borrow::Cow, mem};

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::{front_matter, html};
use crate::{
    document::{
        blocks::BlockBuilder,
        heading,
        metadata::title::demote_letterhead,
        model::{BlockKind, Document},
        stray_markup::remove_stray_markup,
    },
    script::is_wide,
};

/// Maximum number of characters of a bold line that counts as a heading. A longer bold line is an
/// emphasized paragraph.
const MAX_BOLD_HEADING_CHARS: usize = 120;
/// Indent of the first line of a paragraph in Chinese.
const CHINESE_PARAGRAPH_INDENT: &str = "\u{3000}\u{3000}";
/// Front matter keys of summaries. A summary becomes the text of a document without a body.
const SUMMARY_KEYS: [&str; 4] = ["summary", "description", "deck", "abstract"];

/// Reads a Markdown text as a document.
pub(super) fn read(id: &str, source: &str) -> Document {
    let front_matter = front_matter::split_front_matter(source);
    let body = front_matter.body;
    let mut document = Document::new(id, String::new());
    front_matter::fill_metadata(&mut document, front_matter);
    let mut writer = MarkdownBlockWriter::default();
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    Parser::new_ext(body, options).for_each(|event| writer.handle_event(event));
    writer.add_collected_html();
    writer.close_block();
    let mut summaries = SUMMARY_KEYS.iter().filter_map(|key| document.metadata.get(*key));
    if writer.blocks.blocks.is_empty()
        && let Some(summary) = summaries.find(|summary| !summary.trim().is_empty())
    {
        // A page without a body only announces a text that is published elsewhere.
        writer.blocks.push(summary);
        writer.close_block();
    }
    (document.text, document.blocks) = (writer.blocks.text, writer.blocks.blocks);
    (document.left_out, document.unread) = (writer.blocks.left_out, writer.unread);
    set_title(&mut document);
    document
}

/// Sets the title of the document. The sources, in order of precedence: the front matter, the first block below the
/// letterhead if it is a heading, the first line of the text if it looks like a title. The first block below the
/// letterhead becomes the title block if it equals the title.
fn set_title(document: &mut Document) {
    let Document { title, text, blocks, inferred, origins, .. } = document;
    let first_index = if title.is_none() { demote_letterhead(text, blocks) } else { 0 };
    let Some(first_block) = blocks.get_mut(first_index) else { return };
    let first_block_text = first_block.span.of(text).trim();
    if matches!(first_block.kind, BlockKind::Heading(_))
        && title.as_deref().is_none_or(|title| title.trim() == first_block_text)
    {
        first_block.kind = BlockKind::Title;
        *title = Some(first_block_text.to_owned());
        origins.insert("title".to_owned(), "heading".to_owned());
    } else if title.is_none()
        && let Some(first_line) = heading::title_in_first_line(text)
    {
        if first_line == first_block_text {
            first_block.kind = BlockKind::Title;
        }
        *title = Some(first_line.to_owned());
        inferred.push("title".to_owned());
        origins.insert("title".to_owned(), "first line".to_owned());
    }
}

/// Converts the events of the Markdown parser to the blocks of a document.
#[derive(Default)]
struct MarkdownBlockWriter {
    blocks: BlockBuilder,
    /// Level of the current heading; `None` outside of headings.
    heading_level: Option<u8>,
    /// Level of the last heading with heading markup. A bold line that counts as a heading is one level below.
    last_heading_level: u8,
    /// Number of the next item of each list that contains the current position, outermost first. `None` for a list
    /// without numbers.
    lists: Vec<Option<u64>>,
    /// Label of the list item that has begun, such as `2.`. Empty as soon as the item has text.
    item_label: String,
    /// Number of bold elements that contain the current position.
    bold_depth: u32,
    /// Whether a line break in the current block directly precedes the current position.
    is_line_start: bool,
    /// Whether the current block contains text that is not bold.
    has_plain_text: bool,
    /// HTML that has not been parsed yet. Adjacent HTML blocks are parsed together, because Markdown splits a table at
    /// a blank line into two HTML blocks.
    html: String,
    /// Error messages on HTML that could not be read.
    unread: Vec<String>,
}

impl MarkdownBlockWriter {
    fn handle_event(&mut self, event: Event<'_>) {
        match event {
            Event::Html(html) => return self.html.push_str(&html),
            Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock) => {
                return self.close_block();
            }
            _ => self.add_collected_html(),
        }
        match &event {
            Event::Start(Tag::List(first_number)) => self.lists.push(*first_number),
            Event::End(TagEnd::List(_)) => drop(self.lists.pop()),
            Event::End(TagEnd::Item) => self.item_label.clear(),
            Event::Start(Tag::Strong) => self.bold_depth += 1,
            Event::End(TagEnd::Strong) => self.bold_depth = self.bold_depth.saturating_sub(1),
            Event::Text(text) if self.bold_depth == 0 => {
                self.has_plain_text |= !text.trim().is_empty();
            }
            Event::Code(_) | Event::Start(Tag::TableCell) => self.has_plain_text = true,
            _ => {}
        }
        self.add_item_label(&event);
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                self.close_block();
                self.heading_level = Some(level_number(level));
                self.last_heading_level = level_number(level);
            }
            Event::End(TagEnd::Heading(_)) => {
                self.close_block();
                self.heading_level = None;
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
            | Event::Rule => self.close_block(),
            Event::Start(Tag::TableCell) if !self.blocks.current_text().is_empty() => {
                self.blocks.push(" | ");
            }
            Event::Text(text) | Event::Code(text) => self.add_text(&text),
            Event::SoftBreak => self.add_soft_break(),
            Event::HardBreak => {
                self.blocks.push("\n");
                self.is_line_start = true;
            }
            Event::InlineHtml(tag) if tag.starts_with("<br") => self.blocks.push("\n"),
            _ => {}
        }
    }

    /// Records the number of a list item at the beginning of the item, and adds it before the first text of the item.
    fn add_item_label(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(Tag::Item) => {
                let number = self.lists.last_mut().and_then(Option::as_mut);
                self.item_label = number
                    .map(|number| {
                        let label = format!("{number}. ");
                        *number = number.saturating_add(1);
                        label
                    })
                    .unwrap_or_default();
            }
            Event::Text(_) | Event::Code(_) if self.blocks.current_text().trim().is_empty() => {
                let label = mem::take(&mut self.item_label);
                self.blocks.push(&label);
            }
            _ => {}
        }
    }

    /// Adds text to the current block. A line that begins with two ideographic spaces, the indent of a Chinese
    /// paragraph, begins a new paragraph.
    fn add_text(&mut self, text: &str) {
        let current_text = self.blocks.current_text();
        let is_open = !current_text.trim().is_empty() && self.heading_level.is_none();
        if is_open && self.is_line_start && text.starts_with(CHINESE_PARAGRAPH_INDENT) {
            self.close_block();
        }
        self.is_line_start = false;
        self.blocks.push(text);
    }

    /// Adds a space in place of a line break in the source. Adds nothing after Chinese text, which
    /// is written without spaces.
    fn add_soft_break(&mut self) {
        self.is_line_start = true;
        if !self.blocks.current_text().ends_with(is_wide) {
            self.blocks.push(" ");
        }
    }

    /// Finishes the current block. Removes markup that the Markdown parser has left in the text.
    fn close_block(&mut self) {
        if let Cow::Owned(cleaned_text) = remove_stray_markup(self.blocks.current_text()) {
            self.blocks.discard_current_block();
            self.blocks.push(&cleaned_text);
        }
        let level = self.heading_level.or_else(|| self.bold_heading_level());
        self.blocks.finish_block(level.map_or(BlockKind::Paragraph, BlockKind::Heading));
        self.has_plain_text = false;
    }

    /// Parses the collected HTML and adds its blocks.
    fn add_collected_html(&mut self) {
        if self.html.is_empty() {
            return;
        }
        match html::read_fragment(&mem::take(&mut self.html)) {
            Ok(html_blocks) => self.blocks.append(&html_blocks),
            Err(reason) => self.unread.push(format!("a piece of HTML {reason}")),
        }
    }

    /// Returns the heading level of the current block if the block is a short line, is entirely in
    /// bold, and does not end a sentence; `None` for any other block.
    fn bold_heading_level(&self) -> Option<u8> {
        let line = self.blocks.current_text().trim();
        let is_heading = !line.is_empty()
            && !self.has_plain_text
            && self.lists.is_empty()
            && !line.contains('\n')
            && line.chars().count() <= MAX_BOLD_HEADING_CHARS
            && !heading::ends_with_punctuation(line);
        is_heading.then(|| self.last_heading_level + 1)
    }
}

const fn level_number(level: HeadingLevel) -> u8 {
    level as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kind_of_document_above_the_title_is_no_title() {
        for (markdown, expected) in [
            ("# PRESS RELEASE\n\n5 March 2024\n\n## Ports Grow\n\nText.\n", Some("Ports Grow")),
            ("PRESS RELEASE\n\n# Ports Grow\n\nText.\n", Some("Ports Grow")),
            ("# PRESS RELEASE\n\nThe port opened.\n", None),
        ] {
            assert_eq!(read("x", markdown).title.as_deref(), expected, "{markdown}");
        }
    }

    #[test]
    fn markup_becomes_blocks() {
        let document = read(
            "x",
            "# A *title*\n\nSoft\nbreak with a [link](http://x).\n\n## Two\n\n- one\n- two\n\n| a | b |\n|---|---|\n| c | d |\n\n**Three**\n\n中文\n接行\n\n**Bold** and not.\n\n- **four**\n",
        );
        let blocks: Vec<_> = document
            .blocks
            .iter()
            .map(|block| (block.kind, block.span.of(&document.text)))
            .collect();
        let paragraph = BlockKind::Paragraph;
        assert_eq!(
            blocks,
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
    fn html_between_paragraphs_becomes_blocks() {
        let document = read(
            "x",
            "Text.\n\n<style>\np { }\n</style>\n<h3>Act</h3>\n<p>One <b>two</b></p>\n\n<table>\n<tr><td>a</td>\n\n<td>b</td></tr>\n<tr><td>c</td><td>d</td></tr></table>\n\nMore<br>text.\n<!-- END -->\n",
        );
        let texts: Vec<_> =
            document.blocks.iter().map(|block| block.span.of(&document.text)).collect();
        assert_eq!(texts, ["Text.", "Act", "One two", "a | b", "c | d", "More\ntext."]);
        assert_eq!(document.blocks[1].kind, BlockKind::Heading(3));
    }

    #[test]
    fn markup_that_the_parser_leaves_in_the_text_is_removed() {
        let document = read(
            "x",
            "---\ntitle: Law &amp; Order&#8217;s **Ports**\n---\n## Two {#two}\n\n**Bold **text[^1] in [[Ports|the ports]].\n\n{{< figure src=\"x.png\" >}}\n\n[^1]: A note.\n",
        );
        let texts: Vec<_> =
            document.blocks.iter().map(|block| block.span.of(&document.text)).collect();
        assert_eq!(texts, ["Two", "Bold text in the ports.", "A note."]);
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
    fn items_keep_their_numbers_and_indented_lines_are_paragraphs() {
        let document = read(
            "x",
            "14. one\n15. **two**\n\n    more\n\n- x\n\n　　第一段。\n　　第二段，\n接行。  \n　　第三段。\n",
        );
        let blocks: Vec<&str> =
            document.blocks.iter().map(|block| block.span.of(&document.text)).collect();
        assert_eq!(
            blocks,
            ["14. one", "15. two", "more", "x", "第一段。", "第二段，接行。", "第三段。"]
        );
    }

    #[test]
    fn a_summary_replaces_a_missing_text() {
        for front_matter in ["summary: Ports grow.", "summary: ''\ndeck: Ports grow."] {
            let document = read("x", &format!("---\ntitle: T\n{front_matter}\n---\n"));
            let title_and_text = (document.title.as_deref(), document.text.trim());
            assert_eq!(title_and_text, (Some("T"), "Ports grow."), "{front_matter}");
        }
    }

    #[test]
    fn broken_front_matter_is_reported_and_the_body_is_read() {
        let document = read("x", "---\ntitle: [\n---\nBody.\n");
        assert!(document.metadata.contains_key("front_matter_error"));
        assert_eq!(document.text.trim(), "Body.");
    }
}
