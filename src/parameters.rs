//! Reads named parameters into typed values, in the forms in which agents, programs and web addresses send them.
//!
//! The deserializer converts each JSON value to the type that the caller expects: `null` counts as absent, `"3"` and
//! `3.0` become whole numbers, `"true"` becomes a truth value, a single value becomes a list with one element, and the
//! names of a fixed list are read in any case. An error names the parameter, and says in plain words which values the
//! parameter accepts.

use std::fmt::{self, Display};

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error as _, Expected, IntoDeserializer,
    MapAccess, Unexpected, Visitor, value::SeqDeserializer,
};
use serde_json::{Map, Value};

use crate::named::is_same_name;

/// Maximum number of characters of a wrong value that an error message quotes.
const MAX_QUOTED_VALUE_CHARS: usize = 80;

/// Reads `parameters` as a value of type `T`.
///
/// # Errors
///
/// [`ParameterError`] if a parameter is missing, unknown or malformed.
pub(crate) fn read_parameters<T: DeserializeOwned>(
    parameters: Map<String, Value>,
) -> Result<T, ParameterError> {
    T::deserialize(Parameters(parameters))
}

/// Malformed, missing or unknown parameter. The message is a sentence that names the parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ParameterError {
    /// Name of the parameter; `None` while its value is read, and if `problem` contains the name already.
    name: Option<String>,
    problem: String,
}

impl ParameterError {
    fn new(problem: impl Into<String>) -> Self {
        Self { name: None, problem: problem.into() }
    }

    fn for_wrong_value(value: &Value, advice: &str) -> Self {
        Self::new(format!("is {}: give {advice}", describe_wrong_value(value)))
    }

    fn with_parameter_name(self, name: &str) -> Self {
        Self { name: self.name.or_else(|| Some(name.to_owned())), ..self }
    }
}

impl Display for ParameterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => write!(f, "{name} {}", self.problem),
            None => f.write_str(&self.problem),
        }
    }
}

impl std::error::Error for ParameterError {}

impl serde::de::Error for ParameterError {
    fn custom<T: Display>(message: T) -> Self {
        Self::new(format!("is wrong: {message}"))
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(format!("has the wrong form: give {expected}"))
    }

    fn unknown_variant(value: &str, names: &'static [&'static str]) -> Self {
        Self::for_wrong_value(&Value::from(value), &list_of_alternatives(names))
    }

    fn unknown_field(name: &str, names: &'static [&'static str]) -> Self {
        let name = describe_wrong_value(&Value::from(name));
        Self::new(format!("there is no parameter {name}: the parameters are {}", names.join(", ")))
    }

    fn missing_field(name: &'static str) -> Self {
        Self::new("is missing: it is required").with_parameter_name(name)
    }
}

/// Returns the names as "a, b or c".
fn list_of_alternatives(names: &[&str]) -> String {
    match names {
        [names @ .., last] if !names.is_empty() => format!("{} or {last}", names.join(", ")),
        names => names.concat(),
    }
}

/// Describes a wrong value in an error message.
fn describe_wrong_value(value: &Value) -> String {
    match value {
        Value::Array(values) if values.is_empty() => "an empty list".to_owned(),
        Value::Array(values) => format!("a list of {} values", values.len()),
        Value::Object(_) => "an object".to_owned(),
        Value::String(text) if text.chars().count() > MAX_QUOTED_VALUE_CHARS => {
            let start: String = text.chars().take(MAX_QUOTED_VALUE_CHARS).collect();
            format!("{start:?}…")
        }
        Value::String(text) => format!("{text:?}"),
        other => other.to_string(),
    }
}

/// All parameters of a request, by name.
struct Parameters(Map<String, Value>);

