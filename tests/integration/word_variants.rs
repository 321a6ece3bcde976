//! Variants of a word (spelling, letters, characters, compounds, abbreviations) are matched and highlighted.

use gz_search::{Document, Hit, Index, Query, Searcher, query::NoteKind, search::MatchKind};

fn searcher(texts: &[&str]) -> Searcher {
    let index = Index::in_memory();
    let writer = index.writer().unwrap();
    for (number, text) in texts.iter().enumerate() {
        writer.add(&Document::new(format!("{number}"), *text)).unwrap();
    }
    writer.commit().unwrap();
    index.searcher().unwrap()
}

/// Returns a line `NUMBER: HIGHLIGHT | HIGHLIGHT` for each text that matches in full, or for each other match if there
/// is no full match. The lines are in the order of the numbers; the messages of the notes follow, except notes on other
/// matches and on words that occur nowhere.
fn answer(searcher: &Searcher, query: &Query) -> Vec<String> {
    let results = searcher.search(query).unwrap();
    let best = results.hits.first().map(|hit| hit.matched);
    let is_full = |hit: &&Hit| best != Some(MatchKind::All) || hit.matched == MatchKind::All;
    let mut lines: Vec<String> = results
        .hits
        .iter()
        .filter(is_full)
        .map(|hit| {
            let spans = hit.snippet.fragments.iter().flat_map(|fragment| &fragment.highlights);
            let highlights: Vec<_> = spans.map(|span| span.of(&hit.passage.text)).collect();
            format!("{}: {}", hit.document.id, highlights.join(" | "))
        })
        .collect();
    lines.sort_unstable();
    let notes = results.notes.iter();
    let notes = notes.filter(|note| !matches!(note.kind, NoteKind::Other | NoteKind::Missing));
    lines.extend(notes.map(|note| note.message.clone()));
    lines
}

/// A query and the lines that [`answer`] returns for it.
type Case<'a> = (&'a str, &'a [&'a str]);

