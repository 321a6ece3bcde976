//! Renders citations of passages: a verbatim quote, its speaker and its source.

use std::fmt::Write;

use serde::Deserialize;

use super::{
    Page,
    markdown::{escape_inline, escape_line},
    sanitize::visible,
    snippet::passage_issuer,
};
use crate::{
    document::Place,
    passage::{Speaker, names_office},
    script::is_han,
    search::{DocumentInfo, Hit, PassageInfo},
};

/// Format of a [`Citation`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum CitationStyle {
    /// Plain text.
    Text,
    /// Markdown: a block quote and an attribution line, with a link to the release if its web address is known.
    Markdown,
}

/// Citation of a passage: its full text, speaker, issuer, title, date, paragraph number, page or slide (if the document
/// has pages or slides), web address, and id. In a table, sheet and cells take the place of the paragraph number. The
/// punctuation follows the language of the release. Square brackets around a date, an issuer or a speaker mean that the
/// value was inferred, not read from the release.
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

/// Punctuation and words of a citation in one language.
struct Wording {
    quote: [&'static str; 2],
    title: [&'static str; 2],
    dash: &'static str,
    comma: &'static str,
    paragraph: [&'static str; 2],
    page: [&'static str; 2],
    slide: [&'static str; 2],
    sheet: [&'static str; 2],
    cells: [&'static str; 2],
}

const ENGLISH_WORDING: Wording = Wording {
    quote: ["“", "”"],
    title: ["“", "”"],
    dash: "— ",
    comma: ", ",
    paragraph: ["paragraph ", ""],
    page: ["page ", ""],
    slide: ["slide ", ""],
    sheet: ["sheet “", "”"],
    cells: ["cells ", ""],
};
const SIMPLIFIED_CHINESE_WORDING: Wording = Wording {
    quote: ["“", "”"],
    title: ["《", "》"],
    dash: "——",
    comma: "，",
    paragraph: ["第", "段"],
    page: ["第", "页"],
    slide: ["第", "张幻灯片"],
    sheet: ["工作表“", "”"],
    cells: ["单元格", ""],
};
const TRADITIONAL_CHINESE_WORDING: Wording = Wording {
    quote: ["「", "」"],
    page: ["第", "頁"],
    slide: ["第", "張投影片"],
    sheet: ["工作表「", "」"],
    cells: ["儲存格", ""],
    ..SIMPLIFIED_CHINESE_WORDING
};

impl Hit {
    /// Returns a citation of the passage of this hit.
    pub const fn citation(&self) -> Citation<'_> {
        Citation::new(&self.document, &self.passage)
    }
}

impl<'a> Citation<'a> {
    /// Returns a citation of a passage of `document`.
    pub const fn new(document: &'a DocumentInfo, passage: &'a PassageInfo) -> Self {
        Self { document, passage }
    }

    /// Returns the citation in the given style. The citation ends with a newline.
    pub fn in_style(&self, style: CitationStyle) -> String {
        match style {
            CitationStyle::Text => self.text(),
            CitationStyle::Markdown => self.markdown(),
        }
    }

    /// Returns the citation as two lines of plain text. White space is replaced by spaces, and control characters by
    /// U+FFFD.
    pub fn text(&self) -> String {
        let quote = enclose(self.wording().quote, visible(&self.passage.text).trim());
        format!("{quote}\n{} [{}]\n", self.attribution(), visible(&self.passage.id))
    }

    /// Returns the attribution line in plain text, without the id: speaker, issuer, title, date, and the paragraph with
    /// its page or slide, or the cells of a table.
    pub fn attribution(&self) -> String {
        let title = self.enclosed_title().map(|title| visible(&title));
        let address = self.document.url.as_deref().map(visible);
        self.attribution_line(title, address, visible)
    }

    /// Returns the citation as Markdown: a block quote and an attribution line. All texts are escaped. Only an
    /// address with the scheme `http` or `https` becomes a link.
    pub fn markdown(&self) -> String {
        let quote = escape_line(self.passage.text.trim());
        let (title, url) = (self.enclosed_title(), self.document.url.as_deref());
        let attribution = if let Some(destination) = url.and_then(link_destination) {
            let label = escape_inline(title.as_deref().or(url).unwrap_or_default());
            self.attribution_line(Some(format!("[{label}](<{destination}>)")), None, escape_inline)
        } else {
            let title = title.as_deref().map(escape_inline);
            self.attribution_line(title, url.map(escape_inline), escape_inline)
        };
        format!("> {quote}\n\n{attribution} \\[{}\\]\n", escape_inline(&self.passage.id))
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
        let issuer = self.issuer().map(|name| match &document.issuer {
            Some(document_issuer) if document_issuer == name => {
                self.bracketed_if_inferred("issuer", name)
            }
            _ => name.to_owned(),
        });
        let date = document.date.map(|date| self.bracketed_if_inferred("date", &date.to_string()));
        let page = passage.page.map(|page| enclose(wording.page, &page.to_string()));
        let place = passage.place.as_ref();
        let slide = place.and_then(Place::slide);
        let slide = slide.map(|slide| enclose(wording.slide, &slide.to_string()));
        let cells = place.and_then(Place::cells);
        let sheet = cells.filter(|(sheet, _)| !sheet.is_empty());
        let sheet = sheet.map(|(sheet, _)| enclose(wording.sheet, sheet));
        let position = match cells {
            Some((_, range)) => enclose(wording.cells, range),
            None => enclose(wording.paragraph, &passage.paragraph.to_string()),
        };
        let optional_components = [
            self.speaker().as_deref().map(&escape),
            issuer.as_deref().map(&escape),
            title,
            date.as_deref().map(&escape),
            sheet.as_deref().map(&escape),
            Some(escape(&position)),
            page.as_deref().map(&escape),
            slide.as_deref().map(&escape),
            address,
        ];
        let components: Vec<String> = optional_components.into_iter().flatten().collect();
        format!("{}{}", wording.dash, components.join(wording.comma))
    }

    /// Returns the issuer of the passage. `None` if the issuer is the office of a person other than the speaker,
    /// because readers would take the issuer for the office of the speaker.
    fn issuer(&self) -> Option<&str> {
        let issuer = passage_issuer(self.document, self.passage)?;
        let is_own_office = match self.passage.principal_speaker() {
            Some(Speaker { office: Some(office), .. }) => is_same_office(office, issuer),
            Some(Speaker { office: None, .. }) => false,
            None => true,
        };
        (is_own_office || !names_office(issuer)).then_some(issuer)
    }

    /// Returns the name of the speaker with the office, in square brackets if the speaker was inferred. Leaves out an
    /// office that the name contains, or that is the issuer.
    fn speaker(&self) -> Option<String> {
        let Self { document, passage } = self;
        let name = passage.speaker.as_deref()?;
        let Some(speaker) = passage.principal_speaker() else { return Some(name.to_owned()) };
        let issuer = passage_issuer(document, passage);
        let is_stated = |office: &&str| {
            name.contains(office) || issuer.is_some_and(|issuer| is_same_office(office, issuer))
        };
        let office = speaker.office.as_deref().filter(|office| !is_stated(office));
        let is_chinese = name.chars().any(is_han);
        let name_and_office = match office {
            Some(office) if is_chinese => format!("{office}{name}"),
            Some(office) => format!("{name}, {office}"),
            None => name.to_owned(),
        };
        Some(if speaker.inferred { format!("[{name_and_office}]") } else { name_and_office })
    }

    fn enclosed_title(&self) -> Option<String> {
        let title = self.document.title.as_deref()?;
        Some(enclose(self.wording().title, title))
    }

    /// Returns `value`, in square brackets if the field `field` of the document was inferred.
    fn bracketed_if_inferred(&self, field: &str, value: &str) -> String {
        let is_inferred = self.document.inferred.iter().any(|inferred| inferred == field);
        if is_inferred { format!("[{value}]") } else { value.to_owned() }
    }

    fn wording(&self) -> &'static Wording {
        match self.document.lang.as_str() {
            "zh-Hant" | "zh-TW" | "zh-HK" | "zh-MO" => &TRADITIONAL_CHINESE_WORDING,
            lang if lang.starts_with("zh") => &SIMPLIFIED_CHINESE_WORDING,
            _ => &ENGLISH_WORDING,
        }
    }
}

/// Renders the citations of all passages that a page shows, separated by empty lines.
pub fn citations<'a>(page: impl Into<Page<'a>>, style: CitationStyle) -> String {
    let hits = page.into().passages();
    hits.map(|(hit, _)| hit.citation().in_style(style)).collect::<Vec<_>>().join("\n")
}

/// Returns whether two titles name the same office: one title begins with the other, ignoring letter case.
fn is_same_office(title: &str, other_title: &str) -> bool {
    let (title, other_title) = (title.to_lowercase(), other_title.to_lowercase());
    title.starts_with(&other_title) || other_title.starts_with(&title)
}

fn enclose([before, after]: [&str; 2], text: &str) -> String {
    format!("{before}{text}{after}")
}

/// Encodes `url` as the destination of a Markdown link, for use between `<` and `>`. Returns `None` if `url` is not an
/// `http` or `https` address.
fn link_destination(url: &str) -> Option<String> {
    let has_scheme = |scheme: &str| {
        url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    if !has_scheme("https://") && !has_scheme("http://") {
        return None;
    }
    let mut destination = String::with_capacity(url.len());
    for byte in url.bytes() {
        match byte {
            b'&' => destination.push_str("&amp;"),
            b'<' | b'>' | b'"' | b'\\' | b'`' => push_percent_encoded(byte, &mut destination),
            _ if byte.is_ascii_graphic() => destination.push(char::from(byte)),
            _ => push_percent_encoded(byte, &mut destination),
        }
    }
    Some(destination)
}

fn push_percent_encoded(byte: u8, out: &mut String) {
    let _ = write!(out, "%{byte:02X}");
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

    use super::*;
    use crate::render::sample;

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
                Event::Text(text) => {
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
        hit.passage.speaker = None;
        hit.passage.issuer = Some("商务局".to_owned());
        hit.document.date = "2025-12-17".parse().ok();
        hit.document.inferred = vec!["date".to_owned()];
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
            hit.document.lang = lang.to_owned();
            assert_eq!(hit.citation().text(), expected);
        }
        assert_eq!(
            hit.citation().markdown(),
            "> 广州 grew.\n\n——商务局，[《新闻》](<https://a.b/c>)，\\[2025-12-17\\]，第5段，第2頁 \\[a.txt\\#4\\]\n"
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
            let rendered = visible(&hit.passage.text);
            let plain_citation = hit.citation().text();
            proptest::prop_assert!(plain_citation.starts_with(&format!("“{rendered}”\n")), "{}", plain_citation);
            proptest::prop_assert!(plain_citation.contains(&title) && plain_citation.ends_with("[<i>\"#0]\n"), "{}", plain_citation);
            let (quote, line, links) = parse_citation(&hit.citation().markdown());
            proptest::prop_assert_eq!(quote, rendered);
            proptest::prop_assert!(line.contains(title.trim()) && line.ends_with("[<i>\"#0]"), "{}", line);
            proptest::prop_assert_eq!(links.len(), usize::from(url.starts_with("https")));
        }
    }
}
