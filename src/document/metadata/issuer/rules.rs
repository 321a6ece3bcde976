//! Rules that infer the issuer. Each rule is a function that reads one location of a document, such as the byline, and
//! returns the organization name in this location.

use std::{ops::RangeInclusive, sync::LazyLock};

use regex::{Captures, Regex};

use super::minister;
use crate::document::metadata::{
    date::Date,
    date_rules::date_of_line,
    evidence::DocumentEvidence,
    fields::{LabelledValue, MetadataField, normalized_label, value_of_field},
    issuer_names, organization,
};

/// Number of lines under the title that are searched for a byline.
const MAX_BYLINE_SEARCH_LINES: usize = 2;
/// Maximum length of a byline, in characters.
const MAX_BYLINE_CHARS: usize = 80;
/// Range of the length, in characters, of a Chinese organization name in a title or a note of enactment.
const CHINESE_NAME_CHAR_RANGE: RangeInclusive<usize> = 2..=40;

/// Words that denote the position of a person in an organization.
const JOB_TITLES: [&str; 20] = [
    "administrator",
    "ambassador",
    "chair",
    "chairman",
    "chairperson",
    "chief",
    "commissioner",
    "counsel",
    "director",
    "executive",
    "governor",
    "head",
    "manager",
    "minister",
    "officer",
    "president",
    "representative",
    "secretary",
    "spokesperson",
    "undersecretary",
];
/// Labels before the name of the source from which a page took its text. The source may be an office, a news agency or
/// a website.
const SOURCE_LABELS: [&str; 5] = ["来源", "來源", "信息来源", "稿源", "文章来源"];

/// Regular expression that is compiled at its first use. `None` if it is invalid.
type IssuerPattern = LazyLock<Option<Regex>>;

/// Patterns of the note of enactment of a law, in order of precedence: `2000年11月5日 国务院令第295号公布`,
/// `1995年9月14日 中国人民银行发布`, `某市第七届人民代表大会常务委员会第十次会议通过`, `1995年8月30日 国务院批准`.
static ENACTMENT_NOTES: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let date = r"[0-9０-９]{4}年[0-9０-９]{1,2}月[0-9０-９]{1,2}日\s*(?:经|由)?";
    let number = r"[0-9０-９〇一二三四五六七八九十百]+";
    let patterns = [
        format!(
            r"^[(（]?(?:{date})?\s*([^\s，。：《》]+?)(?:令第{number}[号號]|第{number}[号號]令)\s*(?:公布|发布|發布|颁布)"
        ),
        format!(r"^[(（]?{date}\s*([^\s，。：《》第]+?)(?:公布|发布|發布|颁布)"),
        format!(
            r"^[(（]?(?:{date})?\s*([^\s，。：《》]+?)第{number}次[^\s，。：《》]{{0,3}}?[会會][议議][^。]*?(?:通过|通過|修订|修訂|修正|批准)"
        ),
        format!(r"^[(（]?{date}\s*([^\s，。：《》第]+?)(?:批准|批復|批复)"),
    ];
    patterns.iter().filter_map(|pattern| Regex::new(pattern).ok()).collect()
});
/// Pattern of the title of the yearly report of an organ: `2024年某市人民政府工作报告`.
static REPORT_TITLE: IssuerPattern = LazyLock::new(|| {
    Regex::new(r"^(?:[0-9]{4}年)?([^\s，。]+?(?:政府|国务院|國務院|法院|检察院|檢察院|委员会|委員會))(?:政府)?工作(?:报告|報告)").ok()
});
/// Pattern of the title of the minutes of a meeting: `立法院第8屆第1會期…會議紀錄`.
static MINUTES_TITLE: IssuerPattern = LazyLock::new(|| {
    Regex::new(r"^([^\s，。第]+[院会會委])第[0-9一二三四五六七八九十]+[届屆次]").ok()
});
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
const WORDS_BEFORE_ANNOUNCING_VERB: [&str; 6] = ["today", "has", "have", "is", "are", "will"];
/// Number of words at the beginning of a sentence that are searched for an announcing verb.
const MAX_WORDS_SEARCHED_FOR_VERB: usize = 24;

/// Returns the organization in the signature of a Chinese text. The signature is the line above the date at the end of
/// the text.
pub(super) fn issuer_in_chinese_signature(evidence: &DocumentEvidence<'_>) -> Option<String> {
    let last_lines = &evidence.last_lines;
    let date_index = last_lines.iter().rposition(|line| date_of_line(line).is_some())?;
    let name = last_lines.get(date_index.checked_sub(1)?)?;
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    (!name.is_ascii() && organization::is_organization_name(&name)).then_some(name)
}

