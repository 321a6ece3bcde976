//! Tests facts by the labels of the sample release, by spellings of one value, and by properties that hold for any
//! text.

use std::fmt::Write;

use super::*;
use crate::document::Date;

/// Text of the sample release.
const SAMPLE_RELEASE: &str = include_str!("../../seeds/000_a379037c3665faf0.txt");
/// Labels of the sample: line, `Q` (quantity: text, value, unit, comparator), `P` (period: text, first and last day,
/// kind or `relative`) or `N` (text that is neither).
const SAMPLE_LABELS: &str = include_str!("sample.tsv");

/// Returns the day of publication of the sample release.
fn publication() -> Publication {
    Publication { date: Date::new(2025, 12, 17), is_inferred: true }
}

/// Prints a quantity in the form of [`SAMPLE_LABELS`].
fn printed_quantity(text: &str, quantity: &Quantity) -> String {
    let unit = quantity.unit.map_or("-", |unit| unit.name);
    format!(
        "{} Q {} {} {} {}",
        quantity.span.start,
        quantity.span.of(text),
        quantity.value,
        unit,
        quantity.comparator.sign()
    )
}

/// Prints a period in the form of [`SAMPLE_LABELS`].
fn printed_period(text: &str, period: &Period) -> String {
    let day = |day: Option<Date>| day.map_or("-".to_owned(), |day| day.to_string());
    let kind = match period.kind {
        _ if period.is_relative => "relative",
        PeriodKind::During => "during",
        PeriodKind::AsOf => "as of",
        PeriodKind::Since => "since",
        PeriodKind::Until => "until",
    };
    format!(
        "{} P {} {} {} {}",
        period.span.start,
        period.span.of(text),
        day(period.from),
        day(period.to),
        kind
    )
}

/// Returns the byte offset of the first occurrence of `piece` in `text` that begins at or after the byte `start` and is
/// not inside a longer number or word.
fn offset_of(text: &str, piece: &str, start: usize) -> usize {
    let is_part = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let rest = text.get(start..).unwrap();
    let places = rest.match_indices(piece).map(|(at, _)| start + at);
    places
        .into_iter()
        .find(|&at| {
            let before = text.get(..at).unwrap();
            let after = text.get(at + piece.len()..).unwrap();
            let ends_number = !after.starts_with([',', '.']) || !is_part(after.chars().nth(1));
            !is_part(before.chars().next_back())
                && !before.ends_with(',')
                && !is_part(after.chars().next())
                && ends_number
        })
        .unwrap_or_else(|| panic!("{piece} in {text}"))
}

#[test]
fn facts_of_the_sample_equal_the_labels() {
    let (mut label_count, mut found_count, mut matching_count) = (0, 0, 0);
    let mut differences = String::new();
    for (index, line) in SAMPLE_RELEASE.lines().enumerate() {
        let number = (index + 1).to_string();
        let mut expected = Vec::new();
        let (mut quantity_end, mut period_end) = (0, 0);
        let facts = facts(line, publication());
        for label in SAMPLE_LABELS.lines().map(|label| label.split('\t').collect::<Vec<_>>()) {
            if label[0] != number {
                continue;
            }
            let end = if label[1] == "P" { &mut period_end } else { &mut quantity_end };
            if label[1] == "N" {
                let at = line.find(label[2]).unwrap();
                let is_inside = facts
                    .quantities
                    .iter()
                    .any(|quantity| quantity.span.start <= at && at < quantity.span.end);
                assert!(!is_inside, "{label:?}");
                continue;
            }
            let at = offset_of(line, label[2], *end);
            *end = at + label[2].len();
            expected.push(format!("{at} {}", label[1..].join(" ")));
        }
        let quantities = facts.quantities.iter().map(|quantity| printed_quantity(line, quantity));
        let actual: Vec<String> = quantities
            .chain(facts.periods.iter().map(|period| printed_period(line, period)))
            .collect();
        label_count += expected.len();
        found_count += actual.len();
        matching_count += actual.iter().filter(|fact| expected.contains(fact)).count();
        for fact in expected.iter().filter(|fact| !actual.contains(fact)) {
            writeln!(differences, "line {number} lacks {fact}").unwrap();
        }
        for fact in actual.iter().filter(|fact| !expected.contains(fact)) {
            writeln!(differences, "line {number} has {fact}").unwrap();
        }
    }
    let (precision, recall) =
        (matching_count as f64 / found_count as f64, matching_count as f64 / label_count as f64);
    println!("{label_count} labels, precision {precision:.3}, recall {recall:.3}\n{differences}");
    assert!(precision >= 0.98 && recall >= 0.98, "{precision} {recall}\n{differences}");
}

