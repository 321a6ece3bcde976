//! Chinese texts of notes.

use crate::{
    document::FieldType,
    query::note_detail::{
        ExceededLimit, ExpandedPart, IgnoredPart, ListedTerms, MissingPart, NoteDetail,
        OtherMatches, RelaxedPart, Repair, TimeLimit,
    },
    server::page::messages::{Messages, fill},
};

/// Returns the text of a note in the Chinese script of the page.
pub(super) fn text(detail: &NoteDetail, messages: &Messages) -> String {
    let script = Script { is_traditional: messages.code == "zh-Hant" };
    match detail {
        NoteDetail::Repaired(repair) => script.describe_repair(repair),
        NoteDetail::Ignored(part) => script.describe_ignored_part(part),
        NoteDetail::Truncated(limit) => script.describe_truncation(limit),
        NoteDetail::Expanded(part) => script.describe_expansion(part),
        NoteDetail::Relaxed(part) => script.describe_relaxation(part),
        NoteDetail::Corrected { word, closest } => script.text(
            ["“{}”没有出现，已改为搜索“{}”", "「{}」沒有出現，已改為搜尋「{}」"],
            &[word, closest],
        ),
        NoteDetail::Suggestion { word, passages: 0, closest } => script.text(
            ["“{}”没有出现，您是不是要找“{}”", "「{}」沒有出現，您是不是要找「{}」"],
            &[word, closest],
        ),
        NoteDetail::Suggestion { word, passages, closest } => script.text(
            ["“{}”只在 {} 段出现，您是不是要找“{}”", "「{}」只在 {} 段出現，您是不是要找「{}」"],
            &[word, passages, closest],
        ),
        NoteDetail::Missing(part) => script.describe_missing_part(part, messages),
        NoteDetail::Other(matches) => script.describe_other_matches(matches),
        NoteDetail::Cut(limit) => script.describe_time_limit(limit),
        NoteDetail::Changed => script.text(
            [
                "索引在上一页之后有变化：段落可能缺少或重复",
                "索引在上一頁之後有變化：段落可能缺少或重複",
            ],
            &[],
        ),
        NoteDetail::Partial { missing, total } => script.text(
            [
                "索引的 {} 个部分（共 {} 个）没有响应：缺少一些段落",
                "索引的 {} 個部分（共 {} 個）沒有回應：缺少一些段落",
            ],
            &[missing, total],
        ),
    }
}

/// Templates of the note about a metadata key that is not a declared field, in simplified and traditional characters.
const UNDECLARED_KEY_TEMPLATES: [&str; 2] = [
    "“{}”是元数据的键，但没有声明为字段：声明后才能用它搜索、筛选和排序",
    "「{}」是中繼資料的鍵，但沒有宣告為欄位：宣告後才能用它搜尋、篩選和排序",
];

/// Chinese script in which the texts of a page are written: traditional or simplified.
#[derive(Clone, Copy)]
struct Script {
    is_traditional: bool,
}

impl Script {
    /// Chooses the template in this script, and replaces its placeholders `{}` by the values.
    fn text(self, [simplified, traditional]: [&str; 2], values: &[&dyn ToString]) -> String {
        let values: Vec<String> = values.iter().map(|value| value.to_string()).collect();
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        fill(if self.is_traditional { traditional } else { simplified }, &values)
    }

