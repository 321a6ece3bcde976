//! Finds the measure of a quantity: the words that name what the quantity measures.

use super::{
    draft::QuantityDraft,
    folded_text::{FoldedText, is_letter_of_spaced_script},
    words::{is_function_word, is_month_name},
};

/// Maximum length, in bytes, of the words that name what a quantity measures.
const MAX_MEASURE_BYTES: usize = 160;
/// Characters that end a clause, or the cell of a table. The comma of a number such as 39,000 never ends a clause,
/// because a clause begins only after the previous quantity.
const CLAUSE_ENDS: [char; 15] =
    ['.', ',', ';', ':', '!', '?', '\n', '。', '，', '；', '：', '！', '？', '、', '|'];
/// English words that may follow the measure at the end of a clause, but do not belong to the measure: verbs,
/// auxiliaries, prepositions and articles. In lower case.
const ENGLISH_WORDS_AFTER_MEASURE: [&str; 56] = [
    "worth",
    "estimated",
    "and",
    "or",
    "has",
    "have",
    "had",
    "is",
    "are",
    "was",
    "were",
    "been",
    "be",
    "to",
    "by",
    "of",
    "at",
    "a",
    "an",
    "the",
    "with",
    "from",
    "for",
    "increased",
    "increase",
    "increasing",
    "grew",
    "grown",
    "rose",
    "rising",
    "reached",
    "reach",
    "reaching",
    "totaled",
    "totalled",
    "expected",
    "will",
    "accounting",
    "accounts",
    "accounted",
    "up",
    "down",
    "fell",
    "dropped",
    "declined",
    "decreased",
    "some",
    "also",
    "now",
    "remained",
    "maintained",
    "stood",
    "than",
    "more",
    "their",
    "its",
];
/// Chinese verbs and auxiliaries that may follow the measure at the end of a clause, but do not belong to the measure.
const CHINESE_WORDS_AFTER_MEASURE: [&str; 34] = [
    "同比增长",
    "比上年增长",
    "年均增长",
    "增长到",
    "增长",
    "达到",
    "增加到",
    "增加至",
    "提高到",
    "提高至",
    "增加",
    "提高",
    "下降",
    "减少",
    "实现",
    "完成",
    "达",
    "为",
    "是",
    "有",
    "了",
    "占",
    "已",
    "共",
    "将",
    "至",
    "到",
    "总计",
    "累计",
    "约",
    "成长",
    "衰退",
    "下滑",
    "分别",
];

/// Words that may precede the measure in its clause, but do not belong to the measure, in lower case.
const WORDS_BEFORE_MEASURE: [&str; 24] = [
    "with",
    "of",
    "and",
    "which",
    "that",
    "where",
    "while",
    "among",
    "including",
    "the",
    "an",
    "a",
    "its",
    "their",
    "our",
    "in",
    "by",
    "to",
    "but",
    "for",
    "from",
    "also",
    "both",
    "as",
];
/// Characters at the beginning of a Chinese measure that do not belong to it.
const CHINESE_CHARS_BEFORE_MEASURE: [char; 6] = ['其', '中', '使', '将', '把', '并'];
/// Words after a quantity with a unit that are not nouns, in lower case.
#[rustfmt::skip]
const WORDS_THAT_ARE_NO_NOUNS: [&str; 16] = [
    "annually", "yearly", "higher", "lower", "more", "less", "fewer", "compared", "increase", "decrease", "rise", "growth",
    "ago", "later", "earlier", "year",
];

/// Returns the byte offsets of the start and the end of the words that name what a quantity measures. If the number
/// counts things, these words name the things: "new homes" in `900 new homes`. If not, they are the subject of the clause
/// before the number: "unemployment" in `unemployment fell to 4 %`. `previous_end` is the byte offset at which the
/// previous quantity ends. `None` if there are no such words.
pub(super) fn measure(
    source: &FoldedText,
    draft: &QuantityDraft,
    previous_end: usize,
) -> Option<(usize, usize)> {
    if draft.unit.is_none() || draft.counted_things.is_some() {
        let counted = draft.counted_things.filter(|counted| counted.start < counted.end);
        if let Some(counted) = counted {
            return Some((counted.start, counted.end));
        }
    }
    if let Some(words) = second_item_of_parallel(source, draft, previous_end) {
        return Some(words);
    }
    english_noun_after_quantity(source, draft)
        .or_else(|| clause_before(source, draft.start_with_comparator, previous_end))
        .or_else(|| measure_after_quantity(source, draft))
}

