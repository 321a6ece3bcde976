//! Recognizes questions to the holder of an office, in the words of a report: `To ask the Minister for Ports whether …`,
//! `Ms Mei Lim asked the Minister …`.

use super::{
    person::{self, Person},
    words,
};

/// Maximum number of bytes before the verb of a reported question: the name of the person who asks, with the office.
const MAX_ASKING_BYTES: usize = 160;

/// Returns the person whose question a passage reports: the passage begins with the person, who `asked the` holder of an
/// office.
pub(super) fn reporting_person(text: &str) -> Option<Person> {
    let (opening, asked) = text.split_once(" asked ")?;
    let (person, end) = person::leading_person(text)?;
    let asks_office =
        asked.strip_prefix("the ").is_some_and(|asked| office_at_start(asked).is_some());
    let is_question = asks_office
        && person.has_title()
        && end <= opening.len()
        && opening.len() <= MAX_ASKING_BYTES
        && !opening.contains(['.', '“', '"']);
    is_question.then_some(person)
}

/// Returns the office whose holder a text asks: `Minister for Ports` of `To ask the Minister for Ports whether …`.
pub(super) fn asked_office(text: &str) -> Option<String> {
    // Most texts do not contain the word, so this search suffices for them.
    if !text.contains("ask") {
        return None;
    }
    let asks = ["To ask the ", "to ask the ", "asked the "];
    let office = asks.iter().find_map(|asks| text.split_once(asks).map(|(_, after)| after))?;
    office_at_start(office)
}

/// Returns the title of an office at the start of a text: `Minister for Ports` of `Minister for Ports whether …`.
fn office_at_start(text: &str) -> Option<String> {
    let mut words = Vec::new();
    for word in text.split_whitespace().take(12) {
        let is_title = word.starts_with(char::is_uppercase) || words::is_title_connector(word);
        if !is_title {
            break;
        }
        words.push(word.trim_end_matches([',', ':']));
        if word.ends_with([',', ':']) {
            break;
        }
    }
    while words.last().is_some_and(|word| words::is_title_connector(word)) {
        words.pop();
    }
    let office = words.join(" ");
    words::names_office(&office).then_some(office)
}

/// Returns whether a paragraph is a further item of a question: `(b) whether …`.
pub(super) fn begins_with_item_letter(text: &str) -> bool {
    let mut chars = text.trim_start().chars();
    chars.next() == Some('(') && chars.next().is_some_and(|c| c.is_ascii_alphanumeric())
}
