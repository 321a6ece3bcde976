//! Widths of the glyphs of the fonts that every PDF viewer has: Helvetica, Times and Courier. A PDF file may use these
//! fonts without stating their widths.
//!
//! The numbers are those of the font metrics that Adobe publishes (AFM files of the core 14 fonts).

use encoding_rs::WINDOWS_1252;
use unicode_normalization::UnicodeNormalization;

/// Code of the first character in [`FaceWidths`], in the encoding Windows-1252.
const FIRST_CODE: usize = 0x20;
/// Width of every character in a typewriter font, in thousandths of an em.
const TYPEWRITER_WIDTH: u16 = 600;

/// Widths of the characters 0x20 to 0xFF of the encoding Windows-1252, in thousandths of an em.
type FaceWidths = [u16; 0x100 - FIRST_CODE];

/// Widths of Helvetica and its italic.
const SANS_SERIF_WIDTHS: FaceWidths = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
    350, 556, 350, 222, 556, 333, 1000, 556, 556, 333, 1000, 667, 333, 1000, 350, 611, 350, 350,
    222, 222, 333, 333, 350, 556, 1000, 333, 1000, 500, 333, 944, 350, 500, 667, 278, 333, 556,
    556, 556, 556, 260, 556, 333, 737, 370, 556, 584, 333, 737, 333, 400, 584, 333, 333, 333, 556,
    537, 278, 333, 333, 365, 556, 834, 834, 834, 611, 667, 667, 667, 667, 667, 667, 1000, 722, 667,
    667, 667, 667, 278, 278, 278, 278, 722, 722, 778, 778, 778, 778, 778, 584, 778, 722, 722, 722,
    722, 667, 667, 611, 556, 556, 556, 556, 556, 556, 889, 500, 556, 556, 556, 556, 278, 278, 278,
    278, 556, 556, 556, 556, 556, 556, 556, 584, 611, 556, 556, 556, 556, 500, 556, 500,
];
/// Widths of Helvetica Bold and its italic.
const SANS_SERIF_BOLD_WIDTHS: FaceWidths = [
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667,
    611, 778, 722, 278, 556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556,
    278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
    350, 556, 350, 278, 556, 500, 1000, 556, 556, 333, 1000, 667, 333, 1000, 350, 611, 350, 350,
    278, 278, 500, 500, 350, 556, 1000, 333, 1000, 556, 333, 944, 350, 500, 667, 278, 333, 556,
    556, 556, 556, 280, 556, 333, 737, 370, 556, 584, 333, 737, 333, 400, 584, 333, 333, 333, 611,
    556, 278, 333, 333, 365, 556, 834, 834, 834, 611, 722, 722, 722, 722, 722, 722, 1000, 722, 667,
    667, 667, 667, 278, 278, 278, 278, 722, 722, 778, 778, 778, 778, 778, 584, 778, 722, 722, 722,
    722, 667, 667, 611, 556, 556, 556, 556, 556, 556, 889, 556, 556, 556, 556, 556, 278, 278, 278,
    278, 611, 611, 611, 611, 611, 611, 611, 584, 611, 611, 611, 611, 611, 556, 611, 556,
];
/// Widths of Times Roman.
const SERIF_WIDTHS: FaceWidths = [
    250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278, 500, 500, 500,
    500, 500, 500, 500, 500, 500, 500, 278, 278, 564, 564, 564, 444, 921, 722, 667, 667, 722, 611,
    556, 722, 722, 333, 389, 722, 611, 889, 722, 722, 556, 722, 667, 556, 611, 722, 722, 944, 722,
    722, 611, 333, 278, 333, 469, 500, 333, 444, 500, 444, 500, 444, 333, 500, 500, 278, 278, 500,
    278, 778, 500, 500, 500, 500, 333, 389, 278, 500, 500, 722, 500, 500, 444, 480, 200, 480, 541,
    350, 500, 350, 333, 500, 444, 1000, 500, 500, 333, 1000, 556, 333, 889, 350, 611, 350, 350,
    333, 333, 444, 444, 350, 500, 1000, 333, 980, 389, 333, 722, 350, 444, 722, 250, 333, 500, 500,
    500, 500, 200, 500, 333, 760, 276, 500, 564, 333, 760, 333, 400, 564, 300, 300, 333, 500, 453,
    250, 333, 300, 310, 500, 750, 750, 750, 444, 722, 722, 722, 722, 722, 722, 889, 667, 611, 611,
    611, 611, 333, 333, 333, 333, 722, 722, 722, 722, 722, 722, 722, 564, 722, 722, 722, 722, 722,
    722, 556, 500, 444, 444, 444, 444, 444, 444, 667, 444, 444, 444, 444, 444, 278, 278, 278, 278,
    500, 500, 500, 500, 500, 500, 500, 564, 500, 500, 500, 500, 500, 500, 500, 500,
];
/// Widths of Times Bold.
const SERIF_BOLD_WIDTHS: FaceWidths = [
    250, 333, 555, 500, 500, 1000, 833, 278, 333, 333, 500, 570, 250, 333, 250, 278, 500, 500, 500,
    500, 500, 500, 500, 500, 500, 500, 333, 333, 570, 570, 570, 500, 930, 722, 667, 722, 722, 667,
    611, 778, 778, 389, 500, 778, 667, 944, 722, 778, 611, 778, 722, 556, 667, 722, 722, 1000, 722,
    722, 667, 333, 278, 333, 581, 500, 333, 500, 556, 444, 556, 444, 333, 500, 556, 278, 333, 556,
    278, 833, 556, 500, 556, 556, 444, 389, 333, 556, 500, 722, 500, 500, 444, 394, 220, 394, 520,
    350, 500, 350, 333, 500, 500, 1000, 500, 500, 333, 1000, 556, 333, 1000, 350, 667, 350, 350,
    333, 333, 500, 500, 350, 500, 1000, 333, 1000, 389, 333, 722, 350, 444, 722, 250, 333, 500,
    500, 500, 500, 220, 500, 333, 747, 300, 500, 570, 333, 747, 333, 400, 570, 300, 300, 333, 556,
    540, 250, 333, 300, 330, 500, 750, 750, 750, 500, 722, 722, 722, 722, 722, 722, 1000, 722, 667,
    667, 667, 667, 389, 389, 389, 389, 722, 722, 778, 778, 778, 778, 778, 570, 778, 722, 722, 722,
    722, 722, 611, 556, 500, 500, 500, 500, 500, 500, 722, 444, 444, 444, 444, 444, 278, 278, 278,
    278, 500, 556, 500, 500, 500, 500, 500, 570, 500, 556, 556, 556, 556, 500, 556, 500,
];
/// Widths of Times Italic.
const SERIF_ITALIC_WIDTHS: FaceWidths = [
    250, 333, 420, 500, 500, 833, 778, 214, 333, 333, 500, 675, 250, 333, 250, 278, 500, 500, 500,
    500, 500, 500, 500, 500, 500, 500, 333, 333, 675, 675, 675, 500, 920, 611, 611, 667, 722, 611,
    611, 722, 722, 333, 444, 667, 556, 833, 667, 722, 611, 722, 611, 500, 556, 722, 611, 833, 611,
    556, 556, 389, 278, 389, 422, 500, 333, 500, 500, 444, 500, 444, 278, 500, 500, 278, 278, 444,
    278, 722, 500, 500, 500, 500, 389, 389, 278, 500, 444, 667, 444, 444, 389, 400, 275, 400, 541,
    350, 500, 350, 333, 500, 556, 889, 500, 500, 333, 1000, 500, 333, 944, 350, 556, 350, 350, 333,
    333, 556, 556, 350, 500, 889, 333, 980, 389, 333, 667, 350, 389, 556, 250, 389, 500, 500, 500,
    500, 275, 500, 333, 760, 276, 500, 675, 333, 760, 333, 400, 675, 300, 300, 333, 500, 523, 250,
    333, 300, 310, 500, 750, 750, 750, 500, 611, 611, 611, 611, 611, 611, 889, 667, 611, 611, 611,
    611, 333, 333, 333, 333, 722, 667, 722, 722, 722, 722, 722, 675, 722, 722, 722, 722, 722, 556,
    611, 500, 500, 500, 500, 500, 500, 500, 667, 444, 444, 444, 444, 444, 278, 278, 278, 278, 500,
    500, 500, 500, 500, 500, 500, 675, 500, 500, 500, 500, 500, 444, 500, 444,
];
/// Widths of Times Bold Italic.
const SERIF_BOLD_ITALIC_WIDTHS: FaceWidths = [
    250, 389, 555, 500, 500, 833, 778, 278, 333, 333, 500, 570, 250, 333, 250, 278, 500, 500, 500,
    500, 500, 500, 500, 500, 500, 500, 333, 333, 570, 570, 570, 500, 832, 667, 667, 667, 722, 667,
    667, 722, 778, 389, 500, 667, 611, 889, 722, 722, 611, 722, 667, 556, 611, 722, 667, 889, 667,
    611, 611, 333, 278, 333, 570, 500, 333, 500, 500, 444, 500, 444, 333, 500, 556, 278, 278, 500,
    278, 778, 556, 500, 500, 500, 389, 389, 278, 556, 444, 667, 500, 444, 389, 348, 220, 348, 570,
    350, 500, 350, 333, 500, 500, 1000, 500, 500, 333, 1000, 556, 333, 944, 350, 611, 350, 350,
    333, 333, 500, 500, 350, 500, 1000, 333, 1000, 389, 333, 722, 350, 389, 611, 250, 389, 500,
    500, 500, 500, 220, 500, 333, 747, 266, 500, 606, 333, 747, 333, 400, 570, 300, 300, 333, 576,
    500, 250, 333, 300, 300, 500, 750, 750, 750, 500, 667, 667, 667, 667, 667, 667, 944, 667, 667,
    667, 667, 667, 389, 389, 389, 389, 722, 722, 722, 722, 722, 722, 722, 570, 722, 722, 722, 722,
    722, 611, 611, 500, 500, 500, 500, 500, 500, 500, 722, 444, 444, 444, 444, 444, 278, 278, 278,
    278, 500, 556, 500, 500, 500, 500, 500, 570, 500, 556, 556, 556, 556, 444, 500, 444,
];

