//! Writes to standard output and standard error, and formats text that several commands print.

use std::{
    env,
    io::{self, IsTerminal, Write},
    path::Path,
};

use unicode_width::UnicodeWidthStr;

use super::args::{CitationStyleArg, ColorArg};
use crate::{
    error::{Error, Result},
    query::Note,
    render::{CitationStyle, Style, visible_text},
};

/// Line width in columns if the environment variable `COLUMNS` is unset or not a number.
const DEFAULT_LINE_COLUMNS: usize = 100;

/// Writes text to standard output.
pub(super) fn print(text: &str) -> Result<()> {
    print_bytes(text.as_bytes())
}

/// Writes bytes to standard output.
pub(super) fn print_bytes(bytes: &[u8]) -> Result<()> {
    let mut stdout = io::stdout().lock();
    stdout
        .write_all(bytes)
        .and_then(|()| stdout.flush())
        .map_err(Error::io("write to", Path::new("standard output")))
}

/// Writes a workbook to standard output, which must not be a terminal.
#[cfg(feature = "archive")]
pub(super) fn print_workbook(workbook: &[u8]) -> Result<()> {
    if io::stdout().is_terminal() {
        let reason = "a workbook cannot be shown on a terminal: add >table.xlsx";
        return Err(Error::invalid("format", reason.to_owned()));
    }
    print_bytes(workbook)
}

/// Writes one line to standard error. Ignores a failure to write, because the program cannot report it anywhere.
pub(super) fn print_status(message: &str) {
    drop(writeln!(io::stderr(), "gz-search: {}", visible_text(message)));
}

/// Writes each note as a line to standard error.
pub(super) fn print_notes(notes: &[Note]) {
    for note in notes {
        print_status(&format!("note: {note}"));
    }
}

/// Returns whether the error means that the reader of standard output, such as `head`, has closed the pipe. A closed
/// pipe is not a failure of the program.
pub(super) fn is_closed_pipe(error: &Error) -> bool {
    matches!(error, Error::Io { source, .. } if source.kind() == io::ErrorKind::BrokenPipe)
}

/// Returns the number with the noun in singular or plural: "1 file", "2 files".
pub(super) fn pluralize(count: u64, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// Returns the colour mode, the line width and the use of links for standard output.
pub(super) fn text_style(color: ColorArg) -> Style {
    let is_terminal = io::stdout().is_terminal();
    let allows_color = env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let uses_color = match color {
        ColorArg::Always => true,
        ColorArg::Never => false,
        ColorArg::Auto => is_terminal && allows_color,
    };
    let columns = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let variable = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
    Style {
        color: uses_color,
        columns: columns.unwrap_or(DEFAULT_LINE_COLUMNS),
        links: uses_color && is_terminal && allows_color && terminal_shows_links(variable),
    }
}

/// Returns whether the environment variables indicate a terminal that shows links (OSC 8). `variable` returns the value
/// of a variable that is set and not empty. If `FORCE_HYPERLINK` is set, it alone decides, as in other programs.
fn terminal_shows_links(variable: impl Fn(&str) -> Option<String>) -> bool {
    /// Values of `TERM_PROGRAM` of terminals that show links.
    const LINK_TERM_PROGRAMS: [&str; 8] =
        ["iTerm.app", "WezTerm", "vscode", "Hyper", "ghostty", "rio", "Tabby", "zed"];
    /// Beginnings of the values of `TERM` of terminals that show links.
    const LINK_TERM_PREFIXES: [&str; 7] =
        ["alacritty", "contour", "foot", "wezterm", "xterm-ghostty", "xterm-kitty", "rio"];
    /// Environment variables that only terminals that show links set.
    const LINK_TERMINAL_VARIABLES: [&str; 4] =
        ["DOMTERM", "KITTY_WINDOW_ID", "KONSOLE_VERSION", "WT_SESSION"];
    /// First version of GNOME's terminal library VTE that shows links without defects: 0.50.0, in the form of the
    /// variable `VTE_VERSION`.
    const FIRST_VTE_VERSION_WITH_LINKS: u32 = 5_000;

    let term = variable("TERM").unwrap_or_default();
    if term == "dumb" {
        return false;
    }
    if let Some(choice) = variable("FORCE_HYPERLINK") {
        return choice != "0";
    }
    let vte_version = variable("VTE_VERSION").and_then(|version| version.parse::<u32>().ok());
    vte_version.is_some_and(|version| version >= FIRST_VTE_VERSION_WITH_LINKS)
        || variable("TERM_PROGRAM")
            .is_some_and(|program| LINK_TERM_PROGRAMS.contains(&program.as_str()))
        || LINK_TERM_PREFIXES.iter().any(|beginning| term.starts_with(beginning))
        || LINK_TERMINAL_VARIABLES.iter().any(|name| variable(name).is_some())
}

/// Converts the argument of `--cite` to a citation style.
pub(super) const fn citation_style(cite: CitationStyleArg) -> CitationStyle {
    match cite {
        CitationStyleArg::Text => CitationStyle::Text,
        CitationStyleArg::Markdown => CitationStyle::Markdown,
        CitationStyleArg::Bibtex => CitationStyle::Bibtex,
        CitationStyleArg::Ris => CitationStyle::Ris,
        CitationStyleArg::CslJson => CitationStyle::CslJson,
        CitationStyleArg::Apa => CitationStyle::Apa,
        CitationStyleArg::Gbt7714 => CitationStyle::Gbt7714,
    }
}

/// Formats rows as a table. Aligns the first column to the left and all other columns to the right.
pub(super) fn align_columns<const N: usize>(rows: &[[String; N]]) -> String {
    let mut widths = [0; N];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.width().max(*width);
        }
    }
    let mut table = String::new();
    for row in rows {
        for (index, (cell, width)) in row.iter().zip(widths).enumerate() {
            let padding = " ".repeat(width.saturating_sub(cell.width()));
            if index == 0 {
                table.extend([cell, padding.as_str()]);
            } else {
                table.extend(["  ", &padding, cell]);
            }
        }
        table.truncate(table.trim_end().len());
        table.push('\n');
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_by_display_width() {
        let rows = [["read", "files"], ["网页", "1"], ["JSON Lines", "1000"]];
        let rows = rows.map(|row| row.map(str::to_owned));
        assert_eq!(
            align_columns(&rows),
            "read        files\n网页            1\nJSON Lines   1000\n"
        );
    }

    #[test]
    fn links_need_a_terminal_that_shows_them() {
        for (variables, expected) in [
            (vec![], false),
            (vec![("TERM", "xterm-256color")], false),
            (vec![("TERM", "xterm-256color"), ("VTE_VERSION", "7600")], true),
            (vec![("TERM", "xterm-256color"), ("VTE_VERSION", "4205")], false),
            (vec![("TERM_PROGRAM", "WezTerm")], true),
            (vec![("TERM_PROGRAM", "Apple_Terminal")], false),
            (vec![("TERM", "xterm-kitty")], true),
            (vec![("WT_SESSION", "1")], true),
            (vec![("WT_SESSION", "1"), ("FORCE_HYPERLINK", "0")], false),
            (vec![("FORCE_HYPERLINK", "1")], true),
            (vec![("TERM", "dumb"), ("FORCE_HYPERLINK", "1")], false),
        ] {
            let variable = |name: &str| {
                let found = variables.iter().find(|(other, _)| *other == name);
                found.map(|(_, value)| (*value).to_owned())
            };
            assert_eq!(terminal_shows_links(variable), expected, "{variables:?}");
        }
    }
}
