//! Positional matching in one text: phrases with slop, NEAR and SAME. Search and highlighting both use these
//! functions, so they agree on matches.

/// Maximum number of operands of a NEAR or SAME clause. Seven operands have 128 subsets, one for each bit of
/// [`OperandSetBits`].
pub(crate) const MAX_NEAR_OPERANDS: usize = 7;

/// Positions of the first and the last token of an occurrence in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PositionRange {
    pub(crate) first: u32,
    pub(crate) last: u32,
}

/// Returns the occurrences of a phrase. Each occurrence is the list of the token positions of its slots. `slots`
/// contains, for each slot, its offset in the phrase and the ascending positions of the matching terms. `slop` is the
/// number of extra positions allowed between the slots, in total. Of several occurrences with the same start, returns
/// only the occurrence that ends first (minimal-interval semantics, as in the interval queries of Lucene).
pub(crate) fn phrase_occurrence_positions(slots: &[(u32, Vec<u32>)], slop: u32) -> Vec<Vec<u32>> {
    let occurrence = |&start: &u32| {
        let mut positions = Vec::with_capacity(slots.len());
        match_phrase_at_position(slots, slop, start, |position| positions.push(position))
            .map(|_| positions)
    };
    first_slot_positions(slots).iter().filter_map(occurrence).collect()
}

/// Returns the occurrences of a phrase as position ranges; see [`phrase_occurrence_positions`].
pub(crate) fn phrase_occurrence_ranges(
    slots: &[(u32, Vec<u32>)],
    slop: u32,
) -> impl Iterator<Item = PositionRange> {
    let range_from = move |&first: &u32| {
        Some(PositionRange { first, last: match_phrase_at_position(slots, slop, first, |_| ())? })
    };
    first_slot_positions(slots).iter().filter_map(range_from)
}

/// Returns the positions of the terms that match the first slot. Each occurrence of the phrase starts at one of these
/// positions.
fn first_slot_positions(slots: &[(u32, Vec<u32>)]) -> &[u32] {
    slots.first().map_or(&[], |(_, positions)| positions)
}

/// Matches a phrase whose first slot is at position `start`. Calls `visit` with the position of each slot, and returns
/// the position of the last slot. `None` if a slot has no position within the slop; `visit` then has seen only the
/// slots before that slot.
fn match_phrase_at_position(
    slots: &[(u32, Vec<u32>)],
    slop: u32,
    start: u32,
    mut visit: impl FnMut(u32),
) -> Option<u32> {
    let ((first_offset, _), other_slots) = slots.split_first()?;
    let (mut position, mut offset, mut slop_left) = (start, *first_offset, slop);
    visit(start);
    for (next_offset, positions) in other_slots {
        let expected = position + (next_offset - offset);
        let next_position = *positions.get(positions.partition_point(|&other| other < expected))?;
        slop_left = slop_left.checked_sub(next_position - expected)?;
        (position, offset) = (next_position, *next_offset);
        visit(next_position);
    }
    Some(position)
}

/// Several sets of operands of a NEAR clause, one bit for each possible set. Bit number `s` stands for the set that
/// contains operand `i` if bit `i` of the number `s` is 1.
type OperandSetBits = u128;

/// Evaluates NEAR: returns the occurrences that belong to a chain, each with the index of its operand. A chain
/// consists of one occurrence of every operand, in any order and without overlap, with at most `distance` positions
/// between two successive occurrences.
///
/// A forward pass computes, for each occurrence, the operand sets of the partial chains that end at the
/// occurrence. A backward pass computes the operand sets of the partial chains that begin at the occurrence.
/// The occurrence belongs to a full chain if a forward set and a backward set together contain all operands,
/// and have only the operand of the occurrence in common.
pub(crate) fn near_occurrences(
    operands: &[Vec<PositionRange>],
    distance: u32,
) -> Vec<(usize, PositionRange)> {
    let ranges = occurrences_in_text_order(operands);
    let forward_sets = chain_operand_sets_by_last_occurrence(&ranges, distance);
    let mut reversed_ranges: Vec<(usize, PositionRange)> = ranges
        .iter()
        .rev()
        .map(|&(operand, range)| (operand, range_in_reversed_text(range)))
        .collect();
    reversed_ranges.sort_by_key(|(_, range)| *range);
    let mut backward_sets = chain_operand_sets_by_last_occurrence(&reversed_ranges, distance);
    let reversed_index = |(operand, range): (usize, PositionRange)| {
        reversed_ranges.iter().position(|other| *other == (operand, range_in_reversed_text(range)))
    };
    let all_operands = (1_usize << operands.len()) - 1;
    let mut chain_occurrences = Vec::new();
    for (&occurrence, sets_before) in ranges.iter().zip(forward_sets) {
        let own_operand_bit = 1_usize << occurrence.0;
        let sets_after = reversed_index(occurrence)
            .and_then(|index| backward_sets.get_mut(index))
            .map_or(0, |sets| *sets);
        let completes = |set: &usize| {
            sets_before >> set & 1 == 1
                && sets_after >> (all_operands ^ set | own_operand_bit) & 1 == 1
        };
        if (0..=all_operands).any(|set| completes(&set)) {
            chain_occurrences.push(occurrence);
        }
    }
    chain_occurrences
}

