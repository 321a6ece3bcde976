//! Reads a release once, before `turn.rs` follows its turns: determines how the release labels turns, and which speaker
//! its first blocks name.

use std::collections::HashMap;

use super::{
    declared::{self, DeclaredSpeaker},
    label::{self, Label, LabelForm},
    person::{self, NameForm, Person},
    quote,
};
use crate::{
    document::{Block, BlockKind, Document},
    span::Span,
};

/// Number of blocks at the beginning of a release that may name the speaker.
pub(super) const OPENING_BLOCK_COUNT: usize = 8;
/// Maximum length of a paragraph that names the speaker of the text below, in bytes.
const MAX_DECLARING_PARAGRAPH_BYTES: usize = 320;
/// Minimum number of speaker labels, such as `Mr Don Wee:`, that make a release a transcript. Labels in capitals need
/// no minimum, because only transcripts contain them. Also the minimum number of labels of all kinds for
/// [`ReleaseOverview::allows_lone_labels`].
const MIN_TRANSCRIPT_LABELS: usize = 3;
/// Maximum number of bytes at the beginning of a release that are searched for words of the first person, such as "I".
const MAX_FIRST_PERSON_BYTES: usize = 6_000;

/// Properties of a whole release that decide who speaks in its passages.
#[derive(Debug, Default)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "the flags are independent facts about one release"
)]
pub(super) struct ReleaseOverview {
    /// Whether the release is a transcript: a turn continues until the next label.
    pub(super) is_transcript: bool,
    /// Whether a label such as `Answer:` marks the beginning of an answer.
    pub(super) has_answer_line: bool,
    /// Whether the labels of the persons in the transcript are in capitals, or Chinese. Labels of another form are then
    /// part of a speech.
    pub(super) has_capital_or_chinese_labels: bool,
    /// Whether labels may stand alone in their line. If `false`, a line that consists of a name and a colon is a
    /// salutation.
    pub(super) allows_lone_labels: bool,
    /// Whether labels of an office alone begin turns: `Chief Executive:` between labels of reporters.
    pub(super) has_office_labels: bool,
    /// Whether the release is in the first person outside quotation marks.
    pub(super) is_first_person: bool,
    /// Whether the release is a Chinese speech that does not name its speaker. A person whom such a speech quotes is
    /// not its speaker.
    pub(super) is_unnamed_speech: bool,
    /// Speaker of the whole release, read from its title or its first blocks.
    pub(super) declared_speaker: Option<DeclaredSpeaker>,
    /// Person who answers the questions of a Chinese release, from its title.
    pub(super) answering_person: Option<Person>,
    /// Person in the chair at the beginning of the minutes.
    pub(super) chair: Option<Person>,
    /// Number of occurrences of each label that consists of a name only, by name.
    occurrences_by_name: HashMap<String, usize>,
    /// Persons who speak below labels that consist of their names in capitals.
    persons_in_capitals: Vec<Person>,
    /// Persons whom labels name in full and with an office or honorific, by name.
    persons_with_title: HashMap<String, Person>,
    /// Number of lines that begin with one capitalized word and a colon, by word. Such a word may be a surname.
    occurrences_by_word: HashMap<String, usize>,
}

impl ReleaseOverview {
    pub(super) fn new(document: &Document, blocks: &[Block]) -> Self {
        let mut overview = Self::default();
        let mut counts = LabelCounts::default();
        for block in blocks {
            let text = block.span.of(&document.text);
            if block.kind == BlockKind::Paragraph {
                text.lines().for_each(|line| counts.add_line(line));
            } else {
                let label = label::label(text).map(|(label, _)| label);
                counts.has_answer_line |= label == Some(Label::Answer);
            }
        }
        overview.set_labels(counts);
        overview.is_first_person = is_first_person(&document.text);
        overview.declared_speaker = document.title.as_deref().and_then(declared::declared_speaker);
        overview.answering_person = document.title.as_deref().and_then(declared::person_answering);
        let opening_spans = blocks.iter().take(OPENING_BLOCK_COUNT).map(|block| block.span);
        overview.chair =
            opening_spans.clone().find_map(|span| chair_in_minutes(span.of(&document.text)));
        if !overview
            .declared_speaker
            .as_ref()
            .is_some_and(|declared_speaker| declared_speaker.heading_states_speech)
        {
            let stated_speaker_of_text = opening_spans
                .clone()
                .find_map(|span| speaker_declared_in_paragraph(span, &document.text));
            let byline =
                || chinese_byline(opening_spans.clone().map(|span| span.of(&document.text)));
            let title = document.title.as_deref().unwrap_or_default();
            let lines = opening_spans.clone().map(|span| span.of(&document.text));
            overview.declared_speaker = stated_speaker_of_text
                .or(overview.declared_speaker.take())
                .or_else(byline)
                .or_else(|| byline_of_statement(title, lines));
        }
        overview.is_unnamed_speech = overview.declared_speaker.is_none()
            && addresses_audience(beginning_within_limit(&document.text));
        overview
    }

