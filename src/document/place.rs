//! Places in files that are divided into slides or cells instead of pages.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Place of a passage in a presentation or in a table. Displayed as `slide 4`, `Budget!A5:D5`, or `A5:D5` if the table
/// has no name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Place {
    /// Slide of a presentation: its number, from 1.
    #[serde(rename = "s")]
    Slide(u32),
    /// Cells of a sheet.
    #[serde(rename = "c")]
    Cells {
        /// Name of the sheet. Empty for a file without named sheets, such as CSV.
        #[serde(rename = "s", default, skip_serializing_if = "String::is_empty")]
        sheet: String,
        /// Range of the cells with letters for columns and numbers for rows: `A5:D5`.
        #[serde(rename = "r")]
        range: String,
    },
}

/// Offset in the document text at which a [`Place`] begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceStart {
    /// Byte offset in the document text.
    pub offset: usize,
    /// Place of the text from this offset to the next one.
    pub place: Place,
}

impl Place {
    /// Returns the number of the slide, from 1; `None` if the place is not a slide.
    pub const fn slide(&self) -> Option<u32> {
        match self {
            Self::Slide(number) => Some(*number),
            Self::Cells { .. } => None,
        }
    }

    /// Returns the name of the sheet, and the range of the cells; `None` if the place is not in a table.
    pub fn cells(&self) -> Option<(&str, &str)> {
        match self {
            Self::Cells { sheet, range } => Some((sheet, range)),
            Self::Slide(_) => None,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Slide(number) => write!(f, "slide {number}"),
            Self::Cells { sheet, range } if sheet.is_empty() => f.write_str(range),
            Self::Cells { sheet, range } => write!(f, "{sheet}!{range}"),
        }
    }
}
