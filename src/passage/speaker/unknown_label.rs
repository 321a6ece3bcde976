//! Recognizes a label by its form alone, although nobody is known by this name: `Police Commissioner Roe:`, `方光华：`.
//! The speaker of the turn before does not speak the words after such a label.

use super::{chinese, chinese_name, label::is_in_capitals, person, words};
use crate::{document::is_organization_name, script::is_unified_ideograph};

/// Maximum number of characters of a line that are searched for the colon of a label.
const MAX_CHARS_BEFORE_COLON: usize = 80;
/// Maximum number of words of an English label.
const MAX_WORDS: usize = 8;
/// Maximum number of words of an English label in capitals.
const MAX_WORDS_IN_CAPITALS: usize = 7;
/// Maximum number of characters of a Chinese label that ends with an office or a role.
const MAX_CHINESE_CHARS: usize = 24;
/// Maximum number of characters of a Chinese label that ends with an office, if the release may be no transcript.
const MAX_CHINESE_OFFICE_CHARS: usize = 12;
/// Range of the number of characters of a Chinese name.
const CHINESE_NAME_CHAR_RANGE: std::ops::RangeInclusive<usize> = 2..=4;
/// Characters with which a short Chinese phrase before a colon continues a speech: 第一点, 所以你看, 比如.
const CHINESE_PHRASE_OPENINGS: &str = "第一二三四五六七八九十首其另再最所以因但可而且如例比我你您他她它这這那此以下具有就是还還也只当當在对對从從註注问問答各尊亲親女主";

/// Returns whether a line begins with a label in capitals, with an honorific, or with a Chinese office, although the
/// label names nobody: `MEMBERS OF THE BAND:`, `Ms X. Y:`, `覺安委員：`.
pub(super) fn begins_with_nameless_label(line: &str) -> bool {
    let Some((label, _)) = split_at_colon(line) else { return false };
    if chinese::contains_chinese(label) {
        return label.chars().count() <= MAX_CHINESE_OFFICE_CHARS
            && label.chars().all(is_unified_ideograph)
            && chinese_name::ends_with_office(label);
    }
    let mut words = label.split_whitespace();
    let is_short = words.clone().count() <= MAX_WORDS_IN_CAPITALS;
    let begins_with_honorific = words.next().is_some_and(words::is_honorific_only_before_name);
    let are_capitalized =
        || label.split_whitespace().all(|word| word.starts_with(char::is_uppercase));
    is_short && (is_in_capitals(label) || begins_with_honorific && are_capitalized())
}

/// Returns whether a line of a transcript begins with words that may be a label: capitalized words (`Jane Roe, Deputy
/// Governor:`), a short Chinese text that may be a name (`方光华：`), or a Chinese text that ends with an office or a
/// role. Words that continue a speech, such as `But here is the thing:` and `第一点：`, are no label. A single word is none
/// if `is_common_noun` says so of the word in lower case.
pub(super) fn may_begin_with_label(line: &str, is_common_noun: impl Fn(&str) -> bool) -> bool {
    let Some((label, words_after)) = split_at_colon(line) else { return false };
    let label = label.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_'));
    if chinese::contains_chinese(label) {
        return may_be_chinese_label(label);
    }
    // Words between quotation marks are read aloud by the speaker of the turn.
    if words_after.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '/' | '“' | '"')) {
        return false;
    }
    let label = label.split(['(', '[']).next().unwrap_or(label).trim_end();
    let is_capitalized = |word: &str| word.starts_with(char::is_uppercase);
    let may_be_in_label = |word: &str| {
        is_capitalized(word)
            || words::is_title_connector(word)
            || words::is_name_particle(word)
            || words::is_item_number(word)
            || word == "la"
    };
    let words = || label.split_whitespace();
    let names_somebody = |word: &str| {
        let word = word.trim_end_matches([',', '.']);
        words::is_name_word(word) || words::is_office_word(word) || is_abbreviation(word)
    };
    // A salutation names several persons: `President Ana Reed, Ms Mei Lim: Thank you.`
    let names_several = || {
        let parts = label.split(", ").filter(|part| person::person_at_end(part).is_some());
        parts.count() > 1
    };
    let is_common_noun = || !label.contains(' ') && is_common_noun(&label.to_lowercase());
    label.starts_with(char::is_uppercase)
        && !is_common_noun()
        && !names_several()
        && words().count() <= MAX_WORDS
        && words().all(may_be_in_label)
        && words().any(names_somebody)
}