    /// Sets the properties that follow from the labels of the release.
    fn set_labels(&mut self, mut counts: LabelCounts) {
        self.has_office_labels = counts.unnamed_count > 0;
        if self.has_office_labels {
            counts.capital_or_english_role_count += counts.english_office_count;
            counts.capital_person_count += counts.capital_office_count;
            counts.chinese_count += counts.chinese_office_count;
        }
        self.persons_in_capitals = counts.speakers_in_capitals();
        if !self.persons_in_capitals.is_empty() {
            counts.capital_or_english_role_count += MIN_TRANSCRIPT_LABELS;
        }
        // Without labels of other persons, 主席： is the salutation of a letter.
        if counts.capital_or_english_role_count + counts.chinese_count + counts.titled_count > 0 {
            counts.chinese_count += counts.lone_chair_count;
        }
        self.has_answer_line = counts.has_answer_line;
        self.has_capital_or_chinese_labels = counts.capital_person_count > 0
            || !self.persons_in_capitals.is_empty()
            || counts.chinese_count >= MIN_TRANSCRIPT_LABELS;
        self.allows_lone_labels =
            counts.capital_or_english_role_count + counts.chinese_count + counts.titled_count
                >= MIN_TRANSCRIPT_LABELS;
        self.is_transcript = self.has_capital_or_chinese_labels
            || counts.capital_or_english_role_count > 0
            || counts.titled_count >= MIN_TRANSCRIPT_LABELS && !self.has_answer_line;
        self.occurrences_by_name = counts.occurrences_by_name;
        self.persons_with_title = counts.persons_with_title;
        self.occurrences_by_word = counts.occurrences_by_word;
    }

    /// Returns whether the release is a transcript that repeats a label of one word: `Ortiz:`.
    pub(super) fn repeats_surname(&self, surname: &str) -> bool {
        self.is_transcript && self.occurrences_by_word.get(surname).is_some_and(|&count| count > 1)
    }

    /// Returns the person whom a label of the transcript names in full and with a title: `港务局局长 林宁`, or `Mei Lim,
    /// Minister for Ports`. Further labels may consist of the name alone.
    pub(super) fn person_of_titled_label(&self, name: &str) -> Option<&Person> {
        self.persons_with_title.get(name).filter(|_| self.is_transcript)
    }

    /// Returns the person with this surname whom labels name in capitals. `None` if there is no such person, or
    /// several.
    pub(super) fn person_in_capitals(&self, surname: &str) -> Option<&Person> {
        let mut persons =
            self.persons_in_capitals.iter().filter(|person| person.surname() == surname);
        persons.next().filter(|_| persons.next().is_none())
    }

    /// Returns whether a person with this surname speaks below labels in capitals.
    pub(super) fn speaks_in_capitals(&self, surname: &str) -> bool {
        self.persons_in_capitals.iter().any(|person| person.surname() == surname)
    }

    /// Returns whether the release repeats a label that consists of a name only.
    pub(super) fn repeats_label(&self, name: &str) -> bool {
        self.occurrences_by_name.get(name).is_some_and(|&count| count > 1)
    }
}

