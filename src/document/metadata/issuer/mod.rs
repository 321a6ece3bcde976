//! Infers the issuer, the body that announces a document.
//!
//! [`RULES`] is the one list of rules, in order of precedence: the first rule that finds a name wins. A
//! rule is a place where releases of any origin name their issuer; `rules.rs` holds the functions. No rule
//! runs on a document whose file states its issuer, and [`MetadataOverrides`] replace every issuer.
//!
//! [`MetadataOverrides`]: super::MetadataOverrides

mod rules;

use super::{
    evidence::Evidence,
    fields::{Label, MetadataField},
    front_matter::{FrontMatter, LABEL_ORIGIN},
    organization,
};
use crate::document::Document;

/// One place that names the issuer.
struct Rule {
    /// Name of the place, and the origin of an issuer that stands there.
    origin: &'static str,
    find: Find,
}

/// Part of the document that a rule reads, and the function that returns the name in it.
///
/// The parts come in the order in which reading a document produces them.
enum Find {
    /// The whole text, front matter included.
    WholeText(fn(&Evidence<'_>) -> Option<String>),
    /// The lines above the title.
    Letterhead(fn(&[String]) -> Option<String>),
    /// Lines of labels and values. The document states such an issuer: it is not inferred.
    Labels(fn(&[Vec<Label>]) -> Option<String>),
    /// The text without front matter. Names from it are normalized.
    Body(fn(&Evidence<'_>) -> Option<String>),
}

/// All rules, in order of precedence.
const RULES: [Rule; 11] = [
    Rule { origin: "signature", find: Find::WholeText(rules::chinese_signature) },
    Rule { origin: "above the title", find: Find::Letterhead(rules::letterhead) },
    Rule { origin: LABEL_ORIGIN, find: Find::Labels(rules::label) },
    Rule { origin: "enactment", find: Find::Body(rules::enactment) },
    Rule { origin: "title", find: Find::Body(rules::title) },
    Rule { origin: "speaker", find: Find::Body(rules::speaker) },
    Rule { origin: "byline", find: Find::Body(rules::byline) },
    Rule { origin: "site", find: Find::Body(rules::site) },
    Rule { origin: "first sentence", find: Find::Body(rules::first_sentence) },
    Rule { origin: "note about the issuer", find: Find::Body(rules::note_about_issuer) },
    Rule { origin: "signature", find: Find::Body(rules::english_signature) },
];

/// Applies the rules that read the whole text.
pub(super) fn infer_from_whole_text(document: &mut Document) {
    apply(document, |find, evidence| match find {
        Find::WholeText(name_in) => name_in(evidence),
        _ => None,
    });
}

/// Applies the rules that read front matter.
pub(super) fn infer_from_front_matter(document: &mut Document, front_matter: &FrontMatter) {
    apply(document, |find, _| match find {
        Find::Letterhead(name_in) => name_in(&front_matter.letterhead),
        Find::Labels(name_in) => name_in(&front_matter.labels),
        _ => None,
    });
}

/// Applies the rules that read the text without front matter.
pub(super) fn infer_from_body(document: &mut Document) {
    apply(document, |find, evidence| match find {
        Find::Body(name_in) => name_in(evidence).map(|name| rules::normalized_name(&name)),
        _ => None,
    });
}

/// Fills the issuer by the first rule for which `name_by` returns a name.
fn apply(document: &mut Document, name_by: impl Fn(&Find, &Evidence<'_>) -> Option<String>) {
    if document.issuer.is_some() {
        return;
    }
    let evidence = Evidence::new(document);
    let found = RULES.iter().find_map(|rule| Some((rule, name_by(&rule.find, &evidence)?)));
    let Some((rule, name)) = found else { return };
    if matches!(rule.find, Find::Labels(_)) {
        document.fill_field(MetadataField::Issuer, &name, rule.origin);
    } else {
        document.infer_field(MetadataField::Issuer, &name, rule.origin);
    }
}

/// Returns the issuer of the passages under a heading of the form `BODY: headline`. It takes precedence
/// over the issuer of the document for these passages.
pub(crate) fn issuer_in_heading(heading: &str) -> Option<&str> {
    const MAX_CHINESE_CHARS: usize = 20;
    let (name, headline) = heading.split_once([':', '：'])?;
    let (name, headline) = (name.trim(), headline.trim());
    let is_english = name.split_whitespace().any(organization::is_organization_word);
    let is_chinese =
        organization::ends_as_chinese_name(name) && name.chars().count() <= MAX_CHINESE_CHARS;
    (!headline.is_empty() && (is_english || is_chinese)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_follow_the_order_in_which_their_parts_are_read() {
        let parts = RULES.map(|rule| match rule.find {
            Find::WholeText(_) => 0,
            Find::Letterhead(_) => 1,
            Find::Labels(_) => 2,
            Find::Body(_) => 3,
        });
        assert!(parts.is_sorted());
    }

    #[test]
    fn earlier_rule_wins() {
        let mut document =
            Document::new("a", "正文。\nAbout the Ministry of Ports\n国务院办公厅\n1996年7月1日\n");
        let front_matter = FrontMatter {
            letterhead: vec!["Office of Ports".to_owned()],
            labels: vec![vec![("发文机关".to_owned(), "某市政府".to_owned())]],
        };
        let mut labelled = document.clone();
        let mut in_body = document.clone();
        infer_from_whole_text(&mut document);
        infer_from_front_matter(&mut document, &front_matter);
        infer_from_body(&mut document);
        assert_eq!(document.issuer.as_deref(), Some("国务院办公厅"));
        infer_from_front_matter(&mut labelled, &front_matter);
        infer_from_body(&mut labelled);
        assert_eq!(labelled.issuer.as_deref(), Some("Office of Ports"));
        infer_from_body(&mut in_body);
        assert_eq!(in_body.issuer.as_deref(), Some("Ministry of Ports"));
    }

    #[test]
    fn label_is_stated_and_letterhead_is_inferred() {
        let labels = vec![vec![("发文机关".to_owned(), "某市政府".to_owned())]];
        for (letterhead, origin, is_inferred) in
            [(vec![], "text", false), (vec!["国务院办公厅".to_owned()], "above the title", true)]
        {
            let mut document = Document::new("a", "正文。");
            let front_matter = FrontMatter { letterhead, labels: labels.clone() };
            infer_from_front_matter(&mut document, &front_matter);
            assert_eq!(document.origins["issuer"], origin);
            assert_eq!(document.inferred.contains(&"issuer".to_owned()), is_inferred);
        }
    }

    #[test]
    fn headings_that_name_an_issuer() {
        for (heading, expected) in [
            ("Municipal Bureau of Commerce: Exports Grow", Some("Municipal Bureau of Commerce")),
            ("市商务局：出口增长", Some("市商务局")),
            ("Outlook: Growth", None),
            ("Bureau:", None),
        ] {
            assert_eq!(issuer_in_heading(heading), expected, "{heading}");
        }
    }
}
