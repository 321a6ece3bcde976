//! Tells whether a release names the same person in several ways, and gives every person one name in the release: `MS.
//! OKAFOR` is `Ada Okafor` if the release says both.

use std::{
    cell::OnceCell,
    collections::{HashMap, HashSet},
};

use super::{
    headline,
    mention::{
        OfficeEvidence, honorifics_before, occurrences, office_evidence, office_holders,
        person_around_surname, title_in_apposition_before,
    },
    person::{NameForm, Person},
    words,
};

/// Maximum number of names that are searched in the text of one release. The limit is needed because each search reads
/// the whole text.
const MAX_NAME_SEARCHES: usize = 48;
/// Maximum number of persons of one release who are compared with each other. Further persons keep the names that the
/// text gives them.
const MAX_COMPARED_PERSONS: usize = 500;

/// The persons whom one release names.
pub(super) struct Roster<'t> {
    /// Title without invisible characters.
    title: String,
    /// Text of the release.
    text: &'t str,
    /// Results of [`Self::with_full_name`] so far: each person with the full name and the longest office, by the name
    /// and office in the text.
    resolved_persons: HashMap<String, Person>,
    /// Persons with full names, in the order in which they were found.
    persons: Vec<Person>,
    /// Results of [`Self::is_known_person`] so far: for each full name found without a title, whether the release
    /// elsewhere shows it to be a person, by an honorific or an office next to the name.
    is_person_by_name: HashMap<String, bool>,
    /// Holder of each office that was searched for in the release. `None` if the release names no holder, or several.
    holders_by_office: HashMap<String, Option<Person>>,
    /// Results of [`Self::person_in_title`] so far, by the name and office in the title.
    persons_in_title: HashMap<String, Option<Person>>,
    /// Words that the text has in lower case. Set when they are first asked for.
    lower_case_words: OnceCell<HashSet<&'t str>>,
    /// Number of names searched in the text so far.
    search_count: usize,
}

impl<'t> Roster<'t> {
    pub(super) fn new(title: &str, text: &'t str) -> Self {
        let title = title.replace('\u{2060}', "").replace('‑', "-");
        Self {
            title,
            text,
            resolved_persons: HashMap::new(),
            persons: Vec::new(),
            is_person_by_name: HashMap::new(),
            holders_by_office: HashMap::new(),
            persons_in_title: HashMap::new(),
            lower_case_words: OnceCell::new(),
            search_count: 0,
        }
    }

    /// Returns whether the text of the release has `word` in lower case, in the singular or in the plural. Reads the text
    /// once for all words.
    pub(super) fn has_in_lower_case(&self, word: &str) -> bool {
        let words = self.lower_case_words.get_or_init(|| {
            let words = self.text.split(|c: char| !c.is_alphanumeric());
            words.filter(|word| word.starts_with(char::is_lowercase)).collect()
        });
        let singular = word.strip_suffix('s').unwrap_or(word);
        words.contains(singular) || words.contains(format!("{singular}s").as_str())
    }

    /// Returns the person with the full name that the release uses. Returns `person` unchanged if the release gives no
    /// full name, or several.
    pub(super) fn with_full_name(&mut self, person: Person) -> Person {
        if matches!(person.form, NameForm::Office | NameForm::Organization) {
            return person;
        }
        let key = name_and_office(&person);
        if let Some(resolved_person) = self.resolved_persons.get(&key) {
            return resolved_person.clone();
        }
        let mut resolved_person = person.clone();
        if person.is_full() {
            if let Some(same_person) =
                self.persons.iter().find(|other| is_same_person(other, &person))
            {
                resolved_person.name.clone_from(&same_person.name);
                resolved_person.office = longer_office(person.office, same_person.office.clone());
            } else {
                self.add_person(person);
            }
        } else if let Some(name) = self.full_name(&person) {
            resolved_person.name = name;
            resolved_person.form = NameForm::Full { has_title: true };
            let same_person =
                self.persons.iter().find(|other| is_same_person(other, &resolved_person));
            if let Some(same_person) = same_person {
                resolved_person.name.clone_from(&same_person.name);
                resolved_person.office =
                    longer_office(resolved_person.office, same_person.office.clone());
            } else {
                self.add_person(resolved_person.clone());
            }
        }
        self.resolved_persons.insert(key, resolved_person.clone());
        resolved_person
    }

