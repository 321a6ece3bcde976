//! Reads an EPUB book as a document: the chapters in the order of the spine, read as HTML, and the
//! metadata of the package document.
//!
//! Names are those of the EPUB specification. The container file names the package document. The
//! manifest of the package document lists the files of the book, and its spine lists the chapters.

use std::collections::BTreeMap;

use super::{
    archive::Package,
    encoding,
    expansion::ArchiveLimits,
    html,
    xml::{XmlEvent, for_each_event},
};
use crate::{
    document::{
        blocks::BlockBuilder,
        limits::ReadLimits,
        metadata::fields::MetadataField,
        model::{BlockKind, Document},
    },
    error::Result,
};

/// Path of the container file in the archive of a book. The container file names the package document.
const CONTAINER_PATH: &str = "META-INF/container.xml";
/// Maximum number of chapters.
const MAX_CHAPTERS: usize = 10_000;
/// Number of blocks at the beginning of the book that are searched for a heading equal to the
/// title.
const MAX_TITLE_SEARCH_BLOCKS: usize = 8;

/// Reads the document of an EPUB book.
pub(super) fn read(id: &str, bytes: &[u8], limits: ReadLimits) -> Result<Document, String> {
    let mut archive = Package::open(bytes, ArchiveLimits::new(limits))?;
    let package_path = package_document_path(&mut archive)?;
    let xml = archive
        .member(&package_path)?
        .ok_or_else(|| format!("has no package document {package_path}"))?;
    let mut package = PackageDocument::default();
    for_each_event(&xml, |event| package.handle_event(&event))
        .map_err(|reason| format!("{package_path}: {reason}"))?;
    let chapters = package.chapter_paths(&package_path);
    if chapters.len() > MAX_CHAPTERS {
        return Err(format!("has more than {MAX_CHAPTERS} chapters"));
    }
    let mut blocks = BlockBuilder::default();
    let mut unread = Vec::new();
    for chapter in chapters {
        let chapter_blocks = match archive.member_in_any_case(&chapter)? {
            Some(page_bytes) => {
                encoding::decode(&page_bytes).and_then(|markup| html::read_xhtml_fragment(&markup))
            }
            None => Err("is missing".to_owned()),
        };
        match chapter_blocks {
            Ok(chapter_blocks) => blocks.append(&chapter_blocks),
            Err(reason) => unread.push(format!("the chapter {chapter} {reason}")),
        }
    }
    if blocks.blocks.is_empty() && !unread.is_empty() {
        return Err(format!("has no text: {}", unread.join("; ")));
    }
    let mut document = Document::new(id, blocks.text);
    (document.blocks, document.left_out) = (blocks.blocks, blocks.left_out);
    document.unread = unread;
    package.fill_metadata(&mut document);
    mark_heading_equal_to_title(&mut document);
    Ok(document)
}

/// Returns the path of the package document in the archive.
fn package_document_path(archive: &mut Package<'_>) -> Result<String, String> {
    let container = archive.member(CONTAINER_PATH)?.ok_or("is a zip archive, but not an EPUB")?;
    let mut path = None;
    for_each_event(&container, |event| {
        if let XmlEvent::Open("rootfile", attributes) = event {
            path = path.take().or_else(|| attributes.get("full-path"));
        }
    })
    .map_err(|reason| format!("{CONTAINER_PATH}: {reason}"))?;
    path.ok_or_else(|| format!("{CONTAINER_PATH} names no package document"))
}

/// Content of the package document of a book.
#[derive(Debug, Default)]
struct PackageDocument {
    /// Name and text of the element that began last. `None` from the end of any element until the
    /// next element begins.
    open_element: Option<(String, String)>,
    /// Names and texts of elements without child elements.
    element_texts: Vec<(String, String)>,
    /// Paths of the HTML files in the manifest, by the id of the file. Excludes the table of
    /// contents.
    html_paths: BTreeMap<String, String>,
    /// Ids of the chapters, in reading order.
    spine: Vec<String>,
}

