//! Defines units and their dimensions.

/// Dimension of a unit: money, length, a count. Quantities of the same dimension can be compared, but sums of money
/// only in the same currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Dimension {
    /// Number of things that the text names.
    Count,
    /// Number of persons.
    Persons,
    /// Number of uses or visits by persons (人次).
    PersonTimes,
    /// Sum of money.
    Money,
    /// Part of a whole, or relative change.
    Share,
    /// Difference of two shares, in percentage points.
    SharePoints,
    /// Ratio to another quantity, in "times": 3 times, threefold.
    Multiple,
    /// Area.
    Area,
    /// Length or distance.
    Length,
    /// Mass.
    Mass,
    /// Volume.
    Volume,
    /// Energy.
    Energy,
    /// Electrical or mechanical power.
    Power,
    /// Voltage.
    Voltage,
    /// Computing power.
    Compute,
    /// Amount of data.
    Data,
    /// Data per time.
    DataRate,
    /// Duration or age.
    Time,
    /// Temperature.
    Temperature,
    /// Speed.
    Speed,
    /// Concentration or density.
    Concentration,
    /// Loudness.
    Loudness,
}

/// Unit of a quantity: one row of the table of units.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unit {
    /// Short name: the code of a currency (`CNY`), a symbol (`%`, `km2`), or a word for units without symbol. A sum in
    /// `$` or `元` does not state the country of the currency.
    pub name: &'static str,
    /// Sign of the currency (`¥`). Empty for other units.
    pub sign: &'static str,
    /// Dimension of the unit.
    pub dimension: Dimension,
    /// Name of the unit in which quantities are compared.
    pub base: &'static str,
    /// Factor to the base unit, as numerator and denominator.
    pub(in crate::fact) factor: (u32, u32),
    /// English words for the unit, in the singular and in lower case, separated by `|`.
    pub(in crate::fact) english_words: &'static str,
    /// Symbols that follow a number directly or after one space, case-sensitive, separated by `|`.
    pub(in crate::fact) symbols: &'static str,
    /// Chinese words for the unit, in Simplified characters, separated by `|`.
    pub(in crate::fact) chinese_words: &'static str,
}
