//! Calls the programs that recognize text: `pdftoppm` makes pictures of PDF pages, `tesseract` reads pictures.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use super::{
    Ocr, PageRecognitionResult, RESOLUTION,
    cache::{RecognizedPageCache, hexadecimal_sha_256},
    process::{self, ProcessError},
    tesseract,
};
use crate::error::{Error, Result};

/// Beginning of the message that programs are missing.
pub(crate) const MISSING_PROGRAMS_PREFIX: &str = "needs programs that are not installed: ";

/// Maximum time in which a program must state its version or its languages.
const MAX_PROGRAM_QUERY_TIME: Duration = Duration::from_secs(20);
/// Languages that are recognized if the options name no languages, as far as their data are installed.
const DEFAULT_LANGUAGES: [&str; 3] = ["eng", "chi_sim", "chi_tra"];
/// Maximum size, in bytes, of the table of words of a page.
const MAX_WORD_TABLE_BYTES: u64 = 32 << 20;

/// Reason why no recognizer can be opened.
#[derive(Debug)]
pub(crate) enum OpenError {
    /// The programs are missing or do not run. The text is the reason.
    Unusable(String),
    /// The options are invalid.
    Invalid(Error),
}

/// Kind of a file whose pages are recognized.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::document) enum ScanFileKind {
    Pdf,
    /// A picture in PNG, JPEG or TIFF. The caller has checked its first bytes: Tesseract takes any other file for a
    /// list of paths.
    Picture,
}

/// Page to recognize.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::document) struct PageJob {
    /// Index of the page in its file, from 0.
    pub(in crate::document) index: usize,
    /// Resolution of the picture of a PDF page, in dots per inch.
    pub(in crate::document) resolution: u32,
}

/// Programs that recognize text, with their languages, and the cache of recognized pages.
#[derive(Debug)]
pub(crate) struct Recognizer {
    /// Folder of the programs. `None` for the search path of the system.
    program_folder: Option<PathBuf>,
    /// Maximum time for one page.
    page_time: Duration,
    /// Languages in the notation of Tesseract: `eng+chi_sim`.
    pub(crate) languages: String,
    /// First line of the version of Tesseract: `tesseract 5.3.0`.
    version: String,
    /// Cache of recognized pages. `None` if pages are not stored.
    cache: Option<RecognizedPageCache>,
}

/// A file whose pages are recognized.
pub(super) struct OpenFile<'a> {
    recognizer: &'a Recognizer,
    bytes: &'a [u8],
    file_kind: ScanFileKind,
    /// SHA-256 of the file, in hexadecimal digits.
    digest: String,
    /// Folder for the file and for pictures of its pages; `None` until the first page is recognized.
    folder: Option<tempfile::TempDir>,
}

impl Recognizer {
    /// Finds the programs and their languages. `cache` is the folder in which recognized pages are stored.
    pub(crate) fn open(options: &Ocr, cache: Option<PathBuf>) -> Result<Self, OpenError> {
        let mut recognizer = Self {
            program_folder: options.programs.clone(),
            page_time: options.page_time,
            languages: String::new(),
            version: String::new(),
            cache: cache.map(RecognizedPageCache::new),
        };
        let answers = [
            recognizer.output_of_program("tesseract", "--version"),
            recognizer.output_of_program("tesseract", "--list-langs"),
            recognizer.output_of_program("pdftoppm", "-v"),
        ];
        let mut missing: Vec<&str> = ["tesseract", "tesseract", "pdftoppm"]
            .into_iter()
            .zip(&answers)
            .filter(|(_, answer)| matches!(answer, Err(ProcessError::NotInstalled)))
            .map(|(program, _)| program)
            .collect();
        missing.dedup();
        if !missing.is_empty() {
            return Err(OpenError::Unusable(format!(
                "{MISSING_PROGRAMS_PREFIX}{}",
                missing.join(", ")
            )));
        }
        let [version, installed, _] = answers.map(|answer| {
            answer.map_err(|error| match error {
                ProcessError::Failed(reason) => OpenError::Unusable(reason),
                _ => OpenError::Unusable("needs programs that do not answer".to_owned()),
            })
        });
        version?.lines().next().unwrap_or_default().clone_into(&mut recognizer.version);
        let installed = installed?;
        // The first line says how many languages follow.
        let installed: Vec<&str> = installed.lines().skip(1).map(str::trim).collect();
        recognizer.languages = choose_languages(options.languages.as_deref(), &installed)?;
        Ok(recognizer)
    }

