//! What a page says about itself → fields of the document: meta tags, JSON-LD, marked dates, links.

use std::collections::HashSet;

use serde_json::Value;

use super::{
    main_content::Content,
    tree::{Id, Step, Tree},
};
use crate::document::{
    Document,
    metadata::{fields::MetadataField, organization},
};

/// Names of meta tags for each field, those that are worth most first.
const METAS: [(MetadataField, &[&str]); 3] = [
    (
        MetadataField::Date,
        &[
            "article:published_time",
            "pubdate",
            "publishdate",
            "publish_date",
            "publishtime",
            "datepublished",
            "dcterms.issued",
            "dc.date.issued",
            "dcterms.date",
            "dc.date",
            "dcterms.created",
            "dc.date.created",
            "citation_publication_date",
            "parsely-pub-date",
            "date",
        ],
    ),
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
/// What else is kept, under its own name.
const KEPT: [&str; 4] = ["description", "keywords", "author", "article:section"];

/// Learns what tags and attributes say; not the title, which has to agree with the text.
pub(super) fn describe(tree: &Tree, content: &Content, document: &mut Document) {
    if let Some(address) = address(tree) {
        document.fill_field(MetadataField::Url, &address, "link canonical");
    }
    let metas = metas(tree);
    for (field, names) in METAS {
        for name in names {
            for (_, value) in metas.iter().filter(|(known, _)| known == name) {
                // An account or a page is no name of a body.
                if field != MetadataField::Issuer || !value.contains("://") {
                    document.fill_field(field, value, &format!("meta {name}"));
                }
            }
        }
    }
    for name in KEPT {
        if let Some((_, value)) =
            metas.iter().find(|(known, value)| known == name && !value.is_empty())
        {
            document.metadata.insert(name.to_owned(), value.clone());
        }
    }
    for thing in things(tree) {
        describe_thing(&thing, document);
    }
    for step in content.walk(tree) {
        if let Step::Enter(id) = step {
            marked_date(tree, id, document);
        }
    }
}

/// The body whose site a page is part of: its name is outside the content, on a link to the home page of a
/// site.
pub(super) fn home(tree: &Tree, content: &Content) -> Option<String> {
    let read: HashSet<Id> = content
        .walk(tree)
        .filter_map(|step| match step {
            Step::Enter(id) => Some(id),
            Step::Leave(_) => None,
        })
        .collect();
    let is_home = |id: &Id| {
        let target = tree.attribute(*id, "href").unwrap_or_default();
        let path = target.split_once("://").map_or(target, |(_, rest)| {
            rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/")
        });
        !target.is_empty() && path == "/"
    };
    let links = tree.named(Tree::ROOT, &["a"]).filter(|id| !read.contains(id)).filter(is_home);
    links.map(|id| tree.all_text(id)).find(|name| organization::is_name(name))
}

/// The titles that meta tags and JSON-LD give, those that are worth most first, with their origins.
pub(super) fn titles(tree: &Tree) -> Vec<(String, String)> {
    const NAMES: [&str; 6] = [
        "articletitle",
        "og:title",
        "citation_title",
        "dcterms.title",
        "dc.title",
        "twitter:title",
    ];
    let metas = metas(tree);
    let named = NAMES.iter().flat_map(|name| {
        let values = metas.iter().filter(move |(known, _)| known == name);
        values.map(move |(_, value)| (value.clone(), format!("meta {name}")))
    });
    let headlines = things(tree).into_iter().filter_map(|thing| {
        Some((thing.get("headline")?.as_str()?.to_owned(), "JSON-LD".to_owned()))
    });
    named.chain(headlines).filter(|(title, _)| !title.trim().is_empty()).collect()
}

/// The address that a page says is its own.
pub(super) fn address(tree: &Tree) -> Option<String> {
    let links = tree.named(Tree::ROOT, &["link"]);
    let mut own = links.filter(|&id| tree.attribute(id, "rel") == Some("canonical"));
    own.find_map(|id| tree.attribute(id, "href")).map(str::to_owned)
}

/// The value of the meta tag of this name.
pub(super) fn meta(tree: &Tree, name: &str) -> Option<String> {
    metas(tree).into_iter().find(|(known, _)| known == name).map(|(_, value)| value)
}

fn metas(tree: &Tree) -> Vec<(String, String)> {
    let found = tree.named(Tree::ROOT, &["meta"]).filter_map(|id| {
        let name = ["name", "property", "itemprop"].iter().find_map(|key| tree.attribute(id, key));
        let value = tree.attribute(id, "content")?.split_whitespace().collect::<Vec<_>>().join(" ");
        Some((name?.trim().to_lowercase(), value))
    });
    found.collect()
}

/// The articles and releases that JSON-LD describes; other things, such as breadcrumbs, say nothing.
fn things(tree: &Tree) -> Vec<Value> {
    let mut things = Vec::new();
    for script in tree.named(Tree::ROOT, &["script"]) {
        if tree.attribute(script, "type") != Some("application/ld+json") {
            continue;
        }
        let text: String = tree.children(script).filter_map(|child| tree.text(child)).collect();
        match serde_json::from_str(&text) {
            Ok(Value::Array(all)) => things.extend(all),
            Ok(mut thing) => match thing.get_mut("@graph").map(Value::take) {
                Some(Value::Array(all)) => things.extend(all),
                _ => things.push(thing),
            },
            Err(_) => {}
        }
    }
    things.retain(|thing| thing.get("headline").is_some() || thing.get("datePublished").is_some());
    things
}

fn describe_thing(thing: &Value, document: &mut Document) {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    if let Some(date) = text(thing.get("datePublished")) {
        document.fill_field(MetadataField::Date, &date, "JSON-LD");
    }
    let named = |key: &str| match thing.get(key) {
        Some(Value::Array(all)) => text(all.first().and_then(|first| first.get("name"))),
        Some(body) => text(body.get("name")),
        None => None,
    };
    if let Some(publisher) = named("publisher").or_else(|| named("sourceOrganization")) {
        document.fill_field(MetadataField::Issuer, &publisher, "JSON-LD");
    }
}

/// A day that an attribute marks as the one of publication, or the first one in `<time>`.
fn marked_date(tree: &Tree, id: Id, document: &mut Document) {
    const PROPERTIES: [&str; 7] = [
        "datePublished",
        "schema:datePublished",
        "dc:date",
        "dc:issued",
        "dcterms:issued",
        "dcterms:date",
        "article:published_time",
    ];
    let property = tree.attribute(id, "property").or_else(|| tree.attribute(id, "itemprop"));
    let property = property.filter(|property| PROPERTIES.contains(property));
    let time = tree.name(id) == "time";
    if document.date.is_some() || (property.is_none() && !time) {
        return;
    }
    let value = ["content", "datetime"].iter().find_map(|key| tree.attribute(id, key));
    let value = value.map_or_else(|| tree.all_text(id), str::to_owned);
    document.fill_field(MetadataField::Date, &value, property.unwrap_or("time"));
}
