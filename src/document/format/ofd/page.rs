//! Reads the text of a page with its positions.

use super::read_part;
use crate::document::format::{
    archive::Package,
    pdf::TextRun,
    xml::{Attributes, XmlEvent},
};

/// Number of typographic points in a millimetre.
const POINTS_PER_MILLIMETRE: f32 = 72.0 / 25.4;
/// Minimum weight of a bold font.
const MIN_BOLD_WEIGHT: u32 = 600;
/// Width of an ideograph without a stated width, as a multiple of the font size.
const DEFAULT_IDEOGRAPH_WIDTH: f32 = 1.0;
/// Width of an ASCII character without a stated width, as a multiple of the font size.
const DEFAULT_ASCII_WIDTH: f32 = 0.5;
/// Maximum gap between two characters of a run, as a multiple of the font size. A new run begins after a larger gap.
const MAX_GAP_WITHIN_RUN: f32 = 2.0;

/// Text of a page, and the templates that contain further text.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) runs: Vec<TextRun>,
    /// Text that the page does not show.
    pub(super) hidden_runs: Vec<TextRun>,
    /// Ids of the templates with further text of the page.
    pub(super) templates: Vec<String>,
}

/// Reads the page in the member of the package at `path`. `height` is the height of the page in millimetres.
pub(super) fn read(package: &mut Package<'_>, path: &str, height: f32) -> Result<Page, String> {
    let mut reader = PageReader { height, ..PageReader::default() };
    read_part(package, path, |event| reader.handle_event(event))?;
    Ok(reader.page)
}

/// Returns the height of an area in millimetres: 297 for `0 0 210 297`.
pub(super) fn area_height(area: &str) -> Option<f32> {
    parse_numbers(area).get(3).copied().filter(|height| *height > 0.0)
}

/// The open text object. Lengths are in millimetres.
#[derive(Debug, Default, Clone)]
struct TextObject {
    /// Distance of the object from the left of the page, in millimetres.
    left: f32,
    /// Distance of the object from the top of the page, in millimetres.
    top: f32,
    /// Font size in millimetres.
    font_size: f32,
    is_bold: bool,
    is_hidden: bool,
    /// Affine transformation of the positions in the object, as the six numbers of the attribute `CTM`.
    matrix: [f32; 6],
}

/// Characters of a text object. The first character is at the position (`x`, `y`) in the object, in millimetres.
#[derive(Debug, Default)]
struct TextCode {
    x: f32,
    y: f32,
    /// Distances from the beginning of each character to the beginning of the next character, in the notation of the
    /// file, such as `g 3 5.2`.
    stated_distances: String,
    text: String,
}

/// Converts the events of a page to text runs.
#[derive(Debug, Default)]
struct PageReader {
    page: Page,
    /// Height of the page in millimetres.
    height: f32,
    text_object: TextObject,
    text_code: Option<TextCode>,
    /// Position (x, y) of the previous `TextCode` element in the text object, in millimetres. An element that states no
    /// position has this position.
    last_position: [f32; 2],
    /// Number of text objects that have begun so far on the page.
    sequence_number: usize,
}

impl PageReader {
    fn handle_event(&mut self, event: &XmlEvent<'_>) {
        match event {
            XmlEvent::Open("Template", attributes) => {
                self.page.templates.extend(attributes.get("TemplateID"));
            }
            XmlEvent::Open("TextObject", attributes) => self.open_text_object(attributes),
            XmlEvent::Open("TextCode", attributes) => {
                let position =
                    |name: &str, previous| number_attribute(attributes, name).unwrap_or(previous);
                let [x, y] = self.last_position;
                let (x, y) = (position("X", x), position("Y", y));
                self.last_position = [x, y];
                let stated_distances = attributes.get("DeltaX").unwrap_or_default();
                self.text_code = Some(TextCode { x, y, stated_distances, text: String::new() });
            }
            XmlEvent::Text(text) => {
                if let Some(code) = &mut self.text_code {
                    code.text.push_str(text);
                }
            }
            XmlEvent::Close("TextCode") => {
                if let Some(code) = self.text_code.take() {
                    self.add_runs(&code);
                }
            }
            _ => {}
        }
    }

