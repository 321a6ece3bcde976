//! Line wrapping for a terminal by display width. A Han character takes two columns, and an escape sequence takes none.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Minimum width of a line in columns. Text on a narrower terminal overflows.
const MIN_LINE_COLUMNS: usize = 20;

/// Breaks `text` into lines of at most `columns` minus `indent` terminal columns. Never splits an escape sequence.
pub(super) fn wrap_lines(text: &str, indent: usize, columns: usize) -> Vec<String> {
    let max_columns = columns.saturating_sub(indent).max(MIN_LINE_COLUMNS);
    let mut lines = vec![String::new()];
    let mut used_columns = 0;
    for piece in breakable_pieces(text).iter().flat_map(|piece| split_to_fit(piece, max_columns)) {
        let piece_columns = display_width(&piece);
        if used_columns + display_width(piece.trim_end()) > max_columns && used_columns > 0 {
            lines.push(String::new());
            used_columns = 0;
        }
        let is_leading_blank = used_columns == 0 && piece.trim().is_empty();
        if let Some(line) = lines.last_mut().filter(|_| !is_leading_blank) {
            line.push_str(&piece);
            used_columns += piece_columns;
        }
    }
    for line in &mut lines {
        line.truncate(line.trim_end().len());
    }
    lines
}

/// Splits a piece that is wider than `max_columns` columns, such as a long web address, into pieces that fit.
/// Does not split a piece that contains an escape sequence.
fn split_to_fit(piece: &str, max_columns: usize) -> Vec<String> {
    if display_width(piece.trim_end()) <= max_columns || piece.contains('\u{1b}') {
        return vec![piece.to_owned()];
    }
    let mut fitting_pieces: Vec<String> = vec![String::new()];
    for grapheme in piece.graphemes(true) {
        match fitting_pieces.last_mut() {
            Some(last) if display_width(last) + display_width(grapheme) <= max_columns => {
                last.push_str(grapheme);
            }
            _ => fitting_pieces.push(grapheme.to_owned()),
        }
    }
    fitting_pieces
}

/// Splits `text` into pieces between which a line may break: after spaces and wide characters, but not before
/// closing punctuation.
fn breakable_pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = vec![String::new()];
    for grapheme in text.graphemes(true) {
        let allows_break = pieces
            .last()
            .is_some_and(|piece| may_break_after(piece, forbids_break_before(grapheme)));
        match pieces.last_mut() {
            Some(piece) if !allows_break => piece.push_str(grapheme),
            _ => pieces.push(grapheme.to_owned()),
        }
    }
    pieces
}

/// Returns whether a line may break after `piece`. `is_closing_next` states whether the next character is closing
/// punctuation or an escape sequence.
fn may_break_after(piece: &str, is_closing_next: bool) -> bool {
    let ends_wide = || {
        let last_grapheme = piece.graphemes(true).next_back();
        last_grapheme.is_some_and(|last_grapheme| {
            last_grapheme.width() > 1 && !"（《「『“".contains(last_grapheme)
        })
    };
    piece.ends_with(' ') || (ends_wide() && !is_closing_next)
}

/// Returns whether `grapheme` begins with closing punctuation or an escape sequence.
fn forbids_break_before(grapheme: &str) -> bool {
    grapheme.starts_with([
        '，', '。', '、', '；', '：', '！', '？', '）', '》', '」', '』', '”', '\u{1b}', ',', '.',
        ')',
    ])
}

/// Returns the number of columns that `text` takes on a terminal. Colour sequences take no columns.
fn display_width(text: &str) -> usize {
    let mut text_parts = text.split('\u{1b}');
    let width_before_first = text_parts.next().unwrap_or_default().width();
    let width_after_sequence =
        |part: &str| part.split_once('m').map_or(0, |(_, rest)| rest.width());
    width_before_first + text_parts.map(width_after_sequence).sum::<usize>()
}
