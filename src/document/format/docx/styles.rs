//! Reads the styles of a Word file, which determine the role of each paragraph: title, heading,
//! line of the table of contents, or text.

use std::{collections::BTreeMap, iter};

use super::numbering::ListPosition;
use crate::document::format::xml::{XmlEvent, for_each_event};

/// Maximum number of styles in a chain of base styles. The limit ends cyclic chains.
const MAX_BASE_STYLE_CHAIN_LENGTH: usize = 20;

/// A paragraph style. The base style supplies missing properties.
#[derive(Debug, Default)]
struct ParagraphStyle {
    name: String,
    base_style_id: Option<String>,
    outline_level: Option<u8>,
    list: ListPosition,
}

/// Paragraph styles of a file, by id, and the language of its text.
#[derive(Debug, Default)]
pub(super) struct ParagraphStyles(BTreeMap<String, ParagraphStyle>, String);

/// Role of a paragraph, determined by its style.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ParagraphRole {
    Title,
    Heading(u8),
    /// Line of the table of contents. The line is skipped because it repeats a heading.
    TableOfContentsLine,
    Text,
}

impl ParagraphStyles {
    pub(super) fn read(xml: &[u8]) -> Result<Self, String> {
        let mut styles = BTreeMap::new();
        let mut open_style: Option<(String, ParagraphStyle)> = None;
        let mut language = String::new();
        for_each_event(xml, |event| match (event, &mut open_style) {
            (XmlEvent::Open("style", attributes), _) => {
                let id = attributes.get("styleId").unwrap_or_default();
                open_style = Some((id, ParagraphStyle::default()));
            }
            // The default properties of all text precede the styles.
            (XmlEvent::Open("lang", attributes), None) if language.is_empty() => {
                language = attributes.val().unwrap_or_default();
            }
            (XmlEvent::Close("style"), _) => styles.extend(open_style.take()),
            (XmlEvent::Open(element, attributes), Some((_, style))) => {
                let Some(value) = attributes.val() else { return };
                match element {
                    "name" => style.name = value.to_lowercase(),
                    "basedOn" => style.base_style_id = Some(value),
                    "outlineLvl" => style.outline_level = value.parse().ok(),
                    "numId" => style.list.id = Some(value),
                    "ilvl" => style.list.level = value.parse().ok(),
                    _ => {}
                }
            }
            _ => {}
        })?;
        Ok(Self(styles, language))
    }

    /// Returns the language of the text by default. Empty if the file states none.
    pub(super) fn language(&self) -> &str {
        &self.1
    }

    /// Iterates over a style and its base styles, nearest first.
    fn style_and_base_styles(&self, id: &str) -> impl Iterator<Item = &ParagraphStyle> {
        let first_style = self.0.get(id);
        iter::successors(first_style, |style| self.0.get(style.base_style_id.as_ref()?))
            .take(MAX_BASE_STYLE_CHAIN_LENGTH)
    }

    /// Returns the role of the paragraphs with the style `id`. The name or the outline level of the
    /// style determines the role. If neither does, the base styles are tried, nearest first.
    pub(super) fn role(&self, id: &str) -> ParagraphRole {
        for style in self.style_and_base_styles(id) {
            if let Some(role) = role_of_style_name(&style.name) {
                return role;
            }
            if let Some(level) = style.outline_level {
                return role_of_outline_level(level);
            }
        }
        // In a file without style definitions, the id of a style equals its name.
        if self.0.is_empty() {
            role_of_style_name(&id.to_lowercase()).unwrap_or(ParagraphRole::Text)
        } else {
            ParagraphRole::Text
        }
    }

    /// Returns the list position that a style sets for its paragraphs.
    pub(super) fn list_position(&self, id: &str) -> ListPosition {
        ListPosition {
            id: self.style_and_base_styles(id).find_map(|style| style.list.id.clone()),
            level: self.style_and_base_styles(id).find_map(|style| style.list.level),
        }
    }
}

