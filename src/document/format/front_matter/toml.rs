//! Parses TOML front matter. The TOML parser itself limits the nesting depth.

use toml::{Table, Value};

use super::{EntriesAndParseError, lines::entries_parsed_one_by_one};
use crate::document::metadata::fields::joined_values;

/// Returns the entries of the top-level table whose values are scalars or arrays of scalars. `None` if the text is not
/// TOML. If the text has an error, each top-level key is parsed by itself.
pub(super) fn parse_toml(toml: &str) -> Option<EntriesAndParseError> {
    match toml.parse::<Table>() {
        Ok(table) => Some((entries_with_scalar_values(table), None)),
        Err(error) => {
            let parse_chunk =
                |chunk: &str| chunk.parse::<Table>().ok().map(entries_with_scalar_values);
            let entries_parsed_one_by_one = entries_parsed_one_by_one(toml, '=', parse_chunk)?;
            Some((entries_parsed_one_by_one, Some(error.message().to_owned())))
        }
    }
}

fn entries_with_scalar_values(table: Table) -> Vec<(String, String)> {
    table
        .into_iter()
        .filter_map(|(key, value)| {
            let text = value_text(&key, &value)?;
            Some((key, text))
        })
        .collect()
}

/// Returns a scalar as text, or the scalars of an array as one text. `None` for a table.
fn value_text(key: &str, value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        Value::Boolean(truth) => Some(truth.to_string()),
        Value::Datetime(datetime) => Some(datetime.to_string()),
        Value::Array(elements) => {
            let scalars = elements.iter().filter(|element| !element.is_array());
            let texts: Vec<_> = scalars.filter_map(|value| value_text(key, value)).collect();
            Some(joined_values(key, &texts))
        }
        Value::Table(_) => None,
    }
}
