//! Tests the reader of Word files with handmade files.

use proptest::{collection::vec, prelude::any, proptest};

use super::*;
use crate::document::{
    format::{archive::zip_archive, office_package::OLE_SIGNATURE},
    model::BlockKind,
};

const STYLES_XML: &str = "<w:styles>\
    <w:style w:styleId='T'><w:name w:val='Title'/></w:style>\
    <w:style w:styleId='1'><w:name w:val='heading 1'/></w:style>\
    <w:style w:styleId='C'><w:name w:val='toc 1'/></w:style></w:styles>";
const NUMBERING_XML: &str = "<w:numbering><w:abstractNum w:abstractNumId='0'><w:lvl w:ilvl='0'>\
    <w:start w:val='1'/><w:numFmt w:val='lowerLetter'/><w:lvlText w:val='(%1)'/></w:lvl>\
    </w:abstractNum><w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num></w:numbering>";
const FOOTNOTES_XML: &str = "<w:footnotes><w:footnote w:id='2'><w:p><w:r><w:t>See annex.</w:t></w:r></w:p>\
    </w:footnote></w:footnotes>";
const CORE_PROPERTIES_XML: &str = "<p xmlns:dc='d'><dc:title>Template</dc:title><dc:creator>Li Wei</dc:creator>\
    <dcterms:created>2025-12-17T08:00:00Z</dcterms:created><dc:subject/></p>";

fn word_file(body: &str) -> Vec<u8> {
    let main = format!("<w:document xmlns:w='w'><w:body>{body}</w:body></w:document>");
    zip_archive(&[
        ("word/document.xml", main.as_bytes()),
        ("word/styles.xml", STYLES_XML.as_bytes()),
        ("word/numbering.xml", NUMBERING_XML.as_bytes()),
        ("word/footnotes.xml", FOOTNOTES_XML.as_bytes()),
        ("docProps/core.xml", CORE_PROPERTIES_XML.as_bytes()),
    ])
}

