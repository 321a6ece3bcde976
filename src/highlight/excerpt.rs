//! Cuts an excerpt out of a long sentence. No cut is inside a character, a word or a number, or between a number and
//! its unit, and no excerpt begins with punctuation.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::{
    analysis::{Analysis, Analyzer, ExtraKind, ExtraToken},
    fact::{Publication, push_terms},
    span::Span,
};

/// Punctuation that never begins a fragment: separators, ends of sentences, closing brackets and quotes, dashes, and
/// the marks of lists and tables.
const NON_INITIAL_PUNCTUATION: &str =
    ",;:.!?%‰、，。；：！？％．…‥·•*|/\\~)]}）］｝】〕〗〙》〉」』”’»›—–―－-_=+>";
/// Punctuation that ends a clause.
const CLAUSE_ENDS: [char; 9] = [',', ';', ':', '—', '–', '，', '；', '：', '。'];
/// Opening brackets and quotes, which never end a fragment.
const NON_FINAL_PUNCTUATION: &str = "([{（［｛【〔〖《〈「『“‘«‹";
/// Quotes that can both open and close a quotation.
const NEUTRAL_QUOTES: &str = "\"'＂＇";
/// Symbols and characters that belong to the number after them.
const NUMBER_PREFIXES: &str = "$£€¥￥₹₩-−+±<>≤≥~约約第";
/// Chinese characters that multiply the number before them.
const CHINESE_MULTIPLIERS: &str = "十百千万萬亿億兆";
/// Maximum width, in terminal columns, of a text without white space that is kept in one piece. A longer text, such as
/// a web address, is cut between its words.
const MAX_UNBREAKABLE_COLUMNS: usize = 40;

/// Returns an excerpt of `sentence` of at most `width` terminal columns. `window` is the span of the sentence that the
/// excerpt should contain. The excerpt begins at the start of `window` or earlier, and contains as much of `window` as
/// fits. If text is cut off on both sides and a clause begins shortly before `window`, the excerpt begins with this
/// clause.
pub(super) fn excerpt(
    text: &str,
    sentence: Span,
    window: Span,
    width: usize,
    analyzer: &Analyzer,
) -> Span {
    let pieces = unbreakable_pieces(text, sentence, analyzer);
    let window_piece = pieces.iter().position(|piece| piece.end > window.start).unwrap_or(0);
    let mut range = ExcerptPieceRange::new(text, &pieces, width, window_piece);
    while range.end() < window.end && range.add_next_piece_if_it_fits() {}
    // Adds three pieces after the window for each piece before the window, because the text after a highlight
    // explains more than the text before the highlight.
    while range.add_previous_piece_if_it_fits() | (0..3).all(|_| range.add_next_piece_if_it_fits())
    {
    }
    // An excerpt that reaches the end of the sentence is not shortened, since no text could take the free space.
    if range.first_piece > 0
        && range.last_piece + 1 < pieces.len()
        && let Some(clause_end) =
            (range.first_piece..window_piece).find(|&index| range.piece_ends_clause(index))
    {
        range.remove_pieces_before(clause_end + 1);
        while range.add_next_piece_if_it_fits() {}
    }
    Span::new(range.start(), range.end())
}

/// Excerpt under construction: consecutive pieces of a sentence, with a limited total width.
struct ExcerptPieceRange<'a> {
    text: &'a str,
    pieces: &'a [Span],
    /// Number of terminal columns that further pieces of the excerpt may take.
    remaining_columns: usize,
    /// Index of the first piece of the excerpt.
    first_piece: usize,
    /// Index of the last piece of the excerpt.
    last_piece: usize,
}

impl<'a> ExcerptPieceRange<'a> {
    /// Returns an excerpt that consists of the piece at `index` only. Further pieces may be added up to a total width
    /// of `width` terminal columns. The first piece itself may be wider than `width`.
    fn new(text: &'a str, pieces: &'a [Span], width: usize, index: usize) -> Self {
        let range =
            Self { text, pieces, remaining_columns: width, first_piece: index, last_piece: index };
        let remaining_columns = width.saturating_sub(range.piece_columns(index).unwrap_or(0));
        Self { remaining_columns, ..range }
    }

