//! Tests of searches with word lists of the user.

use crate::{
    analysis::{WordList, WordLists},
    document::Document,
    index::Index,
    query::Query,
    search::{SearchResults, Searcher},
};

/// Documents that the tests search: the id and the text of each document.
const TEXTS: [(&str, &str); 12] = [
    ("car", "The car plant opened in May."),
    ("auto", "The automobile plant opened in May."),
    ("autos", "Sales of automobiles rose in June."),
    ("motor", "A motor vehicle tax applies to motor vehicles."),
    ("apart", "A vehicle with an electric motor."),
    ("gov", "The gov announced a plan."),
    ("government", "The government announced a plan."),
    ("nev", "广州发布新能源车补贴办法。"),
    ("nevs", "广州发布新能源汽车补贴办法。"),
    ("port", "南沙港口扩建。"),
    ("wharf", "南沙码头扩建。"),
    ("who", "The World Health Organization sent a team."),
];

const SYNONYM_RULES: &str = "\
# Vehicles
car, automobile, motor vehicle
gov => government
新能源车 => 新能源汽车
港口，码头, wharf
WHO => World Health Organization
plan => car # one way only
";

/// Returns an index of [`TEXTS`], without word lists.
fn index() -> Index {
    let index = Index::in_memory();
    let writer = index.writer().unwrap();
    for (id, text) in TEXTS {
        writer.add(&Document::new(id, text)).unwrap();
    }
    writer.commit().unwrap();
    index
}

/// Returns a searcher over [`TEXTS`] with these word lists.
fn searcher(lists: &[(WordList, &str)]) -> Searcher {
    let index = index();
    let lists =
        lists.iter().fold(WordLists::default(), |lists, (list, text)| lists.with(*list, text));
    assert_eq!(lists.problems(), []);
    index.set_word_lists(lists);
    index.searcher().unwrap()
}

/// Returns the ids of the documents that match a query in full, best first.
fn full_match_ids(results: &SearchResults) -> Vec<&str> {
    let hits = results.hits.iter().take(results.total as usize);
    hits.map(|hit| hit.passage.id.split('#').next().unwrap()).collect()
}

/// Returns the notes on synonyms, without their ending.
fn synonym_notes(results: &SearchResults) -> Vec<&str> {
    let messages = results.notes.iter().map(|note| note.message.as_str());
    messages.filter_map(|message| message.strip_suffix(" (synonyms)")).collect()
}

#[cfg(feature = "chinese")]
#[test]
fn a_word_finds_the_passages_of_its_synonyms() {
    let searcher = searcher(&[(WordList::Synonyms, SYNONYM_RULES)]);
    for (query, expected, expected_notes) in [
        ("car", "car auto autos motor", vec!["car also searched as automobile, motor vehicle"]),
        ("cars", "car auto autos motor", vec!["cars also searched as automobile, motor vehicle"]),
        (
            "automobile",
            "auto autos car motor",
            vec!["automobile also searched as car, motor vehicle"],
        ),
        ("\"car\"", "car", vec![]),
        ("\"the car plant\"", "car", vec![]),
        (
            "motor vehicles",
            "motor apart auto autos car",
            vec!["motor vehicles also searched as car, automobile"],
        ),
        ("car plant", "car auto", vec!["car also searched as automobile, motor vehicle"]),
        ("plant car", "car auto", vec!["car also searched as automobile, motor vehicle"]),
        ("car AND may", "car auto", vec!["car also searched as automobile, motor vehicle"]),
        ("car NEAR/3 opened", "car auto", vec!["car also searched as automobile, motor vehicle"]),
        ("car SAME opened", "car auto", vec!["car also searched as automobile, motor vehicle"]),
        ("may -car", "auto", vec![]),
        (
            "any:(car government)",
            "government car auto autos motor",
            vec!["car also searched as automobile, motor vehicle"],
        ),
        ("gov", "gov government", vec!["gov also searched as government"]),
        ("government", "government", vec![]),
        ("plan", "gov government car", vec!["plan also searched as car"]),
        ("新能源车", "nev nevs", vec!["新能源车 also searched as 新能源汽车"]),
        ("新能源車", "nev nevs", vec!["新能源車 also searched as 新能源汽车"]),
        ("新能源车补贴", "nev nevs", vec!["新能源车 also searched as 新能源汽车"]),
        ("广州 新能源车", "nev nevs", vec!["新能源车 also searched as 新能源汽车"]),
        ("新能源汽车", "nevs", vec![]),
        ("“新能源车”", "nev", vec![]),
        ("港口", "port wharf", vec!["港口 also searched as 码头"]),
        ("南沙码头", "wharf port", vec!["码头 also searched as 港口"]),
        ("wharf", "port wharf", vec!["wharf also searched as 港口, 码头"]),
        ("WHO", "who", vec!["WHO also searched as World Health Organization"]),
        ("who", "", vec![]),
    ] {
        let results = searcher.search(&Query::new(query)).unwrap();
        assert_eq!(full_match_ids(&results).join(" "), expected, "{query}");
        assert_eq!(synonym_notes(&results), expected_notes, "{query}");
    }
}

