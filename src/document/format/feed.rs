//! Reads the entries of an RSS or Atom feed, each as one document.
//!
//! Entities that the feed declares are never expanded, because their expansion could exhaust
//! memory.

use std::{borrow::Cow, collections::BTreeMap};

use quick_xml::{
    Reader,
    escape::resolve_predefined_entity,
    events::{BytesRef, BytesStart, Event},
};

use super::html;
use crate::{
    document::{
        blocks::BlockBuilder,
        metadata::{
            fields::{self, MetadataField},
            organization,
        },
        model::{Document, unreadable},
    },
    error::Result,
};

/// Maximum size of a feed in bytes. All entries are in memory at the same time.
const MAX_FEED_BYTES: usize = 64 << 20;
/// Maximum nesting depth of elements.
const MAX_ELEMENT_DEPTH: usize = 512;
/// Maximum number of namespace prefixes of a feed.
const MAX_NAMESPACE_PREFIXES: usize = 100;
/// Maximum size of a field of an entry in bytes.
const MAX_ENTRY_FIELD_BYTES: usize = 16 << 20;

/// Escaped tags by which the text of an entry is known as HTML that was escaped once more.
const ESCAPED_END_TAGS: [&str; 6] =
    ["&lt;/p&gt;", "&lt;/div&gt;", "&lt;/li&gt;", "&lt;/a&gt;", "&lt;/strong&gt;", "&lt;br"];

/// Fields of an entry of the feed.
#[derive(Default)]
struct FeedEntry {
    id: String,
    title: String,
    link: String,
    date: String,
    /// Date of the last change of the entry.
    updated_date: String,
    authors: Vec<String>,
    /// Name of the other feed from which this feed took the entry.
    source: String,
    summary: String,
    content: String,
}

/// Reads the documents of a feed, in order. If the XML has an error, returns the documents before
/// the error, and the error.
pub(super) fn read(id: &str, xml: &str) -> Vec<Result<Document>> {
    if xml.len() > MAX_FEED_BYTES {
        return vec![Err(unreadable(
            id,
            format!("is a feed of more than {} MiB", MAX_FEED_BYTES >> 20),
        ))];
    }
    let (entries, error) = parse_entries(xml);
    let mut documents: Vec<Result<Document>> = entries
        .into_iter()
        .enumerate()
        .map(|(index, entry)| {
            let stated_id = [&entry.id, &entry.link].into_iter().find(|id| !id.is_empty());
            let entry_id = stated_id.cloned().unwrap_or_else(|| (index + 1).to_string());
            let id = format!("{id}:{entry_id}");
            document_of_feed_entry(&id, &entry).map_err(|reason| unreadable(&id, reason))
        })
        .collect();
    if let Some(reason) = error {
        documents.push(Err(unreadable(id, reason)));
    } else if documents.is_empty() {
        documents.push(Err(unreadable(id, "is a feed without entries")));
    }
    documents
}

/// Parses the entries of a feed up to the first error. Returns the entries, and the error if there
/// is one.
fn parse_entries(xml: &str) -> (Vec<FeedEntry>, Option<String>) {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_dangling_amp = true;
    let mut entries: Vec<FeedEntry> = Vec::new();
    let mut path: Vec<String> = Vec::new();
    let mut namespaces = Namespaces::default();
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                path.push(namespaces.element_name(&tag));
                if path.len() > MAX_ELEMENT_DEPTH {
                    return (
                        entries,
                        Some(format!("is XML nested deeper than {MAX_ELEMENT_DEPTH}")),
                    );
                }
                open_element(&tag, &path, &mut entries);
            }
            Ok(Event::Empty(tag)) => {
                path.push(namespaces.element_name(&tag));
                open_element(&tag, &path, &mut entries);
                path.pop();
            }
            Ok(Event::End(_)) => {
                if is_inline_markup(&path) {
                    let name = path.last().map_or("", String::as_str);
                    add_text(&path, &mut entries, &format!("</{name}>"));
                }
                path.pop();
            }
            Ok(Event::Text(text)) => add_text(&path, &mut entries, &text),
            Ok(Event::CData(text)) => add_text(&path, &mut entries, &text),
            Ok(Event::GeneralRef(entity)) => {
                add_text(&path, &mut entries, &resolve_entity(&entity));
            }
            Ok(Event::Eof) => return (entries, None),
            Ok(_) => {}
            Err(error) => {
                let position = reader.error_position();
                return (entries, Some(format!("is broken XML at byte {position}: {error}")));
            }
        }
    }
}

