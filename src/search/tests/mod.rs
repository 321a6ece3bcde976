//! Tests of whole searches.

mod deadlines;
mod declared_fields;
mod facts;
mod word_lists;
