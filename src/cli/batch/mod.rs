//! Answers several queries: the queries of a file in one report (`--batch`), or each query from standard input (`-`) as
//! soon as its line arrives.
//!
//! `query_file.rs` reads the file, and `standard_input.rs` the lines of standard input. A query that cannot be read or
//! answered does not stop the others. Read `answer_one_query` first.

mod query_file;
mod standard_input;

use std::{
    fs::File,
    io::{self, IsTerminal, Read},
    path::Path,
    time::Instant,
};

use indicatif::ProgressBar;

use self::query_file::{QueryFile, QueryFileEntry, read_queries};
pub(super) use self::standard_input::{answer_standard_input, for_each_input_line};
#[cfg(feature = "archive")]
use super::output::print_workbook;
use super::{
    args::OutputFormat,
    output::{print, print_status},
    progress::progress_bar,
    query_parameters::QueryParameters,
    request::{QueryRequest, STANDARD_INPUT_ARGUMENT},
};
use crate::{
    document::decode_text,
    error::{Error, Result},
    hints::message_with_causes,
    render::{
        BatchAnswer, BatchResults, batch_csv, batch_csv_header, batch_json, batch_markdown,
        contexts,
    },
    search::Searcher,
};

/// Maximum size of a file with queries, in bytes.
const MAX_QUERY_FILE_BYTES: u64 = 16 << 20;
/// Exit code if a query cannot be read or answered.
const FAILED_QUERY_EXIT_CODE: u8 = 2;

/// Numbers of answered queries, by outcome.
#[derive(Debug, Default)]
struct OutcomeCounts {
    with_matches: u64,
    without_matches: u64,
    failed: u64,
}

impl OutcomeCounts {
    fn count_answer(&mut self, answer: &BatchAnswer) {
        match &answer.results {
            Err(_) => self.failed += 1,
            Ok(BatchResults { results, .. }) if results.total > 0 || !results.hits.is_empty() => {
                self.with_matches += 1;
            }
            Ok(_) => self.without_matches += 1,
        }
    }

    /// Returns exit code 2 if a query failed, and otherwise 1 if no query has a match.
    fn exit_code(&self) -> u8 {
        if self.failed > 0 { FAILED_QUERY_EXIT_CODE } else { u8::from(self.with_matches == 0) }
    }
}

/// Prints a report on the queries of a file. `path` may be `-` for standard input. Returns the exit code.
pub(super) fn print_batch_report(
    searcher: &Searcher,
    path: &Path,
    request: &QueryRequest,
) -> Result<u8> {
    let start_time = Instant::now();
    let QueryFile { queries, ignored_columns, lacks_query_column } =
        read_queries(&read_query_file_text(path)?, searcher.declared_fields())?;
    if !ignored_columns.is_empty() {
        let names = ignored_columns.join(", ");
        print_status(&format!("note: columns that are not read: {names}"));
    }
    if lacks_query_column {
        print_status("note: line 1 names no column query, so each line is one query");
    }
    let mut report = BatchReport::begin(request.output.format)?;
    let progress = report.progress_bar(queries.len());
    let mut outcomes = OutcomeCounts::default();
    for query in queries {
        let answer = answer_file_query(searcher, query, request);
        if let Err(reason) = &answer.results {
            progress
                .suspend(|| print_status(&format!("{}:{}: {reason}", path.display(), answer.line)));
        }
        outcomes.count_answer(&answer);
        report.add(answer)?;
        progress.inc(1);
    }
    progress.finish_and_clear();
    report.finish()?;
    let OutcomeCounts { with_matches, without_matches, failed } = outcomes;
    print_status(&format!(
        "queries: {with_matches} with matches, {without_matches} without, {failed} failed ({:.1} s)",
        start_time.elapsed().as_secs_f64()
    ));
    Ok(outcomes.exit_code())
}

