//! The lists of a Word file → the numbers that stand before its paragraphs: 1.2, (a), 第三条.

use std::collections::BTreeMap;

use crate::document::format::xml::{Piece, walk};

/// Lists have nine levels.
const LEVELS: usize = 9;

/// Where a paragraph stands in a list, as far as it says so.
#[derive(Debug, Clone, Default)]
pub(super) struct Place {
    pub(super) list: Option<String>,
    pub(super) level: Option<usize>,
}

impl Place {
    /// The same, with what it leaves open taken from `other`.
    pub(super) fn or(self, other: Self) -> Self {
        Self { list: self.list.or(other.list), level: self.level.or(other.level) }
    }
}

/// How one level of a list is numbered.
#[derive(Debug, Clone, Default)]
struct Level {
    format: String,
    /// The number with what stands around it; `%1` is the number of the first level.
    text: String,
    start: Option<u32>,
}

type Kind = [Level; LEVELS];

/// The lists of a file, and how far each of them is counted.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    kinds: BTreeMap<String, Kind>,
    /// Which kind a list is of, and where it starts anew.
    lists: BTreeMap<String, (String, [Option<u32>; LEVELS])>,
    counted: BTreeMap<String, [Option<u32>; LEVELS]>,
}

impl Numbering {
    pub(super) fn read(xml: &[u8]) -> Result<Self, String> {
        let mut numbering = Self::default();
        let mut reading = Reading::default();
        walk(xml, |piece| match piece {
            Piece::Open(name, attributes) => {
                let id = match name {
                    "abstractNum" => attributes.get("abstractNumId"),
                    "num" => attributes.get("numId"),
                    "lvl" | "lvlOverride" => attributes.get("ilvl"),
                    _ => attributes.val(),
                };
                reading.open(name, id.unwrap_or_default(), &mut numbering);
            }
            Piece::Close("abstractNum" | "num") => reading = Reading::default(),
            _ => {}
        })?;
        Ok(numbering)
    }

    /// Counts a paragraph at its place; returns the number to be shown before it, "" for a bullet.
    pub(super) fn next(&mut self, place: &Place) -> String {
        let level = place.level.unwrap_or_default();
        let Some((list, (kind_id, starts))) =
            place.list.as_ref().and_then(|list| self.lists.get_key_value(list))
        else {
            return String::new();
        };
        let Some(kind) = self.kinds.get(kind_id) else { return String::new() };
        let Some(at) = kind.get(level) else { return String::new() };
        // Lists of one kind go on counting, unless one says where it starts.
        let own = starts.iter().any(Option::is_some);
        let counted = self.counted.entry(if own { format!("={list}") } else { kind_id.clone() });
        let counted = counted.or_default();
        let start = |level: usize| {
            let own = starts.get(level).copied().flatten();
            own.or_else(|| kind.get(level)?.start).unwrap_or(1)
        };
        for (deeper, count) in counted.iter_mut().enumerate() {
            match deeper.cmp(&level) {
                std::cmp::Ordering::Less => *count = count.or_else(|| Some(start(deeper))),
                std::cmp::Ordering::Equal => {
                    *count = Some(count.map_or_else(|| start(level), |n| n.saturating_add(1)));
                }
                std::cmp::Ordering::Greater => *count = None,
            }
        }
        label(at, kind, counted)
    }
}

/// Which part of the numbering is being read.
#[derive(Default)]
struct Reading {
    kind: Option<String>,
    list: Option<String>,
    level: usize,
}

impl Reading {
    fn open(&mut self, name: &str, value: String, numbering: &mut Numbering) {
        match name {
            "abstractNum" => self.kind = Some(value),
            "num" => self.list = Some(value),
            "lvl" | "lvlOverride" => self.level = value.parse().unwrap_or(LEVELS),
            _ => self.property(name, value, numbering),
        }
    }

