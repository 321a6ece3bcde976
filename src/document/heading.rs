//! Recognizes headings in plain text and determines their levels. The evidence is the length, the capitals, the numbers
//! and the punctuation of a line.

use super::{metadata::letterhead, page_controls::is_page_control};
use crate::script::{SENTENCE_ENDS, is_basic_ideograph, is_compatibility_ideograph};

/// Maximum length of a heading, in characters.
const MAX_HEADING_CHARS: usize = 200;
/// Maximum number of Han characters of a heading.
const MAX_HEADING_HAN_CHARS: usize = 50;
/// Minimum share of capitalized words in an English heading, counted among words of [`MIN_LETTERS_OF_COUNTED_WORD`] or
/// more letters.
const MIN_CAPITALIZED_WORD_SHARE: f64 = 0.6;
/// Minimum number of letters of a word that counts for [`MIN_CAPITALIZED_WORD_SHARE`]. Shorter words, such as `of`, may
/// be in lower case in a heading.
const MIN_LETTERS_OF_COUNTED_WORD: usize = 4;
/// Minimum length, in bytes, at which the text before a colon counts as a clause. A shorter text may be the name of a
/// speaker.
const MIN_CLAUSE_BYTES_BEFORE_COLON: usize = 40;
/// Maximum number of digits of an item number.
const MAX_ITEM_NUMBER_DIGITS: usize = 3;

/// Words that cannot end a title. If a line ends with one of these words, the title continues in the next line.
const WORDS_NOT_ENDING_TITLES: [&str; 12] =
    ["and", "of", "for", "the", "to", "in", "on", "at", "by", "with", "from", "&"];

/// Returns the title in the first line of `text`, without leading `#` characters. The first line is the first line with
/// text that is neither a control of a web page, nor the number of a printed column, nor above the title
/// ([`lines_above_title`]). `None` if this line is too long, ends a sentence, ends with a comma, or is the heading of
/// an article (`第一條`).
pub(crate) fn title_in_first_line(text: &str) -> Option<&str> {
    let is_text =
        |line: &&str| !line.is_empty() && !is_page_control(line) && !is_printed_column_number(line);
    let lines = || text.lines().map(str::trim).filter(is_text);
    let title_index = letterhead::lines_above_title(lines(), can_be_title)?;
    let title_line = lines().nth(title_index)?;
    can_be_title(title_line).then(|| title_line.trim_start_matches(['#', ' ']))
}

/// Returns the number of lines above the title of a text, such as `PRESS RELEASE`. `None` if the text begins with a
/// document type, but no line below may be the title.
pub(crate) fn lines_above_title<'a>(lines: impl Iterator<Item = &'a str>) -> Option<usize> {
    letterhead::lines_above_title(lines, can_be_title)
}

/// Returns whether a line may be the title of a text: it is short, does not end a sentence and is not the heading of an
/// article.
pub(crate) fn can_be_title(line: &str) -> bool {
    !is_article_heading(line)
        && line.chars().count() <= MAX_HEADING_CHARS
        && !line.ends_with(SENTENCE_ENDS)
        && !line.ends_with([',', '，'])
}

/// Returns whether a line ends with a word that cannot end a title, such as `of`.
pub(crate) fn ends_with_non_final_word(line: &str) -> bool {
    let last_word = line.rsplit(char::is_whitespace).next().unwrap_or_default().to_lowercase();
    WORDS_NOT_ENDING_TITLES.contains(&last_word.as_str())
}

/// Returns the title in the first lines of `text`: the first line ([`title_in_first_line`]), with the second line if
/// the first line is incomplete.
pub(crate) fn title_in_first_lines(text: &str) -> Option<String> {
    let title = title_in_first_line(text)?;
    let after_title = text.split_once(title).map_or("", |(_, after_title)| after_title);
    let next_line = after_title.lines().map(str::trim).find(|line| !line.is_empty());
    let continuation = next_line.filter(|next_line| {
        ends_with_non_final_word(title)
            && title.chars().count() + next_line.chars().count() <= MAX_HEADING_CHARS
            && !ends_with_punctuation(next_line)
    });
    Some(continuation.map_or_else(|| title.to_owned(), |next_line| format!("{title} {next_line}")))
}

