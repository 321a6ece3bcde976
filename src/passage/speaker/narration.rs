//! Finds the persons whom a passage quotes or reports if nobody has the turn in this passage.

use super::{
    Speaker, SpeakerBasis, Statement, attribution, chinese,
    person::{self, NameForm, Person},
    quote::{self, Quote},
    roster::Roster,
    sentence::{MAX_CLAUSE_BYTES, sentence_start},
    subject::{self, Subject},
};
use crate::{document::issuer_in_heading, span::Span};

/// Maximum length, in bytes, of a passage that only introduces the quotation in the next passage.
const MAX_QUOTE_INTRODUCTION_BYTES: usize = 160;

/// Facts about the previous passages, such as an open quotation, that decide whom the next passage quotes or reports.
#[derive(Debug, Default)]
pub(super) struct Narration {
    section: SectionState,
    /// Person whose quotation the next passage continues.
    open_quotation: Option<Person>,
    /// Whether the previous passage only introduces the words of the person in `open_quotation`: `Mei Lim said:`.
    follows_introduction: bool,
    /// Person to whom a line above attributes the quotations that follow: `Quotes attributable to Mei Lim:`.
    attributed_person: Option<Person>,
    /// Person who was quoted last.
    last_quoted_person: Option<Person>,
}

/// State of the current section of a release: whether its heading names an organization, and whom the section reports.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
enum SectionState {
    /// The heading names no organization, or the section reports several persons.
    #[default]
    NoSingleOfficial,
    /// The heading names an organization, and the section has reported nobody yet.
    OrganizationOnly,
    /// The section reports only this official of the organization.
    SingleOfficial(Person),
}

impl Narration {
    /// Returns the state at the beginning of the section below a heading.
    pub(super) fn below_heading(heading: &str) -> Self {
        let names_organization = issuer_in_heading(heading).is_some();
        Self {
            section: if names_organization {
                SectionState::OrganizationOnly
            } else {
                SectionState::NoSingleOfficial
            },
            attributed_person: attributed_person(heading),
            ..Self::default()
        }
    }

