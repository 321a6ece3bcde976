//! Tests the option `--ocr` of `gz-search index`, with scripts in place of the programs and, where they are installed,
//! with the programs.

use std::{fmt::Write as _, fs, path::Path, process::Command};

use crate::fixture::{Folder, Run};

/// First bytes of a picture in PNG. The scripts look at no others.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Returns a PDF with one page for each content, which may draw the picture `/Scan` and text in the font `/F`. The
/// picture is given as its dictionary entries and its data.
fn pdf(contents: &[&str], (picture_entries, picture): (&str, &[u8])) -> Vec<u8> {
    let stream = |entries: &str, data: &[u8]| {
        let mut object = format!("<< {entries} /Length {} >>\nstream\n", data.len()).into_bytes();
        object.extend([data, b"\nendstream"].concat());
        object
    };
    let kids: Vec<String> =
        (0..contents.len()).map(|page| format!("{} 0 R", 5 + 2 * page)).collect();
    let kids = kids.join(" ");
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        format!(
            "<< /Type /Pages /Kids [{kids}] /Count {} /MediaBox [0 0 595 842] /Resources \
             << /XObject << /Scan 3 0 R >> /Font << /F 4 0 R >> >> >>",
            contents.len()
        )
        .into_bytes(),
        stream(&format!("/Type /XObject /Subtype /Image {picture_entries}"), picture),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
            .to_vec(),
    ];
    for (page, content) in contents.iter().enumerate() {
        let page = format!("<< /Type /Page /Parent 2 0 R /Contents {} 0 R >>", 6 + 2 * page);
        objects.extend([page.into_bytes(), stream("", content.as_bytes())]);
    }
    let (mut file, mut offsets) = (b"%PDF-1.7\n".to_vec(), String::new());
    for (index, object) in objects.iter().enumerate() {
        writeln!(offsets, "{:010} 00000 n ", file.len()).unwrap();
        file.extend(format!("{} 0 obj\n", index + 1).into_bytes());
        file.extend([object, &b"\nendobj\n"[..]].concat());
    }
    let (start, size) = (file.len(), objects.len() + 1);
    let end = format!(
        "xref\n0 {size}\n0000000000 65535 f \n{offsets}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    );
    file.extend(end.into_bytes());
    file
}

/// Content of a page that shows the picture alone.
const SCAN: &str = "q 595 0 0 842 0 0 cm /Scan Do Q";

/// Returns a PDF with a page of text and a page that is a picture.
fn half_scanned_pdf() -> Vec<u8> {
    let text = "BT /F 12 Tf 72 700 Td (The harbour has a text layer on its first page.) Tj ET";
    let entries = "/Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8";
    pdf(&[text, SCAN], (entries, b"x"))
}

fn write_files(folder: &Folder) {
    fs::create_dir_all(folder.path("files")).unwrap();
    fs::write(folder.path("files/half.pdf"), half_scanned_pdf()).unwrap();
    fs::write(folder.path("files/note.png"), PICTURE).unwrap();
    let entries = "/Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8";
    fs::write(folder.path("files/scan.pdf"), pdf(&[SCAN], (entries, b"x"))).unwrap();
}

/// Runs the command with a search path that begins with the folder of the scripts.
#[cfg(unix)]
fn run_with_scripts(folder: &Folder, args: &[&str]) -> Run {
    let path = format!("{}/tests/integration/ocr:/usr/bin:/bin", env!("CARGO_MANIFEST_DIR"));
    folder.run_with_environment(args, "", &[("PATH", &path)])
}

