//! Reads the queries of a file: a table with a header, or one query a line.

use serde_json::{Map, Value};

use crate::{
    cli::query_parameters::QueryParameters,
    document::{DeclaredFields, DelimitedRow, FieldName, delimited_rows},
    error::{Error, Result},
    hints::message_with_causes,
};

/// Characters that may separate the cells of a row, in order of precedence.
const CELL_DELIMITERS: [char; 4] = [',', '\t', ';', '|'];
/// Names of the columns of a table of queries, other than declared fields.
const COLUMN_NAMES: [&str; 15] = [
    "name", "query", "q", "from", "to", "after", "before", "issuer", "speaker", "lang", "source",
    "filter", "only", "limit", "sort",
];
/// Names of the columns whose cells hold several values, separated by [`CELL_VALUE_SEPARATOR`].
const LIST_COLUMNS: [&str; 6] = ["issuer", "speaker", "lang", "source", "filter", "only"];
/// Character between the values of a cell.
const CELL_VALUE_SEPARATOR: char = '|';
/// Maximum number of queries of a file.
const MAX_FILE_QUERIES: usize = 10_000;
/// Maximum length of a cell in bytes.
const MAX_CELL_BYTES: usize = 64 * 1024;
/// Minimum Jaro similarity, from 0 to 1, between an unknown column name and a known one. An unknown name that is at
/// least as similar counts as misspelled.
const MIN_COLUMN_NAME_SIMILARITY: f64 = 0.8;

/// A query of a file.
#[derive(Debug, PartialEq)]
pub(super) struct QueryFileEntry {
    /// Number of the line at which the query begins, from 1.
    pub(super) line: usize,
    pub(super) name: String,
    /// Text of the query, or of the line if the line is malformed.
    pub(super) text: String,
    /// Parameters of the query, or the reason why the line is malformed.
    pub(super) parameters: Result<QueryParameters, String>,
}

/// Queries of a file, in the order of the file.
#[derive(Debug, PartialEq)]
pub(super) struct QueryFile {
    pub(super) queries: Vec<QueryFileEntry>,
    /// Names of the columns that are not read.
    pub(super) ignored_columns: Vec<String>,
    /// Whether the first line looks like the header of a table, but names no column of queries. Each line is then a
    /// query, the first one too.
    pub(super) lacks_query_column: bool,
}

/// Column of a table of queries.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Column {
    Parameter(&'static str),
    DeclaredField(FieldName),
    Ignored,
}

/// Reads the queries of a file with the content `text`, for an index with the declared fields. If the first row has a
/// cell `query` or `q`, this row is the header of a table. Otherwise each line is a query: a text, or a JSON object
/// with parameters.
///
/// # Errors
///
/// [`Error::InvalidArgument`] for a header with a repeated or misspelled column, and for a file without queries or with
/// too many.
pub(super) fn read_queries(text: &str, fields: &DeclaredFields) -> Result<QueryFile> {
    let header = CELL_DELIMITERS
        .into_iter()
        .find_map(|delimiter| Some((delimiter, header_column_names(text, delimiter)?)));
    let file = match header {
        Some((delimiter, names)) => queries_of_table(text, delimiter, &names, fields)?,
        None => queries_of_lines(text),
    };
    match file.queries.len() {
        0 => Err(Error::invalid("batch", "the file has no queries")),
        count if count > MAX_FILE_QUERIES => {
            let reason = format!("the file has more than {MAX_FILE_QUERIES} queries: split it");
            Err(Error::invalid("batch", reason))
        }
        _ => Ok(file),
    }
}

/// Reads the rows of a table below its header. Stops after [`MAX_FILE_QUERIES`] + 1 queries, which show that the file
/// has too many.
fn queries_of_table(
    text: &str,
    delimiter: char,
    column_names: &[String],
    fields: &DeclaredFields,
) -> Result<QueryFile> {
    let columns = columns_of_names(column_names, fields)?;
    let ignored =
        column_names.iter().zip(&columns).filter(|(_, column)| **column == Column::Ignored);
    let ignored_columns = ignored.map(|(name, _)| name.clone()).collect();
    let rows = delimited_rows(text, delimiter).skip(1).filter(|row| !is_blank_row(row));
    let queries = rows.map(|row| query_of_row(row, &columns)).take(MAX_FILE_QUERIES + 1).collect();
    Ok(QueryFile { queries, ignored_columns, lacks_query_column: false })
}

/// Reads the lines of a file without a header. Stops after [`MAX_FILE_QUERIES`] + 1 queries, which show that the file
/// has too many.
fn queries_of_lines(text: &str) -> QueryFile {
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let queries = lines.map(|(number, line)| query_of_line(number, line.trim()));
    QueryFile {
        queries: queries.take(MAX_FILE_QUERIES + 1).collect(),
        ignored_columns: Vec::new(),
        lacks_query_column: looks_like_table(text),
    }
}

