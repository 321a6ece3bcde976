//! Folds characters depending on the word that contains them: 畫 is 划 in 計畫 and 画 in 畫家. The text must already be
//! folded by [`fold_char`], so 計畫, 計劃 and 计画 all become 计划. Replaces one character by one character, so tokens
//! keep the spans of the original text.

use super::{Analysis, Token, TokenKind, fold::fold_char};
use crate::span::Span;

/// Context that determines how a character folds: the characters directly before and directly after the character. The
/// build script generates the contexts from `word_fold.tsv`.
struct FoldContext {
    /// Characters directly before the folded character, in text order.
    chars_before: &'static [char],
    /// Characters directly after the folded character.
    chars_after: &'static [char],
    /// Character to which the character folds. The character itself if it does not change in this context.
    folded: char,
}

include!(concat!(env!("OUT_DIR"), "/word_fold.rs"));

/// Returns `text` as terms contain it: every character folded by [`fold_char`], then Han characters by the words
/// around them. The result has as many characters as `text`.
///
/// ```
/// use gz_search::analysis::fold_text;
///
/// assert_eq!(fold_text("都市計畫與畫家"), "都市计划与画家");
/// ```
pub fn fold_text(text: &str) -> String {
    let mut characters: Vec<char> = text.chars().map(fold_char).collect();
    for index in 0..characters.len() {
        let neighbour = |offset| {
            index.checked_add_signed(offset).and_then(|index| characters.get(index)).copied()
        };
        let folded_character = neighbour(0).map(|character| fold_in_word(character, neighbour));
        if let Some((character, folded_character)) = characters.get_mut(index).zip(folded_character)
        {
            *character = folded_character;
        }
    }
    characters.into_iter().collect()
}

/// Returns whether the folded form of a character depends on the word that contains it. `character` must be folded by
/// [`fold_char`] already.
pub(super) fn folding_depends_on_word(character: char) -> bool {
    !fold_contexts(character).is_empty()
}

/// Folds the Han characters whose folding depends on their words. `token_indexes` contains the indexes of their tokens.
pub(super) fn fold_han_tokens(text: &str, token_indexes: &[usize], analysis: &mut Analysis) {
    for &index in token_indexes {
        let neighbour = |offset| adjacent_han_character(text, analysis, index, offset);
        let Some(character) = neighbour(0) else { continue };
        let folded_character = fold_in_word(character, neighbour);
        if folded_character != character
            && let Some(Token { term, .. }) = analysis.tokens.get(index)
        {
            analysis
                .terms
                .replace_range(term.start..term.end, folded_character.encode_utf8(&mut [0; 4]));
        }
    }
}

/// Returns the folded form of a character in its word. `neighbour` returns the Han character at an offset from
/// `character`, or `None` if no Han character is adjacent there. Calls `neighbour` in order of distance, and stops at
/// the first `None` in each direction.
fn fold_in_word(character: char, neighbour: impl Fn(isize) -> Option<char>) -> char {
    let surrounds = |context: &&FoldContext| {
        let expected_before =
            (1..).map(|distance: isize| -distance).zip(context.chars_before.iter().rev());
        let expected_after = (1..).zip(context.chars_after);
        expected_before
            .chain(expected_after)
            .all(|(offset, expected)| neighbour(offset) == Some(*expected))
    };
    fold_contexts(character).iter().find(surrounds).map_or(character, |context| context.folded)
}

/// Returns the Han character of the token `offset` tokens after the token `index`; before that token if `offset` is
/// negative. `None` if the token is not a Han character, or if more than one line break separates the token from the
/// next token towards `index`.
fn adjacent_han_character(
    text: &str,
    analysis: &Analysis,
    index: usize,
    offset: isize,
) -> Option<char> {
    let token_at = |offset| analysis.tokens.get(index.checked_add_signed(offset)?);
    let token = token_at(offset)?;
    let joins = match offset {
        0 => true,
        ..0 => are_adjacent_han_tokens(text, token, token_at(offset + 1)?),
        1.. => are_adjacent_han_tokens(text, token_at(offset - 1)?, token),
    };
    if joins && token.kind == TokenKind::Han { analysis.term(token).chars().next() } else { None }
}

/// Returns whether two Han tokens are adjacent, or separated by one line break only, as in hard-wrapped text.
fn are_adjacent_han_tokens(text: &str, left: &Token, right: &Token) -> bool {
    let gap = Span::new(left.span.end, right.span.start).of(text);
    gap.is_empty() || (gap.matches('\n').count() == 1 && gap.chars().all(char::is_whitespace))
}

#[cfg(test)]
mod tests {
    use proptest::strategy::Strategy;

    use super::*;
    use crate::analysis::{Analyzer, Chinese};

