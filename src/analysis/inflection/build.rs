//! Writes, at build time, the lexicon of English inflections as one finite-state map.
//!
//! | key | value | meaning |
//! |---|---|---|
//! | `plan` | the bits of `flags.rs` | a lemma |
//! | `rose<rise/v` | 0 | an irregular form, its lemma and part of speech |
//! | `rise>rose/v` | 0 | a lemma, its irregular form and part of speech |
//! | `goods=goods/n` | 0 | a word with a meaning of its own, and a lexeme of which it is a form |

#[path = "flags.rs"]
mod flags;

use std::{collections::BTreeMap, error::Error, fs, io::Read, path::Path};

/// A search for a participle (stated) also finds its lemma (state) if at least this percentage of the uses of the lemma
/// are uses as a verb.
const MIN_VERB_USE_PERCENT: u64 = 34;
/// A search for a participle in -ing also finds its lemma if at least this percentage of the uses of the lemma are uses
/// as a verb.
const MIN_VERB_USE_PERCENT_FOR_ING: u64 = 62;
/// A search for a form in -s (nationals) also finds its lemma (national) if at least this percentage of the uses of the
/// lemma are uses as a noun or a verb.
const MIN_NOUN_OR_VERB_USE_PERCENT: u64 = 24;
/// A lemma has a comparative if at least this percentage of the uses of the lemma are uses as an adjective.
const MIN_ADJECTIVE_USE_PERCENT: u64 = 20;
/// A form in -ing has its own meaning if its uses as a noun are at least this percentage of the uses of its verb.
const MIN_ING_NOUN_PERCENT_OF_VERB_USES: u64 = 10;
/// A form in -ing with at least this number of uses as a noun has its own meaning, regardless of how often its verb is
/// used.
const MIN_ING_NOUN_USES: u64 = 15;

/// Numbers of uses of a lemma as each part of speech. `None` for a part of speech that the lemma does not have.
#[derive(Clone, Copy, Default)]
#[expect(clippy::struct_field_names, reason = "each name states what is counted")]
struct LemmaUseCounts {
    noun_uses: Option<u64>,
    verb_uses: Option<u64>,
    adjective_uses: Option<u64>,
}

/// Writes the lexicon `inflection.fst` to `out_dir`, from the files in `data_dir`.
pub(super) fn write_lexicon(data_dir: &str, out_dir: &Path) -> Result<(), Box<dyn Error>> {
    let lemmas = read_lemma_use_counts(data_dir)?;
    let mut entries: BTreeMap<String, u64> = lemmas
        .iter()
        .map(|(lemma, uses)| (lemma.clone(), lemma_flags(lemma, *uses, &lemmas)))
        .collect();
    for line in fs::read_to_string(format!("{data_dir}/irregular.txt"))?.lines() {
        if let [form, lemma, part] = line.split(' ').collect::<Vec<_>>()[..] {
            entries.insert(format!("{form}<{lemma}/{part}"), 0);
            entries.insert(format!("{lemma}>{form}/{part}"), 0);
        }
    }
    for fields in fields_of_lines(&format!("{data_dir}/distinct.txt"))? {
        let Some((form, lexemes)) = fields.split_first() else { continue };
        for lexeme in lexemes {
            entries.insert(format!("{form}={lexeme}"), 0);
        }
    }
    let mut map_builder = fst::MapBuilder::memory();
    for (key, value) in entries {
        map_builder.insert(key, value)?;
    }
    fs::write(out_dir.join("inflection.fst"), map_builder.into_inner()?)?;
    Ok(())
}

/// Reads the lemmas and their numbers of uses. Each line of `lemmas.gz` has a digit (the number of leading letters
/// that the lemma shares with the lemma on the previous line), the rest of the lemma, a space, and for each part of
/// speech its letter and its number of uses. `uses.txt` replaces some numbers.
fn read_lemma_use_counts(
    data_dir: &str,
) -> Result<BTreeMap<String, LemmaUseCounts>, Box<dyn Error>> {
    let mut lemma_list = String::new();
    let file = fs::File::open(format!("{data_dir}/lemmas.gz"))?;
    flate2::read::GzDecoder::new(file).read_to_string(&mut lemma_list)?;
    let mut lemmas = BTreeMap::new();
    let mut lemma = String::new();
    for line in lemma_list.lines() {
        let (coded_lemma, parts) = line.split_once(' ').ok_or(line)?;
        lemma.truncate(coded_lemma.get(..1).ok_or(line)?.parse()?);
        lemma.push_str(coded_lemma.get(1..).ok_or(line)?);
        let uses_as = |letter| parse_use_count(parts, letter);
        let uses = LemmaUseCounts {
            noun_uses: uses_as('n'),
            verb_uses: uses_as('v'),
            adjective_uses: uses_as('a'),
        };
        lemmas.insert(lemma.clone(), uses);
    }
    for fields in fields_of_lines(&format!("{data_dir}/uses.txt"))? {
        let [lemma, parts @ ..] = &fields[..] else { continue };
        let lemma_uses = lemmas.entry(lemma.clone()).or_default();
        let parts = parts.concat();
        lemma_uses.noun_uses = parse_use_count(&parts, 'n').or(lemma_uses.noun_uses);
        lemma_uses.verb_uses = parse_use_count(&parts, 'v').or(lemma_uses.verb_uses);
        lemma_uses.adjective_uses = parse_use_count(&parts, 'a').or(lemma_uses.adjective_uses);
    }
    Ok(lemmas)
}

