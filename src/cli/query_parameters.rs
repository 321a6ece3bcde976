//! Parameters of one query of a batch, which replace options of the command line.

use serde::{Deserialize, Deserializer, de::IntoDeserializer};
use serde_json::{Map, Value};

use crate::{
    error::{Error, Result},
    parameters::read_parameters,
    query::{Collapse, Facet, Period, Sort},
    render::CitationStyle,
    span::OffsetUnit,
};

/// Parameters of one query of a batch: the parameters of a search request to the HTTP service without `format`, and the
/// parameters `name` and `to`. If a parameter is absent, the option of the command line applies.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct QueryParameters {
    /// Name of the query in the report.
    pub(super) name: Option<String>,
    /// Text of the query.
    #[serde(alias = "query")]
    pub(super) q: String,
    pub(super) limit: Option<usize>,
    pub(super) offset: Option<usize>,
    pub(super) cursor: Option<String>,
    pub(super) group: Option<Group>,
    pub(super) collapse: Option<Collapse>,
    pub(super) sort: Option<Sort>,
    pub(super) strict: Option<bool>,
    pub(super) synonyms: Option<bool>,
    pub(super) prefix: Option<Prefix>,
    pub(super) issuer: Vec<String>,
    pub(super) speaker: Vec<String>,
    pub(super) lang: Vec<String>,
    pub(super) source: Vec<String>,
    /// First day, month or year of publication.
    #[serde(alias = "from")]
    pub(super) after: Option<String>,
    /// Day, month or year before which the documents were published.
    pub(super) before: Option<String>,
    /// Last day, month or year of publication.
    pub(super) to: Option<String>,
    pub(super) filter: Vec<String>,
    pub(super) only: Vec<String>,
    #[serde(deserialize_with = "deserialize_facet_names")]
    pub(super) facets: Vec<Facet>,
    pub(super) facet_limit: Option<usize>,
    pub(super) cite: Option<CitationStyle>,
    pub(super) context: Option<usize>,
    pub(super) explain: Option<bool>,
    pub(super) fragments: Option<usize>,
    pub(super) width: Option<usize>,
    pub(super) offsets: Option<OffsetUnit>,
}

/// Grouping of passages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Group {
    /// One group for each release.
    Release,
}

/// Word of the query text that may be unfinished, and is then completed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Prefix {
    /// The last word of the query text.
    Last,
}

/// Reads a list of facets. Each element may hold several names, separated by commas.
fn deserialize_facet_names<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<Facet>, D::Error> {
    let texts = Vec::<String>::deserialize(deserializer)?;
    let names = texts.iter().flat_map(|text| text.split(',')).map(str::trim);
    names
        .filter(|name| !name.is_empty())
        .map(|name| Facet::deserialize(name.into_deserializer()))
        .collect()
}

/// Checks that each date is a day, a month or a year. An error contains the name of the parameter in the input, such as
/// `from`.
fn check_dates(parameters: &Map<String, Value>) -> Result<()> {
    for name in ["from", "after", "to", "before"] {
        let day = parameters.get(name).and_then(Value::as_str).map(str::trim);
        if let Some(day) = day.filter(|day| !day.is_empty() && Period::since(day).is_err()) {
            let expected = "write a day (2025-12-17), a month (2025-12) or a year (2025)";
            let problem = format!("{name} {day:?} is not a date: {expected}");
            return Err(Error::invalid(name, problem));
        }
    }
    Ok(())
}

impl QueryParameters {
    /// Reads the parameters from their names and values.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] if there is no query text, or if a parameter is unknown, malformed or out of range.
    pub(super) fn read(parameters: Map<String, Value>) -> Result<Self> {
        check_dates(&parameters)?;
        let parameters: Self = read_parameters(parameters)
            .map_err(|error| Error::invalid("parameters", error.to_string()))?;
        if parameters.q.trim().is_empty() {
            return Err(Error::invalid("q", "there is no query text: write * for all passages"));
        }
        parameters.check_parameter_ranges()?;
        Ok(parameters)
    }

