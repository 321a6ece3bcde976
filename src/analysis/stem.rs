//! A word → what all its forms have in common.

use std::borrow::Cow;

use frostem::{Algorithm, Stemmer};

/// The stem of a normalized term: Snowball's English stemmer (Porter2). Terms with anything but the
/// letters a to z, and those of fewer than three, are their own stem.
///
/// ```
/// use gz_search::analysis::stem;
///
/// assert_eq!(stem("cities"), stem("city"));
/// assert_eq!(stem("广州"), "广州");
/// ```
pub fn stem(term: &str) -> Cow<'_, str> {
    if term.len() < 3 || !term.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return Cow::Borrowed(term);
    }
    Cow::Owned(Stemmer::new(Algorithm::English).stem(term).into_owned())
}
