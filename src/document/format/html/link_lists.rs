//! Distinguishes menus from lists of links that belong to the text: attachments, and lists that the text introduces.

use std::collections::HashSet;

use super::{
    text_weight::TextWeights,
    tree::{NodeId, Tree, is_inline},
};

/// Minimum number of links of a menu.
const MIN_MENU_LINKS: u32 = 3;
/// Extensions of files that are offered as attachments.
const ATTACHMENT_EXTENSIONS: [&str; 17] = [
    "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "wps", "et", "ofd", "odt", "ods", "rtf",
    "csv", "txt", "zip", "rar",
];

/// Returns the children of `elements` that are menus. `elements` are in document order. A list of links is not a menu
/// if most of its links lead to files, if the text before it ends with a colon, or if running text is before and after
/// it.
pub(super) fn find_menus(tree: &Tree, elements: &[NodeId], weights: &TextWeights) -> Vec<NodeId> {
    let mut menus = Vec::new();
    // Lists of links that belong to the text, and all elements inside of them.
    let mut content_lists: HashSet<NodeId> = HashSet::new();
    for &parent in elements {
        let is_inside_list = content_lists.contains(&parent);
        let children: Vec<NodeId> = tree.children(parent).collect();
        let has_prose = |id: &NodeId| weights.weight_of(*id).prose_weight > 0;
        let last_prose = children.iter().rposition(has_prose);
        let mut is_after_prose = false;
        let mut text_before: Option<NodeId> = None;
        for (index, &child) in children.iter().enumerate() {
            if is_inside_list {
                content_lists.insert(child);
            } else if is_link_list(tree, weights, child) {
                let is_between_prose =
                    is_after_prose && last_prose.is_some_and(|last| last > index);
                let is_introduced = text_before.is_some_and(|before| ends_with_colon(tree, before));
                if is_between_prose || is_introduced || has_mostly_file_links(tree, child) {
                    content_lists.insert(child);
                } else {
                    menus.push(child);
                }
            }
            is_after_prose |= has_prose(&child);
            if weights.weight_of(child).total_weight > 0
                || tree.text(child).is_some_and(|text| !text.trim().is_empty())
            {
                text_before = Some(child);
            }
        }
    }
    menus
}

/// Returns whether an element is a block with several links and hardly any other text.
fn is_link_list(tree: &Tree, weights: &TextWeights, id: NodeId) -> bool {
    let weight = weights.weight_of(id);
    weight.weight_in_links * 10 >= weight.total_weight * 6
        && weight.prose_weight == 0
        && weight.link_count >= MIN_MENU_LINKS
        && !is_inline(tree.name(id))
}

fn ends_with_colon(tree: &Tree, id: NodeId) -> bool {
    tree.full_text(id).ends_with([':', '：'])
}

/// Returns whether at least half of the links in an element lead to files.
fn has_mostly_file_links(tree: &Tree, id: NodeId) -> bool {
    let links: Vec<NodeId> = tree.elements_named(id, &["a"]).collect();
    let file_links = links.iter().filter(|&&link| is_file_link(tree, link)).count();
    file_links * 2 >= links.len()
}

fn is_file_link(tree: &Tree, link: NodeId) -> bool {
    let target = tree.attribute(link, "href").unwrap_or_default();
    let path = target.split(['?', '#']).next().unwrap_or_default();
    let file_name = path.rsplit('/').next().unwrap_or_default();
    file_name.rsplit_once('.').is_some_and(|(_, extension)| {
        ATTACHMENT_EXTENSIONS.contains(&extension.to_lowercase().as_str())
    })
}