/// Returns the fields of each line of a file, without comment lines.
fn fields_of_lines(path: &str) -> Result<Vec<Vec<String>>, Box<dyn Error>> {
    let text = fs::read_to_string(path)?;
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    Ok(lines.map(|line| line.split_whitespace().map(str::to_owned).collect()).collect())
}

/// Returns the number of uses of a lemma as one part of speech. In `parts`, this number follows `letter`, the letter of
/// the part of speech. `None` if `parts` lacks the letter.
fn parse_use_count(parts: &str, letter: char) -> Option<u64> {
    let (_, text_after_letter) = parts.split_once(letter)?;
    let digits = text_after_letter.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
    Some(digits.parse().unwrap_or(0))
}

/// Returns the flags of a lemma, computed from its numbers of uses as each part of speech.
fn lemma_flags(
    lemma: &str,
    uses: LemmaUseCounts,
    lemmas: &BTreeMap<String, LemmaUseCounts>,
) -> u64 {
    let LemmaUseCounts { noun_uses, verb_uses, adjective_uses } = uses;
    // One use is added to every part of speech of the lemma, since rare uses may be missing from the tagged texts.
    let smoothed_count = |uses: Option<u64>| uses.map_or(0, |uses| uses + 1);
    let all_uses = [noun_uses, verb_uses, adjective_uses].map(smoothed_count).iter().sum::<u64>();
    let is_below = |uses: u64, share: u64| all_uses > 0 && uses * 100 < all_uses * share;
    let noun_or_verb_uses = smoothed_count(noun_uses) + smoothed_count(verb_uses);
    let is_only_adjective = noun_uses.or(verb_uses).is_none();
    [
        (flags::NOUN, noun_uses.is_some()),
        (flags::VERB, verb_uses.is_some()),
        (flags::ADJECTIVE, adjective_uses.is_some()),
        (flags::RARELY_VERB, is_below(smoothed_count(verb_uses), MIN_VERB_USE_PERCENT)),
        (
            flags::OFTEN_NOT_A_VERB,
            is_below(smoothed_count(verb_uses), MIN_VERB_USE_PERCENT_FOR_ING),
        ),
        (flags::RARELY_NOUN_OR_VERB, is_below(noun_or_verb_uses, MIN_NOUN_OR_VERB_USE_PERCENT)),
        (
            flags::RARELY_ADJECTIVE,
            is_below(smoothed_count(adjective_uses), MIN_ADJECTIVE_USE_PERCENT),
        ),
        (flags::USED_AS_NOUN_OR_VERB, noun_uses.max(verb_uses) > Some(0)),
        (
            flags::USED_AS_ADJECTIVE,
            adjective_uses > Some(0) || adjective_uses.is_some() && is_only_adjective,
        ),
        (flags::NOUN_IN_ING, is_noun_in_ing(lemma, noun_uses, lemmas)),
    ]
    .iter()
    .fold(0, |flags, (flag, is_set)| if *is_set { flags | flag } else { flags })
}

/// Returns whether a lemma in -ing is a noun with its own meaning, such as meeting. `noun_uses` is the number of uses
/// of the lemma as a noun.
fn is_noun_in_ing(
    lemma: &str,
    noun_uses: Option<u64>,
    lemmas: &BTreeMap<String, LemmaUseCounts>,
) -> bool {
    let (Some(before), Some(noun_uses @ 1..)) = (lemma.strip_suffix("ing"), noun_uses) else {
        return false;
    };
    let undoubled_stem = before.get(..before.len().saturating_sub(1)).unwrap_or_default();
    let verbs = [before.to_owned(), format!("{before}e"), undoubled_stem.to_owned()];
    let verb_uses = verbs.iter().filter_map(|verb| lemmas.get(verb)?.verb_uses).max().unwrap_or(0);
    noun_uses >= MIN_ING_NOUN_USES
        || noun_uses * 100 >= verb_uses * MIN_ING_NOUN_PERCENT_OF_VERB_USES
}
