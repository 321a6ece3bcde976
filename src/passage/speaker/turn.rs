//! Follows the turns of a release: who speaks in each passage, and whom the passage quotes.

use super::{
    PassageSpeakers, Speaker, SpeakerBasis,
    boundary::{
        ends_speech, ends_turn, ends_with_end_mark, is_contact_detail, is_stage_direction,
        is_time_stamp, is_title_of_speech_part,
    },
    chinese,
    declared::{self, DeclaredSpeaker},
    label::{self, Label, LabelForm},
    narration::{self, Narration},
    overview::{self, OPENING_BLOCK_COUNT, ReleaseOverview},
    person::{self, NameForm, Person},
    question,
    roster::Roster,
    unknown_label::{begins_with_nameless_label, may_begin_with_label},
};
use crate::{
    document::{Block, Document},
    span::Span,
};

/// Maximum length of a passage that consists of a label alone, in bytes.
const MAX_LONE_LABEL_BYTES: usize = 400;

/// Finds the speakers of the passages of one release. Pass the headings and passages in order.
pub(in crate::passage) struct SpeakerFinder<'d> {
    /// Title of the release. Empty if it has none.
    title: &'d str,
    roster: Roster<'d>,
    overview: ReleaseOverview,
    /// Person who speaks in the release or the section.
    declared_speaker: Option<DeclaredSpeaker>,
    /// Whether the declared speaker speaks only in a section, up to the next heading.
    is_declared_for_section: bool,
    /// Number of headings and passages read so far.
    block_count: usize,
    /// Turn at the end of the text read so far.
    turn: Turn,
    /// Person in the chair, from the last label that names the chair.
    chair: Option<Person>,
    /// Holder of the office whom the last question asks: `the Minister for Ports`.
    asked_person: Option<Person>,
    /// Whether the last passage belongs to a reported question, which is not part of the answer of the speaker: `Ms Mei
    /// Lim asked the Minister …`.
    is_in_reported_question: bool,
    narration: Narration,
}

/// Speaker at one point of a release: nobody, an unnamed person, or a named person.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Turn {
    /// Nobody speaks: the text is narration.
    Narration,
    /// Somebody speaks whom the release does not name.
    Unnamed,
    Person(PersonTurn),
}

/// Consecutive text of a release in which a named person speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
struct PersonTurn {
    /// Person who speaks.
    person: Person,
    /// Basis of the attribution of the words to the person.
    basis: SpeakerBasis,
    /// Whether the text does not name the person at the beginning of the turn.
    inferred: bool,
    /// Whether the person also speaks in the next paragraph, unless a label there begins another turn.
    continues_in_next_paragraph: bool,
}

impl Turn {
    /// Returns the turn of a person below a label of a transcript, which goes on up to the next label.
    const fn of_labelled(person: Person, inferred: bool) -> Self {
        let basis = SpeakerBasis::Label;
        Self::Person(PersonTurn { person, basis, inferred, continues_in_next_paragraph: true })
    }
}

impl<'d> SpeakerFinder<'d> {
    pub(in crate::passage) fn new(document: &'d Document, blocks: &[Block]) -> Self {
        let overview = ReleaseOverview::new(document, blocks);
        let title = document.title.as_deref().unwrap_or_default();
        Self {
            title,
            roster: Roster::new(title, &document.text),
            declared_speaker: overview.declared_speaker.clone(),
            chair: overview.chair.clone(),
            overview,
            is_declared_for_section: false,
            block_count: 0,
            turn: Turn::Narration,
            asked_person: None,
            is_in_reported_question: false,
            narration: Narration::default(),
        }
    }

    /// Ends the turn at a heading. The heading may name the speaker of its section.
    pub(in crate::passage) fn begin_section(&mut self, heading: &str) {
        self.turn = Turn::Narration;
        self.narration = Narration::below_heading(heading);
        self.remember_asked_person(heading);
        if label::label(heading).is_some_and(|(label, _)| label == Label::Answer) {
            self.turn = self.turn_of_answer(false);
        }
        if ends_speech(heading) {
            self.declared_speaker = None;
        }
        if let Some(declared_speaker) = declared::declared_speaker(heading)
            .filter(DeclaredSpeaker::is_certain_from_heading_alone)
        {
            self.set_declared_speaker(declared_speaker, declared::is_heading_of_text_part(heading));
        } else if self.is_declared_for_section {
            self.declared_speaker = None;
        }
        self.block_count += 1;
    }

