//! Follows the turns of a release: who speaks in each passage, and whom the passage quotes.

use super::{
    PassageSpeakers, Speaker, SpeakerBasis, Statement, attribution, chinese,
    declared::{self, Declaration},
    label::{self, Label, LabelForm},
    outline::{self, Outline},
    person::{self, NameForm, Person},
    quote,
    roster::Roster,
};
use crate::{
    document::{Block, Document, issuer_in_heading},
    span::Span,
};

/// Finds the speakers of the passages of one release. Pass the headings and passages in order.
pub(in crate::passage) struct SpeakerFinder<'d> {
    title: &'d str,
    roster: Roster<'d>,
    outline: Outline,
    /// Person who speaks in the release or the section.
    declaration: Option<Declaration>,
    turn: Turn,
    /// Person in the chair, from the last label that names the chair.
    chair: Option<Person>,
    /// Office that the question asks: `the Minister for Ports`.
    asked: Option<Person>,
    section: Section,
    /// Person whose quotation the next passage continues.
    open_quotation: Option<Person>,
    /// Person who was quoted last.
    quoted_last: Option<Person>,
}

/// Owner of the current turn.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Turn {
    /// Nobody speaks: narration.
    None,
    /// Somebody speaks whom the release does not name.
    Unnamed,
    Person(PersonTurn),
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct PersonTurn {
    person: Person,
    basis: SpeakerBasis,
    inferred: bool,
    /// Whether the turn goes on in the next paragraph.
    goes_on: bool,
}

/// Section of a release below a heading that names a body.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Section {
    /// The heading names no body, or the section reports several persons.
    Other,
    /// The heading names a body, and the section has reported nobody yet.
    OfBody,
    /// The section reports only this official of the body.
    Reports(Person),
}

impl<'d> SpeakerFinder<'d> {
    pub(in crate::passage) fn new(document: &'d Document, blocks: &[Block]) -> Self {
        let outline = Outline::new(document, blocks);
        let title = document.title.as_deref().unwrap_or_default();
        Self {
            title,
            roster: Roster::new(title, &document.text),
            declaration: outline.declaration.clone(),
            chair: outline.chair.clone(),
            outline,
            turn: Turn::None,
            asked: None,
            section: Section::Other,
            open_quotation: None,
            quoted_last: None,
        }
    }

    /// Ends the turn at a heading. The heading may name the speaker of its section.
    pub(in crate::passage) fn heading(&mut self, heading: &str) {
        self.turn = Turn::None;
        self.open_quotation = None;
        self.quoted_last = None;
        self.section =
            if issuer_in_heading(heading).is_some() { Section::OfBody } else { Section::Other };
        self.read_question(heading);
        if label::label(heading).is_some_and(|(label, _)| label == Label::Answer) {
            self.turn = self.answer(false);
        }
        if let Some(declaration) = declared::declaration(heading).filter(Declaration::is_certain) {
            self.declaration = Some(declaration);
        }
    }

    /// Returns the speakers of the next passage. `continues_paragraph` says whether the passage is a further section of
    /// the paragraph of the passage before it.
    pub(in crate::passage) fn passage(
        &mut self,
        text: &str,
        continues_paragraph: bool,
    ) -> PassageSpeakers {
        if let Some(declaration) = outline::declaration_line(text) {
            self.declaration = Some(declaration);
            self.turn = Turn::None;
            return PassageSpeakers::default();
        }
        self.read_question(text);
        let turns = self.turns(text, continues_paragraph);
        if label::label_and_speech(text).is_some_and(|(_, _, speech)| speech.is_empty()) {
            return PassageSpeakers::default();
        }
        let is_narration = turns.iter().all(|(_, turn)| *turn == Turn::None);
        if is_narration {
            return self.narration(text);
        }
        let mut all = Vec::new();
        for (index, (span, turn)) in turns.iter().enumerate() {
            let Turn::Person(turn) = turn else { continue };
            let is_label = turn.basis == SpeakerBasis::Label;
            let carried = index == 0 && is_label && label::label(text).is_none();
            let basis = if carried { SpeakerBasis::Turn } else { turn.basis };
            all.push(speaker(&turn.person, *span, basis, turn.inferred || carried));
            if !is_label {
                all.extend(self.quoted_in_speech(text, *span, &turn.person));
            }
        }
        let first_turn = turns.iter().map(|(_, turn)| turn).find(|turn| **turn != Turn::None);
        let principal = match first_turn {
            Some(Turn::Person(turn)) => Some(turn.person.name.clone()),
            _ => None,
        };
        PassageSpeakers { principal, all }
    }