    fn describe_repair(self, repair: &Repair) -> String {
        match repair {
            Repair::HeadlineInCapitals => self.text(
                [
                    "查询全部是大写字母：AND、OR、NOT、NEAR 和 SAME 按普通词语搜索",
                    "查詢全部是大寫字母：AND、OR、NOT、NEAR 和 SAME 依一般詞語搜尋",
                ],
                &[],
            ),
            Repair::SignOfNumber { sign: '+' } => self.text(
                [
                    "数字前的 + 是正号，不是运算符：要求包含请用 AND",
                    "數字前的 + 是正號，不是運算子：要求包含請用 AND",
                ],
                &[],
            ),
            Repair::SignOfNumber { sign } => self.text(
                [
                    "数字前的 {} 是负号，不是运算符：要排除请用 NOT",
                    "數字前的 {} 是負號，不是運算子：要排除請用 NOT",
                ],
                &[sign],
            ),
            Repair::LongRegex { max_chars } => self.text(
                [
                    "正则表达式最多 {} 个字符：已按词语搜索",
                    "正規表示式最多 {} 個字元：已依詞語搜尋",
                ],
                &[max_chars],
            ),
            Repair::UnclosedQuote { quote } => self.text(
                ["引号 {} 没有配对：已搜索其后的词语", "引號 {} 沒有配對：已搜尋其後的詞語"],
                &[quote],
            ),
            Repair::FieldWithoutWord { name } => self.text(
                [
                    "“{}:”的冒号后面要紧跟词语：已按词语搜索",
                    "「{}:」的冒號後面要緊跟詞語：已依詞語搜尋",
                ],
                &[name],
            ),
            Repair::UnknownField { name } => self.text(
                ["没有名为“{}”的字段：已按词语搜索", "沒有名為「{}」的欄位：已依詞語搜尋"],
                &[name],
            ),
            Repair::InvalidFigure { text } => self.text(
                [
                    "“figure:{}”不是 30%、>=1万亿元 或 30%..40% 这样的数量：已按词语搜索",
                    "「figure:{}」不是 30%、>=1萬億元 或 30%..40% 這樣的數量：已依詞語搜尋",
                ],
                &[text],
            ),
            Repair::InvalidDate { field, text } => self.text(
                [
                    "“{}:{}”不是 2025、2025-12 或 2025-12-17 这样的日期：已按词语搜索",
                    "「{}:{}」不是 2025、2025-12 或 2025-12-17 這樣的日期：已依詞語搜尋",
                ],
                &[field, text],
            ),
            Repair::InvalidBoost { text } => self.text(
                [
                    "“{}”不是 ^2 或 ^0.5 这样的权重：已作为词语的一部分搜索",
                    "「{}」不是 ^2 或 ^0.5 這樣的權重：已作為詞語的一部分搜尋",
                ],
                &[text],
            ),
            Repair::OnlyOperators => self.text(
                ["查询只有运算符：已按普通词语搜索", "查詢只有運算子：已依一般詞語搜尋"],
                &[],
            ),
            Repair::UnopenedParenthesis => {
                self.text(["右括号没有配对的左括号：已忽略", "右括號沒有配對的左括號：已忽略"], &[])
            }
            Repair::UnclosedParenthesis => self.text(
                ["左括号没有配对的右括号：已在末尾补上", "左括號沒有配對的右括號：已在末尾補上"],
                &[],
            ),
            Repair::SeveralSigns => {
                self.text(["连续有多个符号：以第一个为准", "連續有多個符號：以第一個為準"], &[])
            }
            Repair::ProximityOperands { max } => self.text(
                [
                    "NEAR 和 SAME 最多连接 {} 个词语、短语或它们的选项：已按 AND 处理",
                    "NEAR 和 SAME 最多連接 {} 個詞語、片語或它們的選項：已依 AND 處理",
                ],
                &[max],
            ),
            Repair::UndeclaredKey { name } => self.text(UNDECLARED_KEY_TEMPLATES, &[name]),
            Repair::ChineseRegex { pattern } => self.text(
                [
                    "/{}/：正则表达式只匹配一个词项，而中文的词项是单个汉字：请改用 ? 和 *",
                    "/{}/：正規表示式只比對一個詞項，而中文的詞項是單個漢字：請改用 ? 和 *",
                ],
                &[pattern],
            ),
        }
    }

