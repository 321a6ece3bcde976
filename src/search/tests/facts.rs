//! Tests that figures and periods of a query find those of the passages, in every notation.

use std::collections::BTreeSet;

use crate::{
    document::{Date, Document},
    fact::SPELLINGS,
    index::Index,
    query::{NoteKind, Query},
    search::{MatchKind, Searcher},
};

/// Returns a searcher over one document for each of `texts`. The id of a document is the index of its text.
fn searcher<'t>(texts: impl IntoIterator<Item = &'t str>) -> Searcher {
    let index = Index::in_memory();
    let writer = index.writer().unwrap();
    for (number, text) in texts.into_iter().enumerate() {
        let mut document = Document::new(number.to_string(), text);
        document.date = Date::new(2025, 12, 17);
        writer.add(&document).unwrap();
    }
    writer.commit().unwrap();
    index.searcher().unwrap()
}

/// Returns the ids of the full matches of a query.
fn full_match_ids(searcher: &Searcher, query: &str) -> BTreeSet<usize> {
    let results = searcher.search(&Query::new(query).limit(10_000)).unwrap();
    let full = results.hits.iter().filter(|hit| hit.matched == MatchKind::All);
    full.map(|hit| hit.document.id.parse().unwrap()).collect()
}

/// Returns the highlighted parts of the text of the first hit.
fn highlights_of_first_hit(searcher: &Searcher, query: &str) -> Vec<String> {
    let results = searcher.search(&Query::new(query)).unwrap();
    let Some(hit) = results.hits.first() else { return Vec::new() };
    let fragments = hit.snippet.fragments.iter();
    let spans = fragments.flat_map(|fragment| &fragment.highlights);
    spans.map(|span| span.of(&hit.passage.text).to_owned()).collect()
}

#[test]
fn every_spelling_of_a_value_finds_the_same_passages() {
    let sentences: Vec<(usize, String)> = SPELLINGS
        .iter()
        .enumerate()
        .flat_map(|(value, spellings)| {
            let sentence = move |spelling: &&str| {
                // A line break would begin another passage.
                let spelling = spelling.replace('\n', " ");
                let is_chinese = spelling.chars().any(crate::script::is_han);
                if is_chinese {
                    (value, format!("全市总量达到{spelling}，创新高。"))
                } else {
                    (value, format!("The total reached {spelling} in the city."))
                }
            };
            spellings.iter().map(sentence)
        })
        .collect();
    let decoys = ["top 5 of 30", "30 parks", "20 million doses", "20000000", "$5", "50", "39,000"];
    let texts = sentences.iter().map(|(_, text)| text.as_str()).chain(decoys);
    let searcher = searcher(texts);
    for (value, spellings) in SPELLINGS.iter().enumerate() {
        let expected: BTreeSet<usize> = sentences
            .iter()
            .enumerate()
            .filter(|(_, (other, _))| *other == value)
            .map(|(number, _)| number)
            .collect();
        for spelling in *spellings {
            for query in [spelling.replace('\n', " "), format!("figure:\"{spelling}\"")] {
                assert_eq!(full_match_ids(&searcher, &query), expected, "{query}");
            }
        }
    }
}

#[test]
fn figures_without_their_unit_are_other_matches() {
    let searcher = searcher([
        "The fund has £20 million.",
        "The country gave 20 million doses.",
        "Rental help of $20 million.",
        "There are 12 parks.",
    ]);
    let results = searcher.search(&Query::new("£20m")).unwrap();
    let ids: Vec<&str> = results.hits.iter().map(|hit| hit.document.id.as_str()).collect();
    assert_eq!((results.total, ids[0], ids.len()), (1, "0", 3));
    let is_named = results.notes.iter().any(|note| {
        note.kind == NoteKind::Other && note.message.contains("20000000 without the unit of £20m")
    });
    assert!(is_named, "{:?}", results.notes);
    let strict = searcher.search(&Query::new("£20m").strict(true)).unwrap();
    assert_eq!(strict.hits.len(), 1);
}