#[test]
fn synonyms_are_highlighted_and_a_flag_turns_them_off() {
    let searcher = searcher(&[(WordList::Synonyms, SYNONYM_RULES)]);
    for (query, id, expected) in [
        ("car", "autos#0", vec!["automobiles"]),
        ("car", "motor#0", vec!["motor vehicle", "motor vehicles"]),
        ("motor vehicle", "car#0", vec!["car"]),
        ("港口", "wharf#0", vec!["码头"]),
        ("WHO", "who#0", vec!["World Health Organization"]),
    ] {
        let results = searcher.search(&Query::new(query)).unwrap();
        let hit = results.hits.iter().find(|hit| hit.passage.id == id).unwrap();
        let fragments = hit.snippet.fragments.iter();
        let highlights = fragments.flat_map(|fragment| &fragment.highlights);
        let texts: Vec<&str> = highlights.map(|span| span.of(&hit.passage.text)).collect();
        assert_eq!(texts, expected, "{query}");
        for query in [Query::new(query).synonyms(false), Query::new(query).strict(true)] {
            let results = searcher.search(&query).unwrap();
            let ids = full_match_ids(&results);
            assert!(ids.iter().all(|found| !id.starts_with(&format!("{found}#"))), "{ids:?}");
            assert_eq!(synonym_notes(&results), [""; 0], "{query:?}");
        }
    }
}

#[test]
fn lists_without_the_words_of_a_query_do_not_change_its_results() {
    let index = index();
    let plain = index.searcher().unwrap();
    let lists =
        WordList::ALL.into_iter().zip(["unrelated => other", "unrelated", "unrelated", "毫不相干"]);
    let lists = lists.fold(WordLists::default(), |lists, (list, text)| lists.with(list, text));
    index.set_word_lists(lists);
    let with_lists = index.searcher().unwrap();
    assert_ne!(plain.version(), with_lists.version());
    let language = include_str!("../../../tests/integration/language.txt");
    let queries = language.lines().chain(TEXTS.map(|(_, text)| text));
    for query in queries.filter(|line| !line.is_empty()) {
        let answer = |searcher: &Searcher| {
            let mut results = searcher.search(&Query::new(query).explain(true)).unwrap();
            results.elapsed = std::time::Duration::ZERO;
            results
        };
        assert_eq!(answer(&plain), answer(&with_lists), "{query}");
    }
}

#[test]
fn changed_lists_of_an_open_index_apply_to_the_next_searcher() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("index");
    std::fs::create_dir(&dir).unwrap();
    let list = dir.join("synonyms.txt");
    std::fs::write(&list, "car, automobile\ntram\n").unwrap();
    let index = Index::create(&dir).unwrap();
    let writer = index.writer().unwrap();
    writer.add(&Document::new("auto", "The automobile plant opened.")).unwrap();
    writer.commit().unwrap();
    let total = |text: &str| {
        let results = index.searcher().unwrap().search(&Query::new(text)).unwrap();
        (results.total, results.notes.into_iter().map(|note| note.message).collect::<Vec<_>>())
    };
    let problem = "synonyms.txt, line 2: one word has no synonym: write tram, WORD or tram => WORD";
    let note = "car also searched as automobile (synonyms)";
    assert_eq!(total("car"), (1, vec![problem.to_owned(), note.to_owned()]));
    let copy = folder.path().join("copy");
    index.snapshot(&copy).unwrap();
    let copied = Index::open(&copy).unwrap().searcher().unwrap();
    assert_eq!(copied.search(&Query::new("car")).unwrap().total, 1);
    let searcher = index.searcher().unwrap();
    assert_eq!(searcher.version(), index.version().unwrap());
    std::fs::write(&list, "bus, automobile").unwrap();
    assert_ne!(searcher.version(), index.version().unwrap());
    assert_eq!(total("bus").0, 1);
    assert_eq!(total("car").0, 0);
    std::fs::remove_file(&list).unwrap();
    assert_eq!(total("bus").0, 0);
}

