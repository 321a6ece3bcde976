//! Makes the disk operations of each change of an index fail, one operation per run. After the failure, the index must
//! contain either the complete old state or the complete new state.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
};

use super::{
    DiskFault, FaultPlan,
    power_loss::{DiskChangeRecording, SimulatedDisk},
};
use crate::{
    Query,
    analysis::Chinese,
    document::Document,
    error::{Error, Result},
    index::{
        Index, IndexWriter, UpdateOptions,
        storage::{backup, generation, pinned_commit::PinnedCommit},
        update,
    },
};

/// State of an index: by document id, the edition of the text of the document. A document has the text of edition 1 or
/// of edition 2.
type DocumentEditions = BTreeMap<String, u32>;

/// Returns the state of an index that contains `documents`, each with its id and edition.
fn document_editions<const N: usize>(documents: [(&str, u32); N]) -> DocumentEditions {
    documents.map(|(id, edition)| (id.to_owned(), edition)).into()
}

/// Returns the text of a document in the given edition.
fn edition_text(edition: u32) -> String {
    format!(
        "Edition {edition} of the plan.\n\nExports of the edition{edition} grew.\n\n飞行汽车工厂投产。\n"
    )
}

/// Returns the documents that a search finds, with their editions. Panics if the search finds a document twice.
fn searchable_state(dir: &Path) -> DocumentEditions {
    let searcher = Index::open(dir).unwrap().searcher().unwrap();
    let mut state = DocumentEditions::new();
    for hit in searcher.search(&Query::new("\"exports of the\"").limit(100)).unwrap().hits {
        let edition = if hit.passage.text.contains("edition2") { 2 } else { 1 };
        let previous_edition = state.insert(hit.document.id, edition);
        assert_eq!(previous_edition, None, "{}", hit.passage.id);
    }
    state
}

/// Asserts that the index is sound, and returns the documents that a search finds in it.
fn checked_state(dir: &Path) -> DocumentEditions {
    let check = Index::check(dir).unwrap();
    assert!(check.is_sound(), "{:?}", check.damage);
    let state = searchable_state(dir);
    assert_eq!(check.documents, state.len() as u64);
    state
}

/// Panics if the folder contains files that do not belong to the last commit.
fn assert_no_leftover_files(dir: &Path) {
    let file_names = |folder: &Path| -> BTreeSet<String> {
        let entries = fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    };
    let commit = PinnedCommit::open(dir).unwrap();
    assert_eq!(file_names(&dir.join("generations")), [commit.generation.to_string()].into());
    let files = file_names(&generation::folder(dir, commit.generation));
    let unlisted_files: Vec<_> = files
        .iter()
        .filter(|name| !commit.files.contains_key(*name) && !name.starts_with(".tantivy-"))
        .collect();
    assert!(unlisted_files.is_empty(), "{unlisted_files:?} of {files:?}");
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (path, to) = entry.map(|entry| (entry.path(), to.join(entry.file_name()))).unwrap();
        if path.is_dir() {
            copy_folder(&path, &to);
        } else {
            fs::copy(&path, &to).unwrap();
        }
    }
}

/// Returns the step between the numbers of the disk operations that fail in successive runs: 23, or the value of the
/// environment variable `GZ_SEARCH_FAULTS`. With the step 1, every operation fails in one run.
fn operation_stride() -> usize {
    std::env::var("GZ_SEARCH_FAULTS").map_or(23, |value| value.parse().unwrap())
}

/// Runs `change` repeatedly on copies of the index in `original_dir`. In each run, another disk operation fails, in
/// each way that [`DiskFault`] lists. After each run, calls `inspect` with the folder of the copy, and with `true` if
/// `change` succeeded. Returns the number of runs in which the planned failure happened.
fn fail_each_operation(
    original_dir: &Path,
    change: impl Fn(&Path) -> Result<()>,
    inspect: impl Fn(&Path, bool),
) -> usize {
    let mut failed_runs = 0;
    for fault in [DiskFault::Refused, DiskFault::Torn] {
        for failing_operation in (0..).step_by(operation_stride()) {
            let folder = tempfile::tempdir().unwrap();
            let dir: PathBuf = folder.path().join("index");
            copy_folder(original_dir, &dir);
            let plan = FaultPlan::install(folder.path(), fault, failing_operation);
            let result = change(&dir);
            let was_reached = plan.uninstall(folder.path());
            if let Err(error) = &result {
                assert!(was_reached, "{error}");
            }
            inspect(&dir, result.is_ok());
            if !was_reached {
                break;
            }
            failed_runs += 1;
        }
    }
    failed_runs
}

/// Creates an index of three documents without source files.
fn create_index(dir: &Path) {
    let writer = Index::create(dir).unwrap().writer().unwrap();
    for id in ["a", "b", "c"] {
        writer.add(&Document::new(id, edition_text(1))).unwrap();
    }
    writer.commit().unwrap();
}

