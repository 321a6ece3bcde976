//! Tests the reader of PDF files with handwritten files.

use std::fmt::Write as _;

use lopdf::{EncryptionState, EncryptionVersion, Object, Permissions, StringFormat};
use proptest::{collection::vec, prelude::any, proptest};

use super::*;
use crate::document::{Format, model::BlockKind};

/// Returns the document of a PDF file without its attached files.
pub(super) fn read(id: &str, bytes: &[u8]) -> Result<Document, String> {
    read_without_panic_guard(id, bytes, ReadLimits::default(), None).0
}

const TO_UNICODE_CMAP: &str = "1 begincodespacerange <0000> <FFFF> endcodespacerange \
    2 beginbfchar <0001> <5E7F> <0002> <5DDE> endbfchar";

/// Returns a PDF that consists of the given objects. The first object is the catalog, and the
/// second the page tree.
fn pdf_from_objects(objects: &[String]) -> Vec<u8> {
    let mut file = "%PDF-1.7\n".to_owned();
    let mut offsets = String::new();
    for (index, object) in objects.iter().enumerate() {
        writeln!(offsets, "{:010} 00000 n ", file.len()).unwrap();
        writeln!(file, "{} 0 obj\n{object}\nendobj", index + 1).unwrap();
    }
    let (start, size) = (file.len(), objects.len() + 1);
    write!(
        file,
        "xref\n0 {size}\n0000000000 65535 f \n{offsets}trailer\n<< /Size {size} /Root 1 0 R /Info 3 0 R \
         /ID [<00> <00>] >>\nstartxref\n{start}\n%%EOF\n"
    )
    .unwrap();
    file.into_bytes()
}

/// Returns a PDF whose pages have the given contents. Its fonts are F (Helvetica), B (bold), C
/// (Chinese in a text encoding), U (with a map to Unicode) and N (without any mapping).
fn pdf_with_pages(pages: &[&str]) -> Vec<u8> {
    let kids: Vec<String> = (0..pages.len()).map(|page| format!("{} 0 R", 11 + 2 * page)).collect();
    let kids = kids.join(" ");
    let simple_font = |font: &str| {
        let widths = "500 ".repeat(224);
        format!(
            "<< /Type /Font /Subtype /Type1 /BaseFont /{font} /Encoding /WinAnsiEncoding \
             /FirstChar 32 /Widths [{widths}] >>"
        )
    };
    let composite_font = |encoding: &str, more: &str| {
        format!(
            "<< /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding /{encoding} \
             /DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 >>] {more} >>"
        )
    };
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Kids [{kids}] /Count {} /Resources 4 0 R >>", pages.len()),
        "<< /Title (A Stale Title) /Author (Li Wei) /CreationDate (D:20251217083000+08'00') >>"
            .to_owned(),
        "<< /Font << /F 5 0 R /B 6 0 R /C 7 0 R /U 8 0 R /N 9 0 R >> >>".to_owned(),
        simple_font("Helvetica"),
        simple_font("Helvetica-Bold"),
        composite_font("UniGB-UCS2-H", ""),
        composite_font("Identity-H", "/ToUnicode 10 0 R"),
        composite_font("Identity-H", ""),
        stream_object(TO_UNICODE_CMAP),
    ];
    for (index, content) in pages.iter().enumerate() {
        objects.push(format!("<< /Type /Page /Parent 2 0 R /Contents {} 0 R >>", 12 + 2 * index));
        objects.push(stream_object(content));
    }
    pdf_from_objects(&objects)
}

fn stream_object(content: &str) -> String {
    format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len())
}

/// Returns page content with one line of text per element, 14 points apart, from the top of the
/// page.
fn text_content(lines: &[&str]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| format!("({line}) Tj T*")).collect();
    format!("BT /F 12 Tf 14 TL 72 700 Td {} ET", lines.join(" "))
}

fn read_blocks(bytes: &[u8]) -> Vec<String> {
    let document = read("x", bytes).unwrap();
    let blocks = document.blocks.iter().map(|block| {
        let text = block.span.of(&document.text);
        match block.kind {
            BlockKind::Title => format!("T {text}"),
            BlockKind::Heading(level) => format!("{level} {text}"),
            BlockKind::Paragraph => text.to_owned(),
        }
    });
    blocks.collect()
}

