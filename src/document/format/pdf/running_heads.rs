//! The lines of all pages → those without what is on every page: running heads and feet, page
//! numbers.

use std::collections::{BTreeMap, BTreeSet};

use super::lines::Line;

/// So many lines at either end of a page may be heads or feet.
const ZONE: usize = 3;
/// What differs less in height, in points, stands at the same.
const HEIGHT: f32 = 8.0;

/// On how many pages a line of this shape stands at this height.
type Seen = BTreeMap<(String, i64), usize>;

/// Leaves out what repeats at the same place of many pages, and page numbers.
pub(super) fn without(pages: Vec<Vec<Line>>) -> Vec<Vec<Line>> {
    let mut seen = Seen::new();
    for page in &pages {
        let places: BTreeSet<_> =
            ends(page).into_iter().filter_map(|index| page.get(index)).map(place).collect();
        for place in places {
            *seen.entry(place).or_default() += 1;
        }
    }
    let count = pages.len();
    let kept = |(number, page): (usize, Vec<Line>)| {
        let ends = ends(&page);
        let furniture =
            |line: &Line| is_page_number(&line.text, number, count) || repeats(&seen, line, count);
        let lines = page.into_iter().enumerate();
        lines
            .filter(|(index, line)| !(ends.contains(index) && furniture(line)))
            .map(|(_, line)| line)
            .collect()
    };
    pages.into_iter().enumerate().map(kept).collect()
}

/// The shape of a line and its height on the page, roughly.
fn place(line: &Line) -> (String, i64) {
    (shape(&line.text), (line.base / HEIGHT).round() as i64)
}

/// The lines nearest to the upper and lower end of a page.
fn ends(page: &[Line]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..page.len()).collect();
    let base = |index: &usize| page.get(*index).map_or(0.0, |line| line.base);
    order.sort_by(|a, b| base(b).total_cmp(&base(a)));
    let lower = order.len().saturating_sub(ZONE).max(ZONE.min(order.len()));
    order.iter().take(ZONE).chain(order.get(lower..).into_iter().flatten()).copied().collect()
}

/// A line without what differs from page to page.
fn shape(text: &str) -> String {
    let mut shape = String::new();
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        match c {
            c if c.is_ascii_digit() && shape.ends_with('#') => {}
            c if c.is_ascii_digit() => shape.push('#'),
            c => shape.extend(c.to_lowercase()),
        }
    }
    shape
}

/// Whether a line stands at its height on a third of the pages, and on two at least: left and right
/// pages have heads of their own.
fn repeats(seen: &Seen, line: &Line, pages: usize) -> bool {
    let (shape, height) = place(line);
    let there: usize =
        (height - 1..=height + 1).filter_map(|height| seen.get(&(shape.clone(), height))).sum();
    there >= 2 && there * 3 >= pages
}

/// Words that stand beside a page number.
const BESIDE: [&str; 6] = ["page", "of", "第", "页", "頁", "共"];

/// Whether a line is nothing but the number of its page, alone or as `Page 3 of 5`, `- 3 -`, `第3页`.
fn is_page_number(text: &str, page: usize, pages: usize) -> bool {
    let mut rest = text.to_lowercase();
    for word in BESIDE {
        rest = rest.replace(word, " ");
    }
    let named = rest.trim().len() < text.trim().len();
    let marks = |c: char| c.is_whitespace() || "-–—/|.,·•[]()（）".contains(c);
    let numbers: Vec<&str> = rest.split(marks).filter(|part| !part.is_empty()).collect();
    let number = |text: &&str| text.parse::<usize>().ok();
    match numbers[..] {
        [one] => {
            number(&one).is_some_and(|one| {
                // A lone number may be a figure of the text; that of the page hardly is.
                named || one.abs_diff(page + 1) <= 1
            }) || (matches!(
                one,
                "i" | "ii" | "iii" | "iv" | "v" | "vi" | "vii" | "viii" | "ix" | "x"
            ))
        }
        [one, all] => number(&one).zip(number(&all)).is_some_and(|(one, all)| {
            one <= all && (named || (all.abs_diff(pages) <= 2 && one.abs_diff(page + 1) <= 2))
        }),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(page: usize, text: &str, base: f32) -> Line {
        Line { page, text: text.into(), start: 0.0, end: 100.0, base, size: 10.0, bold: false }
    }

    #[test]
    fn what_repeats_is_left_out() {
        let pages = (0..4).map(|page| {
            let mut lines = vec![
                line(page, "Annual Report 2025", 800.0),
                line(page, &format!("Heading {}", ["A", "B", "C", "D"][page]), 780.0),
            ];
            lines.extend(
                (0_u8..6).map(|n| line(page, "the same line", 700.0 - f32::from(n) * 20.0)),
            );
            lines.push(line(
                page,
                &format!("end of page {}", ["one", "two", "three", "four"][page]),
                60.0,
            ));
            lines.push(line(page, &format!("Page {} of 4", page + 1), 30.0));
            lines
        });
        let kept = without(pages.collect());
        let shown: Vec<&str> = kept[1].iter().map(|line| line.text.as_str()).collect();
        assert_eq!(shown.first(), Some(&"Heading B"));
        assert_eq!(shown.last(), Some(&"end of page two"));
        assert!(shown.len() >= 6);
    }

    #[test]
    fn page_numbers() {
        for (text, expected) in [
            ("3", true),
            ("- 3 -", true),
            ("Page 3 of 5", true),
            ("第 3 页 共 5 页", true),
            ("3/5", true),
            ("iii", true),
            ("2025", false),
            ("Page", false),
            ("3 cars", false),
            ("1,000", false),
        ] {
            assert_eq!(is_page_number(text, 2, 5), expected, "{text}");
        }
    }
}
