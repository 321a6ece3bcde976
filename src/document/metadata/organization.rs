//! Recognizes names of organizations that issue releases: ministries, bureaus, committees, courts …

use std::ops::RangeInclusive;

use crate::script::is_basic_ideograph;

/// Maximum length of an English organization name, in characters.
const MAX_ORGANIZATION_NAME_CHARS: usize = 80;
/// Range of the length of a Chinese organization name, in characters.
const CHINESE_NAME_CHAR_RANGE: RangeInclusive<usize> = 3..=24;
/// English words that denote a kind of organization.
const ORGANIZATION_WORDS: [&str; 25] = [
    "Bureau",
    "Commission",
    "Ministry",
    "Department",
    "Administration",
    "Office",
    "Federation",
    "Agency",
    "Committee",
    "Council",
    "Authority",
    "Board",
    "Government",
    "Secretariat",
    "Institute",
    "Bank",
    "Center",
    "Centre",
    "Centers",
    "Centres",
    "Service",
    "Services",
    "Court",
    "Treasury",
    "Association",
];
/// Endings of Chinese organization names. Each denotes a kind of organization.
const CHINESE_NAME_ENDINGS: [&str; 32] = [
    "局",
    "委",
    "部",
    "厅",
    "廳",
    "办",
    "辦",
    "院",
    "署",
    "会",
    "會",
    "府",
    "室",
    "中心",
    "银行",
    "銀行",
    "分行",
    "支行",
    "秘书处",
    "秘書處",
    "办事处",
    "辦事處",
    "主计处",
    "主計處",
    "总处",
    "總處",
    "筹备处",
    "籌備處",
    "管理处",
    "管理處",
    "总队",
    "總隊",
];
/// Common words that end like a Chinese organization name but are not organizations.
const CHINESE_WORDS_ENDING_LIKE_ORGANIZATIONS: [&str; 30] = [
    "结局", "結局", "格局", "布局", "佈局", "大局", "全局", "全部", "内部", "內部", "外部", "干部",
    "幹部", "举办", "舉辦", "主办", "主辦", "承办", "承辦", "部署", "签署", "簽署", "社会", "社會",
    "机会", "機會", "开会", "開會", "晚会", "教室",
];
/// Chinese words that make a text a clause about a meeting or an act, so that the text is no name: 主持行政院, 在市政府.
const CHINESE_CLAUSE_WORDS: [&str; 18] = [
    "主持", "召开", "召開", "出席", "列席", "举行", "舉行", "参加", "參加", "签署", "簽署", "表示",
    "宣布", "今日", "昨日", "今天", "昨天", "在",
];
/// Words that may be in lower case in an English organization name.
const LOWER_CASE_WORDS_IN_NAMES: [&str; 7] = ["of", "for", "the", "and", "on", "in", "&"];

/// Returns whether a line is an organization name. An English name consists of several capitalized words, and one of
/// the words denotes a kind of organization. The end of a Chinese name denotes a kind of organization.
pub(crate) fn is_organization_name(line: &str) -> bool {
    if !line.chars().all(|c| c.is_alphanumeric() || " ,&’'-".contains(c)) {
        return false;
    }
    let char_count = line.chars().count();
    if line.chars().any(is_basic_ideograph) {
        return ends_like_chinese_organization(line)
            && CHINESE_NAME_CHAR_RANGE.contains(&char_count);
    }
    let mut words = line.split([' ', ',']).filter(|word| !word.is_empty());
    char_count <= MAX_ORGANIZATION_NAME_CHARS
        && line.contains(' ')
        && words
            .clone()
            .all(|word| LOWER_CASE_WORDS_IN_NAMES.contains(&word) || is_capitalized(word))
        && words.any(denotes_organization)
}

/// Returns whether the end of a Chinese text denotes a kind of organization, and the text is no clause
/// ([`is_chinese_clause`]).
pub(super) fn ends_like_chinese_organization(text: &str) -> bool {
    CHINESE_NAME_ENDINGS.iter().any(|ending| text.ends_with(ending))
        && !CHINESE_WORDS_ENDING_LIKE_ORGANIZATIONS.iter().any(|word| text.ends_with(word))
        && !is_chinese_clause(text)
}

/// Returns whether a Chinese text is a clause rather than a name: it has a bracket, or a word about a meeting or an
/// act.
pub(super) fn is_chinese_clause(text: &str) -> bool {
    text.contains(['（', '）', '(', ')'])
        || CHINESE_CLAUSE_WORDS.iter().any(|word| text.contains(word))
}

/// Returns whether an English word denotes a kind of organization: `Bureau`, `Ministry`.
pub(crate) fn is_organization_word(word: &str) -> bool {
    ORGANIZATION_WORDS.contains(&word)
}

/// Returns whether a word, capitalized or entirely in capitals, denotes a kind of organization: `Ministry`, `MINISTRY`.
fn denotes_organization(word: &str) -> bool {
    is_capitalized(word) && ORGANIZATION_WORDS.iter().any(|kind| kind.eq_ignore_ascii_case(word))
}

fn is_capitalized(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn organization_names_are_recognized() {
        for (line, expected) in [
            ("Department of Justice", true),
            ("Ministry of Finance, Planning and Trade", true),
            ("MINISTRY OF LAW", true),
            ("Centers for Disease Control and Prevention", true),
            ("国务院办公厅", true),
            ("中国人民银行", true),
            ("行政院主計總處", true),
            ("某市港口建设布局", false),
            ("院長林宁主持行政院", false),
            ("总理在国务院", false),
            ("自明年一月起施行", false),
            ("在某市某区某街道举办", false),
            ("某 某", false),
            ("Office", false),
            ("The Department announced new rules", false),
            ("市政府发布了新的办法。", false),
            ("For Immediate Release", false),
        ] {
            assert_eq!(is_organization_name(line), expected, "{line}");
        }
    }
}
