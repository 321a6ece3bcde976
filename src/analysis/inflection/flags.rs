//! Flags of a lemma in the compiled lexicon, as bits of its value. The build script sets the flags, and the analyzer
//! reads them.

/// The lemma is a noun.
pub(super) const NOUN: u64 = 1;
/// The lemma is a verb.
pub(super) const VERB: u64 = 1 << 1;
/// The lemma is an adjective.
pub(super) const ADJECTIVE: u64 = 1 << 2;
/// The lemma is rarely used as a verb. So a search for its participle does not find the lemma: "stated" does not find
/// "state".
pub(super) const RARELY_VERB: u64 = 1 << 3;
/// The lemma is often not a verb, and its form in -ing may be a noun. So a search for the form in -ing does not find
/// the lemma ("billing" does not find "bill"), and a search for the lemma does not find a form in -ing with a meaning
/// of its own ("house" does not find "housing").
pub(super) const OFTEN_NOT_A_VERB: u64 = 1 << 4;
/// The lemma is rarely used as a noun or a verb. So a search for its form in -s does not find the lemma: "nationals"
/// does not find "national".
pub(super) const RARELY_NOUN_OR_VERB: u64 = 1 << 5;
/// The lemma is rarely used as an adjective, so it has no comparative: a search for "cut" does not find "cutter".
pub(super) const RARELY_ADJECTIVE: u64 = 1 << 6;
/// The lexicon data contain at least one use of the lemma as a noun or a verb. Set for "number", not for "longer".
pub(super) const USED_AS_NOUN_OR_VERB: u64 = 1 << 7;
/// The lexicon data contain at least one use of the lemma as an adjective, or the lemma is only an adjective.
pub(super) const USED_AS_ADJECTIVE: u64 = 1 << 8;
/// The lemma ends in -ing and is often used as a noun with a meaning of its own, such as meeting.
pub(super) const NOUN_IN_ING: u64 = 1 << 9;
