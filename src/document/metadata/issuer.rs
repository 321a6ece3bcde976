//! What a document says of itself at its beginning and its end → the body that issues it, where no field
//! has said it.
//!
//! Each rule is a place where releases of any origin name their issuer: the note of enactment of a law, the
//! title, the line under it, the first sentence, the signature, the note about the issuer at the end.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::{fields::MetadataField, organization};
use crate::document::{Date, Document};

/// The issuer stands among so many first and so many last lines.
const HEAD_LINES: usize = 12;
const TAIL_LINES: usize = 6;
/// A byline is one of so many lines under the title.
const BYLINES: usize = 2;

type Pattern = LazyLock<Option<Regex>>;
type Rule<'a> = &'a dyn Fn() -> Option<String>;

/// Where the issuer was found, in the order of the rules.
const ORIGINS: [&str; 8] = [
    "enactment",
    "title",
    "speaker",
    "byline",
    "site",
    "first sentence",
    "note about the issuer",
    "signature",
];

/// `2000年11月5日 中华人民共和国国务院令第295号公布`, `某市第七届人民代表大会常务委员会第十次会议通过`.
static ENACTED: Pattern = LazyLock::new(|| {
    Regex::new(r"^[(（]?(?:[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日)?\s*([^\s，。：]+?)(?:令第[0-9〇一二三四五六七八九十百]+[号號]\s*(?:公布|发布|發布)|第[0-9一二三四五六七八九十百]+次(?:全体|全體)?[会會][议議][^。]*?(?:通过|通過|修订|修訂|修正|批准))").ok()
});
/// The number of the session and the sitting of a body: `第十四届全国人民代表大会第三次会议`.
static SESSION: Pattern = LazyLock::new(|| {
    Regex::new(r"第[0-9一二三四五六七八九十百]+(?:[届屆]|次(?:全体|全體)?(?:会议|會議)$)").ok()
});
/// `立法院第8屆第1會期…會議紀錄`.
static SITTING: Pattern = LazyLock::new(|| {
    Regex::new(r"^([^\s，。第]+[院会會委])第[0-9一二三四五六七八九十]+[届屆次]").ok()
});
/// `Reply by Ms Li Wei, Minister for Transport, to …`: a member of a government who speaks for it.
static MINISTER: Pattern = LazyLock::new(|| {
    Regex::new(r"(?i:(?:^|[^a-z])((?:senior |deputy )?minister(?: of state)?)(?: \([A-Z]+\))?) (?i:(for|of)) ((?:the |The |THE )?[A-Z][A-Za-z’'-]*(?:(?:,)? (?:and the |AND THE |and |AND |of |OF |for |FOR |& )?[A-Z][A-Za-z’'-]*)*)").ok()
});
/// A longer name is none.
const MAX_NAME_CHARS: usize = 40;
/// `Dr`, with which the name of a person begins.
const HONORIFICS: [&str; 10] =
    ["Mr", "Ms", "Mrs", "Mdm", "Miss", "Dr", "Prof", "Professor", "Sir", "Dame"];
