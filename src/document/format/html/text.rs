//! The content of a page → its text in blocks: a block for each heading, paragraph, item of a list and
//! row of a table.

use super::{
    main_content::Content,
    metadata,
    table::{self, Use},
    tree::{Id, Step, Tree, is_inline},
};
use crate::document::{
    BlockKind,
    blocks::{BlockBuilder, is_wide},
    heading,
};

/// Longer lines in bold are emphasized paragraphs.
const MAX_BOLD_HAN: usize = 40;
const MAX_BOLD_CHARS: usize = 120;
/// A line that is broken after fewer characters ends no paragraph by ending a sentence: it may be an
/// address.
const MIN_SENTENCE_CHARS: usize = 60;

/// A link of so few characters, alone in its block, is a letter of an index or the number of a page.
const MAX_INDEX_CHARS: usize = 2;

/// What the markup and the shape of a block say that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Heading(u8),
    /// A paragraph that begins with the number of a heading: 一、总体要求.
    Numbered(u8),
    /// A paragraph that is bold as a whole.
    Bold,
    Paragraph,
}

/// The text and blocks of the content; tables of labels are given to `labelled`, and not read.
pub(super) fn blocks(
    tree: &Tree,
    content: &Content,
    mut labelled: impl FnMut(Vec<(String, String)>),
) -> BlockBuilder {
    let address = metadata::address(tree).unwrap_or_default();
    let mut writing = Writing { address, ..Writing::default() };
    let mut skipped = None;
    for step in content.walk(tree) {
        match step {
            Step::Enter(id) if skipped.is_none() && tree.name(id) == "table" => {
                match table::use_of(tree, content, id) {
                    Use::Labels(pairs) => {
                        labelled(pairs);
                        skipped = Some(id);
                    }
                    Use::Data => writing.tables.push(true),
                    Use::Layout => writing.tables.push(false),
                }
                writing.close();
            }
            Step::Leave(id) if skipped == Some(id) => skipped = None,
            _ if skipped.is_some() => {}
            Step::Enter(id) => writing.enter(tree, id),
            Step::Leave(id) => writing.leave(tree, id),
        }
    }
    writing.close();
    writing.finished()
}

#[derive(Default)]
struct Writing {
    blocks: BlockBuilder,
    shapes: Vec<Shape>,
    /// The level of the heading that is open.
    level: Option<u8>,
    /// Of each table that is open, whether it is one of data.
    tables: Vec<bool>,
    /// How many elements around are bold, and preformatted.
    bold: u32,
    preformatted: u32,
    list: u32,
    /// How many links are around, and how many to a place on the same page; and how much of the block
    /// is in them.
    links: u32,
    anchors: u32,
    linked_chars: usize,
    anchor_chars: usize,
    /// The address of the page, where it says it.
    address: String,
    /// Whether a cell of a row has begun.
    cell: bool,
    space: Space,
    /// How much of the block that is open is bold, and how much is not.
    bold_chars: usize,
    plain_chars: usize,
}

/// White space that has come since the last visible character.
#[derive(Default, Clone, Copy)]
struct Space {
    any: bool,
    line: bool,
    wide: bool,
    /// `<br>`, and no-break or ideographic spaces since the last one.
    breaks: u32,
    indent: u32,
}

impl Writing {
    fn enter(&mut self, tree: &Tree, id: Id) {
        if let Some(text) = tree.text(id) {
            text.chars().for_each(|c| self.character(c));
            return;
        }
        let name = tree.name(id);
        self.bold += u32::from(is_bold(tree, id));
        self.preformatted += u32::from(name == "pre");
        self.list += u32::from(name == "li");
        self.links += u32::from(name == "a");
        self.anchors += u32::from(self.is_anchor(tree, id));
        match name {
            "br" => (self.space.breaks, self.space.indent) = (self.space.breaks + 1, 0),
            // What a label of a list says goes before what it stands for.
            "dd" if self.blocks.open_text().ends_with([':', '：']) => self.space.any = true,
            "td" | "th" if self.in_data() => self.cell = true,
            name if is_inline(name) => {}
            name if self.in_data() && name != "tr" => self.space.any = true,
            // A label in a box of its own stands before what it is a label of.
            "div" | "section" if self.is_label() => self.space.any = true,
            name => {
                self.close();
                self.level = heading_level(name);
            }
        }
    }

