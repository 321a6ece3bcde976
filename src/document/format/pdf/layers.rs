//! Finds the layers of a PDF (optional content) that are off. A viewer does not show the content of such a layer.

use std::collections::HashSet;

use lopdf::{Dictionary, Document, Object, ObjectId};

/// Layers that are off when the file is opened.
#[derive(Debug, Default)]
pub(super) struct Layers {
    /// Ids of the layers that are off.
    hidden_layers: HashSet<ObjectId>,
}

impl Layers {
    /// Reads the default configuration of the layers of a file.
    pub(super) fn read(pdf: &Document) -> Self {
        let properties = pdf
            .catalog()
            .and_then(|catalog| catalog.get_deref(b"OCProperties", pdf))
            .and_then(Object::as_dict);
        let Ok(properties) = properties else { return Self::default() };
        let configuration = properties.get_deref(b"D", pdf).and_then(Object::as_dict);
        let Ok(configuration) = configuration else { return Self::default() };
        let base_state = configuration.get_deref(b"BaseState", pdf).and_then(Object::as_name);
        let mut hidden_layers = HashSet::new();
        if base_state.is_ok_and(|state| state == b"OFF") {
            hidden_layers.extend(references(pdf, properties, b"OCGs"));
            for layer in references(pdf, configuration, b"ON") {
                hidden_layers.remove(&layer);
            }
        }
        hidden_layers.extend(references(pdf, configuration, b"OFF"));
        Self { hidden_layers }
    }

    /// Returns whether a viewer hides content whose key `OC` has the value `layer`: a layer, or a group of layers with
    /// a visibility rule.
    pub(super) fn hides(&self, pdf: &Document, layer: &Object) -> bool {
        if self.hidden_layers.is_empty() {
            return false;
        }
        if let Ok(id) = layer.as_reference()
            && self.hidden_layers.contains(&id)
        {
            return true;
        }
        let Some(group) = pdf.dereference(layer).ok().and_then(|(_, group)| group.as_dict().ok())
        else {
            return false;
        };
        let layers = references(pdf, group, b"OCGs");
        let hidden_count = layers.iter().filter(|id| self.hidden_layers.contains(id)).count();
        let is_visible = match group.get_deref(b"P", pdf).and_then(Object::as_name) {
            Ok(b"AllOn") => hidden_count == 0,
            Ok(b"AnyOff") => hidden_count > 0,
            Ok(b"AllOff") => hidden_count == layers.len(),
            _ => hidden_count < layers.len(),
        };
        !layers.is_empty() && !is_visible
    }
}

/// Returns the references in the entry `key`, which is an array of references or a single reference.
fn references(pdf: &Document, dictionary: &Dictionary, key: &[u8]) -> Vec<ObjectId> {
    let Ok(entry) = dictionary.get(key) else { return Vec::new() };
    match pdf.dereference(entry) {
        Ok((_, Object::Array(items))) => {
            items.iter().filter_map(|item| item.as_reference().ok()).collect()
        }
        _ => entry.as_reference().into_iter().collect(),
    }
}
