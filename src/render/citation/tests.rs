//! Tests of citations in every style: which values each style states, marks as inferred or leaves out.

use serde_json::{Value, json};

use super::*;
use crate::{passage::Speaker, passage::SpeakerBasis, render::sample, span::Span};

/// Returns a hit in the English release `Port news` of the Bureau of Ports.
fn english_hit() -> Hit {
    let mut hit = sample::results_with_markup().hits.remove(0);
    hit.document.id = "2025/port & co.txt".to_owned();
    hit.document.title = Some("Port news: 5 % more".to_owned());
    hit.document.issuer = Some("Bureau of Ports".to_owned());
    hit.document.lang = "en".to_owned();
    hit.document.url = Some("https://a.example/news?id=5&lang=en".to_owned());
    hit.passage.id = "2025/port & co.txt#4".to_owned();
    hit.passage.ordinal = 4;
    hit.passage.paragraph = 5;
    hit.passage.hash = "0123456789abcdef".to_owned();
    hit.passage.page = None;
    hit.passage.issuer = None;
    hit.passage.speaker = None;
    hit.passage.text = "Traffic grew by 5 %.".to_owned();
    hit
}

/// Returns a hit in a Chinese release whose date, issuer and speaker were inferred.
fn chinese_hit() -> Hit {
    let mut hit = english_hit();
    hit.document.title = Some("港口新闻".to_owned());
    hit.document.issuer = Some("港务局、海事局".to_owned());
    hit.document.lang = "zh-Hans".to_owned();
    hit.document.number = Some("港发〔2025〕5号".to_owned());
    hit.document.url = None;
    hit.document.inferred = ["issuer", "date", "lang"].map(str::to_owned).to_vec();
    hit.passage.text = "货物增长5%。".to_owned();
    hit.passage.speaker = Some("李伟".to_owned());
    hit.passage.speakers = vec![Speaker {
        name: "李伟".to_owned(),
        office: Some("局长".to_owned()),
        span: Span::new(0, 0),
        basis: SpeakerBasis::Turn,
        inferred: true,
    }];
    hit
}

fn json_item(hit: &Hit) -> Value {
    let text = hit.citation().in_style(CitationStyle::CslJson);
    serde_json::from_str::<Value>(&text).unwrap()[0].take()
}

#[test]
fn references_state_author_date_title_and_address() {
    let hit = english_hit();
    let link = "gz-search:2025/port%20%26%20co.txt#4@0123456789abcdef";
    let quote = "“Traffic grew by 5 %.” (Bureau of Ports, 2025, para. 5)";
    assert_eq!(
        hit.citation().in_style(CitationStyle::Apa),
        format!(
            "{quote}\nBureau of Ports. (2025, December 17). Port news: 5 % more. \
             https://a.example/news?id=5&lang=en\n{link}\n"
        )
    );
    assert_eq!(
        hit.citation().in_style(CitationStyle::Gbt7714),
        format!(
            "{quote}\nBureau of Ports. Port news: 5 % more[EB/OL]. (2025-12-17). \
             https://a.example/news?id=5&lang=en.\n{link}\n"
        )
    );
    let key = "portco-p5-";
    let bibtex = hit.citation().in_style(CitationStyle::Bibtex);
    let (before_key, after_key) = bibtex.split_once(key).unwrap();
    assert_eq!(before_key, "@misc{");
    assert_eq!(
        after_key.get(8..).unwrap(),
        ",\n  author = {{Bureau of Ports}},\n  title = {{Port news: 5 \\% more}},\n  year = {2025},\n  \
         month = dec,\n  day = {17},\n  url = {https://a.example/news?id=5&lang=en},\n  \
         langid = {english},\n  annote = {“Traffic grew by 5 \\%.”},\n  note = {paragraph 5. \
         gz-search:2025/port\\%20\\%26\\%20co.txt\\#4@0123456789abcdef}\n}\n"
    );
    let ris = hit.citation().in_style(CitationStyle::Ris);
    let lines: Vec<&str> = ris.split("\r\n").collect();
    assert_eq!(lines[0], "TY  - ELEC");
    assert_eq!(
        lines[2..].join("|"),
        format!(
            "AU  - Bureau of Ports|TI  - Port news: 5 % more|PY  - 2025|DA  - 2025/12/17/|LA  - en|\
             UR  - https://a.example/news?id=5&lang=en|N1  - “Traffic grew by 5 %.”|\
             N1  - paragraph 5. {link}|ER  - |"
        )
    );
    let item = json_item(&hit);
    assert_eq!(item["author"], json!([{ "literal": "Bureau of Ports" }]));
    assert_eq!(item["issued"], json!({ "date-parts": [[2025, 12, 17]] }));
    assert_eq!(item["type"], "webpage");
}

