//! Reads an HTML page as a document: its main content in blocks, and the metadata that the page
//! states.
//!
//! `parse.rs` builds a tree, `main_content.rs` selects the elements with the press release,
//! `text.rs` converts these elements to blocks, and `metadata.rs` and `title.rs` find the metadata
//! fields. Open `main_content.rs` first.

mod block_state;
mod boilerplate;
mod dates;
mod fallback;
mod hidden;
mod json_ld;
mod link_lists;
mod list_numbers;
mod main_content;
mod metadata;
mod name_words;
mod note_reference;
mod parse;
mod preformatted;
mod table;
mod text;
mod text_weight;
mod title;
mod tree;

use self::{main_content::MainContent, parse::MarkupRules, table::TablePurpose, tree::Tree};
use crate::document::{
    blocks::BlockBuilder,
    left_out::{LeftOut, LeftOutReason},
    metadata::{
        date::Date,
        fields::{self, LabelledValue, MetadataField},
        labels_of_published_line,
    },
    model::{BlockKind, Document},
};

/// Maximum size of a page, in bytes. Ordinary pages are a hundred times smaller.
const MAX_HTML_BYTES: usize = 16 << 20;

/// Reads an HTML page as a document.
pub(super) fn read(id: &str, markup: &str) -> Result<Document, String> {
    if markup.len() > MAX_HTML_BYTES {
        return Err(format!("is HTML of more than {} MiB", MAX_HTML_BYTES >> 20));
    }
    let tree = parse::parse(markup)?;
    let mut content = MainContent::find(&tree);
    let mut document = Document::new(id, String::new());
    let declared_lang = metadata::declared_language(&tree).unwrap_or_default();
    declared_lang.clone_into(&mut document.declared_lang);
    let label_tables = take_metadata_label_tables(&tree, &mut content);
    let mut blocks = text::convert_to_blocks(&tree, &content);
    blocks.left_out.extend(content.left_out(&tree));
    if blocks.blocks.is_empty() {
        blocks.append(&fallback::blocks_of_hidden_sources(&tree));
    }
    add_subject_rows(&label_tables, &mut blocks);
    metadata::fill_metadata(&tree, &content, &blocks, &mut document);
    if let Some(address) = metadata::address_in_saved_page(markup) {
        document.fill_field(MetadataField::Url, address, "saved page");
    }
    for pairs in label_tables {
        document.fill_from_labels(&pairs, "table");
    }
    fill_date_beside_content(&blocks.left_out, &mut document);
    let table_title = document.title.take();
    document.origins.remove("title");
    if let Some((title, origin)) = title::title_and_origin(&tree, &blocks, table_title.as_deref()) {
        document.fill_field(MetadataField::Title, &title, &origin);
    }
    if let Some(site) = metadata::site_owner(&tree, &content).or_else(|| title::site_name(&tree)) {
        document.metadata.insert("site".to_owned(), site);
    }
    (document.text, document.blocks, document.left_out) =
        (blocks.text, blocks.blocks, blocks.left_out);
    title::join_blocks_of_title(&mut document);
    Ok(document)
}

/// Reads the text and blocks of an HTML fragment, such as the body of a feed entry or a JSON value.
pub(super) fn read_fragment(markup: &str) -> Result<BlockBuilder, String> {
    read_fragment_by_rules(markup, MarkupRules::of_page(markup))
}

/// Reads the text and blocks of an XHTML page, without its metadata.
#[cfg(feature = "archive")]
pub(super) fn read_xhtml_fragment(markup: &str) -> Result<BlockBuilder, String> {
    read_fragment_by_rules(markup, MarkupRules::Xhtml)
}

fn read_fragment_by_rules(markup: &str, rules: MarkupRules) -> Result<BlockBuilder, String> {
    if markup.len() > MAX_HTML_BYTES {
        return Err(format!("holds HTML of more than {} MiB", MAX_HTML_BYTES >> 20));
    }
    let tree = parse::parse_by_rules(markup, rules)?;
    let content = MainContent::of_whole_page(&tree);
    let mut blocks = text::convert_to_blocks(&tree, &content);
    blocks.left_out.extend(content.left_out(&tree));
    Ok(blocks)
}

/// Adds the blocks of `text`, which may be HTML, to `blocks`. A text without block tags such as `<p>` is split into
/// paragraphs at blank lines.
pub(super) fn read_text_or_html(text: &str, blocks: &mut BlockBuilder) -> Result<(), String> {
    if has_tag_of_block(text) {
        blocks.append(&read_fragment(text)?);
        return Ok(());
    }
    for paragraph in text.replace("\r\n", "\n").split("\n\n") {
        if has_inline_tag(paragraph) || has_entity(paragraph) {
            blocks.append(&read_fragment(paragraph)?);
            continue;
        }
        blocks.push(paragraph.trim());
        blocks.finish_block(BlockKind::Paragraph);
    }
    Ok(())
}

/// Returns whether a text has an HTML tag that begins or ends a block, such as `<p>`.
fn has_tag_of_block(text: &str) -> bool {
    const BLOCK_TAGS: [&str; 15] = [
        "</p>",
        "</div>",
        "</li>",
        "</ul>",
        "</ol>",
        "</h",
        "</table>",
        "</tr>",
        "</td>",
        "</blockquote>",
        "</body>",
        "</section>",
        "<br",
        "<p>",
        "<p ",
    ];
    BLOCK_TAGS.iter().any(|tag| text.contains(tag))
}

