use super::*;
use crate::{document::Document, index::Index};

fn context_of_texts(texts: &[&str]) -> SearchContext {
    let index = Index::in_memory();
    let writer = index.writer().unwrap();
    for (number, text) in texts.iter().enumerate() {
        writer.add(&Document::new(format!("d{number}"), *text)).unwrap();
    }
    writer.commit().unwrap();
    SearchContext::of_local_index(index.last_commit().unwrap()).unwrap()
}

/// Searches a query and returns the number of matches and the notes.
fn search(context: &SearchContext, query: &Query) -> (u64, Vec<String>) {
    let (clause, _) = Clause::parse(&query.text);
    let (depth, deadline) = (SearchDepth::of(query, 0), Deadline::never());
    let (prepared_query, matches) =
        search_with_relaxation(context, &clause, query, depth, deadline).unwrap();
    let full_match_count: u64 =
        matches.segments.iter().map(|segment| segment.facet_selection.all_matches().len()).sum();
    (
        full_match_count + matches.other_match_count.unwrap_or_default(),
        prepared_query.notes.into_iter().map(|note| note.message).collect(),
    )
}

fn assert_searches(context: &SearchContext, cases: &[(&str, u64, &[&str])]) {
    for &(text, expected_matches, expected_notes) in cases {
        let (matches, notes) = search(context, &Query::new(text));
        let notes: Vec<&str> = notes.iter().map(String::as_str).collect();
        assert_eq!((matches, &notes[..]), (expected_matches, expected_notes), "{text}");
    }
}

#[test]
fn a_query_without_matches_is_relaxed_with_a_note() {
    let context = context_of_texts(&["The flying car factory opened.", "Exports of toys grew."]);
    assert_searches(
        &context,
        &[
            ("flying car", 1, &[]),
            ("flying AND toys", 2, &["nothing matches flying AND toys: searched for flying toys"]),
            ("+flying +toys", 2, &["nothing matches +flying +toys: searched for flying toys"]),
            ("\"car flying\"", 1, &["nothing matches \"car flying\": searched for car flying"]),
            // If another word of the query occurs, only the phrase is replaced.
            (
                "\"car flying\" factory",
                1,
                &["\"car flying\" occurs nowhere: searched for its words"],
            ),
            ("zebra", 0, &["zebra occurs nowhere"]),
            ("title:zebra", 0, &["title:zebra occurs nowhere"]),
        ],
    );
}

#[test]
fn a_word_that_occurs_nowhere_is_corrected_or_a_suggestion_is_made() {
    let context = context_of_texts(&["The flying car factory opened.", "Exports of toys grew."]);
    assert_searches(
        &context,
        &[
            // One edit and the same first letter: the correction is searched at once.
            ("factry", 1, &["factry occurs nowhere: searched for factory"]),
            // Two edits: the correction is searched because the original query has no matches.
            ("facotyr", 1, &["facotyr occurs nowhere: searched for factory"]),
            // Two edits beside a word that occurs: the correction is only suggested.
            ("facotyr toys", 1, &["facotyr occurs nowhere: did you mean factory"]),
            // A short word in capitals is an abbreviation.
            ("TOYZ", 0, &["TOYZ occurs nowhere"]),
            // The word is too short for a correction.
            ("toi", 0, &["toi occurs nowhere"]),
            // A word of the lexicon is not a misspelling.
            ("tors", 0, &["tors occurs nowhere"]),
            // A spelling with another first letter is further away.
            ("eports", 1, &["eports occurs nowhere: searched for exports"]),
            ("oxports toys", 1, &["oxports occurs nowhere: did you mean exports"]),
            ("oxporst toys", 1, &["oxporst occurs nowhere"]),
        ],
    );
}

#[test]
fn a_name_that_occurs_nowhere_is_not_searched_as_a_rare_or_distant_word() {
    let mut texts = vec!["A starker choice.", "The Holodomor."];
    texts.extend(std::iter::repeat_n("Breast screening for parliament.", 4_200));
    let context = context_of_texts(&texts);
    assert_searches(
        &context,
        &[
            // Two edits are too many for six letters.
            ("Brexit", 0, &["Brexit occurs nowhere"]),
            ("Starmer", 0, &["starmer occurs nowhere: did you mean starker"]),
            // A rare word that the lexicon lacks is a name, and names are often misspelled.
            ("Holodmor", 1, &["holodmor occurs nowhere: searched for holodomor"]),
            ("parliment", 4_200, &["parliment occurs nowhere: searched for parliament"]),
        ],
    );
}

