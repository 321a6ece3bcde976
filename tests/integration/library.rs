//! The public API as a program that embeds the library uses it.

use std::thread;

use gz_search::{Document, Index, IndexWriter, Query, Searcher, analysis::Chinese, query::Facet};

use crate::fixture::Folder;

#[path = "../examples/fields.rs"]
mod fields;
#[path = "../examples/memory.rs"]
mod memory;

/// Returns a release of a title and paragraphs.
fn release(id: &str, title: &str, paragraphs: &[&str]) -> Document {
    let mut document = Document::new(id, format!("{title}\n\n{}\n", paragraphs.join("\n\n")));
    document.title = Some(title.to_owned());
    document
}

/// Indexes the releases and returns the ids of the hits, best first.
fn ranked_ids(releases: &[Document], query: &str) -> Vec<String> {
    let index = Index::in_memory();
    let writer = index.writer().unwrap();
    for release in releases {
        writer.add(release).unwrap();
    }
    writer.commit().unwrap();
    let hits = index.searcher().unwrap().search(&Query::new(query)).unwrap().hits;
    hits.into_iter().map(|hit| hit.passage.id).collect()
}

#[test]
fn title_words_rank_the_other_passages_of_a_release() {
    let releases = [
        release("water", "Safe Water Act", &["the act was signed.", "fines double for offenders."]),
        release(
            "parking",
            "Parking Rules",
            &["fines, fines and more fines await.", "water damage is common."],
        ),
    ];
    assert_eq!(ranked_ids(&releases, "water act fines")[0], "water#1");
    // A query that only the title answers finds one passage of the release.
    assert_eq!(ranked_ids(&releases, "safe"), ["water#0"]);
}

#[test]
fn passages_with_all_words_come_first() {
    let releases = [
        release("one", "", &["ports ports ports ports ports ports of the coast."]),
        release(
            "both",
            "",
            &[
                "the budget says much about many other things in a long list of items, and of a port too.",
            ],
        ),
        release("other", "", &["budget, budget and budget again."]),
    ];
    assert_eq!(ranked_ids(&releases, "port budget")[0], "both#0");
}

#[test]
fn repetition_never_outweighs_a_missing_word() {
    let filler = "and so the report goes on with what else was done in that year by many others. ";
    let complete =
        format!("a port. {}the budget. {}some water.", filler.repeat(8), filler.repeat(8));
    let mut releases = vec![
        release("repeats", "", &[&"budget water ".repeat(40)]),
        release("complete", "", &[&complete]),
    ];
    releases.extend((0..30).map(|number| release(&format!("port{number}"), "", &["a port."])));
    assert_eq!(ranked_ids(&releases, "budget water port")[0], "complete#0");
}

#[test]
fn exact_spelling_outranks_fuzzy_matches() {
    let releases = [
        release("near", "", &["the part grew, the part grew, the part grew."]),
        release(
            "exact",
            "",
            &["the port grew, and many other things happened there in the same long year."],
        ),
    ];
    assert_eq!(ranked_ids(&releases, "port~"), ["exact#0", "near#0"]);
}

#[test]
fn searchers_are_snapshots_of_a_commit() {
    let folder = Folder::new();
    let index = Index::create(folder.path("index")).unwrap();
    let writer = index.writer().unwrap();
    writer.add(&Document::new("a", "The port grew.")).unwrap();
    writer.add(&Document::new("b", "The port shrank.")).unwrap();
    assert_eq!(index.searcher().unwrap().search(&Query::new("port")).unwrap().total, 0);
    let stats = writer.commit().unwrap();
    assert_eq!((stats.documents, stats.passages), (2, 2));
    let before = index.searcher().unwrap();
    let writer = Index::open(folder.path("index")).unwrap().writer().unwrap();
    assert!(index.writer().is_err(), "one writer at a time");
    writer.remove("a").unwrap();
    writer.add(&Document::new("b", "The harbour shrank.")).unwrap();
    writer.commit().unwrap();
    // The older searcher still sees the first commit.
    assert_eq!(before.search(&Query::new("port")).unwrap().total, 2);
    let after = index.searcher().unwrap();
    assert_eq!(after.search(&Query::new("port")).unwrap().total, 0);
    assert_eq!(after.search(&Query::new("harbour")).unwrap().total, 1);
}

