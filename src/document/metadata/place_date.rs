//! Parses datelines without a dash: a line that consists of a place and a date (`Brussels, 5 March 2024`), and a
//! paragraph that begins with them (`WASHINGTON (March 5, 2024) The office …`).

use super::{date::Date, date_notation};

/// Maximum length of the name of a place, in characters.
const MAX_PLACE_CHARS: usize = 40;
/// Maximum number of words of the name of a place, with its region and a news agency.
const MAX_PLACE_WORDS: usize = 6;
/// Words in lower case that may be in the name of a place.
const LOWER_CASE_PLACE_WORDS: [&str; 12] =
    ["of", "the", "de", "la", "le", "sur", "am", "upon", "and", "del", "do", "da"];
/// Words before a date that are not a place, such as `by` or `updated`. They say what happens on the date.
const WORDS_BEFORE_DATE: [&str; 43] = [
    "by",
    "from",
    "on",
    "in",
    "at",
    "before",
    "after",
    "until",
    "since",
    "between",
    "effective",
    "starting",
    "date",
    "dated",
    "updated",
    "modified",
    "revised",
    "reviewed",
    "posted",
    "published",
    "issued",
    "released",
    "deadline",
    "due",
    "signed",
    "adopted",
    "approved",
    "done",
    "expires",
    "opens",
    "closes",
    "closing",
    "opening",
    "ends",
    "begins",
    "as",
    "to",
    "for",
    "this",
    "day",
    "week",
    "page",
    "version",
];

/// Returns the date of a line that consists of a place and a date. `None` for any other line.
pub(super) fn date_of_place_line(line: &str) -> Option<Date> {
    let (date, rest) = place_and_date(line)?;
    rest.trim_matches([')', '.', ' ', '–', '—', '-']).is_empty().then_some(date)
}

/// Returns the date of a dateline at the beginning of a paragraph. A full stop or a bracket ends the dateline, and the
/// paragraph goes on with a capital letter. `None` for any other paragraph.
pub(super) fn date_at_paragraph_start(paragraph: &str) -> Option<Date> {
    let (date, rest) = place_and_date(paragraph)?;
    let sentence = rest.strip_prefix(").").or_else(|| rest.strip_prefix([')', '.']))?;
    let begins_sentence = sentence.strip_prefix(' ').is_some_and(|text| {
        text.trim_start_matches(['“', '"', '‘']).starts_with(char::is_uppercase)
    });
    begins_sentence.then_some(date)
}

/// Splits the place and the date from the beginning of a line. Returns the date and the text after it.
fn place_and_date(line: &str) -> Option<(Date, &str)> {
    let search_end =
        line.char_indices().nth(MAX_PLACE_CHARS + 3).map_or(line.len(), |(end, _)| end);
    let beginning = line.get(..search_end)?;
    let separators = [", ", " (", " - ", " – ", " — ", ". "];
    let mut offsets: Vec<(usize, &str)> =
        separators.iter().flat_map(|mark| beginning.match_indices(*mark)).collect();
    offsets.sort_unstable();
    offsets.into_iter().take(MAX_PLACE_WORDS).find_map(|(offset, mark)| {
        let (place, after) = (line.get(..offset)?, line.get(offset + mark.len()..)?);
        // The point belongs to an abbreviation: N.Y. March 5, 2024.
        let place = if mark == ". " { line.get(..=offset)? } else { place };
        if !is_place(place) || mark == ". " && !is_abbreviated(place) {
            return None;
        }
        date_notation::parse_date_at_start(after)
    })
}

/// Returns whether a text may be the name of a place: a few capitalized words. A region and a news agency may follow.
fn is_place(text: &str) -> bool {
    let words: Vec<&str> =
        text.split([' ', ',', '-', '(', ')']).filter(|word| !word.is_empty()).collect();
    let first_word = words.first().map(|word| word.to_lowercase());
    let is_place_word =
        |word: &&str| word.starts_with(char::is_uppercase) || LOWER_CASE_PLACE_WORDS.contains(word);
    text.starts_with(char::is_uppercase)
        && text.chars().count() <= MAX_PLACE_CHARS
        && text.chars().all(|c| c.is_alphabetic() || " ,.-'’()".contains(c))
        && words.len() <= MAX_PLACE_WORDS
        && words.iter().all(is_place_word)
        && !first_word.is_some_and(|word| WORDS_BEFORE_DATE.contains(&word.as_str()))
        && !date_notation::is_weekday_or_month(words.last().unwrap_or(&""))
}

/// Returns whether the last word of a text is an abbreviation such as `N.Y.` or `Va.`.
fn is_abbreviated(text: &str) -> bool {
    let last_word = text.rsplit(' ').next().unwrap_or_default();
    text.contains(", ") && last_word.ends_with('.') && last_word.chars().count() <= 6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_dates_are_parsed() {
        for (line, expected) in [
            ("Brussels, 5 March 2024", true),
            ("WASHINGTON (March 5, 2024)", true),
            ("New York, N.Y. March 5, 2024", true),
            ("Washington, D.C., March 5, 2024", true),
            ("GENEVA (Reuters) - March 5, 2024", true),
            ("London — 5 March 2024", true),
            ("The Hague, 5 March 2024", true),
            ("Stratford-upon-Avon, 5 March 2024.", true),
            ("Updated, 5 March 2024", false),
            ("Deadline, 5 March 2024", false),
            ("Tuesday, 5 March 2024", false),
            ("Opening of the berth, 5 March 2024", false),
            ("Brussels, 5 March 2024 to 7 March 2024", false),
            ("Brussels, 5 March", false),
            ("The port opened. March 5, 2024", false),
        ] {
            let date = date_of_place_line(line).map(|date| date.to_string());
            assert_eq!(date.as_deref() == Some("2024-03-05"), expected, "{line}");
        }
        for (paragraph, expected) in [
            ("Sofia, 5 March 2024. Parliament passed the Forest Act.", true),
            ("WASHINGTON (March 5, 2024) The office opened a berth.", true),
            ("Sofia, 5 March 2024 was a good day.", false),
            ("In Sofia, 5 March 2024. Parliament passed the act.", false),
            ("The Parliament of Marlow (5 March 2024) passed the act.", false),
        ] {
            assert_eq!(date_at_paragraph_start(paragraph).is_some(), expected, "{paragraph}");
        }
    }
}
