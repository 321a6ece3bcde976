//! The content stream of a PDF page → the pieces of text that it shows, and where.

use std::{
    collections::HashMap,
    rc::Rc,
    time::{Duration, Instant},
};

use lopdf::{
    Dictionary, Document, Object, ObjectId,
    content::{Content, Operation},
};

use super::{
    font::{Font, number},
    matrix::Matrix,
};

/// Bytes that the content of one page, and of one form on it, may unpack to.
const MAX_CONTENT: usize = 64 << 20;
/// The same of all pages together.
const MAX_TOTAL: usize = 1 << 30;
/// Drawings stand in drawings at most so deep.
const MAX_DEPTH: usize = 8;
/// Saved states and marks stand in each other at most so deep.
const MAX_STACK: usize = 512;
/// Pieces of text on one page, and characters on all of them.
const MAX_RUNS: usize = 500_000;
const MAX_SHOWN: usize = 64 << 20;
/// Longer than any page takes by far.
const MAX_TIME: Duration = Duration::from_secs(60);

/// A piece of text as it was shown: on one line, in one font.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Run {
    pub(super) text: String,
    /// Where it begins and ends, from the left of the page, in points.
    pub(super) start: f32,
    pub(super) end: f32,
    /// Its base line, from the bottom.
    pub(super) base: f32,
    /// The height of the font.
    pub(super) size: f32,
    pub(super) bold: bool,
    /// Which part of the content it stands in, where the file marks parts: paragraphs and cells.
    pub(super) part: usize,
    /// Quarter turns counterclockwise; none for slanted text.
    pub(super) turns: Option<u8>,
}

/// Reads one page after the other; fonts are read once.
pub(super) struct Pages<'a> {
    pdf: &'a Document,
    fonts: HashMap<ObjectId, Rc<Font>>,
    started: Instant,
    unpacked: usize,
    /// Codes that were shown, and those of which nobody says what they stand for.
    pub(super) shown: usize,
    pub(super) unknown: usize,
}

impl<'a> Pages<'a> {
    pub(super) fn new(pdf: &'a Document) -> Self {
        let fonts = HashMap::new();
        Self { pdf, fonts, started: Instant::now(), unpacked: 0, shown: 0, unknown: 0 }
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
        let is_form =
            form.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|s| s == b"Form");
        if !is_form || depth >= MAX_DEPTH {
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

/// A page, as far as it is drawn.
struct Drawing<'a> {
    resources: Option<&'a Dictionary>,
    state: State,
    saved: Vec<State>,
    text: Matrix,
    line: Matrix,
    marks: Vec<Mark>,
    /// How many parts were marked so far.
    parts: usize,
    runs: Vec<Run>,
}

/// What stands between two marks.
enum Mark {
    /// Content as it is.
    Plain,
    /// What is on every page: heads, feet, page numbers.
    Furniture,
    /// What is drawn stands for this text; nothing once it was said.
    Text(Option<String>),
}

#[derive(Clone)]
struct State {
    page: Matrix,
    font: Option<Rc<Font>>,
    size: f32,
    char_space: f32,
    word_space: f32,
    scale: f32,
    leading: f32,
    rise: f32,
}

impl<'a> Drawing<'a> {
    fn new(resources: Option<&'a Dictionary>, page: Matrix) -> Self {
        let state = State {
            page,
            font: None,
            size: 0.0,
            char_space: 0.0,
            word_space: 0.0,
            scale: 1.0,
            leading: 0.0,
            rise: 0.0,
        };
        Self {
            resources,
            state,
            saved: Vec::new(),
            text: Matrix::default(),
            line: Matrix::default(),
            marks: Vec::new(),
            parts: 0,
            runs: Vec::new(),
        }
    }

