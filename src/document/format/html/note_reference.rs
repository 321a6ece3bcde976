//! Finds the marks of notes that are marked up as such, not only raised.

use super::tree::{NodeId, Tree};

/// Maximum number of characters of the mark of a note, with its brackets.
const MAX_NOTE_MARK_CHARS: usize = 6;

/// Returns whether an element is a reference to a note: by its role (`doc-noteref`), by its type in EPUB (`noteref`), by
/// the class `footnote-ref`, or as a link that Word made. Its text must be as short as the mark of a note.
pub(super) fn is_note_reference(tree: &Tree, id: NodeId) -> bool {
    if !matches!(tree.name(id), "a" | "span") {
        return false;
    }
    let has_word = |attribute: &str, word: &str| {
        tree.attribute(id, attribute)
            .is_some_and(|value| value.split_whitespace().any(|other| other == word))
    };
    let is_marked_up = has_word("role", "doc-noteref")
        || has_word("epub:type", "noteref")
        || has_word("class", "footnote-ref")
        || is_link_of_word(tree, id);
    is_marked_up && is_mark(&tree.full_text(id))
}

/// Returns whether an element is the link from a text to a note that Word writes into HTML:
/// `<a href="#_ftn1" name="_ftnref1">`.
fn is_link_of_word(tree: &Tree, id: NodeId) -> bool {
    let target = tree.attribute(id, "href").and_then(|href| href.rsplit_once('#'));
    let name = tree.attribute(id, "name").or_else(|| tree.attribute(id, "id"));
    let (Some((_, target)), Some(name)) = (target, name) else { return false };
    ["ftn", "edn"].iter().any(|kind| {
        let number = |text: &str, prefix: String| text.strip_prefix(&prefix).map(str::to_owned);
        let target_number = number(target, format!("_{kind}"));
        target_number.is_some() && target_number == number(name, format!("_{kind}ref"))
    })
}

/// Returns whether a text is the mark of a note, such as `[12]`, `*` or `iv`.
fn is_mark(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && text.chars().count() <= MAX_NOTE_MARK_CHARS
}

#[cfg(test)]
mod tests {
    use crate::document::{Format, read};

    #[test]
    fn marks_of_notes_are_left_out() {
        for (markup, expected) in [
            ("levy<a epub:type='noteref' href='#n1'>1</a> rose", "The levy rose by a half."),
            ("levy<a role=doc-noteref href='#n1'>[1]</a> rose", "The levy rose by a half."),
            ("levy<span class='footnote-ref x'>1</span> rose", "The levy rose by a half."),
            (
                "levy<a href='#_ftn1' name='_ftnref1'><span class=MsoFootnoteReference>[1]</span></a> rose",
                "The levy rose by a half.",
            ),
            ("levy <a href='#_ftnref1' name='_ftn1'>[1]</a> rose", "The levy [1] rose by a half."),
            (
                "levy <a class=footnote-ref href=a>of the harbour</a> rose",
                "The levy of the harbour rose by a half.",
            ),
        ] {
            let page = format!("<p>The {markup} by a half.");
            let document = read(Format::Html, "page", page.as_bytes()).unwrap();
            assert_eq!(document.text.trim(), expected, "{markup}");
        }
    }
}
