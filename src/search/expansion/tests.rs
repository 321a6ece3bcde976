use super::*;
use crate::{
    document::Document,
    index::Index,
    query::{self, Alternative},
    search::context::SearchContext,
};

fn context_of_texts(texts: &[&str]) -> SearchContext {
    let index = Index::in_memory();
    let writer = index.writer().unwrap();
    for (number, text) in texts.iter().enumerate() {
        writer.add(&Document::new(format!("d{number}"), *text)).unwrap();
    }
    writer.commit().unwrap();
    SearchContext::of_local_index(index.last_commit().unwrap()).unwrap()
}

/// Formats the terms of an alternative: slots separated by spaces, terms of one slot separated by bars.
fn format_terms(alternative: &Alternative) -> String {
    let slots = alternative
        .slots
        .iter()
        .map(|slot| slot.terms.iter().map(|term| term.term.as_str()).collect::<Vec<_>>().join("|"));
    slots.collect::<Vec<_>>().join(" ")
}

/// Expands a query. Returns the alternatives of all query leaves, and the messages of the notes.
fn expand_query(context: &SearchContext, text: &str) -> (Vec<String>, Vec<String>) {
    let (clause, _) = query::Clause::parse(text);
    let mut notes = Vec::new();
    let mut plan =
        query::plan_query(&clause, &[], context.declared_fields(), &context.analyzer, &mut notes);
    fill_slots_with_index_terms(&mut plan, &*context.statistics, &mut notes).unwrap();
    remove_inflections_of_acronyms(&mut plan, &*context.statistics).unwrap();
    add_equivalents_of_words(&mut plan, &*context.statistics, &mut notes).unwrap();
    let alternatives = plan.leaves.iter().flat_map(|leaf| &leaf.alternatives);
    (alternatives.map(format_terms).collect(), notes.into_iter().map(|note| note.message).collect())
}

fn assert_expands(context: &SearchContext, cases: &[(&str, &[&str], &[&str])]) {
    for &(text, expected_alternatives, expected_notes) in cases {
        let (alternatives, notes) = expand_query(context, text);
        let alternatives: Vec<&str> = alternatives.iter().map(String::as_str).collect();
        let notes: Vec<&str> = notes.iter().map(String::as_str).collect();
        assert_eq!(
            (&alternatives[..], &notes[..]),
            (expected_alternatives, expected_notes),
            "{text}"
        );
    }
}

#[test]
fn a_word_is_expanded_to_its_inflections_and_spellings() {
    let context =
        context_of_texts(&["Factories and a factory.", "The color centre.", "2024 centers"]);
    assert_expands(
        &context,
        &[
            ("factory", &["factory|factories"], &[]),
            ("colour", &["colour|color"], &[]),
            ("center", &["center|centers|centre"], &[]),
            ("2024", &["2024"], &[]),
        ],
    );
}

#[test]
fn a_word_in_capitals_finds_no_inflections() {
    let context = context_of_texts(&[
        "Aid for AIDS patients. The CARES Act cares about care.",
        "Salt and salted fish. They pass, passed and started; a start. The ports and a port.",
        "Strategic Arms Limitation Talks (SALT) and two SALTs.",
    ]);
    assert_expands(
        &context,
        &[
            ("AIDS patients", &["aids", "patients"], &[]),
            ("aids patients", &["aids|aid", "patients"], &[]),
            ("the CARES act", &["cares", "act"], &[]),
            ("START fish", &["start", "fish"], &[]),
            ("PASS 港口", &["pass", "港 口"], &[]),
            ("PORTS", &["ports|port"], &[]),
            ("STARTS", &["starts|start|started"], &[]),
            ("THE PORTS SALTED FISH 1st", &["ports|port", "salted", "fish", "1st", "first"], &[]),
            ("STARTS fish", &["starts|start|started", "fish"], &[]),
            (
                "SALT",
                &["salt|salts", "strategic arms limitation talks"],
                &["SALT also searched as strategic arms limitation talks"],
            ),
        ],
    );
}

#[test]
fn a_quarter_is_searched_by_its_other_names() {
    let context = context_of_texts(&[
        "In the second quarter of 2024, Q2, the 2nd quarter.",
        "二季度增长。",
        "Growth in Q3.",
    ]);
    assert_expands(
        &context,
        &[
            (
                "Q2 growth",
                &["q 2", "second quarter", "2nd quarter", "二 季 度", "growth"],
                &["Q2 also searched as second quarter, 2nd quarter, 二季度"],
            ),
            (
                "third quarter",
                &["third", "3rd", "q 3", "quarter", "q 3"],
                &["third quarter also searched as Q3"],
            ),
            ("Q4", &["q 4"], &[]),
            ("\"Q2\"", &["q 2"], &[]),
            ("quarter third", &["quarter", "third", "3rd"], &[]),
        ],
    );
}

#[test]
fn a_pattern_is_expanded_to_matching_terms_of_the_index() {
    let context = context_of_texts(&["Exports and exporters.", "An expert exported cars."]);
    assert_expands(
        &context,
        &[
            (
                "exp*",
                &["expert|exported|exporters|exports"],
                &["exp* stands for 4 words: expert, exported, exporters, exports"],
            ),
            ("/ca[rt]s/", &["cars"], &["/ca[rt]s/ stands for 1 word: cars"]),
            ("exprt~1", &["expert"], &["exprt~1 stands for 1 word: expert"]),
            ("zebra*", &[""], &["zebra* stands for no word of the index"]),
        ],
    );
}

