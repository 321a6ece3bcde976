//! Reads a mail of Outlook (.msg): subject, sender, date, text and attachments. Numbers of properties are from
//! MS-OXPROPS.

use std::collections::BTreeSet;

use encoding_rs::Encoding;

use super::{OleContainer, bytes::utf16_text};
use crate::document::{
    blocks::BlockBuilder,
    format::{
        code_page::{encoding_of_code_page, windows_encoding_of_language},
        contained::{ContainedItem, Contents, unique_file_name},
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
const ATTACHED_CONTENT_PROPERTY: u16 = 0x3701;
/// Numbers of the properties with the name of an attached file: the full name, the name in eight letters and an
/// extension, and the title that is shown.
const ATTACHMENT_NAME_PROPERTIES: [u16; 3] = [0x3707, 0x3704, 0x3001];
/// Type of a property whose value is text in UTF-16.
const UTF16_TEXT_PROPERTY_TYPE: u16 = 0x001F;
/// Type of a property whose value is text in the code page of the mail.
const CODE_PAGE_TEXT_PROPERTY_TYPE: u16 = 0x001E;
/// Type of a property whose value is bytes.
const BINARY_PROPERTY_TYPE: u16 = 0x0102;
/// Type of a property whose value is an object, such as an attached mail.
const OBJECT_PROPERTY_TYPE: u16 = 0x000D;
/// Number and type of the property with the code page of the texts.
const CODE_PAGE_PROPERTY: u32 = 0x3FFD_0003;
/// Number and type of the property with the language of the sender.
const LANGUAGE_PROPERTY: u32 = 0x3FF1_0003;
/// Number and type of the property with the code page of the HTML.
const HTML_CODE_PAGE_PROPERTY: u32 = 0x3FDE_0003;
/// Number and type of the properties with the time when the mail was sent, and with the time when it was received.
const SENT_AND_RECEIVED_TIME_PROPERTIES: [u32; 2] = [0x0039_0040, 0x0E06_0040];
/// Properties that become metadata, each with its metadata key.
const METADATA_PROPERTIES: [(u16, &str); 4] =
    [(SENDER_NAME_PROPERTY, "from"), (0x0E04, "to"), (0x0E03, "cc"), (0x1035, "message_id")];
/// Maximum number of attachments.
const MAX_ATTACHMENTS: usize = 1_000;
/// Maximum nesting depth of mails that are attached to mails.
const MAX_NESTED_MAILS: usize = 8;
/// Name of the stream with the properties of fixed size.
const PROPERTIES_STREAM: &str = "__properties_version1.0";
/// Length, in bytes, of the header of the stream with the properties of fixed size.
const PROPERTIES_HEADER_BYTES: usize = 32;
/// Length, in bytes, of the header of the stream with the properties of fixed size, in a mail that is attached to a
/// mail.
const ATTACHED_MAIL_PROPERTIES_HEADER_BYTES: usize = 24;
/// Length, in bytes, of each property in the stream with the properties of fixed size.
const FIXED_PROPERTY_BYTES: usize = 16;
/// Number of time units in a day. A mail states times in units of 100 nanoseconds.
const TIME_UNITS_PER_DAY: u64 = 864_000_000_000;
/// Julian day number of 1 January 1601, the day from which the times in a mail are counted.
const JULIAN_DAY_OF_TIME_EPOCH: u64 = 2_305_814;

/// Reads a mail: the mail itself, then its attachments.
pub(in crate::document::format) fn read(id: &str, bytes: &[u8]) -> Contents<'static> {
    let contents = open_container(bytes)
        .and_then(|mut container| read_mail(id, &mut container, &MailFolder::default()))
        .unwrap_or_else(|reason| unreadable_mail(id, reason));
    Box::new(contents.into_iter())
}

fn unreadable_mail(id: &str, reason: String) -> Vec<ContainedItem> {
    vec![ContainedItem::Document(Box::new(Err(unreadable(id, reason))))]
}

fn open_container(bytes: &[u8]) -> Result<OleContainer<'_>, String> {
    let container = OleContainer::open(bytes, "Outlook")?;
    if !container.file.is_stream(PROPERTIES_STREAM) {
        return Err("holds no mail of Outlook".to_owned());
    }
    Ok(container)
}

