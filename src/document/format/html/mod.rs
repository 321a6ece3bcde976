//! HTML → a document: the content of the page in blocks, and what the page says about itself.

mod boilerplate;
mod main_content;
mod metadata;
mod parse;
mod table;
mod text;
mod title;
mod tree;

use self::main_content::Content;
use crate::{
    document::{BlockKind, Document, blocks::BlockBuilder, metadata::fields},
    error::Result,
};

/// Pages written by people are a hundred times smaller; what is larger is an export of something else.
const MAX_BYTES: usize = 16 << 20;

/// The document that a page is.
pub(in crate::document) fn read(id: &str, markup: &str) -> Result<Document, String> {
    if markup.len() > MAX_BYTES {
        return Err(format!("is HTML of more than {} MiB", MAX_BYTES >> 20));
    }
    let tree = parse::tree(markup)?;
    let mut content = Content::of(&tree);
    let mut document = Document::new(id, String::new());
    let labelled = labelled(&tree, &mut content);
    let blocks = text::blocks(&tree, &content, |_| {});
    metadata::describe(&tree, &content, &mut document);
    for pairs in labelled {
        document.fill_from_labels(&pairs, "table");
    }
    let said = document.title.take();
    document.origins.remove("title");
    if let Some((title, origin)) = title::title(&tree, &blocks, said.as_deref()) {
        document.fill_field(fields::MetadataField::Title, &title, &origin);
    }
    if let Some(site) = metadata::home(&tree, &content).or_else(|| title::site(&tree)) {
        document.metadata.insert("site".to_owned(), site);
    }
    (document.text, document.blocks) = (blocks.text, blocks.blocks);
    title::place(&mut document);
    Ok(document)
}

/// The text and blocks of a part of a page: the body of a feed's entry, a field of JSON.
pub(in crate::document) fn part(markup: &str) -> Result<BlockBuilder, String> {
    if markup.len() > MAX_BYTES {
        return Err(format!("holds HTML of more than {} MiB", MAX_BYTES >> 20));
    }
    let tree = parse::tree(markup)?;
    Ok(text::blocks(&tree, &Content::whole(&tree), |_| {}))
}

/// Adds the blocks of a text that may be HTML: what has no tags has paragraphs between blank lines.
pub(in crate::document) fn any(text: &str, blocks: &mut BlockBuilder) -> Result<(), String> {
    if is_markup(text) {
        blocks.append(&part(text)?);
        return Ok(());
    }
    for paragraph in text.replace("\r\n", "\n").split("\n\n") {
        blocks.push(paragraph.trim());
        blocks.close(BlockKind::Paragraph);
    }
    Ok(())
}

/// Whether a text closes a tag, or has one that stands alone or an entity.
fn is_markup(text: &str) -> bool {
    const SIGNS: [&str; 13] = [
        "</p>",
        "</div>",
        "</a>",
        "</li>",
        "</span>",
        "</h",
        "</table>",
        "</b",
        "</strong>",
        "<br",
        "<p>",
        "&amp;",
        "&nbsp;",
    ];
    SIGNS.iter().any(|sign| text.contains(sign))
}

