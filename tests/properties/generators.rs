//! Generators of random releases and queries: words from a small list, so that queries match often, and arbitrary text.

use gz_search::{Document, Index, Searcher};
use proptest::{collection::vec, prelude::*, sample::select};

/// Generates an English or Chinese word of a small list, so that words repeat.
fn word() -> impl Strategy<Value = &'static str> {
    select(vec![
        "port",
        "ports",
        "grew",
        "growing",
        "the",
        "of",
        "data",
        "U.S.",
        "39,000",
        "2.25 million",
        "flying",
        "car",
        "cars",
        "“quoted",
        "city’s",
        "end.",
        "End. Next",
        "\n",
        "\n\n",
        "广州",
        "惠州",
        "粤港澳大湾区",
        "建设",
        "預算",
        "预算",
        "3.9万",
        "，",
        "。",
        "安装简单",
        "ＡＩ",
        "<b>",
        "Bureau of Data: News",
    ])
}

/// Generates a text of repeated words, or of arbitrary characters.
pub(crate) fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => vec(word(), 1..40).prop_map(|words| words.join(" ")),
        2 => vec(word(), 1..40).prop_map(|words| words.concat()),
        1 => any::<String>(),
    ]
}

/// Generates documents with distinct ids and a text that is never empty.
pub(crate) fn documents() -> impl Strategy<Value = Vec<Document>> {
    let numbered = |texts: Vec<String>| {
        let document = |(number, text): (usize, String)| {
            Document::new(format!("d{number}"), format!("{text} port"))
        };
        texts.into_iter().enumerate().map(document).collect()
    };
    vec(text(), 1..12).prop_map(numbered)
}

/// Queries with every clause of the query language, over the words above.
const CLAUSES: [&str; 16] = [
    "*",
    "port*",
    "p?rt* OR da*",
    "flyng~ grwo~1",
    "/[cp].*/",
    "growing NEAR/3 port",
    "flying SAME (car OR data)",
    "NOT port",
    "+port grew -data",
    "port AND (grew OR 建设)",
    "\"flying car\"~3 port^2",
    "广*",
    "粤港澳大湾~",
    "issuer:data port",
    "heading:news OR car",
    "id:d1* OR lang:zh",
];

/// Generates a query.
pub(crate) fn query() -> impl Strategy<Value = String> {
    prop_oneof![
        vec(word(), 1..5).prop_map(|words| words.join(" ")),
        vec(word(), 1..4).prop_map(|words| format!("\"{}\" port", words.join(" "))),
        any::<String>(),
        select(CLAUSES.to_vec()).prop_map(str::to_owned),
    ]
}

/// Returns a searcher over `documents`, added in their order in one commit.
pub(crate) fn searcher(documents: &[Document]) -> Searcher {
    let index = Index::in_memory();
    let writer = index.writer().unwrap();
    for document in documents {
        writer.add(document).unwrap();
    }
    writer.commit().unwrap();
    index.searcher().unwrap()
}
