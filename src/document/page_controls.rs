//! Recognizes paragraphs that are not text of a release, but controls of the web page (`Back to top`) or messages of
//! its server.

/// Texts of controls of web pages and of messages of web servers, in lower case, without spaces and punctuation.
const TEXTS_OF_PAGE_CONTROLS: [&str; 46] = [
    "backtotop",
    "backtothetop",
    "scrolltotop",
    "returntotop",
    "returntothetop",
    "gototop",
    "topofpage",
    "skiptomaincontent",
    "skiptocontent",
    "skipnavigation",
    "skiptonavigation",
    "printthispage",
    "printerfriendlyversion",
    "emailthispage",
    "sharethispage",
    "sharethisarticle",
    "shareonfacebook",
    "shareontwitter",
    "postedin",
    "anerroroccurredwhileprocessingthisdirective",
    "anerroroccurredwhileprocessingthedirective",
    "返回顶部",
    "回到顶部",
    "返回頁頂",
    "回頁首",
    "打印本页",
    "列印本頁",
    "关闭窗口",
    "打印关闭",
    "查看原文",
    "阅读原文",
    "跳到主要内容",
    "跳至主要內容",
    "更新时间戳",
    "扫一扫在手机打开当前页",
    "扫一扫在手机上查看当前页面",
    "手机扫一扫打开当前页",
    "掃一掃在手機打開當前頁",
    "打印关闭字体大中小",
    "字体大中小打印关闭",
    "打印本页关闭窗口",
    "字体大中小",
    "字號大中小",
    "分享到",
    "分享至",
    "收藏本页",
];
/// Maximum length of a paragraph that is a control of a page or a message of its server, in bytes.
const MAX_CONTROL_BYTES: usize = 80;
/// Maximum length of a paragraph that is a link to the previous or the next page of a list, in bytes.
const MAX_NEIGHBOUR_LINK_BYTES: usize = 400;

/// Returns whether a paragraph is a control of a page or a message of its server, such as `Back to top`.
pub(super) fn is_page_control(paragraph: &str) -> bool {
    if is_link_to_neighbour(paragraph) {
        return true;
    }
    if paragraph.len() > MAX_CONTROL_BYTES {
        return false;
    }
    let letters: String =
        paragraph.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    TEXTS_OF_PAGE_CONTROLS.contains(&letters.as_str())
}

/// Returns whether a paragraph is a link to the previous or the next page of a list: `上一篇：港口开放`.
fn is_link_to_neighbour(paragraph: &str) -> bool {
    const NEIGHBOUR_LINK_LABELS: [&str; 8] =
        ["上一篇", "下一篇", "上一条", "下一条", "上一則", "下一則", "上一條", "下一條"];
    let text = paragraph.trim();
    let after_label = NEIGHBOUR_LINK_LABELS.iter().find_map(|label| text.strip_prefix(label));
    paragraph.len() <= MAX_NEIGHBOUR_LINK_BYTES
        && after_label.is_some_and(|title| {
            title.trim_start().starts_with([':', '：']) && !title.ends_with('。')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_paragraphs_are_controls() {
        for (paragraph, expected) in [
            ("Back to top ↑", true),
            ("[an error occurred while processing this directive]", true),
            ("【打印】 【关闭】", true),
            ("查看原文", true),
            ("扫一扫在手机打开当前页", true),
            ("【打印】【关闭】【字体：大 中 小】", true),
            ("上一篇：港口开放", true),
            ("下一篇： 港口开放", true),
            ("上一篇文章介绍了港口。", false),
            ("扫一扫在手机打开当前页，查看港口。", false),
            ("The ministry is back to top form.", false),
            ("Print", false),
            ("", false),
        ] {
            assert_eq!(is_page_control(paragraph), expected, "{paragraph}");
        }
    }
}
