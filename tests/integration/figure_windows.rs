//! Checks that a piece of a text, copied as a query, finds the passage, also if it cuts an expression of time or a
//! quantity.

use gz_search::{Document, Index, Query};

/// Texts with figures, dates and numbers of items that a shorter piece can be read in another way than the whole.
const TEXTS: [&str; 19] = [
    "Sales rose over the last 3 years after the port was shut 15 years ago",
    "The council met within the next two years and after three quarters of voters agreed",
    "Trade grew in the second half of this year and fell in the first nine months of 2024",
    "Output fell -3.5% and rents by −2.1% in a year",
    "A cut of 5-10 per cent is likely for some 20-year leases",
    "The third reading follows the 10th session of the twenty-first century",
    "It has been in force since 5 March 2024 and until 31 May 2025",
    "The 14th Five-Year Plan names 1.5 million homes and 24-hour service",
    "第十四个五年规划纲要提出三年行动计划",
    "过去五年港口吞吐量增长一倍，一年来又有新进展",
    "自12月1日起至7月25日止，共24小时值班",
    "二〇二四年出口增长，二○二三年出口下降，一九九九年持平",
    "依照第三条和第11条处理，停靠一号码头",
    "二十一世纪的港口始建于八十年代",
    "本規則自中華民國八十五年七月一日施行",
    "本規則自中華民國一百零九年九月一日施行",
    "108年僅收穫十一公斤，較99年減少，學術團體會議",
    "今年前10个月出口同比增长3.9万箱",
    "在三个季度内完成百分之五十的目标",
];

/// Returns pieces of one to four words that contain a number, or of two to seven Chinese characters. No piece begins or
/// ends inside a number.
fn pieces(text: &str) -> Vec<String> {
    if text.is_ascii() || text.contains('−') {
        let words: Vec<&str> = text.split(' ').collect();
        return (1..=4)
            .flat_map(|length| words.windows(length).map(|words| words.join(" ")))
            .filter(|piece| piece.len() > 1 && !piece.starts_with(['-', '−']))
            .collect();
    }
    let characters: Vec<char> = text.chars().collect();
    let is_numeral = |index: usize| {
        characters.get(index).is_some_and(|c| {
            c.is_ascii_digit() || "〇○零一二三四五六七八九十百千万亿.".contains(*c)
        })
    };
    let cuts_number = |index: usize| index > 0 && is_numeral(index - 1) && is_numeral(index);
    (2..=7_usize)
        .flat_map(|length| {
            (0..characters.len().saturating_sub(length)).map(move |start| start..start + length)
        })
        .filter(|range| !cuts_number(range.start) && !cuts_number(range.end))
        .filter_map(|range| characters.get(range).map(|piece| piece.iter().collect()))
        .filter(|piece: &String| !piece.contains(['，', '。']))
        .collect()
}

#[test]
fn a_copied_piece_of_a_text_finds_the_text() {
    let mut count = 0;
    for text in TEXTS {
        let index = Index::in_memory();
        let writer = index.writer().unwrap();
        writer.add(&Document::new("text", text)).unwrap();
        writer.commit().unwrap();
        let searcher = index.searcher().unwrap();
        for piece in pieces(text) {
            let results = searcher.search(&Query::new(piece.as_str()).strict(true)).unwrap();
            assert_eq!(results.hits.len(), 1, "{piece} in {text}: {:?}", results.notes);
            count += 1;
        }
    }
    assert!(count > 800, "{count}");
}
