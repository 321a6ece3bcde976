//! Builds drafts of quantities. A draft is a number with its unit, comparator and counted things; `evidence.rs` decides
//! whether it is a quantity.

use super::{
    comparator::{Comparator, comparator_after, comparator_before},
    count::{self, CountedThings},
    folded_text::{FoldedText, is_han},
    number::{ImpliedUnit, Notation, Number},
    unit::{Dimension, Unit, UnitMatch, unit_after, unit_before},
    value::Value,
};

/// Number with the unit, the comparator and the counted things that the words around it state. Offsets are byte offsets
/// in the folded text.
#[derive(Debug, Clone)]
pub(super) struct QuantityDraft {
    /// Number as found in the text.
    pub(super) number: Number,
    /// Value of the number, with its multiplier. In a range such as `3 to 5 million`, the first number also has the
    /// multiplier: 3,000,000.
    pub(super) value: Value,
    /// Unit of the number. `None` for a count.
    pub(super) unit: Option<&'static Unit>,
    /// Byte offset of the start of the number, or of a currency before the number.
    pub(super) start: usize,
    /// Byte offset at which the number ends, or the unit or classifier after the number.
    pub(super) end: usize,
    /// Words that name the things that the number counts. `None` if there are none.
    pub(super) counted_things: Option<CountedThings>,
    /// Relation of the true value to the number, such as "more than".
    pub(super) comparator: Comparator,
    /// Byte offset at which the comparator before the number begins; [`start`](Self::start) if there is no such
    /// comparator.
    pub(super) start_with_comparator: usize,
    /// Byte offset at which the comparator after the number ends; [`end`](Self::end) if there is no such comparator.
    pub(super) end_with_comparator: usize,
    /// Whether the words before or after the number contain a comparator.
    pub(super) has_comparator: bool,
    /// Whether the unit or the counted things are copied from the other number of a range, as for 5 in 5-10%.
    pub(super) is_unit_inherited: bool,
}

impl QuantityDraft {
    /// Returns the draft of a number.
    pub(super) fn new(source: &FoldedText, number: Number) -> Self {
        let mut draft = Self {
            value: number.value,
            unit: None,
            start: number.start,
            end: number.end,
            counted_things: None,
            comparator: Comparator::Equal,
            start_with_comparator: number.start,
            end_with_comparator: number.end,
            has_comparator: false,
            is_unit_inherited: false,
            number,
        };
        draft.add_unit(source);
        draft.add_counted_things(source);
        draft.add_comparator(source);
        draft
    }

    /// Adds the unit that the words of the number imply, or else the unit before or after the number.
    fn add_unit(&mut self, source: &FoldedText) {
        match self.number.implied_unit {
            ImpliedUnit::None => self.add_adjacent_unit(source),
            ImpliedUnit::Share => self.unit = Unit::by_name("%"),
            ImpliedUnit::Multiple => self.unit = Unit::by_name("times"),
        }
    }

    /// Adds the unit before or after the number.
    fn add_adjacent_unit(&mut self, source: &FoldedText) {
        let before = unit_before(source, self.number.start);
        let after = unit_after(source, self.number.end)
            .filter(|unit_match| does_unit_belong_to_number(source, &self.number, unit_match));
        // After a large number, 人民 names the counted persons: 六亿五千万人民.
        let is_people = self.number.multiplier >= 10_000
            && source.text_after(self.number.end).starts_with("人民");
        let people = || {
            Some(UnitMatch { unit: Unit::by_name("person")?, outer_offset: self.number.end + 3 })
        };
        let after = after.or_else(|| is_people.then(people).flatten());
        match (before, after) {
            (Some(before), after) => {
                self.unit = Some(before.unit);
                self.start = before.outer_offset;
                // 人民币5万元 and US$5 dollars name the currency twice.
                let is_money = after.filter(|after| after.unit.dimension == Dimension::Money);
                self.end = is_money.map_or(self.end, |after| after.outer_offset);
            }
            (None, Some(after)) => {
                self.unit = Some(after.unit);
                self.end = after.outer_offset;
            }
            (None, None) => {}
        }
        self.add_half_after_chinese_unit(source);
        // 一百亿度 is an amount of electricity.
        if self.unit.is_some_and(|unit| unit.name == "degree") && self.number.multiplier >= 10_000 {
            self.unit = Unit::by_name("kWh");
        }
        // In a text in Simplified characters, 元 without a country is the currency of mainland China.
        if self.unit.is_some_and(|unit| unit.name == "元") && !source.is_traditional {
            self.unit = Unit::by_name("CNY");
        }
    }