const LINE_TEXT: &str = "The world’s first flying car factory has undergone trial";

#[test]
fn lines_are_joined_and_dehyphenated() {
    let lines = [
        "The world's first flying car factory has undergone trial produc-",
        "tion, and production of long-term contracts has begun in the old-",
        "fashioned way, with old-fashioned cars and other things in stock.",
        "A new sentence after a full line.",
    ];
    assert_eq!(
        read_blocks(&pdf_with_pages(&[&text_content(&lines)])),
        ["The world's first flying car factory has undergone trial production, and production of \
          long-term contracts has begun in the old-fashioned way, with old-fashioned cars and other \
          things in stock. A new sentence after a full line."]
    );
}

#[test]
fn centred_lines_in_large_letters_are_one_title() {
    let content = "BT /B 16 Tf 70 740 Td (Governor Signs Clean Water Bill After Long Debate in Both) Tj \
        180 -22 Td (Chambers) Tj /F 12 Tf -180 -40 Td (The money goes to counties that have old pipes.) Tj \
        0 -18 Td (They ask for help in the course of the year.) Tj ET";
    let blocks = read_blocks(&pdf_with_pages(&[content]));
    assert_eq!(
        blocks.first().map(String::as_str),
        Some("T Governor Signs Clean Water Bill After Long Debate in Both Chambers")
    );
}

#[test]
fn headings_have_large_or_bold_letters() {
    let content = "BT /F 20 Tf 72 740 Td (The Plan) Tj /F 15 Tf 0 -40 Td (Part One) Tj \
        /F 12 Tf 0 -30 Td (It is said here that cars fly over the city every day.) Tj \
        /B 12 Tf 0 -30 Td (Bold) Tj /F 12 Tf 0 -15 Td (It is said again that cars fly every day.) Tj \
        0 -15 Td (1. One) Tj 0 -15 Td (\\(a\\) Two) Tj ET";
    assert_eq!(
        read_blocks(&pdf_with_pages(&[content])),
        [
            "T The Plan",
            "2 Part One",
            "It is said here that cars fly over the city every day.",
            "3 Bold",
            "It is said again that cars fly every day.",
            "1. One",
            "(a) Two",
        ]
    );
}

#[test]
fn chinese_is_decoded_by_encoding_and_by_map() {
    let content = "BT /C 12 Tf 14 TL 72 700 Td <5E7F5DDE5E025546> Tj T* <52A15C40901A62A5> Tj \
        /U 12 Tf 0 -40 Td <00010002> Tj ET";
    assert_eq!(read_blocks(&pdf_with_pages(&[content])), ["T 广州市商务局通报", "广州"]);
}

#[test]
fn running_heads_and_feet_are_removed() {
    let page_content = |number: usize, words: &str| {
        format!(
            "BT /F 9 Tf 72 780 Td (Annual Report {number}) Tj ET {words} \
             BT /F 9 Tf 300 30 Td (- {number} -) Tj ET"
        )
    };
    let first = page_content(
        1,
        &text_content(&[LINE_TEXT, "production in the first of all the months and goes on"]),
    );
    let second = page_content(
        2,
        &text_content(&["after the break of the page, as sentences do.", "", "Next."]),
    );
    let third = page_content(3, &text_content(&["The end has come."]));
    let file = pdf_with_pages(&[&first, &second, &third]);
    let document = read("x", &file).unwrap();
    let starts: Vec<&str> = document
        .pages
        .iter()
        .map(|start| document.text.get(*start..).unwrap().split(' ').next().unwrap())
        .collect();
    assert_eq!(starts, ["The", "after", "The"]);
    assert!(!document.text.contains("Annual") && !document.text.contains("- 1"));
    assert!(document.text.contains("goes on after the break"));
    assert_eq!(document.metadata["created"], "2025-12-17T08:30:00");
    assert_eq!(document.metadata["creator"], "Li Wei");
}

