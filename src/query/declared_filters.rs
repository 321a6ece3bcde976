//! Filters on declared fields, and the check that an index declares the fields of a query.

use std::collections::BTreeMap;

use super::{Clause, Facet, Field, Query, Sort, condition::FieldCondition};
use crate::{
    analysis::Analyzer,
    document::{DeclaredFields, FieldName, FieldType},
    error::{Error, Result},
};

/// Maximum number of names that a search looks up among the keys of the metadata. Only a name that stands before a
/// colon in the query, and is no declared field, is looked up.
const MAX_UNDECLARED_KEYS_TO_LOOK_UP: usize = 8;

/// Returns a clause for each field that `filters` name. A filter is a name, `=` or `:`, and a value as in a query:
/// `desk=trade`, `amount=5..10` or `amount>=5`. Of several filters on one field, at least one must be satisfied.
///
/// ```
/// use gz_search::{Query, query::declared_field_filters};
///
/// # fn main() -> gz_search::Result<()> {
/// let filters = declared_field_filters(&["desk=trade".to_owned(), "amount>=5".to_owned()])?;
/// let query = filters.into_iter().fold(Query::new("port"), Query::filter);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// [`Error::InvalidArgument`] for a filter without a name or a value.
pub fn declared_field_filters(filters: &[String]) -> Result<Vec<Clause>> {
    let mut values_by_field: BTreeMap<FieldName, Vec<String>> = BTreeMap::new();
    for filter in filters {
        let invalid = || {
            let message =
                format!("{filter:?} is not a filter: write FIELD=VALUE, as in desk=trade");
            Error::invalid("filter", message)
        };
        let end = filter.find(['=', ':', '<', '>', '≤', '≥']).ok_or_else(invalid)?;
        let (name, value) = filter.split_at(end);
        let value = value.strip_prefix(['=', ':']).unwrap_or(value).trim();
        if value.is_empty() {
            return Err(invalid());
        }
        values_by_field.entry(name.parse()?).or_default().push(value.to_owned());
    }
    let clauses = values_by_field.into_iter();
    Ok(clauses
        .filter_map(|(name, values)| Clause::any_of(Field::Declared(name), &values))
        .collect())
}

/// Checks that the index declares the fields of the filters, facets and the order of a query, and that the values of
/// the filters fit their types.
///
/// # Errors
///
/// [`Error::InvalidArgument`] for a field that is not declared or has an unsuitable type, and for a value of another
/// type.
pub(crate) fn check_declared_fields_of_query(
    query: &Query,
    fields: &DeclaredFields,
    analyzer: &Analyzer,
) -> Result<()> {
    for filter in &query.filters {
        check_fields_of_filter(filter, fields, analyzer)?;
    }
    let facets = query.facets.iter().chain(query.facet_filters.keys());
    for facet in facets {
        if let Facet::Declared(name) = facet {
            let others: Vec<&str> = Facet::ALL.iter().map(Facet::name).collect();
            check_is_declared_and_not_text("facet", *name, fields, &others)?;
        }
    }
    if let Sort::Field { name, .. } = query.sort {
        check_is_declared_and_not_text("sort order", name, fields, &["score", "date"])?;
    }
    Ok(())
}

/// Checks that the index declares the field `name` with another type than text. `purpose` is the use of the field in
/// the query, `facet` or `sort order`. `other_names` are further names that the message lists as valid.
fn check_is_declared_and_not_text(
    purpose: &'static str,
    name: FieldName,
    fields: &DeclaredFields,
    other_names: &[&str],
) -> Result<()> {
    let argument = if purpose == "facet" { "facets" } else { "sort" };
    match fields.type_of(name) {
        Some(FieldType::Text) => Err(Error::invalid(
            argument,
            format!("{name} is a text and no {purpose}: declare it as a keyword"),
        )),
        Some(_) => Ok(()),
        None => {
            let other_names = other_names.iter().map(|&other| other.to_owned());
            let declared = fields.iter().filter(|(_, field_type)| *field_type != FieldType::Text);
            let names: Vec<_> =
                other_names.chain(declared.map(|(name, _)| name.to_string())).collect();
            let message = format!("there is no {purpose} {name}, only {}", names.join(", "));
            Err(Error::invalid(argument, message))
        }
    }
}

