//! Reads the cell styles of a workbook: the number format, and whether the text is bold.

use std::collections::BTreeMap;

use crate::document::format::{
    number_format::code_of_built_in_format,
    xml::{XmlEvent, for_each_event},
};

/// Cell style of a workbook.
#[derive(Debug, Clone, Copy, Default)]
struct CellFormat {
    /// Id of the number format.
    number_format_id: u32,
    /// Index of the font among the fonts of the workbook.
    font_index: usize,
}

/// Cell styles of a workbook, by index.
#[derive(Debug, Default)]
pub(super) struct CellStyles {
    /// Codes of the number formats that the file defines, by id.
    number_format_codes: BTreeMap<u32, String>,
    /// For each font: whether it is bold.
    bold_fonts: Vec<bool>,
    cell_formats: Vec<CellFormat>,
}

impl CellStyles {
    pub(super) fn read(xml: &[u8]) -> Result<Self, String> {
        let mut styles = Self::default();
        let (mut is_in_fonts, mut is_in_cell_formats) = (false, false);
        for_each_event(xml, |event| match event {
            XmlEvent::Open("numFmt", attributes) => {
                let id = attributes.get("numFmtId").and_then(|id| id.parse().ok());
                styles.number_format_codes.extend(id.zip(attributes.get("formatCode")));
            }
            XmlEvent::Open("fonts", _) => is_in_fonts = true,
            XmlEvent::Close("fonts") => is_in_fonts = false,
            XmlEvent::Open("font", _) if is_in_fonts => styles.bold_fonts.push(false),
            XmlEvent::Open("b", attributes) if is_in_fonts => {
                if let Some(is_bold) = styles.bold_fonts.last_mut() {
                    *is_bold = attributes.sets_property_to_true();
                }
            }
            XmlEvent::Open("cellXfs", _) => is_in_cell_formats = true,
            XmlEvent::Close("cellXfs") => is_in_cell_formats = false,
            XmlEvent::Open("xf", attributes) if is_in_cell_formats => {
                let number =
                    |name| attributes.get(name).and_then(|value| value.parse::<u32>().ok());
                styles.cell_formats.push(CellFormat {
                    number_format_id: number("numFmtId").unwrap_or_default(),
                    font_index: number("fontId").unwrap_or_default() as usize,
                });
            }
            _ => {}
        })?;
        Ok(styles)
    }

    /// Returns the code of the number format of a cell style. An unknown style has the format `General`.
    pub(super) fn number_format(&self, style: usize) -> &str {
        let id = self.cell_formats.get(style).copied().unwrap_or_default().number_format_id;
        self.number_format_codes
            .get(&id)
            .map_or_else(|| code_of_built_in_format(id), String::as_str)
    }

    pub(super) fn is_bold(&self, style: usize) -> bool {
        let font = self.cell_formats.get(style).map(|style| style.font_index);
        font.and_then(|font| self.bold_fonts.get(font)).copied().unwrap_or_default()
    }
}
