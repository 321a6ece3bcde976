//! The content stream of a PDF page → the pieces of text that it shows, and where.

use std::{
    collections::HashMap,
    rc::Rc,
    time::{Duration, Instant},
};

use lopdf::{
    Document, Object, ObjectId,
    content::{Content, Operation},
};

use super::{
    drawing::{Drawing, Run},
    font::{Font, number},
    matrix::Matrix,
};

/// Bytes that the content of one page, and of one form on it, may unpack to.
const MAX_CONTENT: usize = 64 << 20;
/// Larger content is looked at before it is read: values without an operator are held in memory.
const LARGE_CONTENT: usize = 6 << 20;
const MAX_OPERANDS: usize = 200_000;
/// The same of all pages together.
const MAX_TOTAL: usize = 1 << 30;
/// Drawings stand in drawings at most so deep.
const MAX_DEPTH: usize = 8;
/// Pieces of text on one page, and characters on all of them.
const MAX_RUNS: usize = 500_000;
const MAX_SHOWN: usize = 64 << 20;
/// The tree of pages is at most so deep.
const MAX_PARENTS: usize = 256;
/// Longer than any page takes by far.
const MAX_TIME: Duration = Duration::from_secs(60);

/// Reads one page after the other; fonts are read once.
pub(super) struct Pages<'a> {
    pdf: &'a Document,
    fonts: HashMap<ObjectId, Rc<Font>>,
    started: Instant,
    unpacked: usize,
    /// Codes that were shown, and those of which nobody says what they stand for.
    pub(super) shown: usize,
    pub(super) unknown: usize,
    /// Pictures that were met.
    pub(super) pictures: usize,
}

impl<'a> Pages<'a> {
    pub(super) fn new(pdf: &'a Document) -> Self {
        let fonts = HashMap::new();
        Self { pdf, fonts, started: Instant::now(), unpacked: 0, shown: 0, unknown: 0, pictures: 0 }
    }

    /// The pieces of text of a page, in the order in which they are drawn.
    pub(super) fn read(&mut self, page: ObjectId) -> Result<Vec<Run>, String> {
        let content = self
            .pdf
            .get_page_content_with_limit(page, MAX_CONTENT)
            .map_err(|error| error.to_string())?;
        let resources = inherited(self.pdf, page, b"Resources").and_then(|r| r.as_dict().ok());
        let turned = inherited(self.pdf, page, b"Rotate").and_then(|r| r.as_i64().ok());
        let mut drawing = Drawing::new(resources, Matrix::turned(turned.unwrap_or_default()));
        self.draw(&content, &mut drawing, 0)?;
        Ok(drawing.runs)
    }

    fn draw(
        &mut self,
        content: &[u8],
        drawing: &mut Drawing<'a>,
        depth: usize,
    ) -> Result<(), String> {
        if content.len() > LARGE_CONTENT && is_crowded(content) {
            return Err(
                "has more values at a place than any page: it is taken for a bomb".to_owned()
            );
        }
        self.unpacked += content.len();
        if self.unpacked > MAX_TOTAL {
            return Err(format!("unpacks to more than {} MiB", MAX_TOTAL >> 20));
        }
        for (done, operation) in Content::decode_iter(content).enumerate() {
            if done % 1_024 == 0 && self.started.elapsed() > MAX_TIME {
                return Err(format!("takes more than {} seconds to read", MAX_TIME.as_secs()));
            }
            if drawing.runs.len() > MAX_RUNS || self.shown > MAX_SHOWN {
                return Err("shows more text than any page has".to_owned());
            }
            // What cannot be read ends the page there; what came before is kept.
            let Ok(operation) = operation else { break };
            match operation.operator.as_str() {
                "Do" => self.form(&operation, drawing, depth)?,
                "Tf" => self.font(&operation, drawing),
                "BI" => self.pictures += 1,
                "Tj" | "TJ" | "'" | "\"" => self.show(&operation, drawing),
                _ => drawing.operate(self.pdf, &operation),
            }
        }
        Ok(())
    }

    /// Draws a form, which is content of its own, where it stands.
    fn form(
        &mut self,
        operation: &Operation,
        drawing: &mut Drawing<'a>,
        depth: usize,
    ) -> Result<(), String> {
        let form = drawing.resource(self.pdf, b"XObject", operation.operands.first());
        let Some(form) = form.and_then(|form| form.as_stream().ok()) else { return Ok(()) };
        let kind = form.dict.get(b"Subtype").and_then(Object::as_name).unwrap_or_default();
        self.pictures += usize::from(kind == b"Image");
        if kind != b"Form" || depth >= MAX_DEPTH {
            return Ok(());
        }
        let Ok(content) = form.get_plain_content_with_limit(MAX_CONTENT) else { return Ok(()) };
        let outer = (drawing.resources, drawing.state.clone(), drawing.saved.len());
        if let Ok(resources) = form.dict.get_deref(b"Resources", self.pdf).and_then(Object::as_dict)
        {
            drawing.resources = Some(resources);
        }
        if let Some(matrix) = form.dict.get(b"Matrix").ok().and_then(Matrix::of) {
            drawing.state.page = matrix.then(&drawing.state.page);
        }
        self.draw(&content, drawing, depth + 1)?;
        (drawing.resources, drawing.state) = (outer.0, outer.1);
        drawing.saved.truncate(outer.2);
        Ok(())
    }