fn open_element(tag: &BytesStart<'_>, path: &[String], entries: &mut Vec<FeedEntry>) {
    if is_inline_markup(path) {
        let name = path.last().map_or("", String::as_str);
        return add_text(path, entries, &format!("<{name}>"));
    }
    match path.last().map(String::as_str) {
        Some("item" | "entry") => entries.push(FeedEntry::default()),
        Some("author" | "creator" | "publisher")
            if index_of_entry_element(path).is_some_and(|depth| path.len() == depth + 2) =>
        {
            entries.last_mut().into_iter().for_each(|entry| entry.authors.push(String::new()));
        }
        // In Atom, the attribute `href` contains the URL of an entry.
        Some("link") if path.len() > 1 => {
            let attribute = |name: &str| {
                let attribute = tag.try_get_attribute(name).ok().flatten()?;
                Some(attribute.value.replace("&amp;", "&"))
            };
            let is_alternate = attribute("rel").is_none_or(|rel| rel == "alternate");
            if let Some(url) = attribute("href").filter(|_| is_alternate) {
                add_text(path, entries, &url);
            }
        }
        _ => {}
    }
}

/// Returns the index in `path` of the entry element (`item` or `entry`); `None` if no entry is
/// open. `path` contains the names of the open elements.
fn index_of_entry_element(path: &[String]) -> Option<usize> {
    path.iter().position(|name| matches!(name.as_str(), "item" | "entry"))
}

/// Returns whether the innermost element of `path` is a markup element, such as `p`, inside the
/// text of an entry.
fn is_inline_markup(path: &[String]) -> bool {
    index_of_entry_element(path).is_some_and(|depth| {
        let field_name = path.get(depth + 1).map(String::as_str);
        path.len() > depth + 2
            && matches!(field_name, Some("content" | "encoded" | "summary" | "description"))
    })
}

/// Adds text to a field of the last entry. The names in `path` determine the field.
fn add_text(path: &[String], entries: &mut [FeedEntry], text: &str) {
    let Some(depth) = index_of_entry_element(path) else { return };
    let (Some(name), Some(entry)) = (path.get(depth + 1), entries.last_mut()) else { return };
    let child = path.get(depth + 2).map(String::as_str);
    let field = match name.as_str() {
        "guid" | "id" => &mut entry.id,
        "title" => &mut entry.title,
        "link" => &mut entry.link,
        "pubdate" | "published" | "date" | "issued" => &mut entry.date,
        "updated" | "modified" => &mut entry.updated_date,
        "author" | "creator" | "publisher" if matches!(child, None | Some("name")) => {
            match entry.authors.last_mut() {
                Some(author) => author,
                None => return,
            }
        }
        "source" if matches!(child, None | Some("title")) => &mut entry.source,
        "summary" | "description" => &mut entry.summary,
        "content" | "encoded" => &mut entry.content,
        _ => return,
    };
    if field.len() + text.len() <= MAX_ENTRY_FIELD_BYTES {
        field.push_str(text);
    }
}

fn document_of_feed_entry(id: &str, entry: &FeedEntry) -> Result<Document, String> {
    let mut document = Document::new(id, String::new());
    // Many feeds escape the markup in titles twice, so the title is parsed as HTML.
    let title = html::read_fragment(&entry.title)?;
    document.fill_field(MetadataField::Title, &title.text, "feed");
    document.fill_field(MetadataField::Url, &entry.link, "feed");
    document.fill_field(MetadataField::Date, &entry.date, "feed");
    document.fill_field(MetadataField::Date, &entry.updated_date, "feed updated");
    document.fill_field(MetadataField::Issuer, &entry.source, "feed source");
    fill_authors(&mut document, &entry.authors);
    let body_candidates = [&entry.content, &entry.summary];
    let body =
        body_candidates.into_iter().find(|text| !text.trim().is_empty()).unwrap_or(&entry.title);
    let mut blocks = BlockBuilder::default();
    html::read_text_or_html(&without_superfluous_escapes(body), &mut blocks)?;
    if blocks.blocks.is_empty() {
        return Err("has neither text nor title".to_owned());
    }
    (document.text, document.blocks) = (blocks.text, blocks.blocks);
    document.left_out = blocks.left_out;
    Ok(document)
}

