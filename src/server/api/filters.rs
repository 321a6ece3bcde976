//! Filters of requests, as clauses of a query.

use crate::{
    query::{Clause, Field, ParsePeriodError, Period, Query, declared_field_filters},
    server::{
        api_error::ApiError,
        extract::checks::{invalid_parameter, non_blank, parse_facet_value},
    },
};

/// Values of the filter parameters of a request.
#[derive(Debug)]
pub(super) struct Filters<'a> {
    pub(super) issuer: &'a [String],
    pub(super) speaker: &'a [String],
    pub(super) lang: &'a [String],
    pub(super) source: &'a [String],
    pub(super) after: Option<&'a str>,
    pub(super) before: Option<&'a str>,
    /// Conditions on declared fields: `FIELD=VALUE`.
    pub(super) filter: &'a [String],
    /// Exact values of facets: `FACET=VALUE`.
    pub(super) only: &'a [String],
}

impl Filters<'_> {
    /// Restricts `query` to the passages that match every filter with a value.
    ///
    /// # Errors
    ///
    /// [`Code::InvalidRequest`](crate::server::api_error::Code::InvalidRequest) if a date, a value of a facet or a
    /// condition on a declared field is malformed.
    pub(super) fn restrict(&self, mut query: Query) -> Result<Query, ApiError> {
        for text in self.only.iter().filter_map(|text| non_blank(text)) {
            let (facet, value) = parse_facet_value(text)?;
            query = query.only(facet, [value]);
        }
        Ok(self.clauses()?.into_iter().fold(query, Query::filter))
    }

    /// Returns one clause for each filter that has a value.
    fn clauses(&self) -> Result<Vec<Clause>, ApiError> {
        let field_filters = [
            (Field::Issuer, self.issuer),
            (Field::Speaker, self.speaker),
            (Field::Lang, self.lang),
            (Field::Source, self.source),
        ];
        let mut clauses = Vec::new();
        for (field, values) in field_filters {
            let values: Vec<String> =
                values.iter().filter_map(|text| non_blank(text)).map(str::to_owned).collect();
            clauses.extend(Clause::any_of(field, &values));
        }
        let conditions: Vec<String> =
            self.filter.iter().filter_map(|text| non_blank(text)).map(str::to_owned).collect();
        clauses.extend(declared_field_filters(&conditions)?);
        let date_filters = [
            ("after", self.after, Period::since as fn(&str) -> Result<Period, ParsePeriodError>),
            ("before", self.before, Period::before),
        ];
        for (name, value, parse) in date_filters {
            if let Some(text) = value.and_then(non_blank) {
                let date_error = || {
                    invalid_parameter(
                        format!("{name}: {text:?} is not a date"),
                        "write a day (2025-12-17), a month (2025-12) or a year (2025)",
                    )
                };
                clauses.push(Clause::Dates(parse(text).map_err(|_| date_error())?));
            }
        }
        Ok(clauses)
    }
}
