//! Makes a query of the library from the arguments of a search.

use std::{collections::BTreeMap, time::Duration};

use gz_search::{
    Query,
    query::{
        Clause, Collapse, Facet, Field, ParsePeriodError, Period, Sort, declared_field_filters,
    },
};
use pyo3::{
    prelude::*,
    types::{PyDict, PyInt, PyMapping, PyString},
};

use crate::errors::{invalid_argument, python_exception};

/// Argument that is a text, a number, or a list of texts and numbers.
pub(crate) struct Texts(Vec<String>);

impl<'a, 'py> FromPyObject<'a, 'py> for Texts {
    type Error = PyErr;

    fn extract(argument: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if argument.is_instance_of::<PyString>() || argument.is_instance_of::<PyInt>() {
            return Ok(Self(vec![argument.str()?.extract()?]));
        }
        argument.try_iter()?.map(|text| text?.str()?.extract()).collect::<PyResult<_>>().map(Self)
    }
}

/// Argument that is a mapping from names to values.
pub(crate) struct NamedValues<T>(pub(crate) BTreeMap<String, T>);

impl<'a, 'py, T: FromPyObjectOwned<'py>> FromPyObject<'a, 'py> for NamedValues<T> {
    type Error = PyErr;

    fn extract(argument: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let dict = PyDict::new(argument.py());
        dict.update(&*argument.cast::<PyMapping>()?)?;
        dict.extract().map(Self)
    }
}

/// Argument that is a date: a `datetime.date`, a year as a number, or a text such as `2025-06`.
pub(crate) struct DateText(String);

impl<'a, 'py> FromPyObject<'a, 'py> for DateText {
    type Error = PyErr;

    fn extract(argument: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        Ok(Self(argument.str()?.extract()?))
    }
}

/// Filters of a search.
#[derive(Default)]
pub(crate) struct Filters {
    pub(crate) issuer: Option<Texts>,
    pub(crate) speaker: Option<Texts>,
    pub(crate) lang: Option<Texts>,
    pub(crate) source: Option<Texts>,
    pub(crate) after: Option<DateText>,
    pub(crate) before: Option<DateText>,
    /// Conditions on declared fields.
    pub(crate) conditions: Option<Texts>,
    pub(crate) only: Option<NamedValues<Texts>>,
}

impl Filters {
    /// Restricts `query` to the passages that match every filter.
    ///
    /// # Errors
    ///
    /// `InvalidArgumentError` for a date, facet or condition that is malformed.
    pub(crate) fn apply(self, mut query: Query) -> PyResult<Query> {
        let field_filters = [
            (Field::Issuer, self.issuer),
            (Field::Speaker, self.speaker),
            (Field::Lang, self.lang),
            (Field::Source, self.source),
        ];
        for (field, values) in field_filters {
            let clause = values.and_then(|values| Clause::any_of(field, &values.0));
            query = clause.into_iter().fold(query, Query::filter);
        }
        let periods = [
            ("after", self.after, Period::since as fn(&str) -> Result<Period, ParsePeriodError>),
            ("before", self.before, Period::before),
        ];
        for (name, date, parse) in periods {
            let Some(DateText(text)) = date else { continue };
            let period = parse(&text).map_err(|_| {
                invalid_argument(format!(
                    "{name}: {text:?} is not a date: give a day (2025-12-17), a month (2025-12) or a year (2025)"
                ))
            })?;
            query = query.filter(Clause::Dates(period));
        }
        if let Some(Texts(conditions)) = self.conditions {
            let clauses = declared_field_filters(&conditions).map_err(python_exception)?;
            query = clauses.into_iter().fold(query, Query::filter);
        }
        for (facet, Texts(values)) in self.only.into_iter().flat_map(|NamedValues(values)| values) {
            query = query.only(parse_facet(&facet)?, values);
        }
        Ok(query)
    }
}

fn parse_facet(name: &str) -> PyResult<Facet> {
    name.parse().map_err(invalid_argument)
}

/// Options of a search for the order, the grouping, the page and the facets of its results.
pub(crate) struct PageOptions {
    pub(crate) limit: usize,
    pub(crate) offset: usize,
    pub(crate) cursor: Option<String>,
    pub(crate) sort: String,
    pub(crate) group: String,
    pub(crate) group_size: usize,
    pub(crate) facets: Option<Texts>,
    pub(crate) facet_limit: usize,
    pub(crate) timeout: Option<f64>,
}

impl PageOptions {
    /// Sets the options on `query`, and returns the query.
    ///
    /// # Errors
    ///
    /// `InvalidArgumentError` for an order, grouping, facet or time limit that does not exist.
    pub(crate) fn apply(self, query: Query) -> PyResult<Query> {
        let facets = self.facets.map(|Texts(names)| names).unwrap_or_default();
        let facets = facets.iter().map(|name| parse_facet(name)).collect::<PyResult<Vec<_>>>()?;
        let sort: Sort = self.sort.parse().map_err(invalid_argument)?;
        let group: Collapse = self.group.parse().map_err(invalid_argument)?;
        let mut query = query
            .limit(self.limit)
            .offset(self.offset)
            .sort(sort)
            .collapse(group)
            .group_size(self.group_size)
            .facets(facets)
            .facet_limit(self.facet_limit);
        if let Some(cursor) = self.cursor {
            if self.offset > 0 {
                return Err(invalid_argument("cursor and offset exclude each other: give one"));
            }
            query = query.cursor(cursor);
        }
        if let Some(seconds) = self.timeout {
            let timeout = Duration::try_from_secs_f64(seconds).map_err(|error| {
                invalid_argument(format!("timeout: {seconds} is no time in seconds: {error}"))
            })?;
            query = query.timeout(timeout);
        }
        Ok(query)
    }
}
