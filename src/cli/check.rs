//! `gz-search check` and `snapshot`: whether the index is sound, and a copy of it.

use std::path::Path;

use super::{args, counted, print};
use crate::{
    error::Result,
    index::{ChangedSource, Check, Corruption, Index},
    render::visible,
};

pub(super) fn run(dir: &Path, args: &args::Check) -> Result<u8> {
    let check = Index::check(dir)?;
    let changed = if args.deep && check.is_sound() {
        Index::open(dir)?.changed_sources()?
    } else {
        Vec::new()
    };
    print(&if args.json { json(&check, &changed) } else { report(dir, &check, &changed) })?;
    Ok(u8::from(!check.is_sound()))
}

pub(super) fn snapshot(dir: &Path, out: &Path) -> Result<u8> {
    Index::open(dir)?.snapshot(out)?;
    print(&format!("{}: a copy of {}\n", out.display(), dir.display()))?;
    Ok(0)
}

fn json(check: &Check, changed: &[ChangedSource]) -> String {
    let found = serde_json::json!({
        "sound": check.is_sound(),
        "files": check.files,
        "bytes": check.bytes,
        "documents": check.documents,
        "passages": check.passages,
        "damage": check.damage,
        "changed": changed,
    });
    format!("{found}\n")
}

fn report(dir: &Path, check: &Check, changed: &[ChangedSource]) -> String {
    let damage = check.damage.iter().map(|Corruption { what, detail, .. }| (what, detail));
    let changed = changed.iter().map(|ChangedSource { path, detail, .. }| (path, detail));
    let found = damage.chain(changed);
    let lines = found.map(|(what, detail)| format!("{}: {}\n", visible(what), visible(detail)));
    let last = if check.is_sound() {
        format!(
            "sound: {}, {}, {}",
            counted(check.files, "file"),
            counted(check.documents, "document"),
            counted(check.passages, "passage"),
        )
    } else {
        "damaged: `gz-search index --repair` makes it anew of what can be read and the files it was made from"
            .to_owned()
    };
    lines.chain([format!("{}: {last}\n", dir.display())]).collect()
}
