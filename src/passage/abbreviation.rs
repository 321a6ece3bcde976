//! Text → the abbreviations that it defines in brackets.
//!
//! Where a long form begins is told as by Schwartz and Hearst ("A Simple Algorithm for Identifying
//! Abbreviation Definitions in Biomedical Text", 2003): its characters, from the last to the first, are
//! those of the abbreviation in order, and the first begins a word.

use std::ops::Range;

use crate::{
    analysis::{Analysis, Token, TokenKind},
    script::is_han,
};

/// An abbreviation has so many characters.
const SHORT: Range<usize> = 2..11;
/// A long form has at most so many words more than the abbreviation has letters…
const MORE_WORDS: usize = 5;
/// …or so many times as many characters, in Chinese.
const TIMES_HAN: usize = 6;
/// What ends the stretch that a long form is looked for in.
const STOPS: &[char] =
    &['.', '!', '?', ';', ':', '(', ')', '。', '！', '？', '；', '：', '，', '（', '）', '\n'];
/// What introduces an abbreviation in brackets, as terms.
const INTRODUCED: &[&str] = &["hereinafter", "hereafter", "the", "or"];
const INTRODUCED_HAN: &[&str] = &["以下简称", "以下统称", "以下称", "下简称", "下称", "简称"];

/// An abbreviation and the words that it stands for, as terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Abbreviation {
    pub(crate) short_form: String,
    pub(crate) long_form: Vec<String>,
}

/// The definitions in `text`, of which `analysis` holds the tokens: `Low-Emission Bus Programme
/// (LEBP)`, `LEBP (Low-Emission Bus Programme)`, `社会保障局（以下简称社保局）`.
pub(crate) fn abbreviations(text: &str, analysis: &Analysis) -> Vec<Abbreviation> {
    let mut found = Vec::new();
    for (open, _) in text.match_indices(['(', '（']) {
        let inside = text.get(open..).and_then(|rest| rest.find([')', '）']));
        let Some(close) = inside.map(|length| open + length) else { break };
        let at = |place: usize| analysis.tokens.partition_point(|t| t.span.start < place);
        let bracket = Bracket { text, analysis, before: at(open), end: at(close), close, open };
        found.extend(bracket.definition());
    }
    found
}

/// A pair of brackets: where it stands in the text, and its tokens.
struct Bracket<'a> {
    text: &'a str,
    analysis: &'a Analysis,
    open: usize,
    close: usize,
    /// How many tokens stand before it.
    before: usize,
    /// How many stand before its end.
    end: usize,
}