    /// Returns the turns of a passage with their spans, and leaves the last turn in `self.turn`.
    fn turns(&mut self, text: &str, continues_paragraph: bool) -> Vec<(Span, Turn)> {
        let mut turns: Vec<(usize, Turn)> = Vec::new();
        let mut offset = 0;
        for line in text.split_inclusive('\n') {
            if let Some(turn) = self.turn_at(line) {
                self.turn = turn;
                turns.push((offset, self.turn.clone()));
            } else if offset == 0 {
                self.turn = self.carried_turn(text, continues_paragraph);
                turns.push((0, self.turn.clone()));
            }
            offset += line.len();
        }
        let ends: Vec<usize> =
            turns.iter().skip(1).map(|(start, _)| *start).chain([text.len()]).collect();
        let with_spans = turns.into_iter().zip(ends);
        with_spans.map(|((start, turn), end)| (Span::new(start, end).trimmed(text), turn)).collect()
    }

    /// Returns the turn that begins with `line`. `None` if the turn of the line before goes on.
    fn turn_at(&mut self, line: &str) -> Option<Turn> {
        if ends_transcript(line) {
            return Some(Turn::None);
        }
        let (label, form, speech) = label::label_and_speech(line)?;
        let person = match label {
            Label::Item => return Some(Turn::None),
            Label::Unnamed => return Some(Turn::Unnamed),
            Label::Answer => return Some(self.answer(!self.outline.has_answer_line)),
            Label::Chair(None) => return Some(self.turn_of_chair()),
            Label::Chair(Some(person)) => {
                self.chair = Some(person.clone());
                person
            }
            Label::Person(person) => person,
        };
        let is_accepted = match form {
            LabelForm::Transcript => !speech.is_empty() || self.outline.has_many_labels,
            LabelForm::Titled => !self.outline.has_transcript_labels && !speech.is_empty(),
            LabelForm::Plain => {
                self.outline.is_transcript && self.outline.repeats(&person.name)
                    || !self.outline.has_transcript_labels
                        && person.is_full()
                        && self.roster.is_known(&person)
            }
        };
        if !is_accepted {
            return None;
        }
        let (person, inferred) = self.named(person);
        let goes_on = self.outline.is_transcript
            && (form == LabelForm::Transcript || !speech.starts_with(['“', '"']));
        Some(Turn::Person(PersonTurn { person, basis: SpeakerBasis::Label, inferred, goes_on }))
    }

    /// Returns the person under one name, and whether the name is inferred from the title: `THE PRESIDENT` is the
    /// president whom the title names.
    fn named(&mut self, person: Person) -> (Person, bool) {
        if person.form != NameForm::Office {
            return (self.roster.resolve(person), false);
        }
        let mut holders =
            self.title.match_indices(person.name.as_str()).filter_map(|(offset, _)| {
                let is_other_office = self.title.get(..offset)?.ends_with("Vice ");
                let (holder, _) = person::leading_person(self.title.get(offset..)?)?;
                (!is_other_office && holder.office.as_deref() == Some(person.name.as_str()))
                    .then_some(holder)
            });
        match (holders.next(), holders.next()) {
            (Some(holder), None) => (self.roster.resolve(holder), true),
            _ => (person, false),
        }
    }

    fn turn_of_chair(&mut self) -> Turn {
        let person = self.chair.clone();
        let inferred = person.is_some();
        let person = person.unwrap_or_else(|| Person {
            name: "主席".to_owned(),
            office: None,
            form: NameForm::Office,
        });
        Turn::Person(PersonTurn { person, basis: SpeakerBasis::Label, inferred, goes_on: true })
    }

    /// Returns the turn of the person who answers: whom the title or heading names, or the office that the question asks.
    fn answer(&mut self, inferred: bool) -> Turn {
        let (person, inferred) = match (&self.declaration, &self.asked) {
            (Some(declaration), _) => {
                (declaration.person.clone(), inferred || !declaration.is_stated)
            }
            (None, Some(asked)) => (asked.clone(), true),
            (None, None) => return Turn::Unnamed,
        };
        let person = self.roster.resolve(person);
        Turn::Person(PersonTurn { person, basis: SpeakerBasis::Answer, inferred, goes_on: true })
    }

