//! Recognizes paragraphs that are not text of a release, but controls of the web page (`Back to top`) or messages of
//! its server.

/// Texts of controls of web pages and of messages of web servers, in lower case, without spaces and punctuation.
const PAGE_CONTROLS: [&str; 34] = [
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
];
/// Maximum length of a paragraph that is a control of a page or a message of its server, in bytes.
const MAX_CONTROL_BYTES: usize = 80;

/// Returns whether a paragraph is a control of a page or a message of its server, such as `Back to top`.
pub(super) fn is_page_control(paragraph: &str) -> bool {
    if paragraph.len() > MAX_CONTROL_BYTES {
        return false;
    }
    let letters: String =
        paragraph.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    PAGE_CONTROLS.contains(&letters.as_str())
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
            ("The ministry is back to top form.", false),
            ("Print", false),
            ("", false),
        ] {
            assert_eq!(is_page_control(paragraph), expected, "{paragraph}");
        }
    }
}
