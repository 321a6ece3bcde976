//! Finds the persons whom a passage quotes or reports if the passage belongs to nobody's turn.

use super::{
    Speaker, SpeakerBasis, Statement, attribution, chinese,
    person::{NameForm, Person},
    quote::{self, Quote},
    roster::Roster,
};
use crate::{document::issuer_in_heading, span::Span};

/// Maximum length of a passage that only introduces words, in bytes.
const MAX_INTRODUCTION_BYTES: usize = 160;

/// State of the narration between two passages of a section.
#[derive(Debug, Default)]
pub(super) struct Narration {
    section: SectionState,
    /// Person whose quotation the next passage continues.
    open_quotation: Option<Person>,
    /// Whether the previous passage only introduces the words of the person in `open_quotation`: `Mei Lim said:`.
    follows_introduction: bool,
    /// Person who was quoted last.
    last_quoted_person: Option<Person>,
}

/// State of the current section of a release: whether its heading names a body, and whom the section reports.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
enum SectionState {
    /// The heading names no body, or the section reports several persons.
    #[default]
    Other,
    /// The heading names a body, and the section has reported nobody yet.
    OfBody,
    /// The section reports only this official of the body.
    Reports(Person),
}

impl Narration {
    /// Returns the state at the beginning of the section below a heading.
    pub(super) fn below(heading: &str) -> Self {
        let names_body = issuer_in_heading(heading).is_some();
        Self {
            section: if names_body { SectionState::OfBody } else { SectionState::Other },
            ..Self::default()
        }
    }

    /// Returns the persons whom the next passage quotes or reports.
    pub(super) fn speakers(&mut self, text: &str, roster: &mut Roster<'_>) -> Vec<Speaker> {
        let quotes = quote::quotes(text);
        let mut statements = self.continued_quotation(text, &quotes);
        let previous = self.last_quoted_person.as_ref();
        let found_statements = statements_of(text, &quotes, previous, roster);
        let is_new = |found: &Statement| statements.iter().all(|own| own.span != found.span);
        let new_statements: Vec<Statement> = found_statements.into_iter().filter(is_new).collect();
        statements.extend(new_statements);
        statements.sort_by_key(|statement| statement.span.start);
        for statement in &mut statements {
            statement.person = roster.resolve(statement.person.clone());
        }
        // A Chinese surname with an office is no name: 周总理.
        statements.retain(|statement| {
            statement.person.form != NameForm::Surname || statement.person.name.contains(' ')
        });
        self.follow_section(&statements);
        self.follow_quotation(text, &quotes, &statements);
        if statements.is_empty()
            && let SectionState::Reports(person) = &self.section
        {
            let span = Span::new(0, text.len()).trimmed(text);
            return vec![Speaker::new(person, span, SpeakerBasis::Section, true)];
        }
        statements.iter().map(Statement::speaker).collect()
    }

    /// Returns the quotation at the beginning of a passage if it continues the last quotation of the passage before.
    fn continued_quotation(&mut self, text: &str, quotes: &[Quote]) -> Vec<Statement> {
        let Some(person) = self.open_quotation.take() else { return Vec::new() };
        let begins_with_quote =
            |quote: &&Quote| text.get(..quote.span.start).unwrap_or_default().trim().is_empty();
        let span = match quotes.first().filter(begins_with_quote) {
            Some(first) => first.span,
            // A page that sets quoted words apart may omit the quotation marks.
            None if self.follows_introduction && quotes.is_empty() => {
                Span::new(0, text.len()).trimmed(text)
            }
            None => return Vec::new(),
        };
        vec![Statement { person, span, basis: SpeakerBasis::Quotation, inferred: true }]
    }

    /// Remembers who was quoted last, and whether the quotation goes on in the next passage.
    fn follow_quotation(&mut self, text: &str, quotes: &[Quote], statements: &[Statement]) {
        let last = statements.last();
        let goes_on = quotes.last().is_some_and(|quote| quote.is_open)
            || text.trim_end().ends_with([':', ',', '：', '，'])
                && last.is_some_and(|last| last.span.end >= text.trim_end().len());
        self.open_quotation = last.filter(|_| goes_on).map(|last| last.person.clone());
        self.follows_introduction = text.len() <= MAX_INTRODUCTION_BYTES
            && text.trim_end().ends_with([':', '：'])
            && matches!(statements, [only] if only.basis == SpeakerBasis::Report && !only.inferred);
        self.last_quoted_person = last.map(|last| last.person.clone());
    }

    /// Updates the state of the section by the statements of a passage.
    fn follow_section(&mut self, statements: &[Statement]) {
        for statement in statements {
            let person = &statement.person;
            self.section = match &self.section {
                SectionState::OfBody if person.office.is_some() => {
                    SectionState::Reports(person.clone())
                }
                SectionState::Reports(reported) if reported.name == person.name => continue,
                _ => SectionState::Other,
            };
        }
    }
}

/// Returns the statements of a text in English and Chinese.
fn statements_of(
    text: &str,
    quotes: &[Quote],
    previous: Option<&Person>,
    roster: &mut Roster<'_>,
) -> Vec<Statement> {
    let mut statements = attribution::statements(text, quotes, previous, roster);
    if chinese::contains_chinese(text) {
        statements.extend(chinese::statements(text, quotes, |person| roster.is_known(person)));
    }
    statements
}

/// Returns the persons whom the words of a speech quote between quotation marks.
pub(super) fn quoted_in_speech(text: &str, span: Span, roster: &mut Roster<'_>) -> Vec<Speaker> {
    let words = span.of(text);
    if !words.contains(['“', '"', '「']) {
        return Vec::new();
    }
    let mut statements = statements_of(words, &quote::quotes(words), None, roster);
    statements
        .retain(|statement| statement.basis == SpeakerBasis::Quotation && !statement.inferred);
    let speakers = statements.into_iter().map(|statement| {
        let person = roster.resolve(statement.person);
        Speaker::new(&person, statement.span.shifted(span.start), SpeakerBasis::Quotation, false)
    });
    speakers.collect()
}

/// Returns the name of the only person whom a passage in narration quotes. `None` if the passage quotes several
/// persons, or if the words of the person begin late and are a small part of the passage.
pub(super) fn main_speaker(speakers: &[Speaker], passage_bytes: usize) -> Option<String> {
    const MAX_EARLY_OFFSET: usize = 240;
    let first = speakers.first()?;
    let is_one_person = speakers.iter().all(|speaker| speaker.name == first.name);
    let spoken: usize = speakers.iter().map(|speaker| speaker.span.len()).sum();
    let is_main_part = first.span.start <= MAX_EARLY_OFFSET || spoken * 3 >= passage_bytes;
    (is_one_person && is_main_part).then(|| first.name.clone())
}