    /// Returns the turn at the beginning of a passage without label.
    fn carried_turn(&mut self, text: &str, continues_paragraph: bool) -> Turn {
        let is_question = |turn: &PersonTurn| {
            turn.basis == SpeakerBasis::Label && !self.outline.is_transcript && self.asked.is_some()
        };
        match &self.turn {
            Turn::Person(turn) if turn.goes_on || continues_paragraph => return self.turn.clone(),
            Turn::Person(turn) if is_question(turn) => {
                if self.outline.has_answer_line || begins_with_item_letter(text) {
                    return self.turn.clone();
                }
                return self.answer(true);
            }
            Turn::Unnamed if self.outline.is_transcript || continues_paragraph => {
                return Turn::Unnamed;
            }
            _ => {}
        }
        let awaits_answer = self.outline.has_answer_line && self.turn == Turn::None;
        match &self.declaration {
            Some(declaration) if !self.outline.is_transcript && !awaits_answer => {
                let inferred = !declaration.is_stated;
                let is_person = if inferred || !declaration.person.has_title() {
                    self.outline.is_first_person
                        && (declaration.is_stated
                            || declaration.person.has_title()
                            || self.roster.is_known(&declaration.person))
                } else {
                    true
                };
                if !is_person {
                    return Turn::None;
                }
                let person = self.roster.resolve(declaration.person.clone());
                Turn::Person(PersonTurn {
                    person,
                    basis: SpeakerBasis::Speech,
                    inferred,
                    goes_on: true,
                })
            }
            _ => Turn::None,
        }
    }

    /// Remembers the office that a question asks: `To ask the Minister for Ports whether …`.
    fn read_question(&mut self, text: &str) {
        let asks = ["To ask the ", "to ask the ", "asked the "];
        let office = asks.iter().find_map(|asks| text.split_once(asks).map(|(_, after)| after));
        let Some(office) = office.and_then(office_at_start) else { return };
        self.asked =
            Some(Person { name: office.clone(), office: Some(office), form: NameForm::Office });
    }

    /// Returns the speakers of a passage in which it is nobody's turn.
    fn narration(&mut self, text: &str) -> PassageSpeakers {
        let quotes = quote::quotes(text);
        let mut statements = Vec::new();
        if let (Some(person), Some(first)) = (self.open_quotation.take(), quotes.first())
            && text.get(..first.span.start).unwrap_or_default().trim().is_empty()
        {
            statements.push(Statement {
                person,
                span: first.span,
                basis: SpeakerBasis::Quotation,
                inferred: true,
            });
        }
        let roster = &mut self.roster;
        let found = attribution::statements(text, &quotes, self.quoted_last.as_ref(), |person| {
            roster.is_known(person)
        });
        statements.extend(
            found
                .into_iter()
                .filter(|found| statements.iter().all(|own| own.span != found.span))
                .collect::<Vec<_>>(),
        );
        if chinese::is_chinese(text) {
            statements.extend(chinese::statements(text, &quotes, |person| roster.is_known(person)));
        }
        statements.sort_by_key(|statement| statement.span.start);
        for statement in &mut statements {
            statement.person = self.roster.resolve(statement.person.clone());
        }
        self.follow_section(&statements);
        let mut all: Vec<Speaker> = statements.iter().map(Statement::speaker).collect();
        if all.is_empty()
            && let Section::Reports(person) = &self.section
        {
            all.push(speaker(
                person,
                Span::new(0, text.len()).trimmed(text),
                SpeakerBasis::Section,
                true,
            ));
        }
        let last = statements.last();
        let goes_on = quotes.last().is_some_and(|quote| quote.is_open)
            || text.trim_end().ends_with([':', ',', '：', '，'])
                && last.is_some_and(|last| last.span.end >= text.trim_end().len());
        self.open_quotation = last.filter(|_| goes_on).map(|last| last.person.clone());
        self.quoted_last = last.map(|last| last.person.clone());
        let principal = principal(&all, text.len()).filter(|_| !self.outline.is_unnamed_speech);
        PassageSpeakers { principal, all }
    }

    /// Follows whom the section of a body reports.
    fn follow_section(&mut self, statements: &[Statement]) {
        for statement in statements {
            let person = &statement.person;
            self.section = match &self.section {
                Section::OfBody if person.office.is_some() => Section::Reports(person.clone()),
                Section::Reports(reported) if reported.name == person.name => continue,
                _ => Section::Other,
            };
        }
    }

