//! Computes the `MinHash` of a passage, a short fingerprint for finding near-duplicates.
//!
//! The `MinHash` (Broder, "On the resemblance and containment of documents", 1997) covers shingles of three tokens, and
//! keeps two bits of each minimum (Li and König, "b-Bit minwise hashing", 2010). Only passages that share a band of
//! locality-sensitive hashing (LSH) are compared. The fingerprint depends only on the text of the passage, not on other
//! passages or the history of the index.

use std::iter;

use crate::analysis::{Analysis, fnv1a};

/// Number of tokens of a shingle.
const SHINGLE_TOKEN_COUNT: usize = 3;
/// Minimum number of tokens of a passage that is compared by its shingles. Two shorter passages are duplicates only if
/// all of their words are equal, because a single word is a large share of a short text.
const MIN_SHINGLED_TOKENS: usize = 30;
/// Number of hash functions. With two bits per minimum, 64 hash functions estimate similarity as well as 45 full
/// hashes.
const HASH_FUNCTION_COUNT: usize = 64;
/// Minimum number of equal minima of two near-duplicates. Two passages with this number of equal minima share about
/// four fifths of their shingles.
const MIN_EQUAL_MINIMA_OF_NEAR_DUPLICATES: u32 = 55;
/// Number of LSH bands, of six minima each. The probability that two passages have a band in common is 98 % if they
/// share nine tenths of their shingles, and 0.1 % if they share no shingle. Longer bands would save comparisons. But a
/// longer band has more possible values, and the index would need a term for each value. These terms would cost more
/// space than is justified by the saved time.
const LSH_BAND_COUNT: usize = 4;
/// Number of bits of an LSH band: two bits for each of six minima.
const LSH_BAND_BITS: u32 = 12;

/// Multipliers of the hash functions.
const HASH_MULTIPLIERS: [u32; HASH_FUNCTION_COUNT] = multipliers();

/// Fingerprint of a passage, for finding near-duplicates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MinHash {
    /// Hash of all tokens of a short passage.
    Short(u64),
    /// Two bits of each minimum of a passage of at least [`MIN_SHINGLED_TOKENS`] tokens.
    Long(u128),
}

impl MinHash {
    /// Returns the fingerprint of a text; `None` if the text has no tokens.
    pub(super) fn of_text(analysis: &Analysis) -> Option<Self> {
        let tokens = analysis.tokens.iter();
        let hashes: Vec<u64> = tokens.map(|token| fnv1a(analysis.term(token).as_bytes())).collect();
        if hashes.is_empty() {
            return None;
        }
        if hashes.len() < MIN_SHINGLED_TOKENS {
            return Some(Self::Short(combine_hashes(&hashes)));
        }
        let mut minima = [u32::MAX; HASH_FUNCTION_COUNT];
        for shingle in hashes.windows(SHINGLE_TOKEN_COUNT).map(combine_hashes) {
            let (low_bits, high_bits) = (shingle as u32, (shingle >> 32) as u32);
            for (minimum, multiplier) in minima.iter_mut().zip(&HASH_MULTIPLIERS) {
                *minimum =
                    (*minimum).min(low_bits.wrapping_mul(*multiplier).wrapping_add(high_bits));
            }
        }
        let bits = minima.iter().fold(0, |bits, minimum| bits << 2 | two_bit_hash(*minimum));
        Some(Self::Long(bits))
    }

    /// Returns the values of the fast field that stores the fingerprint: one value for a short passage, two values for
    /// a long passage.
    pub(super) fn fast_field_values(self) -> impl Iterator<Item = u64> {
        let (first_value, second_value) = match self {
            Self::Short(hash) => (hash, None),
            Self::Long(bits) => (bits as u64, Some((bits >> 64) as u64)),
        };
        iter::once(first_value).chain(second_value)
    }

    /// Returns the fingerprint whose [`fast_field_values`](Self::fast_field_values) are `values`; `None` if `values` is
    /// empty.
    pub(crate) fn from_fast_field_values(mut values: impl Iterator<Item = u64>) -> Option<Self> {
        let first_value = values.next()?;
        let to_long = |second| Self::Long(u128::from(first_value) | u128::from(second) << 64);
        Some(values.next().map_or(Self::Short(first_value), to_long))
    }

    /// Returns the keys of the LSH bands. Two near-duplicates nearly always have a key in common. Two other passages
    /// seldom have a key in common.
    pub(crate) fn lsh_bands(self) -> impl Iterator<Item = u64> {
        let (bits, bands) = match self {
            Self::Short(hash) => (u128::from(hash), 0..1),
            Self::Long(bits) => (bits, 1..LSH_BAND_COUNT + 1),
        };
        bands.map(move |number| {
            let band =
                (bits >> (number * LSH_BAND_BITS as usize)) as u64 & ((1 << LSH_BAND_BITS) - 1);
            (number as u64) << LSH_BAND_BITS | band
        })
    }

    /// Returns whether two passages with these fingerprints are near-duplicates.
    pub(crate) fn is_near_duplicate(self, other: Self) -> bool {
        match (self, other) {
            (Self::Short(hash), Self::Short(other)) => hash == other,
            (Self::Long(bits), Self::Long(other)) => {
                count_equal_minima(bits, other) >= MIN_EQUAL_MINIMA_OF_NEAR_DUPLICATES
            }
            _ => false,
        }
    }
}

/// Returns the number of minima whose two bits are equal in `bits` and `other`.
const fn count_equal_minima(bits: u128, other: u128) -> u32 {
    let differing_bits = bits ^ other;
    let differing_bits = (differing_bits | differing_bits >> 1) & (u128::MAX / 3);
    HASH_FUNCTION_COUNT as u32 - differing_bits.count_ones()
}