    fn operate(&mut self, pdf: &Document, operation: &Operation) {
        let operand = |index: usize| operation.operands.get(index).and_then(number);
        let first = operand(0).unwrap_or_default();
        match operation.operator.as_str() {
            "q" if self.saved.len() < MAX_STACK => self.saved.push(self.state.clone()),
            "Q" => self.state = self.saved.pop().unwrap_or_else(|| self.state.clone()),
            "cm" => {
                if let Some(matrix) = Matrix::from_operands(&operation.operands) {
                    self.state.page = matrix.then(&self.state.page);
                }
            }
            "BT" => (self.text, self.line) = (Matrix::default(), Matrix::default()),
            "Tm" => {
                if let Some(matrix) = Matrix::from_operands(&operation.operands) {
                    (self.text, self.line) = (matrix.clone(), matrix);
                }
            }
            "Td" => self.move_line(first, operand(1).unwrap_or_default()),
            "TD" => {
                self.state.leading = -operand(1).unwrap_or_default();
                self.move_line(first, operand(1).unwrap_or_default());
            }
            "T*" => self.next_line(),
            "Tc" => self.state.char_space = first,
            "Tw" => self.state.word_space = first,
            "Tz" => self.state.scale = first / 100.0,
            "TL" => self.state.leading = first,
            "Ts" => self.state.rise = first,
            "BMC" | "BDC" if self.marks.len() < MAX_STACK => {
                let span = operation.operands.first().and_then(|tag| tag.as_name().ok());
                self.parts += usize::from(span != Some(b"Span"));
                let mark = self.mark(pdf, operation);
                self.marks.push(mark);
            }
            "EMC" => drop(self.marks.pop()),
            _ => {}
        }
    }

    fn mark(&self, pdf: &Document, operation: &Operation) -> Mark {
        let tag = operation.operands.first().and_then(|tag| tag.as_name().ok());
        let properties = match operation.operands.get(1) {
            Some(Object::Dictionary(properties)) => Some(properties),
            name => self.resource(pdf, b"Properties", name).and_then(|p| p.as_dict().ok()),
        };
        let kind = properties.and_then(|properties| properties.get(b"Type").ok()?.as_name().ok());
        if tag == Some(b"Artifact") && kind == Some(b"Pagination") {
            return Mark::Furniture;
        }
        let text =
            properties.and_then(|p| lopdf::decode_text_string(p.get(b"ActualText").ok()?).ok());
        text.map_or(Mark::Plain, |text| Mark::Text(Some(text)))
    }

    /// The object that a name stands for among the resources of a kind.
    fn resource<'b>(
        &self,
        pdf: &'a Document,
        kind: &[u8],
        name: Option<&'b Object>,
    ) -> Option<&'a Object> {
        let named = self.resources?.get_deref(kind, pdf).ok()?.as_dict().ok()?;
        named.get_deref(name?.as_name().ok()?, pdf).ok()
    }

    fn move_line(&mut self, x: f32, y: f32) {
        self.line = Matrix::moved(x, y).then(&self.line);
        self.text = self.line.clone();
    }

    fn next_line(&mut self) {
        self.move_line(0.0, -self.state.leading);
    }

    /// Moves on by thousandths of the font size, to the left.
    fn shift(&mut self, thousandths: f32) {
        let advance = -thousandths / 1_000.0 * self.state.size * self.state.scale;
        self.text = Matrix::moved(advance, 0.0).then(&self.text);
    }

    fn say(
        &mut self,
        mut text: String,
        start: (f32, f32),
        end: (f32, f32),
        size: f32,
        bold: bool,
        turns: Option<u8>,
    ) {
        for mark in &mut self.marks {
            match mark {
                Mark::Plain => {}
                Mark::Furniture => return,
                Mark::Text(actual) => text = actual.take().unwrap_or_default(),
            }
        }
        if size.is_finite() && start.0.is_finite() && end.0.is_finite() && start.1.is_finite() {
            let (part, base) = (self.parts, start.1);
            let run = Run { text, start: start.0, end: end.0, base, size, bold, part, turns };
            self.runs.push(run.upright(end));
        }
    }
}

impl Run {
    /// The same on a page that is turned so that the text stands upright.
    fn upright(mut self, (end, end_base): (f32, f32)) -> Self {
        let (start, base) = (self.start, self.base);
        (self.start, self.base, self.end) = match self.turns {
            Some(1) => (base, -start, end_base),
            Some(2) => (-start, -base, -end),
            Some(3) => (-base, start, -end_base),
            _ => (start, base, end),
        };
        self
    }
}

/// What a page says, or else those that it hangs on.
fn inherited<'a>(pdf: &'a Document, page: ObjectId, key: &[u8]) -> Option<&'a Object> {
    let mut node = pdf.get_dictionary(page).ok()?;
    for _ in 0..MAX_STACK {
        if let Ok(found) = node.get_deref(key, pdf) {
            return Some(found);
        }
        node = node.get_deref(b"Parent", pdf).ok()?.as_dict().ok()?;
    }
    None
}