/// Returns the words after a quantity if the words after the previous quantity in the same list name what that quantity
/// measures: "lead abatement" for the second amount in "$11 million in restitution and $5 million for lead abatement".
/// `None` if the two quantities are not parallel.
fn second_item_of_parallel(
    source: &FoldedText,
    draft: &QuantityDraft,
    previous_end: usize,
) -> Option<(usize, usize)> {
    const MAX_GAP_BYTES: usize = 80;
    const PREPOSITIONS: [&str; 7] = ["in", "for", "to", "from", "on", "towards", "toward"];
    const VERBS: [&str; 6] = ["goes", "go", "comes", "come", "went", "came"];
    let gap = source.text_between(previous_end, draft.start_with_comparator).trim();
    let item = gap.strip_suffix("and").map_or(gap, str::trim_end);
    let is_list = previous_end > 0 && (item.len() < gap.len() || item.ends_with(','));
    let item = item.trim_end_matches(',');
    let mut words = item.split_whitespace();
    let first = words.next().filter(|word| PREPOSITIONS.contains(word) || VERBS.contains(word));
    let has_words = first.is_some()
        && words.clone().count() > 0
        && words
            .all(|word| word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '’' | '\'')));
    let next = source.word_after(draft.end_with_comparator).1;
    let is_parallel = is_list
        && has_words
        && gap.len() <= MAX_GAP_BYTES
        && (PREPOSITIONS.contains(&next) || VERBS.contains(&next));
    if !is_parallel {
        return None;
    }
    measure_after_quantity(source, draft)
}

/// Returns the byte offsets of the start and the end of the English noun directly after a quantity with a unit:
/// "venture capital fund" in "a 50 billion yuan venture capital fund".
fn english_noun_after_quantity(
    source: &FoldedText,
    draft: &QuantityDraft,
) -> Option<(usize, usize)> {
    let (start, end) = measure_after_quantity(source, draft)?;
    let word = source.letters_at(start);
    let is_attributive = draft.unit.is_some()
        && start == source.skip_blanks(draft.end_with_comparator)
        && draft.end_with_comparator == draft.end
        && source.char_at(start).is_some_and(is_letter_of_spaced_script)
        && !source.is_capital(start)
        && !is_function_word(word)
        && !word.ends_with("ed")
        && !word.ends_with("ing")
        && !WORDS_THAT_ARE_NO_NOUNS.contains(&word);
    let words = source.text_between(start, end);
    let length = words
        .split(' ')
        .take_while(|word| !is_function_word(word))
        .map(|word| word.len() + 1)
        .sum::<usize>();
    (is_attributive && length > 1).then(|| (start, start + (length - 1).min(words.len())))
}

/// Returns the byte offsets of the start and the end of the clause before `end`, without the verb at the end of the
/// clause and without a bracket around the quantity. If this clause has only a verb, a time or a comparison, returns
/// the clause before it. `previous_end` is the byte offset at which the previous quantity ends.
fn clause_before(source: &FoldedText, end: usize, previous_end: usize) -> Option<(usize, usize)> {
    let window = source.window_before(end, MAX_MEASURE_BYTES);
    let before = end - window.len().min(end.saturating_sub(previous_end));
    let floor = offset_outside_word(source, before);
    let mut clause_end = end;
    let mut clauses_left = 2;
    let mut is_first = true;
    while clauses_left > 0 {
        let window = source.text_between(floor, clause_end);
        let start = clause_end - last_clause(window).len();
        let is_parenthesis =
            !is_first && is_parenthetical(source.text_between(start, clause_end).trim_start());
        let clause = without_words_after_measure(source.text_between(start, clause_end));
        let skipped = clause.len() - without_words_before_measure(clause).len();
        let words = clause.get(skipped..).unwrap_or_default().trim_end();
        let is_name = words.chars().count() > 1 && words.contains(char::is_alphabetic);
        if is_name && !is_time_or_comparison(words) && !is_parenthesis {
            return Some((start + skipped, start + skipped + words.len()));
        }
        is_first = false;
        clauses_left -= i32::from(!is_parenthesis);
        clause_end = start.saturating_sub(1);
        while !source.lowercase.is_char_boundary(clause_end) {
            clause_end -= 1;
        }
        let ends_sentence = |c: char| matches!(c, '.' | '!' | '?' | '。' | '！' | '？' | '\n');
        if clause_end <= floor || source.char_at(clause_end).is_some_and(ends_sentence) {
            break;
        }
    }
    None
}

