//! Detects page content that is damaged. The PDF parser accepts the beginning of a damaged stream without an error, so
//! the remaining text would be missing unnoticed.

use flate2::{Decompress, FlushDecompress, Status};
use lopdf::{Document, ObjectId, Stream};

/// Reason why a page cannot be read if a content stream of the page, or of a form (`XObject`) on the page, is damaged.
pub(super) const DAMAGED_CONTENT_ERROR: &str =
    "its content is damaged: a compressed stream cannot be unpacked completely";
/// Number of bytes before the compressed data of a zlib stream (RFC 1950).
const ZLIB_HEADER_BYTES: usize = 2;
/// Number of bytes of the checksum at the end of a zlib stream.
const ZLIB_CHECKSUM_BYTES: usize = 4;

/// Returns whether every content stream of a page unpacks completely.
pub(super) fn is_page_complete(pdf: &Document, page: ObjectId) -> bool {
    let streams = pdf.get_page_contents(page).into_iter();
    let mut streams =
        streams.filter_map(|id| pdf.get_object(id).and_then(|object| object.as_stream()).ok());
    streams.all(is_stream_complete)
}

/// Returns whether a stream unpacks completely. Checks only Deflate, in which nearly all streams are compressed.
pub(super) fn is_stream_complete(stream: &Stream) -> bool {
    let is_deflated = stream.filters().is_ok_and(|filters| filters == [b"FlateDecode"]);
    !is_deflated || unpacks_completely(&stream.content)
}

/// Returns whether a zlib stream is complete and has the checksum that it states. Accepts a stream without a checksum,
/// because some programs state a length that cuts the checksum off.
fn unpacks_completely(bytes: &[u8]) -> bool {
    let Some((header, data)) = bytes.split_at_checked(ZLIB_HEADER_BYTES) else { return true };
    let is_zlib = matches!(header, &[a, b] if (u16::from(a) << 8 | u16::from(b)) % 31 == 0);
    if !is_zlib || length_of_packed_data(&mut Decompress::new(true), bytes).is_some() {
        return true;
    }
    let packed_length = length_of_packed_data(&mut Decompress::new(false), data);
    packed_length.is_some_and(|length| data.len() < length + ZLIB_CHECKSUM_BYTES)
}

/// Unpacks a stream, and returns the length of its packed data in bytes. `None` if the data ends too early or is
/// malformed.
fn length_of_packed_data(decoder: &mut Decompress, bytes: &[u8]) -> Option<usize> {
    let mut buffer = vec![0; 1 << 16];
    loop {
        let rest = bytes.get(decoder.total_in() as usize..)?;
        let (read_before, written_before) = (decoder.total_in(), decoder.total_out());
        let status = decoder.decompress(rest, &mut buffer, FlushDecompress::None).ok()?;
        if status == Status::StreamEnd {
            return Some(decoder.total_in() as usize);
        }
        if (decoder.total_in(), decoder.total_out()) == (read_before, written_before) {
            return None;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::ZlibEncoder};

    use super::*;

    fn zlib_stream(text: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    /// Returns a PDF of four pages with ten sentences each, whose third page has `content` as its compressed content.
    fn pdf(content: &[u8]) -> Vec<u8> {
        let mut file = b"%PDF-1.7\n".to_vec();
        let mut offsets = Vec::new();
        let mut add = |file: &mut Vec<u8>, object: &[u8]| {
            offsets.push(file.len());
            writeln!(file, "{} 0 obj", offsets.len()).unwrap();
            file.extend_from_slice(object);
            file.extend_from_slice(b"\nendobj\n");
        };
        add(&mut file, b"<< /Type /Catalog /Pages 2 0 R >>");
        add(&mut file, b"<< /Type /Pages /Count 4 /Kids [4 0 R 6 0 R 8 0 R 10 0 R] >>");
        add(&mut file, b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
        for page in 0..4 {
            let dictionary = format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {} 0 R /Resources << /Font << /F 3 0 R >> >> >>",
                5 + 2 * page
            );
            add(&mut file, dictionary.as_bytes());
            let page_content = zlib_stream(&page_text(page));
            let bytes = if page == 2 { content } else { &page_content };
            let mut stream =
                format!("<< /Filter /FlateDecode /Length {} >>\nstream\n", bytes.len())
                    .into_bytes();
            stream.extend_from_slice(bytes);
            stream.extend_from_slice(b"\nendstream");
            add(&mut file, &stream);
        }
        let (start, size) = (file.len(), offsets.len() + 1);
        write!(file, "xref\n0 {size}\n0000000000 65535 f \n").unwrap();
        for offset in offsets {
            writeln!(file, "{offset:010} 00000 n ").unwrap();
        }
        write!(file, "trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n")
            .unwrap();
        file
    }

    fn page_text(page: usize) -> Vec<u8> {
        let sentence = |number: usize| {
            let y = 700 - 20 * number;
            format!(
                "BT /F 12 Tf 72 {y} Td (Sentence {number} of page {page} names the port of harbour {}.) Tj ET\n",
                number * 7 + page
            )
        };
        (0..10).map(sentence).collect::<String>().into_bytes()
    }

    #[test]
    fn a_page_whose_content_is_damaged_is_reported() {
        let whole = zlib_stream(&page_text(2));
        let cut = whole[..whole.len() / 2].to_vec();
        let mut zeroed = whole.clone();
        zeroed[whole.len() / 3..].fill(0);
        let mut flipped = whole.clone();
        flipped[whole.len() / 2] ^= 0x20;
        for damaged in [cut, zeroed, flipped, whole[..ZLIB_HEADER_BYTES].to_vec()] {
            let reason = super::super::tests::read("x", &pdf(&damaged)).unwrap_err();
            assert_eq!(reason, format!("page 3: {DAMAGED_CONTENT_ERROR}"));
        }
    }

    #[test]
    fn complete_content_is_read() {
        let whole = zlib_stream(&page_text(2));
        let mut padded = whole.clone();
        padded.extend_from_slice(b"\r\n\0\0");
        for content in [whole.clone(), padded, whole[..whole.len() - ZLIB_CHECKSUM_BYTES].to_vec()]
        {
            let document = super::super::tests::read("x", &pdf(&content)).unwrap();
            assert!(document.text.contains("Sentence 5 of page 2"), "{}", document.text);
        }
        // An empty page has an empty stream.
        assert!(super::super::tests::read("x", &pdf(b"")).is_ok());
        assert!(super::super::tests::read("x", &pdf(&zlib_stream(b""))).is_ok());
    }
}
