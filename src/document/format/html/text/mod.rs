//! Converts the main content of a page to blocks: one for each heading, paragraph, list item and
//! table row.

use std::mem;

use super::{
    block_state::{OpenElementCounts, OpenQuotations, PendingWhiteSpace, VisibleCharCounts},
    list_numbers::{ListNumberGenerator, begins_with_own_label},
    main_content::MainContent,
    metadata,
    preformatted::{PreformattedPart, split_tables},
    table::{self, RepeatedCells, TablePurpose},
    tree::{NodeId, Tree, TreeStep, is_inline},
};
use crate::{
    document::{
        blocks::BlockBuilder,
        format::{
            formula::{FormulaElement, FormulaText, needs_space_before_formula, trim_xml_space},
            raised_text::{RaisedText, superscript},
        },
        heading,
        left_out::{LeftOut, LeftOutReason},
        model::BlockKind,
    },
    script::{CHINESE_SENTENCE_ENDS, ENGLISH_SENTENCE_ENDS, is_wide},
};

/// Maximum number of wide (East Asian) characters of a bold heading. A bold line with more is an
/// emphasized paragraph.
const MAX_BOLD_HEADING_WIDE_CHARS: usize = 40;
/// Maximum number of characters of a bold heading, wide characters included.
const MAX_BOLD_HEADING_CHARS: usize = 120;
/// Minimum number of characters of a paragraph that `<br>` ends after the end of an English sentence. A shorter text
/// may belong to an address.
const MIN_CHARS_OF_PARAGRAPH_BEFORE_BR: usize = 60;
/// Maximum length, in characters, of a link that is a letter of an alphabetical index or a page number. A block that is
/// only such a link is boilerplate.
const MAX_INDEX_LINK_CHARS: usize = 2;
/// Number of heading levels by which a bold heading is below the last heading element.
const BOLD_HEADING_LEVEL_OFFSET: u8 = 1;
/// Number of heading levels by which a bold heading is below the last heading element on a page with numbered headings.
/// The number is large because bold headings are below numbered headings.
const BOLD_HEADING_LEVEL_OFFSET_BELOW_NUMBERED: u8 = 4;

/// Form of a block, determined by its markup and its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BlockForm {
    Heading(u8),
    /// A paragraph that begins with a heading number (一、总体要求), with the level of the heading
    /// number.
    NumberedHeading(u8),
    /// A short paragraph that is entirely in bold.
    BoldHeading,
    Paragraph,
}

/// Returns the text and blocks of the content.
pub(super) fn convert_to_blocks(tree: &Tree, content: &MainContent) -> BlockBuilder {
    let page_address = metadata::canonical_url(tree).unwrap_or_default().to_lowercase();
    let mut writer = HtmlBlockWriter { page_address, ..HtmlBlockWriter::default() };
    for step in content.walk(tree) {
        match step {
            TreeStep::Enter(id) if tree.name(id) == "table" => {
                let table_use = table::purpose_of_table(tree, content, id);
                writer.data_table_flags.push(table_use != TablePurpose::Layout);
                writer.close_block();
                if table_use != TablePurpose::Layout {
                    writer.repeated_cells = RepeatedCells::find(tree, content, id);
                }
            }
            TreeStep::Enter(id) => {
                writer.enter_node(tree, id);
                writer.repeat_cells_before(tree, content, id);
            }
            TreeStep::Leave(id) => {
                let row_end = writer.repeated_cells.row_ends.remove(&id).unwrap_or_default();
                writer.repeat_cells(tree, content, &row_end);
                writer.leave_node(tree, id);
            }
        }
    }
    writer.close_block();
    writer.into_blocks_with_levels()
}