/// Returns the first line above the title that is the name of an organization.
pub(super) fn issuer_in_letterhead(lines: &[String]) -> Option<String> {
    lines.iter().find(|line| organization::is_organization_name(line)).cloned()
}

/// Returns the value of the first label that names the issuer: `发文机关：国务院`. Each vector holds the labels of one line.
pub(super) fn issuer_in_labels(label_lines: &[Vec<LabelledValue>]) -> Option<String> {
    let issuer_name =
        label_lines.iter().find_map(|labels| value_of_field(labels, MetadataField::Issuer))?;
    Some(issuer_names::stated_bodies(issuer_name))
}

/// Returns the source of a page if it is a Chinese organization: `来源：某市港口局`. A news agency or a website is not the
/// issuer.
pub(super) fn issuer_in_source_label(label_lines: &[Vec<LabelledValue>]) -> Option<String> {
    let labels = label_lines.iter().flatten();
    let mut sources =
        labels.filter(|(label, _)| SOURCE_LABELS.contains(&normalized_label(label).as_str()));
    sources
        .find(|(_, name)| {
            !name.is_ascii() && organization::is_organization_name(name) && !is_bare_division(name)
        })
        .map(|(_, name)| name.clone())
}

/// Returns whether a Chinese name is that of a division of an organization whose name it omits: `价格司`.
fn is_bare_division(name: &str) -> bool {
    const MAX_DIVISION_CHARS: usize = 5;
    name.chars().count() <= MAX_DIVISION_CHARS && name.ends_with(['司', '处', '處', '科'])
}

/// Returns the organization in a note of enactment: `中华人民共和国国务院令第295号公布`.
pub(super) fn issuer_in_enactment_note(evidence: &DocumentEvidence<'_>) -> Option<String> {
    let mut names = ENACTMENT_NOTES.iter().filter_map(|pattern| {
        evidence
            .title_and_first_lines()
            .find_map(|line| organization_in_enactment_note(line, pattern))
    });
    names.next().map(str::to_owned)
}

/// Returns the organization in `line` if the line matches `pattern`, which is one of [`ENACTMENT_NOTES`].
fn organization_in_enactment_note<'a>(line: &'a str, pattern: &Regex) -> Option<&'a str> {
    let name = pattern.captures(line)?.get(1)?.as_str();
    let is_name = CHINESE_NAME_CHAR_RANGE.contains(&name.chars().count())
        && (organization::ends_like_chinese_organization(name)
            || name.contains(['、', '届', '屆']) && !organization::is_chinese_clause(name));
    is_name.then_some(name)
}

/// Returns the organization in a title of the form `国务院办公厅关于…的通知`, or in the title of minutes
/// (`立法院…會議紀錄`) or of a yearly report (`某市人民政府工作报告`).
pub(super) fn issuer_in_title(evidence: &DocumentEvidence<'_>) -> Option<String> {
    let title = evidence.document.title.as_deref()?;
    let name = organization_before_subject(title).or_else(|| {
        if title.contains("工作") {
            return first_matched_group(&REPORT_TITLE, title);
        }
        if !title.contains('第') {
            return None;
        }
        first_matched_group(&MINUTES_TITLE, title)
    })?;
    let is_name = CHINESE_NAME_CHAR_RANGE.contains(&name.chars().count())
        && !organization::is_chinese_clause(name);
    is_name.then(|| name.to_owned())
}

/// Returns the organization before 关于 (about) in a title.
fn organization_before_subject(title: &str) -> Option<&str> {
    let (name, _) = title.split_once("关于").or_else(|| title.split_once("關於"))?;
    (organization::is_organization_name(name) || name.ends_with(['议', '議'])).then_some(name)
}

/// Returns the organization that the speaker of a speech represents. If the document does not state this organization,
/// returns the ministry of the minister in the title or a heading.
pub(super) fn issuer_of_speech(evidence: &DocumentEvidence<'_>) -> Option<String> {
    let represented_name = evidence.title_and_first_lines().find_map(represented_organization);
    represented_name.or_else(|| minister::ministry_of_speaker(evidence))
}

/// Returns the organization that the speaker represents, from a line such as `我代表国务院，向大会报告工作` or
/// `On behalf of the State Council, I …`.
fn represented_organization(line: &str) -> Option<String> {
    let chinese_name = ["我代表", "我现在代表", "我現在代表"].iter().find_map(|opening| {
        let (_, after_opening) = line.split_once(opening)?;
        after_opening.split(['，', ',', '向']).next()
    });
    let chinese_name = chinese_name.or_else(|| {
        let (name, _) = line.split_once("我受")?.1.split_once("委托")?;
        Some(name.trim_end_matches('的'))
    });
    let name = chinese_name.or_else(|| {
        let (name, _) = line.strip_prefix("On behalf of the ")?.split_once(", I ")?;
        Some(name)
    })?;
    organization::is_organization_name(name).then(|| name.to_owned())
}

