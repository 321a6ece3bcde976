//! Checks the figures of passages: recomputes derived figures, and compares the figures of different releases.

use super::{
    difference::{Difference, differences},
    row::{FactRow, passage_facts, sentence_at},
};
use crate::{
    fact::{Derivation, Facts},
    passage::sentences,
    search::{DocumentInfo, PassageInfo},
    span::Span,
};

/// Result of checking the figures of passages. Each result is a question for a person, not a proof of an error.
#[derive(Debug)]
#[non_exhaustive]
pub struct FactCheck<'a> {
    /// Figures that a passage derives from its other figures, in the order of the passages.
    pub derivations: Vec<CheckedDerivation<'a>>,
    /// Figures of two releases that differ, the most similar statements first.
    pub differences: Vec<Difference<'a>>,
}

/// Figure that a passage derives from its other figures, with the result of recomputing it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CheckedDerivation<'a> {
    /// Document of the passage.
    pub document: &'a DocumentInfo,
    /// Passage that contains the figures.
    pub passage: &'a PassageInfo,
    /// Result of recomputing the figure.
    pub derivation: Derivation,
    /// Byte range of the derived figure in the passage.
    pub derived_figure: Span,
    /// Name of the unit of the derived figure. Empty for a count.
    pub unit: &'static str,
    /// Byte ranges of the figures in the passage from which the derived figure is computed.
    pub operands: Vec<Span>,
    /// Byte range of the sentence with the derived figure.
    pub sentence: Span,
}

impl<'a> FactCheck<'a> {
    /// Checks the figures of the passages. The time is linear in the length of the texts. Figures for the same thing,
    /// unit and period are compared in pairs, at most 64 figures with each other.
    pub fn new(passages: impl IntoIterator<Item = (&'a DocumentInfo, &'a PassageInfo)>) -> Self {
        let (mut derivations, mut rows) = (Vec::new(), Vec::new());
        for (document, passage) in passages {
            let facts = passage_facts(document, passage);
            derivations.extend(checked_derivations(document, passage, &facts));
            rows.extend(FactRow::rows_of_passage(document, passage, facts));
        }
        FactRow::sort(&mut rows);
        Self { derivations, differences: differences(rows) }
    }

    /// Returns the number of questions: derived figures that do not agree, and differences between releases.
    pub fn question_count(&self) -> usize {
        let is_question = |checked: &&CheckedDerivation<'_>| !checked.derivation.agrees;
        self.derivations.iter().filter(is_question).count() + self.differences.len()
    }
}

/// Recomputes the figures that a passage derives from its other figures. `facts` are the facts of the passage.
fn checked_derivations<'a>(
    document: &'a DocumentInfo,
    passage: &'a PassageInfo,
    facts: &Facts,
) -> Vec<CheckedDerivation<'a>> {
    let derivations = facts.derivations(&passage.text);
    let sentences = sentences(&passage.text);
    let span = |index: usize| facts.quantities.get(index).map(|quantity| quantity.span);
    let checked = derivations.into_iter().filter_map(|derivation| {
        let quantity = facts.quantities.get(derivation.derived_index)?;
        Some(CheckedDerivation {
            document,
            passage,
            derived_figure: quantity.span,
            unit: quantity.unit.map_or("", |unit| unit.name),
            operands: derivation.operand_indexes.iter().filter_map(|&index| span(index)).collect(),
            sentence: sentence_at(&sentences, quantity.span.start, &passage.text),
            derivation,
        })
    });
    checked.collect()
}