    /// Sets the speaker of the following text. A speaker whom one of the first blocks of the release declares speaks in
    /// the whole release. A speaker who is declared later, or for a part (`is_part`), speaks up to the next heading.
    fn set_declared_speaker(&mut self, declared_speaker: DeclaredSpeaker, is_part: bool) {
        self.declared_speaker = Some(declared_speaker);
        self.is_declared_for_section = is_part || self.block_count >= OPENING_BLOCK_COUNT;
    }

    /// Returns the speakers of the next passage. `continues_paragraph` says whether the passage and the previous
    /// passage are sections of one long paragraph.
    pub(in crate::passage) fn passage_speakers(
        &mut self,
        text: &str,
        continues_paragraph: bool,
    ) -> PassageSpeakers {
        let speakers = self.speakers_of_next_passage(text, continues_paragraph);
        if ends_with_end_mark(text) {
            self.declared_speaker = None;
            self.turn = Turn::Narration;
        }
        speakers
    }

    /// Returns the speakers of the next passage. The turn may go on below the passage.
    fn speakers_of_next_passage(
        &mut self,
        text: &str,
        continues_paragraph: bool,
    ) -> PassageSpeakers {
        self.block_count += 1;
        if is_time_stamp(text) {
            return PassageSpeakers::default();
        }
        if let Some(declared_speaker) = overview::speaker_declared_in_line(text) {
            self.set_declared_speaker(declared_speaker, declared::is_heading_of_text_part(text));
            self.turn = Turn::Narration;
            return PassageSpeakers::default();
        }
        self.remember_asked_person(text);
        if ends_speech(text) {
            self.declared_speaker = None;
            self.turn = Turn::Narration;
        }
        self.is_in_reported_question = self.reports_question(text)
            || self.is_in_reported_question && question::begins_with_item_letter(text);
        let turns = self.turns(text, continues_paragraph);
        let is_short = text.len() <= MAX_LONE_LABEL_BYTES;
        let words_after_label = self.words_after_label(text);
        if is_short && words_after_label.is_some_and(str::is_empty) {
            return PassageSpeakers::default();
        }
        let is_of_speech = |turn: &Turn| matches!(turn, Turn::Person(turn) if matches!(turn.basis, SpeakerBasis::Speech | SpeakerBasis::Answer));
        let is_title =
            || turns.iter().all(|(_, turn)| is_of_speech(turn)) && is_title_of_speech_part(text);
        if is_stage_direction(text) || is_title() || is_contact_detail(text) {
            return PassageSpeakers::default();
        }
        let is_narration = turns.iter().all(|(_, turn)| *turn == Turn::Narration);
        if is_narration {
            let all_speakers = self.narration.speakers(text, &mut self.roster);
            let main_speaker = narration::main_speaker(&all_speakers, text.len());
            return PassageSpeakers {
                main_speaker: main_speaker.filter(|_| !self.overview.is_unnamed_speech),
                all_speakers,
            };
        }
        let mut all_speakers = Vec::new();
        for (index, (span, turn)) in turns.iter().enumerate() {
            let Turn::Person(turn) = turn else { continue };
            let is_label = turn.basis == SpeakerBasis::Label;
            let is_carried = index == 0 && is_label && words_after_label.is_none();
            let basis = if is_carried { SpeakerBasis::Turn } else { turn.basis };
            all_speakers.push(Speaker::new(
                &turn.person,
                *span,
                basis,
                turn.inferred || is_carried,
            ));
            if !is_label {
                let quoted_speakers =
                    narration::speakers_quoted_in_speech(text, *span, &mut self.roster);
                all_speakers.extend(
                    quoted_speakers.into_iter().filter(|quoted| quoted.name != turn.person.name),
                );
            }
        }
        let first_turn = turns.iter().map(|(_, turn)| turn).find(|turn| **turn != Turn::Narration);
        let main_speaker = match first_turn {
            Some(Turn::Person(turn)) => Some(turn.person.name.clone()),
            _ => None,
        };
        PassageSpeakers { main_speaker, all_speakers }
    }