/// Returns the text of an entry without a second layer of escapes, as some feeds write it: `<![CDATA[` around the text,
/// or HTML whose tags are escaped once more.
fn without_superfluous_escapes(text: &str) -> Cow<'_, str> {
    let trimmed_text = text.trim();
    let inner_text = trimmed_text
        .strip_prefix("<![CDATA[")
        .map(|inner_text| inner_text.strip_suffix("]]>").unwrap_or(inner_text));
    let text = inner_text.unwrap_or(text);
    let has_escaped_tags = !text.contains('<')
        && ESCAPED_END_TAGS.iter().any(|escaped_tag| text.contains(escaped_tag));
    if !has_escaped_tags {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        text.replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&amp;", "&"),
    )
}

/// Fills the issuer with the authors that are organizations. The other authors, such as `webmaster` and persons, become
/// metadata.
fn fill_authors(document: &mut Document, authors: &[String]) {
    let authors = authors.iter().map(|author| author.trim()).filter(|author| !author.is_empty());
    let (organizations, others): (Vec<String>, Vec<String>) =
        authors.map(str::to_owned).partition(|author| organization::is_organization_name(author));
    let issuer = fields::joined_values("issuer", &organizations);
    document.fill_field(MetadataField::Issuer, &issuer, "feed");
    if !others.is_empty() {
        document.metadata.insert("author".to_owned(), others.join(", "));
    }
}

/// Namespaces of the elements that are read, without the scheme. Elements of other namespaces may have equal local
/// names but another meaning: elements of Media RSS describe pictures.
const NAMESPACES_OF_READ_ELEMENTS: [&str; 6] = [
    "www.w3.org/2005/atom",
    "www.w3.org/1999/xhtml",
    "purl.org/rss/1.0/",
    "purl.org/rss/1.0/modules/content/",
    "purl.org/dc/elements/1.1/",
    "purl.org/dc/terms/",
];
/// Namespace prefixes that usually denote the [`NAMESPACES_OF_READ_ELEMENTS`], for feeds that do not declare them.
const USUAL_NAMESPACE_PREFIXES: [&str; 6] = ["atom", "xhtml", "rss", "content", "dc", "dcterms"];

/// Namespace prefixes that a feed declares.
#[derive(Default)]
struct Namespaces {
    /// For each declared prefix: whether elements with this prefix are read.
    declared_prefixes: BTreeMap<String, bool>,
}

impl Namespaces {
    /// Returns the name of a tag in lower case. The name keeps its prefix if elements of its namespace are not read.
    fn element_name(&mut self, tag: &BytesStart<'_>) -> String {
        for attribute in tag.attributes().flatten() {
            let name: &str = attribute.key.as_ref();
            if let Some(prefix) = name.strip_prefix("xmlns:")
                && self.declared_prefixes.len() < MAX_NAMESPACE_PREFIXES
            {
                let address = attribute.value.to_lowercase();
                let address = address.split_once("://").map_or(&*address, |(_, address)| address);
                self.declared_prefixes
                    .insert(prefix.to_owned(), NAMESPACES_OF_READ_ELEMENTS.contains(&address));
            }
        }
        let full_name: &str = tag.name().into_inner();
        let name = match full_name.split_once(':') {
            Some((prefix, local_name)) if self.is_prefix_of_read_elements(prefix) => local_name,
            _ => full_name,
        };
        name.to_lowercase()
    }

    /// Returns whether elements with this namespace prefix are read.
    fn is_prefix_of_read_elements(&self, prefix: &str) -> bool {
        let declared = self.declared_prefixes.get(prefix).copied();
        declared.unwrap_or_else(|| USUAL_NAMESPACE_PREFIXES.contains(&prefix))
    }
}

