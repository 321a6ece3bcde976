//! `index --memory`: the peak resident memory of the process stays below the limit.
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
/// Memory limit of the run, in MiB.
const LIMIT: usize = 512;

/// Returns the peak resident memory of a process in MiB, `None` if it has ended.
fn peak(id: u32) -> Option<usize> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse::<usize>().ok().map(|kib| kib / 1024)
}

/// Indexes `a` and returns the peak memory in MiB, the exit code and standard error.
fn index_files(folder: &Folder) -> (usize, i32, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_gz-search"))
        .args(["index", "a", "--memory", &LIMIT.to_string()])
        .current_dir(folder.path(""))
        .stdout(Stdio::null())
        .stderr(File::create(folder.path("stderr")).unwrap())
        .spawn()
        .unwrap();
    let mut highest = 0;
    let status = loop {
        highest = highest.max(peak(child.id()).unwrap_or_default());
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        thread::sleep(Duration::from_millis(5));
    };
    (highest, status.code().unwrap(), fs::read_to_string(folder.path("stderr")).unwrap())
}

/// Returns random hexadecimal words in paragraphs.
fn english(bytes: usize, random: &mut Random) -> String {
    let mut text = String::new();
    while text.len() < bytes {
        write!(text, "{:x}", random.below(1 << 28)).unwrap();
        text.push_str(if random.below(80) == 0 { ".\n\n" } else { " " });
    }
    text
}

/// Returns random Han characters in paragraphs.
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

/// Writes files of the formats that take most memory; `text` and `file` are sizes in bytes.
fn write_large_files(folder: &Folder, text: usize, file: usize, random: &mut Random) {
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
fn indexing_stays_below_the_memory_limit() {
    let folder = Folder::new();
    let mut random = Random(17);
    for number in 0..30 {
        write(&folder, &format!("{number}.txt"), &english(20_000, &mut random));
    }
    // A sparse file takes no space on disk.
    write(&folder, "sparse.txt", "Text.\n");
    let sparse = folder.path("a/sparse.txt");
    File::options().write(true).open(&sparse).unwrap().set_len(26 << 20).unwrap();
    write(&folder, "long.txt", &"word ".repeat(5 * MIB / 2));
    // Full-size files take minutes without optimization: the default is a sixtieth, `GZ_SEARCH_MEMORY=1` the full size.
    let divisor = count("GZ_SEARCH_MEMORY", 60);
    write_large_files(&folder, 4 * MIB / divisor, 24 * MIB / divisor, &mut random);
    let (peak, code, errors) = index_files(&folder);
    println!("peak: {peak} MiB of {LIMIT}");
    assert_eq!(code, 1, "{errors}");
    assert!((40..=LIMIT).contains(&peak), "{peak} MiB");
    for message in ["sparse.txt: is larger than 24 MiB", "long.txt: is text of more than 4201 KiB"]
    {
        assert!(errors.contains(message), "{errors}");
    }
    let small = folder.run(&["index", "a", "--memory", "100"]);
    assert!(small.code == 2 && small.err.contains("the minimum is 512"), "{small:?}");
    assert!(Path::new(&folder.path("index/CURRENT")).exists());
}

#[test]
fn texts_of_many_short_paragraphs_stay_below_the_memory_limit() {
    let heading = "Report of the bureau on the state of the harbour. ".repeat(60);
    let levels =
        [2, 3, 4, 5, 6].map(|level| format!("{} {heading}\n\n", "#".repeat(level))).concat();
    let line = |number: usize| {
        let text = format!("a{number}\\n\\n").repeat(30_000);
        format!("{{\"id\":\"{number}\",\"text\":\"{text}\"}}\n")
    };
    for (name, text, code) in [
        // About 1,700 bytes for each paragraph of one letter.
        ("short.txt", "a\n\n".repeat(400_000), 1),
        ("most.txt", "a\n\n".repeat(60_000), 0),
        ("headings.md", "# h\n\na\n\n".repeat(50_000), 0),
        // Each paragraph has a copy of the headings above it.
        (
            "below-a-heading.md",
            format!("# Harbour\n\n## {heading}\n\n{}", "a\n\n".repeat(40_000)),
            1,
        ),
        ("below-six-headings.md", format!("# Harbour\n\n{levels}{}", "a\n\n".repeat(8_000)), 1),
        // Several documents wait for the writing threads.
        ("documents.jsonl", (0..6).map(line).collect(), 0),
    ] {
        let folder = Folder::new();
        write(&folder, name, &text);
        let (peak, actual, errors) = index_files(&folder);
        println!("{name}: {peak} MiB of {LIMIT}");
        assert!(peak <= LIMIT, "{name}: {peak} MiB");
        assert_eq!(actual, code, "{name}: {errors}");
        assert_eq!(errors.contains("so many paragraphs and headings"), code == 1, "{errors}");
    }
}
