//! Splits text into tokens: one for each Han character, and one for each UAX #29 word of other text. A word of letters
//! and digits (COVID19) is split into its letters and its digits, so that COVID19, COVID-19 and COVID 19 have equal
//! tokens.

use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

use super::{
    Analysis, ExtraKind, Token, TokenKind, elision,
    fold::fold_char,
    normal::push_normal_form,
    number,
    word_fold::{fold_han_tokens, folding_depends_on_word},
};
use crate::{script::is_han, span::Span};

/// Maximum number of pieces (runs of letters or of digits) of a word that is split. A word of more pieces is mostly a
/// code or a checksum, and stays one word.
const MAX_WORD_PIECES: usize = 4;
/// Maximum number of spaces that pad a name or a heading between two Han characters.
const MAX_PADDING_SPACES: usize = 4;

/// Appends the tokens of `text` to `analysis`.
pub(super) fn push_tokens(text: &str, analysis: &mut Analysis) {
    if text.is_ascii() {
        push_non_han_words(text, Span::new(0, text.len()), analysis);
        return;
    }
    let mut words_start = 0;
    let mut word_folded_tokens = Vec::new();
    for (start, c) in text.char_indices() {
        if is_han(c) {
            push_non_han_words(text, Span::new(words_start, start), analysis);
            words_start = start + c.len_utf8();
            let term_start = analysis.terms.len();
            let folded_char = fold_char(c);
            if folding_depends_on_word(folded_char) {
                word_folded_tokens.push(analysis.tokens.len());
            }
            analysis.terms.push(folded_char);
            push_token(analysis, term_start, Span::new(start, words_start), TokenKind::Han);
        }
    }
    push_non_han_words(text, Span::new(words_start, text.len()), analysis);
    fold_han_tokens(text, &word_folded_tokens, analysis);
    if words_start > 0 {
        mark_adjoining_han_tokens(text, &mut analysis.tokens);
    }
}

/// Marks each Han character that forms one run with the Han character before it. Between them is nothing, or only
/// invisible characters. Spaces may be between them if neither has a Han character directly beside it: such spaces pad a
/// name or a heading to the width of its neighbours (李　强, 通　知).
fn mark_adjoining_han_tokens(text: &str, tokens: &mut [Token]) {
    let gap_after = |index: usize, tokens: &[Token]| match tokens.get(index..index + 2) {
        Some([before, after]) if before.kind == TokenKind::Han && after.kind == TokenKind::Han => {
            gap_between_han(Span::new(before.span.end, after.span.start).of(text))
        }
        _ => HanGap::Other,
    };
    let (mut gap_before_previous, mut gap) = (HanGap::Other, gap_after(0, tokens));
    for index in 1..tokens.len() {
        let next_gap = gap_after(index, tokens);
        let neighbours_stand_apart =
            gap_before_previous != HanGap::Invisible && next_gap != HanGap::Invisible;
        if let Some(token) = tokens.get_mut(index) {
            token.adjoins_previous_han =
                gap == HanGap::Invisible || gap == HanGap::Padding && neighbours_stand_apart;
        }
        (gap_before_previous, gap) = (gap, next_gap);
    }
}

/// Kind of the text between two Han characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum HanGap {
    /// Nothing that a reader sees.
    Invisible,
    /// Up to [`MAX_PADDING_SPACES`] spaces.
    Padding,
    /// Anything else.
    Other,
}

/// Returns the kind of the text `gap` between two Han characters.
fn gap_between_han(gap: &str) -> HanGap {
    if gap.chars().all(is_invisible) {
        return HanGap::Invisible;
    }
    let is_padding = |c: char| matches!(c, ' ' | '\u{A0}' | '\u{2002}' | '\u{2003}' | '\u{3000}');
    let is_short = gap.chars().count() <= MAX_PADDING_SPACES;
    if is_short && gap.chars().all(is_padding) { HanGap::Padding } else { HanGap::Other }
}

