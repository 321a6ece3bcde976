//! Reads a PowerPoint presentation (.pptx) as a document. The title of a slide is a heading, the rows of a table are
//! blocks, and the notes of the speaker follow the slide. Hidden slides are left out.
//!
//! Element names are from ECMA-376 (Office Open XML).

use super::{
    archive::Package,
    expansion::ArchiveLimits,
    merged_cells::{MergedCells, RowSpan, TableCell},
    office_package::{
        main_part_path, read_member, read_properties, reject_ole_container, relationships,
    },
    xml::{Attributes, XmlEvent, for_each_event},
};
use crate::document::{
    blocks::BlockBuilder,
    left_out::LeftOutReason,
    limits::ReadLimits,
    model::{BlockKind, Document},
    place::{Place, PlaceStart},
};

/// Maximum number of slides.
const MAX_SLIDES: usize = 20_000;
/// Types of the placeholders that repeat on each slide: date, footer, header and number.
const TYPES_OF_REPEATED_PLACEHOLDERS: [&str; 4] = ["dt", "ftr", "hdr", "sldNum"];

/// Reads the document of a presentation.
pub(super) fn read(id: &str, bytes: &[u8], limits: ReadLimits) -> Result<Document, String> {
    reject_ole_container(bytes, "PowerPoint", ".pptx")?;
    let mut package = Package::open(bytes, ArchiveLimits::new(limits))?;
    let main_path = main_part_path(&mut package, "ppt/presentation.xml")?;
    let slide_ids =
        read_member(&mut package, &main_path, read_slide_ids)?.ok_or("holds no presentation")?;
    if slide_ids.len() > MAX_SLIDES {
        return Err(format!("has more than {MAX_SLIDES} slides"));
    }
    let main_relationships = relationships(&mut package, &main_path)?;
    let mut blocks = BlockBuilder::default();
    let mut places = Vec::new();
    let mut unread_parts = Vec::new();
    for (slide_id, number) in slide_ids.iter().zip(1..) {
        places.push(PlaceStart { offset: blocks.text.len(), place: Place::Slide(number) });
        let slide = main_relationships
            .target(slide_id)
            .ok_or_else(|| "the file has no such part".to_owned())
            .and_then(|path| read_slide(&mut package, path));
        match slide {
            Ok(slide) if slide.is_hidden => {
                for (_, text) in slide.paragraphs {
                    blocks.push(&text);
                    blocks.leave_out_current(LeftOutReason::Hidden);
                }
            }
            Ok(slide) => {
                slide.paragraphs.iter().for_each(|(kind, text)| blocks.add_block(*kind, text));
                for text in slide.repeated_texts {
                    blocks.push(&text);
                    blocks.leave_out_current(LeftOutReason::Element);
                }
            }
            Err(reason) => unread_parts.push(format!("slide {number}: {reason}")),
        }
    }
    if blocks.blocks.is_empty() && !unread_parts.is_empty() {
        return Err(unread_parts.join("; "));
    }
    let mut properties = read_properties(&mut package);
    let mut document = blocks.into_document(id, properties.remove("title"));
    document.places = places;
    document.metadata.append(&mut properties);
    document.unread = unread_parts;
    Ok(document)
}

/// Returns the ids of the relationships of the slides, in order.
fn read_slide_ids(xml: &[u8]) -> Result<Vec<String>, String> {
    let mut ids = Vec::new();
    for_each_event(xml, |event| {
        if let XmlEvent::Open("sldId", attributes) = event {
            // The attribute `id` without prefix is the number of the slide.
            ids.extend(attributes.value_of_prefixed_attribute("id"));
        }
    })?;
    Ok(ids)
}

/// Reads a slide, its diagrams, the words of its charts, and its notes.
fn read_slide(package: &mut Package<'_>, path: &str) -> Result<Slide, String> {
    let mut slide = Slide::default();
    let read_part =
        |slide: &mut Slide, xml: &[u8]| for_each_event(xml, |event| slide.handle_event(&event));
    read_member(package, path, |xml| read_part(&mut slide, xml))?
        .ok_or_else(|| format!("the file has no part {path}"))?;
    let relationships = relationships(package, path)?;
    for kind in ["/diagramData", "/chart"] {
        for part in relationships.targets_of_type(kind) {
            read_member(package, part, |xml| read_part(&mut slide, xml))?;
        }
    }
    if let Some(notes_path) = relationships.target_of_type("/notesSlide") {
        slide.is_in_notes = true;
        read_member(package, notes_path, |xml| read_part(&mut slide, xml))?;
    }
    Ok(slide)
}

/// Returns whether an attribute is present and true.
fn is_true(attributes: &Attributes<'_>, name: &str) -> bool {
    attributes.get(name).is_some_and(|value| matches!(value.as_str(), "1" | "true"))
}

