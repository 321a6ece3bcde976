//! Recognizes abbreviations by the dots inside them: U.S.A., Ph.D., M.Sc., Lt.Gov. UAX #29 does not count a dot at the
//! end of an abbreviation as part of the word, so words have no such dot here.

/// Texts after the last inner dot in abbreviations of academic degrees (M.Sc.) and of American bills (H.J.Res.). In
/// lower case, sorted.
const ABBREVIATION_PARTS_AFTER_LAST_DOT: &[&str] = &[
    "admin", "arch", "ch", "dent", "div", "econ", "ed", "eng", "hons", "ing", "jur", "litt", "med",
    "min", "mus", "nat", "pharm", "phil", "pol", "psych", "res", "sc", "soc", "stat", "surg",
    "tech", "theol", "vet",
];
/// Texts of more than two letters before the last inner dot in abbreviations of academic degrees (Pharm.D.). In lower
/// case, sorted.
const ABBREVIATION_PARTS_BEFORE_LAST_DOT: &[&str] = &["dipl", "pharm", "psy"];
/// Texts before and after the inner dot of ranks such as Lt.Gov. and Maj.Gen. In lower case, each list sorted.
const RANK_PARTS_AROUND_DOT: (&[&str], &[&str]) =
    (&["atty", "brig", "col", "lt", "maj", "sgt"], &["cmdr", "col", "gen", "gov", "maj"]);

/// Returns whether `word`, which is in lower case, is an abbreviation that people also write without its inner dots. A
/// word without dots is an abbreviation only if it has one letter, such as the j of `j.`. Domain names (gov.uk,
/// usa.gov) and sentences without a space between them (end.The) are not abbreviations.
pub(super) fn is_dotted_abbreviation(word: &str) -> bool {
    let length = |part: &str| part.chars().take(3).count();
    let Some((first_parts, last_part)) = word.rsplit_once('.') else { return length(word) <= 1 };
    let is_listed = |list: &[&str], part: &str| list.binary_search(&part).is_ok();
    let mut parts = first_parts.split('.');
    if parts.clone().all(|part| length(part) <= 1) && length(last_part) <= 1 {
        return true;
    }
    let is_ascii = || word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'.');
    let is_degree = |mut parts: std::str::Split<'_, char>| {
        (length(last_part) == 1 || is_listed(ABBREVIATION_PARTS_AFTER_LAST_DOT, last_part))
            && parts.all(|part| {
                (1..=2).contains(&length(part))
                    || is_listed(ABBREVIATION_PARTS_BEFORE_LAST_DOT, part)
            })
    };
    let is_rank = || {
        is_listed(RANK_PARTS_AROUND_DOT.0, first_parts)
            && is_listed(RANK_PARTS_AROUND_DOT.1, last_part)
    };
    is_ascii()
        && (is_degree(parts.clone())
            || is_rank()
            || parts.all(is_doubled_letter) && is_doubled_letter(last_part))
}

/// Returns whether `part` is a letter written twice, as in EE.UU., the Spanish abbreviation of a plural.
fn is_doubled_letter(part: &str) -> bool {
    matches!(part.as_bytes(), [first, second] if first == second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abbreviations_are_distinguished_from_names_and_sentences() {
        for word in [
            "u.s", "u.s.a", "e.g", "p.m", "h.r", "ph.d", "m.sc", "b.ed", "ed.d", "ll.m", "d.phil",
            "m.eng", "psy.d", "h.j.res", "lt.gov", "maj.gen", "ee.uu",
        ] {
            assert!(is_dotted_abbreviation(word), "{word}");
        }
        for word in [
            "gov.uk",
            "usa.gov",
            "va.gov",
            "x.com",
            "t.me",
            "x.ai",
            "bit.ly",
            "node.js",
            "appear.in",
            "end.the",
            "war.it",
            "on.so",
            "st.louis",
            "jane.doe",
            "д.мм",
        ] {
            assert!(!is_dotted_abbreviation(word), "{word}");
        }
    }

    #[test]
    fn lists_of_abbreviation_parts_are_sorted() {
        for list in [
            ABBREVIATION_PARTS_AFTER_LAST_DOT,
            ABBREVIATION_PARTS_BEFORE_LAST_DOT,
            RANK_PARTS_AROUND_DOT.0,
            RANK_PARTS_AROUND_DOT.1,
        ] {
            assert!(list.is_sorted(), "{list:?}");
        }
    }
}
