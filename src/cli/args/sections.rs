//! Options that a configuration file may set, by the section of the file.

/// Section of a configuration file: the name of a command, and the options of this command that the file may set.
/// Options that make sense for one run only, such as `--rebuild`, are left out.
#[derive(Debug)]
pub(in crate::cli) struct Section {
    pub(in crate::cli) name: &'static str,
    /// Names of the options, without hyphens in front. The list also contains the positional argument `paths`.
    pub(in crate::cli) options: &'static [&'static str],
}

pub(in crate::cli) const CONFIGURATION_SECTIONS: [Section; 8] = [
    Section {
        name: "index",
        options: &[
            "paths",
            "include",
            "exclude",
            "gitignore",
            "follow",
            "issuer",
            "date",
            "lang",
            "url",
            "meta",
            "map",
            "field",
            "ocr",
            "ocr-lang",
            "chinese",
            "memory",
            "wait",
        ],
    },
    Section { name: "watch", options: &["poll"] },
    Section {
        name: "query",
        options: &[
            "limit",
            "group",
            "collapse",
            "sort",
            "strict",
            "no-synonyms",
            "timeout",
            "format",
            "facets",
            "facet-limit",
            "cite",
            "context",
            "explain",
            "fragments",
            "width",
            "offsets",
            "color",
        ],
    },
    Section { name: "show", options: &["context", "color"] },
    Section { name: "resolve", options: &["color"] },
    Section { name: "facts", options: &["limit", "timeout", "format"] },
    Section { name: "suggest", options: &["limit", "format"] },
    Section {
        name: "serve",
        options: &[
            "listen",
            "open",
            "watch",
            "poll",
            "public",
            "host",
            "cors",
            "searches",
            "per-client",
            "connections",
            "per-address",
            "timeout",
            "max-body",
            "log",
        ],
    },
];

/// Options and arguments whose values are paths. In a configuration file, the paths are relative to the folder of the
/// file.
pub(in crate::cli) const PATH_OPTIONS: [&str; 2] = ["paths", "watch"];

/// Options of the form `KEY=VALUE` or `NAME:TYPE`. In a configuration file, such an option is a table. The values of
/// the command line are added to the values of the file.
pub(in crate::cli) const KEY_VALUE_OPTIONS: [&str; 3] = ["meta", "map", "field"];

/// Returns the list of sections and options, for the help of the command `config`.
pub(super) fn configuration_sections_help() -> String {
    let mut help = "Sections and options:\n".to_owned();
    for section in &CONFIGURATION_SECTIONS {
        help.extend(["  [", section.name, "]  ", &section.options.join(", "), "\n"]);
    }
    help
}

#[cfg(all(test, feature = "server", feature = "watch"))]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::cli::args::Cli;

    #[test]
    fn each_option_of_a_section_belongs_to_its_command() {
        let command = Cli::command();
        for section in &CONFIGURATION_SECTIONS {
            let subcommand = command.find_subcommand(section.name).unwrap();
            for option in section.options {
                let is_named = |arg: &clap::Arg| {
                    arg.get_long() == Some(option) || arg.is_positional() && arg.get_id() == option
                };
                assert!(subcommand.get_arguments().any(is_named), "{} {option}", section.name);
            }
        }
    }
}