#[test]
fn tables_and_marked_content_are_read() {
    let content = "BT /F 12 Tf 72 700 Td (Year) Tj 100 0 Td (Yuan) Tj -100 -20 Td (2025) Tj \
        100 0 Td (39,000) Tj ET \
        /Artifact << /Type /Pagination >> BDC BT /F 12 Tf 72 600 Td (Every page) Tj ET EMC \
        /Span << /ActualText (flight) >> BDC BT /F 12 Tf 72 500 Td (xyz) Tj ET EMC \
        BT /F 12 Tf 1 1 -1 1 90 300 Tm (ASLANT) Tj ET";
    assert_eq!(
        read_blocks(&pdf_with_pages(&[content])),
        ["Year | Yuan", "2025 | 39,000", "flight", "ASLANT"]
    );
}

#[test]
fn codes_of_the_font_symbol_are_greek_letters_and_signs() {
    let bytes = pdf_from_objects(&[
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [4 0 R] /Count 1 >>".to_owned(),
        "<< >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /Contents 5 0 R /Resources << /Font << /S << /Type /Font \
         /Subtype /Type1 /BaseFont /Symbol >> >> >> >>"
            .to_owned(),
        stream_object("BT /S 12 Tf 72 700 Td (\\243 5 m) Tj ET"),
    ]);
    let blocks = read_blocks(&bytes);
    assert_eq!(blocks[0].trim_start_matches("T "), "≤ 5 μ");
}

#[test]
fn footnotes_have_their_page_although_the_paragraph_runs_on() {
    let page = |lines: &[&str], note: &str| {
        let note = format!("BT /F 8 Tf 72 60 Td ({note}) Tj ET");
        text_content(lines) + " " + &note
    };
    let first = page(
        &[
            "The levy of the harbour rose in May, says the office of the port,",
            "and the ships that wait at the northern quay pay more of it until",
        ],
        "1 Order 74 of the tide board.",
    );
    let second = page(&["the end of the year in the two basins."], "2 Order 75 of the board.");
    let document = read("x", &pdf_with_pages(&[&first, &second])).unwrap();
    let note = document.text.find("Order 74").unwrap();
    assert!(note < document.pages[1], "{} {:?}", document.text, document.pages);
    assert!(document.text.contains("pay more of it until the end of the year"));
}

