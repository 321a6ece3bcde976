//! A character → the one that stands for it in terms: half width, Simplified.
//!
//! One to one, so that a span of the folded text is a span of the original.

/// Two bytes for each character from U+3400 to U+FAFF, made by the build script from `fold.tsv`.
static TABLE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/fold.bin"));
const FIRST: u32 = 0x3400;

/// The character that stands for `c` in terms: full-width ASCII becomes half width, the ideographic
/// space a space, a Traditional or variant Han character the Simplified one.
///
/// ```
/// use gz_search::analysis::fold_char;
///
/// assert_eq!("預算ＡＩ臺灣".chars().map(fold_char).collect::<String>(), "预算AI台湾");
/// ```
pub fn fold_char(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{3400}'..='\u{FAFF}' => {
            let index = 2 * (u32::from(c) - FIRST) as usize;
            let unit = TABLE.get(index..index + 2).map_or(0, |b| u16::from_le_bytes([b[0], b[1]]));
            char::from_u32(u32::from(unit)).unwrap_or(c)
        }
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::is_han;

    #[test]
    fn folding_twice_changes_nothing_more() {
        for c in ('\0'..='\u{FFFF}').chain('\u{20000}'..='\u{20100}') {
            assert_eq!(fold_char(fold_char(c)), fold_char(c), "{c}");
        }
    }

    #[test]
    fn han_stays_han_and_the_rest_stays_the_rest() {
        for c in '\0'..='\u{FFFF}' {
            assert_eq!(is_han(fold_char(c)), is_han(c), "{c}");
        }
    }
}
