use super::*;
use crate::document::format::html::parse;

fn printed_blocks(markup: &str) -> Vec<String> {
    let tree = parse::parse(markup).unwrap();
    let blocks = convert_to_blocks(&tree, &MainContent::of_whole_page(&tree));
    let lines = blocks.blocks.iter().map(|block| {
        let text = block.span.of(&blocks.text);
        match block.kind {
            BlockKind::Heading(level) => format!("{level} {text}"),
            _ => text.to_owned(),
        }
    });
    lines.collect()
}

#[test]
fn markup_becomes_blocks() {
    let cases: [(&str, &[&str]); 30] = [
        (
            "<pre>The rate\nfell.\n\nYear  Rate\n2024  4.5\n2025  4.2</pre>",
            &["The rate\nfell.", "Year | Rate", "2024 | 4.5", "2025 | 4.2"],
        ),
        (
            "<table><tr><th rowspan=2>Ship<th colspan=2>Fee<tr><th>Day<th>Night<tr><td rowspan=2><b>Tan</b>ker<td>1<td>2<tr><td>3<td rowspan=9>4<tr><td>Ferry<td>5<tfoot><tr><td>Sum<td>9</table>",
            &[
                "Ship | Fee",
                "Ship | Fee Day | Fee Night",
                "Tanker | 1 | 2",
                "Tanker | 3 | 4",
                "Ferry | 5 | 4",
                "Sum | 9",
            ],
        ),
        (
            "<table><tr><td><td colspan=2>all<tr><td rowspan=0>A<td>1<td>2<tr><td>3<td>4<tr></table>",
            &["all", "A | 1 | 2", "A | 3 | 4"],
        ),
        (
            "<p>10<sup>6</sup> km<sup>2</sup> in 2024.<sup><a href=#n>1</a></sup> The 5<sup>th</sup>, 30%<sup> [2]</sup><p><sup>1</sup> Note",
            &["10⁶ km² in 2024. The 5th, 30%", "1 Note"],
        ),
        ("<p>1<sup>1</sup>/<sub>2</sub> cups", &["1 1/2 cups"]),
        (
            "<p>He said: <q>Ports <q>grow</q>. </q> Then “<q>more</q>”. <q>“Own”</q>",
            &["He said: “Ports “grow”.” Then “more”. “Own”"],
        ),
        ("<p>局长<ruby>龑<rp>(</rp><rt>yǎn</rt><rp>)</rp></ruby>说", &["局长龑说"]),
        (
            "<ol start=14><li>one<ul><li>x</ul><li><p>two<p>more<li>(c) own</ol>",
            &["14. one", "x", "15. two", "more", "(c) own"],
        ),
        ("<ol type=a class=steps><li>one<li value=4>two</ol>", &["a. one", "d. two"]),
        ("<ol class=list-unstyled><li>one</ol><p>Back to top</p>", &["one"]),
        (
            "<p>5 <math> <msup> <mn>10</mn> <mn>6</mn> </msup> </math> t, 4<math><mfrac><mn>1</mn>\n<mn>2</mn></mfrac></math> m",
            &["5 10⁶ t, 4 1/2 m"],
        ),
        (
            "<p>below <math><mn>35</mn><mo>&#x2009;</mo><mi>mg</mi><annotation>35</annotation></math> a litre",
            &["below 35 mg a litre"],
        ),
        (
            "<table><tr><td>Berths:<td>3<tr><td>Crews:<td>12</table>",
            &["Berths: | 3", "Crews: | 12"],
        ),
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
        ("<h1>Title</h1>loose<div>text<span>ual</span></div>", &["1 Title", "loose", "textual"]),
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
        assert_eq!(printed_blocks(markup), expected, "{markup}");
    }
}
