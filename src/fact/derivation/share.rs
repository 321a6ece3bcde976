//! Finds shares for which the text names the part and the whole: 2 million, accounting for 40% of all 5 million jobs.

use super::{Derivation, DerivationKind, TextWithFacts, growth::have_same_unit};
use crate::{
    fact::{Dimension, Role, quantity::Quantity},
    script::is_han,
};

/// Words between a part and its share, such as "accounting for" in "2 million, accounting for 40%". In lower case.
const SHARE_INTRODUCTIONS: [&str; 12] = [
    "accounting for",
    "accounts for",
    "accounted for",
    "account for",
    "representing",
    "represents",
    "represented",
    "making up",
    "makes up",
    "made up",
    "constituting",
    "or",
];
/// Maximum number of bytes between a part and its share, and between the growth of a part and the part.
const MAX_BYTES_BETWEEN_PART_AND_SHARE: usize = 60;
/// Maximum length of the words that name the whole, in bytes.
const MAX_NAME_OF_WHOLE_BYTES: usize = 120;
/// Words between a share and the earlier share, such as "up from" in "40%, up from 35%". In lower case.
const EARLIER_SHARE_INTRODUCTIONS: [&str; 6] =
    ["up from", "down from", "compared with", "compared to", "from", "against"];
/// English words that are too general to say what a quantity measures, in lower case.
const WORDS_TOO_GENERAL_FOR_MEASURES: [&str; 20] = [
    "the", "of", "in", "and", "a", "an", "all", "total", "number", "amount", "its", "their",
    "city", "country", "for", "on", "with", "value", "share", "year",
];
/// Minimum number of Han characters of a Chinese description that can name the same thing as another description.
const MIN_WHOLE_HAN_CHARS: usize = 3;

/// Returns the derivations of all shares for which the text names the part and the whole. The operands are the part and
/// the whole.
pub(super) fn share_derivations(passage: &TextWithFacts<'_>) -> Vec<Derivation> {
    (1..passage.facts.quantities.len())
        .filter_map(|index| share_derivation(passage, index))
        .collect()
}

/// Returns the derivation of the share with the index `index` in [`Facts::quantities`](crate::fact::Facts::quantities).
/// The part is the quantity before the share.
fn share_derivation(passage: &TextWithFacts<'_>, index: usize) -> Option<Derivation> {
    let share = passage.quantity(index)?;
    let part = passage.quantity(index - 1)?;
    let gap = passage.gap(part, share)?;
    let is_share = share.dimension == Dimension::Share && share.change.is_none();
    let is_part = part.change.is_none()
        && !matches!(part.dimension, Dimension::Share | Dimension::SharePoints | Dimension::Time)
        && gap.len() <= MAX_BYTES_BETWEEN_PART_AND_SHARE;
    if !is_share || !is_part {
        return None;
    }
    let whole_words = words_of_whole(passage, share, &gap)?;
    let whole = whole_index(passage, index - 1, &whole_words)?;
    let computed =
        passage.operand_estimate(index - 1)?.divided_by(passage.operand_estimate(whole)?);
    passage.derivation(
        DerivationKind::Share,
        index,
        &[index - 1, whole],
        computed.scaled_and_shifted(100.0, 0.0),
    )
}

/// Returns the words that name the whole of a share: the words after `accounting for 40% of`, or the words between 占
/// and the number. `gap` is the text between the part and the share.
fn words_of_whole(passage: &TextWithFacts<'_>, share: &Quantity, gap: &str) -> Option<String> {
    if let Some((_, words)) = gap.rsplit_once('占') {
        return Some(words.trim_end_matches(['的', '达', '为']).to_owned());
    }
    if !SHARE_INTRODUCTIONS.iter().any(|words| gap.ends_with(words)) {
        return None;
    }
    let after = passage.text_after(share.span.end, MAX_NAME_OF_WHOLE_BYTES);
    let words = after.trim_start().strip_prefix("of ")?;
    let end = words.find([',', '.', ';', ':', '(']).unwrap_or(words.len());
    words.get(..end).map(str::to_owned)
}