#[test]
fn a_publication_one_year_later_moves_only_relative_periods() {
    let later = Publication { date: Date::new(2026, 12, 17), is_inferred: true };
    for line in SAMPLE_RELEASE.lines() {
        let (before, after) = (facts(line, publication()), facts(line, later));
        assert_eq!(before.quantities, after.quantities);
        for (period, moved) in before.periods.iter().zip(&after.periods) {
            assert_eq!(
                period.from != moved.from && period.to != moved.to,
                period.is_relative,
                "{line}"
            );
            assert_eq!(period.span, moved.span);
            assert_eq!(period.is_anchor_inferred, period.is_relative);
        }
    }
}

/// Rows of spellings. All spellings of a row state the same quantity.
const SPELLINGS_OF_QUANTITIES: [&[&str]; 36] = [
    &[
        "1 trillion yuan",
        "one trillion yuan",
        "1万亿元",
        "一万亿元",
        "10,000亿元",
        "１万亿元",
        "1,000 billion yuan",
        "RMB 1 trillion",
        "人民币1万亿元",
        "¥1 trillion",
        "1萬億人民幣元",
    ],
    &[
        "30%",
        "30 percent",
        "30 per cent",
        "百分之三十",
        "百分之30",
        "three tenths of it",
        "３０％",
        "三成，",
        "十分之三",
    ],
    &[
        "£20 million",
        "£20m",
        "£20,000,000",
        "20 million pounds sterling",
        "2000万英镑",
        "两千万英镑",
        "GBP 20 million",
    ],
    &[
        "2.25 million",
        "2.25\nmillion",
        "2,250,000",
        "225万",
        "二百二十五万",
        "2250000 units",
        "2 250 000",
    ],
    &[
        "US$1.5bn",
        "US$1.5 billion",
        "1.5 billion US dollars",
        "15亿美元",
        "十五亿美元",
        "USD 1.5 billion",
        "1.5 billion U.S. dollars",
    ],
    &["$400k", "$400,000", "400,000 dollars", "$0.4 million", "400 thousand dollars"],
    &["39,000 petaflops", "39 000 petaflops", "39,000 PFLOPS", "39 exaflops", "3.9万PFLOPS"],
    &["12.5%", "12.50%", "12.5 percent", "百分之十二点五", "12.5 per cent"],
    &[
        "half of it",
        "50%",
        "一半",
        "fifty percent",
        "百分之五十",
        "五成，",
        "1/2 of it",
        "半数",
        "二分之一",
    ],
    &["two thirds of it", "two-thirds", "三分之二", "2/3 of it"],
    &[
        "10 million square meters",
        "1000万平方米",
        "10 million square metres",
        "10 square kilometers",
        "10平方公里",
        "一千万平方米",
        "1,000 hectares",
        "1000公顷",
    ],
    &["3 million person-times", "300万人次", "3 million person times", "三百万人次"],
    &[
        "500万千瓦",
        "5 million kilowatts",
        "5 gigawatts",
        "5,000 MW",
        "五百万千瓦",
        "5GW",
        "5 million kW",
        "5000兆瓦",
    ],
    &["1000亿千瓦时", "100 billion kilowatt-hours", "100 billion kWh", "一千亿千瓦时", "100 TWh"],
    &["3.5 percentage points", "3.5个百分点", "350 basis points", "350个基点", "三点五个百分点"],
    &["30千克", "30 kilograms", "30kg", "30公斤", "三十公斤", "30,000 grams", "60斤"],
    &["500 tonnes", "500吨", "五百吨", "500 tons", "500,000 kg", "500公吨", "500噸"],
    &["three years", "3 years", "三年", "3年", "36 months", "36个月", "three consecutive years"],
    &["15 minutes", "15分钟", "15-minute", "900 seconds", "fifteen minutes", "十五分钟"],
    &["4.22 million people", "422万人", "4,220,000 people", "四百二十二万人"],
    &["doubled", "翻一番", "翻番", "doubling", "twofold"],
    &["3.2 km", "3.2公里", "3,200 meters", "3200米", "3.2 kilometres"],
    &["666.6亩", "666.6 mu", "六百六十六点六亩"],
    &["HK$5 million", "500万港元", "5 million Hong Kong dollars", "港币500万元", "HKD 5 million"],
    &["NT$600,000", "新台币60万元", "新臺幣六十萬元", "60万新台币"],
    &["€9 million", "9 million euros", "900万欧元", "EUR 9 million", "九百万欧元"],
    &["S$3.8 million", "SGD 3.8 million", "380万新元", "3.8 million Singapore dollars"],
    &["35 °C", "35℃", "35摄氏度", "35 degrees Celsius"],
    &["24 hours", "24小时", "twenty-four hours", "二十四小时", "24个小时"],
    &["120 billion cubic meters", "1200亿立方米", "一千二百亿立方米", "120 billion m³"],
    &["five working days", "5个工作日", "五个工作日", "5 business days"],
    &["1亿2,000万元", "1.2亿元", "120 million yuan", "一亿二千万元", "RMB120 million"],
    &["25 micrograms per cubic meter", "25微克/立方米", "25 µg/m3"],
    &["1.4 times", "1.4倍", "一点四倍"],
    &["5 inches", "5英寸", "5-inch"],
    &[
        "240,000 units",
        "24万个",
        "240 000 units",
        "二十四万个",
        "two hundred and forty thousand units",
    ],
];

