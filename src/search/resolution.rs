//! Resolves links to passages: finds the quoted text in the current index.

use super::{
    Searcher,
    passage_link::PassageLink,
    results::{DocumentInfo, PassageInfo},
};
use crate::error::{Result, catch_panic};

/// State of a quoted text in the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum LinkStatus {
    /// The passage of the link still contains the text that the link quotes.
    Exact,
    /// The text that the link quotes is no longer in the passage of the link, but in another passage.
    Moved,
    /// The document of the link is still in the index, but no passage of the index contains the text that the link
    /// quotes.
    Changed,
    /// Neither the document of the link nor the text that the link quotes is in the index.
    Gone,
}

impl LinkStatus {
    /// Returns the name of the value: `exact`, `moved`, `changed` or `gone`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Moved => "moved",
            Self::Changed => "changed",
            Self::Gone => "gone",
        }
    }
}

/// Result of resolving a [`PassageLink`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Resolution {
    /// State of the quoted text.
    pub status: LinkStatus,
    /// Document that contains the passage of the link in the current index. `None` if the status is
    /// [`LinkStatus::Gone`].
    pub document: Option<DocumentInfo>,
    /// Passage of the link in the current index: the passage with the quoted text or, if the text has changed, the
    /// passage that now has the ordinal in the link. `None` if there is no such passage.
    pub passage: Option<PassageInfo>,
}

impl Searcher {
    /// Finds the passage of a link, by its id and by the hash of its text. If the document of the link lacks the text,
    /// reads all passages of the index, in time proportional to the text. Does not search other documents
    /// of an index on a cluster.
    ///
    /// ```
    /// # fn main() -> gz_search::Result<()> {
    /// use gz_search::{Document, Index, search::LinkStatus};
    ///
    /// let index = Index::in_memory();
    /// let writer = index.writer()?;
    /// writer.add(&Document::new("ports", "Exports grew by 5 %."))?;
    /// writer.commit()?;
    /// let (_, passages) = index.searcher()?.passage("ports#0", 0)?.expect("it was added");
    /// let link = passages[0].link();
    /// assert_eq!(index.searcher()?.resolve(&link)?.status, LinkStatus::Exact);
    ///
    /// let writer = index.writer()?;
    /// writer.add(&Document::new("ports", "Ports are busy.\n\nExports grew by 5 %."))?;
    /// writer.commit()?;
    /// let resolution = index.searcher()?.resolve(&link)?;
    /// assert_eq!(resolution.status, LinkStatus::Moved);
    /// assert_eq!(resolution.passage.map(|passage| passage.id).as_deref(), Some("ports#1"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Engine`](crate::Error::Engine) if the index cannot be read, and
    /// [`Error::TimedOut`](crate::Error::TimedOut) if the [timeout of the searcher](Self::with_timeout) passes.
    pub fn resolve(&self, link: &PassageLink) -> Result<Resolution> {
        catch_panic(|| self.resolve_link(link))
    }

    fn resolve_link(&self, link: &PassageLink) -> Result<Resolution> {
        let document = self.backend.document(&link.document)?;
        if let Some((document, passages)) = &document
            && let Some(passage) = nearest_passage_with_hash(passages, link)
        {
            let is_same = passage.ordinal == link.ordinal;
            return Ok(Resolution {
                status: if is_same { LinkStatus::Exact } else { LinkStatus::Moved },
                document: Some(document.clone()),
                passage: Some(passage.clone()),
            });
        }
        let id = self.backend.passage_id_with_hash(&link.hash)?;
        let elsewhere = id.map(|id| self.passage(&id, 0)).transpose()?.flatten();
        Ok(match (elsewhere, document) {
            (Some((document, passages)), _) => Resolution {
                status: LinkStatus::Moved,
                document: Some(document),
                passage: passages.into_iter().next(),
            },
            (None, Some((document, passages))) => Resolution {
                status: LinkStatus::Changed,
                document: Some(document),
                passage: passages.into_iter().find(|passage| passage.ordinal == link.ordinal),
            },
            (None, None) => Resolution { status: LinkStatus::Gone, document: None, passage: None },
        })
    }
}

/// Returns the passage whose text has the hash of the link. Of several such passages, returns the passage whose ordinal
/// is nearest to the ordinal in the link.
fn nearest_passage_with_hash<'a>(
    passages: &'a [PassageInfo],
    link: &PassageLink,
) -> Option<&'a PassageInfo> {
    let same_text = passages.iter().filter(|passage| passage.hash == link.hash);
    same_text.min_by_key(|passage| passage.ordinal.abs_diff(link.ordinal))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, Index};

    #[test]
    fn resolving_a_link_states_whether_the_text_is_exact_moved_changed_or_gone() {
        let quote = "Rails grew.";
        let text = format!("Ports grew.\n\n{quote}\n\nRoads grew.");
        let with_documents = |documents: &[(&str, &str)]| {
            let index = Index::in_memory();
            let writer = index.writer().unwrap();
            for (id, text) in documents {
                writer.add(&Document::new(*id, *text)).unwrap();
            }
            writer.commit().unwrap();
            index.searcher().unwrap()
        };
        let link = with_documents(&[("a", &text)]).passage("a#1", 0).unwrap().unwrap().1[0].link();
        for (documents, expected) in [
            (vec![("a", text.as_str())], (LinkStatus::Exact, Some("a#1"))),
            (vec![("a", "Rails grew.\n\nPorts grew.")], (LinkStatus::Moved, Some("a#0"))),
            (vec![("a", "Rails grew.\n\nA\n\nB\n\nRails grew.")], (LinkStatus::Moved, Some("a#0"))),
            (
                vec![("a", "Ports grew."), ("c", quote), ("b", "x.\n\nRails grew.")],
                (LinkStatus::Moved, Some("b#1")),
            ),
            (vec![("b", quote)], (LinkStatus::Moved, Some("b#0"))),
            (vec![("a", "Ports grew.\n\nRails shrank.")], (LinkStatus::Changed, Some("a#1"))),
            (vec![("a", "Ports grew.")], (LinkStatus::Changed, None)),
            (vec![("b", "Ports grew.")], (LinkStatus::Gone, None)),
        ] {
            let resolution = with_documents(&documents).resolve(&link).unwrap();
            let id = resolution.passage.map(|passage| passage.id);
            assert_eq!((resolution.status, id.as_deref()), expected, "{documents:?}");
        }
    }
}
