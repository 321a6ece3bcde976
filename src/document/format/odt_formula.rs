//! Reads the formulas of an OpenDocument file, which are objects in `MathML`.

use std::collections::BTreeMap;

use super::{
    archive::Package,
    formula::{FormulaElement, FormulaText, trim_xml_space},
    xml::{XmlEvent, for_each_event},
};

/// Maximum number of objects of a file that are read.
const MAX_OBJECTS: usize = 10_000;

/// Reader of a formula in `MathML`.
#[derive(Debug, Default)]
pub(super) struct MathReader {
    /// Formula that is being read.
    formula: Option<FormulaText>,
}

impl MathReader {
    /// Handles an event of the file. Returns `None` for an event outside of formulas. For an event inside of a formula,
    /// returns the text of the formula that the event completes, or an empty text.
    pub(super) fn handle_event(&mut self, event: &XmlEvent<'_>) -> Option<String> {
        if self.formula.is_none() && !matches!(event, XmlEvent::Open("math", _)) {
            return None;
        }
        let formula = self.formula.get_or_insert_default();
        match event {
            XmlEvent::Open(name, _) => formula.open(FormulaElement::of_mathml(name)),
            XmlEvent::Text(text) => formula.add_text(trim_xml_space(text)),
            XmlEvent::Close(_) => {
                if let Some(text) = formula.close() {
                    self.formula = None;
                    return Some(text);
                }
            }
        }
        Some(String::new())
    }
}

/// Returns the formulas in the objects of a package, by the name of the object, such as `Object 1`. Leaves out objects
/// that are no formulas or cannot be read.
pub(super) fn read_formula_objects(package: &mut Package<'_>) -> BTreeMap<String, String> {
    let mut formulas = BTreeMap::new();
    for name in package.member_names() {
        let Some(object) = name.strip_suffix("/content.xml") else { continue };
        if formulas.len() >= MAX_OBJECTS {
            break;
        }
        let Ok(Some(xml)) = package.member(&name) else { continue };
        let mut reader = MathReader::default();
        let mut formula = String::new();
        let result = for_each_event(&xml, |event| {
            formula.push_str(&reader.handle_event(&event).unwrap_or_default());
        });
        if result.is_ok() && !formula.is_empty() {
            formulas.insert(object.to_owned(), formula);
        }
    }
    formulas
}