    fn leave(&mut self, tree: &Tree, id: Id) {
        let name = tree.name(id);
        match name {
            "table" => {
                self.close();
                self.tables.pop();
            }
            "dt" if !self.blocks.open_text().trim().is_empty() => {
                let ended =
                    self.blocks.open_text().trim_end().ends_with([':', '：', '?', '？', '.']);
                self.blocks.push(if ended { "" } else { ":" });
            }
            "br" => {}
            "span" | "small" if self.is_kicker(tree, id) => {
                let level = self.level.take();
                self.close();
                self.level = level;
            }
            name if is_inline(name) => {}
            name if self.in_data() && name != "tr" => self.space.any = true,
            "div" if self.is_label() => self.space.any = true,
            _ => {
                self.close();
                self.level = None;
            }
        }
        self.bold -= u32::from(is_bold(tree, id));
        self.preformatted -= u32::from(name == "pre");
        self.list -= u32::from(name == "li");
        self.links -= u32::from(name == "a");
        self.anchors -= u32::from(self.is_anchor(tree, id));
    }

    /// Whether an element is a link to a place on the same page.
    fn is_anchor(&self, tree: &Tree, id: Id) -> bool {
        let target = tree.attribute(id, "href").filter(|_| tree.name(id) == "a");
        target.and_then(|target| target.split_once('#')).is_some_and(|(page, _)| {
            // An address may be whole, or begin at any of its slashes.
            let (address, page) = (self.address.to_lowercase(), page.to_lowercase());
            let rest = address.strip_suffix(&page);
            rest.is_some_and(|rest| {
                page.is_empty() || rest.is_empty() || page.starts_with('/') || rest.ends_with('/')
            })
        })
    }

    /// Whether a line in a heading that is an element of its own, with its break, is set above the
    /// heading: the kind of the article.
    fn is_kicker(&self, tree: &Tree, id: Id) -> bool {
        self.level.is_some() && self.space.breaks > 0 && tree.attribute(id, "class").is_some()
    }

    fn is_label(&self) -> bool {
        self.level.is_none() && table::is_label(self.blocks.open_text())
    }

    fn in_data(&self) -> bool {
        self.tables.last().copied().unwrap_or(false)
    }

    fn character(&mut self, c: char) {
        if c == '\n' && self.preformatted > 0 {
            self.space.breaks += 1;
        } else if c.is_whitespace() {
            self.space.any = true;
            self.space.line |= c == '\n';
            self.space.wide |= c == '\u{3000}';
            self.space.indent += u32::from(matches!(c, '\u{A0}' | '\u{3000}'));
        } else {
            self.visible(c);
        }
    }

    fn visible(&mut self, c: char) {
        let space = std::mem::take(&mut self.space);
        if self.blocks.open_text().is_empty() {
            // Nothing stands before it.
        } else if self.cell {
            self.blocks.push(" | ");
        } else if space.breaks > 0 && !self.in_data() {
            self.line_break(space);
        } else if space.any || space.breaks > 0 {
            let joined = space.line && is_wide(c) && self.blocks.open_text().ends_with(is_wide);
            self.blocks.push(match () {
                () if space.wide => "\u{3000}",
                () if joined => "",
                () => " ",
            });
        }
        self.cell = false;
        *(if self.bold > 0 { &mut self.bold_chars } else { &mut self.plain_chars }) += 1;
        self.linked_chars += usize::from(self.links > 0);
        self.anchor_chars += usize::from(self.anchors > 0);
        self.blocks.push(c.encode_utf8(&mut [0; 4]));
    }

    /// A line break ends a paragraph where it is doubled, where an indented line follows, where a
    /// sentence ends, and after a heading in bold.
    fn line_break(&mut self, space: Space) {
        let open = self.blocks.open_text();
        let sentence = open.ends_with(['。', '！', '？', '；'])
            || open.ends_with(['.', '!', '?']) && open.chars().count() >= MIN_SENTENCE_CHARS;
        let heading = self.bold == 0 && self.shape() == Shape::Bold;
        let ends = space.breaks > 1 || space.indent > 1 || sentence || heading;
        if ends && self.level.is_none() {
            self.close();
        } else {
            self.blocks.push("\n");
        }
    }

    /// Ends the block that is open, if it holds anything.
    fn close(&mut self) {
        let shape = self.shape();
        // A list of what is on the page, back to the top; a letter of an index, the number of a page:
        // furniture.
        let chars = self.bold_chars + self.plain_chars;
        let within = self.anchor_chars == chars;
        let index = self.linked_chars == chars && chars <= MAX_INDEX_CHARS;
        if (within || index) && !matches!(shape, Shape::Heading(_)) {
            self.blocks.discard_open();
        }
        if self.blocks.close(BlockKind::Paragraph) {
            self.shapes.push(shape);
        }
        (self.bold_chars, self.plain_chars) = (0, 0);
        (self.linked_chars, self.anchor_chars) = (0, 0);
        (self.space, self.cell) = (Space::default(), false);
    }

