//! Reads the label that begins a turn of a transcript: `MR. SULLIVAN:`, `Mr Don Wee:`, `Q`, `Answer:`, `主席：`,
//! `許委員添財：`.

mod chinese;
mod model;

pub(super) use self::model::{Label, LabelForm};
use self::{
    chinese::{CHINESE_LISTED_ROLES, chinese_label},
    model::ANSWER_LABELS,
};
use super::{
    chinese::contains_chinese,
    person::{self, NameForm, Person},
    verb, words,
};

/// Maximum length of an English label before its colon, in bytes.
const MAX_LABEL_BYTES: usize = 80;
/// Maximum length of a line that only says that an answer begins, in bytes.
const MAX_ANSWER_LINE_BYTES: usize = 40;
/// Maximum number of words of a label in capitals.
const MAX_LABEL_WORDS_IN_CAPITALS: usize = 7;
/// Maximum number of words of a label that consists of a name in capitals: `JIM CHALMERSON`.
const MAX_WORDS_OF_NAME_IN_CAPITALS: usize = 3;
/// Roles of persons whom a transcript does not name.
const UNNAMED_ROLES: [&str; 30] = [
    "Q",
    "QUESTION",
    "REPORTER",
    "PRESS",
    "AUDIENCE",
    "AUDIENCE MEMBER",
    "AUDIENCE MEMBERS",
    "PARTICIPANT",
    "PARTICIPANTS",
    "AIDE",
    "STAFF",
    "INTERPRETER",
    "OPERATOR",
    "CROWD",
    "VOICE",
    "VOICES",
    "SPEAKER",
    "UNIDENTIFIED SPEAKER",
    "MULTIPLE SPEAKERS",
    "JOURNALIST",
    "JOURNALISTS",
    "INTERVIEWER",
    "Question",
    "Reporter",
    "Journalist",
    "Journalists",
    "Interviewer",
    "Audience",
    "Follow-up",
    "Follow-up question",
];
/// Roles that identify an unnamed person well enough for a citation.
const CITABLE_ROLES: [&str; 8] = [
    "MODERATOR",
    "SENIOR ADMINISTRATION OFFICIAL",
    "THE PRESIDENT",
    "THE VICE PRESIDENT",
    "THE FIRST LADY",
    "THE SECOND GENTLEMAN",
    "THE PRIME MINISTER",
    "THE CHAIRMAN",
];
/// Returns the label that begins `line`, and its form. `None` if the line begins with no label.
pub(super) fn label(line: &str) -> Option<(Label, LabelForm)> {
    label_and_speech(line).map(|(label, form, _)| (label, form))
}

/// Returns the label that begins `line`, its form, and the words after the label.
pub(super) fn label_and_speech(line: &str) -> Option<(Label, LabelForm, &str)> {
    let line =
        line.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '\u{200b}'));
    if let Some(rest) = line.strip_prefix('Q')
        && (rest.is_empty() || rest.starts_with(char::is_whitespace))
    {
        return Some((Label::Unnamed, LabelForm::Transcript, rest.trim()));
    }
    if let Some(answer) = lone_answer_label(line) {
        return Some((answer, LabelForm::WithTitle, ""));
    }
    if !has_colon_near_start(line) {
        return None;
    }
    let (colon, mark) =
        line.char_indices().take(MAX_LABEL_BYTES).find(|(_, c)| matches!(c, ':' | '：'))?;
    let (label, speech) = line.split_at_checked(colon)?;
    let speech = speech.get(mark.len_utf8()..)?;
    let label = label.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_'));
    let speech = speech.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_'));
    if contains_chinese(label) {
        if CHINESE_LISTED_ROLES.contains(&label) && is_list_item(speech) {
            return Some((Label::UnspokenItem, LabelForm::Transcript, speech));
        }
        return chinese_label(label).map(|(label, form)| (label, form, speech));
    }
    if mark == ':' && speech.starts_with(|c: char| c.is_ascii_digit() || c == '/') {
        return None;
    }
    english_label(label).map(|(label, form)| (label, form, speech))
}

/// Returns the surname that is the label of a line, with only the first letter in capitals, and the words after the
/// label: `Chalmerson` of `CHALMERSON: No.` The caller must know the surname from another label.
pub(super) fn surname_in_capitals(line: &str) -> Option<(String, &str)> {
    let line = line.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_'));
    if !has_colon_near_start(line) {
        return None;
    }
    let (label, speech) = line.split_once(':')?;
    let label = label.trim_end_matches(['*', '_', ' ']);
    let is_surname = label.len() <= MAX_LABEL_BYTES
        && is_in_capitals(label)
        && label.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '’' | '\''));
    let speech = speech.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_'));
    is_surname.then(|| (capitalize_words(label), speech))
}