/// Returns whether a line is the number of a column in a printed record: `Column: 1627`.
fn is_printed_column_number(line: &str) -> bool {
    let number = line.strip_prefix("Column").map(|number| number.trim_start_matches([':', ' ']));
    number.is_some_and(|number| {
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// Returns whether a line begins with the number of an article, such as 第一條. Such a line is not the title of the whole
/// text.
fn is_article_heading(line: &str) -> bool {
    const DIGITS: &str = "一二三四五六七八九十百千零〇两0123456789０１２３４５６７８９ ";
    let number_and_text = line.strip_prefix('第').unwrap_or_default();
    let after_number = number_and_text.trim_start_matches(|c| DIGITS.contains(c));
    after_number.len() < number_and_text.len() && after_number.starts_with(['条', '條'])
}

/// Splits a Markdown heading into its level, from 1 to 6, and its text. Returns `None` and the whole line if
/// the line is not a Markdown heading.
pub(crate) fn split_heading_marks(line: &str) -> (Option<u8>, &str) {
    let after_marks = line.trim_start_matches('#');
    let mark_count = line.len() - after_marks.len();
    if (1..=6).contains(&mark_count) && after_marks.starts_with(' ') && !after_marks.contains('\n')
    {
        return (u8::try_from(mark_count).ok(), after_marks.trim_start());
    }
    (None, line)
}

/// Returns the level of a heading in plain text, from 1 (outermost). `None` if the line is not a heading.
pub(crate) fn level(line: &str) -> Option<u8> {
    if line.contains('\n')
        || ends_with_punctuation(line)
        || announces_next_item(line)
        || is_list_item(line)
        || begins_turn_of_transcript(line)
    {
        return None;
    }
    let is_han = |c: &char| is_basic_ideograph(*c) || is_compatibility_ideograph(*c);
    let han_chars = line.chars().filter(is_han).count();
    if han_chars == 0 {
        return (line.chars().count() <= MAX_HEADING_CHARS && is_title_case(line)).then_some(1);
    }
    if han_chars <= MAX_HEADING_HAN_CHARS { level_of_chinese_heading_number(line) } else { None }
}

/// Returns whether a line begins with the number of a Chinese heading: 第一章, 一、, （一）.
pub(crate) fn begins_with_heading_number(line: &str) -> bool {
    level_of_chinese_heading_number(line).is_some()
}

/// Returns the level of a Chinese heading by the form of its number: 1 for 第X编 (part) and 第X章 (chapter), 2 for 第X节
/// (section) and 一、, 3 for （一）. `None` if the line does not begin with a number of one of these forms.
fn level_of_chinese_heading_number(line: &str) -> Option<u8> {
    const DIGITS: &str = "一二三四五六七八九十百零〇两0123456789";
    let has_number_and_next_char = |text: &str| {
        let after_digits = text.trim_start_matches(|c| DIGITS.contains(c));
        (after_digits.len() < text.len(), after_digits.chars().next())
    };
    if let Some(number) = line.strip_prefix('第') {
        return match has_number_and_next_char(number) {
            (_, Some('编' | '編' | '章')) => Some(1),
            (_, Some('节' | '節')) => Some(2),
            _ => None,
        };
    }
    if let Some(number) = line.strip_prefix(['（', '(']) {
        return matches!(has_number_and_next_char(number), (true, Some('）' | ')'))).then_some(3);
    }
    matches!(has_number_and_next_char(line), (true, Some('、'))).then_some(2)
}

/// Returns whether an English line begins with a capital, a digit or a quote, and most of its longer words
/// are capitalized.
fn is_title_case(line: &str) -> bool {
    let begins_like_heading = line
        .chars()
        .next()
        .is_some_and(|c| c.is_uppercase() || c.is_numeric() || "“\"‘'".contains(c));
    let is_long_word = |word: &&str| {
        word.chars().filter(|c| c.is_alphabetic()).count() >= MIN_LETTERS_OF_COUNTED_WORD
    };
    let is_capitalized = |word: &&str| {
        let first_char = word.chars().find(|c| c.is_alphanumeric());
        first_char.is_some_and(|c| c.is_uppercase() || c.is_numeric())
    };
    let long_words = || line.split(|c: char| c.is_whitespace() || c == '-').filter(is_long_word);
    let long_word_count = long_words().count();
    let capitalized_count = long_words().filter(is_capitalized).count();
    begins_like_heading
        && long_word_count > 0
        && capitalized_count as f64 >= MIN_CAPITALIZED_WORD_SHARE * long_word_count as f64
}

/// Returns whether a line ends a sentence ([`ends_sentence`]), or ends with a comma or a colon. Ignores closing quotes
/// and brackets.
pub(crate) fn ends_with_punctuation(line: &str) -> bool {
    ends_sentence(line) || without_closing_marks(line).ends_with([',', ':', '，', '：', '、'])
}

/// Returns whether a line ends with one of [`SENTENCE_ENDS`] or an ellipsis. Ignores closing quotes and brackets.
pub(crate) fn ends_sentence(line: &str) -> bool {
    let line = without_closing_marks(line);
    line.ends_with(SENTENCE_ENDS) || line.ends_with('…')
}

/// Returns whether a line is an item of a list that ends with a conjunction before the next item: `…；及`, `…; and`.
fn announces_next_item(line: &str) -> bool {
    const CONJUNCTIONS: [&str; 13] =
        ["以及", "及", "和", "或", "與", "与", "並", "并", "且", "而", "and", "or", "and/or"];
    line.ends_with("以及")
        || CONJUNCTIONS.iter().any(|conjunction| {
            let item = line.strip_suffix(conjunction).map(str::trim_end);
            item.is_some_and(|item| item.ends_with([';', ',', '；', '，', '、']))
        })
}

/// Returns `line` without closing quotes and brackets at its end.
fn without_closing_marks(line: &str) -> &str {
    line.trim_end_matches(['”', '"', '’', '\'', ')', '）', '」', '』', '》'])
}

/// Returns whether a line begins with a bullet or an item number. A number of more than [`MAX_ITEM_NUMBER_DIGITS`]
/// digits is a year.
pub(crate) fn is_list_item(line: &str) -> bool {
    let after_digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let has_item_number = (1..=MAX_ITEM_NUMBER_DIGITS).contains(&(line.len() - after_digits.len()))
        && (after_digits.starts_with(". ") || after_digits.starts_with(") "));
    has_item_number
        || ["- ", "* ", "•", "· ", "– ", "— "].iter().any(|bullet| line.starts_with(bullet))
}

/// Returns whether a line begins a turn of a transcript, which is the speech of one person: `MR. SULLIVAN: …`, `Q: …`.
fn begins_turn_of_transcript(line: &str) -> bool {
    line.split_once(':').is_some_and(|(name, speech)| {
        speech.starts_with(' ')
            && name.len() < MIN_CLAUSE_BYTES_BEFORE_COLON
            && !name.chars().any(char::is_lowercase)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_found_in_the_first_lines() {
        for (text, expected) in [
            ("\n  New Rules \nThe port has new rules.\n", Some("New Rules")),
            ("Skip to main content\nNew Rules\n", Some("New Rules")),
            ("Column: 1627\nNew Rules\n", Some("New Rules")),
            ("STATEMENT BY\nTHE MINISTER\nThe port.", Some("STATEMENT BY THE MINISTER")),
            ("Report of\nThe port has new rules.\n", Some("Report of")),
            ("第一條 本辦法依法訂定\n", None),
            ("第 1 条 规则\n", None),
            ("第一章　总则\n", Some("第一章　总则")),
            ("A sentence.\n", None),
            ("PRESS RELEASE\n17 December 2025\nNew Rules\nThe port.\n", Some("New Rules")),
            ("PRESS RELEASE\nThe port has new rules.\n", None),
        ] {
            assert_eq!(title_in_first_lines(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn headings_have_the_level_of_their_form() {
        for (line, expected) in [
            ("Highlights Review", Some(1)),
            (
                "Municipal Bureau of Commerce: Guangzhou’s Exhibition Industry Ranks Second in China Steadily",
                Some(1),
            ),
            ("The plan was approved.", None),
            ("the plan was approved", None),
            ("We will keep working with our partners on this", None),
            ("MR. SULLIVAN: Good Morning Everybody", None),
            ("- Item One", None),
            ("第一章　总则", Some(1)),
            ("第二节 财政", Some(2)),
            ("第三条 为了规范口岸开放", None),
            ("一、2023年工作回顾", Some(2)),
            ("（二）主要任务", Some(3)),
            ("（二）泊位的长度；及", None),
            ("（二）泊位的長度，以及", None),
            ("（二）教育普及", Some(3)),
            ("Berths of the North; and", None),
            ("一、坚持稳中求进。", None),
            ("广州市商务局", None),
        ] {
            assert_eq!(level(line), expected, "{line}");
        }
    }
}
