//! Recognizes the name of a person in Chinese text, with an office before it (`局长罗政`), after it (`王小明副教授`) or
//! inside it (`許委員添財`).

use std::{borrow::Cow, sync::LazyLock};

use regex::Regex;

use crate::{document::is_organization_name, script::is_unified_ideograph};

use super::person::{NameForm, Person};

/// Surnames of one character, in Simplified and Traditional characters. Nearly all Chinese names begin with one of
/// them.
const ONE_CHARACTER_SURNAMES: &str = "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何林罗羅高郑鄭梁谢謝宋唐许許韩韓邓鄧冯馮曹彭曾肖蕭萧田董袁潘蒋蔣蔡余杜叶葉程苏蘇魏吕呂丁任沈姚卢盧姜崔钟鍾谭譚陆陸汪范金石廖贾賈夏韦韋付傅方白邹鄒孟熊秦邱丘江尹薛闫閻阎段雷侯龙龍史陶黎贺賀顾顧毛郝龚龔邵万萬钱錢严嚴覃武戴莫孔向汤湯温溫康施翁游賴赖詹洪連连紀纪簡简柯涂凌倪包章柳俞華华尤費费殷古管";
/// Surnames of two characters.
const COMPOUND_SURNAMES: [&str; 12] = [
    "欧阳", "歐陽", "司马", "司馬", "上官", "诸葛", "諸葛", "夏侯", "司徒", "皇甫", "东方", "慕容",
];
/// Offices, in Simplified and Traditional characters. Longer offices stand before offices that they contain.
const CHINESE_OFFICES: [&str; 103] = [
    "副主任委員",
    "主任委員",
    "召集委員",
    "委員長",
    "副秘書長",
    "副秘书长",
    "秘書長",
    "秘书长",
    "主任秘書",
    "簡任技正",
    "副总经理",
    "总经理",
    "總經理",
    "董事長",
    "董事长",
    "理事長",
    "理事长",
    "執行長",
    "副部長",
    "副部长",
    "部長",
    "部长",
    "政務次長",
    "常務次長",
    "次長",
    "行政長官",
    "行政长官",
    "總監",
    "总监",
    "總裁",
    "总裁",
    "副署長",
    "副署长",
    "署長",
    "署长",
    "副處長",
    "副处长",
    "處長",
    "处长",
    "副局長",
    "副局长",
    "局長",
    "局长",
    "副司長",
    "副司长",
    "司長",
    "司长",
    "副院長",
    "副院长",
    "院長",
    "院长",
    "副主任",
    "主任",
    "副主席",
    "主席",
    "副市長",
    "副市长",
    "市長",
    "市长",
    "副省长",
    "省长",
    "副总理",
    "总理",
    "總理",
    "总统",
    "總統",
    "副书记",
    "书记",
    "書記",
    "组长",
    "組長",
    "科長",
    "科长",
    "专员",
    "專員",
    "副教授",
    "教授",
    "律師",
    "律师",
    "議員",
    "议员",
    "参赞",
    "大使",
    "发言人",
    "發言人",
    "新闻发言人",
    "参事",
    "參事",
    "技正",
    "顧問",
    "顾问",
    "召集人",
    "研究员",
    "研究員",
    "會長",
    "会长",
    "校长",
    "校長",
    "首席执行官",
    "负责人",
    "代表",
    "委員",
    "常任秘书",
];
/// Honorifics after a name.
const CHINESE_HONORIFICS: [&str; 7] = ["先生", "女士", "小姐", "同志", "博士", "醫生", "医生"];
/// Characters that are not accepted in a given name, because they mostly continue a phrase.
const EXCLUDED_GIVEN_NAME_CHARS: &str =
    "會会們们等長长的是在和与與及或了不也都所有並并就将將对對为為於于本说說讲講过過称稱指示曰";

/// Returns the number of bytes of the surname at the beginning of `text`. `None` if the text begins with no surname.
fn surname_byte_count(text: &str) -> Option<usize> {
    if let Some(compound) = COMPOUND_SURNAMES.iter().find(|surname| text.starts_with(**surname)) {
        return Some(compound.len());
    }
    let first = text.chars().next()?;
    ONE_CHARACTER_SURNAMES.contains(first).then(|| first.len_utf8())
}