/// Returns whether the words after a label are speech or a question, such as `“We open.”` or `To ask the Minister …`,
/// rather than a description of the person, such as `Nominee for the court`. For labels that are not in capitals.
pub(super) fn is_utterance(words: &str) -> bool {
    const PRONOUNS: [&str; 12] =
        ["I", "I’m", "I'm", "I’ve", "We", "we", "our", "Our", "my", "My", "you", "your"];
    words.starts_with(['“', '"', '‘'])
        || ["To ask", "Mr Speaker", "Madam Speaker", "Mdm Speaker", "Mr. Speaker"]
            .iter()
            .any(|opening| words.starts_with(opening))
        || words.trim_end().ends_with(['?', '!'])
        || words
            .split_whitespace()
            .take(60)
            .any(|word| PRONOUNS.contains(&word.trim_end_matches(',')))
}

/// Returns whether the Chinese words after a role are the name of the person in this role, as in a list: `主持人：港务局林宁`.
/// Such words are short, and contain no punctuation of a sentence.
fn is_list_item(words: &str) -> bool {
    const MAX_LIST_ITEM_CHARS: usize = 40;
    !words.is_empty()
        && words.chars().count() <= MAX_LIST_ITEM_CHARS
        && !words.contains(['。', '！', '？', '，', '…', '!', '?', '」', '”', '；'])
}

/// Returns the words before the colon at the beginning of a line, if they are short, and the words after it: the name
/// `Mei Lim` of `Mei Lim: Yes.` The caller must know the name from another label.
pub(super) fn text_before_colon(line: &str) -> Option<(&str, &str)> {
    if !has_colon_near_start(line) {
        return None;
    }
    let (label, words) = line.split_once([':', '：'])?;
    let is_mark = |c: char| c.is_whitespace() || matches!(c, '*' | '_');
    (label.len() <= MAX_LABEL_BYTES)
        .then(|| (label.trim_matches(is_mark), words.trim_matches(is_mark)))
}

/// Returns the label of a line if it is one word that may be a surname, or one with a particle: `Ortiz:`, `de Ortiz:`.
/// The caller must find the full name in the release.
pub(super) fn surname_alone(line: &str) -> Option<&str> {
    let (label, _) = text_before_colon(line)?;
    let surname = match label.split_once(' ') {
        Some((particle, surname)) if words::is_name_particle(particle) => surname,
        Some(_) => return None,
        None => label,
    };
    words::is_name_word(surname).then_some(surname)
}

/// Returns whether a label has at least three capitals and no lower-case letter.
pub(super) fn is_in_capitals(label: &str) -> bool {
    !label.chars().any(char::is_lowercase)
        && label.chars().filter(char::is_ascii_uppercase).count() >= 3
}

/// Returns whether the beginning of a line may contain a colon. This fast check of the bytes rejects most lines.
fn has_colon_near_start(line: &str) -> bool {
    let bytes = line.as_bytes();
    let start = bytes.get(..MAX_LABEL_BYTES * 4).unwrap_or(bytes);
    // 0x9A is the last byte of the full-width colon.
    start.contains(&b':') || start.contains(&0x9A)
}

/// Returns the label of a line that consists of an answer label alone, with or without a colon: `Answer`.
fn lone_answer_label(line: &str) -> Option<Label> {
    if line.len() > MAX_ANSWER_LINE_BYTES {
        return None;
    }
    let bare = line.trim_matches(|c: char| !c.is_alphanumeric());
    (bare.len() > 1 && ANSWER_LABELS.contains(&bare)).then_some(Label::Answer)
}

/// Returns the meaning and the form of an English label without its colon. `None` if the text is no label.
fn english_label(label: &str) -> Option<(Label, LabelForm)> {
    // A remark in brackets, such as `MR. KIRBY (by telephone):`, is no part of the name.
    let label = label.split(['(', '[']).next().unwrap_or(label).trim();
    // A number distinguishes persons with one role: `REPORTER 2`.
    let role = label.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, ' ' | '#'));
    if UNNAMED_ROLES.contains(&role) {
        return Some((Label::Unnamed, LabelForm::Transcript));
    }
    if ANSWER_LABELS.contains(&label) {
        return Some((Label::Answer, LabelForm::WithTitle));
    }
    if CITABLE_ROLES.contains(&role) {
        let name = capitalize_words(label.strip_prefix("THE ").unwrap_or(label));
        return Some((
            Label::Person(Person { office: Some(name.clone()), name, form: NameForm::Office }),
            LabelForm::Transcript,
        ));
    }
    if is_in_capitals(label) {
        return label_in_capitals(label);
    }
    if let Some(office) = office_alone(label) {
        return Some((Label::Person(office), LabelForm::OfficeOnly));
    }
    let begins_item = label.split_whitespace().next().is_some_and(words::is_item_number);
    // `Mei Lim, Director of the Port, made the following statement:` is a sentence.
    if begins_item
        || label.contains(" the following ")
        || label.split_whitespace().next_back().is_some_and(verb::is_verb_of_speech)
    {
        return None;
    }
    // The office may follow the name: `Mei Lim, Minister for Ports:`.
    let (name, office) = label.split_once(", ").unwrap_or((label, ""));
    let mut person = person::person(name)?;
    if !office.is_empty() {
        if !words::names_office(office) {
            return None;
        }
        person.office = Some(office.to_owned());
        if person.is_full() {
            person.form = NameForm::Full { has_title: true };
        }
    }
    // Only a name after an honorific, or a full name, is a label by itself: `Officer Training:` names nobody.
    let is_titled = person.has_title() && (person.is_full() || person.office.is_none());
    let form = if is_titled { LabelForm::WithTitle } else { LabelForm::NameOnly };
    Some((Label::Person(person), form))
}