/// Returns whether a word consists of at least two capitals: `ROE`, `BBC`.
fn is_abbreviation(word: &str) -> bool {
    word.chars().count() > 1 && word.chars().all(|c| c.is_uppercase() || matches!(c, '.' | '-'))
}

/// Returns whether a Chinese text before a colon may be a label.
fn may_be_chinese_label(label: &str) -> bool {
    const ROLES: [&str; 6] = ["记者", "記者", "提问", "提問", "追问", "追問"];
    let char_count = label.chars().count();
    let is_plain = |c: char| is_unified_ideograph(c) || matches!(c, '·' | '、' | ' ' | '\u{3000}');
    if char_count > MAX_CHINESE_CHARS
        || !label.chars().all(is_plain)
        || label.starts_with(|c| CHINESE_PHRASE_OPENINGS.contains(c))
    {
        return false;
    }
    let may_be_name =
        CHINESE_NAME_CHAR_RANGE.contains(&char_count) && label.chars().all(is_unified_ideograph);
    may_be_name
        || label.contains('·')
        || chinese_name::ends_with_office(label)
        || ROLES.iter().any(|role| label.ends_with(role))
        || label.rsplit_once([' ', '\u{3000}']).is_some_and(|(title, name)| {
            CHINESE_NAME_CHAR_RANGE.contains(&name.chars().count())
                && (chinese_name::ends_with_office(title) || is_organization_name(title))
        })
}

/// Returns the text before the first colon of a line, and the text after it. `None` if no colon is near the start.
fn split_at_colon(line: &str) -> Option<(&str, &str)> {
    let line =
        line.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '\u{200b}'));
    let (offset, colon) =
        line.char_indices().take(MAX_CHARS_BEFORE_COLON).find(|(_, c)| matches!(c, ':' | '：'))?;
    let (label, rest) = line.split_at_checked(offset)?;
    Some((label, rest.get(colon.len_utf8()..)?.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_that_name_nobody_are_recognized_by_their_form() {
        for (line, expected) in [
            ("MEMBERS OF THE BAND: (They sing.)", true),
            ("PARTICIPNAT: Yes!", true),
            ("覺安慈仁委員：謝謝。", true),
            ("But here is the thing: we open.", false),
            ("第二點：我們開放。", false),
            ("We open the berth.", false),
        ] {
            assert_eq!(begins_with_nameless_label(line), expected, "{line}");
        }
    }

    #[test]
    fn words_before_a_colon_may_be_a_label_of_a_transcript() {
        for (line, expected) in [
            ("Jane Roe, Deputy Governor: Let me add one thing.", true),
            ("Police Commissioner Roe: Let me add one thing.", true),
            ("Roe: Let me add one thing.", true),
            ("**Jane de la Roe:** Let me add one thing.", true),
            ("RM: Let me add one thing.", true),
            ("Reporter 2: When?", true),
            ("President Ana Reed, Ms Mei Lim: Thank you both.", false),
            ("First Lady Dr. Mei Lim, President Ana Reed: Thank you both.", false),
            ("Former Captain Tom Reed: “The berth is long.”", false),
            ("But here is the thing: we open.", false),
            ("Bottom line: we open.", false),
            ("So, four quick points: one, we open.", false),
            ("First: we open.", false),
            ("Harbour Time 10:30 is the start.", false),
            ("方光华：请看。", true),
            ("阿西娅·里德：请看。", true),
            ("港务局副局长 方光华：请看。", true),
            ("港口日报记者：何时？", true),
            ("记者追问：何时？", true),
            ("泊位新建　方光华：要开放", false),
            ("Ferries: We have more of them.", false),
            ("第一点：开放。", false),
            ("所以你看：开放。", false),
            ("比如：开放。", false),
            ("本會辦理情形如下：", false),
            ("我们的港口分为三类：", false),
        ] {
            assert_eq!(may_begin_with_label(line, |word| word == "ferries"), expected, "{line}");
        }
    }
}
