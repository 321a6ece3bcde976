//! What `index` and `watch` may be told.

use std::path::PathBuf;

use clap::{Args as Arguments, ValueEnum};

#[derive(Debug, Arguments)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub(in crate::cli) struct Index {
    /// Files and folders of text, Markdown, HTML, PDF, Word (.docx, .odt), EPUB, JSON, JSON Lines and feeds,
    /// also in .gz and .zip; `-` reads JSON Lines from standard input [default: seeds]
    #[arg(value_name = "PATH")]
    pub(in crate::cli) paths: Vec<PathBuf>,
    /// Build a new index beside the old one and replace it when it is complete
    #[arg(long)]
    pub(in crate::cli) rebuild: bool,
    /// Make a damaged index anew beside the old one: of what can be read in it, and for the rest of the files
    /// it was made from
    #[arg(long, conflicts_with_all = ["rebuild", "dry_run", "paths", "chinese"])]
    pub(in crate::cli) repair: bool,
    /// How much memory to take at most, 512 or more; files that need more are reported and not read
    #[arg(long, value_name = "MIB", default_value_t = 2048, conflicts_with = "repair")]
    pub(in crate::cli) memory: usize,
    /// Wait so long for another process that writes to the index, and give up only then
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    pub(in crate::cli) wait: u32,
    /// Tell what would be done, and write nothing
    #[arg(long)]
    pub(in crate::cli) dry_run: bool,
    /// Print what was done as one JSON object
    #[arg(long)]
    pub(in crate::cli) json: bool,
    /// Tell Chinese words apart for ranking, or use characters only
    #[arg(long, value_enum)]
    pub(in crate::cli) chinese: Option<Chinese>,
    #[cfg(feature = "cluster")]
    #[command(flatten)]
    pub(in crate::cli) layout: super::Layout,
    #[command(flatten)]
    pub(in crate::cli) files: Files,
    #[command(flatten)]
    pub(in crate::cli) given: Given,
}

#[cfg(feature = "watch")]
#[derive(Debug, Arguments)]
pub(in crate::cli) struct Watch {
    /// Files and folders, as for `index` [default: seeds]
    #[arg(value_name = "PATH")]
    pub(in crate::cli) paths: Vec<PathBuf>,
    /// Look at all files so often, for folders whose changes the system does not tell, such as network
    /// shares
    #[arg(long, value_name = "SECONDS")]
    pub(in crate::cli) poll: Option<std::num::NonZero<u32>>,
    /// Print what was done as one JSON object for each update
    #[arg(long)]
    pub(in crate::cli) json: bool,
    #[command(flatten)]
    pub(in crate::cli) files: Files,
    #[command(flatten)]
    pub(in crate::cli) given: Given,
}

/// Which files are read.
#[derive(Debug, Default, Arguments)]
#[command(next_help_heading = "Files (globs as in .gitignore: *.html, drafts/, /top/*.md)")]
pub(in crate::cli) struct Files {
    /// Read only files that match; may be repeated
    #[arg(long, value_name = "GLOB")]
    pub(in crate::cli) include: Vec<String>,
    /// Leave out files that match, as those that a file .gzsearchignore lists; may be repeated
    #[arg(long, value_name = "GLOB")]
    pub(in crate::cli) exclude: Vec<String>,
    /// Leave out what .gitignore files list as well
    #[arg(long)]
    pub(in crate::cli) gitignore: bool,
    /// Follow symbolic links
    #[arg(long)]
    pub(in crate::cli) follow: bool,
    /// In JSON take the value of KEY (details.body: of body in details) for FIELD: id, title, text, date,
    /// issuer, number, url or lang; may be repeated
    #[arg(long, value_name = "FIELD=KEY", value_parser = pair)]
    pub(in crate::cli) map: Vec<(String, String)>,
}

/// What is known of documents beforehand.
#[derive(Debug, Default, Arguments)]
#[command(next_help_heading = "Known of all documents of this run, whatever they say themselves")]
pub(in crate::cli) struct Given {
    /// The body that announced them
    #[arg(long, value_name = "TEXT")]
    pub(in crate::cli) issuer: Option<String>,
    /// The day they were published: 2025-12-17
    #[arg(long, value_name = "DATE")]
    pub(in crate::cli) date: Option<String>,
    /// Their language: en, zh-Hans, zh-Hant
    #[arg(long, value_name = "CODE")]
    pub(in crate::cli) lang: Option<String>,
    /// Their address
    #[arg(long, value_name = "URL")]
    pub(in crate::cli) url: Option<String>,
    /// Anything else; may be repeated
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    pub(in crate::cli) meta: Vec<(String, String)>,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').filter(|(key, _)| !key.trim().is_empty());
    let (key, value) = pair.ok_or("KEY=VALUE is needed, as in desk=trade")?;
    Ok((key.trim().to_owned(), value.trim().to_owned()))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Chinese {
    /// Words by dictionary
    Auto,
    /// Characters only
    Off,
}