#[test]
fn notes_name_the_words_that_occur_nowhere() {
    let context =
        context_of_texts(&["The flying car factory opened.", "Exports of toys grew by 12%."]);
    assert_searches(
        &context,
        &[
            ("toys H.R. 4417", 1, &["H.R occurs nowhere", "4417 occurs nowhere"]),
            ("any:(Zebra toys Zebra)", 1, &["Zebra occurs nowhere"]),
            ("toys F-18", 1, &["F-18 occurs nowhere"]),
            ("toys £20 million", 1, &["£20 million occurs nowhere"]),
            ("toys OR title:zebra", 1, &["title:zebra occurs nowhere"]),
            // An excluded word gets no note.
            ("toys -zebra", 1, &[]),
            // A correction or another note names the word already.
            (
                "factry 4417",
                1,
                &["factry occurs nowhere: searched for factory", "4417 occurs nowhere"],
            ),
            ("toys zebra*", 1, &["zebra* stands for no word of the index"]),
            (
                "toys \"giant zebra\"",
                1,
                &[
                    "\"giant zebra\" occurs nowhere: searched for its words",
                    "giant occurs nowhere",
                    "zebra occurs nowhere",
                ],
            ),
        ],
    );
}

#[test]
fn a_far_more_frequent_spelling_of_a_rare_word_is_suggested() {
    let mut texts = vec!["The parliment of Andorra met Doerr and Grady."];
    texts.extend(["Parliament agreed with Dorr on a grade."; 60]);
    texts.push("The enviroment of Kellner.");
    texts.extend(["The environment of Keller."; 20]);
    let context = context_of_texts(&texts);
    assert_searches(
        &context,
        &[
            ("parliment", 1, &["parliment occurs in 1 passage: did you mean parliament"]),
            // The correction of a name is never a word of the lexicon.
            ("Doerr", 1, &["doerr occurs in 1 passage: did you mean dorr"]),
            ("Grady", 1, &[]),
            ("grady", 1, &["grady occurs in 1 passage: did you mean grade"]),
            // No far more frequent word is close.
            ("Andorra", 1, &[]),
            ("parliament", 60, &[]),
            // For a long word, a word of the lexicon need not be that frequent, but a name must.
            ("enviroment", 1, &["enviroment occurs in 1 passage: did you mean environment"]),
            ("Kellner", 1, &[]),
        ],
    );
}

#[test]
fn a_corrected_word_counts_as_a_typed_word() {
    let context = context_of_texts(&["The flying car factory opened.", "Exports of toys grew."]);
    let plan = |text: &str| {
        let query = Query::new(text);
        let (clause, _) = Clause::parse(text);
        let (depth, deadline) = (SearchDepth::of(&query, 0), Deadline::never());
        let (prepared_query, _) =
            search_with_relaxation(&context, &clause, &query, depth, deadline).unwrap();
        let mut plan = prepared_query.plan;
        plan.leaves.iter_mut().for_each(|leaf| leaf.label.clear());
        plan.tokens.iter_mut().for_each(|token| token.text.clear());
        plan
    };
    for (typed, corrected) in
        [("flyng car", "flying car"), ("car FACTRY", "car FACTORY"), ("facotyr", "factory")]
    {
        assert_eq!(plan(typed), plan(corrected), "{typed}");
    }
}

#[test]
fn a_strict_query_is_never_changed() {
    let context = context_of_texts(&["The flying car factory opened.", "Exports of toys grew."]);
    for text in ["flying AND toys", "\"car flying\"", "factry"] {
        assert_eq!(search(&context, &Query::new(text).strict(true)), (0, Vec::new()), "{text}");
    }
}

#[test]
fn a_deadline_that_has_passed_is_an_error() {
    let context = context_of_texts(&["The flying car factory opened."]);
    let query = Query::new("car");
    let (clause, _) = Clause::parse(&query.text);
    let past_deadline = Deadline::new(std::time::Instant::now(), Some(std::time::Duration::ZERO));
    let result = search_with_relaxation(
        &context,
        &clause,
        &query,
        SearchDepth::of(&query, 0),
        past_deadline,
    );
    assert!(matches!(result, Err(crate::error::Error::TimedOut(_))));
}

#[cfg(feature = "chinese")]
#[test]
fn a_chinese_word_that_occurs_nowhere_is_split_or_searched_as_a_homophone() {
    let context = context_of_texts(&[
        "财政预算公开。",
        "发展经济学。",
        "低空飞行。",
        "低空领域的经济。",
        "药品抽验与設局。",
    ]);
    assert_searches(
        &context,
        &[
            ("预算", 1, &[]),
            // The passage with every part comes first, and two with one part follow.
            ("低空经济", 3, &["低空经济 occurs nowhere: searched for its parts"]),
            ("低空經濟", 3, &["低空經濟 occurs nowhere: searched for its parts"]),
            ("玉算", 1, &["玉算 occurs nowhere: searched for 预算"]),
            // A word of the dictionary is spelled correctly.
            ("抽煙", 0, &["抽煙 occurs nowhere: did you mean 抽验"]),
            // A pair of characters of a name is no word.
            ("预算 人社局", 1, &["人社局 occurs nowhere"]),
            ("预算 邬翀", 1, &["邬翀 occurs nowhere"]),
            ("预算 龘靐齉", 1, &["龘靐齉 occurs nowhere"]),
        ],
    );
}
