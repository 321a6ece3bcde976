//! Finds the person who speaks in a whole release or section by its title or heading:
//! `Speech by Ms Mei Lim, Minister for Ports`.

use super::{
    chinese_name,
    label::capitalize_words,
    person::{self, NameForm, Person},
    words,
};

/// Nouns that denote a speech or a text of one person.
const SPEECH_NOUNS: [&str; 22] = [
    "speech",
    "remarks",
    "address",
    "statement",
    "intervention",
    "message",
    "reply",
    "replies",
    "answer",
    "keynote",
    "lecture",
    "testimony",
    "toast",
    "eulogy",
    "comments",
    "response",
    "note",
    "welcome",
    "letter",
    "foreword",
    "opening",
    "closing",
];

/// Speaker of a release or a section, read from its title or heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DeclaredSpeaker {
    /// Person who speaks.
    pub(super) person: Person,
    /// Whether the heading says that the person speaks. `false` if the name only follows a dash, or precedes a colon:
    /// `Tree Planting - Ms Mei Lim`, `Minister Mei Lim: Tree Planting`.
    pub(super) heading_states_speech: bool,
}

impl DeclaredSpeaker {
    /// Returns whether the heading alone is enough evidence for the speaker: it says that the person speaks, and names
    /// the person with a title.
    pub(super) fn is_certain_from_heading_alone(&self) -> bool {
        self.heading_states_speech
            && self.person.has_title()
            && self.person.form != NameForm::Office
    }
}

/// Returns the speaker of the text below a title or heading. `None` if the heading names no speaker, or several.
pub(super) fn declared_speaker(heading: &str) -> Option<DeclaredSpeaker> {
    let is_in_capitals = !heading.chars().any(char::is_lowercase);
    let converted_heading = if is_in_capitals { to_title_case(heading) } else { String::new() };
    let heading = if is_in_capitals { converted_heading.as_str() } else { heading };
    let mut declared_speaker = speaker_stated_with_speech_noun(heading)
        .or_else(|| speaker_before_colon(heading))
        .or_else(|| speaker_by_office(heading))
        .or_else(|| speaker_after_dash(heading))?;
    let office = declared_speaker.person.office.as_deref();
    declared_speaker.person.office = office.map(office_without_event);
    Some(declared_speaker)
}

/// Returns the title of an office without the event at which the holder speaks: `Minister for Ports` for `Minister for
/// Ports at the Harbour Forum`.
fn office_without_event(office: &str) -> String {
    const EVENT_NOUNS: [&str; 24] = [
        "forum",
        "summit",
        "conference",
        "seminar",
        "debate",
        "debates",
        "ceremony",
        "launch",
        "opening",
        "festival",
        "awards",
        "dialogue",
        "day",
        "week",
        "meeting",
        "challenge",
        "hack",
        "workshop",
        "symposium",
        "dinner",
        "lunch",
        "parliament",
        "reading",
        "address",
    ];
    let is_event = |place: &str| {
        place.contains(|c: char| c.is_ascii_digit())
            || place.to_lowercase().split_whitespace().any(|word| EVENT_NOUNS.contains(&word))
    };
    let shortened_offices = [" at ", " At ", " on ", " On "].iter().filter_map(|preposition| {
        let (office, place) = office.split_once(*preposition)?;
        is_event(place).then_some(office)
    });
    shortened_offices.min_by_key(|office| office.len()).unwrap_or(office).to_owned()
}

