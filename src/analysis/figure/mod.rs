//! Adds to each number, as additional terms, its value with the multiplier (39000 for 3.9万, 1000000000000 for one
//! trillion) and its quantity with the unit (5% for 5 per cent, £20000000 for £20m).
//!
//! The tokens of a text come in, and additional terms at the positions of their numbers go out. A query with a unit
//! searches the quantity, and a query without a unit searches the value, so 5% does not find "top 5", but 5 finds
//! both. Open this file first: it finds the numbers. The other files parse the text before and after a number.

mod multiplier;
mod numeral;
mod unit;

use self::{
    multiplier::{multiplier, word_exponent},
    numeral::{ChineseMultiplier, chinese_number, is_number_word, number_from_words},
    unit::{FoundUnit, PERCENT, begins_percent_range, unit_after, unit_before},
};
use super::{
    Analysis, ExtraKind, Token, TokenKind,
    fold::fold_char,
    number::{is_decimal, push_multiplied},
};
use crate::span::Span;

/// Maximum number of English number words before a multiplier, as in "one hundred and twenty-five million".
const MAX_NUMBER_WORDS: usize = 5;
/// Space characters that may stand between groups of three digits.
const THOUSANDS_BLANKS: [&str; 4] = ["\u{A0}", "\u{2009}", "\u{202F}", " "];

/// Adds the value and the quantity of every number in a text as additional terms.
pub(super) fn push_extras(text: &str, analysis: &mut Analysis) {
    let mut index = 0;
    while let Some(token) = analysis.tokens.get(index) {
        let figure = match token.kind {
            TokenKind::Number => Figure::from_digits(text, analysis, index),
            TokenKind::Word => Figure::from_number_words(text, analysis, index),
            TokenKind::Han => Figure::from_chinese(text, token, analysis.term(token)),
        };
        index += 1;
        if let Some(figure) = figure {
            // Tokens inside the figure begin no other figure.
            let is_inside_figure = |token: &&Token| token.span.end <= figure.number.end;
            index += analysis.tokens.iter().skip(index).take_while(is_inside_figure).count();
            figure.push_extras(analysis);
        }
    }
}

/// Number in a text, with its multiplier and unit.
#[derive(Debug)]
struct Figure {
    /// Position of the first token of the number.
    position: u32,
    /// Span of the number with its multiplier.
    number: Span,
    /// Decimal form of the number, with the multiplier.
    value: String,
    /// Unit of the number: its name, and the span of the number with the unit. `None` if the number has no unit.
    unit: Option<(&'static str, Span)>,
    /// Whether the value becomes an additional term. False if the number has no groups of thousands, multiplier or
    /// unit: 3.10 may be the number of a section, which is not 3.1.
    has_value: bool,
}

impl Figure {
    /// Returns the figure that begins with the digits of the token at `index`. `None` if the token is not a decimal
    /// number, or if its digits are the end of a word.
    fn from_digits(text: &str, analysis: &Analysis, index: usize) -> Option<Self> {
        let token = *analysis.tokens.get(index)?;
        let term = analysis.term(&token);
        // 000 at the head of a column means that its numbers are thousands.
        let is_placeholder = term.len() > 1 && term.bytes().all(|byte| byte == b'0');
        if !is_decimal(term) || is_placeholder {
            return None;
        }
        let text_before = text.get(..token.span.start)?;
        let unit_before = unit_before(text_before);
        if unit_before.is_none() && text_before.ends_with(is_joined_letter) {
            // The digits are the end of a word, as in COVID19.
            return None;
        }
        let groups = thousands_groups(text, analysis, index);
        let digits_end = groups.last().map_or(token.span.end, |group| group.span.end);
        let digits: String =
            [term].into_iter().chain(groups.iter().map(|group| analysis.term(group))).collect();
        let multiplier = multiplier(text.get(digits_end..)?, unit_before.is_some());
        let (exponent, bytes) = multiplier.unwrap_or((0, 0));
        let mut value = String::new();
        push_multiplied(&digits, exponent, &mut value);
        let mut figure = Self {
            position: token.position,
            number: Span::new(token.span.start, digits_end + bytes),
            has_value: multiplier.is_some() || !groups.is_empty(),
            value,
            unit: None,
        };
        figure.add_unit(text, unit_before);
        figure.has_value |= figure.unit.is_some();
        Some(figure)
    }

