//! Part of the build script: writes the lexicon of English inflections as one finite-state map.
//!
//! | key | value | meaning |
//! |---|---|---|
//! | `plan` | parts of speech and their numbers of uses | a lemma |
//! | `rose<rise/v` | 0 | an irregular form, its lemma and part of speech |
//! | `rise>rose/v` | 0 | the same, by lemma |
//! | `goods=goods/n` | 0 | a distinct word and a lexeme that it belongs to |

use std::{collections::BTreeMap, error::Error, fs, io::Read, path::Path};

/// Number of bits of a part of speech in the value of a lemma: whether the lemma has it, and the number of uses.
const FIELD_BITS: u32 = 11;
const MAX_USES: u64 = (1 << (FIELD_BITS - 1)) - 1;
/// Parts of speech in the order of their bits.
const PARTS: &str = "nva";

/// Writes `inflection.fst` to `out_dir`, from the files in `data_dir`.
pub(super) fn write(data_dir: &str, out_dir: &Path) -> Result<(), Box<dyn Error>> {
    let mut entries = BTreeMap::new();
    add_lemmas(&format!("{data_dir}/lemmas.gz"), &mut entries)?;
    for line in fs::read_to_string(format!("{data_dir}/irregular.txt"))?.lines() {
        if let [form, lemma, part] = line.split(' ').collect::<Vec<_>>()[..] {
            entries.insert(format!("{form}<{lemma}/{part}"), 0);
            entries.insert(format!("{lemma}>{form}/{part}"), 0);
        }
    }
    let distinct = fs::read_to_string(format!("{data_dir}/distinct.txt"))?;
    for line in distinct.lines().filter(|line| !line.starts_with('#')) {
        let mut fields = line.split_whitespace();
        let Some(form) = fields.next() else { continue };
        for lexeme in fields {
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

/// Reads the lemmas. Each line has a digit (the number of leading letters that the lemma shares with the lemma on the
/// previous line), the rest of the lemma, a space, and for each part of speech its letter and its number of uses.
fn add_lemmas(path: &str, entries: &mut BTreeMap<String, u64>) -> Result<(), Box<dyn Error>> {
    let mut lines = String::new();
    flate2::read::GzDecoder::new(fs::File::open(path)?).read_to_string(&mut lines)?;
    let mut lemma = String::new();
    for line in lines.lines() {
        let (coded, parts) = line.split_once(' ').ok_or(line)?;
        lemma.truncate(coded.get(..1).ok_or(line)?.parse()?);
        lemma.push_str(coded.get(1..).ok_or(line)?);
        entries.insert(lemma.clone(), lemma_value(parts)?);
    }
    Ok(())
}

fn lemma_value(parts: &str) -> Result<u64, Box<dyn Error>> {
    let mut value = 0;
    for (index, letter) in (0..).zip(PARTS.chars()) {
        let Some((_, rest)) = parts.split_once(letter) else { continue };
        let digits = rest.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
        let uses: u64 = if digits.is_empty() { 0 } else { digits.parse()? };
        value |= (uses.min(MAX_USES) << 1 | 1) << (index * FIELD_BITS);
    }
    Ok(value)
}