/// Font that a viewer uses for a font whose glyphs a PDF file does not contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StandardFont {
    /// Font whose characters have different widths, with their widths.
    Proportional(&'static FaceWidths),
    /// Font whose characters all have the same width.
    Typewriter,
}

impl StandardFont {
    /// Returns the standard font that has the name `font_name` or resembles the font of this name. `font_name` is in
    /// lower case, such as `helvetica-boldoblique` or `timesnewroman,bold`. A font of an unknown family resembles
    /// Helvetica.
    pub(super) fn from_name(font_name: &str) -> Self {
        let has_part = |parts: &[&str]| parts.iter().any(|part| font_name.contains(part));
        if has_part(&["courier", "mono", "consolas", "typewriter"]) {
            return Self::Typewriter;
        }
        let is_serif = has_part(&["times", "serif", "roman", "georgia", "garamond", "cambria"])
            && !has_part(&["sans"]);
        let is_bold = has_part(&["bold", "black", "heavy"]);
        let is_italic = has_part(&["italic", "oblique"]);
        Self::Proportional(match (is_serif, is_bold, is_italic) {
            (false, false, _) => &SANS_SERIF_WIDTHS,
            (false, true, _) => &SANS_SERIF_BOLD_WIDTHS,
            (true, false, false) => &SERIF_WIDTHS,
            (true, true, false) => &SERIF_BOLD_WIDTHS,
            (true, false, true) => &SERIF_ITALIC_WIDTHS,
            (true, true, true) => &SERIF_BOLD_ITALIC_WIDTHS,
        })
    }

