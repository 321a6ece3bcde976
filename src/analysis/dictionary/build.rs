//! Build script: generates the data that the analyzer embeds, and sets the linker flags of the program.

#[cfg(feature = "chinese")]
#[path = "../fnv.rs"]
mod fnv;
#[path = "../inflection/build.rs"]
mod inflection;

use std::{cmp::Reverse, collections::BTreeMap, env, error::Error, fmt::Write, fs, path::PathBuf};

const ANALYSIS_DIR: &str = "src/analysis";
/// First character of the folding table. A character outside the table folds to itself.
const FIRST_FOLD_TABLE_CHAR: u32 = 0x3400;
/// Last character of the folding table.
const LAST_FOLD_TABLE_CHAR: u32 = 0xFAFF;

fn main() -> Result<(), Box<dyn Error>> {
    embed_analysis_data()?;
    disable_position_independent_executable();
    Ok(())
}

/// Writes to `OUT_DIR` the data that the module `analysis` embeds: the folding table from `fold.tsv`, the contexts from
/// `word_fold.tsv` as Rust source, the lexicon of inflections, and the dictionary from `words.gz` and `policy.txt`.
fn embed_analysis_data() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed={ANALYSIS_DIR}/fold.tsv");
    println!("cargo:rerun-if-changed={ANALYSIS_DIR}/word_fold.tsv");
    println!("cargo:rerun-if-changed={ANALYSIS_DIR}/dictionary");
    println!("cargo:rerun-if-changed={ANALYSIS_DIR}/fnv.rs");
    println!("cargo:rerun-if-changed={ANALYSIS_DIR}/inflection");
    let out_dir = PathBuf::from(env::var("OUT_DIR")?);
    let folds = fs::read_to_string(format!("{ANALYSIS_DIR}/fold.tsv"))?;
    fs::write(out_dir.join("fold.bin"), encode_fold_table(&folds)?)?;
    let word_folds = fs::read_to_string(format!("{ANALYSIS_DIR}/word_fold.tsv"))?;
    fs::write(out_dir.join("word_fold.rs"), generate_word_fold_code(&word_folds)?)?;
    inflection::write_lexicon(&format!("{ANALYSIS_DIR}/inflection"), &out_dir)?;
    #[cfg(feature = "chinese")]
    dictionary::write_dictionary_files(&out_dir)?;
    Ok(())
}

/// Links the program without PIE (position-independent executable) on Linux with glibc. The tables of the
/// dependencies contain many addresses, and relocating these addresses takes longer than the rest of the
/// program start. The drawback: the addresses of the executable are not randomized (ASLR).
fn disable_position_independent_executable() {
    let has_value = |name: &str, value: &str| env::var(name).is_ok_and(|actual| actual == value);
    if has_value("CARGO_CFG_TARGET_OS", "linux") && has_value("CARGO_CFG_TARGET_ENV", "gnu") {
        println!("cargo:rustc-link-arg-bins=-no-pie");
    }
}

/// Returns the folded character of each character from [`FIRST_FOLD_TABLE_CHAR`] to [`LAST_FOLD_TABLE_CHAR`], in two
/// bytes, little-endian.
fn encode_fold_table(folds: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut table: Vec<u16> = (FIRST_FOLD_TABLE_CHAR..=LAST_FOLD_TABLE_CHAR)
        .map(u16::try_from)
        .collect::<Result<_, _>>()?;
    for line in folds.lines().filter(|line| !line.starts_with('#')) {
        let mut characters = line.split('\t').filter_map(|field| field.chars().next());
        let (from, to) = characters.next().zip(characters.next()).ok_or(line)?;
        let table_index = u32::from(from).checked_sub(FIRST_FOLD_TABLE_CHAR).ok_or(line)?;
        *table.get_mut(table_index as usize).ok_or(line)? = u16::try_from(u32::from(to))?;
    }
    Ok(table.into_iter().flat_map(u16::to_le_bytes).collect())
}

/// Context of a character: the characters directly before the character, the characters directly after the character,
/// and the folded form of the character between them.
type FoldContext = (Vec<char>, Vec<char>, char);

