//! Parses YAML front matter from the events of the parser, without a tree of values, so no recursion follows the
//! nesting of the input.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::{EntriesAndParseError, MAX_NESTING_DEPTH, lines::entries_parsed_one_by_one};
use crate::document::metadata::fields::joined_values;

/// Maximum size of a scalar that aliases can repeat, in bytes.
const MAX_REPEATABLE_SCALAR_BYTES: usize = 1_000;

/// Returns the entries of the top-level mapping whose values are scalars or lists of scalars. `None` if the text is not
/// a mapping. If the text has an error, each top-level key is parsed by itself.
pub(super) fn parse_yaml(yaml: &str) -> Option<EntriesAndParseError> {
    match parse_top_level_mapping(yaml) {
        Ok(entries) => entries.map(|entries| (entries, None)),
        Err(error) => {
            let parse_chunk = |chunk: &str| parse_top_level_mapping(chunk).ok().flatten();
            let entries = entries_parsed_one_by_one(yaml, ':', parse_chunk)?;
            Some((entries, Some(error)))
        }
    }
}

/// Parses a top-level mapping. Returns `None` if the text is a scalar or a list, and an empty vector if the text is
/// empty.
fn parse_top_level_mapping(yaml: &str) -> Result<Option<Vec<(String, String)>>, String> {
    let mut builder = YamlEntryBuilder::default();
    for event in Parser::new_from_str(yaml) {
        let (event, span) = event
            .map_err(|error| format!("line {}: {}", error.marker().line() + 1, error.info()))?;
        if !builder.handle_event(event) {
            return Ok(None);
        }
        if builder.depth > MAX_NESTING_DEPTH {
            let line = span.start.line() + 1;
            return Err(format!(
                "line {line}: values are nested deeper than {MAX_NESTING_DEPTH} levels"
            ));
        }
    }
    Ok(Some(builder.entries))
}

/// Builds entries from events of the YAML parser.
#[derive(Default)]
struct YamlEntryBuilder {
    entries: Vec<(String, String)>,
    /// Number of open mappings and lists: 1 in the top-level mapping.
    depth: usize,
    /// Whether the next node of the top-level mapping is a value, not a key.
    expects_value: bool,
    /// Key whose value is read next. `None` if the key is not a scalar.
    key: Option<String>,
    /// Scalars read so far from the list that is being read. `None` unless a list directly in the top-level mapping is
    /// open.
    list_scalars: Option<Vec<String>>,
    /// Scalars with an anchor, by the number of the anchor.
    anchored_scalars: HashMap<usize, String>,
}

impl YamlEntryBuilder {
    /// Handles an event. Returns whether the text can still be a mapping.
    fn handle_event(&mut self, event: Event<'_>) -> bool {
        match event {
            Event::Scalar(text, style, anchor, _) => {
                if self.depth == 0 {
                    return text.is_empty();
                }
                if anchor > 0 && text.len() <= MAX_REPEATABLE_SCALAR_BYTES {
                    self.anchored_scalars.insert(anchor, text.clone().into_owned());
                }
                self.add_scalar(text_of_yaml_scalar(&text, style));
            }
            Event::Alias(anchor) => {
                let scalar = self.anchored_scalars.get(&anchor).cloned();
                self.add_scalar(scalar);
            }
            Event::MappingStart(..) => self.depth += 1,
            Event::SequenceStart(..) => {
                if self.depth == 0 {
                    return false;
                }
                self.depth += 1;
                if self.depth == 2 {
                    self.list_scalars = Some(Vec::new());
                }
            }
            Event::MappingEnd | Event::SequenceEnd => {
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 1 {
                    let list_scalars = self.list_scalars.take();
                    let key = self.key.clone().unwrap_or_default();
                    self.finish_key_or_value(
                        list_scalars.map(|values| joined_values(&key, &values)),
                    );
                }
            }
            _ => {}
        }
        true
    }

    /// Adds a scalar to the open list, or uses it as a key or a value of the top-level mapping.
    fn add_scalar(&mut self, scalar: Option<String>) {
        match self.depth {
            1 => self.finish_key_or_value(scalar),
            2 => {
                if let Some(list_scalars) = &mut self.list_scalars {
                    list_scalars.extend(scalar);
                }
            }
            _ => {}
        }
    }

    /// Ends a key or a value of the top-level mapping. `text` is `None` if the node has no readable text, such as a
    /// nested mapping.
    fn finish_key_or_value(&mut self, text: Option<String>) {
        if self.expects_value {
            self.entries.extend(self.key.take().zip(text));
        } else {
            self.key = text;
        }
        self.expects_value = !self.expects_value;
    }
}

/// Returns the text of a scalar. `None` for null.
fn text_of_yaml_scalar(text: &str, style: ScalarStyle) -> Option<String> {
    let is_null =
        style == ScalarStyle::Plain && matches!(text, "" | "~" | "null" | "Null" | "NULL");
    (!is_null).then(|| text.to_owned())
}
