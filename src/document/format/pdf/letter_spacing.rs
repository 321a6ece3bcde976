//! Joins the letters of words that are set with space between their letters: `H A R B O U R` is `HARBOUR`.

use crate::script::is_han;

/// Minimum number of letters of a line that is set with letter spacing.
const MIN_SPACED_LETTERS: usize = 5;
/// Range of the median gap between two letters of a line that is set with letter spacing, as multiples of the letter
/// size. Normal text has narrower gaps, and wider gaps separate the cells of a table.
const SPACED_LETTER_GAP_RANGE: std::ops::Range<f32> = 0.12..0.9;
/// Minimum distance from the beginning of the last letter of a word to the beginning of the next word, as a multiple of
/// the median distance between two letters. Applies to a line without space characters.
const MIN_WORD_DISTANCE_RATIO: f32 = 1.6;

/// Text of one run of a line, and the horizontal position of the run.
#[derive(Debug, Clone)]
pub(super) struct LinePiece {
    pub(super) text: String,
    /// Distance of the left end from the left of the page, in points.
    pub(super) start: f32,
    /// Distance of the right end from the left of the page, in points.
    pub(super) end: f32,
    /// Whether a space character precedes the piece.
    pub(super) follows_space: bool,
}

/// Returns the text of a line without its letter spacing. `None` for a line without letter spacing. `size` is the
/// letter size in points.
///
/// In a line with letter spacing, each piece is one letter. Space characters between the letters separate words. In a
/// line without space characters, wider distances separate words.
pub(super) fn without_letter_spacing(pieces: &[LinePiece], size: f32) -> Option<String> {
    let is_letter = |piece: &LinePiece| {
        let mut characters = piece.text.chars();
        characters.next().is_some_and(char::is_alphabetic) && characters.next().is_none()
    };
    if pieces.len() < MIN_SPACED_LETTERS
        || !pieces.iter().all(is_letter)
        || are_letters_in_alphabetical_order(pieces)
    {
        return None;
    }
    let gaps = pieces.windows(2).filter_map(|pair| match pair {
        [piece, next] if !next.follows_space => Some(next.start - piece.end),
        _ => None,
    });
    let median_gap = median(gaps.collect())?;
    if !SPACED_LETTER_GAP_RANGE.contains(&(median_gap / size.max(1.0))) {
        return None;
    }
    let distances = pieces.windows(2).filter_map(|pair| match pair {
        [piece, next] => Some(next.start - piece.start),
        _ => None,
    });
    let median_distance = median(distances.clone().collect())?;
    let has_spaces = pieces.iter().any(|piece| piece.follows_space);
    let mut text = pieces.first()?.text.clone();
    for (piece, distance) in pieces.iter().skip(1).zip(distances) {
        let begins_word = if has_spaces {
            piece.follows_space
        } else {
            distance > median_distance * MIN_WORD_DISTANCE_RATIO
        };
        if begins_word {
            text.push(' ');
        }
        text.push_str(&piece.text);
    }
    Some(text)
}

/// Returns a line of Chinese characters without the space characters between them: `关于印发办法` for
/// `关 于 印 发 办 法`. `None` for a line with words of several characters other than numbers.
pub(super) fn without_spaces_between_ideographs(line: &str) -> Option<String> {
    let is_ideograph = |word: &str| {
        let mut characters = word.chars();
        characters.next().is_some_and(is_han) && characters.next().is_none()
    };
    let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let words = || line.split_whitespace();
    let is_spaced = words().all(|word| is_ideograph(word) || is_number(word))
        && words().filter(|word| is_ideograph(word)).count() >= MIN_SPACED_LETTERS;
    is_spaced.then(|| words().collect())
}

/// Returns whether each letter follows the previous one in the alphabet: A, B, C. Such letters are labels, such as
/// those of an index.
fn are_letters_in_alphabetical_order(pieces: &[LinePiece]) -> bool {
    let letters = || pieces.iter().filter_map(|piece| piece.text.chars().next()).map(u32::from);
    letters().zip(letters().skip(1)).all(|(letter, next)| next == letter + 1)
}

fn median(mut values: Vec<f32>) -> Option<f32> {
    values.sort_by(f32::total_cmp);
    values.get(values.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined_letters(letters: &str, pitch: f32, has_spaces: bool) -> Option<String> {
        let mut pieces: Vec<LinePiece> = Vec::new();
        let mut start = 0.0;
        let mut follows_space = false;
        for letter in letters.chars() {
            if letter != ' ' {
                let (text, end) = (letter.to_string(), start + 6.0);
                pieces.push(LinePiece {
                    text,
                    start,
                    end,
                    follows_space: follows_space && has_spaces,
                });
            }
            follows_space = letter == ' ';
            start += pitch;
        }
        without_letter_spacing(&pieces, 10.0)
    }

    #[test]
    fn spaces_between_ideographs_are_removed() {
        for (line, expected) in [
            ("关 于 印 发 办 法", Some("关于印发办法")),
            ("关 于 印 发 2025 年 办 法", Some("关于印发2025年办法")),
            ("李 强 张 三", None),
            ("港口 一 二 三 四 五", None),
            ("是 否 a b c d e", None),
        ] {
            assert_eq!(without_spaces_between_ideographs(line).as_deref(), expected, "{line}");
        }
    }

    #[test]
    fn spaced_letters_are_joined_to_words() {
        for (letters, pitch, has_spaces, expected) in [
            ("HARBOUR OFFICE", 9.0, true, Some("HARBOUR OFFICE")),
            ("HARBOUR OFFICE", 9.0, false, Some("HARBOUR OFFICE")),
            ("关于港口的通知", 9.0, false, Some("关于港口的通知")),
            // Normal text, cells of a table, an alphabet, too few letters.
            ("HARBOUR OFFICE", 6.2, true, None),
            ("YNNYYNNY", 40.0, false, None),
            ("ABCDEFG", 9.0, false, None),
            ("HARB", 9.0, false, None),
        ] {
            assert_eq!(
                joined_letters(letters, pitch, has_spaces).as_deref(),
                expected,
                "{letters} {pitch}"
            );
        }
    }
}