#[cfg(unix)]
#[test]
fn scans_and_pictures_are_recognized_and_marked() {
    let folder = Folder::new();
    write_files(&folder);
    let run = run_with_scripts(&folder, &["index", "files", "--ocr"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.starts_with("3 added"), "{run:?}");
    let hits = folder.run(&["query", "exports ports", "--format", "json"]).json();
    let hits = hits["hits"].as_array().unwrap();
    assert_eq!(hits.len(), 3);
    assert!(hits.iter().all(|hit| hit["passage"]["recognized"] == true), "{hits:?}");
    let of_half = hits.iter().find(|hit| hit["document"]["id"] == "half.pdf").unwrap();
    assert_eq!(of_half["passage"]["page"], 2);
    let text_layer = folder.run(&["query", "harbour", "--format", "json"]).json();
    assert_eq!(text_layer["hits"][0]["passage"]["recognized"], false);
    let shown = folder.run(&["show", "half.pdf"]).out;
    assert!(shown.contains("page 2 · recognized text"), "{shown}");
    assert_eq!(shown.matches("recognized text").count(), 1, "{shown}");
    let passage = of_half["passage"]["id"].as_str().unwrap();
    let citation = folder.run(&["show", passage, "--cite", "text"]).out;
    assert!(citation.contains("page 2, recognized text"), "{citation}");
}

#[cfg(unix)]
#[test]
fn a_second_run_and_a_rebuild_recognize_nothing_again() {
    let folder = Folder::new();
    write_files(&folder);
    run_with_scripts(&folder, &["index", "files", "--ocr"]);
    let text_of_scan = || folder.run(&["show", "scan.pdf"]).out;
    // The text holds the number of the process that recognized it.
    let first_text = text_of_scan();
    let unchanged = run_with_scripts(&folder, &["index", "files", "--ocr"]);
    assert!(unchanged.out.starts_with("nothing changed: 3 unchanged, 0 failed"), "{unchanged:?}");
    for option in ["--reread", "--rebuild"] {
        let run = run_with_scripts(&folder, &["index", "files", "--ocr", option]);
        assert_eq!((run.code, text_of_scan()), (0, first_text.clone()), "{run:?}");
    }
    fs::remove_dir_all(folder.path("index/ocr")).unwrap();
    run_with_scripts(&folder, &["index", "files", "--ocr", "--rebuild"]);
    assert_ne!(text_of_scan(), first_text);
}

#[cfg(unix)]
#[test]
fn a_page_that_fails_is_reported_and_the_others_are_read() {
    let folder = Folder::new();
    write_files(&folder);
    let args = ["index", "files", "--ocr", "--ocr-lang", "failing"];
    let run = run_with_scripts(&folder, &args);
    assert_eq!(run.code, 1, "{run:?}");
    let reason = "page 1: tesseract failed: Error during processing.";
    for line in [
        format!("scan.pdf: {reason}"),
        format!("note.png: {reason}"),
        format!("half.pdf: was read in part: {}", reason.replace('1', "2")),
    ] {
        assert!(run.err.contains(&line), "{line}: {run:?}");
    }
    assert!(run.out.starts_with("1 added, 0 updated, 0 unchanged, 0 removed, 2 failed"), "{run:?}");
    let args = ["index", "files", "--ocr", "--ocr-lang", "klingon"];
    let run = run_with_scripts(&folder, &args);
    assert!(run.code == 2 && run.err.contains("no language \"klingon\" here"), "{run:?}");
}

#[test]
fn without_the_option_or_the_programs_the_report_says_what_to_do() {
    let folder = Folder::new();
    write_files(&folder);
    let run = folder.run(&["index", "files"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.err.contains("`gz-search index --ocr` does"), "{run:?}");
    assert!(run.err.contains("1 file of kind .png not read: `--ocr` recognizes"), "{run:?}");
    let run = folder.run_with_environment(&["index", "files", "--ocr"], "", &[("PATH", "")]);
    assert_eq!(run.code, 1, "{run:?}");
    let advice = "text recognition: needs programs that are not installed: tesseract, pdftoppm: \
                  `apt install tesseract-ocr tesseract-ocr-chi-sim poppler-utils` installs them";
    assert!(run.err.contains(advice), "{run:?}");
}

/// Returns whether the program is installed.
fn is_installed(program: &str, option: &str) -> bool {
    Command::new(program).arg(option).output().is_ok()
}

#[test]
fn the_text_of_a_scan_is_found() {
    if !is_installed("tesseract", "--version") || !is_installed("pdftoppm", "-v") {
        eprintln!("skipped: tesseract or pdftoppm is not installed");
        return;
    }
    let folder = Folder::new();
    fs::create_dir_all(folder.path("files")).unwrap();
    let text = "BT /F 14 Tf 20 TL 72 700 Td (The harbour of Guangzhou exported 39,000 cars) Tj T* \
                (in the first quarter of the year.) Tj ET";
    let entries = "/Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8";
    fs::write(folder.path("text.pdf"), pdf(&[text], (entries, b"x"))).unwrap();
    let drawn = Command::new("pdftoppm")
        .args(["-r", "150", "-jpeg", "-singlefile", "text.pdf", "page"])
        .current_dir(folder.path(""))
        .status();
    assert!(drawn.unwrap().success());
    let picture = fs::read(folder.path("page.jpg")).unwrap();
    let (width, height) = jpeg_size(&picture).unwrap();
    let entries = format!(
        "/Width {width} /Height {height} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode"
    );
    fs::write(folder.path("files/scan.pdf"), pdf(&[SCAN], (&entries, &picture))).unwrap();
    let run = folder.run(&["index", "files", "--ocr", "--ocr-lang", "eng"]);
    assert_eq!(run.code, 0, "{run:?}");
    let page = folder.run(&["query", "harbour exported 39000 cars", "--format", "json"]);
    assert_eq!(page.ids().len(), 1, "{page:?}");
    assert!(page.out.contains("cars in the first quarter of the year."), "{page:?}");
    assert!(Path::new(&folder.path("index/ocr")).is_dir());
}

/// Returns the width and the height of a picture in JPEG: they stand in the segment that begins with `FF C0`.
fn jpeg_size(bytes: &[u8]) -> Option<(u16, u16)> {
    let start = bytes.windows(2).position(|marker| marker == [0xFF, 0xC0])?;
    let number = |offset: usize| {
        Some(u16::from_be_bytes(bytes.get(start + offset..start + offset + 2)?.try_into().ok()?))
    };
    Some((number(7)?, number(5)?))
}
