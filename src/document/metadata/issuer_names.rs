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

/// Returns the bodies that the value of an issuer label names, separated by [`ISSUER_SEPARATOR`]. Leaves out persons,
/// such as a minister: `Home Office, Department for Ports and The Rt Hon Mei Lim MP` becomes
/// `Home Office; Department for Ports`. Returns the unchanged text if it does not consist of bodies and persons.
pub(super) fn stated_bodies(issuer: &str) -> String {
    let parts = issuer.replace(", and ", ", ");
    let mut bodies: Vec<String> = Vec::new();
    for part in parts.split(", ").flat_map(|part| split_at_and(part)) {
        match bodies.last_mut() {
            _ if is_honoured_person(part) => {}
            // The comma belongs to the name: Department for Trade, Ports and Rail.
            Some(body) if !begins_body(part) => {
                body.push_str(", ");
                body.push_str(part);
            }
            _ => bodies.push(part.to_owned()),
        }
    }
    let are_bodies = bodies.iter().all(|body| organization::is_organization_name(body));
    if bodies.is_empty() || !are_bodies || bodies.concat().len() == issuer.len() {
        return issuer.to_owned();
    }
    bodies.join(ISSUER_SEPARATOR)
}

/// Splits a text at each ` and ` that precedes a person or the name of a body.
fn split_at_and(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (offset, mark) in text.match_indices(" and ") {
        let after = text.get(offset + mark.len()..).unwrap_or_default();
        if is_honoured_person(after) || begins_body(after) {
            parts.extend(text.get(start..offset));
            start = offset + mark.len();
        }
    }
    parts.extend(text.get(start..));
    parts
}

/// Returns whether a text begins with the honorific of a person.
fn is_honoured_person(text: &str) -> bool {
    const HONORIFICS: [&str; 9] = [
        "The Rt Hon ",
        "Rt Hon ",
        "The Hon ",
        "Hon ",
        "Sir ",
        "Dame ",
        "Lord ",
        "Lady ",
        "Baroness ",
    ];
    HONORIFICS.iter().any(|honorific| text.starts_with(honorific)) || text.ends_with(" MP")
}

/// Returns whether a text begins with the name of a body: a word for a body and a preposition (`Department for Ports`),
/// or the name of a body without such a beginning (`Home Office`).
fn begins_body(text: &str) -> bool {
    const BODIES: [&str; 5] = ["HM ", "Home Office", "Cabinet Office", "Prime Minister", "Foreign"];
    let text = text.strip_prefix("the ").unwrap_or(text);
    let mut words = text.split(' ');
    let first_word = words.next().unwrap_or_default();
    let has_preposition = matches!(words.next(), Some("of" | "for" | "on"));
    organization::is_organization_word(first_word) && has_preposition
        || BODIES.iter().any(|body| text.starts_with(body))
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
    fn bodies_are_separated_from_each_other_and_from_persons() {
        for (issuer, expected) in [
            ("Department for Ports and The Rt Hon Mei Lim MP", "Department for Ports"),
            (
                "HM Treasury, Department for Ports, and The Rt Hon Mei Lim MP",
                "HM Treasury; Department for Ports",
            ),
            ("Department for Ports and Ministry of Rail", "Department for Ports; Ministry of Rail"),
            (
                "Department for Science, Innovation and Ports and Lord Reed",
                "Department for Science, Innovation and Ports",
            ),
            (
                "Ministry of Housing, Communities and Local Government",
                "Ministry of Housing, Communities and Local Government",
            ),
            ("The Rt Hon Mei Lim MP", "The Rt Hon Mei Lim MP"),
            ("Ports and Rail", "Ports and Rail"),
            ("国务院", "国务院"),
        ] {
            assert_eq!(stated_bodies(issuer), expected, "{issuer}");
        }
    }

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
