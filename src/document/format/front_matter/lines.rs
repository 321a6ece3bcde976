//! Parses front matter line by line: Pandoc, `MultiMarkdown`, and the lines of invalid YAML or TOML that can be parsed.

use super::FrontMatter;

/// Maximum length of a key, in bytes.
const MAX_KEY_BYTES: usize = 60;
/// Minimum number of keys of a `MultiMarkdown` front matter.
const MIN_MULTIMARKDOWN_KEYS: usize = 2;
/// Maximum number of keys of a `MultiMarkdown` front matter. Further lines belong to the body.
const MAX_MULTIMARKDOWN_KEYS: usize = 40;

/// Splits the title block of Pandoc: up to three lines that begin with `%`, for title, authors and date. A line that
/// begins with white space continues the line above.
pub(super) fn split_pandoc(source: &str) -> Option<FrontMatter<'_>> {
    const PANDOC_KEYS: [&str; 3] = ["title", "author", "date"];
    if !source.starts_with("% ") {
        return None;
    }
    let mut fields: Vec<String> = Vec::new();
    let mut body = source;
    while let Some((line, after_line)) = body.split_once('\n') {
        if let Some(field) = line.strip_prefix('%').filter(|_| fields.len() < PANDOC_KEYS.len()) {
            fields.push(field.trim().to_owned());
        } else if line.starts_with([' ', '\t']) && !line.trim().is_empty() {
            append_continuation_line(fields.last_mut()?, line);
        } else {
            break;
        }
        body = after_line;
    }
    let entries = PANDOC_KEYS.iter().map(|key| (*key).to_owned()).zip(fields);
    let entries = entries.filter(|(_, field)| !field.is_empty()).collect();
    Some(FrontMatter { entries, error: None, body })
}

/// Splits the front matter of `MultiMarkdown`: lines `Key: value` up to the first blank line. The key of the first line
/// is `title`. A line that begins with white space continues the value above.
pub(super) fn split_multimarkdown(source: &str) -> Option<FrontMatter<'_>> {
    if !source.get(..6)?.eq_ignore_ascii_case("title:") {
        return None;
    }
    let mut entries: Vec<(String, String)> = Vec::new();
    let mut body = source;
    loop {
        let (line, after_line) = body.split_once('\n').unwrap_or((body, ""));
        let continues_value = line.starts_with([' ', '\t']);
        let is_full = entries.len() == MAX_MULTIMARKDOWN_KEYS && !continues_value;
        if line.trim().is_empty() || is_full {
            break;
        }
        if continues_value {
            append_continuation_line(&mut entries.last_mut()?.1, line);
        } else {
            let (key, value) = split_key_line(line, ':')?;
            entries.push((key.to_owned(), value.to_owned()));
        }
        body = after_line;
    }
    (entries.len() >= MIN_MULTIMARKDOWN_KEYS).then_some(FrontMatter { entries, error: None, body })
}

/// Returns the keys and values of the top-level keys that can be read. `parse_chunk` parses one key with its value,
/// which may take several lines. If `parse_chunk` fails, a value of one line is used as written, without quotes. `None`
/// if fewer than half of the top-level lines begin with a key, because then the text is not front matter.
pub(super) fn entries_parsed_one_by_one(
    text: &str,
    separator: char,
    parse_chunk: impl Fn(&str) -> Option<Vec<(String, String)>>,
) -> Option<Vec<(String, String)>> {
    let mut entries = Vec::new();
    let (mut key_count, mut other_count) = (0, 0);
    for chunk in split_before_keys(text, separator) {
        let Some((key, value)) =
            split_key_line(chunk.lines().next().unwrap_or_default(), separator)
        else {
            other_count += chunk.lines().filter(|line| !line.trim().is_empty()).count();
            continue;
        };
        key_count += 1;
        if let Some(parsed_entries) = parse_chunk(chunk) {
            entries.extend(parsed_entries);
        } else if !value.is_empty() && !value.starts_with(['[', '{', '&', '*', '|', '>', '!', '?'])
        {
            let is_quoted = value.starts_with(['"', '\'']);
            let value = if is_quoted { value.trim_matches(['"', '\'']) } else { value };
            entries.push((key.to_owned(), value.to_owned()));
        }
    }
    (key_count > 0 && key_count >= other_count).then_some(entries)
}

/// Splits a text into chunks. Each line that begins with a key at the left margin begins a chunk.
fn split_before_keys(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut end = rest.find('\n').map_or(rest.len(), |newline| newline + 1);
        if end == 0 {
            return None;
        }
        while let Some(line) = rest.get(end..).and_then(|after| after.split_inclusive('\n').next())
            && split_key_line(line, separator).is_none()
        {
            end += line.len();
        }
        let (chunk, after_chunk) = rest.split_at_checked(end)?;
        rest = after_chunk;
        Some(chunk)
    })
}

/// Splits a line `key: value` that begins at the left margin into key and value. `separator` is the character after the
/// key. `None` for any other line.
fn split_key_line(line: &str, separator: char) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(separator)?;
    let key = key.trim_end().trim_matches(['"', '\'']);
    let is_key = !key.is_empty()
        && key.len() <= MAX_KEY_BYTES
        && key.starts_with(char::is_alphabetic)
        && key.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '.' | '/'));
    let ends_key = separator != ':' || value.is_empty() || value.starts_with(char::is_whitespace);
    (is_key && ends_key).then(|| (key, value.trim()))
}

/// Appends a continuation line to `value`.
fn append_continuation_line(value: &mut String, line: &str) {
    value.push(' ');
    value.push_str(line.trim());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_beyond_the_limit_belong_to_the_body() {
        let further_keys = "Key: value\n  continued\n".repeat(MAX_MULTIMARKDOWN_KEYS - 1);
        let source = format!("Title: Ports\n{further_keys}Last: line\n\nText.");
        let front_matter = split_multimarkdown(&source).unwrap();
        assert_eq!(front_matter.entries.len(), MAX_MULTIMARKDOWN_KEYS);
        assert_eq!(front_matter.body, "Last: line\n\nText.");
    }
}
