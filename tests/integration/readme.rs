//! The console examples of the README print what it says they print.

use std::process::Command;

use crate::fixture::Folder;

#[test]
fn the_examples_of_the_readme_are_true() {
    let readme = include_str!("../../README.md");
    let folder = Folder::with_sample();
    let bin = std::path::Path::new(env!("CARGO_BIN_EXE_gz-search")).parent().unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let mut checked = 0;
    for block in readme.split("```console\n").skip(1) {
        let block = block.split("\n```").next().unwrap();
        for example in block.split("$ ").skip(1) {
            let (command, expected) = example.split_once('\n').unwrap();
            let run = Command::new("sh")
                .args(["-c", command])
                .current_dir(folder.path(""))
                .env("PATH", &path)
                .env_remove("GZ_SEARCH_INDEX")
                .env_remove("COLUMNS")
                .output()
                .unwrap();
            let printed = String::from_utf8(run.stdout).unwrap();
            assert_eq!(printed.trim_end(), expected.trim_end(), "{command}");
            checked += 1;
        }
    }
    assert!(checked > 2);
}
