//! Parses the date notations of press releases.
//!
//! A scanner reads numbers, month names and separators from the start of a text. Each notation is one function in
//! [`DATE_NOTATIONS`]. A separator is recognized only between two parts of a date, so no character of a word is taken
//! for a separator.

use std::str::FromStr;

use super::date::{Date, ParseDateError};

impl FromStr for Date {
    type Err = ParseDateError;

    fn from_str(text: &str) -> Result<Self, ParseDateError> {
        let trimmed_text = text.trim();
        let date = parse_unix_time(trimmed_text)
            .or_else(|| parse_date_at_start(trimmed_text).map(|(date, _)| date));
        date.ok_or_else(|| ParseDateError { text: text.to_owned() })
    }
}

impl Date {
    /// Returns the date at the start of `text` and the hour after it, if the text is a moment in UTC:
    /// `2025-12-16T16:30:00Z`.
    pub(in crate::document) fn parse_with_utc_hour(text: &str) -> Option<(Self, u8)> {
        let (date, after_date) = parse_date_at_start(text)?;
        Some((date, hour_of_utc_time(after_date.trim_end())?))
    }
}

/// Function that reads a date in one notation. Returns `None` if the text does not start with a date in this notation.
type Notation = for<'a> fn(DateScanner<'a>) -> Option<(Date, &'a str)>;

/// Notations, in the order in which they are tried.
const DATE_NOTATIONS: [Notation; 5] = [
    read_date_of_digits,
    read_year_first_date,
    read_date_with_han_units,
    read_month_first_date,
    read_day_first_date,
];

/// English names of the months, in lower case.
pub(crate) const MONTH_NAMES: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
/// Pattern of the English name of a month, in full or abbreviated.
pub(super) const MONTH_PATTERN: &str = "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?";
/// English names of the weekdays, in lower case.
const WEEKDAY_NAMES: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
/// Minimum length of an abbreviated name of a month or a weekday, in letters.
const MIN_ABBREVIATION_LETTERS: usize = 3;
/// Characters between the numbers of year, month and day.
const DATE_NUMBER_SEPARATORS: [char; 5] = ['-', '/', '.', '–', ' '];
const SECONDS_PER_DAY: u64 = 86_400;
const JULIAN_DAY_OF_UNIX_EPOCH: u64 = 2_440_588;
/// Names of the era of the Republic of China, whose year 1 is 1912.
const REPUBLIC_ERA_NAMES: [&str; 4] = ["中華民國", "中华民国", "民國", "民国"];

/// Returns the date at the start of `text` and the text after the date. A weekday may precede the date. `None` if the
/// text does not start with a date that has year, month and day, or if day and month cannot be told apart.
pub(super) fn parse_date_at_start(text: &str) -> Option<(Date, &str)> {
    let scanner = DateScanner { remaining_text: text.trim_start() }.skip_weekday();
    DATE_NOTATIONS.iter().find_map(|read| read(scanner))
}

/// Returns whether a word is the English name of a weekday or a month.
pub(super) fn is_weekday_or_month(word: &str) -> bool {
    is_abbreviation_of(word, &WEEKDAY_NAMES) || is_abbreviation_of(word, &MONTH_NAMES)
}

/// Returns the date of a text that consists of digits: Unix time in seconds (10 digits) or milliseconds (13 digits).
/// The date is the day in UTC.
pub(super) fn parse_unix_time(text: &str) -> Option<Date> {
    let units_per_second = match text.len() {
        10 => 1,
        13 => 1_000,
        _ => return None,
    };
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    let number: u64 = text.parse().ok().filter(|_| is_number)?;
    Date::from_julian_day(number / units_per_second / SECONDS_PER_DAY + JULIAN_DAY_OF_UNIX_EPOCH)
}

/// Returns the hour of a time in UTC that follows a date: 16 for `T16:30:00Z`. `None` if the time has another zone or
/// no zone.
pub(super) fn hour_of_utc_time(text_after_date: &str) -> Option<u8> {
    let time = text_after_date.trim_start_matches(['T', ' ']);
    let time = time.strip_suffix('Z').or_else(|| time.strip_suffix("+00:00"))?;
    time.get(..2)?.parse().ok().filter(|hour| *hour < 24)
}

/// Reads `20251217`, also with a time: `20251217103000`.
fn read_date_of_digits(scanner: DateScanner<'_>) -> Option<(Date, &str)> {
    let length = scanner.remaining_text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = scanner.remaining_text.split_at_checked(length)?;
    let has_date = matches!(length, 8 | 12 | 14) && digits.starts_with(['1', '2']);
    let number = |range: std::ops::Range<usize>| digits.get(range)?.parse().ok();
    let date = Date::new(number(0..4)?, number(4..6)?, number(6..8)?)?;
    has_date.then_some((date, rest))
}

/// Reads `2025-12-17`, `2025/12/17`, `2025-Dec-17`.
fn read_year_first_date(mut scanner: DateScanner<'_>) -> Option<(Date, &str)> {
    let year = scanner.read_year()?;
    let separator = scanner.read_separator()?;
    let month = scanner.read_short_number().or_else(|| scanner.read_month_name())?;
    if scanner.read_separator()? != separator {
        return None;
    }
    let day = scanner.read_short_number()?;
    Some((Date::new(year, month, day)?, scanner.remaining_text))
}

/// Reads `2025年12月17日`, `二〇二五年十二月十七日`, `民國114年12月17日`.
fn read_date_with_han_units(scanner: DateScanner<'_>) -> Option<(Date, &str)> {
    let (year, rest) = scanner.remaining_text.split_once('年')?;
    let (month, rest) = rest.split_once('月')?;
    let (day, rest) = rest.split_once(['日', '号', '號'])?;
    let era = REPUBLIC_ERA_NAMES.iter().find_map(|era| year.trim().strip_prefix(era));
    let year = match era {
        Some("元") => 1_912,
        Some(year) => han_number(year)?.checked_add(1_911)?,
        None => han_number(year).filter(|year| *year >= 1_000)?,
    };
    Some((Date::new(year, han_number(month)?, han_number(day)?)?, rest))
}

/// Reads `December 17, 2025`, `Dec. 17th 2025`.
fn read_month_first_date(mut scanner: DateScanner<'_>) -> Option<(Date, &str)> {
    let month = scanner.read_month_name()?;
    scanner.skip(&[' ', ',', '-', '/']);
    let day = scanner.read_day()?;
    scanner.skip(&[' ', ',', '.', '-', '/']);
    let year = scanner.read_year()?;
    Some((Date::new(year, month, day)?, scanner.remaining_text))
}

/// Reads `17 December 2025`, `17th of December, 2025`, `17-Dec-2025`, `17/12/2025`, `12/17/2025`. Returns `None` if
/// both numbers can be the month.
fn read_day_first_date(mut scanner: DateScanner<'_>) -> Option<(Date, &str)> {
    let first = scanner.read_day()?;
    let after_first = scanner;
    scanner.skip(&[' ', ',', '.', '-', '/']);
    scanner.skip_words(&["day", "of"]);
    if let Some(month) = scanner.read_month_name() {
        scanner.skip(&[' ', ',', '-', '/']);
        return Some((Date::new(scanner.read_year()?, month, first)?, scanner.remaining_text));
    }
    scanner = after_first;
    let separator = scanner.read_separator().filter(|separator| *separator != ' ')?;
    let second = scanner.read_short_number()?;
    if scanner.read_separator()? != separator {
        return None;
    }
    let year = scanner.read_year()?;
    let (day, month) = match (first, second) {
        (first, second) if first == second || first > 12 => (first, second),
        (first, second) if second > 12 => (second, first),
        _ => return None,
    };
    Some((Date::new(year, month, day)?, scanner.remaining_text))
}

/// Position in a text at which a date may begin.
#[derive(Clone, Copy)]
struct DateScanner<'a> {
    /// Text from the position of the scanner on.
    remaining_text: &'a str,
}

