//! Part of the build script: writes the lexicon of English inflections as one finite-state map.
//!
//! | key | value | meaning |
//! |---|---|---|
//! | `plan` | the bits of `flags.rs` | a lemma |
//! | `rose<rise/v` | 0 | an irregular form, its lemma and part of speech |
//! | `rise>rose/v` | 0 | the same, by lemma |
//! | `goods=goods/n` | 0 | a distinct word and a lexeme that it belongs to |

#[path = "flags.rs"]
mod flags;

use std::{collections::BTreeMap, error::Error, fs, io::Read, path::Path};

/// Minimum share of verbs in the uses of a lemma, in percent, for a participle that stands for the lemma.
const MIN_VERB_SHARE: u64 = 34;
/// Minimum share of verbs in the uses of a lemma, in percent, for a participle in -ing that stands for the lemma.
const MIN_VERB_SHARE_FOR_ING: u64 = 62;
/// Minimum share of nouns and verbs in the uses of a lemma, in percent, for a form in -s that stands for the lemma.
const MIN_NOUN_OR_VERB_SHARE: u64 = 24;
/// Minimum share of adjectives in the uses of a lemma, in percent, for a lemma that has comparatives.
const MIN_ADJECTIVE_SHARE: u64 = 20;
/// Minimum number of uses as a noun that a form in -ing with its own meaning has for each 100 uses of its verb.
const MIN_NOUN_USES_OF_ING: u64 = 10;
/// Number of uses as a noun that are enough for a form in -ing with its own meaning, whatever its verb.
const MANY_NOUN_USES_OF_ING: u64 = 15;

/// Numbers of uses of a lemma. `None` for a part of speech that the lemma does not have.
#[derive(Clone, Copy, Default)]
struct Uses {
    noun: Option<u64>,
    verb: Option<u64>,
    adjective: Option<u64>,
}

/// Writes `inflection.fst` to `out_dir`, from the files in `data_dir`.
pub(super) fn write(data_dir: &str, out_dir: &Path) -> Result<(), Box<dyn Error>> {
    let lemmas = lemmas(data_dir)?;
    let mut entries: BTreeMap<String, u64> = lemmas
        .iter()
        .map(|(lemma, uses)| (lemma.clone(), flags_of(lemma, *uses, &lemmas)))
        .collect();
    for line in fs::read_to_string(format!("{data_dir}/irregular.txt"))?.lines() {
        if let [form, lemma, part] = line.split(' ').collect::<Vec<_>>()[..] {
            entries.insert(format!("{form}<{lemma}/{part}"), 0);
            entries.insert(format!("{lemma}>{form}/{part}"), 0);
        }
    }
    for fields in commented_lines(&format!("{data_dir}/distinct.txt"))? {
        let Some((form, lexemes)) = fields.split_first() else { continue };
        for lexeme in lexemes {
            entries.insert(format!("{form}={lexeme}"), 0);
        }
    }
    let mut map = fst::MapBuilder::memory();
    for (key, value) in entries {
        map.insert(key, value)?;
    }
    fs::write(out_dir.join("inflection.fst"), map.into_inner()?)?;
    Ok(())
}

/// Reads the lemmas. Each line of `lemmas.gz` has a digit (the number of leading letters that the lemma shares with the
/// lemma on the previous line), the rest of the lemma, a space, and for each part of speech its letter and its number of
/// uses. `uses.txt` replaces some numbers.
fn lemmas(data_dir: &str) -> Result<BTreeMap<String, Uses>, Box<dyn Error>> {
    let mut lines = String::new();
    let file = fs::File::open(format!("{data_dir}/lemmas.gz"))?;
    flate2::read::GzDecoder::new(file).read_to_string(&mut lines)?;
    let mut lemmas = BTreeMap::new();
    let mut lemma = String::new();
    for line in lines.lines() {
        let (coded, parts) = line.split_once(' ').ok_or(line)?;
        lemma.truncate(coded.get(..1).ok_or(line)?.parse()?);
        lemma.push_str(coded.get(1..).ok_or(line)?);
        let uses = |letter| uses(parts, letter);
        let uses = Uses { noun: uses('n'), verb: uses('v'), adjective: uses('a') };
        lemmas.insert(lemma.clone(), uses);
    }
    for fields in commented_lines(&format!("{data_dir}/uses.txt"))? {
        let [lemma, parts @ ..] = &fields[..] else { continue };
        let listed = lemmas.entry(lemma.clone()).or_default();
        let parts = parts.concat();
        listed.noun = uses(&parts, 'n').or(listed.noun);
        listed.verb = uses(&parts, 'v').or(listed.verb);
        listed.adjective = uses(&parts, 'a').or(listed.adjective);
    }
    Ok(lemmas)
}

