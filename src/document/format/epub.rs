//! The bytes of an EPUB → a document: its chapters in the order of its spine, read as pages of HTML, and
//! what its package says about it.

use std::collections::BTreeMap;

use super::{
    archive::{ArchiveLimits, Package},
    encoding, html,
    xml::{Piece, walk},
};
use crate::{
    document::{
        BlockKind, Document, ReadLimits, blocks::BlockBuilder, metadata::fields::MetadataField,
    },
    error::Result,
};

/// What says where the package of a file is.
pub(in crate::document) const CONTAINER: &str = "META-INF/container.xml";
/// More chapters than any book.
const MAX_CHAPTERS: usize = 10_000;
/// The title is looked for among so many first blocks.
const TITLE_BLOCKS: usize = 8;

pub(in crate::document) fn read(
    id: &str,
    bytes: &[u8],
    limits: ReadLimits,
) -> Result<Document, String> {
    let mut files = Package::open(bytes, ArchiveLimits::new(limits))?;
    let path = package_path(&mut files)?;
    let opf = files.part(&path)?.ok_or_else(|| format!("has no package {path}"))?;
    let mut package = Opf::default();
    walk(&opf, |piece| package.piece(&piece)).map_err(|reason| format!("{path}: {reason}"))?;
    let chapters = package.chapters(&path);
    if chapters.len() > MAX_CHAPTERS {
        return Err(format!("has more than {MAX_CHAPTERS} chapters"));
    }
    let mut blocks = BlockBuilder::default();
    for chapter in chapters {
        let page = files.part(&chapter)?.ok_or_else(|| format!("has no chapter {chapter}"))?;
        let page = encoding::decode(&page).map_err(|reason| format!("{chapter}: {reason}"))?;
        let part = html::part(&page).map_err(|reason| format!("{chapter}: {reason}"))?;
        blocks.append(&part);
    }
    let mut document = Document::new(id, blocks.text);
    document.blocks = blocks.blocks;
    package.describe(&mut document);
    Ok(document)
}

/// Where the package is that tells of all other files.
fn package_path(files: &mut Package<'_>) -> Result<String, String> {
    let container = files.part(CONTAINER)?.ok_or("is a zip archive, but no EPUB")?;
    let mut path = None;
    walk(&container, |piece| {
        if let Piece::Open("rootfile", attributes) = piece {
            path = path.take().or_else(|| attributes.get("full-path"));
        }
    })
    .map_err(|reason| format!("{CONTAINER}: {reason}"))?;
    path.ok_or_else(|| format!("{CONTAINER} names no package"))
}

/// What a package says, as it is read.
#[derive(Debug, Default)]
struct Opf {
    /// The element of the metadata that is open, and what the elements closed so far say.
    open: Option<(String, String)>,
    said: Vec<(String, String)>,
    /// Of each file that is a chapter, its name by its id.
    pages: BTreeMap<String, String>,
    /// The ids of the chapters, in order.
    spine: Vec<String>,
}

impl Opf {
    fn piece(&mut self, piece: &Piece<'_>) {
        match piece {
            Piece::Open("item", attributes) => {
                let kind = attributes.get("media-type").unwrap_or_default();
                let contents = attributes.get("properties").is_some_and(|properties| {
                    properties.split_whitespace().any(|property| property == "nav")
                });
                // The list of the chapters is no chapter.
                if kind.contains("html")
                    && !contents
                    && let Some((id, name)) = attributes.get("id").zip(attributes.get("href"))
                {
                    self.pages.insert(id, name);
                }
            }
            Piece::Open("itemref", attributes) => self.spine.extend(attributes.get("idref")),
            Piece::Open(name, _) => self.open = Some(((*name).to_owned(), String::new())),
            Piece::Text(text) => {
                if let Some((_, said)) = &mut self.open {
                    said.push_str(text);
                }
            }
            Piece::Close(closed) => {
                let said = self.open.take();
                let said = said.filter(|(name, said)| name == closed && !said.trim().is_empty());
                self.said.extend(said.map(|(name, said)| (name, said.trim().to_owned())));
            }
        }
    }

    /// The paths of the chapters; names stand beside the package, which has the path `package`.
    fn chapters(&self, package: &str) -> Vec<String> {
        let folder = package.rsplit_once('/').map_or("", |(folder, _)| folder);
        let named = self.spine.iter().filter_map(|id| self.pages.get(id));
        named.map(|name| path(folder, name)).collect()
    }

