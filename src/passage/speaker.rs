//! Finds the speaker of a paragraph: from a transcript label such as `MR. SULLIVAN:`, or from reported
//! speech (`Li Wei, Director, said`).

use std::ops::RangeInclusive;

use crate::{document::is_organization_word, script::is_unified_ideograph};

/// English verbs of reported speech. All these verbs end with d, as [`verbs_of_speech`] requires.
const SPEECH_VERBS: [&str; 17] = [
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
/// English words for the office of a speaker.
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
/// Chinese verbs of reported speech.
const CHINESE_SPEECH_VERBS: [&str; 8] =
    ["表示", "介绍", "介紹", "指出", "强调", "強調", "说", "說"];
/// Chinese words for an office before a name: 局长罗政.
const CHINESE_OFFICES: [&str; 16] = [
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
/// Honorifics before a name in a transcript label: `Mr Don Wee:`.
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
/// Particles of a name that are written in lower case: `Christopher de Souza`.
const NAME_PARTICLES: [&str; 5] = ["de", "bin", "binte", "van", "von"];
/// Chinese transcript labels that name a role instead of a person.
const CHINESE_ROLES: [&str; 8] = ["主席", "主持人", "发言人", "發言人", "记者", "記者", "問", "答"];
/// Titles of office between surname and given name in a Chinese transcript label, such as 委員 (committee member) in
/// 許委員添財.
const CHINESE_OFFICES_IN_NAMES: [&str; 12] = [
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
/// Maximum distance of a speaker from the following verb of speech, in bytes.
const MAX_CLAUSE_BYTES: usize = 300;
/// Maximum total length of the name and the verb of speech that follow a Chinese office, in characters.
const MAX_NAME_AND_VERB_CHARS: usize = 8;
/// Maximum length of a transcript label before a colon, in characters.
const MAX_LABEL_CHARS: usize = 40;
/// Maximum length of a Chinese label of a reporter (中国日报记者), in characters.
const MAX_REPORTER_CHARS: usize = 12;
/// Allowed lengths of a Chinese name, in characters.
const CHINESE_NAME_CHARS: RangeInclusive<usize> = 2..=4;

/// Returns the speaker of a paragraph: a transcript label, the name in `Name, office, said` or `Name said`,
/// or the name between a Chinese office and a verb of speech. `None` if no speaker is found.
pub(super) fn speaker(text: &str) -> Option<&str> {
    turn_label(text).or_else(|| reported_speaker(text)).or_else(|| chinese_speaker(text))
}

/// Returns the transcript label that begins the paragraph: `MR. SULLIVAN:`, `Mr Don Wee:`, `主席：`, `許委員添財：`.
fn turn_label(text: &str) -> Option<&str> {
    let mut label_chars = text.char_indices().take(MAX_LABEL_CHARS + 1);
    let (colon, _) = label_chars.find(|(_, c)| matches!(c, ':' | '：'))?;
    let (label, from_colon) = text.split_at_checked(colon)?;
    if from_colon.starts_with('：') {
        // A label such as 主席（盧委員秀燕）： names the role before the brackets.
        let label = label.split('（').next().unwrap_or(label);
        return is_chinese_label(label).then_some(label);
    }
    let has_space =
        from_colon.get(1..).is_some_and(|speech| speech.starts_with(char::is_whitespace));
    (has_space && (is_label_in_capitals(label) || is_title_and_name(label))).then_some(label)
}

/// Returns whether a label is in capitals, such as `MR. SULLIVAN`: all its letters are capitals, and at least three of
/// them are ASCII letters.
fn is_label_in_capitals(label: &str) -> bool {
    label.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase)
        && label.chars().filter(char::is_ascii_uppercase).count() >= 3
}

/// Returns whether a label is an honorific and a name: `Mr Don Wee`.
fn is_title_and_name(label: &str) -> bool {
    label.split_once(' ').is_some_and(|(title, name)| {
        HONORIFICS.contains(&title)
            && name.split(' ').all(|word| is_name_word(word) || NAME_PARTICLES.contains(&word))
    })
}

/// Returns whether a Chinese label is a role, a reporter, or a name with an office inside.
fn is_chinese_label(label: &str) -> bool {
    if CHINESE_ROLES.contains(&label) {
        return true;
    }
    if !label.chars().all(is_unified_ideograph) {
        return false;
    }
    let is_reporter = label.chars().count() <= MAX_REPORTER_CHARS
        && (label.ends_with("记者") || label.ends_with("記者"));
    let mut name_pairs =
        CHINESE_OFFICES_IN_NAMES.iter().filter_map(|office| label.split_once(office));
    is_reporter
        || name_pairs.any(|(surname, given_name)| {
            (1..=2).contains(&surname.chars().count())
                && (1..=3).contains(&given_name.chars().count())
        })
}

/// Returns the name in `Name said` or in `Name, Deputy Director of a Bureau, said`.
fn reported_speaker(text: &str) -> Option<&str> {
    verbs_of_speech(text).find_map(|verb| {
        let earliest_start = verb.saturating_sub(MAX_CLAUSE_BYTES);
        let clause_start = (earliest_start..=verb).find(|&offset| text.is_char_boundary(offset))?;
        let before_verb = text.get(clause_start..verb)?.trim_end();
        let sentence = before_verb.rsplit(['.', '?', '!', ';', '”', '“']).next()?;
        let Some(clause) = sentence.strip_suffix(',') else {
            return person_name(sentence.rsplit(", ").next()?);
        };
        let clause_parts: Vec<&str> = clause.split(", ").collect();
        let name_and_office = clause_parts.windows(2).find(|name_and_office| {
            name_and_office.last().is_some_and(|part| contains_office(part))
        })?;
        person_name(name_and_office.first()?)
    })
}

/// Returns the byte offsets of the verbs of reported speech. All these verbs end with d, so the search
/// jumps from d to d, which is faster than splitting the text into words.
fn verbs_of_speech(text: &str) -> impl Iterator<Item = usize> {
    text.match_indices('d').filter_map(|(offset, d)| {
        let (text_to_d, text_after_d) = text.split_at(offset + d.len());
        let text_after_d = text_after_d.trim_start_matches([',', '.', ':']);
        // Searches the beginning of a word only if the d ends the word. Every byte is therefore read at most
        // twice.
        if !text_after_d.is_empty() && !text_after_d.starts_with(char::is_whitespace) {
            return None;
        }
        let word = text_to_d.rsplit(char::is_whitespace).next()?;
        SPEECH_VERBS.contains(&word).then(|| text_to_d.len() - word.len())
    })
}

fn contains_office(part: &str) -> bool {
    part.split_whitespace().any(|word| OFFICES.contains(&word))
}

/// Returns the name of a person in `text`, without offices before the name. `None` if the remaining text is not
/// two to four capitalized words, or contains an organization word.
fn person_name(text: &str) -> Option<&str> {
    let mut name = text.trim();
    while let Some((first, rest)) = name.split_once(' ')
        && OFFICES.contains(&first)
        && rest.contains(' ')
    {
        name = rest;
    }
    let is_name = (2..=4).contains(&name.split(' ').count())
        && name
            .split(' ')
            .all(|word| is_name_word(word) && !is_organization_word(word) && word != "The");
    is_name.then_some(name)
}

/// Returns whether a word begins with a capital and contains a lower-case letter: `Yang` and `O’Neill`, but
/// not `GDP`.
fn is_name_word(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase)
        && letters.all(|c| c.is_lowercase() || matches!(c, '-' | '’' | '\'') || c.is_uppercase())
        && word.chars().any(char::is_lowercase)
}

/// Returns the name between a Chinese office and a verb of speech: 罗政 in 市商务局副局长罗政表示.
fn chinese_speaker(text: &str) -> Option<&str> {
    // Range of the first bytes of all offices. A text without a byte in this range contains no office.
    const OFFICE_FIRST_BYTES: RangeInclusive<u8> = 0xE4..=0xE9;
    if !text.bytes().any(|byte| OFFICE_FIRST_BYTES.contains(&byte)) {
        return None;
    }
    CHINESE_OFFICES.iter().find_map(|office| {
        text.match_indices(office)
            .find_map(|(at, _)| name_before_verb(text.get(at + office.len()..)?))
    })
}

/// Returns the Chinese name at the beginning of `text`. `None` if no verb of speech follows the name.
fn name_before_verb(text: &str) -> Option<&str> {
    let search_end = text
        .char_indices()
        .nth(MAX_NAME_AND_VERB_CHARS)
        .map_or(text.len(), |(search_end, _)| search_end);
    let text = text.get(..search_end)?;
    let verb_offset = CHINESE_SPEECH_VERBS.iter().filter_map(|verb| text.find(verb)).min()?;
    let name = text.get(..verb_offset)?.trim_end_matches('在');
    let is_name = CHINESE_NAME_CHARS.contains(&name.chars().count())
        && name.chars().all(is_unified_ideograph);
    is_name.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speakers_are_found_in_paragraphs() {
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
    fn verbs_of_speech_end_with_a_d() {
        assert!(SPEECH_VERBS.iter().all(|verb| verb.ends_with('d')));
    }

    proptest::proptest! {
        #[test]
        fn verbs_of_speech_are_whole_words(text in "((said|added|told|aid|d|,|\\.|:| |\u{a0}|说)){0,12}") {
            let text_address = text.as_ptr() as usize;
            let words = text.split_whitespace();
            let verb_words = words.filter(|word| SPEECH_VERBS.contains(&word.trim_end_matches([',', '.', ':'])));
            let expected: Vec<_> = verb_words.map(|word| word.as_ptr() as usize - text_address).collect();
            proptest::prop_assert_eq!(verbs_of_speech(&text).collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn every_chinese_office_has_a_first_byte_in_range() {
        for office in CHINESE_OFFICES {
            let text = format!("{office}罗政表示");
            assert_eq!(speaker(&text), Some("罗政"), "{text}");
        }
    }
}
