//! Text of a file that a reader leaves out of the document, with the reason.

/// Text of a file that is not part of the document text, with the reason.
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
    /// The name or the role of an HTML element says that the element is not content: `nav`, `role=banner`.
    Element,
    /// The file hides the text: the style `display: none`, a PDF layer that is off, a place outside of the page.
    Hidden,
    /// The class or the id of an HTML element names boilerplate, such as `share` or `cookie-notice`.
    ClassName,
    /// An HTML element consists of links, like a menu.
    Links,
    /// The text is beside the main content of an HTML page.
    BesideContent,
    /// The text stands at the same place of several pages, apart from the text of the page.
    RunningHead,
    /// The text is a page number.
    PageNumber,
    /// The text is slanted across a page, like a watermark.
    Watermark,
    /// The text is stored as metadata of the document.
    Metadata,
}

impl LeftOutReason {
    /// Returns the reason in a few words.
    pub const fn describe(self) -> &'static str {
        match self {
            Self::Element => "element that is not content",
            Self::Hidden => "hidden",
            Self::ClassName => "class or id of boilerplate",
            Self::Links => "menu of links",
            Self::BesideContent => "beside the main content",
            Self::RunningHead => "running head",
            Self::PageNumber => "page number",
            Self::Watermark => "watermark",
            Self::Metadata => "metadata",
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
        )
    }
}

impl LeftOut {
    /// Returns the text with single spaces. `None` if the text has neither letters nor digits.
    pub(super) fn new(text: &str, reason: LeftOutReason) -> Option<Self> {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        text.chars().any(char::is_alphanumeric).then_some(Self { text, reason })
    }
}
