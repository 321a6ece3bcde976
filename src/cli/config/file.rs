//! Reads one configuration file: TOML with sections, keys and values, each with its line for messages.

use std::{ops::Range, path::Path};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::{
    cli::args::{CONFIGURATION_SECTIONS, KEY_VALUE_OPTIONS, PATH_OPTIONS, Section},
    error::{Error, Result},
};

/// Value of an option in a configuration file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Setting {
    /// Name of the command to which the option belongs.
    pub(super) section: &'static str,
    /// Name of the option, without hyphens in front.
    pub(super) option: &'static str,
    /// `KEY` of an option of the form `KEY=VALUE`; `None` for any other option.
    pub(super) pair_key: Option<String>,
    /// Values of the option in the form of the command line.
    pub(super) values: Vec<String>,
    /// Value as the file states it.
    pub(super) source_text: String,
    /// File and line of the value, as in `gz-search.toml:3`.
    pub(super) location: String,
}

impl Setting {
    /// Returns the error that this value is not allowed.
    pub(super) fn error(&self, reason: &str) -> Error {
        error(&self.location, reason)
    }

    /// Returns whether both settings are values of the same option, or of the same key of a `KEY=VALUE` option.
    pub(super) fn sets_same_option(&self, other: &Self) -> bool {
        (self.section, self.option, &self.pair_key)
            == (other.section, other.option, &other.pair_key)
    }
}

fn error(location: &str, reason: &str) -> Error {
    Error::invalid("config", format!("{location}: {reason}"))
}

/// Returns the values in the configuration file at `path`, whose content is `text`.
///
/// # Errors
///
/// [`Error::InvalidArgument`] for malformed TOML, and for an unknown section or option.
pub(super) fn read_settings(path: &Path, text: &str) -> Result<Vec<Setting>> {
    let file = ConfigurationFile { path, text };
    let table = DeTable::parse(text).map_err(|error| {
        file.error(error.span().unwrap_or_default(), &format!("TOML: {}", error.message().trim()))
    })?;
    let mut settings = Vec::new();
    for (name, value) in table.get_ref() {
        let section = CONFIGURATION_SECTIONS.iter().find(|section| section.name == *name.get_ref());
        let section = section.ok_or_else(|| {
            let hint = closest_name_phrase(
                name.get_ref(),
                CONFIGURATION_SECTIONS.iter().map(|section| section.name),
            );
            file.error(name.span(), &format!("there is no section [{}]{hint}", name.get_ref()))
        })?;
        let DeValue::Table(entries) = value.get_ref() else {
            let reason = format!("{0} is a section: write [{0}]", section.name);
            return Err(file.error(name.span(), &reason));
        };
        for (key, value) in entries {
            file.push_settings(section, key, value, &mut settings)?;
        }
    }
    Ok(settings)
}

/// Configuration file that is read.
struct ConfigurationFile<'a> {
    path: &'a Path,
    text: &'a str,
}

impl ConfigurationFile<'_> {
    /// Pushes the values of one key of a section.
    fn push_settings(
        &self,
        section: &'static Section,
        key: &Spanned<impl AsRef<str>>,
        value: &Spanned<DeValue<'_>>,
        settings: &mut Vec<Setting>,
    ) -> Result<()> {
        let name = key.get_ref().as_ref();
        let option = section.options.iter().find(|option| **option == name).ok_or_else(|| {
            let hint = closest_name_phrase(name, section.options.iter().copied());
            self.error(key.span(), &format!("[{}] has no option {name}{hint}", section.name))
        })?;
        let mut push = |pair_key: Option<&str>, values: Vec<String>, span: Range<usize>| {
            settings.push(Setting {
                section: section.name,
                option,
                pair_key: pair_key.map(str::to_owned),
                values,
                source_text: self.text.get(span.clone()).unwrap_or_default().to_owned(),
                location: self.location(span),
            });
        };
        match value.get_ref() {
            DeValue::Table(pairs) if KEY_VALUE_OPTIONS.contains(option) => {
                for (pair_key, value) in pairs {
                    let text = self.option_value_text(option, value)?;
                    push(Some(pair_key.get_ref()), vec![text], value.span());
                }
            }
            _ if KEY_VALUE_OPTIONS.contains(option) => {
                let reason = format!("{option} is a table: write [{}.{option}]", section.name);
                return Err(self.error(key.span(), &reason));
            }
            DeValue::Array(items) => {
                let texts = items.iter().map(|item| self.option_value_text(option, item));
                push(None, texts.collect::<Result<_>>()?, value.span());
            }
            _ => push(None, vec![self.option_value_text(option, value)?], value.span()),
        }
        Ok(())
    }

    /// Returns the text of a value that is neither a list nor a table. A path is relative to the folder of the file.
    fn option_value_text(&self, option: &str, value: &Spanned<DeValue<'_>>) -> Result<String> {
        let text = match value.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Integer(number) => number.to_string(),
            DeValue::Float(number) => number.to_string(),
            DeValue::Boolean(flag) => flag.to_string(),
            DeValue::Datetime(date) => date.to_string(),
            DeValue::Array(_) | DeValue::Table(_) => {
                return Err(self.error(value.span(), &format!("{option} takes plain values")));
            }
        };
        if !PATH_OPTIONS.contains(&option) {
            return Ok(text);
        }
        let folder = self.path.parent().unwrap_or(Path::new(""));
        let path = folder.join(&text).into_os_string().into_string();
        path.map_err(|_| self.error(value.span(), "the path of this file is not valid Unicode"))
    }

    fn error(&self, span: Range<usize>, reason: &str) -> Error {
        error(&self.location(span), reason)
    }

    /// Returns the path of the file with the line at which `span` begins.
    fn location(&self, span: Range<usize>) -> String {
        let line = 1 + self.text.get(..span.start).unwrap_or_default().matches('\n').count();
        format!("{}:{line}", self.path.display())
    }
}

