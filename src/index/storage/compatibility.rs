//! The folder of an index → the generation in use, opened, where this program can read what another wrote.

use std::{fs, path::Path};

use serde::{Deserialize, Serialize};
use tantivy::{IndexReader, ReloadPolicy, TantivyError};

use super::{
    checksum::Sealed,
    commit,
    error::{engine_error, refused},
    generation,
};
use crate::{
    analysis::{Analyzer, Chinese},
    error::{Error, Result},
    index::{schema, write::tokens},
};

/// So many blocks of stored text stay unpacked in each segment: more are seldom asked for again.
const UNPACKED_BLOCKS: usize = 16;

/// The generation that is open.
#[derive(Clone)]
pub(in crate::index) struct State {
    pub(in crate::index) generation: u64,
    pub(in crate::index) inner: tantivy::Index,
    pub(in crate::index) reader: IndexReader,
    pub(in crate::index) analyzer: Analyzer,
}

/// What every commit says about the program that made it.
#[derive(Serialize, Deserialize)]
pub(in crate::index) struct Payload {
    pub(in crate::index) format: u32,
    pub(in crate::index) analyzer: String,
    pub(in crate::index) chinese: bool,
    pub(in crate::index) program: String,
}

impl State {
    pub(in crate::index) fn open(dir: &Path) -> Result<Self> {
        let (number, inner, payload) = open_current(dir)?;
        let analyzer = Analyzer::new(if payload.chinese { Chinese::Auto } else { Chinese::Off });
        check_compatible(dir, &payload, &analyzer)?;
        Self::new(dir, number, inner, analyzer)
    }

    pub(in crate::index) fn new(
        dir: &Path,
        generation: u64,
        inner: tantivy::Index,
        analyzer: Analyzer,
    ) -> Result<Self> {
        inner.tokenizers().register(tokens::TERMS, tokens::Terms::default());
        let builder = inner.reader_builder().reload_policy(ReloadPolicy::Manual);
        let builder = builder.doc_store_cache_num_blocks(UNPACKED_BLOCKS);
        let reader = builder.try_into().map_err(|error| engine_error(dir, error))?;
        Ok(Self { generation, inner, reader, analyzer })
    }
}

/// The generation in use. It may be replaced between reading `CURRENT` and opening what it names:
/// then `CURRENT` is read again.
fn open_current(dir: &Path) -> Result<(u64, tantivy::Index, Payload)> {
    let mut last = None;
    loop {
        let number = generation::current(dir)?.ok_or_else(|| Error::NoIndex(dir.to_owned()))?;
        match open_generation(dir, number) {
            Ok((inner, payload)) => return Ok((number, inner, payload)),
            Err(error) if last == Some(number) => return Err(error),
            Err(_) => last = Some(number),
        }
    }
}

fn open_generation(dir: &Path, number: u64) -> Result<(tantivy::Index, Payload)> {
    let damaged = |detail: String| Error::Damaged { path: dir.to_owned(), detail };
    let folder = generation::folder(dir, number);
    let failed = |error: TantivyError| match (refused(&error), unsealed(&folder)) {
        (Some(source), _) => Error::Io { action: "read", path: dir.to_owned(), source },
        (_, Some(payload)) => {
            incompatible(dir, &payload, &Analyzer::new(Chinese::Auto).fingerprint())
        }
        _ => damaged(error.to_string()),
    };
    let directory = Sealed::open(&folder).map_err(failed)?;
    let inner = tantivy::Index::open(directory).map_err(failed)?;
    let metas = inner.load_metas().map_err(failed)?;
    let payload = metas.payload.as_deref().and_then(|text| serde_json::from_str(text).ok());
    payload
        .map(|payload| (inner, payload))
        .ok_or_else(|| damaged("its last commit says nothing of itself".to_owned()))
}

fn check_compatible(dir: &Path, payload: &Payload, analyzer: &Analyzer) -> Result<()> {
    let needed = (schema::FORMAT, analyzer.fingerprint());
    if (payload.format, &payload.analyzer) == (needed.0, &needed.1) {
        return Ok(());
    }
    Err(incompatible(dir, payload, &needed.1))
}

fn incompatible(dir: &Path, payload: &Payload, analyzer: &str) -> Error {
    Error::Incompatible {
        path: dir.to_owned(),
        found: format!(
            "{} (format {}, analyzer {})",
            payload.program, payload.format, payload.analyzer
        ),
        expected: format!("format {}, analyzer {analyzer}", schema::FORMAT),
    }
}

/// What a commit says that was made before files were sealed. One that is damaged still has its seal, and
/// is none of these.
fn unsealed(folder: &Path) -> Option<Payload> {
    #[derive(Deserialize)]
    struct Commit {
        payload: String,
    }
    let commit = fs::read(folder.join(commit::COMMIT)).ok()?;
    let commit: Commit = serde_json::from_slice(&commit).ok()?;
    serde_json::from_str(&commit.payload).ok()
}
