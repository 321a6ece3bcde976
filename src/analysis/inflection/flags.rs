//! Flags of a lemma in the compiled lexicon, as bits of its value. The build script sets the flags, and the analyzer
//! reads them.

/// The lemma is a noun.
pub(super) const NOUN: u64 = 1;
/// The lemma is a verb.
pub(super) const VERB: u64 = 1 << 1;
/// The lemma is an adjective.
pub(super) const ADJECTIVE: u64 = 1 << 2;
/// The lemma, such as state, is rarely used as a verb, so its participles do not stand for the lemma.
pub(super) const RARELY_VERB: u64 = 1 << 3;
/// The lemma, such as plan, is often not a verb, so its form in -ing, which may be a noun, does not stand for the
/// lemma.
pub(super) const OFTEN_NOT_A_VERB: u64 = 1 << 4;
/// The lemma, such as national, is rarely used as a noun or a verb, so its form in -s does not stand for the lemma.
pub(super) const RARELY_NOUN_OR_VERB: u64 = 1 << 5;
/// The lemma, such as cut, is rarely used as an adjective, so the lemma has no comparative.
pub(super) const RARELY_ADJECTIVE: u64 = 1 << 6;
/// The lexicon data count at least one use of the lemma as a noun or a verb. True for number, false for longer.
pub(super) const USED_AS_NOUN_OR_VERB: u64 = 1 << 7;
/// The lexicon data count at least one use of the lemma as an adjective, or the lemma is only an adjective.
pub(super) const USED_AS_ADJECTIVE: u64 = 1 << 8;
/// The lemma, such as meeting, ends in -ing and is used as a noun so often that the lemma has its own meaning.
pub(super) const NOUN_IN_ING: u64 = 1 << 9;