/// Returns whether `c` has no width: it marks where a line may break or must not break, or it joins two characters.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}')
}

/// Appends the tokens of the text in `range`, which contains no Han characters. Splits the text at spaces first, since
/// no word contains a space. A chunk between spaces that consists of ASCII letters and digits with punctuation around
/// them is one word by UAX #29, so only other chunks need the full rules.
fn push_non_han_words(text: &str, range: Span, analysis: &mut Analysis) {
    let mut chunk_start = range.start;
    for chunk in range.of(text).as_bytes().split(u8::is_ascii_whitespace) {
        let chunk_span = Span::new(chunk_start, chunk_start + chunk.len());
        chunk_start = chunk_span.end + 1;
        let leading_bytes = chunk.iter().take_while(|byte| is_ascii_word_separator(**byte)).count();
        let from_word = chunk.get(leading_bytes..).unwrap_or_default();
        let trailing_bytes =
            from_word.iter().rev().take_while(|byte| is_ascii_word_separator(**byte)).count();
        let word = from_word.get(..from_word.len() - trailing_bytes).unwrap_or_default();
        if !word.iter().all(u8::is_ascii_alphanumeric) {
            push_unicode_words(text, chunk_span, analysis);
        } else if !word.is_empty() {
            let word_span =
                Span::new(chunk_span.start + leading_bytes, chunk_span.end - trailing_bytes);
            push_word(word_span.of(text), analysis, |offset| word_span.start + offset);
        }
    }
}

/// Returns whether the byte is ASCII punctuation between words. An underscore does not count, because UAX #29 joins
/// words at underscores.
const fn is_ascii_word_separator(byte: u8) -> bool {
    byte.is_ascii_punctuation() && byte != b'_'
}

/// Appends the tokens of a text without spaces, split into words by UAX #29.
fn push_unicode_words(text: &str, chunk: Span, analysis: &mut Analysis) {
    let chunk_text = chunk.of(text);
    if !chunk_text.chars().any(|c| fold_char_of_word(c) != c) {
        for (start, word) in chunk_text.unicode_word_indices() {
            push_word_parts(word, analysis, |offset| chunk.start + start + offset);
        }
        return;
    }
    // Folding a full-width character changes its length, so this code stores the original offset of each folded
    // byte.
    let mut folded = String::with_capacity(chunk_text.len());
    let mut original_offsets = Vec::with_capacity(chunk_text.len() + 1);
    for (start, c) in chunk_text.char_indices() {
        let folded_char = fold_char_of_word(c);
        original_offsets.extend(std::iter::repeat_n(chunk.start + start, folded_char.len_utf8()));
        folded.push(folded_char);
    }
    original_offsets.push(chunk.end);
    for (start, word) in folded.unicode_word_indices() {
        push_word_parts(word, analysis, |offset| {
            original_offsets.get(start + offset).copied().unwrap_or(chunk.end)
        });
    }
}

/// Returns the folded form of a character of a word. A subscript digit becomes a digit, so that PM₁₀ is PM10. A
/// superscript digit stays, because it may be an exponent or the number of a footnote.
fn fold_char_of_word(c: char) -> char {
    match c {
        '\u{2080}'..='\u{2089}' => char::from(b'0' + (u32::from(c) - 0x2080) as u8),
        _ => fold_char(c),
    }
}

/// Splits a UAX #29 word at underscores and narrow no-break spaces, and appends the tokens of the parts. `text_offset`
/// maps an offset in the word to an offset in the text.
fn push_word_parts(word: &str, analysis: &mut Analysis, text_offset: impl Fn(usize) -> usize) {
    let mut next_start = 0;
    for part in word.split_inclusive(['_', '\u{202F}']) {
        let part_start = next_start;
        next_start += part.len();
        let trimmed_part = part.trim_end_matches(['_', '\u{202F}']);
        if trimmed_part.chars().any(char::is_alphanumeric) {
            push_word(trimmed_part, analysis, |offset| text_offset(part_start + offset));
        }
    }
}

