//! Finds the occurrences of a person's name in a text, and the titles that stand beside the name there.

use super::{
    person::{self, NameForm, Person},
    words,
};

/// Maximum number of occurrences of one name or office that are read in a text.
const MAX_OCCURRENCES_READ: usize = 40;

/// Maximum number of words before a name that are searched for an office.
const MAX_WORDS_SEARCHED_FOR_OFFICE: usize = 20;
/// Maximum number of bytes before a surname that are searched for the rest of the name.
const MAX_NAME_SEARCH_BYTES: usize = 160;

/// Returns the persons whom a text names as holders of an office, one for each occurrence: `Minister Mei Lim`,
/// `Mei Lim, Minister for Ports`.
pub(super) fn office_holders(text: &str, office: &str) -> Vec<Person> {
    let holders = occurrences(text, office).filter_map(|(before, _)| {
        // A capitalized word before the title makes it another office: `Deputy Minister`.
        let phrase_before = before.strip_suffix(' ').unwrap_or_default();
        let word_before = phrase_before.rsplit([' ', '\n']).next().unwrap_or_default();
        let is_other_office = word_before.starts_with(char::is_uppercase)
            && word_before.ends_with(char::is_alphabetic)
            && !words::is_possessive(word_before)
            && !words::is_sentence_opener(word_before);
        if is_other_office {
            return None;
        }
        // The article shows that the office stands before the name and a comma: `the Minister for Ports, Mei Lim`.
        let article = ["the ", "The "].iter().find(|article| before.ends_with(**article));
        let start = before.len() - article.map_or(0, |article| article.len());
        let person_after_office =
            person::leading_person(text.get(start..)?).map(|(person, _)| person);
        person_after_office.filter(|person| person.form != NameForm::Office).or_else(|| {
            let phrase = before.strip_suffix(", ")?.rsplit(['.', '\n', '“', '"', ';']).next()?;
            let person = person::person_at_end(phrase.rsplit(", ").next()?)?.person;
            Some(Person { office: Some(office.to_owned()), ..person })
        })
    });
    holders.collect()
}

/// Returns the text before and after each occurrence of `name` as whole words in `text`.
pub(super) fn occurrences<'t>(
    text: &'t str,
    name: &'t str,
) -> impl Iterator<Item = (&'t str, &'t str)> {
    let matches = text.match_indices(name).take(MAX_OCCURRENCES_READ);
    matches.filter_map(move |(offset, _)| {
        let (before, rest) = text.split_at_checked(offset)?;
        let after = rest.get(name.len()..)?;
        let is_word_character = |c: char| c.is_alphanumeric() && c.is_ascii();
        let is_whole = !before.ends_with(is_word_character)
            && !after.starts_with(is_word_character)
            && !after.starts_with('-');
        is_whole.then_some((before, after))
    })
}

/// Returns the person whose full name contains `surname` at one occurrence in a text, with the title before the name.
/// `surname` may itself be the full name. `before` and `after` are the text before and after `surname`.
pub(super) fn person_around_surname(before: &str, surname: &str, after: &str) -> Option<Person> {
    let earliest = before.len().saturating_sub(MAX_NAME_SEARCH_BYTES);
    let start = (earliest..=before.len()).find(|&start| before.is_char_boundary(start))?;
    let before = before.get(start..)?.rsplit('\n').next()?;
    let mut earlier: Vec<&str> = before.split_whitespace().rev().take(8).collect();
    earlier.reverse();
    // A mark ends the sentence or the phrase before the name.
    let phrase_start = earlier
        .iter()
        .rposition(|word| {
            word.ends_with([',', ';', ':', '!', '?', ')', '”', '"'])
                || word.ends_with('.') && !is_abbreviation(word)
        })
        .map_or(0, |index| index + 1);
    let mut words: Vec<&str> = earlier.get(phrase_start..)?.to_vec();
    words.extend(surname.split(' '));
    let following_text = after.strip_prefix(' ').unwrap_or_default();
    for word in following_text.split_whitespace().take(3) {
        let bare_word = word.trim_end_matches(|c: char| !c.is_alphanumeric());
        let bare_word = bare_word
            .strip_suffix("’s")
            .or_else(|| bare_word.strip_suffix("'s"))
            .unwrap_or(bare_word);
        if !(words::is_name_word(bare_word) || words::is_name_particle(bare_word)) {
            break;
        }
        words.push(bare_word);
        if bare_word.len() != word.len() {
            break;
        }
    }
    let person = person::person_at_end(&words.join(" "))?.person;
    person.is_full().then_some(person)
}

