//! Reads a file in the Chinese format for documents of fixed layout (.ofd, GB/T 33190) as a document.
//!
//! `page.rs` reads the text of a page with its positions, and the module `pdf` joins the text to lines and paragraphs.
//! Element names are from the standard.

mod page;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use self::page::Page;
use super::{
    archive::Package,
    expansion::ArchiveLimits,
    pdf::{TextRun, lay_out_pages},
    xml::{XmlEvent, for_each_event},
};
use crate::document::{limits::ReadLimits, metadata::fields::LabelledValue, model::Document};

/// Maximum number of pages.
const MAX_PAGES: usize = 20_000;
/// Height, in millimetres, of a page that does not state its height: A4.
const DEFAULT_PAGE_HEIGHT: f32 = 297.0;
/// Elements of `DocInfo` that become metadata, each with its metadata key.
const METADATA_ELEMENTS_OF_DOC_INFO: [(&str, &str); 6] = [
    ("Title", "title"),
    ("Author", "creator"),
    ("Subject", "subject"),
    ("Abstract", "description"),
    ("CreationDate", "created"),
    ("ModDate", "modified"),
];

/// Reads the document of an OFD file.
pub(super) fn read(id: &str, bytes: &[u8], limits: ReadLimits) -> Result<Document, String> {
    let mut package = Package::open(bytes, ArchiveLimits::new(limits))?;
    let mut root = RootPart::default();
    read_part(&mut package, "OFD.xml", |event| root.handle_event(event))?;
    let mut pages = Vec::new();
    for document_path in &root.document_paths {
        read_pages(&mut package, document_path, &mut pages)?;
    }
    if pages.is_empty() {
        return Err("has no pages".to_owned());
    }
    if pages.iter().all(|page| page.runs.is_empty()) {
        return Err(
            "has no text: it is a scan, or pictures of text; recognize the text first (OCR)"
                .to_owned(),
        );
    }
    let (blocks, page_starts) =
        lay_out_pages(pages.into_iter().map(|page| (page.runs, page.hidden_runs)));
    let mut document = blocks.into_document(id, root.properties.remove("title"));
    document.pages = page_starts;
    document.metadata.append(&mut root.properties);
    document.fill_from_labels(&root.labels, "OFD");
    Ok(document)
}

/// Reads the member of the package at `path` and calls `visit` with its XML events.
fn read_part(
    package: &mut Package<'_>,
    path: &str,
    mut visit: impl FnMut(&XmlEvent<'_>),
) -> Result<(), String> {
    let xml = package.member(path)?.ok_or_else(|| format!("has no part {path}"))?;
    for_each_event(&xml, |event| visit(&event)).map_err(|reason| format!("{path}: {reason}"))
}

/// Content of the part `OFD.xml`.
#[derive(Debug, Default)]
struct RootPart {
    /// Paths of the documents in the file; nearly always one.
    document_paths: Vec<String>,
    /// Properties of the file, by metadata key.
    properties: BTreeMap<String, String>,
    /// Names and values of the custom data of the file, such as the number of the document.
    labels: Vec<LabelledValue>,
    /// Name and text of the open element.
    open_element: Option<(String, String)>,
    /// Name that the open `CustomData` element states. `None` outside of such elements.
    label: Option<String>,
}

impl RootPart {
    fn handle_event(&mut self, event: &XmlEvent<'_>) {
        match event {
            XmlEvent::Open(name, attributes) => {
                self.open_element = Some(((*name).to_owned(), String::new()));
                self.label =
                    (*name == "CustomData").then(|| attributes.get("Name").unwrap_or_default());
            }
            XmlEvent::Text(text) => {
                if let Some((_, content)) = &mut self.open_element {
                    content.push_str(text);
                }
            }
            XmlEvent::Close(_) => {
                let Some((name, content)) = self.open_element.take() else { return };
                let content = content.trim().to_owned();
                let property =
                    METADATA_ELEMENTS_OF_DOC_INFO.iter().find(|(element, _)| *element == name);
                if content.is_empty() {
                } else if name == "DocRoot" {
                    self.document_paths.push(resolve_path("", &content));
                } else if let Some(label) = self.label.take() {
                    self.labels.push((label, content));
                } else if let Some((_, key)) = property {
                    self.properties.entry((*key).to_owned()).or_insert(content);
                }
            }
        }
    }
}

/// Reads the pages of the document at `document_path`, and appends them to `pages`.
fn read_pages(
    package: &mut Package<'_>,
    document_path: &str,
    pages: &mut Vec<Page>,
) -> Result<(), String> {
    let folder = document_path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut page_paths = Vec::new();
    let mut templates = BTreeMap::new();
    let mut document_height = None;
    let mut height_text = None;
    read_part(package, document_path, |event| match event {
        XmlEvent::Open("Page", attributes) => page_paths.extend(attributes.get("BaseLoc")),
        XmlEvent::Open("TemplatePage", attributes) => {
            templates.extend(attributes.get("ID").zip(attributes.get("BaseLoc")));
        }
        XmlEvent::Open("PhysicalBox", _) => height_text = Some(String::new()),
        XmlEvent::Text(text) => {
            if let Some(height_text) = &mut height_text {
                height_text.push_str(text);
            }
        }
        XmlEvent::Close("PhysicalBox") => {
            document_height = height_text.take().and_then(|area| page::area_height(&area));
        }
        _ => {}
    })?;
    if pages.len() + page_paths.len() > MAX_PAGES {
        return Err(format!("has more than {MAX_PAGES} pages"));
    }
    let height = document_height.unwrap_or(DEFAULT_PAGE_HEIGHT);
    let mut template_runs: BTreeMap<String, Vec<TextRun>> = BTreeMap::new();
    for (id, path) in &templates {
        // A page can be read without its template.
        let template = page::read(package, &resolve_path(folder, path), height).unwrap_or_default();
        template_runs.insert(id.clone(), template.runs);
    }
    for page_path in page_paths {
        let mut page = page::read(package, &resolve_path(folder, &page_path), height)
            .map_err(|reason| format!("page {}: {reason}", pages.len() + 1))?;
        for template in &page.templates {
            page.runs.extend(template_runs.get(template).into_iter().flatten().cloned());
        }
        pages.push(page);
    }
    Ok(())
}

/// Returns the path of a file in the package. `path` is relative to `folder`, or to the root of the package if it
/// begins with a slash.
fn resolve_path(folder: &str, path: &str) -> String {
    let folder = if path.starts_with('/') { "" } else { folder };
    let mut components: Vec<&str> = folder.split('/').filter(|name| !name.is_empty()).collect();
    for component in path.split('/') {
        match component {
            ".." => drop(components.pop()),
            "" | "." => {}
            name => components.push(name),
        }
    }
    components.join("/")
}
