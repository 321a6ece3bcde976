//! Entries of an answer → as many of them as fit a budget of tokens.

use rmcp::model::{CallToolResult, ContentBlock};
use serde::Serialize;
use serde_json::Value;

use super::tokens::{beginning, tokens};
use crate::error::{Error, Result};

/// A note is shown up to here.
const NOTE: usize = 60;
/// So many notes are shown.
const NOTES: usize = 3;
/// A passage is cut to no fewer tokens than these: what is shorter quotes nothing.
const SHORTEST: usize = 40;

/// How many tokens an answer may have: neither its text nor its structured content has more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Budget(usize);

impl Budget {
    /// Refusals and answers without entries fit in it.
    pub(super) const LEAST: usize = 500;
    pub(super) const USUAL: usize = 4_000;
    pub(super) const MOST: usize = 100_000;

    pub(super) fn new(tokens: Option<usize>) -> Result<Self> {
        super::within("max_tokens", tokens, Self::LEAST..=Self::MOST, Self::USUAL).map(Self)
    }

    pub(super) const fn tokens(self) -> usize {
        self.0
    }
}

/// What a tool answers, as a program reads it and as text.
pub(super) trait Reply: Serialize {
    /// The same as the fields say, for a model to read.
    fn text(&self) -> String;
}

/// An answer that is within its budget.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Answer {
    pub(super) text: String,
    pub(super) structured: Value,
}

impl Answer {
    fn new(reply: &impl Reply) -> Self {
        Self { text: reply.text(), structured: serde_json::to_value(reply).unwrap_or_default() }
    }

    /// Clients give a model one of the two forms, so each has to fit.
    pub(super) fn tokens(&self) -> usize {
        tokens(&self.text).max(tokens(&self.structured.to_string()))
    }
}

impl From<Answer> for CallToolResult {
    fn from(Answer { text, structured }: Answer) -> Self {
        let mut result = Self::success(vec![ContentBlock::text(text)]);
        result.structured_content = Some(structured);
        result
    }
}

/// The answer with the most of `entries` that fits: at least one, where there are any. `reply` makes the
/// answer that has the first so many of them, with the text of each cut to so many tokens; they are cut,
/// from `longest` down, only where not even the first would fit.
pub(super) fn packed<R: Reply>(
    budget: Budget,
    entries: usize,
    longest: usize,
    reply: impl Fn(usize, usize) -> R,
) -> Result<Answer> {
    let answer = |count, longest| Answer::new(&reply(count, longest));
    let fits = |answer: &Answer| answer.tokens() <= budget.0;
    let least = entries.min(1);
    let mut longest = longest;
    let mut best = answer(least, longest);
    while !fits(&best) && longest / 2 >= SHORTEST {
        longest /= 2;
        best = answer(least, longest);
    }
    if !fits(&best) {
        let needed = best.tokens();
        return Err(Error::invalid(
            "max_tokens",
            format!(
                "max_tokens is {}: the next entry alone needs {needed}; ask again with at least that",
                budget.0
            ),
        ));
    }
    // `count` entries fit, and `more` of them do not.
    let (mut count, mut more) = (least, entries + 1);
    while more - count > 1 {
        let middle = usize::midpoint(count, more);
        let tried = answer(middle, longest);
        if fits(&tried) {
            (count, best) = (middle, tried);
        } else {
            more = middle;
        }
    }
    Ok(best)
}

/// The first of `notes`, each as far as there is room for it.
pub(super) fn shortened<T: ToString>(notes: &[T]) -> Vec<String> {
    let short = |note: &T| cut(&note.to_string(), NOTE);
    notes.iter().take(NOTES).map(short).collect()
}

/// `text`, ended with `…` where it is more than `most` tokens.
pub(super) fn cut(text: &str, most: usize) -> String {
    let shown = beginning(text, most);
    if shown.len() == text.len() { shown.to_owned() } else { format!("{shown} …") }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Serialize)]
    struct Words(Vec<String>);

    impl Reply for Words {
        fn text(&self) -> String {
            self.0.join("\n")
        }
    }

    fn words(words: &[String], budget: usize) -> Result<Answer> {
        packed(Budget(budget), words.len(), budget, |count, longest| {
            Words(words.iter().take(count).map(|word| cut(word, longest)).collect())
        })
    }

    #[test]
    fn budgets_are_refused_where_they_are_none() {
        assert_eq!(Budget::new(None).unwrap(), Budget(4_000));
        assert_eq!(Budget::new(Some(500)).unwrap(), Budget(500));
        for tokens in [0, 499, 100_001] {
            let error = Budget::new(Some(tokens)).unwrap_err().to_string();
            assert!(error.contains("from 500 to 100000"), "{error}");
        }
    }

    proptest! {
        #[test]
        fn the_most_that_fits_and_no_more(
            texts in proptest::collection::vec(r"([a-z]{1,9}|广州|2025|\n| |😀){0,99}", 0..9),
            budget in 150usize..900,
        ) {
            let answer = words(&texts, budget).unwrap();
            prop_assert!(answer.tokens() <= budget);
            let shown = answer.structured.as_array().unwrap().len();
            prop_assert!(shown >= texts.len().min(1));
            // One more would have been too many.
            if shown < texts.len() && answer.structured[0] == texts[0].as_str() {
                prop_assert!(Answer::new(&Words(texts[..=shown].to_vec())).tokens() > budget);
            }
        }
    }
}