/// Returns whether a word before a full stop is an abbreviation, so that the full stop does not end the sentence.
fn is_abbreviation(word: &str) -> bool {
    words::is_honorific(word) || words::is_initial(word) || word == "U.S."
}

/// Returns which office a text gives the person `name`: an office with the head word `word`, another office, or none.
/// The office stands before the name, or after the name and a comma: `Administrator Ann Reed`, `Mei Lim, Minister for
/// Ports`.
pub(super) fn office_evidence(text: &str, name: &str, word: &str) -> OfficeEvidence {
    let mut evidence = OfficeEvidence::Unstated;
    for (before, after) in occurrences(text, name) {
        let description = after.strip_prefix(", ").unwrap_or_default();
        let description = description.split(['.', ';', '“', '\n']).next().unwrap_or_default();
        let is_in_description = description.split([' ', ',', '-']).any(|own| own == word);
        let is_in_apposition = title_in_apposition_before(before)
            .is_some_and(|title| title.split([' ', '-']).any(|own| own == word));
        if is_in_description || is_in_apposition || has_office_before(before, word) {
            return OfficeEvidence::SameOffice;
        }
        let is_described_by_office =
            words::names_office(description.split(',').next().unwrap_or_default());
        if is_described_by_office
            || person_around_surname(before, name, after)
                .is_some_and(|person| person.office.is_some())
        {
            evidence = OfficeEvidence::OtherOffice;
        }
    }
    evidence
}

/// Evidence that a text gives for the office of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OfficeEvidence {
    /// The text gives the person an office with the same head word.
    SameOffice,
    /// The text gives the person only other offices.
    OtherOffice,
    /// The text gives the person no office.
    Unstated,
}

/// Returns whether the capitalized words before a name contain `word`, the head word of an office. An office that is
/// the title of another person does not count. So the words `Minister for Ports and Rail Ms` contain the office
/// `Minister`, but the words `Minister Reed and Ms` do not.
fn has_office_before(before: &str, word: &str) -> bool {
    let sentence = before.rsplit(['\n', '“', '"', ';', ',']).next().unwrap_or_default();
    let mut next_word = "";
    for own in sentence.split_whitespace().rev().take(MAX_WORDS_SEARCHED_FOR_OFFICE) {
        let is_title = own.starts_with(char::is_uppercase) || words::is_title_connector(own);
        if !is_title || own.ends_with('.') && !is_abbreviation(own) {
            return false;
        }
        if own.split('-').next() == Some(word) && !words::is_name_word(next_word) {
            return true;
        }
        next_word = own;
    }
    false
}

/// Returns the title of an office before a comma and a name, with its article: `The Minister for Ports` before `Mei Lim`
/// in `The Minister for Ports, Ms Mei Lim`. `before` is the text before the name.
pub(super) fn title_in_apposition_before(before: &str) -> Option<&str> {
    let without_honorific = before.trim_end_matches(' ');
    let last_word = without_honorific.rsplit(' ').next().unwrap_or_default();
    let before_name = if words::is_honorific(last_word) {
        without_honorific.strip_suffix(last_word)?.trim_end_matches(' ')
    } else {
        without_honorific
    };
    let phrase = before_name.strip_suffix(',')?.rsplit(['.', '\n', '“', '"', ';', ',']).next()?;
    let start = ["the ", "The "].iter().filter_map(|article| phrase.find(article)).min()?;
    let titles = phrase.get(start..)?;
    person::is_title_after_article(titles).then_some(titles)
}

/// Iterates over the honorifics directly before a name in a text, without their full stops.
pub(super) fn honorifics_before<'t>(text: &'t str, name: &'t str) -> impl Iterator<Item = &'t str> {
    occurrences(text, name).filter_map(|(before, _)| {
        let word = before.strip_suffix(' ')?.rsplit([' ', '\n']).next()?;
        words::is_honorific(word).then(|| word.trim_end_matches('.'))
    })
}
