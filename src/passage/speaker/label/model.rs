//! Meaning and form of a label.

use crate::passage::speaker::person::Person;

/// Labels of the answer to a question.
pub(super) const ANSWER_LABELS: [&str; 9] =
    ["A", "Answer", "ANSWER", "Reply", "REPLY", "Written Answer", "答", "答复", "答覆"];

/// Meaning of the label at the beginning of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::passage::speaker) enum Label {
    /// Label of a person who speaks. In a transcript in capitals, the turn continues until the next label.
    Person(Person),
    /// Label of the person in the chair. The label may also name the person: `主席（盧委員秀燕）：`.
    Chair(Option<Person>),
    /// Label of a speaker whom the release does not name, mostly a reporter.
    Unnamed,
    /// Label of the answer to a question.
    Answer,
    /// Label of a list or a decision, which nobody speaks.
    UnspokenItem,
}

/// Form in which a label is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::passage::speaker) enum LabelForm {
    /// Capitals, a role, or an office inside a Chinese name. Only transcripts contain such labels.
    Transcript,
    /// A name with a title: `Mr Don Wee`.
    WithTitle,
    /// Only a name: `Don Wee`. Such a label counts only if the release repeats it, or names the person elsewhere.
    NameOnly,
    /// Only a name in capitals: `DON WEE`. Such a label counts only if the release repeats it, or has a label with the
    /// surname alone.
    NameInCapitals,
    /// Only an office: `PRIME MINISTER`, `Chief Executive`, `行政長官`. Such a label counts only if the release also
    /// has labels of reporters.
    OfficeOnly,
}