    /// Adds a person with a full name. Does nothing if there are [`MAX_COMPARED_PERSONS`] already.
    fn add_person(&mut self, person: Person) {
        if self.persons.len() < MAX_COMPARED_PERSONS {
            self.persons.push(person);
        }
    }

    /// Returns whether the release elsewhere shows that the full name of `person`, found without a title, is the name
    /// of a person: there, an honorific or an office precedes the name, or an office follows the name.
    pub(super) fn is_known_person(&mut self, person: &Person) -> bool {
        if self.persons.iter().any(|other| other.name == person.name && other.has_title()) {
            return true;
        }
        if let Some(&is_person) = self.is_person_by_name.get(&person.name) {
            return is_person;
        }
        if self.search_count >= MAX_NAME_SEARCHES {
            return false;
        }
        self.search_count += 1;
        let is_person = occurrences(self.text, &person.name).any(|(before, after)| {
            let title = before.split_whitespace().next_back().unwrap_or_default();
            let is_titled = words::is_honorific(title) || words::is_office_word(title);
            let description = after
                .strip_prefix(", ")
                .map(|after| after.split(['.', '”']).next().unwrap_or_default());
            let is_described_by_office = description.is_some_and(|description| {
                let mut first = description.split_whitespace().take(8);
                first.any(|word| {
                    words::names_office(word.trim_matches(|c: char| !c.is_alphanumeric()))
                })
            });
            is_titled || is_described_by_office || ends_with_chinese_office(before)
        });
        self.is_person_by_name.insert(person.name.clone(), is_person);
        is_person
    }

    /// Returns the only person whom the release names as the holder of an office: the person meant by `the Minister`.
    /// `None` if the release names no holder, or several.
    pub(super) fn holder_of_office(&mut self, office: &str) -> Option<Person> {
        if let Some(holder) = self.holders_by_office.get(office) {
            return holder.clone();
        }
        if self.search_count >= MAX_NAME_SEARCHES {
            return None;
        }
        self.search_count += 1;
        let in_title: Vec<Person> = office_holders(&self.title, office)
            .into_iter()
            .filter_map(|person| self.person_in_title(person))
            .collect();
        let is_in_title = !in_title.is_empty();
        let named_persons: Vec<Person> =
            in_title.into_iter().chain(office_holders(self.text, office)).collect();
        let is_repeated = named_persons.len() > 1;
        let mut persons = named_persons.into_iter().map(|person| self.with_full_name(person));
        let holder = persons.next().filter(|first| persons.all(|other| other.name == first.name));
        // A short office such as `President` may mean another person than the only person whom the text names with it
        // once.
        let holder = holder.filter(|_| is_in_title || is_repeated || office.contains(' '));
        self.holders_by_office.insert(office.to_owned(), holder.clone());
        holder
    }

    /// Returns a person whom the title names, without a verb after the name. `None` if it is uncertain where the name
    /// ends.
    pub(super) fn person_in_title(&mut self, person: Person) -> Option<Person> {
        let key = name_and_office(&person);
        if let Some(person) = self.persons_in_title.get(&key) {
            return person.clone();
        }
        if self.persons_in_title.len() >= MAX_NAME_SEARCHES {
            return None;
        }
        let person = headline::person_without_verb(person, self.text);
        self.persons_in_title.insert(key, person.clone());
        person
    }

