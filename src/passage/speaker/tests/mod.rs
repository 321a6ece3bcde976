//! Tests of whole releases: a title, paragraphs, and who speaks in each passage.

mod endings;

use crate::{
    document::{Block, BlockKind, Document},
    passage::{Passage, passages},
    span::Span,
};

/// Returns the passages of a release in Markdown form: headings begin with `# `.
fn passages_of(title: &str, paragraphs: &[&str]) -> Vec<Passage> {
    let mut document = Document::new("x", paragraphs.join("\n\n"));
    document.title = Some(title.to_owned());
    passages(&document)
}

/// Returns the speakers of each passage: `name basis`, with `?` if inferred. An asterisk precedes the speaker of the
/// passage as a whole.
fn speakers(title: &str, paragraphs: &[&str]) -> Vec<String> {
    let described = passages_of(title, paragraphs).into_iter().map(|passage| {
        let speakers = passage.speakers.iter().map(|speaker| {
            let main_speaker =
                if passage.speaker.as_ref() == Some(&speaker.name) { "*" } else { "" };
            let inferred = if speaker.inferred { "?" } else { "" };
            format!("{main_speaker}{} {}{inferred}", speaker.name, speaker.basis.name())
        });
        speakers.collect::<Vec<_>>().join(", ")
    });
    described.collect()
}

#[test]
fn a_turn_ends_at_the_next_label_or_at_narration() {
    let title = "Press Briefing by Press Secretary Ada Okafor";
    let paragraphs = [
        "Harbour Hall",
        "1:28 P.M. EDT",
        "MS. OKAFOR:  Good morning.  The harbour is open.",
        "Ferries run every ten minutes, and more are to come.",
        "(A bell rings.)",
        "Q    When does the third berth open?",
        "And is it a long one?",
        "MS. OKAFOR:  In June.",
        "MR. REED:  Yes, in June.",
        "It is a good berth, as everybody says.",
        "2:04 P.M. EDT",
        "The harbour was built in 1900 and opened again in 1950.",
    ];
    let expected = [
        "",
        "*Ada Okafor label",
        "*Ada Okafor turn?",
        "",
        "",
        "",
        "*Ada Okafor label",
        "*Mr. Reed label",
        "*Mr. Reed turn?",
        "",
        "",
    ];
    assert_eq!(speakers(title, &paragraphs), expected);
}

#[test]
fn nameless_labels_and_titles_of_parts_have_no_speaker() {
    let briefing = "Press Briefing by Press Secretary Ada Okafor";
    let speech = "Speech by Ms Mei Lim, Minister for Ports, at the Harbour Day on 4 May 2020";
    for (title, paragraphs, expected) in [
        (
            briefing,
            vec!["MS. OKAFOR: Welcome.", "MEMBERS OF THE BAND: (They sing.)", "Thank you."],
            vec!["*Ada Okafor label", "", ""],
        ),
        (
            speech,
            vec!["I thank you.", "Ferries for the North", "We open a third berth in June."],
            // The line is a heading in plain text.
            vec!["*Mei Lim speech", "*Mei Lim speech"],
        ),
        (
            "Nominees of the Harbour Court",
            vec![
                "Judge Tom Reed: Nominee for the court of Marlow",
                "Judge Ann Ortiz: Nominee for the court of Reed",
                "Judge Mei Lim: Nominee for the court of Lim",
            ],
            vec!["", "", ""],
        ),
        (
            "What They Say About the Berth",
            vec!["Judge Tom Reed: “The berth is long.”", "The Harbour Office: “It is ours.”"],
            vec!["*Tom Reed label", ""],
        ),
    ] {
        assert_eq!(speakers(title, &paragraphs), expected, "{title}");
    }
}

#[test]
fn offices_identify_their_only_holder() {
    let opening = "Ms Mei Lim, Minister for Ports, opened the berth. Minister Lim came by ferry.";
    let other = "Minister Tom Reed came too.";
    for (paragraphs, expected) in [
        (vec![opening, "The Minister said that the berth is long."], "*Mei Lim report?"),
        (vec![opening, "“The berth is long,” said the Minister."], "*Mei Lim quotation?"),
        (vec![opening, "“The berth is long,” the Minister for Ports said."], "*Mei Lim quotation?"),
        (vec![opening, other, "The Minister said that the berth is long."], ""),
        (vec![opening, "The Deputy Minister said that the berth is long."], ""),
        (vec![opening, "What the Minister said was not heard."], ""),
    ] {
        let actual = speakers("Harbour", &paragraphs);
        assert_eq!(actual.last().map(String::as_str), Some(expected), "{paragraphs:?}");
    }
}