#[test]
fn inferred_values_are_marked_or_left_out() {
    let hit = chinese_hit();
    let link = "gz-search:2025/port%20%26%20co.txt#4@0123456789abcdef";
    let quote = "“货物增长5%。”（[局长李伟]，引自[港务局]、[海事局]，[2025]，第5段）";
    assert_eq!(
        hit.citation().in_style(CitationStyle::Apa),
        format!(
            "{quote}\n[港务局]、[海事局]（[2025年12月17日]）。港口新闻（港发〔2025〕5号）。\n{link}\n"
        )
    );
    assert_eq!(
        hit.citation().in_style(CitationStyle::Gbt7714),
        format!(
            "{quote}\n[港务局], [海事局]. 港口新闻: 港发〔2025〕5号[Z]. [2025-12-17].\n{link}\n"
        )
    );
    let note = "第5段。发言人：[局长李伟]。推断所得，原文未注明：发布机构，日期。";
    let bibtex = hit.citation().in_style(CitationStyle::Bibtex);
    assert!(bibtex.contains("  author = {{[港务局]} and {[海事局]}},\n"), "{bibtex}");
    assert!(bibtex.contains("  year = {[2025]},\n  number = "), "{bibtex}");
    assert!(bibtex.contains(note), "{bibtex}");
    let ris = hit.citation().in_style(CitationStyle::Ris);
    assert!(ris.starts_with("TY  - GEN\r\n") && !ris.contains("PY  - "), "{ris}");
    assert!(ris.contains("DA  - 2025/12/17/inferred\r\n"), "{ris}");
    let item = json_item(&hit);
    assert_eq!(item["issued"], json!({ "date-parts": [[2025, 12, 17]], "circa": true }));
    assert!(item["note"].as_str().unwrap().starts_with(note), "{item}");
}

#[test]
fn unknown_values_are_left_out() {
    let mut hit = english_hit();
    hit.document.title = None;
    hit.document.date = None;
    hit.document.issuer = None;
    hit.document.url = Some("javascript:alert(1)".to_owned());
    let apa = hit.citation().in_style(CitationStyle::Apa);
    assert!(
        apa.starts_with(
            "“Traffic grew by 5 %.” (“[2025/port & co.txt]”, n.d., para. 5)\n\
             [2025/port & co.txt]. (n.d.).\ngz-search:"
        ),
        "{apa}"
    );
    hit.document.lang = "zh-Hant".to_owned();
    let gbt = hit.citation().in_style(CitationStyle::Gbt7714);
    assert!(
        gbt.starts_with(
            "「Traffic grew by 5 %.」（《[2025/port & co.txt]》，無日期，第5段）\n[2025/port & co.txt][Z].\n"
        ),
        "{gbt}"
    );
    for style in CitationStyle::ALL.into_iter().skip(2) {
        let citation = hit.citation().in_style(style);
        assert!(!citation.contains("javascript:"), "{citation}");
    }
    let item = json_item(&hit);
    assert!(item.get("issued").is_none() && item.get("author").is_none(), "{item}");
}

