//! Repetition counts and random numbers for tests.

/// Returns how often a test repeats something: the value of the environment variable, or `default`.
pub(crate) fn count(variable: &str, default: usize) -> usize {
    std::env::var(variable).map_or(default, |value| value.parse().unwrap())
}

/// Deterministic pseudo-random numbers (xorshift64).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// Returns a number from 0 to `end`, exclusive.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }
}
