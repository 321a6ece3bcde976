//! Recognizes the name of a person in an English noun phrase, and separates the office from the name: `NOAA
//! Administrator Dr Richard Spinrad` is `Richard Spinrad` with the office `NOAA Administrator`.

use super::words;

/// Maximum number of words of a phrase with office and name.
const MAX_PERSON_PHRASE_WORDS: usize = 24;
/// Maximum number of words of a name.
const MAX_PERSON_NAME_WORDS: usize = 6;

/// A person, or a holder of an office whose name is not stated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Person {
    /// Name without honorific and office: `Grace Fu`. A surname alone keeps its honorific or office: `Ms. Psaki`,
    /// `President Biden`. Without a name, the office.
    pub(super) name: String,
    /// Office, if the phrase states it.
    pub(super) office: Option<String>,
    /// Form of the name.
    pub(super) form: NameForm,
}

/// Form in which a phrase names a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NameForm {
    /// Given name and surname.
    Full {
        /// Whether an honorific or an office precedes the name.
        has_title: bool,
    },
    /// One word of the name, after an honorific or an office.
    Surname,
    /// Only an office, or a role that a transcript states instead of a name.
    Office,
    /// Name of an organization: `Ministry of Ports`.
    Organization,
}

impl Person {
    /// Returns the last word of the name, without a suffix such as `Jr.`.
    pub(super) fn surname(&self) -> &str {
        let mut words = self.name.split_whitespace().rev();
        words.find(|word| !words::is_name_suffix(word.trim_end_matches(','))).unwrap_or_default()
    }

    /// Returns whether an honorific or an office precedes the name. Only a full name can be without a title.
    pub(super) const fn has_title(&self) -> bool {
        !matches!(self.form, NameForm::Full { has_title: false })
    }

    /// Returns whether the name has a given name and a surname.
    pub(super) const fn is_full(&self) -> bool {
        matches!(self.form, NameForm::Full { .. })
    }
}

/// A person at the end of a phrase, and the words before it.
pub(super) struct PersonAtEnd<'t> {
    pub(super) person: Person,
    /// Words of the phrase before the office and the name.
    pub(super) words_before: Vec<&'t str>,
}

/// Returns the person that `phrase` names as a whole: an optional office, an optional honorific, and a name.
pub(super) fn person(phrase: &str) -> Option<Person> {
    let PersonAtEnd { person, words_before } = person_at_end(phrase)?;
    words_before
        .iter()
        .all(|word| {
            matches!(*word, "the" | "The" | "our" | "and" | "And" | "but" | "But")
                || words::is_item_number(word)
        })
        .then_some(person)
}

/// Returns the person at the end of `phrase`. `None` if the phrase does not end with a name, or if it is uncertain
/// where the name begins.
pub(super) fn person_at_end(phrase: &str) -> Option<PersonAtEnd<'_>> {
    let words: Vec<&str> = phrase.split_whitespace().collect();
    if words.len() > MAX_PERSON_PHRASE_WORDS {
        return None;
    }
    let name_start = name_start(&words)?;
    let (before_name, name_words) = words.split_at_checked(name_start)?;
    let follows_honorific =
        before_name.last().is_some_and(|word| words::is_honorific_only_before_name(word));
    let is_full_word = |(index, word): &(usize, &&str)| {
        *index == 0 && follows_honorific && words::is_name_after_honorific(word)
            || words::is_name_word(word.trim_end_matches(','))
    };
    let full_word_count = name_words.iter().enumerate().filter(is_full_word).count();
    if full_word_count == 0 || name_words.len() > MAX_PERSON_NAME_WORDS {
        return None;
    }
    let name = join_name_words(name_words);
    let has_post_nominal = name_words.iter().any(|word| words::is_post_nominal(word));
    let PersonTitle { words: title, honorific, office, words_before } =
        title_at_end(before_name, full_word_count > 1)?;
    let has_title = honorific.is_some() || office.is_some();
    if full_word_count == 1 && !name_words.iter().any(|word| words::is_initial(word)) {
        let shown_title = honorific.map(str::to_owned).or_else(|| office.clone())?;
        let name = format!("{shown_title} {name}");
        return Some(PersonAtEnd {
            person: Person { name, office, form: NameForm::Surname },
            words_before,
        });
    }
    // A capitalized word that ends neither an office nor an honorific may belong to the name: `Bank of America Lee
    // Wei`.
    if !has_title && !title.is_empty() {
        return None;
    }
    let has_title = has_title || has_post_nominal;
    let name = match honorific {
        Some(honorific @ ("Lord" | "Lady" | "Sir" | "Dame" | "Baroness")) => {
            format!("{honorific} {name}")
        }
        _ => name,
    };
    Some(PersonAtEnd {
        person: Person { name, office, form: NameForm::Full { has_title } },
        words_before,
    })
}

