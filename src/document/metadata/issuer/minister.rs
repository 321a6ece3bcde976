//! Finds the ministry of a minister who gives a speech or a reply. If the text does not name the ministry, finds the
//! office of the minister, without the name of the person and of the event.

use std::sync::LazyLock;

use regex::Regex;

use super::name::capitalize;
use crate::document::metadata::evidence::DocumentEvidence;

/// Pattern of the office of a minister: `Minister for Transport` in `Reply by Ms Li Wei, Minister for Transport, to …`.
/// The first group is the rank (`Minister for`), and the second is the area of the office with the words after it.
static MINISTER_OFFICE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i:(?:^|[^a-z])((?:senior |deputy )?minister(?: of state)?|(?:senior )?parliamentary secretary|secretary of state)(?: \([A-Z]+\))? (?:for|of)) ((?:the |The |THE )?[A-Z][A-Za-z’'-]*(?:(?:,)? (?:and the |And The |AND THE |and |And |AND |of |Of |OF |for |For |FOR |the |The |THE |& )?[A-Z][A-Za-z’'-]*)*)").ok()
});
/// Pattern of a line that says who gives a speech or a reply.
static LINE_NAMING_SPEAKER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:[\w’'-]+ ){0,4}(?:speech|remarks|address|statement|reply|intervention|message|response)s? (?:.{1,120} )?by ").ok()
});
/// Number of lines at the beginning of a text in which a line that names the speaker is searched for.
const MAX_SPEECH_LINE_SEARCH_LINES: usize = 3;
/// Maximum length of a line that names the speaker, in bytes.
const MAX_SPEECH_LINE_BYTES: usize = 400;
/// Honorifics before the name of a person.
const HONORIFICS: [&str; 14] = [
    "Mr",
    "Mr.",
    "Ms",
    "Ms.",
    "Mrs",
    "Mrs.",
    "Mdm",
    "Miss",
    "Dr",
    "Dr.",
    "Prof",
    "Professor",
    "Sir",
    "Dame",
];
/// Words after the area of an office, such as `at` in `Minister for Transport at the Port Forum`. Such a word begins
/// the name of an event, an action of the minister, or a second office.
const WORDS_AFTER_AREA_OF_OFFICE: [&str; 14] = [
    "at", "on", "to", "in", "with", "during", "by", "from", "as", "will", "visits", "attends",
    "minister", "second",
];
/// Words before `for` or `of` in the name of an office or a ministry.
const WORDS_BEFORE_AREA_OF_OFFICE: [&str; 6] =
    ["Minister", "Ministry", "State", "Secretary", "Department", "Minister-in-charge"];
/// Words that join two parts of the area of an office: `Trade and Industry`.
const AREA_CONNECTORS: [&str; 5] = ["and", "of", "for", "the", "&"];
/// Maximum number of words after the last connector, such as `and`, in the area of an office. More words include the
/// name of the minister.
const MAX_WORDS_AFTER_LAST_CONNECTOR: usize = 2;
/// Maximum length of the text that is searched for other mentions of the area of an office, in characters.
const MAX_CHARS_SEARCHED_FOR_MENTIONS: usize = 40_000;
/// Range of the number of words of the name of a person.
const PERSON_NAME_WORD_RANGE: std::ops::RangeInclusive<usize> = 2..=4;

/// Returns the ministry of the minister in the title or a heading, in the form in which the text names it:
/// `Ministry of Transport`. If the text does not name a ministry, returns the office of the minister:
/// `Minister for Transport`.
pub(super) fn ministry_of_speaker(evidence: &DocumentEvidence<'_>) -> Option<String> {
    let speech_lines = evidence.first_lines.iter().take(MAX_SPEECH_LINE_SEARCH_LINES).copied();
    let speech_lines = speech_lines.filter(|line| names_speaker(line));
    let mut lines = evidence.title_and_headings().chain(speech_lines);
    lines.find_map(|line| ministry_in_title(line, evidence))
}

