//! Records the state of the current HTML block: the open elements and quotations that contain the current position, the
//! numbers of characters of each kind, and the white space before the next visible character.

/// Number of open elements of each kind at the current position.
#[derive(Default)]
#[expect(clippy::struct_field_names, reason = "each name states what is counted")]
pub(super) struct OpenElementCounts {
    pub(super) open_bold_elements: u32,
    pub(super) open_preformatted_elements: u32,
    pub(super) open_list_items: u32,
    /// Number of open links.
    pub(super) open_links: u32,
    /// Number of open links to an anchor on the same page.
    pub(super) open_links_to_anchors: u32,
}

/// Number of visible characters of each kind in the current block.
#[derive(Default, Clone, Copy)]
pub(super) struct VisibleCharCounts {
    /// Number of bold characters.
    pub(super) bold_chars: usize,
    /// Number of characters that are not bold.
    pub(super) plain_chars: usize,
    /// Number of characters in links.
    pub(super) link_chars: usize,
    /// Number of characters in links to an anchor on the same page.
    pub(super) chars_in_anchor_links: usize,
}

/// White space since the last visible character.
#[derive(Default, Clone, Copy)]
pub(super) struct PendingWhiteSpace {
    /// Whether a space separates the next visible character from the previous one.
    pub(super) has_space: bool,
    /// Whether the white space contains a line end of the HTML source.
    pub(super) has_line_end: bool,
    /// Whether the white space contains an ideographic space (U+3000).
    pub(super) has_ideographic_space: bool,
    /// Number of line breaks: `<br>` elements, or line ends of preformatted text.
    pub(super) line_break_count: u32,
    /// Number of no-break or ideographic spaces since the last `<br>`. Such spaces indent the next line.
    pub(super) indent_space_count: u32,
}

/// The unclosed quotations (`q`) that contain the current position.
#[derive(Default)]
pub(super) struct OpenQuotations {
    /// For each open quotation, outermost first: whether the text of the page lacks quotation marks, so that they are
    /// added.
    lacks_own_mark: Vec<bool>,
}

impl OpenQuotations {
    /// Begins a quotation between the texts `before` and `after`. Returns the opening quotation mark to add. `None` if
    /// the page has a mark itself: `before` ends with one, or `after` begins with one.
    pub(super) fn open(&mut self, before: &str, after: &str) -> Option<char> {
        const QUOTATION_MARKS: [char; 8] = ['“', '"', '‘', '\'', '«', '「', '『', '„'];
        let has_own_mark =
            before.ends_with(QUOTATION_MARKS) || after.trim_start().starts_with(QUOTATION_MARKS);
        self.lacks_own_mark.push(!has_own_mark);
        (!has_own_mark).then_some('“')
    }

    /// Ends the innermost quotation. Returns the closing quotation mark to add. `None` if the text of the page has
    /// quotation marks itself.
    pub(super) fn close(&mut self) -> Option<&'static str> {
        self.lacks_own_mark.pop().filter(|lacks_own_mark| *lacks_own_mark).map(|_| "”")
    }
}

impl VisibleCharCounts {
    /// Counts a visible character. `open` holds the numbers of open elements at the character.
    pub(super) fn count_visible_char(&mut self, open: &OpenElementCounts) {
        if open.open_bold_elements > 0 {
            self.bold_chars += 1;
        } else {
            self.plain_chars += 1;
        }
        self.link_chars += usize::from(open.open_links > 0);
        self.chars_in_anchor_links += usize::from(open.open_links_to_anchors > 0);
    }

    /// Returns the number of all visible characters of the block.
    pub(super) const fn total(self) -> usize {
        self.bold_chars + self.plain_chars
    }
}

impl PendingWhiteSpace {
    /// Adds a white-space character. `is_preformatted` states whether it is inside of a `<pre>` element.
    pub(super) fn add_char(&mut self, c: char, is_preformatted: bool) {
        if c == '\n' && is_preformatted {
            self.line_break_count += 1;
            return;
        }
        self.has_space = true;
        self.has_line_end |= c == '\n';
        self.has_ideographic_space |= c == '\u{3000}';
        self.indent_space_count += u32::from(matches!(c, '\u{A0}' | '\u{3000}'));
    }
}
