//! English stemming: the regular inflected forms of a word have one stem.

use std::borrow::Cow;

use frostem::{Algorithm, Stemmer};

/// Returns the stem of a normalized term by the English Snowball stemmer (Porter2). Returns the term itself if
/// it is shorter than three letters or contains any character other than a to z.
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