/// Returns the source code of the function `fold_contexts`, which returns the contexts of a character. The contexts are
/// sorted by the number of characters before the character, then by the number of characters after the character, both
/// in descending order.
fn generate_word_fold_code(word_folds: &str) -> Result<String, Box<dyn Error>> {
    let mut contexts: BTreeMap<char, Vec<FoldContext>> = BTreeMap::new();
    for line in word_folds.lines().filter(|line| !line.starts_with('#')) {
        let (from, rest) = line.split_once('\t').ok_or(line)?;
        let (to, patterns) = rest.split_once('\t').ok_or(line)?;
        let (from, to): (char, char) = (from.parse()?, to.parse()?);
        for pattern in patterns.split(' ') {
            let (before, after) = pattern.split_once('_').ok_or(line)?;
            let context = (before.chars().collect(), after.chars().collect(), to);
            contexts.entry(from).or_default().push(context);
        }
    }
    let mut source = String::from(
        "/// Returns the contexts in which `character` folds to another character.\n\
         #[expect(clippy::too_many_lines, reason = \"a generated table\")]\n\
         const fn fold_contexts(character: char) -> &'static [FoldContext] {\n    match character {\n",
    );
    for (from, mut contexts) in contexts {
        contexts.sort_by_key(|(before, after, _)| Reverse((before.len(), after.len())));
        writeln!(source, "        {from:?} => &[")?;
        for (before, after, folded) in contexts {
            writeln!(
                source,
                "            FoldContext {{ chars_before: &{before:?}, chars_after: &{after:?}, folded: {folded:?} }},"
            )?;
        }
        source.push_str("        ],\n");
    }
    source.push_str("        _ => &[],\n    }\n}\n");
    Ok(source)
}

#[cfg(feature = "chinese")]
mod dictionary {
    use std::{collections::BTreeMap, error::Error, fs, io::Read, path::Path};

    use super::{ANALYSIS_DIR, fnv::fnv1a};

    /// Minimum frequency of a policy term. With this frequency, the segmenter prefers the whole term to any split of
    /// the term (about 40 would suffice with `words.gz`). Everyday words have higher frequencies.
    const MIN_POLICY_TERM_FREQUENCY: u64 = 500;
    /// Frequency of a word for which `words.gz` has no frequency.
    const FREQUENCY_OF_UNCOUNTED_WORD: u64 = 3;

    /// Writes the finite-state map from the words to their frequencies, and a file of constants: the sum of all
    /// frequencies, the length of the longest word, and the hash of the map.
    pub(super) fn write_dictionary_files(out_dir: &Path) -> Result<(), Box<dyn Error>> {
        let mut words = read_general_words()?;
        for line in fs::read_to_string(format!("{ANALYSIS_DIR}/dictionary/policy.txt"))?.lines() {
            for term in line.split_whitespace().filter(|_| !line.starts_with('#')) {
                let frequency = words.entry(term.to_owned()).or_default();
                *frequency = MIN_POLICY_TERM_FREQUENCY.max(*frequency);
            }
        }
        let total_frequency: u64 = words.values().sum();
        let max_word_chars = words.keys().map(|word| word.chars().count()).max().unwrap_or(0);
        let mut map_builder = fst::MapBuilder::memory();
        for (word, frequency) in words {
            map_builder.insert(word, frequency)?;
        }
        let map_bytes = map_builder.into_inner()?;
        let hash = fnv1a(&map_bytes);
        fs::write(out_dir.join("words.fst"), map_bytes)?;
        let constants = format!(
            "/// Sum of all frequencies.\npub(super) const TOTAL_FREQUENCY: usize = {total_frequency};\n\
             /// Length of the longest word in characters.\npub(super) const MAX_WORD_CHARS: usize = {max_word_chars};\n\
             /// Hash of the map.\npub(in super::super) const MAP_HASH: u64 = {hash};\n"
        );
        fs::write(out_dir.join("dictionary.rs"), constants)?;
        Ok(())
    }

    /// Reads `words.gz`. Each line has a digit (the number of leading characters that the word shares with the
    /// word on the previous line), the rest of the word and, after a space, the frequency of the word if it is
    /// not [`FREQUENCY_OF_UNCOUNTED_WORD`].
    fn read_general_words() -> Result<BTreeMap<String, u64>, Box<dyn Error>> {
        let file = fs::File::open(format!("{ANALYSIS_DIR}/dictionary/words.gz"))?;
        let mut word_list = String::new();
        flate2::read::GzDecoder::new(file).read_to_string(&mut word_list)?;
        let mut words = BTreeMap::new();
        let mut word = String::new();
        for line in word_list.lines() {
            let (coded_word, frequency_text) = line.split_once(' ').unwrap_or((line, ""));
            let shared_chars: usize = coded_word.get(..1).ok_or(line)?.parse()?;
            let prefix_end =
                word.char_indices().nth(shared_chars).map_or(word.len(), |(index, _)| index);
            word.truncate(prefix_end);
            word.push_str(coded_word.get(1..).ok_or(line)?);
            let frequency = if frequency_text.is_empty() {
                FREQUENCY_OF_UNCOUNTED_WORD
            } else {
                frequency_text.parse()?
            };
            words.insert(word.clone(), frequency);
        }
        Ok(words)
    }
}