impl PackageDocument {
    fn handle_event(&mut self, event: &XmlEvent<'_>) {
        match event {
            XmlEvent::Open("item", attributes) => {
                let media_type = attributes.get("media-type").unwrap_or_default();
                let is_table_of_contents = attributes.get("properties").is_some_and(|properties| {
                    properties.split_whitespace().any(|property| property == "nav")
                });
                if media_type.contains("html")
                    && !is_table_of_contents
                    && let Some((id, file)) = attributes.get("id").zip(attributes.get("href"))
                {
                    self.html_paths.insert(id, file);
                }
            }
            XmlEvent::Open("itemref", attributes) => self.spine.extend(attributes.get("idref")),
            XmlEvent::Open(name, _) => {
                self.open_element = Some(((*name).to_owned(), String::new()));
            }
            XmlEvent::Text(text) => {
                if let Some((_, value)) = &mut self.open_element {
                    value.push_str(text);
                }
            }
            XmlEvent::Close(closed) => {
                if let Some((name, value)) = self.open_element.take()
                    && name == *closed
                    && !value.trim().is_empty()
                {
                    self.element_texts.push((name, value.trim().to_owned()));
                }
            }
        }
    }

    /// Returns the paths of the chapters in the archive. Paths in the manifest are relative to the
    /// path of the package document.
    fn chapter_paths(&self, package_path: &str) -> Vec<String> {
        let folder = package_path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let manifest_paths = self.spine.iter().filter_map(|id| self.html_paths.get(id));
        manifest_paths.map(|file| resolve_path(folder, file)).collect()
    }

    fn fill_metadata(self, document: &mut Document) {
        const ELEMENTS_OF_METADATA_FIELDS: [(&str, MetadataField); 4] = [
            ("title", MetadataField::Title),
            ("publisher", MetadataField::Issuer),
            ("date", MetadataField::Date),
            ("language", MetadataField::Lang),
        ];
        for (name, value) in self.element_texts {
            let field = ELEMENTS_OF_METADATA_FIELDS.iter().find(|(element, _)| *element == name);
            let is_filled =
                field.is_some_and(|(_, field)| document.fill_field(*field, &value, "package"));
            if !is_filled
                && matches!(&*name, "creator" | "identifier" | "subject" | "description" | "title")
            {
                document.metadata.entry(name).or_insert(value);
            }
        }
    }
}

/// Changes the kind of the first heading that equals the title of the document to
/// [`BlockKind::Title`].
fn mark_heading_equal_to_title(document: &mut Document) {
    let Document { title: Some(title), text, blocks, .. } = document else { return };
    let title_block = blocks.iter_mut().take(MAX_TITLE_SEARCH_BLOCKS).find(|block| {
        let words = block.span.of(text).split_whitespace();
        block.kind != BlockKind::Paragraph && words.eq(title.split_whitespace())
    });
    if let Some(block) = title_block {
        block.kind = BlockKind::Title;
    }
}

/// Resolves a path relative to `folder`. From the folder `OEBPS`, the path `../text/a%20b.xhtml`
/// resolves to `text/a b.xhtml`.
fn resolve_path(folder: &str, name: &str) -> String {
    let name = decode_percent(name.split('#').next().unwrap_or(name));
    let mut components: Vec<&str> =
        folder.split('/').filter(|component| !component.is_empty()).collect();
    for component in name.split('/') {
        if component == ".." {
            components.pop();
        } else if !matches!(component, "" | ".") {
            components.push(component);
        }
    }
    components.join("/")
}

