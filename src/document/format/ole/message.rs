//! Reads a mail of Outlook (.msg): subject, sender, date, text and attachments. Numbers of properties are from
//! MS-OXPROPS.

use super::{OleContainer, bytes::utf16_text};
use crate::document::{
    blocks::BlockBuilder,
    format::{
        contained::{ContainedItem, Contents},
        encoding, html,
    },
    metadata::{date::Date, fields::MetadataField, organization},
    model::{Document, unreadable},
};

/// Number of the property with the subject of a mail.
const SUBJECT_PROPERTY: u16 = 0x0037;
/// Number of the property with the name of the sender.
const SENDER_NAME_PROPERTY: u16 = 0x0C1A;
/// Number of the property with the plain text of a mail.
const TEXT_PROPERTY: u16 = 0x1000;
/// Number of the property with the HTML of a mail.
const HTML_PROPERTY: u16 = 0x1013;
/// Number of the property with the content of an attached file.
const ATTACHED_FILE_PROPERTY: u16 = 0x3701;
/// Number of the property with the full name of an attached file.
const LONG_FILE_NAME_PROPERTY: u16 = 0x3707;
/// Number of the property with the name of an attached file in eight letters and an extension.
const SHORT_FILE_NAME_PROPERTY: u16 = 0x3704;
/// Number and type of the properties with the moment when the mail was sent, and when it was received.
const MOMENT_PROPERTIES: [u32; 2] = [0x0039_0040, 0x0E06_0040];
/// Properties that become metadata, each with its metadata key.
const METADATA_PROPERTIES: [(u16, &str); 4] =
    [(SENDER_NAME_PROPERTY, "from"), (0x0E04, "to"), (0x0E03, "cc"), (0x1035, "message_id")];
/// Maximum number of attachments.
const MAX_ATTACHMENTS: usize = 1_000;
/// Length of the header of the stream with the properties of fixed size.
const PROPERTIES_HEADER_BYTES: usize = 32;
/// Length of each property in the stream with the properties of fixed size.
const PROPERTY_BYTES: usize = 16;
/// Number of units of 100 nanoseconds, in which moments are stored, in a day.
const UNITS_PER_DAY: u64 = 864_000_000_000;
/// Julian day number of 1 January 1601, from which moments count.
const FIRST_JULIAN_DAY: u64 = 2_305_814;

/// Reads a mail: the mail itself, then its attachments.
pub(in crate::document::format) fn read(id: &str, bytes: &[u8]) -> Contents<'static> {
    let contents = read_mail(id, bytes).unwrap_or_else(|reason| {
        vec![ContainedItem::Document(Box::new(Err(unreadable(id, reason))))]
    });
    Box::new(contents.into_iter())
}

fn read_mail(id: &str, bytes: &[u8]) -> Result<Vec<ContainedItem>, String> {
    let mut container = OleContainer::open(bytes, "Outlook")?;
    if !container.file.is_stream("__properties_version1.0") {
        return Err("holds no mail of Outlook".to_owned());
    }
    let mut document = read_body(id, &mut container)?;
    fill_metadata(&mut document, &mut container)?;
    let attachments = read_attachments(&mut container)?;
    if document.text.trim().is_empty() {
        document.text = document.title.clone().unwrap_or_default();
    }
    let mut contents = Vec::new();
    if !document.text.trim().is_empty() || attachments.is_empty() {
        contents.push(ContainedItem::Document(Box::new(Ok(document))));
    }
    contents.extend(attachments);
    Ok(contents)
}

/// Returns a document with the plain text of the mail, or with its HTML if it has no plain text.
fn read_body(id: &str, container: &mut OleContainer<'_>) -> Result<Document, String> {
    if let Some(text) =
        text_property(container, "", TEXT_PROPERTY)?.filter(|text| !text.trim().is_empty())
    {
        return Ok(Document::new(id, text.replace("\r\n", "\n").replace('\r', "\n")));
    }
    let markup = container.stream(&stream_name("", HTML_PROPERTY, 0x0102))?;
    let blocks = match markup {
        Some(markup) => html::read_fragment(&encoding::decode(&markup)?)?,
        None => BlockBuilder::default(),
    };
    let mut document = Document::new(id, blocks.text);
    (document.blocks, document.left_out) = (blocks.blocks, blocks.left_out);
    Ok(document)
}