/// Appends the token of a word, with the word after an elided article as an additional term. If the word consists of
/// letters and digits, appends a token for each of its pieces, with the whole word as an additional term.
/// `text_offset` maps an offset in the word to an offset in the text.
fn push_word(word: &str, analysis: &mut Analysis, text_offset: impl Fn(usize) -> usize) {
    let span_of = |start: usize, end: usize| Span::new(text_offset(start), text_offset(end));
    let inner_piece_ends = letter_digit_boundaries(word);
    if inner_piece_ends.is_empty() {
        let position = analysis.position_count();
        push_piece_token(word, span_of(0, word.len()), analysis);
        if let Some(next_word_start) = elision::offset_after_elided_word(word) {
            let term_start = analysis.terms.len();
            push_normal_form(word.get(next_word_start..).unwrap_or_default(), &mut analysis.terms);
            let span = span_of(next_word_start, word.len());
            analysis.push_extra_token(term_start, span, position, ExtraKind::AfterElision);
        }
        return;
    }
    let first_position = analysis.position_count();
    let mut piece_start = 0;
    for end in inner_piece_ends.into_iter().chain([word.len()]) {
        push_piece_token(
            word.get(piece_start..end).unwrap_or_default(),
            span_of(piece_start, end),
            analysis,
        );
        piece_start = end;
    }
    let term_start = analysis.terms.len();
    push_normal_form(word, &mut analysis.terms);
    let span = span_of(0, word.len());
    analysis.push_extra_token(term_start, span, first_position, ExtraKind::WholeWord);
}

/// Returns the byte offsets in a word at which a letter follows a digit or a digit follows a letter. Returns no
/// offsets for a word that is not split: an ordinal number, a decade, or a word of more than [`MAX_WORD_PIECES`]
/// pieces.
fn letter_digit_boundaries(word: &str) -> Vec<usize> {
    let mut end_offsets = Vec::new();
    if !word.bytes().any(|byte| byte.is_ascii_digit()) {
        return end_offsets;
    }
    let (mut after_letter, mut after_digit) = (false, false);
    // A combining mark belongs to the letter before it.
    for (offset, c) in word.char_indices().filter(|(_, c)| !is_combining_mark(*c)) {
        let is_digit = c.is_ascii_digit();
        let is_letter = !is_digit && c.is_alphabetic();
        if after_letter && is_digit || after_digit && is_letter {
            end_offsets.push(offset);
        }
        (after_letter, after_digit) = (is_letter, is_digit);
    }
    if end_offsets.len() >= MAX_WORD_PIECES
        || end_offsets.first().is_some_and(|&end| is_ordinal_or_decade(word, end))
    {
        end_offsets.clear();
    }
    end_offsets
}

/// Returns whether a word is an ordinal number (21st, 4TH) or a decade (1980s, 90s). `end` is the byte offset in the
/// word at which its digits end.
fn is_ordinal_or_decade(word: &str, end: usize) -> bool {
    let Some((digits, suffix)) = word.split_at_checked(end) else { return false };
    let is_ordinal =
        ["st", "nd", "rd", "th"].iter().any(|ending| suffix.eq_ignore_ascii_case(ending));
    let is_decade = suffix == "s" && digits.ends_with('0') && matches!(digits.len(), 2 | 4);
    digits.bytes().all(|byte| byte.is_ascii_digit()) && (is_ordinal || is_decade)
}

/// Appends the token of a word that is not split, or of one piece of a word.
fn push_piece_token(piece: &str, span: Span, analysis: &mut Analysis) {
    let term_start = analysis.terms.len();
    if number::is_number(piece) {
        number::push_normalized_number(piece, &mut analysis.terms);
        push_token(analysis, term_start, span, TokenKind::Number);
        return;
    }
    push_normal_form(piece, &mut analysis.terms);
    if analysis.terms.len() > term_start {
        push_token(analysis, term_start, span, TokenKind::Word);
    }
}