    fn font(&mut self, operation: &Operation, drawing: &mut Drawing<'a>) {
        drawing.state.size = operation.operands.get(1).and_then(number).unwrap_or_default();
        let Some(Object::Name(name)) = operation.operands.first() else { return };
        let fonts = drawing
            .resources
            .and_then(|resources| resources.get_deref(b"Font", self.pdf).ok()?.as_dict().ok());
        let Some(font) = fonts.and_then(|fonts| fonts.get(name).ok()) else {
            drawing.state.font = None;
            return;
        };
        let known = font.as_reference().ok().and_then(|id| self.fonts.get(&id)).cloned();
        drawing.state.font = known.or_else(|| {
            let (id, font_object) = self.pdf.dereference(font).ok()?;
            let read = Rc::new(Font::read(self.pdf, font_object.as_dict().ok()?));
            if let Some(id) = id.or_else(|| font.as_reference().ok()) {
                self.fonts.insert(id, Rc::clone(&read));
            }
            Some(read)
        });
    }

    fn show(&mut self, operation: &Operation, drawing: &mut Drawing<'a>) {
        match operation.operator.as_str() {
            "'" => drawing.next_line(),
            "\"" => {
                let spacing = |index: usize| operation.operands.get(index).and_then(number);
                drawing.state.word_space = spacing(0).unwrap_or_default();
                drawing.state.char_space = spacing(1).unwrap_or_default();
                drawing.next_line();
            }
            _ => {}
        }
        match operation.operands.last() {
            Some(Object::String(bytes, _)) => self.string(bytes, drawing),
            Some(Object::Array(items)) => {
                for item in items {
                    match item {
                        Object::String(bytes, _) => self.string(bytes, drawing),
                        item => drawing.shift(number(item).unwrap_or_default()),
                    }
                }
            }
            _ => {}
        }
    }

    fn string(&mut self, bytes: &[u8], drawing: &mut Drawing<'a>) {
        let Some(font) = drawing.state.font.clone() else { return };
        let state = &drawing.state;
        let from = drawing.text.then(&state.page);
        let (mut text, mut advance) = (String::new(), 0.0);
        for glyph in font.glyphs(bytes) {
            self.shown += 1;
            if let Some(shown) = &glyph.text {
                text.push_str(shown);
            } else {
                self.unknown += 1;
                text.push('\u{FFFD}');
            }
            let space = if glyph.space { state.word_space } else { 0.0 };
            advance += (glyph.width * state.size + state.char_space + space) * state.scale;
        }
        // Spacing after the last character is no part of it.
        let visible = advance - state.char_space * state.scale;
        let (start, end) = (from.apply(0.0, state.rise), from.apply(visible, state.rise));
        let size = state.size * from.height();
        let turns = from.turns();
        drawing.text = Matrix::moved(advance, 0.0).then(&drawing.text);
        drawing.say(text, start, end, size, font.bold, turns);
    }
}

/// Whether very many values stand in content before an operator, which is a word outside of
/// strings.
fn is_crowded(content: &[u8]) -> bool {
    let (mut depth, mut escaped, mut values, mut within) = (0_usize, false, 0_usize, false);
    for byte in content {
        match byte {
            _ if std::mem::take(&mut escaped) => continue,
            b'\\' if depth > 0 => escaped = true,
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            byte if byte.is_ascii_alphabetic() && !within => (values, within) = (0, true),
            b' ' | b'\n' | b'\r' | b'\t' | b'[' | b']' | b'/' | b'<' | b'>' => {
                within = matches!(byte, b'/' | b'<');
            }
            _ => {}
        }
        let begins = match depth {
            0 => matches!(byte, b' ' | b'[' | b'/' | b'<' | b'\n'),
            depth => depth == 1 && *byte == b'(',
        };
        values += usize::from(begins);
        if values > MAX_OPERANDS {
            return true;
        }
    }
    false
}

/// What a page says, or else those that it hangs on.
fn inherited<'a>(pdf: &'a Document, page: ObjectId, key: &[u8]) -> Option<&'a Object> {
    let mut node = pdf.get_dictionary(page).ok()?;
    for _ in 0..MAX_PARENTS {
        if let Ok(found) = node.get_deref(key, pdf) {
            return Some(found);
        }
        node = node.get_deref(b"Parent", pdf).ok()?.as_dict().ok()?;
    }
    None
}