/// Returns the role of an outline level: 0 to 8 are headings, 9 is text.
pub(super) const fn role_of_outline_level(level: u8) -> ParagraphRole {
    if level < 9 { ParagraphRole::Heading(level + 1) } else { ParagraphRole::Text }
}

/// Names of heading styles, without the level number at the end of a name. Word uses the English
/// name in every language. Other programs use translated names.
const HEADING_STYLE_NAMES: [&str; 12] = [
    "heading",
    "标题",
    "標題",
    "überschrift",
    "titre",
    "título",
    "titolo",
    "заголовок",
    "kop",
    "nagłówek",
    "見出し",
    "제목",
];
/// Names of title styles.
const TITLE_STYLE_NAMES: [&str; 4] = ["title", "标题", "標題", "文档标题"];
/// Names of the styles of a table of contents, without the level number at the end of a name.
const CONTENTS_STYLE_NAMES: [&str; 4] = ["toc", "目录", "目錄", "table of figures"];

/// Returns the role of the paragraphs whose style has the lower-case name `name`. `None` if the name denotes no role.
fn role_of_style_name(name: &str) -> Option<ParagraphRole> {
    let level_after_name = |names: &[&str]| {
        names.iter().find_map(|prefix| {
            let level = name.strip_prefix(prefix)?.trim();
            level.parse::<u8>().ok().filter(|level| (1..=9).contains(level))
        })
    };
    if TITLE_STYLE_NAMES.contains(&name) {
        return Some(ParagraphRole::Title);
    }
    if CONTENTS_STYLE_NAMES.contains(&name) || level_after_name(&CONTENTS_STYLE_NAMES).is_some() {
        return Some(ParagraphRole::TableOfContentsLine);
    }
    level_after_name(&HEADING_STYLE_NAMES).map(ParagraphRole::Heading)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_determine_the_roles_of_paragraphs() {
        let styles = ParagraphStyles::read(
            "<w:styles>\
             <w:style w:styleId='1'><w:name w:val='heading 1'/></w:style>\
             <w:style w:styleId='a'><w:name w:val='标题 2'/></w:style>\
             <w:style w:styleId='b'><w:name w:val='Section'/><w:basedOn w:val='a'/></w:style>\
             <w:style w:styleId='c'><w:name w:val='Part'/><w:pPr><w:outlineLvl w:val='2'/></w:pPr></w:style>\
             <w:style w:styleId='d'><w:name w:val='Flat'/><w:basedOn w:val='c'/><w:pPr><w:outlineLvl w:val='9'/></w:pPr></w:style>\
             <w:style w:styleId='e'><w:name w:val='Title'/></w:style>\
             <w:style w:styleId='f'><w:name w:val='x'/><w:basedOn w:val='g'/></w:style>\
             <w:style w:styleId='g'><w:name w:val='y'/><w:basedOn w:val='f'/></w:style>\
             <w:style w:styleId='h'><w:name w:val='toc 2'/></w:style>\
             <w:style w:styleId='i'><w:name w:val='Title Case 7'/></w:style>\
             </w:styles>"
                .as_bytes(),
        )
        .unwrap();
        for (id, role) in [
            ("1", ParagraphRole::Heading(1)),
            ("a", ParagraphRole::Heading(2)),
            ("b", ParagraphRole::Heading(2)),
            ("c", ParagraphRole::Heading(3)),
            ("d", ParagraphRole::Text),
            ("e", ParagraphRole::Title),
            ("f", ParagraphRole::Text),
            ("h", ParagraphRole::TableOfContentsLine),
            ("i", ParagraphRole::Text),
            ("none", ParagraphRole::Text),
        ] {
            assert_eq!(styles.role(id), role, "{id}");
        }
        assert_eq!(ParagraphStyles::default().role("Heading3"), ParagraphRole::Heading(3));
    }
}
