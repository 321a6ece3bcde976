//! The flags of `gz-search query` → a [`Query`] of the library.

use std::io::{self, IsTerminal};

use super::{
    args::{self, Filters, Format},
    query::STANDARD_INPUT,
};
use crate::{
    error::{Error, Result},
    query::{Clause, Collapse, Field, ParsePeriodError, Period, Query, Sort},
    render::CitationStyle,
    span::OffsetUnit,
};

/// What `args` ask for of `text`.
pub(super) fn query(text: &str, args: &args::Query) -> Result<Query> {
    let sort = match args.sort {
        args::Sort::Score => Sort::Score,
        args::Sort::Date => Sort::Date,
    };
    let mut query = Query::new(text)
        .limit(if args.count { 0 } else { args.limit })
        .offset(args.offset)
        .collapse(collapse(args, io::stdout().is_terminal()))
        .sort(sort)
        // A count is of what was asked for, not of something looser.
        .strict(args.strict || args.count)
        .explain(args.shown.explain)
        .fragments(args.shown.fragments)
        .width(args.shown.width);
    query = query.facets(args.shown.facets.iter().copied()).facet_limit(args.shown.facet_limit);
    for (facet, value) in &args.filters.only {
        query = query.only(*facet, [value]);
    }
    if let Some(timeout) = args.timeout {
        query = query.timeout(timeout);
    }
    if let Some(cursor) = &args.cursor {
        query = query.cursor(cursor);
    }
    Ok(filters(&args.filters)?.into_iter().fold(query, Query::filter))
}

pub(super) const fn citation(cite: args::Cite) -> CitationStyle {
    match cite {
        args::Cite::Text => CitationStyle::Text,
        args::Cite::Markdown => CitationStyle::Markdown,
    }
}

/// What a format has no place for is refused rather than left out.
pub(super) fn fits_format(args: &args::Shown) -> Result<()> {
    let refused = |flag: &str, formats: &str| {
        Err(Error::invalid("format", format!("{flag} needs --format {formats}")))
    };
    match args.format {
        Format::Text | Format::Json => Ok(()),
        _ if !args.facets.is_empty() => refused("--facets", "text or json"),
        Format::Jsonl => Ok(()),
        _ if args.cite.is_some() => refused("--cite", "text, json or jsonl"),
        Format::Csv | Format::Markdown | Format::Html => Ok(()),
    }
}

/// What stands for what: people are shown the same once, programs are told everything.
fn collapse(args: &args::Query, at_terminal: bool) -> Collapse {
    let lines = args.words == [STANDARD_INPUT];
    let for_people = at_terminal && args.shown.format == Format::Text && !args.count && !lines;
    match args.collapse {
        Some(args::Collapse::Document) => Collapse::Document,
        Some(args::Collapse::Near) => Collapse::Near,
        None if for_people => Collapse::Near,
        Some(args::Collapse::None) | None => Collapse::None,
    }
}

pub(super) const fn unit(offsets: args::Offsets) -> OffsetUnit {
    match offsets {
        args::Offsets::Utf8 => OffsetUnit::Utf8,
        args::Offsets::Utf16 => OffsetUnit::Utf16,
        args::Offsets::Codepoint => OffsetUnit::Codepoint,
    }
}

/// Queries that are read from standard input are answered in JSON, one object a line.
pub(super) fn fits_lines(args: &args::Query) -> Result<()> {
    match args.shown.format {
        Format::Text | Format::Json | Format::Jsonl => Ok(()),
        Format::Csv | Format::Markdown | Format::Html => Err(Error::invalid("format", 
            "queries from standard input are answered in JSON, one object a line: leave out --format"
                .to_owned(),
        )),
    }
}

/// One clause for each kind of filter; all of them must hold.
fn filters(filters: &Filters) -> Result<Vec<Clause>> {
    let values = [
        (Field::Issuer, &filters.issuer),
        (Field::Speaker, &filters.speaker),
        (Field::Lang, &filters.lang),
        (Field::Source, &filters.source),
    ];
    let mut clauses = Vec::new();
    for (field, texts) in values.into_iter().filter(|(_, texts)| !texts.is_empty()) {
        let empty = || {
            Error::invalid(
                field.to_string(),
                format!("--{field} is empty: leave it out or give a text"),
            )
        };
        clauses.push(Clause::any_of(field, texts).ok_or_else(empty)?);
    }
    if let Some(day) = &filters.after {
        clauses.push(Clause::Dates(dates("--after", day, Period::since)?));
    }
    if let Some(day) = &filters.before {
        clauses.push(Clause::Dates(dates("--before", day, Period::before)?));
    }
    Ok(clauses)
}

fn dates(
    flag: &str,
    text: &str,
    read: fn(&str) -> Result<Period, ParsePeriodError>,
) -> Result<Period> {
    read(text).map_err(|_| {
        Error::invalid(flag.to_owned(), format!(
            "{flag} {text}: no date; write a day (2025-12-17), a month (2025-12) or a year (2025)"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::{Args, Command};

    #[test]
    fn flags_are_clauses() {
        let texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
        let given = Filters {
            issuer: texts(&["Bureau of Commerce", "发改委"]),
            speaker: texts(&["Yang"]),
            lang: texts(&["zh"]),
            source: texts(&[]),
            after: Some("2025-06".to_owned()),
            before: Some("2026".to_owned()),
            only: Vec::new(),
        };
        let shown: Vec<_> = filters(&given).unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(
            shown,
            [
                "issuer:\"Bureau of Commerce\" OR issuer:\"发改委\"",
                "speaker:\"Yang\"",
                "lang:\"zh\"",
                "date:2025-06-01..",
                "date:..2025-12-31",
            ]
        );
    }

    #[test]
    fn people_are_shown_the_same_once() {
        use clap::Parser;

        for (words, terminal, pipe) in [
            ("", Collapse::Near, Collapse::None),
            ("--collapse none", Collapse::None, Collapse::None),
            ("--collapse document", Collapse::Document, Collapse::Document),
            ("--collapse near --format json", Collapse::Near, Collapse::Near),
            ("--format json", Collapse::None, Collapse::None),
            ("--count", Collapse::None, Collapse::None),
            ("-", Collapse::None, Collapse::None),
        ] {
            let query = if words == "-" { None } else { Some("port") };
            let words = ["gz-search", "query"].into_iter().chain(query).chain(words.split(' '));
            let words = words.filter(|word| !word.is_empty());
            let Command::Query(args) = Args::parse_from(words).command else { panic!("a query") };
            assert_eq!(collapse(&args, true), terminal, "{args:?}");
            assert_eq!(collapse(&args, false), pipe, "{args:?}");
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in ["soon", "", "2025-13", "25", "2025-06..2025-07"] {
            let error = dates("--after", text, Period::since).unwrap_err().to_string();
            assert!(error.contains("a day (2025-12-17), a month (2025-12) or a year"), "{error}");
        }
        assert_eq!(Clause::any_of(Field::Issuer, &["  ".to_owned()]), None);
    }
}
