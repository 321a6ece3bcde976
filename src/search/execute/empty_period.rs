//! Finds conditions on the day of publication that no day satisfies, such as `after` later than `before`.

use crate::query::{
    Filter, MatchTree, Note, Period, QueryPlan,
    note_detail::{MissingPart, NoteDetail},
};

/// Returns a note if the conditions of the query on the day of publication exclude each other. `None` if some day
/// satisfies all of them.
pub(super) fn empty_period_note(plan: &QueryPlan) -> Option<Note> {
    let mut periods = Vec::new();
    collect_required_periods(&plan.tree, &mut periods);
    let first = periods.iter().filter_map(|period| period.first).max()?;
    let last = periods.iter().filter_map(|period| period.last).min()?;
    let part = MissingPart::Day { first, last };
    (first > last).then(|| Note::new(NoteDetail::Missing(part)))
}

/// Adds to `periods` each period in which every match of `tree` must be published.
fn collect_required_periods(tree: &MatchTree, periods: &mut Vec<Period>) {
    match tree {
        MatchTree::Filter(Filter::Dates(period)) => periods.push(*period),
        MatchTree::All(trees) | MatchTree::AllWithHeadings(trees) => {
            for tree in trees {
                collect_required_periods(tree, periods);
            }
        }
        MatchTree::Prefer { required, .. } => collect_required_periods(required, periods),
        MatchTree::Everything
        | MatchTree::Leaf(_)
        | MatchTree::Any(_)
        | MatchTree::Not(_)
        | MatchTree::Near { .. }
        | MatchTree::Filter(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::{Document, Index, Query, query::Clause};

    #[test]
    fn a_note_names_days_that_exclude_each_other() {
        let index = Index::in_memory();
        let writer = index.writer().unwrap();
        let mut document = Document::new("a", "The port opened.");
        document.date = Some("2024-05-06".parse().unwrap());
        writer.add(&document).unwrap();
        writer.commit().unwrap();
        let searcher = index.searcher().unwrap();
        let note = "no day is both on or after 2025-01-01 and on or before 2023-12-31";
        for (query, filters, expected) in [
            ("port", vec!["after:2025", "before:2024"], true),
            ("port", vec!["date:2025-01-01..2025-03", "before:2024"], true),
            ("port after:2025 before:2024", vec![], true),
            ("port before:2024", vec!["after:2025"], true),
            ("port after:2024 before:2025", vec![], false),
            ("port after:2024-05-06 before:2024-05-07", vec![], false),
            ("(port after:2025) OR (port before:2024)", vec![], false),
            ("port after:2025", vec![], false),
        ] {
            for strict in [false, true] {
                let filter = |request: Query, text: &&str| request.filter(Clause::parse(text).0);
                let request = filters.iter().fold(Query::new(query).strict(strict), filter);
                let results = searcher.search(&request).unwrap();
                let has_note = results.notes.iter().any(|other| other.message == note);
                assert_eq!(has_note, expected, "{query} {filters:?}");
            }
        }
    }
}