/// Returns whether a line says who gives a speech or a reply: `Opening remarks by Ms Li Wei, …`.
fn names_speaker(line: &str) -> bool {
    line.len() <= MAX_SPEECH_LINE_BYTES
        && LINE_NAMING_SPEAKER.as_ref().is_some_and(|pattern| pattern.is_match(line))
}

/// Returns the ministry, or else the office, of the minister that `title` names.
fn ministry_in_title(title: &str, evidence: &DocumentEvidence<'_>) -> Option<String> {
    if !title.to_lowercase().contains("minist") && !title.to_lowercase().contains("secretary") {
        return None;
    }
    let groups = MINISTER_OFFICE.as_ref()?.captures(title)?;
    let (rank, words_after_rank) = (groups.get(1)?, groups.get(2)?.as_str());
    // A prime minister in a title is assumed to be a guest from another country.
    let text_before_rank = title.get(..rank.start()).unwrap_or_default();
    if text_before_rank.trim_end().to_lowercase().ends_with("prime")
        || is_object_of_meeting(text_before_rank)
    {
        return None;
    }
    let text = title_and_beginning_of_text(evidence);
    let mut area = area_of_office(words_after_rank, &text)?;
    if !area.contains(char::is_lowercase) {
        area = area.split(' ').map(capitalize).collect::<Vec<_>>().join(" ");
    }
    if format!("{area} ").to_lowercase().starts_with("state ") {
        return None;
    }
    let ministry = ["Ministry of ", "Ministry for ", "Department of ", "Department for "]
        .iter()
        .find_map(|kind| form_mentioned_in_text(&format!("{kind}{area}"), &text));
    ministry.or_else(|| {
        let is_minister = rank.as_str().to_lowercase().contains("minister");
        is_minister.then(|| format!("Minister for {}", with_connectors_in_lower_case(&area)))
    })
}

/// Returns whether the words before an office say that another person meets its holder: `President meets French`. Words
/// such as `Reply to a question on trade with Marlow by` name the speaker after them.
fn is_object_of_meeting(text_before_office: &str) -> bool {
    const WORDS_BEFORE_OBJECT: [&str; 12] = [
        "with", "meet", "meets", "met", "meeting", "receives", "received", "welcomes", "welcomed",
        "hosts", "hosted", "visits",
    ];
    let mut words = text_before_office.split_whitespace().rev().map(str::to_lowercase);
    let last_word = words.find(|word| {
        word == "by" || word == "from" || WORDS_BEFORE_OBJECT.contains(&word.as_str())
    });
    last_word.is_some_and(|word| word != "by" && word != "from")
}

/// Returns the title and, on the next line, the beginning of the text.
fn title_and_beginning_of_text(evidence: &DocumentEvidence<'_>) -> String {
    let text = &evidence.document.text;
    let end =
        text.char_indices().nth(MAX_CHARS_SEARCHED_FOR_MENTIONS).map_or(text.len(), |(end, _)| end);
    let start = text.get(..end).unwrap_or_default();
    format!("{}\n{start}", evidence.document.title.as_deref().unwrap_or_default())
}

/// Returns the area of an office, such as `Transport`, from the words after its rank. `None` if the name of the holder
/// cannot be separated from the area.
fn area_of_office(words_after_rank: &str, text: &str) -> Option<String> {
    let is_in_capitals = !words_after_rank.contains(char::is_lowercase);
    // In a title in capitals, only a comma can end the name of the office.
    let words_after_rank = if is_in_capitals {
        words_after_rank.split(',').next().unwrap_or_default()
    } else {
        words_after_rank
    };
    let all_words: Vec<&str> = words_after_rank.split(' ').collect();
    let ends_area = |word: &&str| {
        let lower_case_word = word.trim_end_matches(',').to_lowercase();
        let first_part = lower_case_word.split('-').next().unwrap_or_default();
        HONORIFICS.contains(word) || WORDS_AFTER_AREA_OF_OFFICE.contains(&first_part)
    };
    let end = all_words.iter().position(ends_area).unwrap_or(all_words.len());
    let words = without_final_connectors(all_words.get(..end)?);
    if words.is_empty() {
        return None;
    }
    let supported_end = (1..=words.len()).find(|&end| {
        let area_words = words.get(..end).unwrap_or_default();
        let is_whole = without_final_connectors(area_words).len() == area_words.len();
        let area = area_words.join(" ");
        is_whole && !area.ends_with(',') && mentions_office_with_area(&area, text)
    });
    let words = words.get(..supported_end.unwrap_or(words.len()))?;
    let words = area_without_name_of_holder(words, text)?;
    Some(words.join(" ").trim_end_matches(',').to_owned())
}