/// Returns an `inspect` function for [`fail_each_operation`]. If `change` succeeded, the index must contain the new
/// state. If `change` failed, the index must contain the old or the new state. After a second run without a fault, the
/// index must contain the new state and no left-over files.
fn expect_old_or_new_state(
    old_state: &DocumentEditions,
    new_state: &DocumentEditions,
    change: impl Fn(&Path) -> Result<()>,
) -> impl Fn(&Path, bool) {
    move |dir, has_succeeded| {
        let state = checked_state(dir);
        assert!(state == *new_state || (!has_succeeded && state == *old_state), "{state:?}");
        change(dir).unwrap();
        assert_eq!(checked_state(dir), *new_state);
        // A thread of the failed run may have written files after the failure. A new writer removes these files.
        drop(Index::open(dir).unwrap().writer().unwrap());
        assert_no_leftover_files(dir);
    }
}

#[test]
fn adding_survives_any_fault() {
    let base_folder = tempfile::tempdir().unwrap();
    create_index(base_folder.path());
    let add = |dir: &Path| {
        let writer = Index::open(dir)?.writer()?;
        writer.add(&Document::new("a", edition_text(2)))?;
        writer.add(&Document::new("d", edition_text(2)))?;
        writer.remove("b")?;
        writer.commit().map(drop)
    };
    let old_state = document_editions([("a", 1), ("b", 1), ("c", 1)]);
    let new_state = document_editions([("a", 2), ("c", 1), ("d", 2)]);
    let failed_runs = fail_each_operation(
        base_folder.path(),
        add,
        expect_old_or_new_state(&old_state, &new_state, add),
    );
    println!("adding: {failed_runs} faults");
    assert!(failed_runs >= 50 / operation_stride(), "{failed_runs}");
}

#[test]
fn updating_survives_any_fault() {
    let (base_folder, sources) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let root = sources.path().join("news");
    fs::create_dir_all(&root).unwrap();
    // Each file has its own words, because files with equal text would be duplicates.
    let write = |id: &str, edition| {
        fs::write(root.join(id), format!("{}\nOf {id} {edition}.\n", edition_text(edition)))
            .unwrap();
    };
    let run_update = |dir: &Path| {
        let index = if Index::exists(dir)? { Index::open(dir)? } else { Index::create(dir)? };
        let mut writer = index.writer()?;
        let never_stop = AtomicBool::new(false);
        update(&mut writer, std::slice::from_ref(&root), &UpdateOptions::default(), &never_stop)?;
        writer.commit().map(drop)
    };
    for id in ["a.txt", "b.txt", "c.txt"] {
        write(id, 1);
    }
    run_update(base_folder.path()).unwrap();
    let old_state = document_editions([("a.txt", 1), ("b.txt", 1), ("c.txt", 1)]);
    assert_eq!(checked_state(base_folder.path()), old_state);
    write("a.txt", 2);
    write("d.txt", 2);
    fs::remove_file(root.join("b.txt")).unwrap();
    let new_state = document_editions([("a.txt", 2), ("c.txt", 1), ("d.txt", 2)]);
    let failed_runs = fail_each_operation(
        base_folder.path(),
        run_update,
        expect_old_or_new_state(&old_state, &new_state, run_update),
    );
    println!("indexing again: {failed_runs} faults");
    assert!(failed_runs >= 50 / operation_stride(), "{failed_runs}");
}

#[test]
fn rebuilding_survives_any_fault() {
    let base_folder = tempfile::tempdir().unwrap();
    create_index(base_folder.path());
    let rebuild = |dir: &Path| {
        let writer = IndexWriter::rebuild(dir, Chinese::Auto)?;
        writer.add(&Document::new("a", edition_text(2)))?;
        writer.add(&Document::new("e", edition_text(2)))?;
        writer.commit().map(drop)
    };
    let old_state = document_editions([("a", 1), ("b", 1), ("c", 1)]);
    let new_state = document_editions([("a", 2), ("e", 2)]);
    let failed_runs = fail_each_operation(
        base_folder.path(),
        rebuild,
        expect_old_or_new_state(&old_state, &new_state, rebuild),
    );
    println!("rebuilding: {failed_runs} faults");
    assert!(failed_runs >= 50 / operation_stride(), "{failed_runs}");
}

