//! Tokenizer: one token for each Han character, and one token for each UAX #29 word of other text.

use unicode_segmentation::UnicodeSegmentation;

use super::{
    Analysis, Token, TokenKind, elision,
    fold::fold_char,
    normal::push_normal,
    number,
    word_fold::{depends_on_word, fold_tokens},
};
use crate::{script::is_han, span::Span};

/// Appends the tokens of `text` to `analysis`.
pub(super) fn push_tokens(text: &str, analysis: &mut Analysis) {
    if text.is_ascii() {
        push_words(text, Span::new(0, text.len()), analysis);
        return;
    }
    let mut words_start = 0;
    let mut dependent_tokens = Vec::new();
    for (start, c) in text.char_indices() {
        if is_han(c) {
            push_words(text, Span::new(words_start, start), analysis);
            words_start = start + c.len_utf8();
            let term_start = analysis.terms.len();
            let folded = fold_char(c);
            if depends_on_word(folded) {
                dependent_tokens.push(analysis.tokens.len());
            }
            analysis.terms.push(folded);
            push_token(analysis, term_start, Span::new(start, words_start), TokenKind::Han);
        }
    }
    push_words(text, Span::new(words_start, text.len()), analysis);
    fold_tokens(text, &dependent_tokens, analysis);
}

/// Appends the words of a range without Han characters. Splits the range at spaces first, since no word
/// contains a space. Most pieces are ASCII letters and digits, surrounded by punctuation. The letters and
/// digits are one word by UAX #29, so only the remaining pieces need the full rules of UAX #29.
fn push_words(text: &str, range: Span, analysis: &mut Analysis) {
    let mut piece_start = range.start;
    for piece in range.of(text).as_bytes().split(u8::is_ascii_whitespace) {
        let span = Span::new(piece_start, piece_start + piece.len());
        piece_start = span.end + 1;
        let leading_bytes = piece.iter().take_while(|byte| is_separator(**byte)).count();
        let from_word = piece.get(leading_bytes..).unwrap_or_default();
        let trailing_bytes = from_word.iter().rev().take_while(|byte| is_separator(**byte)).count();
        let word = from_word.get(..from_word.len() - trailing_bytes).unwrap_or_default();
        if !word.iter().all(u8::is_ascii_alphanumeric) {
            push_piece(text, span, analysis);
        } else if !word.is_empty() {
            let word_span = Span::new(span.start + leading_bytes, span.end - trailing_bytes);
            push_word(text, word_span.of(text), word_span, analysis);
        }
    }
}

/// Whether the byte is ASCII punctuation that ends a word. An underscore does not end a word: UAX #29 joins
/// words at underscores.
const fn is_separator(byte: u8) -> bool {
    byte.is_ascii_punctuation() && byte != b'_'
}

/// Appends the words of a piece of text without spaces, by UAX #29.
fn push_piece(text: &str, piece: Span, analysis: &mut Analysis) {
    let piece_text = piece.of(text);
    if !piece_text.chars().any(|c| fold_char(c) != c) {
        for (start, word) in piece_text.unicode_word_indices() {
            push_parts(text, word, analysis, |offset| piece.start + start + offset);
        }
        return;
    }
    // Folding a full-width character changes its length, so this code stores the original offset of each folded
    // byte.
    let mut folded = String::with_capacity(piece_text.len());
    let mut original_offsets = Vec::with_capacity(piece_text.len() + 1);
    for (start, c) in piece_text.char_indices() {
        let folded_char = fold_char(c);
        original_offsets.extend(std::iter::repeat_n(piece.start + start, folded_char.len_utf8()));
        folded.push(folded_char);
    }
    original_offsets.push(piece.end);
    for (start, word) in folded.unicode_word_indices() {
        push_parts(text, word, analysis, |offset| {
            original_offsets.get(start + offset).copied().unwrap_or(piece.end)
        });
    }
}

/// Splits a UAX #29 word at underscores, and before the digits of nº456, and appends each part as a word.
/// `text_offset` maps an offset in the word to an offset in the text.
fn push_parts(
    text: &str,
    word: &str,
    analysis: &mut Analysis,
    text_offset: impl Fn(usize) -> usize,
) {
    let mut part_start = 0;
    for part in word.split('_') {
        let label_bytes = number_label_bytes(part);
        let (label, rest) = part.split_at_checked(label_bytes).unwrap_or(("", part));
        for (start, word) in [(part_start, label), (part_start + label_bytes, rest)] {
            if word.chars().any(char::is_alphanumeric) {
                let span = Span::new(text_offset(start), text_offset(start + word.len()));
                push_word(text, word, span, analysis);
                push_after_elided(word, analysis, |offset| text_offset(start + offset));
            }
        }
        part_start += part.len() + 1;
    }
}

/// Returns the length in bytes of the label before a number: nº of nº456. 0 if `word` has no such label.
fn number_label_bytes(word: &str) -> usize {
    let label_bytes = word.find('º').map_or(0, |start| start + 'º'.len_utf8());
    let number = word.get(label_bytes..).unwrap_or_default();
    if number.starts_with(|c: char| c.is_ascii_digit()) { label_bytes } else { 0 }
}

