//! Tokens of a passage → its signature, by which passages that say the same, or nearly, are told and found.
//!
//! `MinHash` (Broder, "On the resemblance and containment of documents", 1997) over runs of words or Han
//! characters, two bits of each minimum kept (Li and König, "b-Bit minwise hashing", 2010). It depends on
//! nothing but the text of the passage: not on what else is in the index, nor when that came.

use std::iter;

use crate::analysis::Analysis;

/// So many tokens in a row are compared.
const RUN: usize = 3;
/// With fewer tokens two passages are the same word for word, or not at all: one word more or less is much
/// of so little.
const LEAST_TOKENS: usize = 30;
/// Minima, of which two bits are kept each: those of 64 tell as much as all bits of 45.
const MINIMA: usize = 64;
/// Minima of which so many agree belong to passages that share about four fifths of their runs.
const NEAR: u32 = 55;
/// Passages that agree in all minima of a band, six of them, are compared: of those that share nine tenths of
/// their runs 98 in 100 are, and of those that share nothing one in a thousand. Longer bands would let fewer
/// through, but a term for each of their many values takes more room than comparing takes time.
const BANDS: usize = 4;
/// What a passage is found by, a band or the beginning of a hash, has so many bits.
const KEY_BITS: u32 = 12;

/// The multipliers that make as many orders of all runs.
const ORDERS: [u32; MINIMA] = orders();

/// What a passage says, in short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MinHash {
    /// Of a short passage: a hash of all its words.
    Short(u64),
    /// Of any other: two bits of each minimum.
    Long(u128),
}

impl MinHash {
    /// The signature of a text; none where it has no words.
    pub(in crate::index) fn of(analysis: &Analysis) -> Option<Self> {
        let tokens = analysis.tokens.iter().filter(|token| !token.extra);
        let hashes: Vec<u64> = tokens.map(|token| hashed(analysis.term(token))).collect();
        if hashes.len() < LEAST_TOKENS {
            return (!hashes.is_empty()).then(|| Self::Short(joined(&hashes)));
        }
        let mut minima = [u32::MAX; MINIMA];
        for run in hashes.windows(RUN).map(joined) {
            let (low, high) = (run as u32, (run >> 32) as u32);
            for (minimum, order) in minima.iter_mut().zip(&ORDERS) {
                *minimum = (*minimum).min(low.wrapping_mul(*order).wrapping_add(high));
            }
        }
        let bits = minima.iter().fold(0, |bits, minimum| bits << 2 | two_bits(*minimum));
        Some(Self::Long(bits))
    }

    /// How it is kept in a column of many values.
    pub(in crate::index) fn values(self) -> impl Iterator<Item = u64> {
        let (first, second) = match self {
            Self::Short(hash) => (hash, None),
            Self::Long(bits) => (bits as u64, Some((bits >> 64) as u64)),
        };
        iter::once(first).chain(second)
    }

    /// What [`values`](Self::values) were made from.
    pub(crate) fn from_values(mut values: impl Iterator<Item = u64>) -> Option<Self> {
        let first = values.next()?;
        let long = |second| Self::Long(u128::from(first) | u128::from(second) << 64);
        Some(values.next().map_or(Self::Short(first), long))
    }

    /// Passages that are near have one of these in common; few others have.
    pub(crate) fn keys(self) -> impl Iterator<Item = u64> {
        let (bits, bands) = match self {
            Self::Short(hash) => (u128::from(hash), 0..1),
            Self::Long(bits) => (bits, 1..BANDS + 1),
        };
        bands.map(move |number| {
            let band = (bits >> (number * KEY_BITS as usize)) as u64 & ((1 << KEY_BITS) - 1);
            (number as u64) << KEY_BITS | band
        })
    }

    /// Whether the passages say the same, or nearly.
    pub(crate) fn is_near(self, other: Self) -> bool {
        match (self, other) {
            (Self::Short(hash), Self::Short(other)) => hash == other,
            (Self::Long(bits), Self::Long(other)) => agreeing(bits, other) >= NEAR,
            _ => false,
        }
    }
}

/// How many minima agree.
const fn agreeing(bits: u128, other: u128) -> u32 {
    let differing = bits ^ other;
    let differing = (differing | differing >> 1) & (u128::MAX / 3);
    MINIMA as u32 - differing.count_ones()
}