    fn open_text_object(&mut self, attributes: &Attributes<'_>) {
        let boundary = parse_numbers(&attributes.get("Boundary").unwrap_or_default());
        let matrix = parse_numbers(&attributes.get("CTM").unwrap_or_default());
        let weight = attributes.get("Weight").and_then(|weight| weight.parse::<u32>().ok());
        self.text_object = TextObject {
            left: boundary.first().copied().unwrap_or_default(),
            top: boundary.get(1).copied().unwrap_or_default(),
            font_size: number_attribute(attributes, "Size").unwrap_or(3.5),
            is_bold: weight.is_some_and(|weight| weight >= MIN_BOLD_WEIGHT),
            is_hidden: attributes.get("Visible").as_deref() == Some("false"),
            matrix: <[f32; 6]>::try_from(matrix).unwrap_or([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]),
        };
        self.last_position = [0.0, 0.0];
        self.sequence_number += 1;
    }

    /// Adds the runs of the characters in `code`. A run ends before a wide gap.
    fn add_runs(&mut self, code: &TextCode) {
        let [x_scale, y_skew, x_skew, y_scale, x_shift, y_shift] = self.text_object.matrix;
        let scale = x_scale.hypot(y_skew);
        let font_size = self.text_object.font_size;
        let text = code.text.trim_matches(['\n', '\r', '\t']);
        let steps = expand_character_distances(&code.stated_distances, text.chars().count());
        let mut x = code.x;
        let mut run_start = x;
        let mut run_text = String::new();
        let mut runs = Vec::new();
        let mut characters = text.chars().enumerate().peekable();
        while let Some((index, character)) = characters.next() {
            let width = font_size
                * if character.is_ascii() { DEFAULT_ASCII_WIDTH } else { DEFAULT_IDEOGRAPH_WIDTH };
            let step = steps.get(index).copied().unwrap_or(width);
            // Spaces indent the first line of a paragraph.
            if run_text.is_empty() && character.is_whitespace() {
                x += step;
                run_start = x;
                continue;
            }
            run_text.push(character);
            let is_far = step > width + font_size * MAX_GAP_WITHIN_RUN;
            if is_far || characters.peek().is_none() {
                runs.push((run_start, x + width, std::mem::take(&mut run_text)));
                run_start = x + step;
            }
            x += step;
        }
        let is_hidden = self.text_object.is_hidden;
        let target = if is_hidden { &mut self.page.hidden_runs } else { &mut self.page.runs };
        for (start, end, text) in runs {
            let left = self.text_object.left + x_scale * start + x_skew * code.y + x_shift;
            let top = self.text_object.top + y_skew * start + y_scale * code.y + y_shift;
            target.push(TextRun {
                text,
                start: left * POINTS_PER_MILLIMETRE,
                end: (left + (end - start) * scale) * POINTS_PER_MILLIMETRE,
                baseline: (self.height - top) * POINTS_PER_MILLIMETRE,
                size: font_size * scale * POINTS_PER_MILLIMETRE,
                is_bold: self.text_object.is_bold,
                sequence_number: self.sequence_number,
                quarter_turns: quarter_turns(x_scale, y_skew),
            });
        }
    }
}

/// Returns the rotation of a transformation in quarter turns; `None` for slanted text.
fn quarter_turns(x_scale: f32, y_skew: f32) -> Option<u8> {
    let is_small = |part: f32, whole: f32| part.abs() <= whole.abs() * 0.05;
    if is_small(y_skew, x_scale) {
        Some(if x_scale >= 0.0 { 0 } else { 2 })
    } else if is_small(x_scale, y_skew) {
        // The vertical axis of the page points down.
        Some(if y_skew < 0.0 { 1 } else { 3 })
    } else {
        None
    }
}

/// Returns the distances in `stated_distances`, but at most `count` distances. `g 3 5.2` means three distances of 5.2.
fn expand_character_distances(stated_distances: &str, count: usize) -> Vec<f32> {
    let mut distances = Vec::new();
    let mut words = stated_distances.split_whitespace();
    while let Some(word) = words.next() {
        let (repetitions, distance) = if word == "g" {
            let repetitions = words.next().and_then(|word| word.parse::<usize>().ok());
            (repetitions.unwrap_or_default(), words.next())
        } else {
            (1, Some(word))
        };
        let Some(distance) = distance.and_then(finite_number) else { continue };
        let remaining_count = count.saturating_sub(distances.len());
        distances.extend(std::iter::repeat_n(distance, repetitions.min(remaining_count)));
    }
    distances
}

fn number_attribute(attributes: &Attributes<'_>, name: &str) -> Option<f32> {
    finite_number(&attributes.get(name)?)
}

fn parse_numbers(text: &str) -> Vec<f32> {
    text.split_whitespace().take(8).filter_map(finite_number).collect()
}

/// Parses a number. `None` if the text is not a number, or the number is too large for a length on a page.
fn finite_number(text: &str) -> Option<f32> {
    text.trim().parse().ok().filter(|number: &f32| number.abs() < 1e6)
}
