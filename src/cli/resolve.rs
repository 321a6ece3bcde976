//! The command `gz-search resolve`, which finds the text that a link of a citation quotes.

use super::{
    args::ResolveArgs,
    location::IndexLocation,
    output::{print, print_status, text_style},
    request::DEFAULT_TIMEOUT,
};
use crate::{
    error::{Error, Result},
    render,
    search::{LinkStatus, ParseLinkError, PassageLink, Resolution},
    span::OffsetUnit,
};

/// Prints the status of the quoted text, and the passage of the link in the current index. The exit code depends on the
/// status.
pub(super) fn run(location: &IndexLocation, args: &ResolveArgs) -> Result<u8> {
    let link: PassageLink = args
        .link
        .parse()
        .map_err(|error: ParseLinkError| Error::invalid("link", error.to_string()))?;
    let searcher = location.searcher()?.with_timeout(DEFAULT_TIMEOUT);
    let resolution = searcher.resolve(&link)?;
    if args.json {
        print(&format!(
            "{}\n",
            render::resolution_json(&link, &resolution, OffsetUnit::default())
        ))?;
    } else {
        print(&resolution_text(&resolution, args))?;
        print_status(link_status_explanation(resolution.status));
    }
    Ok(exit_code(resolution.status))
}

/// Renders the status and the id of the passage on one line, and the passage below.
fn resolution_text(resolution: &Resolution, args: &ResolveArgs) -> String {
    let Resolution { status, document, passage, .. } = resolution;
    let (Some(document), Some(passage)) = (document, passage) else {
        return format!("{}\n", status.name());
    };
    let text = render::passage(document, passage, &[], text_style(args.color));
    format!("{} [{}]\n\n{text}", status.name(), render::visible_text(&passage.id))
}

const fn exit_code(status: LinkStatus) -> u8 {
    match status {
        LinkStatus::Exact => 0,
        LinkStatus::Gone => 1,
        LinkStatus::Moved => 3,
        LinkStatus::Changed => 4,
    }
}

const fn link_status_explanation(status: LinkStatus) -> &'static str {
    match status {
        LinkStatus::Exact => "the passage has the quoted text",
        LinkStatus::Moved => "another passage has the quoted text",
        LinkStatus::Changed => "the document no longer has the quoted text",
        LinkStatus::Gone => "neither the document nor the quoted text is in the index",
    }
}
