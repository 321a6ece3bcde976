//! Tests the reader of OFD with handmade files.

use super::*;
use crate::document::{format::archive::zip_archive, with_inferred_metadata};

const ROOT_XML: &str = "<ofd:OFD><ofd:DocBody><ofd:DocInfo><ofd:DocID>x</ofd:DocID><ofd:Title>通知</ofd:Title>\
    <ofd:CreationDate>2025-12-17</ofd:CreationDate><ofd:CustomDatas><ofd:CustomData Name='发文机关'>港口局\
    </ofd:CustomData></ofd:CustomDatas></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>";
const DOCUMENT_XML: &str = "<ofd:Document><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox>\
    </ofd:PageArea><ofd:TemplatePage ID='9' BaseLoc='Tpls/T.xml'/></ofd:CommonData><ofd:Pages>\
    <ofd:Page ID='1' BaseLoc='Pages/0.xml'/><ofd:Page ID='2' BaseLoc='/Doc_0/Pages/1.xml'/></ofd:Pages></ofd:Document>";

fn line(top: f32, size: f32, text: &str) -> String {
    format!(
        "<ofd:TextObject Boundary='20 {top} 170 10' Size='{size}'><ofd:TextCode X='0' Y='5' \
         DeltaX='g {} {size}'>{text}</ofd:TextCode></ofd:TextObject>",
        text.chars().count()
    )
}

fn page(content: &str) -> String {
    format!(
        "<ofd:Page><ofd:Template TemplateID='9'/><ofd:Content><ofd:Layer>{content}</ofd:Layer></ofd:Content></ofd:Page>"
    )
}

fn ofd_file(pages: [&str; 2]) -> Vec<u8> {
    let pages = pages.map(page);
    zip_archive(&[
        ("OFD.xml", ROOT_XML.as_bytes()),
        ("Doc_0/Document.xml", DOCUMENT_XML.as_bytes()),
        ("Doc_0/Tpls/T.xml", b"<ofd:Page/>"),
        ("Doc_0/Pages/0.xml", pages[0].as_bytes()),
        ("Doc_0/Pages/1.xml", pages[1].as_bytes()),
    ])
}

#[test]
fn lines_become_paragraphs_with_page_numbers() {
    let first = [
        line(20.0, 7.8, "关于港口开放的通知"),
        line(40.0, 5.6, "各区人民政府，市政府各部门："),
        line(50.0, 5.6, "　　港口于今日开放，各部门应当做好准备工作，确保航道畅通安"),
        line(59.0, 5.6, "全，并及时报告。"),
    ];
    let second = line(20.0, 5.6, "　　特此通知。");
    let bytes = ofd_file([&first.concat(), &second]);
    let document =
        with_inferred_metadata(read("x", &bytes, ReadLimits::default()).unwrap()).unwrap();
    let passages: Vec<_> = crate::passage::passages(&document)
        .iter()
        .map(|passage| (passage.page.unwrap(), passage.span.of(&document.text).trim().to_owned()))
        .collect();
    let expected = [
        (1, "各区人民政府，市政府各部门："),
        (1, "港口于今日开放，各部门应当做好准备工作，确保航道畅通安全，并及时报告。"),
        (2, "特此通知。"),
    ];
    assert_eq!(passages, expected.map(|(page, text)| (page, text.to_owned())));
    assert_eq!(document.title.as_deref(), Some("关于港口开放的通知"));
    assert_eq!(document.issuer.as_deref(), Some("港口局"));
    assert_eq!(document.metadata["created"], "2025-12-17");
}

#[test]
fn wide_distances_split_runs_and_repeat_counts_are_limited() {
    assert_eq!(page::area_height("0 0 210 297"), Some(297.0));
    let cells = "<ofd:TextObject Boundary='20 20 170 10' Size='5'><ofd:TextCode X='0' Y='5' \
        DeltaX='5 60 5'>港口船只</ofd:TextCode></ofd:TextObject>";
    let document = read("x", &ofd_file([cells, ""]), ReadLimits::default()).unwrap();
    assert_eq!(document.text.trim(), "港口 | 船只");
    let bomb = "<ofd:TextObject><ofd:TextCode DeltaX='g 99999999999 5 g g x'>港口</ofd:TextCode></ofd:TextObject>";
    assert_eq!(
        read("x", &ofd_file([bomb, ""]), ReadLimits::default()).unwrap().text.trim(),
        "港口"
    );
}

#[test]
fn damaged_files_are_refused_with_a_reason() {
    for (bytes, expected) in [
        (zip_archive(&[("x.txt", b"x")]), "has no part OFD.xml"),
        (zip_archive(&[("OFD.xml", b"<a/>")]), "has no pages"),
        (zip_archive(&[("OFD.xml", ROOT_XML.as_bytes())]), "has no part Doc_0/Document.xml"),
        (ofd_file(["", ""]), "is a scan"),
        (ofd_file(["<x>", ""]), "page 1: Doc_0/Pages/0.xml: "),
    ] {
        let error = read("x", &bytes, ReadLimits::default()).unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
}

proptest::proptest! {
    #[test]
    fn broken_pages_never_panic(xml in "(<TextObject Boundary='1 1e9 -4' CTM='0 1 1 0 0 0' Size='-3'>|<TextObject>|</TextObject>|<TextCode X='1' DeltaX='g 3'>|<TextCode>|</TextCode>|a|港|<Layer/>){0,30}") {
        drop(read("x", &ofd_file([&xml, ""]), ReadLimits::default()));
    }
}

#[test]
fn hidden_text_is_left_out_and_a_signature_keeps_its_lines() {
    let at = |left: f32, top: f32, text: &str| {
        line(top, 5.6, text).replace("Boundary='20 ", &format!("Boundary='{left} "))
    };
    let first = [
        line(20.0, 7.8, "关于港口开放的通知"),
        line(40.0, 5.6, "　　港口于今日开放，各部门应当做好准备工作，确保航道畅通。"),
        line(50.0, 5.6, "草稿不公开。").replace("Size", "Visible='false' Size"),
        at(130.0, 60.0, "东湾区交通局"),
        at(128.0, 69.0, "2025年12月17日"),
        line(79.0, 5.6, "（此件公开发布）"),
    ];
    let bytes = ofd_file([&first.concat(), ""]);
    let document = read("x", &bytes, ReadLimits::default()).unwrap();
    let blocks: Vec<&str> =
        document.blocks.iter().map(|block| block.span.of(&document.text).trim()).collect();
    assert_eq!(blocks[2..], ["东湾区交通局", "2025年12月17日", "（此件公开发布）"]);
    assert_eq!(document.left_out[0].text, "草稿不公开。");
}