/// Returns whether the first two rows have the same number of cells, and each cell of the first row is one word.
fn looks_like_table(text: &str) -> bool {
    CELL_DELIMITERS.into_iter().any(|delimiter| {
        let mut rows = delimited_rows(text, delimiter).map(|row| row.cells);
        let (Some(first), Some(second)) = (rows.next(), rows.next()) else { return false };
        let is_word = |cell: &String| cell.trim().chars().all(|c| c.is_alphanumeric() || c == '_');
        first.len() > 1 && first.len() == second.len() && first.iter().all(is_word)
    })
}

/// Returns the column names in the first row, in lower case; `None` if no column is named `query` or `q`.
fn header_column_names(text: &str, delimiter: char) -> Option<Vec<String>> {
    let row = delimited_rows(text, delimiter).next().filter(|row| row.problem.is_none())?;
    let names: Vec<String> = row.cells.iter().map(|name| name.trim().to_lowercase()).collect();
    names.iter().any(|name| matches!(name.as_str(), "query" | "q")).then_some(names)
}

/// Returns the column for each name in the header.
///
/// # Errors
///
/// [`Error::InvalidArgument`] for a column that occurs twice, and for a name that is similar to that of a column.
fn columns_of_names(names: &[String], fields: &DeclaredFields) -> Result<Vec<Column>> {
    let mut columns = Vec::new();
    for name in names {
        let column = column_of_name(name, fields)?;
        if column != Column::Ignored && columns.contains(&column) {
            return Err(Error::invalid("batch", format!("line 1 has two columns {name}")));
        }
        columns.push(column);
    }
    Ok(columns)
}

fn column_of_name(name: &str, fields: &DeclaredFields) -> Result<Column> {
    if let Some(column_name) = COLUMN_NAMES.into_iter().find(|column_name| *column_name == name) {
        return Ok(Column::Parameter(column_name));
    }
    let declared_field = FieldName::from_key(name).filter(|field| fields.type_of(*field).is_some());
    if let Some(field) = declared_field {
        return Ok(Column::DeclaredField(field));
    }
    match COLUMN_NAMES
        .into_iter()
        .find(|column_name| strsim::jaro(column_name, name) >= MIN_COLUMN_NAME_SIMILARITY)
    {
        Some(column_name) => {
            let reason = format!("line 1 has the column {name}: did you mean {column_name}?");
            Err(Error::invalid("batch", reason))
        }
        None => Ok(Column::Ignored),
    }
}

fn is_blank_row(row: &DelimitedRow) -> bool {
    row.cells.iter().all(|cell| cell.trim().is_empty())
}

fn query_of_line(line: usize, text: &str) -> QueryFileEntry {
    let parameters = QueryParameters::read_line(text);
    query_file_entry(line, String::new(), text.to_owned(), parameters)
}

fn query_of_row(row: DelimitedRow, columns: &[Column]) -> QueryFileEntry {
    let is_too_long = row.cells.iter().any(|cell| cell.len() > MAX_CELL_BYTES);
    let too_long = is_too_long.then_some("a cell is longer than 64 KiB");
    let DelimitedRow { line, cells, problem } = row;
    if let Some(reason) = problem.or(too_long) {
        let parameters = Err(Error::invalid("batch", reason));
        return query_file_entry(line, String::new(), String::new(), parameters);
    }
    let cell_of = |names: &[&str]| {
        let mut named_cells = columns.iter().zip(&cells);
        let named_cell = named_cells
            .find(|(column, _)| matches!(column, Column::Parameter(name) if names.contains(name)));
        named_cell.map(|(_, cell)| cell.trim().to_owned()).unwrap_or_default()
    };
    let (name, text) = (cell_of(&["name"]), cell_of(&["query", "q"]));
    let is_surplus = cells.iter().skip(columns.len()).any(|cell| !cell.trim().is_empty());
    let parameters = if is_surplus {
        let reason = format!(
            "the row has {} cells, but the header has {}: enclose a cell with a delimiter in quotation marks",
            cells.len(),
            columns.len()
        );
        Err(Error::invalid("batch", reason))
    } else {
        QueryParameters::read(parameters_of_cells(&cells, columns))
    };
    query_file_entry(line, name, text, parameters)
}

/// Returns the parameters in the cells of a row, by name. Skips blank cells.
fn parameters_of_cells(cells: &[String], columns: &[Column]) -> Map<String, Value> {
    let mut parameters = Map::new();
    let mut conditions = Vec::new();
    for (column, cell) in columns.iter().zip(cells) {
        let cell = cell.trim();
        let values =
            || cell.split(CELL_VALUE_SEPARATOR).map(str::trim).filter(|value| !value.is_empty());
        match column {
            _ if cell.is_empty() => {}
            Column::Ignored => {}
            Column::DeclaredField(field) => {
                conditions.extend(values().map(|value| format!("{}={value}", field.as_str())));
            }
            Column::Parameter("filter") => conditions.extend(values().map(str::to_owned)),
            Column::Parameter(name) if LIST_COLUMNS.contains(name) => {
                parameters.insert((*name).to_owned(), values().collect());
            }
            Column::Parameter(name) => {
                parameters.insert((*name).to_owned(), Value::from(cell));
            }
        }
    }
    parameters.insert("filter".to_owned(), Value::from(conditions));
    parameters
}

