//! Tests of the rules for dates.

use super::*;

/// Id, URL and text of a document, and the expected date with its origin.
type DateCase<'a> = (&'a str, &'a str, &'a str, Option<(&'a str, &'a str)>);

/// Asserts the date and the origin of the date that the rules infer for each document.
fn assert_inferred_dates(cases: &[DateCase<'_>]) {
    for &(id, url, text, expected) in cases {
        let mut document = Document::new(id, text);
        document.url = Some(url.to_owned()).filter(|url| !url.is_empty());
        infer_date(&mut document);
        let date = document.date.map(|date| date.to_string());
        let is_inferred = document.inferred.contains(&"date".to_owned());
        let origin = document.origins.get("date");
        let origin = origin
            .map(|origin| if is_inferred { origin.clone() } else { format!("{origin}, stated") });
        assert_eq!(date.as_deref().zip(origin.as_deref()), expected, "{id} {text}");
    }
}

#[test]
fn lines_of_the_text_give_dates() {
    assert_inferred_dates(&[
        (
            "a",
            "",
            "Title\nWASHINGTON, November 23, 2026 — The office said so.",
            Some(("2026-11-23", "dateline")),
        ),
        ("a", "", "GENEVA (3 March 2024) – The office said so.", Some(("2024-03-03", "dateline"))),
        ("a", "", "Title\nThursday, May 28, 2015\nText.", Some(("2015-05-28", "text"))),
        (
            "a",
            "",
            "For Immediate Release: Nov. 23, 2026\nTitle\nText.",
            Some(("2026-11-23", "text, stated")),
        ),
        ("a", "", "标题\n发布日期：2025年12月17日\n正文。", Some(("2025-12-17", "text, stated"))),
        ("a", "", "標題\n中華民國101年5月14日（星期一）\n正文。", Some(("2012-05-14", "text"))),
        (
            "a",
            "",
            "關於開放碼頭的通知\n發布日期：114-12-17\n本局決定開放碼頭，請各業者遵照辦理。",
            Some(("2025-12-17", "text, stated")),
        ),
        (
            "a",
            "",
            "关于开放码头的通知\n版本：114-12-17\n本局决定开放码头，请各业者遵照办理。",
            None,
        ),
        ("a", "", "關於開放碼頭的通知\n114-12-17-3\n本局決定開放碼頭，請各業者遵照辦理。", None),
        (
            "a",
            "",
            "标题\n正文。\n某某市人民政府\n二〇二五年十二月十七日",
            Some(("2025-12-17", "signature")),
        ),
    ]);
}

#[test]
fn file_names_and_titles_give_dates_and_events_do_not() {
    assert_inferred_dates(&[
        ("d/2022-01-11-remarks.md", "", "Text.", Some(("2022-01-11", "file name"))),
        ("条例(2022-11-30).md", "", "正文。", Some(("2022-11-30", "file name"))),
        (
            "content_01811095338761.html",
            "http://a/2018-11/19/c",
            "Text.",
            Some(("2018-11-19", "address")),
        ),
        (
            "a",
            "",
            "會議紀錄\n時　　間　中華民國101年3月15日（星期四）上午9時\n正文。",
            Some(("2012-03-15", "text")),
        ),
        ("a", "", "标题\n新华社北京2024年1月11日电 正文。", Some(("2024-01-11", "dateline"))),
        (
            "a",
            "http://a/2024-01/11/c.htm",
            "标题\n新华社北京1月10日电 正文。",
            Some(("2024-01-11", "address")),
        ),
        (
            "news/port-2023.txt",
            "",
            "Title\nNEW YORK, Dec. 17 — The office said so.",
            Some(("2023-12-17", "dateline and file name")),
        ),
        (
            "a",
            "",
            "會議紀錄\n時　　間　中華民國101年4月18日（星期三）上午9時19分、下午2時32分\n正文。",
            Some(("2012-04-18", "text")),
        ),
        (
            "a",
            "",
            "Dates\n1 May 2026\nFirst day.\n2 May 2026\nLast day.\na.\nb.\nc.\nd.\ne.\nf.",
            None,
        ),
        (
            "a",
            "",
            "REMARKS AT A CEREMONY ON 19 NOVEMBER 2018\nGood morning.",
            Some(("2018-11-19", "title")),
        ),
        (
            "a",
            "",
            "Berth opening\nReporters are invited.\nDate: 20 January 2026\nTime: 10 am\nVenue: gate 3\n\n\
             Issued 17 December 2025.\nContact the desk.",
            Some(("2025-12-17", "text, stated")),
        ),
        (
            "a",
            "",
            "Invitation\nCome.\nDate: 20 January 2026\nVenue: gate 3\nBring a card.\nEnd.",
            None,
        ),
        ("a", "", "Title\nDate: 20 January 2026\nText.\nMore.", Some(("2026-01-20", "text"))),
        (
            "a",
            "",
            "Title\nLast updated: 3 May 2026\nPublished\n17 December 2025\nText.\na.\nb.",
            Some(("2025-12-17", "text, stated")),
        ),
        ("a", "", "Title\nLast updated: 3 May 2026\nText.\nMore.", None),
        (
            "a",
            "",
            "標題\n發佈了辦法。\n某某縣政府\n101年12月13日",
            Some(("2012-12-13", "signature")),
        ),
        ("a", "", "标题\n发布了办法。\n某某县政府\n101年12月13日", None),
    ]);
}

#[test]
fn dates_of_publication_are_distinguished_from_other_dates() {
    assert_inferred_dates(&[
        ("r/8Nov2005Ports12.txt", "", "Text.", Some(("2005-11-08", "file name"))),
        (
            "a",
            "",
            "Press briefing, Friday 27 September 2024\nGood morning.",
            Some(("2024-09-27", "title")),
        ),
        ("a", "", "Anniversary of the accident on 26 April 1986\nWe remember.", None),
        ("a", "", "Title\nText.\nMore.\nLatest posts\nPorts\n1 May 2026\nRail\n2 May 2026", None),
        ("a", "", "Dates\nBy 15 January 2021: Find out if you can apply.\nText.", None),
        (
            "a",
            "",
            "New Awards\n10 March 2021 – The Ministry of Ports is opening nominations for the awards, as it does every second year.\nText.",
            Some(("2021-03-10", "dateline")),
        ),
        ("a", "", "Dates\n10 March 2021 – Nominations open.\n10 May 2021 – Winners.\nText.", None),
        ("a", "", "The plan of November 23, 2026 was good.", None),
        ("content_20181109533.html", "", "2024年5月1日，市政府发布了办法。", None),
        ("a", "", "NEW YORK, December 17 — No year, no date.", None),
    ]);
}
