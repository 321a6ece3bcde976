//! Numbers that a browser shows before the items of ordered lists.

use super::tree::{NodeId, Tree};

/// Words in the class of a list whose numbers the page hides, or repeats in the text of the items.
const CLASSES_OF_LISTS_WITHOUT_NUMBERS: [&str; 7] =
    ["none", "unstyled", "breadcrumb", "legislative", "plain", "inline", "no-bullet"];

/// Generator of the numbers of the items of an ordered list.
#[derive(Debug, Clone, Copy)]
pub(super) struct ListNumberGenerator {
    next_number: i64,
    form: NumberForm,
}

/// Form of the numbers of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NumberForm {
    Decimal,
    SmallLetters,
    CapitalLetters,
    SmallRoman,
    CapitalRoman,
}

impl ListNumberGenerator {
    /// Returns the numbers of the list element `list`. `None` for a list without numbers.
    pub(super) fn of_list(tree: &Tree, list: NodeId) -> Option<Self> {
        let class = tree.attribute(list, "class").unwrap_or_default().to_lowercase();
        let style = tree.attribute(list, "style").unwrap_or_default().to_lowercase();
        let is_unnumbered = tree.name(list) != "ol"
            || CLASSES_OF_LISTS_WITHOUT_NUMBERS.iter().any(|word| class.contains(word))
            || style.contains("none")
            || tree.attribute(list, "reversed").is_some();
        if is_unnumbered {
            return None;
        }
        let first_number =
            tree.attribute(list, "start").and_then(|start| start.trim().parse().ok());
        let form = match tree.attribute(list, "type") {
            Some("a") => NumberForm::SmallLetters,
            Some("A") => NumberForm::CapitalLetters,
            Some("i") => NumberForm::SmallRoman,
            Some("I") => NumberForm::CapitalRoman,
            _ => NumberForm::Decimal,
        };
        Some(Self { next_number: first_number.unwrap_or(1), form })
    }

    /// Returns the label of `item`, the next item of the list, such as `2.`.
    pub(super) fn next_item_label(&mut self, tree: &Tree, item: NodeId) -> String {
        let stated_number =
            tree.attribute(item, "value").and_then(|value| value.trim().parse().ok());
        let number = stated_number.unwrap_or(self.next_number);
        self.next_number = number.saturating_add(1);
        let number = match self.form {
            NumberForm::Decimal => None,
            NumberForm::SmallLetters => letter_of_number(number),
            NumberForm::CapitalLetters => {
                letter_of_number(number).map(|letter| letter.to_uppercase())
            }
            NumberForm::SmallRoman => roman_numeral(number),
            NumberForm::CapitalRoman => roman_numeral(number).map(|numeral| numeral.to_uppercase()),
        }
        .unwrap_or_else(|| number.to_string());
        format!("{number}.")
    }
}

/// Returns whether an item whose text begins with `first_char` contains a label itself, such as `1)`, `(a)` or `第一`.
pub(super) fn begins_with_own_label(first_char: char) -> bool {
    const HAN_NUMBERS: &str = "一二三四五六七八九十第（(【[";
    first_char.is_numeric() || HAN_NUMBERS.contains(first_char)
}

/// Returns a number as a letter, from `a` for 1 to `z` for 26. `None` for other numbers.
fn letter_of_number(number: i64) -> Option<String> {
    let offset = u8::try_from(number).ok()?.checked_sub(1).filter(|offset| *offset < 26)?;
    Some(char::from(b'a' + offset).to_string())
}

/// Returns a number as a Roman numeral in small letters. `None` for numbers below 1 and above 89.
fn roman_numeral(number: i64) -> Option<String> {
    const ROMAN_NUMERALS: [(i64, &str); 7] =
        [(50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")];
    let mut rest = Some(number).filter(|number| (1..90).contains(number))?;
    let mut numeral = String::new();
    for (value, part) in ROMAN_NUMERALS {
        while rest >= value {
            numeral.push_str(part);
            rest -= value;
        }
    }
    Some(numeral)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_letters_and_roman_numerals() {
        for (number, expected_letter, expected_roman) in [
            (1, Some("a"), Some("i")),
            (4, Some("d"), Some("iv")),
            (49, None, Some("xlix")),
            (0, None, None),
        ] {
            assert_eq!(letter_of_number(number).as_deref(), expected_letter, "{number}");
            assert_eq!(roman_numeral(number).as_deref(), expected_roman, "{number}");
        }
    }
}
