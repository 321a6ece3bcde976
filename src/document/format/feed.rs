//! An RSS or Atom feed → documents, one an entry.
//!
//! Entities that a feed declares are never expanded, so that none of them can grow.

use quick_xml::{
    Reader,
    escape::resolve_predefined_entity,
    events::{BytesRef, BytesStart, Event},
};

use super::html;
use crate::{
    document::{Document, blocks::BlockBuilder, metadata::fields::MetadataField, unreadable},
    error::Result,
};

/// All entries are held at once.
const MAX_BYTES: usize = 64 << 20;
const MAX_DEPTH: usize = 512;
/// A field of an entry is no longer.
const MAX_FIELD_BYTES: usize = 16 << 20;

/// What has been read of an entry.
#[derive(Default)]
struct Entry {
    id: String,
    title: String,
    link: String,
    date: String,
    updated: String,
    author: String,
    summary: String,
    content: String,
}

/// The documents in a feed, in its order.
pub(in crate::document) fn read(id: &str, xml: &str) -> Vec<Result<Document>> {
    if xml.len() > MAX_BYTES {
        return vec![Err(unreadable(
            id,
            format!("is a feed of more than {} MiB", MAX_BYTES >> 20),
        ))];
    }
    let (entries, problem) = entries(xml);
    let mut documents: Vec<Result<Document>> = entries
        .into_iter()
        .enumerate()
        .map(|(index, entry)| {
            let own = [&entry.id, &entry.link].into_iter().find(|own| !own.is_empty());
            let id = format!("{id}:{}", own.cloned().unwrap_or_else(|| (index + 1).to_string()));
            document(&id, &entry).map_err(|reason| unreadable(&id, reason))
        })
        .collect();
    if let Some(problem) = problem {
        documents.push(Err(unreadable(id, problem)));
    } else if documents.is_empty() {
        documents.push(Err(unreadable(id, "is a feed without entries".to_owned())));
    }
    documents
}

/// The entries that could be read, and why not all could.
fn entries(xml: &str) -> (Vec<Entry>, Option<String>) {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = false;
    let mut entries: Vec<Entry> = Vec::new();
    let mut path: Vec<String> = Vec::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                path.push(local(&tag));
                if path.len() > MAX_DEPTH {
                    return (entries, Some(format!("is XML nested deeper than {MAX_DEPTH}")));
                }
                begin(&tag, &path, &mut entries);
            }
            Ok(Event::Empty(tag)) => {
                path.push(local(&tag));
                begin(&tag, &path, &mut entries);
                path.pop();
            }
            Ok(Event::End(_)) => {
                if is_markup_of_text(&path) {
                    let name = path.last().map_or("", String::as_str);
                    add(&path, &mut entries, &format!("</{name}>"));
                }
                path.pop();
            }
            Ok(Event::Text(text)) => add(&path, &mut entries, &text),
            Ok(Event::CData(text)) => add(&path, &mut entries, &text),
            Ok(Event::GeneralRef(entity)) => add(&path, &mut entries, &resolved(&entity)),
            Ok(Event::Eof) => return (entries, None),
            Ok(_) => {}
            Err(error) => {
                let place = reader.error_position();
                return (entries, Some(format!("is broken XML at byte {place}: {error}")));
            }
        }
    }
}

fn begin(tag: &BytesStart<'_>, path: &[String], entries: &mut Vec<Entry>) {
    if is_markup_of_text(path) {
        let name = path.last().map_or("", String::as_str);
        return add(path, entries, &format!("<{name}>"));
    }
    match path.last().map(String::as_str) {
        Some("item" | "entry") => entries.push(Entry::default()),
        // The address of an entry in Atom is an attribute.
        Some("link") => {
            let value = |name: &str| {
                let attribute = tag.try_get_attribute(name).ok().flatten()?;
                Some(attribute.value.replace("&amp;", "&"))
            };
            let other = value("rel").is_some_and(|rel| rel != "alternate");
            if let (Some(address), false, Some(_)) =
                (value("href"), other, path.iter().rev().nth(1))
            {
                add(path, entries, &address);
            }
        }
        _ => {}
    }
}

/// Whether the tag that is open stands inside the text of an entry, unescaped.
fn is_markup_of_text(path: &[String]) -> bool {
    let place = path.iter().position(|name| matches!(name.as_str(), "item" | "entry"));
    place.is_some_and(|place| {
        let field = path.get(place + 1).map(String::as_str);
        path.len() > place + 2
            && matches!(field, Some("content" | "encoded" | "summary" | "description"))
    })
}

/// Adds text to the field of the entry that is open.
fn add(path: &[String], entries: &mut [Entry], text: &str) {
    let Some(place) = path.iter().position(|name| matches!(name.as_str(), "item" | "entry")) else {
        return;
    };
    let (Some(name), Some(entry)) = (path.get(place + 1), entries.last_mut()) else { return };
    let field = match name.as_str() {
        "guid" | "id" => &mut entry.id,
        "title" => &mut entry.title,
        "link" => &mut entry.link,
        "pubdate" | "published" | "date" | "issued" => &mut entry.date,
        "updated" | "modified" => &mut entry.updated,
        "author" | "creator" | "source" | "publisher"
            if path.last().is_none_or(|last| last != "uri" && last != "email") =>
        {
            &mut entry.author
        }
        "summary" | "description" => &mut entry.summary,
        "content" | "encoded" => &mut entry.content,
        _ => return,
    };
    if field.len() + text.len() <= MAX_FIELD_BYTES {
        field.push_str(text);
    }
}