/// Returns the words without connectors, such as `and`, and without commas at their end.
fn without_final_connectors<'a, 'w>(mut words: &'a [&'w str]) -> &'a [&'w str] {
    while let [before @ .., last] = words
        && (AREA_CONNECTORS.contains(&last.to_lowercase().as_str()) || *last == ",")
    {
        words = before;
    }
    words
}

/// Returns whether the text mentions an office or a ministry with exactly the area `area`. Neither a capitalized word
/// nor a connector, such as `and`, may follow the area.
fn mentions_office_with_area(area: &str, text: &str) -> bool {
    [" for ", " of "].iter().any(|preposition| {
        let mention = format!("{preposition}{area}");
        text.match_indices(&mention).any(|(start, _)| {
            let before = text.get(..start).unwrap_or_default().rsplit([' ', '\n']).next();
            let names_office =
                before.is_some_and(|word| WORDS_BEFORE_AREA_OF_OFFICE.contains(&word));
            names_office
                && is_name_complete_before(text.get(start + mention.len()..).unwrap_or_default())
        })
    })
}

/// Returns whether a name ends before `after`, the text that follows the name: neither a connector nor a capitalized
/// word continues the name.
fn is_name_complete_before(after: &str) -> bool {
    let Some(first) = after.chars().next() else { return true };
    if first == '\n' {
        return true;
    }
    let (separator, next_words) = match after.strip_prefix(", ") {
        Some(next_words) => (',', next_words),
        None if first == ' ' => (' ', after.trim_start()),
        None => return !first.is_alphanumeric() && first != '-' && first != ',',
    };
    let next_word = next_words.split([' ', ',', '\n']).next().unwrap_or_default();
    let is_connector = AREA_CONNECTORS.contains(&next_word);
    let is_capitalized = next_word.starts_with(char::is_uppercase);
    let is_honorific = HONORIFICS.contains(&next_word);
    !is_connector && (!is_capitalized || separator == ',' && is_honorific)
}

/// Removes the name of the holder of the office from the end of an area. A name counts as the name of the holder if
/// `text` contains the name after an honorific. `None` if no name is found, and the last part of the area is too long
/// for an area.
fn area_without_name_of_holder<'a, 'w>(words: &'a [&'w str], text: &str) -> Option<&'a [&'w str]> {
    for name_word_count in PERSON_NAME_WORD_RANGE.rev().filter(|count| *count < words.len()) {
        let (area, name) = words.split_at_checked(words.len() - name_word_count)?;
        let name = name.join(" ");
        let is_person = HONORIFICS
            .iter()
            .chain(&["Minister"])
            .any(|honorific| text.contains(&format!("{honorific} {name}")));
        if is_person {
            return Some(without_final_connectors(area));
        }
    }
    let is_connector = |word: &&&str| AREA_CONNECTORS.contains(&word.to_lowercase().as_str());
    let last_part_words = words.iter().rev().take_while(|word| !is_connector(word)).count();
    (last_part_words <= MAX_WORDS_AFTER_LAST_CONNECTOR
        || words.iter().any(|word| word.ends_with(',')))
    .then_some(words)
}

/// Returns a name in the form in which the text mentions it. `None` if the text does not mention the name, or mentions
/// it in capitals only.
fn form_mentioned_in_text(name: &str, text: &str) -> Option<String> {
    let (name, lower_case_text) = (name.to_ascii_lowercase(), text.to_ascii_lowercase());
    let start = lower_case_text.find(&name)?;
    let mention = text.get(start..start + name.len())?;
    let is_in_capitals = !mention.contains(char::is_lowercase);
    (!is_in_capitals).then(|| with_connectors_in_lower_case(mention))
}

