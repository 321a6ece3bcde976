//! Renders tables of facet counts for a terminal.

use std::fmt::Write;

use super::sanitize::visible_text;
use crate::search::{FacetCounts, HitCount};

/// Renders one table for each facet. The columns are the numbers of passages and documents, and the value. Empty lines
/// separate the tables.
pub fn facets(counts: &[FacetCounts]) -> String {
    counts.iter().map(facet_table).collect::<Vec<_>>().join("\n")
}

fn facet_table(FacetCounts { facet, values, more_values, without_value }: &FacetCounts) -> String {
    let table_row = |HitCount { passages, documents }: &HitCount, value: &str| {
        format!("{passages:>8}  {documents:>9}  {}\n", visible_text(value))
    };
    let mut table_text = format!("passages  documents  {facet}\n");
    table_text.extend(values.iter().map(|value| table_row(&value.count, &value.value)));
    if *more_values > 0 {
        let _ = writeln!(table_text, "{:21}… and {more_values} more", "");
    }
    if without_value.passages > 0 {
        table_text.push_str(&table_row(without_value, "(none)"));
    }
    table_text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{query::Facet, search::FacetValue};

    #[test]
    fn each_facet_has_a_table() {
        let hit_count = |passages, documents| HitCount { passages, documents };
        let value = |value: &str, count| FacetValue { value: value.to_owned(), count };
        let counts = [
            FacetCounts {
                facet: Facet::Issuer,
                values: vec![
                    value("Bureau\u{1b}[31m of Data", hit_count(12, 3)),
                    value("商务局", hit_count(2, 1)),
                ],
                more_values: 4,
                without_value: hit_count(1, 1),
            },
            FacetCounts {
                facet: Facet::Year,
                values: vec![],
                more_values: 0,
                without_value: hit_count(0, 0),
            },
        ];
        assert_eq!(
            facets(&counts),
            "passages  documents  issuer\n      12          3  Bureau\u{FFFD}[31m of Data\n       2          1  商务局\n                     … and 4 more\n       1          1  (none)\n\npassages  documents  year\n"
        );
    }
}