/// What a body does in the first sentence of its release, and what may stand before that.
const ANNOUNCES: [&str; 20] = [
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
const BEFORE: [&str; 6] = ["today", "has", "have", "is", "are", "will"];
/// The verb is one of so many first words.
const LEAD_WORDS: usize = 24;

impl Document {
    /// Infers the body that issues the document.
    pub(in crate::document) fn infer_issuer(&mut self) {
        if self.issuer.is_some() {
            return;
        }
        let lines = || self.text.lines().map(str::trim).filter(|line| !line.is_empty());
        let head: Vec<&str> =
            self.title.as_deref().into_iter().chain(lines().take(HEAD_LINES)).collect();
        let titles = self.titles();
        let tail: Vec<&str> = lines().rev().take(TAIL_LINES).collect();
        let find = |of: fn(&str) -> Option<String>| head.iter().find_map(|line| of(line));
        let rules: [Rule<'_>; 8] = [
            &|| find(enacted),
            &|| self.title.as_deref().and_then(titled),
            &|| find(deputed).or_else(|| titles.iter().find_map(|line| spoken(line))),
            &|| head.iter().skip(1).take(BYLINES).find_map(|line| byline(line)),
            &|| self.metadata.get("site").cloned(),
            &|| find(led),
            &|| lines().find_map(about),
            &|| tail.windows(2).find_map(signed),
        ];
        let found = rules.iter().zip(ORIGINS).find_map(|(rule, origin)| Some((rule()?, origin)));
        if let Some((issuer, origin)) = found {
            self.infer_field(MetadataField::Issuer, &named(&issuer), origin);
        }
    }
}

fn enacted(line: &str) -> Option<String> {
    let name = if line.contains('第') { group(&ENACTED, line)? } else { return None };
    is_short(name).then(|| name.to_owned())
}

/// `国务院办公厅关于…的通知`, or the body whose minutes these are.
fn titled(title: &str) -> Option<String> {
    let on = title.split_once("关于").or_else(|| title.split_once("關於"));
    let body = on.map(|(body, _)| body);
    let body = body.filter(|body| organization::is_name(body) || body.ends_with(['议', '議']));
    let sitting = || if title.contains('第') { group(&SITTING, title) } else { None };
    let body = body.or_else(sitting)?;
    is_short(body).then(|| body.to_owned())
}

fn is_short(name: &str) -> bool {
    (2..=MAX_NAME_CHARS).contains(&name.chars().count())
}

/// On whose behalf somebody speaks: `我代表国务院，向大会报告工作`, `On behalf of the State Council, I …`.
fn deputed(line: &str) -> Option<String> {
    let chinese = ["我代表", "我现在代表", "我現在代表"].iter().find_map(|me| {
        let (_, after) = line.split_once(me)?;
        after.split(['，', ',', '向']).next()
    });
    let english =
        || line.strip_prefix("On behalf of the ")?.split_once(", I ").map(|(body, _)| body);
    let body = chinese.or_else(english).filter(|body| organization::is_name(body))?;
    Some(body.to_owned())
}

/// The office of the member of a government who speaks.
fn spoken(title: &str) -> Option<String> {
    // The prime minister of another country is a guest.
    if !title.to_lowercase().contains("minister") {
        return None;
    }
    let found = captures(&MINISTER, title).filter(|found| {
        let before = found.get(1).and_then(|all| title.get(..all.start())).unwrap_or_default();
        !before.trim_end().to_lowercase().ends_with("prime")
    })?;
    let part = |index| found.get(index).map_or("", |part| part.as_str());
    let mut area = part(3);
    // Between capitals only a comma tells where the name of the office ends.
    if !area.contains(char::is_lowercase) {
        area = area.split(',').next().unwrap_or(area);
    }
    let area: Vec<&str> = area.split(' ').take_while(|word| !HONORIFICS.contains(word)).collect();
    let named = area.first().is_some_and(|first| !first.starts_with("State"));
    named.then(|| format!("{} {} {}", part(1), part(2), area.join(" ")))
}

/// `Deputy Secretary, Ministry of Law`: the body of a line that names an office in it.
fn byline(line: &str) -> Option<String> {
    let (_, body) = line.rsplit_once(", ").filter(|_| line.chars().count() <= 80)?;
    organization::is_name(body).then(|| body.to_owned())
}

/// `The Ministry of Transport (MOT) today announced …`, after a dateline or without.
fn led(line: &str) -> Option<String> {
    let start = line.strip_prefix("The ").or_else(|| {
        let (_, after) =
            line.split_once([" – ", " — ", " - "].iter().find(|dash| line.contains(**dash))?)?;
        after.strip_prefix("The ")
    })?;
    let words: Vec<&str> = start.split(' ').take(LEAD_WORDS).collect();
    let verb = words.iter().position(|word| ANNOUNCES.contains(word))?;
    let mut name = words.get(..verb)?;
    while let [before @ .., last] = name
        && (BEFORE.contains(last) || last.starts_with('('))
    {
        name = before;
    }
    let name = name.join(" ");
    let name = name.trim_end_matches(',');
    organization::is_name(name).then(|| name.to_owned())
}

/// `About the Ministry of Transport`, alone in a line.
fn about(line: &str) -> Option<String> {
    let body = line.strip_prefix("About ")?;
    let body = body.strip_prefix("the ").unwrap_or(body);
    organization::is_name(body).then(|| body.to_owned())
}

/// The name in the first of the last lines, which come from the end: what follows it is a date or says that
/// the text ends.
fn signed(lines: &[&str]) -> Option<String> {
    let &[after, line] = lines else { return None };
    let end = after.trim_matches(|c: char| !c.is_alphabetic()).eq_ignore_ascii_case("end");
    let ends = end || after.chars().all(|c| !c.is_alphanumeric()) || after.parse::<Date>().is_ok();
    (ends && line.is_ascii() && organization::is_name(line)).then(|| line.to_owned())
}

/// A name in one form: without the number of a session, `第十四届`, and not all in capitals.
fn named(name: &str) -> String {
    let session = name.contains('第').then(|| SESSION.as_ref()).flatten();
    let name = session.map_or(name.into(), |pattern| pattern.replace_all(name, ""));
    if name.contains(char::is_lowercase) {
        return name.into_owned();
    }
    let word = |word: &str| match word {
        "OF" | "FOR" | "THE" | "AND" | "ON" | "IN" => word.to_lowercase(),
        word => {
            let mut letters = word.chars();
            letters.next().into_iter().chain(letters.flat_map(char::to_lowercase)).collect()
        }
    };
    name.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

fn captures<'a>(pattern: &Pattern, text: &'a str) -> Option<Captures<'a>> {
    pattern.as_ref()?.captures(text)
}

