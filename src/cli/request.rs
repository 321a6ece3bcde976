//! Validates the arguments of `query` and converts them to query texts, search options and output options.

use std::{path::PathBuf, time::Duration};

use super::{
    args::{
        CollapseArg, FilterArgs, GroupArg, OffsetUnitArg, OutputArgs, OutputFormat, QueryArgs,
        parse_facet_value,
    },
    output::{citation_style, text_style},
    query_parameters::{Group, Prefix, QueryParameters},
};
use crate::{
    error::{Error, Result},
    query::{
        Clause, Collapse, Field, MAX_SHOWN_PASSAGES_PER_RELEASE, ParsePeriodError, Period, Query,
        declared_field_filters,
    },
    render::{CitationStyle, Style},
    span::OffsetUnit,
};

/// Maximum time of the searches of a command that has no option `--timeout`.
pub(super) const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// Value of the query argument that stands for queries from standard input.
pub(super) const STANDARD_INPUT_ARGUMENT: &str = "-";

/// Source of the query texts of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum QuerySource {
    /// One query: the arguments joined by spaces.
    Arguments(String),
    /// Several queries, one per line of standard input.
    StandardInput,
    /// Several queries in a file.
    File(PathBuf),
}

impl QuerySource {
    /// Returns the source of the query texts.
    pub(super) fn new(args: &QueryArgs) -> Self {
        match &args.batch {
            Some(path) => Self::File(path.clone()),
            None if args.words == [STANDARD_INPUT_ARGUMENT] => Self::StandardInput,
            None => Self::Arguments(args.words.join(" ")),
        }
    }
}

/// A validated `query` command.
#[derive(Debug, Clone)]
pub(super) struct QueryRequest {
    pub(super) source: QuerySource,
    /// Whether each release is shown once with its best passages.
    pub(super) groups_by_release: bool,
    /// Whether to print only the number of matching passages or groups.
    pub(super) prints_only_count: bool,
    pub(super) output: OutputOptions,
    /// Search options of all queries, with an empty query text.
    options: Query,
}

/// Options that determine the form of the printed results.
#[derive(Debug, Clone, Copy)]
pub(super) struct OutputOptions {
    pub(super) format: OutputFormat,
    pub(super) citation: Option<CitationStyle>,
    /// Number of passages to print before and after each hit.
    pub(super) context_passages: usize,
    pub(super) unit: OffsetUnit,
    pub(super) style: Style,
}

impl QueryRequest {
    /// Validates `args`. `at_terminal` states whether standard output is a terminal, which determines the default of
    /// `--group`.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] for options that contradict each other, and for an invalid filter.
    pub(super) fn new(args: &QueryArgs, at_terminal: bool) -> Result<Self> {
        let source = QuerySource::new(args);
        check_format_supports_options(&source, &args.output)?;
        let (collapse, groups_by_release) =
            collapse_and_release_grouping(args, &source, at_terminal);
        Ok(Self {
            source,
            prints_only_count: args.count,
            output: OutputOptions::new(&args.output),
            groups_by_release,
            options: query_with_search_options(args, collapse)?.group_size(if groups_by_release {
                MAX_SHOWN_PASSAGES_PER_RELEASE
            } else {
                1
            }),
        })
    }

    /// Returns the query for `text`, with the search options of the request.
    pub(super) fn query(&self, text: &str) -> Query {
        Query { text: text.to_owned(), ..self.options.clone() }
    }

