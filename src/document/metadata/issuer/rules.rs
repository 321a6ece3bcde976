//! Rules that infer the issuer. Each rule is a function that reads one location of a document, such as the byline, and
//! returns the organization name in this location.

use std::{ops::RangeInclusive, sync::LazyLock};

use regex::{Captures, Regex};

use crate::document::metadata::{
    date::Date,
    date_rules::date_of_line,
    evidence::Evidence,
    fields::{Label, MetadataField, value_of_field},
    organization,
};

/// Number of lines under the title that are searched for a byline.
const MAX_LINES_TO_BYLINE: usize = 2;
/// Maximum length of a byline, in characters.
const MAX_BYLINE_CHARS: usize = 80;
/// Minimum and maximum length, in characters, of a Chinese organization name in a title or a note of enactment.
const NAME_CHARS: RangeInclusive<usize> = 2..=40;

type IssuerPattern = LazyLock<Option<Regex>>;

/// Pattern of the note of enactment of a law: `2000年11月5日 中华人民共和国国务院令第295号公布`,
/// `某市第七届人民代表大会常务委员会第十次会议通过`.
static ENACTMENT_NOTE: IssuerPattern = LazyLock::new(|| {
    Regex::new(r"^[(（]?(?:[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日)?\s*([^\s，。：]+?)(?:令第[0-9〇一二三四五六七八九十百]+[号號]\s*(?:公布|发布|發布)|第[0-9一二三四五六七八九十百]+次(?:全体|全體)?[会會][议議][^。]*?(?:通过|通過|修订|修訂|修正|批准))").ok()
});
/// Pattern of the number of a term or a session in the name of a parliament: 第十四届 and 第三次会议 in
/// `第十四届全国人民代表大会第三次会议`.
static TERM_OR_SESSION: IssuerPattern = LazyLock::new(|| {
    Regex::new(r"第[0-9一二三四五六七八九十百]+(?:[届屆]|次(?:全体|全體)?(?:会议|會議)$)").ok()
});
/// Pattern of the title of the minutes of a meeting: `立法院第8屆第1會期…會議紀錄`.
static MINUTES_TITLE: IssuerPattern = LazyLock::new(|| {
    Regex::new(r"^([^\s，。第]+[院会會委])第[0-9一二三四五六七八九十]+[届屆次]").ok()
});
/// Pattern of the office of a minister: `Minister for Transport` in `Reply by Ms Li Wei, Minister for Transport, to …`.
static MINISTER_OFFICE: IssuerPattern = LazyLock::new(|| {
    Regex::new(r"(?i:(?:^|[^a-z])((?:senior |deputy )?minister(?: of state)?)(?: \([A-Z]+\))?) (?i:(for|of)) ((?:the |The |THE )?[A-Z][A-Za-z’'-]*(?:(?:,)? (?:and the |AND THE |and |AND |of |OF |for |FOR |& )?[A-Z][A-Za-z’'-]*)*)").ok()
});
/// Titles of address before the name of a person.
const HONORIFICS: [&str; 10] =
    ["Mr", "Ms", "Mrs", "Mdm", "Miss", "Dr", "Prof", "Professor", "Sir", "Dame"];
/// Verbs of announcement. If the first sentence of a release contains one of these verbs, the issuer is the subject of
/// the sentence.
const ANNOUNCING_VERBS: [&str; 20] = [
    "announce",
    "announced",
    "announces",
    "announcing",
    "invite",
    "invited",
    "invites",
    "inviting",
    "published",
    "publishes",
    "publishing",
    "issued",
    "issues",
    "issuing",
    "released",
    "releases",
    "releasing",
    "launched",
    "launches",
    "pleased",
];
/// Words that may occur between the issuer and the announcing verb.
const WORDS_BEFORE_VERB: [&str; 6] = ["today", "has", "have", "is", "are", "will"];
/// Number of words at the beginning of a sentence that are searched for an announcing verb.
const MAX_WORDS_TO_VERB: usize = 24;

/// Returns the organization in the signature of a Chinese text. The signature is the line above the date at the end of
/// the text.
pub(super) fn issuer_in_chinese_signature(evidence: &Evidence<'_>) -> Option<String> {
    let last_lines = &evidence.last_lines;
    let date_index = last_lines.iter().rposition(|line| date_of_line(line).is_some())?;
    let name = last_lines.get(date_index.checked_sub(1)?)?;
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    (!name.is_ascii() && organization::is_name(&name)).then_some(name)
}

