//! Finds names of issuers and speakers in a query that occur in no passage, and the nearest existing names.

use std::collections::BTreeSet;

use super::occurs_nowhere;
use crate::{
    error::Result,
    query::{
        Facet, Leaf, Note, QueryPlan, TextField,
        note_detail::{MissingPart, NoteDetail},
    },
    search::{context::SearchContext, matching::FacetValues},
};

/// Maximum number of names that are compared with a name of the query.
pub(super) const MAX_COMPARED_NAMES: usize = 20_000;
/// Minimum similarity to an unknown name of the query at which a note proposes a name of the index. The similarity is
/// the Dice coefficient of the letter pairs of both names, from 0 to 1.
const MIN_NAME_SIMILARITY: f64 = 0.4;

/// Returns a note on each clause or filter `issuer:` or `speaker:` of the query that no passage satisfies. The note
/// names the nearest existing value.
pub(super) fn unknown_name_notes(context: &SearchContext, plan: &QueryPlan) -> Result<Vec<Note>> {
    let mut notes = Vec::new();
    for leaf in plan.leaves.iter().filter(|leaf| leaf.is_outside_not) {
        let facet = match leaf.field {
            TextField::Issuer => Facet::Issuer,
            TextField::Speaker => Facet::Speaker,
            TextField::Body | TextField::Title | TextField::Heading => continue,
        };
        if is_part_of_a_name(plan, leaf) || !occurs_nowhere(leaf, &*context.statistics)? {
            continue;
        }
        let name = leaf.label.trim_matches('"');
        let existing_names = facet_values_to_compare(context, facet)?;
        let nearest = nearest_name(&existing_names, name);
        let note = Note::new(NoteDetail::Missing(MissingPart::Name {
            facet,
            name: name.to_owned(),
            nearest: nearest.map(str::to_owned),
        }));
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    Ok(notes)
}

/// Returns whether another query leaf of the same field overlaps `leaf`. Han characters outside dictionary words are
/// searched as overlapping pairs, and such a pair is only a part of a name.
fn is_part_of_a_name(plan: &QueryPlan, leaf: &Leaf) -> bool {
    plan.leaves.iter().any(|other| {
        other.field == leaf.field
            && other.position != leaf.position
            && other.position < leaf.position + leaf.position_count
            && leaf.position < other.position + other.position_count
    })
}

/// Returns the values of a facet on this machine, at most [`MAX_COMPARED_NAMES`].
pub(super) fn facet_values_to_compare(
    context: &SearchContext,
    facet: Facet,
) -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for segment in context.reader.segments() {
        let values = FacetValues::new(segment, facet)?;
        for number in
            0..values.value_number_bound().min(MAX_COMPARED_NAMES.saturating_sub(names.len()))
        {
            names.insert(values.value_text(number)?);
        }
    }
    Ok(names)
}

/// Returns the name that has the most letter pairs in common with `name`, by the Dice coefficient. `None` if no name
/// reaches [`MIN_NAME_SIMILARITY`].
pub(super) fn nearest_name<'a>(names: &'a BTreeSet<String>, name: &str) -> Option<&'a str> {
    let pairs = letter_pairs(name);
    let similarity = |other: &str| {
        let other_pairs = letter_pairs(other);
        let common_count = pairs.intersection(&other_pairs).count();
        2.0 * common_count as f64 / (pairs.len() + other_pairs.len()).max(1) as f64
    };
    let similarities = names.iter().map(|other| (similarity(other), other.as_str()));
    let nearest = similarities.max_by(|(a, _), (b, _)| a.total_cmp(b));
    nearest.filter(|(similarity, _)| *similarity >= MIN_NAME_SIMILARITY).map(|(_, other)| other)
}

/// Returns the character bigrams of a name, in lower case, without its spaces and signs.
fn letter_pairs(name: &str) -> BTreeSet<(char, char)> {
    let letters: Vec<char> =
        name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    letters.iter().copied().zip(letters.iter().copied().skip(1)).collect()
}

#[cfg(test)]
mod tests {
    use crate::{Document, Index, Query};

    #[test]
    fn notes_name_unknown_issuers_and_the_nearest_name() {
        let index = Index::in_memory();
        let writer = index.writer().unwrap();
        for (id, issuer) in [("a", "Ministry of Ports"), ("b", "某市港口管理局")] {
            let mut document = Document::new(id, "Ports grow. 港口增长。");
            document.issuer = Some(issuer.to_owned());
            writer.add(&document).unwrap();
        }
        writer.commit().unwrap();
        let searcher = index.searcher().unwrap();
        for (query, expected) in [
            (
                "ports issuer:\"Ministry of Porst\"",
                Some("no issuer is named Ministry of Porst; the nearest is Ministry of Ports"),
            ),
            (
                "港口 issuer:\"某市港口管理处\"",
                Some("no issuer is named 某市港口管理处; the nearest is 某市港口管理局"),
            ),
            ("港口 issuer:港口局", None),
            ("ports issuer:xylophone", Some("no issuer is named xylophone")),
            ("ports issuer:ministry", None),
            ("ports speaker:\"Li Wei\"", Some("no speaker is named Li Wei")),
        ] {
            let results = searcher.search(&Query::new(query)).unwrap();
            let mut notes = results.notes.iter().map(|note| note.message.as_str());
            let note = notes.find(|message| message.contains("is named"));
            assert_eq!(note, expected, "{query}");
        }
    }
}
