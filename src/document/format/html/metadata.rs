//! Reads the metadata that a page states: meta tags, JSON-LD and canonical links. `dates.rs` finds the date.

use std::collections::HashSet;

use serde_json::Value;

use super::{
    dates,
    json_ld::json_ld_articles,
    main_content::MainContent,
    tree::{NodeId, Tree, TreeStep},
};
use crate::document::{
    blocks::BlockBuilder,
    metadata::{fields::MetadataField, organization},
    model::Document,
};

/// Names of meta tags for each field, in order of precedence.
const META_NAMES_OF_FIELDS: [(MetadataField, &[&str]); 2] = [
    (
        MetadataField::Issuer,
        &[
            "contentsource",
            "dcterms.publisher",
            "dc.publisher",
            "dcterms.creator",
            "dc.creator",
            "citation_publisher",
            "publisher",
        ],
    ),
    (MetadataField::Url, &["og:url"]),
];
/// Names of meta tags that are added to the metadata under their own name.
const META_NAMES_KEPT_AS_METADATA: [&str; 4] =
    ["description", "keywords", "author", "article:section"];

/// Number of comments at the beginning of a page that may contain its address.
const MAX_SAVED_PAGE_COMMENTS: usize = 3;

/// Fills the metadata fields that the page states. Does not fill the title, which `title.rs` finds.
pub(super) fn fill_metadata(
    tree: &Tree,
    content: &MainContent,
    blocks: &BlockBuilder,
    document: &mut Document,
) {
    if let Some(address) = canonical_url(tree) {
        document.fill_field(MetadataField::Url, &address, "link canonical");
    }
    let tags = meta_tags(tree);
    for (field, names) in META_NAMES_OF_FIELDS {
        for name in names {
            for (_, value) in tags.iter().filter(|(tag, _)| tag == name) {
                // A URL as issuer names an account or a page, not an organization.
                if field != MetadataField::Issuer || !value.contains("://") {
                    document.fill_field(field, value, &format!("meta {name}"));
                }
            }
        }
    }
    for name in META_NAMES_KEPT_AS_METADATA {
        if let Some((_, value)) = tags.iter().find(|(tag, value)| tag == name && !value.is_empty())
        {
            document.metadata.insert(name.to_owned(), value.clone());
        }
    }
    let articles = json_ld_articles(tree);
    for article in &articles {
        fill_issuer_from_article(article, document);
    }
    dates::fill_publication_date(tree, content, blocks, &tags, &articles, document);
}

/// Returns the name of the organization that owns the site: the text of a link to the home page.
/// Searches only links outside of the content.
pub(super) fn site_owner(tree: &Tree, content: &MainContent) -> Option<String> {
    let content_nodes: HashSet<NodeId> = content
        .walk(tree)
        .filter_map(|step| match step {
            TreeStep::Enter(id) => Some(id),
            TreeStep::Leave(_) => None,
        })
        .collect();
    let is_home_link = |id: &NodeId| {
        let link_target = tree.attribute(*id, "href").unwrap_or_default();
        let url_path = link_target.split_once("://").map_or(link_target, |(_, rest)| {
            rest.find('/').and_then(|slash| rest.get(slash..)).unwrap_or("/")
        });
        !link_target.is_empty() && url_path == "/"
    };
    tree.elements_named(Tree::ROOT, &["a"])
        .filter(|id| !content_nodes.contains(id))
        .filter(is_home_link)
        .map(|id| tree.full_text(id))
        .find(|name| organization::is_organization_name(name))
}

/// Returns the titles that meta tags and JSON-LD state, in order of precedence, each with its origin.
pub(super) fn stated_titles_and_origins(tree: &Tree) -> Vec<(String, String)> {
    const TITLE_META_NAMES: [&str; 6] = [
        "articletitle",
        "og:title",
        "citation_title",
        "dcterms.title",
        "dc.title",
        "twitter:title",
    ];
    let tags = meta_tags(tree);
    let meta_titles = TITLE_META_NAMES.iter().flat_map(|name| {
        let values = tags.iter().filter(move |(tag, _)| tag == name);
        values.map(move |(_, value)| (value.clone(), format!("meta {name}")))
    });
    let headlines = json_ld_articles(tree).into_iter().filter_map(|article| {
        Some((article.get("headline")?.as_str()?.to_owned(), "JSON-LD".to_owned()))
    });
    meta_titles.chain(headlines).filter(|(title, _)| !title.trim().is_empty()).collect()
}

