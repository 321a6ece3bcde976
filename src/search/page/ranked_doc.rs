//! A hit of a page before its text is read.

use tantivy::DocAddress;

use super::cursor::Cursor;
use crate::search::{
    ranking::CollectionStats,
    results::{MatchKind, RankedPassage},
};

/// A hit of a page, with sort keys and scores, whose text is not read yet.
#[derive(Debug)]
pub(in crate::search) struct RankedDoc {
    /// Kind of match of the passage, and first sort key. A greater value comes first.
    pub(in crate::search) match_kind: MatchKind,
    /// Second sort key: the rank of the set of query words that the passage contains, see
    /// [`ScoredDoc`](crate::search::ranking::ScoredDoc).
    pub(in crate::search) word_set_rank: u8,
    /// Third sort key: the score before regularization, the date as a Julian day, or the key of a declared field.
    pub(in crate::search) sort_key: f64,
    /// Keyword whose rank is `sort_key`. `None` if the hits are not sorted by keywords.
    pub(in crate::search) sort_keyword: Option<String>,
    /// The final score.
    pub(in crate::search) score: f64,
    /// The score before regularization.
    pub(in crate::search) raw_score: f64,
    /// Part of `raw_score` that comes from the whole document of the passage.
    pub(in crate::search) release_score: f64,
    /// Share of the query words that the passage contains, weighted by idf, from 0 to 1.
    pub(in crate::search) coverage: f32,
    pub(in crate::search) address: DocAddress,
    /// Id of the document.
    pub(in crate::search) document: String,
    /// Position of the passage in its document, from 0.
    pub(in crate::search) ordinal: u64,
    /// Number of further passages of the document with the same [`match_kind`](Self::match_kind), if documents are
    /// collapsed.
    pub(in crate::search) collapsed_count: u64,
    /// Next best passages of the same document with the same [`match_kind`](Self::match_kind). Empty unless the page
    /// shows several passages of each document.
    pub(in crate::search) next_best: Vec<Self>,
    /// Words of the query that neither the text of the passage nor the title and headings above it contain.
    pub(in crate::search) missing_words: Vec<String>,
}

impl RankedDoc {
    /// Returns the hit, followed by the next best passages of the same document.
    pub(in crate::search) fn with_next_best(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(&self.next_best)
    }

    /// Returns the cursor of the page that begins after this hit.
    pub(in crate::search) fn cursor(&self, collection: &CollectionStats) -> Cursor {
        let passage = (self.document.as_str(), self.ordinal as u32);
        Cursor::new(
            (self.match_kind, self.word_set_rank),
            (self.sort_key, self.raw_score),
            passage,
            collection,
        )
        .with_sort_keyword(self.sort_keyword.clone())
    }
}

impl From<RankedDoc> for RankedPassage {
    fn from(hit: RankedDoc) -> Self {
        let RankedDoc { score, document, ordinal, .. } = hit;
        Self { document, ordinal: ordinal as u32, score }
    }
}