/// Each handle stands for a process of its own.
#[test]
fn commits_and_rebuilds_through_another_handle_are_visible() {
    let folder = Folder::new();
    let dir = folder.path("index");
    let here = Index::create(&dir).unwrap();
    let there = Index::open(&dir).unwrap();
    let add = |id: &str, text: &str| {
        let writer = there.writer().unwrap();
        writer.add(&Document::new(id, text)).unwrap();
        writer.commit().unwrap();
    };
    let total = |searcher: &Searcher, text: &str| searcher.search(&Query::new(text)).unwrap().total;
    let mut versions = vec![here.version().unwrap()];
    let mut searcher = here.searcher().unwrap();
    assert_eq!(searcher.version(), versions[0]);
    for number in 1..4 {
        add(&format!("d{number}"), "The port grew.");
        assert_ne!(here.version().unwrap(), searcher.version(), "commit {number}");
        assert_eq!(total(&searcher, "port"), number - 1);
        assert_eq!(here.stats().unwrap().documents, number);
        searcher = here.searcher().unwrap();
        assert_eq!(total(&searcher, "port"), number);
        assert_eq!(here.version().unwrap(), searcher.version());
        versions.push(searcher.version().to_owned());
    }
    // A removal changes the version too.
    let writer = there.writer().unwrap();
    writer.remove("d1").unwrap();
    writer.commit().unwrap();
    assert_ne!(here.version().unwrap(), searcher.version());
    // A rebuild, here with another analysis, becomes visible when it commits.
    let before = here.searcher().unwrap();
    let writer = IndexWriter::rebuild(&dir, Chinese::Off).unwrap();
    writer.add(&Document::new("new", "The harbour grew.")).unwrap();
    assert_eq!(here.version().unwrap(), before.version());
    writer.commit().unwrap();
    assert_ne!(here.version().unwrap(), before.version());
    let after = here.searcher().unwrap();
    assert_eq!((total(&after, "port"), total(&after, "harbour")), (0, 1));
    // The old files are removed, but an open searcher still reads them.
    assert_eq!((total(&before, "port"), total(&before, "harbour")), (2, 0));
    assert_eq!((here.chinese(), there.chinese()), (Chinese::Off, Chinese::Auto));
    add("newer", "The harbour shrank.");
    assert_eq!(total(&here.searcher().unwrap(), "harbour"), 2);
    versions.extend([before.version().to_owned(), after.version().to_owned()]);
    versions.push(here.version().unwrap());
    let distinct: std::collections::BTreeSet<_> = versions.iter().collect();
    assert_eq!(distinct.len(), versions.len(), "{versions:?}");
}

#[test]
fn searches_during_rebuilds_see_one_whole_commit() {
    let folder = Folder::new();
    let dir = folder.path("index");
    let index = Index::create(&dir).unwrap();
    let fill = |number: usize| {
        let writer = IndexWriter::rebuild(&dir, Chinese::Auto).unwrap();
        for document in 0..=number {
            writer.add(&Document::new(format!("d{document}"), "The port grew.")).unwrap();
        }
        writer.commit().unwrap();
    };
    fill(0);
    thread::scope(|scope| {
        let filling = scope.spawn(|| (1..12).for_each(fill));
        let mut last = 0;
        while !filling.is_finished() {
            let query = Query::new("port").limit(100);
            let results = index.searcher().unwrap().search(&query).unwrap();
            assert_eq!(results.total, results.hits.len() as u64);
            assert!(results.total >= last, "{} after {last}", results.total);
            last = results.total;
            index.version().unwrap();
        }
    });
    assert_eq!(index.searcher().unwrap().search(&Query::new("port")).unwrap().total, 12);
}

