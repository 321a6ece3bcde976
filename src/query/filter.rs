//! What restricts a query without ranking it: dates and whole values.

use super::{Field, Period};

/// A condition on a document, decided by what is known of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Filter {
    /// Published on one of these days.
    Dates(Period),
    /// Read from a file whose path, from `root` on, the pattern matches.
    Path { glob: String, root: String },
    /// A value of `field` that the pattern matches.
    Value {
        field: Field,
        /// In lower case, with `*` and `?`.
        glob: String,
    },
}

impl Filter {
    /// The condition that `text`, as a user wrote it, puts on a field of whole values.
    pub(super) fn of(field: Field, text: &str) -> Self {
        let text = text.to_lowercase();
        let glob = match field {
            Field::Source => {
                return Self::Path { glob: format!("*{text}*"), root: String::new() };
            }
            Field::Lang => format!("{text}*"),
            _ => text,
        };
        Self::Value { field, glob }
    }

    /// Takes paths from `root` on, also the one that it was made of.
    pub(crate) fn below(&mut self, root: &str) {
        if let Self::Path { glob, root: before } = self {
            let whole =
                glob.strip_prefix('*').and_then(|path| path.strip_prefix(&root.to_lowercase()));
            if let Some(path) = whole.filter(|_| !root.is_empty()) {
                *glob = path.to_owned();
            }
            root.clone_into(before);
        }
    }
}

/// Whether a path is what `glob` describes; if it lies below `root`, what comes behind that.
pub(crate) fn matches_path(glob: &str, root: &str, path: &str) -> bool {
    matches_glob(glob, path.strip_prefix(root).unwrap_or(path))
}

/// Whether all of `text` is what `glob` describes: `*` stands for any characters, `?` for one.
pub(crate) fn matches_glob(glob: &str, text: &str) -> bool {
    let (glob, text): (Vec<char>, Vec<char>) =
        (glob.chars().collect(), text.chars().flat_map(char::to_lowercase).collect());
    // Where the last star stands, and how much of the text it has taken.
    let mut star: Option<(usize, usize)> = None;
    let (mut at, mut place) = (0, 0);
    while place < text.len() {
        match glob.get(at) {
            Some('*') => {
                star = Some((at, place));
                at += 1;
            }
            Some(&c) if c == '?' || Some(&c) == text.get(place) => {
                at += 1;
                place += 1;
            }
            _ => match star {
                Some((index, taken)) => {
                    star = Some((index, taken + 1));
                    at = index + 1;
                    place = taken + 1;
                }
                None => return false,
            },
        }
    }
    glob.iter().skip(at).all(|&c| c == '*')
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
            let mut filter = Filter::of(Field::Source, text);
            filter.below(root);
            let Filter::Path { glob, root } = filter else { panic!("{text}") };
            assert_eq!(matches_path(&glob, &root, path), expected, "{root} {text}");
        }
    }

    #[test]
    fn globs() {
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