    /// Opens a file. Writes nothing yet.
    pub(super) fn open_file<'a>(
        &'a self,
        bytes: &'a [u8],
        file_kind: ScanFileKind,
    ) -> OpenFile<'a> {
        OpenFile {
            recognizer: self,
            bytes,
            file_kind,
            digest: hexadecimal_sha_256(bytes),
            folder: None,
        }
    }

    /// Returns a command that calls `program`.
    fn command(&self, program: &str) -> Command {
        let mut command = match &self.program_folder {
            Some(folder) => Command::new(folder.join(program)),
            None => Command::new(program),
        };
        // Several threads make Tesseract slower if other programs run.
        command.env("OMP_THREAD_LIMIT", "1");
        command
    }

    /// Returns what `program` prints if it is called with one option.
    fn output_of_program(&self, program: &str, option: &str) -> Result<String, ProcessError> {
        let failed = |error: std::io::Error| ProcessError::Failed(format!("{program}: {error}"));
        let folder = tempfile::tempdir().map_err(failed)?;
        let answer = folder.path().join("answer");
        process::run_within_limits(
            self.command(program).arg(option),
            &answer,
            MAX_PROGRAM_QUERY_TIME,
        )
        .map_err(|error| match error {
            ProcessError::Failed(reason) => {
                ProcessError::Failed(format!("{program} {option} {reason}"))
            }
            error => error,
        })?;
        let answer = fs::read(&answer).map_err(failed)?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }
}

/// Returns the languages to recognize, in the notation of Tesseract.
fn choose_languages(stated: Option<&str>, installed: &[&str]) -> Result<String, OpenError> {
    if let Some(stated) = stated {
        let missing = stated.split('+').find(|language| !installed.contains(language));
        return match missing {
            None => Ok(stated.to_owned()),
            Some(language) => Err(OpenError::Invalid(Error::invalid(
                "ocr-lang",
                format!(
                    "Tesseract has no language {language:?} here, only {}: install its data, or choose others, joined by +",
                    installed.join(", ")
                ),
            ))),
        };
    }
    let languages = DEFAULT_LANGUAGES.into_iter().filter(|name| installed.contains(name));
    let languages = languages.collect::<Vec<_>>().join("+");
    if languages.is_empty() {
        let reason = format!("{MISSING_PROGRAMS_PREFIX}data of a language for tesseract");
        return Err(OpenError::Unusable(reason));
    }
    Ok(languages)
}

