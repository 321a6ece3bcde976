//! Splits a [`Document`] into [`Passage`]s, the units of retrieval.
//!
//! The input is a document, with or without blocks. The output is one passage for each paragraph, with heading path,
//! issuer and speakers. Start with [`passages`]; `speaker/` finds who speaks in a passage, and `lines.rs` splits a text
//! without markup into blocks, and `wrapping.rs` joins its lines.

mod abbreviation;
mod headings;
mod lines;
mod listing;
mod sentence;
mod speaker;
mod split;
mod wrapping;

pub(crate) use self::speaker::names_office;
use self::speaker::{PassageSpeakers, SpeakerFinder};
pub use self::speaker::{Speaker, SpeakerBasis};
pub(crate) use self::{
    abbreviation::{Abbreviation, abbreviations},
    sentence::{sentence_end_positions, sentences},
    wrapping::join_wrapped_lines,
};
use crate::{
    document::{Block, BlockKind, Document, Place, PlaceStart, heading, issuer_in_heading},
    span::Span,
};

/// Version of the readers of documents and passages. Increase it with each code change that makes a file yield other
/// documents or passages, so that the next update reads unchanged files again.
pub(crate) const READER_VERSION: u64 = 6;

/// A paragraph of a document, or a section of a very long paragraph. Passages are the units of retrieval.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Passage {
    /// Position of the passage in its document, from 0.
    pub ordinal: u32,
    /// Number of the passage's paragraph in the document, from 1.
    pub paragraph: u32,
    /// Byte range of the passage in the document text.
    pub span: Span,
    /// Heading path: the headings that apply to the passage, outermost first.
    pub headings: Vec<String>,
    /// Title and headings between the previous passage and this passage, in order. The index contains these
    /// headings only in this passage, so that a search finds each heading once.
    pub headings_directly_above: Vec<String>,
    /// Organization that issued the passage: the issuer that the innermost heading with an issuer names, or the issuer
    /// of the document if no heading names an issuer.
    pub issuer: Option<String>,
    /// Name of the main speaker of the passage: the person or organization whose turn begins the passage, or the only
    /// one that the passage quotes. `None` if nobody is named, or if the passage quotes several persons.
    pub speaker: Option<String>,
    /// All speakers of the passage, in the order of their words: persons and organizations whose turn it is, and those
    /// that the passage quotes.
    pub speakers: Vec<Speaker>,
    /// Number of the page on which the passage begins, from 1. `None` if the document has no pages.
    pub page: Option<u32>,
    /// Slide or cells in which the passage begins. `None` if the document has neither.
    pub place: Option<Place>,
    /// Whether the passage, or a part of it, was recognized in a picture (OCR).
    pub recognized: bool,
}

/// Splits a document into its passages.
///
/// The spans of the passages are in order and disjoint. Every visible character of the text is in a passage, in the
/// title, or in the heading path of a passage.
///
/// ```
/// use gz_search::{Document, passage::passages};
///
/// let text = "Bureau of Commerce: Exports Grow\nExports grew by 5 %, Li Wei, Director, said.\n";
/// let passages = passages(&Document::new("release", text));
/// assert_eq!(passages[0].headings, ["Bureau of Commerce: Exports Grow"]);
/// assert_eq!(passages[0].issuer.as_deref(), Some("Bureau of Commerce"));
/// assert_eq!(passages[0].speaker.as_deref(), Some("Li Wei"));
/// ```
pub fn passages(document: &Document) -> Vec<Passage> {
    passages_while(document, |_| true).unwrap_or_default()
}

/// Splits a document into its [`passages`]. Returns `None` at the first passage for which `accepts` returns false.
pub(crate) fn passages_while(
    document: &Document,
    mut accepts: impl FnMut(&Passage) -> bool,
) -> Option<Vec<Passage>> {
    let line_blocks;
    let blocks = if document.blocks.is_empty() {
        line_blocks = lines::blocks(&document.text, document.title.as_deref());
        &line_blocks
    } else {
        &document.blocks
    };
    let mut builder = PassageBuilder::new(document, blocks);
    let mut accepted_count = 0;
    for (index, block) in blocks.iter().enumerate() {
        let is_shown = headings::is_shown_above_passage(document, blocks, index);
        // Headings above the title, such as the cover of a decree, do not apply to the text below the title.
        match block.kind {
            BlockKind::Title => builder.close_headings(0, *block),
            BlockKind::Heading(level) => builder.close_headings(level, *block),
            BlockKind::Paragraph => {}
        }
        match block.kind {
            BlockKind::Heading(level) if is_shown => builder.add_heading(*block, level),
            BlockKind::Title if is_shown => {}
            _ => builder.add_paragraph(*block),
        }
        if !builder.passages.iter().skip(accepted_count).all(&mut accepts) {
            return None;
        }
        accepted_count = builder.passages.len();
    }
    Some(builder.passages)
}

/// A heading that applies to the next paragraph.
struct HeadingAbove {
    level: u8,
    text: String,
    /// Whether a passage is below the heading. A passage that begins with the words of the chair does not count.
    has_passage_below: bool,
}

