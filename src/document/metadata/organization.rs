//! A line → whether it is the name of a body that announces things.

/// A longer line is no name.
const MAX_CHARS: usize = 80;
const MAX_HAN: usize = 24;
/// What the name of an announcing body has in it.
pub(crate) const ORGANIZATION_WORDS: [&str; 25] = [
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
/// …and how a Chinese one ends.
pub(crate) const HAN_ORGANIZATION_ENDINGS: &str = "局委部厅廳办辦院署会會府室中心行";

/// Whether a line is nothing but the name of a body: capitalized words, or Han characters, of which
/// one says what kind of body it is.
pub(in crate::document) fn is_name(line: &str) -> bool {
    let plain = line.chars().all(|c| c.is_alphanumeric() || " ,&’'-".contains(c));
    let count = line.chars().count();
    if line.chars().any(|c| ('\u{3400}'..='\u{9FFF}').contains(&c)) {
        let ends = line.chars().last().is_some_and(|last| HAN_ORGANIZATION_ENDINGS.contains(last));
        return ends && plain && (3..=MAX_HAN).contains(&count);
    }
    let small = ["of", "for", "the", "and", "on", "in", "&"];
    let mut words = line.split([' ', ',']).filter(|word| !word.is_empty());
    let capital = |word: &str| small.contains(&word) || word.starts_with(char::is_uppercase);
    plain
        && count <= MAX_CHARS
        && line.contains(' ')
        && words.all(capital)
        && line.split([' ', ',']).any(is_kind)
}

/// Whether a word says what kind of body a name is of, in small letters or all in capitals.
fn is_kind(word: &str) -> bool {
    let capital = word.starts_with(char::is_uppercase);
    capital && ORGANIZATION_WORDS.iter().any(|kind| kind.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_bodies() {
        for (line, expected) in [
            ("Department of Justice", true),
            ("Ministry of Finance, Planning and Trade", true),
            ("MINISTRY OF LAW", true),
            ("Centers for Disease Control and Prevention", true),
            ("国务院办公厅", true),
            ("某 某", false),
            ("Office", false),
            ("The Department announced new rules", false),
            ("市政府发布了新的办法。", false),
            ("For Immediate Release", false),
        ] {
            assert_eq!(is_name(line), expected, "{line}");
        }
    }
}