/// Appends a token. Its term is the text of `analysis.terms` from the byte offset `term_start` on.
fn push_token(analysis: &mut Analysis, term_start: usize, span: Span, kind: TokenKind) {
    let position = analysis.position_count();
    let term = Span::new(term_start, analysis.terms.len());
    analysis.tokens.push(Token { term, span, position, kind, adjoins_previous_han: false });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Analyzer, Chinese};

    /// Returns the tokens of a text. Each token is printed as its position and its term, with its additional terms as
    /// `=term` after it.
    fn tokens_as_text(text: &str) -> String {
        let mut analysis = Analysis::default();
        Analyzer::new(Chinese::Off).tokens(text, &mut analysis);
        let printed_token = |token: &Token| {
            let extras = analysis.extra_tokens_at(token.position).iter();
            let extras: String =
                extras.flat_map(|extra| [" =", analysis.extra_term(extra)]).collect();
            format!("{}{}{extras}", token.position, analysis.term(token))
        };
        analysis.tokens.iter().map(printed_token).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn texts_become_terms_at_positions() {
        let cases = [
            ("", ""),
            ("The city’s flying-car", "0the 1city 2flying 3car"),
            ("U.S. GDP: 30", "0us =US 1gdp 230"),
            ("39,000 and 1.5", "039000 1and 21.5"),
            ("3.9万人", "03.9 1万 2人"),
            ("２．２５ million", "02.25 1million"),
            ("1万亿", "01 1万 2亿"),
            ("粤港澳大湾区", "0粤 1港 2澳 3大 4湾 5区"),
            ("⻓江⾥⻢", "0长 1江 2里 3马"),
            ("ＡＩ审批ERP", "0ai 1审 2批 3erp"),
            ("foo_bar café co\u{AD}operation", "0foo 1bar 2cafe 3cooperation"),
            ("O’Brien don't", "0obrien 1dont"),
            ("I’ll be ill. We'd wed", "0i'll 1be 2ill 3we'd 4wed"),
            (
                "www.harbour.gov.sg http://www.port-authority.org",
                "0harbour.gov.sg 1http 2port 3authority.org",
            ),
            ("www WWW.GOV.UK", "0www 1gov.uk"),
            ("都市計畫、畫家", "0都 1市 2计 3划 4画 5家"),
            ("Łódź Sørensen", "0lodz 1sorensen"),
            ("Hawaiʻi Oʻahu Qurʾān", "0hawaii 1oahu 2quran"),
            ("L’Union d'Ivoire’s", "0lunion =union 1divoire =ivoire"),
            ("Ph.D. U.S.A. gov.uk", "0phd 1usa 2gov.uk"),
            ("nº456 №456", "0no =no456 1456 2456"),
        ];
        for (text, tokens) in cases {
            assert_eq!(tokens_as_text(text), tokens, "{text}");
        }
    }

    #[test]
    fn letters_and_digits_are_split() {
        for (text, tokens) in [
            ("COVID19", "0covid =covid19 119"),
            ("COVID-19", "0covid 119"),
            ("ＦＹ２０２４", "0fy =fy2024 12024"),
            ("PM2.5", "0pm =pm2.5 12.5"),
            ("H1N1", "0h =h1n1 11 2n 31"),
            ("B2B 5G 3D", "0b =b2b 12 2b 35 =5g 4g 53 =3d 6d"),
            ("CO2 CO₂ m²", "0co =co2 12 2co =co2 32 4m 52"),
            ("PM₁₀ PM₂.₅", "0pm =pm10 110 2pm =pm2.5 32.5"),
            ("10¹²", "010 11 22"),
            ("nº456", "0no =no456 1456"),
            ("cafe\u{301}2 café2", "0cafe =cafe2 12 2cafe =cafe2 32"),
            ("F16s G20", "0f =f16s 116 2s 3g =g20 420"),
            ("the 21st, the 4TH", "0the 121st 2the 34th"),
            ("the 1980s and 90s", "0the 11980s 2and 390s"),
            ("a12fe814c84", "0a12fe814c84"),
            ("39\u{202F}000", "039 1000"),
        ] {
            assert_eq!(tokens_as_text(text), tokens, "{text}");
        }
    }

    #[test]
    fn runs_of_han_characters_go_on_after_invisible_characters_and_padding() {
        for (text, expected) in [
            ("港口 局", "港口|局"),
            ("总理　李　强　出席", "总理|李强|出席"),
            ("部长王　毅", "部长王|毅"),
            ("局长：王　毅，李&强", "局长|王毅|李|强"),
            ("港　务　局", "港务局"),
            ("通    知", "通知"),
            ("通     知", "通|知"),
            ("李\n强 张\t三", "李|强张|三"),
            (
                "港\u{200B}务局、航\u{FEFF}线、渡\u{200D}轮、轮\u{2060}停、停\u{AD}航",
                "港务局|航线|渡轮|轮停|停航",
            ),
            ("港a务 5 局", "港|务|局"),
        ] {
            let mut analysis = Analysis::default();
            Analyzer::new(Chinese::Off).tokens(text, &mut analysis);
            let terms_of_run = |run: std::ops::Range<usize>| -> String {
                analysis.tokens[run].iter().map(|token| analysis.term(token)).collect()
            };
            let runs: Vec<String> = analysis.han_runs().map(terms_of_run).collect();
            assert_eq!(runs.join("|"), expected, "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn splitting_at_spaces_keeps_the_words_of_uax_29(text in "([a-zA-Z0-9é_’'.,:;$#%()\"\u{301}\u{200d}\u{ad}ｆא 　\n\t\r-]){0,40}") {
            let (mut split, mut unsplit) = (Analysis::default(), Analysis::default());
            push_non_han_words(&text, Span::new(0, text.len()), &mut split);
            push_unicode_words(&text, Span::new(0, text.len()), &mut unsplit);
            proptest::prop_assert_eq!(split, unsplit);
        }

        #[test]
        fn tokens_have_terms_spans_and_ascending_positions(text in r"(?s)(.|[广州預算ＡＩ３’ \n,.0-9a-zAIM万亿千元百分之五十%％£$-]| million| percent|May ){0,60}") {
            let mut analysis = Analysis::default();
            Analyzer::new(Chinese::Off).tokens(&text, &mut analysis);
            let mut previous: Option<Token> = None;
            for token in &analysis.tokens {
                let term = analysis.term(token);
                proptest::prop_assert!(!term.is_empty());
                proptest::prop_assert!(!term.contains(|c: char| c.is_whitespace() || c.is_control()));
                proptest::prop_assert!(text.get(token.span.start..token.span.end).is_some_and(|s| !s.is_empty()));
                let expected = previous.map_or(0, |b| b.position + 1);
                proptest::prop_assert_eq!(token.position, expected);
                proptest::prop_assert!(previous.is_none_or(|b| b.span.start <= token.span.start));
                previous = Some(*token);
            }
            proptest::prop_assert!(analysis.extras.is_sorted_by_key(|extra| extra.position));
            for extra in &analysis.extras {
                let term = analysis.extra_term(extra);
                proptest::prop_assert!(!term.is_empty());
                proptest::prop_assert!(!term.contains(|c: char| c.is_whitespace() || c.is_control()));
                let token = analysis.tokens[extra.position as usize];
                proptest::prop_assert!(
                    extra.span.start <= token.span.start && token.span.end <= extra.span.end
                );
                proptest::prop_assert!(text.get(extra.span.start..extra.span.end).is_some());
            }
        }
    }
}
