//! Finds the numbers and dates of an unquoted text, which become one word each, and reads them as words of the query.

use super::{
    date_spelling::spellings_of_date,
    parsed_word::ParsedWord,
    tree::{Alternative, PhraseSlot, TermPattern},
};
use crate::{
    analysis::{Analysis, ExtraKind, ExtraToken, Token, TokenKind},
    document::Date,
    fact::{FactPattern, Publication, facts},
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
/// follows, because the numerals can belong to another word, such as `十万火急`.
fn figure_term_at<'a>(text: &str, analysis: &'a Analysis, token: &Token) -> Option<&'a ExtraToken> {
    let is_figure = |extra: &&ExtraToken| match extra.kind {
        ExtraKind::Quantity => true,
        ExtraKind::Value => {
            let rest = text.get(extra.span.end..).unwrap_or_default();
            token.kind != TokenKind::Han || !rest.starts_with(is_han)
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

/// Returns the word for the number `figure`, with its unit if it has one. `covered_count` is the number of tokens of
/// the text that the word covers.
pub(super) fn figure_word(
    text: &str,
    analysis: &Analysis,
    figure: &ExtraToken,
    covered_count: usize,
) -> ParsedWord {
    let position_count = covered_count.max(1) as u32;
    if let Some(date) = day_of(text, figure) {
        let alternatives = spellings_of_date(date, figure.span.of(text));
        let (position, span) = (figure.position, figure.span);
        return ParsedWord { alternatives, date: Some(date), position, position_count, span };
    }
    let pattern = quantity_pattern(text, analysis, figure).unwrap_or_else(|| {
        let term = analysis.extra_term(figure).to_owned();
        TermPattern::Stem { stem: term.clone(), term }
    });
    ParsedWord {
        alternatives: vec![Alternative::phrase(vec![PhraseSlot::pattern(0, pattern)])],
        date: None,
        position: figure.position,
        position_count,
        span: figure.span,
    }
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
