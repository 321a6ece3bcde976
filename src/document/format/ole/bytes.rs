//! Reads numbers in little-endian order, and texts, from bytes. An offset beyond the end of the bytes gives `None`.

/// Returns the unsigned 16-bit number at `offset`, in little-endian order.
pub(super) fn u16_at(bytes: &[u8], offset: usize) -> Option<u16> {
    let end = offset.checked_add(2)?;
    Some(u16::from_le_bytes(bytes.get(offset..end)?.try_into().ok()?))
}

/// Returns the unsigned 32-bit number at `offset`, in little-endian order.
pub(super) fn u32_at(bytes: &[u8], offset: usize) -> Option<u32> {
    let end = offset.checked_add(4)?;
    Some(u32::from_le_bytes(bytes.get(offset..end)?.try_into().ok()?))
}

/// Returns the unsigned 32-bit number at `offset` as `usize`. Serves numbers that are themselves offsets, lengths or
/// counts.
pub(super) fn usize_at(bytes: &[u8], offset: usize) -> Option<usize> {
    usize::try_from(u32_at(bytes, offset)?).ok()
}

/// Returns the 64-bit floating-point number at `offset`, in little-endian order.
pub(super) fn f64_at(bytes: &[u8], offset: usize) -> Option<f64> {
    let end = offset.checked_add(8)?;
    Some(f64::from_le_bytes(bytes.get(offset..end)?.try_into().ok()?))
}

/// Returns the `length` bytes that begin at `offset`. `None` if they do not lie completely inside of `bytes`.
pub(super) fn slice_at(bytes: &[u8], offset: usize, length: usize) -> Option<&[u8]> {
    bytes.get(offset..offset.checked_add(length)?)
}

/// Decodes bytes in UTF-16 (little-endian).
pub(super) fn utf16_text(bytes: &[u8]) -> String {
    encoding_rs::UTF_16LE.decode_without_bom_handling(bytes).0.into_owned()
}

/// Decodes bytes in the code page of Western Europe (Windows-1252).
pub(super) fn western_text(bytes: &[u8]) -> String {
    encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned()
}