#[test]
fn every_spelling_of_a_value_gives_one_quantity() {
    for spellings in SPELLINGS_OF_QUANTITIES {
        let mut first = None;
        for spelling in spellings {
            for text in [
                (*spelling).to_owned(),
                format!("It reached {spelling}"),
                format!("达到{spelling}"),
            ] {
                let facts = facts(&text, Publication::default());
                assert_eq!(facts.quantities.len(), 1, "{text}: {:?}", facts.quantities);
                let quantity = &facts.quantities[0];
                let value = quantity.in_base_unit();
                let expected = *first.get_or_insert(value);
                assert_eq!(value, expected, "{text}");
                assert_eq!(quantity.comparator, Comparator::Equal, "{text}");
                assert_eq!(
                    quantity.unit.is_some(),
                    value.is_some_and(|(base, _)| !base.is_empty())
                );
            }
        }
    }
}

#[test]
fn names_dates_and_codes_are_no_quantities() {
    for text in [
        "the “12218” modern industrial system",
        "during the 14th Five-Year Plan period",
        "“十四五”时期",
        "第十四个五年规划",
        "国办发〔2023〕15号",
        "Section 232 of the Act",
        "Executive Order 14257 of April 2, 2025",
        "call 202-456-1111 or +65 6225 5632",
        "at 3:50 p.m.",
        "10 a.m.",
        "上午9时30分",
        "version 2.1.3",
        "COVID-19",
        "5G",
        "2+14+N",
        "the 138th Canton Fair",
        "第一百三十八届广交会",
        "第 21-1 條",
        "1. Introduction",
        "（三）其他",
        "三、附則",
        "H.R. 3684",
        "Public Law 117-58",
        "一些企业，统一部署，万一发生",
        "增强“四个意识”、坚定“四个自信”",
        "星期三",
        "in 2025",
        "2025年12月17日",
        "twenty-first century",
        "one-stop service",
        "The Second World War",
        "www.1234.com/5678",
        "3 Minister Fu will be accompanied by officials.",
        "4 Employees must apply by then.",
    ] {
        let facts = facts(text, Publication::default());
        assert!(facts.quantities.is_empty(), "{text}: {:?}", facts.quantities);
    }
}

#[test]
fn counts_at_the_start_of_a_line_are_no_paragraph_numbers() {
    for text in ["3 employees apply.", "450 Employees must apply."] {
        assert_eq!(facts(text, Publication::default()).quantities.len(), 1, "{text}");
    }
}

