//! What an update did → a summary and JSON for standard output, a table and reasons for standard error.

use std::{fmt::Write as _, path::Path, time::Instant};

use unicode_width::UnicodeWidthStr;

use super::{complain, counted};
use crate::index::{Failure, FormatStats, IndexStats, Update};

/// Failures are all counted, but so many are told one by one.
const MAX_TOLD: usize = 50;

/// Says on standard error what could not be read, and why.
pub(super) fn tell(found: &Update) {
    for Failure { source, reason, .. } in found.failures.iter().take(MAX_TOLD) {
        complain(&format!("{source}: {reason}"));
    }
    if found.failures.len() > MAX_TOLD {
        complain(&format!("… and {} more that could not be read", found.failures.len() - MAX_TOLD));
    }
    for (kind, count) in &found.skipped {
        complain(&format!(
            "{} of kind {kind} not read: `gz-search help index` names those that are",
            counted(*count, "file")
        ));
    }
    if found.stopped {
        complain("stopped: what was complete is kept, run it again for the rest");
    }
}

/// What was read, a line for each kind and one for all; empty where nothing was.
pub(super) fn table(found: &Update) -> String {
    if found.formats.is_empty() {
        return String::new();
    }
    let mut all = FormatStats::default();
    for kind in found.formats.values() {
        all.files += kind.files;
        all.documents += kind.documents;
        all.passages += kind.passages;
        all.failed += kind.failed;
    }
    let row = |name: &str, kind: &FormatStats| {
        let FormatStats { files, documents, passages, failed, .. } = kind;
        [
            name.to_owned(),
            files.to_string(),
            documents.to_string(),
            passages.to_string(),
            failed.to_string(),
        ]
    };
    let header = ["read", "files", "documents", "passages", "failed"].map(str::to_owned);
    let mut rows = vec![header];
    rows.extend(found.formats.iter().map(|(name, kind)| row(name, kind)));
    if found.formats.len() > 1 {
        rows.push(row("all", &all));
    }
    columns(&rows)
}

/// Rows as text: the first column to the left, the others to the right.
pub(super) fn columns<const N: usize>(rows: &[[String; N]]) -> String {
    let mut widths = [0; N];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.width().max(*width);
        }
    }
    let mut text = String::new();
    for row in rows {
        for (index, (cell, width)) in row.iter().zip(widths).enumerate() {
            let room = " ".repeat(width.saturating_sub(cell.width()));
            let _ = match index {
                0 => write!(text, "{cell}{room}"),
                _ => write!(text, "  {room}{cell}"),
            };
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
    }
    text
}

/// What was done, and what `holds` now, in words.
pub(super) fn summary(found: &Update, holds: Option<(&Path, IndexStats)>) -> String {
    let Update { added, updated, unchanged, removed, failures, .. } = found;
    let mut text = if found.has_changes() {
        format!(
            "{added} added, {updated} updated, {unchanged} unchanged, {removed} removed, {} failed\n",
            failures.len()
        )
    } else {
        format!("nothing changed: {unchanged} unchanged, {} failed\n", failures.len())
    };
    if let Some((dir, stats)) = holds {
        text.push_str(&self::holds(dir, stats));
    }
    text
}

/// How much an index holds, on one line.
pub(super) fn holds(dir: &Path, stats: IndexStats) -> String {
    let mut holds = vec![counted(stats.documents, "document"), counted(stats.passages, "passage")];
    match stats.copies {
        0 => {}
        1 => holds.push("1 more file says the same as another".to_owned()),
        copies => holds.push(format!("{copies} more files say the same as others")),
    }
    format!("{}: {}\n", dir.display(), holds.join(", "))
}

/// That there was nothing to repair.
pub(super) fn sound(dir: &Path, as_json: bool) -> String {
    if as_json {
        return "{\"sound\":true}\n".to_owned();
    }
    format!("{}: sound, nothing to repair\n", dir.display())
}

/// What was done, as one line of JSON.
pub(super) fn json(
    found: &Update,
    stats: IndexStats,
    started: Instant,
    more: Option<(&str, serde_json::Value)>,
) -> String {
    let failures: Vec<_> = found
        .failures
        .iter()
        .map(|failure| serde_json::json!({"path": failure.source, "reason": failure.reason}))
        .collect();
    let mut report = serde_json::json!({
        "documents": {
            "added": found.added,
            "updated": found.updated,
            "unchanged": found.unchanged,
            "removed": found.removed,
            "failed": found.failures.len(),
        },
        "kinds": found.formats,
        "skipped": found.skipped,
        "failures": failures,
        "passages": stats.passages,
        "copies": stats.copies,
        "source_bytes": found.source_bytes,
        "index_bytes": stats.index_bytes,
        "elapsed_ms": started.elapsed().as_millis() as u64,
    });
    if let Some((name, more)) = more {
        report[name] = more;
    }
    format!("{report}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_below_each_other() {
        let rows = [["read", "files"], ["网页", "1"], ["JSON Lines", "1000"]];
        let rows = rows.map(|row| row.map(str::to_owned));
        assert_eq!(columns(&rows), "read        files\n网页            1\nJSON Lines   1000\n");
        assert_eq!(table(&Update::default()), "");
    }
}