impl Bracket<'_> {
    fn definition(&self) -> Option<Abbreviation> {
        let tokens = &self.analysis.tokens;
        let (above, inner) = (tokens.get(..self.before)?, tokens.get(self.before..self.end)?);
        let last = above.last()?;
        if !self.text.get(last.span.end..self.open)?.trim().is_empty() {
            return None;
        }
        if let Some(short) = self.inner_short(inner) {
            let window = above.get(self.window(above, &short)..)?;
            let start = start_of(&short, &self.terms(window))?;
            return self.defined(short, window.get(start..)?);
        }
        // The abbreviation first, and then what it stands for and nothing else.
        let short = self.abbreviation(last)?;
        let start = start_of(&short, &self.terms(inner))?;
        let words = short.chars().count() + MORE_WORDS;
        if start == 0 && inner.len() <= words { self.defined(short, inner) } else { None }
    }

    fn defined(&self, short: String, long: &[Token]) -> Option<Abbreviation> {
        let plain = long.len() >= 2 && long.iter().all(|token| !token.extra);
        let long: Vec<String> = self.terms(long).into_iter().map(str::to_owned).collect();
        let says_it = if short.chars().all(is_han) {
            long.concat().contains(&short)
        } else {
            long.contains(&short)
        };
        (plain && !says_it).then_some(Abbreviation { short_form: short, long_form: long })
    }

    /// The abbreviation between the brackets.
    fn inner_short(&self, inner: &[Token]) -> Option<String> {
        let (first, last) = (inner.first()?, inner.last()?);
        if first.kind == TokenKind::Han {
            return self.han_short(inner);
        }
        let after = self.text.get(first.span.end..self.close)?;
        if inner.len() == 1 || after.starts_with([',', ';', '，', '；']) {
            return self.abbreviation(first);
        }
        let introduced = INTRODUCED.contains(&self.analysis.term(first));
        if introduced { self.abbreviation(last) } else { None }
    }

    /// The characters after 以下简称, up to a mark.
    fn han_short(&self, inner: &[Token]) -> Option<String> {
        let all = self.terms(inner).concat();
        let rest = INTRODUCED_HAN.iter().find_map(|words| all.strip_prefix(words))?;
        let skipped = all.chars().count() - rest.chars().count();
        let mut short = String::new();
        let mut end = None;
        for token in inner.get(skipped..)?.iter().filter(|token| token.kind == TokenKind::Han) {
            if end.is_some_and(|end| end != token.span.start) {
                break;
            }
            end = Some(token.span.end);
            short.push_str(self.analysis.term(token));
        }
        SHORT.contains(&short.chars().count()).then_some(short)
    }

    /// A token that is written as an abbreviation, without the s of a plural.
    fn abbreviation(&self, token: &Token) -> Option<String> {
        let written = token.span.of(self.text);
        let capitals = written.chars().filter(|c| c.is_uppercase()).count();
        let digits = written.chars().filter(char::is_ascii_digit).count();
        let term = self.analysis.term(token);
        let plural = written.strip_suffix('s').filter(|one| one.ends_with(char::is_uppercase));
        let term = plural.and_then(|_| term.strip_suffix('s')).unwrap_or(term);
        let is_short = token.kind != TokenKind::Han && SHORT.contains(&term.chars().count());
        (is_short && capitals >= 1 && capitals + digits >= 2).then(|| term.to_owned())
    }

    /// Where the stretch before the bracket begins in which the long form may stand.
    fn window(&self, above: &[Token], short: &str) -> usize {
        let chars = short.chars().count();
        let is_han = above.last().is_some_and(|token| token.kind == TokenKind::Han);
        let most = if is_han { chars * TIMES_HAN } else { (chars + MORE_WORDS).min(chars * 2) };
        let stops = |pair: &[Token]| match pair {
            [a, b] => {
                self.text.get(a.span.end..b.span.start).is_some_and(|gap| gap.contains(STOPS))
            }
            _ => false,
        };
        let kept = above.windows(2).rev().take(most - 1).take_while(|pair| !stops(pair)).count();
        above.len().saturating_sub(kept + 1)
    }

    fn terms(&self, tokens: &[Token]) -> Vec<&str> {
        tokens.iter().map(|token| self.analysis.term(token)).collect()
    }
}

/// The word that a long form for `short` begins with, where the last of `words` ends it.
fn start_of(short: &str, words: &[&str]) -> Option<usize> {
    let letters = words.iter().enumerate().flat_map(|(word, term)| {
        term.chars().enumerate().map(move |(place, c)| (c, place == 0, word))
    });
    let letters: Vec<(char, bool, usize)> = letters.collect();
    let mut left = letters.iter().rev();
    let mut start = None;
    let mut wanted = short.chars().rev().peekable();
    while let Some(c) = wanted.next() {
        let first = wanted.peek().is_none();
        start = Some(left.find(|(found, begins, _)| *found == c && (*begins || !first))?.2);
    }
    start
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Analyzer, Chinese};

    #[test]
    fn definitions_of_texts() {
        for (text, expected) in [
            ("the Low-Emission Bus Programme (LEBP) began", "lebp=low emission bus programme"),
            ("The LEBP (Low-Emission Bus Programme) began", "lebp=low emission bus programme"),
            ("help for small and medium enterprises (SMEs)", "sme=small and medium enterprises"),
            (
                "the National Development and Reform Commission (hereinafter “NDRC”)",
                "ndrc=national development and reform commission",
            ),
            ("Gross Domestic Product (GDP, in yuan)", "gdp=gross domestic product"),
            ("It ended. Product of Gold Domes (GDP)", ""),
            ("the plan (see above)", ""),
            ("the plan (2025)", ""),
            ("the Plan (TP", ""),
            ("人力资源和社会保障局（以下简称“人社局”）", "人社局=人 力 资 源 和 社 会 保 障 局"),
            ("廣東省財政廳（下稱省財廳）", "省财厅=省 财 政 厅"),
            ("粤港澳大湾区（以下简称“大湾区”）", ""),
            ("企业和其他组织（以下简称企业）", ""),
        ] {
            let mut analysis = Analysis::default();
            Analyzer::new(Chinese::Off).tokens(text, &mut analysis);
            let shown: Vec<String> = abbreviations(text, &analysis)
                .iter()
                .map(|found| format!("{}={}", found.short_form, found.long_form.join(" ")))
                .collect();
            assert_eq!(shown.join("; "), expected, "{text}");
        }
    }
}