/// Returns the language that the root element of the page declares.
pub(super) fn declared_language(tree: &Tree) -> Option<&str> {
    let root = tree.elements_named(Tree::ROOT, &["html"]).next()?;
    tree.attribute(root, "lang").or_else(|| tree.attribute(root, "xml:lang"))
}

/// Returns the canonical URL of the page.
pub(super) fn canonical_url(tree: &Tree) -> Option<String> {
    tree.elements_named(Tree::ROOT, &["link"])
        .filter(|&id| tree.attribute(id, "rel") == Some("canonical"))
        .find_map(|id| tree.attribute(id, "href"))
        .map(str::to_owned)
}

/// Returns the address that a browser, or the extension `SingleFile`, writes into a comment at the beginning of a page
/// that it saves.
pub(super) fn address_in_saved_page(markup: &str) -> Option<&str> {
    let comments = markup.split("<!--").skip(1).take(MAX_SAVED_PAGE_COMMENTS);
    let mut comments = comments.filter_map(|comment| comment.split("-->").next());
    comments.find_map(|comment| {
        let address = match comment.trim_start().strip_prefix("saved from url=(") {
            Some(address) => address.split_once(')')?.1,
            None => comment.split_once("SingleFile")?.1.split_once("url:")?.1,
        };
        address.split_whitespace().next().filter(|address| address.contains("://"))
    })
}

/// Returns the value of the first meta tag named `name`.
pub(super) fn meta_tag_value(tree: &Tree, name: &str) -> Option<String> {
    meta_tags(tree).into_iter().find(|(tag, _)| tag == name).map(|(_, value)| value)
}

/// Returns all meta tags as pairs of lower-case name and value.
fn meta_tags(tree: &Tree) -> Vec<(String, String)> {
    let tags = tree.elements_named(Tree::ROOT, &["meta"]).filter_map(|id| {
        let name = ["name", "property", "itemprop"].iter().find_map(|key| tree.attribute(id, key));
        let value = tree.attribute(id, "content")?.split_whitespace().collect::<Vec<_>>().join(" ");
        Some((name?.trim().to_lowercase(), value))
    });
    tags.collect()
}

/// Fills the issuer with the publisher that a JSON-LD article states.
fn fill_issuer_from_article(article: &Value, document: &mut Document) {
    let string_value = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let organization_name = |key: &str| match article.get(key) {
        Some(Value::Array(list)) => string_value(list.first().and_then(|first| first.get("name"))),
        Some(object) => string_value(object.get("name")),
        None => None,
    };
    if let Some(issuer) =
        organization_name("publisher").or_else(|| organization_name("sourceOrganization"))
    {
        document.fill_field(MetadataField::Issuer, &issuer, "JSON-LD");
    }
}

#[cfg(test)]
mod tests {
    use crate::document::{Format, read};

    #[test]
    fn address_of_a_saved_page_is_found() {
        let address = Some("https://ports.example/a.html");
        for (markup, expected) in [
            (
                "<!DOCTYPE html>\n<!-- saved from url=(0028)https://ports.example/a.html -->\n<html>",
                address,
            ),
            (
                "<!DOCTYPE html> <html><!--\n Page saved with SingleFile \n url: https://ports.example/a.html \n saved date: x\n-->",
                address,
            ),
            ("<!-- saved from url=(0014)about:internet -->", None),
            (
                "<!-- saved from url=(0020)https://other.example/ --><link rel=canonical href=https://ports.example/a.html>",
                address,
            ),
            ("<!-- see https://ports.example/a.html -->", None),
        ] {
            let page = format!("{markup}<p>The quay opened on Monday, and ships came.");
            let document = read(Format::Html, "page", page.as_bytes()).unwrap();
            assert_eq!(document.url.as_deref(), expected, "{markup}");
        }
    }
}
