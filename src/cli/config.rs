//! Combines the options of an update from the arguments and from the file `gz-search.toml`. An argument replaces the
//! value in the file; an argument with several values replaces the whole list. Only `--meta` and `--map` add to the
//! values in the file.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use super::args::{FileArgs, OverrideArgs};
use crate::{
    document::{Date, MetadataOverrides, ParseDateError},
    error::{Error, Result},
    index::{FileFilter, UpdateOptions},
};

/// Folder of the press releases that come with the program.
pub(super) const SEEDS_DIR: &str = "seeds";
/// Name of the configuration file, in the parent folder of the index.
const CONFIG_FILE_NAME: &str = "gz-search.toml";
/// Names of fields that `--meta` does not allow, since each of them has an option of its own or is always read from
/// the document.
const RESERVED_FIELDS: [&str; 7] = ["title", "date", "issuer", "lang", "url", "number", "id"];

/// Content of the configuration file.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConfigFile {
    #[serde(default)]
    index: IndexSection,
}

/// Section `[index]` of the configuration file: options of `gz-search index` by name.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct IndexSection {
    /// Folders and files to index, relative to the folder of the configuration file.
    paths: Vec<PathBuf>,
    include: Vec<String>,
    exclude: Vec<String>,
    gitignore: bool,
    follow: bool,
    issuer: Option<String>,
    date: Option<String>,
    lang: Option<String>,
    url: Option<String>,
    meta: BTreeMap<String, String>,
    /// Keys of JSON objects, by the name of the field that each key fills.
    map: BTreeMap<String, String>,
}

/// Files and folders to index, and the options of the update.
pub(super) struct UpdatePlan {
    pub(super) roots: Vec<PathBuf>,
    pub(super) options: UpdateOptions,
}

/// Combines the arguments with the configuration file `config`. If `config` is `None`, uses the configuration file next
/// to the index in `dir`.
///
/// # Errors
///
/// [`Error::Io`] if the configuration file cannot be read. A missing file is an error if `config` names the file, and
/// is ignored otherwise. [`Error::InvalidArgument`] for a malformed file or value.
pub(super) fn update_plan(
    dir: &Path,
    config: Option<&Path>,
    paths: &[PathBuf],
    files: &FileArgs,
    overrides: &OverrideArgs,
) -> Result<UpdatePlan> {
    let config_path = config.map_or_else(|| default_config_path(dir), Path::to_owned);
    let section = read_config(&config_path, config.is_some())?.index;
    let config_folder = config_path.parent().unwrap_or(Path::new(""));
    let roots = match (paths, section.paths.as_slice()) {
        ([], []) => vec![PathBuf::from(SEEDS_DIR)],
        ([], listed) => listed.iter().map(|path| config_folder.join(path)).collect(),
        (paths, _) => paths.to_vec(),
    };
    let list_or_default = |argument: &[String], file: Vec<String>| {
        if argument.is_empty() { file } else { argument.to_vec() }
    };
    let mut options = UpdateOptions::default();
    options.filter.include = list_or_default(&files.include, section.include);
    options.filter.exclude = list_or_default(&files.exclude, section.exclude);
    options.filter.gitignore = files.gitignore || section.gitignore;
    options.filter.follow = files.follow || section.follow;
    // If several keys fill one field, the first key takes precedence, so the keys of the arguments come first.
    for (field, key) in files.map.iter().cloned().chain(section.map) {
        options.mapping.add(&field, &key)?;
    }
    let text_or_default =
        |argument: &Option<String>, file: Option<String>| argument.clone().or(file);
    let date = trim_non_blank("date", text_or_default(&overrides.date, section.date))?;
    let mut metadata = MetadataOverrides {
        issuer: trim_non_blank("issuer", text_or_default(&overrides.issuer, section.issuer))?,
        date: date.map(|date| parse_date(&date)).transpose()?,
        lang: trim_non_blank("lang", text_or_default(&overrides.lang, section.lang))?,
        url: trim_non_blank("url", text_or_default(&overrides.url, section.url))?,
        metadata: section.meta,
    };
    metadata.metadata.extend(overrides.meta.iter().cloned());
    if let Some(field) =
        metadata.metadata.keys().find(|key| RESERVED_FIELDS.contains(&key.as_str()))
    {
        return Err(Error::invalid(
            "meta",
            format!(
                "{field} is a field, not metadata: issuer, date, lang and url have options of their own"
            ),
        ));
    }
    options.overrides = metadata;
    Ok(UpdatePlan { roots, options })
}

/// Returns the file filter from the configuration file next to the index in `dir`.
pub(super) fn file_filter(dir: &Path) -> Result<FileFilter> {
    let IndexSection { include, exclude, gitignore, follow, .. } =
        read_config(&default_config_path(dir), false)?.index;
    Ok(FileFilter { include, exclude, gitignore, follow })
}