#[test]
fn many_authors_are_abbreviated_as_each_style_does() {
    let mut hit = english_hit();
    for (issuers, apa_authors, gbt_authors) in [
        (
            "Bureau of Ports; Bureau of Rails",
            "Bureau of Ports & Bureau of Rails.",
            "Bureau of Ports, Bureau of Rails.",
        ),
        (
            "Bureau of Ports; Bureau of Rails; Bureau of Roads; Bureau of Trade",
            "Bureau of Ports, Bureau of Rails, Bureau of Roads, & Bureau of Trade.",
            "Bureau of Ports, Bureau of Rails, Bureau of Roads, et al.",
        ),
    ] {
        hit.document.issuer = Some(issuers.to_owned());
        let second_line = |style| {
            let citation = hit.citation().in_style(style);
            citation.lines().nth(1).unwrap().to_owned()
        };
        let apa = second_line(CitationStyle::Apa);
        assert!(apa.starts_with(apa_authors), "{apa}");
        let gbt = second_line(CitationStyle::Gbt7714);
        assert!(gbt.starts_with(gbt_authors), "{gbt}");
    }
}

#[test]
fn citation_keys_differ_between_passages() {
    let mut hit = chinese_hit();
    let mut keys = Vec::new();
    for id in ["a/港.txt#1", "a/局.txt#1", "b/港.txt#1", "a/港.txt#2", "a b{,}.txt#1"] {
        hit.document.id = id.rsplit_once('#').unwrap().0.to_owned();
        hit.passage.id = id.to_owned();
        let key = json_item(&hit)["id"].as_str().unwrap().to_owned();
        assert!(key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'), "{key}");
        keys.push(key);
    }
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), 5, "{keys:?}");
}

#[test]
fn lists_are_one_text_in_the_format_of_the_style() {
    let hits = [english_hit(), chinese_hit()];
    let list = |style| citation_list(hits.iter().map(Hit::citation), style);
    let items: Value = serde_json::from_str(&list(CitationStyle::CslJson)).unwrap();
    assert_eq!(items.as_array().map(Vec::len), Some(2));
    assert_eq!(list(CitationStyle::Bibtex).matches("\n}\n").count(), 2);
    assert_eq!(list(CitationStyle::Ris).matches("\r\nER  - \r\n").count(), 2);
    assert_eq!(list(CitationStyle::Apa).split("\n\n").count(), 2);
    assert_eq!(citation_list([], CitationStyle::CslJson), "[]\n");
}

proptest::proptest! {
    #[test]
    fn no_text_breaks_a_record(
        text in r"(TY  - |ER  - |\r\n|\n|\x1b|[{}@,%#广a ]|\u{2028}){1,12}",
        title in r"[{}@\n\r,a広]{1,9}",
    ) {
        let mut hit = english_hit();
        hit.passage.text = text;
        hit.document.title = Some(title.clone());
        hit.document.issuer = Some(title);
        let ris = hit.citation().in_style(CitationStyle::Ris);
        let lines: Vec<&str> = ris.split_terminator("\r\n").collect();
        proptest::prop_assert_eq!(lines.iter().filter(|line| line.starts_with("ER  - ")).count(), 1);
        let has_tag = |line: &&str| line.get(2..6) == Some("  - ");
        proptest::prop_assert!(lines.iter().all(has_tag), "{}", ris);
        let bibtex = hit.citation().in_style(CitationStyle::Bibtex);
        let mut depth = 0_i32;
        for line in bibtex.lines() {
            proptest::prop_assert!(!line.starts_with('@') || depth == 0, "{}", bibtex);
            for c in line.chars() {
                depth += match c { '{' => 1, '}' => -1, _ => 0 };
            }
        }
        proptest::prop_assert_eq!(depth, 0);
        for style in CitationStyle::ALL {
            let citation = hit.citation().in_style(style);
            let is_plain = |c: char| !c.is_control() || matches!(c, '\n' | '\r');
            proptest::prop_assert!(citation.chars().all(is_plain), "{citation:?}");
        }
    }
}
