//! Reads numbers in English words: one trillion, two hundred and fifty, dozens, two thirds, doubled.

use super::{
    model::{ImpliedUnit, Notation, Number, ScanResult},
    share::{fraction_after, ratio_after, read_share},
};
use crate::fact::{
    comparator::Comparator, folded_text::FoldedText, unit, value::Value, word_set::WordSet,
};

/// Maximum number of words that are read for one number.
const MAX_NUMBER_WORDS: usize = 12;

/// Meaning of a number word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NumberWord {
    /// A number from one to nineteen.
    Small(i128),
    /// A multiple of ten from twenty to ninety.
    Tens(i128),
    Hundred,
    /// A multiplier of a thousand or more.
    Multiplier(i128),
    Dozen,
    And,
    Article,
    Half,
}

/// Returns the meaning of a number word in lower case.
fn meaning_of_number_word(word: &str) -> Option<NumberWord> {
    Some(match word {
        "zero" => NumberWord::Small(0),
        "one" => NumberWord::Small(1),
        "two" => NumberWord::Small(2),
        "three" => NumberWord::Small(3),
        "four" => NumberWord::Small(4),
        "five" => NumberWord::Small(5),
        "six" => NumberWord::Small(6),
        "seven" => NumberWord::Small(7),
        "eight" => NumberWord::Small(8),
        "nine" => NumberWord::Small(9),
        "ten" => NumberWord::Small(10),
        "eleven" => NumberWord::Small(11),
        "twelve" => NumberWord::Small(12),
        "thirteen" => NumberWord::Small(13),
        "fourteen" => NumberWord::Small(14),
        "fifteen" => NumberWord::Small(15),
        "sixteen" => NumberWord::Small(16),
        "seventeen" => NumberWord::Small(17),
        "eighteen" => NumberWord::Small(18),
        "nineteen" => NumberWord::Small(19),
        "twenty" => NumberWord::Tens(20),
        "thirty" => NumberWord::Tens(30),
        "forty" => NumberWord::Tens(40),
        "fifty" => NumberWord::Tens(50),
        "sixty" => NumberWord::Tens(60),
        "seventy" => NumberWord::Tens(70),
        "eighty" => NumberWord::Tens(80),
        "ninety" => NumberWord::Tens(90),
        "hundred" => NumberWord::Hundred,
        "thousand" => NumberWord::Multiplier(1_000),
        "million" => NumberWord::Multiplier(1_000_000),
        "billion" => NumberWord::Multiplier(1_000_000_000),
        "trillion" => NumberWord::Multiplier(1_000_000_000_000),
        "dozen" => NumberWord::Dozen,
        "and" => NumberWord::And,
        "a" | "an" => NumberWord::Article,
        "half" => NumberWord::Half,
        _ => return None,
    })
}

/// Words that begin a number: the words of [`meaning_of_number_word`] that need no word before them, and the words of
/// [`read_multiple`] and [`read_plural_number`].
static WORDS_BEGINNING_NUMBERS: WordSet = WordSet::new(&[
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
    "thirty",
    "forty",
    "fifty",
    "sixty",
    "seventy",
    "eighty",
    "ninety",
    "a",
    "an",
    "half",
    "doubled",
    "doubling",
    "doubles",
    "twofold",
    "tripled",
    "tripling",
    "triples",
    "threefold",
    "quadrupled",
    "quadrupling",
    "fourfold",
    "fivefold",
    "sixfold",
    "tenfold",
    "halved",
    "halving",
    "dozens",
    "tens",
    "hundreds",
    "thousands",
    "millions",
    "billions",
    "trillions",
]);

