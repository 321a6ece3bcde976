//! Help texts, completions and manual pages. The help is a snapshot: a changed line is a changed contract.

use unicode_width::UnicodeWidthStr;

use crate::fixture::Folder;

/// Snapshot of the help of every command; `GZ_SEARCH_UPDATE=1` rewrites the file.
const SNAPSHOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/integration/help.txt");

#[test]
fn help_equals_the_snapshot() {
    let folder = Folder::new();
    let mut help = String::new();
    for command in [
        "",
        "index",
        "watch",
        "query",
        "show",
        "resolve",
        "facts",
        "suggest",
        "stats",
        "check",
        "snapshot",
        "config",
        "completions",
        "man",
        "serve",
        "mcp",
        "keys",
        "keys add",
    ] {
        let args: Vec<&str> = ["help"].into_iter().chain(command.split_whitespace()).collect();
        let run = folder.run(&args);
        assert_eq!(run.code, 0, "{run:?}");
        help.extend(["$ gz-search ", &args.join(" "), "\n"]);
        for line in run.out.lines() {
            help.extend([line.trim_end(), "\n"]);
        }
        help.push('\n');
    }
    if std::env::var_os("GZ_SEARCH_UPDATE").is_some() {
        std::fs::write(SNAPSHOT, &help).unwrap();
    }
    assert_eq!(help, std::fs::read_to_string(SNAPSHOT).unwrap());
}

#[test]
fn query_language_help_fits_one_screen() {
    // The folder is empty: this help needs neither an index nor a query.
    let run = Folder::new().run(&["query", "--help-syntax"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert!(run.out.lines().count() <= 24, "{}", run.out);
    for line in run.out.lines() {
        assert!(line.width() <= 100, "{line}");
    }
    assert!(
        include_str!("../../src/query/README.md").contains(&run.out),
        "src/query/README.md differs from the help"
    );
}

/// Returns the names of the commands that the help lists.
fn commands() -> Vec<String> {
    let help = Folder::new().run(&["--help"]).out;
    let listed = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let names = listed.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names.map(|line| line.split_whitespace().next().unwrap().to_owned()).collect()
}

#[test]
fn completions_and_manual_cover_every_command() {
    let (folder, commands) = (Folder::new(), commands());
    assert!(commands.len() >= 8, "{commands:?}");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let run = folder.run(&["completions", shell]);
        assert_eq!((run.code, run.err.as_str()), (0, ""));
        let options = ["facets", "cite", "queries", "rebuild"];
        for word in commands.iter().map(String::as_str).chain(options) {
            assert!(run.out.contains(word), "{shell}: {word}");
        }
    }
    assert_eq!(folder.run(&["completions", "cmd"]).code, 2);
    let page = folder.run(&["man"]).out;
    assert!(page.contains(".TH gz-search 1"), "{page}");
    for command in &commands {
        assert!(page.contains(&format!("gz\\-search\\-{command}(1)")), "{command}\n{page}");
        let own = folder.run(&["man", command]);
        assert!(own.code == 0 && own.out.contains(&format!("gz\\-search\\-{command}")), "{own:?}");
    }
    assert!(folder.run(&["man", "query"]).out.contains("\\-\\-facets"));
    let unknown = folder.run(&["man", "nothing"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("there is no command nothing"), "{unknown:?}");
}

/// Skipped if there is no `bash`.
#[test]
fn bash_accepts_its_completion_script() {
    let folder = Folder::new();
    folder.write("gz-search.bash", &folder.run(&["completions", "bash"]).out);
    let script = folder.path("gz-search.bash");
    let Ok(checked) = std::process::Command::new("bash").arg("-n").arg(script).output() else {
        return;
    };
    assert!(checked.status.success(), "{checked:?}");
}

/// The build script links the program at a fixed address, and documents the reason.
#[test]
#[cfg(all(target_os = "linux", target_env = "gnu", target_endian = "little"))]
fn program_is_linked_at_a_fixed_address() {
    const EXECUTABLE: [u8; 2] = [2, 0];
    let program = std::fs::read(env!("CARGO_BIN_EXE_gz-search")).unwrap();
    assert_eq!(program[16..18], EXECUTABLE, "the type in the ELF header");
}
