//! Random queries, texts and mutations of inputs, determined by a seed.

/// Syntax of the query language, and text that resembles it.
#[rustfmt::skip]
const SYNTAX: &[&str] = &[
    "AND", "OR", "NOT", "&&", "||", "|", "&", "and", "NEAR", "NEAR/3", "NEAR/0", "NEAR/99",
    "NEAR/", "SAME", "+", "-", "!", "(", ")", "((", "))", "()", "\"", "\"\"", "“", "”", "„", "「",
    "」", "『", "』", "«", "»", "'", "’", "[", "]", "{", "}", "*", "?", "**", "?*", "~", "~1",
    "~2", "~9", "~0", "^", "^2", "^0.5", "^0", "^1000000", "^.", "^1.", "^2^3", "/", "/x/",
    "/gr[ea]w/", "/(a|b)*/", "/[/", "\\", "\\\\", "\\\"", "\\(", "\\ ", ":", "title:", "heading:",
    "issuer:", "speaker:", "source:", "lang:", "id:", "date:", "after:", "before:", "Title:",
    "nofield:", "date:2025", "date:2024-02..2025", "date:..2025", "after:2025-01-01",
    "before:2025年12月", "date:0000", "（", "）", "＂", "：", "＊", "？", "～", "＾", "／", "＼",
    "＋", "－", "！", "　", "｜", "＆", "ＡＮＤ", ",", ".", "..", "，", "。", "、", ";", "\n",
    "\t", "\u{200d}", "\u{301}", "\u{feff}", "\u{0}",
];

/// Words of queries and texts; a short list, so that queries match.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "port", "ports", "grew", "growing", "the", "of", "data", "U.S.", "39,000", "2.25 million",
    "5%", "-5", "+3", "flying", "car", "cars", "factory", "factories", "“quoted", "city’s", "a",
    "I", "end.", "End. Next", "e-commerce", "AT&T", "café", "cafe\u{301}", "naïve", "ﬁrst",
    "２０２５", "½", "Ⅷ", "①", "١٢", "ＡＩ", "<b>", "&amp;", "広東", "한국", "かな", "Москва",
    "ß", "İ", "ǅ", "😀", "👨\u{200d}👩\u{200d}👧", "广州", "惠州", "广", "粤港澳大湾区",
    "粵港澳大灣區", "新质生产力", "建设", "預算", "预算", "3.9万", "安装简单", "简单", "十四五",
    "2025年", "飞行汽车", "汽车", "工厂", "低空经济", "，", "。", "中国AI", "AI芯片", "𠮷野家",
    "Bureau of Data: News", "Li Wei, Director, said", "\n", "\n\n",
];

/// Syntax of file formats and requests, and numbers that may overflow.
#[rustfmt::skip]
const FORMAT_SYNTAX: &[&str] = &[
    "<p>", "</p>", "<table>", "</table>", "<tr>", "<td colspan=99999>", "<td rowspan=99999>", "</td>",
    "<ul>", "<li>", "<h1>", "</h1>", "<script>", "<!--", "-->", "<![CDATA[", "]]>", "<!DOCTYPE html>",
    "<pre>", "<br>", "&#0;", "&#x110000;", "&#55296;", "&nbsp", "<meta charset=gbk>", "<svg>", "<template>",
    "<w:p>", "</w:p>", "<w:r>", "<w:t>", "</w:t>", "<w:tbl>", "<w:tc>", "<text:p>", "<text:s text:c=\"999999999\"/>",
    "<text:h text:outline-level=\"99\">", "<item>", "</item>", "<entry>", "<title>", "</title>", "<itemref idref=\"c\"/>",
    "---\n", "```", "~~~", "# ", "###### ", "> ", "- ", "| a | b |\n|---|---|\n", "[a](b)", "![", "***", "<b>", "{", "}", "[", "]",
    "\"", ":", ",", "null", "true", "-0", "1e999", "\\u0000", "\\ud800", "\\", "\"id\":", "\"text\":", "\"title\":", "\"date\":",
    "\"limit\":", "\"offset\":", "\"cursor\":", "\"q\":", "\"query\":", "0", "-1", "4294967295", "4294967296",
    "18446744073709551615", "99999999999999999999", "0.0000001", "2025-02-30", "0000-00-00", "2025年13月1日",
    "obj", "endobj", "stream\n", "endstream", "<<", ">>", "/Length 99999999999", "/Type /Page", "/Kids [3 0 R]", "/Count -1",
    "3 0 R", "BT", "ET", "Tj", "TJ", "/F1 99999 Tf", "1 0 0 1 1e30 -1e30 cm", "Q", "q", "BI", "ID", "EI", "xref", "trailer",
    "startxref\n0", "<feff>", "beginbfchar", "endbfrange", "PK\u{3}\u{4}", "\u{feff}", "\r\n", "\r", "\u{b}", "\0",
];