/// Scans the number that begins with the word at `start`. `None` if the word begins no number.
pub(super) fn scan(source: &FoldedText, start: usize) -> Option<ScanResult> {
    if !WORDS_BEGINNING_NUMBERS.contains(source.letters_at(start)) {
        return None;
    }
    if let Some(number) = read_multiple(source, start).or_else(|| read_plural_number(source, start))
    {
        return Some(ScanResult::with_number(number));
    }
    let first = meaning_of_number_word(source.letters_at(start))?;
    if matches!(
        first,
        NumberWord::And | NumberWord::Hundred | NumberWord::Multiplier(_) | NumberWord::Dozen
    ) || is_inside_compound(source, start)
    {
        return None;
    }
    if let Some(number) = read_share(source, start) {
        return Some(ScanResult::with_number(number));
    }
    let mut reader = NumberWordReader::default();
    let mut offset = start;
    let mut end = start;
    for _ in 0..MAX_NUMBER_WORDS {
        let word = source.letters_at(offset);
        let word_end = offset + word.len();
        let Some(meaning) = meaning_of_number_word(word) else { break };
        if !reader.add_number_word(meaning) {
            break;
        }
        if meaning != NumberWord::And && meaning != NumberWord::Article {
            end = word_end;
        }
        let next = source.skip_blanks(word_end);
        offset = match source.text_after(word_end).strip_prefix('-') {
            Some(_) => word_end + 1,
            None if next > word_end => next,
            None => break,
        };
    }
    let (value, multiplier) = reader.value()?;
    if end == start {
        return None;
    }
    let mut number = Number::plain(start, end, value, Notation::Words);
    number.multiplier = multiplier;
    number.has_quantity_notation = multiplier > 1 || value >= Value::integer(13);
    add_and_a_half(source, &mut number);
    let share = fraction_after(source, &number).or_else(|| ratio_after(source, &number));
    if let Some(share) = share {
        return Some(ScanResult::with_number(share));
    }
    if is_ordinal_after(source, number.end) {
        return Some(ScanResult::no_number(number.end));
    }
    Some(ScanResult::with_number(number))
}

/// Reads the words of a number one by one.
#[derive(Debug, Default)]
struct NumberWordReader {
    /// Sum of the finished sections. A section consists of the words up to a multiplier: 2,000 after "two thousand".
    finished_sections: i128,
    /// Value of the words after the last multiplier: 50 after "two thousand fifty".
    section_value: i128,
    /// Word that was read last. `None` before the first word.
    last_word: Option<NumberWord>,
    /// Largest multiplier so far. 0 if there is none.
    largest_multiplier: i128,
    /// Multiplier of the last finished section. A later multiplier must be smaller.
    previous_multiplier: Option<i128>,
    /// Whether the number begins with "half", as in "half a million".
    has_half: bool,
}

impl NumberWordReader {
    /// Adds a word. Returns false if the word does not continue the number.
    fn add_number_word(&mut self, word: NumberWord) -> bool {
        let is_allowed = match (self.last_word, word) {
            (None, word) => word != NumberWord::And,
            (
                Some(NumberWord::Article),
                NumberWord::Hundred | NumberWord::Multiplier(_) | NumberWord::Dozen,
            )
            | (
                Some(NumberWord::Half),
                NumberWord::Article
                | NumberWord::Hundred
                | NumberWord::Multiplier(_)
                | NumberWord::Dozen,
            )
            | (
                Some(NumberWord::Hundred | NumberWord::And | NumberWord::Multiplier(_)),
                NumberWord::Small(_) | NumberWord::Tens(_),
            )
            | (Some(NumberWord::Small(_) | NumberWord::Tens(_)), NumberWord::Dozen)
            | (Some(NumberWord::Hundred | NumberWord::Multiplier(_)), NumberWord::And) => true,
            (Some(NumberWord::Tens(_)), NumberWord::Small(small)) => (1..10).contains(&small),
            (Some(NumberWord::Small(_) | NumberWord::Tens(_)), NumberWord::Hundred) => {
                self.section_value < 100 && self.section_value > 0
            }
            (
                Some(NumberWord::Small(_) | NumberWord::Tens(_) | NumberWord::Hundred),
                NumberWord::Multiplier(multiplier),
            ) => {
                self.section_value > 0
                    && self.previous_multiplier.is_none_or(|previous| multiplier < previous)
            }
            _ => false,
        };
        if !is_allowed {
            return false;
        }
        match word {
            NumberWord::Small(value) | NumberWord::Tens(value) => self.section_value += value,
            NumberWord::Hundred => self.section_value = self.section_value.max(1) * 100,
            NumberWord::Dozen => {
                self.section_value = self.section_value.max(1) * 12;
                self.largest_multiplier = self.largest_multiplier.max(12);
            }
            NumberWord::Multiplier(multiplier) => {
                self.finished_sections += self.section_value.max(1) * multiplier;
                self.section_value = 0;
                self.previous_multiplier = Some(multiplier);
                self.largest_multiplier = self.largest_multiplier.max(multiplier);
            }
            NumberWord::Half => self.has_half = true,
            NumberWord::And | NumberWord::Article => {}
        }
        if word == NumberWord::Hundred {
            self.largest_multiplier = self.largest_multiplier.max(100);
        }
        self.last_word = Some(word);
        true
    }

