//! Reads one mail: header fields, text and attachments.

use std::collections::BTreeSet;

use mailparse::{DispositionType, ParsedMail};

use super::{
    body::MailBody,
    header::{day_of_first_receipt, day_of_mail_date, header_value},
};
use crate::document::{
    format::{
        contained::{ContainedItem, unique_file_name},
        mime_part::{decoded_part_bytes, with_message},
    },
    metadata::{fields::MetadataField, organization},
    model::{Document, unreadable},
};

/// Maximum nesting depth of mails that are attached to mails.
const MAX_NESTED_MAILS: usize = 8;
/// Media type of plain text.
const PLAIN_TEXT_MEDIA_TYPE: &str = "text/plain";
/// Media types of documents, each with the extension of its files.
const EXTENSIONS_OF_MEDIA_TYPES: [(&str, &str); 13] = [
    ("application/pdf", "pdf"),
    ("application/rtf", "rtf"),
    ("text/rtf", "rtf"),
    ("application/ofd", "ofd"),
    ("application/msword", "doc"),
    ("application/vnd.ms-excel", "xls"),
    ("application/vnd.ms-powerpoint", "ppt"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    ("application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"),
    ("application/vnd.oasis.opendocument.text", "odt"),
    ("application/vnd.oasis.opendocument.spreadsheet", "ods"),
    ("application/zip", "zip"),
];
/// Media types of texts, each with the extension of its files. A part with such a media type is a file only if it is an
/// attachment; otherwise it belongs to the text of the mail.
const EXTENSIONS_OF_ATTACHED_TEXT_TYPES: [(&str, &str); 3] =
    [(PLAIN_TEXT_MEDIA_TYPE, "txt"), ("text/html", "html"), ("text/csv", "csv")];
/// Header fields of a mail that become metadata, each with its metadata key.
const METADATA_HEADER_FIELDS: [(&str, &str); 5] = [
    ("From", "from"),
    ("To", "to"),
    ("Cc", "cc"),
    ("Message-ID", "message_id"),
    ("In-Reply-To", "in_reply_to"),
];
/// Maximum number of characters of a metadata value, such as a list of recipients.
const MAX_METADATA_VALUE_CHARS: usize = 1_000;

/// Reads a mail and its attachments. `nesting_depth` is the number of mails that enclose the mail: 0 for a mail that is
/// not attached to another mail.
pub(super) fn read(id: &str, bytes: &[u8], nesting_depth: usize) -> Vec<ContainedItem> {
    let failure =
        |reason: String| vec![ContainedItem::Document(Box::new(Err(unreadable(id, reason))))];
    with_message(bytes, |mail| read_mail(id, mail, nesting_depth))
        .unwrap_or_else(|error| failure(format!("is no mail: {error}")))
}

fn read_mail(id: &str, mail: &ParsedMail<'_>, nesting_depth: usize) -> Vec<ContainedItem> {
    let mut contents = MailContents { nesting_depth, ..MailContents::default() };
    contents.add_text_or_attachment(id, mail);
    let mut document = contents.body.into_document(id);
    fill_metadata(&mut document, mail);
    if document.text.trim().is_empty() {
        document.text = document.title.clone().unwrap_or_default();
    }
    // A mail without text and subject only carries its attachments.
    let mut contained = contents.attachments;
    if !document.text.trim().is_empty() || contained.is_empty() {
        contained.insert(0, ContainedItem::Document(Box::new(Ok(document))));
    }
    contained
}

/// Text and attachments of a mail.
#[derive(Debug, Default)]
struct MailContents {
    body: MailBody,
    attachments: Vec<ContainedItem>,
    /// File names of the attachments so far. Each name is used once.
    attachment_names: BTreeSet<String>,
    /// Number of mails that enclose the mail.
    nesting_depth: usize,
}

impl MailContents {
    /// Adds a part: a text to the body, any other file to the attachments. Of alternative texts, adds only one.
    fn add_text_or_attachment(&mut self, id: &str, part: &ParsedMail<'_>) {
        let media_type = media_type(part);
        let is_attachment =
            part.get_content_disposition().disposition == DispositionType::Attachment;
        let file_name =
            file_name(part).or_else(|| file_name_by_media_type(media_type, is_attachment));
        match media_type {
            "multipart/alternative" => self.add_one_of_alternatives(id, part),
            "multipart/related" => {
                // The first part is the text, and the other parts are its pictures.
                for (index, subpart) in part.subparts.iter().enumerate() {
                    let is_picture = subpart.ctype.mimetype.starts_with("image/");
                    if index == 0 || !is_picture {
                        self.add_text_or_attachment(id, subpart);
                    }
                }
            }
            media_type if media_type.starts_with("multipart/") => {
                part.subparts.iter().for_each(|subpart| self.add_text_or_attachment(id, subpart));
            }
            "message/rfc822" => self.add_attached_mail(id, part, file_name),
            PLAIN_TEXT_MEDIA_TYPE if !is_attachment && file_name.is_none() => {
                self.body.add_text(part);
            }
            "text/html" if !is_attachment && file_name.is_none() => self.body.add_html(part),
            _ => {
                if let Some(name) = file_name {
                    let path = unique_file_name(&mut self.attachment_names, &name);
                    let content = decoded_part_bytes(part);
                    self.attachments.push(ContainedItem::File { path, content });
                }
            }
        }
    }

    /// Adds the plain text of several alternatives, or their HTML if it says more: if it has more than twice as much
    /// text, a table or sentences that the plain text lacks. Adds the attachments inside of the alternatives.
    fn add_one_of_alternatives(&mut self, id: &str, part: &ParsedMail<'_>) {
        let mut bodies = Vec::new();
        for alternative in &part.subparts {
            let mut contents = Self { nesting_depth: self.nesting_depth, ..Self::default() };
            std::mem::swap(&mut contents.attachment_names, &mut self.attachment_names);
            contents.add_text_or_attachment(id, alternative);
            std::mem::swap(&mut contents.attachment_names, &mut self.attachment_names);
            self.attachments.append(&mut contents.attachments);
            bodies.push(contents.body);
        }
        let best_body = bodies.into_iter().reduce(|best_body, body| {
            if body.letter_and_digit_count() > best_body.letter_and_digit_count() * 2
                || body.has_table_missing_in(&best_body)
                || body.says_more_than(&best_body)
            {
                body
            } else {
                best_body
            }
        });
        if let Some(body) = best_body {
            self.body.append(body);
        }
    }

    /// Adds the documents of a mail that is attached to this mail.
    fn add_attached_mail(&mut self, id: &str, part: &ParsedMail<'_>, file_name: Option<String>) {
        let name = file_name.unwrap_or_else(|| "attached.eml".to_owned());
        let name = unique_file_name(&mut self.attachment_names, &name);
        let id = format!("{id}/{name}");
        if self.nesting_depth + 1 > MAX_NESTED_MAILS {
            let reason =
                format!("is attached to more than {MAX_NESTED_MAILS} mails inside each other");
            self.attachments.push(ContainedItem::Document(Box::new(Err(unreadable(&id, reason)))));
            return;
        }
        match decoded_part_bytes(part) {
            Ok(bytes) => self.attachments.extend(read(&id, &bytes, self.nesting_depth + 1)),
            Err(reason) => {
                self.attachments
                    .push(ContainedItem::Document(Box::new(Err(unreadable(&id, reason)))));
            }
        }
    }
}

/// Returns the media type of a part. A part whose media type is malformed is plain text (RFC 2045), and so is Markdown.
fn media_type<'a>(part: &'a ParsedMail<'_>) -> &'a str {
    let media_type = part.ctype.mimetype.as_str();
    let is_name = |name: &str| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "+-._".contains(c))
    };
    match media_type.split_once('/') {
        Some(("text", "markdown" | "x-markdown")) => PLAIN_TEXT_MEDIA_TYPE,
        Some((kind, subtype)) if is_name(kind) && is_name(subtype) => media_type,
        _ => PLAIN_TEXT_MEDIA_TYPE,
    }
}