    fn describe_ignored_part(self, part: &IgnoredPart) -> String {
        match part {
            IgnoredPart::EmptyQuotes => {
                self.text(["引号里没有内容：已忽略", "引號裡沒有內容：已忽略"], &[])
            }
            IgnoredPart::StarAfterPhrase => {
                self.text(["短语后面的 *：已忽略", "片語後面的 *：已忽略"], &[])
            }
            IgnoredPart::StarInPhrase => {
                self.text(["引号里的 * 不是通配符：已忽略", "引號裡的 * 不是萬用字元：已忽略"], &[])
            }
            IgnoredPart::SlopWithoutNumber => {
                self.text(["短语后面的 ~ 需要词数：已忽略", "片語後面的 ~ 需要詞數：已忽略"], &[])
            }
            IgnoredPart::InvalidBoost { text } => self.text(
                [
                    "“{}”不是 ^2 或 ^0.5 这样的权重：已忽略",
                    "「{}」不是 ^2 或 ^0.5 這樣的權重：已忽略",
                ],
                &[text],
            ),
            IgnoredPart::FuzzyWildcard => {
                self.text(["含 * 或 ? 的词后面的 ~：已忽略", "含 * 或 ? 的詞後面的 ~：已忽略"], &[])
            }
            IgnoredPart::Everything => {
                self.text(["查询里没有可以搜索的文字或数字", "查詢裡沒有可以搜尋的文字或數字"], &[])
            }
            IgnoredPart::OperatorWithoutWord { operator } => self
                .text(["“{}”两边都要有词语：已忽略", "「{}」兩邊都要有詞語：已忽略"], &[operator]),
            IgnoredPart::NotWithoutWord => {
                self.text(["NOT 后面要有词语：已忽略", "NOT 後面要有詞語：已忽略"], &[])
            }
            IgnoredPart::FieldWithoutWord { name } => {
                self.text(["“{}:”后面没有词语：已忽略", "「{}:」後面沒有詞語：已忽略"], &[name])
            }
            IgnoredPart::ShortFuzzyWord { word, min_letters, min_han_chars } => self.text(
                [
                    "“{}~”：数字、少于 {} 个字母的词和少于 {} 个字的中文词按原样搜索",
                    "「{}~」：數字、少於 {} 個字母的詞和少於 {} 個字的中文詞依原樣搜尋",
                ],
                &[word, min_letters, min_han_chars],
            ),
            IgnoredPart::InvalidRegex { pattern, reason: _ } => self.text(
                [
                    "/{}/ 不是有效的正则表达式，没有匹配任何词语",
                    "/{}/ 不是有效的正規表示式，沒有符合任何詞語",
                ],
                &[pattern],
            ),
            IgnoredPart::InvalidFieldValue { name, value, field_type } => {
                let templates = match field_type {
                    FieldType::Number => [
                        "“{}”：“{}”不是 5、>=5 或 5..10 这样的数字，没有匹配任何文件",
                        "「{}」：「{}」不是 5、>=5 或 5..10 這樣的數字，沒有符合任何文件",
                    ],
                    FieldType::Date => [
                        "“{}”：“{}”不是 2025、>=2025-12 或 2025-01..2025-06 这样的日期，没有匹配任何文件",
                        "「{}」：「{}」不是 2025、>=2025-12 或 2025-01..2025-06 這樣的日期，沒有符合任何文件",
                    ],
                    FieldType::Bool => [
                        "“{}”：“{}”不是 是 或 否，没有匹配任何文件",
                        "「{}」：「{}」不是 是 或 否，沒有符合任何文件",
                    ],
                    FieldType::Text | FieldType::Keyword => [
                        "“{}”：“{}”没有文字或数字，没有匹配任何文件",
                        "「{}」：「{}」沒有文字或數字，沒有符合任何文件",
                    ],
                };
                self.text(templates, &[name, value])
            }
            IgnoredPart::CommonWords { words } => self.text(
                ["几乎每段都有，因此没有计入：{}", "幾乎每段都有，因此沒有計入：{}"],
                &[&words.join("、")],
            ),
            IgnoredPart::WordListLine { file, line: None, .. } => {
                self.text(["词表 {} 无法使用，已忽略", "詞表 {} 無法使用，已忽略"], &[file])
            }
            IgnoredPart::WordListLine { file, line: Some(line), other_count: 0, .. } => self.text(
                ["词表 {} 的第 {} 行无法使用，已忽略", "詞表 {} 的第 {} 行無法使用，已忽略"],
                &[file, line],
            ),
            IgnoredPart::WordListLine { file, line: Some(line), other_count, .. } => self.text(
                [
                    "词表 {} 的第 {} 行和另外 {} 行无法使用，已忽略",
                    "詞表 {} 的第 {} 行和另外 {} 行無法使用，已忽略",
                ],
                &[file, line, other_count],
            ),
        }
    }

