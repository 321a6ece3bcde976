//! A damaged index → a new one beside it, of what can be read in it and of the files it was made from.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use super::salvage::Salvage;
use crate::{
    analysis::Chinese,
    error::{Error, Result},
    index::{
        Corruption, DocumentRecord, Index, IndexStats, Source, schema,
        storage::generation,
        update::{File, Progress, Update, UpdateOptions, read_again, source_path},
    },
};

/// What a repair did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Repair {
    /// Documents that were taken over from the damaged index.
    pub kept: u64,
    /// What became of the files that were read again.
    pub update: Update,
    /// What was in the damaged index and is not in the new one.
    pub lost: Vec<Corruption>,
    /// How much the new one holds.
    pub stats: IndexStats,
}

impl Index {
    /// Makes the index in `dir` anew where it is damaged: documents that can be read in it, as their
    /// hashes say, are taken over, whatever they came from; the others are read again from their files.
    /// The damaged one stays in use until the new one is complete. Nothing is done to a sound index.
    ///
    /// # Errors
    ///
    /// [`Error::NoIndex`] where there is none, [`Error::Incompatible`] where another format or analyzer
    /// made it, [`Error::Locked`] while another process writes, [`Error::Damaged`] where nothing of it
    /// can be read: it stays as it is then, and so where `progress` stops the repair.
    pub fn repair(
        dir: impl AsRef<Path>,
        options: &UpdateOptions,
        progress: &impl Progress,
    ) -> Result<Option<Repair>> {
        let dir = dir.as_ref();
        if Self::check(dir)?.is_sound() {
            return Ok(None);
        }
        let folder = generation::folder(dir, generation::latest(dir)?);
        let chinese = Self::open(dir).map_or(Chinese::Auto, |index| index.chinese());
        let mut writer = Self::rebuild(dir, chinese)?;
        let mut kept = Kept::default();
        let found = Salvage::read(&folder, schema::schema().1, |record, passages| {
            if kept.add(record) { writer.copy(record, passages) } else { Ok(()) }
        })?;
        if found.read == 0 {
            return Err(Error::Damaged {
                path: dir.to_owned(),
                detail: "nothing in it can be read".to_owned(),
            });
        }
        let (sound, damaged) = kept.divided(&found);
        for source in sound {
            writer.add_source(source)?;
        }
        writer.publish()?;
        let fingerprint = options.fingerprint();
        let (mut again, mut lost) = (Vec::new(), Vec::new());
        for (path, source) in damaged {
            match source {
                Some(source) if source.given != fingerprint => lost.push(Corruption {
                    what: path,
                    detail:
                        "was read with other metadata overrides or another field mapping: repair with the same options"
                            .to_owned(),
                }),
                _ => again.push(File {
                    root: root(&path, source, &found),
                    path: source_path::path_of(&path),
                }),
            }
        }
        let update = read_again(&mut writer, &again, options, progress)?;
        if update.stopped {
            return Err(Error::Stopped(
                "before the new index was complete: the old one stays in use",
            ));
        }
        writer.publish()?;
        for (id, source) in &found.parts {
            if writer.holder(id)?.is_none() {
                let detail = match source.as_str() {
                    "" => "is damaged, and no file is known that it came from".to_owned(),
                    source => format!("is damaged, and is not in {source} any more"),
                };
                lost.push(Corruption { what: id.clone(), detail });
            }
        }
        let entries = writer.entries();
        if entries < found.read + found.unread {
            lost.push(Corruption {
                what: format!(
                    "{} of {} entries",
                    found.read + found.unread - entries,
                    found.read + found.unread
                ),
                detail: "could not be read: an update with the same folders indexes the missing \
                         files; documents from standard input or HTTP are lost"
                    .to_owned(),
            });
        }
        if found.undeleted {
            lost.push(Corruption {
                what: "deletions".to_owned(),
                detail: "could not be read: documents that were removed may be there again"
                    .to_owned(),
            });
        }
        let stats = writer.commit()?;
        Ok(Some(Repair { kept: kept.ids.len() as u64, update, lost, stats }))
    }
}

/// The documents that were taken over.
#[derive(Default)]
struct Kept {
    ids: BTreeSet<String>,
    /// How many there are of each file.
    of: BTreeMap<String, u32>,
}

impl Kept {
    /// Whether it is not there yet.
    fn add(&mut self, record: &DocumentRecord) -> bool {
        let new = self.ids.insert(record.id.clone());
        if new && !record.source.is_empty() {
            *self.of.entry(record.source.clone()).or_default() += 1;
        }
        new
    }

    /// The records of files all of whose documents were taken over, and the paths of the others.
    fn divided<'a>(
        &self,
        found: &'a Salvage,
    ) -> (Vec<&'a Source>, BTreeMap<String, Option<&'a Source>>) {
        let whole =
            |source: &&Source| self.of.get(&source.path).copied().unwrap_or(0) == source.documents;
        let (sound, damaged): (Vec<_>, Vec<_>) = found.sources.iter().partition(whole);
        let mut again: BTreeMap<String, Option<&Source>> =
            damaged.into_iter().map(|source| (source.path.clone(), Some(source))).collect();
        let known: BTreeSet<&str> =
            found.sources.iter().map(|source| source.path.as_str()).collect();
        let unknown = self.of.keys().chain(found.parts.values());
        for path in unknown.filter(|path| !path.is_empty() && !known.contains(path.as_str())) {
            again.insert(path.clone(), None);
        }
        (sound, again)
    }
}

/// The folder that a file was found under: what its record says, or one that others were found under.
fn root(path: &str, source: Option<&Source>, found: &Salvage) -> PathBuf {
    let roots = found.sources.iter().map(|source| source_path::path_of(&source.root));
    let path = source_path::path_of(path);
    let above =
        roots.filter(|root| path.starts_with(root)).max_by_key(|root| root.as_os_str().len());
    source.map(|source| source_path::path_of(&source.root)).or(above).unwrap_or(path)
}
