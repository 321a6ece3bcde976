//! Tests the recognition of pages with scripts in place of the programs.
#![cfg(unix)]

use std::{cell::Cell, path::Path};

use super::*;

/// Observer that stops the recognition after a number of pages.
struct StopAfterPages {
    /// Number of pages that may still be recognized.
    pages_left: Cell<usize>,
}

impl RecognitionObserver for StopAfterPages {
    fn begins_page(&self, _: &str, _: usize, _: usize) {
        self.pages_left.set(self.pages_left.get() - 1);
    }

    fn should_stop(&self) -> bool {
        self.pages_left.get() == 0
    }
}

/// Returns options with which scripts run instead of the programs. `languages` is in the notation of Tesseract.
fn options(languages: Option<&str>) -> Ocr {
    let programs = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/integration/ocr");
    Ocr { languages: languages.map(str::to_owned), programs: Some(programs), ..Ocr::default() }
}

/// Recognizes `page_count` pages of a PDF. Stops before the page `stop_before`, counted from 0.
fn recognize(
    options: &Ocr,
    cache: Option<&Path>,
    page_count: usize,
    stop_before: usize,
) -> Result<Vec<PageRecognitionResult>, String> {
    let recognizer = Recognizer::open(options, cache.map(Path::to_owned)).unwrap();
    let observer = StopAfterPages { pages_left: Cell::new(stop_before) };
    let jobs: Vec<_> =
        (0..page_count).map(|index| PageJob::for_pdf_page(index, Some(842.0))).collect();
    let recognition = Recognition { recognizer: &recognizer, observer: &observer };
    recognition.recognize("scan.pdf", b"%PDF-", ScanFileKind::Pdf, &jobs)
}

/// Returns the first recognized line of each page.
fn first_lines(results: Vec<PageRecognitionResult>) -> Vec<String> {
    results.into_iter().map(|page| page.unwrap().lines[0].text.clone()).collect()
}

#[test]
fn a_page_is_recognized_once_for_each_choice_of_languages() {
    let cache = tempfile::tempdir().unwrap();
    let recognize_in = |languages| {
        first_lines(recognize(&options(Some(languages)), Some(cache.path()), 2, 9).unwrap())
    };
    let first = recognize_in("eng");
    assert!(first[0].starts_with("Exports of ports grew by ") && first[0] != first[1], "{first:?}");
    assert_eq!(recognize_in("eng"), first);
    assert_ne!(recognize_in("chi_sim"), first);
    assert_ne!(first_lines(recognize(&options(Some("eng")), None, 2, 9).unwrap()), first);
}

#[test]
fn pages_recognized_before_a_stop_are_cached() {
    let cache = tempfile::tempdir().unwrap();
    let stopped = recognize(&options(None), Some(cache.path()), 3, 2);
    assert!(stopped.unwrap_err().contains("was stopped"));
    assert_eq!(std::fs::read_dir(cache.path()).unwrap().count(), 2);
}

#[test]
fn a_page_that_takes_too_long_is_an_error() {
    let mut options = options(Some("slow"));
    options.page_time = Duration::from_millis(200);
    let start_time = std::time::Instant::now();
    let results = recognize(&options, None, 2, 9).unwrap();
    let reasons: Vec<String> = results.into_iter().map(Result::unwrap_err).collect();
    assert_eq!(reasons, ["tesseract did not end within 0.2 seconds, the time for a page"; 2]);
    assert!(start_time.elapsed() < Duration::from_secs(30));
}

#[test]
fn a_failure_states_the_message_of_the_program() {
    let results = recognize(&options(Some("failing")), None, 1, 9).unwrap();
    let reason = results[0].as_ref().unwrap_err();
    assert_eq!(reason, "tesseract failed: Error during processing.");
}

#[test]
fn missing_programs_and_languages_are_named() {
    let empty_folder = tempfile::tempdir().unwrap();
    let mut without_programs = options(None);
    without_programs.programs = Some(empty_folder.path().to_owned());
    let OpenError::Unusable(reason) = Recognizer::open(&without_programs, None).unwrap_err() else {
        panic!("the programs are missing")
    };
    assert_eq!(reason, "needs programs that are not installed: tesseract, pdftoppm");
    let OpenError::Invalid(error) = Recognizer::open(&options(Some("eng+xyz")), None).unwrap_err()
    else {
        panic!("the language is missing")
    };
    assert!(error.to_string().contains("no language \"xyz\" here, only chi_sim, eng"), "{error}");
    assert_eq!(Recognizer::open(&options(None), None).unwrap().languages, "eng+chi_sim");
}

#[test]
fn large_pages_have_a_lower_resolution() {
    for (side, expected) in [(None, 300), (Some(842.0), 300), (Some(7_200.0), 100), (Some(1e9), 1)]
    {
        assert_eq!(PageJob::for_pdf_page(0, side).resolution, expected, "{side:?}");
    }
}
