//! Renders CSV: a header row and one row for each passage.

use csv::Writer;

use super::{
    Page,
    sanitize::visible_char,
    snippet::{passage_issuer, snippet_line},
};
use crate::search::Hit;

/// Names of the columns, in order.
pub(super) const COLUMN_NAMES: [&str; 17] = [
    "rank", "score", "document", "title", "date", "issuer", "speaker", "headings", "passage",
    "page", "text", "snippet", "url", "lang", "number", "inferred", "place",
];

/// Byte order mark, without which Excel does not read UTF-8.
pub(super) const BYTE_ORDER_MARK: char = '\u{FEFF}';

/// Characters with which a formula may begin in a spreadsheet cell, including full-width forms.
const FORMULA_STARTS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Renders the page as CSV: a byte order mark, a header row and one row for each hit.
///
/// A spreadsheet evaluates no text as a formula: an apostrophe precedes a text that begins with `=`, `+`, `-`, `@`, a
/// tab or a line break. U+FFFD replaces control characters other than tabs and line feeds, and characters that change
/// the writing direction. All other text is unchanged.
pub fn csv<'a>(page: impl Into<Page<'a>>) -> String {
    let mut writer = Writer::from_writer(Vec::new());
    let rows = page.into().passages().map(|(hit, _)| hit_row(hit));
    for row in std::iter::once(COLUMN_NAMES.map(str::to_owned)).chain(rows) {
        // Writing to memory cannot fail, and all rows have the same number of columns.
        drop(writer.write_record(&row));
    }
    let csv_text = String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default();
    format!("{BYTE_ORDER_MARK}{csv_text}")
}

fn hit_row(hit: &Hit) -> [String; COLUMN_NAMES.len()] {
    hit_values(hit).map(|value| text_cell(&value))
}

/// Returns the values of a hit, in the order of the columns. Texts are not escaped.
pub(super) fn hit_values(hit: &Hit) -> [String; COLUMN_NAMES.len()] {
    let Hit { rank, score, document, passage, snippet, .. } = hit;
    let optional_text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    [
        rank.to_string(),
        score.to_string(),
        document.id.clone(),
        optional_text(document.title.as_deref()),
        document.date.map(|date| date.to_string()).unwrap_or_default(),
        optional_text(passage_issuer(document, passage)),
        optional_text(passage.speaker.as_deref()),
        passage.headings.join(" > "),
        passage.id.clone(),
        passage.page.map(|page| page.to_string()).unwrap_or_default(),
        passage.text.clone(),
        snippet_line(snippet, &passage.text, |text, _| text.to_owned()),
        optional_text(document.url.as_deref()),
        document.lang.clone(),
        optional_text(document.number.as_deref()),
        inferred_fields(hit),
        optional_text(passage.place.as_ref().map(ToString::to_string).as_deref()),
    ]
}

/// Returns the names of the fields whose values were inferred, separated by spaces.
fn inferred_fields(hit: &Hit) -> String {
    let speaker = hit.passage.principal_speaker().filter(|speaker| speaker.inferred);
    let fields = hit.document.inferred.iter().map(String::as_str).chain(speaker.map(|_| "speaker"));
    fields.collect::<Vec<_>>().join(" ")
}

/// Returns `text` as a cell that no spreadsheet reads as a formula, without control characters.
pub(crate) fn text_cell(text: &str) -> String {
    let is_formula = text.starts_with(FORMULA_STARTS);
    let visible_text = text.chars().map(|c| match c {
        '\t' | '\n' => c,
        '\r' => '\n',
        c => visible_char(c),
    });
    is_formula.then_some('\'').into_iter().chain(visible_text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;

    #[test]
    fn rows_hold_every_text_of_a_hit() {
        let results = sample::results_with_markup();
        let rendered_csv = csv(&results);
        let rows = rendered_csv.strip_prefix(BYTE_ORDER_MARK).unwrap();
        let mut reader = csv::Reader::from_reader(rows.as_bytes());
        assert_eq!(reader.headers().unwrap(), COLUMN_NAMES.as_slice());
        let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), results.hits.len());
        for (csv_row, hit) in rows.iter().zip(&results.hits) {
            assert_eq!(csv_row, hit_row(hit).as_slice());
            assert_eq!(&csv_row[10], hit.passage.text);
            assert_eq!(&csv_row[7], hit.passage.headings.join(" > "));
            assert_eq!(Some(&csv_row[12]), hit.document.url.as_deref());
            assert_eq!(&csv_row[13], hit.document.lang);
        }
    }

    #[test]
    fn no_text_is_a_formula_or_controls_a_terminal() {
        for (text, expected) in [
            ("=HYPERLINK(\"a\")", "'=HYPERLINK(\"a\")"),
            ("+1", "'+1"),
            ("-2+3", "'-2+3"),
            ("@SUM(1)", "'@SUM(1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\n=1"),
            ("＝1", "'＝1"),
            ("a = b", "a = b"),
            ("one\ntwo\tthree", "one\ntwo\tthree"),
            ("a\u{1b}[31mb\u{9b}c\u{202e}d\u{7f}", "a\u{FFFD}[31mb\u{FFFD}c\u{FFFD}d\u{FFFD}"),
            ("广州", "广州"),
            ("", ""),
        ] {
            assert_eq!(text_cell(text), expected);
        }
        let mut hit = sample::results_with_markup().hits.remove(0);
        for text in [&mut hit.document.id, &mut hit.document.lang, &mut hit.passage.id] {
            *text = "=1".to_owned();
        }
        hit.passage.text = "=1".to_owned();
        hit.passage.headings = vec!["=1".to_owned()];
        hit.passage.issuer = Some("=1".to_owned());
        hit.passage.speaker = Some("=1".to_owned());
        hit.document.title = Some("=1".to_owned());
        hit.document.url = Some("=1".to_owned());
        hit.document.number = Some("=1".to_owned());
        assert!(hit_row(&hit).iter().all(|cell| !cell.starts_with('=')), "{:?}", hit_row(&hit));
    }
}