/// Returns the meaning and the form of a label in capitals. `None` if the text is no label.
fn label_in_capitals(label: &str) -> Option<(Label, LabelForm)> {
    let word_count = label.split_whitespace().count();
    if word_count > MAX_LABEL_WORDS_IN_CAPITALS {
        return None;
    }
    let capitalized = capitalize_words(label);
    if let Some(office) = office_alone(&with_lower_case_connectors(&capitalized)) {
        return Some((Label::Person(office), LabelForm::OfficeOnly));
    }
    if label.split_whitespace().any(is_headline_word) {
        return None;
    }
    let person = person::person(&capitalized)?;
    let form = if person.has_title() {
        LabelForm::Transcript
    } else if word_count <= MAX_WORDS_OF_NAME_IN_CAPITALS {
        LabelForm::NameInCapitals
    } else {
        LabelForm::NameOnly
    };
    Some((Label::Person(person), form))
}

/// Returns a title with the words that connect its parts in lower case: `Secretary For Ports` becomes `Secretary for
/// Ports`.
fn with_lower_case_connectors(title: &str) -> String {
    let words = title.split(' ').map(|word| {
        let lower = word.to_lowercase();
        if words::is_title_connector(&lower) { lower } else { word.to_owned() }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Returns the holder of an office if the label names only the office: `Chief Executive`, `the Minister for Ports`.
/// After the last word of the office, the label may have only `for` or `of` and the field of the office.
fn office_alone(label: &str) -> Option<Person> {
    let lower_article = ["the ", "The "].iter().find_map(|article| label.strip_prefix(article));
    let name = lower_article.unwrap_or(label);
    let words: Vec<&str> = name.split_whitespace().collect();
    let field_start = words.iter().position(|word| matches!(*word, "for" | "of"));
    let (office, field) = words.split_at_checked(field_start.unwrap_or(words.len()))?;
    let is_capitalized = |word: &&str| word.starts_with(char::is_uppercase);
    let is_office = words.len() <= MAX_LABEL_WORDS_IN_CAPITALS
        && !name.contains(',')
        && office.iter().all(is_capitalized)
        && office.last().is_some_and(|word| words::is_office_word(word))
        && !office.iter().any(|word| words::is_possessive(word))
        && field.iter().all(|word| is_capitalized(word) || words::is_title_connector(word))
        && field.len() != 1;
    let name = name.to_owned();
    is_office.then(|| Person { office: Some(name.clone()), name, form: NameForm::Office })
}

/// Returns whether a word in capitals occurs in headlines rather than in names.
fn is_headline_word(word: &str) -> bool {
    matches!(
        word,
        "AS" | "IN"
            | "ON"
            | "TO"
            | "BY"
            | "AND"
            | "FOR"
            | "WITH"
            | "FROM"
            | "AT"
            | "IS"
            | "ARE"
            | "OUR"
            | "A"
            | "AN"
    )
}

/// Returns a text in capitals with only the first letter of each word in capitals: `JEAN-PIERRE` becomes `Jean-Pierre`.
pub(super) fn capitalize_words(text: &str) -> String {
    let mut begins_word = true;
    let mut letters = String::with_capacity(text.len());
    for c in text.chars() {
        if begins_word {
            letters.push(c);
        } else {
            letters.extend(c.to_lowercase());
        }
        begins_word = !c.is_alphanumeric();
    }
    // Abbreviations of offices and of honours stay in capitals: `SMS`, `MP`. `MS` is the honorific `Ms`.
    let words = text.split(' ').zip(letters.split(' '));
    let is_abbreviation = |word: &str, lower: &str| {
        words::is_office_word(word) || words::is_post_nominal(word) && !words::is_honorific(lower)
    };
    words
        .map(|(word, lower)| if is_abbreviation(word, lower) { word } else { lower })
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_name_persons_or_roles() {
        for (line, expected) in [
            ("MR. OKAFOR:  Good afternoon.", "person Mr. Okafor"),
            ("MS. O’BRIEN-LIM (by telephone): Yes.", "person Ms. O’Brien-Lim"),
            ("THE PRESIDENT: Hello.", "person President"),
            ("PRIME MINISTER ORTIZ: Thank you.", "person Prime Minister Ortiz"),
            ("Mr Tan Wei Ming: To ask", "person Tan Wei Ming"),
            ("Mr Ana de Souza: To ask", "person Ana de Souza"),
            ("**Ms Mei Lim**: Yes.", "person Mei Lim"),
            ("Mei Lim, Minister for Ports: Yes.", "person Mei Lim"),
            ("Q\u{a0}\u{a0} Thank you.", "unnamed"),
            ("Q: When?", "unnamed"),
            ("AUDIENCE: Yes!", "unnamed"),
            ("Answer:", "answer"),
            ("Answer", "answer"),
            ("A: In May.", "answer"),
            ("A new berth: open", "none"),
            ("SUBJECT: Ports", "none"),
            ("NOTE: This is old.", "none"),
            ("VAT: 20 %", "none"),
            ("Note: it is so.", "none"),
            ("SMOOTHING TRAFFIC JAMS: Today", "capitals Smoothing Traffic Jams"),
            ("JIM CHALMERSON: No.", "capitals Jim Chalmerson"),
            ("JIM CHALMERSON MP: No.", "person Jim Chalmerson"),
            ("CHALMERSON: No.", "none"),
            ("JOURNALIST: When?", "unnamed"),
            ("PRIME MINISTER: No.", "office Prime Minister"),
            ("SECRETARY FOR THE PORTS: No.", "office Secretary for the Ports"),
            ("Chief Executive: No.", "office Chief Executive"),
            ("Secretary for Ports and Rail: No.", "office Secretary for Ports and Rail"),
            ("Officer for: No.", "none"),
            ("Minister’s Office: No.", "none"),
            ("Mr Tan Kiat How: To ask", "person Tan Kiat How"),
            ("行政長官：不會。", "office 行政長官"),
            ("港務局局長：不會。", "office 港務局局長"),
            ("LEADING AS THE HARBOUR: Today", "none"),
            ("Officer Mooring: Moor here.", "name Officer Mooring"),
            ("Tom Reed, a captain, said:", "none"),
            ("Tom Reed, Director of the Port, made the following remarks:", "none"),
            ("Tom Reed, director of the port, said:", "none"),
            ("20 | VED: x", "none"),
            ("5. Judge Tom Reed: Nominee", "none"),
            ("Ms He Ting Ru: To ask", "person He Ting Ru"),
            ("黃主任委員：謝謝。", "person 黃主任委員"),
            ("覺安慈仁委員：謝謝。", "none"),
            ("Mr Wee spoke of ports: they grow.", "none"),
            ("10:30 arrival", "none"),
            ("主席：現在開會。", "chair"),
            ("主席（盧委員秀燕）：現在開會。", "chair 盧秀燕"),
            ("主席（邱委員文彥代）：請。", "chair 邱文彥"),
            ("許委員添財：（在席位上）請。", "person 許添財"),
            ("王小明副教授：謝謝。", "person 王小明"),
            ("林委員維剛書面質詢：", "person 林維剛"),
            ("中国日报记者：请问", "person 中国日报记者"),
            ("记者：请问", "unnamed"),
            ("答：可以。", "answer"),
            ("列席委員：劉建國", "item"),
            ("主　　席：高委員志鵬", "none"),
            ("一、元旦：放假。", "none"),
            ("各位代表：", "none"),
        ] {
            let actual = match label(line) {
                Some((Label::Person(person), LabelForm::NameOnly)) => {
                    format!("name {}", person.name)
                }
                Some((Label::Person(person), LabelForm::NameInCapitals)) => {
                    format!("capitals {}", person.name)
                }
                Some((Label::Person(person), LabelForm::OfficeOnly)) => {
                    format!("office {}", person.name)
                }
                Some((Label::Person(person), _)) => format!("person {}", person.name),
                Some((Label::Chair(Some(person)), _)) => format!("chair {}", person.name),
                Some((Label::Chair(None), _)) => "chair".to_owned(),
                Some((Label::Unnamed, _)) => "unnamed".to_owned(),
                Some((Label::Answer, _)) => "answer".to_owned(),
                Some((Label::UnspokenItem, _)) => "item".to_owned(),
                None => "none".to_owned(),
            };
            assert_eq!(actual, expected, "{line}");
        }
    }
}
