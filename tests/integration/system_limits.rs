//! Resources that the system refuses: disk space, write permission, open files, the writer lock. The command fails with
//! a clear message and exit code 2, and the index stays intact.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use gz_search::Index;

use crate::{
    fixture::Folder,
    random::{Random, count},
};

/// A small file system in memory, which is unmounted when the value is dropped.
struct Disk(PathBuf);

impl Disk {
    /// Mounts the file system. Returns `None` if the system does not allow mounting, which only root may do.
    fn mount(path: PathBuf) -> Option<Self> {
        fs::create_dir_all(&path).unwrap();
        let is_mounted = run_mount(&["-t", "tmpfs", "-o", "size=64m", "tmpfs"], &path);
        is_mounted.then_some(Self(path))
    }

    fn remount(&self, options: &str) {
        assert!(run_mount(&["-o", &format!("remount,{options}")], &self.0), "{options}");
    }

    /// Leaves `kib` KiB free.
    fn leave_free(&self, kib: u64) {
        let df = Command::new("df").args(["-k", "--output=used"]).arg(&self.0).output().unwrap();
        let table = String::from_utf8(df.stdout).unwrap();
        let used: u64 = table.lines().last().unwrap().trim().parse().unwrap();
        self.remount(&format!("size={}k", used + kib));
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        drop(Command::new("umount").arg(&self.0).status());
    }
}

fn run_mount(args: &[&str], path: &Path) -> bool {
    Command::new("mount").args(args).arg(path).output().is_ok_and(|run| run.status.success())
}

/// Returns all files below a folder, except lock files.
fn files(folder: &Path) -> BTreeSet<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let paths = entries.flat_map(|path| if path.is_dir() { files(&path) } else { [path].into() });
    paths.filter(|path| !path.to_string_lossy().ends_with(".lock")).collect()
}

/// Writes one small release below `old/` and many large ones below `new/`.
fn write_releases(folder: &Folder) {
    folder.write("old/rail.txt", "Rail\n\nThe harbour line opens.\n");
    let mut random = Random(11);
    for number in 0..24 {
        let words: Vec<_> = (0..900).map(|_| format!("{:x}", random.below(1 << 30))).collect();
        let text = words.chunks(30).map(|words| words.join(" ")).collect::<Vec<_>>();
        folder.write(&format!("new/{number}.txt"), &format!("Exports.\n\n{}", text.join(".\n\n")));
    }
}

/// Fails unless the index is sound and still finds the release of `old/`.
fn assert_old_index_is_intact(folder: &Folder) {
    assert_eq!(folder.run(&["--index", "disk/index", "check"]).code, 0);
    let old = folder.run(&["--index", "disk/index", "query", "\"harbour line\""]);
    assert_eq!(old.code, 0, "{old:?}");
}

#[test]
fn full_disk_keeps_the_old_index() {
    let levels = count("GZ_SEARCH_LEVELS", 6) as u64;
    let folder = Folder::new();
    let Some(disk) = Disk::mount(folder.path("disk")) else {
        eprintln!("skipped: the test may not mount a file system");
        return;
    };
    let index = folder.path("disk/index");
    let run = |args: &[&str]| folder.run(&[&["--index", "disk/index", "index"], args].concat());
    write_releases(&folder);
    assert_eq!(run(&["old", "new"]).code, 0);
    let index_bytes: u64 = files(&index).iter().map(|path| path.metadata().unwrap().len()).sum();
    let mut failed = 0;
    for level in 0..levels {
        fs::remove_dir_all(&index).unwrap();
        assert_eq!(run(&["old"]).code, 0);
        let before = files(&index);
        disk.leave_free(level * index_bytes / 1024 / levels);
        let args: &[&str] = if level % 2 == 0 { &["new"] } else { &["--rebuild", "old", "new"] };
        let full = run(args);
        if full.code == 2 {
            failed += 1;
            assert!(full.err.contains("space"), "{full:?}");
            assert_eq!(files(&index), before, "{full:?}");
        } else {
            assert_eq!(full.code, 0, "{full:?}");
        }
        assert_old_index_is_intact(&folder);
        disk.remount("size=64m");
        assert_eq!(run(args).code, 0);
        assert_old_index_is_intact(&folder);
        assert_eq!(Index::open(&index).unwrap().stats().unwrap().documents, 25);
    }
    println!("{failed} of {levels} runs failed for lack of space");
    assert!(failed >= levels * 3 / 4, "{failed}");
}

#[test]
fn read_only_folder_is_refused() {
    let folder = Folder::new();
    let Some(disk) = Disk::mount(folder.path("disk")) else {
        eprintln!("skipped: the test may not mount a file system");
        return;
    };
    write_releases(&folder);
    assert_eq!(folder.run(&["--index", "disk/index", "index", "old"]).code, 0);
    disk.remount("ro");
    for args in [&["index", "new"][..], &["index", "--rebuild", "new"]] {
        let refused = folder.run(&[&["--index", "disk/index"], args].concat());
        let has_message = refused.err.contains("make it writable");
        assert!(refused.code == 2 && has_message, "{refused:?}");
    }
    assert_old_index_is_intact(&folder);
}

#[test]
fn second_writer_is_refused() {
    let folder = Folder::new();
    write_releases(&folder);
    assert_eq!(folder.run(&["--index", "disk/index", "index", "old"]).code, 0);
    let writer = Index::open(folder.path("disk/index")).unwrap().writer().unwrap();
    for args in [&["index", "new"][..], &["index", "--rebuild", "new"]] {
        let refused = folder.run(&[&["--index", "disk/index"], args].concat());
        let has_message = refused.err.contains("another process is writing");
        assert!(refused.code == 2 && has_message, "{refused:?}");
        assert_old_index_is_intact(&folder);
    }
    drop(writer);
    assert_eq!(folder.run(&["--index", "disk/index", "index", "new"]).code, 0);
    assert_old_index_is_intact(&folder);
}

#[cfg(unix)]
#[test]
fn limit_of_open_files_is_named_in_the_error() {
    let folder = Folder::new();
    write_releases(&folder);
    assert_eq!(folder.run(&["--index", "disk/index", "index", "old"]).code, 0);
    let mut refused = 0;
    for handles in 4..32 {
        let limited = Command::new("sh")
            .args(["-c", "ulimit -n $0 && exec \"$@\"", &handles.to_string()])
            .arg(env!("CARGO_BIN_EXE_gz-search"))
            .args(["--index", "disk/index", "index", "new"])
            .current_dir(folder.path(""))
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&limited.stderr);
        // With very few handles the system cannot load the program: then there is no message.
        if errors.contains("gz-search: ") && limited.status.code() == Some(2) {
            refused += 1;
            assert!(errors.contains("ulimit -n"), "{handles}: {errors}");
        }
        assert!(!errors.contains("panicked"), "{handles}: {errors}");
        assert_old_index_is_intact(&folder);
    }
    assert!(refused > 0);
    assert_eq!(folder.run(&["--index", "disk/index", "index", "new"]).code, 0);
    assert_old_index_is_intact(&folder);
}
