//! Tests of declared fields through a whole search: conditions, filters, facets, order and pages.

use crate::{
    Document, Index, Query, Searcher,
    document::{DeclaredFields, FieldName},
    query::{Collapse, Facet, Sort, declared_field_filters},
};

/// Metadata of the documents `a` to `f`, as `KEY=VALUE; KEY=VALUE`.
const DOCUMENT_METADATA: [(&str, &str); 6] = [
    (
        "a",
        "desk=Trade; amount=5; received=2024-01-15; urgent=yes; summary=The port expands its berths",
    ),
    ("b", "desk=trade, Rail; amount=1,250; received=2024-03-31; urgent=no; summary=Ports expand"),
    ("c", "Desk=Rail; amount=-3.5; received=2025-06-01; summary=铁路扩建工程"),
    ("d", "desk=貿易; amount=many; received=soon"),
    ("e", "office=2"),
    ("f", "desk=TRADE; amount=7, 300"),
];

/// Returns the declared fields of the test: one field of each type.
fn declared_fields() -> DeclaredFields {
    let mut fields = DeclaredFields::default();
    for declaration in
        ["desk:keyword", "amount:number", "received:date", "urgent:bool", "summary:text"]
    {
        fields.declare_from_text(declaration).unwrap();
    }
    fields
}

/// Returns a searcher for the documents of [`DOCUMENT_METADATA`], which are committed in groups of `commit_size`.
fn searcher(commit_size: usize) -> Searcher {
    let index = Index::in_memory_with(declared_fields());
    for group in DOCUMENT_METADATA.chunks(commit_size) {
        let mut writer = index.writer().unwrap();
        for (id, metadata) in group {
            let mut document = Document::new(*id, "Ports grow.\n\nThe port grows again.");
            for pair in metadata.split("; ") {
                let (key, value) = pair.split_once('=').unwrap();
                document.metadata.insert(key.to_owned(), value.to_owned());
            }
            writer.add(&document).unwrap();
        }
        writer.checkpoint().unwrap();
    }
    index.searcher().unwrap()
}

/// Returns the ids of the documents that a query finds, in the order of the hits, as one text.
fn found_ids(searcher: &Searcher, query: Query) -> String {
    let query = query.strict(true).collapse(Collapse::Document).limit(20);
    let hits = searcher.search(&query).unwrap().hits;
    hits.iter().map(|hit| hit.document.id.as_str()).collect()
}

/// Returns the ids of the documents that a query finds, in the order of ids.
fn sorted_found_ids(searcher: &Searcher, query: Query) -> String {
    let mut ids: Vec<char> = found_ids(searcher, query).chars().collect();
    ids.sort_unstable();
    ids.into_iter().collect()
}

#[test]
fn conditions_find_documents_by_their_values() {
    let searcher = searcher(2);
    for (text, expected) in [
        ("port desk:trade", "abf"),
        ("port desk:贸易", "d"),
        ("port desk:\"TRADE\"", "abf"),
        ("port desk:tra*", "abf"),
        ("port desk:*", "abcdf"),
        ("port -desk:*", "e"),
        ("port desk:(trade OR rail)", "abcf"),
        ("port desk:trade desk:rail", "b"),
        ("port amount:5", "a"),
        ("port amount:>=5", "abf"),
        ("port amount:<0", "c"),
        ("port amount:-3.5", "c"),
        ("port amount:5..10", "af"),
        ("port amount:..-1", "c"),
        ("port amount:1250", "b"),
        ("port amount:(<0 OR >1000)", "bc"),
        ("port amount:many", ""),
        ("port received:2024", "ab"),
        ("port received:2024-01..2024-03", "ab"),
        ("port received:>2024-01", "bc"),
        ("port received:<=2024-03-31", "ab"),
        ("port urgent:true", "a"),
        ("port urgent:no", "b"),
        ("port NOT urgent:true", "bcdef"),
        ("port summary:port", "ab"),
        ("port summary:\"port expands\"", "a"),
        ("port summary:(berth expand)", "a"),
        ("port summary:berth*", "a"),
        ("port summary:扩建", "c"),
        ("port summary:建扩", ""),
        ("port summary:*", "abc"),
        ("port AND (desk:rail OR urgent:true)", "abc"),
        ("desk:trade", "abf"),
        ("port office:2", ""),
    ] {
        assert_eq!(sorted_found_ids(&searcher, Query::new(text)), expected, "{text}");
    }
}