/// Returns the words of a name joined by spaces, without commas, invisible characters, the full stop of a suffix, and
/// abbreviations of honours.
fn join_name_words(words: &[&str]) -> String {
    let words = words.iter().filter(|word| !words::is_post_nominal(word)).map(|word| {
        let word = word.trim_end_matches(',');
        let word = if words::is_name_suffix(word) { word.trim_end_matches('.') } else { word };
        word.replace('\u{2060}', "").replace('‑', "-")
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Returns the index of the first word of the name at the end of a phrase. Directly after an honorific, nearly any
/// capitalized word begins a name: `Ms He Ting`. A particle begins a name after an office: `President von Ortiz`.
fn name_start(words: &[&str]) -> Option<usize> {
    let after_honorific = words
        .iter()
        .rposition(|word| words::is_honorific_only_before_name(word))
        .map_or(0, |index| index + 1);
    let mut start = None;
    let name_end = words.iter().rposition(|word| !words::is_post_nominal(word))? + 1;
    for (index, word) in words.iter().enumerate().take(name_end).rev() {
        let is_last = index + 1 == name_end;
        let word = word.trim_end_matches(',');
        if is_last && is_homonym_after_honorific(words, after_honorific, name_end) {
            continue;
        }
        let is_part = words::is_name_word(word)
            || words::is_initial(word)
            || words::is_name_suffix(word)
            || words::is_name_particle(word) && !is_last;
        if !is_part {
            break;
        }
        if !words::is_name_particle(word) {
            start = Some(index);
        }
    }
    let particle_start = start.map(|start| {
        let is_no_particle = |word: &&str| !words::is_name_particle(word);
        let before = words.get(..start).unwrap_or_default();
        before.iter().rposition(is_no_particle).map_or(0, |index| index + 1)
    });
    let is_title = |word: &&str| words::is_honorific(word) || words::is_office_word(word);
    if let Some(particle_start) = particle_start.filter(|first| Some(*first) < start)
        && particle_start.checked_sub(1).and_then(|before| words.get(before)).is_some_and(is_title)
    {
        start = Some(particle_start);
    }
    let begins_after_honorific = after_honorific > 0
        && start.unwrap_or(words.len()) == after_honorific + 1
        && words.get(after_honorific).is_some_and(|word| words::is_name_after_honorific(word));
    if begins_after_honorific { Some(after_honorific) } else { start }
}

/// Returns whether three words follow an honorific, and the last of them is a name although it mostly has another
/// meaning: `How` in `Mr Tan Kiat How`. `after_honorific` is the index of the word after the honorific, or 0 if there
/// is no honorific. `name_end` is the index after the last word.
fn is_homonym_after_honorific(words: &[&str], after_honorific: usize, name_end: usize) -> bool {
    after_honorific > 0
        && name_end == after_honorific + 3
        && words.get(name_end - 1).is_some_and(|word| words::is_name_with_other_meaning(word))
        && words
            .get(after_honorific..name_end - 1)
            .unwrap_or_default()
            .iter()
            .all(|word| words::is_name_word(word))
}

/// Office and honorific directly before a name.
struct PersonTitle<'t> {
    /// Words of the title, in order.
    words: Vec<&'t str>,
    /// Honorific before the name, such as `Dr`. `None` if there is none.
    honorific: Option<&'t str>,
    /// Title of the office. `None` if the words name no office.
    office: Option<String>,
    /// Words before the title.
    words_before: Vec<&'t str>,
}

/// Returns the title at the end of the words before a name. The title consists of capitalized words and the words that
/// connect them. `precedes_full_name` says whether the name has several words. `None` if it is uncertain where the
/// title begins.
fn title_at_end<'t>(before_name: &[&'t str], precedes_full_name: bool) -> Option<PersonTitle<'t>> {
    let mut start = before_name.len();
    for (index, word) in before_name.iter().enumerate().rev() {
        let is_title_connector = words::is_title_connector(word);
        if words::ends_headline_name(word) {
            break;
        }
        let is_capitalized =
            word.starts_with(|c: char| c.is_uppercase() || c == '(' || c.is_ascii_digit());
        let ends_clause = word.ends_with([',', ';', ':']) && index + 1 == before_name.len();
        if ends_clause || !(is_title_connector || is_capitalized) {
            break;
        }
        start = index;
    }
    let (words_before, title) = before_name.split_at_checked(start).unwrap_or_default();
    // The title begins with a capitalized word that is not the first word of a sentence.
    let is_before_title = |word: &&&str| {
        words::is_title_connector(word)
            || words::is_sentence_opener(word)
            || words::is_item_number(word)
    };
    let leading_count = title.iter().take_while(is_before_title).count();
    let (leading_words, title) = title.split_at_checked(leading_count).unwrap_or_default();
    let own_start = title_start_after_other_person(title)?;
    let (other_person, title) = title.split_at_checked(own_start).unwrap_or_default();
    let words_before = [words_before, leading_words, other_person].concat();
    if title.ends_with(&["First", "Lady"]) {
        let office = Some("First Lady".to_owned());
        return Some(PersonTitle { words: title.to_vec(), honorific: None, office, words_before });
    }
    let (office_words, honorifics) = title.split_at_checked(honorific_start(title))?;
    let is_office_word = !office_words.last().is_some_and(|word| words::is_title_connector(word))
        && names_only_an_office(office_words, !honorifics.is_empty(), precedes_full_name);
    let mut words_before = words_before;
    if !is_office_word && !honorifics.is_empty() {
        // The words before the honorific are no title of the person: `Mr Reed and Ms Lim`.
        words_before.extend_from_slice(office_words);
    }
    let office_start = office_words.iter().take_while(|word| words::is_possessive(word)).count();
    let office =
        is_office_word.then(|| office_words.get(office_start..).unwrap_or_default().join(" "));
    Some(PersonTitle {
        words: title.to_vec(),
        honorific: first_honorific(honorifics),
        office,
        words_before,
    })
}

