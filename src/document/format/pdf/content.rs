//! Reads the content stream of a PDF page as text runs with their positions.

use std::{
    collections::HashMap,
    mem, ptr,
    rc::Rc,
    time::{Duration, Instant},
};

use lopdf::{
    Document, Object, ObjectId,
    content::{Content, Operation},
};

use super::{
    annotations::{insert_annotations, read_annotations},
    damage::{DAMAGED_CONTENT_ERROR, is_page_complete, is_stream_complete},
    font::{Font, Glyph},
    layers::Layers,
    matrix::Matrix,
    object::number,
    page_box::PageBox,
    page_state::{PageDrawingState, TextRun},
};
use crate::document::left_out::LeftOutReason;

/// Maximum unpacked size, in bytes, of the content stream of one page or of one form.
const MAX_CONTENT_BYTES: usize = 64 << 20;
/// Minimum size, in bytes, of a large content stream. The operands of a large stream are counted
/// before the stream is parsed, because the parser stores all operands of an operator in memory.
const MIN_LARGE_CONTENT_BYTES: usize = 6 << 20;
/// Maximum number of operands of one operator in a large content stream.
const MAX_OPERANDS_PER_OPERATOR: usize = 200_000;
/// Maximum unpacked size, in bytes, of the content streams of all pages together.
const MAX_TOTAL_CONTENT_BYTES: usize = 1 << 30;
/// Maximum nesting depth of forms.
const MAX_FORM_DEPTH: usize = 8;
/// Maximum number of text runs on one page.
const MAX_TEXT_RUNS_PER_PAGE: usize = 500_000;
/// Maximum number of character codes on all pages together.
const MAX_CHARACTER_CODES_ON_ALL_PAGES: usize = 64 << 20;
/// Maximum depth of the page tree.
const MAX_PAGE_TREE_DEPTH: usize = 256;
/// Maximum time for reading a file.
const MAX_READ_TIME: Duration = Duration::from_secs(60);
/// Number of operators between two checks of the elapsed time.
const OPERATORS_PER_TIME_CHECK: usize = 1_024;

/// Height of the origin of a character above its baseline in vertical writing, in em (the default of PDF).
const VERTICAL_WRITING_ORIGIN_HEIGHT: f32 = 0.88;

/// Text of a page.
pub(super) struct PageText {
    /// Text runs in drawing order.
    pub(super) runs: Vec<TextRun>,
    /// Runs that are not part of the text, each with the reason.
    pub(super) left_out: Vec<(LeftOutReason, TextRun)>,
    /// Visible area of the page; `None` if the file does not state it.
    pub(super) visible_box: Option<PageBox>,
}

/// Reader of the text runs on the pages of a PDF. Reads each font only once.
pub(super) struct PageReader<'a> {
    pdf: &'a Document,
    /// Fonts that have been read so far, by the place of their object in memory.
    fonts: HashMap<*const Object, Rc<Font>>,
    /// Layers of the file that are off.
    layers: Rc<Layers>,
    /// Time at which the reading of the file began.
    start_time: Instant,
    /// Unpacked size, in bytes, of the content streams that have been read so far.
    unpacked_bytes: usize,
    /// Numbers of glyphs and pictures on the pages that have been read so far.
    pub(super) counts: GlyphAndImageCounts,
}

/// Numbers of glyphs and pictures on pages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "each name states what is counted")]
pub(super) struct GlyphAndImageCounts {
    /// Number of glyphs, counted by their character codes.
    pub(super) glyph_count: usize,
    /// Number of glyphs whose character codes have no known character.
    pub(super) unknown_glyph_count: usize,
    /// Number of pictures on the pages.
    pub(super) image_count: usize,
}

impl GlyphAndImageCounts {
    /// Returns whether the characters of most glyphs are unknown.
    pub(super) const fn are_mostly_unknown(self) -> bool {
        self.unknown_glyph_count * 2 > self.glyph_count
    }

    /// Returns the sums of these counts and `other`.
    pub(super) const fn plus(self, other: Self) -> Self {
        Self {
            glyph_count: self.glyph_count + other.glyph_count,
            unknown_glyph_count: self.unknown_glyph_count + other.unknown_glyph_count,
            image_count: self.image_count + other.image_count,
        }
    }

    /// Returns the differences between these counts and `other`.
    pub(super) const fn without(self, other: Self) -> Self {
        Self {
            glyph_count: self.glyph_count - other.glyph_count,
            unknown_glyph_count: self.unknown_glyph_count - other.unknown_glyph_count,
            image_count: self.image_count - other.image_count,
        }
    }
}

