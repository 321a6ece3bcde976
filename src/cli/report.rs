//! Formats the reports of an update. The summary or the JSON object goes to standard output. The table and the failures
//! go to standard error.

use std::{collections::BTreeMap, path::Path, time::Instant};

use super::output::{align_columns, pluralize, print_status};
use crate::{
    document::Format,
    hints::with_file_failure_hint,
    index::{Change, Failure, FormatStats, IndexStats, LeftOutCount, Update},
    render::visible_text,
};

/// Maximum number of failures that are printed, and of warnings. The summary counts all failures.
const MAX_PRINTED_FAILURES: usize = 50;

/// Prints on standard error which files could not be read, or only in part, and why.
pub(super) fn print_file_failures(report: &Update) {
    for Failure { source, reason, .. } in report.failures.iter().take(MAX_PRINTED_FAILURES) {
        print_status(&format!("{source}: {}", with_file_failure_hint(reason)));
    }
    let omitted_count = report.failures.len().saturating_sub(MAX_PRINTED_FAILURES);
    if omitted_count > 0 {
        print_status(&format!("… and {omitted_count} more that could not be read"));
    }
    for Failure { source, reason, .. } in report.warnings.iter().take(MAX_PRINTED_FAILURES) {
        print_status(&format!("{source}: {reason}"));
    }
    for (kind, count) in &report.skipped {
        let advice = match kind.as_str() {
            kind if is_recognizable_picture(kind) => "`--ocr` recognizes the text of pictures",
            _ => "`gz-search help index` lists the formats",
        };
        print_status(&format!("{} of kind {kind} not read: {advice}", pluralize(*count, "file")));
    }
    print_documents_with_lost_text(report);
    if report.stopped {
        print_status("stopped: complete documents stay in the index; run it again for the rest");
    }
}

/// Returns whether files with this extension, such as `.png`, are read with text recognition.
fn is_recognizable_picture(extension: &str) -> bool {
    cfg!(feature = "pdf")
        && extension
            .strip_prefix('.')
            .is_some_and(|name| Format::Picture.extensions().contains(&name))
}

/// Prints on standard error how many documents lose much of their text, and the id of the first of these documents.
/// Prints nothing if no document loses much text.
fn print_documents_with_lost_text(report: &Update) {
    let Some(first_id) = report.reduced_documents.first() else { return };
    let (documents, verb) = match report.reduced_documents.len() {
        1 => ("1 document".to_owned(), "loses"),
        count => (format!("{count} documents"), "lose"),
    };
    print_status(&format!(
        "{documents} {verb} more than a fifth of the text by rules that guess, such as {first_id}: \
         `gz-search index --explain FILE` lists what is left out"
    ));
}

/// Formats a table with one row per file format that was read, and a row of totals. Returns an empty string if no file
/// was read.
pub(super) fn file_format_table(report: &Update) -> String {
    if report.formats.is_empty() {
        return String::new();
    }
    let mut total = FormatStats::default();
    for stats in report.formats.values() {
        total.files += stats.files;
        total.documents += stats.documents;
        total.passages += stats.passages;
        total.failed += stats.failed;
    }
    let table_row = |name: &str, stats: &FormatStats| {
        let FormatStats { files, documents, passages, failed, .. } = stats;
        [
            name.to_owned(),
            files.to_string(),
            documents.to_string(),
            passages.to_string(),
            failed.to_string(),
        ]
    };
    let mut rows = vec![["read", "files", "documents", "passages", "failed"].map(str::to_owned)];
    rows.extend(report.formats.iter().map(|(name, stats)| table_row(name, stats)));
    if report.formats.len() > 1 {
        rows.push(table_row("all", &total));
    }
    align_columns(&rows)
}

/// Describes the changes of an update. If `index` is given, also describes the size of the index at that location.
pub(super) fn update_summary(report: &Update, index: Option<(&Path, IndexStats)>) -> String {
    let Update { added, updated, unchanged, removed, failures, .. } = report;
    let mut text = if report.has_changes() {
        format!(
            "{added} added, {updated} updated, {unchanged} unchanged, {removed} removed, {} failed\n",
            failures.len()
        )
    } else {
        format!("nothing changed: {unchanged} unchanged, {} failed\n", failures.len())
    };
    if let Some((location, stats)) = index {
        text.push_str(&index_size_line(location, stats));
    }
    text
}

/// Describes the size of the index at `location` on one line.
pub(super) fn index_size_line(location: &Path, stats: IndexStats) -> String {
    let mut counts_text =
        vec![pluralize(stats.documents, "document"), pluralize(stats.passages, "passage")];
    match stats.copies {
        0 => {}
        1 => counts_text.push("1 duplicate file".to_owned()),
        copies => counts_text.push(format!("{copies} duplicate files")),
    }
    format!("{}: {}\n", visible_text(&location.display().to_string()), counts_text.join(", "))
}

/// Returns the report that the index in `dir` is sound and needs no repair.
pub(super) fn sound_index_report(dir: &Path, as_json: bool) -> String {
    if as_json {
        return "{\"sound\":true}\n".to_owned();
    }
    format!("{}: sound, nothing to repair\n", visible_text(&dir.display().to_string()))
}

/// Lists the changes of a dry run, one document per line.
pub(super) fn dry_run_change_lines(changes: &BTreeMap<Change, Vec<String>>) -> String {
    let mut lines = String::new();
    for (change, ids) in changes {
        for id in ids {
            lines.extend([change_verb(*change), " ", &visible_text(id), "\n"]);
        }
    }
    lines
}

/// Returns the ids of the documents that a dry run reports, by kind of change.
pub(super) fn changes_json(changes: &BTreeMap<Change, Vec<String>>) -> serde_json::Value {
    let ids_by_verb = changes.iter().map(|(change, ids)| (change_verb(*change), ids));
    serde_json::json!(ids_by_verb.collect::<BTreeMap<_, _>>())
}

const fn change_verb(change: Change) -> &'static str {
    match change {
        Change::Added => "add",
        Change::Updated => "update",
        Change::Removed => "remove",
    }
}

/// Returns the report of an update as one line of JSON. `extra` is an additional key with its value.
pub(super) fn update_json_report(
    report: &Update,
    stats: IndexStats,
    start_time: Instant,
    extra: Option<(&str, serde_json::Value)>,
) -> String {
    let reasons = |failures: &[Failure]| -> Vec<serde_json::Value> {
        let to_json = |failure: &Failure| serde_json::json!({"path": failure.source, "reason": with_file_failure_hint(&failure.reason)});
        failures.iter().map(to_json).collect()
    };
    let left_out: BTreeMap<&str, LeftOutCount> =
        report.left_out.iter().map(|(reason, count)| (reason.describe(), *count)).collect();
    let mut object = serde_json::json!({
        "documents": {
            "added": report.added,
            "updated": report.updated,
            "unchanged": report.unchanged,
            "removed": report.removed,
            "failed": report.failures.len(),
        },
        "kinds": report.formats,
        "skipped": report.skipped,
        "failures": reasons(&report.failures),
        "warnings": reasons(&report.warnings),
        "left_out": left_out,
        "reduced": report.reduced_documents,
        "passages": stats.passages,
        "copies": stats.copies,
        "source_bytes": report.source_bytes,
        "index_bytes": stats.index_bytes,
        "elapsed_ms": start_time.elapsed().as_millis() as u64,
        "interrupted": report.stopped,
    });
    if let Some((key, value)) = extra {
        object[key] = value;
    }
    format!("{object}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_update_without_files_has_no_table_of_formats() {
        assert_eq!(file_format_table(&Update::default()), "");
    }
}