#[test]
fn repairing_survives_any_fault() {
    let base_folder = tempfile::tempdir().unwrap();
    create_index(base_folder.path());
    let old_state = checked_state(base_folder.path());
    let folder = generation::folder(
        base_folder.path(),
        generation::latest_generation_number(base_folder.path()).unwrap(),
    );
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let postings_file = files.into_iter().find(|path| path.extension().is_some_and(|e| e == "idx"));
    let postings_file = postings_file.unwrap();
    let mut bytes = fs::read(&postings_file).unwrap();
    bytes[3] ^= 1;
    fs::write(&postings_file, bytes).unwrap();
    fs::write(base_folder.path().join("CURRENT"), "?").unwrap();
    let repair = |dir: &Path| {
        let repaired = Index::repair(dir, &UpdateOptions::default(), &AtomicBool::new(false))?;
        assert!(repaired.is_none_or(|repair| repair.lost.is_empty() && repair.copied == 3));
        Ok(())
    };
    let failed_runs = fail_each_operation(base_folder.path(), repair, |dir, has_succeeded| {
        let check = Index::check(dir).unwrap();
        assert!(check.is_sound() || !has_succeeded, "{check:?}");
        repair(dir).unwrap();
        assert_eq!(checked_state(dir), old_state);
        Index::open(dir).unwrap().writer().unwrap().commit().unwrap();
        assert_eq!(checked_state(dir), old_state);
        assert_no_leftover_files(dir);
    });
    println!("repairing: {failed_runs} faults");
    assert!(failed_runs >= 50 / operation_stride(), "{failed_runs}");
}

#[test]
fn copying_survives_any_fault() {
    let base_folder = tempfile::tempdir().unwrap();
    create_index(base_folder.path());
    let old_state = checked_state(base_folder.path());
    let copy_folder_of = |dir: &Path| dir.with_file_name("copy");
    let snapshot = |dir: &Path| Index::open(dir)?.snapshot(copy_folder_of(dir));
    let failed_runs = fail_each_operation(base_folder.path(), snapshot, |dir, has_succeeded| {
        assert_eq!(checked_state(dir), old_state);
        match Index::check(copy_folder_of(dir)) {
            Err(Error::NoIndex(_)) if !has_succeeded => {}
            check => assert!(check.unwrap().is_sound()),
        }
        if !has_succeeded {
            assert!(!copy_folder_of(dir).exists(), "a half is left");
            snapshot(dir).unwrap();
        }
        assert_eq!(checked_state(&copy_folder_of(dir)), old_state);
    });
    println!("copying: {failed_runs} faults");
    assert!(failed_runs > 0, "{failed_runs}");
}

/// Makes `change` on a copy of the index in `original_dir` (in an empty folder if `original_dir` is `None`), and
/// simulates a loss of power after each change of the disk. Asserts that the index then contains the old or the new
/// state, and that it contains the new state after the last change. `read_state` returns the state of the index in a
/// folder.
fn lose_power_after_each_disk_change(
    original_dir: Option<&Path>,
    change: impl Fn(&Path) -> Result<()>,
    read_state: impl Fn(&Path) -> Option<DocumentEditions>,
) -> usize {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("index");
    match original_dir {
        Some(original_dir) => copy_folder(original_dir, &dir),
        None => fs::create_dir(&dir).unwrap(),
    }
    let old_state = read_state(&dir);
    let mut disk = SimulatedDisk::of_synced_folder(&dir);
    let changes = DiskChangeRecording::disk_changes_during(&dir, || change(&dir).unwrap());
    let new_state = read_state(&dir);
    assert_ne!(old_state, new_state);
    for (change_index, disk_change) in changes.iter().enumerate() {
        disk.apply(disk_change);
        for keeps_names in [false, true] {
            let restored_folder = tempfile::tempdir().unwrap();
            disk.restore(&dir, restored_folder.path(), keeps_names);
            let state = read_state(restored_folder.path());
            assert!(
                state == new_state || state == old_state && change_index + 1 < changes.len(),
                "after disk change {change_index} of {}, {disk_change:?}: {state:?}",
                changes.len()
            );
        }
    }
    changes.len()
}

/// Returns the documents of the index in a folder; `None` if there is no index.
fn state_if_any(dir: &Path) -> Option<DocumentEditions> {
    Index::exists(dir).unwrap().then(|| checked_state(dir))
}

#[test]
fn a_loss_of_power_leaves_the_old_or_the_new_state() {
    let base = tempfile::tempdir().unwrap();
    create_index(base.path());
    let add = |dir: &Path| {
        let writer = Index::open(dir)?.writer()?;
        writer.add(&Document::new("a", edition_text(2)))?;
        writer.remove("b")?;
        writer.commit().map(drop)
    };
    let rebuild = |dir: &Path| {
        let writer = IndexWriter::rebuild(dir, Chinese::Auto)?;
        writer.add(&Document::new("e", edition_text(2)))?;
        writer.commit().map(drop)
    };
    let snapshot = |dir: &Path| backup::copy_last_commit(base.path(), dir);
    for (name, change_count) in [
        ("adding", lose_power_after_each_disk_change(Some(base.path()), add, state_if_any)),
        ("rebuilding", lose_power_after_each_disk_change(Some(base.path()), rebuild, state_if_any)),
        ("a first build", lose_power_after_each_disk_change(None, rebuild, state_if_any)),
        ("a snapshot", lose_power_after_each_disk_change(None, snapshot, state_if_any)),
    ] {
        println!("{name}: {change_count} disk changes");
        assert!(change_count >= 10, "{name}: {change_count}");
    }
}
