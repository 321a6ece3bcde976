//! Recognizes lines that end the turn of a speaker, although no label begins another turn: the end of a transcript, the
//! title of a part of a speech, and stage directions.

use super::words;

/// Maximum length of a line that may be the title of a part of a speech, in bytes.
const MAX_PART_TITLE_BYTES: usize = 160;
/// Maximum length of the title of a part of a speech if the title has long words in lower case, in bytes.
const MAX_SENTENCE_CASE_PART_TITLE_BYTES: usize = 80;
/// Words that begin a salutation.
const SALUTATIONS: [&str; 17] = [
    "Ladies",
    "Distinguished",
    "Your",
    "Fellow",
    "Dear",
    "Good",
    "Honourable",
    "Honorable",
    "Excellencies",
    "Friends",
    "Colleagues",
    "Esteemed",
    "Respected",
    "Thank",
    "Members",
    "Guests",
    "Happy",
];

/// Beginnings of the line that ends a release and states the date.
const END_PREFIXES: [&str; 3] = ["Ends/", "完／", "完/"];
/// Headings and lines, in lower case, that begin other parts of a web page below a speech. Nobody speaks below them.
const PAGE_PARTS: [&str; 20] = [
    "related topics",
    "related links",
    "related content",
    "related documents",
    "related news",
    "related media",
    "print friendly pdf",
    "contacts for media",
    "contact for media",
    "press contact",
    "press contacts",
    "media contact",
    "media contacts",
    "media enquiries",
    "media inquiries",
    "contacts",
    "downloads",
    "share this page",
    "notes to editors",
    "more on this topic",
];

/// Returns whether a heading or a line ends a speech: it begins another part of the web page, such as `Related topics`
/// or `Contacts for media`, or it is the mark of the end, such as `完` or `- End -`.
pub(super) fn ends_speech(line: &str) -> bool {
    const MAX_PAGE_PART_BYTES: usize = 40;
    let is_end = || {
        let bare_text = line.trim_matches(|c: char| !c.is_alphanumeric());
        matches!(bare_text, "END" | "ENDS" | "End" | "Ends" | "完")
            || END_PREFIXES.iter().any(|end| line.starts_with(end))
    };
    line.len() <= MAX_PAGE_PART_BYTES
        && (is_end()
            || PAGE_PARTS.contains(&line.trim().trim_end_matches(':').to_lowercase().as_str()))
}

/// Returns whether a paragraph ends with the mark of the end of a Chinese release: `谢谢大家。（完）`.
pub(super) fn ends_with_end_mark(paragraph: &str) -> bool {
    ["（完）", "(完)"].iter().any(|mark| paragraph.trim_end().ends_with(mark))
}

/// Returns whether a paragraph is the time at which the words before it were published, as live transcripts give it
/// after each turn: `2025-01-17 10:03:51`.
pub(super) fn is_time_stamp(paragraph: &str) -> bool {
    const MAX_TIME_STAMP_BYTES: usize = 40;
    let is_in_time = |c: char| c.is_ascii_digit() || "-/:. 年月日时時分秒".contains(c);
    let digit_count = paragraph.chars().filter(char::is_ascii_digit).count();
    paragraph.len() <= MAX_TIME_STAMP_BYTES
        && digit_count >= 8
        && paragraph.contains([':', '时', '時'])
        && paragraph.chars().all(is_in_time)
}

/// Returns whether a paragraph is a telephone number, an e-mail address or a button of a web page: `Phone +32 2 299 11
/// 11`, `Download`. Nobody speaks such a paragraph.
pub(super) fn is_contact_detail(paragraph: &str) -> bool {
    const MAX_CONTACT_BYTES: usize = 80;
    const CONTACT_WORDS: [&str; 9] =
        ["phone", "telephone", "tel", "fax", "mobile", "mail", "email", "e-mail", "enquiries"];
    let paragraph = paragraph.trim();
    if paragraph.len() > MAX_CONTACT_BYTES {
        return false;
    }
    let (first_word, value) = paragraph.split_once(char::is_whitespace).unwrap_or((paragraph, ""));
    let is_contact_word =
        CONTACT_WORDS.contains(&first_word.trim_end_matches(['.', ':']).to_lowercase().as_str());
    let is_number =
        value.chars().any(|c| c.is_ascii_digit()) && !value.chars().any(char::is_alphabetic);
    let is_address = value.contains('@') && !value.trim().contains(char::is_whitespace);
    is_contact_word && (is_number || is_address)
        || matches!(paragraph, "Download" | "Print" | "Share")
}