    /// Returns the figure whose multiplier is the token at `index` and whose number words precede the multiplier, such
    /// as one trillion. `None` if the token is not a multiplier, or if no number words precede it.
    fn from_number_words(text: &str, analysis: &Analysis, index: usize) -> Option<Self> {
        let tokens = &analysis.tokens;
        let multiplier = *tokens.get(index)?;
        let exponent = word_exponent(analysis.term(&multiplier))?;
        let mut first_index = index;
        while let Some([word, next]) =
            first_index.checked_sub(1).and_then(|at| tokens.get(at..=first_index))
        {
            let gap = text.get(word.span.end..next.span.start)?;
            let is_number_word = is_number_word(analysis.term(word));
            if !is_number_word
                || !matches!(gap, " " | "-" | "\n" | "\u{A0}")
                || index - first_index == MAX_NUMBER_WORDS
            {
                break;
            }
            first_index -= 1;
        }
        // The number may go on, as in "two thousand and twenty-five".
        if tokens.get(index + 1).is_some_and(|next| is_number_word(analysis.term(next))) {
            return None;
        }
        // "and" before the number words belongs to the sentence.
        let is_and = |token: &&Token| analysis.term(token) == "and";
        first_index += tokens.get(first_index..index)?.iter().take_while(is_and).count();
        let number_words = tokens.get(first_index..index)?;
        let number = number_from_words(number_words.iter().map(|word| analysis.term(word)))?;
        let mut value = String::new();
        push_multiplied(&number.to_string(), exponent, &mut value);
        let first_word = number_words.first()?;
        let mut figure = Self {
            position: first_word.position,
            number: Span::new(first_word.span.start, multiplier.span.end),
            value,
            unit: None,
            has_value: true,
        };
        figure.add_unit(text, None);
        Some(figure)
    }

    /// Returns the figure in Chinese numerals that begins with `token`, such as 百分之五 and 一万亿元. Numerals without
    /// a unit need a large multiplier (万 or 亿), since shorter numerals are parts of other words. `None` if there is
    /// no figure.
    fn from_chinese(text: &str, token: &Token, term: &str) -> Option<Self> {
        let Token { span, position, .. } = *token;
        if term == "百" {
            return Self::from_chinese_percent(text, token);
        }
        if !"一二三四五六七八九十两".contains(term) || follows_numeral(text.get(..span.start)?)
        {
            return None;
        }
        let number = chinese_number(text.get(span.start..)?)?;
        let mut figure = Self {
            position,
            number: Span::new(span.start, span.start + number.byte_len),
            value: number.value,
            unit: None,
            has_value: number.multiplier == ChineseMultiplier::Large,
        };
        if number.multiplier > ChineseMultiplier::One {
            figure.add_unit(text, None);
        }
        figure.has_value |= figure.unit.is_some();
        figure.has_value.then_some(figure)
    }

    fn from_chinese_percent(text: &str, token: &Token) -> Option<Self> {
        let Token { span, position, .. } = *token;
        let text_after_prefix = text.get(span.start..)?.strip_prefix("百分之")?;
        let digits: String = text_after_prefix
            .chars()
            .map(fold_char)
            .take_while(|c| c.is_ascii_digit() || *c == '.')
            .collect();
        let number_start = text.len() - text_after_prefix.len();
        let (value, bytes) = if is_decimal(&digits) {
            let mut value = String::new();
            push_multiplied(&digits, 0, &mut value);
            (value, text_after_prefix.chars().take(digits.len()).map(char::len_utf8).sum())
        } else {
            let number = chinese_number(text_after_prefix)?;
            (number.value, number.byte_len)
        };
        let number = Span::new(span.start, number_start + bytes);
        Some(Self { position, number, value, unit: Some((PERCENT, number)), has_value: false })
    }

