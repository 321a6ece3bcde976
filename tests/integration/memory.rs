//! `index --memory`: what the process takes at most, as the system counts it.
#![cfg(target_os = "linux")]

use std::{
    fmt::Write as _,
    fs::{self, File},
    path::Path,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use crate::{
    fixture::Folder,
    random::{Random, count},
};

const MIB: usize = 1 << 20;
const CEILING: usize = 512;

/// The most resident memory that a run took so far, in MiB; none where it has ended.
fn peak(id: u32) -> Option<usize> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse::<usize>().ok().map(|kib| kib / 1024)
}

/// Runs `index` over `a`; its peak in MiB, its exit code, and what it said of what it did not read.
fn indexed(folder: &Folder) -> (usize, i32, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_gz-search"))
        .args(["index", "a", "--memory", &CEILING.to_string()])
        .current_dir(folder.path(""))
        .stdout(Stdio::null())
        .stderr(File::create(folder.path("said")).unwrap())
        .spawn()
        .unwrap();
    let mut most = 0;
    let status = loop {
        most = most.max(peak(child.id()).unwrap_or_default());
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        thread::sleep(Duration::from_millis(5));
    };
    (most, status.code().unwrap(), fs::read_to_string(folder.path("said")).unwrap())
}

/// Words without a pattern, in paragraphs.
fn english(bytes: usize, random: &mut Random) -> String {
    let mut text = String::new();
    while text.len() < bytes {
        write!(text, "{:x}", random.below(1 << 28)).unwrap();
        text.push_str(if random.below(80) == 0 { ".\n\n" } else { " " });
    }
    text
}

fn chinese(bytes: usize, random: &mut Random) -> String {
    let mut text = String::new();
    while text.len() < bytes {
        text.extend(char::from_u32(0x4e00 + random.below(3000) as u32));
        text.push_str(if random.below(200) == 0 { "。\n\n" } else { "" });
    }
    text
}

fn write(folder: &Folder, name: &str, text: &str) {
    folder.write(&format!("a/{name}"), text);
}

/// Files as large as they may be, of the kinds that take most.
fn large(folder: &Folder, text: usize, file: usize, random: &mut Random) {
    write(folder, "english.txt", &english(text, random));
    write(folder, "chinese.txt", &chinese(text, random));
    let paragraphs = english(file.min(15 * MIB), random).replace(".\n\n", ".</p><p>");
    write(folder, "page.html", &format!("<html><body><p>{paragraphs}</p></body></html>"));
    let body = english(text, random).replace('\n', "\\n");
    write(folder, "object.json", &format!("{{\"title\":\"x\",\"body\":\"{body}\"}}"));
    let body = chinese(text / 2, random).replace('\n', "\\n");
    write(folder, "lines.jsonl", &format!("{{\"text\":\"{body}\"}}\n").repeat(4));
    let numbers = "1 ".repeat(file / 4);
    write(folder, "numbers.pdf", &format!("%PDF-1.4\n1 0 obj\n[{numbers}]\nendobj\ntrailer<<>>\n"));
}

#[test]
fn the_ceiling_holds() {
    let folder = Folder::new();
    let mut random = Random(17);
    for number in 0..30 {
        write(&folder, &format!("{number}.txt"), &english(20_000, &mut random));
    }
    // A hole takes no room on disk.
    write(&folder, "hole.txt", "Text.\n");
    let hole = folder.path("a/hole.txt");
    File::options().write(true).open(&hole).unwrap().set_len(26 << 20).unwrap();
    write(&folder, "long.txt", &"word ".repeat(5 * MIB / 2));
    // Without optimization the largest take minutes: `GZ_SEARCH_MEMORY=1` has them whole.
    let part = count("GZ_SEARCH_MEMORY", 60);
    large(&folder, 4 * MIB / part, 24 * MIB / part, &mut random);
    let (peak, code, said) = indexed(&folder);
    println!("peak: {peak} MiB of {CEILING}");
    assert_eq!(code, 1, "{said}");
    assert!((40..=CEILING).contains(&peak), "{peak} MiB");
    for says in ["hole.txt: is larger than 24 MiB", "long.txt: is text of more than 4201 KiB"] {
        assert!(said.contains(says), "{said}");
    }
    let small = folder.run(&["index", "a", "--memory", "100"]);
    assert!(small.code == 2 && small.err.contains("512 or more"), "{small:?}");
    assert!(Path::new(&folder.path("index/CURRENT")).exists());
}
