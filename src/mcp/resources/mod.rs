//! Releases and passages as resources, which a person or an agent adds to a conversation by their address.
//!
//! `address.rs` reads and writes the addresses, `list.rs` lists the newest releases, and `read.rs` returns the Markdown
//! of a release or a passage. Read `read.rs` first.

mod address;
mod list;
mod read;

use rmcp::{ErrorData, model::ResourceTemplate};
use serde_json::json;

pub(super) use self::{address::Address, list::newest_releases, read::read_resource};
use super::{arguments::MAX_ERROR_TOKENS, token_estimate::truncate};

/// Media type of all resources.
const MEDIA_TYPE: &str = "text/markdown";
/// Maximum number of tokens of a title, of an issuer, of a web address, and of a heading.
const MAX_RESOURCE_LINE_TOKENS: usize = 60;

/// Returns the templates of the addresses.
pub(super) fn address_templates() -> Vec<ResourceTemplate> {
    let template = |form: &str, name: &str, title: &str, description: &str| {
        ResourceTemplate::new(form, name)
            .with_title(title)
            .with_description(description)
            .with_mime_type(MEDIA_TYPE)
    };
    vec![
        template(
            Address::RELEASE_TEMPLATE,
            "release",
            "Press release",
            "A release by its id, from search: metadata and passages, each with its citation. A long release ends with the address of its next part.",
        ),
        template(
            Address::RELEASE_PART_TEMPLATE,
            "release_part",
            "Part of a press release",
            "A release from the passage with this number on. The first passage has the number 0.",
        ),
        template(
            Address::PASSAGE_TEMPLATE,
            "passage",
            "Passage of a press release",
            "One passage by its id, DOCUMENT#NUMBER with # as %23: quote and citation.",
        ),
    ]
}

/// Returns the error for an address that belongs to no release and no passage.
pub(super) fn unknown_resource_error(uri: &str) -> ErrorData {
    let uri = truncate(uri, MAX_ERROR_TOKENS / 2);
    let message = format!(
        "nothing has the address {uri:?}: copy it from resources/list, or put the id of a search result into {} or {}",
        Address::RELEASE_TEMPLATE,
        Address::PASSAGE_TEMPLATE,
    );
    ErrorData::resource_not_found(message, Some(json!({"uri": uri})))
}