    /// Text of the file `word_fold.tsv`. Each line contains a character, its folded form, and the words in which the
    /// character folds to this form.
    const WORD_FOLD_TABLE_TEXT: &str = include_str!("word_fold.tsv");

    /// Returns the words of `word_fold.tsv`, each before and after folding.
    fn words_of_fold_table() -> Vec<(String, String)> {
        let lines = WORD_FOLD_TABLE_TEXT.lines().filter(|line| !line.starts_with('#'));
        let word_pairs = lines.flat_map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            let [from, to, contexts] = fields[..] else { panic!("{line}") };
            contexts
                .split(' ')
                .map(move |context| (context.replace('_', from), context.replace('_', to)))
        });
        word_pairs.collect()
    }

    /// Returns the terms of all tokens of a text, without separators.
    fn joined_terms(text: &str) -> String {
        let mut analysis = Analysis::default();
        Analyzer::new(Chinese::Off).tokens(text, &mut analysis);
        analysis.terms
    }

    #[test]
    fn words_in_all_spellings_fold_to_one_word() {
        for (spellings, folded) in [
            (&["都市計畫", "都市計劃", "都市计画", "都市计划", "都市計\n畫"][..], "都市计划"),
            (&["瞭解", "了解", "暸解"], "了解"),
            (&["傢俱", "家俱", "家具"], "家具"),
            (&["答覆", "答復", "答复"], "答复"),
            (&["重覆", "重複", "重复"], "重复"),
            (&["司法覆核", "司法复核"], "司法复核"),
            (&["憑藉", "凭藉", "凭借"], "凭借"),
            (&["牴觸", "抵觸", "抵触"], "抵触"),
            (&["帳戶", "賬戶", "账户"], "账户"),
            (&["身分", "身份"], "身份"),
            (&["基本身分資料"], "基本身份资料"),
            (&["部份", "部分"], "部分"),
            (&["想像", "想象"], "想象"),
            (&["座標", "坐標", "坐标"], "坐标"),
            (&["貫澈", "貫徹", "贯彻"], "贯彻"),
            (&["聯絡", "連絡", "联络"], "联络"),
            (&["英哩", "英里"], "英里"),
            (&["設計畫面積", "設計劃面積"], "设计划面积"),
        ] {
            for spelling in spellings {
                assert_eq!(joined_terms(spelling), folded, "{spelling}");
            }
        }
    }

    #[test]
    fn other_words_keep_their_characters() {
        for (text, folded) in [
            ("畫家", "画家"),
            ("設計、畫圖", "设计画图"),
            ("設計 畫圖", "设计画图"),
            ("设计画面", "设计画面"),
            ("政策画像", "政策画像"),
            ("瞭望", "瞭望"),
            ("覆蓋", "覆盖"),
            ("来回覆盖", "来回覆盖"),
            ("颠覆核心", "颠覆核心"),
            ("俱乐部", "俱乐部"),
            ("企业家俱乐部", "企业家俱乐部"),
            ("沈阳", "沈阳"),
            ("终身分期", "终身分期"),
            ("通过份额", "通过份额"),
            ("讲座标准", "讲座标准"),
            ("一连系列", "一连系列"),
            ("世界纪录", "世界纪录"),
        ] {
            assert_eq!(joined_terms(text), folded, "{text}");
            assert_eq!(fold_text(text).replace(['、', ' '], ""), folded, "{text}");
        }
    }

    #[test]
    fn the_table_is_folded_and_every_context_takes_effect() {
        for (word, folded) in words_of_fold_table() {
            assert!(word.chars().chain(folded.chars()).all(|c| fold_char(c) == c), "{word}");
            assert!(word.chars().chain(folded.chars()).all(|c| c.len_utf8() == 3), "{word}");
            assert_eq!(fold_text(&word), folded, "{word}");
        }
    }

    proptest::proptest! {
        #[test]
        fn folding_words_is_idempotent_and_keeps_the_number_of_characters(
            parts in proptest::collection::vec(
                proptest::prop_oneof![
                    proptest::sample::select(words_of_fold_table()).prop_map(|(word, _)| word),
                    proptest::sample::select(words_of_fold_table()).prop_map(|(_, folded)| folded),
                    "[計计畫画劃划份分身本基部覆複连系统座标准a\n ]{1,3}",
                    r"(?s).{0,2}",
                ],
                0..8,
            )
        ) {
            let text = parts.concat();
            let folded = fold_text(&text);
            proptest::prop_assert_eq!(folded.chars().count(), text.chars().count());
            proptest::prop_assert_eq!(&fold_text(&folded), &folded);
            let han: String = text.chars().filter(|&c| crate::script::is_han(c)).collect();
            proptest::prop_assert_eq!(joined_terms(&han), fold_text(&han));
        }
    }
}
