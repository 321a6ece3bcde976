//! The commands `gz-search check`, which verifies the index, and `gz-search snapshot`, which copies it.

use std::path::Path;

use super::{
    args::CheckArgs,
    output::{pluralize, print},
};
use crate::{
    error::Result,
    index::{ChangedSource, Check, Corruption, Index},
    render::visible,
};

/// Verifies the index in `dir`. Returns exit code 0 if the index is sound, 1 if it is damaged.
pub(super) fn run(dir: &Path, args: &CheckArgs) -> Result<u8> {
    let check = Index::check(dir)?;
    let changed = if args.deep && check.is_sound() {
        Index::open(dir)?.changed_sources()?
    } else {
        Vec::new()
    };
    print(&if args.json { json(&check, &changed) } else { text(dir, &check, &changed) })?;
    Ok(u8::from(!check.is_sound()))
}

/// Copies the index in `dir` to the folder `out`.
pub(super) fn snapshot(dir: &Path, out: &Path) -> Result<u8> {
    Index::open(dir)?.snapshot(out)?;
    print(&format!("{}: a copy of {}\n", out.display(), dir.display()))?;
    Ok(0)
}

fn json(check: &Check, changed: &[ChangedSource]) -> String {
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

fn text(dir: &Path, check: &Check, changed: &[ChangedSource]) -> String {
    let damage = check.damage.iter().map(|Corruption { what, detail, .. }| (what, detail));
    let changed = changed.iter().map(|ChangedSource { path, detail, .. }| (path, detail));
    let lines = damage
        .chain(changed)
        .map(|(name, detail)| format!("{}: {}\n", visible(name), visible(detail)));
    let verdict = if check.is_sound() {
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
    lines.chain([format!("{}: {verdict}\n", dir.display())]).collect()
}
