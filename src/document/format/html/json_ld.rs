//! Reads the JSON-LD of a page: descriptions of the page and its parts by the vocabulary of schema.org.

use serde_json::{Map, Value};

use super::tree::Tree;

/// Maximum number of objects inside each other in which a description of the article is searched for.
const MAX_NESTED_OBJECTS: usize = 4;

/// Marks of comments and of character data around JSON-LD.
const COMMENT_MARKS: [&str; 4] = ["<![CDATA[", "]]>", "<!--", "-->"];

/// Kind of thing that a JSON-LD object describes, in the order in which the objects of a page are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum DescribedKind {
    /// An article, a report or another document.
    Document,
    /// A page, or a thing without a type.
    Page,
}

/// Returns the JSON-LD objects that describe the document of the page: its articles, then the page itself. Ignores
/// objects without title and date, and those that describe something else, such as the site, a picture or an event.
pub(super) fn json_ld_articles(tree: &Tree) -> Vec<Value> {
    let mut objects = Vec::new();
    for script in tree.elements_named(Tree::ROOT, &["script"]) {
        let is_json_ld = tree.attribute(script, "type").is_some_and(|media_type| {
            let media_type = media_type.split(';').next().unwrap_or_default().trim();
            media_type.eq_ignore_ascii_case("application/ld+json")
        });
        if is_json_ld {
            let text: String = tree.children(script).filter_map(|child| tree.text(child)).collect();
            collect_described(parse_lenient(&text).unwrap_or_default(), 0, &mut objects);
        }
    }
    objects.sort_by_key(|(kind, _)| *kind);
    objects.into_iter().map(|(_, object)| Value::Object(object)).collect()
}

/// Adds the objects in `value` that describe a document or a page to `objects`. `depth` is the number of objects around
/// `value`.
fn collect_described(
    value: Value,
    depth: usize,
    objects: &mut Vec<(DescribedKind, Map<String, Value>)>,
) {
    match value {
        Value::Array(list) => {
            for value in list {
                collect_described(value, depth, objects);
            }
        }
        Value::Object(mut object) if depth < MAX_NESTED_OBJECTS => {
            let nested = ["@graph", "mainEntity"].map(|key| object.remove(key));
            let is_useful = object.contains_key("headline") || object.contains_key("datePublished");
            if let Some(kind) = described_kind(&object).filter(|_| is_useful) {
                objects.push((kind, object));
            }
            for value in nested.into_iter().flatten() {
                collect_described(value, depth + 1, objects);
            }
        }
        _ => {}
    }
}

/// Returns the kind of thing that an object describes. `None` if this is neither a document nor a page.
fn described_kind(object: &Map<String, Value>) -> Option<DescribedKind> {
    const DOCUMENT_TYPES: [&str; 13] = [
        "Report",
        "BlogPosting",
        "SocialMediaPosting",
        "LiveBlogPosting",
        "DiscussionForumPosting",
        "DigitalDocument",
        "TextDigitalDocument",
        "PresentationDigitalDocument",
        "Legislation",
        "SpecialAnnouncement",
        "Dataset",
        "Book",
        "PressRelease",
    ];
    let types: Vec<&str> = match object.get("@type") {
        None => return Some(DescribedKind::Page),
        Some(Value::Array(types)) => types.iter().filter_map(Value::as_str).collect(),
        Some(name) => name.as_str().into_iter().collect(),
    };
    let kinds = types.iter().filter_map(|name| {
        let name = name.rsplit(['/', ':', '#']).next().unwrap_or_default();
        if name.ends_with("Article") || DOCUMENT_TYPES.contains(&name) {
            Some(DescribedKind::Document)
        } else if name.ends_with("Page") || name == "CreativeWork" {
            Some(DescribedKind::Page)
        } else {
            None
        }
    });
    kinds.min()
}

