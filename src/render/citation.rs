//! Passage → a citation of it: a verbatim quote, who says it, and where it stands.

use std::fmt::Write;

use serde::Deserialize;

use super::{
    Page,
    markdown::{escaped, escaped_inside},
    snippet::passage_issuer,
    text::visible,
};
use crate::search::{DocumentInfo, Hit, PassageInfo};

/// How a [`Citation`] is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum CitationStyle {
    /// Plain text.
    Text,
    /// Markdown: the quote as one, the title as a link where the address of the release is known.
    Markdown,
}

/// A passage as it is quoted elsewhere: its whole text, speaker, issuer, title, date, number of the
/// paragraph, page where there are pages, address, and id. In Chinese where the release is. A date or an
/// issuer that was inferred rather than read stands in square brackets.
///
/// ```
/// # fn main() -> gz_search::Result<()> {
/// use gz_search::{Document, Index, Query};
///
/// let mut release = Document::new("ports", "Exports grew by 5 %.");
/// release.title = Some("Port News".to_owned());
/// release.issuer = Some("Bureau of Commerce".to_owned());
/// let index = Index::in_memory();
/// let writer = index.writer()?;
/// writer.add(&release)?;
/// writer.commit()?;
/// let results = index.searcher()?.search(&Query::new("exports"))?;
/// assert_eq!(
///     results.hits[0].citation().text(),
///     "“Exports grew by 5 %.”\n— Bureau of Commerce, “Port News”, paragraph 1 [ports#0]\n"
/// );
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Citation<'a> {
    document: &'a DocumentInfo,
    passage: &'a PassageInfo,
}