/// Builds the passages of a document from its blocks, in order.
struct PassageBuilder<'a> {
    document: &'a Document,
    passages: Vec<Passage>,
    /// Number of paragraphs added so far.
    paragraph_count: u32,
    /// Levels and texts of the headings that apply to the next paragraph, outermost first.
    heading_path: Vec<HeadingAbove>,
    /// Title and headings since the previous passage.
    headings_directly_above: Vec<String>,
    speaker_finder: SpeakerFinder<'a>,
}

impl<'a> PassageBuilder<'a> {
    fn new(document: &'a Document, blocks: &[Block]) -> Self {
        let title = document.title.iter().filter(|title| !title.is_empty());
        Self {
            document,
            passages: Vec::new(),
            paragraph_count: 0,
            heading_path: Vec::new(),
            headings_directly_above: title.cloned().collect(),
            speaker_finder: SpeakerFinder::new(document, blocks),
        }
    }

    /// Removes the headings of `level` and of deeper levels from the heading path, because the heading or title `block`
    /// begins a new section. Passes the text of `block` to the speaker finder.
    fn close_headings(&mut self, level: u8, block: Block) {
        self.heading_path.retain(|above| above.level < level);
        self.speaker_finder.begin_section(&self.heading_text(block));
    }

    /// Adds a heading to the heading path.
    fn add_heading(&mut self, block: Block, level: u8) {
        let heading = self.heading_text(block);
        let above = HeadingAbove { level, text: heading.clone(), has_passage_below: false };
        self.heading_path.push(above);
        self.headings_directly_above.push(heading);
    }

    /// Returns the text of a heading with single spaces.
    fn heading_text(&self, block: Block) -> String {
        let words: Vec<&str> = block.span.of(&self.document.text).split_whitespace().collect();
        words.join(" ")
    }

    /// If `passage` begins with the words of the chair (`主席：`), who speaks after a report, removes the numbered
    /// headings of the report from the heading path. A heading directly above the words of the chair stays, because it
    /// is an item of the agenda. For any other passage, records that the headings of the path have a passage below.
    fn end_report_if_chair_speaks(&mut self, passage: &str, speakers: &[Speaker]) {
        let begins_with_label =
            speakers.first().is_some_and(|speaker| speaker.basis == SpeakerBasis::Label);
        if begins_with_label && passage.starts_with("主席") {
            self.heading_path.retain(|above| {
                !(above.has_passage_below && heading::begins_with_heading_number(&above.text))
            });
        } else {
            self.heading_path.iter_mut().for_each(|above| above.has_passage_below = true);
        }
    }

    /// Adds the passages of a paragraph.
    fn add_paragraph(&mut self, block: Block) {
        self.paragraph_count += 1;
        let spans = split::split_long_paragraph(&self.document.text, block.span);
        for (index, span) in spans.into_iter().enumerate() {
            let place = place_at(&self.document.places, span.start);
            // In a table, a column header that names a person is not the label of a transcript.
            let PassageSpeakers { main_speaker, all_speakers } = match place {
                Some(Place::Cells { .. }) => PassageSpeakers::default(),
                _ => self.speaker_finder.passage_speakers(span.of(&self.document.text), index > 0),
            };
            self.end_report_if_chair_speaks(span.of(&self.document.text), &all_speakers);
            let heading_texts = self.heading_path.iter().map(|above| &above.text);
            let issuer = heading_texts.clone().rev().find_map(|heading| issuer_in_heading(heading));
            let passage = Passage {
                ordinal: self.passages.len() as u32,
                paragraph: self.paragraph_count,
                span,
                headings: heading_texts.cloned().collect(),
                headings_directly_above: std::mem::take(&mut self.headings_directly_above),
                issuer: issuer.map(str::to_owned).or_else(|| self.document.issuer.clone()),
                speaker: main_speaker,
                speakers: all_speakers,
                page: page_at(&self.document.pages, span.start),
                place: place.cloned(),
                recognized: is_recognized(self.document, span),
            };
            self.passages.push(passage);
        }
    }
}

/// Returns the number of the page that contains the byte `offset`, from 1. `None` before the first page.
/// `page_starts` holds the byte offset of each page. A page without text has the same offset as the next
/// page.
fn page_at(page_starts: &[usize], offset: usize) -> Option<u32> {
    let page = page_starts.partition_point(|&start| start <= offset);
    u32::try_from(page).ok().filter(|&page| page > 0)
}

/// Returns whether a part of `span` is on a page whose text was recognized.
fn is_recognized(document: &Document, span: Span) -> bool {
    let page_index = |offset| page_at(&document.pages, offset).map_or(0, |page| page as usize - 1);
    let Document { recognized_pages, .. } = document;
    if recognized_pages.is_empty() {
        return false;
    }
    let last_page = page_index(span.end.saturating_sub(1));
    (page_index(span.start)..=last_page).any(|page| recognized_pages.binary_search(&page).is_ok())
}

