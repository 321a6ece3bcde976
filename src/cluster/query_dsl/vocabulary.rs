//! Queries for the distinct terms that match a pattern.

use serde_json::{Value, json};

use super::condition::{all_of, term_query};
use crate::{
    cluster::{mapping::words_field, wire::TERM_KIND},
    search::remote::{TermShape, Vocabulary},
};

/// Returns a query for the terms of a vocabulary that match a pattern. `None` if the cluster cannot express the
/// pattern.
pub(in crate::cluster) fn term_pattern_query(
    vocabulary: Vocabulary,
    shape: &TermShape,
) -> Option<Value> {
    let field = vocabulary_field(vocabulary);
    let query = match shape {
        TermShape::Stem(stem) => term_query("stem", stem),
        TermShape::Prefix(prefix) => json!({"prefix": {"term": {"value": prefix}}}),
        TermShape::Glob(glob) => {
            json!({"wildcard": {"term": {"value": glob.replace('\\', "\\\\")}}})
        }
        TermShape::Regex(regex) => {
            json!({"regexp": {"term": {"value": lucene_regex(regex)?, "flags": "NONE"}}})
        }
        TermShape::Range { from, to } => json!({"range": {"term": {"gte": from, "lt": to}}}),
        TermShape::Fuzzy { term, edits } => json!({"fuzzy": {"term": {
            "value": term, "fuzziness": edits, "prefix_length": 0, "max_expansions": 1000, "transpositions": true,
        }}}),
    };
    Some(all_of(vec![term_query("kind", TERM_KIND), term_query("in", field), query]))
}

/// Returns the name of the field that contains the terms of a vocabulary.
pub(in crate::cluster) const fn vocabulary_field(vocabulary: Vocabulary) -> &'static str {
    match vocabulary {
        Vocabulary::Words(scope) => words_field(scope),
        Vocabulary::Definitions => "words",
    }
}

/// Converts a regular expression to the syntax of Lucene. `None` if the expression uses an operator that Lucene lacks.
/// The result may match more terms than `regex`; this program removes the additional terms.
fn lucene_regex(regex: &str) -> Option<String> {
    let unanchored_regex = regex.trim_start_matches('^').trim_end_matches('$');
    let mut converted_regex = String::with_capacity(unanchored_regex.len());
    let mut characters = unanchored_regex.chars();
    while let Some(c) = characters.next() {
        match c {
            '\\' => match characters.next()? {
                'd' => converted_regex.push_str("[0-9]"),
                'w' | 'S' | 'D' | 'W' => converted_regex.push('.'),
                'p' | 'P' | 'b' | 'B' | 's' | 'x' | 'u' | 'A' | 'z' => return None,
                other => converted_regex.extend(['\\', other]),
            },
            '"' | '@' | '#' | '&' | '<' | '>' | '~' => converted_regex.extend(['\\', c]),
            '(' if characters.as_str().starts_with('?') => return None,
            '^' if !converted_regex.ends_with('[') => return None,
            '$' => return None,
            // Lazy and greedy quantifiers match the same terms.
            '?' if converted_regex.ends_with(['*', '+', '?', '}']) => {}
            c => converted_regex.push(c),
        }
    }
    Some(converted_regex)
}
