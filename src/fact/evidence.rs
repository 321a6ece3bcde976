//! Decides whether a number is a quantity.

use super::{
    count,
    draft::QuantityDraft,
    folded_text::{FoldedText, is_han, is_letter_of_spaced_script},
    name::{is_clock_time, is_list_number, is_paragraph_number, is_part_of_name},
    number::{Notation, Number},
    unit::{Dimension, Unit},
    value::Value,
};

/// Returns whether the number is a quantity and not a name, an item of a list or a part of a word.
pub(super) fn is_quantity(source: &FoldedText, draft: &QuantityDraft) -> bool {
    let QuantityDraft { number, unit, .. } = draft;
    if draft.is_unit_inherited {
        return !is_part_of_name(source, draft);
    }
    if is_list_number(source, number)
        || is_paragraph_number(source, draft)
        || is_clock_time(source, number)
    {
        return false;
    }
    if is_part_of_name(source, draft) {
        return false;
    }
    if let Some(unit) = unit
        && !(unit.dimension == Dimension::Persons
            && number.notation != Notation::Numerals
            && draft.end == number.end)
    {
        return is_quantity_with_unit(source, draft, unit);
    }
    let next = source.char_at(source.skip_blanks(number.end)).unwrap_or(' ');
    let has_classifier =
        draft.counted_things.is_some_and(|counted| counted.classifier_end > number.end)
            && is_han(next);
    match number.notation {
        Notation::Numerals => {
            let is_one = number.value == Value::integer(1);
            // 百家 is part of a word, 一百家 is a count.
            let is_scale_only = number.comparator.is_none()
                && matches!(
                    source.text_between(number.start, number.end),
                    "百" | "千" | "万" | "亿"
                );
            (has_classifier && !is_one && !is_scale_only)
                || (number.has_quantity_notation && number.value > Value::integer(10_000))
        }
        _ if has_classifier => true,
        Notation::Words => count::counts_things(
            source,
            number,
            draft.has_comparator && number.value > Value::integer(1),
            draft.counted_things,
        ),
        Notation::Digits if is_value_of_statistic(source, number) => true,
        Notation::Digits if is_han(next) || follows_chinese_text(source, number) => {
            number.has_quantity_notation
                || draft.has_comparator
                || follows_verb_of_value(source, number)
        }
        Notation::Digits => {
            count::counts_things(source, number, draft.has_comparator, draft.counted_things)
        }
    }
}

/// Returns whether a number with a unit is a quantity.
fn is_quantity_with_unit(source: &FoldedText, draft: &QuantityDraft, unit: &Unit) -> bool {
    let number = &draft.number;
    if number.notation == Notation::Words {
        let is_one = number.value == Value::integer(1);
        let is_zero = number.value == Value::integer(0);
        let is_hyphenated = source.text_after(number.end).starts_with('-');
        // "one second" and "one day" often measure nothing.
        if is_one && number.multiplier == 1 {
            let is_idiom =
                matches!(source.word_before(number.start).1, "day" | "at" | "no" | "any");
            return !is_idiom
                && matches!(
                    unit.dimension,
                    Dimension::Share
                        | Dimension::SharePoints
                        | Dimension::Time
                        | Dimension::Money
                        | Dimension::Area
                        | Dimension::Length
                        | Dimension::Mass
                )
                && !(unit.name == "day" && !draft.has_comparator && !is_hyphenated);
        }
        if unit.dimension == Dimension::Persons && is_one {
            return false;
        }
        return !is_zero || unit.dimension == Dimension::Share;
    }
    if number.notation == Notation::Numerals {
        let text = source.text_between(number.start, number.end);
        let is_bare_scale = matches!(text, "百" | "千" | "万" | "亿" | "千万" | "百万")
            && number.comparator.is_none();
        if is_bare_scale && unit.dimension != Dimension::Money && text.len() == 3 {
            return false;
        }
        let is_one = number.value == Value::integer(1);
        if is_one && matches!(unit.dimension, Dimension::Persons | Dimension::PersonTimes) {
            return is_count_of_one_person(source, draft);
        }
        if is_one && matches!(unit.name, "day" | "second") {
            return source.text_between(number.start, draft.end) == "一日" && draft.has_comparator;
        }
        if is_one && unit.name == "year" {
            let next = source.text_after(draft.end);
            let is_the_year =
                source.char_before(number.start).is_some_and(|c| "的这那该前同某头".contains(c));
            return !is_the_year
                && !next.starts_with('一')
                && !next.starts_with('度')
                && !next.starts_with("级");
        }
    }
    true
}

/// Returns whether 一人 is a count of persons, as in a list of posts: 置秘书一人, 一人至二人.
fn is_count_of_one_person(source: &FoldedText, draft: &QuantityDraft) -> bool {
    let before = source.char_before(draft.number.start).unwrap_or(' ');
    let after = source.char_at(draft.end).unwrap_or(' ');
    let is_list = is_han(before)
        && (!"每任同了独有某另".contains(before)
            || source.text_before(draft.number.start).ends_with("主任"));
    is_list && ("，；、。至为代得担".contains(after) || draft.has_comparator)
        || (source.char_before(draft.number.start) == Some('至') && after == '人')
}

/// Returns whether the number is the value of a statistic: n = 21, P < .001, or a decimal number after a Chinese word.
fn is_value_of_statistic(source: &FoldedText, number: &Number) -> bool {
    let before = source.char_before(source.skip_blanks_back(number.start)).unwrap_or(' ');
    let is_range_end = number.has_decimals
        && matches!(before, '-' | '–')
        && source
            .window_before(number.start, 12)
            .trim_end_matches(['-', '–'])
            .rsplit(|c: char| !(c.is_ascii_digit() || c == '.'))
            .next()
            .is_some_and(|first| first.contains('.'));
    let is_equation = matches!(before, '=' | '<' | '>' | '≤' | '≥');
    let next = source.char_at(number.end).unwrap_or(' ');
    let is_value = number.has_decimals
        && (is_han(before) || before == '，' || (before == ':' && is_han(next)))
        && !"第版图表附".contains(before)
        && !"级版号条节款".contains(next);
    // The name of a statistic precedes its value: (OR, 1.98; 95% CI, 1.43-2.75).
    let near = source.window_before(number.start, 20);
    let is_interval = number.has_decimals
        && ["ci", "or", "hr", "rr", "sd", "β", "mean"].iter().any(|name| {
            near.split(|c: char| !c.is_alphanumeric())
                .any(|word| word == *name || (word.len() == 3 && word.ends_with(name)))
        });
    is_equation || is_value || is_interval || is_range_end
}

/// Returns whether Chinese text stands directly before the number.
fn follows_chinese_text(source: &FoldedText, number: &Number) -> bool {
    source
        .char_before(source.skip_blanks_back(number.start))
        .is_some_and(|c| is_han(c) || matches!(c, '，' | '。' | '、' | '：' | '；'))
}

/// Returns whether Chinese words before a number without unit say that a value follows: 达到, 增至.
fn follows_verb_of_value(source: &FoldedText, number: &Number) -> bool {
    const WORDS_BEFORE_VALUE: [&str; 12] = [
        "达到",
        "达",
        "增至",
        "增加到",
        "增加至",
        "上升到",
        "上升至",
        "升至",
        "降至",
        "共计",
        "总计",
        "合计",
    ];
    let before = source.window_before(number.start, 12);
    let next = source.char_at(number.end).unwrap_or(' ');
    WORDS_BEFORE_VALUE.iter().any(|word| before.ends_with(word))
        && !is_letter_of_spaced_script(next)
}
