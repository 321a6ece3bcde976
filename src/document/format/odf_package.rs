//! Reads the content and the properties of an OpenDocument file: a package, or a flat XML file.

use std::{borrow::Cow, collections::BTreeMap};

use super::{
    archive::Package,
    expansion::ArchiveLimits,
    xml::{XmlEvent, for_each_event},
};
use crate::document::limits::ReadLimits;

/// First bytes of a package, which is a zip archive.
pub(super) const PACKAGE_SIGNATURE: &[u8] = b"PK";

/// Returns the XML with the content of an OpenDocument file: a member of the package, or the whole flat file.
/// `content_name` is the name of the content in the error message.
pub(super) fn content_xml<'a>(
    bytes: &'a [u8],
    limits: ReadLimits,
    content_name: &str,
) -> Result<Cow<'a, [u8]>, String> {
    if !bytes.starts_with(PACKAGE_SIGNATURE) {
        return Ok(Cow::Borrowed(bytes));
    }
    let content = Package::open(bytes, ArchiveLimits::new(limits))?.member("content.xml")?;
    content
        .map(Cow::Owned)
        .ok_or_else(|| format!("contains no {content_name} of an OpenDocument file"))
}

/// Elements of `meta.xml` that become metadata, each with its metadata key.
const METADATA_ELEMENTS: [(&str, &str); 7] = [
    ("title", "title"),
    ("initial-creator", "creator"),
    ("creation-date", "created"),
    ("date", "modified"),
    ("subject", "subject"),
    ("keyword", "keywords"),
    ("description", "description"),
];

/// Returns the properties of the file, from `meta.xml` or from the beginning of a flat file; an empty map if they
/// cannot be read.
pub(super) fn read_properties(bytes: &[u8], limits: ReadLimits) -> BTreeMap<String, String> {
    let mut properties: BTreeMap<String, String> = BTreeMap::new();
    let meta = if bytes.starts_with(PACKAGE_SIGNATURE) {
        let package = Package::open(bytes, ArchiveLimits::new(limits));
        let meta = package.and_then(|mut package| package.member("meta.xml"));
        meta.ok().flatten().map(Cow::Owned)
    } else {
        Some(Cow::Borrowed(bytes))
    };
    let Some(xml) = meta else { return properties };
    let (mut open_property, mut is_ended) = (None, false);
    let parse_result = for_each_event(&xml, |event| match event {
        XmlEvent::Close("meta") => is_ended = true,
        _ if is_ended => {}
        XmlEvent::Open(name, _) => {
            open_property = METADATA_ELEMENTS.iter().find(|(element, _)| *element == name);
        }
        XmlEvent::Close(_) => open_property = None,
        XmlEvent::Text(text) => {
            if let Some((_, name)) = open_property {
                properties.entry((*name).to_owned()).or_default().push_str(text);
            }
        }
    });
    if parse_result.is_err() {
        properties.clear();
    }
    properties.retain(|_, value| !value.trim().is_empty());
    properties
}
