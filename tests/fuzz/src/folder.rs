//! The small files of an index, whatever they say → an answer, or a refusal that names `check`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use gz_search::{Document, Error, Index, Query};
use tempfile::TempDir;

use super::Deed;

thread_local! {
    static SOUND: Sound = Sound::new();
}

/// An index, and what its commit says.
struct Sound {
    folder: TempDir,
    commit: PathBuf,
    /// What a seed calls a part of the commit, and the part: it differs from index to index.
    parts: [(&'static str, String); 3],
}

/// The first line names a file of an index; it is what follows, with the right checksum: as if somebody
/// had written it who knows the format, but not what must hold.
pub fn folder(bytes: &[u8]) -> Deed {
    SOUND.with(|sound| sound.with(bytes))
}

impl Sound {
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
        let said = fs::read(&commit).expect("the index is there");
        let said = serde_json::Deserializer::from_slice(&said).into_iter().next();
        let said: serde_json::Value = said.expect("it says something").expect("it is JSON");
        let segment = said["segments"][0]["segment_id"].as_str().expect("it has a segment");
        let parts = [
            ("SEGMENT", segment.to_owned()),
            ("SCHEMA", said["schema"].to_string()),
            ("PAYLOAD", said["payload"].to_string()),
        ];
        Self { folder, commit, parts }
    }

    fn with(&self, bytes: &[u8]) -> Deed {
        let end = bytes.iter().position(|&byte| byte == b'\n').unwrap_or(bytes.len());
        let (name, content) = bytes.split_at(end);
        let content = String::from_utf8_lossy(content.get(1..).unwrap_or_default());
        let content = self
            .parts
            .iter()
            .fold(content.into_owned(), |content, (name, part)| content.replace(name, part));
        let sum = format!("{:08x}", crc32fast::hash(content.as_bytes()));
        let dir = self.folder.path();
        let (path, written) = match name {
            b"CURRENT" => (dir.join("CURRENT"), content),
            b"managed" => (dir.join("generations/1/.managed.json"), content + &sum),
            b"unsealed" => (self.commit.clone(), content),
            _ => (self.commit.clone(), content + &sum),
        };
        let before = fs::read(&path).expect("the index is there");
        fs::write(&path, written).expect("the index can be written");
        let deed = asked(dir);
        fs::write(&path, before).expect("the index can be written");
        deed
    }
}

fn asked(dir: &Path) -> Deed {
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
            assert!(is_damage, "another kind of error: {message}");
            assert!(!check.is_ok_and(|check| check.is_sound()), "not told: {message}");
            message
        }
    };
    let path = dir.to_string_lossy();
    error.replace(&*path, "").chars().filter(|c| !c.is_ascii_hexdigit()).take(60).collect()
}