impl<'de> Deserializer<'de> for Parameters {
    type Error = ParameterError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ParameterError> {
        let present = self.0.into_iter().filter(|(_, value)| !value.is_null()).collect::<Vec<_>>();
        visitor.visit_map(NonNullParameters {
            remaining_parameters: present.into_iter(),
            current_parameter: None,
        })
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// Parameters that are not `null`.
struct NonNullParameters {
    remaining_parameters: std::vec::IntoIter<(String, Value)>,
    /// Name and value of the parameter whose value is read next.
    current_parameter: Option<(String, Value)>,
}

impl<'de> MapAccess<'de> for NonNullParameters {
    type Error = ParameterError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, ParameterError> {
        let Some((name, value)) = self.remaining_parameters.next() else { return Ok(None) };
        let key = seed.deserialize(name.as_str().into_deserializer());
        self.current_parameter = Some((name, value));
        key.map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, ParameterError> {
        let (name, value) = self.current_parameter.take().unwrap_or_default();
        seed.deserialize(ParameterValue(value)).map_err(|error| error.with_parameter_name(&name))
    }
}

/// Value of a parameter, or one element of a parameter that is a list.
struct ParameterValue(Value);

impl ParameterValue {
    /// Returns the value as a whole number.
    fn whole_number(self) -> Result<u64, ParameterError> {
        let number = match &self.0 {
            Value::Number(number) => number.as_u64().or_else(|| exact_integer(number.as_f64()?)),
            Value::String(text) => {
                let text = text.trim();
                text.parse().ok().or_else(|| exact_integer(text.parse().ok()?))
            }
            _ => None,
        };
        number.ok_or_else(|| ParameterError::for_wrong_value(&self.0, "a whole number"))
    }

    /// Returns the value as text. A list with one text is read as that text, and a number as its digits: 2025 as
    /// `"2025"`.
    fn text(self) -> Result<String, ParameterError> {
        match self.0 {
            Value::String(text) => Ok(text),
            Value::Number(number) => Ok(number.to_string()),
            Value::Array(mut values) if values.len() == 1 => {
                Self(values.pop().unwrap_or_default()).text()
            }
            other => Err(ParameterError::for_wrong_value(&other, "one text")),
        }
    }

    fn truth_value(self) -> Result<bool, ParameterError> {
        let text = match &self.0 {
            Value::String(text) => text.trim().to_ascii_lowercase(),
            other => other.to_string(),
        };
        match text.as_str() {
            "true" | "1" => Ok(true),
            "false" | "0" => Ok(false),
            _ => Err(ParameterError::for_wrong_value(&self.0, "true or false")),
        }
    }
}

/// Returns `number` as an integer; `None` if it is negative, too large or has a fraction.
#[expect(clippy::cast_sign_loss, reason = "the number is not negative")]
fn exact_integer(number: f64) -> Option<u64> {
    let is_exact = number.fract() == 0.0 && (0.0..=9_007_199_254_740_992.0).contains(&number);
    is_exact.then_some(number as u64)
}

impl IntoDeserializer<'_, ParameterError> for ParameterValue {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

macro_rules! deserialize_numbers {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ParameterError> {
            visitor.visit_u64(self.whole_number()?)
        }
    )*};
}

macro_rules! deserialize_texts {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ParameterError> {
            visitor.visit_string(self.text()?)
        }
    )*};
}

impl<'de> Deserializer<'de> for ParameterValue {
    type Error = ParameterError;