fn default_config_path(dir: &Path) -> PathBuf {
    dir.parent().unwrap_or(Path::new("")).join(CONFIG_FILE_NAME)
}

/// Reads the configuration file. A missing file is an error if `is_required` is true, and counts as an empty file
/// otherwise.
fn read_config(path: &Path, is_required: bool) -> Result<ConfigFile> {
    let config_text = match fs::read_to_string(path) {
        Ok(config_text) => config_text,
        Err(error) if error.kind() == io::ErrorKind::NotFound && !is_required => {
            return Ok(ConfigFile::default());
        }
        Err(source) => return Err(Error::io("read", path)(source)),
    };
    toml::from_str(&config_text).map_err(|error| {
        Error::invalid("config", format!("{}: {}", path.display(), error.to_string().trim()))
    })
}

/// Trims the value of the option `name`.
///
/// # Errors
///
/// [`Error::InvalidArgument`] for a blank value.
fn trim_non_blank(name: &'static str, value: Option<String>) -> Result<Option<String>> {
    match value {
        Some(value) if value.trim().is_empty() => {
            Err(Error::invalid(name, format!("{name} is empty: omit it or give a text")))
        }
        value => Ok(value.map(|value| value.trim().to_owned())),
    }
}

fn parse_date(text: &str) -> Result<Date> {
    text.parse().map_err(|error: ParseDateError| Error::invalid("date", error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NO_FILES: FileArgs =
        FileArgs { include: vec![], exclude: vec![], gitignore: false, follow: false, map: vec![] };

    fn no_overrides() -> OverrideArgs {
        OverrideArgs { issuer: None, date: None, lang: None, url: None, meta: vec![] }
    }

    #[test]
    fn arguments_replace_values_of_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("index");
        fs::write(
            folder.path().join(CONFIG_FILE_NAME),
            "[index]\npaths = [\"a\"]\ninclude = [\"*.md\"]\nfollow = true\nissuer = \"One\"\n\
             lang = \"en\"\n[index.meta]\ndesk = \"trade\"\nregion = \"south\"\n",
        )
        .unwrap();
        let plan = update_plan(&dir, None, &[], &NO_FILES, &no_overrides()).unwrap();
        assert_eq!(plan.roots, [folder.path().join("a")]);
        let MetadataOverrides { issuer, lang, metadata, .. } = plan.options.overrides;
        assert_eq!((issuer.as_deref(), lang.as_deref()), (Some("One"), Some("en")));
        assert_eq!((plan.options.filter.include, metadata.len()), (vec!["*.md".to_owned()], 2));
        let files = FileArgs { include: vec!["*.txt".to_owned()], ..NO_FILES };
        let argument_overrides = OverrideArgs {
            issuer: Some("Two".to_owned()),
            meta: vec![("desk".to_owned(), "rail".to_owned())],
            ..no_overrides()
        };
        let plan = update_plan(&dir, None, &["b".into()], &files, &argument_overrides).unwrap();
        assert_eq!(plan.roots, [PathBuf::from("b")]);
        let filter = plan.options.filter;
        assert!(filter.follow && filter.include == ["*.txt"]);
        let MetadataOverrides { issuer, metadata, .. } = plan.options.overrides;
        assert_eq!((issuer.as_deref(), metadata["desk"].as_str()), (Some("Two"), "rail"));
        assert_eq!(metadata["region"], "south");
    }

    #[test]
    fn invalid_values_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("named.toml");
        let dir = folder.path().join("index");
        for (text, expected) in [
            ("[index]\ninclud = []\n", "unknown field `includ`"),
            ("[index]\ndate = \"soon\"\n", "\"soon\" is not a date"),
            ("[index]\nissuer = \" \"\n", "issuer is empty"),
            ("[index.meta]\ntitle = \"x\"\n", "title is a field"),
            ("[index.map]\nstory = \"x\"\n", "there is no field story"),
            ("[index\n", "named.toml: TOML parse error at line 1"),
        ] {
            fs::write(&path, text).unwrap();
            let error =
                update_plan(&dir, Some(&path), &[], &NO_FILES, &no_overrides()).err().unwrap();
            assert!(error.to_string().contains(expected), "{text}: {error}");
        }
        let missing_path = folder.path().join("missing.toml");
        assert!(update_plan(&dir, Some(&missing_path), &[], &NO_FILES, &no_overrides()).is_err());
        let default_plan = update_plan(&dir, None, &[], &NO_FILES, &no_overrides()).unwrap();
        assert_eq!(
            (default_plan.roots, default_plan.options),
            (vec![SEEDS_DIR.into()], UpdateOptions::default())
        );
    }
}
