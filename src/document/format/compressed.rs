//! Unpacks files that are compressed by gzip, bzip2, xz or Zstandard, within limits against decompression bombs.
//!
//! Bytes after the last member of a gzip or bzip2 file, such as the padding of a tape, are ignored.

use std::io::{self, Read};

use flate2::bufread::{DeflateDecoder, GzDecoder, ZlibDecoder};

use super::expansion::{ArchiveLimits, ExpansionBudget};

/// Function that returns the unpacked content of a compressed file, or the reason why the file cannot be unpacked.
pub(in crate::document) type UnpackFn = fn(&[u8], ArchiveLimits) -> Result<Vec<u8>, String>;

/// First bytes of each member of a gzip file (RFC 1952).
const GZIP_SIGNATURE: &[u8] = &[0x1F, 0x8B];
/// First bytes of each member of a bzip2 file.
#[cfg(feature = "compression")]
const BZIP2_SIGNATURE: &[u8] = b"BZh";
/// Number of bytes of a Brotli stream that are read at a time.
#[cfg(feature = "compression")]
const BROTLI_BUFFER_BYTES: usize = 1 << 12;
/// Base-2 logarithm of the maximum window size, in bytes, of a Zstandard frame. The command `zstd` has the same limit
/// by default.
#[cfg(feature = "compression")]
const MAX_ZSTANDARD_WINDOW_LOG2: u32 = 27;

/// Returns the unpacked content of a gzip file. If the file has several members, their contents are joined.
pub(in crate::document) fn unpack_gzip(
    bytes: &[u8],
    limits: ArchiveLimits,
) -> Result<Vec<u8>, String> {
    ExpansionBudget::new(limits, bytes.len()).read_entry_within_budget(gzip_reader(bytes))
}

/// Returns a reader of the unpacked content of a gzip file.
pub(in crate::document::format) fn gzip_reader(bytes: &[u8]) -> impl Read {
    JoinedMembersReader {
        decoder: GzDecoder::new(bytes),
        open_member: GzDecoder::new,
        following_bytes: |decoder| decoder.get_ref(),
        signature: GZIP_SIGNATURE,
    }
}

/// Returns the unpacked content of a zlib stream (RFC 1950), or of a bare deflate stream (RFC 1951), which some web
/// servers send instead.
pub(in crate::document::format) fn unpack_deflate(
    bytes: &[u8],
    limits: ArchiveLimits,
) -> Result<Vec<u8>, String> {
    let budget = || ExpansionBudget::new(limits, bytes.len());
    let unpacked = budget().read_entry_within_budget(ZlibDecoder::new(bytes));
    unpacked.or_else(|_| budget().read_entry_within_budget(DeflateDecoder::new(bytes)))
}

/// Returns the unpacked content of a Brotli stream (RFC 7932).
#[cfg(feature = "compression")]
pub(in crate::document::format) fn unpack_brotli(
    bytes: &[u8],
    limits: ArchiveLimits,
) -> Result<Vec<u8>, String> {
    let content = brotli_decompressor::Decompressor::new(bytes, BROTLI_BUFFER_BYTES);
    ExpansionBudget::new(limits, bytes.len()).read_entry_within_budget(content)
}

/// Returns the unpacked content of a bzip2 file. If the file has several members, their contents are joined.
#[cfg(feature = "compression")]
pub(in crate::document) fn unpack_bzip2(
    bytes: &[u8],
    limits: ArchiveLimits,
) -> Result<Vec<u8>, String> {
    use bzip2::bufread::BzDecoder;

    let members = JoinedMembersReader {
        decoder: BzDecoder::new(bytes),
        open_member: BzDecoder::new,
        following_bytes: |decoder| decoder.get_ref(),
        signature: BZIP2_SIGNATURE,
    };
    ExpansionBudget::new(limits, bytes.len()).read_entry_within_budget(members)
}