#[test]
fn similar_passages_share_rare_words_and_come_from_other_releases() {
    let releases = [
        release(
            "flying",
            "Flying Cars",
            &[
                "The flying car factory in Huangpu began trial production of electric aircraft.",
                "A second flying car factory for electric aircraft is planned in Nansha.",
            ],
        ),
        release(
            "aircraft",
            "Industry",
            &[
                "The budget of the city grew in that year, as the mayor said.",
                "Makers of electric aircraft opened a factory; trial production of a flying car begins.",
                "One factory closed in that year.",
            ],
        ),
        release("schools", "Schools", &["Schools opened in that year, as the mayor said of it."]),
        release("low", "低空经济", &["广州加快发展低空经济，飞行汽车工厂开始试生产。"]),
        release(
            "lower",
            "经济",
            &["深圳的飞行汽车工厂也将试生产，低空经济政策出台。", "学校开学了。"],
        ),
        release("homes", "住房", &["住房公积金的贷款利率下调，广州发布通知。"]),
    ];
    let index = Index::in_memory();
    let writer = index.writer().unwrap();
    for release in &releases {
        writer.add(release).unwrap();
    }
    writer.commit().unwrap();
    let searcher = index.searcher().unwrap();
    let similar = |id: &str, limit: usize| -> Vec<String> {
        let hits = searcher.similar(id, limit).unwrap().unwrap().hits;
        assert!(hits.iter().enumerate().all(|(index, hit)| hit.rank == index as u64 + 1));
        hits.into_iter().map(|hit| hit.passage.id).collect()
    };
    // Passages on the same topic come before those that share more frequent words. A release occurs at most once, and
    // the release of the passage itself never.
    assert_eq!(similar("flying#0", 1), ["aircraft#1"]);
    assert_eq!(similar("aircraft#1", 9)[0], "flying#0");
    assert!(similar("aircraft#1", 9).iter().all(|id| !id.starts_with("aircraft")));
    assert_eq!(similar("aircraft#0", 1), ["schools#0"]);
    assert_eq!(similar("low#0", 1), ["lower#0"]);
    assert_eq!(similar("lower#0", 9), ["low#0"]);
    assert_eq!(similar("flying#0", 0), [""; 0]);
    for unknown in ["flying", "flying#9", "nothing#0", ""] {
        assert!(searcher.similar(unknown, 3).unwrap().is_none(), "{unknown}");
    }
    // Shared words are highlighted.
    let hit = searcher.similar("low#0", 1).unwrap().unwrap().hits.remove(0);
    let spans = hit.snippet.fragments[0].highlights.iter();
    let highlights: Vec<_> = spans.map(|span| span.of(&hit.passage.text)).collect();
    assert!(highlights.contains(&"低空经济"), "{highlights:?}");
}

#[test]
fn facet_selection_never_relaxes_a_query() {
    let mut releases =
        [release("a", "", &["the port grew."]), release("b", "", &["grew, said the port."])];
    for (release, issuer) in releases.iter_mut().zip(["Bureau of Ports", "Bureau of Cars"]) {
        release.issuer = Some(issuer.to_owned());
    }
    let index = Index::in_memory();
    let writer = index.writer().unwrap();
    for release in &releases {
        writer.add(release).unwrap();
    }
    writer.commit().unwrap();
    let searcher = index.searcher().unwrap();
    // Only one release contains the phrase. Selecting another issuer gives no hit, and the phrase is not relaxed.
    let phrase = Query::new("\"port grew\"").facets([Facet::Issuer]);
    for (issuer, total) in [("Bureau of Ports", 1), ("Bureau of Cars", 0), ("Bureau", 0)] {
        let results = searcher.search(&phrase.clone().only(Facet::Issuer, [issuer])).unwrap();
        assert_eq!((results.total, results.notes.len()), (total, 0), "{issuer}");
        assert_eq!(results.facets[0].values.len(), 1, "{issuer}");
        assert_eq!(results.facets[0].values[0].value, "Bureau of Ports");
    }
    let unrestricted = searcher.search(&phrase.only(Facet::Issuer, [""; 0])).unwrap();
    assert_eq!(unrestricted.total, 1, "an empty selection restricts nothing");
}

#[test]
fn a_refused_document_changes_nothing() {
    let index = Index::in_memory();
    let writer = index.writer().unwrap();
    writer.add(&Document::new("a", "The port grew.")).unwrap();
    assert!(writer.add(&Document::new("a", "  \n")).is_err());
    assert!(writer.add(&Document::new("", "text")).is_err());
    writer.commit().unwrap();
    assert_eq!(index.searcher().unwrap().search(&Query::new("port")).unwrap().total, 1);
}