#[test]
fn filters_restrict_hits_without_changing_scores() {
    let searcher = searcher(6);
    for (filters, expected) in [
        (&["desk=trade"][..], "abf"),
        (&["desk=trade", "desk=rail"], "abcf"),
        (&["desk=trade", "amount>=7"], "bf"),
        (&["received=2024-03"], "b"),
        (&["urgent:true"], "a"),
        (&["summary=berths"], "a"),
        (&["desk=bus"], ""),
    ] {
        let owned: Vec<String> = filters.iter().map(|&text| text.to_owned()).collect();
        let query = declared_field_filters(&owned)
            .unwrap()
            .into_iter()
            .fold(Query::new("port"), Query::filter);
        assert_eq!(sorted_found_ids(&searcher, query.clone()), expected, "{filters:?}");
        let unfiltered = searcher.search(&Query::new("port").limit(20)).unwrap().hits;
        for hit in searcher.search(&query.limit(20)).unwrap().hits {
            let same = unfiltered.iter().find(|other| other.passage.id == hit.passage.id).unwrap();
            assert!((same.score - hit.score).abs() < f64::EPSILON, "{filters:?}");
        }
    }
}

#[test]
fn a_facet_count_equals_the_matches_of_its_value() {
    for commit_size in [1, 2, 6] {
        let searcher = searcher(commit_size);
        let facets = ["desk", "amount", "received", "urgent"];
        let facets = facets.map(|name| Facet::Declared(name.parse().unwrap()));
        let results = searcher.search(&Query::new("port").facets(facets)).unwrap();
        let counts = |index: usize| -> Vec<String> {
            let facet = &results.facets[index];
            let values = facet.values.iter();
            values.map(|value| format!("{} {}", value.value, value.count.documents)).collect()
        };
        assert_eq!(counts(0), ["TRADE 3", "Rail 2", "貿易 1"], "{commit_size}");
        assert_eq!(counts(1), ["-3.5 1", "1250 1", "300 1", "5 1", "7 1"]);
        assert_eq!(counts(2), ["2024-01-15 1", "2024-03-31 1", "2025-06-01 1"]);
        assert_eq!(counts(3), ["false 1", "true 1"]);
        assert_eq!(results.facets[0].without_value.documents, 1);
        for facet in &results.facets {
            for value in &facet.values {
                let query = Query::new("port").only(facet.facet, [&value.value]).limit(0);
                let found = searcher.search(&query).unwrap();
                let counted = (value.count.passages, value.count.documents);
                assert_eq!((found.total, found.total_documents), counted, "{value:?}");
            }
        }
        let only = Query::new("port").only(facets[0], ["Trade"]).facets([facets[0], facets[3]]);
        let results = searcher.search(&only).unwrap();
        assert_eq!((results.total_documents, results.facets[0].values.len()), (3, 3));
        assert_eq!(results.facets[1].values.len(), 2);
    }
}

#[test]
fn hits_are_sorted_by_values_and_pages_follow_each_other() {
    for commit_size in [1, 2, 6] {
        let searcher = searcher(commit_size);
        for (order, expected) in [
            ("amount", "cafbde"),
            ("amount:desc", "bfacde"),
            ("desk", "bcafde"),
            ("desk:desc", "dabfce"),
            ("received", "abcdef"),
            ("received:desc", "cbadef"),
            ("urgent", "bacdef"),
            ("urgent:desc", "abcdef"),
        ] {
            let sort: Sort = order.parse().unwrap();
            let query = || Query::new("port").sort(sort);
            assert_eq!(found_ids(&searcher, query()), expected, "{order} {commit_size}");
            let whole = searcher.search(&query().limit(20)).unwrap();
            let ids: Vec<String> = whole.hits.iter().map(|hit| hit.passage.id.clone()).collect();
            assert_eq!(ids.len(), 12);
            let (mut paged_ids, mut cursor) = (Vec::new(), None::<String>);
            loop {
                let page = query().limit(5);
                let page = cursor.iter().fold(page, Query::cursor);
                let page = searcher.search(&page).unwrap();
                paged_ids.extend(page.hits.iter().map(|hit| hit.passage.id.clone()));
                cursor = page.next;
                if cursor.is_none() {
                    break;
                }
            }
            assert_eq!(paged_ids, ids, "{order} {commit_size}");
        }
    }
}