    /// Returns the full name of the person whom a Chinese label names by surname and office: `黃主任委員`.
    fn holder_with_surname(&self, person: &Person) -> Option<String> {
        let surname = person.name.chars().next()?;
        let mut holders = self.persons.iter().filter(|other| {
            let body = || other.office.as_deref()?.strip_suffix(person.office.as_deref()?);
            other.name.starts_with(surname) && body().is_some_and(|body| !body.ends_with('副'))
        });
        let only_holder = holders.next()?;
        holders.next().is_none().then(|| only_holder.name.clone())
    }

    /// Returns the only full name that the release gives a person named by surname and title.
    fn full_name(&mut self, person: &Person) -> Option<String> {
        if super::chinese::contains_chinese(&person.name) {
            return self.holder_with_surname(person);
        }
        self.only_name_with_surname(person).filter(|name| self.title_agrees(person, name))
    }

    /// Returns whether the titles that the release gives the full name `name` agree with the title of `person`. If
    /// `person` has an office, the release must give `name` this office, or no title at all. If `person` has an
    /// honorific, the honorifics of `name` must agree with it. `Administrator Reed` is not `Dr Ann Reed`, and `Ms Reed`
    /// is not `Mr Tom Reed`.
    fn title_agrees(&self, person: &Person, name: &str) -> bool {
        let texts = || [self.title.as_str(), self.text].into_iter();
        let mut stated_honorifics = texts().flat_map(|text| honorifics_before(text, name));
        if let Some(office) = &person.office {
            let head = [" of ", " for "].iter().find_map(|mark| office.split_once(*mark));
            let head = head.map_or(office.as_str(), |(head, _)| head);
            let word = head.rsplit(' ').next().unwrap_or_default();
            let mut offices_of_name = self
                .persons
                .iter()
                .filter(|other| other.name == name)
                .flat_map(|other| &other.office);
            if offices_of_name.any(|own| own.split([' ', '-', ',']).any(|own| own == word)) {
                return true;
            }
            let evidence = texts().map(|text| office_evidence(text, name, word));
            let evidence: Vec<OfficeEvidence> = evidence.collect();
            return evidence.contains(&OfficeEvidence::SameOffice)
                || evidence.iter().all(|evidence| *evidence == OfficeEvidence::Unstated)
                    && stated_honorifics.next().is_none();
        }
        let honorific = person.name.split(' ').next().unwrap_or_default().trim_end_matches('.');
        match honorific {
            "Mr" => stated_honorifics.all(|other| !is_female_honorific(other)),
            "Dr" => stated_honorifics.any(|other| other == "Dr" || other.starts_with("Prof")),
            _ if is_female_honorific(honorific) => stated_honorifics.all(|other| other != "Mr"),
            _ => true,
        }
    }

