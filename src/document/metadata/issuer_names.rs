//! Splits the issuer of a document into the names of the organizations that issued it together.

use super::organization;

/// Separator between the names of several issuers in [`Document::issuer`](crate::document::Document::issuer).
pub(super) const ISSUER_SEPARATOR: &str = "; ";

/// Splits the issuer of a document into the names of the organizations, in order: 国务院、中央军委 into 国务院 and 中央军委. Returns
/// the unsplit issuer if not all substrings between the separators are names of organizations.
pub(crate) fn issuer_names(issuer: &str) -> Vec<&str> {
    for separator in [ISSUER_SEPARATOR, "、", "；"] {
        let names: Vec<&str> = issuer.split(separator).map(str::trim).collect();
        let is_name =
            |name: &&str| organization::is_organization_name(name) || is_short_chinese_name(name);
        if names.len() > 1 && names.iter().all(is_name) {
            return names;
        }
    }
    vec![issuer]
}

/// Returns whether a Chinese text of at least 3 characters ends like the name of an organization: 中央军委.
fn is_short_chinese_name(name: &str) -> bool {
    !name.is_ascii()
        && organization::ends_like_chinese_organization(name)
        && name.chars().count() > 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_joint_issuers_are_separated() {
        for (issuer, expected) in [
            ("国务院、中央军委", vec!["国务院", "中央军委"]),
            ("某市港口局；某市财政局", vec!["某市港口局", "某市财政局"]),
            (
                "Ministry of Ports; Harbour Authority",
                vec!["Ministry of Ports", "Harbour Authority"],
            ),
            (
                "Ministry of Finance, Planning and Trade",
                vec!["Ministry of Finance, Planning and Trade"],
            ),
            ("Ports; Rail", vec!["Ports; Rail"]),
            ("White House", vec!["White House"]),
        ] {
            assert_eq!(issuer_names(issuer), expected, "{issuer}");
        }
    }
}