#[test]
fn periods_have_the_days_that_the_text_names() {
    for (text, expected) in [
        ("as of July 2025", "2025-07-01 2025-07-31 as of"),
        ("截至2025年7月底", "2025-07-01 2025-07-31 as of"),
        ("since 2021", "2021-01-01 2021-12-31 since"),
        ("by 2030", "2030-01-01 2030-12-31 until"),
        ("到2030年", "2030-01-01 2030-12-31 until"),
        ("2021–2025", "2021-01-01 2025-12-31 during"),
        ("2021年至2025年", "2021-01-01 2025-12-31 during"),
        ("Q3 2024", "2024-07-01 2024-09-30 during"),
        ("the third quarter of 2024", "2024-07-01 2024-09-30 during"),
        ("2024年第三季度", "2024-07-01 2024-09-30 during"),
        ("2024年前三季度", "2024-01-01 2024-09-30 during"),
        ("2024年上半年", "2024-01-01 2024-06-30 during"),
        ("2024年第三季", "2024-07-01 2024-09-30 during"),
        ("2024年首季", "2024-01-01 2024-03-31 during"),
        ("今年首四個月", "2025-01-01 2025-04-30 relative"),
        ("第三季出口增長", "2025-07-01 2025-09-30 relative"),
        ("113至115年將投入經費", "2024-01-01 2026-12-31 during"),
        ("三月一日启用以来", "2026-03-01 2026-03-01 relative"),
        ("the first half of 2024", "2024-01-01 2024-06-30 during"),
        ("FY2023", "2023-01-01 2023-12-31 during"),
        ("fiscal year 2023/24", "2023-01-01 2024-12-31 during"),
        ("中華民國101年7月1日", "2012-07-01 2012-07-01 during"),
        ("民国一百零一年七月一日", "2012-07-01 2012-07-01 during"),
        ("二〇二五年十二月十七日", "2025-12-17 2025-12-17 during"),
        ("“十三五”时期", "2016-01-01 2020-12-31 during"),
        ("the Thirteenth Five-Year Plan", "2016-01-01 2020-12-31 during"),
        ("the 1990s", "1990-01-01 1999-12-31 during"),
        ("25 November 2020 to 31 January 2021", "2020-11-25 2021-01-31 during"),
        ("2018年12月30日至2019年1月1日", "2018-12-30 2019-01-01 during"),
        ("this year", "2025-01-01 2025-12-31 relative"),
        ("今年", "2025-01-01 2025-12-31 relative"),
        ("去年同期", "2024-01-01 2024-12-31 relative"),
        ("今年前10个月", "2025-01-01 2025-10-31 relative"),
        ("今年1至10月", "2025-01-01 2025-10-31 relative"),
        ("from January to October this year", "2025-01-01 2025-10-31 relative"),
        ("over the past five years", "2020-12-17 2025-12-17 relative"),
        ("过去五年", "2020-12-17 2025-12-17 relative"),
        ("last month", "2025-11-01 2025-11-30 relative"),
        ("next year", "2026-01-01 2026-12-31 relative"),
        ("in October", "2025-10-01 2025-10-31 relative"),
        ("10月12日（星期日）", "2025-10-12 2025-10-12 relative"),
        ("two years ago", "2023-01-01 2023-12-31 relative"),
        ("yesterday", "2025-12-16 2025-12-16 relative"),
    ] {
        let facts = facts(text, publication());
        assert_eq!(facts.periods.len(), 1, "{text}: {:?}", facts.periods);
        let printed = printed_period(text, &facts.periods[0]);
        assert!(printed.ends_with(expected), "{text}: {printed}");
    }
}

#[test]
fn a_quarter_without_a_year_lies_near_the_publication() {
    for (text, published, expected) in [
        ("四季度出口增长", (2025, 1, 17), "2024-10-01 2024-12-31"),
        ("In Q4, exports rose", (2025, 1, 17), "2024-10-01 2024-12-31"),
        ("in the fourth quarter", (2025, 2, 1), "2024-10-01 2024-12-31"),
        ("前三季度出口增长", (2025, 1, 20), "2024-01-01 2024-09-30"),
        ("四季度将开工", (2025, 8, 1), "2025-10-01 2025-12-31"),
        ("四季度将开工", (2025, 11, 1), "2025-10-01 2025-12-31"),
        ("二季度将开工", (2025, 1, 17), "2025-04-01 2025-06-30"),
        ("上半年出口增长", (2025, 7, 10), "2025-01-01 2025-06-30"),
    ] {
        let (year, month, day) = published;
        let publication = Publication { date: Date::new(year, month, day), is_inferred: false };
        let facts = facts(text, publication);
        let day = |day: Option<Date>| day.map_or("-".to_owned(), |day| day.to_string());
        let printed =
            facts.periods.iter().map(|period| format!("{} {}", day(period.from), day(period.to)));
        assert_eq!(printed.collect::<Vec<_>>().join("|"), expected, "{text}");
    }
}

