//! A heading → the body that announces; a paragraph → who speaks in it.

use std::ops::RangeInclusive;

use crate::document::{HAN_ORGANIZATION_ENDINGS, ORGANIZATION_WORDS};

/// Verbs of reported speech. All end with a d, as few other words do.
const VERBS: [&str; 17] = [
    "said",
    "stated",
    "introduced",
    "noted",
    "announced",
    "explained",
    "added",
    "emphasized",
    "stressed",
    "told",
    "revealed",
    "remarked",
    "pointed",
    "reported",
    "disclosed",
    "observed",
    "mentioned",
];
/// Offices that a speaker holds.
const OFFICES: [&str; 24] = [
    "Director",
    "Director-General",
    "Minister",
    "Secretary",
    "Chairman",
    "Chairwoman",
    "Chair",
    "Commissioner",
    "President",
    "Governor",
    "Mayor",
    "Chief",
    "Head",
    "Officer",
    "Administrator",
    "Spokesperson",
    "Spokesman",
    "Spokeswoman",
    "Deputy",
    "Vice",
    "Assistant",
    "Professor",
    "General",
    "CEO",
];
const HAN_VERBS: [&str; 8] = ["表示", "介绍", "介紹", "指出", "强调", "強調", "说", "說"];
/// Offices after which a Chinese name stands.
const HAN_OFFICES: [&str; 16] = [
    "主任",
    "局长",
    "局長",
    "书记",
    "部长",
    "部長",
    "司长",
    "司長",
    "处长",
    "主席",
    "发言人",
    "發言人",
    "市长",
    "市長",
    "省长",
    "总理",
];

/// Titles with which a name begins before a colon: `Mr Don Wee:`.
const HONORIFICS: [&str; 14] = [
    "Mr",
    "Mr.",
    "Ms",
    "Ms.",
    "Mrs",
    "Mrs.",
    "Mdm",
    "Dr",
    "Dr.",
    "Prof",
    "Professor",
    "Minister",
    "Secretary",
    "President",
];
/// Who speaks without a name in a Chinese transcript.
const HAN_SPEAKERS: [&str; 8] = ["主席", "主持人", "发言人", "發言人", "记者", "記者", "問", "答"];
/// Offices between a surname and a given name: 許委員添財.
const HAN_BETWEEN: [&str; 12] = [
    "委員",
    "部長",
    "處長",
    "署長",
    "局長",
    "主任秘書",
    "院長",
    "司長",
    "主任",
    "次長",
    "秘書長",
    "代表",
];
/// So much before a verb may name who speaks, in bytes, and so many characters after an office.
const NAME_BYTES: usize = 300;
const NAME_CHARS: usize = 8;
/// A longer label names nobody.
const LABEL_CHARS: usize = 40;

/// The body that a heading of the shape `BODY: headline` names.
pub(super) fn issuer(heading: &str) -> Option<&str> {
    let (name, headline) = heading.split_once([':', '：'])?;
    let (name, headline) = (name.trim(), headline.trim());
    let english = name.split_whitespace().any(|word| ORGANIZATION_WORDS.contains(&word));
    let chinese = name.chars().last().is_some_and(|last| HAN_ORGANIZATION_ENDINGS.contains(last))
        && name.chars().count() <= 20;
    (!headline.is_empty() && (english || chinese)).then_some(name)
}

/// Who speaks in a paragraph: a transcript's label, `Name, office, said`, `Name said`, or a Chinese
/// office with a name and a verb.
pub(super) fn speaker(text: &str) -> Option<&str> {
    labelled(text).or_else(|| reported(text)).or_else(|| chinese(text))
}

