//! Options with which an index is created.

use crate::{analysis::Chinese, document::DeclaredFields};

/// Options with which an index is created. The options apply to all documents of the index, and cannot be changed
/// later.
///
/// ```
/// use gz_search::{analysis::Chinese, document::{DeclaredFields, FieldType}, index::IndexOptions};
///
/// # fn main() -> gz_search::Result<()> {
/// let mut fields = DeclaredFields::default();
/// fields.declare("desk", FieldType::Keyword)?;
/// let options = IndexOptions::from(fields).chinese(Chinese::Off);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IndexOptions {
    pub(in crate::index) chinese: Chinese,
    pub(in crate::index) fields: DeclaredFields,
}

impl IndexOptions {
    /// Sets the analysis of Chinese text.
    #[must_use]
    pub fn chinese(self, chinese: Chinese) -> Self {
        Self { chinese, ..self }
    }

    /// Sets the declared fields.
    #[must_use]
    pub fn fields(self, fields: DeclaredFields) -> Self {
        Self { fields, ..self }
    }
}

impl From<Chinese> for IndexOptions {
    fn from(chinese: Chinese) -> Self {
        Self::default().chinese(chinese)
    }
}

impl From<DeclaredFields> for IndexOptions {
    fn from(fields: DeclaredFields) -> Self {
        Self::default().fields(fields)
    }
}