/// Returns the end of an error message about the unknown name `name`: a question whether the most similar of `names`
/// was meant. If none is similar, returns the list of all names.
fn closest_name_phrase(name: &str, names: impl Iterator<Item = &'static str> + Clone) -> String {
    /// Lowest Jaro similarity of a name that may have been meant; clap uses the same threshold for options.
    const MIN_SUGGESTED_NAME_SIMILARITY: f64 = 0.7;

    let similarity = |candidate: &&str| strsim::jaro(name, candidate);
    let similar_names =
        names.clone().filter(|candidate| similarity(candidate) > MIN_SUGGESTED_NAME_SIMILARITY);
    match similar_names.max_by(|a, b| similarity(a).total_cmp(&similarity(b))) {
        Some(similar) => format!(": did you mean {similar}?"),
        None => format!(", only {}", names.collect::<Vec<_>>().join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_a_file_have_the_form_of_the_command_line() {
        let text = "[query]\nlimit = 3\ntimeout = 0.5\nfacets = [\"issuer\", \"year\"]\nstrict = true\n\
            [index]\npaths = [\"a\", \"/b\"]\ndate = 2026-01-02\n[index.meta]\ndesk = \"trade\"\n";
        let settings = read_settings(Path::new("folder/c.toml"), text).unwrap();
        let rows: Vec<String> = settings
            .iter()
            .map(|setting| {
                let Setting { section, option, pair_key, values, location, .. } = setting;
                let pair_key = pair_key.as_deref().unwrap_or("-");
                format!("{location} {section} {option} {pair_key} {}", values.join(","))
            })
            .collect();
        assert_eq!(
            rows,
            [
                "folder/c.toml:8 index date - 2026-01-02",
                "folder/c.toml:10 index meta desk trade",
                "folder/c.toml:7 index paths - folder/a,/b",
                "folder/c.toml:4 query facets - issuer,year",
                "folder/c.toml:2 query limit - 3",
                "folder/c.toml:5 query strict - true",
                "folder/c.toml:3 query timeout - 0.5",
            ]
        );
        assert_eq!(settings[3].source_text, "[\"issuer\", \"year\"]");
    }

    #[test]
    fn errors_name_the_line_and_the_closest_name() {
        for (text, expected) in [
            (
                "[index]\n\ninclud = []\n",
                "c.toml:3: [index] has no option includ: did you mean include?",
            ),
            (
                "[serve]\nper_client = 3",
                "c.toml:2: [serve] has no option per_client: did you mean per-client?",
            ),
            ("[watch]\nxyz = 3\n", "c.toml:2: [watch] has no option xyz, only poll"),
            ("\n[qurey]\n", "c.toml:2: there is no section [qurey]: did you mean query?"),
            ("query = 3\n", "c.toml:1: query is a section: write [query]"),
            ("[index]\nmeta = 3\n", "c.toml:2: meta is a table: write [index.meta]"),
            ("[query]\nlimit = [[3]]\n", "c.toml:2: limit takes plain values"),
            ("[query]\n\n[index\n", "c.toml:3: TOML: "),
            ("[query]\nlimit = 1\nlimit = 2\n", "c.toml:3: TOML: duplicate key"),
        ] {
            let error = read_settings(Path::new("c.toml"), text).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{text}: {error}");
        }
    }
}
