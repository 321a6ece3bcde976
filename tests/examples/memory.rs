//! Shows the library in a long-running program, whose index in memory gains and loses releases between searches. A
//! searcher is a snapshot of one commit, so the program opens a new searcher when the version of the index changes.

use gz_search::{Document, Index, Query, Searcher, query::Facet};

/// Adds one release and commits.
fn publish(index: &Index, id: &str, issuer: &str, text: &str) -> gz_search::Result<()> {
    let mut release = Document::new(id, text);
    release.issuer = Some(issuer.to_owned());
    let writer = index.writer()?;
    writer.add(&release)?;
    writer.commit()?;
    Ok(())
}

/// The reading side of the program. A searcher can be cloned for each thread.
struct Reader {
    index: Index,
    searcher: Searcher,
}

impl Reader {
    #[expect(clippy::print_stdout, reason = "an example prints its results")]
    /// Searches the latest commit, prints hits and issuers, and returns the number of matching passages.
    fn answer(&mut self, question: &str) -> gz_search::Result<u64> {
        if self.searcher.version() != self.index.version()? {
            self.searcher = self.index.searcher()?;
        }
        let query = Query::new(question).facets([Facet::Issuer]);
        let results = self.searcher.search(&query)?;
        for hit in &results.hits {
            println!("{:.1} {} {}", hit.score, hit.passage.id, hit.passage.text);
        }
        for value in &results.facets[0].values {
            println!("{} · {} passages", value.value, value.count.passages);
        }
        Ok(results.total)
    }
}

pub(crate) fn main() -> gz_search::Result<()> {
    let index = Index::in_memory();
    let mut reader = Reader { searcher: index.searcher()?, index: index.clone() };
    assert_eq!(reader.answer("\"flying car\" OR 低空经济")?, 0);
    publish(&index, "guangzhou", "Bureau of Industry", "The first flying car factory opened.")?;
    publish(&index, "shenzhen", "深圳市政府", "深圳发布低空经济新政策，支持飞行汽车发展。")?;
    assert_eq!(reader.answer("\"flying car\" OR 低空经济")?, 2);
    let writer = index.writer()?;
    writer.remove("guangzhou")?;
    writer.commit()?;
    assert_eq!(reader.answer("\"flying car\" OR 低空经济")?, 1);
    Ok(())
}