    /// Returns the persons whom a speech quotes between quotation marks.
    fn quoted_in_speech(&mut self, text: &str, span: Span, speaks: &Person) -> Vec<Speaker> {
        let words = span.of(text);
        if !words.contains(['“', '"', '「']) {
            return Vec::new();
        }
        let quotes = quote::quotes(words);
        let roster = &mut self.roster;
        let mut statements =
            attribution::statements(words, &quotes, None, |person| roster.is_known(person));
        if chinese::is_chinese(words) {
            statements
                .extend(chinese::statements(words, &quotes, |person| roster.is_known(person)));
        }
        statements
            .retain(|statement| statement.basis == SpeakerBasis::Quotation && !statement.inferred);
        let speakers = statements.into_iter().map(|statement| {
            let person = self.roster.resolve(statement.person);
            speaker(&person, statement.span.shifted(span.start), SpeakerBasis::Quotation, false)
        });
        speakers.filter(|speaker| speaker.name != speaks.name).collect()
    }
}

/// Returns the name of the only person whom a passage in narration quotes. `None` if it quotes several persons, or if the
/// words of the person are a small part towards its end.
fn principal(speakers: &[Speaker], passage_bytes: usize) -> Option<String> {
    const EARLY_BYTES: usize = 240;
    let first = speakers.first()?;
    let is_one_person = speakers.iter().all(|speaker| speaker.name == first.name);
    let spoken: usize = speakers.iter().map(|speaker| speaker.span.len()).sum();
    let is_main_part = first.span.start <= EARLY_BYTES || spoken * 3 >= passage_bytes;
    (is_one_person && is_main_part).then(|| first.name.clone())
}

impl Statement {
    fn speaker(&self) -> Speaker {
        speaker(&self.person, self.span, self.basis, self.inferred)
    }
}

fn speaker(person: &Person, span: Span, basis: SpeakerBasis, inferred: bool) -> Speaker {
    Speaker { name: person.name.clone(), office: person.office.clone(), span, basis, inferred }
}

/// Returns the title of an office at the start of a text: `Minister for Ports` of `Minister for Ports whether …`.
fn office_at_start(text: &str) -> Option<String> {
    let mut words = Vec::new();
    for word in text.split_whitespace().take(12) {
        let is_title = word.starts_with(char::is_uppercase) || super::words::is_connector(word);
        if !is_title {
            break;
        }
        words.push(word.trim_end_matches([',', ':']));
        if word.ends_with([',', ':']) {
            break;
        }
    }
    while words.last().is_some_and(|word| super::words::is_connector(word)) {
        words.pop();
    }
    let office = words.join(" ");
    super::words::names_office(&office).then_some(office)
}

/// Returns whether a paragraph is a further item of a question: `(b) whether …`.
fn begins_with_item_letter(text: &str) -> bool {
    let mut chars = text.trim_start().chars();
    chars.next() == Some('(') && chars.next().is_some_and(|c| c.is_ascii_alphanumeric())
}

/// Returns whether a line ends the last turn of a transcript: `END`, a time of the day, a rule, or the spaced heading of
/// a part of Chinese minutes.
fn ends_transcript(line: &str) -> bool {
    let line = line.trim();
    if begins_article(line) {
        return true;
    }
    if line.len() > 60 || line.is_empty() {
        return false;
    }
    let is_rule =
        line.chars().all(|c| matches!(c, '*' | '#' | '-' | '_' | ' ' | '\u{a0}')) || line == "<hr>";
    let bare = line.trim_matches(|c: char| !c.is_alphanumeric());
    let is_end = matches!(bare, "END" | "ENDS" | "End")
        || bare.strip_prefix("END").is_some_and(|rest| is_time(rest.trim()));
    is_rule || is_end || is_time(line) || is_spaced_heading(line)
}

/// Returns whether a line begins an article of a statute, which minutes print between the turns: 第　八　條.
fn begins_article(line: &str) -> bool {
    let Some(number) = line.strip_prefix('第') else { return false };
    let mut number = number.chars().filter(|c| !c.is_whitespace()).take(6);
    let is_article = |c| matches!(c, '条' | '條');
    number
        .by_ref()
        .take_while(|&c| !is_article(c))
        .all(|c| "一二三四五六七八九十百零〇之0123456789".contains(c))
        && line.chars().take(14).any(is_article)
}

/// Returns whether a line is a time of the day: `1:28 P.M. EDT`.
fn is_time(line: &str) -> bool {
    let is_clock = line.starts_with(|c: char| c.is_ascii_digit()) && line.contains(':');
    is_clock && line.contains(".M.") && !line.chars().any(char::is_lowercase)
}

/// Returns whether ideographic spaces separate all characters of a line: 報　告　事　項.
fn is_spaced_heading(line: &str) -> bool {
    let mut chars = line.split('\u{3000}').map(|part| part.chars().count());
    line.matches('\u{3000}').count() >= 2 && chars.all(|count| count == 1)
}
