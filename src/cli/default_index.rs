//! Default index, for a new checkout of the repository. The first command that needs the index builds it from `seeds/`.

use std::{path::Path, sync::atomic::AtomicBool};

use super::{
    config::{Configuration, SEED_RELEASES_DIR, file_filter},
    location::IndexLocation,
    output::print_status,
    report,
};
use crate::{
    analysis::Chinese,
    error::Result,
    index::{Index, IndexWriter, UpdateOptions, files_have_changed, update},
    search::Searcher,
};

/// Folder of the index if `--index` is absent.
const DEFAULT_INDEX_DIR: &str = "index";

/// Opens the index in `dir`. If `dir` is the default folder and contains no index, and if a folder `seeds` exists,
/// builds the default index first.
pub(super) fn open_or_build_index(dir: &Path) -> Result<Index> {
    let seeds = Path::new(SEED_RELEASES_DIR);
    if dir == Path::new(DEFAULT_INDEX_DIR) && seeds.is_dir() && !Index::exists(dir)? {
        print_status("there is no index yet: building it from seeds/");
        build_default_index(dir, seeds)?;
    }
    Index::open(dir)
}

/// Returns a searcher of the last commit. Builds the default index if there is no index.
pub(super) fn open_searcher(location: &IndexLocation) -> Result<Searcher> {
    if location.is_one_folder() {
        open_or_build_index(&location.dir)?.searcher()
    } else {
        location.searcher()
    }
}

/// Warns if files under `seeds/` have changed since the default index was built.
pub(super) fn warn_if_seeds_changed(
    dir: &Path,
    configuration: &Configuration,
    searcher: &Searcher,
) -> Result<()> {
    let seeds = Path::new(SEED_RELEASES_DIR);
    if dir != Path::new(DEFAULT_INDEX_DIR) || !seeds.is_dir() {
        return Ok(());
    }
    let (sources, filter) = (searcher.sources()?, file_filter(configuration)?);
    if files_have_changed(&sources, &[seeds.to_owned()], &filter, dir)? {
        print_status("seeds/ has changed since it was indexed: run `gz-search index`");
    }
    Ok(())
}

fn build_default_index(dir: &Path, seeds: &Path) -> Result<()> {
    let mut writer = IndexWriter::rebuild(dir, Chinese::Auto)?;
    let options = UpdateOptions::default();
    let report = update(&mut writer, &[seeds.to_owned()], &options, &AtomicBool::new(false))?;
    report::print_file_failures(&report);
    writer.commit()?;
    Ok(())
}