/// Returns the index of the whole to which a part belongs. The whole is a larger quantity in the same unit, and the
/// words that name what it measures describe the same thing as `words`. `part_index` is the index of the part. Prefers
/// the nearest whole before the part; if there is none, returns the nearest whole after the part.
fn whole_index(passage: &TextWithFacts<'_>, part_index: usize, words: &str) -> Option<usize> {
    let part_quantity = passage.quantity(part_index)?;
    let is_whole = |index: &usize| {
        let Some(quantity) = passage.quantity(*index) else { return false };
        let measure = quantity.measure.map_or("", |measure| measure.of(passage.text));
        quantity.change.is_none()
            && matches!(quantity.role, Role::Single | Role::After)
            && have_same_unit(quantity, part_quantity)
            && quantity.value > part_quantity.value
            && describe_same_thing(&measure.to_lowercase(), words)
    };
    let after_part = part_index + 1..passage.facts.quantities.len();
    (0..part_index).rev().find(is_whole).or_else(|| after_part.into_iter().find(is_whole))
}

/// Returns whether two descriptions name the same thing: all content words of one occur in the other. Of Chinese
/// descriptions, all Han characters of one must stand together in the other.
fn describe_same_thing(first: &str, second: &str) -> bool {
    if first.chars().any(is_han) {
        let han = |text: &str| text.chars().filter(|c| is_han(*c)).collect::<String>();
        let (first, second) = (han(first), han(second));
        let is_long = first.chars().count().min(second.chars().count()) >= MIN_WHOLE_HAN_CHARS;
        return is_long && (first.contains(&second) || second.contains(&first));
    }
    let (first, second) = (content_words(first), content_words(second));
    let is_subset = |some: &[&str], all: &[&str]| some.iter().all(|word| all.contains(word));
    !first.is_empty()
        && !second.is_empty()
        && (is_subset(&first, &second) || is_subset(&second, &first))
}

/// Returns the words of a text, except words of one byte and [`WORDS_TOO_GENERAL_FOR_MEASURES`].
fn content_words(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.len() > 1 && !WORDS_TOO_GENERAL_FOR_MEASURES.contains(word))
        .collect()
}

/// Returns the derivations of the growth of parts whose earlier value the passage does not state. The earlier value
/// follows from an earlier share and an earlier whole: `the total increased from 4 to 5 million; the part rose by 43%
/// to 2 million, accounting for 40% of the total, up from 35%`. The operands are the part, the earlier share and the
/// earlier whole.
pub(super) fn growth_of_share_derivations(
    passage: &TextWithFacts<'_>,
    shares: &[Derivation],
) -> Vec<Derivation> {
    shares.iter().filter_map(|share| growth_of_share_derivation(passage, share)).collect()
}

/// Returns the derivation of the growth of a part. `share` is the derivation of the share of this part. The growth is
/// the quantity before the part.
fn growth_of_share_derivation(
    passage: &TextWithFacts<'_>,
    share: &Derivation,
) -> Option<Derivation> {
    let &[part, whole] = share.operand_indexes.as_slice() else { return None };
    let earlier_share = share.derived_index + 1;
    let gap =
        passage.gap(passage.quantity(share.derived_index)?, passage.quantity(earlier_share)?)?;
    let earlier_whole = whole.checked_sub(1)?;
    let growth = part.checked_sub(1)?;
    let (amount, part_quantity) = (passage.quantity(growth)?, passage.quantity(part)?);
    let is_growth = amount.change.is_some()
        && amount.dimension == Dimension::Share
        && passage
            .gap(amount, part_quantity)
            .is_some_and(|gap| gap.len() <= MAX_BYTES_BETWEEN_PART_AND_SHARE);
    let is_earlier = passage.quantity(earlier_share)?.dimension == Dimension::Share
        && EARLIER_SHARE_INTRODUCTIONS.iter().any(|words| gap.ends_with(words))
        && passage.quantity(whole)?.role == Role::After
        && passage.quantity(earlier_whole)?.role == Role::Before;
    if !is_growth || !is_earlier || growth == whole {
        return None;
    }
    let earlier_part = passage
        .operand_estimate(earlier_share)?
        .scaled_and_shifted(0.01, 0.0)
        .times(passage.operand_estimate(earlier_whole)?);
    let computed =
        passage.operand_estimate(part)?.divided_by(earlier_part).scaled_and_shifted(100.0, -100.0);
    let operands = [part, earlier_share, earlier_whole];
    passage.derivation(DerivationKind::GrowthOfShare, growth, &operands, computed)
}