    /// Sets the unit of the figure: the unit before the number or, if there is none, the unit after it.
    fn add_unit(&mut self, text: &str, unit_before: Option<FoundUnit>) {
        let Span { start, end } = self.number;
        let text_after = text.get(end..).unwrap_or_default();
        self.unit = match (unit_before, unit_after(text_after)) {
            (Some((unit, bytes)), _) => Some((unit, Span::new(start - bytes, end))),
            (None, Some((unit, bytes))) => Some((unit, Span::new(start, end + bytes))),
            (None, None) if begins_percent_range(&self.value, text_after) => {
                Some((PERCENT, self.number))
            }
            (None, None) => None,
        };
    }

    /// Adds the value and the quantity of the figure as additional terms. Omits a value that equals the term of the
    /// token.
    fn push_extras(&self, analysis: &mut Analysis) {
        let is_token = || {
            let token = analysis.tokens.get(self.position as usize);
            token.is_some_and(|token| analysis.term(token) == self.value)
        };
        if self.has_value && !is_token() {
            let term_start = analysis.terms.len();
            analysis.terms.push_str(&self.value);
            analysis.push_extra(term_start, self.number, self.position, ExtraKind::Value);
        }
        if let Some((unit, span)) = self.unit {
            // A quantity in S$ also gets a term with `$`, since a release writes both S$5 and $5.
            let any_dollar = Some("$").filter(|_| unit.len() > 1 && unit.ends_with('$'));
            for unit in any_dollar.into_iter().chain([unit]) {
                let term_start = analysis.terms.len();
                match unit {
                    PERCENT => analysis.terms.extend([&self.value, unit]),
                    currency => analysis.terms.extend([currency, &self.value]),
                }
                analysis.push_extra(term_start, span, self.position, ExtraKind::Quantity);
            }
        }
    }
}

/// Returns the tokens that continue the number at `index` as groups of three digits after spaces, such as 250 and 000
/// in 1 250 000.
fn thousands_groups<'a>(text: &str, analysis: &'a Analysis, index: usize) -> &'a [Token] {
    let tokens = analysis.tokens.get(index..).unwrap_or_default();
    let Some((first, rest)) = tokens.split_first() else { return &[] };
    let gap = |before: &Token, after: &Token| text.get(before.span.end..after.span.start);
    let may_have_groups = (1..=3).contains(&first.span.of(text).len())
        && !analysis.term(first).starts_with('0')
        && analysis.term(first).bytes().all(|byte| byte.is_ascii_digit());
    let separator = rest.first().and_then(|next| gap(first, next));
    let Some(separator) =
        separator.filter(|separator| may_have_groups && THOUSANDS_BLANKS.contains(separator))
    else {
        return &[];
    };
    let is_group = |pair: &&[Token]| {
        let [before, group] = pair else { return false };
        let digits = group.span.of(text);
        digits.len() == 3
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && gap(before, group) == Some(separator)
    };
    let group_count = tokens.windows(2).take_while(is_group).count();
    let groups = rest.get(..group_count).unwrap_or_default();
    // Ordinary spaces also stand between different numbers, such as the parts of a telephone number or the cells of a
    // row.
    let is_certain = separator != " "
        || groups.last().is_some_and(|group| group.span.of(text) == "000")
            && !follows_number(text, analysis, index);
    if is_certain { groups } else { &[] }
}

/// Returns whether a letter directly before digits belongs to one word with them. Returns `false` for a letter of a
/// script without spaces (Han, kana).
fn is_joined_letter(c: char) -> bool {
    c.is_alphabetic() && c < '\u{2E80}'
}

/// Returns whether a number or a plus sign precedes the token at `index`, directly or after one space.
fn follows_number(text: &str, analysis: &Analysis, index: usize) -> bool {
    let Some(token) = analysis.tokens.get(index) else { return false };
    let text_before = text.get(..token.span.start).unwrap_or_default();
    text_before
        .strip_suffix(' ')
        .unwrap_or(text_before)
        .ends_with(|c: char| c.is_numeric() || c == '+')
}