    /// Returns the width of the piece at `index` in terminal columns; `None` if there is no such piece.
    fn piece_columns(&self, index: usize) -> Option<usize> {
        self.pieces.get(index).map(|piece| piece.of(self.text).width())
    }

    /// Returns the byte offset of the start of the excerpt in `text`.
    fn start(&self) -> usize {
        self.pieces.get(self.first_piece).map_or(0, |piece| piece.start)
    }

    /// Returns the byte offset of the end of the excerpt in `text`.
    fn end(&self) -> usize {
        self.pieces.get(self.last_piece).map_or(0, |piece| piece.end)
    }

    /// Adds the next piece. Returns whether there is a next piece that fits.
    fn add_next_piece_if_it_fits(&mut self) -> bool {
        let next_piece_fits = self.take_columns_if_piece_fits(self.last_piece + 1);
        self.last_piece += usize::from(next_piece_fits);
        next_piece_fits
    }

    /// Adds the previous piece. Returns whether there is a previous piece that fits.
    fn add_previous_piece_if_it_fits(&mut self) -> bool {
        let previous_piece_fits = self
            .first_piece
            .checked_sub(1)
            .is_some_and(|previous| self.take_columns_if_piece_fits(previous));
        self.first_piece -= usize::from(previous_piece_fits);
        previous_piece_fits
    }

    /// Removes the pieces before the piece at index `first`.
    fn remove_pieces_before(&mut self, first: usize) {
        let removed_columns =
            (self.first_piece..first).filter_map(|index| self.piece_columns(index));
        self.remaining_columns += removed_columns.sum::<usize>();
        self.first_piece = first;
    }

    /// If the piece at `index` exists and is at most [`Self::remaining_columns`] wide, subtracts the width of the piece
    /// from the remaining columns, and returns `true`. Otherwise changes nothing, and returns `false`.
    fn take_columns_if_piece_fits(&mut self, index: usize) -> bool {
        let columns_left =
            self.piece_columns(index).and_then(|needed| self.remaining_columns.checked_sub(needed));
        self.remaining_columns = columns_left.unwrap_or(self.remaining_columns);
        columns_left.is_some()
    }

    /// Returns whether the piece at `index` ends a clause.
    fn piece_ends_clause(&self, index: usize) -> bool {
        let piece_text = self.pieces.get(index).map_or("", |piece| piece.of(self.text));
        piece_text.ends_with(CLAUSE_ENDS)
    }
}

/// Returns `span` without surrounding white space, without punctuation at its start, and without an opening bracket or
/// quote at its end. Does not remove characters of `highlights`, or punctuation at the start of `text`.
pub(super) fn trim_punctuation(text: &str, span: Span, highlights: &[Span]) -> Span {
    let untrimmed = span;
    let span = span.trimmed(text);
    let is_inside = |highlight: &&Span| highlight.start < span.end && span.start < highlight.end;
    let first_highlight = highlights.iter().find(is_inside).map_or(span.end, |first| first.start);
    let last_highlight_end =
        highlights.iter().rev().find(is_inside).map_or(span.start, |last| last.end);
    let mut start = span.start;
    while start > 0
        && start < first_highlight
        && let Some(c) = text.get(start..span.end).and_then(|rest| rest.chars().next())
        && (c.is_whitespace() || must_not_begin_fragment(text, start, c))
    {
        start += c.len_utf8();
    }
    start = first_word_boundary_from(text, untrimmed, start).min(first_highlight);
    let mut end = span.end;
    while end > last_highlight_end.max(start)
        && let Some(c) = text.get(start..end).and_then(|rest| rest.chars().next_back())
        && (c.is_whitespace() || NON_FINAL_PUNCTUATION.contains(c))
    {
        end -= c.len_utf8();
    }
    Span::new(start, end)
}

/// Returns the first word boundary (UAX #29) in `span` at which an excerpt can begin: `start` itself if it is a
/// boundary, otherwise the start of the next word or punctuation mark. So an excerpt never begins inside a word, or
/// with a combining mark that belongs to the character before `start`. Returns the end of `span` if there is no such
/// boundary.
fn first_word_boundary_from(text: &str, span: Span, start: usize) -> usize {
    let words = span.of(text).split_word_bound_indices();
    let mut words = words.map(|(offset, word)| (span.start + offset, word));
    let boundary = words.find(|(offset, word)| {
        *offset == start || *offset > start && !word.starts_with(char::is_whitespace)
    });
    boundary.map_or(span.end, |(offset, _)| offset)
}

