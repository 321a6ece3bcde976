//! Character folding: full width to half width, Traditional to Simplified Chinese, radicals to ideographs. Folding
//! replaces one character by one character, so the spans of tokens fit the original text.

use crate::radical::{ideograph_of_radical, is_radical};

/// Folded character for each character from U+3400 to U+FAFF, in two bytes, little-endian. The build script
/// generates the table from `fold.tsv`.
static FOLD_TABLE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/fold.bin"));
/// First character that [`FOLD_TABLE`] covers.
const FIRST_FOLD_TABLE_CHAR: u32 = 0x3400;

/// Returns the character that replaces `c` in terms: full-width ASCII becomes half width, the ideographic space
/// becomes a space, a Traditional or variant Han character becomes the Simplified character, and a radical becomes the
/// ideograph that looks like it.
///
/// ```
/// use gz_search::analysis::fold_char;
///
/// assert_eq!("預算ＡＩ臺灣".chars().map(fold_char).collect::<String>(), "预算AI台湾");
/// ```
pub fn fold_char(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{2E80}'..='\u{2FD5}' => radical_to_ideograph(c),
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{3400}'..='\u{FAFF}' => {
            let index = 2 * (u32::from(c) - FIRST_FOLD_TABLE_CHAR) as usize;
            let code_unit =
                FOLD_TABLE.get(index..index + 2).map_or(0, |b| u16::from_le_bytes([b[0], b[1]]));
            char::from_u32(u32::from(code_unit)).unwrap_or(c)
        }
        _ => c,
    }
}

/// Returns the folded form of the ideograph that looks like the radical `c`; `c` itself if no ideograph looks like `c`.
fn radical_to_ideograph(c: char) -> char {
    match ideograph_of_radical(c) {
        ideograph if is_radical(ideograph) => c,
        ideograph => fold_char(ideograph),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::is_han;

    #[test]
    fn folding_is_idempotent() {
        for c in ('\0'..='\u{FFFF}').chain('\u{20000}'..='\u{20100}') {
            assert_eq!(fold_char(fold_char(c)), fold_char(c), "{c}");
        }
    }

    #[test]
    fn radicals_fold_to_ideographs() {
        let folded: String = "⻓江⻢立⽂⺠⻑⻔𠀀".chars().map(fold_char).collect();
        assert_eq!(folded, "长江马立文民长门𠀀");
    }

    #[test]
    fn folding_keeps_han_and_other_characters_apart() {
        for c in '\0'..='\u{FFFF}' {
            assert_eq!(is_han(fold_char(c)), is_han(c), "{c}");
        }
    }
}
