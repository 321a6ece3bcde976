//! Finds the time period to which a quantity belongs, if the sentence says so: 2023 for 15 in "15 exhibitions in 2023".

use super::{
    Facts,
    period::{Period, PeriodKind},
    quantity::Quantity,
    unit::Dimension,
};
use crate::{analysis::fold_char, passage::sentences, span::Span};

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

/// Chinese words that end like a comparison and are none: 认为 in 你认为今年.
const WORDS_WITHOUT_COMPARISON: [&str; 5] = ["参与", "认为", "因为", "以为", "给与"];

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
            let link = without_rate_unit(&gap);
            let is_link = end >= quantity.span.end && LINKS_TO_NEXT_PERIOD.contains(&link);
            // An increase of 5% from 2023 is compared with 2023.
            let is_basis = quantity.change.is_some()
                && quantity.dimension == Dimension::Share
                && link == "from"
                && period.kind == PeriodKind::Since;
            (is_link && !is_basis).then_some(index)
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
                let before: String =
                    before.trim_end().to_lowercase().chars().map(fold_char).collect();
                let after = text.get(period.span.end..quantity.span.start).unwrap_or_default();
                let is_other = ends_with_comparison(&before)
                    || is_day_of_announcement(period.span.of(text), after)
                    || period.kind == PeriodKind::Since && is_since_of_superlative(&before)
                    || belongs_to_other.get(*index).copied().unwrap_or_default();
                !is_other
            })
            .map(|(index, _)| index)
    }
}

/// Returns whether a text ends with words which show that the period after it only serves for comparison. `before` is in
/// lower case and in Simplified characters.
fn ends_with_comparison(before: &str) -> bool {
    let is_comparison = COMPARISON_ENDINGS.iter().any(|word| {
        before
            .strip_suffix(word)
            .is_some_and(|rest| !word.is_ascii() || rest.is_empty() || rest.ends_with(' '))
    });
    is_comparison && !WORDS_WITHOUT_COMPARISON.iter().any(|word| before.ends_with(word))
}

/// Returns the text between a quantity and a period without the unit of a rate: "in" for "per tonne in". `gap` is in
/// lower case.
fn without_rate_unit(gap: &str) -> &str {
    let rest = gap.strip_prefix("per ").map(|rest| rest.trim_start_matches(char::is_alphabetic));
    rest.map_or(gap, str::trim_start)
}

/// Returns whether a period is the day on which something is announced, and not the time of what is announced: "today" in
/// "today announced that 48 centers will open". `after` is the text between the period and the quantity.
fn is_day_of_announcement(period: &str, after: &str) -> bool {
    const VERBS: [&str; 13] = [
        "announced",
        "said",
        "released",
        "published",
        "signed",
        "issued",
        "launched",
        "unveiled",
        "reported",
        "公布",
        "宣布",
        "表示",
        "指出",
    ];
    let is_day = ["today", "yesterday", "今日", "今天", "昨日", "昨天"]
        .iter()
        .any(|day| period.eq_ignore_ascii_case(day));
    let after: String = after.trim_start().to_lowercase().chars().map(fold_char).collect();
    is_day && (after.starts_with("that ") || VERBS.iter().any(|verb| after.starts_with(verb)))
}

/// Returns whether the text before a period ends with "since" after a superlative, as in "the lowest level since". The
/// quantities after such a period do not belong to it.
fn is_since_of_superlative(before: &str) -> bool {
    const MAX_WORDS: usize = 5;
    const SUPERLATIVES: [&str; 20] = [
        "most",
        "least",
        "best",
        "worst",
        "first",
        "record",
        "lowest",
        "highest",
        "largest",
        "smallest",
        "fastest",
        "slowest",
        "biggest",
        "strongest",
        "weakest",
        "earliest",
        "sharpest",
        "steepest",
        "longest",
        "greatest",
    ];
    let mut words = before.split_whitespace().rev();
    words.next() == Some("since") && words.take(MAX_WORDS).any(|word| SUPERLATIVES.contains(&word))
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
            ("The cost fell from $635 per tonne in 2023 to $614 per tonne in 2024.", "2023 2024"),
            ("Cases rose to 10,347 in 2024, an increase of 8.3 percent from 2023.", "2024 -"),
            ("Sales grew 5% from 2010 to 2020.", "2010 to 2020"),
            ("It fell to 400 units, the lowest level since July 2021 and a fall of 67%.", "- -"),
            (
                "The record since April 2015 to March 2017 has 48 initiatives.",
                "April 2015 to March 2017",
            ),
            ("你認為今年通膨控制在2%以下？", "今年"),
            ("The mayor today announced that 48 centers will open.", "-"),
            ("Since July 2021, 400 centers have opened.", "July 2021"),
            ("支出為1兆元，較111年增加2.5%，為歷年預算規模。", "- -"),
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