/// Returns whether a line of a transcript ends the turn before it: `END`, a time of the day, a row of asterisks or
/// dashes, or, in Chinese minutes, a spaced heading, an article of a statute, or a remark on the course of the meeting.
pub(super) fn ends_turn(line: &str) -> bool {
    let line = line.trim();
    if begins_statute_article(line) {
        return true;
    }
    if line.len() > 60 || line.is_empty() {
        return false;
    }
    let is_rule =
        line.chars().all(|c| matches!(c, '*' | '#' | '-' | '_' | ' ' | '\u{a0}')) || line == "<hr>";
    let bare_text = line.trim_matches(|c: char| !c.is_alphanumeric());
    if is_procedural_remark(line) {
        return true;
    }
    let is_end = matches!(bare_text, "END" | "ENDS" | "End" | "Ends" | "完")
        || END_PREFIXES.iter().any(|end| line.starts_with(end))
        || bare_text.strip_prefix("END").is_some_and(|rest| is_time_of_day(rest.trim()));
    is_rule || is_end || is_time_of_day(line) || is_spaced_heading(line)
}

/// Returns whether a line of Chinese minutes says that the meeting pauses, continues or ends: `休息（12時32分）`.
fn is_procedural_remark(line: &str) -> bool {
    let without_time = line.split(['（', '(']).next().unwrap_or_default().trim_end();
    matches!(without_time, "休息" | "繼續開會" | "继续开会" | "散會" | "散会" | "開會" | "开会")
}

/// Returns whether a line begins an article of a statute, which minutes print between the turns: `第　八　條`.
fn begins_statute_article(line: &str) -> bool {
    let Some(number) = line.strip_prefix('第') else { return false };
    let mut number = number.chars().filter(|c| !c.is_whitespace()).take(6);
    let is_article = |c| matches!(c, '条' | '條');
    number
        .by_ref()
        .take_while(|&c| !is_article(c))
        .all(|c| "一二三四五六七八九十百零〇之0123456789".contains(c))
        && line.chars().take(14).any(is_article)
}

/// Returns whether a line is a time of the day: `1:28 P.M. EDT`.
fn is_time_of_day(line: &str) -> bool {
    let is_clock = line.starts_with(|c: char| c.is_ascii_digit()) && line.contains(':');
    is_clock && line.contains(".M.") && !line.chars().any(char::is_lowercase)
}

/// Returns whether ideographic spaces separate all characters of a line: `報　告　事　項`.
fn is_spaced_heading(line: &str) -> bool {
    let mut char_counts = line.split('\u{3000}').map(|part| part.chars().count());
    line.matches('\u{3000}').count() >= 2 && char_counts.all(|char_count| char_count == 1)
}

/// Returns whether a paragraph of a speech is the title of a part, which nobody speaks: `Ferries for the North`. Such a
/// line ends with a letter, a digit or a quotation mark, and contains neither a salutation nor a name with an
/// honorific. The line is short, or all its longer words begin with a capital.
pub(super) fn is_title_of_speech_part(paragraph: &str) -> bool {
    let line = paragraph.trim();
    let ends_as_title =
        line.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '”' | '’' | '"'));
    if line.len() > MAX_PART_TITLE_BYTES || line.contains('\n') || !ends_as_title {
        return false;
    }
    let mut significant_word_count = 0;
    for word in line.split_whitespace() {
        let bare_text = word.trim_matches(|c: char| !c.is_alphanumeric());
        let is_significant = bare_text.len() > 3 || bare_text.starts_with(char::is_uppercase);
        if words::is_honorific(word)
            || significant_word_count == 0 && SALUTATIONS.contains(&bare_text)
        {
            return false;
        }
        let is_long_lower_case = bare_text.len() > 3 && bare_text.starts_with(char::is_lowercase);
        if is_long_lower_case
            && !is_long_preposition(bare_text)
            && line.len() > MAX_SENTENCE_CASE_PART_TITLE_BYTES
        {
            return false;
        }
        significant_word_count += usize::from(is_significant);
    }
    let begins_as_title = line
        .starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || matches!(c, '“' | '"'));
    begins_as_title && significant_word_count > 0 && line.contains(' ')
}

