//! Finds the subject of a sentence that reports speech: a person, an organization, the holder of an office, or a
//! pronoun.

use super::{
    label::capitalize_words,
    person::{self, NameForm, Person},
    sentence::MAX_CLAUSE_BYTES,
    words,
};
use crate::document::is_organization_name;

/// Subject of a sentence that reports speech.
pub(super) enum Subject {
    /// A person or an organization.
    Named(Person),
    /// The holder of an office, without the name: `the Minister`.
    Role(String),
    /// `he` or `she`.
    Pronoun,
}

/// Returns the subject at the beginning of the text after a verb of speech: `Mei Lim`, `the Minister for Ports`.
pub(super) fn leading_subject(text: &str) -> Option<Subject> {
    if let Some((person, _)) = person::leading_person(text) {
        return (person.form != NameForm::Office).then_some(Subject::Named(person));
    }
    let text = text.trim_start();
    let end = text.find(['.', ',', ';', ':', '“', '"', '\n']).unwrap_or(text.len());
    if let Some(person) = text.get(..end).and_then(spokesperson) {
        return Some(Subject::Named(person));
    }
    let phrase = text.strip_prefix("the ")?;
    let end = phrase.find(['.', ',', ';', ':', '“', '"', '\n']).unwrap_or(phrase.len());
    let words: Vec<&str> = phrase.get(..end)?.split_whitespace().collect();
    let name_end = words
        .iter()
        .position(|word| !may_be_in_organization_or_office(word))
        .unwrap_or(words.len());
    let (name, after) = words.split_at_checked(name_end)?;
    let ends_name = matches!(
        after.first(),
        None | Some(&("in" | "on" | "at" | "during" | "today" | "yesterday" | "this" | "last"))
    );
    ends_name.then(|| organization_or_role(name))?
}

/// Returns the subject in the clause before a verb of speech: a name directly before the verb, or a name before an
/// apposition with an office. `has_quote` says whether a quotation belongs to the verb.
pub(super) fn subject_before(clause: &str, has_quote: bool) -> Option<Subject> {
    if has_quote
        && matches!(clause.rsplit([' ', ',']).next(), Some("he" | "she" | "He" | "She"))
        && clause.len() <= 4
    {
        return Some(Subject::Pronoun);
    }
    if let Some(delegate) = delegate_in_capitals(clause) {
        return Some(Subject::Named(delegate));
    }
    let Some(clause) = clause.strip_suffix(',') else {
        let last = clause.rsplit(", ").next().unwrap_or(clause);
        if let Some(at_end) = person::person_at_end(last)
            && is_subject_of_main_clause(clause, &at_end.words_before, has_quote)
        {
            let mut person = at_end.person;
            // The office may stand before the name: `the Minister for Ports, Ms Mei Lim said`.
            if person.office.is_none() {
                person.office = clause.strip_suffix(last).and_then(office_in_apposition);
            }
            return Some(Subject::Named(person));
        }
        return subject_with_apposition(clause, has_quote)
            .or_else(|| organization_or_role_at_end(clause, last, has_quote))
            .or_else(|| spokesperson(clause).map(Subject::Named));
    };
    subject_with_apposition(clause, has_quote)
}

/// Returns the delegate of a country whom a record of a meeting names: `ANA ORTIZ (Marlow)`. The whole clause is the name
/// in capitals and the country in brackets.
fn delegate_in_capitals(clause: &str) -> Option<Person> {
    const NAME_WORD_RANGE: std::ops::RangeInclusive<usize> = 2..=4;
    let (name, country) = clause.trim().strip_suffix(')')?.split_once(" (")?;
    let is_name = NAME_WORD_RANGE.contains(&name.split(' ').count())
        && name.chars().all(|c| c.is_uppercase() || matches!(c, ' ' | '-' | '.' | '’' | '\''));
    let is_country = country.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '’'))
        && country.starts_with(char::is_uppercase)
        && country.chars().any(char::is_lowercase);
    let person = person::person(&capitalize_words(name)).filter(Person::is_full)?;
    (is_name && is_country).then_some(Person { form: NameForm::Full { has_title: true }, ..person })
}

/// Returns the spokesperson of an organization whom a phrase names: `A spokesperson for the Ministry of Ports`,
/// `a Ministry of Ports spokesperson`. The name of the organization is a part of the name of the speaker. `None` if the
/// phrase names anybody or anything else.
fn spokesperson(phrase: &str) -> Option<Person> {
    let words: Vec<&str> =
        phrase.split_whitespace().filter(|word| !word.starts_with('(')).collect();
    let ["A" | "a" | "The" | "the", words @ ..] = words.as_slice() else { return None };
    let words = words.strip_suffix(&["today"]).unwrap_or(words);
    let (role, organization) = match words {
        [role, "for" | "of", "the", organization @ ..]
        | [role, "for" | "of", organization @ ..]
        | [organization @ .., role] => (*role, organization.join(" ")),
        [] => return None,
    };
    let role = match role {
        "spokesperson" => "Spokesperson",
        "spokesman" => "Spokesman",
        "spokeswoman" => "Spokeswoman",
        _ => return None,
    };
    let name = format!("{role} for the {organization}");
    is_organization_name(&organization).then(|| Person {
        office: Some(name.clone()),
        name,
        form: NameForm::Office,
    })
}