impl<'a> PageReader<'a> {
    pub(super) fn new(pdf: &'a Document) -> Self {
        Self {
            pdf,
            fonts: HashMap::new(),
            layers: Rc::new(Layers::read(pdf)),
            start_time: Instant::now(),
            unpacked_bytes: 0,
            counts: GlyphAndImageCounts::default(),
        }
    }

    /// Reads the text of a page, with the texts of its annotations.
    pub(super) fn read(&mut self, page: ObjectId) -> Result<PageText, String> {
        let content_stream = self
            .pdf
            .get_page_content_with_limit(page, MAX_CONTENT_BYTES)
            .map_err(|error| error.to_string())?;
        if !is_page_complete(self.pdf, page) {
            return Err(DAMAGED_CONTENT_ERROR.to_owned());
        }
        let resources =
            inherited_page_entry(self.pdf, page, b"Resources").and_then(|r| r.as_dict().ok());
        let rotation_degrees =
            inherited_page_entry(self.pdf, page, b"Rotate").and_then(|r| r.as_i64().ok());
        let page_rotation = Matrix::page_rotation(rotation_degrees.unwrap_or_default());
        let visible_box = self.visible_box(page, &page_rotation);
        let mut page_state =
            PageDrawingState::new(resources, page_rotation, Rc::clone(&self.layers), visible_box);
        self.execute_content(&content_stream, &mut page_state, 0)?;
        let PageDrawingState { mut runs, mut left_out, runs_outside_visible_area, .. } = page_state;
        if runs.is_empty() {
            // All text is outside of the visible area, so the file states this area wrongly.
            runs = runs_outside_visible_area;
        } else {
            left_out.extend(
                runs_outside_visible_area.into_iter().map(|run| (LeftOutReason::Hidden, run)),
            );
        }
        insert_annotations(&mut runs, &read_annotations(self.pdf, page, &self.layers));
        Ok(PageText { runs, left_out, visible_box })
    }

    /// Returns the visible area of a page: the part of its crop box that lies in the media box.
    fn visible_box(&self, page: ObjectId, page_rotation: &Matrix) -> Option<PageBox> {
        let stated_box =
            |key: &[u8]| PageBox::from_array(self.pdf, inherited_page_entry(self.pdf, page, key)?);
        let (media_box, crop_box) = (stated_box(b"MediaBox"), stated_box(b"CropBox"));
        let visible_box = match (media_box, crop_box) {
            (Some(media_box), Some(crop_box)) => {
                media_box.intersection(crop_box).or(Some(media_box))
            }
            (media_box, crop_box) => media_box.or(crop_box),
        };
        visible_box?.transformed(page_rotation)
    }

    /// Executes the operators of a content stream, up to the first operator that cannot be parsed.
    fn execute_content(
        &mut self,
        content: &[u8],
        page_state: &mut PageDrawingState<'a>,
        form_depth: usize,
    ) -> Result<(), String> {
        if content.len() > MIN_LARGE_CONTENT_BYTES && has_too_many_operands(content) {
            return Err(
                "has an operator with too many operands: it is rejected as a decompression bomb"
                    .to_owned(),
            );
        }
        self.unpacked_bytes += content.len();
        if self.unpacked_bytes > MAX_TOTAL_CONTENT_BYTES {
            return Err(format!("unpacks to more than {} MiB", MAX_TOTAL_CONTENT_BYTES >> 20));
        }
        for (index, operation) in Content::decode_iter(content).enumerate() {
            if index % OPERATORS_PER_TIME_CHECK == 0 && self.start_time.elapsed() > MAX_READ_TIME {
                return Err(format!("takes more than {} seconds to read", MAX_READ_TIME.as_secs()));
            }
            if page_state.runs.len() > MAX_TEXT_RUNS_PER_PAGE
                || self.counts.glyph_count > MAX_CHARACTER_CODES_ON_ALL_PAGES
            {
                return Err("shows more text than any page has".to_owned());
            }
            let Ok(operation) = operation else { break };
            match operation.operator.as_str() {
                "Do" => self.draw_object(&operation, page_state, form_depth)?,
                "Tf" => self.set_font(&operation, page_state),
                "BI" => self.counts.image_count += 1,
                "Tj" | "TJ" | "'" | "\"" => self.show_text_of_operation(&operation, page_state),
                _ => page_state.execute(self.pdf, &operation),
            }
        }
        Ok(())
    }