    fn describe_truncation(self, limit: &ExceededLimit) -> String {
        match limit {
            ExceededLimit::QueryLength { max_chars } => self.text(
                ["查询超过 {} 个字符：其余部分已省略", "查詢超過 {} 個字元：其餘部分已省略"],
                &[max_chars],
            ),
            ExceededLimit::Slop { requested, max } => self.text(
                ["短语后面的 ~{}：已按上限 ~{} 处理", "片語後面的 ~{}：已依上限 ~{} 處理"],
                &[requested, max],
            ),
            ExceededLimit::Boost { requested, max } => self.text(
                ["“{}”：已按权重上限 ^{} 处理", "「{}」：已依權重上限 ^{} 處理"],
                &[requested, max],
            ),
            ExceededLimit::NearDistance { requested, max } => self.text(
                ["NEAR/{}：已按上限 NEAR/{} 处理", "NEAR/{}：已依上限 NEAR/{} 處理"],
                &[requested, max],
            ),
            ExceededLimit::Edits { requested } => self.text(
                ["~{}：已按改动次数的上限 ~2 处理", "~{}：已依改動次數的上限 ~2 處理"],
                &[requested],
            ),
            ExceededLimit::ParenthesesDepth { max } => self.text(
                ["括号超过 {} 层：更深的部分已忽略", "括號超過 {} 層：更深的部分已忽略"],
                &[max],
            ),
            ExceededLimit::FuzzyChineseWord { max_chars } => self.text(
                ["~ 前面超过 {} 个汉字：已按原样搜索", "~ 前面超過 {} 個漢字：已依原樣搜尋"],
                &[max_chars],
            ),
            ExceededLimit::Words { max } => self.text(
                ["查询超过 {} 个词语：其余部分已省略", "查詢超過 {} 個詞語：其餘部分已省略"],
                &[max],
            ),
            ExceededLimit::Patterns { max } => self.text(
                [
                    "查询超过 {} 个模式（* ? ~ /…/）：其余部分已省略",
                    "查詢超過 {} 個模式（* ? ~ /…/）：其餘部分已省略",
                ],
                &[max],
            ),
            ExceededLimit::ProximityClauses { max } => self.text(
                [
                    "查询超过 {} 个 NEAR 和 SAME：其余部分已省略",
                    "查詢超過 {} 個 NEAR 和 SAME：其餘部分已省略",
                ],
                &[max],
            ),
            ExceededLimit::PatternTerms { label, count, max, terms } => self.text(
                [
                    "“{}”代表 {} 个词，已搜索其中最常见的 {} 个：{}",
                    "「{}」代表 {} 個詞，已搜尋其中最常見的 {} 個：{}",
                ],
                &[label, count, max, &chinese_list(terms)],
            ),
        }
    }

    fn describe_expansion(self, part: &ExpandedPart) -> String {
        match part {
            ExpandedPart::NearWithoutNumber { distance } => self.text(
                ["NEAR 没有数字：已按 NEAR/{} 处理", "NEAR 沒有數字：已依 NEAR/{} 處理"],
                &[distance],
            ),
            ExpandedPart::Pattern { label, count: 0, .. } => {
                self.text(["“{}”不代表索引中的任何词", "「{}」不代表索引中的任何詞"], &[label])
            }
            ExpandedPart::Pattern { label, count, terms } => self.text(
                ["“{}”代表 {} 个词：{}", "「{}」代表 {} 個詞：{}"],
                &[label, count, &chinese_list(terms)],
            ),
            ExpandedPart::OtherSpelling { word, spellings } => {
                self.text(["“{}”也按“{}”搜索", "「{}」也依「{}」搜尋"], &[word, spellings])
            }
            ExpandedPart::Synonyms { words, synonyms } => self.text(
                ["“{}”也按同义词“{}”搜索", "「{}」也依同義詞「{}」搜尋"],
                &[words, &chinese_list(synonyms)],
            ),
            ExpandedPart::DocumentNumber { number, titles } => self.text(
                ["“{}”是文件的文号，该文件符合条件：{}", "「{}」是文件的文號，該文件符合條件：{}"],
                &[number, &chinese_list(titles)],
            ),
        }
    }