/// Returns the first line above the title that is the name of an organization.
pub(super) fn issuer_in_letterhead(lines: &[String]) -> Option<String> {
    lines.iter().find(|line| organization::is_name(line)).cloned()
}

/// Returns the value of the first label that names the issuer: `发文机关：国务院`.
pub(super) fn issuer_in_labels(blocks: &[Vec<Label>]) -> Option<String> {
    let issuer_name =
        blocks.iter().find_map(|labels| value_of_field(labels, MetadataField::Issuer))?;
    Some(issuer_name.to_owned())
}

/// Returns the organization in a note of enactment: `中华人民共和国国务院令第295号公布`.
pub(super) fn issuer_in_enactment_note(evidence: &Evidence<'_>) -> Option<String> {
    evidence.title_and_first_lines().find_map(enacting_organization)
}

fn enacting_organization(line: &str) -> Option<String> {
    if !line.contains('第') {
        return None;
    }
    let name = first_group(&ENACTMENT_NOTE, line)?;
    NAME_CHARS.contains(&name.chars().count()).then(|| name.to_owned())
}

/// Returns the organization in a title of the form `国务院办公厅关于…的通知`, or in the title of minutes
/// (`立法院…會議紀錄`).
pub(super) fn issuer_in_title(evidence: &Evidence<'_>) -> Option<String> {
    let title = evidence.document.title.as_deref()?;
    let name = organization_before_subject(title).or_else(|| {
        if !title.contains('第') {
            return None;
        }
        first_group(&MINUTES_TITLE, title)
    })?;
    NAME_CHARS.contains(&name.chars().count()).then(|| name.to_owned())
}

fn organization_before_subject(title: &str) -> Option<&str> {
    let (name, _) = title.split_once("关于").or_else(|| title.split_once("關於"))?;
    (organization::is_name(name) || name.ends_with(['议', '議'])).then_some(name)
}

/// Returns the organization that the speaker of a speech represents. If the document does not state this organization,
/// returns the office of the minister in the title or a heading.
pub(super) fn issuer_of_speech(evidence: &Evidence<'_>) -> Option<String> {
    let represented_name = evidence.title_and_first_lines().find_map(represented_organization);
    represented_name.or_else(|| evidence.title_and_headings().find_map(minister_office))
}

/// Returns the organization that the speaker represents, from a line such as `我代表国务院，向大会报告工作` or
/// `On behalf of the State Council, I …`.
fn represented_organization(line: &str) -> Option<String> {
    let chinese_name = ["我代表", "我现在代表", "我現在代表"].iter().find_map(|opening| {
        let (_, after_opening) = line.split_once(opening)?;
        after_opening.split(['，', ',', '向']).next()
    });
    let name = chinese_name.or_else(|| {
        let (name, _) = line.strip_prefix("On behalf of the ")?.split_once(", I ")?;
        Some(name)
    })?;
    organization::is_name(name).then(|| name.to_owned())
}

/// Returns the office of the minister in a title such as `Reply by Ms Li Wei, Minister for Transport, to
/// …`.
fn minister_office(title: &str) -> Option<String> {
    if !title.to_lowercase().contains("minister") {
        return None;
    }
    let groups = captures(&MINISTER_OFFICE, title)?;
    let group_text = |index| groups.get(index).map_or("", |group| group.as_str());
    let text_before_office =
        groups.get(1).and_then(|office| title.get(..office.start())).unwrap_or_default();
    // A prime minister in a title is assumed to be a guest from another country.
    if text_before_office.trim_end().to_lowercase().ends_with("prime") {
        return None;
    }
    let mut office_area = group_text(3);
    // In a title in capitals, only a comma can end the name of the office.
    if !office_area.contains(char::is_lowercase) {
        office_area = office_area.split(',').next().unwrap_or(office_area);
    }
    let office_area: Vec<&str> =
        office_area.split(' ').take_while(|word| !HONORIFICS.contains(word)).collect();
    let has_area = office_area.first().is_some_and(|first| !first.starts_with("State"));
    has_area.then(|| format!("{} {} {}", group_text(1), group_text(2), office_area.join(" ")))
}

/// Returns the organization in a byline under the title: `Deputy Secretary, Ministry of Law`.
pub(super) fn issuer_in_byline(evidence: &Evidence<'_>) -> Option<String> {
    evidence.title_and_first_lines().skip(1).take(MAX_LINES_TO_BYLINE).find_map(|line| {
        let (_, name) = line.rsplit_once(", ")?;
        let is_byline = line.chars().count() <= MAX_BYLINE_CHARS && organization::is_name(name);
        is_byline.then(|| name.to_owned())
    })
}

