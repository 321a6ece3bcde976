//! Tests the separation of front matter from the text of small pages.

use super::*;
use crate::document::{Format, read};

/// Returns the texts of the blocks of an HTML page, and its document.
fn blocks_of(page: &str) -> (Vec<String>, Document) {
    let document = read(Format::Html, "page", page.as_bytes()).unwrap();
    let blocks = document.blocks.iter().map(|block| block.span.of(&document.text).to_owned());
    (blocks.collect(), document)
}

#[test]
fn front_matter_becomes_metadata() {
    /// Content of a page, expected blocks, and expected metadata.
    type PageCase<'a> = (&'a str, &'a [&'a str], &'a [(&'a str, &'a str)]);
    let cases: [PageCase<'_>; 5] = [
        (
            "<h1>通知标题</h1><p>发布时间：2024-01-11 10:00　来源：新华社</p><p>正文：见下。</p>",
            &["通知标题", "正文：见下。"],
            &[("发布时间", "2024-01-11 10:00"), ("来源", "新华社")],
        ),
        (
            "<h1>Title</h1><p>Text.<p>Last Updated: May 23, 2022",
            &["Title", "Text."],
            &[("updated", "2022-05-23")],
        ),
        (
            "<p>Office of Ports<p>Notice<h1>New Rules</h1><p>Text.",
            &["New Rules", "Text."],
            &[("above the title", "Office of Ports · Notice")],
        ),
        (
            "<h1>New Rules</h1><p>Text.<p>Topic: Ports<p>Rail<p>Release Number: 15-680",
            &["New Rules", "Text.", "Topic: Ports", "Rail"],
            &[("Topic", "Ports; Rail"), ("Release Number", "15-680")],
        ),
        (
            "<h1>New Rules</h1><h4>Li Wei</h4><p>Cite as: Li Wei<p>New rules. http://a.example/1.\
             <p>Reviewed<h2>Abstract</h2><p>Rules are new.",
            &["New Rules", "Li Wei", "Abstract", "Rules are new."],
            &[
                ("citation", "Cite as: Li WeiNew rules. http://a.example/1."),
                ("below the citation", "Reviewed"),
            ],
        ),
    ];
    for (page, blocks, metadata) in cases {
        let (actual_blocks, document) = blocks_of(page);
        assert_eq!(actual_blocks, blocks, "{page}");
        for (key, value) in metadata {
            assert_eq!(document.metadata.get(*key).map(String::as_str), Some(*value), "{page}");
        }
    }
}

#[test]
fn subjects_and_times_stay_in_the_text() {
    let cases: [(&str, &[&str]); 6] = [
        (
            "<h1>通知</h1><table><tr><td>发文机关：<td>某局<tr><td>主 题 词：<td>港口 规划</table><p>正文。",
            &["通知", "正文。", "主 题 词：港口 规划"],
        ),
        (
            "<h1>通知</h1><p>主题词：港口 发布机构：某市港口局<p>正文。",
            &["通知", "主题词：港口 发布机构：某市港口局", "正文。"],
        ),
        (
            "<p>Office of Ports<p>Embargoed until 3.30 pm<h1>New Rules</h1><p>Text.",
            &["Embargoed until 3.30 pm", "New Rules", "Text."],
        ),
        (
            "<p>Office of Ports<p>EMBARGOED UNTIL AFTER DELIVERY<h1>New Rules</h1><p>Text.",
            &["EMBARGOED UNTIL AFTER DELIVERY", "New Rules", "Text."],
        ),
        (
            "<h1>會議紀錄</h1><p>時間：中華民國101年3月15日上午9時<p>宣布開會。",
            &["會議紀錄", "時間：中華民國101年3月15日上午9時", "宣布開會。"],
        ),
        (
            "<h1>开港仪式</h1><p>日期：2026年1月20日<p>地点：三号门<p>欢迎参加。",
            &["开港仪式", "日期：2026年1月20日", "地点：三号门", "欢迎参加。"],
        ),
    ];
    for (page, expected) in cases {
        assert_eq!(blocks_of(page).0, expected, "{page}");
    }
    let minutes = "會議紀錄\n\n時 間 中華民國101年3月15日（星期四）上午9時\n\n宣布開會。\n";
    let document = read(Format::Text, "page", minutes.as_bytes()).unwrap();
    assert!(document.text.contains("上午9時"), "{}", document.text);
    assert_eq!(document.date, "2012-03-15".parse().ok());
}