#[test]
fn broken_files_are_refused_with_a_reason() {
    let complete = pdf_with_pages(&[&text_content(&["One."]), &text_content(&["Two."])]);
    let loop_of_pages = pdf_from_objects(&[
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [2 0 R] /Count 1 >>".to_owned(),
        "<< >>".to_owned(),
    ]);
    for (bytes, expected) in [
        (pdf_with_pages(&["0 0 100 100 re f"]), "shows no text"),
        (pdf_with_pages(&["BI /W 1 /H 1 /BPC 8 /CS /G ID x EI"]), "no text layer"),
        (pdf_with_pages(&["BT /N 12 Tf 72 700 Td <00010002> Tj ET"]), "which characters"),
        (b"%PDF-1.7\nnothing".to_vec(), "damaged or cut off"),
        (complete[..complete.len() / 2].to_vec(), "damaged or cut off"),
        (b"plain text".to_vec(), "damaged or cut off"),
        (loop_of_pages, "damaged or cut off"),
        (encrypted_pdf("secret"), "protected by a password"),
    ] {
        let error = read("x", &bytes).unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
    assert_eq!(read_blocks(&encrypted_pdf("")), ["Protected."]);
}

#[test]
fn files_with_bytes_after_the_end_or_without_end_marker_are_read() {
    let complete = pdf_with_pages(&[&text_content(&["One."])]);
    let without_marker = &complete[..complete.len() - "%%EOF\n".len()];
    let with_page = [&complete[..], b"<html>", &b"x".repeat(9_000)].concat();
    for bytes in [without_marker, &with_page] {
        assert_eq!(read_blocks(bytes), ["One."]);
    }
    let cut_in_position = &complete[..complete.len() - "0\n%%EOF\n".len()];
    assert!(read("x", cut_in_position).unwrap_err().contains("its end is missing"));
}

/// Returns the texts that a reader leaves out, each with its reason in a few words.
fn printed_left_out_texts(bytes: &[u8]) -> Vec<String> {
    let document = read("x", bytes).unwrap();
    let left_out = document.left_out.iter();
    left_out.map(|left_out| format!("{}: {}", left_out.reason.describe(), left_out.text)).collect()
}

/// Returns a PDF of one page with the given content. `catalog` and `page` are further entries of the dictionaries of
/// the catalog and of the page, and `more` are further objects.
fn pdf_with_entries(content: &str, catalog: &str, page: &str, more: &[&str]) -> Vec<u8> {
    let mut objects = vec![
        format!("<< /Type /Catalog /Pages 2 0 R {catalog} >>"),
        "<< /Type /Pages /Kids [4 0 R] /Count 1 /MediaBox [0 0 600 800] >>".to_owned(),
        "<< >>".to_owned(),
        format!("<< /Type /Page /Parent 2 0 R /Contents 5 0 R /Resources 6 0 R {page} >>"),
        stream_object(content),
        "<< /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >> >> \
         /Properties << /L 7 0 R /M 8 0 R >> >>"
            .to_owned(),
    ];
    objects.extend(more.iter().map(|object| (*object).to_owned()));
    pdf_from_objects(&objects)
}

#[test]
fn values_of_form_fields_and_notes_on_the_page_are_text() {
    let content = "BT /F 12 Tf 72 700 Td (Name of vessel:) Tj 0 -40 Td (The berth is granted for a year.) Tj ET";
    let more = [
        "<< /Type /Annot /Subtype /Widget /Parent 8 0 R /Rect [200 698 400 714] >>",
        "<< /FT /Tx /T (vessel) /V (Silver Heron) /Kids [7 0 R] /DA (0 g /F 11 Tf) >>",
        "<< /Type /Annot /Subtype /FreeText /Contents (Approved by the office.\\rIn May.) /Rect [72 500 400 540] >>",
        "<< /Type /Annot /Subtype /Widget /FT /Tx /Ff 8192 /V (secret) /Rect [72 400 400 420] >>",
        "<< /Type /Annot /Subtype /Widget /FT /Tx /F 2 /V (hidden) /Rect [72 300 400 320] >>",
        "<< /Type /Annot /Subtype /Link /Contents (a link) /Rect [72 200 400 220] >>",
    ];
    let page = "/Annots [7 0 R 9 0 R 10 0 R 11 0 R 12 0 R]";
    assert_eq!(
        read_blocks(&pdf_with_entries(content, "", page, &more)),
        [
            "Name of vessel: | Silver Heron",
            "The berth is granted for a year.",
            "Approved by the office. In May."
        ]
    );
}

#[test]
fn layers_that_are_off_and_text_outside_of_the_page_are_left_out() {
    let text = |x: u16, y: u16, text: &str| format!("BT /F 12 Tf {x} {y} Td ({text}) Tj ET");
    let content = [
        text(72, 700, "The port opened."),
        format!("/OC /L BDC {} EMC", text(72, 600, "Draft")),
        format!("/OC /M BDC {} EMC", text(72, 500, "Group")),
        text(72, 20, "Slug"),
        text(700, 700, "Beside"),
        format!("/Artifact << /Type /Pagination >> BDC {} EMC", text(72, 750, "Head")),
    ]
    .join(" ");
    let catalog = "/OCProperties << /OCGs [7 0 R] /D << /OFF [7 0 R] >> >>";
    let more = ["<< /Type /OCG /Name (x) >>", "<< /Type /OCMD /OCGs 7 0 R /P /AllOn >>"];
    let bytes = pdf_with_entries(&content, catalog, "/CropBox [50 50 590 790]", &more);
    assert_eq!(read_blocks(&bytes), ["The port opened."]);
    assert_eq!(
        printed_left_out_texts(&bytes),
        ["hidden: Draft", "hidden: Group", "running head: Head", "hidden: Slug", "hidden: Beside"]
    );
    let bytes = pdf_with_entries(&content, "", "", &more);
    assert_eq!(read_blocks(&bytes), ["The port opened.", "Draft", "Group", "Slug"]);
    // A crop box without any text is wrong.
    let bytes =
        pdf_with_entries(&text(72, 700, "The port opened."), "", "/CropBox [0 0 9 9]", &more);
    assert_eq!(read_blocks(&bytes), ["The port opened."]);
}

#[test]
fn vertical_writing_is_read_along_its_columns() {
    let column = |x: u16, codes: &str| format!("BT /V 12 Tf 1 0 0 1 {x} 700 Tm <{codes}> Tj ET");
    // 广州市商务局今日通报称 / 港口正式启用。
    let content = [
        column(500, "5E7F5DDE5E02554652A15C404ECA65E5901A62A579F06E2F"),
        column(480, "53E36B635F0F542F75283002"),
    ]
    .join(" ");
    let more = ["<< >>"];
    let bytes = pdf_with_entries(&content, "", "", &more);
    let font =
        "/F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>";
    let vertical_font = "/V << /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding /UniGB-UCS2-V \
        /DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 >>] >>";
    let text = String::from_utf8(bytes).unwrap().replace(font, vertical_font);
    assert_eq!(read_blocks(text.as_bytes()), ["广州市商务局今日通报称港口正式启用。"]);
}

/// Returns an encrypted PDF that opens with the given password.
fn encrypted_pdf(password: &str) -> Vec<u8> {
    let mut pdf =
        lopdf::Document::load_mem(&pdf_with_pages(&[&text_content(&["Protected."])])).unwrap();
    let id = Object::String(b"id".to_vec(), StringFormat::Literal);
    pdf.trailer.set("ID", Object::Array(vec![id.clone(), id]));
    let state = EncryptionState::try_from(EncryptionVersion::V2 {
        document: &pdf,
        owner_password: "owner",
        user_password: password,
        key_length: 128,
        permissions: Permissions::all(),
    })
    .unwrap();
    pdf.encrypt(&state).unwrap();
    let mut bytes = Vec::new();
    pdf.save_to(&mut bytes).unwrap();
    bytes
}

#[test]
fn bombs_and_cycles_terminate() {
    // A form that draws itself, and strings and arrays that never end.
    let mut objects: Vec<String> = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [4 0 R] /Count 1 >>".to_owned(),
        "<< >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /Contents 5 0 R /Resources 6 0 R >>".to_owned(),
        stream_object("/X Do /X Do BT /F 12 Tf (text) Tj ET"),
        "<< /XObject << /X 7 0 R >> /Font << /F << /Type /Font /Subtype /Type1 >> >> >>".to_owned(),
        "<< /Subtype /Form /Length 60 >>\nstream\n/X Do /X Do /X Do BT /F 12 Tf 0 9 Td (form) Tj ET\nendstream".to_owned(),
    ];
    assert!(read("x", &pdf_from_objects(&objects)).unwrap().text.contains("text"));
    objects[4] = stream_object(&"[".repeat(100_000));
    assert!(read("x", &pdf_from_objects(&objects)).is_err());
    objects[4] = stream_object(&"q BT ".repeat(100_000));
    assert!(read("x", &pdf_from_objects(&objects)).is_err());
    objects[4] = format!("[{}]", "0 ".repeat(3_000_000));
    assert!(read("x", &pdf_from_objects(&objects)).unwrap_err().contains("bomb"));
    objects[4] = stream_object("BT /F 12 Tf (text) Tj ET");
    let object_stream = format!("9 0 [{}]", "0 ".repeat(3_000_000));
    objects.push(stream_object(&object_stream).replacen("<<", "<< /Type /ObjStm /N 1 /First 4", 1));
    assert!(read("x", &pdf_from_objects(&objects)).unwrap_err().contains("bomb"));
    objects[4] = stream_object(&format!("[{}] TJ", "(a)9".repeat(2_000_000)));
    assert!(read("x", &pdf_from_objects(&objects[..7])).unwrap_err().contains("bomb"));
    objects[4] = "[ ".repeat(100_000);
    assert!(read("x", &pdf_from_objects(&objects)).is_err());
}