#[test]
fn organizations_speak_under_their_names() {
    for (text, expected) in [
        ("The Ministry of Ports said that the berth is long.", "*Ministry of Ports report"),
        ("“The berth is long,” said the Harbour Authority.", "*Harbour Authority quotation"),
        (
            "“It is long,” the Ministry of Ports said in a statement.",
            "*Ministry of Ports quotation",
        ),
        ("The Ministry of Ports announced that the berth opens.", ""),
        ("A speaker for the Ministry of Ports said that it is long.", ""),
        ("“It is long,” said the Ministry of Ports’ director.", ""),
        ("The Ministry said that it is long.", ""),
    ] {
        assert_eq!(speakers("Harbour", &[text]), [expected], "{text}");
    }
}

#[test]
fn answers_belong_to_the_person_who_is_asked() {
    let question = "Mr Tom Reed: To ask the Minister for Ports (a) when the third berth opens; and";
    for (title, paragraphs, expected) in [
        (
            "Written Reply to Question on Berths by Ms Mei Lim, Minister for Ports",
            vec![
                question,
                "(b) how long it is.",
                "Answer:",
                "The berth opens in June.",
                "It is long enough for us.",
            ],
            vec!["*Tom Reed label", "*Tom Reed turn?", "", "*Mei Lim answer", "*Mei Lim answer"],
        ),
        (
            "Question on Berths",
            vec![question, "Answer", "The berth opens in June."],
            // In plain text, the line `Answer` is a heading.
            vec!["*Tom Reed label", "*Minister for Ports answer?"],
        ),
        (
            "Written Reply by Ms Mei Lim, Minister for Ports, to a Question on Berths",
            vec![question, "The berth opens in June."],
            vec!["*Tom Reed label", "*Mei Lim answer?"],
        ),
    ] {
        assert_eq!(speakers(title, &paragraphs), expected, "{title}");
    }
}

#[test]
fn speeches_belong_to_the_person_whom_the_title_names() {
    for (title, paragraphs, expected) in [
        (
            "Harbour Day",
            vec![
                "Speech by Ms Mei Lim, Minister for Ports, at the Harbour Day",
                "Good morning. I thank you.",
            ],
            vec!["*Mei Lim speech"],
        ),
        ("Harbour Day - Ms Mei Lim", vec!["Good morning. I thank you."], vec!["*Mei Lim speech?"]),
        ("Harbour Day - Ms Mei Lim", vec!["The harbour was open all day long."], vec![""]),
        (
            "Remarks by Minister Mei Lim on Ferries",
            vec![
                "As Captain said nothing, we go on.",
                "“The sea is wide,” said Director Tom Reed. We agree with him.",
            ],
            vec!["*Mei Lim speech", "*Mei Lim speech, Tom Reed quotation"],
        ),
        (
            "Written Statement: The Ferry Levy Bill",
            vec!["Mei Lim, Cabinet Secretary for Ports", "Today, I am introducing the bill."],
            // The line below the title is a heading in plain text.
            vec!["*Mei Lim speech?"],
        ),
        (
            "Written Statement: The Ferry Levy Bill",
            vec!["Ferries and ports, and their levy", "Today, I am introducing the bill."],
            vec!["", ""],
        ),
        ("Report by Harbour Segment", vec!["I like the harbour.", "Income | 4,000"], vec!["", ""]),
        (
            "港口日致辞",
            vec!["港务局副局长 林宁", "各位来宾：", "欢迎大家来到港口，祝大家愉快。"],
            vec!["*林宁 speech?", "*林宁 speech?", "*林宁 speech?"],
        ),
    ] {
        assert_eq!(speakers(title, &paragraphs), expected, "{title}");
    }
}