#[test]
fn ranges_and_changes_have_roles() {
    for (text, expected) in [
        ("3 to 5 million tonnes", "3000000 Low|5000000 High"),
        ("30%-40%", "30 Low|40 High"),
        ("between £20 million and £30 million", "20000000 Low|30000000 High"),
        ("from 3.53 million in 2021 to 4.22 million", "3530000 Before|4220000 After"),
        ("三万元以上五万元以下", "30000 Low|50000 High"),
        ("由１５％提高到２５％", "15 Before|25 After"),
        ("rising by 30% to 1.6 million people", "30 Single Increase|1600000 Single"),
        ("下降百分之五", "5 Single Decrease"),
        ("出口成長12.5%", "12.5 Single Increase"),
        ("產值衰退3.2%", "3.2 Single Decrease"),
        ("分别增长8.6%、2.2%", "8.6 Single Increase|2.2 Single Increase"),
        ("prices fell by 5% and 3% respectively", "5 Single Decrease|3 Single Decrease"),
        ("exports rose 5% and 3% of firms closed", "5 Single Increase|3 Single"),
        ("made up 93 percent", "93 Single"),
        ("was up 93 percent", "93 Single Increase"),
        ("$50-80", "50 Low|80 High"),
    ] {
        let facts = facts(text, Publication::default());
        let printed: Vec<String> = facts
            .quantities
            .iter()
            .map(|quantity| {
                let change = quantity.change.map_or(String::new(), |change| format!(" {change:?}"));
                format!("{} {:?}{change}", quantity.value, quantity.role)
            })
            .collect();
        assert_eq!(printed.join("|"), expected, "{text}");
    }
}

#[test]
fn quantities_have_a_measure() {
    for (text, expected) in [
        ("with its added value exceeding one trillion yuan", "added value"),
        ("a 150 billion yuan industrial investment fund", "industrial investment fund"),
        ("accounting for 38.1% of the total number of talents", "total number of talents"),
        ("Output rose from 3 million tonnes in 2021 to 4 million tonnes", "Output|Output"),
        ("Output rose by 5%, compared with 2021, to reach 3 million", "Output|-"),
        ("全市生产总值达到3万亿元，同比增长5%", "全市生产总值|全市生产总值"),
        ("It held 131 international exhibitions", "international exhibitions"),
        ("Reliability, as measured by the contract, was 97.1%", "Reliability"),
    ] {
        let facts = facts(text, publication());
        let measures: Vec<&str> = facts
            .quantities
            .iter()
            .map(|quantity| quantity.measure.map_or("-", |measure| measure.of(text)))
            .collect();
        assert_eq!(measures.join("|"), expected, "{text}");
    }
}

#[test]
fn long_texts_take_linear_time() {
    let seconds = |text: &str| {
        let measure = || {
            let start = std::time::Instant::now();
            drop(facts(text, publication()));
            start.elapsed().as_secs_f64()
        };
        measure().min(measure())
    };
    for piece in [
        "1 ",
        "1,000",
        "一",
        "十万",
        "$",
        "5 - ",
        "one hundred and ",
        "2025",
        "2025年",
        "\n",
        " ",
        "至",
        "up to ",
        "“",
        "1/2 ",
        "5、",
    ] {
        // Linear time grows by the factor 8, quadratic time by 64.
        let (short, long) = (seconds(&piece.repeat(400)), seconds(&piece.repeat(3_200)));
        assert!(long < 32.0 * short + 1.0, "{piece:?}: {short} and {long} seconds");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(2_000))]
    #[test]
    fn any_text_gives_ordered_disjoint_spans(
        text in r"(?s)(.|[0-9,.%$£ \n]|[零一二三四五六七八九十百千万亿兆两几数半余多年月日第至到以上下元个成分之倍翻]|million|one|half|of|to|and|[１２，５％萬億圓年]|2025|Five-Year|past|years|from|二〇|-|–|½){0,60}"
    ) {
        let facts = facts(&text, publication());
        let quantities = facts.quantities.iter().map(|quantity| quantity.span);
        let periods = facts.periods.iter().map(|period| period.span);
        let mut previous_end = 0;
        for span in quantities.clone() {
            proptest::prop_assert!(!span.of(&text).is_empty());
            proptest::prop_assert!(span.start >= previous_end, "{:?}", text);
            previous_end = span.end;
        }
        previous_end = 0;
        for span in periods.clone() {
            proptest::prop_assert!(!span.of(&text).is_empty());
            proptest::prop_assert!(span.start >= previous_end);
            previous_end = span.end;
        }
        for quantity in &facts.quantities {
            let measure = quantity.measure.map_or("x", |measure| measure.of(&text));
            proptest::prop_assert!(!measure.is_empty());
            let is_apart = |period: &Period| period.span.end <= quantity.span.start || quantity.span.end <= period.span.start;
            proptest::prop_assert!(facts.periods.iter().all(is_apart), "{:?}", text);
        }
        for period in &facts.periods {
            proptest::prop_assert!(period.from <= period.to && period.from.is_some() == period.to.is_some());
        }
    }
}
