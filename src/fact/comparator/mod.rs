//! Finds comparators: the words around a number that say whether the number is exact, a bound or an approximation.
//!
//! [`comparator_before`] and [`comparator_after`] read the words beside a number. `words.rs` lists the words.

mod chinese;
mod english;
mod kind;
mod words;

pub use self::kind::Comparator;
pub(super) use self::kind::ComparatorMatch;
use self::{
    chinese::{chinese_comparator_before, distant_chinese_comparator_before},
    english::english_comparator_before,
    kind::Comparator::{About, AtLeast, AtMost, LessThan, MoreThan},
    words::{
        CHINESE_COMPARATORS_AFTER_NUMBER, CHINESE_FILLER_WORDS, ENGLISH_COMPARATORS_AFTER_NUMBER,
    },
};
use super::{folded_text::FoldedText, unit::Dimension};

/// Returns the comparator that ends before the byte offset `start`, at which a number or its currency begins.
pub(super) fn comparator_before(
    source: &FoldedText,
    start: usize,
    dimension: Option<Dimension>,
) -> Option<ComparatorMatch> {
    let mut end = source.skip_blanks_back(start);
    if let Some(comparator_match) = symbol_comparator_before(source, end) {
        return Some(comparator_match);
    }
    if !source.has_han {
        return english_comparator_before(source, end, dimension);
    }
    if let Some(comparator_match) = chinese_comparator_before(source, end) {
        return Some(comparator_match);
    }
    for filler in CHINESE_FILLER_WORDS {
        if source.window_before(end, 12).ends_with(filler)
            && !source.window_before(end, 12).ends_with("目的")
        {
            end = source.skip_blanks_back(end - filler.len());
            break;
        }
    }
    if let Some(comparator_match) = chinese_comparator_before(source, end) {
        return Some(comparator_match);
    }
    if let Some(comparator) =
        distant_chinese_comparator_before(source, source.skip_blanks_back(start), dimension)
    {
        return Some(ComparatorMatch { comparator, outer_offset: start });
    }
    english_comparator_before(source, source.skip_blanks_back(start), dimension)
}

/// Returns the comparator that is a mathematical symbol and ends at the byte offset `end`.
fn symbol_comparator_before(source: &FoldedText, end: usize) -> Option<ComparatorMatch> {
    const COMPARATOR_SYMBOLS: [(&str, Comparator); 12] = [
        ("<=", AtMost),
        (">=", AtLeast),
        ("&lt;", LessThan),
        ("&gt;", MoreThan),
        ("≤", AtMost),
        ("≥", AtLeast),
        ("≦", AtMost),
        ("≧", AtLeast),
        ("<", LessThan),
        (">", MoreThan),
        ("~", About),
        ("≈", About),
    ];
    let window = source.window_before(end, 8);
    let &(symbol, comparator) =
        COMPARATOR_SYMBOLS.iter().find(|(symbol, _)| window.ends_with(symbol))?;
    let before = window.strip_suffix(symbol)?;
    // `~` between numbers marks a range (3~5), and `>` at the start of a line or after a tag belongs to the markup.
    let is_other = before
        .ends_with(|c: char| c.is_alphanumeric() || matches!(c, '/' | '"' | '~' | '%'))
        || (symbol == ">" && (before.is_empty() || before.ends_with('\n')));
    (!is_other).then_some(ComparatorMatch { comparator, outer_offset: end - symbol.len() })
}

/// Returns the comparator after the byte offset `end`, at which a number, its unit or the counted things end.
pub(super) fn comparator_after(
    source: &FoldedText,
    end: usize,
    dimension: Option<Dimension>,
) -> Option<ComparatorMatch> {
    let start = source.skip_blanks(end);
    let window = source.window_after(start, 24);
    let is_time = matches!(dimension, Some(Dimension::Time));
    let chinese = CHINESE_COMPARATORS_AFTER_NUMBER
        .iter()
        .find(|(word, _)| source.has_han && window.starts_with(word));
    if let Some(&(word, comparator)) = chinese {
        let next = window.get(word.len()..).and_then(|rest| rest.chars().next()).unwrap_or(' ');
        let is_word = match word {
            "多" => "边元样种数功党年出于".contains(next) && next != '年',
            "余" => "额地下热".contains(next),
            "许" => "可多".contains(next),
            _ => false,
        };
        return (!is_word)
            .then_some(ComparatorMatch { comparator, outer_offset: start + word.len() });
    }
    // 七日内 means at most seven days. After other units, 内 begins another word.
    if is_time
        && (window.starts_with('内') || window.starts_with('里'))
        && !window.starts_with("内容")
    {
        return Some(ComparatorMatch { comparator: AtMost, outer_offset: start + 3 });
    }
    let first_byte = window.bytes().next();
    ENGLISH_COMPARATORS_AFTER_NUMBER.iter().find_map(|&(words, comparator)| {
        // The first byte excludes most comparators.
        if words.bytes().next() != first_byte {
            return None;
        }
        let rest = window.strip_prefix(words)?;
        let ends_word = !rest.starts_with(char::is_alphanumeric);
        // "or more of" compares, "and over the years" does not.
        let continues = words.starts_with("and")
            && !rest.trim_start().starts_with([',', '.', ')', ';'])
            && rest.starts_with(' ')
            && words != "and older"
            && words != "and younger"
            && words != "and above";
        (ends_word && !continues)
            .then_some(ComparatorMatch { comparator, outer_offset: start + words.len() })
    })
}

#[cfg(test)]
mod tests {
    use super::{kind::Comparator::Nearly, *};

    #[test]
    fn comparators_before_numbers_are_found() {
        for (text, expected) in [
            ("more than 5", MoreThan),
            ("no more than 5", AtMost),
            ("exceeded a total of 5", MoreThan),
            ("nearly 5", Nearly),
            ("some 5", About),
            ("awesome 5", Comparator::Equal),
            ("20% more than 5", Comparator::Equal),
            ("a third less than the 5", Comparator::Equal),
            ("of which more than 5", MoreThan),
            ("handover 5", Comparator::Equal),
            ("超过5", MoreThan),
            ("不超过5", AtMost),
            ("附近5", Comparator::Equal),
            ("近5", Nearly),
            ("≥5", AtLeast),
            ("3~5", Comparator::Equal),
            ("突破了5", MoreThan),
        ] {
            let source = FoldedText::new(text);
            let comparator_match = comparator_before(&source, text.len() - 1, None);
            assert_eq!(
                comparator_match
                    .map(|comparator_match| comparator_match.comparator)
                    .unwrap_or_default(),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn comparators_after_numbers_are_found() {
        for (text, expected) in [
            ("5以上", AtLeast),
            ("5 or more", AtLeast),
            ("5 or so", About),
            ("5左右", About),
            ("5内", Comparator::Equal),
            ("5 and over the years", Comparator::Equal),
        ] {
            let source = FoldedText::new(text);
            let comparator_match = comparator_after(&source, 1, None);
            assert_eq!(
                comparator_match
                    .map(|comparator_match| comparator_match.comparator)
                    .unwrap_or_default(),
                expected,
                "{text}"
            );
        }
    }
}