    /// Returns the width of `text` in em; `None` if the width of a character is unknown. An accent does not change the
    /// width of its letter.
    pub(super) fn width_of_text(self, text: &str) -> Option<f32> {
        let widths = text.chars().map(|c| self.width_of_character(c));
        widths.sum::<Option<u16>>().map(|thousandths| f32::from(thousandths) * 0.001)
    }

    /// Returns the width of a character in thousandths of an em.
    fn width_of_character(self, c: char) -> Option<u16> {
        let Self::Proportional(widths) = self else { return Some(TYPEWRITER_WIDTH) };
        let width_of_code = |c: char| {
            let mut buffer = [0; 4];
            let (bytes, _, has_errors) = WINDOWS_1252.encode(c.encode_utf8(&mut buffer));
            let code = usize::from(*bytes.first()?);
            widths.get(code.checked_sub(FIRST_CODE)?).copied().filter(|_| !has_errors)
        };
        width_of_code(c).or_else(|| width_of_code(c.nfd().next()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_those_of_the_font_or_of_one_that_resembles_it() {
        for (font_name, text, thousandths) in [
            ("helvetica", "office", 2_390),
            ("helvetica-bold", "office", 2_667),
            ("helvetica-boldoblique", "office", 2_667),
            ("times-roman", "office", 2_332),
            ("times-bolditalic", "office", 2_332),
            ("abcdef+timesnewromanps-italicmt", "office", 2_222),
            ("courier-bold", "office", 3_600),
            ("arial,bold", "office", 2_667),
            ("", "office", 2_390),
            ("helvetica", "– “é” ě", 2_890_u16),
        ] {
            let width = StandardFont::from_name(font_name).width_of_text(text).unwrap_or_default();
            let difference = (width * 1_000.0 - f32::from(thousandths)).abs();
            assert!(difference < 0.1, "{font_name} {text} {width}");
        }
        assert_eq!(StandardFont::from_name("helvetica").width_of_text("港"), None);
    }
}