/// The marks and words of a language.
struct Wording {
    quote: [&'static str; 2],
    title: [&'static str; 2],
    dash: &'static str,
    comma: &'static str,
    paragraph: [&'static str; 2],
    page: [&'static str; 2],
}

const ENGLISH: Wording = Wording {
    quote: ["“", "”"],
    title: ["“", "”"],
    dash: "— ",
    comma: ", ",
    paragraph: ["paragraph ", ""],
    page: ["page ", ""],
};
const SIMPLIFIED: Wording = Wording {
    quote: ["“", "”"],
    title: ["《", "》"],
    dash: "——",
    comma: "，",
    paragraph: ["第", "段"],
    page: ["第", "页"],
};
const TRADITIONAL: Wording = Wording { quote: ["「", "」"], page: ["第", "頁"], ..SIMPLIFIED };

impl Hit {
    /// The passage as it is quoted elsewhere.
    pub const fn citation(&self) -> Citation<'_> {
        Citation::new(&self.document, &self.passage)
    }
}

impl<'a> Citation<'a> {
    /// A citation of a passage of `document`.
    pub const fn new(document: &'a DocumentInfo, passage: &'a PassageInfo) -> Self {
        Self { document, passage }
    }

    /// The citation in this style; ends with a line end.
    pub fn in_style(&self, style: CitationStyle) -> String {
        match style {
            CitationStyle::Text => self.text(),
            CitationStyle::Markdown => self.markdown(),
        }
    }

    /// Two lines of plain text. White space is shown as spaces; control characters are replaced.
    pub fn text(&self) -> String {
        let quote = between(self.wording().quote, visible(&self.passage.text).trim());
        format!("{quote}\n{} [{}]\n", self.attribution(), visible(&self.passage.id))
    }

    /// The line below the quote in plain text, without the id: who says it, where and when.
    pub fn attribution(&self) -> String {
        let title = self.title().map(|title| visible(&title));
        let address = self.document.url.as_deref().map(visible);
        self.line(title, address, visible)
    }

    /// A quote and a line below it in Markdown. Nothing in the texts is markup, and only an address of
    /// the web becomes a link.
    pub fn markdown(&self) -> String {
        let quote = escaped(self.passage.text.trim());
        let (title, url) = (self.title(), self.document.url.as_deref());
        let line = if let Some(destination) = url.and_then(destination) {
            let shown = escaped_inside(title.as_deref().or(url).unwrap_or_default());
            self.line(Some(format!("[{shown}](<{destination}>)")), None, escaped_inside)
        } else {
            let title = title.as_deref().map(escaped_inside);
            self.line(title, url.map(escaped_inside), escaped_inside)
        };
        format!("> {quote}\n\n{line} \\[{}\\]\n", escaped_inside(&self.passage.id))
    }

    /// Who says it, where and when; `title` and `address` as they are, the rest as `shown`.
    fn line(
        &self,
        title: Option<String>,
        address: Option<String>,
        shown: impl Fn(&str) -> String,
    ) -> String {
        let Self { document, passage } = self;
        let wording = self.wording();
        let issuer = passage_issuer(document, passage).map(|name| match &document.issuer {
            Some(known) if known == name => self.as_known("issuer", name),
            _ => name.to_owned(),
        });
        let date = document.date.map(|date| self.as_known("date", &date.to_string()));
        let page = passage.page.map(|page| between(wording.page, &page.to_string()));
        let paragraph = between(wording.paragraph, &passage.paragraph.to_string());
        let parts = [
            passage.speaker.as_deref().map(&shown),
            issuer.as_deref().map(&shown),
            title,
            date.as_deref().map(&shown),
            Some(shown(&paragraph)),
            page.as_deref().map(&shown),
            address,
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        format!("{}{}", wording.dash, parts.join(wording.comma))
    }

    fn title(&self) -> Option<String> {
        let title = self.document.title.as_deref()?;
        Some(between(self.wording().title, title))
    }

    /// `value`, in brackets where that field of the document was inferred.
    fn as_known(&self, field: &str, value: &str) -> String {
        let inferred = self.document.inferred.iter().any(|inferred| inferred == field);
        if inferred { format!("[{value}]") } else { value.to_owned() }
    }

    fn wording(&self) -> &'static Wording {
        match self.document.lang.as_str() {
            "zh-Hant" | "zh-TW" | "zh-HK" | "zh-MO" => &TRADITIONAL,
            lang if lang.starts_with("zh") => &SIMPLIFIED,
            _ => &ENGLISH,
        }
    }
}

/// The citations of all hits of a page, an empty line between two.
pub fn citations<'a>(page: impl Into<Page<'a>>, style: CitationStyle) -> String {
    let hits = page.into().hits();
    hits.map(|(hit, _)| hit.citation().in_style(style)).collect::<Vec<_>>().join("\n")
}

fn between([before, after]: [&str; 2], text: &str) -> String {
    format!("{before}{text}{after}")
}

/// An address as it may stand between `<` and `>` as the destination of a link; none where it is not one
/// of the web.
fn destination(url: &str) -> Option<String> {
    let begins = |scheme: &str| {
        url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    if !begins("https://") && !begins("http://") {
        return None;
    }
    let mut shown = String::with_capacity(url.len());
    for byte in url.bytes() {
        match byte {
            b'&' => shown.push_str("&amp;"),
            b'<' | b'>' | b'"' | b'\\' | b'`' => encoded(byte, &mut shown),
            _ if byte.is_ascii_graphic() => shown.push(char::from(byte)),
            _ => encoded(byte, &mut shown),
        }
    }
    Some(shown)
}

fn encoded(byte: u8, shown: &mut String) {
    let _ = write!(shown, "%{byte:02X}");
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

    use super::*;
    use crate::render::sample;

    /// The one hit of the sample, with these texts instead of its own.
    fn hit(text: &str, title: &str, url: &str, lang: &str) -> Hit {
        let mut hit = sample::hostile().hits.remove(0);
        hit.passage.text = text.to_owned();
        hit.document.title = Some(title.to_owned());
        hit.document.url = Some(url.to_owned()).filter(|url| !url.is_empty());
        hit.document.lang = lang.to_owned();
        hit
    }

    /// What a reader of Markdown sees of the quote and the line, and where its links lead.
    fn read(markdown: &str) -> (String, String, Vec<String>) {
        let options = Options::all().difference(Options::ENABLE_SMART_PUNCTUATION);
        let (mut quote, mut line, mut links, mut quoted) =
            (String::new(), String::new(), vec![], false);
        for event in Parser::new_ext(markdown, options) {
            match event {
                Event::Start(Tag::BlockQuote(None)) => quoted = true,
                Event::End(TagEnd::BlockQuote(None)) => quoted = false,
                Event::Text(text) => if quoted { &mut quote } else { &mut line }.push_str(&text),
                Event::Start(Tag::Link { dest_url, .. }) => links.push(dest_url.into_string()),
                Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph | TagEnd::Link) => {}
                other => panic!("{other:?} in {markdown}"),
            }
        }
        (quote, line, links)
    }

    #[test]
    fn citations_in_every_language() {
        let mut found = hit("广州 grew.", "新闻", "https://a.b/c", "zh-Hans");
        found.passage.paragraph = 5;
        found.passage.page = Some(2);
        found.passage.id = "a.txt#4".to_owned();
        found.passage.speaker = None;
        found.passage.issuer = Some("商务局".to_owned());
        found.document.date = "2025-12-17".parse().ok();
        found.document.inferred = vec!["date".to_owned()];
        for (lang, expected) in [
            (
                "en",
                "“广州 grew.”\n— 商务局, “新闻”, [2025-12-17], paragraph 5, page 2, https://a.b/c [a.txt#4]\n",
            ),
            (
                "",
                "“广州 grew.”\n— 商务局, “新闻”, [2025-12-17], paragraph 5, page 2, https://a.b/c [a.txt#4]\n",
            ),
            (
                "zh-Hans",
                "“广州 grew.”\n——商务局，《新闻》，[2025-12-17]，第5段，第2页，https://a.b/c [a.txt#4]\n",
            ),
            (
                "zh-Hant",
                "「广州 grew.」\n——商务局，《新闻》，[2025-12-17]，第5段，第2頁，https://a.b/c [a.txt#4]\n",
            ),
        ] {
            found.document.lang = lang.to_owned();
            assert_eq!(found.citation().text(), expected);
        }
        assert_eq!(
            found.citation().markdown(),
            "> 广州 grew.\n\n——商务局，[《新闻》](<https://a.b/c>)，\\[2025-12-17\\]，第5段，第2頁 \\[a.txt\\#4\\]\n"
        );
    }

    #[test]
    fn only_addresses_of_the_web_are_links() {
        for (url, leads_to) in [
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
            let shown = hit("text", "Title", url, "en").citation().markdown();
            let (_, line, links) = read(&shown);
            assert_eq!(links, leads_to.into_iter().collect::<Vec<_>>(), "{shown}");
            assert!(links.is_empty() == line.contains(url), "{shown}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_reader_sees_the_texts_and_no_markup(
            text in r"([#>*_`~|<&!\\\[\]()$^=+.:0-9-]|广|word| |\n|<b>|&amp;|!\[x\]\(y\)|1\. ){1,30}",
            title in r"[#>*_`~|<&!\\\[\]()a ]{1,20}",
            url in r"(https://|javascript:)[<>()\[\]&; a\\]{0,9}",
        ) {
            let found = hit(&format!("x{text}x"), &title, &url, "en");
            let shown = visible(&found.passage.text);
            let plain = found.citation().text();
            proptest::prop_assert!(plain.starts_with(&format!("“{shown}”\n")), "{}", plain);
            proptest::prop_assert!(plain.contains(&title) && plain.ends_with("[<i>\"#0]\n"), "{}", plain);
            let (quote, line, links) = read(&found.citation().markdown());
            proptest::prop_assert_eq!(quote, shown);
            proptest::prop_assert!(line.contains(title.trim()) && line.ends_with("[<i>\"#0]"), "{}", line);
            proptest::prop_assert_eq!(links.len(), usize::from(url.starts_with("https")));
        }
    }
}