impl OpenFile<'_> {
    /// Recognizes one page, or takes it from the cache.
    ///
    /// # Errors
    ///
    /// The reason, if no temporary file can be written. If the page cannot be recognized, the result holds the reason.
    pub(super) fn recognize_page(
        &mut self,
        job: &PageJob,
    ) -> Result<PageRecognitionResult, String> {
        let key = self.page_cache_key(job);
        let cache = self.recognizer.cache.as_ref();
        if let Some(page) = cache.and_then(|cache| cache.get(&key)) {
            return Ok(Ok(page));
        }
        let folder = self.folder_with_file().map_err(|error| {
            format!("cannot be recognized, because no temporary file can be written: {error}")
        })?;
        let result = self.run_programs(&folder, job);
        if let (Ok(page), Some(cache)) = (&result, cache) {
            // A page that cannot be stored is recognized again the next time.
            drop(cache.put(&key, page));
        }
        Ok(result)
    }

    /// Returns the key of a page in the cache: a digest of everything on which the recognized text depends.
    fn page_cache_key(&self, job: &PageJob) -> String {
        let Recognizer { languages, version, .. } = self.recognizer;
        let PageJob { index, resolution } = job;
        let (digest, file_kind) = (&self.digest, self.file_kind);
        let key = format!("{digest}\n{file_kind:?}\n{index}\n{resolution}\n{languages}\n{version}");
        hexadecimal_sha_256(key.as_bytes())
    }

    /// Returns the temporary folder of the file. The first call makes the folder and copies the file into it.
    fn folder_with_file(&mut self) -> std::io::Result<PathBuf> {
        if let Some(folder) = &self.folder {
            return Ok(folder.path().to_owned());
        }
        let folder = tempfile::Builder::new().prefix("gz-search-ocr-").tempdir()?;
        fs::write(folder.path().join("file"), self.bytes)?;
        Ok(self.folder.insert(folder).path().to_owned())
    }

    /// Recognizes one page within the maximum time for a page.
    fn run_programs(&self, folder: &Path, job: &PageJob) -> PageRecognitionResult {
        let start_time = std::time::Instant::now();
        let mut picture = folder.join("file");
        if self.file_kind == ScanFileKind::Pdf {
            self.draw_pdf_page(folder, job)?;
            picture = folder.join("page.png");
        }
        let mut command = self.recognizer.command("tesseract");
        command.arg(&picture).arg(folder.join("words"));
        command.args(["-l", &self.recognizer.languages]);
        if self.file_kind == ScanFileKind::Picture {
            command.arg("-c").arg(format!("tessedit_page_number={}", job.index));
        }
        command.arg("tsv");
        let table_path = folder.join("words.tsv");
        drop(fs::remove_file(&table_path));
        let time_left = self.recognizer.page_time.saturating_sub(start_time.elapsed());
        self.run_program(&mut command, "tesseract", folder, time_left)?;
        let table_size = fs::metadata(&table_path).map_or(0, |metadata| metadata.len());
        let table = fs::read(&table_path).ok().filter(|_| table_size <= MAX_WORD_TABLE_BYTES);
        let table = String::from_utf8_lossy(table.as_deref().unwrap_or_default()).into_owned();
        tesseract::parse_table(&table)
            .ok_or_else(|| "tesseract has written no table of words".to_owned())
    }

    /// Makes a picture of a PDF page, `page.png`.
    fn draw_pdf_page(&self, folder: &Path, job: &PageJob) -> Result<(), String> {
        let page_number = (job.index + 1).to_string();
        let mut command = self.recognizer.command("pdftoppm");
        command.args(["-f", &page_number, "-l", &page_number, "-singlefile", "-gray", "-png"]);
        command.args(["-r", &job.resolution.to_string()]);
        command.arg(folder.join("file")).arg(folder.join("page"));
        drop(fs::remove_file(folder.join("page.png")));
        self.run_program(&mut command, "pdftoppm", folder, self.recognizer.page_time)
    }

    /// Runs the command of `program` for at most `max_time`. The reason of a failure names the program.
    fn run_program(
        &self,
        command: &mut Command,
        program: &str,
        folder: &Path,
        max_time: Duration,
    ) -> Result<(), String> {
        let messages = folder.join("messages");
        process::run_within_limits(command, &messages, max_time).map_err(|error| match error {
            ProcessError::NotInstalled => format!("{program} is no longer installed"),
            ProcessError::TimedOut => {
                let page_time = self.recognizer.page_time.as_secs_f64();
                format!("{program} did not end within {page_time} seconds, the time for a page")
            }
            ProcessError::Failed(reason) => format!("{program} {reason}"),
        })
    }
}

impl PageJob {
    /// Maximum length of a side of the picture of a page, in dots.
    const MAX_PICTURE_SIDE_DOTS: f32 = 10_000.0;

    /// Returns the job for a page of a PDF. `longer_side` is the length of the longer side of the page in points, or
    /// `None` if the file does not state it. A very large page gets a lower resolution.
    pub(in crate::document) fn for_pdf_page(index: usize, longer_side: Option<f32>) -> Self {
        let max_resolution =
            longer_side.map_or(f32::MAX, |side| Self::MAX_PICTURE_SIDE_DOTS * 72.0 / side.max(1.0));
        #[expect(clippy::cast_sign_loss, reason = "lengths are positive")]
        let resolution = max_resolution.clamp(1.0, RESOLUTION as f32) as u32;
        Self { index, resolution }
    }
}
