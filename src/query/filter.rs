//! Filters: conditions on the metadata of a document, which restrict the matches of a query without changing scores.

use std::collections::BTreeSet;

use super::{Field, FieldCondition, Period};
use crate::document::{FieldName, language_code_prefix};

/// Condition on the metadata of a document.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Filter {
    /// The document was published within the period.
    Dates(Period),
    /// The path of the file, without a leading `root`, matches `glob`.
    Path { glob: String, root: String },
    /// The whole value of `field` matches `glob`.
    Value {
        field: Field,
        /// Pattern in lower case. `*` stands for any characters, `?` for one character.
        glob: String,
    },
    /// The id of the document is one of these.
    Documents(BTreeSet<String>),
    /// A value of a declared field satisfies the condition.
    Declared { name: FieldName, condition: FieldCondition },
}

impl Filter {
    /// Returns the filter for a clause such as `lang:zh`. `field` is `source`, `lang` or `id`, and `text` is the text
    /// after the colon.
    pub(super) fn on_field(field: Field, text: &str) -> Self {
        let text = text.to_lowercase();
        let glob = match field {
            Field::Source => {
                return Self::Path { glob: format!("*{text}*"), root: String::new() };
            }
            Field::Lang => format!("{}*", language_code_prefix(&text)),
            _ => text,
        };
        Self::Value { field, glob }
    }

    /// Makes a path filter match only the part of a path below `root`. If the glob itself begins with the path `root`,
    /// removes `root` from the glob. Leaves filters of other kinds unchanged.
    pub(crate) fn set_root_of_path_filter(&mut self, root: &str) {
        if let Self::Path { glob, root: filter_root } = self {
            let glob_below_root =
                glob.strip_prefix('*').and_then(|path| path.strip_prefix(&root.to_lowercase()));
            if let Some(below) = glob_below_root.filter(|_| !root.is_empty()) {
                *glob = below.to_owned();
            }
            root.clone_into(filter_root);
        }
    }
}

/// Returns whether `glob` matches `path`. If `path` begins with `root`, `glob` must match the part of `path` after
/// `root`.
pub(crate) fn matches_path(glob: &str, root: &str, path: &str) -> bool {
    matches_glob(glob, path.strip_prefix(root).unwrap_or(path))
}

/// Returns whether `glob` matches all of `text`, ignoring the letter case of `text`: `*` stands for any characters, `?`
/// for one character. Backtracks only to the last star, so the time is at most proportional to the product of the two
/// lengths.
pub(crate) fn matches_glob(glob: &str, text: &str) -> bool {
    let (glob, text): (Vec<char>, Vec<char>) =
        (glob.chars().collect(), text.chars().flat_map(char::to_lowercase).collect());
    // Index of the last star in the glob, and the end of the text that this star has matched.
    let mut last_star: Option<(usize, usize)> = None;
    let (mut glob_index, mut text_index) = (0, 0);
    while text_index < text.len() {
        match glob.get(glob_index) {
            Some('*') => {
                last_star = Some((glob_index, text_index));
                glob_index += 1;
            }
            Some(&c) if c == '?' || Some(&c) == text.get(text_index) => {
                glob_index += 1;
                text_index += 1;
            }
            _ => match last_star {
                Some((star_index, star_text_end)) => {
                    last_star = Some((star_index, star_text_end + 1));
                    glob_index = star_index + 1;
                    text_index = star_text_end + 1;
                }
                None => return false,
            },
        }
    }
    glob.iter().skip(glob_index).all(|&c| c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_matched_below_the_root() {
        let path = "/home/News/2025/a.txt";
        for (root, text, expected) in [
            ("", "news", true),
            ("/home/News/", "news", false),
            ("/home/News/", "2025/", true),
            ("/home/News/", "a.txt", true),
            ("/home/News/", path, true),
            ("/home/News/", "/home/news/2025", true),
            ("/home/News/", "/home/news/a", false),
            ("/other/", "news", true),
        ] {
            let mut filter = Filter::on_field(Field::Source, text);
            filter.set_root_of_path_filter(root);
            let Filter::Path { glob, root } = filter else { panic!("{text}") };
            assert_eq!(matches_path(&glob, &root, path), expected, "{root} {text}");
        }
    }

    #[test]
    fn globs_match_whole_texts() {
        for (glob, text, expected) in [
            ("*", "", true),
            ("a*c", "abbc", true),
            ("a*c", "abcd", false),
            ("?b", "Ab", true),
            ("?b", "b", false),
            ("*report*", "/x/Report-2024.md", true),
            ("zh*", "zh-Hant", true),
            ("*a*b*", "xaxbx", true),
            ("", "", true),
            ("", "a", false),
        ] {
            assert_eq!(matches_glob(glob, text), expected, "{glob} {text}");
        }
    }
}
