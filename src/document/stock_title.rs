//! Recognizes titles that a program has set by itself, such as `Untitled document`. Such titles say nothing about a
//! document.

/// Titles of new documents in office programs and design programs, in lower case. A number may follow.
const STOCK_TITLES: [&str; 17] = [
    "untitled",
    "untitled document",
    "document",
    "new document",
    "no title",
    "presentation",
    "powerpoint presentation",
    "slide",
    "microsoft word",
    "word document",
    "无标题",
    "无标题文档",
    "未命名",
    "文档",
    "幻灯片",
    "powerpoint 演示文稿",
    "新建 microsoft word 文档",
];
/// Beginnings of titles that a printer driver makes from the names of a program and a file, in lower case.
const PRINTER_DRIVER_TITLE_PREFIXES: [&str; 4] = [
    "microsoft word - ",
    "microsoft powerpoint - ",
    "microsoft excel - ",
    "microsoft publisher - ",
];
/// Extensions at the end of a title that is the name of a file.
const EXTENSIONS_OF_FILE_NAME_TITLES: [&str; 16] = [
    ".doc", ".docx", ".docm", ".pdf", ".rtf", ".odt", ".wpd", ".wps", ".pages", ".indd", ".qxd",
    ".pub", ".ppt", ".pptx", ".xls", ".xlsx",
];

/// Returns whether a title is the stock title of a program, or the name of a file.
pub(super) fn is_stock_title(title: &str) -> bool {
    let title = title.trim().to_lowercase();
    let without_number =
        title.trim_end_matches(|c: char| c.is_ascii_digit() || " -_()".contains(c)).trim();
    STOCK_TITLES.contains(&without_number)
        || PRINTER_DRIVER_TITLE_PREFIXES.iter().any(|name| title.starts_with(name))
        || EXTENSIONS_OF_FILE_NAME_TITLES.iter().any(|extension| title.ends_with(extension))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_of_programs_are_distinguished_from_titles_of_people() {
        for (title, expected) in [
            ("untitled", true),
            ("Untitled-1", true),
            ("Document1", true),
            ("Microsoft Word - NOTES final.DOCX", true),
            ("Microsoft Word - Notes", true),
            ("release_2025.indd", true),
            ("PowerPoint Presentation", true),
            ("文档 1", true),
            ("Title 42", false),
            ("Annual Report 2025", false),
            ("Document of the Year", false),
            ("Template", false),
        ] {
            assert_eq!(is_stock_title(title), expected, "{title}");
        }
    }
}