/// Builds the blocks of a page while walking over its content.
#[derive(Default)]
struct HtmlBlockWriter {
    blocks: BlockBuilder,
    /// Form of each finished block.
    block_forms: Vec<BlockForm>,
    /// Canonical URL of the page, in lower case.
    page_address: String,
    /// Level of the unclosed heading element. `None` outside of headings.
    heading_level: Option<u8>,
    /// Whether each unclosed table is a data table, outermost first.
    data_table_flags: Vec<bool>,
    /// Numbers of each unclosed list, outermost first. `None` for a list without numbers.
    open_lists: Vec<Option<ListNumberGenerator>>,
    /// Label of the list item that has begun, such as `2.`. Empty as soon as the item has text.
    item_label: String,
    open_elements: OpenElementCounts,
    /// Numbers of characters of the current block.
    char_counts: VisibleCharCounts,
    /// Whether a cell of a data table began after the last visible character was added.
    is_cell_start: bool,
    /// Cells of the open data table that are written again in another place.
    repeated_cells: RepeatedCells,
    /// White space since the last visible character.
    white_space: PendingWhiteSpace,
    /// Meaning of the text in the open superscript element (`sup`), such as an exponent or a footnote mark.
    raised_text: RaisedText,
    /// Formula (`math`) that is being read.
    formula: Option<FormulaText>,
    quotations: OpenQuotations,
}

impl HtmlBlockWriter {
    /// Writes again the cells of the rows above that extend into the current row before `cell`, and the header cells
    /// above `cell`.
    fn repeat_cells_before(&mut self, tree: &Tree, content: &MainContent, cell: NodeId) {
        if let Some(copies) = self.repeated_cells.before_cells.remove(&cell) {
            self.repeat_cells(tree, content, &copies);
            self.is_cell_start = true;
        }
        for header in self.repeated_cells.headers.remove(&cell).unwrap_or_default() {
            self.repeat_content(tree, content, header);
            self.white_space.has_space = true;
        }
    }

    /// Writes cells again, each as a cell of the current row.
    fn repeat_cells(&mut self, tree: &Tree, content: &MainContent, cells: &[NodeId]) {
        for &cell in cells {
            self.is_cell_start = true;
            self.repeat_content(tree, content, cell);
        }
    }

    /// Writes the content of a cell again.
    fn repeat_content(&mut self, tree: &Tree, content: &MainContent, cell: NodeId) {
        for step in content.walk_content_below(tree, cell) {
            match step {
                TreeStep::Enter(id) | TreeStep::Leave(id) if id == cell => {}
                TreeStep::Enter(id) => self.enter_node(tree, id),
                TreeStep::Leave(id) => self.leave_node(tree, id),
            }
        }
    }

    /// Begins an element or a text of a formula. Returns `false` for a node that is not part of a formula.
    fn enter_formula_node(&mut self, tree: &Tree, id: NodeId) -> bool {
        if self.formula.is_none() && tree.name(id) != "math" {
            return false;
        }
        let text = tree.text(id).map(trim_xml_space);
        let formula = self.formula.get_or_insert_default();
        formula.open(match text {
            Some("") => FormulaElement::Hidden,
            _ => FormulaElement::of_mathml(tree.name(id)),
        });
        formula.add_text(text.unwrap_or_default());
        true
    }

    /// Ends an element or a text of a formula, and writes a complete formula. Returns `false` if no formula is open.
    fn leave_formula_node(&mut self) -> bool {
        let Some(formula) = &mut self.formula else { return false };
        if let Some(text) = formula.close() {
            self.formula = None;
            self.white_space.has_space |=
                needs_space_before_formula(self.blocks.current_text(), &text);
            self.add_running_text(&text);
        }
        true
    }

    fn enter_node(&mut self, tree: &Tree, id: NodeId) {
        if self.enter_formula_node(tree, id) {
            return;
        }
        if let Some(text) = tree.text(id) {
            self.add_text(text);
            return;
        }
        let name = tree.name(id);
        match name {
            "ol" | "ul" => self.open_lists.push(ListNumberGenerator::of_list(tree, id)),
            "li" => {
                let numbers = self.open_lists.last_mut().and_then(Option::as_mut);
                self.item_label =
                    numbers.map(|numbers| numbers.next_item_label(tree, id)).unwrap_or_default();
            }
            "sup" => self.enter_raised_text(tree, id),
            "q" => self.enter_quotation(tree, id),
            _ => {}
        }
        self.open_elements.open_bold_elements += u32::from(is_bold(tree, id));
        self.open_elements.open_preformatted_elements += u32::from(name == "pre");
        self.open_elements.open_list_items += u32::from(name == "li");
        self.open_elements.open_links += u32::from(name == "a");
        self.open_elements.open_links_to_anchors += u32::from(self.is_link_to_anchor(tree, id));
        match name {
            "br" => {
                self.white_space.line_break_count += 1;
                self.white_space.indent_space_count = 0;
            }
            // The value in `<dd>` stays on one line with its label in `<dt>` if the label ends in a
            // colon.
            "dd" if self.blocks.current_text().ends_with([':', '：']) => {
                self.white_space.has_space = true;
            }
            "td" | "th" if self.is_in_data_table() => self.is_cell_start = true,
            name if is_inline(name) => {}
            name if self.is_in_data_table() && name != "tr" => self.white_space.has_space = true,
            // The value after a label in a `div` of its own stays on one line with the label.
            "div" | "section" if self.is_label_without_value() => self.white_space.has_space = true,
            name => {
                self.close_block();
                self.heading_level = heading_level(name);
            }
        }
    }

