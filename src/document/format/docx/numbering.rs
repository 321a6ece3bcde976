//! Computes the list labels of the paragraphs of a Word file, such as 1.2, (a) or 第三条.

use std::{cmp::Ordering, collections::BTreeMap, mem};

use crate::document::format::xml::{XmlEvent, for_each_event};

/// Number of levels of a list in the Word format.
const LIST_LEVEL_COUNT: usize = 9;

/// One number for each level of a list, outermost level first. `None` for a level without a number.
type NumberByLevel = [Option<u32>; LIST_LEVEL_COUNT];

/// List id and level of a paragraph. The style of the paragraph supplies a missing value.
#[derive(Debug, Clone, Default)]
pub(super) struct ListPosition {
    pub(super) id: Option<String>,
    pub(super) level: Option<usize>,
}

impl ListPosition {
    /// Returns this position, with each missing value replaced by the value of `other`.
    pub(super) fn with_missing_values_from(self, other: Self) -> Self {
        Self { id: self.id.or(other.id), level: self.level.or(other.level) }
    }
}

/// Number format, label template and first number of one level of a list.
#[derive(Debug, Clone, Default)]
struct ListLevel {
    number_format: String,
    /// Template of the label, in which `%1` is replaced by the number of the first level.
    label_template: String,
    /// Number of the first item at this level. `None` if the file states none.
    first_number: Option<u32>,
}

/// Abstract numbering definition of ECMA-376: the levels of a list. Several lists may share a
/// definition.
type ListDefinition = [ListLevel; LIST_LEVEL_COUNT];

/// Numbering instance of ECMA-376: one list of the file.
#[derive(Debug, Default)]
struct ListInstance {
    definition_id: String,
    /// First number of each level in this list. `None` for a level whose first number comes from the definition.
    first_numbers: NumberByLevel,
}

/// Lists of a Word file, with the number that each list has reached.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    definitions: BTreeMap<String, ListDefinition>,
    lists: BTreeMap<String, ListInstance>,
    /// Current number of each level. The key is the id of a definition. For a list with first
    /// numbers of its own, the key is `=` and the id of the list.
    counters: BTreeMap<String, NumberByLevel>,
}

impl Numbering {
    pub(super) fn read(xml: &[u8]) -> Result<Self, String> {
        let mut numbering = Self::default();
        let mut position = NumberingParserPosition::default();
        for_each_event(xml, |event| match event {
            XmlEvent::Open(name, attributes) => {
                let value = match name {
                    "abstractNum" => attributes.get("abstractNumId"),
                    "num" => attributes.get("numId"),
                    "lvl" | "lvlOverride" => attributes.get("ilvl"),
                    _ => attributes.val(),
                };
                position.open_element(name, value.unwrap_or_default(), &mut numbering);
            }
            XmlEvent::Close("abstractNum" | "num") => position = NumberingParserPosition::default(),
            _ => {}
        })?;
        Ok(numbering)
    }

    /// Advances the numbers of the list at `position` by one paragraph, and returns the label of the paragraph. Returns
    /// an empty label for a bullet or for a paragraph outside of lists.
    pub(super) fn next_list_label(&mut self, position: &ListPosition) -> String {
        let level = position.level.unwrap_or_default();
        let Some((id, list)) = position.id.as_ref().and_then(|id| self.lists.get_key_value(id))
        else {
            return String::new();
        };
        let Some(definition) = self.definitions.get(&list.definition_id) else {
            return String::new();
        };
        let Some(list_level) = definition.get(level) else { return String::new() };
        // All lists of one definition continue the same numbers, except lists with first numbers of
        // their own.
        let has_own_first_numbers = list.first_numbers.iter().any(Option::is_some);
        let counter_key =
            if has_own_first_numbers { format!("={id}") } else { list.definition_id.clone() };
        let level_numbers = self.counters.entry(counter_key).or_default();
        let first_number = |level: usize| {
            let own_first_number = list.first_numbers.get(level).copied().flatten();
            own_first_number.or_else(|| definition.get(level)?.first_number).unwrap_or(1)
        };
        for (index, number) in level_numbers.iter_mut().enumerate() {
            match index.cmp(&level) {
                Ordering::Less => *number = number.or_else(|| Some(first_number(index))),
                Ordering::Equal => {
                    *number =
                        Some(number.map_or_else(|| first_number(level), |n| n.saturating_add(1)));
                }
                Ordering::Greater => *number = None,
            }
        }
        format_list_label(list_level, definition, level_numbers)
    }
}

