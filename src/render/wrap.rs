//! Line wrapping for a terminal by display width. A Han character takes two columns, and an escape sequence takes none.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Minimum width of a line in columns. Text on a narrower terminal overflows.
const MIN_LINE_WIDTH: usize = 20;

/// Breaks `text` into lines of at most `columns` minus `indent` columns. Escape sequences in `text` are never split.
pub(super) fn wrap_lines(text: &str, indent: usize, columns: usize) -> Vec<String> {
    let room = columns.saturating_sub(indent).max(MIN_LINE_WIDTH);
    let mut lines = vec![String::new()];
    let mut used = 0;
    for piece in pieces(text).iter().flat_map(|piece| split_to_fit(piece, room)) {
        let width = display_width(&piece);
        if used + display_width(piece.trim_end()) > room && used > 0 {
            lines.push(String::new());
            used = 0;
        }
        let leading_blank = used == 0 && piece.trim().is_empty();
        if let Some(line) = lines.last_mut().filter(|_| !leading_blank) {
            line.push_str(&piece);
            used += width;
        }
    }
    for line in &mut lines {
        line.truncate(line.trim_end().len());
    }
    lines
}

/// Splits a piece that is wider than `room` columns, such as a long web address, into pieces that fit. Does not split a
/// piece that contains an escape sequence.
fn split_to_fit(piece: &str, room: usize) -> Vec<String> {
    if display_width(piece.trim_end()) <= room || piece.contains('\u{1b}') {
        return vec![piece.to_owned()];
    }
    let mut parts: Vec<String> = vec![String::new()];
    for grapheme in piece.graphemes(true) {
        match parts.last_mut() {
            Some(last) if display_width(last) + display_width(grapheme) <= room => {
                last.push_str(grapheme);
            }
            _ => parts.push(grapheme.to_owned()),
        }
    }
    parts
}

/// Splits `text` where a line may break: after spaces and wide characters, but not before closing punctuation.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = vec![String::new()];
    for grapheme in text.graphemes(true) {
        let allows_break =
            pieces.last().is_some_and(|piece| is_break_after(piece, is_closing(grapheme)));
        match pieces.last_mut() {
            Some(piece) if !allows_break => piece.push_str(grapheme),
            _ => pieces.push(grapheme.to_owned()),
        }
    }
    pieces
}

/// Returns whether a line may break after `piece`. `closing` states whether closing punctuation follows.
fn is_break_after(piece: &str, closing: bool) -> bool {
    let ends_wide = || {
        let last = piece.graphemes(true).next_back();
        last.is_some_and(|last| last.width() > 1 && !"（《「『“".contains(last))
    };
    piece.ends_with(' ') || (ends_wide() && !closing)
}

/// Returns whether `grapheme` begins with closing punctuation or an escape sequence.
fn is_closing(grapheme: &str) -> bool {
    grapheme.starts_with([
        '，', '。', '、', '；', '：', '！', '？', '）', '》', '」', '』', '”', '\u{1b}', ',', '.',
        ')',
    ])
}

/// Returns the number of columns that `text` takes on a terminal. Colour sequences take no columns.
fn display_width(text: &str) -> usize {
    let mut parts = text.split('\u{1b}');
    let before_first = parts.next().unwrap_or_default().width();
    let after_sequence = |part: &str| part.split_once('m').map_or(0, |(_, rest)| rest.width());
    before_first + parts.map(after_sequence).sum::<usize>()
}