/// Text of a slide, with the state of its reader.
#[derive(Debug, Default)]
struct Slide {
    is_hidden: bool,
    /// Kinds and texts of the finished paragraphs.
    paragraphs: Vec<(BlockKind, String)>,
    /// Texts of the placeholders that repeat on each slide.
    repeated_texts: Vec<String>,
    /// Whether the notes of the slide are being read.
    is_in_notes: bool,
    /// Type of the placeholder of the open shape: `title`, `body`, `sldNum`. `None` for a shape that is not a
    /// placeholder.
    placeholder: Option<String>,
    /// Text of the open paragraph.
    paragraph: Option<String>,
    is_in_text: bool,
    /// Merged cells of the last table.
    table: MergedCells<String>,
    /// Cells of the open table row, each with its text and the numbers of columns and rows that it covers. `None`
    /// outside of tables.
    row: Option<Vec<(String, u32, u32)>>,
    /// Nesting depth inside of a `Fallback` element, whose content is for older programs. 0 outside of such elements.
    fallback_depth: usize,
}

impl Slide {
    fn handle_event(&mut self, event: &XmlEvent<'_>) {
        match event {
            XmlEvent::Open(..) if self.fallback_depth > 0 => self.fallback_depth += 1,
            XmlEvent::Close(_) if self.fallback_depth > 0 => self.fallback_depth -= 1,
            _ if self.fallback_depth > 0 => {}
            XmlEvent::Open(name, attributes) => self.open_element(name, attributes),
            XmlEvent::Close(name) => self.close_element(name),
            XmlEvent::Text(text) if self.is_in_text => self.add_text(text),
            XmlEvent::Text(_) => {}
        }
    }

    fn open_element(&mut self, name: &str, attributes: &Attributes<'_>) {
        match name {
            "sld" => self.is_hidden = attributes.get("show").is_some_and(|show| show == "0"),
            "Fallback" => self.fallback_depth = 1,
            "sp" | "graphicFrame" => self.placeholder = None,
            "ph" => {
                // A placeholder without a type is one of the body.
                self.placeholder =
                    Some(attributes.get("type").unwrap_or_else(|| "body".to_owned()));
            }
            "p" => self.paragraph = Some(String::new()),
            "t" => self.is_in_text = true,
            "br" => self.add_text("\n"),
            "tbl" => self.table = MergedCells::default(),
            "tr" => self.row = Some(Vec::new()),
            // A cell that is covered by a merged cell is in the file, too.
            "tc" if is_true(attributes, "hMerge") || is_true(attributes, "vMerge") => {}
            "tc" => {
                if let Some(row) = &mut self.row {
                    let span = |name| attributes.get(name).and_then(|span| span.parse().ok());
                    let (columns, rows) = (span("gridSpan"), span("rowSpan"));
                    row.push((String::new(), columns.unwrap_or(1), rows.unwrap_or(1)));
                }
            }
            _ => {}
        }
    }

    fn close_element(&mut self, name: &str) {
        match name {
            "t" => self.is_in_text = false,
            "p" => {
                if let Some(text) = self.paragraph.take() {
                    self.close_paragraph(text);
                }
            }
            "sp" | "graphicFrame" => self.placeholder = None,
            "tr" => {
                let cells = self.row.take().unwrap_or_default();
                let cells = cells.into_iter().map(|(text, column_span, row_span)| {
                    let text = text.trim();
                    TableCell::new(text.to_owned(), text)
                        .spanning(column_span, RowSpan::Rows(row_span))
                });
                let text = self.table.row_text(cells.collect(), 0);
                self.paragraphs.push((BlockKind::Paragraph, text));
            }
            _ => {}
        }
    }

    fn add_text(&mut self, text: &str) {
        if let Some(paragraph) = &mut self.paragraph {
            paragraph.push_str(text);
        }
    }