/// Returns a PDF with a page and three attached files. Two files have the same name, and are in the name tree of the
/// catalog; one of them is also attached to a place on the page. The third file has no name, and is attached only to a
/// place on the page.
fn pdf_with_attachments() -> Vec<u8> {
    let specification = |name: &str, stream: usize| {
        format!("<< /Type /Filespec {name} /EF << /F {stream} 0 R >> >>")
    };
    let annotation = |specification: usize| {
        format!(
            "<< /Type /Annot /Subtype /FileAttachment /Rect [0 0 9 9] /FS {specification} 0 R >>"
        )
    };
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Kids [6 0 R 6 0 R] >> >> >>"
            .to_owned(),
        "<< /Type /Pages /Kids [4 0 R] /Count 1 >>".to_owned(),
        "<< >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /Contents 5 0 R /Annots [13 0 R 14 0 R] /Resources \
         << /Font << /F << /Type /Font /Subtype /Type1 >> >> >> >>"
            .to_owned(),
        stream_object("BT /F 12 Tf (The port opened.) Tj ET"),
        "<< /Names [(a) 7 0 R (b) 8 0 R] >>".to_owned(),
        specification("/F (d/plan.txt) /UF (plan.txt)", 9),
        specification("/F (plan.txt)", 10),
        stream_object("A first plan."),
        stream_object("A second plan."),
        stream_object("A note."),
        specification("", 11),
        annotation(8),
        annotation(12),
    ];
    pdf_from_objects(&objects)
}

