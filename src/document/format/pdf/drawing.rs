//! The operators of a page's content → where text stands and what is said of it.

use std::rc::Rc;

use lopdf::{Dictionary, Document, Object, content::Operation};

use super::{
    font::{Font, number},
    matrix::Matrix,
};

/// Saved states and marks stand in each other at most so deep.
const MAX_STACK: usize = 512;

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

/// A page, as far as it is drawn.
pub(super) struct Drawing<'a> {
    pub(super) resources: Option<&'a Dictionary>,
    pub(super) state: State,
    pub(super) saved: Vec<State>,
    pub(super) text: Matrix,
    line: Matrix,
    marks: Vec<Mark>,
    /// How many parts were marked so far.
    parts: usize,
    pub(super) runs: Vec<Run>,
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
pub(super) struct State {
    pub(super) page: Matrix,
    pub(super) font: Option<Rc<Font>>,
    pub(super) size: f32,
    pub(super) char_space: f32,
    pub(super) word_space: f32,
    pub(super) scale: f32,
    pub(super) leading: f32,
    pub(super) rise: f32,
}

impl<'a> Drawing<'a> {
    pub(super) fn new(resources: Option<&'a Dictionary>, page: Matrix) -> Self {
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

    pub(super) fn operate(&mut self, pdf: &Document, operation: &Operation) {
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
    pub(super) fn resource<'b>(
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

    pub(super) fn next_line(&mut self) {
        self.move_line(0.0, -self.state.leading);
    }

    /// Moves on by thousandths of the font size, to the left.
    pub(super) fn shift(&mut self, thousandths: f32) {
        let advance = -thousandths / 1_000.0 * self.state.size * self.state.scale;
        self.text = Matrix::moved(advance, 0.0).then(&self.text);
    }

    pub(super) fn say(
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