    /// Adds a half to the value if 半 follows a Chinese unit of time: 五天半.
    fn add_half_after_chinese_unit(&mut self, source: &FoldedText) {
        // 半 may stand before the unit: 一个半小时.
        let number_end = self.number.end;
        if let Some(rest) = source.window_after(number_end, 24).strip_prefix("个半")
            && self.number.notation != Notation::Words
            && let Some(name) =
                [("小时", "hour"), ("月", "month"), ("世纪", "century"), ("钟头", "hour")]
                    .into_iter()
                    .find_map(|(word, name)| rest.starts_with(word).then_some((name, word.len())))
            && let Some(value) = Value::fraction(1, 2).and_then(|half| self.value.plus(half))
        {
            self.unit = Unit::by_name(name.0);
            self.value = value;
            self.end = number_end + "个半".len() + name.1;
            return;
        }
        let rest = source.window_after(self.end, 9);
        let is_half = self.unit.is_some_and(|unit| unit.dimension == Dimension::Time)
            && source.char_before(self.end).is_some_and(is_han)
            && rest.starts_with('半')
            && !rest.starts_with("半年")
            && !rest.starts_with("半数");
        if is_half && let Some(value) = Value::fraction(1, 2).and_then(|half| self.value.plus(half))
        {
            self.value = value;
            self.end += 3;
        }
    }

    /// Adds the counted things after the number, unless the number has a unit other than persons.
    fn add_counted_things(&mut self, source: &FoldedText) {
        if self.unit.is_some_and(|unit| unit.dimension != Dimension::Persons) {
            return;
        }
        let next = source.char_at(source.skip_blanks(self.number.end)).unwrap_or(' ');
        self.counted_things = if is_han(next) {
            count::things_counted_in_chinese(source, &self.number)
        } else {
            count::things_counted_in_english(source, &self.number)
        };
        let Some(counted) = self.counted_things else { return };
        if counted.classifier_end > counted.start || is_han(next) {
            self.end = self.end.max(counted.classifier_end);
        }
        if self.unit.is_none() && counted.counts_persons {
            self.unit = Unit::by_name("person");
        }
    }

    /// Adds the comparator before or after the number.
    fn add_comparator(&mut self, source: &FoldedText) {
        let dimension = self.unit.map(|unit| unit.dimension);
        let before = comparator_before(source, self.start, dimension);
        let after = comparator_after(source, self.end, dimension)
            .or_else(|| {
                self.counted_things
                    .and_then(|counted| comparator_after(source, counted.end, dimension))
            })
            .filter(|_| self.number.implied_unit != ImpliedUnit::Multiple);
        if let Some(comparator_match) = before {
            self.comparator = comparator_match.comparator;
            self.start_with_comparator = comparator_match.outer_offset;
        } else {
            self.start_with_comparator = self.start;
        }
        self.end_with_comparator = self.end;
        if let Some(comparator_match) = after {
            self.end_with_comparator = comparator_match.outer_offset;
            // If comparators stand before and after a number, a bound after the number, such as 以上, decides.
            if before.is_none()
                || comparator_match.comparator == Comparator::AtMost
                || comparator_match.comparator == Comparator::AtLeast
            {
                self.comparator = comparator_match.comparator;
            }
        }
        self.has_comparator = before.is_some() || after.is_some();
        if self.comparator == Comparator::Equal || self.comparator == Comparator::About {
            self.comparator = self.number.comparator.unwrap_or(self.comparator);
        }
    }

    /// Returns whether this number of a range ignores the multiplier of `other`, the other number of the range. True if
    /// this number has grouped digits or a multiplier of its own ([`Number::has_quantity_notation`]), and the number of
    /// `other` has no decimals.
    pub(super) fn ignores_multiplier_of(&self, other: &Self) -> bool {
        self.number.has_quantity_notation && !other.number.has_decimals
    }

    /// Returns what the quantity measures: the dimension of the unit, or a count.
    pub(super) fn dimension(&self) -> Dimension {
        self.unit.map_or(Dimension::Count, |unit| unit.dimension)
    }
}

/// Returns whether a unit after the number is really the unit of the number. False, for example, for the month in 六月
/// (June) and the x in "5 x 6".
fn does_unit_belong_to_number(
    source: &FoldedText,
    number: &Number,
    unit_match: &UnitMatch,
) -> bool {
    let is_numeral = number.notation == Notation::Numerals;
    match unit_match.unit.name {
        // 六月 is a month of the year; 六月以上 is a time of six months.
        "month"
            if source.text_before(unit_match.outer_offset).ends_with('月')
                && !source.text_before(unit_match.outer_offset).ends_with("个月") =>
        {
            let rest = source.window_after(unit_match.outer_offset, 9);
            ["以", "内", "之内", "未满", "者"].iter().any(|word| rest.starts_with(word))
        }
        // "5 won the prize" counts persons.
        "KRW" => {
            number.has_quantity_notation
                || source.text_between(number.end, unit_match.outer_offset).trim() != "won"
        }
        "degree" => !is_numeral || number.multiplier >= 10_000,
        "times" => {
            // "3 times" is a multiple or a number of repetitions; "5 x 6" is neither.
            let rest = source.text_after(source.skip_blanks(number.end));
            !rest
                .strip_prefix(['x', '×'])
                .is_some_and(|rest| rest.trim_start().starts_with(|c: char| c.is_ascii_digit()))
        }
        _ => true,
    }
}
