//! Text of a file that a reader leaves out of the document, with the reason.

/// Text of a file that the reader of the file did not add to the document text, with the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LeftOut {
    /// Text that was left out, with single spaces.
    pub text: String,
    /// Reason why the text was left out.
    pub reason: LeftOutReason,
}

/// Reason why a reader leaves out a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum LeftOutReason {
    /// The name or the role of an element says that the element is not content: `nav` and `role=banner` in HTML, the
    /// footer of a slide.
    Element,
    /// The file hides the text: by the style `display: none`, a PDF layer that is off, or a position outside of the
    /// page.
    Hidden,
    /// The class or the id of an HTML element names boilerplate, such as `share` or `cookie-notice`.
    ClassName,
    /// An HTML element consists of links, like a menu.
    Links,
    /// The text is a control of a page, or a message of its server: `Back to top`.
    PageControl,
    /// The text is beside the main content of an HTML page.
    BesideContent,
    /// The text is repeated at the same position on several pages, apart from the other text of the page.
    RunningHead,
    /// The text is a page number.
    PageNumber,
    /// The text is the raised number of a footnote.
    NoteMark,
    /// The text is a line of a table of contents, which repeats a heading.
    Contents,
    /// A tracked change deleted the text, or it is struck out.
    Deleted,
    /// The text is the pronunciation of the characters below it (ruby).
    Pronunciation,
    /// The text is rotated against the other text of its page, and is large or on several pages.
    Watermark,
    /// The text was recognized in a picture, but is uncertain.
    UncertainRecognition,
    /// The text is stored as metadata of the document.
    Metadata,
    /// The text is a comment of a reviewer in an office file.
    Comment,
    /// The text is in a chart of a Word or Excel file.
    Chart,
}

impl LeftOutReason {
    /// Returns the reason in a few words.
    pub const fn describe(self) -> &'static str {
        match self {
            Self::Element => "element that is not content",
            Self::Hidden => "hidden",
            Self::ClassName => "class or id of boilerplate",
            Self::Links => "menu of links",
            Self::PageControl => "control of a page",
            Self::BesideContent => "beside the main content",
            Self::RunningHead => "running head",
            Self::PageNumber => "page number",
            Self::NoteMark => "mark of a footnote",
            Self::Contents => "line of a table of contents",
            Self::Deleted => "deleted by a change",
            Self::Pronunciation => "pronunciation of characters",
            Self::Watermark => "watermark",
            Self::UncertainRecognition => "recognized, but uncertain",
            Self::Metadata => "metadata",
            Self::Comment => "comment",
            Self::Chart => "words of a chart",
        }
    }

    /// Returns whether a rule guesses that the text is not content. The file itself does not say so.
    pub const fn is_guess(self) -> bool {
        matches!(
            self,
            Self::ClassName
                | Self::Links
                | Self::BesideContent
                | Self::RunningHead
                | Self::Watermark
                | Self::UncertainRecognition
        )
    }
}

/// A document is reported if rules that guess leave out more than one in this number of its characters.
const MAX_CHARS_PER_LOST_CHAR: usize = 5;

/// Returns whether rules that guess leave out more than a fifth of the text of a document. `text` is the text that
/// remains, and `left_out` holds all texts that were left out.
pub(crate) fn leaves_out_much_text_by_guess(text: &str, left_out: &[LeftOut]) -> bool {
    let guesses = left_out.iter().filter(|left_out| left_out.reason.is_guess());
    let lost_chars: usize = guesses.map(|left_out| left_out.text.chars().count()).sum();
    lost_chars > 0 && lost_chars * MAX_CHARS_PER_LOST_CHAR > lost_chars + text.chars().count()
}

impl LeftOut {
    /// Returns the record of a text that was left out: the text with single spaces, and the reason. `None` if the text
    /// has neither letters nor digits.
    pub(super) fn new(text: &str, reason: LeftOutReason) -> Option<Self> {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        text.chars().any(char::is_alphanumeric).then_some(Self { text, reason })
    }
}
