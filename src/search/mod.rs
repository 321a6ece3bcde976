//! Query tree → ranked hits with snippets: the one place that joins the stages.

mod results;

pub use self::results::{DocumentInfo, Hit, PassageInfo, SearchResults};
