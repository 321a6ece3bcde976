//! Parts and relationships of files in Office Open XML: Word, Excel, PowerPoint.

use std::collections::BTreeMap;

use super::{
    archive::Package,
    xml::{XmlEvent, for_each_event},
};
use crate::document::left_out::{LeftOut, LeftOutReason};

/// First bytes of an OLE container, the format of the files of Office 97 and of encrypted files of any version.
pub(super) const OLE_SIGNATURE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// Returns an error if the bytes are an OLE container, not a package in Office Open XML. `program` is the name of the
/// program that writes the files, and `extension` is the file extension of its current format.
pub(super) fn reject_ole_container(
    bytes: &[u8],
    program: &str,
    extension: &str,
) -> Result<(), String> {
    if bytes.starts_with(OLE_SIGNATURE) {
        return Err(format!(
            "is protected by a password or in an old {program} format: save it as {extension} without \
             a password"
        ));
    }
    Ok(())
}

/// Returns the result of the function `read` for the content of the package member at `path`. `None` if the package has
/// no such member.
pub(super) fn read_member<T>(
    package: &mut Package<'_>,
    path: &str,
    read: impl FnOnce(&[u8]) -> Result<T, String>,
) -> Result<Option<T>, String> {
    let Some(xml) = package.member(path)? else { return Ok(None) };
    read(&xml).map(Some).map_err(|reason| format!("{path}: {reason}"))
}

/// Returns the path of the package member that contains the main part, such as the main document of a Word file.
/// `usual_path` is the path in most packages.
pub(super) fn main_part_path(
    package: &mut Package<'_>,
    usual_path: &str,
) -> Result<String, String> {
    let relationships = read_member(package, "_rels/.rels", |xml| read_relationships(xml, ""))?;
    let path =
        relationships.unwrap_or_default().target_of_type("/officeDocument").map(str::to_owned);
    Ok(path.unwrap_or_else(|| usual_path.to_owned()))
}

/// Relationships of a part to other parts of the package.
#[derive(Debug, Default)]
pub(super) struct Relationships {
    /// Type and path of each target in the package, by the id of the relationship.
    targets: BTreeMap<String, (String, String)>,
}

impl Relationships {
    /// Returns the path of the target of the relationship `id`.
    pub(super) fn target(&self, id: &str) -> Option<&str> {
        self.targets.get(id).map(|(_, path)| path.as_str())
    }

    /// Returns the path of the first target whose type ends with `kind`, such as `/styles`.
    pub(super) fn target_of_type(&self, kind: &str) -> Option<&str> {
        let mut targets = self.targets.values();
        targets.find(|(target_kind, _)| target_kind.ends_with(kind)).map(|(_, path)| path.as_str())
    }

    /// Returns the paths of all targets whose type ends with `kind`.
    pub(super) fn targets_of_type<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a str> {
        let targets =
            self.targets.values().filter(move |(target_kind, _)| target_kind.ends_with(kind));
        targets.map(|(_, path)| path.as_str())
    }
}

/// Returns the relationships of the part at `part_path` to other parts of the package.
pub(super) fn relationships(
    package: &mut Package<'_>,
    part_path: &str,
) -> Result<Relationships, String> {
    let (folder, name) = part_path.rsplit_once('/').unwrap_or(("", part_path));
    let path = format!("{folder}/_rels/{name}.rels");
    let relationships =
        read_member(package, path.trim_start_matches('/'), |xml| read_relationships(xml, folder))?;
    Ok(relationships.unwrap_or_default())
}

fn read_relationships(xml: &[u8], folder: &str) -> Result<Relationships, String> {
    let mut relationships = Relationships::default();
    for_each_event(xml, |event| {
        if let XmlEvent::Open("Relationship", attributes) = event
            && attributes.get("TargetMode").is_none_or(|mode| mode != "External")
            && let Some(target) = attributes.get("Target")
        {
            let id = attributes.get("Id").unwrap_or_default();
            let kind = attributes.get("Type").unwrap_or_default();
            relationships.targets.insert(id, (kind, path_of_relationship_target(folder, &target)));
        }
    })?;
    Ok(relationships)
}

/// Returns the path of a file in the package. `target` is a path relative to `folder`, or to the root of the package if
/// it begins with a slash.
fn path_of_relationship_target(folder: &str, target: &str) -> String {
    let folder = if target.starts_with('/') { "" } else { folder };
    let mut components: Vec<&str> = folder.split('/').filter(|name| !name.is_empty()).collect();
    for component in target.split('/') {
        match component {
            ".." => drop(components.pop()),
            "" | "." => {}
            name => components.push(name),
        }
    }
    components.join("/")
}

/// Returns the texts of the comments in a Word or Excel file. `xml` is the part of the file with the comments.
pub(super) fn read_comments(xml: &[u8]) -> Result<Vec<LeftOut>, String> {
    texts_of_elements(xml, "comment", LeftOutReason::Comment)
}

/// Returns the words of the title and of the axes of a chart.
pub(super) fn read_chart(xml: &[u8]) -> Result<Vec<LeftOut>, String> {
    texts_of_elements(xml, "p", LeftOutReason::Chart)
}

/// Returns the text of each element with the given name, as left out for `reason`.
fn texts_of_elements(
    xml: &[u8],
    element: &str,
    reason: LeftOutReason,
) -> Result<Vec<LeftOut>, String> {
    let mut left_out = Vec::new();
    let mut open_text: Option<String> = None;
    for_each_event(xml, |event| match event {
        XmlEvent::Open(name, _) if name == element => open_text = Some(String::new()),
        XmlEvent::Close(name) if name == element => {
            left_out.extend(open_text.take().and_then(|text| LeftOut::new(&text, reason)));
        }
        XmlEvent::Text(text) => {
            if let Some(open_text) = &mut open_text {
                open_text.push_str(text);
            }
        }
        // The paragraphs of a comment are separated.
        XmlEvent::Close("p") => {
            if let Some(open_text) = &mut open_text {
                open_text.push(' ');
            }
        }
        _ => {}
    })?;
    Ok(left_out)
}

/// Names of the core properties that are added to the metadata.
const CORE_PROPERTIES: [&str; 8] =
    ["title", "creator", "created", "modified", "subject", "keywords", "category", "description"];

/// Reads the core properties of the file. Returns no properties if `docProps/core.xml` cannot be
/// read.
pub(super) fn read_properties(package: &mut Package<'_>) -> BTreeMap<String, String> {
    let mut properties: BTreeMap<String, String> = BTreeMap::new();
    let mut open_property = None;
    let read_result = read_member(package, "docProps/core.xml", |xml| {
        for_each_event(xml, |event| match event {
            XmlEvent::Open(name, _) => {
                open_property = CORE_PROPERTIES.iter().find(|property| **property == name);
            }
            XmlEvent::Close(_) => open_property = None,
            XmlEvent::Text(text) => {
                if let Some(name) = open_property {
                    properties.entry((*name).to_owned()).or_default().push_str(text);
                }
            }
        })
    });
    if read_result.is_err() {
        properties.clear();
    }
    properties.retain(|_, value| !value.trim().is_empty());
    properties
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_relative_to_the_folder_of_the_part() {
        for (folder, target, expected) in [
            ("xl", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl", "/xl/styles.xml", "xl/styles.xml"),
            ("ppt/slides", "../notesSlides/n.xml", "ppt/notesSlides/n.xml"),
            ("", "../../x", "x"),
        ] {
            assert_eq!(path_of_relationship_target(folder, target), expected);
        }
    }
}