    fn leave_node(&mut self, tree: &Tree, id: NodeId) {
        if self.leave_formula_node() {
            return;
        }
        let name = tree.name(id);
        match name {
            "table" => {
                self.close_block();
                self.data_table_flags.pop();
            }
            "dt" if !self.blocks.current_text().trim().is_empty() => {
                let is_closed =
                    self.blocks.current_text().trim_end().ends_with([':', '：', '?', '？', '.']);
                self.blocks.push(if is_closed { "" } else { ":" });
            }
            "br" => {}
            "span" | "small" if self.is_heading_kicker(tree, id) => {
                let level = self.heading_level.take();
                self.close_block();
                self.heading_level = level;
            }
            name if is_inline(name) => {}
            name if self.is_in_data_table() && name != "tr" => self.white_space.has_space = true,
            "div" if self.is_label_without_value() => self.white_space.has_space = true,
            _ => {
                self.close_block();
                self.heading_level = None;
            }
        }
        match name {
            "ol" | "ul" => drop(self.open_lists.pop()),
            "li" => self.item_label.clear(),
            "sup" => self.raised_text = RaisedText::Plain,
            "q" => self.leave_quotation(),
            _ => {}
        }
        self.open_elements.open_bold_elements -= u32::from(is_bold(tree, id));
        self.open_elements.open_preformatted_elements -= u32::from(name == "pre");
        self.open_elements.open_list_items -= u32::from(name == "li");
        self.open_elements.open_links -= u32::from(name == "a");
        self.open_elements.open_links_to_anchors -= u32::from(self.is_link_to_anchor(tree, id));
    }

    /// Returns whether an element is a link to an anchor on the same page.
    fn is_link_to_anchor(&self, tree: &Tree, id: NodeId) -> bool {
        if tree.name(id) != "a" {
            return false;
        }
        let link_target =
            tree.attribute(id, "href").and_then(|link_target| link_target.split_once('#'));
        link_target.is_some_and(|(target_page, _)| {
            // The link target before `#` may be the full URL of the page, or the part of this URL
            // after any slash.
            let target_page = target_page.to_lowercase();
            let url_prefix = self.page_address.strip_suffix(&target_page);
            url_prefix.is_some_and(|url_prefix| {
                target_page.is_empty()
                    || url_prefix.is_empty()
                    || target_page.starts_with('/')
                    || url_prefix.ends_with('/')
            })
        })
    }

    /// Returns whether an element is a kicker: a separate line inside a heading element, such as
    /// the type of the article.
    fn is_heading_kicker(&self, tree: &Tree, id: NodeId) -> bool {
        self.heading_level.is_some()
            && self.white_space.line_break_count > 0
            && tree.attribute(id, "class").is_some()
    }

    /// Returns whether the current block is only a label, such as `Date:`, so that the following
    /// text is the value of the label.
    fn is_label_without_value(&self) -> bool {
        self.heading_level.is_none() && table::is_label(self.blocks.current_text())
    }

    fn is_in_data_table(&self) -> bool {
        self.data_table_flags.last().copied().unwrap_or(false)
    }

