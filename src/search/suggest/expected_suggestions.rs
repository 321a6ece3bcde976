//! Tests suggestions with a table of prefixes, each with suggestions that must be offered and suggestions that must not
//! be offered.

use super::tests::searcher;
use crate::{Query, Searcher, search::SuggestionKind};

/// Prefix, suggestions that must be offered, and suggestions that must not be offered.
type SuggestionCase = (&'static str, &'static [&'static str], &'static [&'static str]);

/// English and mixed texts.
const ENGLISH_TEXTS: &[&str] = &[
    "A flying car crossed the bay. Prime Minister of Singapore and the prime minister of Samoa met.",
    "The air is clear. The plan aims to aid pilots. An AI plan and an AI strategy exist. The AIIB lends.",
    "O’Brien obviously agreed. The objectives are many. It isn't late. It's time to go.",
    "Tickets cost £12 each. There were 15 tickets and 120 visitors. The fine is $150.",
    "The President’s plan. The President spoke at present.",
    "FACT SHEET on ports. Two Fact Sheets and three fact sheets were issued.",
    "Côte d’Ivoire signed. The department decided.",
    "A 24/7 hotline answers. In 24 hours 7000000 calls came; 24 of 74 failed.",
    "5G factories open. 5G networks grow. GPT models write. GPT-4 writes.",
    "COVID-19 vaccines and COVID-19 tests. In covid wards 12 nurses and 190 doctors work.",
    "A-level results and an A-level exam. A lot of work and a little rest, a long day.",
    "GDP growth slowed while GDP per head rose. The gdp deflator fell.",
    "<td STYLE=\"border-right: 1.50pt solid; width: 12px\">Budget table</td> H.R. 1319 passed. H.R. 1044 failed.",
    "We fly to Guangzhou. Guangzhou trade grew. Guangzhou ports. Women vote and women work. We change the law.",
    "The U.S. dollar rose. The U.S. Department of Labor reports. U.S. ports.",
    "Net zero emissions. Net-zero targets. The e-commerce market; e-commerce rules.",
    "Ends here. Zeta begins. Ends now.",
    "Q&A sessions follow. Title II applies. Title IV applies.",
    "New York and the New Year. New Yorkers.",
];

/// Simplified Chinese texts.
const SIMPLIFIED_TEXTS: &[&str] = &[
    "广州市建设粤港澳大湾区。广州发展数字贸易和数字经济。",
    "干部应当减少干预。干部管理。著作权登记。不利于发展。不利于改革。",
    "各党派参加会议。工作报告。广州工作会议。政府工作。",
    "人工智能产业发展。人工智能技术。劳动合同法。GDP增长很快。AI审批。",
];

/// Traditional Chinese texts.
const TRADITIONAL_TEXTS: &[&str] = &[
    "立法院審議預算案。立法院說明。著作權法與著作權保護。",
    "數字經濟發展。中央政府總預算。個人資料保護。",
];

/// Typed texts, each with suggestions that must be offered and suggestions that must not be offered.
const SUGGESTION_CASES: &[SuggestionCase] = &[
    // Context before frequency.
    ("flying c", &["flying car"], &["flying cab", "flying caa"]),
    ("flying ca", &["flying car"], &["flying cab"]),
    ("flying ", &["flying car"], &[]),
    ("A flying c", &["A flying car"], &[]),
    ("prime minister of s", &["prime minister of Samoa", "Prime Minister of Singapore"], &[]),
    ("new y", &["New York", "New Year", "New Yorkers"], &["new york"]),
    ("new yo", &["New York", "New Yorkers"], &["New Year"]),
    ("net zero ", &["Net zero emissions", "Net-zero targets"], &[]),
    ("zebra c", &[], &["zebra car", "zebra cab"]),
    ("ends z", &[], &["ends zeta", "Ends here. Zeta"]),
    // Spelled as in the texts.
    ("AI", &["AI plan", "AI strategy", "AIIB", "air"], &["AIr", "AIms", "AId"]),
    ("AI ", &["AI plan", "AI strategy"], &[]),
    ("ai", &["air", "AI plan"], &["ai plan"]),
    ("o'b", &["O’Brien"], &["o'bviously", "obviously", "o'bjectives"]),
    ("O’B", &["O’Brien"], &["O’Bviously"]),
    ("obr", &["O’Brien"], &["obrien"]),
    ("ob", &["obviously", "objectives", "O’Brien"], &[]),
    ("PRES", &["President", "present"], &["PRESident", "PRESent"]),
    ("pres", &["President", "present"], &["president", "President’s"]),
    ("President’s", &["President’s plan"], &["Presidents plan"]),
    ("FACT SHEET", &["fact sheets"], &["FACT SHEETs"]),
    ("fact sheet", &["fact sheets"], &["FACT SHEETs"]),
    ("Côte ", &["Côte d’Ivoire"], &["Côte divoire"]),
    ("cote ", &["Côte d’Ivoire"], &["cote divoire"]),
    ("it is", &["It isn't"], &["it isnt"]),
    ("it's", &["It's time"], &["it'sem"]),
    ("U.S. d", &["U.S. dollar", "U.S. Department"], &["U.S. department"]),
    ("us d", &["U.S. dollar"], &["us dollar"]),
    // Digits, hyphens and currency symbols.
    ("£1", &["£12"], &["£15", "£120", "£150", "£1319"]),
    ("$1", &["$150"], &["$12", "$15", "$120"]),
    ("12", &["120"], &["12px"]),
    ("H.R. 1", &["H.R. 1319", "H.R. 1044"], &["H.R. 1.50pt", "H.R. 1.50", "H.R. 12px"]),
    ("1.5", &[], &["1.50pt", "1.50"]),
    ("24/7", &["24/7 hotline"], &["24/7000000", "24/74"]),
    ("5G", &["5G factories", "5G networks"], &[]),
    ("5G ", &["5G factories", "5G networks"], &[]),
    ("5G f", &["5G factories"], &[]),
    ("GPT", &["GPT models", "GPT-4"], &["GPT 4"]),
    ("GPT-", &["GPT-4"], &["GPT-models"]),
    ("covid-", &["COVID-19"], &["covid-wards", "covid-12"]),
    ("COVID-1", &["COVID-19"], &["COVID-12", "COVID-190"]),
    ("A-l", &["A-level"], &["A-lot", "A-little", "A-long"]),
    ("A-level ", &["A-level results", "A-level exam"], &[]),
    ("e-com", &["e-commerce"], &[]),
    ("e-commerce ", &["e-commerce market", "e-commerce rules"], &[]),
    ("Title I", &["Title II", "Title IV"], &["Title Ii", "Title Iv"]),
    ("Q&A", &[], &["Q&And", "Q&Air", "Q&Aid"]),
    // The query language.
    ("\"flying c", &["\"flying car"], &["\"flying cab"]),
    ("issuer:x fac", &["issuer:x fact"], &[]),
    ("title:pres", &["title:President"], &[]),
    // Chinese, in the typed script if the index has it.
    ("乾", &["干部", "干预"], &["乾部", "乾预", "乾預"]),
    ("數字", &["數字經濟", "数字贸易"], &["數字贸易", "數字经济"]),
    ("数字", &["数字贸易", "数字经济"], &["数字貿易"]),
    ("著作權", &["著作權法", "著作權保護"], &["著作權登记", "著作權保护"]),
    ("立法院", &["立法院審議", "立法院說明"], &["立法院审议", "立法院说明"]),
    ("预", &["預算"], &["预算"]),
    ("大湾", &["大湾区"], &[]),
    ("大灣", &["大湾区"], &["大灣区"]),
    ("粤港澳", &["粤港澳大湾区"], &[]),
    ("人工智", &["人工智能"], &[]),
    ("广州", &["广州市"], &[]),
    ("GDP增", &["GDP增长"], &[]),
    ("AI审", &["AI审批"], &[]),
    ("斑馬 广", &[], &["斑馬 广州"]),
    // Pinyin.
    ("guangz", &["Guangzhou", "广州"], &[]),
    ("guangzhou", &["Guangzhou trade", "广州"], &[]),
    ("gongzuo", &["工作"], &[]),
    ("rengongzhi", &["人工智能"], &[]),
    ("gz", &["广州", "工作"], &[]),
    ("dwq", &["大湾区"], &[]),
    ("fly", &["flying"], &["不利于"]),
    ("gdp", &["GDP growth"], &["各党派"]),
    ("women", &[], &["我们"]),
    ("aid", &[], &["按", "安定"]),
];

/// Returns a searcher over the texts of the cases, and over texts of about 220 words that begin with "c" and are more
/// frequent than "car".
fn searcher_of_case_texts() -> Searcher {
    let letters = || 'a'..='z';
    let words = letters().flat_map(|a| letters().map(move |b| format!("c{a}{b}")));
    let frequent_words: String =
        words.take(220).filter(|word| word != "car").map(|word| word + " ").collect();
    let mut texts: Vec<&str> = [ENGLISH_TEXTS, SIMPLIFIED_TEXTS, TRADITIONAL_TEXTS].concat();
    texts.extend([frequent_words.as_str(); 3]);
    searcher(&texts)
}

#[cfg(feature = "chinese")]
#[test]
fn prefixes_have_the_expected_suggestions() {
    let searcher = searcher_of_case_texts();
    let mut failures = Vec::new();
    for (typed, expected, unwanted) in SUGGESTION_CASES {
        let suggestions = searcher.suggest(typed, 12).unwrap();
        let texts: Vec<&str> =
            suggestions.iter().map(|suggestion| suggestion.text.as_str()).collect();
        let missing_suggestions: Vec<_> =
            expected.iter().filter(|text| !texts.contains(text)).collect();
        let unwanted_suggestions: Vec<_> =
            unwanted.iter().filter(|text| texts.contains(text)).collect();
        if !missing_suggestions.is_empty() || !unwanted_suggestions.is_empty() {
            failures.push(format!(
                "{typed:?}: {texts:?} lack {missing_suggestions:?}, must not have {unwanted_suggestions:?}"
            ));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_suggested_phrase_has_matches_if_it_is_quoted() {
    let searcher = searcher_of_case_texts();
    for (typed, ..) in SUGGESTION_CASES {
        let suggestions = searcher.suggest(typed, 12).unwrap().into_iter();
        for phrase in suggestions.filter(|suggestion| suggestion.kind == SuggestionKind::Phrase) {
            let quoted = format!("\"{}\"", phrase.text.replace('"', ""));
            let total = searcher.search(&Query::new(quoted).strict(true)).unwrap().total;
            assert!(total > 0, "{typed}: {}", phrase.text);
        }
    }
}