#[test]
fn speakers_of_a_section_end_with_the_section() {
    let text = "I thank you all.";
    for (headings, expected) in [
        (["Foreword by Minister Mei Lim", "Summary"], ["Mei Lim", ""]),
        (["Summary", "Foreword by Minister Mei Lim"], ["", "Mei Lim"]),
        (["Speech by Minister Mei Lim", "Ferries"], ["Mei Lim", "Mei Lim"]),
        (["Speech by Minister Mei Lim", "Speech by Director Tom Reed"], ["Mei Lim", "Tom Reed"]),
        (["Chief Executive’s statement", "Ferries"], ["", ""]),
    ] {
        let mut document = Document::new("x", String::new());
        for heading in headings {
            for (part, kind) in [(heading, BlockKind::Heading(2)), (text, BlockKind::Paragraph)] {
                let start = document.text.len();
                document.text.push_str(part);
                let span = Span::new(start, document.text.len());
                document.blocks.push(Block { span, kind });
                document.text.push('\n');
            }
        }
        let passages = passages(&document).into_iter();
        let main_speakers: Vec<_> =
            passages.map(|passage| passage.speaker.unwrap_or_default()).collect();
        assert_eq!(main_speakers, expected, "{headings:?}");
    }
}

#[test]
fn quotations_belong_to_the_name_beside_the_verb() {
    for (text, expected) in [
        (
            "“The berth is long,” said Tom Reed, Director of the Port. “It opens in June this year.”",
            "*Tom Reed quotation, *Tom Reed quotation?",
        ),
        (
            "“The berth,” Director Tom Reed said, “is long.”",
            "*Tom Reed quotation, *Tom Reed quotation?",
        ),
        ("Tom Reed, Director of the Port, said: “The berth is long.”", "*Tom Reed quotation"),
        (
            "“It is long,” said Tom Reed, a captain and director. “It is short,” said Ms Mei Lim.",
            "Tom Reed quotation, Mei Lim quotation",
        ),
        ("The berth is long, said Director Tom Reed. It opens in June.", "*Tom Reed report"),
        ("Meanwhile, Deputy Director Tom Reed said that it grew.", "*Tom Reed report"),
        ("Harbourland’s Minister for Ports, Ms Mei Lim, said: “It opens.”", "*Mei Lim quotation"),
        ("According to Director Tom Reed, the berth is long.", "*Tom Reed report"),
        ("“The berth is long,” said Harbour Bank.", ""),
        ("As President Reed said, the berth is long.", ""),
        ("Like Minister Grace said, the berth is long.", ""),
        ("Harbour Suisse said that prices fell.", ""),
        ("The Ministry said that prices fell.", ""),
        ("President Tom Reed declared a holiday.", ""),
        ("Mr Reed and Ms Lim said that the berth is long.", ""),
        ("The port was opened by Director Tom Reed, and the ferry said to be late came.", ""),
        ("市港务局副局长林宁表示，泊位六月开放。", "*林宁 report"),
        ("林宁局长说：“泊位六月开放。”", "*林宁 quotation"),
        ("“泊位六月开放。”局长林宁在会上说。", "*林宁 quotation"),
        ("主席在这里指出，港口历来十分重要。", ""),
        ("林局长指出，泊位很长。", ""),
        ("港务局副局长林宁表示，泊位很长。林局长还指出，六月开放。", "*林宁 report"),
        ("港务局局长林宁表示，泊位很长。林局长还指出，六月开放。", "*林宁 report, *林宁 report"),
        ("本规定所称“泊位”，是指码头。", ""),
    ] {
        assert_eq!(speakers("Harbour", &[text]), [expected], "{text}");
    }
}

#[test]
fn quotations_continue_in_the_next_paragraph() {
    let paragraphs = [
        "“The berth is long,” said Director Tom Reed. “It opens in June.",
        "“We wait for it.”",
        "The harbour was built in 1900.",
        "Director Tom Reed said:",
        "“Thank you all.”",
        "Director Tom Reed said:",
        "The berth is long enough for us.",
        "It was opened in 1900.",
    ];
    let expected = [
        "*Tom Reed quotation, *Tom Reed quotation?",
        "*Tom Reed quotation?",
        "",
        "*Tom Reed report",
        "*Tom Reed quotation?",
        "*Tom Reed report",
        "*Tom Reed quotation?",
        "",
    ];
    assert_eq!(speakers("Harbour", &paragraphs), expected);
}

