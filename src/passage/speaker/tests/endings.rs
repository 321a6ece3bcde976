//! Tests of where the words and the name of a speaker end: at an unknown label, at the end of a transcript, before a verb.

use super::speakers;

#[test]
fn an_unknown_label_ends_the_turn_before_it() {
    let title = "Press conference of the Harbour Bank";
    for (paragraphs, expected) in [
        (
            vec![
                "Mayor Reed: Hello.",
                "Question: How?",
                "Mayor Reed: Well.",
                "Police Commissioner Roe: One thing.",
                "And more.",
            ],
            vec!["*Mayor Reed label", "", "*Mayor Reed label", "", ""],
        ),
        (
            vec![
                "Reporter: How?",
                "Governor Hale: Well.",
                "Reporter: And?",
                "Governor Hale: Good.",
                "Jane Roe: One thing.",
            ],
            vec!["", "*Governor Hale label", "", "*Governor Hale label", ""],
        ),
        (
            vec![
                "MS. LIM: Well.",
                "Q How?",
                "MS. LIM: Good.",
                "DR. DE LA CRUZ: One more.",
                "Jane Roe: Hi.",
            ],
            vec!["*Ms. Lim label", "", "*Ms. Lim label", "*De La Cruz label", ""],
        ),
        (
            vec!["MS. LIM: Well.", "Bottom line: we open.", "Q How?", "Follow-up: When?"],
            vec!["*Ms. Lim label", "*Ms. Lim turn?", "", ""],
        ),
        (
            vec![
                "Question: How?",
                "Mayor Tom Reed: Well.",
                "Jane Roe, Deputy Governor: One thing.",
                "Jane Roe: And I.",
                "Mayor Tom Reed: Thanks.",
            ],
            vec!["", "*Tom Reed label", "*Jane Roe label", "*Jane Roe label", "*Tom Reed label"],
        ),
    ] {
        assert_eq!(speakers(title, &paragraphs), expected);
    }
}

#[test]
fn an_unknown_chinese_label_or_a_mark_of_the_end_ends_the_turn_before_it() {
    for (paragraphs, expected) in [
        (
            vec![
                "港务局局长 孔维：增长。",
                "港口日报记者：人口？",
                "孔维：减少。",
                "方光华：补充。",
                "海港台记者追问：何时？",
                "孔维：五月。",
                "主持人：谢谢。（完）",
                "责任编辑：张三",
            ],
            vec![
                "*孔维 label",
                "*港口日报记者 label",
                "*孔维 label",
                "",
                "",
                "*孔维 label",
                "*主持人 label",
                "",
            ],
        ),
        (
            vec![
                "港务局副局长 蒲淳：",
                "各位好，泊位开放。",
                "2025-01-17 10:03:51",
                "港口日报记者：",
                "何时？",
                "海港报记者：何时？",
                "蒲淳：",
                "五月。",
            ],
            vec![
                "",
                "*蒲淳 turn?",
                "",
                "",
                "*港口日报记者 turn?",
                "*海港报记者 label",
                "",
                "*蒲淳 turn?",
            ],
        ),
        (
            vec![
                "記者：何時？",
                "財政司司長：五月。",
                "記者：長嗎？",
                "財政司司長：很長。",
                "完",
                "2025年3月18日（星期二）",
                "即日新聞",
            ],
            vec!["", "*財政司司長 label", "", "*財政司司長 label", "", "", ""],
        ),
        (
            vec!["主持人：港务局林宁", "出席：港务局孔维", "发言人：港務局 陳副處長"],
            vec!["", "", ""],
        ),
    ] {
        assert_eq!(speakers("港務局記者會", &paragraphs), expected);
    }
}

