//! Configuration files: values for the options of the commands.
//!
//! Two files are read: the file of the folder, which is `gz-search.toml` beside the index or the file that `--config`
//! names, and the file of the user. A section of a file has the name of a command, and its keys are options of this
//! command. A value from a file becomes the default of its option. The order of precedence is: command line,
//! environment variables, file of the folder, file of the user, default of the program. Read [`Configuration`] first.

mod defaults;
mod file;
mod update_plan;

use std::{
    env,
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
};

use clap::{CommandFactory as _, FromArgMatches as _, parser::ArgMatches};

#[cfg(all(feature = "server", feature = "watch"))]
pub(super) use self::update_plan::configured_update_plan;
pub(super) use self::update_plan::{SEED_RELEASES_DIR, UpdatePlan, file_filter, update_plan};
use self::{
    defaults::{check_settings, set_option_defaults},
    file::{Setting, read_settings},
};
use super::args::{Cli, Command, IndexArgs, with_implied_query_command};
use crate::error::{Error, Result};

/// Name of the configuration file in the parent folder of the index.
const FOLDER_CONFIGURATION_FILE_NAME: &str = "gz-search.toml";

/// Values of the configuration files, with the paths of the files.
#[derive(Debug, Default)]
pub(super) struct Configuration {
    /// Path of each file, and whether the file exists. The files are in order of precedence.
    files: Vec<(PathBuf, bool)>,
    /// Values of the files, in order of precedence.
    settings: Vec<Setting>,
}

/// Parses the arguments of the process, with the values of the configuration files as defaults. Prints a message and
/// exits if the arguments are invalid.
///
/// # Errors
///
/// [`Error::InvalidArgument`] for a malformed configuration file or an invalid value in it, [`Error::Io`] for a file
/// that cannot be read.
pub(super) fn parse_arguments(mut arguments: Vec<OsString>) -> Result<(Cli, Configuration)> {
    let matches = Cli::command().try_get_matches_from(&arguments).unwrap_or_else(|error| {
        arguments = with_implied_query_command(std::mem::take(&mut arguments), &error);
        Cli::command().get_matches_from(&arguments)
    });
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let reads_files =
        !cli.no_config && !matches!(cli.command, Command::Completions { .. } | Command::Man { .. });
    if !reads_files {
        return Ok((cli, Configuration::default()));
    }
    let dir = cli.index.first().map_or(Path::new(""), PathBuf::as_path);
    let configuration = Configuration::read(dir, cli.config.as_deref(), user_configuration_file())?;
    if configuration.settings.is_empty() {
        return Ok((cli, configuration));
    }
    let matches = configuration.command_with_defaults(&matches).get_matches_from(arguments);
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    Ok((cli, configuration))
}

impl Configuration {
    /// Reads the file of the folder and the file of the user. The file of the folder is `named_file`, or by default the
    /// file beside the index in `dir`. Only a missing `named_file` is an error.
    fn read(
        dir: &Path,
        named_file: Option<&Path>,
        user_configuration_file: Option<PathBuf>,
    ) -> Result<Self> {
        let folder_file = named_file.map_or_else(
            || dir.parent().unwrap_or(Path::new("")).join(FOLDER_CONFIGURATION_FILE_NAME),
            Path::to_owned,
        );
        let mut configuration = Self::default();
        configuration.add_file(folder_file, named_file.is_some())?;
        if let Some(path) = user_configuration_file {
            configuration.add_file(path, false)?;
        }
        Ok(configuration)
    }

