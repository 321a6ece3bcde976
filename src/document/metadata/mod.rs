//! Completes the metadata of a document: title, date, issuer, document number, language, and the values of other
//! metadata labels.
//!
//! The input is a document with the fields that its file states (front matter, JSON keys, meta tags …). In the output,
//! empty fields are inferred from the text, and front matter in the text is moved to the metadata. Open
//! [`complete_metadata`] first, which lists the steps. `issuer/mod.rs` and `date_rules/mod.rs` list the rules in order
//! of precedence.

pub(super) mod date;
pub(super) mod date_line;
pub(crate) mod date_notation;
mod date_rules;
pub(crate) mod document_number;
mod evidence;
pub(super) mod fields;
mod front_matter;
mod issuer;
mod issuer_names;
pub(super) mod language;
pub(super) mod letterhead;
pub(super) mod organization;
mod overrides;
mod place_date;
pub(super) mod title;

use std::borrow::Cow;

pub(super) use self::front_matter::labels_of_published_line;
pub use self::{
    date::{Date, ParseDateError},
    overrides::MetadataOverrides,
};
use self::{evidence::DocumentEvidence, fields::MetadataField};
pub(crate) use self::{
    issuer::issuer_in_heading,
    issuer_names::issuer_names,
    language::code_prefix as language_code_prefix,
    organization::{is_organization_name, is_organization_word},
};
use super::{model::Document, stray_markup::remove_html_tags};

/// Infers the metadata fields that have no value yet, and moves the front matter from the text to the metadata.
///
/// The order of the steps matters: each field is set only once, so earlier steps take precedence.
/// `front_matter::separate_front_matter` removes lines from the text, so later steps do not see these lines.
pub(super) fn complete_metadata(document: &mut Document) {
    remove_markup_from_names(document);
    if document.is_table() {
        // The rows of a table are not the text of a release, so labels and names in them do not describe the document.
        document.detect_lang();
        return;
    }
    infer_document_number(document);
    issuer::infer_from_whole_text(document);
    date_rules::infer_date(document);
    let front_matter = front_matter::separate_front_matter(document);
    issuer::infer_from_front_matter(document, &front_matter);
    for labels in &front_matter.labels {
        document.fill_from_labels(labels, front_matter::LABEL_ORIGIN);
    }
    issuer::infer_from_body(document);
    document.detect_lang();
}

/// Removes markup from the title and the issuer.
fn remove_markup_from_names(document: &mut Document) {
    for name in [&mut document.title, &mut document.issuer].into_iter().flatten() {
        if let Cow::Owned(cleaned_name) = remove_html_tags(name) {
            *name = fields::with_single_spaces(&cleaned_name);
        }
    }
}

/// If the document has no number, infers it from the first line that consists of a document number. Searches only the
/// lines at the beginning of the text.
fn infer_document_number(document: &mut Document) {
    if document.number.is_some() {
        return;
    }
    let first_lines = DocumentEvidence::new(document).first_lines;
    if let Some(number) = first_lines.iter().find_map(|line| document_number::from_line(line)) {
        document.infer_field(MetadataField::Number, &number, "text");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_no_markup() {
        let mut document = Document::new("a", "Text.");
        document.title = Some("Law &amp; <em>Order</em>&#8217;s **Ports**".to_owned());
        document.issuer = Some("Ports &amp; Rail".to_owned());
        complete_metadata(&mut document);
        assert_eq!(document.title.as_deref(), Some("Law & Order’s Ports"));
        assert_eq!(document.issuer.as_deref(), Some("Ports & Rail"));
    }

    #[test]
    fn notice_gets_its_number_from_a_line_and_its_issuer_from_the_signature() {
        let text =
            "某通知\n国办发[1996]25号\n正文，见国发〔1995〕3号。\n国务院办公厅\n1996年7月1日\n";
        let mut document = Document::new("a", text);
        complete_metadata(&mut document);
        assert_eq!(document.number.as_deref(), Some("国办发〔1996〕25号"));
        assert_eq!(document.issuer.as_deref(), Some("国务院办公厅"));
        assert_eq!(document.origins["issuer"], "signature");
        assert_eq!(document.inferred, ["number", "issuer", "date", "lang"]);
    }
}