/// Returns the number of occurrences at which a complete chain of NEAR ends; [`near_occurrences`] defines chains.
pub(crate) fn count_near_chain_ends(operands: &[Vec<PositionRange>], distance: u32) -> u32 {
    let all_operands = (1_usize << operands.len()) - 1;
    let operand_sets_by_end =
        chain_operand_sets_by_last_occurrence(&occurrences_in_text_order(operands), distance);
    operand_sets_by_end.into_iter().filter(|sets| sets >> all_operands & 1 == 1).count() as u32
}

/// Returns the occurrences of all operands in text order, without duplicates, each with the index of its operand.
fn occurrences_in_text_order(operands: &[Vec<PositionRange>]) -> Vec<(usize, PositionRange)> {
    let mut ranges: Vec<(usize, PositionRange)> = operands
        .iter()
        .take(MAX_NEAR_OPERANDS)
        .enumerate()
        .flat_map(|(operand, ranges)| ranges.iter().map(move |&range| (operand, range)))
        .collect();
    ranges.sort_unstable_by_key(|&(operand, range)| (range, operand));
    ranges.dedup();
    ranges
}

/// Returns the position range that an occurrence has if the text is read backwards.
const fn range_in_reversed_text(range: PositionRange) -> PositionRange {
    PositionRange { first: u32::MAX - range.last, last: u32::MAX - range.first }
}

/// Returns, for each occurrence, the sets of operands in the partial chains that end at the occurrence;
/// [`near_occurrences`] defines chains.
fn chain_operand_sets_by_last_occurrence(
    ranges: &[(usize, PositionRange)],
    distance: u32,
) -> Vec<OperandSetBits> {
    let max_range_length =
        ranges.iter().map(|(_, range)| range.last - range.first).max().unwrap_or(0);
    let mut all_sets: Vec<OperandSetBits> = Vec::with_capacity(ranges.len());
    for (index, &(operand, range)) in ranges.iter().enumerate() {
        let mut sets: OperandSetBits = 1 << (1_u32 << operand);
        for (&(_, earlier), &earlier_sets) in ranges.iter().zip(&all_sets).take(index).rev() {
            if range.first - earlier.first > distance + max_range_length + 1 {
                break;
            }
            if earlier.last < range.first && range.first - earlier.last - 1 <= distance {
                // To add the operand to a set, its bit is added to the number of the set. All bits of `earlier_sets`
                // therefore move up by this bit.
                sets |= (earlier_sets & operand_sets_without(operand)) << (1_u32 << operand);
            }
        }
        all_sets.push(sets);
    }
    all_sets
}

/// Returns all sets of operands that do not contain `operand`.
fn operand_sets_without(operand: usize) -> OperandSetBits {
    (0..128).filter(|set| set >> operand & 1 == 0).fold(0, |sets, set: u32| sets | 1 << set)
}