/// Returns whether a paragraph of a transcript only describes what happens: `(The order is signed.)`.
pub(super) fn is_stage_direction(paragraph: &str) -> bool {
    let inside = paragraph.trim().strip_prefix(['(', '（', '[']);
    let inside = inside.and_then(|rest| rest.strip_suffix([')', '）', ']']));
    inside.is_some_and(|inside| !inside.contains(['(', ')', '（', '）', '[', ']']))
}

/// Returns whether `word` is a preposition of at least four letters, which titles write in lower case.
pub(super) fn is_long_preposition(word: &str) -> bool {
    matches!(
        word,
        "with"
            | "from"
            | "into"
            | "over"
            | "under"
            | "through"
            | "towards"
            | "between"
            | "beyond"
            | "against"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_of_parts_of_a_speech_are_distinguished_from_its_words() {
        for (line, expected) in [
            ("Ferries for the North", true),
            ("FERRIES FOR ALL", true),
            ("“Ports in Bloom: The Harbour Answer to Storms”", true),
            ("Moving Towards Cleaner Ports", true),
            ("Ladies and Gentlemen", false),
            ("Fellow Captains", false),
            ("Professor Tom Reed", false),
            ("Marlow, Harbourland", true),
            ("Thank You", false),
            ("Enhancements to the ferry scheme", true),
            ("2.1 Introducing longer berths", true),
            ("a longer berth", false),
            (
                "We open the berth because the old one is by far too short for the ferries of today",
                false,
            ),
            ("Okay", false),
            ("The Harbour Opens.", false),
        ] {
            assert_eq!(is_title_of_speech_part(line), expected, "{line}");
        }
    }

    #[test]
    fn parts_of_the_page_end_a_speech() {
        for (line, ends, is_contact) in [
            ("Related topics", true, false),
            ("Contacts for media:", true, false),
            ("Phone +32 2 299 11 11", false, true),
            ("E-mail: press@ports.example", false, true),
            ("Download", false, true),
            ("Phone your captain, not me", false, false),
            ("Mail has 3 ships", false, false),
            ("Related topics are of no use.", false, false),
        ] {
            assert_eq!((ends_speech(line), is_contact_detail(line)), (ends, is_contact), "{line}");
        }
    }

    #[test]
    fn marks_of_the_end_and_times_are_not_spoken() {
        for (line, ends, is_time) in [
            ("完", true, false),
            ("（完）", true, false),
            ("- End -", true, false),
            ("Ends/Thursday, March 14, 2024", true, false),
            ("完成。", false, false),
            ("2025-01-17 10:03:51", false, true),
            ("2025年1月17日 10:03", false, true),
            ("10:03", false, false),
            ("2025-01-17", false, false),
        ] {
            assert_eq!((ends_speech(line), is_time_stamp(line)), (ends, is_time), "{line}");
        }
        assert!(ends_with_end_mark("谢谢大家。（完）"));
        assert!(!ends_with_end_mark("谢谢大家。"));
    }

    #[test]
    fn stage_directions_stand_alone_in_brackets() {
        for (text, expected) in [
            ("(The order is signed.)", true),
            ("（委員離席）", true),
            ("(Laughter.) We open the berth. (Applause.)", false),
            ("We open the berth. (Applause.)", false),
        ] {
            assert_eq!(is_stage_direction(text), expected, "{text}");
        }
    }

    #[test]
    fn unspoken_lines_of_minutes_end_a_turn() {
        for (line, expected) in [
            ("休息（12時32分）", true),
            ("繼續開會", true),
            ("散會（5時）", true),
            ("休息是為了走更長的路。", false),
            ("END 2:04 P.M. EDT", true),
            ("Ends/Thursday, March 14, 2024", true),
            ("完／2024年3月14日（星期四）", true),
            ("###", true),
            ("The end is near.", false),
        ] {
            assert_eq!(ends_turn(line), expected, "{line}");
        }
    }
}