#[test]
fn quotations_below_an_attribution_belong_to_the_person() {
    let paragraphs = [
        "Quotes attributable to Minister Mei Lim:",
        "“The berth is long.”",
        "“We wait for it.”",
        "The following statement is attributable to Tom Reed, Director of the Port:",
        "“It opens in June.”",
        "The harbour was built in 1900.",
        "“It was short then.”",
    ];
    let expected =
        ["", "*Mei Lim quotation?", "*Mei Lim quotation?", "", "*Tom Reed quotation?", "", ""];
    assert_eq!(speakers("Harbour", &paragraphs), expected);
}

#[test]
fn byline_with_spaced_name_declares_the_speaker() {
    let paragraphs = ["国务院总理　李　强", "各位代表：", "港口已经开放。"];
    assert_eq!(
        speakers("政府工作报告", &paragraphs),
        ["*李强 speech?", "*李强 speech?", "*李强 speech?"]
    );
}

#[test]
fn minutes_name_the_person_in_the_chair() {
    let paragraphs = [
        "主　　席　高委員志明",
        "主席：現在開會。",
        "請林署長宏說明。",
        "林署長宏：主席、各位委員。",
        "林署長：謝謝。",
        "安慈仁委員：謝謝。",
        "主席（盧委員秀燕代）：請王委員回答。",
        "主席：謝謝。",
        "第　八　條　　本港設主任一人。",
        "主席：謝謝。",
        "休息（12時30分）",
        "決議：照案通過。",
        "散會後各位委員離開會場。",
    ];
    let expected = [
        "",
        "*高志明 label?",
        "*高志明 turn?",
        "*林宏 label",
        "*林宏 label",
        "",
        "*盧秀燕 label",
        "*盧秀燕 label?",
        "",
        "*盧秀燕 label?",
        "",
        "",
        "",
    ];
    assert_eq!(speakers("會議紀錄", &paragraphs), expected);
}

#[test]
fn salutations_are_not_labels() {
    for text in ["马明远副主席：", "各位代表：", "Mr Tom Reed:", "主席："] {
        assert_eq!(
            speakers("Letter", &[text, "Thank you for the letter, 谢谢您的来信。"]),
            ["", ""],
            "{text}"
        );
    }
}

#[test]
fn offices_and_names_in_capitals_label_turns_beside_reporters() {
    for (title, paragraphs, expected) in [
        (
            "Press conference",
            vec![
                "PRIME MINISTER: The harbour grew.",
                "JOURNALIST: Will you resign?",
                "PRIME MINISTER: No.",
                "It grows on.",
            ],
            vec!["*Prime Minister label", "", "*Prime Minister label", "*Prime Minister turn?"],
        ),
        (
            "Interview with Tom Reed",
            vec![
                "TOM REED: Good morning.",
                "MEI LIM: Good morning, Tom.",
                "REED: Is the berth long?",
                "LIM:",
                "It is long enough.",
            ],
            vec!["*Tom Reed label", "*Mei Lim label", "*Tom Reed label", "", "*Mei Lim turn?"],
        ),
        (
            "Remarks to the press",
            vec![
                "The following are remarks by the Chief Executive, Mr Tom Reed, today:",
                "Reporter: Is the berth long?",
                "Chief Executive: It is.",
                "Ends/Thursday, March 14, 2024",
            ],
            vec!["", "", "*Tom Reed label?", ""],
        ),
        (
            "行政長官會見傳媒",
            vec!["記者：泊位何時啟用？", "行政長官：六月。", "記者：長嗎？", "行政長官：很長。"],
            vec!["", "*行政長官 label", "", "*行政長官 label"],
        ),
        ("Harbour", vec!["CHAIRMAN: Tom Reed", "SECRETARY: Mei Lim"], vec!["", ""]),
        ("Harbour", vec!["WHEN: Today.", "WHERE: At the berth.", "WHEN: Soon."], vec!["", "", ""]),
    ] {
        assert_eq!(speakers(title, &paragraphs), expected, "{title}");
    }
}

#[test]
fn the_salutation_of_an_answer_is_no_turn() {
    let title = "立法會會議上港務局局長林宁的書面答覆";
    let paragraphs = ["以下是書面答覆：", "答覆：", "主席：", "泊位六月啟用。", "泊位很長。"];
    for speakers in speakers(title, &paragraphs) {
        assert!(!speakers.contains("主席"), "{speakers}");
    }
}

