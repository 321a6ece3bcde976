//! Opens the generation in use, if this program supports the format and the analyzer of the index.

use std::{fs, path::Path, sync::Arc};

use serde::{Deserialize, Serialize};
use tantivy::{Directory, IndexReader, ReloadPolicy, TantivyError};

use super::{
    checksum::ChecksummedDirectory,
    error::{engine_error, operating_system_error},
    generation,
    meta_file::META_FILE,
};
use crate::{
    analysis::{Analyzer, Chinese},
    document::DeclaredFields,
    error::{Error, Result},
    index::{
        IndexOptions,
        schema::{FORMAT_VERSION, tokenizer},
    },
};

/// Number of decompressed blocks of the document store that each segment caches. A larger cache rarely saves a read.
const CACHED_BLOCK_COUNT: usize = 16;

/// Handle to one generation (one complete set of files) of an index. Clones share the files.
#[derive(Clone)]
pub(in crate::index) struct GenerationHandle {
    /// Number of the generation; 0 for an index in memory.
    pub(in crate::index) number: u64,
    pub(in crate::index) tantivy_index: tantivy::Index,
    /// Directory through which tantivy reads and writes the files of `tantivy_index`.
    pub(in crate::index) directory: Box<dyn Directory>,
    pub(in crate::index) reader: IndexReader,
    pub(in crate::index) analyzer: Analyzer,
    pub(in crate::index) declared_fields: Arc<DeclaredFields>,
}

/// Payload of each commit: the format and the analyzer of the program that wrote the commit, and the declared fields.
#[derive(Serialize, Deserialize)]
struct CommitPayload {
    /// Version of the index format.
    format: u32,
    /// Fingerprint of the analyzer.
    analyzer: String,
    /// Whether Chinese text is segmented into words.
    chinese: bool,
    /// Name and version of the program.
    program: String,
    /// Declared fields of the generation.
    #[serde(default, skip_serializing_if = "DeclaredFields::is_empty")]
    fields: DeclaredFields,
}

impl GenerationHandle {
    /// Opens the generation in use in `dir`.
    ///
    /// # Errors
    ///
    /// [`Error::NoIndex`] if `dir` holds no index, [`Error::Incompatible`] if the index has another format or another
    /// analyzer than this program, [`Error::Damaged`] or [`Error::Io`] if the index cannot be read.
    pub(super) fn open(dir: &Path) -> Result<Self> {
        let (number, tantivy_index, directory, payload) = open_current_generation(dir)?;
        let analyzer = Analyzer::new(if payload.chinese { Chinese::Auto } else { Chinese::Off });
        check_compatible(dir, &payload, &analyzer)?;
        Self::new(dir, number, tantivy_index, directory, analyzer, payload.fields.into())
    }

    /// Returns a handle to an open tantivy index whose files are in `directory`. Errors name the path `dir`.
    pub(in crate::index) fn new(
        dir: &Path,
        number: u64,
        tantivy_index: tantivy::Index,
        directory: impl Into<Box<dyn Directory>>,
        analyzer: Analyzer,
        declared_fields: Arc<DeclaredFields>,
    ) -> Result<Self> {
        tantivy_index
            .tokenizers()
            .register(tokenizer::TOKENIZER_NAME, tokenizer::EncodedTermTokenizer::default());
        let builder = tantivy_index.reader_builder().reload_policy(ReloadPolicy::Manual);
        let builder = builder.doc_store_cache_num_blocks(CACHED_BLOCK_COUNT);
        let reader = builder.try_into().map_err(|error| engine_error(dir, error))?;
        let directory = directory.into();
        Ok(Self { number, tantivy_index, directory, reader, analyzer, declared_fields })
    }

    /// Returns the options with which the generation was created.
    pub(in crate::index) fn options(&self) -> IndexOptions {
        let fields = (*self.declared_fields).clone();
        IndexOptions::default().chinese(self.analyzer.chinese()).fields(fields)
    }