/// Returns the first honorific. Omits a rank before the honorific, such as `Associate` in `Associate Professor`.
fn first_honorific<'t>(honorifics: &[&'t str]) -> Option<&'t str> {
    honorifics.iter().copied().find(|word| words::is_honorific(word))
}

/// Returns the index at which the honorifics at the end of a title begin: `Dr`, `Associate Professor`.
fn honorific_start(title: &[&str]) -> usize {
    let mut start =
        title.iter().rposition(|word| !words::is_honorific(word)).map_or(0, |index| index + 1);
    let is_professor = title.get(start).is_some_and(|word| word.starts_with("Prof"));
    while let Some(before) = start.checked_sub(1).filter(|_| is_professor)
        && title
            .get(before)
            .is_some_and(|word| matches!(*word, "Associate" | "Assistant" | "Adjunct"))
    {
        start = before;
    }
    start
}

/// Returns whether words before a name or an honorific are the title of an office. The field of the office, such as
/// `for Ports`, may follow the last word for an office. Before an honorific, the field may contain any words. Before a
/// full name, a field that begins with `for` or `of` may also contain any words. Otherwise, the field must not contain
/// a word that may belong to a name.
fn names_only_an_office(words: &[&str], precede_honorific: bool, precede_full_name: bool) -> bool {
    let is_office_word = |word: &&str| words::is_office_word(word.trim_end_matches(','));
    let Some(last_office) = words.iter().rposition(is_office_word) else { return false };
    let fields = words.get(last_office + 1..).unwrap_or_default();
    // The next word belongs to the office: `Minister for Public Expenditure`.
    if !precede_honorific && fields.last().is_some_and(|word| words::is_adjective_of_field(word)) {
        return false;
    }
    precede_honorific
        || precede_full_name && matches!(fields.first(), Some(&("for" | "of")))
        || fields.iter().all(|word| !words::is_name_word(word))
}

/// Returns the index at which a title begins after the name of another person, as in `President Ortiz and Vice
/// President Reed`. 0 if the words name no other person. `None` if no word separates the two persons.
fn title_start_after_other_person(title: &[&str]) -> Option<usize> {
    let is_other = |pair: &[&str]| matches!(pair, [office, name] if words::is_office_word(office) && words::is_name_word(name));
    let Some(other) = title.windows(2).rposition(is_other) else { return Some(0) };
    let separator = title.iter().skip(other).position(|word| matches!(*word, "and" | "&"))?;
    Some(other + separator + 1)
}

