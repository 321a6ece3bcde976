//! Reads numbers in little-endian order, and texts, from bytes. An offset beyond the end of the bytes gives `None`.

/// Returns the 16-bit number at `offset`.
pub(super) fn u16_at(bytes: &[u8], offset: usize) -> Option<u16> {
    let end = offset.checked_add(2)?;
    Some(u16::from_le_bytes(bytes.get(offset..end)?.try_into().ok()?))
}

/// Returns the 32-bit number at `offset`.
pub(super) fn u32_at(bytes: &[u8], offset: usize) -> Option<u32> {
    let end = offset.checked_add(4)?;
    Some(u32::from_le_bytes(bytes.get(offset..end)?.try_into().ok()?))
}

/// Returns the 32-bit number at `offset`, which is an offset, a length or a count.
pub(super) fn usize_at(bytes: &[u8], offset: usize) -> Option<usize> {
    usize::try_from(u32_at(bytes, offset)?).ok()
}

/// Returns the floating-point number at `offset`.
pub(super) fn f64_at(bytes: &[u8], offset: usize) -> Option<f64> {
    let end = offset.checked_add(8)?;
    Some(f64::from_le_bytes(bytes.get(offset..end)?.try_into().ok()?))
}

/// Returns `length` bytes from `offset`.
pub(super) fn slice_at(bytes: &[u8], offset: usize, length: usize) -> Option<&[u8]> {
    bytes.get(offset..offset.checked_add(length)?)
}

/// Returns the text of bytes in UTF-16.
pub(super) fn utf16_text(bytes: &[u8]) -> String {
    encoding_rs::UTF_16LE.decode_without_bom_handling(bytes).0.into_owned()
}

/// Returns the text of bytes in the code page of Western Europe (Windows-1252).
pub(super) fn western_text(bytes: &[u8]) -> String {
    encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned()
}