/// Folder of an OLE container that holds a mail.
#[derive(Debug, Clone, Default)]
struct MailFolder {
    /// Path of the folder with a slash at its end. Empty for a mail that is not attached to another mail.
    path: String,
    /// Number of mails that enclose the mail.
    nesting_depth: usize,
}

/// Reads the mail in `folder`, and its attachments.
fn read_mail(
    id: &str,
    container: &mut OleContainer<'_>,
    folder: &MailFolder,
) -> Result<Vec<ContainedItem>, String> {
    let mail = MailProperties::open(container, folder)?;
    let mut document = mail.read_body(id, container)?;
    mail.fill_metadata(&mut document, container)?;
    let attachments = mail.read_attachments(id, container)?;
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

/// Properties of a mail.
#[derive(Debug)]
struct MailProperties {
    folder: MailFolder,
    /// Bytes of the properties of fixed size. Each property has [`FIXED_PROPERTY_BYTES`] bytes: number and type, flags,
    /// and value.
    fixed_properties: Vec<u8>,
    /// Encoding of the texts that are not in UTF-16.
    encoding: Option<&'static Encoding>,
}

impl MailProperties {
    fn open(container: &mut OleContainer<'_>, folder: &MailFolder) -> Result<Self, String> {
        let stream = format!("{}{PROPERTIES_STREAM}", folder.path);
        let mut fixed_properties = container.stream(&stream)?.unwrap_or_default();
        let is_attached = folder.nesting_depth > 0;
        let header_bytes = if is_attached {
            ATTACHED_MAIL_PROPERTIES_HEADER_BYTES
        } else {
            PROPERTIES_HEADER_BYTES
        };
        fixed_properties.drain(..header_bytes.min(fixed_properties.len()));
        let mut properties = Self { folder: folder.clone(), fixed_properties, encoding: None };
        properties.encoding = properties.encoding_by_code_page(CODE_PAGE_PROPERTY).or_else(|| {
            properties.fixed_property_u32(LANGUAGE_PROPERTY).map(windows_encoding_of_language)
        });
        Ok(properties)
    }

    /// Returns a document with the plain text of the mail. If the mail has no plain text, returns a document with its
    /// HTML.
    fn read_body(&self, id: &str, container: &mut OleContainer<'_>) -> Result<Document, String> {
        let text = self.text(container, "", TEXT_PROPERTY)?;
        if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
            return Ok(Document::new(id, text.replace("\r\n", "\n").replace('\r', "\n")));
        }
        let markup =
            container.stream(&self.stream_name("", HTML_PROPERTY, BINARY_PROPERTY_TYPE))?;
        let blocks = match markup {
            Some(markup) => {
                let encoding =
                    self.encoding_by_code_page(HTML_CODE_PAGE_PROPERTY).or(self.encoding);
                html::read_fragment(&encoding::decode_with_declared_encoding(&markup, encoding))?
            }
            None => BlockBuilder::default(),
        };
        let mut document = Document::new(id, blocks.text);
        (document.blocks, document.left_out) = (blocks.blocks, blocks.left_out);
        Ok(document)
    }

    /// Fills title, date, issuer and further metadata. The sender is the issuer only if the name is that of an
    /// organization.
    fn fill_metadata(
        &self,
        document: &mut Document,
        container: &mut OleContainer<'_>,
    ) -> Result<(), String> {
        if let Some(subject) = self.text(container, "", SUBJECT_PROPERTY)? {
            document.fill_field(MetadataField::Title, &subject, "mail Subject");
        }
        for (number, key) in METADATA_PROPERTIES {
            let value = self.text(container, "", number)?;
            let Some(value) = value.filter(|value| !value.trim().is_empty()) else { continue };
            if number == SENDER_NAME_PROPERTY && organization::is_organization_name(value.trim()) {
                document.fill_field(MetadataField::Issuer, &value, "mail From");
            }
            document.metadata.insert(key.to_owned(), value.trim().to_owned());
        }
        if let Some(date) =
            SENT_AND_RECEIVED_TIME_PROPERTIES.iter().find_map(|number| self.date(*number))
        {
            document.fill_field(MetadataField::Date, &date.to_string(), "mail Date");
        }
        Ok(())
    }

    fn read_attachments(
        &self,
        id: &str,
        container: &mut OleContainer<'_>,
    ) -> Result<Vec<ContainedItem>, String> {
        let (mut attachments, mut names) = (Vec::new(), BTreeSet::new());
        for index in 0..MAX_ATTACHMENTS {
            let attachment = format!("__attach_version1.0_#{index:08X}/");
            let path = format!("{}{attachment}", self.folder.path);
            if !container.file.is_storage(path.trim_end_matches('/')) {
                break;
            }
            let mut name = None;
            for number in ATTACHMENT_NAME_PROPERTIES {
                name = name.or(self.text(container, &attachment, number)?);
            }
            let name = name.filter(|name| !name.trim().is_empty());
            let mail_path =
                self.stream_name(&attachment, ATTACHED_CONTENT_PROPERTY, OBJECT_PROPERTY_TYPE);
            if container.file.is_stream(format!("{mail_path}/{PROPERTIES_STREAM}")) {
                let name = unique_file_name(&mut names, name.as_deref().unwrap_or("attached.msg"));
                let folder = MailFolder {
                    path: format!("{mail_path}/"),
                    nesting_depth: self.folder.nesting_depth + 1,
                };
                attachments.extend(read_attached_mail(&format!("{id}/{name}"), container, &folder));
                continue;
            }
            let stream =
                self.stream_name(&attachment, ATTACHED_CONTENT_PROPERTY, BINARY_PROPERTY_TYPE);
            if let Some((name, content)) = name.zip(container.stream(&stream)?) {
                let path = unique_file_name(&mut names, name.trim());
                attachments.push(ContainedItem::File { path, content: Ok(content) });
            }
        }
        Ok(attachments)
    }

    /// Returns the name of the stream of a property in a subfolder of the mail. `kind` is the type of the property.
    fn stream_name(&self, subfolder: &str, number: u16, kind: u16) -> String {
        format!("{}{subfolder}__substg1.0_{number:04X}{kind:04X}", self.folder.path)
    }

    /// Returns the text of a property, which is stored in UTF-16 or in the code page of the mail.
    fn text(
        &self,
        container: &mut OleContainer<'_>,
        subfolder: &str,
        property: u16,
    ) -> Result<Option<String>, String> {
        if let Some(bytes) =
            container.stream(&self.stream_name(subfolder, property, UTF16_TEXT_PROPERTY_TYPE))?
        {
            let text = utf16_text(&bytes);
            return Ok(Some(text.trim_end_matches('\0').to_owned()));
        }
        let bytes = container.stream(&self.stream_name(
            subfolder,
            property,
            CODE_PAGE_TEXT_PROPERTY_TYPE,
        ))?;
        Ok(bytes.map(|bytes| encoding::decode_with_declared_encoding(&bytes, self.encoding)))
    }

    /// Returns the 64 bits of the value of a property of fixed size. `number` is the number and type of the property.
    fn fixed_property_bits(&self, number: u32) -> Option<u64> {
        let mut properties = self.fixed_properties.chunks_exact(FIXED_PROPERTY_BYTES);
        let property = properties.find(|property| property.starts_with(&number.to_le_bytes()))?;
        Some(u64::from_le_bytes(property.get(8..16)?.try_into().ok()?))
    }

    /// Returns the lower 32 bits of the value of a property of fixed size. `number` is the number and type of the
    /// property.
    fn fixed_property_u32(&self, number: u32) -> Option<u32> {
        Some((self.fixed_property_bits(number)? & u64::from(u32::MAX)) as u32)
    }

    fn encoding_by_code_page(&self, number: u32) -> Option<&'static Encoding> {
        encoding_of_code_page(i32::try_from(self.fixed_property_u32(number)?).ok()?)
    }

    /// Returns the day, in UTC, of a property whose value is a time. `number` is the number and type of the property.
    fn date(&self, number: u32) -> Option<Date> {
        Date::from_julian_day(
            JULIAN_DAY_OF_TIME_EPOCH + self.fixed_property_bits(number)? / TIME_UNITS_PER_DAY,
        )
    }
}

/// Reads a mail that is attached to a mail.
fn read_attached_mail(
    id: &str,
    container: &mut OleContainer<'_>,
    folder: &MailFolder,
) -> Vec<ContainedItem> {
    if folder.nesting_depth > MAX_NESTED_MAILS {
        let reason = format!("is attached to more than {MAX_NESTED_MAILS} mails inside each other");
        return unreadable_mail(id, reason);
    }
    read_mail(id, container, folder).unwrap_or_else(|reason| unreadable_mail(id, reason))
}
