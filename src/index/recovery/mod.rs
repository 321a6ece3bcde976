//! TODO.

mod repair;
mod salvage;
mod verify;

pub(super) use self::verify::joined;
pub use self::{
    repair::Repair,
    verify::{ChangedSource, Check, Corruption},
};
