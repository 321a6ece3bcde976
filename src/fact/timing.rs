//! Finds the time period to which a quantity belongs, if the sentence says so: 2023 for 15 in "15 exhibitions in 2023".

use super::{Facts, period::Period, quantity::Quantity};
use crate::{passage::sentences, span::Span};

/// Texts between a quantity and a period that link the quantity to the period, in lower case without outer blanks.
const LINKS_TO_NEXT_PERIOD: [&str; 22] = [
    "",
    "in",
    "by",
    "during",
    "for",
    "over",
    "at",
    "as of",
    "at the end of",
    "by the end of",
    "from",
    "since",
    "(",
    ",",
    "in the",
    "during the",
    "over the",
    "as of the end of",
    "as at",
    "at end",
    "between",
    "in each of",
];
/// Words directly before a period which show that the text only compares a quantity with this period: "compared with"
/// in "compared with 2023". The quantity does not belong to this period. In lower case.
const COMPARISON_ENDINGS: [&str; 16] = [
    "compared with",
    "compared to",
    "than",
    "against",
    "relative to",
    "on",
    "over",
    "up from",
    "down from",
    "versus",
    "比",
    "较",
    "同",
    "与",
    "是",
    "为",
];

impl Facts {
    /// Returns, for each quantity in order, the period that the quantity belongs to. `text` is the text from which the
    /// facts were read. `None` for a quantity whose sentence states no period that belongs to the quantity.
    ///
    /// A period directly after a quantity belongs to the quantity ("15 exhibitions in 2023"). Without such a period,
    /// the nearest period before the quantity in the same sentence belongs to the quantity. Periods of other
    /// quantities, and periods that only serve for comparison ("than in 2023"), are skipped.
    pub fn periods_of_quantities(&self, text: &str) -> Vec<Option<&Period>> {
        let after: Vec<Option<usize>> = self
            .quantities
            .iter()
            .map(|quantity| self.index_of_period_after(text, quantity))
            .collect();
        let mut belongs_to_other = vec![false; self.periods.len()];
        for index in after.iter().flatten() {
            if let Some(belongs) = belongs_to_other.get_mut(*index) {
                *belongs = true;
            }
        }
        let sentences = sentences(text);
        let mut result = Vec::with_capacity(self.quantities.len());
        for (quantity, after) in self.quantities.iter().zip(after) {
            let sentence = sentence_at(&sentences, quantity.span.start);
            let index = after.or_else(|| {
                self.index_of_period_before(text, quantity, sentence, &belongs_to_other)
            });
            result.push(index.and_then(|index| self.periods.get(index)));
        }
        result
    }

    /// Returns the index in `self.periods` of the time period that directly follows a quantity, or the things that the
    /// quantity counts: 2023 in "15 exhibitions in 2023".
    fn index_of_period_after(&self, text: &str, quantity: &Quantity) -> Option<usize> {
        let index = self.periods.partition_point(|period| period.span.start < quantity.span.end);
        let period = self.periods.get(index)?;
        let measure_end = quantity.measure.map_or(0, |measure| measure.end);
        [quantity.span.end, measure_end].into_iter().find_map(|end| {
            let gap = text.get(end..period.span.start)?.trim().to_lowercase();
            (end >= quantity.span.end && LINKS_TO_NEXT_PERIOD.contains(&gap.as_str()))
                .then_some(index)
        })
    }

    /// Returns the index in `self.periods` of the nearest time period before a quantity in the same sentence. Skips
    /// periods that belong to another quantity (`belongs_to_other` contains a flag for each period), and periods that
    /// only serve for comparison, such as 2023 in "than in 2023".
    fn index_of_period_before(
        &self,
        text: &str,
        quantity: &Quantity,
        sentence: Span,
        belongs_to_other: &[bool],
    ) -> Option<usize> {
        let end = self.periods.partition_point(|period| period.span.end <= quantity.span.start);
        let periods = self.periods.get(..end)?.iter().enumerate().rev();
        periods
            .take_while(|(_, period)| period.span.start >= sentence.start)
            .find(|(index, period)| {
                let before = text.get(sentence.start..period.span.start).unwrap_or_default();
                let before = before.trim_end().to_lowercase();
                let is_comparison = COMPARISON_ENDINGS.iter().any(|word| {
                    before.strip_suffix(word).is_some_and(|rest| {
                        !word.is_ascii() || rest.is_empty() || rest.ends_with(' ')
                    })
                });
                !is_comparison && !belongs_to_other.get(*index).copied().unwrap_or_default()
            })
            .map(|(index, _)| index)
    }
}

/// Returns the sentence that contains the byte `offset`.
fn sentence_at(sentences: &[Span], offset: usize) -> Span {
    let next = sentences.partition_point(|sentence| sentence.end <= offset);
    sentences.get(next).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::fact::{Publication, facts};

    #[test]
    fn quantities_have_the_period_that_the_sentence_gives_them() {
        for (text, expected) in [
            (
                "In 2025, the number of exhibitions is expected to exceed 90, with an area of over 7 million square \
                 meters, both doubling compared with 2021.",
                "2025 2025 2025",
            ),
            ("from 6 enterprises holding 15 exhibitions in 2023 to 16 enterprises", "- 2023 -"),
            ("2024年，增加值达到3万亿元，比2023年增长5%。", "2024年 2024年"),
            ("It sold 5 cars. In 2023 it moved.", "-"),
            ("Exports reached $5 million (2022).", "2022"),
        ] {
            let facts = facts(text, Publication::default());
            let periods: Vec<&str> = facts
                .periods_of_quantities(text)
                .iter()
                .map(|period| period.map_or("-", |period| period.span.of(text)))
                .collect();
            assert_eq!(periods.join(" "), expected, "{text}");
        }
    }
}