/// Pieces of regular expressions.
#[rustfmt::skip]
const REGEX_PIECES: &[&str] = &[
    "a", "x", "gr", "port", "广", "5", ".", ".*", ".+", ".?", "\\w", "\\w*", "\\d+", "\\pL",
    "[a-z]", "[^a]*", "[", "]", "(", ")", "(a|b)*", "|", "*", "+", "?", "{2}", "{3,}", "{60}",
    "{1000}", "(?i)", "(?-u)", "\\b", "^", "$", "\\xff", "\\/", "\\",
];

/// Unicode ranges (first and last character) that are drawn more often than their size would give.
const RANGES: &[(u32, u32)] = &[
    (0x20, 0x7e),
    (0x21, 0x2f),
    (0x3a, 0x40),
    (0x5b, 0x60),
    (0x00, 0x1f),
    (0x80, 0xff),
    (0x100, 0x24f),
    (0x300, 0x36f),
    (0x370, 0x52f),
    (0x590, 0x6ff),
    (0x900, 0xe7f),
    (0x1e00, 0x1eff),
    (0x2000, 0x206f),
    (0x2070, 0x218f),
    (0x2460, 0x24ff),
    (0x3000, 0x303f),
    (0x3040, 0x30ff),
    (0x3400, 0x4dbf),
    (0x4e00, 0x9fff),
    (0x5e7f, 0x5e7f),
    (0xac00, 0xd7a3),
    (0xf900, 0xfaff),
    (0xfb00, 0xfdff),
    (0xfe00, 0xfe6f),
    (0xff00, 0xffef),
    (0x1_f1e6, 0x1_f6ff),
    (0x2_0000, 0x2_ffff),
    (0xe_0000, 0xe_01ef),
    (0x00, 0x10_ffff),
];

