//! Finds the numbers and dates of an unquoted text, which become one word each, and reads them as words of the query.

use super::{
    date_spelling::spellings_of_date,
    parsed_word::ParsedWord,
    tree::{Alternative, PhraseSlot, TermPattern},
};
use crate::{
    analysis::{Analysis, ExtraKind, ExtraToken, Token, TokenKind, stem},
    document::Date,
    fact::{FactPattern, Publication, facts, is_year_in_numerals},
    script::is_han,
    span::Span,
};

/// Returns the most specific term of each number (with its unit) and of each date in a text, in the order of the
/// tokens. Takes linear time.
pub(super) fn figures<'a>(text: &str, analysis: &'a Analysis) -> Vec<&'a ExtraToken> {
    let tokens = analysis.tokens.iter();
    tokens.filter_map(|token| figure_term_at(text, analysis, token)).collect()
}

/// Returns the most specific term for the number or date that begins at `token`: the term of the day for a date with
/// day, month and year, the term of the quantity for a number with a unit, otherwise the term of the value. `None` if
/// no number or date begins at `token`. A number in Chinese numerals without a unit does not count if a Han character
/// follows, because the numerals can belong to another word, such as `十万火急`. A year such as `二〇二四年` counts.
fn figure_term_at<'a>(text: &str, analysis: &'a Analysis, token: &Token) -> Option<&'a ExtraToken> {
    let is_figure = |extra: &&ExtraToken| match extra.kind {
        ExtraKind::Quantity => true,
        ExtraKind::Value => {
            let rest = text.get(extra.span.end..).unwrap_or_default();
            token.kind != TokenKind::Han
                || !rest.starts_with(is_han)
                || is_year_in_numerals(extra.span.of(text))
        }
        ExtraKind::Period => day_of(text, extra).is_some(),
        ExtraKind::WholeWord | ExtraKind::Capitals | ExtraKind::AfterElision | ExtraKind::Count => {
            false
        }
    };
    analysis.extra_tokens_at(token.position).iter().rfind(is_figure)
}

/// Returns the day that an expression of time names with day, month and year. `None` if `extra` is no such expression.
fn day_of(text: &str, extra: &ExtraToken) -> Option<Date> {
    if extra.kind != ExtraKind::Period {
        return None;
    }
    let periods = facts(extra.span.of(text), Publication::default()).periods;
    let [period] = &periods[..] else { return None };
    period.from.filter(|_| period.from == period.to && !period.is_relative)
}

/// Returns the word for the number or date `figure`, with its unit if it has one. `covered_count` is the number of
/// tokens of the text that the word covers. The word also matches its tokens as typed, because a text can state the same
/// characters with another meaning: "15 years" in "15 years ago", `25日` in `7月25日`.
pub(super) fn figure_word(
    text: &str,
    analysis: &Analysis,
    figure: &ExtraToken,
    covered_count: usize,
) -> ParsedWord {
    let position_count = covered_count.max(1) as u32;
    let (position, span) = (figure.position, figure.span);
    let typed = phrase_as_typed(text, analysis, figure, covered_count);
    if let Some(date) = day_of(text, figure) {
        let mut alternatives = spellings_of_date(date, figure.span.of(text));
        alternatives.extend(typed);
        return ParsedWord { alternatives, date: Some(date), position, position_count, span };
    }
    let pattern = quantity_pattern(text, analysis, figure).unwrap_or_else(|| {
        let term = analysis.extra_term(figure).to_owned();
        TermPattern::Stem { stem: term.clone(), term }
    });
    let read = Alternative::phrase(vec![PhraseSlot::pattern(0, pattern)]);
    let alternatives = std::iter::once(read).chain(typed).collect();
    ParsedWord { alternatives, date: None, position, position_count, span }
}

