//! Renders citations as plain text and as Markdown.

use super::{
    Citation,
    source::{
        CitedSource, bracketed_if, is_inferred, issuer, location_components, speaker, web_address,
    },
    wording::{Wording, enclose},
};
use crate::render::{
    markdown::{escape_inline, escape_line},
    sanitize::visible_text,
};

impl Citation<'_> {
    /// Returns the citation as plain text: the quote, the attribution line with the id of the passage, and the link,
    /// each on a line. White space is replaced by spaces, and control characters by U+FFFD.
    pub fn text(&self) -> String {
        let CitedSource { link, .. } = self.source();
        let quote = enclose(self.wording().quote, visible_text(&self.passage.text).trim());
        format!("{quote}\n{} [{}]\n{link}\n", self.attribution(), visible_text(&self.passage.id))
    }

    /// Returns the attribution line in plain text, without the id: speaker, issuer, title, date, and the paragraph with
    /// its page or slide, or the cells of a table.
    pub fn attribution(&self) -> String {
        let title = self.enclosed_title().map(|title| visible_text(&title));
        let address = self.document.url.as_deref().map(visible_text);
        self.attribution_line(title, address, visible_text)
    }

    /// Returns the citation as Markdown: a block quote and an attribution line, which ends with the link as code. All
    /// texts are escaped. Only an address with the scheme `http` or `https` becomes a link.
    pub fn markdown(&self) -> String {
        let quote = escape_line(self.passage.text.trim());
        let (title, url) = (self.enclosed_title(), self.document.url.as_deref());
        let attribution = if let Some(destination) = url.and_then(web_address) {
            let label = escape_inline(title.as_deref().or(url).unwrap_or_default());
            // A destination in Markdown may contain entities.
            let destination = destination.replace('&', "&amp;");
            self.attribution_line(Some(format!("[{label}](<{destination}>)")), None, escape_inline)
        } else {
            let title = title.as_deref().map(escape_inline);
            self.attribution_line(title, url.map(escape_inline), escape_inline)
        };
        let link = self.passage.link();
        format!("> {quote}\n\n{attribution} \\[{}\\] `{link}`\n", escape_inline(&self.passage.id))
    }

    /// Returns the attribution line as Markdown, for use below the metadata of the release: speaker, issuer if it
    /// differs from the issuer of the release, paragraph with its page or slide, id, and the link as code.
    #[cfg(feature = "mcp")]
    pub(in crate::render) fn markdown_within_release(&self) -> String {
        let Self { document, passage } = self;
        let wording = self.wording();
        let issuer =
            issuer(document, passage).filter(|&name| document.issuer.as_deref() != Some(name));
        let speaker = speaker(document, passage);
        let components = speaker.into_iter().chain(issuer.map(str::to_owned));
        let components: Vec<String> = components
            .chain(location_components(passage, wording))
            .map(|component| escape_inline(&component))
            .collect();
        let (dash, components) = (wording.dash, components.join(wording.comma));
        let (id, link) = (escape_inline(&passage.id), passage.link());
        format!("{dash}{components} \\[{id}\\] `{link}`")
    }

    /// Returns the attribution line. `title` and `address` must be escaped already. `escape` escapes all other
    /// components.
    fn attribution_line(
        &self,
        title: Option<String>,
        address: Option<String>,
        escape: impl Fn(&str) -> String,
    ) -> String {
        let Self { document, passage } = self;
        let wording = self.wording();
        let issuer = issuer(document, passage).map(|name| {
            let is_issuer_of_document = document.issuer.as_deref() == Some(name);
            bracketed_if(is_issuer_of_document && is_inferred(document, "issuer"), name)
        });
        let date = document
            .date
            .map(|date| bracketed_if(is_inferred(document, "date"), &date.to_string()));
        let location_components =
            location_components(passage, wording).into_iter().map(|place| escape(&place));
        let components = [
            speaker(document, passage).as_deref().map(&escape),
            issuer.as_deref().map(&escape),
            title,
            date.as_deref().map(&escape),
        ];
        let components: Vec<String> =
            components.into_iter().flatten().chain(location_components).chain(address).collect();
        format!("{}{}", wording.dash, components.join(wording.comma))
    }

    /// Returns the title of the document, in the quotation marks of the language of the document.
    fn enclosed_title(&self) -> Option<String> {
        let title = self.document.title.as_deref()?;
        Some(enclose(self.wording().title, title))
    }

    fn wording(&self) -> &'static Wording {
        Wording::of_language(&self.document.lang)
    }
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

    use super::*;
    use crate::{document::Place, render::sample, search::Hit};

    /// Returns the hit of the test sample, with the given texts in place of the texts of the sample.
    fn hit_with(text: &str, title: &str, url: &str, lang: &str) -> Hit {
        let mut hit = sample::results_with_markup().hits.remove(0);
        hit.passage.text = text.to_owned();
        hit.document.title = Some(title.to_owned());
        hit.document.url = Some(url.to_owned()).filter(|url| !url.is_empty());
        hit.document.lang = lang.to_owned();
        hit
    }

    /// Parses a Markdown citation. Returns the text of the quote, the text of the attribution line, and the links.
    fn parse_citation(markdown: &str) -> (String, String, Vec<String>) {
        let options = Options::all().difference(Options::ENABLE_SMART_PUNCTUATION);
        let (mut quote, mut attribution, mut links, mut is_quote) =
            (String::new(), String::new(), vec![], false);
        for event in Parser::new_ext(markdown, options) {
            match event {
                Event::Start(Tag::BlockQuote(None)) => is_quote = true,
                Event::End(TagEnd::BlockQuote(None)) => is_quote = false,
                Event::Text(text) | Event::Code(text) => {
                    if is_quote { &mut quote } else { &mut attribution }.push_str(&text);
                }
                Event::Start(Tag::Link { dest_url, .. }) => links.push(dest_url.into_string()),
                Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph | TagEnd::Link) => {}
                other => panic!("{other:?} in {markdown}"),
            }
        }
        (quote, attribution, links)
    }

    #[test]
    fn citations_name_the_slide_or_the_cells() {
        let mut hit = hit_with("Budget: 12 million", "Plan", "", "en");
        hit.passage.page = None;
        hit.document.url = None;
        let cells =
            |sheet: &str| Place::Cells { sheet: sheet.to_owned(), range: "A5:D5".to_owned() };
        for (lang, place, expected) in [
            ("en", Place::Slide(4), "paragraph 1, slide 4"),
            ("en", cells("Budget"), "sheet “Budget”, cells A5:D5"),
            ("en", cells(""), "cells A5:D5"),
            ("zh-Hans", cells("预算"), "工作表“预算”，单元格A5:D5"),
            ("zh-Hant", Place::Slide(4), "第1段，第4張投影片"),
        ] {
            hit.document.lang = lang.to_owned();
            hit.passage.place = Some(place);
            let attribution = hit.citation().attribution();
            assert!(attribution.ends_with(expected), "{attribution}");
        }
    }

    #[test]
    fn citations_follow_the_language_of_the_release() {
        let mut hit = hit_with("广州 grew.", "新闻", "https://a.b/c", "zh-Hans");
        hit.passage.paragraph = 5;
        hit.passage.page = Some(2);
        hit.passage.id = "a.txt#4".to_owned();
        hit.passage.ordinal = 4;
        hit.passage.hash = "0123456789abcdef".to_owned();
        hit.passage.speaker = None;
        hit.passage.issuer = Some("商务局".to_owned());
        hit.document.date = "2025-12-17".parse().ok();
        hit.document.inferred = vec!["date".to_owned()];
        for (lang, expected) in [
            (
                "en",
                "“广州 grew.”\n— 商务局, “新闻”, [2025-12-17], paragraph 5, page 2, https://a.b/c [a.txt#4]\ngz-search:a.txt#4@0123456789abcdef\n",
            ),
            (
                "",
                "“广州 grew.”\n— 商务局, “新闻”, [2025-12-17], paragraph 5, page 2, https://a.b/c [a.txt#4]\ngz-search:a.txt#4@0123456789abcdef\n",
            ),
            (
                "zh-Hans",
                "“广州 grew.”\n——商务局，《新闻》，[2025-12-17]，第5段，第2页，https://a.b/c [a.txt#4]\ngz-search:a.txt#4@0123456789abcdef\n",
            ),
            (
                "zh-Hant",
                "「广州 grew.」\n——商务局，《新闻》，[2025-12-17]，第5段，第2頁，https://a.b/c [a.txt#4]\ngz-search:a.txt#4@0123456789abcdef\n",
            ),
        ] {
            hit.document.lang = lang.to_owned();
            assert_eq!(hit.citation().text(), expected);
        }
        assert_eq!(
            hit.citation().markdown(),
            "> 广州 grew.\n\n——商务局，[《新闻》](<https://a.b/c>)，\\[2025-12-17\\]，第5段，第2頁 \\[a.txt\\#4\\] `gz-search:a.txt#4@0123456789abcdef`\n"
        );
    }

    #[test]
    fn only_web_addresses_become_links() {
        for (url, expected_link) in [
            ("https://a.b/c", Some("https://a.b/c")),
            ("HTTP://a.b/?x=1&copy=2", Some("HTTP://a.b/?x=1&copy=2")),
            (
                "https://a.b/)> [x](javascript:alert(1)) <",
                Some("https://a.b/)%3E%20[x](javascript:alert(1))%20%3C"),
            ),
            ("https://a.b/\n\n# x\\", Some("https://a.b/%0A%0A#%20x%5C")),
            ("https://a.b/广", Some("https://a.b/%E5%B9%BF")),
            ("javascript:alert(1)", None),
            ("data:text/html,<b>", None),
            ("file.html", None),
            ("广", None),
            ("", None),
        ] {
            let rendered = hit_with("text", "Title", url, "en").citation().markdown();
            let (_, line, links) = parse_citation(&rendered);
            assert_eq!(links, expected_link.into_iter().collect::<Vec<_>>(), "{rendered}");
            assert!(links.is_empty() == line.contains(url), "{rendered}");
        }
    }

    proptest::proptest! {
        #[test]
        fn citations_escape_all_markup(
            text in r"([#>*_`~|<&!\\\[\]()$^=+.:0-9-]|广|word| |\n|<b>|&amp;|!\[x\]\(y\)|1\. ){1,30}",
            title in r"[#>*_`~|<&!\\\[\]()a ]{1,20}",
            url in r"(https://|javascript:)[<>()\[\]&; a\\]{0,9}",
        ) {
            let hit = hit_with(&format!("x{text}x"), &title, &url, "en");
            let rendered = visible_text(&hit.passage.text);
            let plain_citation = hit.citation().text();
            proptest::prop_assert!(plain_citation.starts_with(&format!("“{rendered}”\n")), "{}", plain_citation);
            proptest::prop_assert!(plain_citation.contains(&title) && plain_citation.ends_with("[<i>\"#0]\ngz-search:%3Ci%3E%22#0@\n"), "{}", plain_citation);
            let (quote, line, links) = parse_citation(&hit.citation().markdown());
            proptest::prop_assert_eq!(quote, rendered);
            proptest::prop_assert!(line.contains(title.trim()) && line.ends_with("[<i>\"#0] gz-search:%3Ci%3E%22#0@"), "{}", line);
            proptest::prop_assert_eq!(links.len(), usize::from(url.starts_with("https")));
        }
    }
}
