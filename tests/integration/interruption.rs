//! Exit codes and reports of runs that a signal stops, or that fail after they have changed the index.

#![cfg(unix)]

use std::{
    fs::File,
    io::{BufRead, BufReader, Write},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use crate::fixture::Folder;

fn index_standard_input(folder: &Folder) -> Child {
    Command::new(env!("CARGO_BIN_EXE_gz-search"))
        .args(["index", "-", "--json"])
        .current_dir(folder.path(""))
        .env_remove("GZ_SEARCH_INDEX")
        .env("XDG_CONFIG_HOME", folder.path("none"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Waits until the run has opened its index and can be interrupted.
fn wait_for_start(folder: &Folder) {
    while !folder.path("index/LOCK").exists() {
        thread::sleep(Duration::from_millis(10));
    }
    thread::sleep(Duration::from_millis(500));
}

fn send(signal: &str, child: &Child) {
    let status = Command::new("kill").args([signal, &child.id().to_string()]).status();
    assert!(status.unwrap().success());
}

#[test]
fn a_signal_ends_a_run_between_documents_with_an_exit_code_of_its_own() {
    for signal in ["-INT", "-TERM"] {
        let folder = Folder::new();
        folder.write("old.txt", "Rail grew.\n");
        assert_eq!(folder.run(&["index", "old.txt"]).code, 0);
        let mut child = index_standard_input(&folder);
        let mut input = child.stdin.take().unwrap();
        let mut messages = BufReader::new(child.stderr.take().unwrap());
        wait_for_start(&folder);
        input.write_all(b"{\"id\":\"a\",\"text\":\"Ports grew.\"}\n").unwrap();
        thread::sleep(Duration::from_millis(200));
        send(signal, &child);
        let mut message = String::new();
        messages.read_line(&mut message).unwrap();
        assert!(message.contains("stopping"), "{message}");
        // The run stops before this document.
        input.write_all(b"{\"id\":\"b\",\"text\":\"Ports shrank.\"}\n").unwrap();
        drop(input);
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(130), "{signal}");
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(report["interrupted"], true);
        assert_eq!(report["documents"]["added"], 1);
        assert_eq!(folder.run(&["query", "ports", "--count"]).out, "1\n");
        assert_eq!(folder.run(&["check"]).code, 0);
    }
}

#[test]
fn a_second_signal_ends_a_run_at_once_and_the_last_commit_stays() {
    let folder = Folder::new();
    folder.write("old.txt", "Rail grew.\n");
    assert_eq!(folder.run(&["index", "old.txt"]).code, 0);
    let mut child = index_standard_input(&folder);
    let mut messages = BufReader::new(child.stderr.take().unwrap());
    wait_for_start(&folder);
    send("-TERM", &child);
    let mut message = String::new();
    messages.read_line(&mut message).unwrap();
    // The run waits for standard input, which never comes.
    send("-TERM", &child);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(folder.run(&["query", "rail", "--count"]).out, "1\n");
    assert_eq!(folder.run(&["index", "old.txt"]).code, 0);
}

#[test]
fn an_error_after_the_commit_does_not_say_that_nothing_changed() {
    let folder = Folder::new();
    folder.write("a.txt", "Ports grew.\n");
    let run = |path: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_gz-search"))
            .args(["index", path])
            .current_dir(folder.path(""))
            .env_remove("GZ_SEARCH_INDEX")
            // The report cannot be written.
            .stdout(File::options().write(true).open("/dev/full").unwrap())
            .output()
            .unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, message) = run("a.txt");
    assert_eq!(code, Some(1), "{message}");
    assert!(message.contains("free some space") && message.contains("has changed"), "{message}");
    assert_eq!(folder.run(&["query", "ports", "--count"]).out, "1\n");
    // The second run changes nothing.
    let (code, message) = run("a.txt");
    assert_eq!(code, Some(2), "{message}");
    assert!(!message.contains("has changed"), "{message}");
}