/// Returns whether a fragment must not begin with `c`, the character at `offset`, because `c` is punctuation.
/// Exceptions are a symbol such as a minus sign directly before a digit, which belongs to the number, and a neutral
/// quote after a space, which opens a quotation.
fn must_not_begin_fragment(text: &str, offset: usize, c: char) -> bool {
    let (before, after) = text.split_at_checked(offset).unwrap_or_default();
    let follows_space = before.chars().next_back().is_none_or(char::is_whitespace);
    if NEUTRAL_QUOTES.contains(c) {
        return !follows_space;
    }
    let precedes_digit = after.chars().nth(1).is_some_and(char::is_numeric);
    NON_INITIAL_PUNCTUATION.contains(c)
        && !(follows_space && precedes_digit && NUMBER_PREFIXES.contains(c))
}

/// Returns the pieces between which a sentence may be cut. A piece is a word by UAX #29, a Chinese word of the
/// dictionary, or a number with its multiplier and its unit (`3.9万`, `2.25 million`, `$5`, `30 percent`), with the
/// punctuation that belongs to the piece.
fn unbreakable_pieces(text: &str, sentence: Span, analyzer: &Analyzer) -> Vec<Span> {
    let sentence_text = sentence.of(text);
    let word_spans = word_and_number_spans(sentence_text, analyzer);
    let mut words = word_spans.iter().peekable();
    let mut pieces: Vec<Span> = Vec::new();
    for (start, piece) in sentence_text.split_word_bound_indices() {
        while words.next_if(|word| word.end <= start).is_some() {}
        let starts_inside_word = words.peek().is_some_and(|word| word.start < start);
        match pieces.last_mut() {
            Some(last_piece)
                if starts_inside_word || must_stay_together(sentence_text, *last_piece, piece) =>
            {
                last_piece.end = start + piece.len();
            }
            _ => pieces.push(Span::new(start, start + piece.len())),
        }
    }
    pieces.into_iter().map(|piece| piece.shifted(sentence.start)).collect()
}

/// Returns the spans of the dictionary words in Chinese text, and of the numbers with multiplier and unit, in text
/// order.
fn word_and_number_spans(text: &str, analyzer: &Analyzer) -> Vec<Span> {
    let mut analysis = Analysis::default();
    analyzer.tokens(text, &mut analysis);
    push_terms(text, Publication::default(), &mut analysis);
    let mut word_spans: Vec<Span> = analyzer
        .query_words(&analysis)
        .iter()
        .filter_map(|word| {
            let first_token = analysis.tokens.get(word.first_token as usize)?;
            let last_token =
                analysis.tokens.get((word.first_token + word.char_count - 1) as usize)?;
            Some(Span::new(first_token.span.start, last_token.span.end))
        })
        .collect();
    // The span of an additional term of a number includes its multiplier and unit.
    let is_in_one_piece = |extra: &&ExtraToken| extra.kind != ExtraKind::Period;
    word_spans.extend(analysis.extras.iter().filter(is_in_one_piece).map(|extra| extra.span));
    word_spans.sort_unstable();
    word_spans
}

/// Returns whether `left` and `right` must stay together, without a cut between them. `right` is the word, space or
/// punctuation mark after `left`.
fn must_stay_together(text: &str, left: Span, right: &str) -> bool {
    let left_text = left.of(text);
    let (Some(left_end), Some(right_start)) = (left_text.chars().next_back(), right.chars().next())
    else {
        return false;
    };
    if right_start.is_whitespace() {
        // A number stays with the word after the space, which may be its unit.
        return left_end.is_numeric();
    }
    if left_end.is_whitespace() {
        return left_text.trim_end().chars().next_back().is_some_and(char::is_numeric);
    }
    if NON_FINAL_PUNCTUATION.contains(left_end) || NON_INITIAL_PUNCTUATION.contains(right_start) {
        return left_text.width() + right.width() <= MAX_UNBREAKABLE_COLUMNS;
    }
    if right_start.is_numeric() {
        return !is_unspaced_script_or_full_width(left_end) || NUMBER_PREFIXES.contains(left_end);
    }
    if left_end.is_numeric()
        || (CHINESE_MULTIPLIERS.contains(left_end) && begins_with_number(left_text))
    {
        return true;
    }
    !is_unspaced_script_or_full_width(left_end)
        && !is_unspaced_script_or_full_width(right_start)
        && left_text.width() + right.width() <= MAX_UNBREAKABLE_COLUMNS
}

