//! gz-search inside another program: index two releases in memory, ask, print what was found.

use gz_search::{Document, Index, Query};

#[expect(clippy::print_stdout, reason = "an example shows its results")]
fn main() -> gz_search::Result<()> {
    let index = Index::in_memory();
    let writer = index.writer()?;
    writer.add(&Document::new("guangzhou", "The first flying car factory opened in Guangzhou."))?;
    writer.add(&Document::new("shenzhen", "深圳发布低空经济新政策，支持飞行汽车发展。"))?;
    writer.commit()?;
    for hit in index.searcher()?.search(&Query::new("flying car 低空经济"))?.hits {
        println!("{} {:.2} {}", hit.passage.id, hit.score, hit.passage.text);
    }
    Ok(())
}
