//! Reads OpenDocument texts (.odt) and presentations (.odp) as documents, also from a flat XML file (.fodt, .fodp).
//! Headings have their outline level, tables are read row by row, and notes follow the paragraph that refers to them.
//! The title of a slide is a heading. Deleted text and hidden slides are left out.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    archive::Package,
    expansion::ArchiveLimits,
    formula::needs_space_before_formula,
    merged_cells::{MergedCells, RowSpan, TableCell},
    odf_package::{PACKAGE_SIGNATURE, content_xml, read_properties},
    odt_formula::{MathReader, read_formula_objects},
    xml::{Attributes, XmlEvent, for_each_event},
};
use crate::{
    document::{
        blocks::BlockBuilder,
        left_out::{LeftOut, LeftOutReason},
        limits::ReadLimits,
        model::{BlockKind, Document},
        place::{Place, PlaceStart},
    },
    error::Result,
};

/// Elements whose content is skipped: deleted text, comments, forms, tables of contents, note numbers,
/// templates of pages, and the pronunciation of characters.
const SKIPPED_ELEMENTS: [&str; 7] = [
    "tracked-changes",
    "annotation",
    "forms",
    "table-of-content",
    "note-citation",
    "master-styles",
    "ruby-text",
];
/// Classes of the frames whose text is repeated on each slide.
const CLASSES_OF_REPEATED_FRAMES: [&str; 4] = ["header", "footer", "date-time", "page-number"];
/// Maximum number of spaces that one `s` element represents.
const MAX_SPACES_PER_ELEMENT: usize = 100;

/// Reads an OpenDocument text or presentation as a document.
pub(super) fn read(id: &str, bytes: &[u8], limits: ReadLimits) -> Result<Document, String> {
    let content = content_xml(bytes, limits, "text")?;
    let mut body = BodyReader::default();
    if bytes.starts_with(PACKAGE_SIGNATURE) {
        let mut package = Package::open(bytes, ArchiveLimits::new(limits))?;
        body.formula_objects = read_formula_objects(&mut package);
    }
    for_each_event(&content, |event| body.handle_event(&event))
        .map_err(|reason| format!("content.xml: {reason}"))?;
    let mut properties = read_properties(bytes, limits);
    let mut document = body.blocks.into_document(id, properties.remove("title"));
    document.places = body.slides;
    document.metadata.append(&mut properties);
    Ok(document)
}

/// A paragraph or heading whose end has not been read yet.
#[derive(Debug)]
struct Paragraph {
    kind: BlockKind,
    text: String,
    /// Whether a field hides the paragraph.
    is_hidden: bool,
    /// Texts of the notes to which the paragraph refers.
    note_texts: Vec<String>,
}

/// A table cell whose end has not been read yet.
#[derive(Debug)]
struct OpenCell {
    text: String,
    column_span: u32,
    row_span: u32,
}

/// Converts the events of `content.xml` to blocks.
#[derive(Debug, Default)]
struct BodyReader {
    blocks: BlockBuilder,
    /// Nesting depth inside skipped elements: 1 in the outermost skipped element, 0 outside of all
    /// skipped elements.
    skip_depth: usize,
    /// Open paragraphs, outermost first. A note contains paragraphs inside of another paragraph.
    paragraphs: Vec<Paragraph>,
    /// Merged cells of each open table, outermost first.
    tables: Vec<MergedCells<String>>,
    /// Cells of each table row whose end has not been read yet, outermost row first.
    rows: Vec<Vec<OpenCell>>,
    is_in_header_rows: bool,
    /// For each open note, outermost first: number of open paragraphs around the note.
    note_depths: Vec<usize>,
    /// Offsets in the text at which the slides of a presentation begin, each with the number of the slide.
    slides: Vec<PlaceStart>,
    /// Number of the current slide, from 1.
    slide_number: u32,
    /// Class of the open frame of a slide: `title`, `outline`, `footer`.
    frame_class: String,
    /// Name of the style whose definition is open.
    style_name: String,
    /// Names of the styles of hidden slides and hidden text.
    hidden_styles: BTreeSet<String>,
    is_in_hidden_slide: bool,
    /// Reason why the current skipped element is left out, and its text so far. `None` for an element whose text is not
    /// recorded.
    skipped_text: Option<(LeftOutReason, String)>,
    /// Formulas in the objects of the file, by the name of the object.
    formula_objects: BTreeMap<String, String>,
    /// Reader of the formulas in the text itself.
    math_reader: MathReader,
}

