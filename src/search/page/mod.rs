//! Selects the hits of one page from the scored matches of all segments, and reads their texts and snippets.
//!
//! The best hits come first; hits of equal score are sorted by document id and position in the document. Read
//! `top_hits` first: it selects the top k. `regularization` improves the order of the first hits, `near_duplicates`
//! groups them, `releases` adds the next best passages of a release, `fetch` reads the texts.

mod cursor;
mod fetch;
mod near_duplicates;
mod order;
mod ranked_doc;
mod regularization;
mod releases;
mod segment_hit;
mod top_hits;

pub(super) use self::{
    cursor::Cursor,
    fetch::fetch_hits,
    near_duplicates::page_grouped_by_near_duplicates,
    order::HitOrder,
    ranked_doc::RankedDoc,
    regularization::{COMPARED_HIT_COUNT, ranked_page},
    top_hits::{PageRequest, TopHits},
};