    /// Returns a request in which `parameters` replace the options of the command line. A passage must match the
    /// filters of both.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] for options that contradict each other, and for an invalid filter.
    pub(super) fn with_parameters(&self, parameters: &QueryParameters) -> Result<Self> {
        let mut request = self.clone();
        let QueryParameters { cite, context, offsets, .. } = parameters;
        request.output.citation = cite.or(request.output.citation);
        request.output.context_passages = context.unwrap_or(request.output.context_passages);
        request.output.unit = offsets.unwrap_or(request.output.unit);
        if let Some(group) = parameters.group {
            let Group::Release = group;
            if parameters.collapse.is_some_and(|collapse| collapse != Collapse::None) {
                let problem = "group and collapse cannot be combined: send only one of them";
                return Err(Error::invalid("group", problem));
            }
            request.groups_by_release = true;
            request.options = request
                .options
                .collapse(Collapse::Document)
                .group_size(MAX_SHOWN_PASSAGES_PER_RELEASE);
        } else if let Some(collapse) = parameters.collapse {
            request.groups_by_release = false;
            request.options = request.options.collapse(collapse).group_size(1);
        }
        request.options = with_search_options(request.options, parameters)?;
        let filters = filters_of_parameters(parameters)?;
        request.options = with_filters(request.options, &filters)?;
        if let Some(day) = &parameters.to {
            let period = parse_period("to", day, Period::until)?;
            request.options = request.options.filter(Clause::Dates(period));
        }
        Ok(request)
    }
}

/// Sets the search options that the parameters state, and returns the query.
fn with_search_options(query: Query, parameters: &QueryParameters) -> Result<Query> {
    let mut query = query;
    query.limit = parameters.limit.unwrap_or(query.limit);
    query.sort = parameters.sort.unwrap_or(query.sort);
    query.is_strict = parameters.strict.unwrap_or(query.is_strict);
    query.uses_synonyms = parameters.synonyms.unwrap_or(query.uses_synonyms);
    query.last_word_is_unfinished = parameters.prefix == Some(Prefix::Last);
    query.explains_scores = parameters.explain.unwrap_or(query.explains_scores);
    query.max_fragments = parameters.fragments.unwrap_or(query.max_fragments);
    query.max_snippet_columns = parameters.width.unwrap_or(query.max_snippet_columns);
    query.facet_limit = parameters.facet_limit.unwrap_or(query.facet_limit);
    query.offset = parameters.offset.unwrap_or(query.offset);
    if !parameters.facets.is_empty() {
        query = query.facets(parameters.facets.iter().copied());
    }
    match &parameters.cursor {
        Some(_) if parameters.offset.is_some_and(|offset| offset > 0) => {
            let problem = "cursor and offset cannot be combined: send only one of them";
            Err(Error::invalid("cursor", problem))
        }
        Some(cursor) => Ok(query.cursor(cursor)),
        None => Ok(query),
    }
}

/// Returns the filters that the parameters state.
fn filters_of_parameters(parameters: &QueryParameters) -> Result<FilterArgs> {
    let facet_value = |text: &String| {
        parse_facet_value(text)
            .map_err(|problem| Error::invalid("only", format!("only: {problem}")))
    };
    Ok(FilterArgs {
        issuer: parameters.issuer.clone(),
        speaker: parameters.speaker.clone(),
        lang: parameters.lang.clone(),
        source: parameters.source.clone(),
        after: parameters.after.clone(),
        before: parameters.before.clone(),
        filter: parameters.filter.clone(),
        only: parameters.only.iter().map(facet_value).collect::<Result<_>>()?,
    })
}

impl OutputOptions {
    fn new(args: &OutputArgs) -> Self {
        Self {
            format: args.format,
            citation: args.cite.map(citation_style),
            context_passages: args.context_passages,
            unit: offset_unit(args.offsets),
            style: text_style(args.color),
        }
    }
}

/// Returns the search options of `args`, as a query without text.
fn query_with_search_options(args: &QueryArgs, collapse: Collapse) -> Result<Query> {
    let mut query = Query::new("")
        .limit(if args.count { 0 } else { args.limit })
        .offset(args.offset)
        .collapse(collapse)
        .sort(args.sort)
        // Counting is strict, because the count must not include matches of a relaxed query.
        .strict(args.strict || args.count)
        .synonyms(!args.no_synonyms)
        .explain(args.output.explain)
        .fragments(args.output.fragments)
        .width(args.output.width)
        .facets(args.output.facets.iter().copied())
        .facet_limit(args.output.facet_limit)
        .timeout(args.timeout);
    if let Some(cursor) = &args.cursor {
        query = query.cursor(cursor);
    }
    with_filters(query, &args.filters)
}