/// Returns the fields of each line that is not a comment.
fn commented_lines(path: &str) -> Result<Vec<Vec<String>>, Box<dyn Error>> {
    let text = fs::read_to_string(path)?;
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    Ok(lines.map(|line| line.split_whitespace().map(str::to_owned).collect()).collect())
}

/// Returns the number of uses behind the letter of a part of speech. `None` if the letter is missing.
fn uses(parts: &str, letter: char) -> Option<u64> {
    let (_, rest) = parts.split_once(letter)?;
    let digits = rest.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
    Some(digits.parse().unwrap_or(0))
}

fn flags_of(lemma: &str, uses: Uses, lemmas: &BTreeMap<String, Uses>) -> u64 {
    let Uses { noun, verb, adjective } = uses;
    // One use is added to every part of speech, since a rare one may be missing from the tagged texts.
    let smoothed = |uses: Option<u64>| uses.map_or(0, |uses| uses + 1);
    let all = [noun, verb, adjective].map(smoothed).iter().sum::<u64>();
    let is_below = |uses: u64, share: u64| all > 0 && uses * 100 < all * share;
    let noun_or_verb = smoothed(noun) + smoothed(verb);
    let is_only_adjective = noun.or(verb).is_none();
    [
        (flags::NOUN, noun.is_some()),
        (flags::VERB, verb.is_some()),
        (flags::ADJECTIVE, adjective.is_some()),
        (flags::RARELY_VERB, is_below(smoothed(verb), MIN_VERB_SHARE)),
        (flags::OFTEN_NO_VERB, is_below(smoothed(verb), MIN_VERB_SHARE_FOR_ING)),
        (flags::RARELY_NOUN_OR_VERB, is_below(noun_or_verb, MIN_NOUN_OR_VERB_SHARE)),
        (flags::RARELY_ADJECTIVE, is_below(smoothed(adjective), MIN_ADJECTIVE_SHARE)),
        (flags::USED_AS_NOUN_OR_VERB, noun.max(verb) > Some(0)),
        (flags::USED_AS_ADJECTIVE, adjective > Some(0) || adjective.is_some() && is_only_adjective),
        (flags::NOUN_IN_ING, is_noun_in_ing(lemma, noun, lemmas)),
    ]
    .iter()
    .fold(0, |flags, (flag, is_set)| if *is_set { flags | flag } else { flags })
}

/// Whether a lemma in -ing is a noun with its own meaning.
fn is_noun_in_ing(lemma: &str, noun: Option<u64>, lemmas: &BTreeMap<String, Uses>) -> bool {
    let (Some(before), Some(noun_uses @ 1..)) = (lemma.strip_suffix("ing"), noun) else {
        return false;
    };
    let undoubled = before.get(..before.len().saturating_sub(1)).unwrap_or_default();
    let verbs = [before.to_owned(), format!("{before}e"), undoubled.to_owned()];
    let verb_uses = verbs.iter().filter_map(|verb| lemmas.get(verb)?.verb).max().unwrap_or(0);
    noun_uses >= MANY_NOUN_USES_OF_ING || noun_uses * 100 >= verb_uses * MIN_NOUN_USES_OF_ING
}
