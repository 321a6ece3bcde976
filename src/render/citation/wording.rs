//! Defines the words and the punctuation of citations in each language.

/// Words and punctuation of citations in one language. In each pair, the first text precedes a value, and the second
/// text follows the value.
#[derive(Debug)]
pub(super) struct Wording {
    pub(super) quote: [&'static str; 2],
    pub(super) title: [&'static str; 2],
    pub(super) dash: &'static str,
    pub(super) comma: &'static str,
    pub(super) paragraph: [&'static str; 2],
    pub(super) page: [&'static str; 2],
    pub(super) slide: [&'static str; 2],
    pub(super) sheet: [&'static str; 2],
    pub(super) cells: [&'static str; 2],
    /// Remark that the text was recognized in a picture.
    pub(super) recognized: &'static str,
    /// Shorter form of [`paragraph`](Self::paragraph), for citations in parentheses.
    pub(super) short_paragraph_affixes: [&'static str; 2],
    /// Parentheses around a citation that follows a quote.
    pub(super) parentheses: [&'static str; 2],
    /// Words between a speaker and the release that quotes the speaker.
    pub(super) quoted_in: &'static str,
    /// Words in place of an unknown date.
    pub(super) no_date: &'static str,
    /// Words before the name of the speaker in a note.
    pub(super) speaker_label: &'static str,
    /// Words before the names of inferred fields in a note.
    pub(super) inferred_label: &'static str,
    /// Names of the fields title, issuer, date and number.
    pub(super) field_names: [&'static str; 4],
    /// Punctuation between the sentences of a note.
    pub(super) full_stop: &'static str,
}

const ENGLISH: Wording = Wording {
    quote: ["“", "”"],
    title: ["“", "”"],
    dash: "— ",
    comma: ", ",
    paragraph: ["paragraph ", ""],
    page: ["page ", ""],
    slide: ["slide ", ""],
    sheet: ["sheet “", "”"],
    cells: ["cells ", ""],
    recognized: "recognized text",
    short_paragraph_affixes: ["para. ", ""],
    parentheses: [" (", ")"],
    quoted_in: ", as quoted in ",
    no_date: "n.d.",
    speaker_label: "Speaker: ",
    inferred_label: "Inferred, not stated: ",
    field_names: ["title", "issuer", "date", "number"],
    full_stop: ". ",
};
const SIMPLIFIED_CHINESE: Wording = Wording {
    quote: ["“", "”"],
    title: ["《", "》"],
    dash: "——",
    comma: "，",
    paragraph: ["第", "段"],
    page: ["第", "页"],
    slide: ["第", "张幻灯片"],
    sheet: ["工作表“", "”"],
    cells: ["单元格", ""],
    recognized: "文字识别所得",
    short_paragraph_affixes: ["第", "段"],
    parentheses: ["（", "）"],
    quoted_in: "，引自",
    no_date: "无日期",
    speaker_label: "发言人：",
    inferred_label: "推断所得，原文未注明：",
    field_names: ["标题", "发布机构", "日期", "文号"],
    full_stop: "。",
};
const TRADITIONAL_CHINESE: Wording = Wording {
    quote: ["「", "」"],
    page: ["第", "頁"],
    slide: ["第", "張投影片"],
    sheet: ["工作表「", "」"],
    cells: ["儲存格", ""],
    recognized: "文字辨識所得",
    no_date: "無日期",
    speaker_label: "發言人：",
    inferred_label: "推斷所得，原文未註明：",
    field_names: ["標題", "發布機關", "日期", "文號"],
    ..SIMPLIFIED_CHINESE
};

impl Wording {
    /// Returns the wording for a release in the language `lang`.
    pub(super) fn of_language(lang: &str) -> &'static Self {
        match lang {
            "zh-Hant" | "zh-TW" | "zh-HK" | "zh-MO" => &TRADITIONAL_CHINESE,
            lang if lang.starts_with("zh") => &SIMPLIFIED_CHINESE,
            _ => &ENGLISH,
        }
    }
}

/// Returns `text` between `before` and `after`.
pub(super) fn enclose([before, after]: [&str; 2], text: &str) -> String {
    format!("{before}{text}{after}")
}