/// Returns whether the text before a Chinese numeral ends with another numeral or a digit.
fn follows_numeral(before: &str) -> bool {
    before.chars().next_back().is_some_and(|c| {
        c.is_numeric() || "零〇一二三四五六七八九十百千万亿两".contains(fold_char(c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Analyzer, Chinese, ExtraToken};

    /// Returns the values and quantities of the numbers in a text, each printed with its position and the text that it
    /// stands for.
    fn printed_figures(text: &str) -> String {
        let mut analysis = Analysis::default();
        Analyzer::new(Chinese::Off).tokens(text, &mut analysis);
        let is_figure =
            |extra: &&ExtraToken| matches!(extra.kind, ExtraKind::Value | ExtraKind::Quantity);
        let figures = analysis.extras.iter().filter(is_figure);
        let printed_terms = figures.map(|extra| {
            format!("{}{}<{}>", extra.position, analysis.extra_term(extra), extra.span.of(text))
        });
        printed_terms.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn percentages_are_quantities() {
        for (text, expected) in [
            ("top 5 of 5%", "35%<5%>"),
            ("5％ and 5.0 per cent", "05%<5％> 25<5.0> 25%<5.0 per cent>"),
            ("12.5 percent", "012.5%<12.5 percent>"),
            ("百分之五", "05%<百分之五>"),
            ("百分之5.50", "05.5%<百分之5.50>"),
            ("百分之十几", ""),
            ("5个百分点", ""),
            ("5 percentage points", ""),
            ("3 to 5%", "03%<3> 25%<5%>"),
            ("2012 to 16%", "216%<16%>"),
        ] {
            assert_eq!(printed_figures(text), expected, "{text}");
        }
    }

    #[test]
    fn sums_of_money_are_quantities() {
        for (text, expected) in [
            ("£20 million", "020000000<20 million> 0£20000000<£20 million>"),
            ("£20m", "020000000<20m> 0£20000000<£20m>"),
            ("US$1.5bn", "11500000000<1.5bn> 1$1500000000<US$1.5bn>"),
            ("HK$400k", "1400000<400k> 1$400000<HK$400k> 1HK$400000<HK$400k>"),
            ("£000", ""),
            ("$12.50", "012.5<12.50> 0$12.5<$12.50>"),
            ("RMB 500", "1¥500<RMB 500>"),
            ("USD7", "1$7<USD7>"),
            ("1,000 US dollars", "0$1000<1,000 US dollars>"),
            ("4.22億美元", "0422000000<4.22億> 0$422000000<4.22億美元>"),
            ("500 億元", "050000000000<500 億> 0¥50000000000<500 億元>"),
            ("一万亿元", "01000000000000<一万亿> 0¥1000000000000<一万亿元>"),
            ("五百元", "0500<五百> 0¥500<五百元>"),
            ("五元", ""),
        ] {
            assert_eq!(printed_figures(text), expected, "{text}");
        }
    }

    #[test]
    fn forms_of_one_number_have_one_value() {
        for (text, expected) in [
            (
                "one trillion yuan",
                "01000000000000<one trillion> 0¥1000000000000<one trillion yuan>",
            ),
            ("and twenty-five million", "125000000<twenty-five million>"),
            ("one hundred and two thousand", "0102000<one hundred and two thousand>"),
            ("a million", ""),
            ("two thousand and twenty-five", ""),
            ("2.25\nmillion", "02250000<2.25\nmillion>"),
            ("1\u{A0}250\u{A0}000 people", "01250000<1\u{A0}250\u{A0}000>"),
            ("39\u{202F}000", "039000<39\u{202F}000>"),
            ("39 000", "039000<39 000>"),
            ("+39 000", ""),
            ("Tel. 917 146 412", ""),
            ("500万千瓦", "05000000<500万>"),
            ("1000亿千瓦时", "0100000000000<1000亿>"),
            ("总额1万亿", "21000000000000<1万亿>"),
            ("30千克", ""),
            ("5万千瓦", "050000<5万>"),
            ("五万千瓦", "050000<五万>"),
            ("section 3.10", ""),
            ("at 10.30", ""),
            ("20m", ""),
            ("COVID19 million", ""),
        ] {
            assert_eq!(printed_figures(text), expected, "{text}");
        }
    }
}
