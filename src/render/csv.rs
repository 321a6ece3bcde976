//! CSV output: a header row and one row for each hit.

use csv::Writer;

use super::{
    Page,
    snippet::{passage_issuer, snippet_line},
};
use crate::search::Hit;

const COLUMN_NAMES: [&str; 12] = [
    "rank", "score", "document", "title", "date", "issuer", "speaker", "headings", "passage",
    "page", "text", "snippet",
];

/// Renders the page as CSV: a header row and one row for each hit. Texts are not escaped beyond CSV quoting.
pub fn csv<'a>(page: impl Into<Page<'a>>) -> String {
    let mut writer = Writer::from_writer(Vec::new());
    let rows = page.into().hits().map(|(hit, _)| hit_row(hit));
    for row in std::iter::once(COLUMN_NAMES.map(str::to_owned)).chain(rows) {
        // Writing to memory cannot fail, and all rows have the same number of columns.
        drop(writer.write_record(&row));
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

fn hit_row(hit: &Hit) -> [String; COLUMN_NAMES.len()] {
    let Hit { rank, score, document, passage, snippet, .. } = hit;
    let cell = |text: Option<&str>| text.unwrap_or_default().to_owned();
    [
        rank.to_string(),
        score.to_string(),
        document.id.clone(),
        cell(document.title.as_deref()),
        document.date.map(|date| date.to_string()).unwrap_or_default(),
        cell(passage_issuer(document, passage)),
        cell(passage.speaker.as_deref()),
        passage.headings.join(" > "),
        passage.id.clone(),
        passage.page.map(|page| page.to_string()).unwrap_or_default(),
        passage.text.clone(),
        snippet_line(snippet, &passage.text, |text, _| text.to_owned()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;

    #[test]
    fn csv_preserves_every_text() {
        let results = sample::results_with_markup();
        let rendered = csv(&results);
        let mut reader = csv::Reader::from_reader(rendered.as_bytes());
        assert_eq!(reader.headers().unwrap(), COLUMN_NAMES.as_slice());
        let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), results.hits.len());
        for (csv_row, hit) in rows.iter().zip(&results.hits) {
            assert_eq!(csv_row, hit_row(hit).as_slice());
            assert_eq!(&csv_row[10], hit.passage.text);
            assert_eq!(&csv_row[7], hit.passage.headings.join(" > "));
        }
    }
}