impl BodyReader {
    fn handle_event(&mut self, event: &XmlEvent<'_>) {
        if self.skip_depth == 0
            && let Some(formula) = self.math_reader.handle_event(event)
        {
            self.add_formula(&formula);
            return;
        }
        match event {
            XmlEvent::Open(..) if self.skip_depth > 0 => self.skip_depth += 1,
            XmlEvent::Close(_) if self.skip_depth > 0 => {
                self.skip_depth -= 1;
                if self.skip_depth == 0
                    && let Some((reason, text)) = self.skipped_text.take()
                {
                    self.blocks.left_out.extend(LeftOut::new(&text, reason));
                }
            }
            XmlEvent::Text(text) if self.skip_depth > 0 => {
                if let Some((_, skipped_text)) = &mut self.skipped_text {
                    skipped_text.push_str(text);
                    skipped_text.push(' ');
                }
            }
            XmlEvent::Open(name, attributes) => self.open_element(name, attributes),
            XmlEvent::Close(name) => self.close_element(name),
            XmlEvent::Text(text) => self.add_text(&text.replace(['\n', '\r', '\t'], " ")),
        }
    }

    fn open_element(&mut self, name: &str, attributes: &Attributes<'_>) {
        match name {
            _ if SKIPPED_ELEMENTS.contains(&name) => {
                let reason = match name {
                    "tracked-changes" => Some(LeftOutReason::Deleted),
                    "annotation" => Some(LeftOutReason::Comment),
                    "table-of-content" => Some(LeftOutReason::Contents),
                    "ruby-text" => Some(LeftOutReason::Pronunciation),
                    _ => None,
                };
                self.skip_depth = 1;
                self.skipped_text = reason.map(|reason| (reason, String::new()));
            }
            _ if self.hides_text(name, attributes) => {
                self.skip_depth = 1;
                self.skipped_text = Some((LeftOutReason::Hidden, String::new()));
            }
            "hidden-paragraph" if attributes.get("is-hidden").as_deref() == Some("true") => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.is_hidden = true;
                }
            }
            "text-properties" if attributes.get("display").as_deref() == Some("none") => {
                self.hidden_styles.insert(self.style_name.clone());
            }
            "style" => self.style_name = attributes.get("name").unwrap_or_default(),
            "drawing-page-properties"
                if attributes.get("visibility").as_deref() == Some("hidden") =>
            {
                self.hidden_styles.insert(self.style_name.clone());
            }
            "page" => self.open_slide(attributes),
            "frame" | "custom-shape" => {
                self.frame_class = attributes.get("class").unwrap_or_default();
            }
            "h" | "p" => {
                let level = attributes.get("outline-level").and_then(|level| level.parse().ok());
                let kind = match attributes.get("style-name").as_deref() {
                    Some("Title") => BlockKind::Title,
                    _ if self.frame_class == "title" => BlockKind::Heading(1),
                    _ if name == "h" => BlockKind::Heading(level.unwrap_or(1)),
                    _ => BlockKind::Paragraph,
                };
                self.paragraphs.push(Paragraph {
                    kind,
                    text: String::new(),
                    is_hidden: false,
                    note_texts: Vec::new(),
                });
            }
            "table" => self.tables.push(MergedCells::default()),
            "table-header-rows" => self.is_in_header_rows = true,
            "table-row" => self.rows.push(Vec::new()),
            "table-cell" => {
                if let Some(row) = self.rows.last_mut() {
                    let number = |name| attributes.get(name).and_then(|number| number.parse().ok());
                    let column_span = number("number-columns-spanned");
                    row.push(OpenCell {
                        text: String::new(),
                        column_span: column_span.or(number("number-columns-repeated")).unwrap_or(1),
                        row_span: number("number-rows-spanned").unwrap_or(1),
                    });
                }
            }
            "note-body" => self.note_depths.push(self.paragraphs.len()),
            "s" => {
                let space_count = attributes
                    .get("c")
                    .and_then(|space_count| space_count.parse().ok())
                    .unwrap_or(1);
                self.add_text(&" ".repeat(space_count.min(MAX_SPACES_PER_ELEMENT)));
            }
            "object" => {
                let name = attributes.get("href").unwrap_or_default();
                let formula = self.formula_objects.remove(name.trim_start_matches("./"));
                self.add_formula(&formula.unwrap_or_default());
            }
            "tab" => self.add_text(" "),
            "line-break" => self.add_text("\n"),
            _ => {}
        }
    }

    /// Returns whether an element hides its text: by its style, or by an attribute of its own.
    fn hides_text(&self, name: &str, attributes: &Attributes<'_>) -> bool {
        let is_hidden_by_condition = || attributes.get("is-hidden").as_deref() == Some("true");
        match name {
            "p" | "h" | "span" if !self.hidden_styles.is_empty() => attributes
                .get("style-name")
                .is_some_and(|style_name| self.hidden_styles.contains(&style_name)),
            "section" => match attributes.get("display").as_deref() {
                Some("none") => true,
                Some("condition") => is_hidden_by_condition(),
                _ => false,
            },
            "hidden-text" => is_hidden_by_condition(),
            _ => false,
        }
    }

    fn close_element(&mut self, name: &str) {
        match name {
            "style" => self.style_name.clear(),
            "h" | "p" => {
                if let Some(paragraph) = self.paragraphs.pop() {
                    self.close_paragraph(paragraph);
                }
            }
            "note-body" => drop(self.note_depths.pop()),
            "page" => self.is_in_hidden_slide = false,
            "frame" | "custom-shape" => self.frame_class.clear(),
            "table-row" => {
                let cells = self.rows.pop().unwrap_or_default();
                self.close_row(&cells);
            }
            "table" => drop(self.tables.pop()),
            "table-header-rows" => self.is_in_header_rows = false,
            _ => {}
        }
    }

    fn close_row(&mut self, cells: &[OpenCell]) {
        let table_cell = |cell: &OpenCell| {
            let text = cell.text.trim();
            TableCell::new(text.to_owned(), text)
                .spanning(cell.column_span, RowSpan::Rows(cell.row_span))
                .marked_as_header(self.is_in_header_rows)
        };
        let cells = cells.iter().map(table_cell).collect();
        let text = match self.tables.last_mut() {
            Some(table) => table.row_text(cells, 0),
            None => MergedCells::default().row_text(cells, 0),
        };
        self.add_block(BlockKind::Paragraph, &text);
    }

    fn open_slide(&mut self, attributes: &Attributes<'_>) {
        self.slide_number += 1;
        let style = attributes.get("style-name").unwrap_or_default();
        self.is_in_hidden_slide = self.hidden_styles.contains(&style);
        let place = Place::Slide(self.slide_number);
        self.slides.push(PlaceStart { offset: self.blocks.text.len(), place });
    }

    fn add_text(&mut self, text: &str) {
        if let Some(paragraph) = self.paragraphs.last_mut() {
            paragraph.text.push_str(text);
        }
    }

    fn add_formula(&mut self, formula: &str) {
        if let Some(paragraph) = self.paragraphs.last_mut() {
            if needs_space_before_formula(&paragraph.text, formula) {
                paragraph.text.push(' ');
            }
            paragraph.text.push_str(formula);
        }
    }

    /// Adds a paragraph whose end has been read. The text of a paragraph inside a note goes to the
    /// notes of the paragraph that refers to the note. Any other paragraph becomes a block,
    /// followed by one block for each note to which the paragraph refers.
    fn close_paragraph(&mut self, paragraph: Paragraph) {
        let is_in_note =
            self.note_depths.last().is_some_and(|depth| self.paragraphs.len() == *depth);
        match self.paragraphs.last_mut() {
            Some(outer) if is_in_note => outer.note_texts.push(paragraph.text),
            _ => {
                if paragraph.is_hidden {
                    let left_out = LeftOut::new(&paragraph.text, LeftOutReason::Hidden);
                    self.blocks.left_out.extend(left_out);
                } else {
                    self.add_block(paragraph.kind, &paragraph.text);
                }
                for note in paragraph.note_texts {
                    self.add_block(BlockKind::Paragraph, &note);
                }
            }
        }
    }

    /// Adds the text to the current table cell, or as a block to the document if no cell is open.
    fn add_block(&mut self, kind: BlockKind, text: &str) {
        match self.rows.last_mut().map(|row| row.last_mut()) {
            Some(Some(cell)) => {
                cell.text.push(' ');
                cell.text.extend(text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }));
            }
            _ if CLASSES_OF_REPEATED_FRAMES.contains(&self.frame_class.as_str()) => {}
            _ if self.is_in_hidden_slide => {
                self.blocks.push(text);
                self.blocks.leave_out_current(LeftOutReason::Hidden);
            }
            _ => self.blocks.add_block(kind, text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::format::archive::zip_archive;

    fn odt_file(text: &str) -> Vec<u8> {
        let content = format!("<o:content><o:body><o:text>{text}</o:text></o:body></o:content>");
        let meta =
            "<m><dc:title>Stale</dc:title><meta:initial-creator>Li Wei</meta:initial-creator></m>";
        zip_archive(&[("content.xml", content.as_bytes()), ("meta.xml", meta.as_bytes())])
    }

    #[test]
    fn elements_become_blocks() {
        let text = "<t:tracked-changes><t:p>gone</t:p></t:tracked-changes>\
            <t:p t:style-name='Title'>The Plan</t:p><t:h t:outline-level='2'>目标</t:h>\
            <t:p>It<t:ruby><t:ruby-base>s</t:ruby-base><t:ruby-text>ess</t:ruby-text></t:ruby><t:s t:c='2'/>grew<t:note><t:note-citation>1</t:note-citation><t:note-body>\
            <t:p>See annex.</t:p></t:note-body></t:note> &amp;<t:line-break/>rose.</t:p>\
            <t:table><t:table-row><t:table-cell><t:p>Year</t:p></t:table-cell>\
            <t:table-cell><t:p>Yuan</t:p><t:p>(billion)</t:p></t:table-cell></t:table-row>\
            <t:table-row><t:table-cell t:number-rows-spanned='2'><t:p>2024</t:p></t:table-cell>\
            <t:table-cell><t:p>3</t:p></t:table-cell></t:table-row>\
            <t:table-row><t:covered-table-cell/><t:table-cell><t:p>4</t:p></t:table-cell></t:table-row></t:table>\
            <t:list><t:list-item><t:p>one</t:p></t:list-item></t:list>";
        let document = read("x", &odt_file(text), ReadLimits::default()).unwrap();
        let blocks: Vec<_> = document
            .blocks
            .iter()
            .map(|block| (block.kind, block.span.of(&document.text)))
            .collect();
        let left_out: Vec<_> = document
            .left_out
            .iter()
            .map(|left_out| (left_out.reason, left_out.text.as_str()))
            .collect();
        assert_eq!(
            left_out,
            [(LeftOutReason::Deleted, "gone"), (LeftOutReason::Pronunciation, "ess")]
        );
        let paragraph = BlockKind::Paragraph;
        assert_eq!(
            blocks,
            [
                (BlockKind::Title, "The Plan"),
                (BlockKind::Heading(2), "目标"),
                (paragraph, "Its grew &\nrose."),
                (paragraph, "See annex."),
                (paragraph, "Year | Yuan (billion)"),
                (paragraph, "2024 | 3"),
                (paragraph, "2024 | 4"),
                (paragraph, "one"),
            ]
        );
        assert_eq!(document.metadata["creator"], "Li Wei");
    }

    #[test]
    fn formulas_are_text() {
        let power = "<m:math><m:semantics><m:msup><m:mn>10</m:mn>\n<m:mn>6</m:mn></m:msup>\
            <m:annotation>10^6</m:annotation></m:semantics></m:math>";
        let text = format!(
            "<t:p>Load of 5 <d:frame><d:object x:href='./Object 1'/></d:frame> and {power} t.</t:p>"
        );
        let content = format!("<o:text>{text}</o:text>");
        let half = "<m:math><m:mfrac><m:mn>1</m:mn><m:mn>2</m:mn></m:mfrac></m:math>";
        let file = zip_archive(&[
            ("content.xml", content.as_bytes()),
            ("Object 1/content.xml", half.as_bytes()),
            ("Object 2/content.xml", b"<o:chart><t:p>Ships</t:p></o:chart>"),
        ]);
        let document = read("x", &file, ReadLimits::default()).unwrap();
        assert_eq!(document.text.trim_end(), "Load of 5 1/2 and 10⁶ t.");
    }

    #[test]
    fn hidden_text_is_left_out() {
        let text = "<s:style s:name='H'><s:text-properties t:display='none'/></s:style>\
            <s:style s:name='V'><s:text-properties t:display='true'/></s:style>\
            <t:p>Seen <t:span t:style-name='V'>words</t:span>.<t:span t:style-name='H'> span</t:span></t:p>\
            <t:p t:style-name='H'>paragraph</t:p>\
            <t:section t:display='none'><t:p>section</t:p></t:section>\
            <t:section t:display='condition' t:is-hidden='false'><t:p>More seen.</t:p></t:section>\
            <t:p><t:hidden-paragraph t:is-hidden='true'/>field</t:p>";
        let document = read("x", &odt_file(text), ReadLimits::default()).unwrap();
        assert_eq!(document.text.trim_end(), "Seen words.\n\nMore seen.");
        let left_out: Vec<&str> = document.left_out.iter().map(|l| l.text.as_str()).collect();
        assert_eq!(left_out, ["span", "paragraph", "section", "field"]);
    }

    #[test]
    fn slides_have_their_number_and_title() {
        let slides = "<s:style s:name='h'><s:drawing-page-properties p:visibility='hidden'/></s:style>\
            <d:page><d:frame p:class='title'><d:text-box><t:p>Port plan</t:p></d:text-box></d:frame>\
            <d:frame p:class='outline'><t:list><t:list-item><t:p>Grow</t:p></t:list-item></t:list></d:frame>\
            <d:frame p:class='footer'><t:p>Footer</t:p></d:frame>\
            <p:notes><d:frame p:class='notes'><t:p>Say it slowly.</t:p></d:frame></p:notes></d:page>\
            <d:page d:style-name='h'><d:frame><t:p>Secret</t:p></d:frame></d:page>\
            <d:page><d:custom-shape><t:p>Thank you</t:p></d:custom-shape></d:page>";
        let document = read("x", &odt_file(slides), ReadLimits::default()).unwrap();
        let passages: Vec<_> = crate::passage::passages(&document)
            .iter()
            .map(|passage| {
                (passage.place.clone().unwrap().slide().unwrap(), passage.span.of(&document.text))
            })
            .collect();
        assert_eq!(passages, [(1, "Grow"), (1, "Say it slowly."), (3, "Thank you")]);
        assert_eq!(document.title.as_deref(), Some("Port plan"));
        assert_eq!(document.left_out[0].text, "Secret");
    }

    #[test]
    fn broken_files_are_refused_with_a_reason() {
        for (bytes, expected) in [
            (zip_archive(&[("x.txt", b"x")]), "no text of an OpenDocument"),
            (odt_file(&"<t:p>".repeat(50_000)), "nested deeper"),
            (zip_archive(&[("content.xml", b"<a>")]), "ends in the middle"),
        ] {
            let error = read("x", &bytes, ReadLimits::default()).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
    }

    proptest::proptest! {
        #[test]
        fn broken_text_never_panics(text in "(<t:p>|</t:p>|<t:note-body>|</t:note-body>|<t:table-row>|</t:table-row>|<t:table-cell/>|<t:p/>|a){0,30}") {
            drop(read("x", &odt_file(&text), ReadLimits::default()));
        }
    }
}
