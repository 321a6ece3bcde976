//! Shows the library in a plain program, which keeps an index on disk up to date with a folder and prints citations.
//!
//! ```sh
//! cargo run --example embed -- seeds "flying car"
//! ```

use std::{env, path::PathBuf, sync::atomic::AtomicBool};

use gz_search::{
    Index, Query,
    index::{UpdateOptions, update},
};

#[expect(clippy::print_stdout, reason = "an example prints its results")]
fn main() -> gz_search::Result<()> {
    let mut args = env::args().skip(1);
    let folder = args.next().unwrap_or_else(|| "seeds".to_owned());
    let question = args.next().unwrap_or_else(|| "flying car".to_owned());
    let dir = env::temp_dir().join("gz-search-embed");
    let index = if Index::exists(&dir)? { Index::open(&dir)? } else { Index::create(&dir)? };
    // A second run reads only files that have changed.
    let mut writer = index.writer()?;
    let report = update(
        &mut writer,
        &[PathBuf::from(folder)],
        &UpdateOptions::default(),
        &AtomicBool::new(false),
    )?;
    let stats = writer.commit()?;
    println!("{} read, {} in the index\n", report.added + report.updated, stats.documents);
    let results = index.searcher()?.search(&Query::new(question).limit(3))?;
    for hit in &results.hits {
        println!("{}", hit.citation().text());
    }
    Ok(())
}
