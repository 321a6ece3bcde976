//! Separates a name from the verb after it in a headline with capitalized words: `Minister Reed Opens Third Berth` names
//! `Minister Reed`, not a person `Reed Opens`.

use super::{
    boundary::is_long_preposition,
    mention::occurrences,
    person::{NameForm, Person},
};

/// Maximum length of a line that is taken for a headline, in bytes.
const MAX_HEADLINE_BYTES: usize = 240;

/// Returns whether the sentences of `text` contain `name`. Headlines with capitalized words do not count, because the
/// words after a name are capitalized there too.
fn is_in_sentence(text: &str, name: &str) -> bool {
    occurrences(text, name).any(|(before, after)| !is_in_headline(before, name, after))
}

/// Returns whether `name`, between the texts `before` and `after`, stands in a line in which all longer words are
/// capitalized and which does not end as a sentence.
pub(super) fn is_in_headline(before: &str, name: &str, after: &str) -> bool {
    // A line that begins or ends outside these characters is too long for a headline.
    let mut chars_before = before.char_indices().rev().take(MAX_HEADLINE_BYTES + 1);
    let mut chars_after = after.char_indices().take(MAX_HEADLINE_BYTES + 1);
    let line_start = chars_before.find(|(_, c)| *c == '\n').map_or(0, |(newline, _)| newline + 1);
    let line_end =
        chars_after.find(|(_, c)| *c == '\n').map_or(after.len(), |(newline, _)| newline);
    let (line_start, line_end) =
        (before.get(line_start..).unwrap_or_default(), after.get(..line_end).unwrap_or_default());
    let is_capitalized = |word: &str| {
        let bare_word = word.trim_matches(|c: char| !c.is_alphanumeric());
        bare_word.len() <= 3
            || !bare_word.starts_with(char::is_lowercase)
            || is_long_preposition(bare_word)
    };
    line_start.len() + name.len() + line_end.len() <= MAX_HEADLINE_BYTES
        && !line_end.trim_end().ends_with(['.', '!', '?', '”', '"', ':', ';'])
        && line_start.split_whitespace().chain(line_end.split_whitespace()).all(is_capitalized)
}

/// Returns whether `name` ends where its last word ends in the headline: with the surname, or before a comma. `after` is
/// the text after the surname in the headline.
pub(super) fn is_whole_name(name: &str, surname: &str, after: &str) -> bool {
    let words: Vec<&str> = name.split(' ').collect();
    let Some(surname_index) = words.iter().position(|word| *word == surname) else { return false };
    let following_words = words.get(surname_index + 1..).unwrap_or_default().join(" ");
    let rest = after.strip_prefix(' ').and_then(|rest| rest.strip_prefix(following_words.as_str()));
    following_words.is_empty() || rest.is_some_and(|rest| rest.starts_with(','))
}

/// Returns `name` without the words after `surname` that no sentence of `text` confirms: `Reed` in `Tom Reed Opens`.
/// `None` if only the surname is left. Reads the text once for each word after the surname.
pub(super) fn confirmed_name(name: &str, surname: &str, text: &str) -> Option<String> {
    let words: Vec<&str> = name.split(' ').collect();
    let surname_index = words.iter().position(|word| *word == surname)?;
    let shorter_names = (surname_index + 1..=words.len()).rev().filter_map(|end| {
        let shorter_name = words.get(..end)?.join(" ");
        let is_confirmed = end == surname_index + 1 || is_in_sentence(text, &shorter_name);
        is_confirmed.then_some(shorter_name)
    });
    shorter_names.take(1).find(|name| name.contains(' '))
}

/// Returns a person from a headline without the verb after the name. `None` if neither the headline nor a sentence of
/// `text` shows where the name ends.
pub(super) fn person_without_verb(person: Person, text: &str) -> Option<Person> {
    if !person.is_full() {
        return Some(person);
    }
    let words: Vec<&str> = person.name.split(' ').collect();
    let confirmed_full_name = (2..=words.len()).rev().find_map(|end| {
        let name = words.get(..end)?.join(" ");
        is_in_sentence(text, &name).then_some(name)
    });
    if let Some(name) = confirmed_full_name {
        return Some(Person { name, ..person });
    }
    let title = person.office.as_deref().and_then(|office| office.rsplit(' ').next());
    let titles = title.into_iter().chain(["Mr", "Mr.", "Ms", "Ms.", "Mrs", "Mrs.", "Dr", "Dr."]);
    let titles: Vec<&str> = titles.collect();
    let is_surname =
        |word: &str| titles.iter().any(|title| is_in_sentence(text, &format!("{title} {word}")));
    let surname_index = words.iter().rposition(|word| is_surname(word));
    let name = match surname_index {
        Some(index) => words.get(..=index)?.join(" "),
        None if words.last().is_some_and(|word| may_be_verb(word)) => return None,
        None => person.name.clone(),
    };
    if name.contains(' ') {
        return Some(Person { name, ..person });
    }
    let name = format!("{} {name}", person.office.as_deref()?);
    Some(Person { name, form: NameForm::Surname, ..person })
}

/// Returns whether a word has the form of a verb of a headline: `Opens`, `Announced`, `Opening`, `Will`.
fn may_be_verb(word: &str) -> bool {
    let has_verb_ending = ["ed", "ing"].iter().any(|ending| word.ends_with(ending));
    word.ends_with('s') || word.len() > 4 && has_verb_ending || word == "Will"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passage::speaker::person;

    #[test]
    fn names_in_headlines_end_before_the_verb() {
        for (name, surname, after, text, expected) in [
            ("Reed Opens", "Reed", " Opens Third Berth", "Minister Reed said no.", None),
            ("Reed Attends Feast", "Reed", " Attends Feast", "Minister Reed said no.", None),
            (
                "Tom Reed Announces",
                "Reed",
                " Announces Plan",
                "Mayor Reed said no.",
                Some("Tom Reed"),
            ),
            (
                "Tan Wei Ming Opens",
                "Tan",
                " Wei Ming Opens Berth",
                "Minister Tan Wei Ming said no.",
                Some("Tan Wei Ming"),
            ),
            ("Tan Wei Ming", "Tan", " Wei Ming, Minister", "", Some("Tan Wei Ming")),
            (
                "Reed Opens",
                "Reed",
                " Opens Third Berth",
                "Minister Reed Opens Third Berth\nHe did.",
                None,
            ),
        ] {
            let actual = if is_whole_name(name, surname, after) {
                Some(name.to_owned())
            } else {
                confirmed_name(name, surname, text)
            };
            assert_eq!(actual.as_deref(), expected, "{name} | {text}");
        }
    }

    #[test]
    fn holders_in_headlines_keep_their_names_without_the_verb() {
        for (phrase, text, expected) in [
            ("Minister Reed Opens", "Minister Reed said no.", Some("Minister Reed")),
            ("Minister Tom Reed Opens", "Minister Reed said no.", Some("Tom Reed")),
            ("Minister Tom Reed Opens", "The berth is long.", None),
            ("Minister Tom Reed", "The berth is long.", Some("Tom Reed")),
            ("Minister Tom Reed", "There, Tom Reed said no.", Some("Tom Reed")),
        ] {
            let person = person_without_verb(person::person(phrase).unwrap(), text);
            let actual = person.map(|person| person.name);
            assert_eq!(actual.as_deref(), expected, "{phrase} | {text}");
        }
    }
}