impl<'a> DateScanner<'a> {
    /// Returns the scanner after a weekday, or the unchanged scanner if no weekday comes next.
    fn skip_weekday(mut self) -> Self {
        let unchanged = self;
        let Some(word) = self.read_word() else { return self };
        if !is_abbreviation_of(word, &WEEKDAY_NAMES) {
            return unchanged;
        }
        self.skip(&[' ', '.', ',', '，', '\u{a0}']);
        self
    }

    /// Reads the longest run of ASCII letters.
    fn read_word(&mut self) -> Option<&'a str> {
        let end = self
            .remaining_text
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(self.remaining_text.len());
        let (word, rest) = self.remaining_text.split_at_checked(end).filter(|_| end > 0)?;
        self.remaining_text = rest;
        Some(word)
    }

    /// Reads a number of one or two digits, which may be full-width.
    fn read_short_number(&mut self) -> Option<u16> {
        self.read_digits().filter(|(_, count)| *count <= 2).map(|(number, _)| number)
    }

    /// Reads a number of four digits.
    fn read_year(&mut self) -> Option<u16> {
        let (year, count) = self.read_digits()?;
        (count == 4 && year >= 1_000).then_some(year)
    }

    /// Reads a number of one to four digits, which may be full-width. Returns the number and its count of digits.
    fn read_digits(&mut self) -> Option<(u16, usize)> {
        let end = self
            .remaining_text
            .find(|c| digit_value(c).is_none())
            .unwrap_or(self.remaining_text.len());
        let (digits, rest) = self.remaining_text.split_at_checked(end)?;
        let count = digits.chars().count();
        if !(1..=4).contains(&count) {
            return None;
        }
        let number =
            digits.chars().filter_map(digit_value).fold(0, |number, digit| 10 * number + digit);
        self.remaining_text = rest;
        Some((number, count))
    }

    /// Reads the number of a day, with or without an ordinal ending: `17`, `17th`.
    fn read_day(&mut self) -> Option<u16> {
        let day = self.read_short_number()?;
        let mut after_ending = *self;
        if let Some("st" | "nd" | "rd" | "th" | "ST" | "ND" | "RD" | "TH") =
            after_ending.read_word()
        {
            *self = after_ending;
        }
        Some(day)
    }

    /// Reads the English name of a month, in full or abbreviated.
    fn read_month_name(&mut self) -> Option<u16> {
        let mut after_word = *self;
        let word = after_word.read_word()?.to_ascii_lowercase();
        let index = MONTH_NAMES.iter().position(|month| is_name_or_abbreviation(&word, month))?;
        after_word.remaining_text =
            after_word.remaining_text.strip_prefix('.').unwrap_or(after_word.remaining_text);
        *self = after_word;
        u16::try_from(index + 1).ok()
    }

    /// Reads a separator with the spaces around it. Returns a space if there is only white space.
    fn read_separator(&mut self) -> Option<char> {
        let after_spaces = self.remaining_text.trim_start();
        let had_spaces = after_spaces.len() < self.remaining_text.len();
        let next = after_spaces.chars().next().map(ascii_form);
        match next.filter(|next| DATE_NUMBER_SEPARATORS.contains(next)) {
            Some(separator) => {
                let mut chars = after_spaces.chars();
                chars.next();
                self.remaining_text = chars.as_str().trim_start();
                Some(separator)
            }
            None if had_spaces => {
                self.remaining_text = after_spaces;
                Some(' ')
            }
            None => None,
        }
    }

    /// Skips all characters at the current position that are in `skipped` or are no-break spaces.
    fn skip(&mut self, skipped: &[char]) {
        self.remaining_text =
            self.remaining_text.trim_start_matches(|c| skipped.contains(&c) || c == '\u{a0}');
    }

    /// Skips all words at the current position that are in `words`, with the spaces after them.
    fn skip_words(&mut self, words: &[&str]) {
        let mut after_word = *self;
        while let Some(word) = after_word.read_word()
            && words.contains(&word)
        {
            after_word.skip(&[' ']);
            *self = after_word;
        }
    }
}

