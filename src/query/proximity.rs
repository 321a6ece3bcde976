//! Positions of words in one text → the places where they stand together as a query asks. Search and
//! highlighting both decide by these functions.

/// More operands than that would not fit the sets below.
pub(crate) const MAX_OPERANDS: usize = 7;

/// Where something stands in a text: its first and last position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PositionRange {
    pub(crate) first: u32,
    pub(crate) last: u32,
}

/// The places where one position of each list follows the one before it at the distance of their
/// offsets, with at most `gap` more positions between them altogether: the positions taken. Of several
/// choices that begin at one place it is the one that ends first, as the engines with minimal intervals
/// have it.
pub(crate) fn in_order(lists: &[(u32, Vec<u32>)], gap: u32) -> Vec<Vec<u32>> {
    let taken = |&start: &u32| {
        let mut taken = Vec::with_capacity(lists.len());
        chain(lists, gap, start, |position| taken.push(position)).map(|_| taken)
    };
    starts(lists).iter().filter_map(taken).collect()
}

/// The same places, each by its ends.
pub(crate) fn places_in_order(
    lists: &[(u32, Vec<u32>)],
    gap: u32,
) -> impl Iterator<Item = PositionRange> {
    let place =
        move |&first: &u32| Some(PositionRange { first, last: chain(lists, gap, first, |_| ())? });
    starts(lists).iter().filter_map(place)
}

fn starts(lists: &[(u32, Vec<u32>)]) -> &[u32] {
    lists.first().map_or(&[], |(_, starts)| starts)
}

/// Hands on the positions taken of one that begins at `start`, and returns the last; none where some list
/// has no position that follows.
fn chain(
    lists: &[(u32, Vec<u32>)],
    gap: u32,
    start: u32,
    mut take: impl FnMut(u32),
) -> Option<u32> {
    let ((first_offset, _), rest) = lists.split_first()?;
    let (mut position, mut offset, mut left) = (start, *first_offset, gap);
    take(start);
    for (next_offset, positions) in rest {
        let least = position + (next_offset - offset);
        let next = *positions.get(positions.partition_point(|&found| found < least))?;
        left = left.checked_sub(next - least)?;
        (position, offset) = (next, *next_offset);
        take(next);
    }
    Some(position)
}

/// A set of sets of operands, a bit for each.
type Chains = u128;

/// Which places of which operand belong to a chain: one place of every operand, none overlapping
/// another, each at most `distance` positions after the one before it, in any order.
pub(crate) fn near(operands: &[Vec<PositionRange>], distance: u32) -> Vec<(usize, PositionRange)> {
    let places = sorted(operands);
    let forward = chains(&places, distance);
    let mut turned: Vec<(usize, PositionRange)> =
        places.iter().rev().map(|&(o, p)| (o, mirrored(p))).collect();
    turned.sort_by_key(|(_, place)| *place);
    let mut backward = chains(&turned, distance);
    // The same place has another index there.
    let index_of = |wanted: &(usize, PositionRange)| {
        turned.iter().position(|(o, p)| (*o, *p) == (wanted.0, mirrored(wanted.1)))
    };
    let all = (1_usize << operands.len()) - 1;
    let mut found = Vec::new();
    for (place, before) in places.iter().zip(forward) {
        let own = 1_usize << place.0;
        let after = index_of(place).and_then(|index| backward.get_mut(index)).map_or(0, |set| *set);
        let closes = |set: &usize| before >> set & 1 == 1 && after >> (all ^ set | own) & 1 == 1;
        if (0..=all).any(|set| closes(&set)) {
            found.push(*place);
        }
    }
    found
}

/// How many places end such a chain.
pub(crate) fn near_count(operands: &[Vec<PositionRange>], distance: u32) -> u32 {
    let all = (1_usize << operands.len()) - 1;
    chains(&sorted(operands), distance).into_iter().filter(|set| set >> all & 1 == 1).count() as u32
}

fn sorted(operands: &[Vec<PositionRange>]) -> Vec<(usize, PositionRange)> {
    let mut places: Vec<(usize, PositionRange)> = operands
        .iter()
        .take(MAX_OPERANDS)
        .enumerate()
        .flat_map(|(operand, places)| places.iter().map(move |&place| (operand, place)))
        .collect();
    places.sort_unstable_by_key(|&(operand, place)| (place, operand));
    places.dedup();
    places
}

const fn mirrored(place: PositionRange) -> PositionRange {
    PositionRange { first: u32::MAX - place.last, last: u32::MAX - place.first }
}

/// For each place the sets of operands that a chain ending there may have.
fn chains(places: &[(usize, PositionRange)], distance: u32) -> Vec<Chains> {
    let longest = places.iter().map(|(_, p)| p.last - p.first).max().unwrap_or(0);
    let mut found: Vec<Chains> = Vec::with_capacity(places.len());
    for (index, &(operand, place)) in places.iter().enumerate() {
        let mut sets: Chains = 1 << (1_u32 << operand);
        let before = places.iter().zip(&found).take(index).rev();
        for (&(_, earlier), &chains) in before {
            if place.first - earlier.first > distance + longest + 1 {
                break;
            }
            if earlier.last < place.first && place.first - earlier.last - 1 <= distance {
                sets |= (chains & without(operand)) << (1_u32 << operand);
            }
        }
        found.push(sets);
    }
    found
}

/// The sets that `operand` is not in.
fn without(operand: usize) -> Chains {
    (0..128).filter(|set| set >> operand & 1 == 0).fold(0, |sets, set: u32| sets | 1 << set)
}

