//! Removes the markup that the reader of a format leaves in texts, titles and names: entities, template tags, wiki
//! links, unpaired emphasis, and HTML tags in plain text.

use std::{borrow::Cow, sync::LazyLock};

use regex::{Captures, Regex};

/// Regular expression that is compiled at its first use. `None` if it is invalid.
type LazyPattern = LazyLock<Option<Regex>>;

/// Pattern of markup that is removed: a template tag (`{{< figure >}}`, `{% include %}`), an attribute list of Markdown
/// (`{: .note}`, `{#id}`), a shortcode of a content management system (`[caption …]`), or a footnote mark of Markdown
/// (`[^1]`).
static TEMPLATE_TAG: LazyPattern = LazyLock::new(|| {
    Regex::new(r"\{\{[^{}]*\}\}|\{%[^{}]*%\}|\s*\{[:#.][A-Za-z][^{}\n]*\}|\{:\s[^{}\n]*\}|\[/?(?:caption|gallery|embed|audio|video|playlist|vc_\w+)(?:\s[^\[\]\n]*)?\]|\[\^[\w-]+\](?::\s)?").ok()
});
/// Pattern of a wiki link: `[[target]]`, `[[target|text]]`.
static WIKI_LINK: LazyPattern =
    LazyLock::new(|| Regex::new(r"!?\[\[(?:[^\[\]|\n]*\|)?([^\[\]|\n]+)\]\]").ok());
/// Pattern of strong emphasis that the Markdown parser does not recognize: `**text **`.
static EMPHASIS: LazyPattern = LazyLock::new(|| Regex::new(r"\*\*([^*\n]+)\*\*").ok());
/// Pattern of a character reference.
static ENTITY: LazyPattern = LazyLock::new(|| {
    Regex::new(r"&(?:#([0-9]{1,7})|#[xX]([0-9A-Fa-f]{1,6})|([A-Za-z]{2,8}));").ok()
});
/// Pattern of an HTML comment or an HTML tag. Group 1 is set for a block element, whose tag becomes a line break (`p`,
/// `br`, `tr`). Group 2 is set for a table cell (`td`, `th`).
static HTML_TAG: LazyPattern = LazyLock::new(|| {
    Regex::new(r"(?i)<!--[^<>]*-->|</?(?:(p|div|br|hr|tr|table|ul|ol|li|h[1-6]|section|article|blockquote|center|tbody|thead)|(td|th)|a|abbr|b|big|cite|code|col|colgroup|del|em|font|i|img|ins|mark|nobr|o:p|q|s|small|span|strike|strong|sub|sup|time|tt|u)(?:\s[^<>]*)?/?>").ok()
});
/// Names of common character references, each with its character.
const ENTITIES: [(&str, &str); 20] = [
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", " "),
    ("ensp", " "),
    ("emsp", " "),
    ("lsquo", "‘"),
    ("rsquo", "’"),
    ("ldquo", "“"),
    ("rdquo", "”"),
    ("ndash", "–"),
    ("mdash", "—"),
    ("hellip", "…"),
    ("bull", "•"),
    ("middot", "·"),
    ("copy", "©"),
    ("reg", "®"),
    ("trade", "™"),
];

/// Returns a text without template tags, wiki links and unpaired emphasis, and with characters in place of character
/// references.
pub(super) fn remove_stray_markup(text: &str) -> Cow<'_, str> {
    let mut cleaned_text = Cow::Borrowed(text);
    if text.contains(['{', '[']) {
        replace_matches(&mut cleaned_text, &TEMPLATE_TAG, |_| String::new());
        replace_matches(&mut cleaned_text, &WIKI_LINK, |groups| group_text(groups, 1).to_owned());
    }
    if text.contains("**") {
        replace_matches(&mut cleaned_text, &EMPHASIS, |groups| group_text(groups, 1).to_owned());
    }
    decode_entities(&mut cleaned_text);
    cleaned_text
}