/// Returns the value of an ASCII or full-width digit. `None` if `c` is not a digit.
fn digit_value(c: char) -> Option<u16> {
    ascii_form(c).to_digit(10).and_then(|digit| u16::try_from(digit).ok())
}

/// Returns the ASCII character of which `c` is the full-width form. Returns any other character unchanged.
fn ascii_form(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        c => c,
    }
}

/// Returns whether a word is a name in `names` or abbreviates such a name.
fn is_abbreviation_of(word: &str, names: &[&str]) -> bool {
    let word = word.to_ascii_lowercase();
    names.iter().any(|name| is_name_or_abbreviation(&word, name))
}

/// Returns whether a word is `name` or an abbreviation of it.
fn is_name_or_abbreviation(word: &str, name: &str) -> bool {
    word.len() >= MIN_ABBREVIATION_LETTERS && name.starts_with(word)
}

/// Converts a number in digits or Han numerals: 二〇二五, 十二, 廿一, 三十一.
fn han_number(text: &str) -> Option<u16> {
    let text: String = text.trim().chars().map(ascii_form).collect();
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let digit = |c: char| match c {
        '〇' | '○' | 'O' | '零' => Some(0),
        c => "一二三四五六七八九".chars().position(|digit| digit == c).map(|index| index + 1),
    };
    if text.is_empty() {
        return None;
    }
    let expanded_text = text.replace('廿', "二十").replace('卅', "三十");
    if let Some((tens, units)) = expanded_text.split_once('十') {
        // A missing digit before 十 counts as 1. A missing digit after 十 counts as 0.
        let digit_or_default = |numeral: &str, default: usize| match numeral {
            "" => Some(default),
            numeral => digit(numeral.chars().next()?).filter(|_| numeral.chars().count() == 1),
        };
        return u16::try_from(digit_or_default(tens, 1)? * 10 + digit_or_default(units, 0)?).ok();
    }
    let digits: Vec<usize> = text.chars().map(digit).collect::<Option<_>>()?;
    u16::try_from(digits.iter().take(6).fold(0, |number, digit| 10 * number + digit)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_common_notations_are_parsed() {
        for (text, expected) in [
            ("2025-12-17", Some(("2025-12-17", ""))),
            ("2025-12-16T10:00:00Z", Some(("2025-12-16", "T10:00:00Z"))),
            ("2015-11-27 11:00:19 -0400", Some(("2015-11-27", " 11:00:19 -0400"))),
            ("2025/1/7", Some(("2025-01-07", ""))),
            ("2025.12.17", Some(("2025-12-17", ""))),
            ("2025 - 12 - 17", Some(("2025-12-17", ""))),
            ("２０２５－１２－１７", Some(("2025-12-17", ""))),
            ("2025-Dec-17", Some(("2025-12-17", ""))),
            ("20251217", Some(("2025-12-17", ""))),
            ("20251217103000", Some(("2025-12-17", ""))),
            ("20251217T103000Z", Some(("2025-12-17", "T103000Z"))),
            ("2025年12月17日", Some(("2025-12-17", ""))),
            ("２０２５年１２月１７日", Some(("2025-12-17", ""))),
            ("二〇二五年十二月十七日", Some(("2025-12-17", ""))),
            ("一九九六年七月三十一日", Some(("1996-07-31", ""))),
            ("二○○四年十月廿一日", Some(("2004-10-21", ""))),
            ("中華民國101年5月14日（星期一）", Some(("2012-05-14", "（星期一）"))),
            ("民國九十九年五月二十六日", Some(("2010-05-26", ""))),
            ("2018年 6月 1日 10:30", Some(("2018-06-01", " 10:30"))),
            ("Dec. 17, 2025", Some(("2025-12-17", ""))),
            ("Dec 17 2025", Some(("2025-12-17", ""))),
            ("December 17th, 2025", Some(("2025-12-17", ""))),
            ("Sept. 2, 2025", Some(("2025-09-02", ""))),
            ("17 December 2025", Some(("2025-12-17", ""))),
            ("17 December, 2025", Some(("2025-12-17", ""))),
            ("17th of December 2025", Some(("2025-12-17", ""))),
            ("17-DEC-2025", Some(("2025-12-17", ""))),
            ("1 Sept 2025", Some(("2025-09-01", ""))),
            ("Tue, 16 Dec 2025 10:00:00 GMT", Some(("2025-12-16", " 10:00:00 GMT"))),
            ("Thu 18 Dec 2025", Some(("2025-12-18", ""))),
            ("Tuesday, December 16, 2025", Some(("2025-12-16", ""))),
            ("Thurs. 18th December 2025", Some(("2025-12-18", ""))),
            ("17/12/2025", Some(("2025-12-17", ""))),
            ("12/17/2025", Some(("2025-12-17", ""))),
            ("17.12.2025", Some(("2025-12-17", ""))),
            ("12.31.2007\ttext", Some(("2007-12-31", "\ttext"))),
            ("5/5/2025", Some(("2025-05-05", ""))),
            // Day and month cannot be told apart.
            ("03/04/2025", None),
            ("101年5月14日", None),
            ("二〇二五年十三月一日", None),
            ("December 17", None),
            ("17 December", None),
            ("2025-02-30", None),
            ("2025-12-171", None),
            ("202512171", None),
            ("2025", None),
            ("Tuesday", None),
            ("Thursday 2025", None),
            ("", None),
        ] {
            let parsed = parse_date_at_start(text).map(|(date, rest)| (date.to_string(), rest));
            let parsed = parsed.as_ref().map(|(date, rest)| (date.as_str(), *rest));
            assert_eq!(parsed, expected, "{text}");
        }
    }

    #[test]
    fn unix_times_are_parsed() {
        for (text, expected) in [
            ("1765938600000", Some("2025-12-17")),
            ("1765938600", Some("2025-12-17")),
            ("17659386", None),
            ("-765938600", None),
            ("+765938600", None),
        ] {
            let date = parse_unix_time(text).map(|date| date.to_string());
            assert_eq!(date.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn hour_is_read_if_the_zone_is_utc() {
        for (text, expected) in [
            ("T16:30:00Z", Some(16)),
            ("T01:30:00.000+00:00", Some(1)),
            ("T16:30:00+08:00", None),
            ("T16:30", None),
            ("", None),
        ] {
            assert_eq!(hour_of_utc_time(text), expected, "{text}");
        }
    }
}
