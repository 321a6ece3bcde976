//! The command `gz-search check`, which verifies the index, and the command `gz-search snapshot`, which copies it.

use std::path::Path;

use super::{
    args::CheckArgs,
    output::{pluralize, print},
};
use crate::{
    error::Result,
    index::{ChangedSource, Check, Corruption, Index},
    render::visible_text,
};

/// Verifies the index in `dir`. Returns exit code 0 if the index is sound, 1 if it is damaged or
/// if a source file has changed.
pub(super) fn run(dir: &Path, args: &CheckArgs) -> Result<u8> {
    let check = Index::check(dir)?;
    let changed_sources = if args.deep && check.is_sound() {
        Index::open(dir)?.changed_sources()?
    } else {
        Vec::new()
    };
    print(&if args.json {
        check_json_report(&check, &changed_sources)
    } else {
        text_report(dir, &check, &changed_sources)
    })?;
    Ok(u8::from(!check.is_sound() || !changed_sources.is_empty()))
}

/// Copies the index in `dir` to the folder `out`.
pub(super) fn write_snapshot(dir: &Path, out: &Path) -> Result<u8> {
    Index::open(dir)?.snapshot(out)?;
    let (copy, original) = (out.display().to_string(), dir.display().to_string());
    print(&format!("{}: a copy of {}\n", visible_text(&copy), visible_text(&original)))?;
    Ok(0)
}

fn check_json_report(check: &Check, changed: &[ChangedSource]) -> String {
    let report = serde_json::json!({
        "sound": check.is_sound(),
        "files": check.files,
        "bytes": check.bytes,
        "documents": check.documents,
        "passages": check.passages,
        "damage": check.damage,
        "changed": changed,
    });
    format!("{report}\n")
}

fn text_report(dir: &Path, check: &Check, changed: &[ChangedSource]) -> String {
    let damaged_items = check.damage.iter().map(|Corruption { item, detail, .. }| (item, detail));
    let changed_items = changed.iter().map(|ChangedSource { path, detail, .. }| (path, detail));
    let item_lines = damaged_items
        .chain(changed_items)
        .map(|(name, detail)| format!("{}: {}\n", visible_text(name), visible_text(detail)));
    let verdict = if !changed.is_empty() {
        let count = pluralize(changed.len() as u64, "source file");
        format!(
            "outdated: {count} changed since the last update: `gz-search index --reread` reads the files again"
        )
    } else if check.is_sound() {
        format!(
            "sound: {}, {}, {}",
            pluralize(check.files, "file"),
            pluralize(check.documents, "document"),
            pluralize(check.passages, "passage"),
        )
    } else {
        "damaged: `gz-search index --repair` rebuilds the index from its readable documents and the source files"
            .to_owned()
    };
    let verdict_line = format!("{}: {verdict}\n", visible_text(&dir.display().to_string()));
    item_lines.chain([verdict_line]).collect()
}
