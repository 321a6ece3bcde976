//! Reads a release once, before `turn.rs` follows its turns: determines how the release labels turns, and which speaker
//! its first blocks name.

use std::collections::HashMap;

use super::{
    declared::{self, DeclaredSpeaker},
    label::{self, Label, LabelForm},
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
/// [`ReleaseOverview::has_many_labels`].
const MIN_LABELS: usize = 3;
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
    /// Whether the labels of the transcript are in capitals, or Chinese. Labels of another form are then part of a
    /// speech.
    pub(super) has_transcript_labels: bool,
    /// Whether labels may stand alone in their line. A single line with a name and a colon is a salutation.
    pub(super) has_many_labels: bool,
    /// Whether the release is in the first person.
    pub(super) is_first_person: bool,
    /// Whether the release is a Chinese speech that does not name its speaker. A person whom such a speech quotes is
    /// not its speaker.
    pub(super) is_unnamed_speech: bool,
    /// Speaker of the whole release, read from its title or its first blocks.
    pub(super) declared_speaker: Option<DeclaredSpeaker>,
    /// Person in the chair at the beginning of the minutes.
    pub(super) chair: Option<super::Person>,
    /// Number of occurrences of each label that consists of a name only, by name.
    name_label_counts: HashMap<String, usize>,
}

impl ReleaseOverview {
    pub(super) fn new(document: &Document, blocks: &[Block]) -> Self {
        let mut overview = Self::default();
        let (mut capital_label_count, mut chinese_label_count, mut titled_label_count) = (0, 0, 0);
        for block in blocks {
            if block.kind != BlockKind::Paragraph {
                let label = label::label(block.span.of(&document.text));
                overview.has_answer_line |= label.is_some_and(|(label, _)| label == Label::Answer);
                continue;
            }
            for line in block.span.of(&document.text).lines() {
                match label::label_and_speech(line) {
                    Some((Label::Answer, ..)) => overview.has_answer_line = true,
                    Some((Label::UnspokenItem, ..)) | None => {}
                    Some((Label::Person(person), LabelForm::NameOnly, _)) => {
                        *overview.name_label_counts.entry(person.name).or_default() += 1;
                    }
                    Some((_, LabelForm::WithTitle, words)) => {
                        titled_label_count += usize::from(label::is_utterance(words));
                    }
                    Some(_) if line.is_ascii() || !super::chinese::contains_chinese(line) => {
                        capital_label_count += 1;
                    }
                    Some(_) => chinese_label_count += 1,
                }
            }
        }
        overview.has_transcript_labels =
            capital_label_count > 0 || chinese_label_count >= MIN_LABELS;
        overview.has_many_labels =
            capital_label_count + chinese_label_count + titled_label_count >= MIN_LABELS;
        overview.is_transcript = overview.has_transcript_labels
            || titled_label_count >= MIN_LABELS && !overview.has_answer_line;
        overview.is_first_person = is_first_person(&document.text);
        overview.declared_speaker = document.title.as_deref().and_then(declared::declared_speaker);
        let opening_spans = blocks.iter().take(OPENING_BLOCK_COUNT).map(|block| block.span);
        overview.chair =
            opening_spans.clone().find_map(|span| chair_in_minutes(span.of(&document.text)));
        if !overview
            .declared_speaker
            .as_ref()
            .is_some_and(|declared_speaker| declared_speaker.states_speech)
        {
            let stated_speaker_of_text = opening_spans
                .clone()
                .find_map(|span| speaker_declared_in_paragraph(span, &document.text));
            let byline =
                || chinese_byline(opening_spans.clone().map(|span| span.of(&document.text)));
            overview.declared_speaker =
                stated_speaker_of_text.or(overview.declared_speaker.take()).or_else(byline);
        }
        overview.is_unnamed_speech =
            overview.declared_speaker.is_none() && addresses_audience(beginning(&document.text));
        overview
    }

    /// Returns whether the release repeats a label that consists of a name only.
    pub(super) fn repeats_label(&self, name: &str) -> bool {
        self.name_label_counts.get(name).is_some_and(|&count| count > 1)
    }
}

/// Returns whether a text is in the first person, as speeches are.
fn is_first_person(text: &str) -> bool {
    let beginning = beginning(text);
    [" I ", " I’", "\nI ", " my ", "\tI ", "各位", "尊敬的"]
        .iter()
        .any(|word| beginning.contains(word))
}

/// Returns the beginning of a text, at most [`MAX_FIRST_PERSON_BYTES`] bytes.
fn beginning(text: &str) -> &str {
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
    speaker_declared_in_line(paragraph).filter(|_| !declared::is_heading_of_part(paragraph))
}

/// Returns the speaker whom a short paragraph declares: `Speech by Ms Mei Lim, Minister for Ports, at the Harbour Day`.
pub(super) fn speaker_declared_in_line(paragraph: &str) -> Option<DeclaredSpeaker> {
    let is_short =
        paragraph.len() <= MAX_DECLARING_PARAGRAPH_BYTES && !paragraph.trim_end().ends_with('.');
    let starts_with_speech = || declared::begins_with_speech_noun(paragraph);
    if !is_short || !starts_with_speech() {
        return None;
    }
    declared::declared_speaker(paragraph).filter(DeclaredSpeaker::is_certain)
}

/// Returns the person who gives a Chinese speech, from the line below the title: 港务局副局长 林宁. `None` if the lines below
/// do not address an audience.
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
    Some(DeclaredSpeaker { person, states_speech: false })
}

/// Returns the person in the chair from a line at the beginning of Chinese minutes: 主　　席　高委員志鵬.
fn chair_in_minutes(line: &str) -> Option<super::Person> {
    let after = line.trim_start().strip_prefix('主')?.trim_start().strip_prefix('席')?;
    super::chinese_name::person(after.trim_start_matches(['：', ':']).trim())
}