/// Returns the organization that owns the website, as found by the HTML reader.
pub(super) fn issuer_by_site(evidence: &Evidence<'_>) -> Option<String> {
    evidence.document.metadata.get("site").cloned()
}

/// Returns the organization that is the subject of an announcing verb in one of the first lines: `The Ministry of
/// Transport (MOT) today announced …`. A dateline may precede the sentence.
pub(super) fn issuer_in_first_sentence(evidence: &Evidence<'_>) -> Option<String> {
    evidence.title_and_first_lines().find_map(announcing_organization)
}

fn announcing_organization(line: &str) -> Option<String> {
    let sentence_without_article =
        line.strip_prefix("The ").or_else(|| text_after_dateline(line)?.strip_prefix("The "))?;
    let first_words: Vec<&str> =
        sentence_without_article.split(' ').take(MAX_WORDS_TO_VERB).collect();
    let verb_index = first_words.iter().position(|word| ANNOUNCING_VERBS.contains(word))?;
    let mut subject = first_words.get(..verb_index)?;
    while let [preceding_words @ .., last_word] = subject
        && (WORDS_BEFORE_VERB.contains(last_word) || last_word.starts_with('('))
    {
        subject = preceding_words;
    }
    let subject = subject.join(" ");
    let subject = subject.trim_end_matches(',');
    organization::is_name(subject).then(|| subject.to_owned())
}

/// Returns the text after the dash of a dateline.
fn text_after_dateline(line: &str) -> Option<&str> {
    let dash = [" – ", " — ", " - "].iter().find(|dash| line.contains(**dash))?;
    Some(line.split_once(dash)?.1)
}

/// Returns the organization in a line such as `About the Ministry of Transport`.
pub(super) fn issuer_in_about_note(evidence: &Evidence<'_>) -> Option<String> {
    evidence.lines().find_map(|line| {
        let name = line.strip_prefix("About ")?;
        let name = name.strip_prefix("the ").unwrap_or(name);
        organization::is_name(name).then(|| name.to_owned())
    })
}

/// Returns the organization in the signature of an English text: the last line that consists of an organization name
/// and is followed by a date or an end mark (`- End -`).
pub(super) fn issuer_in_english_signature(evidence: &Evidence<'_>) -> Option<String> {
    evidence.last_lines.windows(2).rev().find_map(|pair| {
        let &[name, line_below] = pair else { return None };
        let is_signature =
            name.is_ascii() && organization::is_name(name) && is_end_of_text(line_below);
        is_signature.then(|| name.to_owned())
    })
}

/// Returns whether the line under a signature ends the text. Such a line is a date, an end mark (`- End -`), or
/// contains neither letters nor digits.
fn is_end_of_text(line: &str) -> bool {
    let letters = line.trim_matches(|c: char| !c.is_alphabetic());
    letters.eq_ignore_ascii_case("end")
        || line.chars().all(|c| !c.is_alphanumeric())
        || line.parse::<Date>().is_ok()
}

/// Returns `name` without the number of a parliamentary term or session (`第十四届`). Converts a name in capitals to
/// normal capitalization.
pub(super) fn normalized_name(name: &str) -> String {
    let term_or_session = if name.contains('第') { TERM_OR_SESSION.as_ref() } else { None };
    let name = term_or_session.map_or(name.into(), |pattern| pattern.replace_all(name, ""));
    if name.contains(char::is_lowercase) {
        return name.into_owned();
    }
    name.split(' ').map(capitalize).collect::<Vec<_>>().join(" ")
}

/// Converts a word in capitals to lower case, except for its first letter. Articles, conjunctions and prepositions
/// become entirely lower case.
fn capitalize(word: &str) -> String {
    if matches!(word, "OF" | "FOR" | "THE" | "AND" | "ON" | "IN") {
        return word.to_lowercase();
    }
    let mut letters = word.chars();
    letters.next().into_iter().chain(letters.flat_map(char::to_lowercase)).collect()
}

fn captures<'a>(pattern: &IssuerPattern, text: &'a str) -> Option<Captures<'a>> {
    pattern.as_ref()?.captures(text)
}

/// Returns the text of the first capture group that took part in the match. `None` if `pattern` does not
/// match.
fn first_group<'a>(pattern: &IssuerPattern, text: &'a str) -> Option<&'a str> {
    let groups = captures(pattern, text)?;
    groups.iter().skip(1).flatten().next().map(|group| group.as_str().trim())
}