/// Returns the organization in a byline under the title: `Deputy Secretary, Ministry of Law`.
pub(super) fn issuer_in_byline(evidence: &DocumentEvidence<'_>) -> Option<String> {
    evidence.title_and_first_lines().skip(1).take(MAX_BYLINE_SEARCH_LINES).find_map(|line| {
        let (position, name) = line.rsplit_once(", ")?;
        let position = position.rsplit(", ").next().unwrap_or_default();
        let is_byline = line.chars().count() <= MAX_BYLINE_CHARS
            && position
                .split(' ')
                .any(|word| JOB_TITLES.iter().any(|p| p.eq_ignore_ascii_case(word)))
            && organization::is_organization_name(name);
        is_byline.then(|| name.to_owned())
    })
}

/// Returns the organization that owns the website, as found by the HTML reader.
pub(super) fn issuer_by_site(evidence: &DocumentEvidence<'_>) -> Option<String> {
    evidence.document.metadata.get("site").cloned()
}

/// Returns the organization that is the subject of an announcing verb in one of the first lines:
/// `The Ministry of Transport (MOT) today announced …`. A dateline may precede the sentence.
pub(super) fn issuer_in_first_sentence(evidence: &DocumentEvidence<'_>) -> Option<String> {
    evidence.title_and_first_lines().find_map(announcing_organization)
}

/// Returns the organization that is the subject of an announcing verb in the sentence at the beginning of `line`.
fn announcing_organization(line: &str) -> Option<String> {
    let sentence_without_article =
        line.strip_prefix("The ").or_else(|| text_after_dateline(line)?.strip_prefix("The "))?;
    let first_words: Vec<&str> =
        sentence_without_article.split(' ').take(MAX_WORDS_SEARCHED_FOR_VERB).collect();
    let verb_index = first_words.iter().position(|word| ANNOUNCING_VERBS.contains(word))?;
    let mut subject = first_words.get(..verb_index)?;
    while let [preceding_words @ .., last_word] = subject
        && (WORDS_BEFORE_ANNOUNCING_VERB.contains(last_word) || last_word.starts_with('('))
    {
        subject = preceding_words;
    }
    let subject = subject.join(" ");
    let subject = subject.trim_end_matches(',');
    organization::is_organization_name(subject).then(|| subject.to_owned())
}

/// Returns the text after the dash of a dateline.
fn text_after_dateline(line: &str) -> Option<&str> {
    let dash = [" – ", " — ", " - "].iter().find(|dash| line.contains(**dash))?;
    Some(line.split_once(dash)?.1)
}

/// Returns the organization in a line such as `About the Ministry of Transport`.
pub(super) fn issuer_in_about_note(evidence: &DocumentEvidence<'_>) -> Option<String> {
    evidence.lines().find_map(|line| {
        let name = line.strip_prefix("About ")?;
        let name = name.strip_prefix("the ").unwrap_or(name);
        organization::is_organization_name(name).then(|| name.to_owned())
    })
}

/// Returns the organization in the signature of an English text: the last line that consists of an organization name
/// and is followed by a date or an end mark (`- End -`).
pub(super) fn issuer_in_english_signature(evidence: &DocumentEvidence<'_>) -> Option<String> {
    evidence.last_lines.windows(2).rev().find_map(|pair| {
        let &[name, line_below] = pair else { return None };
        let is_signature = name.is_ascii()
            && organization::is_organization_name(name)
            && ends_text_below_signature(line_below);
        is_signature.then(|| name.to_owned())
    })
}

/// Returns whether the line under a signature ends the text. Such a line is a date, an end mark (`- End -`), or
/// contains neither letters nor digits.
fn ends_text_below_signature(line: &str) -> bool {
    let letters = line.trim_matches(|c: char| !c.is_alphabetic());
    letters.eq_ignore_ascii_case("end")
        || line.chars().all(|c| !c.is_alphanumeric())
        || line.parse::<Date>().is_ok()
}

/// Returns the capture groups of the first match of `pattern` in `text`. `None` if `pattern` does not match.
fn captures<'a>(pattern: &IssuerPattern, text: &'a str) -> Option<Captures<'a>> {
    pattern.as_ref()?.captures(text)
}

/// Returns the text of the first capture group that took part in the match. `None` if `pattern` does not
/// match.
fn first_matched_group<'a>(pattern: &IssuerPattern, text: &'a str) -> Option<&'a str> {
    let groups = captures(pattern, text)?;
    groups.iter().skip(1).flatten().next().map(|group| group.as_str().trim())
}
