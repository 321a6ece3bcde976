//! Reads a web page that a browser saved with its pictures as one file (.mhtml, .mht).

use mailparse::{MailHeaderMap, ParsedMail};

use crate::document::{
    format::{
        html,
        mime_part::{decoded_part_text, html_part, with_message},
    },
    limits::ReadLimits,
    metadata::fields::MetadataField,
    model::Document,
};

/// Header fields with the address of the page, in order of precedence.
const PAGE_ADDRESS_HEADER_FIELDS: [&str; 2] = ["Snapshot-Content-Location", "Content-Location"];

/// Reads a web page that a browser saved as MHTML, which has the format of a mail. The page is the first HTML part.
pub(in crate::document::format) fn read(
    id: &str,
    bytes: &[u8],
    _: ReadLimits,
) -> Result<Document, String> {
    with_message(bytes, |mail| document_of_saved_page(id, mail))
        .unwrap_or_else(|error| Err(format!("is no saved page: {error}")))
}

fn document_of_saved_page(id: &str, mail: &ParsedMail<'_>) -> Result<Document, String> {
    let page = html_part(mail).ok_or("is no saved page: it has no part in HTML")?;
    let mut document = html::read(id, &decoded_part_text(page))?;
    if let Some(address) = address(mail, page) {
        document.fill_field(MetadataField::Url, &address, "saved page");
    }
    if let Some(subject) = mail.headers.get_first_value("Subject") {
        document.fill_field(MetadataField::Title, &subject, "saved page");
    }
    if let Some(day) = mail.headers.get_first_value("Date") {
        document.metadata.insert("saved".to_owned(), day);
    }
    Ok(document)
}

/// Returns the web address of the page, as the header of the file or of the HTML part states it. Ignores the path of a
/// local file.
fn address(mail: &ParsedMail<'_>, page: &ParsedMail<'_>) -> Option<String> {
    let headers = [&mail.headers, &page.headers];
    let addresses = PAGE_ADDRESS_HEADER_FIELDS
        .iter()
        .flat_map(|field| headers.iter().filter_map(|headers| headers.get_first_value(field)));
    let mut web_addresses = addresses.filter(|address| address.trim_start().starts_with("http"));
    web_addresses.next().map(|address| address.trim().to_owned())
}
