//! Shows the citations of a passage in each style, each with a button that copies the citation.

use maud::{Markup, html};

use super::{address::query_string, messages::Messages};
use crate::{
    render::{Citation, CitationStyle},
    search::{DocumentInfo, PassageInfo},
};

/// Returns whether the style is a format for programs. A citation in such a style can also be downloaded as a file.
const fn is_style_for_programs(style: CitationStyle) -> bool {
    matches!(style, CitationStyle::Bibtex | CitationStyle::Ris | CitationStyle::CslJson)
}

/// Returns the citations of a passage in all styles.
pub(super) fn citations_in_all_styles(
    document: &DocumentInfo,
    passage: &PassageInfo,
    messages: &Messages,
) -> Markup {
    let citation = Citation::new(document, passage);
    let copy = messages.results.copy_button;
    html! {
        div.cite {
            @for style in CitationStyle::ALL {
                div.copyable lang=(messages.lang) {
                    h2 {
                        (style.label())
                        @if is_style_for_programs(style) { " " a href=(citation_file_href(&passage.id, style)) download { "." (style.file_extension()) } }
                    }
                    button.needs-script type="button" data-copy aria-label={ (copy) ": " (style.label()) } { (copy) }
                    pre lang=(document.lang) tabindex="0" { (citation.in_style(style)) }
                }
            }
        }
    }
}

/// Returns the address of the citation of a passage as a file.
fn citation_file_href(passage: &str, style: CitationStyle) -> String {
    let id: String = form_urlencoded::byte_serialize(passage.as_bytes()).collect();
    let parameters = vec![("style", style.name().to_owned()), ("download", "true".to_owned())];
    format!("citations/{}?{}", id.replace('+', "%20"), query_string(parameters))
}