    /// Adds a file with a lower precedence than all files added before.
    fn add_file(&mut self, path: PathBuf, is_required: bool) -> Result<()> {
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if !is_required && counts_as_missing_file(&error) => {
                self.files.push((path, false));
                return Ok(());
            }
            Err(source) => return Err(Error::io("read", &path)(source)),
        };
        let settings = read_settings(&path, &text)?;
        check_settings(&settings, &Cli::command())?;
        self.settings.extend(settings);
        self.files.push((path, true));
        Ok(())
    }

    /// Returns the definition of the command line. The values of the files are the defaults of the options of the
    /// subcommand in `matches`.
    fn command_with_defaults(&self, matches: &ArgMatches) -> clap::Command {
        let command = Cli::command();
        let Some((name, matches)) = matches.subcommand() else { return command };
        let name = name.to_owned();
        command
            .mut_subcommand(name, |command| set_option_defaults(command, &self.settings, matches))
    }

    /// Returns the arguments that `gz-search index` has if the command line contains no arguments: the values of the
    /// configuration files, and the defaults of the program for all other options.
    fn configured_index_args(&self) -> Result<IndexArgs> {
        let arguments = ["gz-search", "index"];
        let invalid = |error: clap::Error| Error::invalid("config", error.to_string());
        let matches = Cli::command().try_get_matches_from(arguments).map_err(invalid)?;
        let command = self.command_with_defaults(&matches);
        let matches = command.try_get_matches_from(arguments).map_err(invalid)?;
        match Cli::from_arg_matches(&matches).map_err(invalid)?.command {
            Command::Index(args) => Ok(args),
            _ => Err(Error::invalid("config", "the command index is needed")),
        }
    }

    /// Returns the pairs of a `KEY=VALUE` option of the section `[index]`. If several files set a key, returns the
    /// value of the file with the highest precedence.
    fn index_key_value_pairs(&self, option: &str) -> impl Iterator<Item = (&str, &str)> {
        let settings = self.effective_settings();
        settings.filter(move |setting| setting.option == option).filter_map(|setting| {
            Some((setting.pair_key.as_deref()?, setting.values.first()?.as_str()))
        })
    }

    /// Returns whether a file sets the option of the section.
    #[cfg(all(feature = "server", feature = "watch"))]
    pub(super) fn sets_option(&self, section: &str, option: &str) -> bool {
        self.settings.iter().any(|setting| (setting.section, setting.option) == (section, option))
    }

    /// Returns the settings that no file with a higher precedence replaces.
    fn effective_settings(&self) -> impl Iterator<Item = &Setting> {
        self.settings.iter().enumerate().filter_map(|(index, setting)| {
            let higher_settings = self.settings.iter().take(index);
            let is_replaced =
                higher_settings.into_iter().any(|other| other.sets_same_option(setting));
            (!is_replaced).then_some(setting)
        })
    }

    /// Returns the values in TOML, each below a comment with its file and line. The paths of all files come first.
    pub(super) fn to_toml(&self) -> String {
        let state = |exists| if exists { "read" } else { "not there" };
        let mut toml = String::new();
        for (path, exists) in &self.files {
            toml.extend(["# ", &path.display().to_string(), " (", state(*exists), ")\n"]);
        }
        let mut section = "";
        for setting in self.effective_settings_by_section() {
            if setting.section != section {
                section = setting.section;
                toml.extend(["\n[", section, "]\n"]);
            }
            let Setting { option, pair_key, source_text, location, .. } = setting;
            let pair_key = pair_key.as_ref().map(|key| format!(".{}", toml_quoted_key(key)));
            let pair_key = pair_key.unwrap_or_default();
            toml.extend(["# ", location, "\n", option, &pair_key, " = ", source_text, "\n"]);
        }
        toml
    }

    fn effective_settings_by_section(&self) -> Vec<&Setting> {
        let mut settings: Vec<_> = self.effective_settings().collect();
        settings.sort_by_key(|setting| (setting.section, setting.option));
        settings
    }
}

/// Returns whether the error means that an optional file counts as missing. A file without read permission also counts
/// as missing, because a service often cannot read the folder of the user.
fn counts_as_missing_file(error: &io::Error) -> bool {
    use io::ErrorKind::{NotADirectory, NotFound, PermissionDenied};
    matches!(error.kind(), NotFound | NotADirectory | PermissionDenied)
}

/// Returns a key as TOML writes it.
fn toml_quoted_key(key: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if !key.is_empty() && key.chars().all(is_bare) { key.to_owned() } else { format!("{key:?}") }
}