/// Returns a hash of two bits that depend on all bits of `minimum`. A minimum is small, so its two highest bits would
/// nearly always be 0.
fn two_bit_hash(minimum: u32) -> u128 {
    u128::from(minimum.wrapping_mul(0x9e37_79b1) >> 30)
}

/// Combines `hashes` into one hash that depends on their number and order.
fn combine_hashes(hashes: &[u64]) -> u64 {
    hashes.iter().fold(hashes.len() as u64, |combined, hash| mix_bits(combined ^ hash))
}

/// Mixes the bits of a hash, so that every bit of the result depends on every bit of the input (`SplitMix64`).
const fn mix_bits(hash: u64) -> u64 {
    let hash = hash.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let hash = (hash ^ hash >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ hash >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ hash >> 31
}

/// Returns pseudorandom odd numbers.
const fn multipliers() -> [u32; HASH_FUNCTION_COUNT] {
    let mut multipliers = [0; HASH_FUNCTION_COUNT];
    let mut number = 0;
    while number < HASH_FUNCTION_COUNT {
        multipliers[number] = mix_bits(number as u64) as u32 | 1;
        number += 1;
    }
    multipliers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Analyzer, Chinese};

    fn min_hash(text: &str) -> Option<MinHash> {
        let mut analysis = Analysis::default();
        Analyzer::new(Chinese::Off).tokens(text, &mut analysis);
        MinHash::of_text(&analysis)
    }

    /// Returns a text of a hundred different words, in which the words at the positions `changed` are replaced.
    fn hundred_words(changed: &[usize]) -> String {
        let number = |index| if changed.contains(&index) { index + 1_000 } else { index };
        let letter = |digit: u8| char::from(digit - b'0' + b'a');
        let word = |index| -> String { number(index).to_string().bytes().map(letter).collect() };
        (0..100).map(|index| ["w", &word(index), " "].concat()).collect()
    }

    #[test]
    fn equal_texts_in_any_spelling_have_equal_fingerprints() {
        let simplified =
            "本市加快建设粤港澳大湾区，推动低空经济发展，支持企业增加投资，全年实现目标。"
                .repeat(2);
        let traditional =
            "本市加快建設粵港澳大灣區，推動低空經濟發展，支持企業增加投資，全年實現目標。"
                .repeat(2);
        for (text, other) in [
            ("Exports grew.", "EXPORTS — grew!"),
            ("39,000 people", "３９０００  People"),
            (&hundred_words(&[]), &hundred_words(&[]).to_uppercase()),
            (&simplified, &traditional),
        ] {
            assert_eq!(min_hash(text), min_hash(other), "{text}");
            assert!(min_hash(text).unwrap().is_near_duplicate(min_hash(other).unwrap()));
        }
        assert_eq!(min_hash("… — !"), None);
    }

    #[test]
    fn only_similar_texts_are_near_duplicates() {
        let scattered_positions: Vec<usize> = (0..100).step_by(5).collect();
        for (text, other, near) in [
            ("Exports grew.", "Imports grew.", false),
            ("Exports grew.", "Grew exports.", false),
            (&hundred_words(&[]), &hundred_words(&[50]), true),
            (&hundred_words(&[]), &hundred_words(&[30, 70]), true),
            // A fifth of the words and three fifths of the shingles differ.
            (&hundred_words(&[]), &hundred_words(&scattered_positions), false),
            (&hundred_words(&[]), "Exports grew.", false),
        ] {
            let (first_fingerprint, second_fingerprint) =
                (min_hash(text).unwrap(), min_hash(other).unwrap());
            assert_eq!(
                first_fingerprint.is_near_duplicate(second_fingerprint),
                near,
                "{text} / {other}"
            );
            let share_a_band = first_fingerprint
                .lsh_bands()
                .any(|band| second_fingerprint.lsh_bands().any(|other| band == other));
            assert!(share_a_band || !near, "{text} / {other} are never compared");
        }
    }

    #[test]
    fn equal_minima_estimate_the_share_of_equal_shingles() {
        // The text has 98 shingles. Each changed word changes three of them.
        let count_minima_equal_to_original = |changed: &[usize]| {
            let [Some(MinHash::Long(a)), Some(MinHash::Long(b))] =
                [min_hash(&hundred_words(&[])), min_hash(&hundred_words(changed))]
            else {
                panic!("the texts have a hundred words");
            };
            count_equal_minima(a, b)
        };
        for changed in [vec![10], vec![10, 30], vec![10, 30, 50, 70], (0..50).step_by(3).collect()]
        {
            let lost_shingles = 3.0 * changed.len() as f64;
            let shared_ratio = (98.0 - lost_shingles) / (98.0 + lost_shingles);
            let expected = 64.0 * (shared_ratio + (1.0 - shared_ratio) / 4.0);
            let actual = f64::from(count_minima_equal_to_original(&changed));
            assert!((actual - expected).abs() < 9.0, "{changed:?}: {actual}, not {expected}");
        }
    }

    proptest::proptest! {
        #[test]
        fn fast_field_values_restore_the_fingerprint(text in r"(?s)(.|[ 广州a-z]){0,120}") {
            if let Some(min_hash) = min_hash(&text) {
                proptest::prop_assert_eq!(MinHash::from_fast_field_values(min_hash.fast_field_values()), Some(min_hash));
                proptest::prop_assert!(min_hash.is_near_duplicate(min_hash));
            }
        }
    }
}