/// Evaluates SAME: finds the sentences that contain an occurrence of every operand. Returns the occurrences in these
/// sentences, each with the index of its operand. `sentence_ends` are the ascending positions of the last token of
/// each sentence. An occurrence that crosses the end of a sentence belongs to no sentence.
pub(crate) fn same_sentence_occurrences(
    operands: &[Vec<PositionRange>],
    sentence_ends: &[u32],
) -> Vec<(usize, PositionRange)> {
    let sentence_of = |range: &PositionRange| {
        let sentence = sentence_ends.partition_point(|&end| end < range.first);
        let ends_inside = sentence_ends.get(sentence).is_none_or(|&end| range.last <= end);
        ends_inside.then_some(sentence)
    };
    let mut shared_sentences: Option<Vec<usize>> = None;
    for ranges in operands {
        let mut operand_sentences: Vec<usize> = ranges.iter().filter_map(sentence_of).collect();
        operand_sentences.sort_unstable();
        operand_sentences.dedup();
        shared_sentences = Some(match shared_sentences {
            None => operand_sentences,
            Some(mut sentences) => {
                sentences.retain(|sentence| operand_sentences.binary_search(sentence).is_ok());
                sentences
            }
        });
    }
    let shared_sentences = shared_sentences.unwrap_or_default();
    let is_shared = |range: &PositionRange| {
        sentence_of(range).is_some_and(|sentence| shared_sentences.binary_search(&sentence).is_ok())
    };
    occurrences_in_text_order(operands).into_iter().filter(|(_, range)| is_shared(range)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one_position_ranges(positions: &[u32]) -> Vec<PositionRange> {
        positions.iter().map(|&p| PositionRange { first: p, last: p }).collect()
    }

    /// Test case of a phrase: the positions of the matching terms of each slot, the slop, and the expected positions of
    /// each occurrence.
    type PhrasePositionsCase<'a> = (&'a [&'a [u32]], u32, &'a [&'a [u32]]);

    #[test]
    fn phrases_match_the_occurrence_that_ends_first() {
        let slots_of = |lists: &[&[u32]]| -> Vec<(u32, Vec<u32>)> {
            lists.iter().enumerate().map(|(i, l)| (i as u32, l.to_vec())).collect()
        };
        let cases: [PhrasePositionsCase<'_>; 5] = [
            (&[&[0, 5], &[1, 7]], 0, &[&[0, 1]]),
            (&[&[0, 5], &[1, 7]], 1, &[&[0, 1], &[5, 7]]),
            (&[&[3], &[1]], 9, &[]),
            (&[&[0], &[4], &[8]], 6, &[&[0, 4, 8]]),
            (&[&[0], &[4], &[8]], 5, &[]),
        ];
        for (positions, slop, expected) in cases {
            let slots = slots_of(positions);
            assert_eq!(phrase_occurrence_positions(&slots, slop), expected, "{positions:?} {slop}");
            let actual_ranges: Vec<_> = phrase_occurrence_ranges(&slots, slop)
                .map(|range| [range.first, range.last])
                .collect();
            let expected_ranges =
                expected.iter().map(|positions| [positions[0], positions[positions.len() - 1]]);
            assert_eq!(actual_ranges, expected_ranges.collect::<Vec<_>>(), "{positions:?} {slop}");
        }
    }

    #[test]
    fn near_finds_words_within_the_distance() {
        let cases: [(&[&[u32]], u32, usize); 6] = [
            (&[&[0], &[3]], 2, 2),
            (&[&[0], &[3]], 1, 0),
            (&[&[3], &[0]], 2, 2),
            // An occurrence is not near itself.
            (&[&[5], &[5]], 9, 0),
            // Only successive occurrences of a chain must be near each other.
            (&[&[0], &[8], &[4]], 3, 3),
            // The occurrence at 20 is near no other occurrence.
            (&[&[0, 20], &[1]], 3, 2),
        ];
        for (positions, distance, expected) in cases {
            let operands: Vec<_> = positions.iter().map(|list| one_position_ranges(list)).collect();
            assert_eq!(
                near_occurrences(&operands, distance).len(),
                expected,
                "{positions:?} {distance}"
            );
            assert_eq!(
                count_near_chain_ends(&operands, distance) > 0,
                expected > 0,
                "{positions:?} {distance}"
            );
        }
    }

    #[test]
    fn same_finds_words_in_one_sentence() {
        let operands = [one_position_ranges(&[0, 6]), one_position_ranges(&[2, 9])];
        assert_eq!(same_sentence_occurrences(&operands, &[3, 12]).len(), 4);
        assert_eq!(same_sentence_occurrences(&operands, &[3, 7, 12]).len(), 2);
        let across = [vec![PositionRange { first: 3, last: 4 }], one_position_ranges(&[2])];
        assert_eq!(same_sentence_occurrences(&across, &[3, 12]), []);
    }

    proptest::proptest! {
        #[test]
        fn near_agrees_with_exhaustive_search(
            positions in proptest::collection::vec(proptest::collection::vec(0_u32..14, 0..4), 1..4),
            distance in 0_u32..5,
        ) {
            let operands: Vec<_> = positions.iter().map(|list| one_position_ranges(list)).collect();
            let mut expected: Vec<(usize, PositionRange)> = Vec::new();
            let mut chosen_ranges = Vec::new();
            add_chains_exhaustively(&operands, distance, &mut chosen_ranges, &mut expected);
            expected.sort_unstable_by_key(|&(operand, range)| (range, operand));
            expected.dedup();
            proptest::prop_assert_eq!(near_occurrences(&operands, distance), expected);
        }
    }

    /// Adds the occurrences of every complete chain to `chains`, by exhaustive search over all combinations of one
    /// occurrence for each operand. `chosen_occurrences` contains the occurrences chosen for the first operands.
    fn add_chains_exhaustively(
        operands: &[Vec<PositionRange>],
        distance: u32,
        chosen_occurrences: &mut Vec<PositionRange>,
        chains: &mut Vec<(usize, PositionRange)>,
    ) {
        if let Some(ranges) = operands.get(chosen_occurrences.len()) {
            for &range in ranges {
                chosen_occurrences.push(range);
                add_chains_exhaustively(operands, distance, chosen_occurrences, chains);
                chosen_occurrences.pop();
            }
            return;
        }
        let mut sorted_ranges = chosen_occurrences.clone();
        sorted_ranges.sort_unstable();
        let are_near = |pair: &[PositionRange]| {
            pair[0].last < pair[1].first && pair[1].first - pair[0].last - 1 <= distance
        };
        if sorted_ranges.windows(2).all(are_near) {
            chains.extend(chosen_occurrences.iter().copied().enumerate());
        }
    }
}