/// Returns whether a clause between commas only adds something to the clause before it: "including launch" in "The cost,
/// including launch, is $985 million".
fn is_parenthetical(clause: &str) -> bool {
    const FIRST_WORDS: [&str; 12] = [
        "including ",
        "excluding ",
        "as ",
        "which ",
        "who ",
        "such as ",
        "together with ",
        "along with ",
        "according to ",
        "managed by ",
        "known as ",
        "based on ",
    ];
    FIRST_WORDS.iter().any(|words| clause.starts_with(words))
}

/// Returns the last clause of a text: the part after the last of [`CLAUSE_ENDS`]. If a closing bracket in this part has
/// no opening bracket, returns only the text after the bracket.
fn last_clause(text: &str) -> &str {
    let clause = text.rsplit(CLAUSE_ENDS).next().unwrap_or(text);
    // In 德国、新加坡投资分别增长, all items of the list are measured.
    let clause = if clause.contains("分别") {
        text.rsplit(|c| c != '、' && CLAUSE_ENDS.contains(&c)).next().unwrap_or(text)
    } else {
        clause
    };
    let mut depth = 0_usize;
    let mut start = 0;
    for (offset, c) in clause.char_indices() {
        match c {
            '(' | '（' => depth += 1,
            ')' | '）' if depth > 0 => depth -= 1,
            ')' | '）' => start = offset + c.len_utf8(),
            _ => {}
        }
    }
    clause.get(start..).unwrap_or_default()
}

/// Returns the byte `offset`, or the end of the Latin word around it if `offset` is inside such a word.
fn offset_outside_word(source: &FoldedText, offset: usize) -> usize {
    let is_inside_word = source.char_before(offset).is_some_and(is_letter_of_spaced_script)
        && source.char_at(offset).is_some_and(is_letter_of_spaced_script);
    if is_inside_word { offset + source.letters_at(offset).len() } else { offset }
}

/// Returns the clause without the conjunctions, prepositions, articles and signs at its beginning.
fn without_words_before_measure(clause: &str) -> &str {
    // Digits directly after a point are the end of a number: 5.10 The market.
    let after_number = clause.trim_start_matches(|c: char| c.is_ascii_digit());
    let clause = if after_number.starts_with(' ') { after_number } else { clause };
    let mut rest = clause.trim_start_matches(|c: char| !c.is_alphanumeric());
    while let Some(word) = WORDS_BEFORE_MEASURE
        .iter()
        .find(|word| rest.strip_prefix(**word).is_some_and(|after| after.starts_with([' ', '\n'])))
    {
        rest = rest.get(word.len()..).unwrap_or_default().trim_start();
    }
    if rest.starts_with("其中") {
        rest = rest.trim_start_matches(CHINESE_CHARS_BEFORE_MEASURE);
    }
    rest
}

/// Returns whether a clause only names a time, or the thing with which the text compares the quantity.
fn is_time_or_comparison(words: &str) -> bool {
    let is_word = ["compared ", "up from", "down from", "比", "较", "同比", "与"]
        .iter()
        .any(|word| words.starts_with(word));
    let is_time =
        words.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '年' | '月' | '日'));
    is_word || is_time || is_month_name(words)
}

/// Returns the clause without the verbs, prepositions, articles and opening brackets at its end.
fn without_words_after_measure(clause: &str) -> &str {
    let mut rest = clause;
    loop {
        rest =
            rest.trim_end_matches([' ', '\n', '(', '（', '[', '“', '"', '‘', '*', '-', '–', '—']);
        let before = rest.len();
        if let Some(word) = rest
            .rsplit([' ', '\n'])
            .next()
            .filter(|word| ENGLISH_WORDS_AFTER_MEASURE.contains(word))
        {
            rest = rest.get(..rest.len() - word.len()).unwrap_or_default().trim_end();
        }
        if let Some(verb) = CHINESE_WORDS_AFTER_MEASURE.iter().find(|verb| rest.ends_with(**verb)) {
            rest = rest.strip_suffix(verb).unwrap_or(rest);
        }
        if rest.len() == before {
            return rest;
        }
    }
}