    fn close_paragraph(&mut self, text: String) {
        if let Some((cell, ..)) = self.row.as_mut().and_then(|row| row.last_mut()) {
            cell.push(' ');
            cell.push_str(&text);
            return;
        }
        let placeholder = self.placeholder.as_deref().unwrap_or_default();
        // A page of notes also shows the slide; only its body is text of the speaker.
        if text.trim().is_empty() || self.is_in_notes && placeholder != "body" {
            return;
        }
        if TYPES_OF_REPEATED_PLACEHOLDERS.contains(&placeholder) {
            self.repeated_texts.push(text);
            return;
        }
        let is_title = matches!(placeholder, "title" | "ctrTitle") && !self.is_in_notes;
        let kind = if is_title { BlockKind::Heading(1) } else { BlockKind::Paragraph };
        match self.paragraphs.last_mut() {
            // The lines of a title are one heading.
            Some((BlockKind::Heading(_), heading)) if is_title => {
                heading.push(' ');
                heading.push_str(&text);
            }
            _ => self.paragraphs.push((kind, text)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::format::archive::zip_archive;

    const PRESENTATION_XML: &str = "<p:presentation><p:sldIdLst><p:sldId id='256' r:id='r2'/>\
        <p:sldId id='257' r:id='r1'/><p:sldId id='258' r:id='r3'/><p:sldId id='259' r:id='r9'/>\
        </p:sldIdLst></p:presentation>";
    const RELATIONSHIPS_XML: &str = "<Relationships><Relationship Id='r1' Type='x/slide' \
        Target='slides/slide1.xml'/><Relationship Id='r2' Type='x/slide' Target='slides/slide2.xml'/>\
        <Relationship Id='r3' Type='x/slide' Target='/ppt/slides/slide3.xml'/></Relationships>";
    const NOTES_RELATIONSHIP_XML: &str = "<Relationships><Relationship Id='a' Type='x/notesSlide' \
        Target='../notesSlides/n1.xml'/><Relationship Id='b' Type='x/chart' \
        Target='../charts/chart1.xml'/></Relationships>";

    fn shape(placeholder: &str, paragraphs: &[&str]) -> String {
        let texts =
            paragraphs.iter().map(|text| format!("<a:p><a:r><a:t>{text}</a:t></a:r></a:p>"));
        let texts: String = texts.collect();
        format!("<p:sp><p:nvSpPr>{placeholder}</p:nvSpPr><p:txBody>{texts}</p:txBody></p:sp>")
    }

    fn slide(attributes: &str, shapes: &[String]) -> String {
        format!(
            "<p:sld {attributes}><p:cSld><p:spTree>{}</p:spTree></p:cSld></p:sld>",
            shapes.concat()
        )
    }

    fn presentation() -> Vec<u8> {
        let title = shape("<p:ph type='ctrTitle'/>", &["Port", "plan"]);
        let first = slide("", &[title, shape("<p:ph type='sldNum'/>", &["1"])]);
        let table = "<p:graphicFrame><a:tbl><a:tr><a:tc><a:p><a:r><a:t>Port</a:t></a:r></a:p></a:tc>\
            <a:tc><a:p><a:r><a:t>Ships</a:t></a:r></a:p></a:tc></a:tr>\
            <a:tr><a:tc rowSpan='2'><a:p><a:r><a:t>North</a:t></a:r></a:p></a:tc><a:tc><a:p><a:r><a:t>3</a:t></a:r></a:p></a:tc></a:tr>\
            <a:tr><a:tc vMerge='1'><a:p/></a:tc><a:tc><a:p><a:r><a:t>4</a:t></a:r></a:p></a:tc></a:tr></a:tbl></p:graphicFrame>";
        let body = shape("<p:ph idx='1'/>", &["Grow", "Dredge"]);
        let footer = shape("<p:ph type='ftr'/>", &["Bureau of Ports"]);
        let second =
            slide("", &[shape("<p:ph type='title'/>", &["Goals"]), body, table.to_owned(), footer]);
        let chart = "<c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>Ships a year</a:t></a:r></a:p></c:rich>\
            </c:tx></c:title><c:val><c:v>12</c:v></c:val></c:chart>";
        let hidden = slide("show='0'", &[shape("", &["Secret"])]);
        let notes = slide(
            "",
            &[
                shape("<p:ph type='sldImg'/>", &["x"]),
                shape("<p:ph type='body'/>", &["Say it slowly."]),
            ],
        );
        zip_archive(&[
            ("ppt/presentation.xml", PRESENTATION_XML.as_bytes()),
            ("ppt/_rels/presentation.xml.rels", RELATIONSHIPS_XML.as_bytes()),
            ("ppt/slides/slide2.xml", first.as_bytes()),
            ("ppt/slides/slide1.xml", second.as_bytes()),
            ("ppt/slides/slide3.xml", hidden.as_bytes()),
            ("ppt/slides/_rels/slide1.xml.rels", NOTES_RELATIONSHIP_XML.as_bytes()),
            ("ppt/notesSlides/n1.xml", notes.as_bytes()),
            ("ppt/charts/chart1.xml", chart.as_bytes()),
        ])
    }

    #[test]
    fn slides_have_their_order_title_and_notes() {
        let document = read("x", &presentation(), ReadLimits::default()).unwrap();
        let passages: Vec<_> = crate::passage::passages(&document)
            .iter()
            .map(|passage| {
                let slide = passage.place.clone().unwrap().slide().unwrap();
                (slide, passage.headings.join("/"), passage.span.of(&document.text).to_owned())
            })
            .collect();
        let expected = [
            (2, "Goals", "Grow"),
            (2, "Goals", "Dredge"),
            (2, "Goals", "Port | Ships"),
            (2, "Goals", "North | 3"),
            (2, "Goals", "North | 4"),
            (2, "Goals", "Ships a year"),
            (2, "Goals", "Say it slowly."),
        ];
        assert_eq!(
            passages,
            expected.map(|(slide, heading, text)| (slide, heading.into(), text.into()))
        );
        assert_eq!(document.title.as_deref(), Some("Port plan"));
        let left_out: Vec<_> = document.left_out.iter().map(|left_out| &left_out.text).collect();
        assert_eq!(left_out, ["1", "Bureau of Ports", "Secret"]);
        assert_eq!(document.unread, ["slide 4: the file has no such part"]);
    }

    #[test]
    fn damaged_presentations_are_refused_with_a_reason() {
        for (bytes, expected) in [
            (zip_archive(&[("a.txt", b"x")]), "holds no presentation"),
            (zip_archive(&[("ppt/presentation.xml", PRESENTATION_XML.as_bytes())]), "slide 1: "),
            (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec(), "save it as .pptx"),
        ] {
            let error = read("x", &bytes, ReadLimits::default()).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
    }
}