/// Fills title, date, issuer and further metadata. The sender is the issuer only if the name is that of an
/// organization.
fn fill_metadata(document: &mut Document, container: &mut OleContainer<'_>) -> Result<(), String> {
    if let Some(subject) = text_property(container, "", SUBJECT_PROPERTY)? {
        document.fill_field(MetadataField::Title, &subject, "mail Subject");
    }
    for (number, key) in METADATA_PROPERTIES {
        if let Some(value) =
            text_property(container, "", number)?.filter(|value| !value.trim().is_empty())
        {
            if number == SENDER_NAME_PROPERTY && organization::is_organization_name(value.trim()) {
                document.fill_field(MetadataField::Issuer, &value, "mail From");
            }
            document.metadata.insert(key.to_owned(), value.trim().to_owned());
        }
    }
    let properties = container.stream("__properties_version1.0")?.unwrap_or_default();
    if let Some(date) =
        MOMENT_PROPERTIES.iter().find_map(|number| date_property(&properties, *number))
    {
        document.fill_field(MetadataField::Date, &date.to_string(), "mail Date");
    }
    Ok(())
}

fn read_attachments(container: &mut OleContainer<'_>) -> Result<Vec<ContainedItem>, String> {
    let mut attachments = Vec::new();
    for index in 0..MAX_ATTACHMENTS {
        let folder = format!("__attach_version1.0_#{index:08X}/");
        if !container.file.is_storage(folder.trim_end_matches('/')) {
            break;
        }
        let name = match text_property(container, &folder, LONG_FILE_NAME_PROPERTY)? {
            Some(name) => Some(name),
            None => text_property(container, &folder, SHORT_FILE_NAME_PROPERTY)?,
        };
        let content = container.stream(&stream_name(&folder, ATTACHED_FILE_PROPERTY, 0x0102))?;
        // A mail of Outlook that is attached to a mail is stored as a storage, not as a stream, and is not read.
        if let Some((name, content)) = name.zip(content) {
            let name =
                name.rsplit(['/', '\\']).next().unwrap_or_default().trim_matches('\0').to_owned();
            let is_taken = attachments
                .iter()
                .any(|other| matches!(other, ContainedItem::File { path, .. } if *path == name));
            let path = if is_taken { format!("{}-{name}", index + 1) } else { name };
            attachments.push(ContainedItem::File { path, content: Ok(content) });
        }
    }
    Ok(attachments)
}

/// Returns the name of the stream of a property in `folder`. `kind` is the type of the property.
fn stream_name(folder: &str, number: u16, kind: u16) -> String {
    format!("{folder}__substg1.0_{number:04X}{kind:04X}")
}

/// Returns the text of a property, which is stored in UTF-16 or in a code page.
fn text_property(
    container: &mut OleContainer<'_>,
    folder: &str,
    number: u16,
) -> Result<Option<String>, String> {
    if let Some(bytes) = container.stream(&stream_name(folder, number, 0x001F))? {
        return Ok(Some(utf16_text(&bytes)));
    }
    let bytes = container.stream(&stream_name(folder, number, 0x001E))?;
    Ok(bytes.and_then(|bytes| encoding::decode(bytes.trim_ascii_end()).ok()))
}

/// Returns the day (in UTC) of the moment with the number and type `number` in the stream with the properties of fixed
/// size.
fn date_property(properties: &[u8], number: u32) -> Option<Date> {
    let properties = properties.get(PROPERTIES_HEADER_BYTES..)?;
    let mut entries = properties.chunks_exact(PROPERTY_BYTES);
    let entry = entries.find(|entry| entry.starts_with(&number.to_le_bytes()))?;
    let units = u64::from_le_bytes(entry.get(8..16)?.try_into().ok()?);
    Date::from_julian_day(FIRST_JULIAN_DAY + units / UNITS_PER_DAY)
}