fn document(id: &str, entry: &Entry) -> Result<Document, String> {
    let mut document = Document::new(id, String::new());
    // Titles hold markup in many feeds, escaped once more.
    let title = html::part(&entry.title)?;
    document.fill_field(MetadataField::Title, &title.text, "feed");
    document.fill_field(MetadataField::Url, &entry.link, "feed");
    document.fill_field(MetadataField::Date, &entry.date, "feed");
    document.fill_field(MetadataField::Date, &entry.updated, "feed updated");
    document.fill_field(MetadataField::Issuer, &entry.author, "feed");
    let body = [&entry.content, &entry.summary].into_iter().find(|text| !text.trim().is_empty());
    let body = body.unwrap_or(&entry.title);
    let mut blocks = BlockBuilder::default();
    html::any(body, &mut blocks)?;
    if blocks.blocks.is_empty() {
        return Err("has neither text nor title".to_owned());
    }
    (document.text, document.blocks) = (blocks.text, blocks.blocks);
    Ok(document)
}

/// The name of a tag without its prefix, in lower case.
fn local(tag: &BytesStart<'_>) -> String {
    tag.local_name().as_ref().to_lowercase()
}

/// What an entity stands for, where XML itself knows it; others stay as they are written, and what is
/// HTML is resolved there.
fn resolved(entity: &BytesRef<'_>) -> String {
    let name: &str = entity;
    let known = resolve_predefined_entity(name).map(str::to_owned);
    let numbered = entity.resolve_char_ref().ok().flatten().map(String::from);
    known.or(numbered).unwrap_or_else(|| format!("&{name};"))
}

#[cfg(test)]
mod tests {

    fn read(xml: &str) -> Vec<String> {
        let shown = super::read("f", xml).into_iter().map(|document| match document {
            Ok(document) => {
                let blocks: Vec<_> =
                    document.blocks.iter().map(|block| block.span.of(&document.text)).collect();
                let date = document.date.map(|date| date.to_string()).unwrap_or_default();
                let title = document.title.clone().unwrap_or_default();
                format!("{} {title} {date} {}", document.id, blocks.join("/"))
            }
            Err(error) => error.to_string(),
        });
        shown.collect()
    }

    #[test]
    fn entries_are_documents() {
        for (xml, expected) in [
            (
                "<rss><channel><title>Site</title><item><title>A &amp;amp; B</title><link>http://a/1</link>\
                 <pubDate>Mon, 23 Nov 2026 10:00:00 GMT</pubDate>\
                 <description>&lt;p&gt;One&lt;/p&gt;&lt;p&gt;Two</description></item>\
                 <item><title>C</title><content:encoded><![CDATA[<h2>H</h2>Three]]></content:encoded></item></channel></rss>",
                &["f:http://a/1 A & B 2026-11-23 One/Two", "f:2 C  H/Three"][..],
            ),
            (
                "<feed xmlns='http://www.w3.org/2005/Atom'><id>feed</id><entry><id>urn:1</id><title>A</title>\
                 <link rel='self' href='http://a/self'/><link href='http://a/1'/><updated>2026-11-23T00:00:00Z</updated>\
                 <content type='xhtml'><div><p>One</p><p>Two &#169;</p></div></content></entry></feed>",
                &["f:urn:1 A 2026-11-23 One/Two ©"][..],
            ),
            ("<rss><channel></channel></rss>", &["f: is a feed without entries"][..]),
        ] {
            assert_eq!(read(xml), expected, "{xml}");
        }
    }

    #[test]
    fn a_bomb_of_entities_is_harmless() {
        let declared = ('a'..='y').zip('b'..='z').map(|(before, name)| {
            format!("<!ENTITY {name} \"{}\">", format!("&{before};").repeat(10))
        });
        let declared = declared.collect::<Vec<_>>().concat();
        let xml = format!(
            "<!DOCTYPE rss [<!ENTITY a \"aaaaaaaaaa\">{declared}]>\
             <rss><item><title>T &z;</title><description>Text</description></item></rss>"
        );
        assert_eq!(read(&xml), ["f:1 T &z;  Text"]);
    }

    #[test]
    fn nesting_is_bounded() {
        let read = read(&format!("<rss><item><title>A</title>{}", "<a>".repeat(1_000)));
        assert_eq!(read, ["f:1 A  A", "f: is XML nested deeper than 512"]);
    }

    #[test]
    fn what_comes_before_broken_xml_is_read() {
        let read =
            read("<rss><item><guid>1</guid><title>A</title></item><item><title>B</title><a <");
        assert_eq!(read.len(), 3, "{read:?}");
        assert!(read[0].starts_with("f:1 A") && read[2].contains("broken XML"), "{read:?}");
    }
}