#[test]
fn surnames_and_titles_name_who_answers() {
    for (title, paragraphs, expected) in [
        (
            "Press conference of Ana Ortiz, President of the Bank",
            vec!["Question: How?", "Ortiz: Well.", "Question: When?", "Ortiz: In May.", "Roe: No."],
            vec!["", "*Ana Ortiz label", "", "*Ana Ortiz label", ""],
        ),
        (
            "Press conference of the Bank",
            vec!["Question: How?", "Ortiz: Well.", "Question: When?", "Ortiz: In May."],
            vec!["", "", "", ""],
        ),
        (
            "外交部发言人林宁就港口开放答记者问",
            vec!["问：何时开放？", "答：五月。", "问：长吗？", "答：很长。"],
            vec!["", "*林宁 answer", "", "*林宁 answer"],
        ),
    ] {
        assert_eq!(speakers(title, &paragraphs), expected, "{title}");
    }
}

#[test]
fn a_statement_belongs_to_the_person_who_makes_it() {
    for (introduction, expected) in [
        ("MARLOW – Governor Mei Lim today issued the following statement:", "*Mei Lim quotation?"),
        (
            "Ms. Mei Lim, Director of the Port, made the following statement on the berth:",
            "*Mei Lim quotation?",
        ),
        ("The parties made the following statement:", ""),
        ("Governor Mei Lim read the following statement:", ""),
    ] {
        let quotation = "“The berth is long.”";
        assert_eq!(
            speakers("Harbour", &[introduction, quotation]),
            ["", expected],
            "{introduction}"
        );
    }
    let text = "ANA ORTIZ (Marlow) said that the berth is long. THE PORT (Marlow) is open.";
    assert_eq!(speakers("Harbour", &[text]), ["*Ana Ortiz report"]);
}

#[test]
fn verbs_of_headlines_are_no_surnames() {
    for (title, text, expected) in [
        (
            "Minister Reed Opens Third Berth",
            "Minister Reed said that it is long.",
            "*Minister Reed report",
        ),
        ("Minister Reed Opens Third Berth", "The Minister said that it is long.", ""),
        ("Mayor Ana Reed Announces Plan", "Mayor Reed said that it is long.", "*Ana Reed report"),
        (
            "Minister Reed Attends Feast",
            "Minister Tom Reed came. Minister Reed said that it is long.",
            "*Tom Reed report",
        ),
    ] {
        assert_eq!(speakers(title, &[text]), [expected], "{title} {text}");
    }
}

#[test]
fn a_quotation_with_a_name_beside_it_belongs_to_nobody_else() {
    for (text, expected) in [
        (
            "“It is long,” said Mayor Ana Reed. “The ferries are late,” Mei Lim quipped.",
            "*Ana Reed quotation",
        ),
        (
            "“It is long,” said Mayor Ana Reed. Mei Lim quipped: “The ferries are late today.”",
            "*Ana Reed quotation",
        ),
        (
            "“It is long,” said Mayor Ana Reed. “The ferries are late,” Ms Mei Lim countered.",
            "Ana Reed quotation, Mei Lim quotation",
        ),
        ("The Minister for Public Expenditure, Mei Lim, said: “It is long.”", "*Mei Lim quotation"),
        ("“It is long,” says Minister Mei Lim.", "*Mei Lim quotation"),
        ("Ports Minister Mei Lim says the berth is long.", "*Mei Lim report"),
        ("The sign says the berth is long.", ""),
    ] {
        assert_eq!(speakers("Harbour", &[text]), [expected], "{text}");
    }
}

#[test]
fn a_title_with_a_colon_names_the_speaker_of_a_text_in_the_first_person() {
    let spoken =
        "The Honourable Reed said that “it is short”. I say that it is long, and I know it.";
    let reported = "The berth is long. “I know it,” she said.";
    for (title, text, expected) in [
        (
            "President Ana Ortiz: Reply to the debate",
            spoken,
            "*Ana Ortiz speech, Honourable Reed quotation",
        ),
        (
            "Minister Mei Lim: Launch of water week",
            spoken,
            "*Mei Lim speech?, Honourable Reed quotation",
        ),
        ("Minister Mei Lim: Launch of water week", reported, ""),
    ] {
        assert_eq!(speakers(title, &[text]), [expected], "{title}");
    }
}