/// Counts of the labels of a release, by their form.
#[derive(Debug, Default)]
struct LabelCounts {
    has_answer_line: bool,
    /// Number of labels in capitals and of English roles.
    capital_or_english_role_count: usize,
    /// Number of English labels in capitals that name a person or a role.
    capital_person_count: usize,
    /// Number of English labels in capitals that consist of an office alone.
    capital_office_count: usize,
    /// Number of Chinese labels. Labels of an office alone and `主席：` alone have counts of their own.
    chinese_count: usize,
    /// Number of English labels with a title and with words that are spoken.
    titled_count: usize,
    /// Number of labels of speakers whom the release does not name, such as reporters.
    unnamed_count: usize,
    /// Number of English labels of an office alone.
    english_office_count: usize,
    /// Number of Chinese labels of an office alone.
    chinese_office_count: usize,
    /// Number of labels `主席：` without words in the line.
    lone_chair_count: usize,
    /// Number of occurrences of each label that consists of a name only, by name.
    occurrences_by_name: HashMap<String, usize>,
    /// Persons whom labels name in capitals, one for each label, in the order of the labels.
    persons_in_capitals: Vec<Person>,
    /// Words of the labels that consist of one word in capitals. Such a word may be a surname.
    words_in_capitals: Vec<String>,
    /// Persons whom labels name in full and with an office or honorific, by name.
    persons_with_title: HashMap<String, Person>,
    /// Number of lines that begin with one capitalized word and a colon, by word.
    occurrences_by_word: HashMap<String, usize>,
}

impl LabelCounts {
    /// Counts the label at the beginning of a line.
    fn add_line(&mut self, line: &str) {
        let Some((label, form, words)) = label::label_and_speech(line) else {
            if let Some(word) = label::surname_alone(line) {
                *self.occurrences_by_word.entry(word.to_owned()).or_default() += 1;
            }
            self.words_in_capitals
                .extend(label::surname_in_capitals(line).map(|(surname, _)| surname));
            return;
        };
        let is_chinese = !line.is_ascii() && super::chinese::contains_chinese(line);
        self.unnamed_count += usize::from(label == Label::Unnamed);
        if let Label::Person(person) = &label
            && person.form == (NameForm::Full { has_title: true })
        {
            self.persons_with_title.entry(person.name.clone()).or_insert_with(|| person.clone());
        }
        match (label, form) {
            (Label::Answer, _) => self.has_answer_line = true,
            (Label::UnspokenItem, _) => {}
            (Label::Chair(None), _) if words.is_empty() => self.lone_chair_count += 1,
            (Label::Person(person), LabelForm::NameOnly) => {
                *self.occurrences_by_name.entry(person.name).or_default() += 1;
            }
            (Label::Person(person), LabelForm::NameInCapitals) => {
                *self.occurrences_by_name.entry(person.name.clone()).or_default() += 1;
                self.persons_in_capitals.push(person);
            }
            (_, LabelForm::OfficeOnly) if is_chinese => self.chinese_office_count += 1,
            (_, LabelForm::OfficeOnly) => {
                self.english_office_count += 1;
                self.capital_office_count += usize::from(label::is_in_capitals(label_text(line)));
            }
            (_, LabelForm::WithTitle) => {
                self.titled_count += usize::from(label::is_utterance(words));
            }
            _ if is_chinese => self.chinese_count += 1,
            (Label::Person(_), _) => {
                self.capital_person_count += 1;
                self.capital_or_english_role_count += 1;
            }
            _ => self.capital_or_english_role_count += 1,
        }
    }

    /// Returns the persons who speak below labels in capitals. Such a person has several labels, by the full name or by
    /// the surname. If there is only one such person and no label of a reporter, the labels in capitals are taken for
    /// headings, and the result is empty.
    fn speakers_in_capitals(&self) -> Vec<Person> {
        let mut speakers: Vec<Person> = Vec::new();
        for person in &self.persons_in_capitals {
            let surname = person.surname();
            let full_count =
                self.persons_in_capitals.iter().filter(|other| other.surname() == surname).count();
            let surname_count =
                self.words_in_capitals.iter().filter(|word| *word == surname).count();
            if full_count + surname_count > 1
                && speakers.iter().all(|speaker| speaker.name != person.name)
            {
                speakers.push(person.clone());
            }
        }
        if speakers.len() < 2 && self.unnamed_count == 0 {
            speakers.clear();
        }
        speakers
    }
}

/// Returns the text before the colon of a line that begins with a label.
fn label_text(line: &str) -> &str {
    line.split(':').next().unwrap_or_default()
}

/// Returns whether a text is in the first person outside quotation marks, as speeches are.
fn is_first_person(text: &str) -> bool {
    let beginning = without_quotations(beginning_within_limit(text));
    [" I ", " I’", "\nI ", " my ", "\tI ", "各位", "尊敬的"]
        .iter()
        .any(|word| beginning.contains(word))
}

