//! Reads the id of a document or a passage as people and agents copy it from citations and links: in brackets, with the
//! scheme and the hash of a link, or percent-encoded.

use percent_encoding::percent_decode_str;

use super::passage_link::{LINK_SCHEME, without_hash};
use crate::error::Result;

/// Brackets and quotes around a copied id.
const ENCLOSURES: [(char, char); 6] =
    [('[', ']'), ('(', ')'), ('<', '>'), ('`', '`'), ('"', '"'), ('“', '”')];

/// Looks up the ids that `text` may mean, one after another. Returns the result of the first id for which `find`
/// returns `Some`. `None` if there is no such id.
///
/// # Errors
///
/// The first error that `find` returns.
pub(super) fn find_by_id<T>(
    text: &str,
    find: impl Fn(&str) -> Result<Option<T>>,
) -> Result<Option<T>> {
    for id in ids_of_text(text) {
        if let Some(found) = find(&id)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// Returns whether `id` is one of the ids that the written text `text` may mean.
#[cfg(any(feature = "server", feature = "mcp"))]
pub(crate) fn is_id_of_text(id: &str, text: &str) -> bool {
    ids_of_text(text).iter().any(|other| other == id)
}

/// Returns the ids that a written id may mean, the text itself first.
fn ids_of_text(text: &str) -> Vec<String> {
    let mut ids = vec![text.to_owned()];
    let plain = without_enclosure(text.trim());
    let id = without_hash(plain.strip_prefix(LINK_SCHEME).unwrap_or(plain));
    ids.push(id.to_owned());
    ids.extend(percent_decode_str(id).decode_utf8().map(String::from));
    ids.dedup();
    ids
}

/// Removes the brackets or quotes around a text.
fn without_enclosure(text: &str) -> &str {
    let inner = ENCLOSURES.iter().find_map(|(open, close)| {
        text.strip_prefix(*open).and_then(|rest| rest.strip_suffix(*close))
    });
    inner.map_or(text, str::trim)
}

#[cfg(test)]
mod tests {
    use crate::{Document, Index};

    #[test]
    fn a_copied_id_finds_its_passage() {
        let index = Index::in_memory();
        let writer = index.writer().unwrap();
        for id in ["2025/a b.txt", "[draft]", "c%23d"] {
            writer.add(&Document::new(id, "A port.\n\nA rail.")).unwrap();
        }
        writer.commit().unwrap();
        let searcher = index.searcher().unwrap();
        for (text, expected) in [
            ("2025/a b.txt#1", Some("2025/a b.txt#1")),
            ("[2025/a b.txt#1]", Some("2025/a b.txt#1")),
            (" `2025/a b.txt#1` ", Some("2025/a b.txt#1")),
            ("gz-search:2025/a%20b.txt#1", Some("2025/a b.txt#1")),
            ("[gz-search:2025/a%20b.txt#1@0123456789abcdef]", Some("2025/a b.txt#1")),
            ("2025/a b.txt%231", Some("2025/a b.txt#1")),
            ("[draft]#0", Some("[draft]#0")),
            ("c%23d#0", Some("c%23d#0")),
            ("[2025/a b.txt#2]", None),
            ("", None),
        ] {
            let found = searcher.passage(text, 0).unwrap();
            let id = found.as_ref().map(|(_, passages)| passages[0].id.as_str());
            assert_eq!(id, expected, "{text}");
            assert_eq!(searcher.similar(text, 1).unwrap().is_some(), expected.is_some(), "{text}");
        }
        for (text, expected) in [
            ("[draft]", true),
            ("[2025/a b.txt]", true),
            ("gz-search:2025/a%20b.txt", true),
            ("[x]", false),
        ] {
            assert_eq!(searcher.document(text).unwrap().is_some(), expected, "{text}");
            assert_eq!(searcher.document_info(text).unwrap().is_some(), expected, "{text}");
            assert_eq!(searcher.document_text(text).unwrap().is_some(), expected, "{text}");
        }
    }
}
