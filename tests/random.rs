//! How often tests repeat something, and numbers for them.

/// How often a test is to repeat something: the number that the environment gives, or `default`.
pub(crate) fn count(variable: &str, default: usize) -> usize {
    std::env::var(variable).map_or(default, |value| value.parse().unwrap())
}

/// Numbers without a pattern, the same in every run (xorshift).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// A number from 0 to `end`, which is not among them.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }
}
