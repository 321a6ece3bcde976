//! Renders citations as BibTeX entries.

use super::source::CitedSource;
use crate::render::sanitize::visible_text;

/// Macros for the months that BibTeX styles define.
const MONTH_MACROS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Returns an entry of the type `misc`. The quote is in the field `annote`; location of the passage, speaker, inferred
/// fields and link are in the field `note`. An inferred date is reduced to its year in square brackets.
pub(super) fn entry(source: &CitedSource<'_>) -> String {
    let authors: Vec<String> =
        source.authors.iter().map(|name| format!("{{{}}}", escape(name))).collect();
    let mut fields = Vec::new();
    if !authors.is_empty() {
        fields.push(("author", format!("{{{}}}", authors.join(" and "))));
    }
    // The second pair of braces keeps the letter case of the title.
    fields.push(("title", format!("{{{{{}}}}}", escape(&source.title))));
    if let Some(date) = source.date {
        let (year, month, day) = date.year_month_day();
        if source.is_date_inferred {
            fields.push(("year", format!("{{[{year}]}}")));
        } else {
            fields.push(("year", format!("{{{year}}}")));
            let month = MONTH_MACROS.get(usize::from(month).saturating_sub(1));
            fields.extend(month.map(|&month| ("month", month.to_owned())));
            fields.push(("day", format!("{{{day}}}")));
        }
    }
    fields.extend(source.number.as_deref().map(|number| ("number", braced(number))));
    // An address is not escaped, because the TeX packages for addresses read it verbatim.
    fields.extend(source.url.as_deref().map(|url| ("url", format!("{{{url}}}"))));
    fields.extend(babel_language(source.lang()).map(|name| ("langid", format!("{{{name}}}"))));
    fields.push(("annote", braced(&source.quote())));
    fields.push(("note", braced(&source.note())));
    let fields: Vec<String> =
        fields.into_iter().map(|(name, value)| format!("  {name} = {value}")).collect();
    format!("@misc{{{},\n{}\n}}\n", source.citation_key(), fields.join(",\n"))
}

/// Returns `text` in braces, with all special characters escaped.
fn braced(text: &str) -> String {
    format!("{{{}}}", escape(text))
}

/// Escapes the characters that TeX and BibTeX interpret. Braces become commands, because BibTeX also counts braces
/// after a backslash.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in visible_text(text).chars() {
        match c {
            '\\' => escaped.push_str("\\textbackslash{}"),
            '{' => escaped.push_str("\\textbraceleft{}"),
            '}' => escaped.push_str("\\textbraceright{}"),
            '~' => escaped.push_str("\\textasciitilde{}"),
            '^' => escaped.push_str("\\textasciicircum{}"),
            '$' | '&' | '%' | '#' | '_' => escaped.extend(['\\', c]),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Returns the name of a language in the packages `babel` and `biblatex`; `None` for languages other than English and
/// Chinese.
fn babel_language(lang: &str) -> Option<&'static str> {
    match lang {
        "zh-Hant" | "zh-TW" | "zh-HK" | "zh-MO" => Some("chinese-traditional"),
        lang if lang.starts_with("zh") => Some("chinese-simplified"),
        lang if lang == "en" || lang.starts_with("en-") => Some("english"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_characters_of_tex_are_escaped() {
        assert_eq!(
            escape("5 % & $6_7 #1 {x}~y^\\z\n\"q\""),
            "5 \\% \\& \\$6\\_7 \\#1 \\textbraceleft{}x\\textbraceright{}\\textasciitilde{}y\
             \\textasciicircum{}\\textbackslash{}z \"q\""
        );
    }

    proptest::proptest! {
        #[test]
        fn escaped_text_is_one_line_with_balanced_braces(text in r"[{}\\\n%a广@=,\x22]{0,20}") {
            let mut depth = 0_i32;
            for c in escape(&text).chars() {
                depth += match c { '{' => 1, '}' => -1, _ => 0 };
                proptest::prop_assert!((0..=1).contains(&depth) && c != '\n');
            }
            proptest::prop_assert_eq!(depth, 0);
        }
    }
}
