//! Target `folder`: with any content of the small index files, a search answers or reports damage that `check` finds.

use std::{
    fs,
    path::{Path, PathBuf},
};

use gz_search::{Document, Error, Index, Query};
use tempfile::TempDir;

use super::Outcome;

thread_local! {
    static INDEX: SoundIndex = SoundIndex::new();
}

/// A sound index and the parts of its commit.
struct SoundIndex {
    folder: TempDir,
    commit: PathBuf,
    /// Placeholders in the seeds, each with the JSON that replaces the placeholder. The JSON differs from index to
    /// index.
    parts: [(&'static str, String); 3],
}

/// Replaces the index file that the first line names by the other lines, with a valid checksum, and searches. The
/// checksum makes the content reach the parser.
pub fn folder(bytes: &[u8]) -> Outcome {
    INDEX.with(|index| index.search_with(bytes))
}

impl SoundIndex {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let index = Index::create(folder.path()).expect("the folder can be written");
        let mut writer = index.writer().expect("the folder can be written");
        for id in ["port", "rail"] {
            let document = Document::new(id, "A port opened.\n\n港口增长。");
            writer.add(&document).expect("it can be added");
        }
        writer.checkpoint().expect("the folder can be written");
        writer.remove("rail").expect("it can be removed");
        writer.checkpoint().expect("the folder can be written");
        drop(writer);
        let commit = folder.path().join("generations/1/meta.json");
        let bytes = fs::read(&commit).expect("the index is there");
        // The checksum follows the JSON value.
        let value = serde_json::Deserializer::from_slice(&bytes).into_iter().next();
        let meta: serde_json::Value = value.expect("it is not empty").expect("it is JSON");
        let segment = meta["segments"][0]["segment_id"].as_str().expect("it has a segment");
        let parts = [
            ("SEGMENT", segment.to_owned()),
            ("SCHEMA", meta["schema"].to_string()),
            ("PAYLOAD", meta["payload"].to_string()),
        ];
        Self { folder, commit, parts }
    }

    fn search_with(&self, bytes: &[u8]) -> Outcome {
        let end = bytes.iter().position(|&byte| byte == b'\n').unwrap_or(bytes.len());
        let (name, content) = bytes.split_at(end);
        let lines = String::from_utf8_lossy(content.get(1..).unwrap_or_default()).into_owned();
        let parts = self.parts.iter();
        let content = parts.fold(lines, |content, (name, part)| content.replace(name, part));
        let checksum = format!("{:08x}", crc32fast::hash(content.as_bytes()));
        let dir = self.folder.path();
        let (path, written) = match name {
            b"CURRENT" => (dir.join("CURRENT"), content),
            b"managed" => (dir.join("generations/1/.managed.json"), content + &checksum),
            b"unsealed" => (self.commit.clone(), content),
            _ => (self.commit.clone(), content + &checksum),
        };
        let original_bytes = fs::read(&path).expect("the index is there");
        fs::write(&path, written).expect("the index can be written");
        let outcome = search(dir);
        fs::write(&path, original_bytes).expect("the index can be written");
        outcome
    }
}

/// Searches the index. An error must report damage (or a missing or incompatible index), and `check` must find the
/// damage.
fn search(dir: &Path) -> Outcome {
    let index = Index::open(dir);
    let searcher = index.and_then(|index| index.searcher());
    let answer = searcher.and_then(|searcher| searcher.search(&Query::new("port 港口")));
    let check = Index::check(dir);
    let error = match answer {
        Ok(results) => return format!("{} {}", results.total.min(5), check.is_ok()),
        Err(error @ (Error::NoIndex(_) | Error::Incompatible { .. })) => error.to_string(),
        Err(error) => {
            let is_damage = matches!(error, Error::Damaged { .. } | Error::Engine(_));
            let message = error.to_string();
            assert!(is_damage, "not reported as damage: {message}");
            assert!(
                !check.is_ok_and(|check| check.is_sound()),
                "check reports no damage: {message}"
            );
            message
        }
    };
    let path = dir.to_string_lossy();
    error.replace(&*path, "").chars().filter(|c| !c.is_ascii_hexdigit()).take(60).collect()
}