/// Returns whether `text` as a whole has the form of a Chinese name, or of a foreign name with `·`.
pub(super) fn is_name(text: &str) -> bool {
    if let Some((first, rest)) = text.split_once('·') {
        let parts = std::iter::once(first).chain(rest.split('·'));
        return text.chars().count() <= 16
            && parts
                .into_iter()
                .all(|part| !part.is_empty() && part.chars().all(is_unified_ideograph));
    }
    let Some(given_name) = surname_byte_count(text).and_then(|bytes| text.get(bytes..)) else {
        return false;
    };
    (1..=2).contains(&given_name.chars().count())
        && given_name
            .chars()
            .all(|c| is_unified_ideograph(c) && !EXCLUDED_GIVEN_NAME_CHARS.contains(c))
}

/// Returns the person that a phrase names, if the phrase consists only of a name and an optional office or honorific.
/// The office may stand before the name (`市商务局副局长罗政`), after the name (`王小明副教授`), or between the surname
/// and the given name.
pub(super) fn person(phrase: &str) -> Option<Person> {
    let phrase = phrase.trim();
    let without_honorific =
        CHINESE_HONORIFICS.iter().find_map(|honorific| phrase.strip_suffix(honorific));
    if let Some(name) = without_honorific.filter(|name| is_name(name)) {
        return Some(new_person(name, None, true));
    }
    if is_name(phrase) && offices(phrase).next().is_none() {
        return Some(new_person(phrase, None, false));
    }
    offices(phrase).find_map(|(before, office, after)| {
        if after.is_empty() {
            // The office follows the name: 王小明副教授.
            return is_name(before).then(|| new_person(before, Some(office), true));
        }
        if (1..=2).contains(&before.chars().count())
            && is_given_name(after)
            && surname_byte_count(before) == Some(before.len())
        {
            return Some(new_person(&format!("{before}{after}"), Some(office), true));
        }
        // The office precedes the name: 市商务局副局长罗政.
        let is_title = before
            .chars()
            .all(|c| is_unified_ideograph(c) || matches!(c, '、' | '（' | '）' | ' '));
        let name = after.trim_start_matches([' ', '\u{3000}', '|']).trim();
        let name = without_blanks(name);
        (is_title && is_name(&name))
            .then(|| new_person(&name, Some(&format!("{before}{office}")), true))
    })
}

/// Returns a name of two or three characters without the blanks with which a byline spaces them: `李　强` becomes
/// `李强`.
fn without_blanks(name: &str) -> Cow<'_, str> {
    let are_single =
        name.contains('\u{3000}') && name.split_whitespace().all(|part| part.chars().count() == 1);
    if are_single { name.split_whitespace().collect() } else { Cow::Borrowed(name) }
}

/// Returns the person whom a label names after an office and a blank: `港务局副局长 蒲淳`. The blank separates the name,
/// so the surname need not be known.
pub(super) fn name_after_office_and_blank(label: &str) -> Option<Person> {
    let (title, name) = label.rsplit_once([' ', '\u{3000}'])?;
    let is_name = (2..=4).contains(&name.chars().count()) && name.chars().all(is_unified_ideograph)
        || name.contains('·') && is_name(name);
    (is_name && ends_with_office(title)).then(|| new_person(name, Some(title), true))
}

/// Returns the person whom a label names by surname and office alone: `黃主任委員`.
pub(super) fn surname_with_office(label: &str) -> Option<Person> {
    let office = label.get(surname_byte_count(label)?..)?;
    CHINESE_OFFICES.contains(&office).then(|| Person {
        name: label.to_owned(),
        office: Some(office.to_owned()),
        form: NameForm::Surname,
    })
}

