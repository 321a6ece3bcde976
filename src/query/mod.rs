//! Query text → [`Clause`] tree, with a [`Note`] on every repair and expansion. Plain data, no engine.

mod clause;
mod leaf;
mod note;
mod parse;
mod weak;

pub use self::{
    clause::Clause,
    note::{Note, NoteKind},
    parse::parse,
};
pub(crate) use self::{
    leaf::{Leaf, Lowered, Matched, Tree, lowered},
    weak::is_weak,
};

/// What to search for and which page of it to return.
///
/// ```
/// use gz_search::Query;
///
/// let query = Query::new("\"flying car\" factory").limit(5).offset(10);
/// assert_eq!(query.text(), "\"flying car\" factory");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    pub(crate) text: String,
    pub(crate) limit: usize,
    pub(crate) offset: usize,
    pub(crate) cursor: Option<String>,
    pub(crate) width: usize,
}

impl Query {
    /// The first ten hits for `text`. Any text is valid; what cannot be parsed is searched as words.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), limit: 10, offset: 0, cursor: None, width: 320 }
    }

    /// How many hits to return; 0 only counts.
    #[must_use]
    pub const fn limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// How many of the best hits to leave out.
    #[must_use]
    pub const fn offset(mut self, offset: usize) -> Self {
        self.offset = offset;
        self
    }

    /// Continue after the page that returned `cursor` as its [`next`](crate::SearchResults::next).
    #[must_use]
    pub fn cursor(mut self, cursor: impl Into<String>) -> Self {
        self.cursor = Some(cursor.into());
        self
    }

    /// How wide a snippet may be, in columns of a terminal: a Han character takes two.
    #[must_use]
    pub const fn snippet_width(mut self, columns: usize) -> Self {
        self.width = columns;
        self
    }

    /// The query text.
    pub fn text(&self) -> &str {
        &self.text
    }
}