/// Takes tables of labels out of the page, those outside its content too.
fn labelled(tree: &tree::Tree, content: &mut Content) -> Vec<Vec<(String, String)>> {
    let mut labelled = Vec::new();
    for table in tree.named(tree::Tree::ROOT, &["table"]) {
        if let table::Use::Labels(pairs) = table::use_of(tree, content, table)
            && pairs.iter().any(|(label, _)| fields::field_of_label(label).is_some())
        {
            content.leave_out(table);
            labelled.push(pairs);
        }
    }
    labelled
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{unreadable, with_inferred_metadata};

    fn read(id: &str, page: &str) -> Result<Document> {
        super::read(id, page)
            .map_err(|reason| unreadable(id, reason))
            .and_then(with_inferred_metadata)
    }

    fn shown(document: &Document) -> Vec<String> {
        let blocks = document.blocks.iter().map(|block| {
            let text = block.span.of(&document.text);
            match block.kind {
                BlockKind::Title => format!("T {text}"),
                BlockKind::Heading(level) => format!("{level} {text}"),
                BlockKind::Paragraph => text.to_owned(),
            }
        });
        blocks.collect()
    }

    #[test]
    fn a_press_release() {
        let page = r#"<html><head><title>Port Rules | Office of Ports</title>
            <meta property="og:title" content="New Rules for the Port">
            <link rel=canonical href="https://ports.example/new-rules">
            <script type="application/ld+json">{"@graph": [{"@type": "NewsArticle",
              "datePublished": "2026-11-23T10:00:00Z", "publisher": {"name": "Office of Ports"}}]}</script>
            </head><body><nav>Home News</nav><main><div>Newsroom</div><div>For Immediate Release</div>
            <h1>New Rules for the Port</h1><p>The office has new rules.</p><h2>Dates</h2><p>May.</p>
            </main><footer>Contact</footer>"#;
        let document = read("page", page).unwrap();
        assert_eq!(
            shown(&document),
            ["T New Rules for the Port", "The office has new rules.", "2 Dates", "May."]
        );
        let origins: Vec<_> =
            document.origins.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        assert_eq!(
            origins,
            [
                ("date", "JSON-LD"),
                ("issuer", "JSON-LD"),
                ("title", "meta og:title"),
                ("url", "link canonical")
            ]
        );
        assert_eq!(document.inferred, ["lang"]);
    }

    #[test]
    fn a_chinese_notice_with_its_table() {
        let page = "<title>某市关于港口管理的通知_政府信息公开</title><table><tr><td>\
            <table><tr><td><b>发文机关：</b><td>某市政府<td>成文日期：<td>2018年11月06日\
            <tr><td>标　题：<td>某市关于港口管理的通知<td>发文字号：<td>某政发[2018]7号</table>\
            </table><table><tr><td><p align=center><b>某市关于</b><p><b>港口管理的通知</b>\
            <p>各区人民政府，各有关部门，各直属机构：为了加强港口的管理，现就有关事项通知如下。\
            <p><span style='font-weight:bold'>一、总体要求</span><p>坚持安全第一。</table>";
        let document = read("page", page).unwrap();
        assert_eq!(
            shown(&document),
            [
                "T 某市关于\n\n港口管理的通知",
                "各区人民政府，各有关部门，各直属机构：为了加强港口的管理，现就有关事项通知如下。",
                "2 一、总体要求",
                "坚持安全第一。"
            ]
        );
        assert_eq!(document.title.as_deref(), Some("某市关于港口管理的通知"));
        assert_eq!(document.issuer.as_deref(), Some("某市政府"));
        assert_eq!(document.number.as_deref(), Some("某政发〔2018〕7号"));
        assert_eq!(document.date.map(|date| date.to_string()).as_deref(), Some("2018-11-06"));
    }

    #[test]
    fn titles_lose_the_name_of_the_site_by_evidence() {
        for (head, body, expected) in [
            ("<title>Ports - News - Office</title>", "<header>Office</header>", "Ports - News"),
            ("<title>Ports - a review</title>", "<header>Office</header>", "Ports - a review"),
            ("<title>Port rules | Office</title>", "", "Port rules"),
            ("<title>Office: all about ports</title>", "<h1>Port Rules</h1>", "Port Rules"),
            (
                "<meta property=og:title content='Port Rules - Office'>",
                "<h1>Port Rules</h1>",
                "Port Rules",
            ),
            ("", "<h2>Port Rules</h2>", "Port Rules"),
        ] {
            let document = read("page", &format!("{head}{body}<p>Some text.")).unwrap();
            assert_eq!(document.title.as_deref(), Some(expected), "{head}");
        }
    }
}
