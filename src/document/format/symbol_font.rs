//! Characters of symbol fonts. A Word file stores a symbol as a font and a code of that font, in the private-use area
//! from U+F000.

/// Small Greek letters of the font Symbol, in the order of their codes from 0x61, the code of the Latin letter a.
const SYMBOL_FONT_GREEK_LETTERS: &str = "αβχδεφγηιϕκλμνοπθρστυϖωξψζ";
/// Codes of the font Symbol, each with the Unicode character that the font shows for it.
const SYMBOL_FONT_CHARACTERS: [(u32, char); 38] = [
    (0x22, '∀'),
    (0x24, '∃'),
    (0x27, '∋'),
    (0x2A, '∗'),
    (0x2D, '−'),
    (0x40, '≅'),
    (0x5C, '∴'),
    (0x5E, '⊥'),
    (0xA2, '′'),
    (0xA3, '≤'),
    (0xA4, '⁄'),
    (0xA5, '∞'),
    (0xAB, '↔'),
    (0xAC, '←'),
    (0xAD, '↑'),
    (0xAE, '→'),
    (0xAF, '↓'),
    (0xB0, '°'),
    (0xB1, '±'),
    (0xB2, '″'),
    (0xB3, '≥'),
    (0xB4, '×'),
    (0xB5, '∝'),
    (0xB7, '•'),
    (0xB8, '÷'),
    (0xB9, '≠'),
    (0xBA, '≡'),
    (0xBB, '≈'),
    (0xBC, '…'),
    (0xD2, '®'),
    (0xD3, '©'),
    (0xD4, '™'),
    (0xD6, '√'),
    (0xD7, '⋅'),
    (0xE2, '®'),
    (0xE3, '©'),
    (0xE4, '™'),
    (0xE5, '∑'),
];
/// Codes of the font Wingdings, each with the Unicode character that the font shows for it: check boxes, check marks,
/// arrows.
const WINGDINGS_CHARACTERS: [(u32, char); 18] = [
    (0x6C, '●'),
    (0x6E, '■'),
    (0x6F, '☐'),
    (0x71, '❑'),
    (0x76, '❖'),
    (0x78, '☒'),
    (0xA7, '▪'),
    (0xA8, '☐'),
    (0xD8, '➢'),
    (0xDF, '←'),
    (0xE0, '→'),
    (0xE1, '↑'),
    (0xE2, '↓'),
    (0xF0, '⇨'),
    (0xFB, '✗'),
    (0xFC, '✓'),
    (0xFD, '☒'),
    (0xFE, '☑'),
];
/// Codes of the font Wingdings 2, each with the Unicode character that the font shows for it.
const WINGDINGS_2_CHARACTERS: [(u32, char); 6] =
    [(0x4F, '✗'), (0x50, '✓'), (0x51, '☒'), (0x52, '☑'), (0x54, '☒'), (0xA3, '☐')];

/// Returns the character that a symbol font shows for `code`, a number in hexadecimal digits. `None` if the font or the
/// code is unknown.
pub(super) fn character_of_symbol_font(font: &str, code: &str) -> Option<char> {
    character_of_code(font, u32::from_str_radix(code, 16).ok()?)
}

/// Returns the character that a symbol font shows for `code`. `None` if the font or the code is unknown.
pub(super) fn character_of_code(font: &str, code: u32) -> Option<char> {
    let code_in_font = match code {
        0xF000..=0xF0FF => code - 0xF000,
        0..=0xFF => code,
        _ => return char::from_u32(code).filter(|c| !matches!(c, '\u{E000}'..='\u{F8FF}')),
    };
    let in_table = |table: &[(u32, char)]| {
        table
            .iter()
            .find(|(symbol_code, _)| *symbol_code == code_in_font)
            .map(|(_, symbol)| *symbol)
    };
    match font.to_lowercase().as_str() {
        "symbol" => {
            let small_letter_index = code_in_font.checked_sub(0x61).map(|index| index as usize);
            let small_letter =
                small_letter_index.and_then(|index| SYMBOL_FONT_GREEK_LETTERS.chars().nth(index));
            let capital_index = code_in_font.checked_sub(0x41).map(|index| index as usize);
            let capital = capital_index
                .and_then(|index| SYMBOL_FONT_GREEK_LETTERS.chars().nth(index))
                .and_then(|letter| letter.to_uppercase().next());
            // Digits and most signs have the codes of ASCII.
            let ascii = char::from_u32(code_in_font)
                .filter(|c| matches!(c, ' '..='?' | '[' | ']' | '_' | '{' | '|' | '}'));
            in_table(&SYMBOL_FONT_CHARACTERS).or(ascii).or(small_letter).or(capital)
        }
        "wingdings" => in_table(&WINGDINGS_CHARACTERS),
        "wingdings 2" => in_table(&WINGDINGS_2_CHARACTERS),
        _ => char::from_u32(code_in_font).filter(|c| !c.is_control()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbol_font_codes_map_to_characters() {
        for (font, code, expected) in [
            ("Symbol", "F0B0", Some('°')),
            ("Symbol", "F06D", Some('μ')),
            ("Symbol", "F044", Some('Δ')),
            ("Symbol", "F035", Some('5')),
            ("Symbol", "3C", Some('<')),
            ("Symbol", "A3", Some('≤')),
            ("Wingdings", "F0FE", Some('☑')),
            ("Wingdings 2", "F050", Some('✓')),
            ("Wingdings", "F001", None),
            ("Arial", "00B0", Some('°')),
            ("Arial", "2611", Some('☑')),
            ("Arial", "E123", None),
            ("Arial", "xyz", None),
        ] {
            assert_eq!(character_of_symbol_font(font, code), expected, "{font} {code}");
        }
    }
}
