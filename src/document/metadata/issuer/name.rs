//! Normalizes the name of an issuer.

use std::sync::LazyLock;

use regex::Regex;

use crate::document::metadata::organization;

/// Prepositions before a Chinese organization name: 根据 (under), 由 (by).
const CHINESE_PREPOSITIONS_BEFORE_NAME: [&str; 5] = ["根据", "根據", "依据", "经", "由"];
/// Name of the state, which is removed before the name of one of its organs.
const STATE_NAME: &str = "中华人民共和国";

/// Pattern of the number of a term or a session in the name of a parliament: 第十四届 and 第三次会议 in
/// `第十四届全国人民代表大会第三次会议`.
static PARLIAMENT_TERM_OR_SESSION: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"第[0-9一二三四五六七八九十百]+(?:[届屆]|次(?:全体|全體)?(?:会议|會議)$)").ok()
});

/// Returns `name` without text that does not belong to it: a preposition such as 根据, the name of the state, the number
/// of a parliamentary term or session (`第十四届`), and punctuation at its end. Converts a name in capitals to normal
/// capitalization.
pub(super) fn normalized_organization_name(name: &str) -> String {
    let term_or_session =
        if name.contains('第') { PARLIAMENT_TERM_OR_SESSION.as_ref() } else { None };
    let name = name.trim().trim_end_matches([',', ';', '，', '、']);
    let name = CHINESE_PREPOSITIONS_BEFORE_NAME
        .iter()
        .find_map(|prefix| name.strip_prefix(prefix))
        .unwrap_or(name);
    let organ =
        name.strip_prefix(STATE_NAME).filter(|organ| organization::is_organization_name(organ));
    let name = organ.unwrap_or(name);
    let name = term_or_session.map_or(name.into(), |pattern| pattern.replace_all(name, ""));
    if name.contains(char::is_lowercase) || !name.contains(' ') {
        return name.into_owned();
    }
    name.split(' ').map(capitalize).collect::<Vec<_>>().join(" ")
}

/// Converts a word in capitals to lower case, except for its first letter. Articles, conjunctions and prepositions
/// become entirely lower case.
pub(super) fn capitalize(word: &str) -> String {
    if matches!(word, "OF" | "FOR" | "THE" | "AND" | "ON" | "IN") {
        return word.to_lowercase();
    }
    let mut letters = word.chars();
    letters.next().into_iter().chain(letters.flat_map(char::to_lowercase)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_an_issuer_have_one_normal_form() {
        for (name, expected) in [
            ("第十四届全国人民代表大会第三次会议", "全国人民代表大会"),
            ("中华人民共和国国务院", "国务院"),
            ("中华人民共和国", "中华人民共和国"),
            ("根据某市人民代表大会常务委员会", "某市人民代表大会常务委员会"),
            ("Council of Ports,", "Council of Ports"),
            ("MINISTRY OF LAW", "Ministry of Law"),
            ("UNESCO", "UNESCO"),
        ] {
            assert_eq!(normalized_organization_name(name), expected, "{name}");
        }
    }
}
