//! Tests the reader of Excel workbooks with handmade workbooks.

use super::*;
use crate::document::{format::archive::zip_archive, left_out::LeftOutReason};

const WORKBOOK_XML: &str = "<workbook><sheets><sheet name='Budget' sheetId='1' r:id='r1'/>\
    <sheet name='Secret' sheetId='2' state='hidden' r:id='r2'/>\
    <sheet name='Broken' sheetId='3' r:id='r3'/></sheets></workbook>";
const RELATIONSHIPS_XML: &str = "<Relationships>\
    <Relationship Id='r1' Type='x/worksheet' Target='worksheets/sheet1.xml'/>\
    <Relationship Id='r2' Type='x/worksheet' Target='worksheets/sheet2.xml'/>\
    <Relationship Id='r3' Type='x/worksheet' Target='worksheets/sheet3.xml'/>\
    <Relationship Id='r4' Type='x/styles' Target='styles.xml'/>\
    <Relationship Id='r5' Type='x/sharedStrings' Target='sharedStrings.xml'/></Relationships>";
const STYLES_XML: &str = "<styleSheet><numFmts><numFmt numFmtId='164' formatCode='yyyy&quot;年&quot;m&quot;月&quot;'/>\
    </numFmts><fonts><font/><font><b/></font></fonts><cellStyleXfs><xf numFmtId='9'/></cellStyleXfs>\
    <cellXfs><xf numFmtId='0' fontId='0'/><xf numFmtId='0' fontId='1'/><xf numFmtId='4' fontId='0'/>\
    <xf numFmtId='164' fontId='0'/></cellXfs></styleSheet>";
const STRINGS_XML: &str = "<sst><si><t>Ministry</t></si><si><r><t>Tra</t></r><r><t>de</t></r><rPh><t>x</t></rPh></si></sst>";

fn workbook(sheet: &str) -> Vec<u8> {
    zip_archive(&[
        ("xl/workbook.xml", WORKBOOK_XML.as_bytes()),
        ("xl/_rels/workbook.xml.rels", RELATIONSHIPS_XML.as_bytes()),
        ("xl/styles.xml", STYLES_XML.as_bytes()),
        ("xl/sharedStrings.xml", STRINGS_XML.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        (
            "xl/worksheets/sheet2.xml",
            b"<worksheet><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>",
        ),
        ("xl/worksheets/sheet3.xml", b"<worksheet><sheetData><row>"),
        (
            "xl/worksheets/_rels/sheet1.xml.rels",
            b"<Relationships><Relationship Id='r1' Type='x/comments' Target='../comments1.xml'/>\
            <Relationship Id='r2' Type='x/drawing' Target='../drawings/drawing1.xml'/></Relationships>",
        ),
        (
            "xl/drawings/_rels/drawing1.xml.rels",
            b"<Relationships><Relationship Id='r1' Type='x/chart' Target='../charts/chart1.xml'/></Relationships>",
        ),
        (
            "xl/comments1.xml",
            b"<comments><authors><author>A</author></authors><commentList><comment ref='A1'><text><r><t>Check </t></r>\
            <r><t>this.</t></r></text></comment></commentList></comments>",
        ),
        (
            "xl/charts/chart1.xml",
            b"<c:chart><a:p><a:r><a:t>Ships a year</a:t></a:r></a:p><c:v>12</c:v></c:chart>",
        ),
    ])
}

const SHEET_XML: &str = "<worksheet><sheetData>\
    <row r='2'><c r='B2' t='inlineStr'><is><t>Budget of the city</t></is></c></row>\
    <row r='3'><c r='B3' t='s' s='1'><v>0</v></c><c r='C3' t='str' s='1'><f>A1</f><v>Sum</v></c>\
    <c r='D3' s='1' t='inlineStr'><is><t>Since</t></is></c></row>\
    <row r='4'><c r='B4' t='s'><v>1</v></c><c r='C4' s='2'><v>1234.5</v></c><c r='D4' s='3'><v>46008</v></c></row>\
    <row r='6'><c r='B6' t='b'><v>1</v></c><c r='C6' s='2'><f>1+1</f></c><c r='D6' s='3'><v>46008</v></c></row>\
    </sheetData><mergeCells><mergeCell ref='B4:B5'/><mergeCell ref='B2:D2'/></mergeCells></worksheet>";

#[test]
fn rows_have_headers_formats_and_coordinates() {
    let document = read("x", &workbook(SHEET_XML), ReadLimits::default()).unwrap();
    let passages: Vec<_> = crate::passage::passages(&document)
        .iter()
        .map(|passage| {
            let place = passage.place.as_ref().unwrap();
            format!("{place} {} [{}]", passage.span.of(&document.text), passage.headings.join("/"))
        })
        .collect();
    assert_eq!(
        passages,
        [
            "Budget!B4:D4 Ministry: Trade · Sum: 1,234.50 · Since: 2025年12月 [Budget]",
            "Budget!B6:D6 Ministry: TRUE · Since: 2025年12月 [Budget]",
        ]
    );
    assert_eq!(document.title.as_deref(), Some("Budget of the city"));
    assert_eq!(document.metadata["hidden_sheets"], "Secret");
    let left_out: Vec<_> = document
        .left_out
        .iter()
        .map(|left_out| (left_out.reason, left_out.text.as_str()))
        .collect();
    let expected =
        [(LeftOutReason::Comment, "Check this."), (LeftOutReason::Chart, "Ships a year")];
    assert_eq!(left_out, expected);
    assert_eq!(
        document.unread,
        [
            "sheet “Budget”: 1 formulas have no stored value: open and save the file in a spreadsheet program",
            "sheet “Broken”: xl/worksheets/sheet3.xml: ends in the middle of an element",
        ]
    );
}

#[test]
fn damaged_workbooks_are_refused_with_a_reason() {
    for (bytes, expected) in [
        (zip_archive(&[("x.txt", b"x")]), "holds no workbook"),
        (workbook("<a>"), "sheet “Budget”: xl/worksheets/sheet1.xml: ends in the middle"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec(), "save it as .xlsx without a password"),
    ] {
        let error = read("x", &bytes, ReadLimits::default()).unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn text_that_many_cells_share_is_limited() {
    let cells = "<c t='s'><v>1</v></c>".repeat(3_000);
    let sheet = format!("<worksheet><sheetData><row>{cells}</row></sheetData></worksheet>");
    let error = read("x", &workbook(&sheet), ReadLimits::for_max_file_size(60_000)).unwrap_err();
    assert!(error.contains("holds text of more than"), "{error}");
}

proptest::proptest! {
    #[test]
    fn broken_sheets_never_panic(xml in "(<row r='4294967295'>|<row>|</row>|<c r='ZZZZ9' t='s'>|<c>|</c>|<v>|</v>|<is><t>|</t></is>|9|<mergeCell ref='A1:ZZ9'/>){0,30}") {
        drop(read("x", &workbook(&xml), ReadLimits::default()));
    }
}
