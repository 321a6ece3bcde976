//! Reads one opened commit of the index: postings, terms and fast fields of its segments.
//!
//! The functions look up terms and fields, and return posting lists, sets of passages and fast field values. No code in
//! this folder knows how queries are expanded, matched or scored. Read `segment.rs` first: a [`SegmentView`] reads one
//! segment.

mod bitset;
mod error;
mod fast_fields;
mod index_reader;
mod inflections;
mod phrase_matcher;
mod posting_list;
mod segment;
mod term_cache;
mod term_dictionary;
mod value_column;

pub(crate) use self::inflections::stem_for_inflection_lookup;
pub(super) use self::{
    bitset::BitSet,
    error::{engine_error, read_error},
    fast_fields::{FastFields, RecordsByNumber, U32Column},
    index_reader::IndexReader,
    phrase_matcher::{PhraseMatcher, seek_cursor_to},
    posting_list::{Posting, PostingList},
    segment::{SegmentView, bigram},
    term_cache::TermFrequencies,
    value_column::ValueColumn,
};
