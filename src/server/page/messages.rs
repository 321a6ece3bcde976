//! What pages say, in each language.

use crate::{
    query::{Facet, NoteKind},
    search::HitCount,
};

/// The words of a language.
#[derive(Debug)]
pub(super) struct Words {
    /// Its code, as it is chosen and as browsers ask for it.
    pub(super) code: &'static str,
    /// Its name in itself.
    pub(super) name: &'static str,
    pub(super) search: &'static str,
    pub(super) search_label: &'static str,
    pub(super) placeholder: &'static str,
    pub(super) skip: &'static str,
    pub(super) latest: &'static str,
    pub(super) results: &'static str,
    pub(super) nothing: &'static str,
    pub(super) nothing_hint: &'static str,
    pub(super) filters: &'static str,
    pub(super) remove_filter: &'static str,
    pub(super) remove_all: &'static str,
    pub(super) order: &'static str,
    pub(super) best_first: &'static str,
    pub(super) newest_first: &'static str,
    pub(super) every_passage: &'static str,
    pub(super) same_once: &'static str,
    pub(super) one_of_each: &'static str,
    pub(super) similar: &'static str,
    pub(super) similar_to: &'static str,
    pub(super) nothing_similar: &'static str,
    pub(super) suggestions: &'static str,
    pub(super) title: &'static str,
    pub(super) context: &'static str,
    pub(super) cite: &'static str,
    pub(super) copy: &'static str,
    pub(super) copy_markdown: &'static str,
    pub(super) copied: &'static str,
    pub(super) open: &'static str,
    pub(super) previous: &'static str,
    pub(super) next: &'static str,
    pub(super) pages: &'static str,
    pub(super) back: &'static str,
    pub(super) matches: &'static str,
    pub(super) first_match: &'static str,
    pub(super) previous_match: &'static str,
    pub(super) next_match: &'static str,
    pub(super) no_match: &'static str,
    pub(super) source: &'static str,
    pub(super) number: &'static str,
    pub(super) published_at: &'static str,
    pub(super) inferred: &'static str,
    pub(super) language: &'static str,
    pub(super) colours: &'static str,
    /// Of the system, light, dark.
    pub(super) themes: [&'static str; 3],
    pub(super) offline: &'static str,
    pub(super) failed: &'static str,
    pub(super) keys: &'static str,
    /// In the order of [`Facet::ALL`].
    facets: [&'static str; 5],
}

pub(super) const ENGLISH: Words = Words {
    code: "en",
    name: "English",
    search: "Search",
    search_label: "Search policy releases",
    placeholder: "Words, \"a phrase\", 中文…",
    skip: "Skip to results",
    latest: "Latest releases",
    results: "Results",
    nothing: "Nothing found",
    nothing_hint: "Try fewer or other words, or remove a filter.",
    filters: "Filters",
    remove_filter: "Remove filter",
    remove_all: "Remove all",
    order: "Order and grouping",
    best_first: "Best first",
    newest_first: "Newest first",
    every_passage: "Every passage",
    same_once: "Same text once",
    one_of_each: "One per release",
    similar: "Similar passages",
    similar_to: "Passages similar to this one",
    nothing_similar: "No other release resembles it.",
    suggestions: "Suggestions",
    title: "release",
    context: "In context",
    cite: "Cite",
    copy: "Copy citation",
    copy_markdown: "Copy as Markdown",
    copied: "Copied",
    open: "Whole release",
    previous: "Previous",
    next: "Next",
    pages: "Pages of results",
    back: "Back to results",
    matches: "Matches",
    first_match: "First match",
    previous_match: "Previous match",
    next_match: "Next match",
    no_match: "No match in this release",
    source: "File",
    number: "Number",
    published_at: "Published at",
    inferred: "inferred from the text",
    language: "Language",
    colours: "Colours",
    themes: ["System", "Light", "Dark"],
    offline: "The service does not answer. Try again in a moment.",
    failed: "This did not work",
    keys: "search | choose a result | open | step through matches | back",
    facets: ["Announced by", "Speaker", "Year", "Language", "Source"],
};

pub(super) const SIMPLIFIED: Words = Words {
    code: "zh",
    name: "中文",
    search: "搜索",
    search_label: "搜索政策新闻稿",
    placeholder: "词语、“短语”、English…",
    skip: "跳到结果",
    latest: "最新发布",
    results: "结果",
    nothing: "没有找到结果",
    nothing_hint: "请减少或更换词语，或移除筛选条件。",
    filters: "筛选",
    remove_filter: "移除筛选条件",
    remove_all: "全部移除",
    order: "排序与分组",
    best_first: "最相关",
    newest_first: "最新",
    every_passage: "所有段落",
    same_once: "相同内容合并",
    one_of_each: "每篇一段",
    similar: "相似段落",
    similar_to: "与此段相似的内容",
    nothing_similar: "没有其他新闻稿与此段相似。",
    suggestions: "搜索建议",
    title: "新闻稿",
    context: "上下文",
    cite: "引用",
    copy: "复制引文",
    copy_markdown: "复制为 Markdown",
    copied: "已复制",
    open: "查看全文",
    previous: "上一页",
    next: "下一页",
    pages: "结果分页",
    back: "返回结果",
    matches: "匹配",
    first_match: "第一处匹配",
    previous_match: "上一处匹配",
    next_match: "下一处匹配",
    no_match: "本篇没有匹配",
    source: "文件",
    number: "文号",
    published_at: "发布地址",
    inferred: "由正文推断",
    language: "语言",
    colours: "配色",
    themes: ["跟随系统", "浅色", "深色"],
    offline: "服务没有响应，请稍后再试。",
    failed: "未能完成",
    keys: "搜索 | 选择结果 | 打开 | 逐处查看匹配 | 返回",
    facets: ["发布机构", "发言人", "年份", "语种", "来源"],
};

impl Words {
    pub(super) const ALL: [&'static Self; 2] = [&ENGLISH, &SIMPLIFIED];

    pub(super) fn named(code: &str) -> Option<&'static Self> {
        Self::ALL.into_iter().find(|words| words.code == code)
    }

    fn is_chinese(&self) -> bool {
        self.code == SIMPLIFIED.code
    }

    /// As a BCP 47 code.
    pub(super) fn lang(&self) -> &'static str {
        if self.is_chinese() { "zh-Hans" } else { "en" }
    }

    pub(super) fn facet(&self, facet: Facet) -> &'static str {
        let at = Facet::ALL.iter().position(|other| *other == facet);
        at.and_then(|at| self.facets.get(at)).copied().unwrap_or_default()
    }

