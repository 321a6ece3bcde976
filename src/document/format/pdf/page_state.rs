//! State of a page while its content stream is executed. The operators of the stream change this
//! state and add text runs.

use std::rc::Rc;

use lopdf::{Dictionary, Document, Object, content::Operation};

use super::{font::Font, layers::Layers, matrix::Matrix, object::number, page_box::PageBox};
use crate::document::left_out::LeftOutReason;

/// Maximum nesting depth of saved graphics states. Also the maximum nesting depth of marked-content sequences.
const MAX_NESTING_DEPTH: usize = 512;

/// Text that one operator shows, on one line and in one font.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::document::format) struct TextRun {
    pub(in crate::document::format) text: String,
    /// Distance of the beginning of the run from the left of the page, in points.
    pub(in crate::document::format) start: f32,
    /// Distance of the end of the run from the left of the page, in points.
    pub(in crate::document::format) end: f32,
    /// Distance of the baseline of the run from the bottom of the page, in points.
    pub(in crate::document::format) baseline: f32,
    /// Font size in points.
    pub(in crate::document::format) size: f32,
    pub(in crate::document::format) is_bold: bool,
    /// Number of the marked-content sequence that contains the run, in the order of the page. In a
    /// tagged PDF, each paragraph and table cell is a marked-content sequence.
    pub(in crate::document::format) sequence_number: usize,
    /// Counterclockwise rotation in quarter turns; `None` for slanted text.
    pub(in crate::document::format) quarter_turns: Option<u8>,
}

/// State of a page while its content is drawn.
pub(super) struct PageDrawingState<'a> {
    /// Resource dictionary of the page or of the form that is being drawn.
    pub(super) resources: Option<&'a Dictionary>,
    /// Current graphics state.
    pub(super) graphics_state: GraphicsState,
    /// Graphics states that the operator `q` saved, oldest first.
    pub(super) saved_graphics_states: Vec<GraphicsState>,
    /// Map from text space to the coordinates of the content, at the position of the next character.
    pub(super) text_matrix: Matrix,
    /// Value of `text_matrix` at the beginning of the current line.
    line_matrix: Matrix,
    /// Marked-content sequences that have begun but not ended.
    marked_content: Vec<MarkedContent>,
    /// Number of marked-content sequences that have begun so far. Excludes sequences with the tag
    /// `Span`, which are parts of a line.
    sequence_count: usize,
    /// Layers of the file that are off.
    layers: Rc<Layers>,
    /// Visible area of the page; `None` if the file does not state it.
    visible_box: Option<PageBox>,
    /// Runs that were drawn so far.
    pub(super) runs: Vec<TextRun>,
    /// Runs that are left out, each with the reason.
    pub(super) left_out: Vec<(LeftOutReason, TextRun)>,
    /// Runs outside of the visible area.
    pub(super) runs_outside_visible_area: Vec<TextRun>,
}

/// A marked-content sequence.
enum MarkedContent {
    /// Marked content without special treatment.
    Plain,
    /// Page artifact, such as a running head, a running foot or a page number.
    PageArtifact,
    /// Content of a layer that is off.
    HiddenLayer,
    /// Content for which the file states a replacement text (`ActualText`). The text is `None` after it has been added
    /// to a run.
    Replaced(Option<String>),
}

/// Parameters of the graphics state that affect text.
#[derive(Clone)]
pub(super) struct GraphicsState {
    /// Current transformation matrix, which maps the coordinates of the content to the page.
    pub(super) page_matrix: Matrix,
    pub(super) font: Option<Rc<Font>>,
    pub(super) font_size: f32,
    /// Additional space after each character (`Tc`), in units of the text space.
    pub(super) char_spacing: f32,
    /// Additional space after each space character (`Tw`), in units of the text space.
    pub(super) word_spacing: f32,
    /// Factor by which text is stretched horizontally (`Tz`); 1 for normal text.
    pub(super) horizontal_scale: f32,
    /// Distance between the baselines of consecutive lines (`TL`), in units of the text space.
    pub(super) leading: f32,
    /// Distance by which text is raised above the baseline (`Ts`), in units of the text space.
    pub(super) rise: f32,
}