    /// Returns the only full name of the release that contains a surname.
    fn only_name_with_surname(&mut self, person: &Person) -> Option<String> {
        let surname = person.surname().to_owned();
        let persons_with_surname: Vec<&Person> = self
            .persons
            .iter()
            .filter(|other| other.name.split_whitespace().any(|word| word == surname))
            .collect();
        if let [only_person] = persons_with_surname.as_slice() {
            return Some(only_person.name.clone());
        }
        if self.search_count >= MAX_NAME_SEARCHES || surname.chars().count() < 2 {
            return None;
        }
        self.search_count += 1;
        let (title, text) = (self.title.as_str(), self.text);
        let mut names: Vec<(String, Option<String>, usize, bool)> = Vec::new();
        // Names in headlines, without a verb after the name.
        let mut confirmed_names: HashMap<String, Option<String>> = HashMap::new();
        let surname_occurrences = occurrences(title, &surname)
            .map(|occurrence| (occurrence, true))
            .chain(occurrences(text, &surname).map(|occurrence| (occurrence, false)));
        for ((before, after), in_title) in surname_occurrences {
            let Some(mut person) = person_around_surname(before, &surname, after) else { continue };
            if headline::is_in_headline(before, &surname, after)
                && !headline::is_whole_name(&person.name, &surname, after)
            {
                let confirmed_name = match confirmed_names.get(&person.name) {
                    Some(name) => name,
                    None if self.search_count >= MAX_NAME_SEARCHES => continue,
                    None => {
                        self.search_count += 1;
                        let name = headline::confirmed_name(&person.name, &surname, text);
                        confirmed_names.entry(person.name.clone()).or_insert(name)
                    }
                };
                let Some(name) = confirmed_name else { continue };
                person.name.clone_from(name);
            }
            let is_evident = in_title
                || person.has_title()
                || is_described_by_office(after)
                || title_in_apposition_before(before_name(before, &surname, &person.name))
                    .is_some();
            match names.iter_mut().find(|(name, ..)| *name == person.name) {
                Some((_, office, count, evident)) => {
                    *office = office.take().or(person.office);
                    *count += 1;
                    *evident |= is_evident;
                }
                None => names.push((person.name, person.office, 1, is_evident)),
            }
        }
        names.retain(|(_, _, count, is_evident)| *is_evident || *count > 1);
        if names.len() > 1
            && let Some(own_office) = &person.office
        {
            // Of two persons with one surname, the one with the office: `President Biden` is not `Jill Biden`.
            let last_word = own_office.rsplit(' ').next().unwrap_or_default();
            names.retain(|(_, office, ..)| {
                office.as_deref().is_some_and(|office| office.ends_with(last_word))
            });
        }
        match names.as_slice() {
            [(name, ..)] => Some(name.clone()),
            _ => None,
        }
    }
}

/// Returns the name and the office of a person as a key of a map.
fn name_and_office(person: &Person) -> String {
    format!("{}|{}", person.name, person.office.as_deref().unwrap_or_default())
}

/// Returns the text before a full name, from the text before the surname in it.
fn before_name<'t>(before_surname: &'t str, surname: &str, name: &str) -> &'t str {
    let given_name = name.split_once(surname).map_or("", |(given_name, _)| given_name);
    before_surname.strip_suffix(given_name).unwrap_or(before_surname)
}

/// Returns whether the text after a name describes its holder by an office: `, Minister for Ports`.
fn is_described_by_office(after: &str) -> bool {
    let description = after.strip_prefix(", ").unwrap_or_default();
    words::names_office(description.split([',', '.', '\n']).next().unwrap_or_default())
}

/// Returns whether only women have the honorific.
fn is_female_honorific(honorific: &str) -> bool {
    matches!(honorific, "Ms" | "Mrs" | "Miss" | "Mdm" | "Madam")
}

/// Returns whether Chinese text ends with an office, directly before a name.
fn ends_with_chinese_office(before: &str) -> bool {
    super::chinese_name::ends_with_office(before)
}

/// Returns whether two full names may belong to one person: the names are equal, or have the same surname and similar
/// first words. First words are similar if one begins with the other, or if they have the same first letter and the
/// persons have the same office.
fn is_same_person(one: &Person, other: &Person) -> bool {
    if one.name == other.name {
        return true;
    }
    let first_word =
        |person: &Person| person.name.split_whitespace().next().unwrap_or_default().to_owned();
    let (first, other_first) = (first_word(one), first_word(other));
    let is_short_form = first.starts_with(&other_first) || other_first.starts_with(&first);
    let shares_office = one.office.is_some() && one.office == other.office;
    one.surname() == other.surname()
        && (is_short_form || shares_office && first.chars().next() == other_first.chars().next())
        && one.name.is_ascii() == other.name.is_ascii()
        && one.name.contains(' ')
}