    fn shape(&self) -> Shape {
        let line = self.blocks.open_text().trim();
        if let Some(level) = self.level {
            return Shape::Heading(level);
        }
        let han = line.chars().filter(|&c| is_wide(c)).count();
        let short = han <= MAX_BOLD_HAN && line.chars().count() <= MAX_BOLD_CHARS;
        let lettered = line.chars().any(char::is_alphabetic);
        if self.in_data() || self.list > 0 || !short || !lettered || line.contains('\n') {
            return Shape::Paragraph;
        }
        if heading::is_numbered(line)
            && let Some(level) = heading::level(line)
        {
            return Shape::Numbered(level);
        }
        let bold = self.plain_chars == 0 && self.bold_chars > 1;
        if bold && !heading::ends_with_punctuation(line) { Shape::Bold } else { Shape::Paragraph }
    }

    /// Numbered headings stand under the last one that markup made, those in bold under both.
    fn finished(mut self) -> BlockBuilder {
        let numbered = self.shapes.iter().any(|shape| matches!(shape, Shape::Numbered(_)));
        let mut above = 0;
        for (block, shape) in self.blocks.blocks.iter_mut().zip(&self.shapes) {
            block.kind = match *shape {
                Shape::Heading(level) => {
                    above = level;
                    BlockKind::Heading(level)
                }
                Shape::Numbered(level) => BlockKind::Heading(above + level),
                Shape::Bold => BlockKind::Heading(above + if numbered { 4 } else { 1 }),
                Shape::Paragraph => BlockKind::Paragraph,
            };
        }
        self.blocks
    }
}

fn heading_level(name: &str) -> Option<u8> {
    let level = name.strip_prefix('h')?.parse().ok()?;
    (1..=6).contains(&level).then_some(level)
}

fn is_bold(tree: &Tree, id: Id) -> bool {
    let style = tree.attribute(id, "style").unwrap_or_default();
    let weight = style.split("font-weight:").nth(1).unwrap_or_default().trim_start();
    matches!(tree.name(id), "b" | "strong")
        || ["bold", "700", "800", "900"].iter().any(|bold| weight.starts_with(bold))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::format::html::parse;

    fn shown(markup: &str) -> Vec<String> {
        let tree = parse::tree(markup).unwrap();
        let blocks = blocks(&tree, &Content::whole(&tree), |_| {});
        let shown = blocks.blocks.iter().map(|block| {
            let text = block.span.of(&blocks.text);
            match block.kind {
                BlockKind::Heading(level) => format!("{level} {text}"),
                _ => text.to_owned(),
            }
        });
        shown.collect()
    }

    #[test]
    fn blocks_of_markup() {
        let cases: [(&str, &[&str]); 17] = [
            (
                "<link rel=canonical href=http://a/page><ul><li><a href=page#x>X y z</a><li><a href=b>B</a><li><a href=c>More</a></ul>",
                &["More"],
            ),
            (
                "<h2><a href='#a'>A</a></h2><p>x<a href='#n'>1</a><ul><li><a href=#b>B</a></ul><a href='#top'>Top</a>",
                &["2 A", "x1"],
            ),
            (
                "<div><div>Topic:</div><div><div>Ports</div><div>Rail</div></div>",
                &["Topic: Ports", "Rail"],
            ),
            (
                "<h1><span class=kind>Research<br></span>Ports and<br>Rail</h1>",
                &["Research", "1 Ports and\nRail"],
            ),
            ("<p>One  <b>two</b>\n three<p>Four &amp; five", &["One two three", "Four & five"]),
            (
                "<h1>Title</h1>loose<div>text<span>ual</span></div>",
                &["1 Title", "loose", "textual"],
            ),
            ("<ul><li>a<ul><li>b</ul><li><p>c</ul>", &["a", "b", "c"]),
            (
                "<table><tr><th>Year<th>Sum<tr><td>2024<td>3<p>million<tr><td><td>4<td></table>",
                &["Year | Sum", "2024 | 3 million", "4"],
            ),
            ("<table><tr><td><p>a<p>b<td><h2>c</h2></table>", &["a", "b", "2 c"]),
            ("<dl><dt>From<dd>The Office<dt>Date:<dd>May</dl>", &["From: The Office", "Date: May"]),
            ("<p>中文\n接行 &nbsp;</p><p>第一章　总则", &["中文接行", "1 第一章　总则"]),
            ("一。<br>二<br><br>三<br>四<br>　　五", &["一。", "二", "三\n四", "五"]),
            ("<p>725 17th St.<br>Washington", &["725 17th St.\nWashington"]),
            ("<p><b>结果</b><br>数字</p>", &["1 结果", "数字"]),
            (
                "<h2>总则</h2><p><span style='font-weight: bold'>一、要求</span><p>文。<p><b>方法</b>",
                &["2 总则", "4 一、要求", "文。", "6 方法"],
            ),
            (
                "<p><b>All of this is bold, but it is a sentence.</b>",
                &["All of this is bold, but it is a sentence."],
            ),
            ("<pre>a  b\n\nc</pre>", &["a b", "c"]),
        ];
        for (markup, expected) in cases {
            assert_eq!(shown(markup), expected, "{markup}");
        }
    }
}
