//! A heading → the body that announces; a paragraph → who speaks in it.

use crate::document::body::{BODIES, HAN_BODIES};

/// Verbs of reported speech.
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

/// The body that a heading of the shape `BODY: headline` names.
pub(super) fn issuer(heading: &str) -> Option<&str> {
    let (name, headline) = heading.split_once([':', '：'])?;
    let (name, headline) = (name.trim(), headline.trim());
    let english = name.split_whitespace().any(|word| BODIES.contains(&word));
    let chinese = name.chars().last().is_some_and(|last| HAN_BODIES.contains(last))
        && name.chars().count() <= 20;
    (!headline.is_empty() && (english || chinese)).then_some(name)
}

/// Who speaks in a paragraph: a transcript's label, `Name, office, said`, `Name said`, or a Chinese
/// office with a name and a verb.
pub(super) fn speaker(text: &str) -> Option<&str> {
    labelled(text).or_else(|| reported(text)).or_else(|| chinese(text))
}

/// `MR. SULLIVAN:`, `THE PRESIDENT:`.
fn labelled(text: &str) -> Option<&str> {
    let (label, said) = text.split_once(':')?;
    let upper = label.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
    let name =
        upper && label.len() <= 40 && label.chars().filter(char::is_ascii_uppercase).count() >= 3;
    (name && said.starts_with(char::is_whitespace)).then_some(label)
}

/// `Name said`, or `Name, Deputy Director of a Bureau, said`.
fn reported(text: &str) -> Option<&str> {
    words(text)
        .filter(|(_, verb)| VERBS.contains(&verb.trim_end_matches([',', '.', ':'])))
        .find_map(|(start, _)| {
            let before = text.get(..start)?.trim_end();
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
        && words.all(|word| is_name(word) && !BODIES.contains(&word) && word != "The");
    fits.then_some(text)
}

fn is_name(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase)
        && letters.all(|c| c.is_lowercase() || matches!(c, '-' | '’' | '\'') || c.is_uppercase())
        && word.chars().any(char::is_lowercase)
}

fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let base = text.as_ptr() as usize;
    text.split_whitespace().map(move |word| (word.as_ptr() as usize - base, word))
}

/// 市商务局副局长罗政表示: the two to four characters between an office and a verb.
fn chinese(text: &str) -> Option<&str> {
    for office in HAN_OFFICES {
        for (at, _) in text.match_indices(office) {
            let after = text.get(at + office.len()..)?;
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
            ("市商务局副局长罗政表示，今年", Some("罗政")),
            ("The Ministry said that prices fell.", None),
            ("As stated above, growth goes on.", None),
            ("GDP grew by 5%.", None),
        ] {
            assert_eq!(speaker(text), expected, "{text}");
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