/// Returns the query for `text` that finds only passages allowed by the filters.
///
/// # Errors
///
/// [`Error::InvalidArgument`] for an invalid filter.
pub(super) fn filtered_query(text: &str, filters: &FilterArgs) -> Result<Query> {
    with_filters(Query::new(text), filters)
}

/// Returns the query restricted to the passages that the filters allow.
fn with_filters(query: Query, filters: &FilterArgs) -> Result<Query> {
    let facet_values = filters.only.iter();
    let query = facet_values.fold(query, |query, (facet, value)| query.only(*facet, [value]));
    Ok(filter_clauses(filters)?.into_iter().fold(query, Query::filter))
}

/// Fails if the output format cannot represent an option in use.
fn check_format_supports_options(source: &QuerySource, args: &OutputArgs) -> Result<()> {
    let refuse = |option: &str, formats: &str| {
        Err(Error::invalid("format", format!("{option} needs --format {formats}")))
    };
    match args.format {
        OutputFormat::Json | OutputFormat::Html if matches!(source, QuerySource::File(_)) => {
            refuse("--batch", "csv, xlsx, jsonl or markdown")
        }
        _ if matches!(source, QuerySource::File(_)) => Ok(()),
        OutputFormat::Text | OutputFormat::Json => Ok(()),
        _ if !args.facets.is_empty() => refuse("--facets", "text or json"),
        OutputFormat::Jsonl => Ok(()),
        _ if args.cite.is_some() => refuse("--cite", "text, json or jsonl"),
        _ if *source == QuerySource::StandardInput => Err(Error::invalid(
            "format",
            "the answers to queries from standard input are JSON, one object per line: omit --format",
        )),
        _ => Ok(()),
    }
}

/// Returns the grouping of hits, and whether each release is shown with several passages. Without `--group` and
/// `--collapse`, hits are grouped by release at a terminal, and other output contains every passage.
fn collapse_and_release_grouping(
    args: &QueryArgs,
    source: &QuerySource,
    at_terminal: bool,
) -> (Collapse, bool) {
    let is_for_people = at_terminal
        && args.output.format == OutputFormat::Text
        && !args.count
        && matches!(source, QuerySource::Arguments(_));
    match (args.group, args.collapse) {
        (Some(GroupArg::Release), _) => (Collapse::Document, true),
        (_, Some(CollapseArg::Document)) => (Collapse::Document, false),
        (_, Some(CollapseArg::Near)) => (Collapse::Near, false),
        (None, None) if is_for_people => (Collapse::Document, true),
        (Some(GroupArg::None), _) | (_, Some(CollapseArg::None)) | (None, None) => {
            (Collapse::None, false)
        }
    }
}

const fn offset_unit(offsets: OffsetUnitArg) -> OffsetUnit {
    match offsets {
        OffsetUnitArg::Utf8 => OffsetUnit::Utf8,
        OffsetUnitArg::Utf16 => OffsetUnit::Utf16,
        OffsetUnitArg::Codepoint => OffsetUnit::Codepoint,
    }
}