/// Returns the person at the beginning of a text, and the number of bytes that name the person with the office. The
/// office may stand before the name, or after the name and a comma: `Kevin Perkins, Assistant Director of the Bureau`.
pub(super) fn leading_person(text: &str) -> Option<(Person, usize)> {
    let phrase = leading_capitalized_phrase(text);
    let mut parts = phrase.split(',').map(str::trim);
    let first = parts.next()?;
    let second = parts.next().unwrap_or_default();
    let after_first = first.len() + (text.len() - text.trim_start().len());
    if let Some(mut person) = person_before_complement(first) {
        if person.office.is_none() && words::names_office(second) && !second.is_empty() {
            person.office = Some(office_without_small_words(second));
            person.form = match person.form {
                NameForm::Full { .. } => NameForm::Full { has_title: true },
                form => form,
            };
        }
        let end =
            text.find(person.surname()).map_or(after_first, |start| start + person.surname().len());
        return Some((person, end));
    }
    // The office stands before the name, with a comma: `said the Minister for Ports, Ms Mei Lim`.
    if words::names_office(first) {
        let is_titled_before = is_title_after_article(first);
        let mut person = person(second).filter(|person| person.has_title() || is_titled_before)?;
        if is_titled_before && let NameForm::Full { has_title } = &mut person.form {
            *has_title = true;
        }
        person.office = Some(office_without_small_words(first));
        return Some((person, phrase.find(second)? + second.len()));
    }
    None
}

/// Returns whether a phrase consists of an article and the title of an office: `the Minister for Finance`. A full name
/// after such a phrase and a comma is the name of the holder.
pub(super) fn is_title_after_article(phrase: &str) -> bool {
    let Some(title) = phrase.strip_prefix("the ").or_else(|| phrase.strip_prefix("The ")) else {
        return false;
    };
    let words: Vec<&str> = title.split_whitespace().collect();
    let is_in_title =
        |word: &&str| word.starts_with(char::is_uppercase) || words::is_title_connector(word);
    words.len() <= MAX_PERSON_PHRASE_WORDS
        && words.iter().all(is_in_title)
        && words.iter().any(|word| words::is_office_word(word))
        && !words.last().is_some_and(|word| words::is_title_connector(word))
}

/// Returns the title of an office without articles, possessives and connecting words at either end.
fn office_without_small_words(office: &str) -> String {
    let is_small = |word: &&str| {
        words::is_title_connector(word)
            || words::is_possessive(word)
            || matches!(*word, "a" | "an" | "at" | "The")
    };
    let mut words: Vec<&str> = office.split_whitespace().skip_while(is_small).collect();
    while words.last().is_some_and(is_small) {
        words.pop();
    }
    words.join(" ")
}

/// Returns the person that a phrase names before a complement such as `of the Division`, `for the District` or `on
/// Trade`.
fn person_before_complement(phrase: &str) -> Option<Person> {
    let words: Vec<&str> = phrase.split_whitespace().collect();
    let headline_end = words.iter().skip(1).position(|word| words::ends_headline_name(word));
    let words = words.get(..headline_end.map_or(words.len(), |end| end + 1))?;
    let prefixes = (1..=words.len()).filter(|&end| {
        end == words.len() || words.get(end).is_some_and(|word| words::is_title_connector(word))
    });
    let complete_or_shorter: Vec<usize> = prefixes.collect();
    // The longest phrase first: an office with a complement stands before the name.
    let person_with_title = person(&words.join(" ")).filter(Person::has_title);
    person_with_title.or_else(|| {
        complete_or_shorter.into_iter().find_map(|end| person(&words.get(..end)?.join(" ")))
    })
}

/// Returns the beginning of a text that may name a person: up to the first word in lower case that does not connect
/// capitalized words, the end of the sentence, or a mark other than a comma.
fn leading_capitalized_phrase(text: &str) -> &str {
    let text = text.trim_start();
    let mut end = 0;
    for (count, word) in text.split_inclusive(char::is_whitespace).enumerate() {
        let bare_word = word.trim_end();
        let ends_here = bare_word.ends_with(['.', '!', '?', ';', ':', '”', '"', ')'])
            && !words::is_honorific(bare_word)
            && !words::is_initial(bare_word)
            && !words::is_name_suffix(bare_word)
            && !bare_word.starts_with('(')
            && bare_word != "U.S.";
        let without_mark = bare_word.trim_end_matches(|c: char| !c.is_alphanumeric());
        let continues = bare_word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
            || words::is_title_connector(bare_word)
            || words::is_name_particle(bare_word)
            || matches!(bare_word, "at" | "on" | "acting" | "a" | "an")
            || words::names_office(without_mark);
        let is_abbreviation = bare_word.starts_with('(') && bare_word.ends_with(')');
        if count >= MAX_PERSON_PHRASE_WORDS
            || !(continues || is_abbreviation)
            || bare_word.starts_with(['“', '"'])
        {
            break;
        }
        if ends_here {
            end += without_mark.len();
            break;
        }
        end += word.len();
    }
    text.get(..end).unwrap_or_default().trim_end()
}

#[cfg(test)]
mod tests;