    fn property(&self, name: &str, value: String, numbering: &mut Numbering) {
        if let Some(kind) = &self.kind {
            let kind = numbering.kinds.entry(kind.clone()).or_default();
            let Some(level) = kind.get_mut(self.level) else { return };
            match name {
                "numFmt" => level.format = value,
                "lvlText" => level.text = value,
                "start" => level.start = value.parse().ok(),
                _ => {}
            }
        } else if let Some(list) = &self.list {
            let (kind, starts) = numbering.lists.entry(list.clone()).or_default();
            match name {
                "abstractNumId" => *kind = value,
                "startOverride" => {
                    if let Some(start) = starts.get_mut(self.level) {
                        *start = value.parse().ok();
                    }
                }
                _ => {}
            }
        }
    }
}

fn label(level: &Level, kind: &Kind, counted: &[Option<u32>; LEVELS]) -> String {
    if level.format == "bullet" || level.format == "none" {
        return String::new();
    }
    let mut label = String::new();
    let mut characters = level.text.chars().peekable();
    while let Some(c) = characters.next() {
        let named = characters.peek().and_then(|next| next.to_digit(10)).filter(|_| c == '%');
        let Some(named) = named.and_then(|n| (n as usize).checked_sub(1)) else {
            label.push(c);
            continue;
        };
        characters.next();
        if let Some((of, count)) = kind.get(named).zip(counted.get(named).copied().flatten()) {
            label.push_str(&written(count, &of.format));
        }
    }
    // Chinese numbers close with their mark, others with a space.
    if !label.is_empty() && !label.ends_with(['、', '）', '．']) {
        label.push(' ');
    }
    label
}

/// A number in the format of this name; the usual digits where it is another.
fn written(number: u32, format: &str) -> String {
    match format {
        "lowerLetter" => letters(number).to_lowercase(),
        "upperLetter" => letters(number),
        "lowerRoman" => roman(number).to_lowercase(),
        "upperRoman" => roman(number),
        "chineseCounting"
        | "chineseCountingThousand"
        | "japaneseCounting"
        | "taiwaneseCounting"
        | "taiwaneseCountingThousand"
        | "ideographDigital" => chinese(number),
        "decimalZero" => format!("{number:02}"),
        _ => number.to_string(),
    }
}

/// A, B … Z, AA, BB: Word doubles the letter.
fn letters(number: u32) -> String {
    let Some(index) = number.checked_sub(1).filter(|index| *index < 26 * 30) else {
        return number.to_string();
    };
    let letter = char::from(b'A' + (index % 26) as u8);
    letter.to_string().repeat(index as usize / 26 + 1)
}

fn roman(mut number: u32) -> String {
    const SIGNS: [(u32, &str); 13] = [
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
    let mut written = String::new();
    for (value, sign) in SIGNS {
        while number >= value {
            number -= value;
            written.push_str(sign);
        }
    }
    written
}

/// 十五, 一百零三; digits from ten thousand on.
fn chinese(number: u32) -> String {
    const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    if number == 0 || number > 9_999 {
        return number.to_string();
    }
    let mut written = String::new();
    let mut gap = false;
    for (unit, name) in [(1_000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let digit = number / unit % 10;
        if digit == 0 {
            gap = !written.is_empty();
            continue;
        }
        if std::mem::take(&mut gap) {
            written.push('零');
        }
        // Ten is 十, not 一十, where it begins the number.
        if !(unit == 10 && digit == 1 && written.is_empty()) {
            written.extend(DIGITS.get(digit as usize));
        }
        written.push_str(name);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_they_are_written() {
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
            assert_eq!(written(number, format), expected);
        }
    }

    #[test]
    fn lists_count_by_level() {
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
        let mut next = |list: &str, level| {
            numbering.next(&Place { list: Some(list.to_owned()), level: Some(level) })
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
        .map(|(list, level)| next(list, level))
        .into();
        assert_eq!(
            labels,
            ["第一条 ", "一.1. ", "一.2. ", "第二条 ", "二.1. ", "", "第五条 ", "第三条 ", "", ""]
        );
    }
}
