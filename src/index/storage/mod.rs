//! TODO.

mod backup;
pub(super) mod checksum;
pub(super) mod commit;
mod compatibility;
mod error;
#[cfg(test)]
mod fault;
pub(super) mod generation;

pub(super) use self::{
    compatibility::{Payload, State},
    error::engine_error,
};