/// Returns a file name for a part that states none. `None` if the media type is not that of a document. For an
/// attachment, the media type may also be that of a text.
fn file_name_by_media_type(media_type: &str, is_attachment: bool) -> Option<String> {
    let extensions = if is_attachment { &EXTENSIONS_OF_ATTACHED_TEXT_TYPES[..] } else { &[] };
    let mut extensions = EXTENSIONS_OF_MEDIA_TYPES.iter().chain(extensions);
    let (_, extension) = extensions.find(|(other, _)| *other == media_type)?;
    Some(format!("attached.{extension}"))
}

/// Returns the file name of a part; `None` for a part without a name.
fn file_name(part: &ParsedMail<'_>) -> Option<String> {
    let disposition = part.get_content_disposition();
    let name = disposition.params.get("filename").or_else(|| part.ctype.params.get("name"))?;
    let name = name.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

/// Fills title, date, issuer and further metadata from the header fields. The sender is the issuer only if the name is
/// that of an organization.
fn fill_metadata(document: &mut Document, mail: &ParsedMail<'_>) {
    let header = |name: &str| header_value(mail, name);
    if let Some(subject) = header("Subject") {
        document.fill_field(MetadataField::Title, &subject, "mail Subject");
    }
    if let Some(date) = header("Date") {
        document.fill_field(MetadataField::Date, &day_of_mail_date(&date), "mail Date");
    }
    if let Some(day) = day_of_first_receipt(mail) {
        document.infer_field(MetadataField::Date, &day, "mail Received");
    }
    if let Some(name) = header("From").and_then(|sender| display_name_of_sender(&sender))
        && organization::is_organization_name(&name)
    {
        document.fill_field(MetadataField::Issuer, &name, "mail From");
    }
    for (name, key) in METADATA_HEADER_FIELDS {
        if let Some(value) = header(name) {
            document
                .metadata
                .insert(key.to_owned(), value.chars().take(MAX_METADATA_VALUE_CHARS).collect());
        }
    }
    // The first mail of a thread is the first reference of all mails of the thread.
    let first_reference = header("References")
        .and_then(|references| references.split_whitespace().next().map(str::to_owned));
    let thread = first_reference.or_else(|| header("In-Reply-To")).or_else(|| header("Message-ID"));
    if let Some(thread) = thread {
        document.metadata.insert("thread".to_owned(), thread.trim().to_owned());
    }
}

/// Returns the display name of a sender such as `"Bureau of Ports" <news@ports.example>`; `None` for an address alone.
fn display_name_of_sender(sender: &str) -> Option<String> {
    let (name, _) = sender.split_once('<')?;
    let name = name.trim().trim_matches('"').trim();
    (!name.is_empty()).then(|| name.to_owned())
}
