//! Chinese text is found by any of its substrings, and by no other characters.

use gz_search::{Document, Query};
use proptest::prelude::*;

use crate::generators::searcher;

const TEXT: &str = "市工信局副局长王玉印介绍，十四五期间累计生产智能网联新能源汽车二百二十五万辆，安装简单。粤港澳大湾区建设取得新进展，新质生产力加快形成。";

/// Returns the number of passages of a text that match in full or in part.
fn total(text: &str, query: &str) -> u64 {
    let results = searcher(&[Document::new("a", text)]).search(&Query::new(query)).unwrap();
    results.total + results.total_other
}

#[test]
fn every_substring_of_two_to_eight_characters_is_found() {
    let searcher = searcher(&[Document::new("a", TEXT)]);
    let characters: Vec<char> = TEXT.chars().collect();
    for length in 2..=8 {
        for window in characters.windows(length) {
            let phrase: String = window.iter().collect();
            let total = searcher.search(&Query::new(format!("\"{phrase}\""))).unwrap().total;
            assert_eq!(total, 1, "{phrase}");
        }
    }
}

#[test]
fn chinese_words_match_only_adjacent_characters() {
    for (text, query, expected) in [
        ("这套系统安装简单。", "简单", 1),
        ("惠州的企业", "广州", 0),
        ("惠州和广东", "广州", 0),
        ("广，州", "广州", 0),
        ("粵港澳大灣區", "大湾区", 1),
        // A longer word without an occurrence matches by its parts.
        ("大湾区", "粵港澳大灣區", 1),
        ("发展", "展", 1),
        ("预算报告", "預算", 1),
    ] {
        assert_eq!(total(text, query), expected, "{text} {query}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_substring_of_random_han_text_is_found(
        text in "[\u{4e00}-\u{9fa5}广州预算灣區]{2,40}",
        start in any::<prop::sample::Index>(),
        length in 2usize..=8,
    ) {
        let characters: Vec<char> = text.chars().collect();
        let start = start.index(characters.len() - 1);
        let phrase: String = characters[start..].iter().take(length).collect();
        prop_assert_eq!(total(&text, &format!("\"{phrase}\"")), 1);
    }
}