fn check(texts: &[&str], cases: &[Case<'_>]) {
    let searcher = searcher(texts);
    for (query, expected) in cases {
        assert_eq!(answer(&searcher, &Query::new(*query)), *expected, "{query}");
    }
}

#[test]
fn a_word_matches_its_inflections() {
    let texts = [
        "two children met a woman",
        "the child meets women",
        "prices rose; they are rising",
        "a rise of the price",
        "firms sold shares and held bonds",
        "sell and hold",
        "the criterion of one analysis",
        "criteria and analyses",
        "a cleaner river, the cleanest of all",
    ];
    check(
        &texts,
        &[
            ("child", &["0: children", "1: child"]),
            ("women", &["0: woman", "1: women"]),
            ("meet", &["0: met", "1: meets"]),
            ("rise", &["2: rose | rising", "3: rise"]),
            ("rising", &["2: rose | rising", "3: rise"]),
            ("selling", &["4: sold", "5: sell"]),
            ("held", &["4: held", "5: hold"]),
            ("criterion", &["6: criterion", "7: criteria"]),
            ("analyses", &["6: analysis", "7: analyses"]),
            ("cleanest", &["8: cleanest"]),
            ("\"child\"", &["1: child"]),
        ],
    );
}

#[test]
fn a_word_does_not_match_derived_and_similar_words() {
    let texts = [
        "the authority authorized it",
        "the author and two authors",
        "minority groups",
        "a minor was found",
        "the United Kingdom united",
        "each unit and all units",
        "a good morning is good",
        "duties on goods",
        "cyber security secures data",
        "securities were traded",
        "customers and a custom",
        "customs officers",
        "an important experience",
        "imports and an experiment",
        "a bill in the house",
        "billing and housing",
    ];
    check(
        &texts,
        &[
            ("author", &["1: author | authors"]),
            ("minor", &["3: minor"]),
            ("units", &["5: unit | units"]),
            ("united", &["4: United | united"]),
            ("good", &["6: good | good"]),
            ("goods", &["7: goods"]),
            ("securities", &["9: securities"]),
            ("customs", &["11: customs"]),
            ("import", &["13: imports"]),
            ("experiments", &["13: experiment"]),
            ("billing", &["15: billing"]),
            ("housing", &["15: housing"]),
        ],
    );
}

#[test]
fn british_and_american_spellings_match_each_other() {
    let texts = [
        "the labour market grew",
        "labor unions organized a program",
        "the organisation has programmes",
        "a mourning of organs",
        "the morning",
    ];
    check(
        &texts,
        &[
            ("labour", &["0: labour", "1: labor"]),
            ("labor", &["0: labour", "1: labor"]),
            ("organising", &["1: organized"]),
            ("organization", &["2: organisation"]),
            ("programmes", &["1: program", "2: programmes"]),
            ("morning", &["4: morning"]),
            ("\"labour\"", &["0: labour"]),
        ],
    );
    let strict = Query::new("labour").strict(true);
    assert_eq!(answer(&searcher(&texts), &strict), ["0: labour"]);
}

#[test]
fn compounds_match_joined_hyphenated_and_spaced() {
    let texts = [
        "e-commerce grew",
        "Ecommerce platforms",
        "their cooperation in cross border trade",
        "startups need firefighters",
        "commerce alone",
    ];
    check(
        &texts,
        &[
            (
                "e-commerce",
                &["0: e-commerce", "1: Ecommerce", "e commerce also searched as ecommerce"],
            ),
            (
                "ecommerce",
                &["0: e-commerce", "1: Ecommerce", "ecommerce also searched as e commerce"],
            ),
            ("co-operation", &["2: cooperation", "co operation also searched as cooperation"]),
            ("crossborder", &["2: cross border", "crossborder also searched as cross border"]),
            ("start-up", &["3: startups", "start up also searched as startup"]),
            ("fire fighter", &["3: firefighters", "fire fighter also searched as firefighter"]),
            ("\"e commerce\"", &["0: e-commerce"]),
        ],
    );
    let strict = Query::new("ecommerce").strict(true);
    assert_eq!(answer(&searcher(&texts), &strict), ["1: Ecommerce"]);
}

#[cfg(feature = "chinese")]
#[test]
fn unknown_chinese_words_match_by_their_parts() {
    let texts = ["社会各界的主义", "主义与社会", "经济", "社会保障"];
    check(
        &texts,
        &[
            (
                "社会主义",
                &[
                    "0: 社会 | 主义",
                    "1: 主义 | 社会",
                    "社会主义 occurs nowhere: searched for its parts",
                ],
            ),
            ("社会保障", &["3: 社会保障"]),
            ("主义", &["0: 主义", "1: 主义"]),
        ],
    );
    let strict = Query::new("社会主义").strict(true);
    assert!(answer(&searcher(&texts), &strict).is_empty());
}

#[test]
fn abbreviations_and_their_definitions_match_each_other() {
    let texts = [
        "the Low-Emission Bus Programme (LEBP) began",
        "LEBP pays for depots",
        "a low-emission bus programme elsewhere",
        "care at home",
        "care for the old",
        "trade with the United States",
        "come with us",
        "the U.S. economy",
    ];
    check(
        &texts,
        &[
            (
                "lebp",
                &[
                    "0: Low-Emission Bus Programme | LEBP",
                    "1: LEBP",
                    "2: low-emission bus programme",
                    "lebp also searched as low emission bus programme",
                ],
            ),
            (
                "LEBP depots",
                &["1: LEBP | depots", "LEBP also searched as low emission bus programme"],
            ),
            (
                "low emission bus programmes",
                &[
                    "0: Low-Emission Bus Programme | LEBP",
                    "1: LEBP",
                    "2: low-emission bus programme",
                    "low emission bus programmes also searched as lebp",
                ],
            ),
            ("\"lebp\"", &["0: LEBP", "1: LEBP"]),
            ("us", &["6: us", "7: U.S"]),
            ("US", &["5: United States", "7: U.S", "US also searched as united states"]),
            ("United States", &["5: United States", "7: U.S", "united states also searched as US"]),
        ],
    );
    let strict = Query::new("lebp").strict(true);
    assert_eq!(answer(&searcher(&texts), &strict), ["0: LEBP", "1: LEBP"]);
}

#[test]
fn chinese_short_names_and_full_names_match_each_other() {
    let texts =
        ["人力资源和社会保障局（以下简称“人社局”）发布", "人社局解读", "人力资源和社会保障局公告"];
    let searcher = searcher(&texts);
    for query in ["人社局", "人力资源和社会保障局"] {
        let results = searcher.search(&Query::new(query)).unwrap();
        assert_eq!(results.total, 3, "{query}");
        assert_eq!(results.notes.len(), 1, "{:?}", results.notes);
    }
}

#[test]
fn figures_match_in_every_notation_with_their_unit() {
    let texts = [
        "the top 5 grew by 5%",
        "by 5 per cent",
        "增长百分之五",
        "5 parks at 5:24",
        "a fund of £20 million",
        "£20m for buses",
        "20 million doses",
        "$20 million",
        "worth one trillion yuan",
        "总额1万亿元",
        "装机容量5000亿千瓦",
        "paid $12.50",
        "1\u{A0}250\u{A0}000 visitors",
        "section 3.10",
    ];
    check(
        &texts,
        &[
            ("5%", &["0: 5%", "1: 5 per cent", "2: 百分之五"]),
            ("\"5%\"", &["0: 5%", "1: 5 per cent", "2: 百分之五"]),
            ("5 %", &["0: 5%", "1: 5 per cent", "2: 百分之五"]),
            ("百分之五", &["0: 5%", "1: 5 per cent", "2: 百分之五"]),
            ("5", &["0: 5 | 5", "1: 5", "3: 5 | 5"]),
            ("£20 million", &["4: £20 million", "5: £20m"]),
            ("\"£20 million\"", &["4: £20 million", "5: £20m"]),
            ("20 million", &["4: 20 million", "5: 20m", "6: 20 million", "7: 20 million"]),
            ("1 trillion", &["8: one trillion", "9: 1万亿"]),
            ("1 trillion yuan", &["8: one trillion yuan", "9: 1万亿元"]),
            ("500 billion", &["10: 5000亿"]),
            ("5000万亿", &[]),
            ("12.5 dollars", &["11: $12.50"]),
            ("1,250,000", &["12: 1\u{A0}250\u{A0}000"]),
            ("3.1", &[]),
        ],
    );
}

#[test]
fn letters_and_digits_match_joined_hyphenated_and_spaced() {
    let texts = [
        "the COVID-19 vaccine",
        "covid19 tests",
        "19 tests of covid",
        "the budget for FY 2024",
        "COP27 summit",
        "F-16 jets",
        "flight HLY1002",
        "PM2.5 targets",
        "the 20-year plan",
    ];
    check(
        &texts,
        &[
            ("COVID19", &["0: COVID-19", "1: covid19"]),
            ("COVID-19", &["0: COVID-19", "1: covid19"]),
            ("FY2024", &["3: FY 2024"]),
            ("COP-27", &["4: COP27"]),
            ("F16", &["5: F-16"]),
            ("PM-2.5", &["7: PM2.5"]),
            ("20-year", &["8: 20-year"]),
            ("HLY1*", &["6: HLY1002", "hly1* stands for 1 word: hly1002"]),
            ("/cop\\d+/", &["4: COP27", "/cop\\d+/ stands for 1 word: cop27"]),
        ],
    );
}

#[test]
fn stop_words_in_capitals_match_only_capitals() {
    let texts = [
        "the WHO adopted it",
        "people who lived",
        "jobs in the IT sector",
        "take vitamin A",
        "a vitamin D pill",
        "A-levels in June",
        "a level crossing",
        "A&E waiting times",
        "an e-waste scheme",
        "on 12 May 2024",
        "it may rain",
    ];
    check(
        &texts,
        &[
            ("WHO", &["0: WHO"]),
            ("the WHO", &["0: WHO"]),
            ("IT", &["2: IT"]),
            ("A-level", &["5: A-levels"]),
            ("A&E", &["7: A&E"]),
            ("A & E", &["7: A&E"]),
            ("12 May", &["9: 12 May"]),
        ],
    );
}

#[test]
fn words_with_special_letters_match_their_plain_spelling() {
    let texts = [
        "Kraków and Łódź",
        "Krakow and Lodz",
        "a visit to Đà Nẵng",
        "the port of Da Nang",
        "Tromsø, near Malmö",
        "Gießen and Güstrow",
        "Giessen and Gustrow",
        "the isle of Lānaʻi",
        "the isle of Lana'i, or Lanai",
        "وزارة الصِّحَّة",
        "إدارة المياه",
    ];
    check(
        &texts,
        &[
            ("Lodz", &["0: Łódź", "1: Lodz"]),
            ("łódź", &["0: Łódź", "1: Lodz"]),
            ("\"da nang\"", &["2: Đà Nẵng", "3: Da Nang"]),
            ("Tromso", &["4: Tromsø"]),
            ("Giessen", &["5: Gießen", "6: Giessen"]),
            ("GIEßEN", &["5: Gießen", "6: Giessen"]),
            ("gieß*", &["5: Gießen", "6: Giessen", "giess* stands for 1 word: giessen"]),
            ("Lanai", &["7: Lānaʻi", "8: Lana'i | Lanai"]),
            ("Lānaʻi", &["7: Lānaʻi", "8: Lana'i | Lanai"]),
            ("lāna'*", &["7: Lānaʻi", "8: Lana'i | Lanai", "lana* stands for 1 word: lanai"]),
            ("الصحة", &["9: الصِّحَّة"]),
            ("ادارة", &["10: إدارة"]),
        ],
    );
}

#[test]
fn words_match_after_an_elided_article() {
    let texts = [
        "le budget de l’Union européenne",
        "une Union des producteurs",
        "le marché d'Abidjan",
        "Abidjan accueille",
        "Mr O’Hara isn't here",
        "O'HARA spoke",
        "the hara",
    ];
    check(
        &texts,
        &[
            ("Union", &["0: Union", "1: Union"]),
            ("\"union européenne\"", &["0: Union européenne"]),
            ("l’Union", &["0: Union", "1: Union"]),
            ("\"l'union\"", &["0: l’Union"]),
            ("Abidjan", &["2: Abidjan", "3: Abidjan"]),
            ("O'Hara", &["4: O’Hara", "5: O'HARA"]),
            ("OHara", &["4: O’Hara", "5: O'HARA"]),
            ("\"isnt\"", &["4: isn't"]),
            ("hara", &["6: hara"]),
        ],
    );
}

#[test]
fn abbreviations_match_with_and_without_dots() {
    let texts = [
        "She holds a Ph.D. in law.",
        "a PhD student",
        "Lt.Gov. Doe and the U.S.A. agree",
        "M.Sc. courses on site.gov.uk",
        "the order nº456",
        "order 456",
    ];
    check(
        &texts,
        &[
            ("\"PhD\"", &["0: Ph.D", "1: PhD"]),
            ("ph.d.", &["0: Ph.D", "1: PhD"]),
            ("ltgov", &["2: Lt.Gov"]),
            ("\"usa\"", &["2: U.S.A"]),
            ("MSc", &["3: M.Sc"]),
            ("site.gov.uk", &["3: site.gov.uk"]),
            ("456", &["4: 456", "5: 456"]),
        ],
    );
}

#[test]
fn chinese_words_match_in_every_spelling_of_either_script() {
    let texts = [
        "國土計畫法",
        "年度计划表",
        "實施計劃的人",
        "請民眾瞭解",
        "家長了解情況",
        "帳戶與傢俱",
        "账户和家具",
        "漫畫家的畫",
        "设计画面",
    ];
    check(
        &texts,
        &[
            ("計畫", &["0: 計畫", "1: 计划", "2: 計劃"]),
            ("計劃", &["0: 計畫", "1: 计划", "2: 計劃"]),
            ("计划", &["0: 計畫", "1: 计划", "2: 計劃"]),
            ("\"計畫法\"", &["0: 計畫法"]),
            ("計畫*", &["0: 計畫", "1: 计划", "2: 計劃"]),
            ("了解", &["3: 瞭解", "4: 了解"]),
            ("瞭解", &["3: 瞭解", "4: 了解"]),
            ("账户", &["5: 帳戶", "6: 账户"]),
            ("家具", &["5: 傢俱", "6: 家具"]),
            ("\"画\"", &["7: 畫 | 畫", "8: 画"]),
            ("\"画面\"", &["8: 画面"]),
        ],
    );
}
