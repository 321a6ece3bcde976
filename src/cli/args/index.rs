//! Arguments of the commands `index` and `watch`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Returns the long help of the argument PATH, with the file formats that this build reads.
fn path_argument_help() -> String {
    format!(
        "Files and folders to index; `-` reads JSON Lines from standard input [default: seeds]\n\n\
         Formats: {}.",
        crate::document::format_list()
    )
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(in crate::cli) struct IndexArgs {
    /// Files and folders to index; `-` reads JSON Lines from standard input [default: seeds]
    #[arg(value_name = "PATH", long_help = path_argument_help())]
    pub(in crate::cli) paths: Vec<PathBuf>,
    /// Build a new index, and replace the old index when the new one is complete
    #[arg(long)]
    pub(in crate::cli) rebuild: bool,
    /// Read all files again, also those whose size and times have not changed
    #[arg(long)]
    pub(in crate::cli) reread: bool,
    /// Rebuild a damaged index: keep the readable documents, and read the others again from their source files
    #[arg(long, conflicts_with_all = ["rebuild", "dry_run", "paths", "chinese"])]
    pub(in crate::cli) repair: bool,
    /// Memory limit in MiB, at least 512; files that need more are reported and skipped
    #[arg(long, value_name = "MIB", default_value_t = 2048, conflicts_with = "repair")]
    pub(in crate::cli) memory: usize,
    /// Maximum time in seconds to wait while another process writes to the index
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    pub(in crate::cli) wait: u32,
    /// Dry run: report the changes without writing them
    #[arg(long)]
    pub(in crate::cli) dry_run: bool,
    /// Print the report as one JSON object
    #[arg(long)]
    pub(in crate::cli) json: bool,
    /// Write a table with a line for each file: kind, documents, passages, language, date, issuer, seconds, texts left
    /// out
    #[arg(long, value_name = "FILE.csv", conflicts_with = "repair")]
    pub(in crate::cli) report: Option<PathBuf>,
    /// Index nothing: list the headings and paragraphs of FILE that would be indexed, and the texts that would be left
    /// out, with the reason
    #[arg(long, value_name = "FILE", conflicts_with_all = ["rebuild", "repair", "dry_run", "paths", "report"])]
    pub(in crate::cli) explain: Option<PathBuf>,
    /// Whether to segment Chinese text into words; a change of this setting needs --rebuild
    #[arg(long, value_enum, value_name = "MODE")]
    pub(in crate::cli) chinese: Option<ChineseSegmentationArg>,
    #[command(flatten)]
    pub(in crate::cli) layout: super::ShardLayoutArgs,
    #[command(flatten)]
    pub(in crate::cli) files: FileArgs,
    #[command(flatten)]
    pub(in crate::cli) overrides: MetadataOverrideArgs,
}

#[cfg(feature = "watch")]
#[derive(Debug, Args)]
pub(in crate::cli) struct WatchArgs {
    /// Files and folders to index, as for `index` [default: seeds]
    #[arg(value_name = "PATH")]
    pub(in crate::cli) paths: Vec<PathBuf>,
    /// Scan all files at this interval in seconds, for folders without change events such as network shares
    #[arg(long, value_name = "SECONDS")]
    pub(in crate::cli) poll: Option<std::num::NonZero<u32>>,
    /// Print the report of each update as one JSON object
    #[arg(long)]
    pub(in crate::cli) json: bool,
    #[command(flatten)]
    pub(in crate::cli) files: FileArgs,
    #[command(flatten)]
    pub(in crate::cli) overrides: MetadataOverrideArgs,
}

/// Options that select the files to read.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Files (globs as in .gitignore: *.html, drafts/, /top/*.md)")]
pub(in crate::cli) struct FileArgs {
    /// Read only files that match this glob; may be repeated
    #[arg(long, value_name = "GLOB")]
    pub(in crate::cli) include: Vec<String>,
    /// Skip files that match this glob; may be repeated. A file .gzsearchignore lists globs of files to skip in its
    /// folder
    #[arg(long, value_name = "GLOB")]
    pub(in crate::cli) exclude: Vec<String>,
    /// Skip the files that .gitignore files exclude
    #[arg(long)]
    pub(in crate::cli) gitignore: bool,
    /// Follow symbolic links
    #[arg(long)]
    pub(in crate::cli) follow: bool,
    /// Recognize the text of scans: PDF pages without text layer, and pictures (.png, .jpg, .tif)
    ///
    /// Calls the programs tesseract and pdftoppm, which must be installed: apt install tesseract-ocr
    /// tesseract-ocr-chi-sim poppler-utils. A page takes some seconds. Recognized pages are kept in the folder ocr of
    /// the index, also with --rebuild, and are not recognized again.
    #[cfg(feature = "pdf")]
    #[arg(long)]
    pub(in crate::cli) ocr: bool,
    /// With --ocr: languages, joined by + [default: the installed ones of `eng+chi_sim+chi_tra`]
    #[cfg(feature = "pdf")]
    #[arg(long, value_name = "LANGUAGES")]
    pub(in crate::cli) ocr_lang: Option<String>,
    /// Read FIELD from KEY of a JSON object; may be repeated
    ///
    /// FIELD is id, title, text, date, issuer, number, url or lang. KEY may be a path: details.body is the key
    /// body in the object details.
    #[arg(long, value_name = "FIELD=KEY", value_parser = parse_key_value_pair)]
    pub(in crate::cli) map: Vec<(String, String)>,
    /// Declare a key of the metadata as a field to search, filter and sort by; may be repeated
    ///
    /// TYPE is text, keyword, number, date or bool. A later run without the option keeps the fields; a change needs
    /// --rebuild.
    #[arg(long, value_name = "NAME:TYPE")]
    pub(in crate::cli) field: Vec<String>,
}

/// Options that set metadata of all documents of a run.
#[derive(Debug, Default, Args)]
#[command(
    next_help_heading = "Metadata of all documents of this run, instead of the metadata in the documents"
)]
pub(in crate::cli) struct MetadataOverrideArgs {
    /// Issuer: the body that publishes the release
    #[arg(long, value_name = "TEXT")]
    pub(in crate::cli) issuer: Option<String>,
    /// Date of publication: 2025-12-17
    #[arg(long, value_name = "DATE")]
    pub(in crate::cli) date: Option<String>,
    /// Language: en, zh-Hans, zh-Hant
    #[arg(long, value_name = "CODE")]
    pub(in crate::cli) lang: Option<String>,
    /// Web address
    #[arg(long, value_name = "URL")]
    pub(in crate::cli) url: Option<String>,
    /// Other metadata; may be repeated
    #[arg(long, value_name = "KEY=VALUE", value_parser = parse_key_value_pair)]
    pub(in crate::cli) meta: Vec<(String, String)>,
}

fn parse_key_value_pair(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').filter(|(key, _)| !key.trim().is_empty());
    let (key, value) = pair.ok_or("KEY=VALUE is needed, as in desk=trade")?;
    Ok((key.trim().to_owned(), value.trim().to_owned()))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ChineseSegmentationArg {
    /// Split Chinese text into words of the built-in dictionary
    Auto,
    /// Index single Chinese characters and pairs of characters, without a dictionary
    Off,
}