    /// Draws an external object: executes the content of a form, or counts an image.
    fn draw_object(
        &mut self,
        operation: &Operation,
        page_state: &mut PageDrawingState<'a>,
        form_depth: usize,
    ) -> Result<(), String> {
        let external_object = page_state.resource(self.pdf, b"XObject", operation.operands.first());
        let Some(form) =
            external_object.and_then(|external_object| external_object.as_stream().ok())
        else {
            return Ok(());
        };
        let subtype = form.dict.get(b"Subtype").and_then(Object::as_name).unwrap_or_default();
        self.counts.image_count += usize::from(subtype == b"Image");
        if subtype != b"Form" || form_depth >= MAX_FORM_DEPTH {
            return Ok(());
        }
        let Ok(content) = form.get_plain_content_with_limit(MAX_CONTENT_BYTES) else {
            return Ok(());
        };
        if !is_stream_complete(form) {
            return Err(DAMAGED_CONTENT_ERROR.to_owned());
        }
        let (outer_resources, outer_state) =
            (page_state.resources, page_state.graphics_state.clone());
        let outer_saved_count = page_state.saved_graphics_states.len();
        let outer_marked_count = page_state.begin_form(self.pdf, &form.dict);
        if let Ok(resources) = form.dict.get_deref(b"Resources", self.pdf).and_then(Object::as_dict)
        {
            page_state.resources = Some(resources);
        }
        if let Some(matrix) = form.dict.get(b"Matrix").ok().and_then(Matrix::from_array) {
            page_state.graphics_state.page_matrix =
                matrix.then(&page_state.graphics_state.page_matrix);
        }
        self.execute_content(&content, page_state, form_depth + 1)?;
        (page_state.resources, page_state.graphics_state) = (outer_resources, outer_state);
        page_state.saved_graphics_states.truncate(outer_saved_count);
        page_state.end_form(outer_marked_count);
        Ok(())
    }

    fn set_font(&mut self, operation: &Operation, page_state: &mut PageDrawingState<'a>) {
        page_state.graphics_state.font_size =
            operation.operands.get(1).and_then(number).unwrap_or_default();
        let Some(Object::Name(name)) = operation.operands.first() else { return };
        let font_resources = page_state
            .resources
            .and_then(|resources| resources.get_deref(b"Font", self.pdf).ok()?.as_dict().ok());
        let font = font_resources.and_then(|font_resources| font_resources.get(name).ok());
        page_state.graphics_state.font = font.and_then(|font| self.read_font(font));
    }

    /// Reads a font. Each font of the file is read at most once.
    fn read_font(&mut self, font: &'a Object) -> Option<Rc<Font>> {
        let (_, font) = self.pdf.dereference(font).ok()?;
        if let Some(cached) = self.fonts.get(&ptr::from_ref(font)) {
            return Some(Rc::clone(cached));
        }
        let read_font = Rc::new(Font::read(self.pdf, font.as_dict().ok()?));
        self.fonts.insert(ptr::from_ref(font), Rc::clone(&read_font));
        Some(read_font)
    }

    fn show_text_of_operation(
        &mut self,
        operation: &Operation,
        page_state: &mut PageDrawingState<'a>,
    ) {
        match operation.operator.as_str() {
            "'" => page_state.move_to_next_line(),
            "\"" => {
                let spacing_operand = |index: usize| operation.operands.get(index).and_then(number);
                page_state.graphics_state.word_spacing = spacing_operand(0).unwrap_or_default();
                page_state.graphics_state.char_spacing = spacing_operand(1).unwrap_or_default();
                page_state.move_to_next_line();
            }
            _ => {}
        }
        match operation.operands.last() {
            Some(Object::String(bytes, _)) => self.show_string(bytes, page_state),
            Some(Object::Array(items)) => {
                for item in items {
                    match item {
                        Object::String(bytes, _) => self.show_string(bytes, page_state),
                        item => page_state.shift_text_position(number(item).unwrap_or_default()),
                    }
                }
            }
            _ => {}
        }
    }

