//! Recognizes numbers that are names: of items in lists, hours, articles of laws, documents and slogans.

use super::{
    draft::QuantityDraft,
    folded_text::{FoldedText, is_han},
    number::{Notation, Number},
    unit::Dimension,
    value::Value,
};

/// Numbers below this limit may be numbers of paragraphs.
const PARAGRAPH_NUMBER_LIMIT: Value = Value::integer(100);

/// Returns whether the number begins a line or sentence as the number of an item, as in "1.", "2)", "3、" and "(4)".
pub(super) fn is_list_number(source: &FoldedText, number: &Number) -> bool {
    if number.has_quantity_notation || number.notation == Notation::Words {
        return false;
    }
    let before = source.char_before(number.start).unwrap_or('\n');
    let mut rest = source.text_after(number.end).chars();
    let (next, next_but_one) = (rest.next().unwrap_or(' '), rest.next().unwrap_or(' '));
    let is_bracketed =
        matches!(before, '(' | '（' | '[' | '【') && matches!(next, ')' | '）' | ']' | '】');
    let is_item = matches!(next, '.' | ')' | '）' | '、' | '．')
        && source.begins_sentence(number.start)
        && !(next == '.' && next_but_one.is_ascii_digit());
    is_bracketed || (is_item && !number.has_decimals)
}

/// Returns whether the number begins a line before a capital letter, as the number of a paragraph does: 3 in "3
/// Singapore will …".
pub(super) fn is_paragraph_number(source: &FoldedText, draft: &QuantityDraft) -> bool {
    let number = &draft.number;
    let before = source.window_before(number.start, 4).trim_end_matches([' ', '\u{A0}', '*', '#']);
    let begins_line = before.is_empty() || before.ends_with('\n');
    let next = source.skip_blanks(number.end);
    let is_followed = next > number.end
        && source.is_capital(next)
        && !source.text_after(next).starts_with("u.s.");
    // "9 Second, food waste" and "4 Employees must apply." begin a paragraph; "100 TWh" and the headline "12 People
    // Charged" do not.
    let has_unit = draft.unit.is_some_and(|unit| match unit.dimension {
        Dimension::Time => false,
        Dimension::Persons | Dimension::Count => {
            number.value >= PARAGRAPH_NUMBER_LIMIT || !line_ends_as_sentence(source, next)
        }
        _ => true,
    });
    number.notation == Notation::Digits
        && begins_line
        && is_followed
        && !number.has_quantity_notation
        && draft.start == number.start
        && !has_unit
}

/// Returns whether the line around the byte offset `start` ends as a sentence does.
fn line_ends_as_sentence(source: &FoldedText, start: usize) -> bool {
    let line = source.text_after(start).lines().next().unwrap_or_default();
    line.trim_end_matches([' ', '\u{A0}', '"', '”', '’']).ends_with(['.', ':', ';', '?'])
}

/// Returns whether the number is the hour of a clock time: 10 a.m., 8时.
pub(super) fn is_clock_time(source: &FoldedText, number: &Number) -> bool {
    let rest = source.window_after(source.skip_blanks(number.end), 12);
    let is_english =
        ["a.m", "p.m", "am ", "pm ", "am,", "pm,", "am.", "pm.", "o’clock", "o'clock", "hrs"]
            .iter()
            .any(|ending| rest.starts_with(ending));
    let is_chinese = (rest.starts_with('时') && !rest.starts_with("时段"))
        || rest.starts_with("点钟")
        || rest.starts_with("点半");
    (is_english || is_chinese) && number.value < Value::integer(2_500)
}

/// Returns whether the number and the Chinese characters around it form a name or a word.
pub(super) fn is_part_of_name(source: &FoldedText, draft: &QuantityDraft) -> bool {
    let before = source.window_before(draft.number.start, 9);
    let after = source.window_after(draft.end, 12);
    let last = before.chars().next_back().unwrap_or(' ');
    let is_article = is_article_number(source, draft, last);
    let is_ordinal = before
        .trim_end_matches(|c: char| matches!(c, ' ' | '\n' | '-') || c.is_ascii_digit())
        .ends_with('第')
        || (last == '前'
            && source.text_before(draft.end).ends_with(['名', '位', '条', '项', '款']))
        || before.ends_with("同比第");
    let is_item = (before.ends_with('〔') || before.ends_with('[') || before.ends_with('【'))
        && after.starts_with(['〕', ']', '】']);
    let is_document_number =
        before.ends_with(['〕', '﹞', '】']) || (after.starts_with('号') && draft.unit.is_none());
    let is_quoted_name = is_quoted_name(source, draft);
    let is_part_of_law =
        draft.unit.is_none() && (last == '之' && draft.number.notation == Notation::Numerals);
    is_quoted_name || is_article || is_ordinal || is_item || is_document_number || is_part_of_law
}

/// Returns whether the number is a name in a quotation: the number fills the quotation, or begins a short Chinese
/// quotation (“12218”, “两个确保”).
fn is_quoted_name(source: &FoldedText, draft: &QuantityDraft) -> bool {
    const MAX_NAME_BYTES: usize = 24;
    let is_opened =
        matches!(source.char_before(draft.number.start), Some('“' | '「' | '‘' | '"' | '『'));
    let rest = source.window_after(draft.number.end, MAX_NAME_BYTES);
    let closing = rest.find(['”', '」', '’', '"', '』']);
    let is_filled = closing == Some(0) && !draft.number.has_quantity_notation;
    let is_short_name = draft.number.notation == Notation::Numerals
        && closing.is_some_and(|at| rest.get(..at).is_some_and(|name| name.chars().all(is_han)))
        && draft.unit.is_none_or(|unit| unit.dimension == Dimension::Persons);
    is_opened && (is_filled || is_short_name)
}

/// Returns whether the number identifies an article of a law (本条例六十条) or an annex (附表五所定). `before` is the character
/// before the number.
fn is_article_number(source: &FoldedText, draft: &QuantityDraft, before: char) -> bool {
    draft.number.notation == Notation::Numerals
        && draft.unit.is_none()
        && ((source.text_before(draft.end).ends_with('条') && "法例定程则》>".contains(before))
            || (source.text_before(draft.end).ends_with('所') && "表式件".contains(before)))
}