/// Returns the path of the configuration file of the user; `None` if the environment does not name a folder for it.
fn user_configuration_file() -> Option<PathBuf> {
    let folder_in = |variable| env::var_os(variable).map(PathBuf::from);
    let absolute = |folder: &PathBuf| folder.is_absolute();
    let folder = if cfg!(windows) {
        folder_in("APPDATA").filter(absolute)
    } else {
        let home_folder =
            if cfg!(target_os = "macos") { "Library/Application Support" } else { ".config" };
        folder_in("XDG_CONFIG_HOME")
            .filter(absolute)
            .or_else(|| folder_in("HOME").filter(absolute).map(|home| home.join(home_folder)))
    };
    folder.map(|folder| folder.join("gz-search").join("config.toml"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{cli::args::GroupArg, query::Collapse};

    /// Returns the configuration of a file beside an index and of a file of the user, and the folder that contains the
    /// first file.
    fn configuration(folder_text: &str, user_text: &str) -> (tempfile::TempDir, Configuration) {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FOLDER_CONFIGURATION_FILE_NAME), folder_text).unwrap();
        let user_configuration_file = folder.path().join("user.toml");
        fs::write(&user_configuration_file, user_text).unwrap();
        let configuration =
            Configuration::read(&folder.path().join("index"), None, Some(user_configuration_file))
                .unwrap();
        (folder, configuration)
    }

    fn parse(configuration: &Configuration, arguments: &str) -> Command {
        let arguments: Vec<&str> = ["gz-search"].into_iter().chain(arguments.split(' ')).collect();
        let matches = Cli::command().try_get_matches_from(&arguments).unwrap();
        let command = configuration.command_with_defaults(&matches);
        Cli::from_arg_matches(&command.try_get_matches_from(&arguments).unwrap()).unwrap().command
    }

    #[test]
    fn values_of_the_command_line_the_folder_and_the_user_replace_each_other_in_this_order() {
        let (_folder, configuration) = configuration(
            "[query]\nlimit = 5\nfacets = [\"year\"]\n",
            "[query]\nlimit = 7\nwidth = 80\nstrict = true\n[show]\ncontext = 3\n",
        );
        for (arguments, expected) in [
            ("query port", (5, 80, true, 1)),
            ("query port --limit 9 --width 50", (9, 50, true, 1)),
            ("query port --facets=year,lang", (5, 80, true, 2)),
        ] {
            let Command::Query(args) = parse(&configuration, arguments) else { panic!("a query") };
            let output = &args.output;
            let found = (args.limit, output.width, args.strict, output.facets.len());
            assert_eq!(found, expected, "{arguments}");
        }
        let Command::Show(args) = parse(&configuration, "show a#1") else { panic!("show") };
        assert_eq!(args.context_passages, 3);
        let Command::Show(args) = parse(&configuration, "show a#1 --similar 2") else {
            panic!("show")
        };
        assert_eq!(
            (args.context_passages, args.similar),
            (1, Some(2)),
            "--similar excludes --context"
        );
    }

    #[test]
    fn configured_options_that_exclude_a_given_option_are_left_out() {
        let (_folder, configuration) =
            configuration("[query]\ngroup = \"release\"\n", "[query]\ncollapse = \"near\"\n");
        for (arguments, group, collapse) in [
            ("query port", Some(GroupArg::Release), None),
            ("query port --collapse document", None, Some(Collapse::Document)),
        ] {
            let Command::Query(args) = parse(&configuration, arguments) else { panic!("a query") };
            let is_document = args.collapse == Some(crate::cli::args::CollapseArg::Document);
            assert_eq!((args.group, is_document), (group, collapse.is_some()), "{arguments}");
        }
    }

    #[test]
    fn invalid_values_are_refused_with_their_line() {
        for (text, expected) in [
            ("[query]\nlimit = \"x\"\n", "c.toml:2: invalid value 'x' for '--limit <N>'"),
            ("[query]\ngroup = \"releas\"\n", "a similar value exists: 'release'"),
            ("[query]\n\nstrict = 3\n", "c.toml:3: strict is true or false"),
            ("[query]\nlimit = [1, 2]\n", "c.toml:2: limit takes one value"),
            ("[query]\nfacets = [\"title\"]\n", "there is no facet title"),
            ("[query]\nsort = \"amount:up\"\n", "there is no order amount:up"),
            ("[query]\ncollapse = \"near\"\ngroup = \"none\"\n", "exclude each other: omit one"),
            ("[index\n", "c.toml:1: TOML: "),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("c.toml");
            fs::write(&path, text).unwrap();
            let error = Configuration::read(Path::new("index"), Some(&path), None).unwrap_err();
            assert!(error.to_string().contains(expected), "{text}: {error}");
        }
    }

    #[test]
    fn only_a_configuration_file_named_by_an_option_must_exist() {
        let folder = tempfile::tempdir().unwrap();
        let (dir, missing) = (folder.path().join("index"), folder.path().join("missing.toml"));
        assert!(Configuration::read(&dir, Some(&missing), None).is_err());
        let configuration = Configuration::read(&dir, None, Some(missing)).unwrap();
        assert!(configuration.settings.is_empty());
        assert_eq!(configuration.to_toml().matches("(not there)").count(), 2);
    }

    #[test]
    fn settings_are_listed_in_toml_with_their_origin() {
        let (folder, configuration) = configuration(
            "[query]\nlimit = 5 # few\n[index.meta]\n\"desk 1\" = \"trade\"\n",
            "[query]\nlimit = 7\nfacets = [\n  \"year\",\n]\n",
        );
        let toml = configuration.to_toml();
        let listed = toml.replace(&format!("{}/", folder.path().display()), "");
        assert_eq!(
            listed,
            "# gz-search.toml (read)\n# user.toml (read)\n\n[index]\n# gz-search.toml:4\n\
             meta.\"desk 1\" = \"trade\"\n\n[query]\n# user.toml:3\nfacets = [\n  \"year\",\n]\n\
             # gz-search.toml:2\nlimit = 5\n"
        );
        assert!(read_settings(Path::new("again.toml"), &toml).is_ok());
    }
}