/// Which places of which operand stand in a sentence that has a place of every operand. A sentence
/// ends after each of the positions `ends`; a place that goes across one stands in no sentence.
pub(crate) fn same_sentence(
    operands: &[Vec<PositionRange>],
    ends: &[u32],
) -> Vec<(usize, PositionRange)> {
    let sentence = |place: &PositionRange| {
        let index = ends.partition_point(|&end| end < place.first);
        ends.get(index).is_none_or(|&end| place.last <= end).then_some(index)
    };
    let mut shared: Option<Vec<usize>> = None;
    for places in operands {
        let mut own: Vec<usize> = places.iter().filter_map(sentence).collect();
        own.sort_unstable();
        own.dedup();
        shared = Some(match shared {
            None => own,
            Some(before) => before.into_iter().filter(|s| own.binary_search(s).is_ok()).collect(),
        });
    }
    let shared = shared.unwrap_or_default();
    let stands =
        |place: &PositionRange| sentence(place).is_some_and(|s| shared.binary_search(&s).is_ok());
    sorted(operands).into_iter().filter(|(_, place)| stands(place)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(positions: &[u32]) -> Vec<PositionRange> {
        positions.iter().map(|&p| PositionRange { first: p, last: p }).collect()
    }

    /// Positions of each word, the gap, the positions taken.
    type Case<'a> = (&'a [&'a [u32]], u32, &'a [&'a [u32]]);

    #[test]
    fn words_in_order() {
        let lists = |lists: &[&[u32]]| -> Vec<(u32, Vec<u32>)> {
            lists.iter().enumerate().map(|(i, l)| (i as u32, l.to_vec())).collect()
        };
        let cases: [Case<'_>; 5] = [
            (&[&[0, 5], &[1, 7]], 0, &[&[0, 1]]),
            (&[&[0, 5], &[1, 7]], 1, &[&[0, 1], &[5, 7]]),
            (&[&[3], &[1]], 9, &[]),
            (&[&[0], &[4], &[8]], 6, &[&[0, 4, 8]]),
            (&[&[0], &[4], &[8]], 5, &[]),
        ];
        for (given, gap, expected) in cases {
            let lists = lists(given);
            assert_eq!(in_order(&lists, gap), expected, "{given:?} {gap}");
            let ends: Vec<_> = places_in_order(&lists, gap).map(|p| [p.first, p.last]).collect();
            let expected = expected.iter().map(|taken| [taken[0], taken[taken.len() - 1]]);
            assert_eq!(ends, expected.collect::<Vec<_>>(), "{given:?} {gap}");
        }
    }

    #[test]
    fn words_near_each_other() {
        let cases: [(&[&[u32]], u32, usize); 6] = [
            (&[&[0], &[3]], 2, 2),
            (&[&[0], &[3]], 1, 0),
            (&[&[3], &[0]], 2, 2),
            // The same place is not near itself.
            (&[&[5], &[5]], 9, 0),
            // Each is near the next, though the outer ones are not near each other.
            (&[&[0], &[8], &[4]], 3, 3),
            // 20 is near nothing.
            (&[&[0, 20], &[1]], 3, 2),
        ];
        for (given, distance, expected) in cases {
            let operands: Vec<_> = given.iter().map(|positions| places(positions)).collect();
            assert_eq!(near(&operands, distance).len(), expected, "{given:?} {distance}");
            assert_eq!(near_count(&operands, distance) > 0, expected > 0, "{given:?} {distance}");
        }
    }

    #[test]
    fn words_in_one_sentence() {
        let operands = [places(&[0, 6]), places(&[2, 9])];
        assert_eq!(same_sentence(&operands, &[3, 12]).len(), 4);
        assert_eq!(same_sentence(&operands, &[3, 7, 12]).len(), 2);
        let across = [vec![PositionRange { first: 3, last: 4 }], places(&[2])];
        assert_eq!(same_sentence(&across, &[3, 12]), []);
    }

    proptest::proptest! {
        /// The chains are those that trying out every choice finds.
        #[test]
        fn near_is_what_trying_out_finds(
            positions in proptest::collection::vec(proptest::collection::vec(0_u32..14, 0..4), 1..4),
            distance in 0_u32..5,
        ) {
            let operands: Vec<_> = positions.iter().map(|list| places(list)).collect();
            let mut expected: Vec<(usize, PositionRange)> = Vec::new();
            let mut choice = Vec::new();
            choose(&operands, distance, &mut choice, &mut expected);
            expected.sort_unstable_by_key(|&(operand, place)| (place, operand));
            expected.dedup();
            proptest::prop_assert_eq!(near(&operands, distance), expected);
        }
    }

    fn choose(
        operands: &[Vec<PositionRange>],
        distance: u32,
        choice: &mut Vec<PositionRange>,
        found: &mut Vec<(usize, PositionRange)>,
    ) {
        if let Some(places) = operands.get(choice.len()) {
            for &place in places {
                choice.push(place);
                choose(operands, distance, choice, found);
                choice.pop();
            }
            return;
        }
        let mut order = choice.clone();
        order.sort_unstable();
        let linked = |pair: &[PositionRange]| {
            pair[0].last < pair[1].first && pair[1].first - pair[0].last - 1 <= distance
        };
        if order.windows(2).all(linked) {
            found.extend(choice.iter().copied().enumerate());
        }
    }
}