    /// Returns the payload for the next commit, as JSON.
    pub(in crate::index) fn payload(&self) -> String {
        let payload = CommitPayload {
            format: FORMAT_VERSION,
            analyzer: self.analyzer.fingerprint(),
            chinese: self.analyzer.chinese() == Chinese::Auto,
            program: format!("gz-search {}", env!("CARGO_PKG_VERSION")),
            fields: (*self.declared_fields).clone(),
        };
        serde_json::to_string(&payload).unwrap_or_default()
    }
}

/// Opens the generation that `CURRENT` names. If a rebuild replaces the generation after `CURRENT` was read, reads
/// `CURRENT` again.
fn open_current_generation(
    dir: &Path,
) -> Result<(u64, tantivy::Index, ChecksummedDirectory, CommitPayload)> {
    let mut failed_number = None;
    loop {
        let number =
            generation::current_number(dir)?.ok_or_else(|| Error::NoIndex(dir.to_owned()))?;
        match open_generation(dir, number) {
            Ok((tantivy_index, directory, payload)) => {
                return Ok((number, tantivy_index, directory, payload));
            }
            Err(error) if failed_number == Some(number) => return Err(error),
            Err(_) => failed_number = Some(number),
        }
    }
}

/// Opens the files of generation `number`, and reads the payload of its last commit.
fn open_generation(
    dir: &Path,
    number: u64,
) -> Result<(tantivy::Index, ChecksummedDirectory, CommitPayload)> {
    let damage_error = |detail: String| Error::Damaged { path: dir.to_owned(), detail };
    let folder = generation::folder(dir, number);
    let to_error = |error: TantivyError| match (
        operating_system_error(&error),
        payload_without_checksum(&folder),
    ) {
        (Some(source), _) => Error::Io { action: "read", path: dir.to_owned(), source },
        (_, Some(payload)) => {
            incompatible_error(dir, &payload, &Analyzer::new(Chinese::Auto).fingerprint())
        }
        _ => damage_error(error.to_string()),
    };
    let directory = ChecksummedDirectory::open(&folder).map_err(to_error)?;
    let tantivy_index = tantivy::Index::open(directory.clone()).map_err(to_error)?;
    let metas = tantivy_index.load_metas().map_err(to_error)?;
    let payload = metas.payload.as_deref().and_then(|text| serde_json::from_str(text).ok());
    payload.map(|payload| (tantivy_index, directory, payload)).ok_or_else(|| {
        damage_error("its last commit does not name the program that wrote it".to_owned())
    })
}

/// Fails unless this program supports the format and the analyzer that `payload` names.
fn check_compatible(dir: &Path, payload: &CommitPayload, analyzer: &Analyzer) -> Result<()> {
    let fingerprint = analyzer.fingerprint();
    if payload.format == FORMAT_VERSION && payload.analyzer == fingerprint {
        return Ok(());
    }
    Err(incompatible_error(dir, payload, &fingerprint))
}

fn incompatible_error(dir: &Path, payload: &CommitPayload, analyzer: &str) -> Error {
    Error::Incompatible {
        path: dir.to_owned(),
        found: format!(
            "{} (format {}, analyzer {})",
            payload.program, payload.format, payload.analyzer
        ),
        expected: format!("format {FORMAT_VERSION}, analyzer {analyzer}"),
    }
}

/// Returns the payload of a commit that an old version of this program wrote without checksums. Returns `None` for
/// every file with checksums, even if the file is damaged: a file with checksums ends with a checksum trailer, so it is
/// not JSON.
fn payload_without_checksum(folder: &Path) -> Option<CommitPayload> {
    /// Part of a meta file without checksums: only the payload is read.
    #[derive(Deserialize)]
    struct CommitWithoutChecksum {
        payload: String,
    }
    let meta_file = fs::read(folder.join(META_FILE)).ok()?;
    let commit: CommitWithoutChecksum = serde_json::from_slice(&meta_file).ok()?;
    serde_json::from_str(&commit.payload).ok()
}
