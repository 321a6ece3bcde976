//! Tests the reader of Rich Text Format with handmade files.

use super::*;

fn read_blocks(rtf: &str) -> Vec<String> {
    let document = read("x", rtf.as_bytes(), ReadLimits::default()).unwrap();
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

#[test]
fn control_words_become_blocks() {
    let rtf = r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fnil\fcharset0 Arial;}{\f1\fcharset134 SimSun;}}
{\stylesheet{\s1 heading 1;}}{\info{\title Port plan}{\author Li Wei}}{\*\generator Riched20;}
\pard\outlinelevel0 The {\b Port} Plan\par
\pard It cost \'a35 million \endash  caf\'e9.{\footnote\pard See annex.}\line Second line.\par
{\v hidden}{\deleted gone}{\pict\bin4 {{{{ffd8}\f1 \'b8\'db\'bf\'da\f0  grows.\par
\uc1 \u28207?\u21475?\u-10179?\u-8704? {\uc2\u8364 EU}x\par
{\field{\*\fldinst HYPERLINK http://a.b}{\fldrslt a link}}\par
\trowd\pard\intbl Port\cell Ships\cell\row\trowd\intbl North\par 2\cell 12\cell\row\pard
End}";
    assert_eq!(
        read_blocks(rtf),
        [
            "T The Port Plan",
            "It cost £5 million – café.\nSecond line.",
            "See annex.",
            "港口 grows.",
            "港口😀 €x",
            "a link",
            "Port | Ships",
            "North 2 | 12",
            "End",
        ]
    );
}

#[test]
fn raised_digits_and_drawn_fields_are_read() {
    let rtf = r"{\rtf1 Load of 10{\super 6} t, cost $40\super 3\nosupersub  more, 5\super th\plain  day.\par
Half is {\field{\*\fldinst{ EQ \\f(1,2)}}{\fldrslt }} and {\field{\*\fldinst SYMBOL 176}{\fldrslt }}.\par}";
    assert_eq!(read_blocks(rtf), ["Load of 10⁶ t, cost $40 more, 5th day.", "Half is 1/2 and °."]);
}

#[test]
fn text_is_decoded_by_the_code_page_of_the_file() {
    let escaped_bytes = r"\'b8\'db\'bf\'da";
    for (header, expected) in [(r"\ansicpg936", "港口"), (r"\ansicpg1251", "ёЫїЪ")] {
        let rtf = format!(r"{{\rtf1\ansi{header} {escaped_bytes}\par}}");
        assert_eq!(read_blocks(&rtf)[0].trim_start_matches("T "), expected);
    }
}

#[test]
fn running_heads_follow_the_text() {
    let rtf = r"{\rtf1{\header\pard No. 5 of the bureau\par}{\footer 1}The ports opened.\par It rained.\par}";
    assert_eq!(read_blocks(rtf), ["The ports opened.", "It rained.", "No. 5 of the bureau"]);
}

#[test]
fn only_a_mark_at_the_beginning_makes_a_group_optional() {
    let rtf = r"{\rtf1{\*\unknown gone}{\i0\*\cs7 The ports} opened.\par
{\list{\listlevel{\leveltext \'01.}{\levelnumbers \'01}}{\listname List_1;}}End\par}";
    assert_eq!(read_blocks(rtf), ["The ports opened.", "End"]);
}

#[test]
fn properties_are_metadata() {
    let rtf =
        r"{\rtf1{\info{\title Port plan}{\author Li Wei}{\operator x}}A sentence about ports.\par}";
    let document = read("x", rtf.as_bytes(), ReadLimits::default()).unwrap();
    assert_eq!(document.title.as_deref(), Some("Port plan"));
    assert_eq!(document.metadata["creator"], "Li Wei");
}

#[test]
fn damaged_files_are_refused_with_a_reason() {
    for (rtf, expected) in
        [("text", "is not Rich Text Format"), ("{\\rtf1{\\fonttbl", "damaged or cut off")]
    {
        let error = read("x", rtf.as_bytes(), ReadLimits::default()).unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
    let deep = format!("{{\\rtf1 {}Text.{}\\par}}", "{".repeat(100_000), "}".repeat(100_000));
    assert_eq!(read_blocks(&deep), ["Text."]);
}

proptest::proptest! {
    #[test]
    fn broken_files_never_panic(text in r"(\{|\}|\\u-?[0-9]{1,6}|\\bin9|\\'[0-9a-g]{2}|\\cell|\\row|\\par|\\pard|\\\*|\\f1|\\uc-1|\\fonttbl|\\fcharset134|a|\\){0,30}") {
        drop(read("x", format!("{{\\rtf1{text}").as_bytes(), ReadLimits::default()));
    }
}
