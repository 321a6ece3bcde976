//! Splits the stream of a workbook into records.

use super::bytes::{slice_at, u16_at};

/// Type of a record that continues the previous one.
pub(super) const CONTINUATION_RECORD: u16 = 0x003C;

/// A record of the stream.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record<'a> {
    /// Type of the record, such as [`CONTINUATION_RECORD`].
    pub(super) kind: u16,
    /// Bytes of the record after its header.
    pub(super) data: &'a [u8],
}

/// Iterates over the records of `stream` from `offset`. Ends at a record that is cut off.
pub(super) fn records(stream: &[u8], offset: usize) -> impl Iterator<Item = Record<'_>> {
    let mut offset = offset;
    std::iter::from_fn(move || {
        let kind = u16_at(stream, offset)?;
        let length = usize::from(u16_at(stream, offset + 2)?);
        let data = slice_at(stream, offset + 4, length)?;
        offset += 4 + length;
        Some(Record { kind, data })
    })
}