#[test]
fn a_cursor_by_keyword_continues_in_a_changed_index() {
    let index = Index::in_memory_with(declared_fields());
    let add = |id: &str, desk: &str| {
        let mut writer = index.writer().unwrap();
        let mut document = Document::new(id, "Ports grow.");
        document.metadata.insert("desk".to_owned(), desk.to_owned());
        writer.add(&document).unwrap();
        writer.checkpoint().unwrap();
    };
    for (id, desk) in [("m", "m"), ("p", "p"), ("z", "z")] {
        add(id, desk);
    }
    let query = || Query::new("port").sort("desk".parse().unwrap()).limit(1);
    let cursor = index.searcher().unwrap().search(&query()).unwrap().next.unwrap();
    for (id, desk) in [("1", "a"), ("2", "b"), ("3", "n")] {
        add(id, desk);
    }
    let writer = index.writer().unwrap();
    writer.remove("m").unwrap();
    writer.commit().unwrap();
    let page = index.searcher().unwrap().search(&query().limit(9).cursor(cursor)).unwrap();
    let ids: Vec<&str> = page.hits.iter().map(|hit| hit.document.id.as_str()).collect();
    assert_eq!(ids, ["3", "p", "z"]);
}

#[test]
fn replaced_and_removed_documents_lose_their_values() {
    let index = Index::in_memory_with(declared_fields());
    let add = |desk: &str| {
        let mut writer = index.writer().unwrap();
        for id in ["a", "b"] {
            let mut document = Document::new(id, "Ports grow.");
            document.metadata.insert("desk".to_owned(), desk.to_owned());
            document.metadata.insert("summary".to_owned(), desk.to_owned());
            writer.add(&document).unwrap();
        }
        writer.checkpoint().unwrap();
    };
    add("trade");
    add("rail");
    let writer = index.writer().unwrap();
    writer.remove("b").unwrap();
    writer.commit().unwrap();
    let searcher = index.searcher().unwrap();
    for (text, expected) in
        [("desk:trade", ""), ("desk:rail", "a"), ("summary:trade", ""), ("summary:rail", "a")]
    {
        assert_eq!(sorted_found_ids(&searcher, Query::new(text)), expected, "{text}");
    }
}

#[test]
fn notes_name_wrong_values_and_undeclared_keys() {
    let searcher = searcher(3);
    for (text, expected) in [
        (
            "port amount:many",
            "amount: many is not a number such as 5, >=5 or 5..10, and matches nothing",
        ),
        ("port office:2", "office is a key of the metadata, but no declared field"),
        ("port desk:trad", "no document has the value trad of desk; the nearest is trade"),
        ("port desk: trade", "desk: needs a word directly after the colon"),
    ] {
        let notes = searcher.search(&Query::new(text)).unwrap().notes;
        let has_note = notes.iter().any(|note| note.message.to_lowercase().contains(expected));
        assert!(has_note, "{text}: {notes:?}");
    }
    let notes = searcher.search(&Query::new("port desk:trade harbour:2")).unwrap().notes;
    assert!(notes.iter().all(|note| !note.message.contains("key of the metadata")), "{notes:?}");
}

#[test]
fn conditions_on_declared_fields_do_not_hide_highlights() {
    let searcher = searcher(6);
    for text in ["ports desk:rail", "ports (amount:5 OR summary:扩建)", "ports -summary:berth"] {
        let results = searcher.search(&Query::new(text)).unwrap();
        let hit = results.hits.iter().find(|hit| hit.passage.id == "c#0").unwrap();
        let highlights = &hit.snippet.fragments[0].highlights;
        assert_eq!(highlights.len(), 1, "{text}");
        assert_eq!(highlights[0].of(&hit.passage.text), "Ports", "{text}");
    }
}

#[test]
fn undeclared_fields_are_refused() {
    let searcher = searcher(6);
    let office: FieldName = "office".parse().unwrap();
    for query in [
        Query::new("port").facets([Facet::Declared(office)]),
        Query::new("port").only(Facet::Declared(office), ["2"]),
        Query::new("port").sort(Sort::Field { name: office, descending: false }),
        Query::new("port").sort("summary".parse().unwrap()),
    ] {
        assert!(searcher.search(&query).is_err());
    }
}
