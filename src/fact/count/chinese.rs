//! Finds the counted things in Chinese: classifiers and nouns.

use super::counted::CountedThings;
use crate::fact::{
    folded_text::{FoldedText, is_han, is_letter_of_spaced_script},
    number::{Notation, Number},
};

/// Chinese classifiers, and nouns that may directly follow a number, in Simplified characters.
const CHINESE_CLASSIFIERS_AND_NOUNS: &[&str] = &[
    "标准箱",
    "个百分点",
    "平方公里",
    "架次",
    "艘次",
    "车次",
    "航次",
    "班次",
    "例次",
    "部分",
    "场次",
    "人份",
    "标箱",
    "方面",
    "环节",
    "个",
    "家",
    "项",
    "条",
    "件",
    "场",
    "次",
    "座",
    "所",
    "处",
    "种",
    "类",
    "批",
    "台",
    "辆",
    "艘",
    "架",
    "套",
    "部",
    "本",
    "份",
    "户",
    "只",
    "头",
    "株",
    "棵",
    "间",
    "幢",
    "栋",
    "张",
    "款",
    "门",
    "支",
    "颗",
    "枚",
    "对",
    "届",
    "组",
    "队",
    "班",
    "列",
    "趟",
    "宗",
    "起",
    "例",
    "笔",
    "篇",
    "册",
    "卷",
    "分",
    "案",
    "轮",
    "步",
    "大",
    "页",
    "字",
    "票",
    "席",
    "床",
    "村",
    "镇",
    "乡",
    "县",
    "省",
    "市",
    "国",
    "层",
    "口",
    "瓶",
    "箱",
    "盒",
    "剂",
    "剂次",
    "倍",
    "块",
    "片",
    "根",
    "把",
    "道",
    "句",
    "封",
    "群",
    "堂",
    "节",
    "点",
    "名",
    "位",
    "罐",
    "孔",
    "段",
    "站",
    "岁",
    "拍",
    "顿",
    "匹",
    "羽",
    "尾",
    "筐",
];
/// Names of policies and slogans that begin with a numeral. The numeral counts nothing.
const SLOGANS_BEGINNING_WITH_NUMERAL: &[&str] = &[
    "三个代表",
    "五位一体",
    "四个意识",
    "四个自信",
    "四个全面",
    "两个维护",
    "两个确立",
    "两个一百年",
    "两个毫不动摇",
    "三个区分开来",
    "四个最严",
    "五个必由之路",
    "三次产业",
    "八项规定",
    "三大产业",
    "十大正",
    "三大纪律",
    "四大发明",
    "三大改造",
    "两个文明",
    "三个面向",
    "四项基本原则",
    "两个凡是",
];

/// Returns the words after `number` that name the counted things in Chinese. `None` if there are no such words.
pub(in crate::fact) fn things_counted_in_chinese(
    source: &FoldedText,
    number: &Number,
) -> Option<CountedThings> {
    let start = source.skip_blanks(number.end);
    let rest = source.window_after(start, 60);
    let classifier = CHINESE_CLASSIFIERS_AND_NOUNS
        .iter()
        .filter(|word| rest.starts_with(**word))
        .max_by_key(|word| word.len())?;
    let classifier_end = start + classifier.len();
    let after = rest.get(classifier.len()..)?;
    let next = after.chars().next().unwrap_or(' ');
    let is_other_word = match *classifier {
        "大" => {
            "于小型学会家众量".contains(next)
                || (number.notation == Notation::Digits)
                || source.text_before(number.start).ends_with("党的")
                || matches!(number.value.to_integer(), Some(13..))
        }
        "国" => !after.is_empty() && "家务内有民道际".contains(next),
        "市" | "省" | "县" | "镇" | "乡" | "村" => {
            "场长政委区级民庄".contains(next) || number.value.to_integer() == Some(1)
        }
        "点" => {
            number.notation == Notation::Numerals || after.starts_with(|c: char| c.is_ascii_digit())
        }
        "对" => next == '于' || next == '外',
        "部" => "分门".contains(next),
        "次" => "产".contains(next),
        "届" => {
            "一二三四五六七八九历中全".contains(next)
                || source.text_before(number.start).ends_with('和')
        }
        "分" if matches!(source.char_before(number.start), Some('时' | '点')) => true,
        "分" => {
            !matches!(next, '者' | '以' | '，' | '。' | '；' | '、' | '为' | '的' | '（' | '(')
        }
        "案" => "件例子情".contains(next),
        "所" => "定列称有需".contains(next) && number.notation == Notation::Numerals,
        "轮" => "汽车摩".contains(next),
        "门" => next == '峡',
        "头" => number.notation == Notation::Numerals && number.value.to_integer() == Some(2),
        "节" => "约能".contains(next),
        "家" => "庭人".contains(next) && next == '庭' && number.notation == Notation::Numerals,
        "道" => "路".contains(next),
        "字" => "第".contains(next),
        "班" => "长".contains(next),
        "份" => {
            number.notation == Notation::Digits && source.text_before(number.start).ends_with('月')
        }
        _ => false,
    };
    let is_name = number.notation == Notation::Numerals
        && SLOGANS_BEGINNING_WITH_NUMERAL
            .iter()
            .any(|name| source.window_after(number.start, 24).starts_with(name));
    if is_other_word || is_name {
        return None;
    }
    let counts_persons = match *classifier {
        "名" => true,
        // 位 also counts the digits of a number.
        "位" => {
            let near = source.window_before(number.start, 12);
            !["序", "数", "字", "号", "有", "小", "代", "密"]
                .iter()
                .any(|word| after.starts_with(word))
                && !["字符", "字元", "字符共", "号码", "编码", "代码", "位数", "密码"]
                    .iter()
                    .any(|word| near.contains(word))
        }
        _ => false,
    };
    Some(CountedThings {
        start: classifier_end,
        end: end_of_chinese_noun(source, classifier_end),
        classifier_end,
        counts_persons,
    })
}

/// Returns the byte offset at which the Chinese noun at `start` ends. The noun consists of the Han characters up to a
/// word that cannot belong to a noun.
fn end_of_chinese_noun(source: &FoldedText, start: usize) -> usize {
    let mut end = start;
    for c in source.window_after(start, 30).chars() {
        if !(is_han(c) || is_letter_of_spaced_script(c))
            || "的了和与及或在是为有被将已中内以等，、从向对于由把上下".contains(c)
        {
            break;
        }
        end += c.len_utf8();
    }
    end
}