/// Returns the unpacked content of an xz file. If the file has several streams, their contents are joined.
#[cfg(feature = "compression")]
pub(in crate::document) fn unpack_xz(
    bytes: &[u8],
    limits: ArchiveLimits,
) -> Result<Vec<u8>, String> {
    let max_memory_kib = u32::try_from(limits.max_entry_bytes >> 10).unwrap_or(u32::MAX - 1);
    let streams = lzma_rust2::XzReader::new_mem_limit(bytes, true, max_memory_kib);
    ExpansionBudget::new(limits, bytes.len()).read_entry_within_budget(streams)
}

/// Returns the unpacked content of a Zstandard file. If the file has several frames, their contents are joined.
#[cfg(feature = "compression")]
pub(in crate::document) fn unpack_zstandard(
    bytes: &[u8],
    limits: ArchiveLimits,
) -> Result<Vec<u8>, String> {
    let to_reason = |error: io::Error| format!("is damaged or cut off: {error}");
    let mut frames = zstd::stream::read::Decoder::with_buffer(bytes).map_err(to_reason)?;
    let max_window_log = limits.max_entry_bytes.max(1 << 10).ilog2().min(MAX_ZSTANDARD_WINDOW_LOG2);
    frames.window_log_max(max_window_log).map_err(to_reason)?;
    ExpansionBudget::new(limits, bytes.len()).read_entry_within_budget(frames)
}

/// Reader of a compressed file of several members. Joins the unpacked contents of the members.
struct JoinedMembersReader<'a, D> {
    /// Decoder of the current member.
    decoder: D,
    /// Function that returns the decoder of the member at the beginning of the given bytes.
    open_member: fn(&'a [u8]) -> D,
    /// Function that returns the bytes that the given decoder has not read.
    following_bytes: fn(&D) -> &&'a [u8],
    /// First bytes of each member.
    signature: &'static [u8],
}

impl<D: Read> Read for JoinedMembersReader<'_, D> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let length = self.decoder.read(buffer)?;
            let following_bytes = *(self.following_bytes)(&self.decoder);
            if length > 0 || buffer.is_empty() || !following_bytes.starts_with(self.signature) {
                return Ok(length);
            }
            self.decoder = (self.open_member)(following_bytes);
        }
    }
}