    /// Returns the words after the label at the beginning of a text. `None` if the text begins with no label.
    fn words_after_label<'t>(&self, text: &'t str) -> Option<&'t str> {
        label::label_and_speech(text)
            .map(|(_, _, words)| words)
            .or_else(|| {
                let (surname, words) = label::surname_in_capitals(text)?;
                self.overview.speaks_in_capitals(&surname).then_some(words)
            })
            .or_else(|| {
                let (name, words) = label::text_before_colon(text)?;
                let surname = label::surname_alone(text);
                let is_repeated_surname =
                    || surname.is_some_and(|surname| self.overview.repeats_surname(surname));
                let is_label =
                    self.overview.person_of_titled_label(name).is_some() || is_repeated_surname();
                is_label.then_some(words)
            })
    }

    /// Returns the turns of a passage with their spans, and leaves the last turn in `self.turn`.
    fn turns(&mut self, text: &str, continues_paragraph: bool) -> Vec<(Span, Turn)> {
        let mut turns: Vec<(usize, Turn)> = Vec::new();
        let mut offset = 0;
        for line in text.split_inclusive('\n') {
            if let Some(turn) = self.turn_begun_by_line(line) {
                self.turn = turn;
                turns.push((offset, self.turn.clone()));
            } else if offset == 0 {
                self.turn = self.turn_at_passage_start(text, continues_paragraph);
                turns.push((0, self.turn.clone()));
            }
            offset += line.len();
        }
        let ends: Vec<usize> =
            turns.iter().skip(1).map(|(start, _)| *start).chain([text.len()]).collect();
        let with_spans = turns.into_iter().zip(ends);
        with_spans.map(|((start, turn), end)| (Span::new(start, end).trimmed(text), turn)).collect()
    }

    /// Returns the turn that begins with `line`. `None` if the turn of the previous line continues.
    fn turn_begun_by_line(&mut self, line: &str) -> Option<Turn> {
        if ends_turn(line) {
            return Some(Turn::Narration);
        }
        if let Some(turn) = self.turn_of_repeated_name(line) {
            return Some(turn);
        }
        let Some((label, form, speech)) = label::label_and_speech(line) else {
            return self
                .turn_of_surname(line)
                .or_else(|| self.turn_of_surname_alone(line))
                .or_else(|| self.turn_of_nameless_label(line));
        };
        let person = match label {
            Label::UnspokenItem => return Some(Turn::Narration),
            Label::Unnamed => return Some(Turn::Unnamed),
            Label::Answer => return Some(self.turn_of_answer(!self.overview.has_answer_line)),
            // A letter or an answer begins with the salutation 主席：.
            Label::Chair(None) if speech.is_empty() && !self.overview.allows_lone_labels => {
                return None;
            }
            Label::Chair(None) => return Some(self.turn_of_chair()),
            Label::Chair(Some(person)) => {
                self.chair = Some(person.clone());
                person
            }
            Label::Person(person) => person,
        };
        let is_chinese_surname =
            person.form == NameForm::Surname && chinese::contains_chinese(&person.name);
        let is_accepted = match form {
            LabelForm::Transcript => {
                !speech.is_empty() && !is_chinese_surname || self.overview.allows_lone_labels
            }
            LabelForm::WithTitle => {
                !self.overview.has_capital_or_chinese_labels
                    && !speech.is_empty()
                    && (self.overview.is_transcript || label::is_utterance(speech))
            }
            LabelForm::NameInCapitals => self.overview.speaks_in_capitals(person.surname()),
            LabelForm::OfficeOnly => self.overview.has_office_labels,
            LabelForm::NameOnly => {
                self.overview.is_transcript && self.overview.repeats_label(&person.name)
                    || !self.overview.has_capital_or_chinese_labels
                        && person.is_full()
                        && label::is_utterance(speech)
                        && self.roster.is_known_person(&person)
            }
        };
        if !is_accepted {
            return self.turn_of_nameless_label(line);
        }
        let (person, inferred) = match form {
            LabelForm::OfficeOnly => self.holder_of_office(person),
            _ => self.resolve_person_name(person),
        };
        let continues_in_next_paragraph = self.overview.is_transcript
            && (form == LabelForm::Transcript || !speech.starts_with(['“', '"']));
        Some(Turn::Person(PersonTurn {
            person,
            basis: SpeakerBasis::Label,
            inferred,
            continues_in_next_paragraph,
        }))
    }

    /// Returns the turn of the person whom the surname in capitals at the beginning of `line` names, if another label
    /// has the full name in capitals: `CHALMERSON:` after `JIM CHALMERSON:`.
    fn turn_of_surname(&mut self, line: &str) -> Option<Turn> {
        let (surname, _) = label::surname_in_capitals(line)?;
        let person = self.overview.person_in_capitals(&surname)?.clone();
        let person = self.roster.with_full_name(person);
        Some(Turn::of_labelled(person, false))
    }

    /// Returns the turn of the person whose surname alone is a repeated label, if the release gives one full name with the
    /// surname: `Ortiz:` in the answers of `Ana Ortiz, Governor of the Bank`.
    fn turn_of_surname_alone(&mut self, line: &str) -> Option<Turn> {
        let surname =
            label::surname_alone(line).filter(|own| self.overview.repeats_surname(own))?;
        let name = surname.to_owned();
        let person = Person { name, office: None, form: NameForm::Surname };
        let person = self.roster.with_full_name(person);
        person.is_full().then(|| Turn::of_labelled(person, false))
    }

    /// Returns the turn of the person whom the name alone at the beginning of `line` names, if another label has the name
    /// with an office: `林宁：` beside `港务局局长 林宁：`.
    fn turn_of_repeated_name(&mut self, line: &str) -> Option<Turn> {
        let (name, _) = label::text_before_colon(line)?;
        let person = self.overview.person_of_titled_label(name)?.clone();
        let person = self.roster.with_full_name(person);
        Some(Turn::of_labelled(person, false))
    }

    /// Returns the person who holds the office that a label names, such as `Chief Executive`, and `true`, because the
    /// person is inferred from the text. If the release names no holder, or several, returns `office` itself and
    /// `false`.
    fn holder_of_office(&mut self, office: Person) -> (Person, bool) {
        match self.roster.holder_of_office(&office.name) {
            Some(holder) => (self.roster.with_full_name(holder), true),
            None => (office, false),
        }
    }

    /// Returns the turn of an unnamed person if `line` begins with a label that names nobody.
    fn turn_of_nameless_label(&self, line: &str) -> Option<Turn> {
        let has_labels = self.overview.is_transcript || self.asked_person.is_some();
        let is_in_turn = self.overview.is_transcript && matches!(self.turn, Turn::Person(_));
        let ends_turn = has_labels && begins_with_nameless_label(line)
            || is_in_turn && may_begin_with_label(line, |word| self.roster.has_in_lower_case(word));
        ends_turn.then_some(Turn::Unnamed)
    }

    /// Returns the person with the full name that the release uses, and whether the person is inferred from the title.
    /// The label `THE PRESIDENT` means the president whom the title names.
    fn resolve_person_name(&mut self, person: Person) -> (Person, bool) {
        if person.form != NameForm::Office {
            return (self.roster.with_full_name(person), false);
        }
        let (title, roster) = (self.title, &mut self.roster);
        let mut holders = title.match_indices(person.name.as_str()).filter_map(|(offset, _)| {
            let is_other_office = title.get(..offset)?.ends_with("Vice ");
            let (holder, _) = person::leading_person(title.get(offset..)?)?;
            let is_holder =
                !is_other_office && holder.office.as_deref() == Some(person.name.as_str());
            roster.person_in_title(holder).filter(|_| is_holder)
        });
        match (holders.next(), holders.next()) {
            (Some(holder), None) => (self.roster.with_full_name(holder), true),
            _ => (person, false),
        }
    }

    /// Returns the turn of the person in the chair. The turn belongs to the office if no name of the person is known.
    fn turn_of_chair(&mut self) -> Turn {
        let person = self.chair.clone();
        let inferred = person.is_some();
        let person = person.unwrap_or_else(|| Person {
            name: "主席".to_owned(),
            office: None,
            form: NameForm::Office,
        });
        Turn::of_labelled(person, inferred)
    }

    /// Returns the turn of the person who answers: the person whom the title or heading names, or the holder of the
    /// office whom the question asks. `inferred` says whether the turn begins without a label.
    fn turn_of_answer(&mut self, inferred: bool) -> Turn {
        let answering_person =
            self.overview.answering_person.as_ref().or(self.asked_person.as_ref());
        let (person, inferred) = match (&self.declared_speaker, answering_person) {
            (Some(declared_speaker), _) => (
                declared_speaker.person.clone(),
                inferred || !declared_speaker.heading_states_speech,
            ),
            (None, Some(person)) => {
                (person.clone(), inferred || self.overview.answering_person.is_none())
            }
            (None, None) => return Turn::Unnamed,
        };
        let person = self.roster.with_full_name(person);
        Turn::Person(PersonTurn {
            person,
            basis: SpeakerBasis::Answer,
            inferred,
            continues_in_next_paragraph: true,
        })
    }

    /// Returns the turn at the beginning of a passage that begins without a label.
    fn turn_at_passage_start(&mut self, text: &str, continues_paragraph: bool) -> Turn {
        let is_question = |turn: &PersonTurn| {
            turn.basis == SpeakerBasis::Label
                && !self.overview.is_transcript
                && self.asked_person.is_some()
        };
        match &self.turn {
            Turn::Person(turn) if turn.continues_in_next_paragraph || continues_paragraph => {
                return self.turn.clone();
            }
            Turn::Person(turn) if is_question(turn) => {
                if self.overview.has_answer_line || question::begins_with_item_letter(text) {
                    return self.turn.clone();
                }
                return self.turn_of_answer(true);
            }
            Turn::Unnamed if self.overview.is_transcript || continues_paragraph => {
                return Turn::Unnamed;
            }
            _ => {}
        }
        if self.is_in_reported_question {
            return Turn::Narration;
        }
        let awaits_answer = self.overview.has_answer_line && self.turn == Turn::Narration;
        match &self.declared_speaker {
            Some(declared_speaker) if !self.overview.is_transcript && !awaits_answer => {
                let inferred = !declared_speaker.heading_states_speech;
                let is_uncertain = inferred
                    || !declared_speaker.person.has_title()
                    || declared_speaker.person.form == NameForm::Office;
                let is_person = if is_uncertain {
                    self.overview.is_first_person
                        && (declared_speaker.heading_states_speech
                            || declared_speaker.person.has_title()
                            || self.roster.is_known_person(&declared_speaker.person))
                } else {
                    true
                };
                if !is_person {
                    return Turn::Narration;
                }
                let declared = declared_speaker.person.clone();
                let holder = (declared.form == NameForm::Office)
                    .then(|| self.roster.holder_of_office(&declared.name))
                    .flatten();
                let inferred = inferred || holder.is_some();
                let person = holder.unwrap_or_else(|| self.roster.with_full_name(declared));
                let basis = SpeakerBasis::Speech;
                Turn::Person(PersonTurn {
                    person,
                    basis,
                    inferred,
                    continues_in_next_paragraph: true,
                })
            }
            _ => Turn::Narration,
        }
    }

    /// Returns whether a passage reports a question of a person other than the declared speaker.
    fn reports_question(&self, text: &str) -> bool {
        question::reporting_person(text).is_some_and(|person| {
            let declared = self.declared_speaker.as_ref();
            declared.is_none_or(|declared| declared.person.name != person.name)
        })
    }

    /// If the text asks the holder of an office, stores this holder as the asked person: `To ask the Minister for Ports
    /// whether …`.
    fn remember_asked_person(&mut self, text: &str) {
        if let Some(office) = question::asked_office(text) {
            self.asked_person =
                Some(Person { name: office.clone(), office: Some(office), form: NameForm::Office });
        }
    }
}
