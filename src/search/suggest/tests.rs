use super::*;
use crate::{Document, Index, Searcher};

pub(super) fn searcher(texts: &[&str]) -> Searcher {
    let index = Index::in_memory();
    let writer = index.writer().unwrap();
    for (number, text) in texts.iter().enumerate() {
        let mut document = Document::new(format!("d{number}"), "");
        let (title, text) = text.split_once(" | ").unwrap_or(("", text));
        document.title = (!title.is_empty()).then(|| title.to_owned());
        document.text = text.to_owned();
        writer.add(&document).unwrap();
    }
    writer.commit().unwrap();
    index.searcher().unwrap()
}

/// Formats the suggestions for a typed text: each as text, first letter of the kind (word, phrase, title or pinyin)
/// and number of passages.
fn format_suggestions(searcher: &Searcher, text: &str) -> String {
    let suggestions = searcher.suggest(text, 10).unwrap().into_iter();
    let format_one = |Suggestion { text, kind, passages }| {
        format!("{text} {}{passages}", kind.to_string().chars().next().unwrap())
    };
    suggestions.map(format_one).collect::<Vec<_>>().join(", ")
}

#[test]
fn words_are_completed_in_their_context() {
    let searcher = searcher(&[
        "Flying Cars Take Off | The first flying car factory of the world. A car drives.",
        "Careers | Many careers and cargo. The café of O’Brien costs 39,000 yuan.",
        "The flying cargo drone flies. Cars were seen.",
    ]);
    for (typed, expected) in [
        ("fly", "flying w2, Flying Cars Take Off t1"),
        ("Fac", "factory w1"),
        (
            "car",
            "cargo w2, Cars w2, car drives p1, car factory p1, careers w1, Flying Cars Take Off t1",
        ),
        ("flying ca", "flying car p1, flying cargo p1, Flying Cars p1, Flying Cars Take Off t1"),
        ("flying fac", "flying factory w1"),
        ("zebra fac", ""),
        ("flying ", "flying car p1, flying cargo p1, Flying Cars Take Off t1"),
        ("O’B", "O’Brien w1"),
        ("CAF", "café w1"),
        ("3", "39,000 w1"),
        ("39,0", ""),
        ("the w", "the world p1"),
        ("take o", "Take Off p1, Flying Cars Take Off t1"),
        ("flying car.", ""),
        ("fläing", ""),
        ("factory", ""),
        ("", ""),
        ("😀", ""),
    ] {
        assert_eq!(format_suggestions(&searcher, typed), expected, "{typed}");
    }
}

#[cfg(feature = "chinese")]
#[test]
fn chinese_is_completed_by_words_of_the_index() {
    let searcher = searcher(&[
        "广州年鉴 | 广州市建设粤港澳大湾区。广州的预算报告。",
        "粤港澳大湾区建设取得新进展，发展中国家很多。中国的国家预算。",
        "立法會 | 全年預算案，灣區建設。王玉印说，AI审批。",
    ]);
    for (typed, expected) in [
        ("广", "广州 w1, 广州市 w1, 广州年鉴 t1"),
        ("广州", "广州市 w1, 广州年鉴 t1"),
        ("大湾区建", "大湾区建设 p1"),
        ("大灣區建", "大湾区建设 p1"),
        ("灣", "灣區 w3"),
        ("預", "預算 w3, 預算案 w1"),
        ("中国", ""),
        ("粤港澳", "粤港澳大湾区 w2"),
        ("王玉", "王玉印 p1"),
        ("AI审", "AI审批 p1"),
        ("zebra 预", ""),
        ("title:预", "title:预算 w3, title:預算案 w1"),
        ("立法", "立法會 w1"),
        ("gz", "广州 p1, 广州市 p1"),
        ("guangz", "广州 p1, 广州市 p1"),
        ("gzhou", "广州 p1, 广州市 p1"),
        ("ysuan", "预算 p3, 預算案 p1"),
        ("yusuan x", ""),
    ] {
        assert_eq!(format_suggestions(&searcher, typed), expected, "{typed}");
    }
}

#[cfg(not(feature = "chinese"))]
#[test]
fn without_a_dictionary_bigrams_complete_chinese() {
    let searcher = searcher(&["广州市的预算。", "广州的預算案。"]);
    for (typed, expected) in
        [("广", "广州 w2"), ("广州", "广州市 p1, 广州的 p1"), ("預", "預算 w2"), ("gz", "")]
    {
        assert_eq!(format_suggestions(&searcher, typed), expected, "{typed}");
    }
}

#[test]
fn only_live_passages_of_all_segments_count() {
    let index = Index::in_memory();
    for text in ["flying cars", "flying cars and cargo", "flying carpets"] {
        let writer = index.writer().unwrap();
        writer.add(&Document::new(text, text)).unwrap();
        writer.commit().unwrap();
    }
    let suggestions = || format_suggestions(&index.searcher().unwrap(), "flying ca");
    assert_eq!(suggestions(), "flying cars p2, flying carpets p1, flying cargo w1");
    let writer = index.writer().unwrap();
    writer.remove("flying cars and cargo").unwrap();
    writer.commit().unwrap();
    assert_eq!(suggestions(), "flying carpets p1, flying cars p1");
}

#[test]
fn every_kind_gets_its_share_of_the_limit() {
    let list_of = |kind, length: usize| {
        let suggestion = |number| Suggestion { text: format!("{number}"), kind, passages: 1 };
        (0..length).map(suggestion).collect::<Vec<_>>()
    };
    for (limit, counts, expected) in [
        (10, (20, 20, 20), (5, 3, 2)),
        (10, (20, 0, 20), (8, 0, 2)),
        (10, (2, 20, 20), (2, 6, 2)),
        (10, (0, 1, 20), (0, 1, 9)),
        (10, (1, 1, 1), (1, 1, 1)),
        (3, (20, 20, 20), (3, 0, 0)),
        (0, (20, 20, 20), (0, 0, 0)),
    ] {
        let lists = [
            list_of(SuggestionKind::Word, counts.0),
            list_of(SuggestionKind::Title, counts.1),
            list_of(SuggestionKind::Pinyin, counts.2),
        ];
        let suggestions = merge_suggestion_lists(limit, lists);
        let count_of = |kind| suggestions.iter().filter(|other| other.kind == kind).count();
        let actual = (
            count_of(SuggestionKind::Word),
            count_of(SuggestionKind::Title),
            count_of(SuggestionKind::Pinyin),
        );
        assert_eq!(actual, expected, "{limit} {counts:?}");
    }
}
