//! The styles of a Word file → which paragraphs are headings, titles and lists.

use std::collections::BTreeMap;

use super::number::Place;
use crate::document::format::xml::{Piece, walk};

/// A style is based on another at most so many times over; guards against circles.
const MAX_BASES: usize = 20;

/// What a style says of its paragraphs; what it leaves open the style says that it is based on.
#[derive(Debug, Default)]
struct Style {
    name: String,
    based_on: Option<String>,
    outline: Option<u8>,
    list: Place,
}

/// The paragraph styles of a file, by their id.
#[derive(Debug, Default)]
pub(super) struct Styles(BTreeMap<String, Style>);

/// What a paragraph is by its style.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Title,
    Heading(u8),
    /// A line of the table of contents: says nothing that the headings do not.
    Contents,
    Text,
}

impl Styles {
    pub(super) fn read(xml: &[u8]) -> Result<Self, String> {
        let mut styles = BTreeMap::new();
        let mut open: Option<(String, Style)> = None;
        walk(xml, |piece| match (piece, &mut open) {
            (Piece::Open("style", attributes), _) => {
                let id = attributes.get("styleId").unwrap_or_default();
                open = Some((id, Style::default()));
            }
            (Piece::Close("style"), _) => styles.extend(open.take()),
            (Piece::Open(element, attributes), Some((_, style))) => {
                let Some(value) = attributes.val() else { return };
                match element {
                    "name" => style.name = value.to_lowercase(),
                    "basedOn" => style.based_on = Some(value),
                    "outlineLvl" => style.outline = value.parse().ok(),
                    "numId" => style.list.list = Some(value),
                    "ilvl" => style.list.level = value.parse().ok(),
                    _ => {}
                }
            }
            _ => {}
        })?;
        Ok(Self(styles))
    }

    /// A style and those that it is based on, nearest first.
    fn chain(&self, id: &str) -> impl Iterator<Item = &Style> {
        let first = self.0.get(id);
        std::iter::successors(first, |style| self.0.get(style.based_on.as_ref()?)).take(MAX_BASES)
    }

    pub(super) fn role(&self, id: &str) -> Role {
        for style in self.chain(id) {
            if let Some(role) = named(&style.name) {
                return role;
            }
            if let Some(level) = style.outline {
                return outlined(level);
            }
        }
        // A file without its styles still names them.
        if self.0.is_empty() { named(&id.to_lowercase()).unwrap_or(Role::Text) } else { Role::Text }
    }

    /// Where the style puts its paragraphs in a list.
    pub(super) fn list(&self, id: &str) -> Place {
        let of = |place: fn(&Style) -> Option<String>| self.chain(id).find_map(place);
        Place {
            list: of(|style| style.list.list.clone()),
            level: self.chain(id).find_map(|style| style.list.level),
        }
    }
}

/// What an outline level makes of a paragraph: 0 to 8 are headings, 9 is text.
pub(super) const fn outlined(level: u8) -> Role {
    if level < 9 { Role::Heading(level + 1) } else { Role::Text }
}

/// Word itself calls the built-in styles by their English names in every language; other programs use
/// their own.
const HEADINGS: [&str; 12] = [
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
const TITLES: [&str; 4] = ["title", "标题", "標題", "文档标题"];
const CONTENTS: [&str; 4] = ["toc", "目录", "目錄", "table of figures"];

fn named(name: &str) -> Option<Role> {
    let number = |names: &[&str]| {
        names.iter().find_map(|prefix| {
            let level = name.strip_prefix(prefix)?.trim();
            level.parse::<u8>().ok().filter(|level| (1..=9).contains(level))
        })
    };
    if TITLES.contains(&name) {
        return Some(Role::Title);
    }
    if CONTENTS.contains(&name) || number(&CONTENTS).is_some() {
        return Some(Role::Contents);
    }
    number(&HEADINGS).map(Role::Heading)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_of_styles() {
        let styles = Styles::read(
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
            ("1", Role::Heading(1)),
            ("a", Role::Heading(2)),
            ("b", Role::Heading(2)),
            ("c", Role::Heading(3)),
            ("d", Role::Text),
            ("e", Role::Title),
            ("f", Role::Text),
            ("h", Role::Contents),
            ("i", Role::Text),
            ("none", Role::Text),
        ] {
            assert_eq!(styles.role(id), role, "{id}");
        }
        assert_eq!(Styles::default().role("Heading3"), Role::Heading(3));
    }
}