#[test]
fn date_line_becomes_metadata() {
    let text = "New Rules\n\nPublished on 17 December 2025\n\nRules are new.\n";
    for format in [Format::Text, Format::Markdown] {
        let document = read(format, "page", text.as_bytes()).unwrap();
        assert_eq!(document.date, "2025-12-17".parse().ok());
        assert_eq!(document.metadata[DATE_LINE_KEY], "Published on 17 December 2025");
        let words: Vec<_> = document.text.split_whitespace().collect();
        assert_eq!(words.join(" "), "New Rules Rules are new.");
    }
}

#[test]
fn day_and_place_of_an_event_stay_in_the_text() {
    let event = ["Date: 20 January 2026", "Time: 10 am", "Venue: gate 3", "From: the north"];
    for (above, below) in [("", ""), ("<p>Issued on 17 December 2025.", "<p>The end.")] {
        let page = format!("<h1>Opening</h1>{above}<p>Come.<p>{}{below}", event.join("<p>"));
        let (blocks, document) = blocks_of(&page);
        for line in event {
            assert!(blocks.iter().any(|block| block == line), "{line} {page}");
        }
        let date = document.date.map(|date| date.to_string());
        assert_eq!(date.as_deref(), Some("2025-12-17").filter(|_| !above.is_empty()));
        assert_eq!(document.issuer, None);
    }
}

#[test]
fn dates_in_a_list_stay_in_the_text() {
    let page = "<meta name=pubdate content=2026-05-01><h1>Dates</h1><h2>1 May 2026</h2><p>One.<h2>2 May 2026</h2><p>Two.";
    assert_eq!(blocks_of(page).0, ["Dates", "1 May 2026", "One.", "2 May 2026", "Two."]);
}

#[test]
fn label_tables_become_metadata_in_any_format() {
    let text = "# 关于港口的通知\n\n| 发文机关 | 某市政府 |\n|---|---|\n| 成文日期： | 2018年11月6日 |\n\n正文。\n";
    let document = read(Format::Markdown, "page", text.as_bytes()).unwrap();
    assert_eq!(document.issuer.as_deref(), Some("某市政府"));
    assert_eq!(document.date, "2018-11-06".parse().ok());
    assert_eq!(document.text, "关于港口的通知\n\n正文。\n\n");
}

#[test]
fn credit_at_the_end_becomes_metadata() {
    for (format, text) in [
        (Format::Text, "Ports\n\nPorts grow.\n(Source: Xinhua)\n"),
        (Format::Html, "<h1>Ports</h1><p>Ports grow.<p>（来源：新华网）"),
    ] {
        let document = read(format, "page", text.as_bytes()).unwrap();
        assert_eq!(document.text.trim(), "Ports\n\nPorts grow.");
        assert!(document.metadata.contains_key("credit"));
    }
}

#[test]
fn letterhead_gives_the_issuer_and_line_under_the_title_gives_the_number() {
    let (blocks, document) = blocks_of(
        "<p>国务院办公厅<p>2018年1月2日<h1>关于港口的通知</h1><p>国办发[2018]7号<p>各市：<p>正文。",
    );
    assert_eq!(blocks, ["关于港口的通知", "各市：", "正文。"]);
    assert_eq!(document.issuer.as_deref(), Some("国务院办公厅"));
    assert_eq!(document.number.as_deref(), Some("国办发〔2018〕7号"));
    assert_eq!(document.date, "2018-01-02".parse().ok());
}

#[test]
fn text_that_consists_of_labels_is_not_removed() {
    assert_eq!(blocks_of("<p>发布时间：").0, ["发布时间："]);
    assert_eq!(blocks_of("<p>发布时间：2024-01-11").0, ["发布时间：2024-01-11"]);
}

#[test]
fn pages_move_with_their_first_block() {
    let mut document = Document::new("a", "Above\n\nTitle\n\nOne page,\nanother.\n\n");
    let block = |line: &str, kind| {
        let line_start = document.text.find(line).unwrap();
        Block { span: Span::new(line_start, line_start + line.len()), kind }
    };
    document.blocks = vec![
        block("Above", BlockKind::Paragraph),
        block("Title", BlockKind::Title),
        block("One page,\nanother.", BlockKind::Paragraph),
    ];
    document.pages = vec![0, 24];
    separate_front_matter(&mut document);
    assert_eq!(document.text, "Title\n\nOne page,\nanother.\n\n");
    assert_eq!(document.pages, [0, 17]);
}
