//! Parses XML as a stream of elements and texts, without building a tree.
//!
//! Drops the entities that a file declares, and limits the nesting depth, so that no file can
//! exhaust memory or the stack.

use std::borrow::Cow;

use quick_xml::{
    XmlVersion,
    events::{BytesStart, Event},
    reader::Reader,
};

/// Maximum nesting depth of elements.
const MAX_ELEMENT_DEPTH: usize = 1_000;

/// Event of the parser: the start or the end of an element, or a text. Element names have no
/// namespace prefix.
#[derive(Debug)]
pub(super) enum XmlEvent<'a> {
    Open(&'a str, Attributes<'a>),
    Close(&'a str),
    Text(&'a str),
}

/// Attributes of an element.
#[derive(Debug)]
pub(super) struct Attributes<'a>(&'a BytesStart<'a>);

impl Attributes<'_> {
    /// Returns the value of the attribute with the local name `name`, whatever its namespace
    /// prefix.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        let mut attributes = self.0.attributes().flatten();
        let attribute = attributes.find(|a| a.key.local_name().as_ref() == name)?;
        Some(attribute.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned())
    }

    /// Returns the value of the attribute with the local name `name` and any namespace prefix. Ignores an attribute
    /// without prefix.
    #[cfg(feature = "docx")]
    pub(super) fn value_of_prefixed_attribute(&self, name: &str) -> Option<String> {
        let mut attributes = self.0.attributes().flatten();
        let attribute =
            attributes.find(|a| a.key.local_name().as_ref() == name && a.key.prefix().is_some())?;
        Some(attribute.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned())
    }

    /// Returns the value of the attribute `val`, which holds the value of most elements in Word files.
    #[cfg(feature = "docx")]
    pub(super) fn val(&self) -> Option<String> {
        self.get("val")
    }

    /// Returns whether the element sets a Boolean property of a Word file to true. The attribute `val` states the
    /// value. An element without this attribute sets the property to true.
    #[cfg(feature = "docx")]
    pub(super) fn sets_property_to_true(&self) -> bool {
        !matches!(self.val().as_deref(), Some("0" | "false" | "off" | "none"))
    }
}

/// Parses an XML file, and calls `visit` with each event in order.
///
/// # Errors
///
/// Returns the reason if the file is not well-formed, is nested too deeply, or is neither UTF-8 nor UTF-16.
pub(super) fn for_each_event(
    xml: &[u8],
    mut visit: impl FnMut(XmlEvent<'_>),
) -> Result<(), String> {
    let text = decode_xml(xml)?;
    let mut reader = Reader::from_str(&text);
    let mut depth = 0_usize;
    loop {
        let event = reader.read_event();
        match event.map_err(|e| format!("byte {}: {e}", reader.error_position()))? {
            Event::Start(start) => {
                depth += 1;
                if depth > MAX_ELEMENT_DEPTH {
                    return Err(format!("elements are nested deeper than {MAX_ELEMENT_DEPTH}"));
                }
                visit(XmlEvent::Open(start.local_name().as_ref(), Attributes(&start)));
            }
            Event::Empty(empty) => {
                let name = empty.local_name();
                visit(XmlEvent::Open(name.as_ref(), Attributes(&empty)));
                visit(XmlEvent::Close(name.as_ref()));
            }
            Event::End(end) => {
                depth = depth.saturating_sub(1);
                visit(XmlEvent::Close(end.local_name().as_ref()));
            }
            Event::Text(text) => visit(XmlEvent::Text(&text.xml10_content())),
            Event::CData(data) => visit(XmlEvent::Text(&data.xml10_content())),
            Event::GeneralRef(reference) => {
                let predefined_text = quick_xml::escape::resolve_predefined_entity(&reference);
                if let Some(text) = predefined_text {
                    visit(XmlEvent::Text(text));
                } else if let Ok(Some(c)) = reference.resolve_char_ref() {
                    visit(XmlEvent::Text(c.encode_utf8(&mut [0; 4])));
                }
            }
            Event::Eof if depth > 0 => return Err("ends in the middle of an element".to_owned()),
            Event::Eof => return Ok(()),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
}

/// Decodes XML as UTF-16 if it begins with a byte order mark of UTF-16, and as UTF-8 in all other
/// cases.
fn decode_xml(xml: &[u8]) -> Result<Cow<'_, str>, String> {
    match xml {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => {
            let (text, _, has_errors) = encoding_rs::UTF_16LE.decode(xml);
            if has_errors {
                Err("is not UTF-16, although its byte order mark says so".to_owned())
            } else {
                Ok(text)
            }
        }
        _ => std::str::from_utf8(xml)
            .map(Cow::Borrowed)
            .map_err(|e| format!("is not UTF-8 (byte {})", e.valid_up_to())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed_events(xml: &[u8]) -> Result<String, String> {
        let mut written_events = String::new();
        for_each_event(xml, |event| match event {
            XmlEvent::Open(name, attributes) => {
                let val = attributes.get("val").map(|val| format!("={val}")).unwrap_or_default();
                written_events.extend(["<", name, &val]);
            }
            XmlEvent::Close(name) => written_events.extend([name, ">"]),
            XmlEvent::Text(text) => written_events.push_str(text),
        })?;
        Ok(written_events)
    }

    #[test]
    fn xml_files_become_events_or_errors() {
        let utf16: Vec<u8> =
            "\u{FEFF}<a>中</a>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let deep = |depth: usize| "<a>".repeat(depth).into_bytes();
        let bomb = format!(
            "<!DOCTYPE a [<!ENTITY x \"{}\"><!ENTITY y \"&x;&x;&x;\">]><a>&y;&#x4E2D;</a>",
            "x".repeat(1_000)
        );
        let cases: [(&[u8], Result<&str, &str>); 9] = [
            (b"<w:a w:val='1 &lt;'>x &amp; &#65;<b/></w:a>", Ok("<a=1 <x & A<bb>a>")),
            (b"<a><![CDATA[<x>]]></a>", Ok("<a<x>a>")),
            (&utf16, Ok("<a中a>")),
            (bomb.as_bytes(), Ok("<a中a>")),
            (b"<a>", Err("ends in the middle")),
            (b"<a></b>", Err("byte")),
            (b"<a x", Err("byte")),
            (b"\x80", Err("is not UTF-8")),
            (&deep(200_000), Err("nested deeper")),
        ];
        for (xml, expected) in cases {
            let xml_start = String::from_utf8_lossy(xml.get(..20).unwrap_or(xml)).into_owned();
            match (printed_events(xml), expected) {
                (Ok(actual), Ok(expected)) => assert_eq!(actual, expected, "{xml_start}"),
                (Err(actual), Err(expected)) => assert!(actual.contains(expected), "{actual}"),
                (actual, expected) => panic!("{xml_start}: {actual:?}, not {expected:?}"),
            }
        }
    }
}