/// Returns the organization or the office after an article at the end of a clause: `the Ministry of Ports`,
/// `the Minister`.
fn organization_or_role_at_end(clause: &str, phrase: &str, has_quote: bool) -> Option<Subject> {
    let words: Vec<&str> = phrase.split_whitespace().collect();
    let mut articles = words.iter().enumerate().filter(|(_, word)| matches!(**word, "the" | "The"));
    articles.find_map(|(index, _)| {
        let (before, after) = words.split_at_checked(index)?;
        let name = after.get(1..)?;
        let is_subject = name.iter().all(|word| may_be_in_organization_or_office(word))
            && is_subject_of_main_clause(clause, before, has_quote);
        is_subject.then(|| organization_or_role(name))?
    })
}

/// Returns whether a word may stand in the name of an organization or of an office.
fn may_be_in_organization_or_office(word: &str) -> bool {
    word.starts_with(char::is_uppercase) || words::is_title_connector(word)
}

/// Returns the organization or the office that the words name. `None` if they name neither.
fn organization_or_role(words: &[&str]) -> Option<Subject> {
    let name = words.join(" ");
    if is_organization_name(&name) {
        return Some(Subject::Named(Person { name, office: None, form: NameForm::Organization }));
    }
    words
        .last()
        .is_some_and(|word| !words::is_possessive(word) && !words::is_title_connector(word))
        .then_some(())?;
    words::names_office(&name).then_some(Subject::Role(name))
}

/// Returns whether a name is the subject of the main clause. `before` holds the words before the name. Returns `false`
/// if these words open a subordinate clause, or make the name a part of a longer phrase.
fn is_subject_of_main_clause(clause: &str, before: &[&str], has_quote: bool) -> bool {
    let opens_subordinate =
        clause.split_whitespace().next().is_some_and(words::is_subordinating_word);
    let joins = matches!(
        before.last(),
        Some(&("and" | "&" | "of" | "for" | "with" | "by" | "to" | "from" | "or" | "that"))
    );
    !joins
        && (before.is_empty()
            || before.iter().all(|word| is_sentence_connective(word))
            || has_quote && before.len() <= 8)
        && (has_quote || !opens_subordinate)
}

/// Returns whether a word connects a sentence to the sentence before it.
fn is_sentence_connective(word: &str) -> bool {
    matches!(
        word.trim_end_matches(','),
        "the"
            | "The"
            | "And"
            | "and"
            | "But"
            | "but"
            | "So"
            | "Then"
            | "Today"
            | "today"
            | "Yesterday"
            | "Meanwhile"
            | "However"
            | "Also"
            | "Later"
            | "Earlier"
            | "Now"
            | "Even"
    )
}

/// Returns the only person in a clause who has a title, or an apposition with an office: `Mei Lim, Minister for Ports,
/// said`. `None` if there are several such persons.
fn subject_with_apposition(clause: &str, has_quote: bool) -> Option<Subject> {
    let parts: Vec<&str> = clause.split(", ").collect();
    let mut only_person: Option<Person> = None;
    for (index, part) in parts.iter().enumerate() {
        let Some(at_end) = person::person_at_end(part) else { continue };
        let office = parts.get(index + 1).copied().filter(|office| words::names_office(office));
        let has_title = at_end.person.has_title();
        let follows_title = at_end.person.is_full()
            && at_end.words_before.is_empty()
            && index
                .checked_sub(1)
                .and_then(|before| parts.get(before))
                .is_some_and(|before| person::is_title_after_article(before));
        if !is_subject_of_main_clause(part, &at_end.words_before, has_quote)
            || office.is_none() && !has_title && !follows_title
        {
            continue;
        }
        let mut person = at_end.person;
        if only_person.as_ref().is_some_and(|other| other.name != person.name) {
            return None;
        }
        let named_before =
            parts.get(..index).and_then(|parts| office_in_apposition(&parts.join(", ")));
        person.office = person.office.or(office.map(office_without_articles)).or(named_before);
        if let NameForm::Full { has_title } = &mut person.form {
            *has_title = true;
        }
        only_person = Some(person);
    }
    only_person.map(Subject::Named)
}

/// Returns the title of an office that a phrase before a name states: `Harbourland’s Minister for Ports,`.
fn office_in_apposition(phrase: &str) -> Option<String> {
    let phrase = phrase.trim().trim_end_matches(',');
    let is_title =
        words::names_office(phrase) && !phrase.contains(", ") && phrase.len() <= MAX_CLAUSE_BYTES;
    is_title.then(|| office_without_articles(phrase))
}

/// Returns the title of an office without articles, possessives and item numbers before it.
fn office_without_articles(office: &str) -> String {
    let words = office.split_whitespace().skip_while(|word| {
        words::is_possessive(word)
            || words::is_item_number(word)
            || matches!(*word, "the" | "The" | "a" | "an")
    });
    words.collect::<Vec<_>>().join(" ")
}