#[cfg(feature = "chinese")]
#[test]
fn stop_words_and_protected_words_change_the_matches() {
    let stop_words = "announced\n南沙\n!who\n!the\n";
    let searcher = searcher(&[
        (WordList::StopWords, stop_words),
        (WordList::ProtectedWords, "automobiles\nplan\n"),
        (WordList::Synonyms, "wagon => automobiles\nplan, harbours"),
    ]);
    let plain = self::searcher(&[]);
    for (query, expected, expected_plain) in [
        // Added stop words are ignored beside other words, but are searched alone and in quotes.
        ("announced government", "government", "government"),
        ("announced tax", "motor", ""),
        ("announced", "gov government", "gov government"),
        ("\"announced a plan\"", "gov government", "gov government"),
        ("南沙 补贴", "nev nevs", ""),
        ("南沙", "port wharf", "port wharf"),
        ("南沙港口", "port", "port"),
        // Removed stop words are searched like other words.
        ("the tax", "", "motor"),
        ("the automobile", "auto", "auto autos"),
        ("who tax", "", "motor"),
        // A protected word matches only itself, and no other word matches it.
        ("automobiles", "autos", "auto autos"),
        ("automobile", "auto", "auto autos"),
        ("\"automobiles\"", "autos", "autos"),
        ("plans", "", "gov government"),
        ("plan", "gov government", "gov government"),
        ("wagon", "autos", ""),
        ("wagons", "autos", ""),
    ] {
        for (searcher, expected) in [(&searcher, expected), (&plain, expected_plain)] {
            let results = searcher.search(&Query::new(query)).unwrap();
            let mut ids = full_match_ids(&results);
            ids.sort_unstable();
            assert_eq!(ids.join(" "), expected, "{query}");
        }
    }
}

#[test]
#[cfg(feature = "chinese")]
fn dictionary_words_are_searched_as_a_whole() {
    let index = Index::in_memory();
    let writer = index.writer().unwrap();
    for (id, text) in [
        ("tower", "游客登上广州塔。"),
        ("apart", "广州有一座塔。"),
        ("card", "穗康码和羊城通。"),
        ("code", "使用健康码。"),
        ("crane", "广州塔吊很多。"),
    ] {
        writer.add(&Document::new(id, text)).unwrap();
    }
    writer.commit().unwrap();
    let plain = index.searcher().unwrap();
    let lists = WordLists::default()
        .with(WordList::ChineseDictionary, "广州塔\n穗康码 100 n\n塔吊 100000000\n")
        .with(WordList::Synonyms, "穗康码 => 健康码");
    assert_eq!(lists.problems(), []);
    index.set_word_lists(lists);
    let searcher = index.searcher().unwrap();
    for (query, expected, expected_plain) in [
        ("广州塔", "crane tower", "crane tower"),
        ("廣州塔", "crane tower", "crane tower"),
        ("登上广州塔", "tower", "tower"),
        ("广州塔吊", "crane", "crane"),
        ("穗康码", "card code", "card"),
        ("使用穗康码", "code", ""),
        ("广州", "apart crane tower", "apart crane tower"),
    ] {
        for (searcher, expected) in [(&searcher, expected), (&plain, expected_plain)] {
            let results = searcher.search(&Query::new(query)).unwrap();
            let mut ids = full_match_ids(&results);
            ids.sort_unstable();
            assert_eq!(ids.join(" "), expected, "{query}");
        }
    }
    let ids = |searcher: &Searcher| {
        let similar = searcher.similar("tower#0", 5).unwrap().unwrap();
        similar.hits.iter().map(|hit| hit.passage.id.clone()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&searcher), ids(&plain));
}