/// Appends the word after an elided word as an extra token: union of l’Union. `text_offset` maps an offset in
/// `word` to an offset in the text.
fn push_after_elided(word: &str, analysis: &mut Analysis, text_offset: impl Fn(usize) -> usize) {
    let Some(start) = elision::after_elided(word) else { return };
    let term_start = analysis.terms.len();
    push_normal(word.get(start..).unwrap_or_default(), &mut analysis.terms);
    if analysis.terms.len() > term_start {
        let span = Span::new(text_offset(start), text_offset(word.len()));
        push_token(analysis, term_start, span, TokenKind::Word);
        make_extra(analysis);
    }
}

/// Appends the token of a word. For a number with a multiplier, also appends an extra token with the normal
/// form of the number.
fn push_word(text: &str, word: &str, span: Span, analysis: &mut Analysis) {
    let term_start = analysis.terms.len();
    if number::is_number(word) {
        number::push_normal(word, &mut analysis.terms);
        push_token(analysis, term_start, span, TokenKind::Number);
        let following_text = text.get(span.end..).unwrap_or_default();
        if let Some((zeros, bytes)) = number::parse_multiplier(following_text) {
            let extra_start = analysis.terms.len();
            number::push_multiplied(word, zeros, &mut analysis.terms);
            push_token(
                analysis,
                extra_start,
                Span::new(span.start, span.end + bytes),
                TokenKind::Number,
            );
            make_extra(analysis);
        }
        return;
    }
    push_normal(word, &mut analysis.terms);
    if analysis.terms.len() > term_start {
        push_token(analysis, term_start, span, TokenKind::Word);
    }
}

fn push_token(analysis: &mut Analysis, term: usize, span: Span, kind: TokenKind) {
    let position = analysis.tokens.last().map_or(0, |token| token.position + 1);
    let term = Span::new(term, analysis.terms.len());
    analysis.tokens.push(Token { term, span, position, kind, extra: false });
}

/// Makes the last token an extra token of the token before it.
fn make_extra(analysis: &mut Analysis) {
    if let Some([.., first, second]) = analysis.tokens.get_mut(..) {
        (second.extra, second.position) = (true, first.position);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Analyzer, Chinese};

    /// Returns the tokens as `POSITIONterm`, extra tokens as `POSITION=term`.
    fn print_tokens(text: &str) -> String {
        let mut analysis = Analysis::default();
        Analyzer::new(Chinese::Off).tokens(text, &mut analysis);
        let token = |token: &Token| {
            let sign = if token.extra { "=" } else { "" };
            format!("{}{sign}{}", token.position, analysis.term(token))
        };
        analysis.tokens.iter().map(token).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn texts_become_terms_at_positions() {
        let cases = [
            ("", ""),
            ("The city’s flying-car", "0the 1city 2flying 3car"),
            ("U.S. GDP: 30%", "0us 1gdp 230"),
            ("39,000 and 1.5", "039000 1and 21.5"),
            ("3.9万人", "03.9 0=39000 1万 2人"),
            ("２．２５ million", "02.25 0=2250000 1million"),
            ("1万亿", "01 0=1000000000000 1万 2亿"),
            ("粵港澳大灣區", "0粤 1港 2澳 3大 4湾 5区"),
            ("ＡＩ审批ERP", "0ai 1审 2批 3erp"),
            ("foo_bar café co\u{AD}operation", "0foo 1bar 2cafe 3cooperation"),
            ("O’Brien don't", "0obrien 1dont"),
            ("都市計畫、畫家", "0都 1市 2计 3划 4画 5家"),
            ("Łódź Sørensen", "0lodz 1sorensen"),
            ("Hawaiʻi Oʻahu Qurʾān", "0hawaii 1oahu 2quran"),
            ("L’Union d'Ivoire’s", "0lunion 0=union 1divoire 1=ivoire"),
            ("Ph.D. U.S.A. gov.uk", "0phd 1usa 2gov.uk"),
            ("nº456 №456 5º n_º7", "0no 1456 2456 35o 4n 5o 67"),
        ];
        for (text, tokens) in cases {
            assert_eq!(print_tokens(text), tokens, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn splitting_at_spaces_keeps_the_words_of_uax_29(text in "([a-zA-Z0-9é_’'.,:;$#%()\"\u{301}\u{200d}\u{ad}ｆא 　\n\t\r-]){0,40}") {
            let (mut split, mut unsplit) = (Analysis::default(), Analysis::default());
            push_words(&text, Span::new(0, text.len()), &mut split);
            push_piece(&text, Span::new(0, text.len()), &mut unsplit);
            proptest::prop_assert_eq!(split, unsplit);
        }

        #[test]
        fn tokens_have_terms_spans_and_ascending_positions(text in r"(?s)(.|[广州預算ＡＩ３’ \n,.0-9a-z万亿]){0,60}") {
            let mut analysis = Analysis::default();
            Analyzer::new(Chinese::Off).tokens(&text, &mut analysis);
            let mut previous: Option<Token> = None;
            for token in &analysis.tokens {
                let term = analysis.term(token);
                proptest::prop_assert!(!term.is_empty());
                proptest::prop_assert!(!term.contains(|c: char| c.is_whitespace() || c.is_control()));
                proptest::prop_assert!(text.get(token.span.start..token.span.end).is_some_and(|s| !s.is_empty()));
                let expected = previous.map_or(0, |b| if token.extra { b.position } else { b.position + 1 });
                proptest::prop_assert_eq!(token.position, expected);
                proptest::prop_assert!(previous.is_none_or(|b| b.span.start <= token.span.start));
                previous = Some(*token);
            }
        }
    }
}