/// Returns a text without its quotations.
fn without_quotations(text: &str) -> String {
    let mut remainder = String::with_capacity(text.len());
    let mut start = 0;
    for quote in quote::quotes(text).iter().filter(|quote| !quote.is_open) {
        remainder.push_str(text.get(start..quote.span.start).unwrap_or_default());
        start = quote.span.end;
    }
    remainder.push_str(text.get(start..).unwrap_or_default());
    remainder
}

/// Returns the beginning of a text, at most [`MAX_FIRST_PERSON_BYTES`] bytes.
fn beginning_within_limit(text: &str) -> &str {
    let max_end = MAX_FIRST_PERSON_BYTES.min(text.len());
    let end = (0..=max_end).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
    text.get(..end).unwrap_or_default()
}

/// Returns whether a Chinese speech addresses its audience or says for whom it speaks.
fn addresses_audience(beginning: &str) -> bool {
    ["各位代表", "各位委员", "各位來賓", "各位来宾", "我代表"]
        .iter()
        .any(|address| beginning.contains(address))
}

/// Returns the speaker whom the paragraph at `span` declares. `None` if the paragraph declares no speaker or is
/// the heading of a part.
fn speaker_declared_in_paragraph(span: Span, text: &str) -> Option<DeclaredSpeaker> {
    let paragraph = span.of(text);
    speaker_declared_in_line(paragraph).filter(|_| !declared::is_heading_of_text_part(paragraph))
}

/// Returns the speaker whom a short paragraph declares: `Speech by Ms Mei Lim, Minister for Ports, at the Harbour Day`.
pub(super) fn speaker_declared_in_line(paragraph: &str) -> Option<DeclaredSpeaker> {
    let is_short =
        paragraph.len() <= MAX_DECLARING_PARAGRAPH_BYTES && !paragraph.trim_end().ends_with('.');
    let starts_with_speech = || declared::begins_with_speech_noun(paragraph);
    if !is_short || !starts_with_speech() {
        return None;
    }
    declared::declared_speaker(paragraph).filter(DeclaredSpeaker::is_certain_from_heading_alone)
}

/// Returns the person who gives a Chinese speech, from the line below the title: `港务局副局长 林宁`. `None` if the
/// lines below do not address an audience.
fn chinese_byline<'t>(mut lines: impl Iterator<Item = &'t str> + Clone) -> Option<DeclaredSpeaker> {
    const ADDRESS_PHRASES: [&str; 4] = ["尊敬的", "各位", "女士们", "女士們"];
    let is_address =
        |line: &str| ADDRESS_PHRASES.iter().any(|address| line.trim_start().starts_with(address));
    if !lines.clone().any(is_address) {
        return None;
    }
    let mut before_address = lines.by_ref().take_while(|line| !is_address(line));
    let person = before_address.find_map(|line| {
        super::chinese_name::person(line).filter(|person| person.office.is_some())
    })?;
    Some(DeclaredSpeaker { person, heading_states_speech: false })
}

/// Returns the person who makes a written or oral statement, from the line below the title: `Mei Lim, Minister for
/// Ports`. `None` if the title names no such statement.
fn byline_of_statement<'t>(
    title: &str,
    lines: impl Iterator<Item = &'t str>,
) -> Option<DeclaredSpeaker> {
    const MAX_BYLINE_BYTES: usize = 160;
    let lower = title.to_lowercase();
    let is_statement = ["written statement", "oral statement", "ministerial statement"]
        .iter()
        .any(|kind| lower.starts_with(kind));
    if !is_statement {
        return None;
    }
    let mut lines = lines.map(str::trim).filter(|line| *line != title);
    let line =
        lines.next().filter(|line| line.len() <= MAX_BYLINE_BYTES && !line.ends_with('.'))?;
    let (name, office) = line.split_once(", ")?;
    let mut person = person::person(name).filter(Person::is_full)?;
    let is_office = office.starts_with(char::is_uppercase) && super::words::names_office(office);
    person.office = Some(office.to_owned());
    person.form = NameForm::Full { has_title: true };
    is_office.then_some(DeclaredSpeaker { person, heading_states_speech: false })
}

/// Returns the person in the chair from a line at the beginning of Chinese minutes: `主　　席　高委員志鵬`.
fn chair_in_minutes(line: &str) -> Option<Person> {
    let after = line.trim_start().strip_prefix('主')?.trim_start().strip_prefix('席')?;
    super::chinese_name::person(after.trim_start_matches(['：', ':']).trim())
}
