//! What the machine refuses: space, leave to write, open files, the lock. A clear message, exit code 2, and
//! the index is as it was.

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

/// A small disk of its own, gone with the test.
struct Disk(PathBuf);

impl Disk {
    /// None where this machine does not let it be mounted: only root may.
    fn mounted(at: PathBuf) -> Option<Self> {
        fs::create_dir_all(&at).unwrap();
        let mounted = mount(&["-t", "tmpfs", "-o", "size=64m", "tmpfs"], &at);
        mounted.then_some(Self(at))
    }

    fn remount(&self, options: &str) {
        assert!(mount(&["-o", &format!("remount,{options}")], &self.0), "{options}");
    }

    /// Leaves so many KiB free.
    fn free(&self, kib: u64) {
        let said = Command::new("df").args(["-k", "--output=used"]).arg(&self.0).output().unwrap();
        let said = String::from_utf8(said.stdout).unwrap();
        let used: u64 = said.lines().last().unwrap().trim().parse().unwrap();
        self.remount(&format!("size={}k", used + kib));
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        drop(Command::new("umount").arg(&self.0).status());
    }
}

fn mount(args: &[&str], at: &Path) -> bool {
    Command::new("mount").args(args).arg(at).output().is_ok_and(|run| run.status.success())
}

fn files(folder: &Path) -> BTreeSet<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let below = entries.flat_map(|path| if path.is_dir() { files(&path) } else { [path].into() });
    below.filter(|path| !path.to_string_lossy().ends_with(".lock")).collect()
}

/// One release that is indexed before, and many that take room.
fn releases(folder: &Folder) {
    folder.write("old/rail.txt", "Rail\n\nThe harbour line opens.\n");
    let mut random = Random(11);
    for number in 0..24 {
        let words: Vec<_> = (0..900).map(|_| format!("{:x}", random.below(1 << 30))).collect();
        let text = words.chunks(30).map(|words| words.join(" ")).collect::<Vec<_>>();
        folder.write(&format!("new/{number}.txt"), &format!("Exports.\n\n{}", text.join(".\n\n")));
    }
}

fn old_is_intact(folder: &Folder) {
    assert_eq!(folder.run(&["--index", "disk/index", "check"]).code, 0);
    let old = folder.run(&["--index", "disk/index", "query", "\"harbour line\""]);
    assert_eq!(old.code, 0, "{old:?}");
}

#[test]
fn a_disk_runs_full() {
    let levels = count("GZ_SEARCH_LEVELS", 6) as u64;
    let folder = Folder::new();
    let Some(disk) = Disk::mounted(folder.path("disk")) else {
        eprintln!("skipped: no file system can be mounted here");
        return;
    };
    let index = folder.path("disk/index");
    let run = |args: &[&str]| folder.run(&[&["--index", "disk/index", "index"], args].concat());
    releases(&folder);
    assert_eq!(run(&["old", "new"]).code, 0);
    let whole: u64 = files(&index).iter().map(|path| path.metadata().unwrap().len()).sum();
    let mut failed = 0;
    for level in 0..levels {
        fs::remove_dir_all(&index).unwrap();
        assert_eq!(run(&["old"]).code, 0);
        let before = files(&index);
        disk.free(level * whole / 1024 / levels);
        let args: &[&str] = if level % 2 == 0 { &["new"] } else { &["--rebuild", "old", "new"] };
        let full = run(args);
        if full.code == 2 {
            failed += 1;
            assert!(full.err.contains("space"), "{full:?}");
            assert_eq!(files(&index), before, "{full:?}");
        } else {
            assert_eq!(full.code, 0, "{full:?}");
        }
        old_is_intact(&folder);
        disk.remount("size=64m");
        assert_eq!(run(args).code, 0);
        old_is_intact(&folder);
        assert_eq!(Index::open(&index).unwrap().stats().unwrap().documents, 25);
    }
    println!("{failed} of {levels} runs had too little space");
    assert!(failed >= levels * 3 / 4, "{failed}");
}

#[test]
fn a_folder_cannot_be_written() {
    let folder = Folder::new();
    let Some(disk) = Disk::mounted(folder.path("disk")) else {
        eprintln!("skipped: no file system can be mounted here");
        return;
    };
    releases(&folder);
    assert_eq!(folder.run(&["--index", "disk/index", "index", "old"]).code, 0);
    disk.remount("ro");
    for args in [&["index", "new"][..], &["index", "--rebuild", "new"]] {
        let refused = folder.run(&[&["--index", "disk/index"], args].concat());
        let says = refused.err.contains("make it writable");
        assert!(refused.code == 2 && says, "{refused:?}");
    }
    old_is_intact(&folder);
}

#[test]
fn another_process_writes() {
    let folder = Folder::new();
    releases(&folder);
    assert_eq!(folder.run(&["--index", "disk/index", "index", "old"]).code, 0);
    let writer = Index::open(folder.path("disk/index")).unwrap().writer().unwrap();
    for args in [&["index", "new"][..], &["index", "--rebuild", "new"]] {
        let refused = folder.run(&[&["--index", "disk/index"], args].concat());
        let says = refused.err.contains("another process is writing");
        assert!(refused.code == 2 && says, "{refused:?}");
        old_is_intact(&folder);
    }
    drop(writer);
    assert_eq!(folder.run(&["--index", "disk/index", "index", "new"]).code, 0);
    old_is_intact(&folder);
}

#[cfg(unix)]
#[test]
fn too_few_files_may_be_open() {
    let folder = Folder::new();
    releases(&folder);
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
        let said = String::from_utf8_lossy(&limited.stderr);
        // So few that the program itself cannot be loaded say nothing of it.
        if said.contains("gz-search: ") && limited.status.code() == Some(2) {
            refused += 1;
            assert!(said.contains("ulimit -n"), "{handles}: {said}");
        }
        assert!(!said.contains("panicked"), "{handles}: {said}");
        old_is_intact(&folder);
    }
    assert!(refused > 0);
    assert_eq!(folder.run(&["--index", "disk/index", "index", "new"]).code, 0);
    old_is_intact(&folder);
}