    /// Returns the value and the largest multiplier. `None` if the words are not a number, such as "a" alone.
    fn value(&self) -> Option<(Value, i128)> {
        let sum = self.finished_sections + self.section_value;
        let is_number = match self.last_word? {
            NumberWord::Article | NumberWord::Half => false,
            NumberWord::And => sum > 0,
            _ => true,
        };
        let divisor = if self.has_half { 2 } else { 1 };
        let value = Value::fraction(sum, divisor)?;
        is_number.then_some((value, self.largest_multiplier.max(1)))
    }
}

/// Returns whether the word at `start` belongs to a compound such as twenty-one or one-on-one.
fn is_inside_compound(source: &FoldedText, start: usize) -> bool {
    let before = source.window_before(start, 24);
    before.strip_suffix('-').is_some_and(|rest| {
        let word = source.letters_before(start - 1);
        rest.ends_with(char::is_alphanumeric) && !matches!(word, "mid" | "non")
    })
}

/// Adds "and a half" after the number.
fn add_and_a_half(source: &FoldedText, number: &mut Number) {
    let next = source.skip_blanks(number.end);
    if source.text_after(next).starts_with("and a half")
        && let Some(value) =
            Value::fraction(number.multiplier, 2).and_then(|half| number.value.plus(half))
    {
        number.value = value;
        number.end = next + "and a half".len();
        number.has_decimals = true;
    }
}

/// Returns the multiple that a word names: doubled, tripling, twofold.
fn read_multiple(source: &FoldedText, start: usize) -> Option<Number> {
    let word = source.letters_at(start);
    let is_after_hyphen = source.text_before(start).ends_with('-');
    let (numerator, denominator) = match word {
        "doubled" | "doubling" | "doubles" | "twofold" => (2, 1),
        "tripled" | "tripling" | "triples" | "threefold" => (3, 1),
        "quadrupled" | "quadrupling" | "fourfold" => (4, 1),
        "fivefold" => (5, 1),
        "sixfold" => (6, 1),
        "tenfold" => (10, 1),
        "halved" | "halving" => (1, 2),
        _ => return None,
    };
    let is_compound = is_after_hyphen || source.text_after(start + word.len()).starts_with('-');
    let is_figurative = source.word_after(start + word.len()).1 == "down";
    let mut number = Number::plain(
        start,
        start + word.len(),
        Value::fraction(numerator, denominator)?,
        Notation::Words,
    );
    (number.implied_unit, number.has_quantity_notation) = (ImpliedUnit::Multiple, true);
    (!is_compound && !is_figurative).then_some(number)
}

/// Returns the smallest number that a plural such as "dozens of" and "tens of thousands" names.
fn read_plural_number(source: &FoldedText, start: usize) -> Option<Number> {
    let factor = |word: &str| {
        Some(match word {
            "dozens" => 12,
            "tens" => 10,
            "hundreds" => 100,
            "thousands" => 1_000,
            "millions" => 1_000_000,
            "billions" => 1_000_000_000,
            "trillions" => 1_000_000_000_000,
            _ => return None,
        })
    };
    let word = source.letters_at(start);
    let mut product: i128 = 2 * factor(word)?;
    let mut end = start + word.len();
    let (of_end, of) = source.word_after(end);
    if of == "of"
        && let (second_end, second) = source.word_after(of_end)
        && let Some(second_factor) = factor(second)
    {
        product *= second_factor;
        end = second_end;
    }
    let is_counting = word != "tens" || product > 20;
    // "the thousands" and "hundreds" at the end of a clause still name a number of things.
    let mut number = Number::plain(start, end, Value::fraction(product, 1)?, Notation::Words);
    number.multiplier = product / 2;
    number.has_quantity_notation = true;
    number.comparator = Some(Comparator::AtLeast);
    is_counting.then_some(number)
}

/// Ordinals from first to ninth.
const ORDINALS_BELOW_TEN: [&str; 9] =
    ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"];

/// Returns whether a hyphen and an ordinal follow: twenty-first.
fn is_ordinal_after(source: &FoldedText, end: usize) -> bool {
    let is_hyphenated = source.text_after(end).starts_with('-');
    let (and_end, and) = source.word_after(end);
    let (_, next) = source.word_after(and_end);
    if and == "and"
        && (next.ends_with("ieth")
            || next.ends_with("teenth")
            || ORDINALS_BELOW_TEN.contains(&next)
            || matches!(next, "tenth" | "eleventh" | "twelfth"))
    {
        return true;
    }
    let word = source.letters_at(if is_hyphenated { end + 1 } else { end });
    is_hyphenated
        && ORDINALS_BELOW_TEN.contains(&word)
        && unit::unit_after(source, end).is_none_or(|unit_match| unit_match.unit.name != "second")
}
