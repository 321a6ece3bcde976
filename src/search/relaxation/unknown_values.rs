//! Finds languages, sources and declared keywords in the filters of a query that no document has, and the nearest
//! existing values.

use std::collections::BTreeSet;

use super::unknown_names::{MAX_COMPARED_NAMES, facet_values_to_compare, nearest_name};
use crate::{
    document::{FieldName, folded_keyword},
    error::Result,
    query::{
        Facet, Field, FieldCondition, Filter, MatchTree, Note, QueryPlan, matches_glob,
        matches_path,
        note_detail::{ListedTerms, MissingPart, NoteDetail},
    },
    search::context::SearchContext,
};

/// Maximum number of languages that a note lists.
const MAX_LISTED_LANGUAGES: usize = 8;

/// Returns a note on each filter of the query by a language, a source or a declared keyword that no document on this
/// machine satisfies. The note names the existing languages, or the nearest file, folder or keyword.
pub(super) fn unknown_value_notes(context: &SearchContext, plan: &QueryPlan) -> Result<Vec<Note>> {
    let mut filters = Vec::new();
    collect_filters_outside_not(&plan.tree, &mut filters);
    let mut notes = Vec::new();
    for filter in filters {
        let missing_part = match filter {
            Filter::Value { field: Field::Lang, glob } => {
                unknown_language(&facet_values_to_compare(context, Facet::Lang)?, glob)
            }
            Filter::Path { glob, root } => {
                unknown_source(&facet_values_to_compare(context, Facet::Source)?, glob, root)
            }
            Filter::Declared { name, condition: FieldCondition::Keyword(keyword) } => {
                unknown_keyword(
                    &facet_values_to_compare(context, Facet::Declared(*name))?,
                    *name,
                    keyword,
                )
            }
            Filter::Value { .. }
            | Filter::Dates(_)
            | Filter::Documents(_)
            | Filter::Declared { .. } => None,
        };
        let note = missing_part.map(|part| Note::new(NoteDetail::Missing(part)));
        notes.extend(note.filter(|note| !notes.contains(note)));
    }
    Ok(notes)
}

/// Adds to `filters` the filters of the tree that no NOT contains.
fn collect_filters_outside_not<'t>(tree: &'t MatchTree, filters: &mut Vec<&'t Filter>) {
    match tree {
        MatchTree::Filter(filter) => filters.push(filter),
        MatchTree::Not(_) => {}
        MatchTree::Everything
        | MatchTree::Leaf(_)
        | MatchTree::All(_)
        | MatchTree::Any(_)
        | MatchTree::AllWithHeadings(_)
        | MatchTree::Prefer { .. }
        | MatchTree::Near { .. } => {
            tree.children().for_each(|child| collect_filters_outside_not(child, filters));
        }
    }
}

/// Returns the language pattern `glob` and the existing languages. `None` if `glob` matches one of `languages`.
fn unknown_language(languages: &BTreeSet<String>, glob: &str) -> Option<MissingPart> {
    if languages.is_empty() || languages.iter().any(|language| matches_glob(glob, language)) {
        return None;
    }
    // A document without a language has an empty one.
    let existing_languages = languages.iter().map(String::as_str).filter(|name| !name.is_empty());
    let existing = ListedTerms::new(existing_languages, MAX_LISTED_LANGUAGES);
    let language = glob.trim_end_matches('*').to_owned();
    Some(MissingPart::Language { language, existing })
}

/// Returns `keyword` and the nearest of `keywords`. `None` if `keywords` contains `keyword`, or may lack keywords of
/// the index.
fn unknown_keyword(
    keywords: &BTreeSet<String>,
    name: FieldName,
    keyword: &str,
) -> Option<MissingPart> {
    let is_complete = keywords.len() < MAX_COMPARED_NAMES;
    let has_keyword = keywords.iter().any(|other| folded_keyword(other) == keyword);
    if keywords.is_empty() || !is_complete || has_keyword {
        return None;
    }
    let nearest = nearest_name(keywords, keyword).map(ToString::to_string);
    let (name, keyword) = (name.to_string(), keyword.to_owned());
    Some(MissingPart::Keyword { name, keyword, nearest })
}

/// Returns the path pattern `glob` and the nearest name of a file or folder. `None` if `glob` matches one of `paths`,
/// or if `paths` may lack paths of the index.
fn unknown_source(paths: &BTreeSet<String>, glob: &str, root: &str) -> Option<MissingPart> {
    let is_complete = paths.len() < MAX_COMPARED_NAMES;
    if paths.is_empty() || !is_complete || paths.iter().any(|path| matches_path(glob, root, path)) {
        return None;
    }
    let components: BTreeSet<String> = paths
        .iter()
        .flat_map(|path| path.strip_prefix(root).unwrap_or(path).split(['/', '\\']))
        .filter(|component| !component.is_empty())
        .map(str::to_owned)
        .collect();
    let source = glob.trim_matches('*');
    let name = source.trim_end_matches('/').rsplit('/').next().unwrap_or(source);
    let nearest = nearest_name(&components, name).map(str::to_owned);
    Some(MissingPart::Source { source: source.to_owned(), nearest })
}

#[cfg(test)]
mod tests {
    use crate::{Document, Index, Query};

    #[test]
    fn notes_name_unknown_languages_and_sources() {
        let index = Index::in_memory();
        let writer = index.writer().unwrap();
        for (id, source, lang) in
            [("a", "/news/2025/berth.txt", "en"), ("b", "/news/2024/ferry.txt", "zh-Hans")]
        {
            let mut document = Document::new(id, "Ports grow. 港口增长。");
            source.clone_into(&mut document.source);
            lang.clone_into(&mut document.lang);
            writer.add(&document).unwrap();
        }
        writer.commit().unwrap();
        let searcher = index.searcher().unwrap();
        for (query, expected) in [
            ("ports lang:fr", Some("no document has the language fr; there are en, zh-Hans")),
            ("ports lang:zh", None),
            ("ports NOT lang:fr", None),
            ("ports source:bert.txt", Some("no source matches bert.txt; the nearest is berth.txt")),
            ("ports source:2025", None),
            ("ports source:xylophone", Some("no source matches xylophone")),
        ] {
            let results = searcher.search(&Query::new(query)).unwrap();
            let mut notes = results.notes.iter().map(|note| note.message.as_str());
            let note = notes.find(|message| {
                message.contains("has the language") || message.contains("no source")
            });
            assert_eq!(note, expected, "{query}");
        }
    }
}