/// Returns the part of a phrase before its first number. Digits after a letter or a hyphen belong to a name: G20, A4123,
/// covid-19.
fn phrase_before_number(phrase: &str) -> &str {
    let continues_name = |c: char| is_letter_of_spaced_script(c) || c.is_ascii_digit() || c == '-';
    let mut previous = ' ';
    let number_start = phrase.char_indices().find(|&(_, c)| {
        let begins_number = c.is_ascii_digit() && !continues_name(previous);
        previous = c;
        begins_number
    });
    number_start.and_then(|(offset, _)| phrase.get(..offset)).unwrap_or(phrase).trim_end()
}

/// Returns the byte offsets of the start and the end of the words after a quantity that name what the quantity
/// measures: "infrastructure industry fund" in "200 billion yuan infrastructure industry fund".
fn measure_after_quantity(source: &FoldedText, draft: &QuantityDraft) -> Option<(usize, usize)> {
    let start = source.skip_blanks(draft.end_with_comparator);
    let rest = source.window_after(start, 60);
    let length = rest
        .find(|c: char| {
            !(c.is_alphanumeric() || matches!(c, ' ' | '-' | '’')) || CLAUSE_ENDS.contains(&c)
        })
        .unwrap_or(rest.len());
    let phrase = without_words_after_measure(phrase_before_number(rest.get(..length)?));
    let words = without_words_before_measure(phrase);
    let start = start + (phrase.len() - words.len());
    let is_name = words.chars().count() > 1
        && words.contains(char::is_alphabetic)
        && !words.split(' ').all(is_function_word);
    is_name.then_some((start, start + words.len()))
}

#[cfg(test)]
mod tests {
    use crate::fact::{Publication, facts};

    #[test]
    fn measures_have_neither_signs_nor_cut_words() {
        let long = "increase ".repeat(30);
        for (text, expected) in [
            ("China (18 percent) and India (50 percent) impose more.", ["China", "India"]),
            ("Inflation rises to 2.3% in 2018 and 2.0% in 2019.", ["Inflation rises"; 2]),
            ("Inflation fell to 3.4% in February from 4.0% in January.", ["Inflation"; 2]),
            ("Twelve-month CPI inflation fell sharply.", ["CPI inflation fell sharply", "-"]),
            (
                "500 people drown. Almost half of all deaths are late.",
                ["people", "all deaths are late"],
            ),
            ("五年来，国内生产总值达到7.4万亿元。", ["国内生产总值"; 2]),
            ("Staff project 2.0% in 2025 and 1.9% in 2026.", ["Staff project"; 2]),
            ("5.10 The rail market is worth £140bn.", ["rail market", "-"]),
            ("五年淘汰炼铁产能3吨。", ["淘汰炼铁产能"; 2]),
            ("The gross product (GDP) reached 126 trillion yuan.", ["gross product (GDP)", "-"]),
            ("| Charges | (£2,996m) | (£3,325m) |", ["Charges", "-"]),
            (
                "It pays $11.2 million in restitution to tenants and $4.6 million for lead abatement.",
                ["It pays", "lead abatement"],
            ),
            (
                "It pays €9 million for the fund and €6 million for the A4123 road.",
                ["It pays", "A4123 road"],
            ),
            (
                "The total cost of the mission, including launch, is $985 million.",
                ["total cost of the mission", "-"],
            ),
            ("德国、新加坡对华投资分别增长8.6%、2.2%。", ["德国、新加坡对华投资"; 2]),
            (&format!("The amount by which the {long} changes is £2,500."), ["increase", "-"]),
        ] {
            let facts = facts(text, Publication::default());
            let measures = facts.quantities.iter().map(|quantity| {
                let words = quantity.measure.map_or("-", |span| span.of(text));
                if words.len() > 100 { words.split(' ').next().unwrap_or_default() } else { words }
            });
            let measures: Vec<&str> = measures.collect();
            assert_eq!(measures, expected[..measures.len()], "{text}");
        }
    }
}
