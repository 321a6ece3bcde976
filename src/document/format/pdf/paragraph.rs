//! Lines that belong together → what can be said of them.

use super::lines::{Line, is_han};

/// A longer line in bold letters is a paragraph.
const HEADING_CHARS: usize = 160;
/// What is printed large above many a release and names none of them, without spaces.
const GENRES: [&str; 16] = [
    "mediarelease",
    "pressrelease",
    "newsrelease",
    "mediastatement",
    "pressstatement",
    "mediafactsheet",
    "factsheet",
    "mediaadvisory",
    "forimmediaterelease",
    "news",
    "新闻稿",
    "新聞稿",
    "新闻公报",
    "新聞公報",
    "新闻发布",
    "通稿",
];
/// Lines that belong together.
#[derive(Debug)]
pub(super) struct Paragraph {
    pub(super) lines: Vec<Line>,
}

impl Paragraph {
    pub(super) fn is_bold(&self) -> bool {
        self.lines.iter().all(|line| line.bold)
    }

    /// Whether it says no more than what kind of document this is.
    pub(super) fn is_genre(&self) -> bool {
        let text: String = self.lines.iter().map(|line| line.text.as_str()).collect();
        let text: String = text.chars().filter(|c| c.is_alphabetic()).collect();
        let text = text.to_lowercase();
        GENRES.contains(&text.as_str()) || text.contains("embargoed")
    }

    pub(super) fn chars(&self) -> usize {
        self.lines.iter().map(|line| line.text.chars().count()).sum()
    }

    /// Whether it may head others: it is short, says something and ends no sentence.
    pub(super) fn heads(&self) -> bool {
        let letters = self.lines.iter().any(|line| line.text.chars().any(char::is_alphabetic));
        let last = self.lines.last().map_or("", |line| line.text.as_str());
        letters
            && self.lines.len() <= 4
            && self.chars() <= HEADING_CHARS
            && !last.ends_with(['.', '。', '；', ';', '，', ',', '！'])
            && !self.lines.first().is_some_and(|line| line.text.starts_with(char::is_lowercase))
    }

    /// From the left to the right end of its lines.
    pub(super) fn width(&self) -> (f32, f32) {
        let start = self.lines.iter().map(|line| line.start).fold(f32::MAX, f32::min);
        (start, self.lines.iter().map(|line| line.end).fold(start, f32::max))
    }

    /// From the foot of its last line to the head of its first.
    pub(super) fn height(&self) -> (f32, f32) {
        let (first, last) = (self.lines.first(), self.lines.last());
        let low = last.map_or(0.0, |line| line.base - line.size * 0.2);
        (low, first.map_or(0.0, |line| line.base + line.size * 0.8))
    }

    pub(super) fn page(&self) -> usize {
        self.lines.first().map_or(0, |line| line.page)
    }

    /// Whether it is nothing but the mark or the number of a list item.
    pub(super) fn is_marker(&self) -> bool {
        let [line] = &self.lines[..] else { return false };
        let text = line.text.as_str();
        let short = text.chars().count() <= 6 && !text.contains(' ');
        short
            && (begins_item(text)
                || (text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_digit())))
    }
}

pub(super) fn ends_sentence(text: &str) -> bool {
    let text = text.trim_end_matches(['”', '’', '"', '\'', ')', '）', '」', '』', '】', ']']);
    let last = text.rsplit([' ', '(', '（']).next().unwrap_or_default().to_lowercase();
    text.ends_with(['.', '!', '?', '。', '！', '？', '；', ';']) && !OPEN.contains(&last.as_str())
}

/// What ends with a full stop and no sentence with it.
const OPEN: [&str; 9] = ["e.g.", "i.e.", "no.", "nos.", "mr.", "ms.", "mrs.", "dr.", "vs."];

/// Whether a line begins with the mark or the number of a list item or of a section.
pub(super) fn begins_item(text: &str) -> bool {
    const BULLETS: &str = "•◦▪▫●○■□◆◇➢✓✔‣⁃∙·–—*";
    const HAN: &str = "一二三四五六七八九十百零〇";
    let mut characters = text.chars();
    let Some(first) = characters.next() else { return false };
    let second = characters.next();
    if BULLETS.contains(first)
        || ('\u{F000}'..='\u{F0FF}').contains(&first)
        || (first == 'o' && second == Some(' '))
    {
        return true;
    }
    let opened = text.strip_prefix(['(', '（']);
    let body = opened.or_else(|| text.strip_prefix('第')).unwrap_or(text);
    let number: String =
        body.chars().take_while(|c| c.is_ascii_digit() || HAN.contains(*c) || *c == '.').collect();
    let rest = body.get(number.len()..).unwrap_or_default();
    if text.starts_with('第') {
        return !number.is_empty() && rest.starts_with(['条', '條', '章', '节', '節', '款', '项']);
    }
    if opened.is_some() {
        let roman_or_letter = body.find([')', '）']).is_some_and(|end| (1..=4).contains(&end));
        return rest.starts_with([')', '）']) && !number.is_empty()
            || roman_or_letter && body.starts_with(|c: char| c.is_ascii_lowercase());
    }
    let is_digits = number.chars().all(|c| c.is_ascii_digit() || c == '.');
    match (number.is_empty(), is_digits) {
        // a) and b. and iii.
        (true, _) => {
            let mark = text.find(|c: char| !"abcdefghijklmnopqrstuvwxyz".contains(c));
            let (letters, rest) = text.split_at_checked(mark.unwrap_or(0)).unwrap_or_default();
            let named = letters.len() == 1 || letters.chars().all(|c| "ivx".contains(c));
            (1..=4).contains(&letters.len())
                && named
                && (rest.starts_with([')', '）']) || rest.starts_with(". ") || rest == ".")
        }
        (false, true) => {
            number.len() <= 6
                && (number.ends_with('.') || rest.starts_with([')', '）', '、', '．']))
                && (rest.is_empty()
                    || rest.starts_with([' ', ')', '）', '、', '．'])
                    || rest.starts_with(is_han))
        }
        (false, false) => rest.starts_with(['、', '．']),
    }
}
