//! Tests of the terms of quantities and periods.

use super::*;
use crate::{
    analysis::{Analyzer, Chinese},
    document::Date,
};

/// Returns the values and quantities of a text, each printed with its position and the text that it stands for. A
/// quantity is printed as value, unit and sign of the comparator.
fn printed_figures(text: &str) -> String {
    let mut analysis = Analysis::default();
    Analyzer::new(Chinese::Off).tokens(text, &mut analysis);
    push_terms(text, Publication::default(), &mut analysis);
    let printed = analysis.extras.iter().filter_map(|extra| {
        let term = analysis.extra_term(extra);
        let name = match extra.kind {
            ExtraKind::Value => term.to_owned(),
            ExtraKind::Quantity | ExtraKind::Count => {
                let (unit, value, comparator) = encoding::decode_quantity(term)?;
                format!("{}{value}{unit}", comparator.sign())
            }
            _ => return None,
        };
        Some(format!("{}{name}<{}>", extra.position, extra.span.of(text)))
    });
    printed.collect::<Vec<_>>().join(" ")
}

#[test]
fn numbers_become_terms_of_their_values_and_quantities() {
    for (text, expected) in [
        ("top 5 of 5%", "1=5<5> 3=5%<5%>"),
        ("5％ and 5.0 per cent", "0=5%<5％> 25<5.0> 2=5%<5.0 per cent>"),
        ("百分之五", "0=5%<百分之五>"),
        ("three tenths", "0=30%<three tenths>"),
        ("5个百分点", "0=5pp<5个百分点>"),
        ("3 to 5%", "0=3%<3> 2=5%<5%>"),
        ("£20 million", "020000000<20 million> 0=20000000GBP<£20 million>"),
        ("£20m", "020000000<20m> 0=20000000GBP<£20m>"),
        ("over US$1.5bn", "1>1500000000USD<US$1.5bn> 21500000000<1.5bn>"),
        ("RMB 500 million", "0=500000000CNY<RMB 500 million> 1500000000<500 million>"),
        ("近50亿元", "15000000000<50亿> 1<~5000000000CNY<50亿元>"),
        ("500万千瓦", "05000000<500万> 0=5000000000W<500万千瓦>"),
        ("1 250 000 visitors", "01250000<1 250 000> 0=1250000<1 250 000>"),
        ("39,000 people", "0=39000person<39,000 people>"),
        ("39,000 students", "0=39000<39,000>"),
        ("12 TB", "0=12000000000000byte<12 TB>"),
        ("12.50 dollars", "012.5<12.50> 0=12.5$<12.50 dollars>"),
        ("in 2025, COVID-19, the 14th plan, No. 12", ""),
    ] {
        assert_eq!(printed_figures(text), expected, "{text}");
    }
}

/// Values, each with its spellings in both languages.
#[rustfmt::skip]
pub(crate) const SPELLINGS: [&[&str]; 30] = [
    &["30%", "30 percent", "30 per cent", "30.0%", "thirty percent", "三成", "百分之三十", "three tenths", "30％"],
    &["£20 million", "£20m", "£20,000,000", "20 million pounds sterling", "2000万英镑", "两千万英镑"],
    &["1 trillion yuan", "one trillion yuan", "RMB 1 trillion", "1万亿元", "10,000亿元", "一万亿元", "1,000 billion yuan"],
    &["5%", "5 percent", "five per cent", "百分之五", "5.00%", "百分之5"],
    &["50%", "five tenths", "50 percent", "一半", "百分之五十", "五成"],
    &["12.5%", "12.50 per cent", "百分之十二点五"],
    &["2.25 million yuan", "225万元", "2,250,000 yuan", "RMB 2.25m", "2.25\nmillion yuan"],
    &["€1.5 billion", "€1.5bn", "1.5 billion euros", "15亿欧元"],
    &["US$400,000", "US$400k", "400,000 US dollars", "40万美元", "US$0.4 million"],
    &["HK$3 billion", "30亿港元", "3 billion Hong Kong dollars", "HK$3bn"],
    &["500万千瓦", "5 gigawatts", "5,000 MW", "5 GW", "500萬千瓦"],
    &["1000亿千瓦时", "100 billion kWh", "100 billion kilowatt hours", "100 TWh"],
    &["39,000 petaflops", "39 exaflops", "39,000 PFLOPS", "39000 PFLOPS"],
    &["120 km", "120 kilometres", "120 kilometers", "120公里", "120千米", "120,000 metres"],
    &["3 hectares", "30,000 square metres", "3公顷", "三公顷", "30,000平方米"],
    &["15亩", "15 mu", "10,000 square metres", "1 hectare"],
    &["2.5 tonnes", "2,500 kg", "2500公斤", "2.5吨", "2,500 kilograms"],
    &["1.2亿人次", "120 million person-times", "1.2億人次"],
    &["3.53 million people", "353万人", "三百五十三万人", "3,530,000 people"],
    &["24 months", "24个月", "two years", "2年", "二十四个月"],
    &["90 minutes", "1.5 hours", "90分钟", "1.5小时", "一个半小时"],
    &["0.8 percentage points", "80 basis points", "0.8个百分点", "80个基点"],
    &["3 times", "3倍", "三倍", "three times", "threefold"],
    &["¥8.8 billion", "88亿元", "8.8 billion yuan", "RMB 8.8bn", "八十八亿元"],
    &["10 million tonnes", "1000万吨", "10,000,000 tonnes", "一千万吨"],
    &["200 GB", "200 gigabytes", "0.2 TB"],
    &["1.5 degrees Celsius", "1.5°C", "1.5摄氏度", "1.5℃"],
    &["£450 million", "£450m", "£0.45bn", "4.5亿英镑"],
    &["NT$3 billion", "新台幣30億元", "30億新台幣", "3 billion NT dollars"],
    &["66.5 billion Japanese yen", "665亿日元", "66.5bn yen"],
];

