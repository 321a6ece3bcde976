//! Build script: the data of `analysis/` → what the program embeds.
//!
//! `fold.tsv` becomes a table that is indexed by character; `words.gz` and `policy.txt` become one
//! finite-state map from word to frequency, with its sum and a hash of it as constants. It also says how the program
//! is linked.

#[cfg(feature = "chinese")]
#[path = "../fnv.rs"]
mod fnv;

use std::{env, error::Error, fs, path::PathBuf};

const HERE: &str = "src/analysis";
/// The ideographs that the table covers; those above the first plane fold to themselves.
const FIRST: u32 = 0x3400;
const LAST: u32 = 0xFAFF;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed={HERE}/fold.tsv");
    println!("cargo:rerun-if-changed={HERE}/dictionary");
    println!("cargo:rerun-if-changed={HERE}/fnv.rs");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let folds = fs::read_to_string(format!("{HERE}/fold.tsv"))?;
    fs::write(out.join("fold.bin"), fold_table(&folds)?)?;
    #[cfg(feature = "chinese")]
    dictionary::write(&out)?;
    link_at_fixed_address();
    Ok(())
}

/// Tables of the dependencies are full of addresses: that the system writes all of them anew when the program is
/// loaded anywhere takes longer than the rest of its start.
fn link_at_fixed_address() {
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    if is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") {
        println!("cargo:rustc-link-arg-bins=-no-pie");
    }
}

/// Two bytes for each character from [`FIRST`] to [`LAST`]: the one that stands for it.
fn fold_table(folds: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut table: Vec<u16> = (FIRST..=LAST).map(u16::try_from).collect::<Result<_, _>>()?;
    for line in folds.lines().filter(|line| !line.starts_with('#')) {
        let mut characters = line.split('\t').filter_map(|field| field.chars().next());
        let (from, to) = characters.next().zip(characters.next()).ok_or(line)?;
        let index = u32::from(from).checked_sub(FIRST).ok_or(line)?;
        *table.get_mut(index as usize).ok_or(line)? = u16::try_from(u32::from(to))?;
    }
    Ok(table.into_iter().flat_map(u16::to_le_bytes).collect())
}

#[cfg(feature = "chinese")]
mod dictionary {
    use std::{collections::BTreeMap, error::Error, fs, io::Read, path::Path};

    use super::{HERE, fnv::fnv1a};

    /// Of a policy term: above what any way to cut one of them reaches (at most about 40 with the
    /// frequencies of `words.gz`), and below that of everyday words.
    const POLICY_FREQUENCY: u64 = 500;
    /// Of a word that `words.gz` gives none.
    const COMMON_FREQUENCY: u64 = 3;

    pub(super) fn write(out: &Path) -> Result<(), Box<dyn Error>> {
        let mut words = general()?;
        for line in fs::read_to_string(format!("{HERE}/dictionary/policy.txt"))?.lines() {
            for term in line.split_whitespace().filter(|_| !line.starts_with('#')) {
                let frequency = words.entry(term.to_owned()).or_default();
                *frequency = POLICY_FREQUENCY.max(*frequency);
            }
        }
        let total: u64 = words.values().sum();
        let longest = words.keys().map(|word| word.chars().count()).max().unwrap_or(0);
        let mut map = fst::MapBuilder::memory();
        for (word, frequency) in words {
            map.insert(word, frequency)?;
        }
        let bytes = map.into_inner()?;
        let hash = fnv1a(&bytes);
        fs::write(out.join("words.fst"), bytes)?;
        let constants = format!(
            "/// The sum of all frequencies.\npub(super) const TOTAL: usize = {total};\n\
             /// Characters of the longest word.\npub(super) const LONGEST: usize = {longest};\n\
             /// Of the whole map.\npub(in super::super) const HASH: u64 = {hash};\n"
        );
        fs::write(out.join("dictionary.rs"), constants)?;
        Ok(())
    }

    /// `words.gz`: sorted lines of a digit (how many characters the word shares with the one before
    /// it), the rest of the word and, after a space, its frequency where that is not the common one.
    fn general() -> Result<BTreeMap<String, u64>, Box<dyn Error>> {
        let file = fs::File::open(format!("{HERE}/dictionary/words.gz"))?;
        let mut lines = String::new();
        flate2::read::GzDecoder::new(file).read_to_string(&mut lines)?;
        let mut words = BTreeMap::new();
        let mut word = String::new();
        for line in lines.lines() {
            let (coded, frequency) = line.split_once(' ').unwrap_or((line, ""));
            let shared: usize = coded.get(..1).ok_or(line)?.parse()?;
            let keep = word.char_indices().nth(shared).map_or(word.len(), |(index, _)| index);
            word.truncate(keep);
            word.push_str(coded.get(1..).ok_or(line)?);
            let frequency =
                if frequency.is_empty() { COMMON_FREQUENCY } else { frequency.parse()? };
            words.insert(word.clone(), frequency);
        }
        Ok(words)
    }
}
