//! Expands a quarter of a year to its other names: Q2, second quarter, 二季度.

use super::terms::inflections;
use crate::{
    error::Result,
    query::{
        Alternative, Note, PhraseSlot, QueryPlan, TermPattern, TextField,
        note_detail::{ExpandedPart, NoteDetail},
    },
    search::statistics::Statistics,
};

/// Each quarter: its number, its ordinal number in words and in digits, and its Chinese numeral.
const QUARTERS: [[&str; 4]; 4] = [
    ["1", "first", "1st", "一"],
    ["2", "second", "2nd", "二"],
    ["3", "third", "3rd", "三"],
    ["4", "fourth", "4th", "四"],
];

/// Adds other names to the query leaves that name a quarter of a year (`Q2`, `2Q`, `second quarter`), if these names
/// occur in the index.
pub(super) fn add_quarters(
    plan: &mut QueryPlan,
    statistics: &dyn Statistics,
    notes: &mut Vec<Note>,
) -> Result<()> {
    for index in 0..plan.leaves.len() {
        let (leaves, names) = if let Some(quarter) = quarter_of_short_name(plan, index) {
            (vec![index], names_in_words(quarter, statistics)?)
        } else if let Some([number, ..]) = quarter_of_long_name(plan, index) {
            (vec![index, index + 1], vec![(format!("Q{number}"), phrase_of_words(&["q", number]))])
        } else {
            continue;
        };
        let mut spellings = Vec::new();
        for (name, alternative) in names {
            if !statistics.occurs(TextField::Body, std::slice::from_ref(&alternative))? {
                continue;
            }
            spellings.push(name);
            for &leaf in &leaves {
                if let Some(leaf) = plan.leaves.get_mut(leaf) {
                    leaf.alternatives.push(alternative.clone());
                }
            }
        }
        if !spellings.is_empty() {
            let labels: Vec<&str> = plan
                .leaves
                .iter()
                .skip(index)
                .take(leaves.len())
                .map(|leaf| leaf.label.as_str())
                .collect();
            let (word, spellings) = (labels.join(" "), spellings.join(", "));
            let part = ExpandedPart::OtherSpelling { word, spellings };
            notes.push(Note::new(NoteDetail::Expanded(part)));
        }
    }
    Ok(())
}

/// Returns the quarter that the query leaf at `index` names as one word, such as `Q2` or `2Q`. `None` for any other
/// leaf.
fn quarter_of_short_name(plan: &QueryPlan, index: usize) -> Option<[&'static str; 4]> {
    let leaf = plan.leaves.get(index)?;
    let [Alternative { slots, slop: 0, .. }] = &leaf.alternatives[..] else { return None };
    let [first, second] = &slots[..] else { return None };
    let is_searched = leaf.field == TextField::Body && leaf.adds_score();
    let is_quoted = |pattern: &TermPattern| !matches!(pattern, TermPattern::Stem { .. });
    if !is_searched || is_quoted(&first.pattern) || is_quoted(&second.pattern) {
        return None;
    }
    let texts = [first.pattern.text(), second.pattern.text()];
    QUARTERS.into_iter().find(|[number, ..]| texts == ["q", number] || texts == [number, "q"])
}

/// Returns the names of the quarter that the query leaf at `index` and the leaf after it name together, such as
/// `second quarter`: an entry of [`QUARTERS`]. `None` for any other leaves.
fn quarter_of_long_name(plan: &QueryPlan, index: usize) -> Option<[&'static str; 4]> {
    let [first, second] = [plan.leaves.get(index)?, plan.leaves.get(index + 1)?];
    let are_searched =
        [first, second].iter().all(|leaf| leaf.field == TextField::Body && leaf.adds_score());
    let are_adjacent = first.position + first.position_count == second.position;
    if !are_searched || !are_adjacent || second.single_word() != Some("quarter") {
        return None;
    }
    let ordinal = first.single_word()?;
    QUARTERS.into_iter().find(|[_, name, ..]| *name == ordinal)
}

/// Returns the names of a quarter that consist of several words, such as `second quarter`. Each name comes with the
/// phrase that matches it.
fn names_in_words(
    [number, ordinal, digits, numeral]: [&str; 4],
    statistics: &dyn Statistics,
) -> Result<Vec<(String, Alternative)>> {
    let mut names = vec![
        (format!("{ordinal} quarter"), phrase_of_words(&[ordinal, "quarter"])),
        (format!("{digits} quarter"), phrase_of_words(&[digits, "quarter"])),
    ];
    let quarters = inflections("quarter", TextField::Body, statistics)?;
    for (_, phrase) in &mut names {
        if let Some(last) = phrase.slots.last_mut() {
            last.terms.clone_from(&quarters);
        }
    }
    names.push((format!("{numeral}季度"), phrase_of_words(&[numeral, "季", "度"])));
    names.push((format!("{number}季度"), phrase_of_words(&[number, "季", "度"])));
    Ok(names)
}

fn phrase_of_words(words: &[&str]) -> Alternative {
    let slots = words.iter().zip(0..).map(|(word, offset)| PhraseSlot::term(offset, word));
    Alternative::phrase(slots.collect())
}