/// Converts a heading in capitals: capitalizes its words, and writes connecting words in lower case.
fn to_title_case(heading: &str) -> String {
    let words = heading.split_whitespace().map(|word| {
        let lower = word.to_lowercase();
        if words::is_title_connector(&lower) || matches!(lower.as_str(), "by" | "from" | "at") {
            lower
        } else {
            capitalize_words(word)
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Returns the person in `Speech by Ms Mei Lim`, `Statement from the Minister for Ports, Ms Mei Lim` or `Lord Marlow’s
/// speech`.
fn speaker_stated_with_speech_noun(heading: &str) -> Option<DeclaredSpeaker> {
    let lower = heading.to_ascii_lowercase();
    if lower.starts_with("joint ") {
        return None;
    }
    let possessive_parts = ["’s ", "'s "].iter().find_map(|mark| heading.split_once(*mark));
    if let Some((name, text_after_possessive)) = possessive_parts
        && begins_with_speech_noun(text_after_possessive)
        && let Some(person) = person::person(name)
    {
        return Some(DeclaredSpeaker { person, heading_states_speech: true });
    }
    let mut prepositions = [" by ", " By ", " from ", " From ", "Statement of "]
        .iter()
        .flat_map(|by| heading.match_indices(*by))
        .collect::<Vec<_>>();
    prepositions.sort_by_key(|(offset, _)| *offset);
    let candidates = prepositions.iter().filter_map(|(offset, by)| {
        let before = heading.get(..*offset)?;
        let after = heading.get(offset + by.len()..)?;
        let is_speech = *by == "Statement of " || before.split_whitespace().any(is_speech_noun);
        let (person, end) = if is_speech { person::leading_person(after)? } else { return None };
        // Not every name after `from` is a person: `Revenues from Carrier Bags`.
        (person.has_title() || by.eq_ignore_ascii_case(" by "))
            .then_some((person, after.get(end..)?))
    });
    let mut candidates: Vec<(Person, &str)> = candidates.collect();
    candidates.sort_by_key(|(person, _)| !person.has_title());
    let (person, rest) = candidates.into_iter().next()?;
    // Several speakers are distinguished by labels, not by the title.
    let names_another = rest.split_once(" and ").is_some_and(|(between, after)| {
        between.len() < 60
            && person::leading_person(after).is_some_and(|(person, _)| person.has_title())
    });
    (!names_another && person.form != NameForm::Office)
        .then_some(DeclaredSpeaker { person, heading_states_speech: true })
}

/// Returns the office whose holder speaks: `Home Secretary speech to the police`, `Harbour Day: Prime Minister's
/// closing remarks`.
fn speaker_by_office(heading: &str) -> Option<DeclaredSpeaker> {
    const MAX_OFFICE_WORDS: usize = 4;
    let words: Vec<&str> = heading.rsplit(": ").next()?.split_whitespace().collect();
    let noun = words.iter().take(MAX_OFFICE_WORDS + 1).position(|word| is_speech_noun(word))?;
    let (last, before) = words.get(..noun)?.split_last()?;
    let last = last.strip_suffix("’s").or_else(|| last.strip_suffix("'s")).unwrap_or(last);
    let is_title =
        |word: &&str| word.starts_with(char::is_uppercase) || words::is_title_connector(word);
    let name = match (before, last) {
        ([], "PM") => "Prime Minister".to_owned(),
        _ if words::is_office_word(last) && before.iter().all(is_title) => {
            [before, &[last]].concat().join(" ")
        }
        _ => return None,
    };
    let person = Person { office: Some(name.clone()), name, form: NameForm::Office };
    Some(DeclaredSpeaker { person, heading_states_speech: true })
}

/// Returns the person whose full name and office begin a heading with a colon: `President Ana Ortiz: Reply to the debate`.
/// The heading states a speech if a noun for a speech follows.
fn speaker_before_colon(heading: &str) -> Option<DeclaredSpeaker> {
    let (name, subject) = heading.split_once(": ")?;
    let person =
        person::person(name).filter(|person| person.is_full() && person.office.is_some())?;
    Some(DeclaredSpeaker { person, heading_states_speech: begins_with_speech_noun(subject) })
}

/// Returns the person who answers in a Chinese release of questions and answers: `外交部发言人林宁就…答记者问`. `None` if
/// the title names no person and no spokesperson before the subject.
pub(super) fn person_answering(title: &str) -> Option<Person> {
    let end = ["答记者问", "答記者問"].iter().find_map(|answers| title.find(answers))?;
    let before = title.get(..end)?;
    let subject = before.split('就').next()?;
    let subject = subject.rsplit(['日', '：', ' ']).next()?.trim();
    chinese_name::person(subject)
        .filter(|person| person.office.is_some())
        .or_else(|| chinese_name::spokesperson(subject))
}

/// Returns whether a heading with a speaker names a part of a longer text: `Foreword by the Minister`.
pub(super) fn is_heading_of_text_part(heading: &str) -> bool {
    let mut first_words = heading.split_whitespace().take(3);
    first_words.any(|word| matches!(word, "Foreword" | "FOREWORD" | "Preface" | "PREFACE"))
}

/// Returns whether one of the first words of a text is a noun for a speech.
pub(super) fn begins_with_speech_noun(text: &str) -> bool {
    text.split_whitespace().take(3).any(is_speech_noun)
}

/// Returns whether a word is a noun for a speech or a text of one person, in any letter case.
fn is_speech_noun(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    SPEECH_NOUNS.iter().any(|noun| noun.eq_ignore_ascii_case(word))
}

/// Returns the person whose full name follows the last dash of a heading: `Tree Planting - Ms Mei Lim`.
fn speaker_after_dash(heading: &str) -> Option<DeclaredSpeaker> {
    let (_, name) =
        [" - ", " – ", " — "].iter().filter_map(|dash| heading.rsplit_once(*dash)).next_back()?;
    let person = person::person(name)?;
    (person.is_full()).then_some(DeclaredSpeaker { person, heading_states_speech: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_of_answers_name_who_answers() {
        for (title, expected) in [
            ("外交部发言人林宁就港口开放答记者问", Some("林宁")),
            ("2025年3月11日外交部发言人林宁答记者问", Some("林宁")),
            ("商务部新闻发言人就港口开放答记者问", Some("商务部新闻发言人")),
            ("有关负责人就港口开放答记者问", None),
            ("外交部发言人林宁主持例行记者会", None),
        ] {
            let person = person_answering(title).map(|person| person.name);
            assert_eq!(person.as_deref(), expected, "{title}");
        }
    }

    #[test]
    fn headings_state_one_speaker() {
        for (heading, expected) in [
            (
                "Speech by Ms Mei Lim, Minister for Ports, at the Harbour Day",
                Some(("Mei Lim", true)),
            ),
            (
                "Written Reply to Parliamentary Question on Berths by Ms Mei Lim, Minister for Ports",
                Some(("Mei Lim", true)),
            ),
            ("Statement from President Ana Ortiz on the Harbour", Some(("Ana Ortiz", true))),
            (
                "Remarks by President Ortiz Before Meeting with Captains",
                Some(("President Ortiz", true)),
            ),
            ("OPENING REMARKS BY TOM REED", Some(("Tom Reed", true))),
            ("Ana Ortiz's speech at the Harbour Day", Some(("Ana Ortiz", true))),
            ("Harbour Day - Ms Mei Lim", Some(("Mei Lim", false))),
            ("Harbour Day - Speech by Minister Mei Lim", Some(("Mei Lim", true))),
            ("Remarks by President Ortiz and Vice President Reed", None),
            ("Statement of President Ana Ortiz On the Harbour", Some(("Ana Ortiz", true))),
            ("Joint Statement by the Leaders of Marlow and Port Reed", None),
            ("Press Briefing by Press Secretary Mei Lim", None),
            ("Report by the Harbour Office", None),
            ("Harbour opens - Third berth", None),
            ("Home Secretary speech to the captains", Some(("Home Secretary", true))),
            ("Harbour Day 2016: PM's closing remarks", Some(("Prime Minister", true))),
            ("President Ana Ortiz: Reply to the debate", Some(("Ana Ortiz", true))),
            ("Minister Mei Lim: Launch of water week", Some(("Mei Lim", false))),
            ("Mei Lim: Launch of water week", None),
            ("Minister Lim: Launch of water week", None),
            ("Queen’s Speech 2016", Some(("Queen", true))),
            ("Harbour statement of accounts", None),
            ("Statement of the accounts", None),
        ] {
            let actual = declared_speaker(heading);
            let actual = actual
                .as_ref()
                .map(|actual| (actual.person.name.as_str(), actual.heading_states_speech));
            assert_eq!(actual, expected, "{heading}");
        }
    }
}
