//! [`Document`] → [`Passage`]s: title, headings and paragraphs told apart, issuer and speaker
//! attributed.

mod abbreviation;
mod attribution;
mod lines;
mod sentence;

pub(crate) use self::{
    abbreviation::{Abbreviation, abbreviations},
    sentence::{sentence_end_positions, sentences},
};
use crate::{
    document::{Block, BlockKind, Document},
    span::Span,
};

/// A longer paragraph is split at sentence ends, in bytes: a passage is what one reads at a glance.
const MAX_BYTES: usize = 3_000;

/// A paragraph of a document: the unit of retrieval.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Passage {
    /// Its place in the document, from 0.
    pub ordinal: u32,
    /// The number of its paragraph in the document, from 1: a very long paragraph is several passages.
    pub paragraph: u32,
    /// Where it stands in the document text.
    pub span: Span,
    /// The headings above it, outermost first.
    pub headings: Vec<String>,
    /// The title (on the first passage) and the headings that stand directly above this passage and
    /// above no earlier one: they are indexed together with it, so that each is found exactly once.
    pub new_headings: Vec<String>,
    /// The body that announces it: read from the nearest heading that names one, else the document's.
    pub issuer: Option<String>,
    /// Who is quoted or reported, carried forward until the next speaker or heading.
    pub speaker: Option<String>,
    /// The page that it begins on, from 1, for a document that has pages.
    pub page: Option<u32>,
}

/// Splits a document into its passages. Their spans are in order and disjoint; together with the
/// title and the headings they cover every visible character of the text.
///
/// ```
/// use gz_search::{Document, passages};
///
/// let text = "Bureau of Commerce: Exports Grow\nExports grew by 5 %, Li Wei, Director, said.\n";
/// let passages = passages(&Document::new("release", text));
/// assert_eq!(passages[0].headings, ["Bureau of Commerce: Exports Grow"]);
/// assert_eq!(passages[0].issuer.as_deref(), Some("Bureau of Commerce"));
/// assert_eq!(passages[0].speaker.as_deref(), Some("Li Wei"));
/// ```
pub fn passages(document: &Document) -> Vec<Passage> {
    let found;
    let blocks = if document.blocks.is_empty() {
        found = lines::blocks(&document.text, document.title.as_deref());
        &found
    } else {
        &document.blocks
    };
    let mut reading = Reading::new(document);
    let last_text = blocks.iter().rposition(|block| block.kind == BlockKind::Paragraph);
    for (index, block) in blocks.iter().enumerate() {
        let heads_text = last_text.is_some_and(|last| index < last);
        match block.kind {
            // Nothing would ever stand under it: then it is what there is to read.
            BlockKind::Title | BlockKind::Heading(_) if !heads_text => reading.paragraph(*block),
            // The headings of what stands before it, a decree's cover, say nothing of the rest.
            BlockKind::Title => reading.path.clear(),
            BlockKind::Heading(level) => reading.heading(*block, level),
            BlockKind::Paragraph => reading.paragraph(*block),
        }
    }
    reading.passages
}

/// What was said above, while the blocks of a document are read in order.
struct Reading<'a> {
    document: &'a Document,
    passages: Vec<Passage>,
    paragraphs: u32,
    path: Vec<(u8, String)>,
    new_headings: Vec<String>,
    speaker: Option<String>,
}

impl<'a> Reading<'a> {
    fn new(document: &'a Document) -> Self {
        let new_headings =
            document.title.iter().filter(|title| !title.is_empty()).cloned().collect();
        Self {
            document,
            passages: Vec::new(),
            paragraphs: 0,
            path: Vec::new(),
            new_headings,
            speaker: None,
        }
    }

    fn heading(&mut self, block: Block, level: u8) {
        let text =
            block.span.of(&self.document.text).split_whitespace().collect::<Vec<_>>().join(" ");
        self.path.retain(|(above, _)| *above < level);
        self.path.push((level, text.clone()));
        self.new_headings.push(text);
        self.speaker = None;
    }

    fn paragraph(&mut self, block: Block) {
        self.paragraphs += 1;
        for span in pieces(&self.document.text, block.span) {
            let text = span.of(&self.document.text);
            if let Some(speaker) = attribution::speaker(text) {
                self.speaker = Some(speaker.to_owned());
            }
            let issuer =
                self.path.iter().rev().find_map(|(_, heading)| attribution::issuer(heading));
            self.passages.push(Passage {
                ordinal: self.passages.len() as u32,
                paragraph: self.paragraphs,
                span,
                headings: self.path.iter().map(|(_, heading)| heading.clone()).collect(),
                new_headings: std::mem::take(&mut self.new_headings),
                issuer: issuer.map(str::to_owned).or_else(|| self.document.issuer.clone()),
                speaker: self.speaker.clone(),
                page: page(&self.document.pages, span.start),
            });
        }
    }
}

