//! Configuration files: which file counts, and what the command says of them.

use crate::fixture::{Folder, Run, USER_CONFIG};

fn folder() -> Folder {
    let folder = Folder::new();
    for number in 0..6 {
        folder.write(&format!("a/{number}.txt"), &format!("{number} ports grew.\n"));
    }
    assert_eq!(folder.run(&["index", "a"]).code, 0);
    folder.write(&format!("{USER_CONFIG}/gz-search/config.toml"), "[query]\nlimit = 2\n");
    folder
}

fn hits(run: &Run) -> usize {
    run.ids().len()
}

#[test]
fn the_file_of_the_user_counts_below_the_file_of_the_folder_and_the_command_line() {
    let folder = folder();
    let query = ["query", "ports", "--format", "json"];
    assert_eq!(hits(&folder.run(&query)), 2);
    folder.write("gz-search.toml", "[query]\nlimit = 3\n");
    assert_eq!(hits(&folder.run(&query)), 3);
    assert_eq!(hits(&folder.run(&[&query[..], &["--limit", "4"]].concat())), 4);
    folder.write("other.toml", "[query]\nlimit = 5\n");
    assert_eq!(hits(&folder.run(&[&query[..], &["--config", "other.toml"]].concat())), 5);
    assert_eq!(hits(&folder.run(&[&query[..], &["--no-config"]].concat())), 6);
}

#[test]
fn config_lists_the_files_and_their_options() {
    let folder = folder();
    folder.write("gz-search.toml", "[serve]\nopen = true\n");
    let run = folder.run(&["config"]);
    let user_file = folder.path(USER_CONFIG).join("gz-search").join("config.toml");
    let user_file = user_file.display();
    let expected = format!(
        "# gz-search.toml (read)\n# {user_file} (read)\n\n[query]\n# {user_file}:2\nlimit = 2\n\n\
         [serve]\n# gz-search.toml:2\nopen = true\n"
    );
    assert_eq!((run.code, run.out), (0, expected));
    assert_eq!(folder.run(&["config", "--no-config"]).out, "");
}

#[test]
fn an_invalid_file_is_refused_with_its_line() {
    let folder = folder();
    folder.write("gz-search.toml", "[query]\n\nlimt = 3\n");
    let run = folder.run(&["query", "ports"]);
    let expected = "gz-search: gz-search.toml:3: [query] has no option limt: did you mean limit?\n";
    assert_eq!((run.code, run.err.as_str()), (2, expected));
    assert_eq!(folder.run(&["completions", "bash"]).code, 0, "completions read no file");
}