/// The minimum of many is small: all its bits decide about those that are kept.
fn two_bits(minimum: u32) -> u128 {
    u128::from(minimum.wrapping_mul(0x9e37_79b1) >> 30)
}

/// FNV-1a.
fn hashed(term: &str) -> u64 {
    term.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// One hash of many, in their order.
fn joined(hashes: &[u64]) -> u64 {
    hashes.iter().fold(hashes.len() as u64, |all, hash| mixed(all ^ hash))
}

/// Every bit of the result depends on every bit of `hash` (`SplitMix64`).
const fn mixed(hash: u64) -> u64 {
    let hash = hash.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let hash = (hash ^ hash >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ hash >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ hash >> 31
}

const fn orders() -> [u32; MINIMA] {
    let mut orders = [0; MINIMA];
    let mut number = 0;
    while number < MINIMA {
        orders[number] = mixed(number as u64) as u32 | 1;
        number += 1;
    }
    orders
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Analyzer, Chinese};

    fn signature(text: &str) -> Option<MinHash> {
        let mut analysis = Analysis::default();
        Analyzer::new(Chinese::Off).tokens(text, &mut analysis);
        MinHash::of(&analysis)
    }

    /// A hundred words, no two the same, of which those at `changed` are others.
    fn words(changed: &[usize]) -> String {
        let word = |number| if changed.contains(&number) { number + 1_000 } else { number };
        (0..100)
            .map(|number| ["w".to_owned(), word(number).to_string(), " ".to_owned()].concat())
            .collect()
    }

    #[test]
    fn what_says_the_same_has_the_same_signature() {
        let long = "本市加快建设粤港澳大湾区，推动低空经济发展，支持企业增加投资，全年实现目标。"
            .repeat(2);
        let traditional =
            "本市加快建設粵港澳大灣區，推動低空經濟發展，支持企業增加投資，全年實現目標。"
                .repeat(2);
        for (text, other) in [
            ("Exports grew.", "EXPORTS — grew!"),
            ("39,000 people", "３９０００  People"),
            (&words(&[]), &words(&[]).to_uppercase()),
            (&long, &traditional),
        ] {
            assert_eq!(signature(text), signature(other), "{text}");
            assert!(signature(text).unwrap().is_near(signature(other).unwrap()));
        }
        assert_eq!(signature("… — !"), None);
    }

    #[test]
    fn what_says_something_else_is_not_near() {
        let scattered: Vec<usize> = (0..100).step_by(5).collect();
        for (text, other, near) in [
            ("Exports grew.", "Imports grew.", false),
            ("Exports grew.", "Grew exports.", false),
            (&words(&[]), &words(&[50]), true),
            (&words(&[]), &words(&[30, 70]), true),
            // A fifth of the words, and three fifths of the runs, are others.
            (&words(&[]), &words(&scattered), false),
            (&words(&[]), "Exports grew.", false),
        ] {
            let (first, second) = (signature(text).unwrap(), signature(other).unwrap());
            assert_eq!(first.is_near(second), near, "{text} / {other}");
            let shared = first.keys().any(|key| second.keys().any(|other| key == other));
            assert!(shared || !near, "{text} / {other} are never compared");
        }
    }

    #[test]
    fn minima_agree_as_often_as_runs_are_shared() {
        // 98 runs, of which two words that are changed alone take three each.
        let near = |changed: &[usize]| {
            let [Some(MinHash::Long(a)), Some(MinHash::Long(b))] =
                [signature(&words(&[])), signature(&words(changed))]
            else {
                panic!("of a hundred words");
            };
            agreeing(a, b)
        };
        for changed in [vec![10], vec![10, 30], vec![10, 30, 50, 70], (0..50).step_by(3).collect()]
        {
            let lost = 3.0 * changed.len() as f64;
            let shared = (98.0 - lost) / (98.0 + lost);
            let expected = 64.0 * (shared + (1.0 - shared) / 4.0);
            let found = f64::from(near(&changed));
            assert!((found - expected).abs() < 9.0, "{changed:?}: {found}, not {expected}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_column_keeps_signatures(text in r"(?s)(.|[ 广州a-z]){0,120}") {
            if let Some(signature) = signature(&text) {
                proptest::prop_assert_eq!(MinHash::from_values(signature.values()), Some(signature));
                proptest::prop_assert!(signature.is_near(signature));
            }
        }
    }
}