/// The page on which a place of the text stands, from 1; `starts` says where each begins. Pages without
/// text begin where the next one does.
fn page(starts: &[usize], place: usize) -> Option<u32> {
    let pages = starts.partition_point(|&start| start <= place);
    u32::try_from(pages).ok().filter(|&page| page > 0)
}

/// A paragraph whole, or in pieces of whole sentences where it is very long; a sentence without an
/// end is cut between words.
fn pieces(text: &str, span: Span) -> Vec<Span> {
    if span.len() <= MAX_BYTES {
        return vec![span];
    }
    let sentences = sentences(span.of(text));
    let parts = sentences
        .into_iter()
        .map(|part| part.shifted(span.start))
        .flat_map(|part| bounded(text, part));
    let mut pieces: Vec<Span> = Vec::new();
    for part in parts {
        match pieces.last_mut() {
            Some(last) if part.end - last.start <= MAX_BYTES => last.end = part.end,
            _ => pieces.push(part),
        }
    }
    pieces.into_iter().map(|piece| piece.trimmed(text)).filter(|piece| !piece.is_empty()).collect()
}

fn bounded(text: &str, mut part: Span) -> Vec<Span> {
    let mut parts = Vec::new();
    while part.len() > MAX_BYTES {
        let mut end = part.start + MAX_BYTES;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let slice = text.get(part.start..end).unwrap_or_default();
        let space = slice.rfind([' ', '\n', '，', '、', '；']).filter(|&at| at > 0);
        let cut = space.map_or(end, |at| {
            part.start
                + at
                + slice.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
        });
        parts.push(Span::new(part.start, cut));
        part.start = cut;
    }
    parts.push(part);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Format, read};

    /// The 27 passages of the sample release: first words, heading, issuer, speaker.
    #[test]
    fn the_sample_is_read_as_its_gold_table_says() {
        let sample = include_bytes!("../../seeds/000_a379037c3665faf0.txt");
        let document = read(Format::Text, "sample", sample).unwrap();
        assert_eq!(
            document.title.as_deref(),
            Some("Strategic Emerging Industries’ Added Value Exceeds One Trillion Yuan")
        );
        assert_eq!(document.date, None);
        let shown: Vec<String> = passages(&document)
            .iter()
            .map(|passage| {
                let words = |text: &str| text.split(' ').take(4).collect::<Vec<_>>().join(" ");
                let heading =
                    passage.headings.first().map(|heading| words(heading)).unwrap_or_default();
                assert!(passage.headings.len() <= 1);
                format!(
                    "{}\t{}\t{}\t{}\t{}\n",
                    passage.ordinal,
                    words(passage.span.of(&document.text)),
                    heading,
                    passage.issuer.as_deref().unwrap_or("-"),
                    passage.speaker.as_deref().unwrap_or("-"),
                )
            })
            .collect();
        assert_eq!(shown.concat(), include_str!("sample.tsv"));
    }

    #[test]
    fn a_passage_knows_the_page_that_it_begins_on() {
        for (starts, pages) in [
            (vec![], [None, None, None]),
            (vec![0, 6, 6, 12], [Some(1), Some(3), Some(4)]),
            // A paragraph that goes on over a page stands on the first of both.
            (vec![0, 8, 12, 17], [Some(1), Some(1), Some(3)]),
            (vec![6, 12], [None, Some(1), Some(2)]),
        ] {
            let mut document = Document::new("x", "One.\n\nTwo.\n\nThree.");
            document.pages = starts;
            let found: Vec<_> = passages(&document).iter().map(|passage| passage.page).collect();
            assert_eq!(found, pages, "{:?}", document.pages);
        }
    }

    #[test]
    fn a_long_paragraph_is_split_at_sentence_ends() {
        let text = "这是一个句子，说明情况。".repeat(300);
        let document = Document::new("x", text.clone());
        let split = passages(&document);
        assert!(split.len() > 3);
        assert!(split.iter().all(|passage| passage.paragraph == 1));
        assert!(split.iter().all(
            |passage| passage.span.of(&text).ends_with('。') && passage.span.len() <= MAX_BYTES
        ));
        let endless = Document::new("x", "字".repeat(5_000));
        assert_eq!(
            passages(&endless).iter().map(|passage| passage.span.len()).sum::<usize>(),
            15_000
        );
    }

    proptest::proptest! {
        #[test]
        fn passages_and_heads_cover_the_text(text in r"(?s)(.|[\n。.一、A-Za-z# ]){0,200}") {
            let document = Document::new("x", text.clone());
            let found = passages(&document);
            let mut end = 0;
            let mut shown = String::new();
            for passage in &found {
                proptest::prop_assert!(passage.span.start >= end && !passage.span.is_empty());
                proptest::prop_assert!(text.get(passage.span.start..passage.span.end).is_some());
                end = passage.span.end;
                shown.extend(passage.new_headings.iter().map(String::as_str));
                shown.push_str(passage.span.of(&text));
            }
            let visible = |text: &str| text.chars().filter(|c| !c.is_whitespace() && *c != '#').collect::<String>();
            proptest::prop_assert_eq!(visible(&shown), visible(&text));
        }
    }
}
