//! Parses the file in which tantivy lists the segments of a commit, and derives the names of the segment files.

use serde::Deserialize;
use tantivy::index::SegmentId;

pub(in crate::index) use super::checksum::META_FILE;
use super::checksum::verify_trailer;

/// Name of the file that lists all files that tantivy manages.
pub(in crate::index) const TANTIVY_FILE_LIST_NAME: &str = ".managed.json";
/// File name extensions of the files that every segment has.
const SEGMENT_FILE_EXTENSIONS: [&str; 6] = ["fast", "fieldnorm", "idx", "pos", "store", "term"];

/// Segments of a commit, as the file [`META_FILE`] lists them.
#[derive(Deserialize)]
pub(in crate::index) struct Commit {
    pub(in crate::index) segments: Vec<SegmentMeta>,
}

/// Segment of a commit.
#[derive(Deserialize)]
pub(in crate::index) struct SegmentMeta {
    #[serde(rename = "segment_id")]
    pub(in crate::index) id: SegmentId,
    /// Number of entries, including deleted entries.
    pub(in crate::index) max_doc: u32,
    deletes: Option<Deletes>,
}

/// Deletions in a segment.
#[derive(Deserialize)]
struct Deletes {
    /// Number of the last delete operation.
    opstamp: u64,
}

impl Commit {
    /// Parses the bytes of a meta file, including its checksum trailer. Returns `None` if the bytes are damaged.
    pub(in crate::index) fn parse(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(verify_trailer(bytes).ok()?).ok()
    }

    /// Returns the names of all files of all segments.
    pub(super) fn segment_files(&self) -> Vec<String> {
        let names = self.segments.iter().flat_map(|segment| {
            let id = segment.id.uuid_string();
            let files =
                SEGMENT_FILE_EXTENSIONS.iter().map(move |extension| format!("{id}.{extension}"));
            files.chain(segment.delete_bitset_name())
        });
        names.collect()
    }
}

impl SegmentMeta {
    /// Returns the name of the file with the delete bitset; `None` if no entry is deleted.
    pub(in crate::index) fn delete_bitset_name(&self) -> Option<String> {
        let Deletes { opstamp } = self.deletes.as_ref()?;
        Some(format!("{}.{opstamp}.del", self.id.uuid_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::{super::checksum::with_trailer, *};

    #[test]
    fn a_damaged_meta_file_names_no_files() {
        let id = "0123456789abcdef0123456789abcdef";
        let json = r#"{"segments":[{"segment_id":"01234567-89ab-cdef-0123-456789abcdef","max_doc":3,"deletes":{"opstamp":7}}]}"#;
        let mut bytes = with_trailer(json.as_bytes());
        let names = Commit::parse(&bytes).unwrap().segment_files();
        assert_eq!(names.len(), SEGMENT_FILE_EXTENSIONS.len() + 1);
        assert!(names.contains(&format!("{id}.idx")) && names.contains(&format!("{id}.7.del")));
        bytes[2] ^= 1;
        assert!(Commit::parse(&bytes).is_none());
    }
}