/// Decodes percent escapes: `a%20b` becomes `a b`. A malformed escape remains unchanged. If the
/// decoded name is not UTF-8, returns `name` unchanged.
fn decode_percent(name: &str) -> String {
    let mut bytes = Vec::with_capacity(name.len());
    let mut remaining_bytes = name.as_bytes();
    while let [first_byte, following_bytes @ ..] = remaining_bytes {
        let digits = following_bytes.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let escaped_byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let escaped_byte = escaped_byte.filter(|_| *first_byte == b'%');
        bytes.push(escaped_byte.unwrap_or(*first_byte));
        remaining_bytes = if escaped_byte.is_some() {
            following_bytes.get(2..).unwrap_or_default()
        } else {
            following_bytes
        };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Format, format::archive::zip_archive, read_all};

    const CONTAINER_XML: &str =
        r#"<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>"#;
    const PACKAGE_XML: &str = r#"<package xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>
        <dc:title>Ports of the Year</dc:title><dc:creator>Li Wei</dc:creator>
        <dc:publisher>Office of Ports</dc:publisher><dc:date>2026-11-23</dc:date><dc:language>en-GB</dc:language>
        <meta name="cover" content="c"/></metadata><manifest>
        <item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
        <item id="two" href="text/two%20b.xhtml" media-type="application/xhtml+xml"/>
        <item id="one" href="../one.xhtml" media-type="application/xhtml+xml"/>
        <item id="c" href="c.png" media-type="image/png"/></manifest>
        <spine><itemref idref="nav"/><itemref idref="one"/><itemref idref="c"/><itemref idref="two"/></spine></package>"#;
    const FIRST_CHAPTER: &[u8] = "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><head><title>x</title></head><body><h1>Ports of the  Year</h1><p>Ports grow.</p></body></html>".as_bytes();
    const SECOND_CHAPTER: &[u8] =
        "<html><body><h2>港口</h2><p>港口增长。</p></body></html>".as_bytes();

    fn book(opf: &str, files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut all_files: Vec<(&str, &[u8])> = vec![
            ("mimetype", b"application/epub+zip"),
            (CONTAINER_PATH, CONTAINER_XML.as_bytes()),
            ("OEBPS/book.opf", opf.as_bytes()),
        ];
        all_files.extend_from_slice(files);
        zip_archive(&all_files)
    }

    #[test]
    fn chapters_come_in_the_order_of_the_spine() {
        let bytes = book(
            PACKAGE_XML,
            &[("OEBPS/text/two b.xhtml", SECOND_CHAPTER), ("one.xhtml", FIRST_CHAPTER)],
        );
        let format = Format::detect(std::path::Path::new("book.epub"), &bytes);
        assert_eq!(format, Some(Format::Epub));
        let document = read_all(Format::Epub, "book.epub", &bytes).remove(0).unwrap();
        let blocks: Vec<_> = document
            .blocks
            .iter()
            .map(|block| (block.kind, block.span.of(&document.text)))
            .collect();
        assert_eq!(
            blocks,
            [
                (BlockKind::Title, "Ports of the Year"),
                (BlockKind::Paragraph, "Ports grow."),
                (BlockKind::Heading(2), "港口"),
                (BlockKind::Paragraph, "港口增长。"),
            ]
        );
        assert_eq!(document.title.as_deref(), Some("Ports of the Year"));
        assert_eq!(document.issuer.as_deref(), Some("Office of Ports"));
        assert_eq!(document.date.map(|date| date.to_string()).as_deref(), Some("2026-11-23"));
        assert_eq!(
            (document.lang.as_str(), document.metadata["creator"].as_str()),
            ("en", "Li Wei")
        );
        assert!(document.inferred.is_empty(), "{:?}", document.inferred);
    }

    #[test]
    fn chapters_that_cannot_be_read_are_reported() {
        let first_chapter = ("ONE.xhtml", FIRST_CHAPTER);
        for (second_chapter, expected) in [
            (None, "the chapter OEBPS/text/two b.xhtml is missing"),
            (
                Some(("OEBPS/text/two b.xhtml", &b"a\0b"[..])),
                "the chapter OEBPS/text/two b.xhtml looks like a binary file: it contains control characters",
            ),
        ] {
            let files: Vec<_> =
                [Some(first_chapter), second_chapter].into_iter().flatten().collect();
            let document = read("book", &book(PACKAGE_XML, &files), ReadLimits::default()).unwrap();
            assert_eq!(document.text.trim(), "Ports of the Year\n\nPorts grow.");
            assert_eq!(document.unread, [expected]);
        }
    }

    #[test]
    fn broken_books_are_refused_with_a_reason() {
        let zeros = vec![b'a'; 18 << 20];
        let cases: [(Vec<u8>, &str); 6] = [
            (zip_archive(&[("a.txt", b"x")]), "is a zip archive, but not an EPUB"),
            (zip_archive(&[(CONTAINER_PATH, b"<container/>")]), "names no package document"),
            (
                zip_archive(&[(CONTAINER_PATH, CONTAINER_XML.as_bytes())]),
                "has no package document OEBPS/book.opf",
            ),
            (
                book(PACKAGE_XML, &[]),
                "has no text: the chapter one.xhtml is missing; the chapter OEBPS/text/two b.xhtml is missing",
            ),
            (book("<package><metadata>", &[]), "OEBPS/book.opf: ends in the middle"),
            (book(PACKAGE_XML, &[("one.xhtml", &zeros)]), "bomb"),
        ];
        for (bytes, reason) in cases {
            let error = read("book", &bytes, ReadLimits::default()).unwrap_err();
            assert!(error.contains(reason), "{error}: {reason}");
        }
    }

    proptest::proptest! {
        #[test]
        fn resolved_paths_stay_in_the_archive(name in "[a-z/.%0-9#é]{0,16}") {
            let path = resolve_path("a/b", &name);
            let components = path.split('/').filter(|_| !path.is_empty());
            proptest::prop_assert!(components.clone().all(|component| !matches!(component, "" | "." | "..")), "{}", path);
        }
    }
}
