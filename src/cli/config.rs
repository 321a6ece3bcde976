//! Arguments and `gz-search.toml` → what an update reads and what is known of it. An argument holds
//! against the file, and lists are not joined.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use super::args;
use crate::{
    document::{Date, MetadataOverrides, ParseDateError},
    error::{Error, Result},
    index::{FileFilter, UpdateOptions},
};

/// The file beside the index.
const NAME: &str = "gz-search.toml";
/// The folder of releases that a fresh checkout has.
const SEEDS: &str = "seeds";
/// Fields that have an option of their own, or are read and not given.
const FIELDS: [&str; 7] = ["title", "date", "issuer", "lang", "url", "number", "id"];

/// What the file may hold.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    #[serde(default)]
    index: Index,
}

/// Options of `gz-search index`, by their names.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Index {
    /// Folders and files, from the folder of this file.
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
    /// Keys by the field they are for.
    map: BTreeMap<String, String>,
}

/// What is read, and how.
pub(super) struct Intake {
    pub(super) roots: Vec<PathBuf>,
    pub(super) options: UpdateOptions,
}

/// What the arguments and the file `named`, or else the one beside the index in `dir`, ask for.
pub(super) fn intake(
    dir: &Path,
    named: Option<&Path>,
    paths: &[PathBuf],
    files: &args::Files,
    given: &args::Given,
) -> Result<Intake> {
    let path = named.map_or_else(|| beside(dir), Path::to_owned);
    let file = read(&path, named.is_some())?.index;
    let folder = path.parent().unwrap_or(Path::new(""));
    let roots = match (paths, file.paths.as_slice()) {
        ([], []) => vec![PathBuf::from(SEEDS)],
        ([], listed) => listed.iter().map(|path| folder.join(path)).collect(),
        (paths, _) => paths.to_vec(),
    };
    let list = |own: &[String], file: Vec<String>| if own.is_empty() { file } else { own.to_vec() };
    let mut options = UpdateOptions::default();
    options.filter.include = list(&files.include, file.include);
    options.filter.exclude = list(&files.exclude, file.exclude);
    options.filter.gitignore = files.gitignore || file.gitignore;
    options.filter.follow = files.follow || file.follow;
    // Of two keys for one field the first counts.
    for (field, key) in files.map.iter().cloned().chain(file.map) {
        options.mapping.add(&field, &key)?;
    }
    let text = |own: &Option<String>, file: Option<String>| own.clone().or(file);
    let date = text(&given.date, file.date);
    let mut known = MetadataOverrides {
        issuer: filled("issuer", text(&given.issuer, file.issuer))?,
        date: filled("date", date)?.map(|date| day(&date)).transpose()?,
        lang: filled("lang", text(&given.lang, file.lang))?,
        url: filled("url", text(&given.url, file.url))?,
        metadata: file.meta,
    };
    known.metadata.extend(given.meta.iter().cloned());
    if let Some(field) = known.metadata.keys().find(|key| FIELDS.contains(&key.as_str())) {
        return Err(Error::invalid(
            "meta",
            format!(
                "{field} is a field and no metadata: issuer, date, lang and url have options of their own"
            ),
        ));
    }
    options.overrides = known;
    Ok(Intake { roots, options })
}

/// Returns the filter that the file beside the index in `dir` sets for `gz-search index`.
pub(super) fn file_filter(dir: &Path) -> Result<FileFilter> {
    let Index { include, exclude, gitignore, follow, .. } = read(&beside(dir), false)?.index;
    let mut filter = FileFilter::default();
    (filter.include, filter.exclude) = (include, exclude);
    (filter.gitignore, filter.follow) = (gitignore, follow);
    Ok(filter)
}

fn beside(dir: &Path) -> PathBuf {
    dir.parent().unwrap_or(Path::new("")).join(NAME)
}

/// The file at `path`. That it is not there is an error only where it was named.
fn read(path: &Path, named: bool) -> Result<Config> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound && !named => {
            return Ok(Config::default());
        }
        Err(source) => return Err(Error::io("read", path)(source)),
    };
    toml::from_str(&text).map_err(|error| {
        Error::invalid("config", format!("{}: {}", path.display(), error.to_string().trim()))
    })
}

fn filled(name: &str, value: Option<String>) -> Result<Option<String>> {
    match value {
        Some(value) if value.trim().is_empty() => Err(Error::invalid(
            name.to_owned(),
            format!("{name} is empty: leave it out or give a text"),
        )),
        value => Ok(value.map(|value| value.trim().to_owned())),
    }
}

fn day(text: &str) -> Result<Date> {
    text.parse().map_err(|error: ParseDateError| Error::invalid("date", error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NO_FILES: args::Files = args::Files {
        include: vec![],
        exclude: vec![],
        gitignore: false,
        follow: false,
        map: vec![],
    };

    fn given() -> args::Given {
        args::Given { issuer: None, date: None, lang: None, url: None, meta: vec![] }
    }

    #[test]
    fn arguments_hold_against_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("index");
        fs::write(
            folder.path().join(NAME),
            "[index]\npaths = [\"a\"]\ninclude = [\"*.md\"]\nfollow = true\nissuer = \"One\"\n\
             lang = \"en\"\n[index.meta]\ndesk = \"trade\"\nregion = \"south\"\n",
        )
        .unwrap();
        let read = intake(&dir, None, &[], &NO_FILES, &given()).unwrap();
        assert_eq!(read.roots, [folder.path().join("a")]);
        let MetadataOverrides { issuer, lang, metadata, .. } = read.options.overrides;
        assert_eq!((issuer.as_deref(), lang.as_deref()), (Some("One"), Some("en")));
        assert_eq!((read.options.filter.include, metadata.len()), (vec!["*.md".to_owned()], 2));
        let files = args::Files { include: vec!["*.txt".to_owned()], ..NO_FILES };
        let own = args::Given {
            issuer: Some("Two".to_owned()),
            meta: vec![("desk".to_owned(), "rail".to_owned())],
            ..given()
        };
        let read = intake(&dir, None, &["b".into()], &files, &own).unwrap();
        assert_eq!(read.roots, [PathBuf::from("b")]);
        let selection = read.options.filter;
        assert!(selection.follow && selection.include == ["*.txt"]);
        let MetadataOverrides { issuer, metadata, .. } = read.options.overrides;
        assert_eq!((issuer.as_deref(), metadata["desk"].as_str()), (Some("Two"), "rail"));
        assert_eq!(metadata["region"], "south");
    }

    #[test]
    fn what_is_wrong_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("named.toml");
        let dir = folder.path().join("index");
        for (text, says) in [
            ("[index]\ninclud = []\n", "unknown field `includ`"),
            ("[index]\ndate = \"soon\"\n", "\"soon\" is not a date"),
            ("[index]\nissuer = \" \"\n", "issuer is empty"),
            ("[index.meta]\ntitle = \"x\"\n", "title is a field"),
            ("[index.map]\nstory = \"x\"\n", "there is no field story"),
            ("[index\n", "named.toml: TOML parse error at line 1"),
        ] {
            fs::write(&path, text).unwrap();
            let error = intake(&dir, Some(&path), &[], &NO_FILES, &given()).err().unwrap();
            assert!(error.to_string().contains(says), "{text}: {error}");
        }
        let missing = folder.path().join("missing.toml");
        assert!(intake(&dir, Some(&missing), &[], &NO_FILES, &given()).is_err());
        let plain = intake(&dir, None, &[], &NO_FILES, &given()).unwrap();
        assert_eq!((plain.roots, plain.options), (vec![SEEDS.into()], UpdateOptions::default()));
    }
}