/// Returns a gzip file of the given bytes.
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "only tests call this function")]
pub(in crate::document) fn gzip_file(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;

    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIGHT_LIMITS: ArchiveLimits = ArchiveLimits {
        max_entry_bytes: 40 << 20,
        max_total_bytes: 64 << 20,
        max_expansion_ratio: 200,
        max_entries: 10,
    };

    #[test]
    fn gzip_members_are_joined_and_broken_files_are_errors() {
        let first_member = gzip_file(b"one ");
        let both_members = [first_member.clone(), gzip_file(b"two")].concat();
        for following_bytes in [&b""[..], &[0; 512], b"trailing"] {
            let bytes = [&both_members, following_bytes].concat();
            assert_eq!(unpack_gzip(&bytes, TIGHT_LIMITS).unwrap(), b"one two");
        }
        let cut_member = &first_member[..first_member.len() - 6];
        assert!(unpack_gzip(cut_member, TIGHT_LIMITS).unwrap_err().contains("cut off"));
        assert!(unpack_gzip(b"\x1f\x8b", TIGHT_LIMITS).is_err());
    }

    #[test]
    fn unpacking_ends_at_a_decompression_bomb() {
        let zeros = vec![0; 18 << 20];
        assert!(unpack_gzip(&gzip_file(&zeros), TIGHT_LIMITS).unwrap_err().contains("bomb"));
        let limits = ArchiveLimits {
            max_entry_bytes: 17 << 20,
            max_total_bytes: u64::MAX,
            max_expansion_ratio: 10_000,
            max_entries: 1,
        };
        let reason = unpack_gzip(&gzip_file(&zeros), limits).unwrap_err();
        assert_eq!(reason, "expands to more than 17 MiB");
    }

    #[cfg(feature = "compression")]
    mod other_compressions {
        use std::io::Write;

        use super::*;

        /// `one ` and `two`, each compressed by bzip2 1.0.8.
        const BZIP2_MEMBERS: [&[u8]; 2] = [
            include_bytes!("../../../tests/documents/compressed/one.bz2"),
            include_bytes!("../../../tests/documents/compressed/two.bz2"),
        ];
        /// `one ` and `two`, each compressed by xz 5.4.
        const XZ_STREAMS: [&[u8]; 2] = [
            include_bytes!("../../../tests/documents/compressed/one.xz"),
            include_bytes!("../../../tests/documents/compressed/two.xz"),
        ];
        /// 18 MiB of zeros, compressed by xz 5.4.
        const XZ_DECOMPRESSION_BOMB: &[u8] =
            include_bytes!("../../../tests/documents/compressed/zeros.xz");

        fn bzip2_file(bytes: &[u8]) -> Vec<u8> {
            let compression = bzip2::Compression::best();
            let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), compression);
            encoder.write_all(bytes).unwrap();
            encoder.finish().unwrap()
        }

        fn zstandard_file(bytes: &[u8]) -> Vec<u8> {
            zstd::stream::encode_all(bytes, 3).unwrap()
        }

        #[test]
        fn members_are_joined_and_broken_files_are_errors() {
            let zstandard_frames = [zstandard_file(b"one "), zstandard_file(b"two")];
            let cases: [(UnpackFn, &[&[u8]]); 4] = [
                (unpack_bzip2, &BZIP2_MEMBERS),
                (unpack_bzip2, &[&bzip2_file(b"one "), &bzip2_file(b"two"), b"\0\0\0\0"]),
                (unpack_xz, &XZ_STREAMS),
                (unpack_zstandard, &[&zstandard_frames[0], &zstandard_frames[1]]),
            ];
            for (unpack, members) in cases {
                assert_eq!(unpack(&members.concat(), TIGHT_LIMITS).unwrap(), b"one two");
                let first_member = members[0];
                let cut_member = &first_member[..first_member.len() - 6];
                assert!(unpack(cut_member, TIGHT_LIMITS).unwrap_err().contains("cut off"));
                assert!(unpack(b"plain text", TIGHT_LIMITS).is_err());
            }
        }

        #[test]
        fn unpacking_ends_at_a_decompression_bomb() {
            let zeros = vec![0; 18 << 20];
            for (unpack, file) in [
                (unpack_bzip2 as UnpackFn, bzip2_file(&zeros)),
                (unpack_xz, XZ_DECOMPRESSION_BOMB.to_vec()),
                (unpack_zstandard, zstandard_file(&zeros)),
            ] {
                assert!(unpack(&file, TIGHT_LIMITS).unwrap_err().contains("bomb"));
            }
        }

        #[test]
        fn sizes_of_compression_dictionaries_are_limited() {
            let limits = ArchiveLimits {
                max_entry_bytes: 1 << 20,
                max_total_bytes: 1 << 30,
                max_expansion_ratio: 200,
                max_entries: 1,
            };
            // The dictionary of this file has 8 MiB.
            assert!(unpack_xz(XZ_STREAMS[0], limits).unwrap_err().contains("memory"));
            let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 3).unwrap();
            encoder.window_log(24).unwrap();
            encoder.write_all(&vec![0; 1 << 10]).unwrap();
            let file = encoder.finish().unwrap();
            assert!(unpack_zstandard(&file, limits).unwrap_err().contains("memory"));
        }

        proptest::proptest! {
            #[test]
            fn broken_files_never_panic(
                flips in proptest::collection::vec((0_usize..100, 0_u8..=255), 1..8)
            ) {
                for (unpack, file) in [
                    (unpack_bzip2 as UnpackFn, BZIP2_MEMBERS.concat()),
                    (unpack_xz, XZ_STREAMS.concat()),
                    (unpack_zstandard, zstandard_file(b"some text")),
                ] {
                    let mut file = file;
                    for (at, byte) in &flips {
                        let length = file.len();
                        file[at % length] = *byte;
                    }
                    drop(unpack(&file, TIGHT_LIMITS));
                }
            }
        }
    }
}
