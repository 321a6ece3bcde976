//! Collects the data for citations in every style: authors, title, date, location of the passage, and which values were
//! inferred.

use std::fmt::Write as _;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::wording::{Wording, enclose};
use crate::{
    document::{Date, Place, issuer_names},
    index::content_hash,
    passage::{Speaker, names_office},
    render::{sanitize::visible_text, snippet::passage_issuer},
    script::is_han,
    search::{DocumentInfo, PassageInfo},
};

/// ASCII characters of a web address that are percent-encoded.
const PERCENT_ENCODED_CHARS: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');
/// Maximum number of characters of a document id in a citation key.
const MAX_KEY_ID_CHARS: usize = 32;

/// Data of a citation of a passage. Each text is on one line and free of control characters, but not escaped for any
/// style.
#[derive(Debug)]
pub(super) struct CitedSource<'a> {
    document: &'a DocumentInfo,
    passage: &'a PassageInfo,
    pub(super) wording: &'static Wording,
    /// Issuers of the passage, each in square brackets if inferred.
    pub(super) authors: Vec<String>,
    /// Title of the document; its id in square brackets if it has no title.
    pub(super) title: String,
    /// Date of the document.
    pub(super) date: Option<Date>,
    /// Whether the date was inferred, not stated in the document.
    pub(super) is_date_inferred: bool,
    /// Number of the document, such as `5号`.
    pub(super) number: Option<String>,
    /// Web address of the document in ASCII. `None` unless its scheme is `http` or `https`.
    pub(super) url: Option<String>,
    /// Link to the passage, with a hash of its text.
    pub(super) link: String,
}

impl<'a> CitedSource<'a> {
    pub(super) fn new(document: &'a DocumentInfo, passage: &'a PassageInfo) -> Self {
        let issuer = issuer(document, passage);
        let names = issuer.map(issuer_names).unwrap_or_default();
        let is_inferred = issuer == document.issuer.as_deref() && is_inferred(document, "issuer");
        let name = |name: &&str| bracketed_if(is_inferred, &visible_text(name));
        let title = document.title.as_deref().map(str::trim).filter(|title| !title.is_empty());
        Self {
            document,
            passage,
            wording: Wording::of_language(&document.lang),
            authors: names.iter().map(name).collect(),
            title: title.map_or_else(|| format!("[{}]", visible_text(&document.id)), visible_text),
            date: document.date,
            is_date_inferred: is_inferred_date(document),
            number: document.number.as_deref().map(visible_text),
            url: document.url.as_deref().and_then(web_address),
            link: passage.link().to_string(),
        }
    }

    /// Returns the language of the document as a BCP 47 code.
    pub(super) fn lang(&self) -> &'a str {
        &self.document.lang
    }

    /// Returns the text of the passage, in quotation marks.
    pub(super) fn quote(&self) -> String {
        enclose(self.wording.quote, visible_text(&self.passage.text).trim())
    }

    /// Returns a key of ASCII letters, digits and hyphens that no other passage has.
    pub(super) fn citation_key(&self) -> String {
        let file_name = self.document.id.rsplit('/').next().unwrap_or_default();
        let stem = file_name.rsplit_once('.').map_or(file_name, |(stem, _)| stem);
        let is_key_char = |c: &char| c.is_ascii_alphanumeric();
        let mut key: String = stem.chars().filter(is_key_char).take(MAX_KEY_ID_CHARS).collect();
        let mut digest = content_hash(self.passage.id.as_bytes());
        digest.truncate(8);
        let _ = write!(
            key,
            "{}p{}-{digest}",
            if key.is_empty() { "" } else { "-" },
            self.passage.paragraph
        );
        key
    }

    /// Returns a note with the data for which some formats have no separate field: location of the passage, speaker,
    /// names of inferred fields, and link.
    pub(super) fn note(&self) -> String {
        let Wording { comma, speaker_label, inferred_label, full_stop, field_names, .. } =
            self.wording;
        let fields = ["title", "issuer", "date", "number"].into_iter().zip(field_names);
        let inferred_fields: Vec<&str> = fields
            .filter(|(field, _)| is_inferred(self.document, field))
            .map(|(_, &name)| name)
            .collect();
        let mut sentences = vec![location_components(self.passage, self.wording).join(comma)];
        sentences.extend(self.speaker().map(|name| format!("{speaker_label}{name}")));
        if !inferred_fields.is_empty() {
            sentences.push(format!("{inferred_label}{}", inferred_fields.join(comma)));
        }
        format!("{}{full_stop}{}", sentences.join(full_stop), self.link)
    }

    /// Returns the quote, followed by a citation in parentheses: speaker, authors or title, year, and location of the
    /// passage.
    pub(super) fn quote_with_citation(&self) -> String {
        let Wording { title, comma, quoted_in, no_date, parentheses, .. } = self.wording;
        let source = match self.authors.as_slice() {
            [] => enclose(*title, &self.title),
            names => self.author_list(names),
        };
        let speaker = self.speaker().map(|name| format!("{name}{quoted_in}")).unwrap_or_default();
        let year = self.date.map(|date| date.year_month_day().0.to_string());
        let year = year.map(|year| bracketed_if(self.is_date_inferred, &year));
        let place = self.short_location();
        let components = [&source, year.as_deref().unwrap_or(no_date), &place];
        let citation = format!("{speaker}{}", components.join(comma));
        format!("{}{}", self.quote(), enclose(*parentheses, &citation))
    }

    /// Joins the names of authors as citations in parentheses do: `A & B`, `A et al.`, `A、B`, `A等`.
    fn author_list(&self, names: &[String]) -> String {
        let is_chinese = self.is_chinese();
        match names {
            [] => String::new(),
            [name] => name.clone(),
            [first, second] if is_chinese => format!("{first}、{second}"),
            [first, second] => format!("{first} & {second}"),
            [first, ..] if is_chinese => format!("{first}等"),
            [first, ..] => format!("{first} et al."),
        }
    }

    /// Returns whether the release is in Chinese.
    pub(super) fn is_chinese(&self) -> bool {
        self.document.lang.starts_with("zh")
    }

    /// Returns the page, slide or cells of the passage, or the number of its paragraph if it has none of these.
    fn short_location(&self) -> String {
        let passage = self.passage;
        let place = passage.place.as_ref();
        if passage.page.is_none() && place.is_none() {
            return enclose(self.wording.short_paragraph_affixes, &passage.paragraph.to_string());
        }
        let is_paragraph = |place: &&String| {
            **place == enclose(self.wording.paragraph, &passage.paragraph.to_string())
        };
        let location_components = location_components(passage, self.wording);
        let location_components: Vec<&str> = location_components
            .iter()
            .filter(|place| !is_paragraph(place))
            .map(String::as_str)
            .collect();
        location_components.join(self.wording.comma)
    }

    /// Returns the name and office of the speaker on one line, see [`speaker`].
    fn speaker(&self) -> Option<String> {
        speaker(self.document, self.passage).as_deref().map(visible_text)
    }
}