    /// Returns the persons whom the next passage quotes or reports.
    pub(super) fn speakers(&mut self, text: &str, roster: &mut Roster<'_>) -> Vec<Speaker> {
        if let Some(person) = attributed_person(text).or_else(|| introduced_person(text)) {
            self.attributed_person = Some(person);
            return Vec::new();
        }
        let quotes = quote::quotes(text);
        let mut statements = self.continued_quotation(text, &quotes);
        if statements.is_empty() {
            statements = self.attributed_quotations(text, &quotes);
        }
        let last_quoted_person = self.last_quoted_person.as_ref();
        let found_statements = statements_of(text, &quotes, last_quoted_person, roster);
        let is_new =
            |statement: &Statement| statements.iter().all(|own| own.span != statement.span);
        let new_statements: Vec<Statement> = found_statements.into_iter().filter(is_new).collect();
        statements.extend(new_statements);
        statements.sort_by_key(|statement| statement.span.start);
        for statement in &mut statements {
            statement.person = roster.with_full_name(statement.person.clone());
        }
        // A Chinese surname with an office is no name: 周总理.
        statements.retain(|statement| {
            statement.person.form != NameForm::Surname || statement.person.name.contains(' ')
        });
        self.update_section(&statements);
        self.update_quotation(text, &quotes, &statements);
        if statements.is_empty()
            && let SectionState::SingleOfficial(person) = &self.section
            && !chinese::reports_other_official(text, &person.name)
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

    /// Returns the quotations of a passage that a line above attributes to a person. The passage consists of
    /// quotations; the attribution ends with the first other passage.
    fn attributed_quotations(&mut self, text: &str, quotes: &[Quote]) -> Vec<Statement> {
        let Some(person) = self.attributed_person.take() else { return Vec::new() };
        let quoted_bytes: usize = quotes.iter().map(|quote| quote.span.len()).sum();
        if quoted_bytes < text.trim().len() {
            return Vec::new();
        }
        self.attributed_person = Some(person.clone());
        let basis = SpeakerBasis::Quotation;
        let statement = |quote: &Quote| Statement {
            person: person.clone(),
            span: quote.span,
            basis,
            inferred: true,
        };
        quotes.iter().map(statement).collect()
    }

    /// Remembers who was quoted last, and whether the quotation continues in the next passage.
    fn update_quotation(&mut self, text: &str, quotes: &[Quote], statements: &[Statement]) {
        let last = statements.last();
        let continues_in_next_paragraph = quotes.last().is_some_and(|quote| quote.is_open)
            || text.trim_end().ends_with([':', ',', '：', '，'])
                && last.is_some_and(|last| last.span.end >= text.trim_end().len());
        self.open_quotation =
            last.filter(|_| continues_in_next_paragraph).map(|last| last.person.clone());
        self.follows_introduction = text.len() <= MAX_QUOTE_INTRODUCTION_BYTES
            && text.trim_end().ends_with([':', '：'])
            && matches!(statements, [only] if only.basis == SpeakerBasis::Report && !only.inferred);
        self.last_quoted_person = last.map(|last| last.person.clone());
    }

    /// Updates the state of the section by the statements of a passage.
    fn update_section(&mut self, statements: &[Statement]) {
        for statement in statements {
            let person = &statement.person;
            self.section = match &self.section {
                SectionState::OrganizationOnly if person.office.is_some() => {
                    SectionState::SingleOfficial(person.clone())
                }
                SectionState::SingleOfficial(reported) if reported.name == person.name => continue,
                _ => SectionState::NoSingleOfficial,
            };
        }
    }
}

/// Returns the person to whom a line attributes the quotations below it: `Quotes attributable to Mei Lim, Minister for
/// Ports:`. `None` for any other line.
fn attributed_person(line: &str) -> Option<Person> {
    const ATTRIBUTION_OPENINGS: [&str; 4] = ["quote", "quotes", "the following", "statement"];
    let line = line.trim();
    let (opening, name) = line.split_once(" attributable to ")?;
    let opening = opening.trim_end_matches(" is").trim_end_matches(" are").to_lowercase();
    let is_line = line.len() <= MAX_QUOTE_INTRODUCTION_BYTES
        && line.ends_with([':', '：'])
        && ATTRIBUTION_OPENINGS.iter().any(|start| opening.starts_with(start))
        && opening.split(' ').count() <= 4;
    let (person, end) = person::leading_person(name).filter(|_| is_line)?;
    let after = name.get(end..)?;
    (person.form != NameForm::Office && after.starts_with([':', ',', '：'])).then_some(person)
}

/// Returns the person whose statement a paragraph introduces: `Governor Mei Lim today issued the following statement:`.
/// `None` for any other paragraph.
fn introduced_person(paragraph: &str) -> Option<Person> {
    const MAX_INTRODUCTION_BYTES: usize = 500;
    const VERBS: [&str; 5] = ["made", "issued", "released", "gave", "delivered"];
    let paragraph = paragraph.trim();
    if paragraph.len() > MAX_INTRODUCTION_BYTES || !paragraph.ends_with([':', '：']) {
        return None;
    }
    let marks = ["the following statement", "the following remarks", "the following comment"];
    let (before, _) = marks.iter().find_map(|mark| paragraph.split_once(*mark))?;
    let (clause, verb) = before.trim_end().rsplit_once(' ')?;
    let clause = clause.trim_end_matches(" has").trim_end_matches(" today");
    let start = sentence_start(clause, clause.len(), MAX_CLAUSE_BYTES);
    let subject = subject::subject_before(clause.get(start..)?, true);
    match subject.filter(|_| VERBS.contains(&verb)) {
        Some(Subject::Named(person)) => Some(person).filter(Person::has_title),
        _ => None,
    }
}

/// Returns the statements (a speaker and what he or she says) in a text, whether it is English, Chinese or both.
fn statements_of(
    text: &str,
    quotes: &[Quote],
    last_quoted_person: Option<&Person>,
    roster: &mut Roster<'_>,
) -> Vec<Statement> {
    let mut statements = attribution::statements(text, quotes, last_quoted_person, roster);
    if chinese::contains_chinese(text) {
        statements
            .extend(chinese::statements(text, quotes, |person| roster.is_known_person(person)));
    }
    statements
}

/// Returns the persons whom the words of a speech quote between quotation marks.
pub(super) fn speakers_quoted_in_speech(
    text: &str,
    span: Span,
    roster: &mut Roster<'_>,
) -> Vec<Speaker> {
    let words = span.of(text);
    if !words.contains(['“', '"', '「']) {
        return Vec::new();
    }
    let mut statements = statements_of(words, &quote::quotes(words), None, roster);
    statements
        .retain(|statement| statement.basis == SpeakerBasis::Quotation && !statement.inferred);
    let speakers = statements.into_iter().map(|statement| {
        let person = roster.with_full_name(statement.person);
        Speaker::new(&person, statement.span.shifted(span.start), SpeakerBasis::Quotation, false)
    });
    speakers.collect()
}

/// Returns the name of the only person whom a passage in narration quotes. `None` if the passage quotes several
/// persons, or if the words of the person begin late and are a small part of the passage.
pub(super) fn main_speaker(speakers: &[Speaker], passage_bytes: usize) -> Option<String> {
    const MAX_EARLY_OFFSET_BYTES: usize = 240;
    let first = speakers.first()?;
    let is_one_person = speakers.iter().all(|speaker| speaker.name == first.name);
    let spoken: usize = speakers.iter().map(|speaker| speaker.span.len()).sum();
    let is_main_part = first.span.start <= MAX_EARLY_OFFSET_BYTES || spoken * 3 >= passage_bytes;
    (is_one_person && is_main_part).then(|| first.name.clone())
}
