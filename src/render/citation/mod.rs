//! Renders citations of passages: a verbatim quote, its speaker and its source.
//!
//! [`Citation::in_style`] returns the citation of a passage as text of one [`CitationStyle`]. Each style is one file,
//! and all escaping for a style happens in its file. `source.rs` decides which data a citation contains and which
//! values are marked as inferred.

mod apa;
mod bibtex;
mod csl;
mod gbt7714;
mod ris;
mod source;
mod style;
#[cfg(test)]
mod tests;
mod text;
mod wording;

use self::source::CitedSource;
pub(super) use self::source::web_address;
pub use self::style::CitationStyle;
use super::Page;
use crate::search::{DocumentInfo, Hit, PassageInfo};

/// Citation of a passage: its full text, speaker, issuer, title, date, paragraph number, page or slide (if the document
/// has pages or slides), web address, and a [link](PassageInfo::link) with a hash of the text. In a table, sheet and
/// cells take the place of the paragraph number. The punctuation follows the language of the release.
///
/// Square brackets around a date, an issuer or a speaker mean that the value was inferred, not read from the release.
/// Formats for programs mark inferred values in their own way, see [`CitationStyle`].
///
/// ```
/// # fn main() -> gz_search::Result<()> {
/// use gz_search::{Document, Index, Query, render::CitationStyle};
///
/// let mut release = Document::new("ports", "Exports grew by 5 %.");
/// release.title = Some("Port News".to_owned());
/// release.issuer = Some("Bureau of Commerce".to_owned());
/// let index = Index::in_memory();
/// let writer = index.writer()?;
/// writer.add(&release)?;
/// writer.commit()?;
/// let results = index.searcher()?.search(&Query::new("exports"))?;
/// assert_eq!(
///     results.hits[0].citation().text(),
///     "“Exports grew by 5 %.”\n— Bureau of Commerce, “Port News”, paragraph 1 [ports#0]\n\
///      gz-search:ports#0@65595be2cf3161dd\n"
/// );
/// assert_eq!(
///     results.hits[0].citation().in_style(CitationStyle::Apa),
///     "“Exports grew by 5 %.” (Bureau of Commerce, n.d., para. 1)\n\
///      Bureau of Commerce. (n.d.). Port News.\ngz-search:ports#0@65595be2cf3161dd\n"
/// );
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Citation<'a> {
    document: &'a DocumentInfo,
    passage: &'a PassageInfo,
}

impl Hit {
    /// Returns a citation of the passage of this hit.
    pub const fn citation(&self) -> Citation<'_> {
        Citation::new(&self.document, &self.passage)
    }
}

impl<'a> Citation<'a> {
    /// Returns a citation of a passage of `document`.
    pub const fn new(document: &'a DocumentInfo, passage: &'a PassageInfo) -> Self {
        Self { document, passage }
    }

    /// Returns the citation in the given style, as a complete text in the format of the style. The text ends with a
    /// newline.
    pub fn in_style(&self, style: CitationStyle) -> String {
        match style {
            CitationStyle::Text => self.text(),
            CitationStyle::Markdown => self.markdown(),
            CitationStyle::Bibtex => bibtex::entry(&self.source()),
            CitationStyle::Ris => ris::record(&self.source()),
            CitationStyle::CslJson => csl::items([self.source()]),
            CitationStyle::Apa => apa::citation(&self.source()),
            CitationStyle::Gbt7714 => gbt7714::citation(&self.source()),
        }
    }

    fn source(&self) -> CitedSource<'a> {
        CitedSource::new(self.document, self.passage)
    }
}

/// Renders several citations as one text in the format of the style. Empty lines separate the citations, except in
/// CSL-JSON, which is one array.
pub fn citation_list<'a>(
    citations: impl IntoIterator<Item = Citation<'a>>,
    style: CitationStyle,
) -> String {
    let citations = citations.into_iter();
    if style == CitationStyle::CslJson {
        return csl::items(citations.map(|citation| citation.source()));
    }
    citations.map(|citation| citation.in_style(style)).collect::<Vec<_>>().join("\n")
}

/// Renders the citations of all passages that a page shows, see [`citation_list`].
pub fn citations<'a>(page: impl Into<Page<'a>>, style: CitationStyle) -> String {
    citation_list(page.into().passages().map(|(hit, _)| hit.citation()), style)
}