    fn enter_raised_text(&mut self, tree: &Tree, id: NodeId) {
        let is_separate = self.white_space.has_space || self.white_space.line_break_count > 0;
        let before = self.blocks.current_text();
        let is_attached = !is_separate && !self.is_cell_start;
        self.raised_text = tree.raised_text(id, if is_attached { before } else { "" });
        let is_numerator = self.raised_text == RaisedText::Plain
            && before.ends_with(|c: char| c.is_ascii_digit())
            && tree.first_char(id).is_some_and(|c| c.is_ascii_digit());
        self.white_space.has_space |= is_numerator;
    }

    /// Adds the quotation mark that a browser shows before a quotation, unless the page has one itself.
    fn enter_quotation(&mut self, tree: &Tree, id: NodeId) {
        let first_text = tree.children(id).next().and_then(|child| tree.text(child));
        let mark = self.quotations.open(self.blocks.current_text(), first_text.unwrap_or_default());
        if let Some(mark) = mark {
            self.add_visible_char(mark);
        }
    }

    fn leave_quotation(&mut self) {
        let mark = self.quotations.close();
        if let Some(mark) = mark.filter(|_| !self.blocks.current_text().is_empty()) {
            self.blocks.push(mark);
        }
    }

    fn add_text(&mut self, text: &str) {
        if self.open_elements.open_preformatted_elements == 0 || self.is_in_data_table() {
            return self.add_running_text(text);
        }
        for part in split_tables(text) {
            match part {
                PreformattedPart::Text(text) => self.add_running_text(text),
                PreformattedPart::Row(cells) => {
                    self.close_block();
                    for cell in cells {
                        self.is_cell_start = true;
                        self.add_running_text(cell);
                    }
                    self.close_block();
                }
            }
        }
    }

    fn add_running_text(&mut self, text: &str) {
        match self.raised_text {
            RaisedText::NoteMark => {
                self.blocks.left_out.extend(LeftOut::new(text, LeftOutReason::NoteMark));
            }
            RaisedText::Exponent => text.chars().map(superscript).for_each(|c| self.add_char(c)),
            RaisedText::Plain => text.chars().for_each(|c| self.add_char(c)),
        }
    }

    fn add_char(&mut self, c: char) {
        if c.is_whitespace() {
            self.white_space.add_char(c, self.open_elements.open_preformatted_elements > 0);
        } else {
            self.add_visible_char(c);
        }
    }

    fn add_visible_char(&mut self, c: char) {
        self.add_separator(c);
        let item_label = mem::take(&mut self.item_label);
        if !item_label.is_empty()
            && self.blocks.current_text().is_empty()
            && !begins_with_own_label(c)
        {
            self.blocks.push(&item_label);
            self.blocks.push(" ");
        }
        self.char_counts.count_visible_char(&self.open_elements);
        self.blocks.push(c.encode_utf8(&mut [0; 4]));
    }

    /// Adds a separator in place of the white space before the visible character `next`: a space, a
    /// line break, the end of a block, or the end of a table cell.
    fn add_separator(&mut self, next: char) {
        let white_space = mem::take(&mut self.white_space);
        let is_cell_start = mem::take(&mut self.is_cell_start);
        if self.blocks.current_text().is_empty() {
            // A block does not begin with a separator.
        } else if is_cell_start {
            self.blocks.push(" | ");
        } else if white_space.line_break_count > 0 && !self.is_in_data_table() {
            self.break_line(white_space);
        } else if white_space.has_ideographic_space {
            self.blocks.push("\u{3000}");
        } else if white_space.has_space || white_space.line_break_count > 0 {
            // A line end of the source between two wide characters is not a space, because Chinese
            // has no spaces.
            let is_wrapped = white_space.has_line_end
                && is_wide(next)
                && self.blocks.current_text().ends_with(is_wide);
            self.blocks.push(if is_wrapped { "" } else { " " });
        }
    }

    /// Ends the paragraph at a line break, or adds the line break to the paragraph. The paragraph
    /// ends if two line breaks follow each other, if the next line is indented, or if the line ends
    /// a sentence or is a bold heading.
    fn break_line(&mut self, white_space: PendingWhiteSpace) {
        let open_text = self.blocks.current_text();
        let ends_sentence = open_text.ends_with(CHINESE_SENTENCE_ENDS)
            || open_text.ends_with(ENGLISH_SENTENCE_ENDS)
                && open_text.chars().count() >= MIN_CHARS_OF_PARAGRAPH_BEFORE_BR;
        let ends_heading = self.open_elements.open_bold_elements == 0
            && self.form_of_current_block() == BlockForm::BoldHeading;
        let ends_block = white_space.line_break_count > 1
            || white_space.indent_space_count > 1
            || ends_sentence
            || ends_heading;
        if ends_block && self.heading_level.is_none() {
            self.close_block();
        } else {
            self.blocks.push("\n");
        }
    }

