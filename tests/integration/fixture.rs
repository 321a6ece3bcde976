//! A temporary folder for each test, and the command as a process in it.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Path of the sample release in a checkout.
pub(crate) const SAMPLE: &str = "seeds/000_a379037c3665faf0.txt";

/// Folder, in that of a test, in which the command looks for the configuration of the user.
pub(crate) const USER_CONFIG: &str = "user-config";
/// Environment variable that names this folder to the command.
const USER_CONFIG_VARIABLE: &str = if cfg!(windows) { "APPDATA" } else { "XDG_CONFIG_HOME" };

/// A temporary folder, which is removed when the value is dropped.
pub(crate) struct Folder(tempfile::TempDir);

/// Exit code and output of a run of the command.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    /// Returns standard output as one JSON value.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Returns the passage ids of a page of results in JSON.
    pub(crate) fn ids(&self) -> Vec<String> {
        let page = self.json();
        let hits = page["hits"].as_array().unwrap();
        hits.iter().map(|hit| hit["passage"]["id"].as_str().unwrap().to_owned()).collect()
    }
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// Creates a folder with the sample release in `seeds/`.
    pub(crate) fn with_sample() -> Self {
        let folder = Self::new();
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join(SAMPLE);
        folder.write(SAMPLE, &fs::read_to_string(sample).unwrap());
        folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn remove(&self, name: &str) {
        fs::remove_file(self.path(name)).unwrap();
    }

    pub(crate) fn run(&self, args: &[&str]) -> Run {
        self.run_with(args, "")
    }

    /// Runs the command in the folder with `input` as standard input.
    pub(crate) fn run_with(&self, args: &[&str], input: &str) -> Run {
        self.run_with_environment(args, input, &[])
    }

    /// Runs the command in the folder with `input` as standard input, and with additional environment variables.
    pub(crate) fn run_with_environment(
        &self,
        args: &[&str],
        input: &str,
        variables: &[(&str, &str)],
    ) -> Run {
        let mut child = Command::new(env!("CARGO_BIN_EXE_gz-search"))
            .args(args)
            .current_dir(self.0.path())
            .env_remove("GZ_SEARCH_INDEX")
            .env_remove("GZ_SEARCH_CONFIG")
            .env(USER_CONFIG_VARIABLE, self.path(USER_CONFIG))
            .env("COLUMNS", "100")
            .envs(variables.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A run that fails early may end before it reads its input.
        drop(child.stdin.take().unwrap().write_all(input.as_bytes()));
        let output = child.wait_with_output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        Run {
            code: output.status.code().unwrap(),
            out: text(&output.stdout),
            err: text(&output.stderr),
        }
    }
}