/// Returns the phrase of the tokens that `figure` covers, as the query spells them. `None` if a part of the figure is
/// no token, such as a sign of a currency, or if the phrase can be the end of a longer number.
fn phrase_as_typed(
    text: &str,
    analysis: &Analysis,
    figure: &ExtraToken,
    covered_count: usize,
) -> Option<Alternative> {
    let first = analysis.tokens.partition_point(|token| token.position < figure.position);
    let tokens = analysis.tokens.get(first..first + covered_count)?;
    let (first_token, last_token) = (tokens.first()?, tokens.last()?);
    let is_joined = |pair: &[Token]| match pair {
        [before, after] => Span::new(before.span.end, after.span.start)
            .of(text)
            .chars()
            .all(|c| c.is_whitespace() || matches!(c, '-' | '‐' | '‑' | '–' | ',' | '，')),
        _ => false,
    };
    let covers_figure =
        first_token.span.start <= figure.span.start && figure.span.end <= last_token.span.end;
    if !covers_figure
        || !tokens.windows(2).all(is_joined)
        || may_end_longer_number(analysis, tokens)
    {
        return None;
    }
    let slots = tokens.iter().zip(0..).map(|(token, offset)| {
        let term = analysis.term(token);
        if token.kind == TokenKind::Han {
            return PhraseSlot::term(offset, term);
        }
        let stem = stem(term).into_owned();
        PhraseSlot::pattern(offset, TermPattern::Stem { term: term.to_owned(), stem })
    });
    let is_contiguous = tokens.iter().all(|token| token.kind == TokenKind::Han);
    Some(Alternative { is_contiguous, ..Alternative::phrase(slots.collect()) })
}

/// Returns whether a text can have these tokens as the end of a longer number: "five years" in "twenty-five years",
/// `五年` in `二十五年`. False for numbers in digits, because the digits of a number are one token, and for numerals such
/// as `二十五`, which are rarely the end of a number.
fn may_end_longer_number(analysis: &Analysis, tokens: &[Token]) -> bool {
    const NUMBERS_BELOW_TEN: [&str; 9] =
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    let mut terms = tokens.iter().map(|token| analysis.term(token));
    let (first, second) = (terms.next().unwrap_or_default(), terms.next().unwrap_or_default());
    if tokens.first().is_some_and(|token| token.kind == TokenKind::Han) {
        let is_multiplier = |term: &str| matches!(term, "十" | "百" | "千" | "万" | "亿");
        return is_multiplier(first) || !is_multiplier(second);
    }
    NUMBERS_BELOW_TEN.contains(&first) && !second.starts_with("quarter")
}

/// Returns the pattern for the quantity `figure` of a text. `None` if `figure` is not the term of a quantity
/// with a unit.
pub(super) fn quantity_pattern(
    text: &str,
    analysis: &Analysis,
    figure: &ExtraToken,
) -> Option<TermPattern> {
    let pattern = FactPattern::with_value_of_term(analysis.extra_term(figure))?;
    Some(TermPattern::Fact {
        label: figure.span.of(text).to_owned(),
        pattern,
        bare_number: bare_number(analysis, figure),
    })
}

/// Returns the number of a quantity without its unit, as a term of the index. `None` if the quantity is not written as
/// a number with a unit, as in "two thirds".
fn bare_number(analysis: &Analysis, figure: &ExtraToken) -> Option<String> {
    let is_inside = |span: Span| figure.span.start <= span.start && span.end <= figure.span.end;
    let value = analysis
        .extras
        .iter()
        .find(|extra| extra.kind == ExtraKind::Value && is_inside(extra.span));
    if let Some(value) = value {
        return Some(analysis.extra_term(value).to_owned());
    }
    let mut tokens = analysis.tokens.iter().filter(|token| is_inside(token.span));
    let number = tokens.find(|token| token.kind == TokenKind::Number)?;
    let is_only_number = tokens.all(|token| token.kind != TokenKind::Number);
    is_only_number.then(|| analysis.term(number).to_owned())
}