/// Returns whether a text has the end tag of an inline HTML element, such as `</b>`.
fn has_inline_tag(text: &str) -> bool {
    const INLINE_END_TAGS: [&str; 12] = [
        "</a>",
        "</span>",
        "</b>",
        "</strong>",
        "</i>",
        "</em>",
        "</u>",
        "</sup>",
        "</sub>",
        "</small>",
        "</font>",
        "</cite>",
    ];
    INLINE_END_TAGS.iter().any(|tag| text.contains(tag))
}

/// Returns whether a text has an HTML entity: `&#8217;`, `&#x2019;`, `&nbsp;`.
fn has_entity(text: &str) -> bool {
    const MAX_ENTITY_NAME_BYTES: usize = 8;
    text.split('&').skip(1).any(|after_mark| {
        let Some((name, _)) = after_mark.split_once(';') else { return false };
        let is_number = |number: &str| {
            let digits = number.strip_prefix(['x', 'X']);
            let is_digit =
                |c: char| c.is_ascii_digit() || digits.is_some() && c.is_ascii_hexdigit();
            let digits = digits.unwrap_or(number);
            !digits.is_empty() && digits.chars().all(is_digit)
        };
        name.len() <= MAX_ENTITY_NAME_BYTES
            && match name.strip_prefix('#') {
                Some(number) => is_number(number),
                None => name.len() >= 2 && name.bytes().all(|byte| byte.is_ascii_lowercase()),
            }
    })
}

/// Finds the tables of metadata labels on the whole page, and excludes them from the content. Returns the labels and
/// values of each table. A table counts only if at least one of its labels names a metadata field.
fn take_metadata_label_tables(
    tree: &Tree,
    content: &mut MainContent,
) -> Vec<Vec<(String, String)>> {
    let mut label_tables = Vec::new();
    for table in tree.elements_named(Tree::ROOT, &["table"]) {
        if let TablePurpose::Labels(pairs) = table::purpose_of_table(tree, content, table)
            && pairs.iter().any(|(label, _)| fields::field_of_label(label).is_some())
        {
            content.exclude(table, LeftOutReason::Metadata);
            label_tables.push(pairs);
        }
    }
    label_tables
}

/// If `document` has no date yet, fills it from the lines beside the content that say when the page was published.
/// Fills nothing if these lines state different days, because they then belong to a list of other pages.
fn fill_date_beside_content(left_out: &[LeftOut], document: &mut Document) {
    if document.date.is_some() {
        return;
    }
    let lines = left_out.iter().filter_map(|left_out| labels_of_published_line(&left_out.text));
    let lines_with_date = lines.filter_map(|labels| {
        let mut line = Document::default();
        line.fill_from_labels(&labels, "");
        Some((line.date?, labels))
    });
    let lines: Vec<(Date, Vec<LabelledValue>)> = lines_with_date.collect();
    let Some(((date, labels), others)) = lines.split_first() else { return };
    if others.iter().all(|(other, _)| other == date) {
        document.fill_from_labels(labels, "beside the text");
    }
}

/// Adds a block for each label in `label_tables` that introduces the subjects of the document: `主题词：港口 规划`.
/// `label_tables` holds the labels and values of each table.
fn add_subject_rows(label_tables: &[Vec<(String, String)>], blocks: &mut BlockBuilder) {
    for (label, value) in label_tables.iter().flatten() {
        if fields::is_subject_label(label) && !value.trim().is_empty() {
            let label = label.trim_end_matches([':', '：']);
            let colon = if label.is_ascii() { ": " } else { "：" };
            blocks.add_block(BlockKind::Paragraph, &format!("{label}{colon}{value}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::with_inferred_metadata;

    fn read_with_inferred_metadata(page: &str) -> Document {
        with_inferred_metadata(read("page", page).unwrap()).unwrap()
    }

    fn printed_blocks(document: &Document) -> Vec<String> {
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
    fn a_press_release_is_read_with_its_metadata() {
        let page = r#"<html><head><title>Port Rules | Office of Ports</title>
            <meta property="og:title" content="New Rules for the Port">
            <link rel=canonical href="https://ports.example/new-rules">
            <script type="application/ld+json">{"@graph": [{"@type": "NewsArticle",
              "datePublished": "2026-11-23T10:00:00Z", "publisher": {"name": "Office of Ports"}}]}</script>
            </head><body><nav>Home News</nav><main><div>Newsroom</div><div>For Immediate Release</div>
            <h1>New Rules for the Port</h1><p>The office has new rules.</p><h2>Dates</h2><p>May.</p>
            </main><footer>Contact</footer>"#;
        let document = read_with_inferred_metadata(page);
        assert_eq!(
            printed_blocks(&document),
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
    fn a_chinese_notice_is_read_with_its_table_of_labels() {
        let page = "<title>某市关于港口管理的通知_政府信息公开</title><table><tr><td>\
            <table><tr><td><b>发文机关：</b><td>某市政府<td>成文日期：<td>2018年11月06日\
            <tr><td>标　题：<td>某市关于港口管理的通知<td>发文字号：<td>某政发[2018]7号</table>\
            </table><table><tr><td><p align=center><b>某市关于</b><p><b>港口管理的通知</b>\
            <p>各区人民政府，各有关部门，各直属机构：为了加强港口的管理，现就有关事项通知如下。\
            <p><span style='font-weight:bold'>一、总体要求</span><p>坚持安全第一。</table>";
        let document = read_with_inferred_metadata(page);
        assert_eq!(
            printed_blocks(&document),
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
    fn confirmed_site_names_are_removed_from_titles() {
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
            let document = read_with_inferred_metadata(&format!("{head}{body}<p>Some text."));
            assert_eq!(document.title.as_deref(), Some(expected), "{head}");
        }
    }
}
