//! Reads the parts of Chinese expressions of time: years with their era, months, days, weekdays, parts of a year.

use crate::fact::period::{interval::TimeUnit, reader::PeriodReader};

/// Names of the era of the Republic of China, whose year 1 is 1912.
pub(super) const REPUBLIC_ERA: [&str; 2] = ["中华民国", "民国"];
/// Year before the year 1 of the era [`REPUBLIC_ERA`].
pub(super) const YEAR_BEFORE_REPUBLIC: u16 = 1911;
/// Dashes and words between the ends of a range.
pub(super) const RANGE_SEPARATORS: [&str; 9] = ["——", "—", "-", "–", "~", "～", "至", "到", "─"];

/// Reads a year before 年: 2025, 二〇二五, 民国101. Returns the year of the common era.
pub(super) fn read_year(reader: &mut PeriodReader<'_>) -> Option<u16> {
    let mut next = *reader;
    let era = next.read_any_of(&REPUBLIC_ERA);
    next.skip_blanks();
    let year = if era.is_some() {
        if next.read_text("元").is_some() {
            1912
        } else {
            next.read_chinese_number().filter(|number| number.value < 300)?.value
                + YEAR_BEFORE_REPUBLIC
        }
    } else {
        let number = next.read_chinese_number()?;
        (number.length == 4 && (1800..=2100).contains(&number.value)).then_some(number.value)?
    };
    *reader = next;
    Some(year)
}

/// Reads 年, possibly after a blank, but not a 年 that belongs to another word.
pub(super) fn read_year_character(reader: &mut PeriodReader<'_>) -> Option<()> {
    let mut next = *reader;
    next.skip_blanks();
    next.read_text("年")?;
    *reader = next;
    Some(())
}

/// Reads a part of a year and returns its first and last month: 上半年, 第三季度, 第三季, 首季, 前10个月, 首四个月, 前三季度.
pub(super) fn read_months_of_year_part(reader: &mut PeriodReader<'_>) -> Option<(u16, u16)> {
    let mut next = *reader;
    if let Some(index) = next.read_any_of(&["上半年", "下半年"]) {
        *reader = next;
        return Some(if index == 0 { (1, 6) } else { (7, 12) });
    }
    if next.read_any_of(&["首季度", "首季"]).is_some() {
        *reader = next;
        return Some((1, 3));
    }
    let is_first_part = next.read_any_of(&["前", "头", "首"]).is_some();
    let has_ordinal = !is_first_part && next.read_text("第").is_some();
    let number = next.read_chinese_number()?.value;
    // 季 alone also counts seasons of a series; after a year and in Traditional texts, 第三季 is a quarter.
    let follows_year = reader.source.char_before(reader.offset) == Some('年');
    let mut short_name = next;
    let is_short_name = short_name.read_text("季").is_some()
        && !short_name.rest().starts_with(['节', '后', '军'])
        && (is_first_part || has_ordinal && (reader.source.is_traditional || follows_year));
    let is_quarter = next.read_any_of(&["季度", "个季度"]).is_some()
        || is_short_name && {
            next = short_name;
            true
        };
    let months = if is_quarter && (1..=4).contains(&number) {
        if is_first_part { (1, 3 * number) } else { (3 * number - 2, 3 * number) }
    } else if is_first_part && next.read_text("个月").is_some() && (1..=12).contains(&number) {
        (1, number)
    } else {
        return None;
    };
    *reader = next;
    Some(months)
}

/// Reads the number of a month.
pub(super) fn read_month_number(reader: &mut PeriodReader<'_>) -> Option<u16> {
    let mut next = *reader;
    let number = next
        .read_chinese_number()
        .filter(|number| number.length <= 2 && (1..=12).contains(&number.value))?;
    *reader = next;
    Some(number.value)
}

/// Reads the number of a day with 日 or 号.
pub(super) fn read_day_number(reader: &mut PeriodReader<'_>) -> Option<u16> {
    let mut next = *reader;
    let number = next
        .read_chinese_number()
        .filter(|number| number.length <= 3 && (1..=31).contains(&number.value))?;
    next.skip_blanks();
    let mut signless = *reader;
    if next.read_any_of(&["日", "号"]).is_none() {
        // In a range of days, only the last day has 日 or 号: 12月17-19日.
        let _ = signless.read_chinese_number();
        let is_range = RANGE_SEPARATORS.iter().any(|sign| signless.rest().starts_with(sign));
        let mut range = signless;
        let _ = range.read_any_of(&RANGE_SEPARATORS);
        if !is_range
            || range.read_chinese_number().is_none()
            || range.read_any_of(&["日", "号"]).is_none()
        {
            return None;
        }
        *reader = signless;
        return Some(number.value);
    }
    *reader = next;
    Some(number.value)
}

/// Returns the weekday in brackets after a day, from 0 for Monday.
pub(super) fn weekday_in_brackets(mut reader: PeriodReader<'_>) -> Option<u64> {
    reader.read_text("(")?;
    reader.read_any_of(&["星期", "周"])?;
    let index = reader.read_any_of(&["一", "二", "三", "四", "五", "六", "日", "天"])?;
    Some(index.min(6) as u64)
}

/// Reads a number of days, weeks, months, quarters or years.
pub(super) fn read_duration(reader: &mut PeriodReader<'_>) -> Option<(u16, TimeUnit)> {
    let mut next = *reader;
    let count = next.read_chinese_number()?.value;
    next.skip_blanks();
    let index = next.read_any_of(&["个月", "年", "天", "周", "个季度", "个星期"])?;
    let unit = [
        TimeUnit::Month,
        TimeUnit::Year,
        TimeUnit::Day,
        TimeUnit::Week,
        TimeUnit::Quarter,
        TimeUnit::Week,
    ];
    *reader = next;
    Some((count, *unit.get(index)?))
}