    /// Reads one line of input: a JSON object with parameters if the line begins with `{`, and otherwise the text of a
    /// query.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] for malformed JSON, and the errors of [`read`](Self::read).
    pub(super) fn read_line(line: &str) -> Result<Self> {
        if !line.starts_with('{') {
            return Ok(Self { q: line.to_owned(), ..Self::default() });
        }
        let object = serde_json::from_str(line).map_err(|error| {
            let problem = format!("the line begins with {{ but is not a JSON object: {error}");
            Error::invalid("parameters", problem)
        })?;
        Self::read(object)
    }

    /// Checks that each number is in the range that the HTTP service permits.
    fn check_parameter_ranges(&self) -> Result<()> {
        let ranges = [
            ("limit", self.limit, 0..=1_000),
            ("offset", self.offset, 0..=1_000_000),
            ("facet_limit", self.facet_limit, 0..=1_000),
            ("context", self.context, 0..=20),
            ("fragments", self.fragments, 1..=100),
            ("width", self.width, 0..=10_000),
        ];
        for (name, value, range) in ranges {
            if let Some(value) = value.filter(|value| !range.contains(value)) {
                let (min, max) = (range.start(), range.end());
                let problem = format!("{name} is {value}: use a number from {min} to {max}");
                return Err(Error::invalid(name, problem));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_parameters_is_a_query_text_or_a_json_object() {
        for (line, query, limit) in [
            ("flying car", "flying car", None),
            ("\"flying car\", new", "\"flying car\", new", None),
            ("{\"q\": \"port\", \"limit\": \"3\"}", "port", Some(3)),
            ("{\"query\": \"port\", \"limit\": null}", "port", None),
        ] {
            let parameters = QueryParameters::read_line(line).unwrap();
            assert_eq!((parameters.q.as_str(), parameters.limit), (query, limit), "{line}");
        }
        for (line, problem) in [
            ("{\"limit\": 3}", "there is no query text"),
            ("{\"q\": \" \"}", "there is no query text"),
            ("{\"q\": \"port\", \"limt\": 3}", "there is no parameter \"limt\""),
            ("{\"q\": \"port\", \"limit\": 1001}", "limit is 1001: use a number from 0 to 1000"),
            ("{\"q\": \"port\", \"fragments\": 0}", "fragments is 0"),
            ("{\"q\": \"port\", \"from\": \"x\"}", "from \"x\" is not a date"),
            ("{\"q\": \"port\", \"to\": \"2025-13\"}", "to \"2025-13\" is not a date"),
            ("{\"q\": \"port\"", "is not a JSON object"),
            ("{port", "is not a JSON object"),
        ] {
            let error = QueryParameters::read_line(line).unwrap_err().to_string();
            assert!(error.contains(problem), "{line}: {error}");
        }
    }

    #[test]
    fn list_parameters_take_one_value_or_several() {
        let line =
            "{\"q\":\"port\",\"issuer\":\"A\",\"lang\":[\"en\",\"zh\"],\"facets\":\"year,lang\"}";
        let parameters = QueryParameters::read_line(line).unwrap();
        assert_eq!(parameters.issuer, ["A"]);
        assert_eq!(parameters.lang, ["en", "zh"]);
        assert_eq!(parameters.facets, [Facet::Year, Facet::Lang]);
    }
    #[cfg(feature = "server")]
    #[test]
    fn every_parameter_of_the_http_service_is_accepted() {
        let description = crate::server::openapi_description();
        let properties = &description["components"]["schemas"]["SearchRequest"]["properties"];
        let names: Vec<&String> = properties.as_object().unwrap().keys().collect();
        assert!(names.len() > 20, "{names:?}");
        for name in names.into_iter().filter(|name| *name != "format") {
            let parameters = Map::from_iter([(name.clone(), Value::from("x"))]);
            let error = QueryParameters::read(parameters).map_err(|error| error.to_string());
            let is_unknown = error.is_err_and(|error| error.contains("there is no parameter"));
            assert!(!is_unknown, "{name}");
        }
    }
}