/// Returns the slide or the cells that contain the byte `offset`. `None` if `offset` is before the first slide or cell.
fn place_at(places: &[PlaceStart], offset: usize) -> Option<&Place> {
    let place_count = places.partition_point(|place| place.offset <= offset);
    Some(&places.get(place_count.checked_sub(1)?)?.place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Format, read};

    /// The table lists 27 passages of the sample release: first words, heading, issuer, speaker.
    #[test]
    fn passages_of_the_sample_equal_the_expected_table() {
        let sample = include_bytes!("../../seeds/000_a379037c3665faf0.txt");
        let document = read(Format::Text, "sample", sample).unwrap();
        assert_eq!(
            document.title.as_deref(),
            Some("Strategic Emerging Industries’ Added Value Exceeds One Trillion Yuan")
        );
        assert_eq!(document.date, None);
        let rows: Vec<String> = passages(&document)
            .iter()
            .map(|passage| {
                let first_words =
                    |text: &str| text.split(' ').take(4).collect::<Vec<_>>().join(" ");
                let heading = passage
                    .headings
                    .first()
                    .map(|heading| first_words(heading))
                    .unwrap_or_default();
                assert!(passage.headings.len() <= 1);
                format!(
                    "{}\t{}\t{}\t{}\t{}\n",
                    passage.ordinal,
                    first_words(passage.span.of(&document.text)),
                    heading,
                    passage.issuer.as_deref().unwrap_or("-"),
                    passage.speaker.as_deref().unwrap_or("-"),
                )
            })
            .collect();
        assert_eq!(rows.concat(), include_str!("sample.tsv"));
    }

    #[test]
    fn consecutive_headings_are_in_a_heading_path_or_a_passage() {
        let text =
            "# Notice\n\n## Hours\n\n## Monday\n\n# Annex\n\n# Tables\n\nA table.\n\n## End\n";
        let document = Document::new("x", text);
        let heading_paths: Vec<String> = passages(&document)
            .iter()
            .map(|passage| format!("{}: {}", passage.headings.join("/"), passage.span.of(text)))
            .collect();
        assert_eq!(
            heading_paths,
            ["Notice: Hours", "Notice: Monday", ": Annex", "Tables: A table.", "Tables: End"]
        );
    }

    #[test]
    fn headings_of_a_report_end_with_the_words_of_the_chair() {
        let text = "會議紀錄\n主　　席　高委員志明\n一、港口案\n主席：請林署長報告。\n林署長宏：各位委員。\n\
            二、結語\n港口已經開放。\n主席：現在開始詢答。\n林署長宏：謝謝。\n主席：散會。\n";
        let document = Document::new("x", text);
        let headings: Vec<String> =
            passages(&document).iter().map(|passage| passage.headings.join("/")).collect();
        let (agenda, report) = ("一、港口案", "二、結語");
        assert_eq!(headings, ["", "", agenda, agenda, report, "", "", ""]);
    }

    #[test]
    fn passages_have_the_page_on_which_they_begin() {
        for (starts, pages) in [
            (vec![], [None, None, None]),
            (vec![0, 6, 6, 12], [Some(1), Some(3), Some(4)]),
            // A paragraph that spans two pages has the number of the first page.
            (vec![0, 8, 12, 17], [Some(1), Some(1), Some(3)]),
            (vec![6, 12], [None, Some(1), Some(2)]),
        ] {
            let mut document = Document::new("x", "One.\n\nTwo.\n\nThree.");
            document.pages = starts;
            let actual: Vec<_> = passages(&document).iter().map(|passage| passage.page).collect();
            assert_eq!(actual, pages, "{:?}", document.pages);
        }
    }

    #[test]
    fn long_paragraph_is_split_at_sentence_ends() {
        let text = "这是一个句子，说明情况。".repeat(300);
        let document = Document::new("x", text.clone());
        let long_passages = passages(&document);
        assert!(long_passages.len() > 3);
        assert!(long_passages.iter().all(|passage| passage.paragraph == 1));
        assert!(long_passages.iter().all(|passage| passage.span.of(&text).ends_with('。')
            && passage.span.len() <= split::MAX_PASSAGE_BYTES));
        let endless_document = Document::new("x", "字".repeat(5_000));
        assert_eq!(
            passages(&endless_document).iter().map(|passage| passage.span.len()).sum::<usize>(),
            15_000
        );
    }

    proptest::proptest! {
        #[test]
        fn passages_and_the_headings_directly_above_them_cover_the_text(text in r"(?s)(.|[\n。.一、A-Za-z# ]){0,200}") {
            let document = Document::new("x", text.clone());
            let passages = passages(&document);
            let mut previous_end = 0;
            let mut covered_text = String::new();
            for passage in &passages {
                proptest::prop_assert!(passage.span.start >= previous_end && !passage.span.is_empty());
                proptest::prop_assert!(text.get(passage.span.start..passage.span.end).is_some());
                previous_end = passage.span.end;
                covered_text.extend(passage.headings_directly_above.iter().map(String::as_str));
                covered_text.push_str(passage.span.of(&text));
            }
            let visible_text = |text: &str| text.chars().filter(|c| !c.is_whitespace() && *c != '#').collect::<String>();
            proptest::prop_assert_eq!(visible_text(&covered_text), visible_text(&text));
        }
    }
}