    fn describe_relaxation(self, part: &RelaxedPart) -> String {
        match part {
            RelaxedPart::Query { from, to } => self.text(
                ["没有段落符合“{}”，已改为搜索“{}”", "沒有段落符合「{}」，已改為搜尋「{}」"],
                &[from, to],
            ),
            RelaxedPart::WordParts { word } => self.text(
                ["“{}”没有出现，已改为搜索其中的词", "「{}」沒有出現，已改為搜尋其中的詞"],
                &[word],
            ),
            RelaxedPart::PhraseWords { phrase } => self.text(
                [
                    "短语 {} 没有出现，已改为搜索其中的词语",
                    "片語 {} 沒有出現，已改為搜尋其中的詞語",
                ],
                &[phrase],
            ),
        }
    }

    fn describe_other_matches(self, matches: &OtherMatches) -> String {
        match matches {
            OtherMatches::NoFullMatch => self.text(
                [
                    "没有包含全部词语的段落：以下段落缺少某个词语，或只在标题中出现",
                    "沒有包含全部詞語的段落：以下段落缺少某個詞語，或只在標題中出現",
                ],
                &[],
            ),
            OtherMatches::From { rank } => self.text(
                [
                    "从第 {} 项起，段落缺少查询中的某个词语",
                    "從第 {} 項起，段落缺少查詢中的某個詞語",
                ],
                &[rank],
            ),
            OtherMatches::BareNumber { number, label } => self.text(
                [
                    "其他结果可能有数字 {}，而没有“{}”的单位",
                    "其他結果可能有數字 {}，而沒有「{}」的單位",
                ],
                &[number, label],
            ),
            OtherMatches::DayWithoutYear { label } => self.text(
                ["其他结果可能有“{}”的月和日，而没有年", "其他結果可能有「{}」的月和日，而沒有年"],
                &[label],
            ),
        }
    }

    fn describe_time_limit(self, limit: &TimeLimit) -> String {
        match limit {
            TimeLimit::AfterHits { read_count, hit_count } => self.text(
                ["时间已到：读取了 {} 项，共 {} 项", "時間已到：讀取了 {} 項，共 {} 項"],
                &[read_count, hit_count],
            ),
            TimeLimit::BeforeFirstHit { timeout } => self.text(
                [
                    "{} 秒内没有结果：请减少词语和通配符，或允许更长的时间",
                    "{} 秒內沒有結果：請減少詞語和萬用字元，或允許更長的時間",
                ],
                &[&timeout.as_secs_f64()],
            ),
        }
    }

    fn describe_missing_part(self, part: &MissingPart, messages: &Messages) -> String {
        let nearest_hint = |nearest: &Option<String>| {
            let hint =
                |name: &String| self.text(["；最接近的是“{}”", "；最接近的是「{}」"], &[name]);
            nearest.as_ref().map(hint).unwrap_or_default()
        };
        match part {
            MissingPart::Word { word } => self.text(["“{}”没有出现", "「{}」沒有出現"], &[word]),
            MissingPart::Day { first, last } => self.text(
                ["没有一天既不早于 {} 又不晚于 {}", "沒有一天既不早於 {} 又不晚於 {}"],
                &[first, last],
            ),
            MissingPart::Name { facet, name, nearest } => self.text(
                ["没有名为“{}”的{}{}", "沒有名為「{}」的{}{}"],
                &[name, &messages.facet(facet), &nearest_hint(nearest)],
            ),
            MissingPart::Language { language, existing } => {
                let names = existing.terms.iter().map(|code| messages.language(code).to_owned());
                let existing = ListedTerms { terms: names.collect(), ..existing.clone() };
                let templates = if existing.terms.is_empty() {
                    ["没有{}的文件", "沒有{}的文件"]
                } else {
                    ["没有{}的文件；现有：{}", "沒有{}的文件；現有：{}"]
                };
                self.text(templates, &[&messages.language(language), &chinese_list(&existing)])
            }
            MissingPart::Keyword { name, keyword, nearest } => self.text(
                ["没有文件的“{}”是“{}”{}", "沒有文件的「{}」是「{}」{}"],
                &[name, keyword, &nearest_hint(nearest)],
            ),
            MissingPart::Source { source, nearest } => self.text(
                ["没有来源符合“{}”{}", "沒有來源符合「{}」{}"],
                &[source, &nearest_hint(nearest)],
            ),
        }
    }
}

/// Returns the terms as a Chinese list.
fn chinese_list(ListedTerms { terms, has_more }: &ListedTerms) -> String {
    format!("{}{}", terms.join("、"), if *has_more { "……" } else { "" })
}