impl<'a> PageDrawingState<'a> {
    pub(super) fn new(
        resources: Option<&'a Dictionary>,
        page_matrix: Matrix,
        layers: Rc<Layers>,
        visible_box: Option<PageBox>,
    ) -> Self {
        let graphics_state = GraphicsState {
            page_matrix,
            font: None,
            font_size: 0.0,
            char_spacing: 0.0,
            word_spacing: 0.0,
            horizontal_scale: 1.0,
            leading: 0.0,
            rise: 0.0,
        };
        Self {
            resources,
            graphics_state,
            saved_graphics_states: Vec::new(),
            text_matrix: Matrix::default(),
            line_matrix: Matrix::default(),
            marked_content: Vec::new(),
            sequence_count: 0,
            layers,
            visible_box,
            runs: Vec::new(),
            left_out: Vec::new(),
            runs_outside_visible_area: Vec::new(),
        }
    }

    /// Begins the content of a form. Returns the number of marked-content sequences that are open before the form.
    pub(super) fn begin_form(&mut self, pdf: &Document, form: &Dictionary) -> usize {
        let open_count = self.marked_content.len();
        if form.get(b"OC").is_ok_and(|layer| self.layers.hides(pdf, layer)) {
            self.marked_content.push(MarkedContent::HiddenLayer);
        }
        open_count
    }

    /// Ends the content of a form, and the marked-content sequences that the form has left open. `open_count` is the
    /// number of sequences that were open before the form.
    pub(super) fn end_form(&mut self, open_count: usize) {
        self.marked_content.truncate(open_count);
    }

    /// Executes an operator that shows no text.
    pub(super) fn execute(&mut self, pdf: &Document, operation: &Operation) {
        let operand = |index: usize| operation.operands.get(index).and_then(number);
        let first_operand = operand(0).unwrap_or_default();
        match operation.operator.as_str() {
            "q" if self.saved_graphics_states.len() < MAX_NESTING_DEPTH => {
                self.saved_graphics_states.push(self.graphics_state.clone());
            }
            "Q" => {
                if let Some(state) = self.saved_graphics_states.pop() {
                    self.graphics_state = state;
                }
            }
            "cm" => {
                if let Some(matrix) = Matrix::from_operands(&operation.operands) {
                    self.graphics_state.page_matrix = matrix.then(&self.graphics_state.page_matrix);
                }
            }
            "BT" => (self.text_matrix, self.line_matrix) = (Matrix::default(), Matrix::default()),
            "Tm" => {
                if let Some(matrix) = Matrix::from_operands(&operation.operands) {
                    (self.text_matrix, self.line_matrix) = (matrix.clone(), matrix);
                }
            }
            "Td" => self.move_line(first_operand, operand(1).unwrap_or_default()),
            "TD" => {
                self.graphics_state.leading = -operand(1).unwrap_or_default();
                self.move_line(first_operand, operand(1).unwrap_or_default());
            }
            "T*" => self.move_to_next_line(),
            "Tc" => self.graphics_state.char_spacing = first_operand,
            "Tw" => self.graphics_state.word_spacing = first_operand,
            "Tz" => self.graphics_state.horizontal_scale = first_operand / 100.0,
            "TL" => self.graphics_state.leading = first_operand,
            "Ts" => self.graphics_state.rise = first_operand,
            "BMC" | "BDC" if self.marked_content.len() < MAX_NESTING_DEPTH => {
                let tag = operation.operands.first().and_then(|tag| tag.as_name().ok());
                self.sequence_count += usize::from(tag != Some(b"Span"));
                let marked_content = self.read_marked_content(pdf, operation);
                self.marked_content.push(marked_content);
            }
            "EMC" => drop(self.marked_content.pop()),
            _ => {}
        }
    }

    /// Returns the marked-content sequence that `operation` begins.
    fn read_marked_content(&self, pdf: &Document, operation: &Operation) -> MarkedContent {
        let tag = operation.operands.first().and_then(|tag| tag.as_name().ok());
        let layer = self.resource_entry(pdf, b"Properties", operation.operands.get(1));
        if tag == Some(b"OC") && layer.is_some_and(|layer| self.layers.hides(pdf, layer)) {
            return MarkedContent::HiddenLayer;
        }
        let properties = match operation.operands.get(1) {
            Some(Object::Dictionary(properties)) => Some(properties),
            name => self.resource(pdf, b"Properties", name).and_then(|p| p.as_dict().ok()),
        };
        let artifact_type =
            properties.and_then(|properties| properties.get(b"Type").ok()?.as_name().ok());
        if tag == Some(b"Artifact") && artifact_type == Some(b"Pagination") {
            return MarkedContent::PageArtifact;
        }
        let actual_text =
            properties.and_then(|p| lopdf::decode_text_string(p.get(b"ActualText").ok()?).ok());
        actual_text
            .map_or(MarkedContent::Plain, |actual_text| MarkedContent::Replaced(Some(actual_text)))
    }

