//! Texts of the pages in English and Chinese.

use crate::{
    document::Place,
    query::{Facet, NoteKind},
    search::{HitCount, PassageInfo},
};

/// Texts of the pages in one language.
#[derive(Debug)]
pub(super) struct Messages {
    /// Language code: value of the parameter `ui`, and primary language subtag in Accept-Language.
    pub(super) code: &'static str,
    /// Name of the language, written in that language.
    pub(super) language_name: &'static str,
    pub(super) search: &'static str,
    pub(super) search_label: &'static str,
    pub(super) placeholder: &'static str,
    pub(super) skip_link: &'static str,
    pub(super) latest: &'static str,
    pub(super) results: &'static str,
    pub(super) no_results: &'static str,
    pub(super) no_results_hint: &'static str,
    pub(super) filters: &'static str,
    pub(super) remove_filter: &'static str,
    pub(super) remove_all: &'static str,
    pub(super) order: &'static str,
    pub(super) best_first: &'static str,
    pub(super) newest_first: &'static str,
    pub(super) every_passage: &'static str,
    pub(super) merge_duplicates: &'static str,
    pub(super) by_release: &'static str,
    pub(super) without: &'static str,
    pub(super) similar: &'static str,
    pub(super) similar_to: &'static str,
    pub(super) nothing_similar: &'static str,
    pub(super) suggestions: &'static str,
    /// Label of a suggestion that is a title of a release, not a query.
    pub(super) title_suggestion: &'static str,
    pub(super) context: &'static str,
    pub(super) cite: &'static str,
    pub(super) copy: &'static str,
    pub(super) copy_markdown: &'static str,
    pub(super) copied: &'static str,
    pub(super) whole_release: &'static str,
    pub(super) previous: &'static str,
    pub(super) next: &'static str,
    pub(super) pages: &'static str,
    pub(super) back_to_results: &'static str,
    pub(super) matches: &'static str,
    pub(super) first_match: &'static str,
    pub(super) previous_match: &'static str,
    pub(super) next_match: &'static str,
    pub(super) no_match: &'static str,
    pub(super) source: &'static str,
    pub(super) document_number: &'static str,
    pub(super) published_at: &'static str,
    pub(super) inferred: &'static str,
    pub(super) language: &'static str,
    pub(super) colours: &'static str,
    /// Names of the colour schemes, in the order of `Theme::ALL`.
    pub(super) themes: [&'static str; 3],
    pub(super) offline: &'static str,
    pub(super) failed: &'static str,
    /// Actions of the keyboard shortcuts, in the order in which the footer lists them.
    pub(super) shortcuts: [&'static str; 5],
    /// Names of the facets, in the order of [`Facet::ALL`].
    facets: [&'static str; 5],
}

pub(super) const ENGLISH: Messages = Messages {
    code: "en",
    language_name: "English",
    search: "Search",
    search_label: "Search policy releases",
    placeholder: "Words, \"a phrase\", 中文…",
    skip_link: "Skip to results",
    latest: "Latest releases",
    results: "Results",
    no_results: "Nothing found",
    no_results_hint: "Try fewer or other words, or remove a filter.",
    filters: "Filters",
    remove_filter: "Remove filter",
    remove_all: "Remove all",
    order: "Order and grouping",
    best_first: "Best first",
    newest_first: "Newest first",
    every_passage: "Every passage",
    merge_duplicates: "Duplicates merged",
    by_release: "By release",
    without: "without:",
    similar: "Similar passages",
    similar_to: "Passages similar to this one",
    nothing_similar: "No other release has a similar passage.",
    suggestions: "Suggestions",
    title_suggestion: "release",
    context: "In context",
    cite: "Cite",
    copy: "Copy citation",
    copy_markdown: "Copy as Markdown",
    copied: "Copied",
    whole_release: "Whole release",
    previous: "Previous",
    next: "Next",
    pages: "Pages of results",
    back_to_results: "Back to results",
    matches: "Matches",
    first_match: "First match",
    previous_match: "Previous match",
    next_match: "Next match",
    no_match: "No match in this release",
    source: "File",
    document_number: "Document number",
    published_at: "Published at",
    inferred: "inferred from the text",
    language: "Language",
    colours: "Colours",
    themes: ["System", "Light", "Dark"],
    offline: "The service does not answer. Try again in a moment.",
    failed: "The request failed",
    shortcuts: ["search", "select a result", "open", "step through matches", "back"],
    facets: ["Announced by", "Speaker", "Year", "Language", "Source"],
};

pub(super) const SIMPLIFIED: Messages = Messages {
    code: "zh",
    language_name: "中文",
    search: "搜索",
    search_label: "搜索政策新闻稿",
    placeholder: "词语、“短语”、English…",
    skip_link: "跳到结果",
    latest: "最新发布",
    results: "结果",
    no_results: "没有找到结果",
    no_results_hint: "请减少或更换词语，或移除筛选条件。",
    filters: "筛选",
    remove_filter: "移除筛选条件",
    remove_all: "全部移除",
    order: "排序与分组",
    best_first: "最相关",
    newest_first: "最新",
    every_passage: "所有段落",
    merge_duplicates: "相同内容合并",
    by_release: "按文件分组",
    without: "缺少：",
    similar: "相似段落",
    similar_to: "与此段相似的内容",
    nothing_similar: "没有其他新闻稿与此段相似。",
    suggestions: "搜索建议",
    title_suggestion: "新闻稿",
    context: "上下文",
    cite: "引用",
    copy: "复制引文",
    copy_markdown: "复制为 Markdown",
    copied: "已复制",
    whole_release: "查看全文",
    previous: "上一页",
    next: "下一页",
    pages: "结果分页",
    back_to_results: "返回结果",
    matches: "匹配",
    first_match: "第一处匹配",
    previous_match: "上一处匹配",
    next_match: "下一处匹配",
    no_match: "本篇没有匹配",
    source: "文件",
    document_number: "文号",
    published_at: "发布地址",
    inferred: "由正文推断",
    language: "语言",
    colours: "配色",
    themes: ["跟随系统", "浅色", "深色"],
    offline: "服务没有响应，请稍后再试。",
    failed: "未能完成",
    shortcuts: ["搜索", "选择结果", "打开", "逐处查看匹配", "返回"],
    facets: ["发布机构", "发言人", "年份", "语种", "来源"],
};

impl Messages {
    pub(super) const ALL: [&'static Self; 2] = [&ENGLISH, &SIMPLIFIED];

    /// Returns the texts of the pages in the language `code`; `None` for an unsupported language.
    pub(super) fn by_code(code: &str) -> Option<&'static Self> {
        Self::ALL.into_iter().find(|messages| messages.code == code)
    }

    fn is_chinese(&self) -> bool {
        self.code == SIMPLIFIED.code
    }

    /// Returns the BCP 47 code of the language, for the `lang` attribute.
    pub(super) fn lang(&self) -> &'static str {
        if self.is_chinese() { "zh-Hans" } else { "en" }
    }

    /// Returns the display name of a facet.
    pub(super) fn facet(&self, facet: Facet) -> &'static str {
        let facet_index = Facet::ALL.iter().position(|other| *other == facet);
        facet_index.and_then(|index| self.facets.get(index)).copied().unwrap_or_default()
    }

    /// Returns the display name of a facet value.
    pub(super) fn facet_value<'a>(&self, facet: Facet, value: &'a str) -> &'a str {
        match (facet, value, self.is_chinese()) {
            (Facet::Lang, "en", false) => "English",
            (Facet::Lang, "en", true) => "英文",
            (Facet::Lang, "zh-Hans", false) => "Chinese, simplified",
            (Facet::Lang, "zh-Hans", true) => "简体中文",
            (Facet::Lang, "zh-Hant", false) => "Chinese, traditional",
            (Facet::Lang, "zh-Hant", true) => "繁体中文",
            _ => value,
        }
    }

    /// Returns a text with the number of matching passages, and the number of releases that contain them.
    pub(super) fn result_count(&self, HitCount { passages, documents }: HitCount) -> String {
        let [passage_count, release_count] = [passages, documents].map(format_number);
        match (self.is_chinese(), passages, documents) {
            (true, ..) => format!("{release_count} 篇新闻稿中的 {passage_count} 段"),
            (false, 1, _) => "1 passage".to_owned(),
            (false, _, 1) => format!("{passage_count} passages in 1 release"),
            (false, ..) => format!("{passage_count} passages in {release_count} releases"),
        }
    }

    /// Returns a text for a query without full matches, with the number of passages that lack a word.
    pub(super) fn only_other_count(&self, passages: u64) -> String {
        let count = format_number(passages);
        if self.is_chinese() {
            format!("没有包含全部词语的段落，{count} 段缺少部分词语")
        } else {
            format!("No passage with every word, {count} without some word")
        }
    }

    /// Returns a text with the number of matching releases or, if `releases` is false, passages.
    pub(super) fn count(&self, count: u64, releases: bool) -> String {
        let number = format_number(count);
        match (self.is_chinese(), releases, count) {
            (true, true, _) => format!("{number} 篇"),
            (true, false, _) => format!("{number} 段"),
            (false, true, 1) => "1 release".to_owned(),
            (false, true, _) => format!("{number} releases"),
            (false, false, 1) => "1 passage".to_owned(),
            (false, false, _) => format!("{number} passages"),
        }
    }

    /// Returns a text with the number of further matching passages in a release.
    pub(super) fn more_in_release(&self, count: u64) -> String {
        let number = format_number(count);
        if self.is_chinese() {
            format!("本篇还有 {number} 段")
        } else {
            format!("{number} more in this release")
        }
    }

    /// Returns a text with the number of other releases that contain a near-duplicate, and the date of the
    /// oldest release.
    pub(super) fn also_in(&self, count: u64, first_date: Option<&str>) -> String {
        let release_count = self.count(count, true);
        match (self.is_chinese(), first_date) {
            (true, None) => format!("另见 {release_count}"),
            (true, Some(day)) => format!("另见 {release_count}，最早 {day}"),
            (false, None) => format!("Also in {release_count}"),
            (false, Some(day)) => format!("Also in {release_count}, first on {day}"),
        }
    }

    /// Returns a text with the number of values that are not displayed.
    pub(super) fn more_values(&self, count: u64) -> String {
        let number = format_number(count);
        if self.is_chinese() {
            format!("另有 {number} 项")
        } else {
            format!("and {number} more")
        }
    }

    /// Returns a text with the number of results without a date.
    pub(super) fn undated(&self, count: u64) -> String {
        let number = format_number(count);
        if self.is_chinese() {
            format!("{number} 项没有日期")
        } else {
            format!("{number} without a date")
        }
    }

    /// Returns a text with the page number.
    pub(super) fn page(&self, page: usize) -> String {
        if self.is_chinese() { format!("第 {page} 页") } else { format!("Page {page}") }
    }

    /// Returns a text with the number of a paragraph and, if known, its page or its place.
    pub(super) fn paragraph(&self, passage: &PassageInfo) -> String {
        let PassageInfo { paragraph, page, place, .. } = passage;
        if let Some((sheet, range)) = place.as_ref().and_then(Place::cells) {
            return if sheet.is_empty() { range.to_owned() } else { format!("{sheet}!{range}") };
        }
        if let Some(slide) = place.as_ref().and_then(Place::slide) {
            return if self.is_chinese() {
                format!("第 {slide} 张幻灯片，第 {paragraph} 段")
            } else {
                format!("Slide {slide}, paragraph {paragraph}")
            };
        }
        match (self.is_chinese(), page) {
            (true, None) => format!("第 {paragraph} 段"),
            (true, Some(page)) => format!("第 {page} 页，第 {paragraph} 段"),
            (false, None) => format!("Paragraph {paragraph}"),
            (false, Some(page)) => format!("Page {page}, paragraph {paragraph}"),
        }
    }

    /// Returns a Chinese label for a note on the query, because the note itself is in English; `None` on English pages.
    pub(super) fn note_label(&self, kind: NoteKind) -> Option<&'static str> {
        let label = match kind {
            NoteKind::Repaired => "查询已修正",
            NoteKind::Ignored => "部分查询未使用",
            NoteKind::Truncated => "查询过长，已截断",
            NoteKind::Expanded => "查询已扩展",
            NoteKind::Relaxed => "已放宽条件",
            NoteKind::Corrected => "已按相近拼写搜索",
            NoteKind::Suggestion => "建议",
            NoteKind::Missing => "没有出现的词语",
            NoteKind::Other => "其余段落缺少部分词语",
            NoteKind::Cut => "超时，结果不完整",
            NoteKind::Changed => "索引已更新",
            NoteKind::Partial => "部分索引未响应",
        };
        self.is_chinese().then_some(label)
    }
}

/// Formats a number with a comma between groups of three digits.
pub(super) fn format_number(number: u64) -> String {
    let digits = number.to_string();
    let mut formatted = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            formatted.push(',');
        }
        formatted.push(digit);
    }
    formatted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_commas() {
        for (value, expected) in
            [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")]
        {
            assert_eq!(format_number(value), expected);
        }
    }

    #[test]
    fn every_facet_has_a_name_in_every_language() {
        for messages in Messages::ALL {
            for facet in Facet::ALL {
                assert!(!messages.facet(facet).is_empty(), "{facet} {}", messages.code);
            }
        }
    }
}
