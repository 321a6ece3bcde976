//! Finds the issuers of a joint document of several organizations. The title or a heading names them.

use crate::document::metadata::{
    evidence::DocumentEvidence, issuer_names::ISSUER_SEPARATOR, organization,
};

/// Nouns for documents that several organizations issue together.
const NOUNS_FOR_JOINT_DOCUMENTS: [&str; 6] =
    ["statement", "release", "communique", "communiqué", "declaration", "notice"];

/// Returns the issuers in the title or a heading, separated by semicolons. The title has the form
/// `Joint Statement by the Ministry of Ports and the Harbour Authority`.
pub(super) fn issuers_in_joint_title(evidence: &DocumentEvidence<'_>) -> Option<String> {
    evidence.title_and_headings().find_map(|title| {
        let rest = title.strip_prefix("Joint ").or_else(|| title.strip_prefix("JOINT "))?;
        let (noun, names) = [" by ", " By ", " BY ", " from ", " of "]
            .iter()
            .find_map(|preposition| rest.split_once(preposition))?;
        let is_document = noun.split(' ').any(|word| {
            NOUNS_FOR_JOINT_DOCUMENTS.iter().any(|noun| noun.eq_ignore_ascii_case(word))
        });
        let names = is_document.then(|| enumerated_organization_names(names))??;
        (names.len() > 1).then(|| names.join(ISSUER_SEPARATOR))
    })
}

/// Returns the names of organizations that a text enumerates with commas and `and`. `None` if a part is not a name. A
/// name may contain `and` itself, so a text is split only where names are on both sides.
fn enumerated_organization_names(text: &str) -> Option<Vec<&str>> {
    let text = text.trim();
    let text = text.strip_prefix("the ").unwrap_or(text);
    let mut separators: Vec<(usize, &str)> =
        [", and ", " and ", ", "].iter().flat_map(|mark| text.match_indices(*mark)).collect();
    separators.sort_by_key(|(offset, mark)| std::cmp::Reverse((*offset, mark.len())));
    for (offset, mark) in separators {
        let before = text.get(..offset)?;
        let after = text.get(offset + mark.len()..)?;
        let after = after.strip_prefix("the ").unwrap_or(after);
        if !organization::is_organization_name(after) {
            continue;
        }
        if let Some(mut names) = enumerated_organization_names(before) {
            names.push(after);
            return Some(names);
        }
    }
    organization::is_organization_name(text).then(|| vec![text])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::model::Document;

    #[test]
    fn titles_of_joint_statements_name_all_issuers() {
        for (title, expected) in [
            (
                "Joint Statement by the Ministry of Ports and the Harbour Authority",
                Some("Ministry of Ports; Harbour Authority"),
            ),
            (
                "Joint Media Release by the Ministry of Ports and Rail, the Bank of Marlow and the Port Office",
                Some("Ministry of Ports and Rail; Bank of Marlow; Port Office"),
            ),
            ("Joint Statement by the Ministry of Ports and Rail", None),
            ("Joint Statement by the Leaders of Marlow and Reed", None),
            ("Statement by the Ministry of Ports and the Harbour Authority", None),
        ] {
            let mut document = Document::new("a", "Text.");
            document.title = Some(title.to_owned());
            let issuers = issuers_in_joint_title(&DocumentEvidence::new(&document));
            assert_eq!(issuers.as_deref(), expected, "{title}");
        }
    }
}