/// Returns a text without HTML tags, and without the markup that [`remove_stray_markup`] removes. A tag that begins a
/// line in HTML becomes a line break, and a tag that begins a cell becomes ` | `.
pub(super) fn remove_html_tags(text: &str) -> Cow<'_, str> {
    let mut cleaned_text = Cow::Borrowed(text);
    if text.contains('<') {
        replace_matches(&mut cleaned_text, &HTML_TAG, |groups| {
            let is_opening = !group_text(groups, 0).starts_with("</");
            let begins_line = groups.get(1).is_some();
            let begins_cell = groups.get(2).is_some() && is_opening;
            match (begins_line, begins_cell) {
                (true, _) => "\n".to_owned(),
                (_, true) => " | ".to_owned(),
                _ => String::new(),
            }
        });
    }
    match cleaned_text {
        Cow::Borrowed(text) => remove_stray_markup(text),
        Cow::Owned(text) => Cow::Owned(remove_stray_markup(&text).into_owned()),
    }
}

/// Replaces each known character reference in `text` by its character.
fn decode_entities(text: &mut Cow<'_, str>) {
    if !text.contains('&') {
        return;
    }
    replace_matches(text, &ENTITY, |groups| {
        let number = groups
            .get(1)
            .and_then(|decimal| decimal.as_str().parse().ok())
            .or_else(|| u32::from_str_radix(groups.get(2)?.as_str(), 16).ok());
        let named_entity = || ENTITIES.iter().find(|(name, _)| *name == group_text(groups, 3));
        let character = number.and_then(char::from_u32).filter(|c| !c.is_control());
        match character {
            Some(character) => character.to_string(),
            None => {
                named_entity().map_or_else(|| group_text(groups, 0), |(_, text)| text).to_owned()
            }
        }
    });
}

/// Replaces each match of `pattern` in `text`.
fn replace_matches(
    text: &mut Cow<'_, str>,
    pattern: &LazyPattern,
    replacement: impl Fn(&Captures<'_>) -> String,
) {
    let Some(pattern) = pattern.as_ref() else { return };
    if let Cow::Owned(replaced) =
        pattern.replace_all(text, |groups: &Captures<'_>| replacement(groups))
    {
        *text = Cow::Owned(replaced);
    }
}

/// Returns the text of the capture group `index` of a match. Empty if the group took no part in the match.
fn group_text<'a>(groups: &'a Captures<'_>, index: usize) -> &'a str {
    groups.get(index).map_or("", |group| group.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stray_markup_is_removed() {
        for (text, expected) in [
            ("**Ports **grow", "Ports grow"),
            ("Ports & rail, 5 * 3 ** 2", "Ports & rail, 5 * 3 ** 2"),
            ("Law &amp; order&#8217;s &#x201C;end&rdquo;", "Law & order’s “end”"),
            ("AT&T; &unknown; &#0;", "AT&T; &unknown; &#0;"),
            (
                "A {{< figure src=\"x\" >}}ship{{% note %}} {{ page.title }}{% include x %}",
                "A ship ",
            ),
            ("Ports {#ports}", "Ports"),
            ("{: .note}Text", "Text"),
            ("{:start=\"179\"}\nText", "\nText"),
            ("See [[Ports|the ports]] and [[Rail]].", "See the ports and Rail."),
            ("[caption id=\"1\"]A ship[/caption]", "A ship"),
            ("A fact.[^1]", "A fact."),
            ("[^1]: The source.", "The source."),
            ("{a set} and [a note] stay", "{a set} and [a note] stay"),
        ] {
            assert_eq!(remove_stray_markup(text), expected, "{text}");
        }
    }

    #[test]
    fn html_tags_are_removed() {
        for (text, expected) in [
            ("<hr>\nA <b>port</b>", "\n\nA port"),
            (
                "<table WIDTH=\"8\"><tr><td>a</td><td ALIGN=x>b</td></tr></table>",
                "\n\n | a | b\n\n",
            ),
            ("<!-- note -->Text", "Text"),
            ("1 < 2 > 0, <name>, a<b", "1 < 2 > 0, <name>, a<b"),
        ] {
            assert_eq!(remove_html_tags(text), expected, "{text}");
        }
    }
}
