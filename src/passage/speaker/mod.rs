//! Finds who speaks in the passages of a release.
//!
//! The input is a release and its paragraphs and headings in order. The output is the speakers of each passage: whose
//! turn it is, and whom it quotes, each with its span, the basis of the attribution, and whether it is inferred. Start
//! with `turn.rs`, which follows the turns; `label.rs` and `declared.rs` recognize the beginning of a turn,
//! `boundary.rs` recognizes its end, `attribution.rs` and `chinese.rs` recognize quotations, `person.rs` and
//! `chinese_name.rs` recognize names, and `roster.rs` gives each person one name in the release.

mod attribution;
mod boundary;
mod chinese;
mod chinese_name;
mod declared;
mod headline;
mod label;
mod mention;
mod narration;
mod overview;
mod person;
mod question;
mod quote;
mod roster;
mod sentence;
mod subject;
mod turn;
mod unknown_label;
mod verb;
mod words;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use self::person::Person;
pub(super) use self::turn::SpeakerFinder;
pub(crate) use self::words::names_office;
use crate::span::Span;

/// A person or organization that speaks in a passage, and the words that it speaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Speaker {
    /// Name without honorific and office: `Jen Psaki`. One person has one name in a release. If the release does not
    /// name the person in full, the name with its honorific or office: `Ms. Psaki`, `Minister for Ports`.
    #[serde(rename = "n")]
    pub name: String,
    /// Office of the person, as the release states it. `None` if unknown.
    #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
    pub office: Option<String>,
    /// Byte range in the text of the passage of the words that the person speaks.
    #[serde(rename = "s")]
    pub span: Span,
    /// Basis of the attribution.
    #[serde(rename = "b")]
    pub basis: SpeakerBasis,
    /// Whether the passage itself does not name the speaker, so that the speaker is inferred from the text before the
    /// passage or the headings above.
    #[serde(rename = "i", default, skip_serializing_if = "std::ops::Not::not")]
    pub inferred: bool,
}

impl Speaker {
    fn new(person: &Person, span: Span, basis: SpeakerBasis, inferred: bool) -> Self {
        Self { name: person.name.clone(), office: person.office.clone(), span, basis, inferred }
    }
}

/// Basis of the attribution of words to a speaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum SpeakerBasis {
    /// A label of a transcript begins the words: `MS. PSAKI:`.
    Label,
    /// The words continue a turn that began with a label in an earlier passage.
    Turn,
    /// The words answer a question; a title, heading or question names who answers.
    Answer,
    /// A title or heading names the speaker of the speech or statement.
    Speech,
    /// The passage quotes the person.
    Quotation,
    /// The passage reports the words of the person, without quotation marks.
    Report,
    /// The passage is in a section about an organization, and the speaker is the only official whom this section
    /// reports.
    Section,
}

impl SpeakerBasis {
    /// Returns the name of the basis: `label`, `turn`, `answer`, `speech`, `quotation`, `report` or `section`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Label => "label",
            Self::Turn => "turn",
            Self::Answer => "answer",
            Self::Speech => "speech",
            Self::Quotation => "quotation",
            Self::Report => "report",
            Self::Section => "section",
        }
    }
}

/// Words that a passage attributes to a person.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Statement {
    /// Person to whom the words are attributed.
    person: Person,
    /// Byte range of the words in the text of the passage.
    span: Span,
    /// Basis of the attribution.
    basis: SpeakerBasis,
    /// Whether the passage itself does not name the person.
    inferred: bool,
}

impl Statement {
    fn speaker(&self) -> Speaker {
        Speaker::new(&self.person, self.span, self.basis, self.inferred)
    }
}

/// Speakers of one passage.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct PassageSpeakers {
    /// Name of the main speaker of the passage: the person whose turn begins the passage, or the only person whom the
    /// passage quotes. `None` if the release does not name that person, or if the passage quotes several persons.
    pub(super) main_speaker: Option<String>,
    /// All speakers, in the order of their words.
    pub(super) all_speakers: Vec<Speaker>,
}