/// Returns the issuer of the passage. `None` if the issuer is the office of a person other than the speaker, because
/// readers would take the issuer for the office of the speaker.
pub(super) fn issuer<'a>(document: &'a DocumentInfo, passage: &'a PassageInfo) -> Option<&'a str> {
    let issuer = passage_issuer(document, passage)?;
    let is_own_office = match passage.principal_speaker() {
        Some(Speaker { office: Some(office), .. }) => is_same_office(office, issuer),
        Some(Speaker { office: None, .. }) => false,
        None => true,
    };
    (is_own_office || !names_office(issuer)).then_some(issuer)
}

/// Returns the name of the speaker with the office, in square brackets if the speaker was inferred. Leaves out an
/// office that the name contains, or that is the issuer.
pub(super) fn speaker(document: &DocumentInfo, passage: &PassageInfo) -> Option<String> {
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
    Some(bracketed_if(speaker.inferred, &name_and_office))
}

/// Returns the location of the passage in its file: sheet and cells of a table, or else the paragraph; then page and
/// slide; then a remark if its text was recognized in a picture.
pub(super) fn location_components(passage: &PassageInfo, wording: &Wording) -> Vec<String> {
    let place = passage.place.as_ref();
    let cells = place.and_then(Place::cells);
    let sheet = cells.map(|(sheet, _)| sheet).filter(|sheet| !sheet.is_empty());
    let position = match cells {
        Some((_, range)) => enclose(wording.cells, range),
        None => enclose(wording.paragraph, &passage.paragraph.to_string()),
    };
    let location_components = [
        sheet.map(|sheet| enclose(wording.sheet, sheet)),
        Some(position),
        passage.page.map(|page| enclose(wording.page, &page.to_string())),
        place.and_then(Place::slide).map(|slide| enclose(wording.slide, &slide.to_string())),
        passage.recognized.then(|| wording.recognized.to_owned()),
    ];
    location_components.into_iter().flatten().map(|place| visible_text(&place)).collect()
}

/// Returns whether the field `field` of the document was inferred.
pub(super) fn is_inferred(document: &DocumentInfo, field: &str) -> bool {
    document.inferred.iter().any(|inferred| inferred == field)
}

fn is_inferred_date(document: &DocumentInfo) -> bool {
    document.date.is_some() && is_inferred(document, "date")
}

/// Returns `value`, in square brackets if `is_inferred`.
pub(super) fn bracketed_if(is_inferred: bool, value: &str) -> String {
    if is_inferred { format!("[{value}]") } else { value.to_owned() }
}

/// Returns whether two titles name the same office: one title begins with the other, ignoring letter case.
fn is_same_office(title: &str, other_title: &str) -> bool {
    let (title, other_title) = (title.to_lowercase(), other_title.to_lowercase());
    title.starts_with(&other_title) || other_title.starts_with(&title)
}

/// Returns the web address in ASCII. Percent-encodes every character that could end a text or a group in one of the
/// citation styles: white space, quotation marks, backslashes, and angle and curly brackets. `None` if `url` is not an
/// `http` or `https` address.
pub(in crate::render) fn web_address(url: &str) -> Option<String> {
    let has_scheme = |scheme: &str| {
        url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    if !has_scheme("https://") && !has_scheme("http://") {
        return None;
    }
    Some(utf8_percent_encode(url, PERCENT_ENCODED_CHARS).to_string())
}
