//! Answers the queries on the lines of standard input, each as one JSON object.

use std::{
    io::{self, BufRead, Read},
    path::Path,
};

use super::{OutcomeCounts, answer_one_query};
use crate::{
    cli::{
        output::{print, print_status},
        query_parameters::QueryParameters,
        request::QueryRequest,
    },
    error::{Error, Result},
    hints::message_with_causes,
    render::{BatchAnswer, batch_json},
    search::Searcher,
};

/// Maximum length of a line in bytes.
const MAX_INPUT_LINE_BYTES: u64 = 1 << 20;

/// Answers each line of standard input with one JSON object on one line. Returns exit code 2 if a line cannot be read
/// or answered, and otherwise 1 if no query has a match.
pub(in crate::cli) fn answer_standard_input(
    searcher: &Searcher,
    request: &QueryRequest,
) -> Result<u8> {
    let mut outcomes = OutcomeCounts::default();
    for_each_input_line(|line, text| {
        let parameters = text.and_then(QueryParameters::read_line);
        let name = parameters.as_ref().ok().and_then(|parameters| parameters.name.clone());
        let query = match &parameters {
            Ok(parameters) => parameters.q.clone(),
            Err(_) => String::new(),
        };
        let results = parameters
            .and_then(|parameters| answer_one_query(searcher, &parameters, request))
            .map_err(|error| message_with_causes(&error));
        let answer = BatchAnswer { line, name: name.unwrap_or_default(), query, results };
        if let Err(reason) = &answer.results {
            print_status(&format!("line {line}: {reason}"));
        }
        outcomes.count_answer(&answer);
        print(&format!("{}\n", batch_json(&answer)))
    })?;
    Ok(outcomes.exit_code())
}

/// Calls `action` with the number and the text of each line of standard input that is not blank.
pub(in crate::cli) fn for_each_input_line(
    mut action: impl FnMut(usize, Result<&str>) -> Result<()>,
) -> Result<()> {
    let mut input = io::stdin().lock();
    for line in 1.. {
        let mut bytes = Vec::new();
        let read = input.by_ref().take(MAX_INPUT_LINE_BYTES + 1).read_until(b'\n', &mut bytes);
        let byte_count = read.map_err(Error::io("read", Path::new("standard input")))?;
        if byte_count == 0 {
            break;
        }
        if byte_count as u64 > MAX_INPUT_LINE_BYTES && bytes.last() != Some(&b'\n') {
            skip_rest_of_line(&mut input)?;
            action(line, Err(Error::invalid("line", "the line is longer than 1 MiB")))?;
            continue;
        }
        // A byte order mark may precede the first line.
        let bytes = bytes.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(&bytes);
        match std::str::from_utf8(bytes).map(str::trim) {
            Ok("") => {}
            Ok(text) => action(line, Ok(text))?,
            Err(_) => action(line, Err(Error::invalid("line", "the line is not UTF-8")))?,
        }
    }
    Ok(())
}

/// Reads the input up to the next line end.
fn skip_rest_of_line(input: &mut impl BufRead) -> Result<()> {
    input.skip_until(b'\n').map(drop).map_err(Error::io("read", Path::new("standard input")))
}
