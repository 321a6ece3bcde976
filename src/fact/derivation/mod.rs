//! Recomputes the figures that a text derives from other figures of the same text: growth rates, differences, multiples
//! and shares.
//!
//! [`Facts::derivations`] returns one [`Derivation`] for each derived figure whose operands the text names. `growth.rs`
//! and `share.rs` find the derived figures by the words between the figures; `estimate.rs` computes with rounded
//! numbers.

mod estimate;
mod growth;
mod share;
#[cfg(test)]
mod tests;

use self::estimate::Estimate;
use super::{Facts, quantity::Quantity};
use crate::{passage::sentences, span::Span};

/// Operation by which a text derives a figure from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DerivationKind {
    /// Relative change from the first operand to the second one: `from 4 to 5 million, a growth of 25 %`.
    Growth,
    /// Difference between the first operand and the second one: `from 30 % to 35 %, up 5 percentage points`.
    Difference,
    /// The second operand as a multiple of the first one: `doubled from 4 to 8 million`.
    Multiple,
    /// The first operand as a share of the second one: `2 million, accounting for 40 % of the 5 million`.
    Share,
    /// Relative change from an earlier value to the first operand. The text does not state the earlier value: it is the
    /// second operand (the earlier share) times the third operand (the earlier whole).
    GrowthOfShare,
}

impl DerivationKind {
    /// Returns the name of the operation, such as `growth`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Growth => "growth",
            Self::Difference => "difference",
            Self::Multiple => "multiple",
            Self::Share => "share",
            Self::GrowthOfShare => "growth of a share",
        }
    }
}

/// Figure that a text derives from other figures, with the result of recomputing it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Derivation {
    /// Operation by which the text derives the figure.
    pub kind: DerivationKind,
    /// Index of the derived figure in [`Facts::quantities`].
    pub derived_index: usize,
    /// Indexes in [`Facts::quantities`] of the figures from which the derived figure is computed, in the order that
    /// [`DerivationKind`] states.
    pub operand_indexes: Vec<usize>,
    /// Result of computing the derived figure from the operands as the text writes them, in the unit of the derived
    /// figure. Negative for a decrease.
    pub computed_value: f64,
    /// Lowest and highest result that the operands allow. An operand that the text has rounded may stand for any number
    /// that rounds to it.
    pub bounds: (f64, f64),
    /// Whether the derived figure can be right: it may be rounded from a number within the bounds.
    pub agrees: bool,
}

impl Facts {
    /// Recomputes the figures that the text derives from other figures. `text` is the text in which the facts were
    /// found. Takes linear time for texts whose sentences are of bounded length. Omits a figure if the text does not
    /// name its operands, states them only as bounds ("more than 3 million"), or gives them for another time ("an
    /// average annual growth rate").
    ///
    /// ```
    /// use gz_search::fact::{Publication, facts};
    ///
    /// let text = "Jobs increased from 4.00 million to 5.00 million, a growth rate of 20%.";
    /// let derivation = facts(text, Publication::default()).derivations(text).remove(0);
    /// assert_eq!((derivation.computed_value.round(), derivation.agrees), (25.0, false));
    /// ```
    pub fn derivations(&self, text: &str) -> Vec<Derivation> {
        let passage = TextWithFacts { text, facts: self, sentences: sentences(text) };
        let shares = share::share_derivations(&passage);
        let mut derivations = growth::growth_derivations(&passage);
        derivations.extend(share::growth_of_share_derivations(&passage, &shares));
        derivations.extend(shares);
        derivations.sort_by_key(|derivation| derivation.derived_index);
        derivations
    }
}

impl Quantity {
    /// Returns whether two quantities of the same unit can stand for the same number, with regard to rounding and to
    /// bounds: "over 3 million" and "3.2 million" can.
    pub(crate) fn may_stand_for_same_number(
        &self,
        text: &str,
        other: &Self,
        other_text: &str,
    ) -> bool {
        Estimate::of_statement(self, text).overlaps(Estimate::of_statement(other, other_text))
    }
}

/// Text with its facts and sentences.
#[derive(Debug)]
struct TextWithFacts<'a> {
    text: &'a str,
    facts: &'a Facts,
    /// Byte ranges of the sentences of the text.
    sentences: Vec<Span>,
}

impl TextWithFacts<'_> {
    /// Returns the quantity with the index `index` in [`Facts::quantities`].
    fn quantity(&self, index: usize) -> Option<&Quantity> {
        self.facts.quantities.get(index)
    }

    /// Returns the text between two quantities in lower case, without outer blanks. `None` if the second quantity does
    /// not follow the first one in the same sentence.
    fn gap(&self, first: &Quantity, second: &Quantity) -> Option<String> {
        let is_same_sentence =
            self.sentence_at(first.span.start) == self.sentence_at(second.span.start);
        let gap = self.text.get(first.span.end..second.span.start)?;
        is_same_sentence.then(|| gap.trim().to_lowercase())
    }

    /// Returns the sentence that contains the byte `offset`.
    fn sentence_at(&self, offset: usize) -> Span {
        let next = self.sentences.partition_point(|sentence| sentence.end <= offset);
        self.sentences.get(next).copied().unwrap_or_default()
    }

    /// Returns the text before the byte `end` in the same sentence, in lower case: at most its last `max_bytes` bytes.
    fn text_before(&self, end: usize, max_bytes: usize) -> String {
        let sentence_start = self.sentence_at(end).start.min(end);
        let mut start = end.saturating_sub(max_bytes).max(sentence_start);
        while !self.text.is_char_boundary(start) {
            start += 1;
        }
        self.text.get(start..end).unwrap_or_default().to_lowercase()
    }

    /// Returns the text after the byte `start` in the same sentence, in lower case: at most its first `max_bytes`
    /// bytes.
    fn text_after(&self, start: usize, max_bytes: usize) -> String {
        let sentence_end = self.sentence_at(start.saturating_sub(1)).end.max(start);
        let mut end = (start + max_bytes).min(sentence_end);
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        self.text.get(start..end).unwrap_or_default().to_lowercase()
    }

    /// Returns the estimate of the quantity with the index `index`, from which a figure is derived. See
    /// [`Estimate::of_operand`].
    fn operand_estimate(&self, index: usize) -> Option<Estimate> {
        Estimate::of_operand(self.quantity(index)?, self.text)
    }

    /// Returns the derivation of a figure. Compares the figure as the text states it with `computed`, the result of
    /// recomputing the figure. `derived_index` and `operand_indexes` are indexes in [`Facts::quantities`].
    fn derivation(
        &self,
        kind: DerivationKind,
        derived_index: usize,
        operand_indexes: &[usize],
        computed: Estimate,
    ) -> Option<Derivation> {
        let stated_quantity = self.quantity(derived_index)?;
        let stated = Estimate::of_statement(stated_quantity, self.text);
        // Estimates are in the base unit, such as percentage points for basis points.
        let (numerator, denominator) = stated_quantity.unit.map_or((1, 1), |unit| unit.factor);
        let in_stated_unit = |value: f64| value * f64::from(denominator) / f64::from(numerator);
        Some(Derivation {
            kind,
            derived_index,
            operand_indexes: operand_indexes.to_vec(),
            computed_value: in_stated_unit(computed.value),
            bounds: (in_stated_unit(computed.low), in_stated_unit(computed.high)),
            agrees: computed.overlaps(stated),
        })
    }
}