    /// A value of a facet as it is shown.
    pub(super) fn value<'a>(&self, facet: Facet, value: &'a str) -> &'a str {
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

    /// How many passages of how many releases were found.
    pub(super) fn found(&self, HitCount { passages, documents }: HitCount) -> String {
        let [many, releases] = [passages, documents].map(number);
        match (self.is_chinese(), passages, documents) {
            (true, ..) => format!("{releases} 篇新闻稿中的 {many} 段"),
            (false, 1, _) => "1 passage".to_owned(),
            (false, _, 1) => format!("{many} passages in 1 release"),
            (false, ..) => format!("{many} passages in {releases} releases"),
        }
    }

    /// How many passages or releases.
    pub(super) fn count(&self, count: u64, releases: bool) -> String {
        let many = number(count);
        match (self.is_chinese(), releases, count) {
            (true, true, _) => format!("{many} 篇"),
            (true, false, _) => format!("{many} 段"),
            (false, true, 1) => "1 release".to_owned(),
            (false, true, _) => format!("{many} releases"),
            (false, false, 1) => "1 passage".to_owned(),
            (false, false, _) => format!("{many} passages"),
        }
    }

    /// That a release has so many more matching passages.
    pub(super) fn more_here(&self, count: u64) -> String {
        let many = number(count);
        if self.is_chinese() {
            format!("本篇还有 {many} 段")
        } else {
            format!("{many} more in this release")
        }
    }

    /// That so many other releases say the same, and since when.
    pub(super) fn also_in(&self, count: u64, first: Option<&str>) -> String {
        let many = self.count(count, true);
        match (self.is_chinese(), first) {
            (true, None) => format!("另见 {many}"),
            (true, Some(day)) => format!("另见 {many}，最早 {day}"),
            (false, None) => format!("Also in {many}"),
            (false, Some(day)) => format!("Also in {many}, first on {day}"),
        }
    }

    /// That there are so many more values.
    pub(super) fn more_values(&self, count: u64) -> String {
        let many = number(count);
        if self.is_chinese() { format!("另有 {many} 项") } else { format!("and {many} more") }
    }

    /// That so many have no date.
    pub(super) fn undated(&self, count: u64) -> String {
        let many = number(count);
        if self.is_chinese() {
            format!("{many} 项没有日期")
        } else {
            format!("{many} without a date")
        }
    }

    /// Which page this is.
    pub(super) fn page(&self, page: usize) -> String {
        if self.is_chinese() { format!("第 {page} 页") } else { format!("Page {page}") }
    }

    /// Which paragraph this is, and on which page.
    pub(super) fn paragraph(&self, paragraph: u32, page: Option<u32>) -> String {
        match (self.is_chinese(), page) {
            (true, None) => format!("第 {paragraph} 段"),
            (true, Some(page)) => format!("第 {page} 页，第 {paragraph} 段"),
            (false, None) => format!("Paragraph {paragraph}"),
            (false, Some(page)) => format!("Page {page}, paragraph {paragraph}"),
        }
    }

    /// What stands before a note; its message is in English.
    pub(super) fn note(&self, kind: NoteKind) -> Option<&'static str> {
        let about = match kind {
            NoteKind::Repaired => "查询已修正",
            NoteKind::Ignored => "部分查询未使用",
            NoteKind::Truncated => "查询过长，已截断",
            NoteKind::Expanded => "查询已扩展",
            NoteKind::Relaxed => "已放宽条件",
            NoteKind::Corrected => "已按相近拼写搜索",
            NoteKind::Suggestion => "建议",
            NoteKind::Cut => "超时，结果不完整",
            NoteKind::Changed => "索引已更新",
            NoteKind::Partial => "部分索引未响应",
        };
        self.is_chinese().then_some(about)
    }
}

/// A number with a comma before every three digits.
pub(super) fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut shown = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_commas() {
        for (given, expected) in
            [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")]
        {
            assert_eq!(number(given), expected);
        }
    }

    #[test]
    fn every_facet_has_a_name_in_every_language() {
        for words in Words::ALL {
            for facet in Facet::ALL {
                assert!(!words.facet(facet).is_empty(), "{facet} {}", words.code);
            }
        }
    }
}