/// Returns the more complete of two titles of an office: `other` if it is longer than `one` and contains `one`, or if
/// `one` is `None`. Otherwise returns `one`.
fn longer_office(one: Option<String>, other: Option<String>) -> Option<String> {
    match (one, other) {
        (Some(one), Some(other)) => {
            Some(if other.len() > one.len() && other.contains(&one) { other } else { one })
        }
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests {
    use super::super::person;
    use super::*;

    /// Returns the full names of the persons whom `phrases` name, as far as the release states them.
    fn resolved_names(title: &str, text: &str, phrases: &[&str]) -> Vec<String> {
        let mut roster = Roster::new(title, text);
        phrases
            .iter()
            .map(|phrase| roster.with_full_name(person::person(phrase).unwrap()).name)
            .collect()
    }

    #[test]
    fn persons_have_one_name_in_a_release() {
        let title = "Briefing by Press Secretary Ada Okafor";
        for (text, phrases, expected) in [
            ("MS. OKAFOR: Hello.", vec!["Ms. Okafor"], vec!["Ada Okafor"]),
            (
                "Minister Mei Lim spoke. Ms Lim left.",
                vec!["Ms Mei Lim", "Minister Lim"],
                vec!["Mei Lim", "Mei Lim"],
            ),
            ("Minister Tan Wei Ming spoke.", vec!["Minister Tan"], vec!["Tan Wei Ming"]),
            ("Mr. Reed spoke.", vec!["Mr. Reed"], vec!["Mr. Reed"]),
            ("Dr Tom Reed and Dr Ann Reed came.", vec!["Dr Reed"], vec!["Dr Reed"]),
            (
                "President Joe Reed and Governor Jill Reed came.",
                vec!["President Reed"],
                vec!["Joe Reed"],
            ),
            (
                "Dr Ann Reed spoke.",
                vec!["Dr Reed", "Administrator Reed"],
                vec!["Ann Reed", "Administrator Reed"],
            ),
            ("Mr Tom Reed spoke.", vec!["Ms. Reed", "Mr. Reed"], vec!["Ms. Reed", "Tom Reed"]),
            ("Secretary of Trade Tom Reed spoke.", vec!["Secretary Reed"], vec!["Tom Reed"]),
            (
                "The Minister for Trade, Ciarán Reed TD, spoke.",
                vec!["Minister Reed"],
                vec!["Ciarán Reed"],
            ),
            (
                "The Minister for Trade, Mr Tom Reed, spoke.",
                vec!["Minister Reed"],
                vec!["Tom Reed"],
            ),
            ("The Minister for Trade, Tom Reed, spoke.", vec!["Minister Reed"], vec!["Tom Reed"]),
            (
                "The Minister for Trade, and Tom Reed, spoke.",
                vec!["Minister Reed"],
                vec!["Minister Reed"],
            ),
            (
                "Minister for Trade and Minister-in-charge of Ports Ms Mei Lim spoke.",
                vec!["Minister Lim"],
                vec!["Mei Lim"],
            ),
            (
                "Administrator Ortiz and Dr Ann Reed spoke.",
                vec!["Administrator Reed"],
                vec!["Administrator Reed"],
            ),
            ("Joe Reed spoke. Joe Reed left.", vec!["President Reed"], vec!["Joe Reed"]),
            ("Tom Reed, Secretary of Ports, spoke.", vec!["Secretary Reed"], vec!["Tom Reed"]),
            (
                "President Joe Reed came.",
                vec!["President Joe Reed", "President Joseph R. Reed"],
                vec!["Joe Reed", "Joe Reed"],
            ),
        ] {
            assert_eq!(resolved_names(title, text, &phrases), expected, "{text}");
        }
    }

    #[test]
    fn a_title_elsewhere_shows_that_a_name_is_a_person() {
        for (text, is_known) in [
            ("Mei Lim, Director of the Port, came. Mei Lim said no.", true),
            ("Director Mei Lim came.", true),
            ("Mei Lim came.", false),
            ("Mei Limited, Director", false),
        ] {
            let mei_lim = person::person("Mei Lim").unwrap();
            assert_eq!(Roster::new("", text).is_known_person(&mei_lim), is_known, "{text}");
        }
    }
}