#[test]
fn attached_files_follow_the_document() {
    let contents: Vec<String> =
        super::read("x", &pdf_with_attachments(), ReadLimits::default(), None)
            .map(|contained| match contained {
                ContainedItem::Document(document) => document.unwrap().text.trim().to_owned(),
                ContainedItem::File { path, content } => {
                    format!("{path} {}", String::from_utf8_lossy(content.unwrap().trim_ascii()))
                }
                ContainedItem::WebFile { .. } | ContainedItem::PictureWithoutText => String::new(),
            })
            .collect();
    assert_eq!(
        contents,
        [
            "The port opened.",
            "plan.txt A first plan.",
            "2-plan.txt A second plan.",
            "attachment A note."
        ]
    );
}

#[test]
fn a_pdf_that_is_attached_to_itself_is_read_to_a_bounded_depth() {
    let mut pdf = b"A last plan.".to_vec();
    for _ in 0..12 {
        let mut file = lopdf::Document::load_mem(&pdf_with_attachments()).unwrap();
        let attachment = Object::Stream(lopdf::Stream::new(Dictionary::new(), pdf));
        file.objects.insert((9, 0), attachment);
        pdf = Vec::new();
        file.save_to(&mut pdf).unwrap();
    }
    let documents = crate::document::read_all(Format::Pdf, "x.pdf", &pdf);
    let errors: Vec<String> = documents
        .iter()
        .filter_map(|document| Some(document.as_ref().err()?.to_string()))
        .collect();
    assert!(errors.iter().any(|error| error.contains("is inside more than 8 files")), "{errors:?}");
    assert!(documents.len() < 100, "{}", documents.len());
}

proptest! {
    #[test]
    fn broken_files_never_panic(flips in vec((any::<usize>(), any::<u8>()), 1..12)) {
        let mut bytes = pdf_with_pages(&[&text_content(&["Some text.", "More text."]), "BT /U 9 Tf <0001> Tj ET"]);
        let length = bytes.len();
        for (at, byte) in flips {
            bytes[at % length] = byte;
        }
        drop(read("x", &bytes));
        super::read("x", &pdf_with_attachments(), ReadLimits::default(), None).for_each(drop);
    }

    #[test]
    fn any_content_is_read_without_panic(content in "(BT |ET |q |Q |/F 9 Tf |/C 9 Tf |\\(a b\\) Tj |<4E2D> Tj |[0-9-]{1,9} |1 0 0 1 5 5 cm |T\\* |Td |Tm |TJ |\\[ |\\] |Do |/X |BDC |EMC |<< |>> |\\( ){0,40}") {
        drop(read("x", &pdf_with_pages(&[&content])));
    }
}
