//! Files to read and options of an update, from the arguments and the configuration. `--meta`, `--map` and `--field`
//! add to the values of the configuration files; any other argument replaces them.

use std::path::PathBuf;

use super::Configuration;
#[cfg(feature = "pdf")]
use crate::document::Ocr;
use crate::{
    cli::args::{FileArgs, MetadataOverrideArgs},
    document::{Date, DeclaredFields, MetadataOverrides, ParseDateError},
    error::{Error, Result},
    index::{FileFilter, UpdateOptions},
};

/// Folder of the press releases that come with the program.
pub(in crate::cli) const SEED_RELEASES_DIR: &str = "seeds";
/// Names of fields that `--meta` does not allow. Each of them has an option of its own, or is always read from the
/// document.
const FIELD_NAMES_REFUSED_BY_META: [&str; 7] =
    ["title", "date", "issuer", "lang", "url", "number", "id"];

/// Files and folders to index, and the options of the update.
pub(in crate::cli) struct UpdatePlan {
    pub(in crate::cli) roots: Vec<PathBuf>,
    pub(in crate::cli) options: UpdateOptions,
}

/// Returns the plan of an update with these arguments. Values of the configuration files are in the arguments already,
/// except the pairs of `--meta`, `--map` and `--field`.
///
/// # Errors
///
/// [`Error::InvalidArgument`] for a malformed value.
pub(in crate::cli) fn update_plan(
    configuration: &Configuration,
    paths: &[PathBuf],
    files: &FileArgs,
    overrides: &MetadataOverrideArgs,
) -> Result<UpdatePlan> {
    let roots =
        if paths.is_empty() { vec![PathBuf::from(SEED_RELEASES_DIR)] } else { paths.to_vec() };
    let mut options =
        UpdateOptions { filter: file_filter_of_args(files.clone()), ..Default::default() };
    #[cfg(feature = "pdf")]
    if files.ocr {
        let mut ocr = Ocr::default();
        ocr.languages.clone_from(&files.ocr_lang);
        options.ocr = Some(ocr);
    }
    // If several keys fill one field, the first key takes precedence, so the keys of the arguments come first.
    let argument_keys = files.map.iter().map(|(field, key)| (field.as_str(), key.as_str()));
    for (field, key) in argument_keys.chain(configuration.index_key_value_pairs("map")) {
        options.mapping.add(field, key)?;
    }
    options.fields = declared_fields(configuration, &files.field)?;
    let date = trim_non_blank("date", overrides.date.as_deref())?;
    let configured_metadata = configuration.index_key_value_pairs("meta");
    let mut metadata = MetadataOverrides {
        issuer: trim_non_blank("issuer", overrides.issuer.as_deref())?,
        date: date.map(|date| parse_date(&date)).transpose()?,
        lang: trim_non_blank("lang", overrides.lang.as_deref())?,
        url: trim_non_blank("url", overrides.url.as_deref())?,
        metadata: configured_metadata.map(|(key, text)| (key.into(), text.into())).collect(),
    };
    metadata.metadata.extend(overrides.meta.iter().cloned());
    if let Some(field) =
        metadata.metadata.keys().find(|key| FIELD_NAMES_REFUSED_BY_META.contains(&key.as_str()))
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

/// Returns the declared fields of the configuration files and of the arguments. `None` if neither declares a field.
fn declared_fields(
    configuration: &Configuration,
    arguments: &[String],
) -> Result<Option<DeclaredFields>> {
    let mut fields = DeclaredFields::default();
    for (name, type_name) in configuration.index_key_value_pairs("field") {
        fields.declare_from_text(&format!("{name}:{type_name}"))?;
    }
    arguments.iter().try_for_each(|declaration| fields.declare_from_text(declaration))?;
    Ok(Some(fields).filter(|fields| !fields.is_empty()))
}

/// Returns the plan of an update of `roots` with the options of the configuration files alone.
#[cfg(all(feature = "server", feature = "watch"))]
pub(in crate::cli) fn configured_update_plan(
    configuration: &Configuration,
    roots: &[PathBuf],
) -> Result<UpdatePlan> {
    let args = configuration.configured_index_args()?;
    update_plan(configuration, roots, &args.files, &args.overrides)
}

/// Returns the file filter of the configuration files.
pub(in crate::cli) fn file_filter(configuration: &Configuration) -> Result<FileFilter> {
    Ok(file_filter_of_args(configuration.configured_index_args()?.files))
}

fn file_filter_of_args(files: FileArgs) -> FileFilter {
    let FileArgs { include, exclude, gitignore, follow, .. } = files;
    FileFilter { include, exclude, gitignore, follow }
}

/// Trims the value of the option `name`.
///
/// # Errors
///
/// [`Error::InvalidArgument`] for a blank value.
fn trim_non_blank(name: &'static str, value: Option<&str>) -> Result<Option<String>> {
    match value.map(str::trim) {
        Some("") => Err(Error::invalid(name, format!("{name} is empty: omit it or give a text"))),
        value => Ok(value.map(str::to_owned)),
    }
}

fn parse_date(text: &str) -> Result<Date> {
    text.parse().map_err(|error: ParseDateError| Error::invalid("date", error.to_string()))
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    /// Returns the folder of a configuration file with the content `text`, and the plan of `gz-search index` with this
    /// file and `arguments`.
    fn folder_and_update_plan(text: &str, arguments: &str) -> Result<(PathBuf, UpdatePlan)> {
        use clap::{CommandFactory as _, FromArgMatches as _};

        use crate::cli::args::{Cli, Command};

        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("c.toml"), text).unwrap();
        let configuration =
            Configuration::read(Path::new("index"), Some(&folder.path().join("c.toml")), None)?;
        let arguments: Vec<&str> =
            ["gz-search", "index"].into_iter().chain(arguments.split_whitespace()).collect();
        let matches = Cli::command().try_get_matches_from(&arguments).unwrap();
        let matches = configuration.command_with_defaults(&matches).get_matches_from(&arguments);
        let Command::Index(args) = Cli::from_arg_matches(&matches).unwrap().command else {
            panic!("the command index")
        };
        let plan = update_plan(&configuration, &args.paths, &args.files, &args.overrides)?;
        Ok((folder.path().to_owned(), plan))
    }

    #[test]
    fn arguments_replace_values_of_the_file() {
        let text = "[index]\npaths = [\"a\"]\ninclude = [\"*.md\"]\nfollow = true\nissuer = \"One\"\n\
             lang = \"en\"\n[index.meta]\ndesk = \"trade\"\nregion = \"south\"\n";
        let (folder, found) = folder_and_update_plan(text, "").unwrap();
        assert_eq!(found.roots, [folder.join("a")]);
        let MetadataOverrides { issuer, lang, metadata, .. } = found.options.overrides;
        assert_eq!((issuer.as_deref(), lang.as_deref()), (Some("One"), Some("en")));
        assert_eq!((found.options.filter.include, metadata.len()), (vec!["*.md".to_owned()], 2));
        let arguments = "b --include *.txt --issuer Two --meta desk=rail";
        let (_, found) = folder_and_update_plan(text, arguments).unwrap();
        assert_eq!(found.roots, [PathBuf::from("b")]);
        let filter = found.options.filter;
        assert!(filter.follow && filter.include == ["*.txt"]);
        let MetadataOverrides { issuer, metadata, .. } = found.options.overrides;
        assert_eq!((issuer.as_deref(), metadata["desk"].as_str()), (Some("Two"), "rail"));
        assert_eq!(metadata["region"], "south");
    }

    #[test]
    fn arguments_add_declared_fields_to_those_of_the_file() {
        let text = "[index.field]\ndesk = \"keyword\"\nAmount = \"number\"\n";
        for (text, arguments, expected) in [
            ("", "", None),
            ("", "--field desk:keyword", Some("desk:keyword")),
            (text, "", Some("amount:number, desk:keyword")),
            (text, "--field desk:text", Some("amount:number, desk:text")),
        ] {
            let fields = folder_and_update_plan(text, arguments).unwrap().1.options.fields;
            let fields = fields.map(|fields| fields.to_string());
            assert_eq!(fields.as_deref(), expected, "{text} {arguments}");
        }
    }

    #[test]
    fn invalid_values_are_refused() {
        for (text, expected) in [
            ("[index]\ndate = \"soon\"\n", "\"soon\" is not a date"),
            ("[index]\nissuer = \" \"\n", "issuer is empty"),
            ("[index.meta]\ntitle = \"x\"\n", "title is a field"),
            ("[index.field]\ndesk = \"words\"\n", "there is no type of a field words"),
            ("[index.field]\ntitle = \"text\"\n", "title is a field of every index"),
            ("[index.map]\nstory = \"x\"\n", "there is no field story"),
        ] {
            let error = folder_and_update_plan(text, "").err().unwrap();
            assert!(error.to_string().contains(expected), "{text}: {error}");
        }
        let (_, default_plan) = folder_and_update_plan("", "").unwrap();
        assert_eq!(
            (default_plan.roots, default_plan.options),
            (vec![SEED_RELEASES_DIR.into()], UpdateOptions::default())
        );
    }
}