/// A label before a colon that names who speaks: `MR. SULLIVAN:`, `Mr Don Wee:`, `主席：`, `許委員添財：`.
fn labelled(text: &str) -> Option<&str> {
    let end = text.char_indices().take(LABEL_CHARS + 1).find(|(_, c)| matches!(c, ':' | '：'))?.0;
    let (label, said) = (text.get(..end)?, text.get(end..)?);
    if said.starts_with('：') {
        // 主席（盧委員秀燕）：
        let label = label.split('（').next().unwrap_or(label);
        return is_han_speaker(label).then_some(label);
    }
    let upper = label.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase)
        && label.chars().filter(char::is_ascii_uppercase).count() >= 3;
    let particle = |word: &str| matches!(word, "de" | "bin" | "binte" | "van" | "von");
    let titled = label.split_once(' ').is_some_and(|(title, name)| {
        HONORIFICS.contains(&title) && name.split(' ').all(|word| is_name(word) || particle(word))
    });
    let spoken = said.get(1..).is_some_and(|said| said.starts_with(char::is_whitespace));
    ((upper || titled) && spoken).then_some(label)
}

fn is_han_speaker(label: &str) -> bool {
    let han = label.chars().all(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c));
    let between = HAN_BETWEEN.iter().filter_map(|office| label.split_once(office));
    let mut named =
        between.map(|(surname, given)| (surname.chars().count(), given.chars().count()));
    HAN_SPEAKERS.contains(&label)
        || han
            && label.chars().count() <= 12
            && (label.ends_with("记者") || label.ends_with("記者"))
        || han && named.any(|(surname, given)| matches!((surname, given), (1..=2, 1..=3)))
}

/// `Name said`, or `Name, Deputy Director of a Bureau, said`.
fn reported(text: &str) -> Option<&str> {
    verbs(text).find_map(|start| {
        let from =
            (start.saturating_sub(NAME_BYTES)..=start).find(|&at| text.is_char_boundary(at))?;
        let before = text.get(from..start)?.trim_end();
        let sentence = before.rsplit(['.', '?', '!', ';', '”', '“']).next()?;
        match sentence.strip_suffix(',') {
            Some(clause) => {
                let parts: Vec<&str> = clause.split(", ").collect();
                let held = |pair: &[&&str]| matches!(pair, [_, office] if has_office(office));
                let pairs: Vec<&&str> = parts.iter().collect();
                pairs.windows(2).find(|pair| held(pair)).and_then(|pair| name(pair.first()?))
            }
            None => name(sentence.rsplit(", ").next()?),
        }
    })
}

/// Where verbs of reported speech begin. All end with a d: going from one to the next is faster than cutting
/// every word.
fn verbs(text: &str) -> impl Iterator<Item = usize> {
    text.match_indices('d').filter_map(|(at, d)| {
        let (before, after) = text.split_at(at + d.len());
        let after = after.trim_start_matches([',', '.', ':']);
        // Only then back to where the word begins: so each is gone over twice at most.
        if !after.is_empty() && !after.starts_with(char::is_whitespace) {
            return None;
        }
        let word = before.rsplit(char::is_whitespace).next()?;
        VERBS.contains(&word).then(|| before.len() - word.len())
    })
}

fn has_office(part: &str) -> bool {
    part.split_whitespace().any(|word| OFFICES.contains(&word))
}

/// `text` where it is a name and nothing else: two to four capitalized words that name no body. An
/// office before it is left out.
fn name(text: &str) -> Option<&str> {
    let mut text = text.trim();
    while let Some((first, rest)) = text.split_once(' ')
        && OFFICES.contains(&first)
        && rest.contains(' ')
    {
        text = rest;
    }
    let mut words = text.split(' ');
    let fits = (2..=4).contains(&text.split(' ').count())
        && words.all(|word| is_name(word) && !ORGANIZATION_WORDS.contains(&word) && word != "The");
    fits.then_some(text)
}

fn is_name(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase)
        && letters.all(|c| c.is_lowercase() || matches!(c, '-' | '’' | '\'') || c.is_uppercase())
        && word.chars().any(char::is_lowercase)
}

