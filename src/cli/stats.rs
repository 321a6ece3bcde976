//! The command `gz-search stats`, which prints the size of the index and document counts by format, language and
//! issuer.

use std::fmt::Write as _;

use super::{
    args::StatsArgs,
    location::IndexLocation,
    output::{align_columns, print},
};
use crate::{
    error::Result,
    index::{Index, Overview},
    render::visible_text,
};

/// Maximum number of issuers in the text report. The JSON report lists all issuers.
const MAX_PRINTED_ISSUERS: usize = 10;

/// Prints the size of the index and the number of documents by format, language and issuer.
pub(super) fn run(location: &IndexLocation, args: &StatsArgs) -> Result<u8> {
    let overview = load_overview(location)?;
    if args.json {
        print(&format!("{}\n", serde_json::json!(overview)))?;
    } else {
        print(&text_report(&overview))?;
    }
    Ok(0)
}

fn load_overview(location: &IndexLocation) -> Result<Overview> {
    if let Some(cluster) = location.cluster()? {
        return cluster.overview();
    }
    Index::open(location.folder()?)?.overview()
}

fn text_report(overview: &Overview) -> String {
    let stats = overview.stats;
    let mut text = format!(
        "documents {}\npassages {}\ncopies {}\nbytes {}\nfiles {}\nsource bytes {}\n",
        stats.documents,
        stats.passages,
        stats.copies,
        stats.index_bytes,
        overview.files,
        overview.source_bytes
    );
    if let Some((first, last)) = overview.dates {
        // Writing to a string cannot fail.
        _ = writeln!(text, "dates {first} to {last}, {} without", overview.undated);
    }
    let formats = overview.formats.iter().map(|(name, (documents, passages))| {
        [name.clone(), documents.to_string(), passages.to_string()]
    });
    let languages =
        overview.languages.iter().map(|(code, count)| [visible_text(code), count.to_string()]);
    let issuers = overview.issuers.iter().take(MAX_PRINTED_ISSUERS);
    let issuers = issuers.map(|(name, count)| [visible_text(name), count.to_string()]);
    text.push_str(&table_with_header(["kind", "documents", "passages"], formats));
    text.push_str(&table_with_header(["language", "documents"], languages));
    text.push_str(&table_with_header(["issuer", "documents"], issuers));
    let fields = overview
        .fields
        .iter()
        .map(|(name, field_type)| [visible_text(name.as_str()), field_type.to_string()]);
    let omitted_issuers = overview.issuers.len().saturating_sub(MAX_PRINTED_ISSUERS);
    if omitted_issuers > 0 {
        _ = writeln!(text, "… and {omitted_issuers} more");
    }
    text.push_str(&table_with_header(["field", "type"], fields));
    text
}

/// Formats a table below an empty line. Returns an empty string if there are no rows.
fn table_with_header<const N: usize>(
    header: [&str; N],
    rows: impl Iterator<Item = [String; N]>,
) -> String {
    let header = header.map(str::to_owned);
    let all_rows: Vec<_> = std::iter::once(header).chain(rows).collect();
    if all_rows.len() == 1 { String::new() } else { format!("\n{}", align_columns(&all_rows)) }
}