/// Returns the text of a predefined or numeric entity. Returns any other entity unchanged, because
/// the HTML parser resolves it.
fn resolve_entity(entity: &BytesRef<'_>) -> String {
    let name: &str = entity;
    if let Some(text) = resolve_predefined_entity(name) {
        return text.to_owned();
    }
    let character = entity.resolve_char_ref().ok().flatten();
    character.map_or_else(|| format!("&{name};"), String::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns one line for each document, with id, title, date and blocks.
    fn printed_documents(xml: &str) -> Vec<String> {
        read("f", xml)
            .into_iter()
            .map(|document| match document {
                Ok(document) => {
                    let blocks: Vec<_> =
                        document.blocks.iter().map(|block| block.span.of(&document.text)).collect();
                    let date = document.date.map(|date| date.to_string()).unwrap_or_default();
                    let title = document.title.clone().unwrap_or_default();
                    format!("{} {title} {date} {}", document.id, blocks.join("/"))
                }
                Err(error) => error.to_string(),
            })
            .collect()
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
            (
                "<rss xmlns:media='http://search.yahoo.com/mrss/'><item><guid>1</guid><title>A</title>\
                 <media:title>a.png</media:title><description>Text</description>\
                 <media:content><media:title>Picture</media:title></media:content></item></rss>",
                &["f:1 A  Text"][..],
            ),
            (
                "<rss><item><title>A</title><description>The port&amp;#8217;s &lt;em&gt;Review&lt;/em&gt; is out.\n\nTwo</description></item></rss>",
                &["f:1 A  The port’s Review is out./Two"][..],
            ),
            (
                "<rss><item><title>Q&A</title><link>http://a/?b=1&c=2</link><description>Fees & dues, Q&A.</description></item>\
                 <item><guid>2</guid><title>B</title><description>Two</description></item></rss>",
                &["f:http://a/?b=1&c=2 Q&A  Fees & dues, Q&A.", "f:2 B  Two"][..],
            ),
            (
                "<rss><item><title>A</title><description>&lt;![CDATA[&lt;p&gt;One&lt;/p&gt;]]&gt;</description></item>\
                 <item><title>B</title><description>&amp;lt;p&amp;gt;Q&amp;amp;A&amp;lt;/p&amp;gt;</description></item>\
                 <item><title>C</title><description>The tag &amp;lt;p&amp;gt; is new.</description></item></rss>",
                &["f:1 A  One", "f:2 B  Q&A", "f:3 C  The tag <p> is new."][..],
            ),
            ("<rss><channel></channel></rss>", &["f: is a feed without entries"][..]),
        ] {
            assert_eq!(printed_documents(xml), expected, "{xml}");
        }
    }

    #[test]
    fn source_or_authors_are_the_issuer() {
        for (fields, expected) in [
            (
                "<author><name>Li Wei</name><uri>http://a</uri></author><author><name>Office of Ports</name></author>",
                Some("Office of Ports"),
            ),
            (
                "<author><name>Li Wei</name></author><source><id>urn:x</id><title>Office of Ports</title><updated>2026-11-23</updated></source>",
                Some("Office of Ports"),
            ),
            ("<dc:creator>Office of Ports</dc:creator>", Some("Office of Ports")),
            ("<dc:creator>webmaster</dc:creator>", None),
            ("<author><name>Li Wei</name></author>", None),
            ("<media:credit>Li Wei</media:credit>", None),
        ] {
            let xml = format!("<feed><entry><title>A</title>{fields}</entry></feed>");
            let document = read("f", &xml).remove(0).unwrap();
            assert_eq!(document.issuer.as_deref(), expected, "{fields}");
        }
    }

    #[test]
    fn declared_entities_are_not_expanded() {
        let declarations = ('a'..='y').zip('b'..='z').map(|(before, name)| {
            format!("<!ENTITY {name} \"{}\">", format!("&{before};").repeat(10))
        });
        let declarations = declarations.collect::<Vec<_>>().concat();
        let xml = format!(
            "<!DOCTYPE rss [<!ENTITY a \"aaaaaaaaaa\">{declarations}]>\
             <rss><item><title>T &z;</title><description>Text</description></item></rss>"
        );
        assert_eq!(printed_documents(&xml), ["f:1 T &z;  Text"]);
    }

    #[test]
    fn deeply_nested_elements_are_an_error() {
        let lines =
            printed_documents(&format!("<rss><item><title>A</title>{}", "<a>".repeat(1_000)));
        assert_eq!(lines, ["f:1 A  A", "f: is XML nested deeper than 512"]);
    }

    #[test]
    fn entries_before_broken_xml_are_read() {
        let lines = printed_documents(
            "<rss><item><guid>1</guid><title>A</title></item><item><title>B</title><a <",
        );
        assert_eq!(lines.len(), 3, "{lines:?}");
        assert!(lines[0].starts_with("f:1 A") && lines[2].contains("broken XML"), "{lines:?}");
    }
}