/// Returns each office that a text names, with the text around it, as a tuple: the text before the office, the office,
/// the text after the office.
fn offices(text: &str) -> impl Iterator<Item = (&str, &str, &str)> {
    static OFFICE_PATTERN: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(&CHINESE_OFFICES.join("|")).ok());
    let matches = OFFICE_PATTERN.iter().flat_map(move |pattern| pattern.find_iter(text));
    matches.filter_map(move |office| {
        Some((text.get(..office.start())?, office.as_str(), text.get(office.end()..)?))
    })
}

/// Returns whether `text` contains an office.
pub(super) fn contains_office(text: &str) -> bool {
    offices(text).next().is_some()
}

/// Returns whether `text` ends with an office.
pub(super) fn ends_with_office(text: &str) -> bool {
    CHINESE_OFFICES.iter().any(|office| text.ends_with(office))
}

/// Returns whether a label consists of an office alone, or of an organization and an office: `行政長官`, `港務局局長`.
pub(super) fn is_office_alone(label: &str) -> bool {
    offices(label).last().is_some_and(|(before, _, after)| {
        after.is_empty()
            && (before.is_empty() || is_organization_name(before) || is_department(before))
    })
}

/// Returns whether a text is the short name of a department before the office of its head: `財政司` in `財政司司長`.
fn is_department(text: &str) -> bool {
    (2..=8).contains(&text.chars().count())
        && text.chars().all(is_unified_ideograph)
        && text.ends_with(['司', '局', '署', '處', '处', '院', '部', '廳', '厅', '委'])
}

/// Returns the spokesperson of an organization whom a clause before a verb of speech names: `衞生署發言人`. The name of
/// the organization is a part of the name of the speaker.
pub(super) fn spokesperson(clause: &str) -> Option<Person> {
    let clause = clause.trim();
    let (before, role, after) = ["新聞發言人", "新闻发言人", "發言人", "发言人"]
        .iter()
        .find_map(|role| clause.split_once(role).map(|(before, after)| (before, *role, after)))?;
    let is_subject = is_organization_name(before) && is_empty_or_adverbial(after);
    let name = format!("{before}{role}");
    is_subject.then(|| Person { office: Some(name.clone()), name, form: NameForm::Office })
}

/// Returns whether `text` may be a given name: one to three Han characters outside [`EXCLUDED_GIVEN_NAME_CHARS`].
fn is_given_name(text: &str) -> bool {
    (1..=3).contains(&text.chars().count())
        && text.chars().all(|c| is_unified_ideograph(c) && !EXCLUDED_GIVEN_NAME_CHARS.contains(c))
}

/// Returns the person with the full name `name`. `has_title` says whether an honorific or an office precedes the name.
fn new_person(name: &str, office: Option<&str>, has_title: bool) -> Person {
    Person {
        name: name.to_owned(),
        office: office.map(str::to_owned),
        form: NameForm::Full { has_title },
    }
}

/// Returns the person whom a clause names before a verb of speech, with an office before or after the name:
/// `市商务局副局长罗政在会上` names `罗政`. `None` if no name stands directly after or before an office, or if the name
/// may end at several places.
pub(super) fn subject_with_full_name(clause: &str) -> Option<Person> {
    let clause = clause.trim();
    let person_with_office = offices(clause).last().and_then(|(before, office, after)| {
        let organization = organization_at_end(before);
        if let Some(name) = name_at_start(after) {
            return Some(new_person(name, Some(&format!("{organization}{office}")), true));
        }
        (is_empty_or_adverbial(after) && is_name(before))
            .then(|| new_person(before, Some(office), true))
    });
    person_with_office.or_else(|| {
        let honorific =
            CHINESE_HONORIFICS.iter().find_map(|honorific| clause.split_once(honorific))?;
        let (name, after) = honorific;
        (is_empty_or_adverbial(after) && is_name(name)).then(|| new_person(name, None, true))
    })
}

/// Returns the person whom a clause before a verb of speech names by surname and office alone: `周总理强调`. The caller
/// must find the full name in the rest of the release.
pub(super) fn subject_with_surname(clause: &str) -> Option<Person> {
    let clause = clause.trim();
    let (before, office, after) = offices(clause).last()?;
    let surname = surname_byte_count(before).filter(|bytes| *bytes == before.len())?;
    if !is_empty_or_adverbial(after) {
        return None;
    }
    surname_with_office(clause.get(..surname + office.len())?)
}