/// Parses JSON. Tolerates what other programs that read JSON-LD tolerate: line breaks and tabs in texts, commas after
/// the last element, a semicolon at the end, and comment marks around the whole.
fn parse_lenient(text: &str) -> Option<Value> {
    if let Ok(value) = serde_json::from_str(text) {
        return Some(value);
    }
    let text = COMMENT_MARKS.iter().fold(text.to_owned(), |text, mark| text.replace(mark, ""));
    let start = text.find(['{', '['])?;
    let end = text.rfind(['}', ']'])? + 1;
    let text = text.get(start..end)?;
    let mut repaired_text = String::with_capacity(text.len());
    let (mut is_in_string, mut is_escaped) = (false, false);
    for c in text.chars() {
        match c {
            '"' if !is_escaped => is_in_string = !is_in_string,
            '}' | ']' if !is_in_string && repaired_text.trim_end().ends_with(',') => {
                repaired_text.truncate(repaired_text.trim_end().len() - 1);
            }
            _ => {}
        }
        is_escaped = c == '\\' && !is_escaped;
        repaired_text.push(if c.is_control() { ' ' } else { c });
    }
    serde_json::from_str(&repaired_text).ok()
}

#[cfg(test)]
mod tests {
    use crate::document::{Format, read};

    fn date_and_title(json_ld: &str) -> (Option<String>, Option<String>) {
        let page = format!(
            "<script type='application/ld+json'>{json_ld}</script><p>The quay opened on Monday, and ships came."
        );
        let document = read(Format::Html, "page", page.as_bytes()).unwrap();
        (document.date.map(|date| date.to_string()), document.title)
    }

    #[test]
    fn the_article_states_the_day_of_publication() {
        let day = Some("2025-12-17");
        let article = r#"{"@type": "NewsArticle", "datePublished": "2025-12-17"}"#;
        for (json_ld, expected) in [
            (
                format!(
                    r#"{{"@graph": [{{"@type": "WebSite", "datePublished": "1999-01-01"}}, {article}]}}"#
                ),
                day,
            ),
            (
                format!(
                    r#"[{{"@type": "ImageObject", "datePublished": "2011-01-01"}}, {article}]"#
                ),
                day,
            ),
            (format!(r#"[{{"@type": "WebPage", "datePublished": "2011-01-01"}}, {article}]"#), day),
            (
                format!(
                    r#"[{{"@type": "VideoObject", "datePublished": "2012-01-01"}}, {article}]"#
                ),
                day,
            ),
            (format!(r#"{{"@type": "WebPage", "mainEntity": {article}}}"#), day),
            (
                r#"{"@type": ["Article", "schema:Report"], "datePublished": "2025-12-17"}"#
                    .to_owned(),
                day,
            ),
            (r#"{"@type": "WebPage", "datePublished": "2025-12-17"}"#.to_owned(), day),
            (r#"{"datePublished": "2025-12-17"}"#.to_owned(), day),
            (r#"{"@type": "WebSite", "datePublished": "1999-01-01"}"#.to_owned(), None),
            (r#"{"@type": "ImageObject", "datePublished": "2011-01-01"}"#.to_owned(), None),
            (
                format!(r#"{{"@type": "NewsArticle", "headline": "Quay", "comment": {article}}}"#),
                None,
            ),
        ] {
            assert_eq!(date_and_title(&json_ld).0.as_deref(), expected, "{json_ld}");
        }
    }

    #[test]
    fn faulty_json_is_read() {
        let object =
            r#"{"@type": "Article", "headline": "Quay opens", "datePublished": "2025-12-17"}"#;
        for json_ld in [
            object.replace("Quay ", "Quay\n"),
            object.replace("Quay ", "Quay\t"),
            object.replace('}', ", }"),
            format!("[{object},\n]"),
            format!("{object};"),
            format!("//<![CDATA[\n{object}\n//]]>"),
            format!("<!-- {object} -->"),
        ] {
            let expected = (Some("2025-12-17".to_owned()), Some("Quay opens".to_owned()));
            assert_eq!(date_and_title(&json_ld), expected, "{json_ld}");
        }
        let json_ld = r#"{"@type": "Article", "headline": "A \"quay\", ]\\", "datePublished": "2025-12-17",}"#;
        assert_eq!(date_and_title(json_ld).1.as_deref(), Some(r#"A "quay", ]\"#));
    }
}