#[test]
fn whole_quantities_are_highlighted() {
    let searcher = searcher([
        "Added value exceeded one trillion yuan last year.",
        "全年装机容量达到500万千瓦。",
        "进出口总额50亿元。",
    ]);
    for (query, expected) in [
        ("1 trillion yuan", "one trillion yuan"),
        ("figure:>=1万亿元", "one trillion yuan"),
        ("5 GW", "500万千瓦"),
        ("50亿", "50亿"),
        ("50亿元", "50亿元"),
        ("period:2024", "last year"),
    ] {
        assert_eq!(highlights_of_first_hit(&searcher, query), [expected], "{query}");
    }
    assert_eq!(full_match_ids(&searcher, "50亿"), BTreeSet::from([2]));
}

#[test]
fn figures_and_periods_restrict_the_matches_of_words() {
    let searcher = searcher([
        "Exports reached 1.2 trillion yuan. Imports fell by 5%.",
        "Exports reached 800 billion yuan.",
        "Exports fell by 5%. Imports reached 1.2 trillion yuan.",
        "As of July 2025, exports reached 2 trillion yuan.",
        "Exports rose by 35% in 2023.",
        "In March 2023, nearly 20,000 firms exported.",
    ]);
    for (query, expected) in [
        ("figure:>=1 trillion yuan", &[0, 2, 3][..]),
        ("figure:>=1 trillion yuan exports", &[0, 2, 3]),
        ("exports SAME figure:>=1万亿元", &[0, 3]),
        ("exports NEAR/2 figure:>1 trillion yuan", &[0, 3]),
        ("figure:10000亿元..2万亿元 -period:2025", &[0, 2]),
        ("figure:30%..40%", &[4]),
        ("figure:\"5%\" exports", &[0, 2]),
        ("figure:~20000", &[5]),
        ("figure:>20000", &[]),
        ("period:2023", &[4, 5]),
        ("period:2021..2025 firms", &[5]),
        ("asof:2025-07", &[3]),
        ("period:2023 AND figure:35%", &[4]),
        ("figure:35% OR figure:~20000", &[4, 5]),
    ] {
        let expected: BTreeSet<usize> = expected.iter().copied().collect();
        assert_eq!(full_match_ids(&searcher, query), expected, "{query}");
    }
}

#[test]
fn a_date_finds_every_spelling_of_its_day() {
    let stating_day = [
        "The port opened on March 5, 2024.",
        "The port opened on Tuesday, 5 March 2024.",
        "The port opened on the 5th of March 2024.",
        "The port opened on Mar. 5, 2024.",
        "The port opened on March 5th, 2024.",
        "Opened: 2024-03-05, port.",
        "Opened: 2024/3/5, port.",
        "港口于2024年3月5日开放。",
        "港口于2024年03月05日開放。",
        "港口于二〇二四年三月五日开放。",
        "The port was open from March 5, 2024 to April 7, 2024.",
        "The port has been open since March 5, 2024.",
        "The port was open from March 5th, 2024 to April 7th, 2024.",
        "The port was open from the 5th of March 2024 to 7 April 2024.",
    ];
    let others = [
        "The port opened on March 5 after 2024 days.",
        "The port opened on March 7, 2024, at 5.",
        "港口于2024年5月3日开放。",
        "The port opened on March 5, 2023.",
    ];
    let searcher = searcher(stating_day.into_iter().chain(others));
    let expected: BTreeSet<usize> = (0..stating_day.len()).collect();
    for query in [
        "March 5, 2024",
        "5 March 2024",
        "2024-03-05",
        "2024年3月5日",
        "2024/3/5",
        "5th March 2024",
    ] {
        assert_eq!(full_match_ids(&searcher, query), expected, "{query}");
    }
    assert_eq!(full_match_ids(&searcher, "opened \"5 March 2024\""), BTreeSet::from([1]));
    assert_eq!(
        highlights_of_first_hit(&searcher, "2024-03-05 Tuesday"),
        ["Tuesday", "5 March 2024"]
    );
    let other_year = searcher.search(&Query::new("3 May 2024")).unwrap();
    assert_eq!(other_year.total, 1);
    let absent = searcher.search(&Query::new("7 March 2021")).unwrap();
    assert_eq!((absent.total, absent.total_other), (0, 1));
    let note = "other matches may have the day and month of 7 March 2021 without the year";
    assert!(absent.notes.iter().any(|other| other.message == note), "{:?}", absent.notes);
}
