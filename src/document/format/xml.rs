//! The bytes of an XML file → its elements and texts, one by one: no tree, no entities of its own, and
//! no more than so deep.

use std::borrow::Cow;

use quick_xml::{
    XmlVersion,
    events::{BytesStart, Event},
    reader::Reader,
};

/// No file that people write is nested so deep.
const MAX_DEPTH: usize = 1_000;

/// What comes next in an XML file; names are without prefix.
#[derive(Debug)]
pub(in crate::document) enum Piece<'a> {
    Open(&'a str, Attributes<'a>),
    Close(&'a str),
    Text(&'a str),
}

/// The attributes of an element.
#[derive(Debug)]
pub(in crate::document) struct Attributes<'a>(&'a BytesStart<'a>);

impl Attributes<'_> {
    /// The value of the attribute of this name, whatever its prefix.
    pub(in crate::document) fn get(&self, name: &str) -> Option<String> {
        let found = self.0.attributes().flatten().find(|a| a.key.local_name().as_ref() == name)?;
        Some(found.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned())
    }

    /// The attribute `val`, which says in Word files what an element is about.
    #[cfg(feature = "docx")]
    pub(in crate::document) fn val(&self) -> Option<String> {
        self.get("val")
    }

    /// Whether a property that is there is switched on, as it is unless its `val` says otherwise.
    #[cfg(feature = "docx")]
    pub(in crate::document) fn is_on(&self) -> bool {
        !matches!(self.val().as_deref(), Some("0" | "false" | "off" | "none"))
    }
}

/// Tells `visit` of every piece of `xml`, in order.
///
/// Entities that the file defines for itself are left out, so none of them can expand.
pub(in crate::document) fn walk(
    xml: &[u8],
    mut visit: impl FnMut(Piece<'_>),
) -> Result<(), String> {
    let text = decoded(xml)?;
    let mut reader = Reader::from_str(&text);
    let mut depth = 0_usize;
    loop {
        let event = reader.read_event();
        match event.map_err(|e| format!("byte {}: {e}", reader.error_position()))? {
            Event::Start(start) => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(format!("elements are nested deeper than {MAX_DEPTH}"));
                }
                visit(Piece::Open(start.local_name().as_ref(), Attributes(&start)));
            }
            Event::Empty(empty) => {
                let name = empty.local_name();
                visit(Piece::Open(name.as_ref(), Attributes(&empty)));
                visit(Piece::Close(name.as_ref()));
            }
            Event::End(end) => {
                depth = depth.saturating_sub(1);
                visit(Piece::Close(end.local_name().as_ref()));
            }
            Event::Text(text) => visit(Piece::Text(&text.xml10_content())),
            Event::CData(data) => visit(Piece::Text(&data.xml10_content())),
            Event::GeneralRef(reference) => {
                let named = quick_xml::escape::resolve_predefined_entity(&reference);
                if let Some(text) = named {
                    visit(Piece::Text(text));
                } else if let Ok(Some(c)) = reference.resolve_char_ref() {
                    visit(Piece::Text(c.encode_utf8(&mut [0; 4])));
                }
            }
            Event::Eof if depth > 0 => return Err("ends in the middle of an element".to_owned()),
            Event::Eof => return Ok(()),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
}

/// XML is UTF-8 where it does not begin with the mark of UTF-16.
fn decoded(xml: &[u8]) -> Result<Cow<'_, str>, String> {
    let text = match xml {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => {
            let (text, _, broken) = encoding_rs::UTF_16LE.decode(xml);
            if broken {
                return Err("is not UTF-16 as it says".to_owned());
            }
            text
        }
        _ => Cow::Borrowed(
            std::str::from_utf8(xml)
                .map_err(|e| format!("is not UTF-8 (byte {})", e.valid_up_to()))?,
        ),
    };
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(xml: &[u8]) -> Result<String, String> {
        let mut out = String::new();
        walk(xml, |piece| match piece {
            Piece::Open(name, attributes) => {
                let val = attributes.get("val").map(|val| format!("={val}")).unwrap_or_default();
                out.extend(["<", name, &val]);
            }
            Piece::Close(name) => out.extend([name, ">"]),
            Piece::Text(text) => out.push_str(text),
        })?;
        Ok(out)
    }

    #[test]
    fn pieces_of_files() {
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
            let start = String::from_utf8_lossy(xml.get(..20).unwrap_or(xml)).into_owned();
            match (shown(xml), expected) {
                (Ok(found), Ok(expected)) => assert_eq!(found, expected, "{start}"),
                (Err(found), Err(expected)) => assert!(found.contains(expected), "{found}"),
                (found, expected) => panic!("{start}: {found:?}, not {expected:?}"),
            }
        }
    }
}
