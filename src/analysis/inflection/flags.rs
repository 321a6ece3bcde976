//! Bits of the value of a lemma in the compiled lexicon. The build script sets them and the analyzer reads them.

/// The lemma is a noun.
pub(super) const NOUN: u64 = 1;
/// The lemma is a verb.
pub(super) const VERB: u64 = 1 << 1;
/// The lemma is an adjective.
pub(super) const ADJECTIVE: u64 = 1 << 2;
/// Few uses of the lemma are of a verb: state.
pub(super) const RARELY_VERB: u64 = 1 << 3;
/// Too few uses of the lemma are of a verb for a form in -ing, which may be a noun: plan.
pub(super) const OFTEN_NO_VERB: u64 = 1 << 4;
/// Few uses of the lemma are of a noun or a verb: national.
pub(super) const RARELY_NOUN_OR_VERB: u64 = 1 << 5;
/// Few uses of the lemma are of an adjective: cut.
pub(super) const RARELY_ADJECTIVE: u64 = 1 << 6;
/// The lemma is used as a noun or a verb: number, unlike longer.
pub(super) const USED_AS_NOUN_OR_VERB: u64 = 1 << 7;
/// The lemma is used as an adjective, or is nothing else.
pub(super) const USED_AS_ADJECTIVE: u64 = 1 << 8;
/// The lemma in -ing is used as a noun so often that it has its own meaning: meeting.
pub(super) const NOUN_IN_ING: u64 = 1 << 9;