    /// Shows a string in the current font, and advances the text position by the width of the
    /// string.
    fn show_string(&mut self, bytes: &[u8], page_state: &mut PageDrawingState<'a>) {
        let Some(font) = page_state.graphics_state.font.clone() else { return };
        if font.is_vertical {
            self.show_vertical_string(&font, bytes, page_state);
            return;
        }
        let state = &page_state.graphics_state;
        let text_to_page = page_state.text_matrix.then(&state.page_matrix);
        let (mut text, mut advance) = (String::new(), 0.0);
        for glyph in font.glyphs(bytes) {
            text.push_str(&self.text_of_counted_glyph(&glyph));
            let word_spacing = if glyph.is_single_byte_32 { state.word_spacing } else { 0.0 };
            advance += (glyph.width * state.font_size + state.char_spacing + word_spacing)
                * state.horizontal_scale;
        }
        // The width of the run excludes the character spacing after its last character.
        let visible_width = advance - state.char_spacing * state.horizontal_scale;
        let (start, baseline) = text_to_page.apply(0.0, state.rise);
        let end_point = text_to_page.apply(visible_width, state.rise);
        let text_run = TextRun {
            text,
            start,
            end: end_point.0,
            baseline,
            size: state.font_size * text_to_page.vertical_scale(),
            is_bold: font.is_bold,
            sequence_number: 0,
            quarter_turns: text_to_page.quarter_turns(),
        };
        page_state.text_matrix = Matrix::translation(advance, 0.0).then(&page_state.text_matrix);
        page_state.add_run(text_run, end_point.1);
    }

    /// Shows a string in a font for vertical writing, as one run for each character.
    fn show_vertical_string(
        &mut self,
        font: &Font,
        bytes: &[u8],
        page_state: &mut PageDrawingState<'a>,
    ) {
        for glyph in font.glyphs(bytes) {
            let state = &page_state.graphics_state;
            let text_to_page = page_state.text_matrix.then(&state.page_matrix);
            let half_width = glyph.width / 2.0 * state.font_size * state.horizontal_scale;
            let height = state.rise - VERTICAL_WRITING_ORIGIN_HEIGHT * state.font_size;
            let (start, baseline) = text_to_page.apply(-half_width, height);
            let end_point = text_to_page.apply(half_width, height);
            let text_run = TextRun {
                text: self.text_of_counted_glyph(&glyph),
                start,
                end: end_point.0,
                baseline,
                size: state.font_size * text_to_page.vertical_scale(),
                is_bold: font.is_bold,
                sequence_number: 0,
                quarter_turns: text_to_page.quarter_turns(),
            };
            let word_spacing = if glyph.is_single_byte_32 { state.word_spacing } else { 0.0 };
            let advance = state.font_size + state.char_spacing + word_spacing;
            page_state.text_matrix =
                Matrix::translation(0.0, -advance).then(&page_state.text_matrix);
            page_state.add_run(text_run, end_point.1);
        }
    }

    /// Returns the characters of a glyph, or a replacement character if the characters are unknown. Counts the glyph.
    fn text_of_counted_glyph(&mut self, glyph: &Glyph) -> String {
        self.counts.glyph_count += 1;
        self.counts.unknown_glyph_count += usize::from(glyph.text.is_none());
        glyph.text.clone().unwrap_or_else(|| '\u{FFFD}'.to_string())
    }
}

/// Returns whether any operator in a content stream has more than [`MAX_OPERANDS_PER_OPERATOR`] operands. An
/// operator is a word outside of strings.
fn has_too_many_operands(content: &[u8]) -> bool {
    let (mut string_depth, mut is_escaped) = (0_usize, false);
    let (mut operand_count, mut is_in_word) = (0_usize, false);
    for byte in content {
        match byte {
            _ if mem::take(&mut is_escaped) => continue,
            b'\\' if string_depth > 0 => is_escaped = true,
            b'(' => string_depth += 1,
            b')' => string_depth = string_depth.saturating_sub(1),
            _ if string_depth > 0 => {}
            byte if byte.is_ascii_alphabetic() && !is_in_word => {
                (operand_count, is_in_word) = (0, true);
            }
            b' ' | b'\n' | b'\r' | b'\t' | b'[' | b']' | b'/' | b'<' | b'>' => {
                is_in_word = matches!(byte, b'/' | b'<');
            }
            _ => {}
        }
        let is_operand_start = match string_depth {
            0 => matches!(byte, b' ' | b'[' | b'/' | b'<' | b'\n'),
            depth => depth == 1 && *byte == b'(',
        };
        operand_count += usize::from(is_operand_start);
        if operand_count > MAX_OPERANDS_PER_OPERATOR {
            return true;
        }
    }
    false
}

/// Returns the value of a key in the dictionary of a page. If the page lacks the key, returns the
/// value of its nearest ancestor in the page tree that has the key.
fn inherited_page_entry<'a>(pdf: &'a Document, page: ObjectId, key: &[u8]) -> Option<&'a Object> {
    let mut page_tree_node = pdf.get_dictionary(page).ok()?;
    for _ in 0..MAX_PAGE_TREE_DEPTH {
        if let Ok(value) = page_tree_node.get_deref(key, pdf) {
            return Some(value);
        }
        page_tree_node = page_tree_node.get_deref(b"Parent", pdf).ok()?.as_dict().ok()?;
    }
    None
}
