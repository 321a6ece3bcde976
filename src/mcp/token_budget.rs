//! Fits an answer into its token budget: the answer contains as many entries (such as passages) as the budget allows.

use rmcp::model::{CallToolResult, ContentBlock};
use serde::Serialize;
use serde_json::Value;

use super::{
    arguments::number_in_range,
    token_estimate::{estimate_tokens, truncate},
};
use crate::error::{Error, Result};

/// Maximum number of tokens of a note on the query.
const MAX_NOTE_TOKENS: usize = 60;
/// Maximum number of notes in an answer.
const MAX_NOTES: usize = 3;
/// Minimum number of tokens to which the text of an entry may be truncated. A shorter text would be useless as a
/// quotation.
const MIN_ENTRY_TEXT_TOKENS: usize = 40;
/// Maximum number of equal shares into which the budget is divided. The text of a passage may take one share; a longer
/// passage becomes an excerpt.
const MAX_BUDGET_SHARES: usize = 3;

/// Budget in tokens of an answer if the argument `max_tokens` is absent.
pub(super) const DEFAULT_TOKENS: usize = 4_000;

/// Maximum number of tokens of an answer. The limit applies separately to the text and to the structured content of the
/// answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TokenBudget(usize);

impl TokenBudget {
    /// Minimum budget, in tokens. The minimum has room for any error, and for any answer without entries.
    const MIN_TOKENS: usize = 500;
    const MAX_TOKENS: usize = 100_000;
    /// Budget of a resource. It has room for most complete releases, because a person adds a resource to read it
    /// completely.
    pub(super) const FOR_RESOURCE: Self = Self(20_000);

    /// Returns the budget in the argument `max_tokens`. Returns the default budget if the argument is absent.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] if the number is out of range.
    pub(super) fn new(max_tokens: Option<usize>) -> Result<Self> {
        number_in_range(
            "max_tokens",
            max_tokens,
            Self::MIN_TOKENS..=Self::MAX_TOKENS,
            DEFAULT_TOKENS,
        )
        .map(Self)
    }

    pub(super) const fn tokens(self) -> usize {
        self.0
    }

    /// Returns the maximum number of tokens for the text of one passage in an answer of at most `limit` passages.
    pub(super) fn max_tokens_per_passage(self, limit: usize) -> usize {
        self.0 / limit.min(MAX_BUDGET_SHARES)
    }
}

/// Content of an answer: serializable for programs, and convertible to text for a model.
pub(super) trait Reply: Serialize {
    /// Returns the content as text for a model.
    fn text(&self) -> String;
}

/// Answer in two forms: structured content, and text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Answer {
    pub(super) text: String,
    pub(super) structured: Value,
}

impl Answer {
    fn new(reply: &impl Reply) -> Self {
        Self { text: reply.text(), structured: serde_json::to_value(reply).unwrap_or_default() }
    }

    /// Returns the estimated number of tokens of the text or of the structured content, whichever is larger. A client
    /// may give either form to the model.
    pub(super) fn tokens(&self) -> usize {
        estimate_tokens(&self.text).max(estimate_tokens(&self.structured.to_string()))
    }
}

impl From<Answer> for CallToolResult {
    fn from(Answer { text, structured }: Answer) -> Self {
        let mut tool_result = Self::success(vec![ContentBlock::text(text)]);
        tool_result.structured_content = Some(structured);
        tool_result
    }
}

/// Returns the answer with the largest number of entries that fits the budget: from 1 to `entry_count`, or 0 if
/// `entry_count` is 0.
///
/// `build_reply(count, max_text_tokens)` builds the answer with the first `count` entries, each with at most
/// `max_text_tokens` tokens of text. If not even the first entry fits, halves `max_text_tokens` until the entry fits.
/// Finds the number of entries by binary search.
///
/// # Errors
///
/// [`Error::InvalidArgument`] if the first entry does not fit with [`MIN_ENTRY_TEXT_TOKENS`] of text.
pub(super) fn fit_entries<R: Reply>(
    budget: TokenBudget,
    entry_count: usize,
    max_text_tokens: usize,
    build_reply: impl Fn(usize, usize) -> R,
) -> Result<Answer> {
    let build_answer = |count, max_text_tokens| Answer::new(&build_reply(count, max_text_tokens));
    let fits_budget = |answer: &Answer| answer.tokens() <= budget.0;
    let min_count = entry_count.min(1);
    let mut max_text_tokens = max_text_tokens;
    let mut best_answer = build_answer(min_count, max_text_tokens);
    while !fits_budget(&best_answer) && max_text_tokens / 2 >= MIN_ENTRY_TEXT_TOKENS {
        max_text_tokens /= 2;
        best_answer = build_answer(min_count, max_text_tokens);
    }
    if !fits_budget(&best_answer) {
        let needed_tokens = best_answer.tokens();
        return Err(Error::invalid(
            "max_tokens",
            format!(
                "max_tokens is {}: the next entry alone needs {needed_tokens}; ask again with at least that",
                budget.0
            ),
        ));
    }
    // Invariant: the first `fitting_count` entries fit the budget, and the first `too_many_count` entries do not.
    let (mut fitting_count, mut too_many_count) = (min_count, entry_count + 1);
    while too_many_count - fitting_count > 1 {
        let middle_count = usize::midpoint(fitting_count, too_many_count);
        let candidate = build_answer(middle_count, max_text_tokens);
        if fits_budget(&candidate) {
            (fitting_count, best_answer) = (middle_count, candidate);
        } else {
            too_many_count = middle_count;
        }
    }
    Ok(best_answer)
}

/// Returns the first [`MAX_NOTES`] notes, each truncated.
pub(super) fn truncated_notes<T: ToString>(notes: &[T]) -> Vec<String> {
    notes.iter().take(MAX_NOTES).map(|note| truncate(&note.to_string(), MAX_NOTE_TOKENS)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Serialize)]
    struct Texts(Vec<String>);

    impl Reply for Texts {
        fn text(&self) -> String {
            self.0.join("\n")
        }
    }

    fn fit_texts(texts: &[String], budget: usize) -> Result<Answer> {
        fit_entries(TokenBudget(budget), texts.len(), budget, |count, max_text_tokens| {
            Texts(texts.iter().take(count).map(|text| truncate(text, max_text_tokens)).collect())
        })
    }

    #[test]
    fn budgets_out_of_range_are_refused() {
        assert_eq!(TokenBudget::new(None).unwrap(), TokenBudget(4_000));
        assert_eq!(TokenBudget::new(Some(500)).unwrap(), TokenBudget(500));
        for tokens in [0, 499, 100_001] {
            let error = TokenBudget::new(Some(tokens)).unwrap_err().to_string();
            assert!(error.contains("from 500 to 100000"), "{error}");
        }
    }

    proptest! {
        #[test]
        fn the_largest_number_of_entries_that_fits_is_returned(
            texts in proptest::collection::vec(r"([a-z]{1,9}|广州|2025|\n| |😀){0,99}", 0..9),
            budget in 150usize..900,
        ) {
            let answer = fit_texts(&texts, budget).unwrap();
            prop_assert!(answer.tokens() <= budget);
            let count = answer.structured.as_array().unwrap().len();
            prop_assert!(count >= texts.len().min(1));
            // One more entry would exceed the budget.
            if count < texts.len() && answer.structured[0] == texts[0].as_str() {
                prop_assert!(Answer::new(&Texts(texts[..=count].to_vec())).tokens() > budget);
            }
        }
    }
}
