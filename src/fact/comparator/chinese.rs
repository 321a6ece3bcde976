//! Finds Chinese comparators before a number.

use super::{
    kind::{
        Comparator::{self, AtLeast, AtMost},
        ComparatorMatch,
    },
    words::{CHINESE_COMPARATORS_BEFORE_NUMBER, WORDS_ENDING_LIKE_COMPARATORS},
};
use crate::fact::{
    folded_text::{FoldedText, is_han},
    unit::Dimension,
};

/// Returns the Chinese comparator that ends at the byte offset `end`. `None` if no comparator ends there.
pub(super) fn chinese_comparator_before(
    source: &FoldedText,
    end: usize,
) -> Option<ComparatorMatch> {
    let window = source.window_before(end, 18);
    let is_look_alike = WORDS_ENDING_LIKE_COMPARATORS.iter().any(|other| window.ends_with(other));
    let comparator_match = CHINESE_COMPARATORS_BEFORE_NUMBER
        .iter()
        .find(|(word, _)| window.ends_with(word) && !is_look_alike);
    comparator_match
        .map(|&(word, comparator)| ComparatorMatch { comparator, outer_offset: end - word.len() })
}

/// Returns the comparator that other words separate from its number: 不高于 in 不高于担保责任的0.5%, and 至少 in 至少节省10%. `end` is
/// the byte offset at which the number begins, and `dimension` is the dimension of the unit of the number.
pub(super) fn distant_chinese_comparator_before(
    source: &FoldedText,
    end: usize,
    dimension: Option<Dimension>,
) -> Option<Comparator> {
    // Each row has a comparator, its meaning, and the maximum number of bytes between the comparator and the number.
    const DISTANT_COMPARATORS: [(&str, Comparator, usize); 14] = [
        ("至少", AtLeast, 15),
        ("最多", AtMost, 15),
        ("不高于", AtMost, 45),
        ("不低于", AtLeast, 45),
        ("不超过", AtMost, 45),
        ("不得超过", AtMost, 45),
        ("不少于", AtLeast, 45),
        ("不得低于", AtLeast, 45),
        ("不得少于", AtLeast, 45),
        ("不得高于", AtMost, 45),
        ("不得多于", AtMost, 45),
        ("不得逾", AtMost, 45),
        ("至多", AtMost, 15),
        ("应达", AtLeast, 15),
    ];
    let window = source.window_before(end, 60);
    DISTANT_COMPARATORS.iter().find_map(|&(word, comparator, max_gap_bytes)| {
        let (_, between) = window.rsplit_once(word)?;
        let is_clause = between.len() <= max_gap_bytes && between.chars().all(is_han);
        let is_joined =
            max_gap_bytes <= 15 || between.ends_with('的') || dimension == Some(Dimension::Share);
        (is_clause && is_joined).then_some(comparator)
    })
}