    fn describe(self, document: &mut Document) {
        const FIELDS: [(&str, MetadataField); 4] = [
            ("title", MetadataField::Title),
            ("publisher", MetadataField::Issuer),
            ("date", MetadataField::Date),
            ("language", MetadataField::Lang),
        ];
        for (name, said) in self.said {
            let field = FIELDS.iter().find(|(known, _)| *known == name).map(|(_, field)| *field);
            if field.is_none_or(|field| !document.fill_field(field, &said, "package"))
                && matches!(&*name, "creator" | "identifier" | "subject" | "description" | "title")
            {
                document.metadata.entry(name).or_insert(said);
            }
        }
        let Document { title: Some(title), text, blocks, .. } = document else { return };
        let mut first = blocks.iter_mut().take(TITLE_BLOCKS);
        let says = first.find(|block| {
            let line = block.span.of(text).split_whitespace();
            block.kind != BlockKind::Paragraph && line.eq(title.split_whitespace())
        });
        if let Some(block) = says {
            block.kind = BlockKind::Title;
        }
    }
}

/// The path of a file that is called `name` from `folder`: `OEBPS` and `../text/a%20b.xhtml` are
/// `text/a b.xhtml`.
fn path(folder: &str, name: &str) -> String {
    let name = name.split('#').next().unwrap_or(name);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let name = unescaped(name);
    for part in name.split('/') {
        if part == ".." {
            parts.pop();
        } else if !matches!(part, "" | ".") {
            parts.push(part);
        }
    }
    parts.join("/")
}

/// `a%20b` as `a b`; what is no escape, or no text, as it is.
fn unescaped(name: &str) -> String {
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let [first, after @ ..] = rest {
        let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let escaped = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let escaped = escaped.filter(|_| *first == b'%');
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Format, format::archive::zipped, read_all};

    const CONTAINER_XML: &str =
        r#"<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>"#;
    const OPF: &str = r#"<package xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>
        <dc:title>Ports of the Year</dc:title><dc:creator>Li Wei</dc:creator>
        <dc:publisher>Office of Ports</dc:publisher><dc:date>2026-11-23</dc:date><dc:language>en-GB</dc:language>
        <meta name="cover" content="c"/></metadata><manifest>
        <item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
        <item id="two" href="text/two%20b.xhtml" media-type="application/xhtml+xml"/>
        <item id="one" href="../one.xhtml" media-type="application/xhtml+xml"/>
        <item id="c" href="c.png" media-type="image/png"/></manifest>
        <spine><itemref idref="nav"/><itemref idref="one"/><itemref idref="c"/><itemref idref="two"/></spine></package>"#;
    const ONE: &[u8] = "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><head><title>x</title></head><body><h1>Ports of the  Year</h1><p>Ports grow.</p></body></html>".as_bytes();
    const TWO: &[u8] = "<html><body><h2>港口</h2><p>港口增长。</p></body></html>".as_bytes();

    fn book(opf: &str, files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut all: Vec<(&str, &[u8])> = vec![
            ("mimetype", b"application/epub+zip"),
            (CONTAINER, CONTAINER_XML.as_bytes()),
            ("OEBPS/book.opf", opf.as_bytes()),
        ];
        all.extend_from_slice(files);
        zipped(&all)
    }

    #[test]
    fn a_book_in_the_order_of_its_spine() {
        let bytes = book(OPF, &[("OEBPS/text/two b.xhtml", TWO), ("one.xhtml", ONE)]);
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
    fn what_is_no_book_is_told() {
        let zeros = vec![b'a'; 18 << 20];
        let cases: [(Vec<u8>, &str); 6] = [
            (zipped(&[("a.txt", b"x")]), "is a zip archive, but no EPUB"),
            (zipped(&[(CONTAINER, b"<container/>")]), "names no package"),
            (zipped(&[(CONTAINER, CONTAINER_XML.as_bytes())]), "has no package OEBPS/book.opf"),
            (book(OPF, &[("one.xhtml", ONE)]), "has no chapter OEBPS/text/two b.xhtml"),
            (book("<package><metadata>", &[]), "OEBPS/book.opf: ends in the middle"),
            (book(OPF, &[("one.xhtml", &zeros)]), "bomb"),
        ];
        for (bytes, reason) in cases {
            let error = read("book", &bytes, ReadLimits::default()).unwrap_err().to_string();
            assert!(error.contains(reason), "{error}: {reason}");
        }
    }

    proptest::proptest! {
        #[test]
        fn paths_lead_nowhere_else(name in "[a-z/.%0-9#é]{0,16}") {
            let path = path("a/b", &name);
            let parts = path.split('/').filter(|_| !path.is_empty());
            proptest::prop_assert!(parts.clone().all(|part| !matches!(part, "" | "." | "..")), "{}", path);
        }
    }
}