#[test]
fn compounds_are_searched_as_one_word_and_as_two() {
    let context = context_of_texts(&[
        "E-commerce and ecommerce.",
        "The flyingcar and a flying car.",
        "Wi-Fi, wifi, an x-ray, a deal de al.",
        "Well-being and wellbeing; it went well and be it so.",
    ]);
    assert_expands(
        &context,
        &[
            ("ecommerce", &["ecommerce", "e commerce"], &["ecommerce also searched as e commerce"]),
            ("wifi", &["wifi", "wi fi"], &["wifi also searched as wi fi"]),
            ("Wi-Fi", &["wi", "wifi", "fi", "wifi"], &["wi fi also searched as wifi"; 2]),
            ("xray", &["xray", "x ray"], &["xray also searched as x ray"]),
            (
                "well-being",
                &["well being", "wellbeing"],
                &["well-being also searched as wellbeing"],
            ),
            ("wellbeing", &["wellbeing", "well being"], &["wellbeing also searched as well being"]),
            ("\"well-being\"", &["well being"], &[]),
            // An ordinary word is not split.
            ("deal", &["deal"], &[]),
            (
                "flying car",
                &["flying", "flyingcar", "car", "flyingcar"],
                &["flying car also searched as flyingcar", "flying car also searched as flyingcar"],
            ),
            ("e", &["e"], &[]),
        ],
    );
}

#[test]
fn abbreviations_and_long_forms_are_expanded_to_each_other() {
    let context = context_of_texts(&[
        "The low-altitude economy (LAE) grew.",
        "The LAE is large. A low-altitude economy.",
        "Relations with the European Union.",
    ]);
    assert_expands(
        &context,
        &[
            (
                "LAE",
                &["lae", "low altitude economy"],
                &["LAE also searched as low altitude economy"],
            ),
            ("EU", &["eu", "european union"], &["EU also searched as european union"]),
            ("XYZ", &["xyz"], &[]),
        ],
    );
}

#[test]
fn an_ordinary_word_is_not_expanded_as_an_abbreviation() {
    let mut texts =
        vec!["The toilet improvement programme (TIP) began.", "Pricing policy (PRICE)."];
    texts.extend(["Ten safety tips for pricing."; 12]);
    let context = context_of_texts(&texts);
    let long_form = ["toilet improvement programme"];
    for (text, is_expanded) in
        [("TIP", true), ("TIPs", true), ("tips", false), ("tip", true), ("pricing", false)]
    {
        let (alternatives, _) = expand_query(&context, text);
        let has_long_form = alternatives.iter().any(|other| long_form.contains(&other.as_str()));
        assert_eq!(has_long_form, is_expanded, "{text}: {alternatives:?}");
    }
}

#[test]
fn a_name_before_a_full_stop_finds_the_dotted_name() {
    let context =
        context_of_texts(&["Visit GreenGov.SG for the plan.", "The plan of green.org and green."]);
    assert_expands(
        &context,
        &[
            ("GreenGov", &["greengov", "greengov.sg"], &["GreenGov also searched as greengov.sg"]),
            // A word that occurs is searched as it is.
            ("green", &["green"], &[]),
        ],
    );
}

#[test]
fn the_nearest_term_has_fewest_edits_and_is_most_frequent() {
    let context = context_of_texts(&[
        "cart cart",
        "card card",
        "card",
        "carbon",
        "marshal",
        "marshal",
        "parcel",
    ]);
    let statistics = &*context.statistics;
    let nearest = |word, edits| nearest_term(word, edits, &|_, _| true, statistics).unwrap();
    assert_eq!(nearest("carx", 1).as_deref(), Some("card"));
    assert_eq!(nearest("carbn", 2).as_deref(), Some("carbon"));
    assert_eq!(nearest("zebra", 2), None);
    // Swapped letters are one edit.
    assert_eq!(nearest("crat", 1).as_deref(), Some("cart"));
    // Another first letter counts as an edit.
    assert_eq!(nearest("parshel", 2).as_deref(), Some("parcel"));
    assert_eq!(nearest("barshel", 2), None);
}

#[test]
fn an_empty_index_expands_nothing() {
    let context = context_of_texts(&[]);
    assert_expands(&context, &[("car exp*", &["", ""], &[])]);
}

#[test]
fn the_last_word_is_a_prefix_while_it_is_typed() {
    let context =
        context_of_texts(&["Flying cars and cargo. A careful factory.", "The cars of a café."]);
    for (text, expected) in [
        ("flying ca", &["flying", "ca|cars|cafe|careful|cargo"][..]),
        ("flying car", &["flying", "car|cars|careful|cargo"]),
        ("flying car ", &["flying", "car|cars"]),
        ("flying c", &["flying", "c"]),
        ("\"flying car", &["flying", "car|cars|careful|cargo"]),
        ("\"flying car\"", &["flying car"]),
        ("car flying", &["car|cars", "flying"]),
        ("title:fact", &["fact"]),
        ("zebra zeb", &["zebra", "zeb"]),
        ("", &[]),
    ] {
        let (clause, _) = query::Clause::parse(text);
        let mut plan = query::plan_query(
            &clause,
            &[],
            context.declared_fields(),
            &context.analyzer,
            &mut Vec::new(),
        );
        let query = query::Query::new(text).prefix_last(true);
        fill_slots_with_index_terms(&mut plan, &*context.statistics, &mut Vec::new()).unwrap();
        add_completions_of_last_word(&mut plan, &query, &*context.statistics).unwrap();
        let alternatives = plan.leaves.iter().flat_map(|leaf| &leaf.alternatives);
        let actual: Vec<String> = alternatives.map(format_terms).collect();
        assert_eq!(actual, expected, "{text}");
    }
}