/// Returns the name of an office or its area with the joining words ([`AREA_CONNECTORS`]: and, of, for, the) in lower
/// case: `Trade And Industry` becomes `Trade and Industry`.
fn with_connectors_in_lower_case(name: &str) -> String {
    let words = name.split(' ').map(|word| {
        let lower_case_word = word.to_lowercase();
        let is_connector = AREA_CONNECTORS.contains(&lower_case_word.as_str());
        if is_connector { lower_case_word } else { word.to_owned() }
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::model::Document;

    #[test]
    fn first_lines_that_name_the_speaker_count_as_titles() {
        for (text, expected) in [
            (
                "Opening remarks by Ms Li Wei, Minister for Ports, at a meeting.\nGood morning.",
                Some("Minister for Ports"),
            ),
            ("The remarks of the Minister for Ports were good.\nText.", None),
        ] {
            let document = Document::new("a", format!("A Meeting\n{text}"));
            let issuer = ministry_of_speaker(&DocumentEvidence::new(&document));
            assert_eq!(issuer.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn titles_with_a_minister_name_the_ministry_or_the_office() {
        for (title, text, expected) in [
            (
                "Reply by Ms Li Wei, Minister for Transport and the Ports, on 4 May 2020",
                "Text.",
                Some("Minister for Transport and the Ports"),
            ),
            (
                "Reply by Ms Li Wei, Minister for Transport and the Ports, on 4 May 2020",
                "The Ministry of Transport and the Ports has a plan.",
                Some("Ministry of Transport and the Ports"),
            ),
            (
                "Senior Minister of State for Transport Dr Li Wei to attend a meeting",
                "Text.",
                Some("Minister for Transport"),
            ),
            (
                "SPEECH BY DR LI WEI, MINISTER FOR TRANSPORT AND THE PORTS, AT THE SECOND READING",
                "Text.",
                Some("Minister for Transport and the Ports"),
            ),
            (
                "Speech by the Minister For Ports And Rail, At The Opening Of The Line On Monday",
                "Text.",
                Some("Minister for Ports and Rail"),
            ),
            (
                "Minister for the Ports Li Wei to Attend a Meeting",
                "Ms Li Wei will attend.",
                Some("Minister for the Ports"),
            ),
            (
                "Minister for the Ports Li Wei’s Participation in a Meeting",
                "The Minister for the Ports, Ms Li, will attend.",
                Some("Minister for the Ports"),
            ),
            ("Minister for the Ports Li Da Wei to Attend a Meeting", "Text.", None),
            (
                "Minister for Ports and Rail and Minister-in-charge of Trade to speak",
                "Text.",
                Some("Minister for Ports and Rail"),
            ),
            (
                "Speech by Li Wei, Minister for Culture, Community and Youth, at a Meeting",
                "Text.",
                Some("Minister for Culture, Community and Youth"),
            ),
            (
                "Remarks by Li Wei, Senior Parliamentary Secretary for Ports",
                "The Ministry of Ports has a plan.",
                Some("Ministry of Ports"),
            ),
            ("Remarks by Li Wei, Senior Parliamentary Secretary for Ports", "Text.", None),
            ("Minister Reed Holds Meeting with French Minister for Ports", "Text.", None),
            ("President receives Minister for Ports of Marlow", "Text.", None),
            (
                "Reply on trade with Marlow by Ms Li Wei, Minister for Ports",
                "Text.",
                Some("Minister for Ports"),
            ),
            ("Speech by Minister of State, Mr Li Wei", "Text.", None),
            (
                "Speech by Li Wei, Minister for the Ports and Rail",
                "It is good for the public.",
                Some("Minister for the Ports and Rail"),
            ),
            ("Statement by the Prime Minister of the Kingdom of Ports", "Text.", None),
            ("A meeting of ministers", "Text.", None),
        ] {
            let mut document = Document::new("a", text);
            document.title = Some(title.to_owned());
            let issuer = ministry_of_speaker(&DocumentEvidence::new(&document));
            assert_eq!(issuer.as_deref(), expected, "{title}");
        }
    }
}
