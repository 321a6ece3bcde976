//! The shape of a line → whether it is a heading, and of which level.

/// A longer line is a paragraph.
const MAX_CHARS: usize = 200;
const MAX_HAN: usize = 50;
/// At least this share of a heading's longer words begin with a capital.
const CAPITAL_SHARE: f64 = 0.6;

/// The level that `#` marks give a line, and what they mark.
pub(crate) fn split_heading_marks(line: &str) -> (Option<u8>, &str) {
    let inner = line.trim_start_matches('#');
    let marks = line.len() - inner.len();
    if (1..=6).contains(&marks) && inner.starts_with(' ') && !inner.contains('\n') {
        return (u8::try_from(marks).ok(), inner.trim_start());
    }
    (None, line)
}

/// The level of a heading without marks; none for what is not one.
pub(crate) fn level(line: &str) -> Option<u8> {
    if line.contains('\n') || ends_with_punctuation(line) || is_list_item(line) || is_spoken(line) {
        return None;
    }
    let han = line.chars().filter(|c| is_han(*c)).count();
    if han > 0 {
        return (han <= MAX_HAN).then(|| numbered_level(line))?;
    }
    (line.chars().count() <= MAX_CHARS && is_title_case(line)).then_some(1)
}

/// Whether a line begins with the number of a Chinese heading.
pub(crate) fn is_numbered(line: &str) -> bool {
    numbered_level(line).is_some()
}

/// Chapter 第X章, section 第X节, 一、 and （一）, from the outside in.
fn numbered_level(line: &str) -> Option<u8> {
    const DIGITS: &str = "一二三四五六七八九十百零〇两0123456789";
    let rest = |text: &str| text.trim_start_matches(|c| DIGITS.contains(c)).to_owned();
    if let Some(after) = line.strip_prefix('第') {
        return match rest(after).chars().next() {
            Some('编' | '編' | '章') => Some(1),
            Some('节' | '節') => Some(2),
            _ => None,
        };
    }
    let open = line.strip_prefix(['（', '(']);
    let after = rest(open.unwrap_or(line));
    let counted = after.len() < open.unwrap_or(line).len();
    match (counted, open.is_some(), after.chars().next()) {
        (true, true, Some('）' | ')')) => Some(3),
        (true, false, Some('、')) => Some(2),
        _ => None,
    }
}

fn is_title_case(line: &str) -> bool {
    let letters = |word: &&str| word.chars().filter(|c| c.is_alphabetic()).count() > 3;
    let words: Vec<&str> =
        line.split(|c: char| c.is_whitespace() || c == '-').filter(letters).collect();
    let capital = |word: &&&str| {
        word.chars()
            .find(|c| c.is_alphanumeric())
            .is_some_and(|c| c.is_uppercase() || c.is_numeric())
    };
    let capitals = words.iter().filter(capital).count();
    let starts = line
        .chars()
        .next()
        .is_some_and(|c| c.is_uppercase() || c.is_numeric() || "“\"‘'".contains(c));
    starts && !words.is_empty() && capitals as f64 >= CAPITAL_SHARE * words.len() as f64
}

/// Whether a line ends a sentence or breaks off inside one.
pub(crate) fn ends_with_punctuation(line: &str) -> bool {
    ends_sentence(line) || without_closing(line).ends_with([',', ':', '，', '：', '、'])
}

/// Whether a line ends a sentence or an item of a list.
pub(crate) fn ends_sentence(line: &str) -> bool {
    without_closing(line).ends_with(['.', '!', '?', ';', '。', '！', '？', '；', '…'])
}

fn without_closing(line: &str) -> &str {
    line.trim_end_matches(['”', '"', '’', '\'', ')', '）', '」', '』', '》'])
}

/// Whether a line begins as an item of a list does.
pub(crate) fn is_list_item(line: &str) -> bool {
    let digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered =
        digits.len() < line.len() && (digits.starts_with(". ") || digits.starts_with(") "));
    numbered || ["- ", "* ", "•", "· ", "– ", "— "].iter().any(|mark| line.starts_with(mark))
}

/// Whether a line begins with who speaks: `MR. SULLIVAN: …`, `Q  …`.
fn is_spoken(line: &str) -> bool {
    let name = line.split_once(':').map(|(name, said)| (name, said.starts_with(' ')));
    name.is_some_and(|(name, said)| {
        said && name.len() < 40 && name.chars().all(|c| !c.is_lowercase())
    })
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_of_headings() {
        for (line, expected) in [
            ("Highlights Review", Some(1)),
            (
                "Municipal Bureau of Commerce: Guangzhou’s Exhibition Industry Ranks Second in China Steadily",
                Some(1),
            ),
            ("The plan was approved.", None),
            ("the plan was approved", None),
            ("We will keep working with our partners on this", None),
            ("MR. SULLIVAN: Good Morning Everybody", None),
            ("- Item One", None),
            ("第一章　总则", Some(1)),
            ("第二节 财政", Some(2)),
            ("第三条 为了规范口岸开放", None),
            ("一、2023年工作回顾", Some(2)),
            ("（二）主要任务", Some(3)),
            ("一、坚持稳中求进。", None),
            ("广州市商务局", None),
        ] {
            assert_eq!(level(line), expected, "{line}");
        }
    }
}