/// Current position of the parser in `numbering.xml`: the open definition or list, and the open level inside of it.
#[derive(Default)]
struct NumberingParserPosition {
    definition_id: Option<String>,
    list_id: Option<String>,
    level: usize,
}

impl NumberingParserPosition {
    fn open_element(&mut self, name: &str, value: String, numbering: &mut Numbering) {
        match name {
            "abstractNum" => self.definition_id = Some(value),
            "num" => self.list_id = Some(value),
            "lvl" | "lvlOverride" => self.level = value.parse().unwrap_or(LIST_LEVEL_COUNT),
            _ => self.set_level_or_list_property(name, value, numbering),
        }
    }

    fn set_level_or_list_property(&self, name: &str, value: String, numbering: &mut Numbering) {
        if let Some(id) = &self.definition_id {
            let definition = numbering.definitions.entry(id.clone()).or_default();
            let Some(level) = definition.get_mut(self.level) else { return };
            match name {
                "numFmt" => level.number_format = value,
                "lvlText" => level.label_template = value,
                "start" => level.first_number = value.parse().ok(),
                _ => {}
            }
        } else if let Some(id) = &self.list_id {
            let list = numbering.lists.entry(id.clone()).or_default();
            match name {
                "abstractNumId" => list.definition_id = value,
                "startOverride" => {
                    if let Some(start) = list.first_numbers.get_mut(self.level) {
                        *start = value.parse().ok();
                    }
                }
                _ => {}
            }
        }
    }
}

/// Formats the list label of a paragraph at the level `level`. In the template of the label, replaces `%1` by the
/// number of the first level, `%2` by the number of the second level, and so on. A space follows the label, except
/// after Chinese punctuation.
fn format_list_label(
    level: &ListLevel,
    definition: &ListDefinition,
    numbers: &NumberByLevel,
) -> String {
    if level.number_format == "bullet" || level.number_format == "none" {
        return String::new();
    }
    let mut label = String::new();
    let mut characters = level.label_template.chars().peekable();
    while let Some(c) = characters.next() {
        let level_digit = characters.peek().and_then(|next| next.to_digit(10)).filter(|_| c == '%');
        let Some(index) = level_digit.and_then(|level_digit| (level_digit as usize).checked_sub(1))
        else {
            label.push(c);
            continue;
        };
        characters.next();
        if let Some((level, number)) =
            definition.get(index).zip(numbers.get(index).copied().flatten())
        {
            label.push_str(&format_number(number, &level.number_format));
        }
    }
    if !label.is_empty() && !label.ends_with(['、', '）', '．']) {
        label.push(' ');
    }
    label
}

/// Formats a number in the Word number format named `format`. If the format is unknown, formats the
/// number in digits.
fn format_number(number: u32, format: &str) -> String {
    match format {
        "lowerLetter" => format_letters(number).to_lowercase(),
        "upperLetter" => format_letters(number),
        "lowerRoman" => format_roman(number).to_lowercase(),
        "upperRoman" => format_roman(number),
        "chineseCounting"
        | "chineseCountingThousand"
        | "japaneseCounting"
        | "taiwaneseCounting"
        | "taiwaneseCountingThousand"
        | "ideographDigital" => format_chinese(number),
        "decimalZero" => format!("{number:02}"),
        _ => number.to_string(),
    }
}