    deserialize_numbers! { deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 }
    deserialize_texts! { deserialize_str deserialize_string deserialize_identifier }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ParameterError> {
        self.0.deserialize_any(visitor).map_err(ParameterError::custom)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ParameterError> {
        visitor.visit_bool(self.truth_value()?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ParameterError> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ParameterError> {
        let values = match self.0 {
            Value::Array(values) => values,
            value => vec![value],
        };
        let present = values.into_iter().filter(|value| !value.is_null()).map(ParameterValue);
        visitor.visit_seq(SeqDeserializer::new(present))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ParameterError> {
        let text = self.text()?;
        let name = names.iter().find(|name| is_same_name(name, &text));
        visitor.visit_enum(name.map_or(text.as_str(), |name| name).into_deserializer())
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, ParameterError> {
        visitor.visit_newtype_struct(self)
    }

    serde::forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct map struct ignored_any
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Order {
        Score,
        Date,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Request {
        query: String,
        limit: Option<usize>,
        #[serde(default)]
        strict: bool,
        #[serde(default)]
        issuer: Vec<String>,
        order: Option<Order>,
    }

    #[expect(clippy::needless_pass_by_value, reason = "the macro `json!` makes values")]
    fn read_request(parameters: Value) -> Result<Request, String> {
        read_parameters(parameters.as_object().cloned().unwrap()).map_err(|error| error.to_string())
    }

    #[test]
    fn parameter_values_are_read_in_every_usual_form() {
        let request = |limit, strict, issuer: &[&str], order| Request {
            query: "a".to_owned(),
            limit,
            strict,
            issuer: issuer.iter().map(|&name| name.to_owned()).collect(),
            order,
        };
        for (parameters, expected) in [
            (json!({"query": "a"}), request(None, false, &[], None)),
            (
                json!({"query": "a", "limit": null, "strict": null, "issuer": null, "order": null}),
                request(None, false, &[], None),
            ),
            (json!({"query": ["a"], "limit": 3}), request(Some(3), false, &[], None)),
            (json!({"query": "a", "limit": "3"}), request(Some(3), false, &[], None)),
            (json!({"query": "a", "limit": 3.0}), request(Some(3), false, &[], None)),
            (json!({"query": "a", "limit": " 3.0 "}), request(Some(3), false, &[], None)),
            (json!({"query": "a", "strict": true}), request(None, true, &[], None)),
            (json!({"query": "a", "strict": "True"}), request(None, true, &[], None)),
            (json!({"query": "a", "strict": "false"}), request(None, false, &[], None)),
            (json!({"query": "a", "issuer": "b, c"}), request(None, false, &["b, c"], None)),
            (
                json!({"query": "a", "issuer": ["b", null, 7]}),
                request(None, false, &["b", "7"], None),
            ),
            (json!({"query": "a", "order": "date"}), request(None, false, &[], Some(Order::Date))),
            (json!({"query": "a", "order": "Date"}), request(None, false, &[], Some(Order::Date))),
        ] {
            assert_eq!(read_request(parameters.clone()), Ok(expected), "{parameters}");
        }
        assert_eq!(read_request(json!({"query": 2025})).unwrap().query, "2025");
    }

    #[test]
    fn errors_name_the_parameter_in_plain_words() {
        for (parameters, expected) in [
            (json!({}), "query is missing: it is required"),
            (json!({"query": null}), "query is missing: it is required"),
            (json!({"query": ["a", "b"]}), "query is a list of 2 values: give one text"),
            (json!({"query": {}}), "query is an object: give one text"),
            (json!({"query": true}), "query is true: give one text"),
            (json!({"query": "a", "limit": "many"}), "limit is \"many\": give a whole number"),
            (json!({"query": "a", "limit": 2.5}), "limit is 2.5: give a whole number"),
            (json!({"query": "a", "limit": -1}), "limit is -1: give a whole number"),
            (json!({"query": "a", "limit": ""}), "limit is \"\": give a whole number"),
            (json!({"query": "a", "strict": "maybe"}), "strict is \"maybe\": give true or false"),
            (json!({"query": "a", "order": "size"}), "order is \"size\": give score or date"),
            (json!({"query": "a", "issuer": [{}]}), "issuer is an object: give one text"),
            (
                json!({"query": "a", "limt": 1}),
                "there is no parameter \"limt\": the parameters are query, limit, strict, issuer, order",
            ),
        ] {
            assert_eq!(read_request(parameters.clone()), Err(expected.to_owned()), "{parameters}");
        }
        let long_value_error =
            read_request(json!({"query": "a", "limit": "x".repeat(999)})).unwrap_err();
        assert!(long_value_error.len() < 150, "{long_value_error}");
    }
}