/// Returns whether a piece begins with a number in digits.
fn begins_with_number(piece: &str) -> bool {
    piece.trim_start_matches(|c: char| NUMBER_PREFIXES.contains(c)).starts_with(char::is_numeric)
}

/// Returns whether `c` belongs to a script that is written without spaces, or is a full-width character.
fn is_unspaced_script_or_full_width(c: char) -> bool {
    matches!(c, '\u{E00}'..='\u{EFF}' | '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FF60}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Chinese;

    fn pieces(text: &str) -> Vec<&str> {
        let analyzer = Analyzer::new(Chinese::Off);
        let spans = unbreakable_pieces(text, Span::new(0, text.len()), &analyzer);
        spans.iter().map(|span| span.of(text).trim()).filter(|piece| !piece.is_empty()).collect()
    }

    #[test]
    fn numbers_and_units_are_not_cut() {
        for (text, expected) in [
            ("rose 30 percent again", &["rose", "30 percent", "again"][..]),
            ("by 2.25 million people", &["by", "2.25 million people"]),
            ("up 5% or $1.2bn", &["up", "5%", "or", "$1.2bn"]),
            ("an F-16 and COVID-19 jabs", &["an", "F-16 and", "COVID-19 jabs"]),
            ("(see: a/b), or “c”.", &["(see:", "a/b),", "or", "“c”."]),
            ("共500万吨，第5条", &["共", "500万吨，", "第5条"]),
        ] {
            assert_eq!(pieces(text), expected, "{text}");
        }
    }

    #[test]
    fn excerpts_begin_with_a_clause_if_one_begins_nearby() {
        let analyzer = Analyzer::new(Chinese::Off);
        for (text, word, width, expected) in [
            (
                "In May, after a vote, the port grew by half and the city with it",
                "grew",
                30,
                "the port grew by half and the",
            ),
            (
                "In the month of May the port grew by half and the city with it",
                "grew",
                30,
                "the port grew by half and the",
            ),
            ("In May, the port grew by half", "In", 16, "In May, the port"),
            ("市政府经过讨论以后，港口增长一半，城市也随之", "增长", 20, "港口增长一半，城市也"),
        ] {
            let start = text.find(word).unwrap();
            let window = Span::new(start, start + word.len());
            let excerpt = excerpt(text, Span::new(0, text.len()), window, width, &analyzer);
            assert_eq!(excerpt.of(text).trim(), expected);
            assert!(excerpt.of(text).trim().width() <= width);
        }
    }

    #[test]
    fn long_texts_without_spaces_are_cut_between_words() {
        let address = "https://example.org/".to_owned() + &"news/".repeat(20);
        assert!(pieces(&address).iter().all(|piece| piece.width() <= MAX_UNBREAKABLE_COLUMNS));
    }

    #[test]
    fn fragments_do_not_begin_with_punctuation() {
        for (before, fragment, expected) in [
            ("Bureau", ", Municipal Bureau", "Municipal Bureau"),
            ("确保完整", "、准确、全面", "准确、全面"),
            ("甲", "；", ""),
            ("he said", ".” The", "The"),
            ("said\"", " \"quoted\" (as", "\"quoted\" (as"),
            ("said", "\" he left (", "he left"),
            ("fell to ", "-5 degrees", "-5 degrees"),
            ("costs ", "$5 (net)", "$5 (net)"),
            ("list\n", "- item", "item"),
            ("", "- item", "- item"),
            ("", "…and", "…and"),
            ("a", "\u{2000}\u{c3e} port", "port"),
        ] {
            let text = format!("{before}{fragment}");
            let span = Span::new(before.len(), text.len());
            assert_eq!(trim_punctuation(&text, span, &[]).of(&text), expected, "{text}");
        }
    }
}
