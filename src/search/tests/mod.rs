//! Tests of whole searches.

mod deadlines;
mod facts;
