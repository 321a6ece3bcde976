//! Makes the values of configuration files the defaults of command-line options.

use clap::{
    Arg, ArgAction, Command, Id,
    error::ErrorKind,
    parser::{ArgMatches, ValueSource},
};

use super::file::Setting;
use crate::{cli::args::KEY_VALUE_OPTIONS, error::Result};

/// Makes the values of `settings` the defaults of the options of the subcommand `command`. `settings` begins with the
/// highest precedence. Skips an option that has a value already, or that conflicts with an option that has a value.
pub(super) fn set_option_defaults(
    mut command: Command,
    settings: &[Setting],
    matches: &ArgMatches,
) -> Command {
    let is_given = |id: &&Id| {
        let source = matches.value_source(id.as_str());
        matches!(source, Some(ValueSource::CommandLine | ValueSource::EnvVariable))
    };
    let mut options_with_value: Vec<Id> = matches.ids().filter(is_given).cloned().collect();
    let is_pair = |setting: &&Setting| KEY_VALUE_OPTIONS.contains(&setting.option);
    for setting in settings.iter().filter(|setting| !is_pair(setting)) {
        if !section_applies_to_command(&command, setting.section) {
            continue;
        }
        let Some(option) = find_option(&command, setting.option) else { continue };
        let id = option.get_id().clone();
        let has_value_or_conflict = options_with_value
            .iter()
            .any(|other| *other == id || options_exclude_each_other(&command, &id, other));
        if has_value_or_conflict {
            continue;
        }
        if !setting.values.is_empty() {
            let values = setting.values.clone();
            command = command.mut_arg(&id, |option| option.default_values(values));
        }
        options_with_value.push(id);
    }
    command
}

/// Returns whether the options of a section apply to the command. The section `index` also applies to the command
/// `watch`, which reads the same files.
fn section_applies_to_command(command: &Command, section: &str) -> bool {
    command.get_name() == section || (command.get_name(), section) == ("watch", "index")
}

/// Returns the option or positional argument of `command` with the name `name`.
fn find_option<'a>(command: &'a Command, name: &str) -> Option<&'a Arg> {
    command.get_arguments().find(|option| {
        option.get_long() == Some(name) || option.is_positional() && option.get_id() == name
    })
}

/// Returns whether two options of the command exclude each other.
fn options_exclude_each_other(command: &Command, first: &Id, second: &Id) -> bool {
    let excludes = |option: &Id, other: &Id| {
        let arg = command.get_arguments().find(|arg| arg.get_id() == option);
        let conflicts = arg.map(|arg| command.get_arg_conflicts_with(arg)).unwrap_or_default();
        conflicts.iter().any(|arg| arg.get_id() == other)
    };
    excludes(first, second) || excludes(second, first)
}

/// Checks the values of one file as if they stood on the command line.
///
/// # Errors
///
/// [`Error::InvalidArgument`](crate::Error::InvalidArgument) for a value that its option does not accept, and for two
/// options that exclude each other.
pub(super) fn check_settings(settings: &[Setting], command: &Command) -> Result<()> {
    for (index, setting) in settings.iter().enumerate() {
        let subcommand = command.find_subcommand(setting.section);
        let option = subcommand.and_then(|command| find_option(command, setting.option));
        let (Some(subcommand), Some(option)) = (subcommand, option) else {
            return Err(setting.error("this build of the program does not have this option"));
        };
        check_setting_value(setting, subcommand, option)?;
        for other in settings.iter().take(index).filter(|other| other.section == setting.section) {
            let other_option = find_option(subcommand, other.option);
            if other_option.is_some_and(|other| {
                options_exclude_each_other(subcommand, option.get_id(), other.get_id())
            }) {
                let reason =
                    format!("{} and {} exclude each other: omit one", setting.option, other.option);
                return Err(setting.error(&reason));
            }
        }
    }
    Ok(())
}

/// Checks the number and the form of the values of one option.
fn check_setting_value(setting: &Setting, command: &Command, option: &Arg) -> Result<()> {
    let Setting { option: name, values, .. } = setting;
    if option.is_positional() || setting.pair_key.is_some() {
        return Ok(());
    }
    if matches!(option.get_action(), ArgAction::SetTrue) {
        let is_flag = matches!(values.as_slice(), [value] if value == "true" || value == "false");
        let reason = || setting.error(&format!("{name} is true or false"));
        return if is_flag { Ok(()) } else { Err(reason()) };
    }
    if !matches!(option.get_action(), ArgAction::Append) && values.len() != 1 {
        return Err(setting.error(&format!("{name} takes one value")));
    }
    let arguments = values.iter().map(|value| format!("--{name}={value}"));
    let arguments = std::iter::once(command.get_name().to_owned()).chain(arguments);
    match command.clone().try_get_matches_from(arguments) {
        Err(error)
            if matches!(error.kind(), ErrorKind::InvalidValue | ErrorKind::ValueValidation) =>
        {
            Err(setting.error(&one_line_clap_message(&error)))
        }
        // Required arguments are missing, because only this option is tried.
        _ => Ok(()),
    }
}

/// Returns the message of clap on one line, without the advice to read the help.
fn one_line_clap_message(error: &clap::Error) -> String {
    let text = error.to_string();
    let text = text.strip_prefix("error: ").unwrap_or(&text);
    let message = text.split("\n\nFor more information").next().unwrap_or(text);
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}
