//! Results → bytes: one file per format. Only here is markup known and are characters escaped.

mod html;
mod json;
mod text;

pub use self::{
    json::{json, json_lines},
    text::{Style, passage, text, visible},
};