#[test]
fn speeches_and_answers_exclude_questions_and_parts_of_the_page() {
    let reply = "Reply by Minister for Ports Mr Tom Reed to a Parliamentary Question on Berths";
    let speech = "Speech by Ms Mei Lim, Minister for Ports, at the Harbour Day";
    for (title, paragraphs, expected) in [
        (
            reply,
            vec![
                "Ms Ana Ortiz asked the Minister for Ports (a) whether the berth opens; and",
                "(b) how long it is.",
                "Mr Tom Reed: Mr Speaker, it opens in June.",
                "It is long.",
            ],
            vec!["", "", "*Tom Reed label", "*Tom Reed answer?"],
        ),
        (
            speech,
            vec![
                "I thank you.",
                "Phone +32 2 299 11 11",
                "Related topics:",
                "The sea, and the port.",
            ],
            vec!["*Mei Lim speech", "", "", ""],
        ),
    ] {
        assert_eq!(speakers(title, &paragraphs), expected, "{title}");
    }
}

#[test]
fn spokespersons_speak_for_their_organization() {
    for (text, expected) in [
        (
            "A spokesperson for the Ministry of Ports said: “The berth opens.”",
            "*Spokesperson for the Ministry of Ports quotation",
        ),
        (
            "“The berth opens,” said a spokesman for the Harbour Office.",
            "*Spokesman for the Harbour Office quotation",
        ),
        (
            "A Harbour Office spokeswoman said that the berth opens.",
            "*Spokeswoman for the Harbour Office report",
        ),
        ("A spokesperson for the family said: “It opens.”", ""),
        ("港務局發言人說：「泊位啟用。」", "*港務局發言人 quotation"),
        ("有發言人說：「泊位啟用。」", ""),
        ("行政長官李家明說：「越快越好。」", "*李家明 quotation"),
        ("“It is long,” said the Hon. Mei Lim MP, Minister for Ports.", "*Mei Lim quotation"),
        (
            "“It is long,” said Mei Lim AM. “It opens in June this year.”",
            "*Mei Lim quotation, *Mei Lim quotation?",
        ),
        ("“It is long,” said President von der Reed.", "*President von der Reed quotation"),
    ] {
        assert_eq!(speakers("Harbour", &[text]), [expected], "{text}");
    }
}

#[test]
fn titles_of_parts_of_a_speech_have_no_speaker() {
    let mut document = Document::new("x", "I thank you.\nFerries for the North\nWe open a berth.");
    document.title = Some("Speech by Ms Mei Lim, Minister for Ports".to_owned());
    let spans = [Span::new(0, 12), Span::new(13, 34), Span::new(35, document.text.len())];
    document.blocks =
        spans.into_iter().map(|span| Block { span, kind: BlockKind::Paragraph }).collect();
    let main_speakers: Vec<_> = passages(&document)
        .into_iter()
        .map(|passage| passage.speaker.unwrap_or_default())
        .collect();
    assert_eq!(main_speakers, ["Mei Lim", "", "Mei Lim"]);
}

#[test]
fn several_turns_of_one_passage_have_their_own_spans() {
    let mut document = Document::new("x", "MS. LIM: In June.\nQ  Really?\nMR. REED: Yes.");
    document.blocks =
        vec![Block { span: Span::new(0, document.text.len()), kind: BlockKind::Paragraph }];
    let passages = passages(&document);
    let words = passages.iter().flat_map(|passage| &passage.speakers);
    let words: Vec<_> = words.map(|speaker| speaker.span.of(&document.text)).collect();
    assert_eq!(words, ["MS. LIM: In June.", "MR. REED: Yes."]);
}

proptest::proptest! {
    #[test]
    fn spans_are_slices_of_the_passage(
        text in "((“|”|\"|Q |MS\\. LIM: |Ms Mei Lim|, Director, | said|: |\\. |Answer\n|罗政|局长|表示|\u{a0}|the Minister|Minister |主席：|，|。|\n|\n\n){0,24})"
    ) {
        let document = Document::new("x", text.clone());
        for passage in passages(&document) {
            let words = passage.span.of(&text);
            for speaker in &passage.speakers {
                proptest::prop_assert!(words.get(speaker.span.start..speaker.span.end).is_some_and(|words| !words.is_empty()));
            }
            let is_listed = passage.speaker.as_ref().is_none_or(|name| passage.speakers.iter().any(|own| own.name == *name));
            proptest::prop_assert!(is_listed);
        }
    }
}