/// A pseudo-random generator (xorshift64*).
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// Returns the generator of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut random = Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        for _ in 0..8 {
            random.number();
        }
        random
    }

    fn number(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }

    /// Returns a number below `end`, which must not be 0.
    #[expect(clippy::cast_possible_truncation, reason = "it is below a usize")]
    pub fn below(&mut self, end: usize) -> usize {
        (self.number() % end as u64) as usize
    }

    /// Returns a length, logarithmically distributed: usually up to 32, rarely up to 2048.
    fn length(&mut self) -> usize {
        let max_bits = if self.below(200) == 0 { 12 } else { 6 };
        let bits = self.below(max_bits);
        1 + self.below(1 << bits)
    }

    fn one_of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }

    fn character(&mut self) -> char {
        let (first, last) = RANGES[self.below(RANGES.len())];
        let offset = u32::try_from(self.below((last - first + 1) as usize)).unwrap_or_default();
        char::from_u32(first + offset).unwrap_or('\u{fffd}')
    }

    fn characters(&mut self) -> String {
        (0..self.length()).map(|_| self.character()).collect()
    }

    /// Returns a piece of a sequence: syntax in `syntax_share` of ten cases.
    fn word(&mut self, syntax_share: usize) -> String {
        if self.below(10) < syntax_share {
            return self.one_of(SYNTAX).to_owned();
        }
        if self.below(12) == 0 {
            return (0..=self.below(4)).map(|_| self.character()).collect();
        }
        self.one_of(WORDS).to_owned()
    }

    /// Returns words and syntax, with or without spaces in between.
    fn sequence(&mut self, syntax_share: usize) -> String {
        let spaced = self.below(3);
        let mut text = String::new();
        for _ in 0..self.length() {
            text.push_str(&self.word(syntax_share));
            if spaced == 0 || spaced == 1 && self.below(2) == 0 {
                text.push(' ');
            }
        }
        text
    }

    /// Returns a regular expression, usually a valid one.
    fn regex(&mut self) -> String {
        let pieces: String = (0..self.length()).map(|_| self.one_of(REGEX_PIECES)).collect();
        match self.below(4) {
            0 => format!("/({pieces}){}/", self.one_of(&["", "*", "+", "{3}", "{40}"])),
            _ => format!("/{pieces}/"),
        }
    }

    /// Returns a valid query of clauses nested up to `depth`.
    fn nested(&mut self, depth: usize) -> String {
        if depth == 0 || self.below(4) == 0 {
            return match self.below(9) {
                0 => format!("\"{}\"{}", self.word(1), self.one_of(&["", "~2", "^2", "~3^0.5"])),
                1 => {
                    format!("{}{}", self.word(0), self.one_of(&["*", "~", "~1", "^3", "?x", "~^2"]))
                }
                2 => self.one_of(&["/gr[ea]w/", "/x.*/^2", "date:2025", "*", "\"\""]).to_owned(),
                3 => self.word(5),
                4 => self.regex(),
                _ => self.word(0),
            };
        }
        let (left, right) = (self.nested(depth - 1), self.nested(depth - 1));
        match self.below(10) {
            0 => format!("{left} OR {right}"),
            1 => format!("{left} AND {right}"),
            2 => format!("{left} NEAR/{} {right}", self.below(60)),
            3 => format!("{left} SAME {right}"),
            4 => format!("{left} {}{right}", self.one_of(&["+", "-", "NOT ", "!"])),
            5 => format!("({left}){} {right}", self.one_of(&["", "^2", "^0", "~2"])),
            6 => format!("{}{left} {right}", self.one_of(&["title:", "issuer:", "id:", "source:"])),
            7 => format!("{}({left} {right})", self.one_of(&["heading:", "speaker:", "lang:"])),
            8 => format!("({left} {right})"),
            _ => format!("{left} {right}"),
        }
    }

    /// Returns a repeated piece with other text around it.
    fn repeated(&mut self) -> String {
        let unit = format!("{}{}", self.word(7), if self.below(2) == 0 { " " } else { "" });
        let unit = if self.below(2) == 0 { unit + &self.word(6) } else { unit };
        let (unit, times) = match self.below(3) {
            // Near the limit of nested parentheses.
            0 => (unit + "(", 24 + self.below(12)),
            _ => (unit, self.length() + self.length()),
        };
        format!("{}{}{}", self.word(5), unit.repeat(times), self.sequence(5))
    }

    /// Returns a query, often one that nobody would type.
    pub fn query(&mut self) -> Vec<u8> {
        let text = match self.below(12) {
            0 => return (0..self.length()).map(|_| self.number().to_le_bytes()[0]).collect(),
            1 => self.characters(),
            2 => self.repeated(),
            3..=5 => {
                let depth = self.below(5);
                self.nested(depth)
            }
            6 => self.sequence(1),
            7 | 8 => self.sequence(3),
            9 | 10 => self.sequence(5),
            _ => self.sequence(9),
        };
        text.into_bytes()
    }

    /// Returns a mutation of one of `inputs`: bytes changed, removed, repeated, or replaced by syntax of formats or
    /// queries or by bytes of another input.
    ///
    /// # Panics
    ///
    /// Panics if there are no inputs.
    pub fn mutated(&mut self, inputs: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = inputs[self.below(inputs.len())].clone();
        // The first line is the header of an input. The header is mutated rarely, or if the input has no other line.
        let line = bytes.iter().position(|&byte| byte == b'\n').map_or(0, |end| end + 1);
        let from = if line < bytes.len() && self.below(4) > 0 { line } else { 0 };
        for _ in 0..self.length() {
            let start =
                (from + self.below(bytes.len() + 1 - from.min(bytes.len()))).min(bytes.len());
            let end = bytes.len().min(start + self.length());
            match self.below(9) {
                0 => drop(bytes.drain(start..end)),
                1 => {
                    let again = bytes[start..end].repeat(1 + self.length());
                    bytes.splice(start..start, again);
                }
                2 | 3 => {
                    let word = self.one_of(FORMAT_SYNTAX).as_bytes().to_vec();
                    bytes.splice(start..end.min(start + word.len()), word);
                }
                4 => drop(bytes.splice(start..start, self.word(5).into_bytes())),
                5 => drop(bytes.splice(start..start, self.one_of(FORMAT_SYNTAX).bytes())),
                6 => bytes[start..end].iter_mut().for_each(|byte| *byte = byte.wrapping_add(1)),
                7 => {
                    let other = &inputs[self.below(inputs.len())];
                    let other_start = self.below(other.len() + 1);
                    let other_end = other.len().min(other_start + 4 * self.length());
                    bytes.splice(start..end, other[other_start..other_end].iter().copied());
                }
                _ => {
                    if let Some(byte) = bytes.get_mut(start) {
                        *byte = self.number().to_le_bytes()[0];
                    }
                }
            }
        }
        bytes
    }

    /// Returns a text, usually of words that repeat.
    pub fn text(&mut self) -> String {
        match self.below(10) {
            0 => self.characters(),
            1 => self.repeated(),
            2 => self.sequence(4),
            _ => self.sequence(0) + &self.sequence(1),
        }
    }
}
