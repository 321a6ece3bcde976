//! Results → bytes: one file per format. Only here is markup known and are characters escaped.

mod csv;
mod html;
mod json;
mod markdown;
pub(crate) mod object;
mod page;
#[cfg(test)]
mod sample;
mod snippet;
mod text;

pub use self::{
    csv::csv,
    html::html,
    json::{json, json_lines},
    markdown::markdown,
    page::{Context, Page, contexts},
    text::{Style, about, passage, text, visible},
};