#[test]
fn threads_share_a_searcher() {
    const fn assert_shareable<T: Clone + Send + Sync>() {}
    const { assert_shareable::<Searcher>() };
    const { assert_shareable::<Index>() };
    let index = Index::in_memory();
    let writer = index.writer().unwrap();
    for number in 0..50 {
        let text = format!("Port {number} grew by {number} %.");
        writer.add(&Document::new(format!("d{number}"), text)).unwrap();
    }
    writer.commit().unwrap();
    let searcher = index.searcher().unwrap();
    let ids = |searcher: &Searcher| -> Vec<String> {
        let results = searcher.search(&Query::new("port grew")).unwrap();
        results.hits.into_iter().map(|hit| hit.passage.id).collect()
    };
    let expected = ids(&searcher);
    thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| ids(&searcher))).collect();
        for thread in threads {
            assert_eq!(thread.join().unwrap(), expected);
        }
    });
}

#[test]
fn document_text_is_stored_unchanged() {
    let text = "Title\n\nHeading: of it\n\n  One.\n\n\nTwo.\n\n";
    let index = Index::in_memory();
    let writer = index.writer().unwrap();
    writer.add(&Document::new("a", text)).unwrap();
    writer.commit().unwrap();
    let searcher = index.searcher().unwrap();
    assert_eq!(searcher.document_text("a").unwrap().as_deref(), Some(text));
    let (info, passages) = searcher.document("a").unwrap().unwrap();
    assert_eq!(info.passages as usize, passages.len());
    assert!(passages.iter().all(|passage| passage.span.of(text) == passage.text));
}

#[test]
fn ranking_has_the_ids_and_scores_of_the_page() {
    let index = Index::in_memory();
    let writer = index.writer().unwrap();
    for number in 0..9 {
        let text = format!("Port news\n\nPorts grew.\n\nThe port {number} grew by {number} %.");
        writer.add(&Document::new(format!("d{number}"), text)).unwrap();
    }
    writer.commit().unwrap();
    let searcher = index.searcher().unwrap();
    let query = Query::new("port grew 7").limit(12).offset(3);
    let page = searcher.search(&query).unwrap().hits;
    let ranking = searcher.ranking(&query).unwrap();
    assert_eq!((page.len(), ranking.len()), (12, 12));
    for (hit, ranked) in page.iter().zip(&ranking) {
        assert_eq!(hit.passage.id, format!("{}#{}", ranked.document, ranked.ordinal));
        assert_eq!(hit.score.to_bits(), ranked.score.to_bits());
    }
}

#[test]
fn timed_out_searches_return_a_prefix_and_a_note() {
    let index = Index::in_memory();
    let writer = index.writer().unwrap();
    for number in 0..300 {
        let text = format!("Ports of place {number} grew by {number} %.\n\nRails grew.");
        writer.add(&Document::new(format!("d{number}"), text)).unwrap();
    }
    writer.commit().unwrap();
    let searcher = index.searcher().unwrap();
    let query = Query::new("port* OR rail place~").limit(100);
    let complete = searcher.search(&query).unwrap();
    assert!(!complete.cut && complete.hits.len() == 100 && complete.next.is_some());
    let mut timed_out = 0;
    let mut micros = 0;
    loop {
        let timeout = std::time::Duration::from_micros(micros);
        let results = searcher.search(&query.clone().timeout(timeout)).unwrap();
        let has_note =
            results.notes.iter().any(|note| note.kind == gz_search::query::NoteKind::Cut);
        assert_eq!(results.cut, has_note, "{:?}", results.notes);
        let ids = |hits: &[gz_search::Hit]| -> Vec<String> {
            hits.iter().map(|hit| hit.passage.id.clone()).collect()
        };
        assert_eq!(ids(&results.hits), ids(&complete.hits[..results.hits.len()]));
        if !results.cut {
            assert_eq!(results.hits.len(), complete.hits.len());
            break;
        }
        timed_out += 1;
        if let Some(next) = results.next {
            // The next page continues after the last hit that was returned.
            let remaining_page = searcher.search(&query.clone().cursor(next)).unwrap();
            let first = remaining_page.hits.first().map(|hit| hit.passage.id.clone());
            assert_eq!(
                first,
                complete.hits.get(results.hits.len()).map(|hit| hit.passage.id.clone())
            );
        }
        micros = micros * 3 / 2 + 50;
    }
    assert!(timed_out > 0 && searcher.ranking(&query.timeout(std::time::Duration::ZERO)).is_err());
}

#[test]
fn examples_run() {
    fields::main().unwrap();
    memory::main().unwrap();
}
