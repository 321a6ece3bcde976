//! Records the state of the current HTML block: the open elements that contain the current position, the numbers of
//! characters of each kind, and the white space before the next visible character.

/// Number of open elements of each kind at the current position.
#[derive(Default)]
pub(super) struct OpenElements {
    pub(super) bold: u32,
    pub(super) preformatted: u32,
    pub(super) list_items: u32,
    pub(super) links: u32,
    /// Number of open links to an anchor on the same page.
    pub(super) anchors: u32,
}

/// Number of visible characters of each kind in the current block.
#[derive(Default, Clone, Copy)]
pub(super) struct CharCounts {
    pub(super) bold: usize,
    /// Number of characters that are not bold.
    pub(super) plain: usize,
    pub(super) in_links: usize,
    /// Number of characters in links to an anchor on the same page.
    pub(super) in_anchor_links: usize,
}

/// White space since the last visible character.
#[derive(Default, Clone, Copy)]
pub(super) struct WhiteSpace {
    /// Whether a space separates the next visible character from the previous one.
    pub(super) has_space: bool,
    /// Whether the white space contains a line end of the HTML source.
    pub(super) has_line_end: bool,
    /// Whether the white space contains an ideographic space (U+3000).
    pub(super) has_ideographic_space: bool,
    /// Number of line breaks: `<br>` elements, or line ends of preformatted text.
    pub(super) break_count: u32,
    /// Number of no-break or ideographic spaces since the last `<br>`. Such spaces indent the next line.
    pub(super) indent_space_count: u32,
}

impl CharCounts {
    /// Counts a visible character. `open` holds the numbers of open elements at the character.
    pub(super) fn count_char(&mut self, open: &OpenElements) {
        if open.bold > 0 {
            self.bold += 1;
        } else {
            self.plain += 1;
        }
        self.in_links += usize::from(open.links > 0);
        self.in_anchor_links += usize::from(open.anchors > 0);
    }

    pub(super) const fn total(self) -> usize {
        self.bold + self.plain
    }
}

impl WhiteSpace {
    /// Adds a white-space character. `is_preformatted` states whether it is inside of a `<pre>` element.
    pub(super) fn add_char(&mut self, c: char, is_preformatted: bool) {
        if c == '\n' && is_preformatted {
            self.break_count += 1;
            return;
        }
        self.has_space = true;
        self.has_line_end |= c == '\n';
        self.has_ideographic_space |= c == '\u{3000}';
        self.indent_space_count += u32::from(matches!(c, '\u{A0}' | '\u{3000}'));
    }
}