/// Checks that the index declares every field in a filter, and that the values of the filter fit the types of the
/// fields.
fn check_fields_of_filter(
    filter: &Clause,
    fields: &DeclaredFields,
    analyzer: &Analyzer,
) -> Result<()> {
    match filter {
        Clause::And(clauses) | Clause::Or(clauses) => {
            clauses.iter().try_for_each(|clause| check_fields_of_filter(clause, fields, analyzer))
        }
        Clause::In(Field::Declared(name), value) => {
            let invalid = |reason: String| Err(Error::invalid("filter", reason));
            let Some(field_type) = fields.type_of(*name) else {
                return invalid(undeclared_field_message(*name, fields));
            };
            match FieldCondition::from_clause_on_field(field_type, value, analyzer) {
                Some(Err(reason)) => invalid(format!("{name}: {reason}")),
                Some(Ok(_)) | None => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

/// Returns the message that an index does not declare a field, with the fields that it declares.
fn undeclared_field_message(name: FieldName, fields: &DeclaredFields) -> String {
    let names: Vec<_> = fields.iter().map(|(name, _)| name.to_string()).collect();
    if names.is_empty() {
        format!("the index declares no field {name}, and no other field")
    } else {
        format!("the index declares no field {name}, only {}", names.join(", "))
    }
}

/// Returns the names before colons in a query text that are no fields of the index, each name once, at most
/// [`MAX_UNDECLARED_KEYS_TO_LOOK_UP`].
pub(crate) fn undeclared_names_before_colons(
    text: &str,
    fields: &DeclaredFields,
) -> Vec<FieldName> {
    let mut names = Vec::new();
    for word in text.split_whitespace() {
        let word = word.trim_start_matches(|c: char| !c.is_alphanumeric());
        let Some((key, _)) = word.split_once([':', '：']) else { continue };
        // The names that the query language knows are no names of declared fields.
        let Ok(name) = key.parse::<FieldName>() else { continue };
        if fields.type_of(name).is_none() && !names.contains(&name) {
            names.push(name);
        }
    }
    names.truncate(MAX_UNDECLARED_KEYS_TO_LOOK_UP);
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Chinese;

    #[test]
    fn filters_of_one_field_are_alternatives() {
        let texts = |filters: &[&str]| {
            let filters: Vec<String> = filters.iter().map(|&text| text.to_owned()).collect();
            let clauses = declared_field_filters(&filters).map_err(|error| error.to_string())?;
            Ok::<_, String>(clauses.iter().map(ToString::to_string).collect::<Vec<_>>())
        };
        assert_eq!(
            texts(&["desk=trade", "amount>=5", "desk: Rail links"]).unwrap(),
            ["amount:\">=5\"", "desk:\"trade\" OR desk:\"Rail links\""]
        );
        for (text, expected) in [
            ("desk", "write FIELD=VALUE"),
            ("desk=", "write FIELD=VALUE"),
            ("=trade", "is empty"),
            ("title=a", "title is a field of every index"),
        ] {
            let error = texts(&[text]).unwrap_err();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }

    #[test]
    fn filters_facets_and_orders_need_declared_fields_of_a_suitable_type() {
        let mut fields = DeclaredFields::default();
        for text in ["desk:keyword", "summary:text", "amount:number"] {
            fields.declare_from_text(text).unwrap();
        }
        let check = |query: &Query| {
            let analyzer = Analyzer::new(Chinese::Off);
            check_declared_fields_of_query(query, &fields, &analyzer)
                .map_err(|error| error.to_string())
        };
        let filtered = |text: &str| {
            let filters = declared_field_filters(&[text.to_owned()]).unwrap();
            filters.into_iter().fold(Query::new("*"), Query::filter)
        };
        let by_facet = |name: &str| Query::new("*").facets([name.parse::<Facet>().unwrap()]);
        let sorted = |name: &str| Query::new("*").sort(name.parse().unwrap());
        for (query, expected) in [
            (filtered("desk=trade"), None),
            (filtered("amount=5..10"), None),
            (filtered("amount=many"), Some("amount: many is not a number")),
            (filtered("office=2"), Some("no field office, only amount, desk, summary")),
            (by_facet("desk"), None),
            (by_facet("year"), None),
            (by_facet("summary"), Some("summary is a text and no facet")),
            (
                by_facet("office"),
                Some(
                    "there is no facet office, only issuer, speaker, year, month, lang, source, amount, desk",
                ),
            ),
            (sorted("amount:desc"), None),
            (
                sorted("office"),
                Some("there is no sort order office, only score, date, amount, desk"),
            ),
            (sorted("summary"), Some("summary is a text and no sort order")),
        ] {
            let result = check(&query);
            match expected {
                None => assert_eq!(result, Ok(())),
                Some(expected) => {
                    let error = result.unwrap_err();
                    assert!(error.contains(expected), "{error}");
                }
            }
        }
    }

    #[test]
    fn names_before_colons_that_are_no_fields_are_found() {
        let mut fields = DeclaredFields::default();
        fields.declare("desk", FieldType::Keyword).unwrap();
        let text = "desk:a -office:2 title:x (主题:港口 date:2025 Grant_ID：7 office:3 10:30 a:";
        let names: Vec<_> =
            undeclared_names_before_colons(text, &fields).iter().map(ToString::to_string).collect();
        assert_eq!(names, ["office", "主题", "grant_id", "a"]);
    }
}