/// Returns one clause for each filter option in use. A passage must match all clauses.
fn filter_clauses(args: &FilterArgs) -> Result<Vec<Clause>> {
    let texts_by_field = [
        (Field::Issuer, &args.issuer),
        (Field::Speaker, &args.speaker),
        (Field::Lang, &args.lang),
        (Field::Source, &args.source),
    ];
    let mut clauses = Vec::new();
    for (field, texts) in texts_by_field.into_iter().filter(|(_, texts)| !texts.is_empty()) {
        let empty_filter_error = || {
            Error::invalid(field.to_string(), format!("--{field} is empty: omit it or give a text"))
        };
        clauses.push(Clause::any_of(field, texts).ok_or_else(empty_filter_error)?);
    }
    clauses.extend(declared_field_filters(&args.filter)?);
    if let Some(day) = &args.after {
        clauses.push(Clause::Dates(parse_period("after", day, Period::since)?));
    }
    if let Some(day) = &args.before {
        clauses.push(Clause::Dates(parse_period("before", day, Period::before)?));
    }
    Ok(clauses)
}

fn parse_period(
    option: &'static str,
    text: &str,
    parse: fn(&str) -> Result<Period, ParsePeriodError>,
) -> Result<Period> {
    parse(text).map_err(|_| {
        let expected = "write a day (2025-12-17), a month (2025-12) or a year (2025)";
        Error::invalid(option, format!("--{option} {text:?} is not a date: {expected}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::{Cli, Command};

    #[test]
    fn filter_options_become_clauses() {
        let owned_texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
        let args = FilterArgs {
            issuer: owned_texts(&["Bureau of Commerce", "发改委"]),
            speaker: owned_texts(&["Yang"]),
            lang: owned_texts(&["zh"]),
            source: owned_texts(&[]),
            after: Some("2025-06".to_owned()),
            before: Some("2026".to_owned()),
            filter: owned_texts(&["desk=trade", "desk=rail", "amount>=5"]),
            only: Vec::new(),
        };
        let clauses: Vec<_> =
            filter_clauses(&args).unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(
            clauses,
            [
                "issuer:\"Bureau of Commerce\" OR issuer:\"发改委\"",
                "speaker:\"Yang\"",
                "lang:\"zh\"",
                "amount:\">=5\"",
                "desk:\"trade\" OR desk:\"rail\"",
                "date:2025-06-01..",
                "date:..2025-12-31",
            ]
        );
    }

    #[test]
    fn hits_are_grouped_by_release_by_default_only_in_text_at_a_terminal() {
        use clap::Parser;

        for (options, at_terminal, in_a_pipe) in [
            ("", (Collapse::Document, 3), (Collapse::None, 1)),
            ("--group none", (Collapse::None, 1), (Collapse::None, 1)),
            ("--group release --format json", (Collapse::Document, 3), (Collapse::Document, 3)),
            ("--collapse none", (Collapse::None, 1), (Collapse::None, 1)),
            ("--collapse document", (Collapse::Document, 1), (Collapse::Document, 1)),
            ("--collapse near --format json", (Collapse::Near, 1), (Collapse::Near, 1)),
            ("--format json", (Collapse::None, 1), (Collapse::None, 1)),
            ("--count", (Collapse::None, 1), (Collapse::None, 1)),
            ("-", (Collapse::None, 1), (Collapse::None, 1)),
        ] {
            let query = if options == "-" { None } else { Some("port") };
            let arguments =
                ["gz-search", "query"].into_iter().chain(query).chain(options.split(' '));
            let arguments = arguments.filter(|argument| !argument.is_empty());
            let Command::Query(args) = Cli::parse_from(arguments).command else {
                panic!("a query")
            };
            for (is_terminal, expected) in [(true, at_terminal), (false, in_a_pipe)] {
                let request = QueryRequest::new(&args, is_terminal).unwrap();
                let query = request.query("port");
                assert_eq!((query.collapse, query.group_size), expected, "{args:?}");
            }
        }
    }

    #[test]
    fn invalid_dates_are_refused() {
        for text in ["soon", "", "2025-13", "25", "2025-06..2025-07"] {
            let error = parse_period("after", text, Period::since).unwrap_err().to_string();
            assert!(error.contains("a day (2025-12-17), a month (2025-12) or a year"), "{error}");
        }
        assert_eq!(Clause::any_of(Field::Issuer, &["  ".to_owned()]), None);
    }
}