/// Returns the name at the beginning of the text between an office and a verb of speech. `None` if the name may end at
/// several places.
fn name_at_start(text: &str) -> Option<&str> {
    let bytes = surname_byte_count(text)?;
    let after_surname = text.get(bytes..)?;
    let ends =
        after_surname.char_indices().map(|(offset, c)| bytes + offset + c.len_utf8()).take(2);
    let mut names = ends.filter_map(|end| {
        let (name, after) = text.split_at_checked(end)?;
        let after_honorific = CHINESE_HONORIFICS
            .iter()
            .find_map(|honorific| after.strip_prefix(honorific))
            .unwrap_or(after);
        (is_name(name) && is_empty_or_adverbial(after_honorific)).then_some(name)
    });
    let name = names.next()?;
    names.next().is_none().then_some(name)
}

/// Returns whether the text between a name and the verb of speech is empty, or is a short phrase that begins with an
/// adverbial: when, where or how the person speaks.
fn is_empty_or_adverbial(text: &str) -> bool {
    const ADVERBIALS: [&str; 33] = [
        "在",
        "于",
        "於",
        "对",
        "對",
        "就",
        "向",
        "今天",
        "今日",
        "当日",
        "當日",
        "昨日",
        "日前",
        "近日",
        "进一步",
        "進一步",
        "还",
        "還",
        "也",
        "则",
        "則",
        "同时",
        "特别",
        "着重",
        "首先",
        "最后",
        "再次",
        "强调",
        "（",
        "接受",
        "受访",
        "受訪",
        "，",
    ];
    text.is_empty()
        || text.chars().count() <= 30
            && ADVERBIALS.iter().any(|adverbial| text.starts_with(adverbial))
}

/// Returns the name of an organization at the end of the text before an office: `市商务局` before `副局长`. The name
/// begins after the last punctuation mark. Returns an empty text if the name is too long.
fn organization_at_end(text: &str) -> &str {
    let start = text.char_indices().rev().find(|(_, c)| !is_unified_ideograph(*c));
    let title =
        start.map_or(text, |(offset, c)| text.get(offset + c.len_utf8()..).unwrap_or_default());
    if title.chars().count() > 24 { "" } else { title }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_offices_are_distinguished() {
        for (phrase, expected) in [
            ("許委員添財", Some(("許添財", Some("委員")))),
            ("王小明副教授", Some(("王小明", Some("副教授")))),
            ("李大同秘書長", Some(("李大同", Some("秘書長")))),
            ("陳副秘書長士魁", Some(("陳士魁", Some("副秘書長")))),
            ("外交部发言人林宁", Some(("林宁", Some("外交部发言人")))),
            ("罗政", Some(("罗政", None))),
            ("罗政先生", Some(("罗政", None))),
            ("欧阳修远", Some(("欧阳修远", None))),
            ("玛丽·库珀", Some(("玛丽·库珀", None))),
            ("出席委員", None),
            ("主席", None),
            ("本委員會", None),
            ("各位代表", None),
            ("在这里", None),
        ] {
            let person = person(phrase);
            let actual =
                person.as_ref().map(|person| (person.name.as_str(), person.office.as_deref()));
            assert_eq!(actual, expected, "{phrase}");
        }
    }

    #[test]
    fn subjects_stand_beside_an_office() {
        for (clause, expected) in [
            ("市商务局副局长罗政", Some("罗政")),
            ("局长罗政在会上", Some("罗政")),
            ("王小明副教授今天", Some("王小明")),
            ("罗政先生", Some("罗政")),
            ("行政長官羅政", Some("羅政")),
            ("衞生署署長羅文健醫生", Some("羅文健")),
            ("主席在这里", None),
            ("毛主席历来十分", None),
            ("主任就尖锐地", None),
            ("企业负责人", None),
        ] {
            assert_eq!(
                subject_with_full_name(clause).map(|person| person.name).as_deref(),
                expected,
                "{clause}"
            );
        }
    }
}