/// 市商务局副局长罗政表示: the two to four characters between an office and a verb.
fn chinese(text: &str) -> Option<&str> {
    // How the first byte of every office begins: a text without it is looked through once.
    const LEADS: RangeInclusive<u8> = 0xE4..=0xE9;
    if !text.bytes().any(|byte| LEADS.contains(&byte)) {
        return None;
    }
    for office in HAN_OFFICES {
        for (at, _) in text.match_indices(office) {
            let after = text.get(at + office.len()..)?;
            let end = after.char_indices().nth(NAME_CHARS).map_or(after.len(), |(end, _)| end);
            let after = after.get(..end)?;
            let verb = HAN_VERBS.iter().filter_map(|verb| after.find(verb)).min();
            let name =
                verb.and_then(|end| after.get(..end)).map(|name| name.trim_end_matches('在'));
            if let Some(name) = name.filter(|name| {
                (2..=4).contains(&name.chars().count())
                    && name.chars().all(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c))
            }) {
                return Some(name);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speakers_of_paragraphs() {
        for (text, expected) in [
            (
                "At the press conference, Yang Xiaoyan, Deputy Director of the Guangzhou Commission, stated that",
                Some("Yang Xiaoyan"),
            ),
            (
                "How has it grown? Wang Yuyin, Deputy Director of the Bureau, introduced that",
                Some("Wang Yuyin"),
            ),
            ("Luo Zheng said that during the period", Some("Luo Zheng")),
            ("Meanwhile, Deputy Director Luo Zheng said that it grew.", Some("Luo Zheng")),
            ("The Bureau of Data and the Federation of Trade Unions introduced it.", None),
            ("MR. SULLIVAN:  Good afternoon.", Some("MR. SULLIVAN")),
            ("Mr Christopher de Souza: To ask", Some("Mr Christopher de Souza")),
            ("Mr Don Wee: To ask the Minister for Ports", Some("Mr Don Wee")),
            ("Note: it is so.", None),
            ("Mr Wee spoke of ports: they grow.", None),
            ("主席：現在開會。", Some("主席")),
            ("主席（盧委員秀燕）：現在開會。", Some("主席")),
            ("許委員添財：（在席位上）請。", Some("許委員添財")),
            ("列席委員：劉建國", None),
            ("中国日报记者：请问", Some("中国日报记者")),
            ("一、元旦：放假。", None),
            ("市商务局副局长罗政表示，今年", Some("罗政")),
            ("The Ministry said that prices fell.", None),
            ("As stated above, growth goes on.", None),
            ("GDP grew by 5%.", None),
        ] {
            assert_eq!(speaker(text), expected, "{text}");
        }
    }

    #[test]
    fn verbs_end_with_a_d() {
        assert!(VERBS.iter().all(|verb| verb.ends_with('d')));
    }

    proptest::proptest! {
        #[test]
        fn verbs_are_words_between_spaces(text in "((said|added|told|aid|d|,|\\.|:| |\u{a0}|说)){0,12}") {
            let base = text.as_ptr() as usize;
            let words = text.split_whitespace();
            let verbs_of = words.filter(|word| VERBS.contains(&word.trim_end_matches([',', '.', ':'])));
            let expected: Vec<_> = verbs_of.map(|word| word.as_ptr() as usize - base).collect();
            proptest::prop_assert_eq!(verbs(&text).collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn offices_are_found_by_their_first_bytes() {
        for office in HAN_OFFICES {
            let text = format!("{office}罗政表示");
            assert_eq!(speaker(&text), Some("罗政"), "{text}");
        }
    }

    #[test]
    fn issuers_of_headings() {
        for (heading, expected) in [
            ("Municipal Bureau of Commerce: Exports Grow", Some("Municipal Bureau of Commerce")),
            ("市商务局：出口增长", Some("市商务局")),
            ("Outlook: Growth", None),
            ("Bureau:", None),
        ] {
            assert_eq!(issuer(heading), expected, "{heading}");
        }
    }
}