fn read_blocks(body: &str) -> Vec<String> {
    let document = read("x", &word_file(body), ReadLimits::default()).unwrap();
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

fn paragraph(properties: &str, text: &str) -> String {
    format!("<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
}

fn styled_paragraph(id: &str, text: &str) -> String {
    paragraph(&format!("<w:pStyle w:val='{id}'/>"), text)
}

fn table_cell(paragraphs: &[&str]) -> String {
    let paragraphs: String = paragraphs.iter().map(|text| paragraph("", text)).collect();
    format!("<w:tc><w:tcPr/>{paragraphs}</w:tc>")
}

#[test]
fn raised_text_does_not_change_the_number_before_it() {
    let raised = |text: &str| {
        format!("<w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr><w:t>{text}</w:t></w:r>")
    };
    let body = format!(
        "<w:p><w:r><w:t>10</w:t></w:r>{}<w:r><w:t> t cost $40</w:t></w:r>{}<w:r><w:t> more</w:t></w:r></w:p>",
        raised("6"),
        raised("3")
    );
    assert_eq!(read_blocks(&body), ["T 10⁶ t cost $40 more"]);
}

#[test]
fn formulas_keep_powers_fractions_and_delimiters() {
    let run = |text: &str| format!("<m:r><w:rPr><w:b/></w:rPr><m:t>{text}</m:t></m:r>");
    let power = format!("<m:sSup><m:e>{}</m:e><m:sup>{}</m:sup></m:sSup>", run("10"), run("6"));
    let half = format!(
        "<m:f><m:fPr><m:type m:val='bar'/></m:fPr><m:num>{}</m:num><m:den>{}</m:den></m:f>",
        run("1"),
        run("2")
    );
    let sum = format!(
        "<m:d><m:dPr><m:endChr m:val=']'/></m:dPr><m:e>{}</m:e></m:d>",
        run("a") + &run("+b")
    );
    let body = format!(
        "<w:p><w:r><w:t>It is 5 × </w:t></w:r><m:oMath>{power}</m:oMath><w:r><w:t> t or 4</w:t></w:r>\
         <m:oMath>{half}</m:oMath><w:r><w:t> or </w:t></w:r><m:oMath>{sum}</m:oMath></w:p>"
    );
    assert_eq!(read_blocks(&body), ["T It is 5 × 10⁶ t or 4 1/2 or (a+b]"]);
}

#[test]
fn fields_that_word_draws_are_text() {
    let field_char = |kind: &str| format!("<w:r><w:fldChar w:fldCharType='{kind}'/></w:r>");
    let field = |instruction: &str, result: &str| {
        let instruction = format!("<w:r><w:instrText>{instruction}</w:instrText></w:r>");
        field_char("begin") + &instruction + result + &field_char("end")
    };
    let page_result = field_char("separate") + "<w:r><w:t>7</w:t></w:r>";
    let body = format!(
        "<w:p><w:r><w:t>按照第</w:t></w:r>{}<w:r><w:t>类，由局长</w:t></w:r>{}<w:r><w:t>签发，第</w:t></w:r>{}</w:p>",
        field(r"eq \o\ac(○,5)", ""),
        field(r"EQ \o\ad(\s\up 9(yǎn),龑)", ""),
        field("PAGE", &page_result)
    );
    assert_eq!(read_blocks(&body), ["T 按照第⑤类，由局长龑签发，第7"]);
}

#[test]
fn styles_and_lists_become_blocks() {
    let list_properties = "<w:numPr><w:ilvl w:val='0'/><w:numId w:val='1'/></w:numPr>";
    let body = [
        styled_paragraph("T", "The Plan"),
        styled_paragraph("C", "Aims\t1"),
        styled_paragraph("1", "Aims"),
        paragraph("", "Grow &amp; <w:t/>"),
        paragraph(list_properties, "first"),
        paragraph(list_properties, "second"),
        paragraph("<w:outlineLvl w:val='1'/>", "总体要求"),
        paragraph("<w:framePr w:dropCap='drop' w:lines='3'/>", "T"),
        paragraph("", "he ferry sailed."),
        paragraph("<w:tabs><w:tab w:val='left'/></w:tabs>", "one</w:t><w:tab/><w:br/><w:t>two"),
    ];
    assert_eq!(
        read_blocks(&body.concat()),
        [
            "T The Plan",
            "1 Aims",
            "Grow &",
            "(a) first",
            "(b) second",
            "2 总体要求",
            "The ferry sailed.",
            "one\ntwo"
        ]
    );
}

#[test]
fn comments_and_charts_are_listed_as_left_out() {
    let relationships = "<Relationships><Relationship Id='r1' Type='x/comments' Target='comments.xml'/>\
        <Relationship Id='r2' Type='x/chart' Target='charts/chart1.xml'/></Relationships>";
    let comments = "<w:comments><w:comment w:id='0' w:author='A'><w:p><w:r><w:t>Check</w:t></w:r></w:p>\
        <w:p><w:r><w:t>this.</w:t></w:r></w:p></w:comment></w:comments>";
    let file = zip_archive(&[
        (
            "word/document.xml",
            b"<w:document><w:body><w:p><w:t>Text.</w:t></w:p></w:body></w:document>",
        ),
        ("word/_rels/document.xml.rels", relationships.as_bytes()),
        ("word/comments.xml", comments.as_bytes()),
        ("word/charts/chart1.xml", b"<c:chart><a:p><a:t>Ships a year</a:t></a:p></c:chart>"),
    ]);
    let document = read("x", &file, ReadLimits::default()).unwrap();
    let left_out: Vec<_> = document
        .left_out
        .iter()
        .map(|left_out| (left_out.reason.describe(), left_out.text.as_str()))
        .collect();
    assert_eq!(left_out, [("comment", "Check this."), ("words of a chart", "Ships a year")]);
    assert_eq!(document.text.trim(), "Text.");
}

#[test]
fn merged_cells_belong_to_each_row_and_header_cell() {
    let cell = |properties: &str, text: &str| {
        format!("<w:tc><w:tcPr>{properties}</w:tcPr>{}</w:tc>", paragraph("", text))
    };
    let first = |text: &str| cell("<w:vMerge w:val='restart'/>", text);
    let below = || cell("<w:vMerge/>", "");
    let rows = [
        first("Ship") + &cell("<w:gridSpan w:val='2'/>", "Fee"),
        below() + &cell("", "Day") + &cell("", "Night"),
        first("Tanker") + &cell("", "100") + &cell("", "150"),
        below() + &cell("", "110") + &cell("", "160"),
        below() + &cell("", "") + &cell("", ""),
        cell("", "Ferry") + &cell("<w:gridSpan w:val='2'/>", "free"),
    ];
    let table = format!("<w:tbl><w:tr>{}</w:tr></w:tbl>", rows.join("</w:tr><w:tr>"));
    assert_eq!(
        read_blocks(&table),
        [
            "Ship | Fee",
            "Ship | Fee Day | Fee Night",
            "Tanker | 100 | 150",
            "Tanker | 110 | 160",
            "Ferry | free"
        ]
    );
}

#[test]
fn tables_are_read_row_by_row() {
    let table =
        |rows: &[String]| format!("<w:tbl><w:tr>{}</w:tr></w:tbl>", rows.join("</w:tr><w:tr>"));
    let nested = table(&[table_cell(&["x"]) + &table_cell(&["y"])]);
    let long_text = "word ".repeat(150);
    let rows = [
        table_cell(&["Year"]) + &table_cell(&["Yuan", "(billion)"]) + &table_cell(&[""]),
        table_cell(&["2025"]) + &format!("<w:tc>{nested}</w:tc>"),
        table_cell(&[&long_text, "end"]) + &table_cell(&[&long_text]),
    ];
    let long_text = long_text.trim();
    assert_eq!(
        read_blocks(&table(&rows)),
        ["Year | Yuan (billion)", "2025 | x | y", long_text, "end", long_text]
    );
}

#[test]
fn tracked_changes_are_read_as_if_accepted() {
    let r = |text: &str| format!("<w:r><w:t>{text}</w:t></w:r>");
    let body = format!(
        "<w:p>{}<w:del>{}<w:r><w:delText>old </w:delText></w:r></w:del><w:ins>{}</w:ins></w:p>\
         <w:p><w:pPr><w:pStyle w:val='1'/><w:pPrChange><w:pPr><w:pStyle w:val='T'/></w:pPr></w:pPrChange></w:pPr>{}</w:p>\
         <w:p><w:pPr><w:rPr><w:del w:id='1'/></w:rPr></w:pPr>{}</w:p><w:p>{}</w:p>\
         <w:p><w:moveFrom>{}</w:moveFrom><w:moveTo>{}</w:moveTo></w:p>",
        r("a "),
        r("gone"),
        r("new"),
        r("Head"),
        r("joined "),
        r("with this"),
        r("from"),
        r("to")
    );
    assert_eq!(read_blocks(&body), ["T a new", "1 Head", "joined with this", "to"]);
}

#[test]
fn notes_and_text_boxes_follow_their_paragraph() {
    let body = "<w:p><w:r><w:t>It grew.</w:t><w:footnoteReference w:id='2'/></w:r>\
        <w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>In a box</w:t></w:r></w:p>\
        </w:txbxContent></mc:Choice><mc:Fallback><w:p><w:r><w:t>In a box</w:t></w:r></w:p></mc:Fallback>\
        </mc:AlternateContent></w:r><w:r><w:instrText> PAGE </w:instrText></w:r>\
        <w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r><w:r><w:t> More.</w:t></w:r></w:p>\
        <w:p><w:r><w:t>Next.</w:t></w:r></w:p>";
    assert_eq!(read_blocks(body), ["It grew. More.", "In a box", "See annex.", "Next."]);
}

/// Returns a Word file with the given body and further parts, such as page headers. Each part is its path, the type of
/// its relationship, and its content. The path is also the id of the relationship.
fn word_file_with_parts(body: &str, parts: &[(&str, &str, &str)]) -> Vec<u8> {
    let main = format!("<w:document xmlns:w='w'><w:body>{body}</w:body></w:document>");
    let relationships: Vec<String> = parts
        .iter()
        .map(|(path, kind, _)| {
            format!("<Relationship Id='{path}' Type='http://x/{kind}' Target='{path}'/>")
        })
        .collect();
    let relationships = relationships.concat();
    let relationships = format!("<Relationships>{relationships}</Relationships>");
    let paths: Vec<String> = parts.iter().map(|(path, ..)| format!("word/{path}")).collect();
    let mut files: Vec<(&str, &[u8])> = vec![
        ("word/document.xml", main.as_bytes()),
        ("word/_rels/document.xml.rels", relationships.as_bytes()),
    ];
    files.extend(
        paths.iter().zip(parts).map(|(path, (.., content))| (path.as_str(), content.as_bytes())),
    );
    zip_archive(&files)
}

#[test]
fn embedded_documents_and_diagrams_stand_where_the_text_refers_to_them() {
    let body = paragraph("", "Before it.")
        + "<w:altChunk r:id='a.html'/><w:altChunk r:id='b.rtf'/><w:p><w:r><w:drawing>\
           <dgm:relIds r:dm='d.xml'/></w:drawing></w:r></w:p>"
        + &paragraph("", "After it.");
    let diagram = "<dgm:dataModel><dgm:pt><dgm:t><a:p><a:r><a:t>Step one</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:dataModel>";
    let parts = [
        ("a.html", "aFChunk", "<html><h2>Dredging</h2><p>It begins in May.</p></html>"),
        ("b.rtf", "aFChunk", "{\\rtf1 text}"),
        ("d.xml", "diagramData", diagram),
    ];
    let document = read("x", &word_file_with_parts(&body, &parts), ReadLimits::default()).unwrap();
    let blocks: Vec<&str> =
        document.blocks.iter().map(|block| block.span.of(&document.text)).collect();
    assert_eq!(blocks, ["Before it.", "Dredging", "It begins in May.", "Step one", "After it."]);
    assert_eq!(
        document.unread,
        ["the part word/b.rtf is in a format that is not read inside of a Word file"]
    );
}

#[test]
fn the_header_of_the_first_page_precedes_the_text() {
    let section = |references: &str| format!("<w:sectPr>{references}</w:sectPr>");
    let header = |lines: &[&str]| {
        let lines: String = lines.iter().map(|line| paragraph("", line)).collect();
        format!("<w:hdr xmlns:w='w'>{lines}</w:hdr>")
    };
    let (first, default) =
        (header(&["Ministry of Ports", "某政发〔2025〕7号", "Page 1 of 3"]), header(&["Rules"]));
    let footer = header(&["Contact us"]);
    let parts = [
        ("h1.xml", "header", first.as_str()),
        ("h2.xml", "header", &default),
        ("f.xml", "footer", &footer),
    ];
    let body = paragraph("", "New rules for the port")
        + &paragraph("", "The port has new rules from May on.")
        + &section(
            "<w:headerReference w:type='default' r:id='h2.xml'/><w:headerReference w:type='first' r:id='h1.xml'/>",
        );
    let bytes = word_file_with_parts(&body, &parts);
    let document = read("x", &bytes, ReadLimits::default()).unwrap();
    let blocks: Vec<_> =
        document.blocks.iter().map(|block| (block.kind, block.span.of(&document.text))).collect();
    assert_eq!(
        blocks,
        [
            (BlockKind::Paragraph, "Ministry of Ports"),
            (BlockKind::Paragraph, "某政发〔2025〕7号"),
            (BlockKind::Title, "New rules for the port"),
            (BlockKind::Paragraph, "The port has new rules from May on."),
        ]
    );
    let left_out: Vec<&str> =
        document.left_out.iter().map(|left_out| left_out.text.as_str()).collect();
    assert_eq!(left_out, ["Contact us", "Rules", "Page 1 of 3"]);
    let document = crate::document::with_inferred_metadata(document).unwrap();
    assert_eq!(document.issuer.as_deref(), Some("Ministry of Ports"));
    assert_eq!(document.number.as_deref(), Some("某政发〔2025〕7号"));
}

#[test]
fn alternatives_symbols_ruby_and_drop_down_lists_are_read() {
    let body = "<w:p><mc:AlternateContent><mc:Choice/><mc:Fallback><w:r><w:t>Old form. </w:t></w:r></mc:Fallback>\
        </mc:AlternateContent><w:r><w:t>5</w:t><w:sym w:font='Symbol' w:char='F0B0'/><w:t>C </w:t></w:r>\
        <w:r><w:ruby><w:rt><w:r><w:t>yan</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>龑</w:t></w:r></w:rubyBase></w:ruby></w:r>\
        <w:r><w:fldChar><w:ffData><w:ddList><w:result w:val='1'/><w:listEntry w:val='No'/><w:listEntry w:val=' Yes'/>\
        </w:ddList></w:ffData></w:fldChar></w:r></w:p>";
    assert_eq!(read_blocks(body), ["T Old form. 5°C 龑 Yes"]);
}

#[test]
fn bold_lines_are_headings_without_heading_styles() {
    let bold_paragraph =
        |text: &str| format!("<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>{text}</w:t></w:r></w:p>");
    let body = [
        bold_paragraph("Measures"),
        paragraph("", "Text."),
        bold_paragraph("Not a heading."),
        paragraph("", "More."),
    ]
    .concat();
    assert_eq!(read_blocks(&body), ["T Measures", "Text.", "Not a heading.", "More."]);
    let styled_body =
        styled_paragraph("1", "Styled") + &bold_paragraph("Bold") + &paragraph("", "Text.");
    assert_eq!(read_blocks(&styled_body), ["T Styled", "Bold", "Text."]);
}

#[test]
fn properties_become_metadata() {
    let document = read("x", &word_file(&paragraph("", "Text.")), ReadLimits::default()).unwrap();
    assert_eq!(document.title.as_deref(), Some("Template"));
    assert_eq!(document.metadata["creator"], "Li Wei");
    assert_eq!(document.metadata["created"], "2025-12-17T08:00:00Z");
    assert_eq!(document.metadata.len(), 2);
}

#[test]
fn hostile_files_are_refused() {
    let file_with_main_document = |xml: &str| zip_archive(&[("word/document.xml", xml.as_bytes())]);
    let deep_paragraphs = "<w:p>".repeat(100_000);
    let deep_tables = "<w:tbl><w:tr><w:tc>".repeat(50_000);
    let zeros = vec![b' '; 18 << 20];
    let complete_file = word_file(&paragraph("", "Text."));
    for (bytes, expected) in [
        (file_with_main_document(&deep_paragraphs), "nested deeper"),
        (file_with_main_document(&deep_tables), "nested deeper"),
        (file_with_main_document("<w:p>"), "ends in the middle"),
        (zip_archive(&[("word/document.xml", &zeros)]), "decompression bomb"),
        (zip_archive(&[("x.txt", b"x")]), "no text of a Word file"),
        (complete_file[..complete_file.len() / 2].to_vec(), "cut off"),
        (b"PK\x03\x04".to_vec(), "cut off"),
        (OLE_SIGNATURE.to_vec(), "protected by a password"),
    ] {
        let error = read("x", &bytes, ReadLimits::default()).unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
    let bomb = file_with_main_document(
        "<!DOCTYPE d [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;'>]>\
         <w:p><w:t>safe &b;</w:t></w:p>",
    );
    assert_eq!(read("x", &bomb, ReadLimits::default()).unwrap().text, "safe\n\n");
}

/// Tags and texts that the tests insert to damage a file.
const PIECES_INSERTED_AS_DAMAGE: [&str; 12] = [
    "<w:p>", "</w:p>", "<w:tr>", "</w:tr>", "<w:tc>", "</w:tc>", "<w:del>", "</w:del>", "<w:pPr>",
    "</w:pPr>", "<w:t>", "text",
];

proptest! {
    #[test]
    fn broken_files_never_panic(flips in vec((any::<usize>(), any::<u8>()), 1..10)) {
        let mut bytes = word_file(&(styled_paragraph("1", "Head") + &paragraph("", "Some text.")));
        let length = bytes.len();
        for (at, byte) in flips {
            bytes[at % length] = byte;
        }
        drop(read("x", &bytes, ReadLimits::default()));
    }

    #[test]
    fn broken_text_never_panics(flips in vec((any::<usize>(), 0_usize..12), 1..20)) {
        let mut pieces: Vec<String> = (styled_paragraph("1", "Head") + &paragraph("", "Some text."))
            .split_inclusive('>').map(str::to_owned).collect();
        for (at, with) in flips {
            let length = pieces.len();
            pieces.insert(at % length, PIECES_INSERTED_AS_DAMAGE[with].to_owned());
        }
        drop(read("x", &word_file(&pieces.concat()), ReadLimits::default()));
    }
}