    /// Finishes the current block. Discards boilerplate: links to anchors on the page, letters of
    /// an alphabetical index, and page numbers.
    fn close_block(&mut self) {
        let form = self.form_of_current_block();
        let char_count = self.char_counts.total();
        let is_anchor_only = self.char_counts.chars_in_anchor_links == char_count;
        let is_index_link =
            self.char_counts.link_chars == char_count && char_count <= MAX_INDEX_LINK_CHARS;
        if (is_anchor_only || is_index_link) && !matches!(form, BlockForm::Heading(_)) {
            self.blocks.leave_out_current(LeftOutReason::Links);
        }
        if self.blocks.finish_block(BlockKind::Paragraph) {
            self.block_forms.push(form);
        }
        self.char_counts = VisibleCharCounts::default();
        self.white_space = PendingWhiteSpace::default();
        self.is_cell_start = false;
    }

    /// Returns the form of the current block.
    fn form_of_current_block(&self) -> BlockForm {
        let line = self.blocks.current_text().trim();
        if let Some(level) = self.heading_level {
            return BlockForm::Heading(level);
        }
        let is_short = line.chars().filter(|&c| is_wide(c)).count() <= MAX_BOLD_HEADING_WIDE_CHARS
            && line.chars().count() <= MAX_BOLD_HEADING_CHARS;
        let has_letters = line.chars().any(char::is_alphabetic);
        let is_in_table_or_list = self.is_in_data_table() || self.open_elements.open_list_items > 0;
        if is_in_table_or_list || !is_short || !has_letters || line.contains('\n') {
            return BlockForm::Paragraph;
        }
        if heading::begins_with_heading_number(line)
            && let Some(level) = heading::level(line)
        {
            return BlockForm::NumberedHeading(level);
        }
        let is_bold = self.char_counts.plain_chars == 0 && self.char_counts.bold_chars > 1;
        if is_bold && !heading::ends_with_punctuation(line) {
            BlockForm::BoldHeading
        } else {
            BlockForm::Paragraph
        }
    }

    /// Returns the blocks with their heading levels. Numbered headings are below the last heading
    /// element, and bold headings are below numbered headings.
    fn into_blocks_with_levels(mut self) -> BlockBuilder {
        let has_numbered_headings =
            self.block_forms.iter().any(|form| matches!(form, BlockForm::NumberedHeading(_)));
        let bold_level_offset = if has_numbered_headings {
            BOLD_HEADING_LEVEL_OFFSET_BELOW_NUMBERED
        } else {
            BOLD_HEADING_LEVEL_OFFSET
        };
        let mut markup_level = 0;
        for (block, form) in self.blocks.blocks.iter_mut().zip(&self.block_forms) {
            block.kind = match *form {
                BlockForm::Heading(level) => {
                    markup_level = level;
                    BlockKind::Heading(level)
                }
                BlockForm::NumberedHeading(level) => BlockKind::Heading(markup_level + level),
                BlockForm::BoldHeading => BlockKind::Heading(markup_level + bold_level_offset),
                BlockForm::Paragraph => BlockKind::Paragraph,
            };
        }
        self.blocks
    }
}

/// Returns the level of the elements `h1` to `h6`. `None` for other elements.
fn heading_level(name: &str) -> Option<u8> {
    let level = name.strip_prefix('h')?.parse().ok()?;
    (1..=6).contains(&level).then_some(level)
}

fn is_bold(tree: &Tree, id: NodeId) -> bool {
    let style = tree.attribute(id, "style").unwrap_or_default();
    let font_weight = style.split("font-weight:").nth(1).unwrap_or_default().trim_start();
    matches!(tree.name(id), "b" | "strong")
        || ["bold", "700", "800", "900"].iter().any(|bold| font_weight.starts_with(bold))
}

#[cfg(test)]
mod tests;
