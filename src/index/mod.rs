//! [`Passage`](crate::Passage)s → inverted index: schema, writer, generations.

mod encode;
mod generation;
mod record;
mod schema;
mod writer;

use std::path::{Path, PathBuf};

pub use self::writer::{IndexStats, IndexWriter};
pub use self::record::Source;
pub(crate) use self::{
    record::{DocumentRecord, PassageRecord},
    schema::Fields,
};