/// Reads a file of queries in any encoding, and returns its text.
fn read_query_file_text(path: &Path) -> Result<String> {
    let mut bytes = Vec::new();
    let mut read =
        |reader: &mut dyn Read| reader.take(MAX_QUERY_FILE_BYTES + 1).read_to_end(&mut bytes);
    let byte_count = if path == Path::new(STANDARD_INPUT_ARGUMENT) {
        read(&mut io::stdin().lock())
    } else {
        File::open(path).and_then(|mut file| read(&mut file))
    };
    if byte_count.map_err(Error::io("read", path))? as u64 > MAX_QUERY_FILE_BYTES {
        let limit = MAX_QUERY_FILE_BYTES >> 20;
        return Err(Error::invalid(
            "batch",
            format!("the file is larger than {limit} MiB: split it"),
        ));
    }
    decode_text(&bytes).map_err(|reason| {
        let reason = format!("{} is not a text: {reason}: save a workbook as CSV", path.display());
        Error::invalid("batch", reason)
    })
}

fn answer_file_query(
    searcher: &Searcher,
    query: QueryFileEntry,
    request: &QueryRequest,
) -> BatchAnswer {
    let QueryFileEntry { line, name, text, parameters } = query;
    let results = parameters.and_then(|parameters| {
        answer_one_query(searcher, &parameters, request)
            .map_err(|error| message_with_causes(&error))
    });
    BatchAnswer { line, name, query: text, results }
}

/// Answers one query. The parameters of the query replace options of the command line.
///
/// # Errors
///
/// [`Error::InvalidArgument`] for a malformed filter, [`Error::TimedOut`] if the time limit passed before the first
/// hit, and the errors of a search.
fn answer_one_query(
    searcher: &Searcher,
    parameters: &QueryParameters,
    request: &QueryRequest,
) -> Result<BatchResults> {
    let request = request.with_parameters(parameters)?;
    let query = request.query(&parameters.q);
    let results = searcher.search(&query)?;
    if let Some(timeout) = query.timeout.filter(|_| results.cut && results.hits.is_empty()) {
        return Err(Error::TimedOut(timeout));
    }
    let output = &request.output;
    let contexts = contexts(searcher, &results, output.context_passages)?;
    Ok(BatchResults {
        results,
        contexts,
        groups_by_release: request.groups_by_release,
        citation: output.citation,
        unit: output.unit,
    })
}

/// Report on several queries. In CSV and JSON Lines, each answer is printed at once. In other formats, all answers are
/// printed at the end.
#[derive(Debug)]
enum BatchReport {
    Csv,
    JsonLines,
    Markdown(Vec<BatchAnswer>),
    #[cfg(feature = "archive")]
    Workbook(Vec<BatchAnswer>),
}

impl BatchReport {
    /// Begins a report. The format `text` means Markdown at a terminal, and CSV elsewhere.
    fn begin(format: OutputFormat) -> Result<Self> {
        let is_terminal = io::stdout().is_terminal();
        let report = match format {
            OutputFormat::Text if is_terminal => Self::Markdown(Vec::new()),
            OutputFormat::Markdown => Self::Markdown(Vec::new()),
            OutputFormat::Jsonl => Self::JsonLines,
            #[cfg(feature = "archive")]
            OutputFormat::Xlsx => Self::Workbook(Vec::new()),
            OutputFormat::Text | OutputFormat::Csv | OutputFormat::Json | OutputFormat::Html => {
                print(&batch_csv_header())?;
                Self::Csv
            }
        };
        Ok(report)
    }

    /// Returns a progress bar for the queries. The bar is hidden if each answer is printed to the terminal at once.
    fn progress_bar(&self, query_count: usize) -> ProgressBar {
        let prints_meanwhile = matches!(self, Self::Csv | Self::JsonLines);
        if prints_meanwhile && io::stdout().is_terminal() {
            return ProgressBar::hidden();
        }
        let progress = progress_bar("queries");
        progress.set_length(query_count as u64);
        progress
    }

    fn add(&mut self, answer: BatchAnswer) -> Result<()> {
        match self {
            Self::Csv => print(&batch_csv(&answer))?,
            Self::JsonLines => print(&format!("{}\n", batch_json(&answer)))?,
            Self::Markdown(answers) => answers.push(answer),
            #[cfg(feature = "archive")]
            Self::Workbook(answers) => answers.push(answer),
        }
        Ok(())
    }

    fn finish(self) -> Result<()> {
        match self {
            Self::Csv | Self::JsonLines => Ok(()),
            Self::Markdown(answers) => print(&batch_markdown(&answers)),
            #[cfg(feature = "archive")]
            Self::Workbook(answers) => print_workbook(&crate::render::batch_xlsx(&answers)),
        }
    }
}