/// What the first group of a pattern that took part matches.
fn group<'a>(pattern: &Pattern, text: &'a str) -> Option<&'a str> {
    let found = captures(pattern, text)?;
    found.iter().skip(1).flatten().next().map(|group| group.as_str().trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_that_issue() {
        for (title, text, expected) in [
            (
                "港口条例",
                "港口条例\n2000年11月5日 中华人民共和国国务院令第295号公布\n第一条 文。",
                Some(("中华人民共和国国务院", "enactment")),
            ),
            (
                "港口条例",
                "（2022年6月23日 某市第七届人民代表大会常务委员会第十次会议通过）\n第一条 文。",
                Some(("某市人民代表大会常务委员会", "enactment")),
            ),
            ("某省政府办公厅关于港口的通知", "各市：\n正文。", Some(("某省政府办公厅", "title"))),
            (
                "第十四届全国人民代表大会第三次会议关于港口的决议",
                "正文。",
                Some(("全国人民代表大会", "title")),
            ),
            ("我的意见关于港口", "正文。", None),
            ("立法院第8屆第1會期會議紀錄", "正文。", Some(("立法院", "title"))),
            ("", "各位代表，我代表国务院，向大会报告。", Some(("国务院", "speaker"))),
            ("", "On behalf of the State Council, I report.", Some(("State Council", "speaker"))),
            (
                "Reply by Ms Li Wei, Minister for Transport and the Ports, on 4 May 2020",
                "Text.",
                Some(("Minister for Transport and the Ports", "speaker")),
            ),
            (
                "Senior Minister of State for Transport Dr Li Wei to attend a meeting",
                "Text.",
                Some(("Senior Minister of State for Transport", "speaker")),
            ),
            (
                "SPEECH BY DR LI WEI, MINISTER FOR TRANSPORT AND THE PORTS, AT THE SECOND READING",
                "Text.",
                Some(("Minister for Transport and the Ports", "speaker")),
            ),
            ("Statement by the Prime Minister of the Kingdom of Ports", "Text.", None),
            ("A meeting of ports", "They met:\nLi Wei\nMinistry of Transport\nMa Li", None),
            ("Reply", "A question.\nTo ask the Minister for Transport how many.", None),
            (
                "REMARKS BY LI WEI",
                "DEPUTY SECRETARY, MINISTRY OF LAW\nGood morning.",
                Some(("Ministry of Law", "byline")),
            ),
            (
                "Form",
                "The Ministry of Transport (MOT) invites all ports.",
                Some(("Ministry of Transport", "first sentence")),
            ),
            (
                "New Rules",
                "LONDON, 1 May 2026 – The Department for Transport today announced rules.",
                Some(("Department for Transport", "first sentence")),
            ),
            ("Court", "The Court of Justice studies and develops law.", None),
            (
                "New Rules",
                "Rules are new.\nAbout the Ministry of Transport\nIt is a ministry.",
                Some(("Ministry of Transport", "note about the issuer")),
            ),
            (
                "New Rules",
                "Rules are new.\nMinistry of Transport\n- End -",
                Some(("Ministry of Transport", "signature")),
            ),
        ] {
            let mut document = Document::new("a", text);
            document.title = Some(title.to_owned()).filter(|title| !title.is_empty());
            document.infer_issuer();
            let origin = document.origins.get("issuer").map(String::as_str);
            assert_eq!(document.issuer.as_deref().zip(origin), expected, "{title} {text}");
        }
    }
}