#[test]
fn every_spelling_of_a_value_is_one_term() {
    for spellings in SPELLINGS {
        let terms: Vec<Option<(String, String)>> = spellings
            .iter()
            .map(|text| {
                let FactPattern::Quantity { units, condition } = parse_figure(text)? else {
                    return None;
                };
                Some((format!("{units:?}"), format!("{condition:?}")))
            })
            .collect();
        for (text, term) in spellings.iter().zip(&terms) {
            assert!(term.is_some(), "{text}");
            assert_eq!(Some(term), terms.first(), "{text}");
        }
    }
}

#[test]
fn figures_that_cannot_be_read_are_refused() {
    for text in ["", "..", "soon", ">", "5% growth", "30%..5km", "1 2 3", "top 5", "5%..x"] {
        assert_eq!(parse_figure(text), None, "{text}");
    }
    for text in ["万亿元", "10000亿元..2万亿元", "30%..", "..40%", "30..40%", "≥5", "~ 20000", "½"]
    {
        assert!(parse_figure(text).is_some(), "{text}");
    }
}

/// Returns the terms of the quantities and periods of a text.
fn terms(text: &str, date: Option<Date>) -> Vec<String> {
    let mut analysis = Analysis::default();
    Analyzer::new(Chinese::Off).tokens(text, &mut analysis);
    push_terms(text, Publication { date, is_inferred: false }, &mut analysis);
    let is_fact = |term: &&str| term.starts_with(FACT_PREFIXES);
    let terms = analysis.extras.iter().map(|extra| analysis.extra_term(extra));
    terms.filter(is_fact).map(str::to_owned).collect()
}

#[test]
fn queries_respect_the_comparators_of_the_text() {
    let queries = ["20000", "~20000", ">20000", ">=20000", "<20000", "<=20000"];
    for (text, expected) in [
        ("20,000 firms", "=~ ≥ ≤"),
        ("about 20,000 firms", "=~"),
        ("nearly 20,000 firms", "=~  <≤"),
        ("more than 20,000 firms", "= >≥"),
        ("at least 20,000 firms", "=  ≥"),
        ("fewer than 20,000 firms", "=   <≤"),
        ("up to 20,000 firms", "=    ≤"),
        ("约2万家企业", "=~"),
        ("近2万家企业", "=~  <≤"),
        ("超过2万家企业", "= >≥"),
        ("2万家以上企业", "=  ≥"),
        ("不到2万家企业", "=   <≤"),
        ("19,500 firms", " ~  <≤"),
        ("25,000 firms", "  >≥"),
    ] {
        let terms = terms(text, None);
        assert_eq!(terms.len(), 1, "{text}");
        for (query, sign) in queries.into_iter().zip(['=', '~', '>', '≥', '<', '≤']) {
            let pattern = parse_figure(query).unwrap();
            let is_met = terms.iter().any(|term| pattern.selects(term));
            assert_eq!(is_met, expected.contains(sign), "{text}: {query}");
        }
    }
}

#[test]
fn a_quantity_finds_its_unit_in_words_of_the_text() {
    for (text, query, expected) in [
        ("within 15 working days", "15 working days", true),
        ("自收到申请之日起十五个工作日内", "15 working days", true),
        ("within 15 days", "15 working days", false),
        ("limit warming to 1.5 degrees Celsius", "1.5 degrees", true),
        ("limit warming to 1.5°C", "1.5 degrees", true),
        ("limit warming to 1.5 degrees", "1.5°C", true),
        ("a day of 90°F", "90 degrees", true),
        ("a day of 90°F", "90°C", false),
    ] {
        let pattern = parse_figure(query).unwrap();
        let is_found = terms(text, None).iter().any(|term| pattern.selects(term));
        assert_eq!(is_found, expected, "{text}: {query}");
    }
}

