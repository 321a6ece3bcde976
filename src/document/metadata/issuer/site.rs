//! Finds the issuer by the website of a document. Releases on the website of one organization often do not name the
//! organization.

use crate::{
    document::metadata::{evidence::DocumentEvidence, organization},
    script::is_unified_ideograph,
};

/// Hosts of websites that one organization owns, with the name of the organization, ordered by host. A third column has
/// the name for documents with a Chinese title, if the website has pages in two languages.
const HOSTS_AND_OWNERS: &str = include_str!("hosts.tsv");
/// Range of the length, in characters, of a label of a host name that may be the abbreviation of an organization: `mof`
/// in `www.mof.example`.
const ABBREVIATION_LENGTH_RANGE: std::ops::RangeInclusive<usize> = 3..=8;
/// Maximum number of words of a name before its abbreviation in brackets.
const MAX_ABBREVIATED_NAME_WORDS: usize = 14;

/// Returns the owner of the website of the document, if [`HOSTS_AND_OWNERS`] lists the host of its URL. Otherwise,
/// returns an organization whose abbreviation is a part of the host name, if the text states the name of the
/// organization with this abbreviation: `Ministry of Finance (MOF)`.
pub(super) fn issuer_by_host(evidence: &DocumentEvidence<'_>) -> Option<String> {
    let host = host_of_url(evidence.url())?.to_ascii_lowercase();
    let known_owner = HOSTS_AND_OWNERS.lines().find_map(|line| {
        let (known_host, names) = line.split_once('\t')?;
        let subdomain = host.strip_suffix(known_host)?;
        (subdomain.is_empty() || subdomain.ends_with('.'))
            .then(|| name_in_language(names, evidence).to_owned())
    });
    known_owner.or_else(|| {
        let labels = host.split('.');
        let mut abbreviations =
            labels.filter(|label| ABBREVIATION_LENGTH_RANGE.contains(&label.len()));
        abbreviations.find_map(|label| {
            let mut lines = evidence.title_and_first_lines();
            lines.find_map(|line| organization_with_abbreviation(line, &label.to_uppercase()))
        })
    })
}

/// Returns the name of the owner of a website in the language of the title: the first of `names`, or the second after a
/// tab if there is one and the title is Chinese.
fn name_in_language<'t>(names: &'t str, evidence: &DocumentEvidence<'_>) -> &'t str {
    let title = evidence.document.title.as_deref().unwrap_or_default();
    let is_chinese = title.chars().any(is_unified_ideograph);
    match names.split_once('\t') {
        Some((_, chinese_name)) if is_chinese => chinese_name,
        Some((name, _)) => name,
        None => names,
    }
}

/// Returns the host of a URL.
fn host_of_url(url: &str) -> Option<&str> {
    let (_, after_scheme) = url.split_once("://")?;
    after_scheme.split(['/', '?', '#', ':']).next().filter(|host| !host.is_empty())
}

/// Returns the organization before its abbreviation in brackets: `Ministry of Finance (MOF)`.
fn organization_with_abbreviation(line: &str, abbreviation: &str) -> Option<String> {
    let end = line.find(&format!(" ({abbreviation})"))?;
    let mut words: Vec<&str> =
        line.get(..end)?.rsplit(' ').take(MAX_ABBREVIATED_NAME_WORDS).collect();
    words.reverse();
    let mut names = (0..words.len()).filter_map(|first| Some(words.get(first..)?.join(" ")));
    let is_abbreviation_of = |name: &str| {
        let initials = || name.split([' ', '-']).filter_map(|word| word.chars().next());
        // Small words may be left out: `MOF` and `DoT`, but also `DHS`.
        initials().flat_map(char::to_uppercase).eq(abbreviation.chars())
            || initials().filter(|first| first.is_uppercase()).eq(abbreviation.chars())
    };
    names.find(|name| organization::is_organization_name(name) && is_abbreviation_of(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::model::Document;

    #[test]
    fn issuer_is_the_organization_that_owns_the_host() {
        for (url, text, expected) in [
            ("https://www.whitehouse.gov/news/1", "Text.", Some("White House")),
            ("https://www.info.gov.hk/1.htm", "Ports open", Some("Hong Kong SAR Government")),
            ("https://www.info.gov.hk/1.htm", "港口開放", Some("香港特別行政區政府")),
            ("https://www.ports.gov.za/1", "Ports open", None),
            ("https://notwhitehouse.gov/news/1", "Text.", None),
            (
                "http://www.mop.example/1",
                "The Ministry of Ports (MOP) has rules.",
                Some("Ministry of Ports"),
            ),
            ("http://www.mop.example/1", "The Ministry of Rail (MOR) has rules.", None),
            ("http://www.mop.example/1", "Our MOP (MOP) has rules.", None),
            ("", "The Ministry of Ports (MOP) has rules.", None),
        ] {
            let mut document = Document::new("a", text);
            document.url = Some(url.to_owned()).filter(|url| !url.is_empty());
            document.title = Some(text.to_owned());
            let issuer = issuer_by_host(&DocumentEvidence::new(&document));
            assert_eq!(issuer.as_deref(), expected, "{url} {text}");
        }
    }

    #[test]
    fn hosts_are_ordered_and_unique() {
        let hosts: Vec<_> =
            HOSTS_AND_OWNERS.lines().filter_map(|line| line.split_once('\t')).collect();
        assert_eq!(hosts.len(), HOSTS_AND_OWNERS.lines().count());
        assert!(hosts.is_sorted_by(|(host, _), (next_host, _)| host < next_host));
    }
}