fn query_file_entry(
    line: usize,
    name: String,
    text: String,
    parameters: Result<QueryParameters>,
) -> QueryFileEntry {
    match parameters {
        Ok(parameters) => QueryFileEntry {
            line,
            name: parameters.name.clone().unwrap_or_default(),
            text: parameters.q.clone(),
            parameters: Ok(parameters),
        },
        Err(error) => {
            QueryFileEntry { line, name, text, parameters: Err(message_with_causes(&error)) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::FieldType;

    /// Returns the line, the name and the text of each query, with `!` before an error.
    fn describe_queries(text: &str) -> Vec<String> {
        let file = read_queries(text, &DeclaredFields::default()).unwrap();
        let describe = |query: QueryFileEntry| {
            let problem = query.parameters.err().map(|reason| format!(" ! {reason}"));
            format!("{}:{}:{}{}", query.line, query.name, query.text, problem.unwrap_or_default())
        };
        file.queries.into_iter().map(describe).collect()
    }

    #[test]
    fn files_have_a_header_or_one_query_a_line() {
        let cases: [(&str, &[&str]); 6] = [
            (
                "name,query\ncars,flying car\n\nports,\"a, b\"\n",
                &["2:cars:flying car", "4:ports:a, b"],
            ),
            ("Query\tName\nport, rail\tp\n", &["2:p:port, rail"]),
            ("q;from\nport;2024\n", &["2::port"]),
            ("flying car\n\n \"a b\", c \n", &["1::flying car", "3::\"a b\", c"]),
            ("port\nport\n", &["1::port", "2::port"]),
            ("{\"q\": \"port\", \"name\": \"p\"}\nrail\n", &["1:p:port", "2::rail"]),
        ];
        for (text, expected) in cases {
            assert_eq!(describe_queries(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_table_without_a_column_of_queries_is_noticed() {
        for (text, expected) in [
            ("title,question\na,carbon tax\n", true),
            ("titel;frage\na;b\n", true),
            ("title,question\ncarbon tax\n", false),
            ("ports, rails of the city\nroads, trams\n", false),
            ("name,query\na,port\n", false),
            ("port\nrail\n", false),
        ] {
            let file = read_queries(text, &DeclaredFields::default()).unwrap();
            assert_eq!(file.lacks_query_column, expected, "{text}");
        }
    }

    #[test]
    fn a_malformed_line_does_not_stop_the_others() {
        let text = "name,query,limit\na,port,x\nb,,\nc,port,1,2\n\"d\"e,port,\nf,port,3\n";
        let queries = describe_queries(text);
        assert_eq!(queries.len(), 5);
        for (query, expected) in queries.iter().zip([
            "2:a:port ! limit is \"x\": give a whole number",
            "3:b: ! there is no query text",
            "4:c:port ! the row has 4 cells, but the header has 3",
            "5:: ! text follows the closing quotation mark",
            "6:f:port",
        ]) {
            assert!(query.starts_with(expected), "{query}");
        }
        assert_eq!(queries[4], "6:f:port");
    }

    #[test]
    fn a_line_with_a_cell_above_the_maximum_length_is_an_error() {
        for long_cell in ["a", "\"\""].map(|text| text.repeat(MAX_CELL_BYTES + 1)) {
            let queries = describe_queries(&format!("query\n\"{long_cell}\"\nport\n"));
            assert_eq!(queries, ["2:: ! a cell is longer than 64 KiB", "3::port"]);
        }
    }

    #[test]
    fn cells_of_a_query_file_become_parameters_of_the_query() {
        let mut fields = DeclaredFields::default();
        fields.declare("desk", FieldType::Keyword).unwrap();
        let text = "query,issuer,from,to,Desk,filter,limit,owner\nport,A | B,2024,2025-06,trade|rail,amount>=5,3,me\n";
        let QueryFile { mut queries, ignored_columns, .. } = read_queries(text, &fields).unwrap();
        assert_eq!(ignored_columns, ["owner"]);
        let parameters = queries.remove(0).parameters.unwrap();
        assert_eq!(parameters.issuer, ["A", "B"]);
        assert_eq!(parameters.after.as_deref(), Some("2024"));
        assert_eq!(parameters.to.as_deref(), Some("2025-06"));
        assert_eq!(parameters.filter, ["desk=trade", "desk=rail", "amount>=5"]);
        assert_eq!(parameters.limit, Some(3));
    }

    #[test]
    fn files_without_usable_columns_or_queries_are_refused() {
        for (text, expected) in [
            ("", "no queries"),
            ("query\n", "no queries"),
            ("query,isuer\nport,A\n", "column isuer: did you mean issuer?"),
            ("query,issuer,issuer\nport,A,B\n", "two columns issuer"),
            (&"a\n".repeat(MAX_FILE_QUERIES + 1), "more than 10000 queries"),
        ] {
            let error = read_queries(text, &DeclaredFields::default()).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