    /// Returns a resource from the resource dictionary of the page or form. `category` is the category of the resource,
    /// such as `Font`, and `name` is its name.
    pub(super) fn resource<'b>(
        &self,
        pdf: &'a Document,
        category: &[u8],
        name: Option<&'b Object>,
    ) -> Option<&'a Object> {
        let entry = self.resource_entry(pdf, category, name)?;
        pdf.dereference(entry).ok().map(|(_, resource)| resource)
    }

    /// Returns the entry of a resource in the resource dictionary. The entry is a reference if the resource is an
    /// indirect object; otherwise, it is the resource itself.
    fn resource_entry(
        &self,
        pdf: &'a Document,
        category: &[u8],
        name: Option<&Object>,
    ) -> Option<&'a Object> {
        let resources = self.resources?.get_deref(category, pdf).ok()?.as_dict().ok()?;
        resources.get(name?.as_name().ok()?).ok()
    }

    fn move_line(&mut self, x: f32, y: f32) {
        self.line_matrix = Matrix::translation(x, y).then(&self.line_matrix);
        self.text_matrix = self.line_matrix.clone();
    }

    pub(super) fn move_to_next_line(&mut self) {
        self.move_line(0.0, -self.graphics_state.leading);
    }

    /// Moves the text position against the direction of writing, by thousandths of the font size. A
    /// negative number moves it in the direction of writing.
    pub(super) fn shift_text_position(&mut self, thousandths: f32) {
        let shift = -thousandths / 1_000.0 * self.graphics_state.font_size;
        let is_vertical = self.graphics_state.font.as_ref().is_some_and(|font| font.is_vertical);
        let translation = if is_vertical {
            Matrix::translation(0.0, shift)
        } else {
            Matrix::translation(shift * self.graphics_state.horizontal_scale, 0.0)
        };
        self.text_matrix = translation.then(&self.text_matrix);
    }

    /// Adds a text run, and records the number of the marked-content sequence that contains the run. The sequence may
    /// replace the text of the run. Leaves out a run in a page artifact, in a layer that is off, or outside of the
    /// visible area. Ignores a run whose position is not finite. `end_baseline` is the height of the baseline at the
    /// end of the run.
    pub(super) fn add_run(&mut self, mut run: TextRun, end_baseline: f32) {
        let mut left_out_reason = None;
        for marked in &mut self.marked_content {
            match marked {
                MarkedContent::Plain => {}
                MarkedContent::PageArtifact => left_out_reason = Some(LeftOutReason::RunningHead),
                MarkedContent::HiddenLayer => left_out_reason = Some(LeftOutReason::Hidden),
                MarkedContent::Replaced(text) => run.text = text.take().unwrap_or_default(),
            }
        }
        let coordinates = [run.size, run.start, run.end, run.baseline];
        if !coordinates.iter().all(|coordinate| coordinate.is_finite()) {
            return;
        }
        run.sequence_number = self.sequence_count;
        let (start, end) = ((run.start, run.baseline), (run.end, end_baseline));
        let is_visible =
            self.visible_box.is_none_or(|visible| visible.contains_part_of_line(start, end));
        let run = run.into_upright(end_baseline);
        match left_out_reason {
            Some(reason) => self.left_out.push((reason, run)),
            None if is_visible => self.runs.push(run),
            None => self.runs_outside_visible_area.push(run),
        }
    }
}

impl TextRun {
    /// Rotates the coordinates of the run about the origin of the page so that its text is upright. Slanted text is
    /// rotated by its own angle. `end_baseline` is the height of the baseline at the end of the run before the
    /// rotation.
    fn into_upright(mut self, end_baseline: f32) -> Self {
        let (start, end, baseline) = (self.start, self.end, self.baseline);
        (self.start, self.baseline, self.end) = match self.quarter_turns {
            Some(1) => (baseline, -start, end_baseline),
            Some(2) => (-start, -baseline, -end),
            Some(3) => (-baseline, start, -end_baseline),
            Some(_) => (start, baseline, end),
            None => {
                let (along, across) = (end - start, end_baseline - baseline);
                let length = along.hypot(across).max(f32::EPSILON);
                let (cosine, sine) = (along / length, across / length);
                let upright_start = start * cosine + baseline * sine;
                (upright_start, baseline * cosine - start * sine, upright_start + length)
            }
        };
        self
    }
}