/// Formats a number as a letter, which is repeated after Z as in Word: A, B … Z, AA, BB. If the
/// letter would be repeated more than 30 times, formats the number in digits.
fn format_letters(number: u32) -> String {
    let Some(index) = number.checked_sub(1).filter(|index| *index < 26 * 30) else {
        return number.to_string();
    };
    let letter = char::from(b'A' + (index % 26) as u8);
    letter.to_string().repeat(index as usize / 26 + 1)
}

/// Formats a number from 1 to 3,999 in Roman numerals, and any other number in digits.
fn format_roman(mut number: u32) -> String {
    const ROMAN_NUMERALS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if number == 0 || number > 3_999 {
        return number.to_string();
    }
    let mut numerals = String::new();
    for (value, numeral) in ROMAN_NUMERALS {
        while number >= value {
            number -= value;
            numerals.push_str(numeral);
        }
    }
    numerals
}

/// Formats a number from 1 to 9,999 in Chinese numerals (十五, 一百零三), and any other number in digits.
fn format_chinese(number: u32) -> String {
    const CHINESE_DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    if number == 0 || number > 9_999 {
        return number.to_string();
    }
    let mut numerals = String::new();
    let mut has_pending_zero = false;
    for (unit, name) in [(1_000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let digit = number / unit % 10;
        if digit == 0 {
            has_pending_zero = !numerals.is_empty();
            continue;
        }
        if mem::take(&mut has_pending_zero) {
            numerals.push('零');
        }
        // A number from 10 to 19 begins with 十, not 一十.
        if !(unit == 10 && digit == 1 && numerals.is_empty()) {
            numerals.extend(CHINESE_DIGITS.get(digit as usize));
        }
        numerals.push_str(name);
    }
    numerals
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_the_stated_number_format() {
        for (number, format, expected) in [
            (3, "decimal", "3"),
            (3, "decimalZero", "03"),
            (28, "lowerLetter", "bb"),
            (14, "upperRoman", "XIV"),
            (10, "chineseCounting", "十"),
            (21, "chineseCountingThousand", "二十一"),
            (103, "chineseCounting", "一百零三"),
            (1_010, "chineseCounting", "一千零一十"),
            (110, "chineseCounting", "一百一十"),
            (u32::MAX, "upperLetter", "4294967295"),
        ] {
            assert_eq!(format_number(number, format), expected);
        }
    }

    #[test]
    fn each_level_of_a_list_has_its_own_count() {
        let mut numbering = Numbering::read(
            "<w:numbering><w:abstractNum w:abstractNumId='7'>\
             <w:lvl w:ilvl='0'><w:start w:val='1'/><w:numFmt w:val='chineseCounting'/><w:lvlText w:val='第%1条'/></w:lvl>\
             <w:lvl w:ilvl='1'><w:numFmt w:val='decimal'/><w:lvlText w:val='%1.%2.'/></w:lvl>\
             <w:lvl w:ilvl='2'><w:numFmt w:val='bullet'/><w:lvlText w:val='•'/></w:lvl></w:abstractNum>\
             <w:num w:numId='1'><w:abstractNumId w:val='7'/></w:num>\
             <w:num w:numId='2'><w:abstractNumId w:val='7'/><w:lvlOverride w:ilvl='0'><w:startOverride w:val='5'/></w:lvlOverride></w:num>\
             </w:numbering>"
                .as_bytes(),
        )
        .unwrap();
        let mut next_list_label = |list: &str, level| {
            numbering
                .next_list_label(&ListPosition { id: Some(list.to_owned()), level: Some(level) })
        };
        let labels: Vec<String> = [
            ("1", 0),
            ("1", 1),
            ("1", 1),
            ("1", 0),
            ("1", 1),
            ("1", 2),
            ("2", 0),
            ("1", 0),
            ("0", 0),
            ("1", 99),
        ]
        .map(|(list, level)| next_list_label(list, level))
        .into();
        assert_eq!(
            labels,
            ["第一条 ", "一.1. ", "一.2. ", "第二条 ", "二.1. ", "", "第五条 ", "第三条 ", "", ""]
        );
    }
}