#[test]
fn ranges_include_their_ends() {
    for (text, expected) in [
        ("30%", true),
        ("40%", true),
        ("about 30%", true),
        ("more than 30%", true),
        ("more than 40%", false),
        ("nearly 30%", false),
        ("less than 40%", true),
        ("29.9%", false),
        ("35 percentage points", false),
    ] {
        let pattern = parse_figure("30%..40%").unwrap();
        let terms = terms(&format!("The share is {text}."), None);
        assert_eq!(terms.iter().any(|term| pattern.selects(term)), expected, "{text}");
    }
}

#[test]
fn parts_of_periods_are_terms_of_their_own() {
    for (text, query, expected) in [
        ("over the last 3 years", "3 years", true),
        ("15 years ago", "15 years", true),
        ("在过去五年中", "5 years", true),
        ("第十四个五年规划", "五年", true),
        ("the 14th Five-Year Plan", "five years", true),
        ("二十五年前", "五年", false),
        ("7月25日", "25 days", false),
        ("中華民國108年", "108 years", false),
        ("80年代", "80 years", false),
        ("Output fell -3.5%.", "-3.5%", false),
    ] {
        let pattern = parse_figure(query);
        let is_found = pattern
            .is_some_and(|pattern| terms(text, None).iter().any(|term| pattern.selects(term)));
        assert_eq!(is_found, expected, "{text}: {query}");
    }
    for (text, first_day) in [
        ("It is in force since 5 March 2024.", Date::new(2024, 3, 5)),
        ("自2024年3月5日起施行。", Date::new(2024, 3, 5)),
        ("本規則自中華民國八十五年七月一日施行。", Date::new(1996, 7, 1)),
    ] {
        let day = FactPattern::Period { first: first_day, last: first_day, requires_as_of: false };
        assert!(terms(text, None).iter().any(|term| day.selects(term)), "{text}");
    }
}

#[test]
fn years_in_numerals_are_terms_of_their_digits() {
    for (text, expected) in [
        ("二〇二四年", "02024<二〇二四年>"),
        ("二○二三年", "02023<二○二三年>"),
        ("二零二二年", "02022<二零二二年>"),
        ("一九九九年", "01999<一九九九年>"),
        ("二十年", "020<二十> 0=240month<二十年>"),
    ] {
        assert_eq!(printed_figures(text), expected, "{text}");
    }
}

#[test]
fn periods_lie_within_the_period_of_the_query() {
    let date = |year| Date::new(year, 6, 1);
    let within = |text: &str, published, first, last, requires_as_of| {
        let pattern = FactPattern::Period { first, last, requires_as_of };
        let ranges = pattern.term_ranges();
        terms(text, published).iter().any(|term| {
            let is_in_range = ranges.iter().any(|(from, to)| from <= term && term < to);
            assert!(is_in_range || !pattern.selects(term), "{text}");
            pattern.selects(term)
        })
    };
    let (first, last) = (Date::new(2023, 1, 1), Date::new(2023, 12, 31));
    for (text, published, expected) in [
        ("Exports rose in 2023.", date(2024), true),
        ("Exports rose in March 2023.", date(2024), true),
        ("Exports rose last year.", date(2024), true),
        ("Exports rose last year.", date(2025), false),
        ("去年出口增长。", date(2024), true),
        ("Exports rose in 2024.", date(2024), false),
        ("Exports rose during the 14th Five-Year Plan period.", date(2024), false),
        ("Exports have risen since 2021.", date(2024), false),
    ] {
        assert_eq!(within(text, published, first, last, false), expected, "{text}");
    }
    let (first, last) = (Date::new(2025, 7, 1), Date::new(2025, 7, 31));
    for (text, expected) in [
        ("As of July 2025, 12 ports are open.", true),
        ("截至2025年7月底，已有12个港口。", true),
        ("In July 2025, 12 ports opened.", false),
    ] {
        assert_eq!(within(text, None, first, last, true), expected, "{text}");
    }
}

#[test]
fn a_publication_one_year_later_moves_relative_periods_only() {
    let date = |year| Date::new(year, 3, 10);
    for (text, is_relative) in [
        ("Exports rose last year.", true),
        ("Exports rose this month.", true),
        ("Exports rose over the past five years.", true),
        ("今年前10个月出口增长。", true),
        ("去年同期出口增长。", true),
        ("Exports rose in 2023.", false),
        ("Exports rose in the third quarter of 2023.", false),
        ("“十四五”时期出口增长。", false),
        ("中華民國101年出口增長。", false),
        ("As of July 2025, exports rose.", false),
    ] {
        let (first, second) = (terms(text, date(2024)), terms(text, date(2025)));
        let is_period = |term: &&String| term.starts_with(encoding::PERIOD_PREFIX);
        assert_eq!(first.iter().filter(is_period).count(), 1, "{text}");
        assert_eq!(first != second, is_relative, "{text}");
    }
}
