//! Recognizes page numbers, and numbers that count the pages in running heads.

/// Returns the pattern of `text` and the numbers in `text`. The pattern is the text in lower case, without white space,
/// with `#` in place of each number.
pub(super) fn pattern_and_numbers(text: &str) -> (String, Vec<u64>) {
    let mut pattern = String::new();
    let mut numbers: Vec<u64> = Vec::new();
    let mut is_in_number = false;
    for c in text.chars() {
        let digit = c.to_digit(10).map(u64::from);
        match (digit, numbers.last_mut()) {
            (Some(digit), Some(number)) if is_in_number => {
                *number = number.wrapping_mul(10).wrapping_add(digit);
            }
            (Some(digit), _) => {
                pattern.push('#');
                numbers.push(digit);
            }
            (None, _) if c.is_whitespace() => {}
            (None, _) => pattern.extend(c.to_lowercase()),
        }
        is_in_number = digit.is_some();
    }
    (pattern, numbers)
}

/// Returns whether the position of the number with the index `index` in `pattern` is usual for a page number: at the
/// beginning or the end of the line, or after a word such as `page`. The number must not be part of a date.
pub(super) fn is_at_page_number_position(pattern: &str, index: usize) -> bool {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let mut numbers = pattern.match_indices('#').map(|(at, _)| at);
    let Some((before, number_and_after)) =
        numbers.nth(index).and_then(|at| pattern.split_at_checked(at))
    else {
        return false;
    };
    let after = number_and_after.strip_prefix('#').unwrap_or_default();
    let last_word = before.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    let is_month = |word: &str| MONTHS.iter().any(|month| word.starts_with(month));
    let is_in_date = is_month(last_word)
        || is_month(after)
        || after.starts_with(['年', '月', '日', '号', '號'])
        || before.ends_with(['年', '月'])
        || ['-', '.', '/'].into_iter().any(|mark| is_part_of_date(before, after, mark));
    let is_mark = |c: char| !c.is_alphanumeric() && c != '#';
    let is_at_end = before.chars().all(is_mark) || after.chars().all(is_mark);
    let is_named =
        before.ends_with("page") || before.ends_with('第') && after.starts_with(['页', '頁']);
    (is_at_end || is_named) && !is_in_date
}

/// Returns whether a number is part of a date of three numbers with `mark` between the numbers, such as `#-#-#`.
/// `before` and `after` are the parts of the pattern around the number.
fn is_part_of_date(before: &str, after: &str, mark: char) -> bool {
    let one = format!("#{mark}");
    let two = one.repeat(2);
    let (next, next_two) = (format!("{mark}#"), format!("{mark}#{mark}#"));
    before.ends_with(&two)
        || after.starts_with(&next_two)
        || (before.ends_with(&one) && after.starts_with(&next))
}

/// Words that occur beside a page number.
const PAGE_NUMBER_WORDS: [&str; 6] = ["page", "of", "第", "页", "頁", "共"];

/// Returns whether the line `text` is only a page number, such as `3`, `Page 3 of 5`, `- 3 -` or `第3页`. The line is on
/// the page with the index `page_index` of `page_count` pages.
pub(super) fn is_page_number(text: &str, page_index: usize, page_count: usize) -> bool {
    const ROMAN_NUMERALS: [&str; 10] =
        ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"];
    let mut text_without_page_words = text.to_lowercase();
    for word in PAGE_NUMBER_WORDS {
        text_without_page_words = text_without_page_words.replace(word, " ");
    }
    let has_page_word = text_without_page_words.trim().len() < text.trim().len();
    // A number before a full stop is the label of a list item.
    if text_without_page_words.trim_end().ends_with('.') {
        return false;
    }
    let is_separator = |c: char| c.is_whitespace() || "-–—/|.,·•[]()（）".contains(c);
    let numbers: Vec<&str> =
        text_without_page_words.split(is_separator).filter(|part| !part.is_empty()).collect();
    let parse_number = |text: &str| text.parse::<usize>().ok();
    match numbers[..] {
        [number] => match parse_number(number) {
            // A number alone, without a word such as `page`, counts as a page number only if it is
            // close to the number of the page.
            Some(number) => has_page_word || number.abs_diff(page_index + 1) <= 1,
            None => ROMAN_NUMERALS.contains(&number),
        },
        [number, last] => {
            parse_number(number).zip(parse_number(last)).is_some_and(|(number, last)| {
                let is_near_this_page =
                    last.abs_diff(page_count) <= 2 && number.abs_diff(page_index + 1) <= 2;
                number <= last && (has_page_word || is_near_this_page)
            })
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_at_page_number_positions_are_recognized() {
        for (text, index, expected) in [
            ("Annual Report 2025 3", 1, true),
            ("3 | Annual Report", 0, true),
            ("Annual Report December 2025 - 3 -", 1, true),
            ("Office - Page 3 of 9 - Office", 0, true),
            ("港务局 第 3 页 共 9 页", 0, true),
            ("HARBOUR, 17 December 2025", 0, false),
            ("17 December 2025", 0, false),
            ("December 17", 0, false),
            ("2025年12月17日", 2, false),
            ("2025-12-17", 2, false),
            ("Statement 3 of the Office", 0, false),
        ] {
            let (pattern, _) = pattern_and_numbers(text);
            assert_eq!(is_at_page_number_position(&pattern, index), expected, "{text}");
        }
    }

    #[test]
    fn page_numbers_are_recognized() {
        for (text, expected) in [
            ("3", true),
            ("- 3 -", true),
            ("Page 3 of 5", true),
            ("第 3 页 共 5 页", true),
            ("3/5", true),
            ("iii", true),
            ("3.", false),
            ("2025", false),
            ("Page", false),
            ("3 cars", false),
            ("1,000", false),
        ] {
            assert_eq!(is_page_number(text, 2, 5), expected, "{text}");
        }
    }
}
