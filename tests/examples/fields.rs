//! Shows documents with declared fields: the program adds, updates, finds, sorts, pages, highlights and removes them.
//! The programs in `tests/clients` do the same over HTTP, in TypeScript, Python and Java.
//!
//! ```sh
//! cargo run --example fields
//! ```

use gz_search::{
    Document, Hit, Index, Query,
    document::DeclaredFields,
    query::{Sort, declared_field_filters},
};

/// Returns a release about a crane, of a desk.
fn release(number: u32, desk: &str, amount: i32) -> Document {
    let text = format!("A 🏗 crane of zirconium, number {number}, moves containers.");
    let mut release = Document::new(format!("rust/{number}"), text);
    release.title = Some(format!("Crane {number}"));
    release.metadata.insert("desk".to_owned(), desk.to_owned());
    release.metadata.insert("amount".to_owned(), amount.to_string());
    release
}

/// Adds releases, and replaces releases with the same ids.
fn add(index: &Index, releases: &[Document]) -> gz_search::Result<()> {
    let writer = index.writer()?;
    for release in releases {
        writer.add(release)?;
    }
    writer.commit()?;
    Ok(())
}

/// Returns all releases of a desk, the greatest amount first, from pages of one hit each.
fn releases_of(index: &Index, desk: &str) -> gz_search::Result<Vec<Hit>> {
    let searcher = index.searcher()?;
    let by_amount = Sort::Field { name: "amount".parse()?, descending: true };
    let filters = declared_field_filters(&[format!("desk={desk}")])?;
    let query = Query::new("zirconium crane").sort(by_amount).limit(1);
    let query = filters.into_iter().fold(query, Query::filter);
    let mut page = searcher.search(&query)?;
    let mut hits = page.hits;
    while let Some(cursor) = page.next {
        page = searcher.search(&query.clone().cursor(cursor))?;
        hits.append(&mut page.hits);
    }
    Ok(hits)
}

fn ids(hits: &[Hit]) -> Vec<&str> {
    hits.iter().map(|hit| hit.document.id.as_str()).collect()
}

#[expect(clippy::print_stdout, reason = "an example prints its results")]
pub(crate) fn main() -> gz_search::Result<()> {
    let mut fields = DeclaredFields::default();
    fields.declare_from_text("desk:keyword")?;
    fields.declare_from_text("amount:number")?;
    let index = Index::in_memory_with(fields);
    add(&index, &[release(1, "Trade", 5), release(2, "Rail", 1250), release(3, "Trade", -3)])?;
    assert_eq!(ids(&releases_of(&index, "trade")?), ["rust/1", "rust/3"]);

    add(&index, &[release(2, "trade", 1250)])?;
    let hits = releases_of(&index, "trade")?;
    assert_eq!(ids(&hits), ["rust/2", "rust/1", "rust/3"]);
    for hit in &hits {
        let fragments = hit.snippet.fragments.iter();
        let spans = fragments.flat_map(|fragment| &fragment.highlights);
        let words: Vec<&str> = spans.map(|span| span.of(&hit.passage.text)).collect();
        assert_eq!(words, ["crane", "zirconium"]);
        println!("{} · {} · {words:?}", hit.document.id, hit.document.metadata["desk"]);
    }

    let writer = index.writer()?;
    for hit in &hits {
        writer.remove(&hit.document.id)?;
    }
    writer.commit()?;
    assert!(releases_of(&index, "trade")?.is_empty());
    Ok(())
}
