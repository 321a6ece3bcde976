//! A text → its language, by its script and then by its words.

use whatlang::{Detector, Lang};

/// Characters that only Traditional text has, and those that only Simplified text has, among the
/// most frequent ones.
const TRADITIONAL: &str =
    "國會發與為這對個關條規時業務應該當經說實現過進動員學長機構區產條據處臺灣億萬貿";
const SIMPLIFIED: &str =
    "国会发与为这对个关条规时业务应该当经说实现过进动员学长机构区产据处湾亿万贸";
/// How much of a long text is looked at.
const SAMPLE_CHARS: usize = 4_000;

/// The BCP 47 code of the language of `text`; `en` where its letters are Latin and no more can be
/// told.
pub(in crate::document) fn detected(text: &str) -> String {
    let (mut letters, mut han, mut kana, mut hangul, mut traditional, mut simplified) =
        (0, 0, 0, 0, 0, 0);
    for c in text.chars().filter(|c| c.is_alphabetic()).take(SAMPLE_CHARS) {
        letters += 1;
        match c {
            '\u{4E00}'..='\u{9FFF}' => {
                han += 1;
                traditional += usize::from(TRADITIONAL.contains(c) && !SIMPLIFIED.contains(c));
                simplified += usize::from(SIMPLIFIED.contains(c) && !TRADITIONAL.contains(c));
            }
            '\u{3040}'..='\u{30FF}' => kana += 1,
            '\u{AC00}'..='\u{D7AF}' => hangul += 1,
            _ => {}
        }
    }
    // A Han character says as much as several letters.
    let code = match () {
        () if kana * 10 > letters => "ja",
        () if hangul * 4 > letters => "ko",
        () if han * 4 > letters && traditional > simplified => "zh-Hant",
        () if han * 4 > letters => "zh-Hans",
        () => return by_words(text),
    };
    code.to_owned()
}

/// The languages that are told apart by their words.
const BY_WORDS: [(Lang, &str); 8] = [
    (Lang::Eng, "en"),
    (Lang::Spa, "es"),
    (Lang::Fra, "fr"),
    (Lang::Por, "pt"),
    (Lang::Deu, "de"),
    (Lang::Ita, "it"),
    (Lang::Rus, "ru"),
    (Lang::Vie, "vi"),
];

/// Below it a short English text full of names may be taken for another language.
const SURE: f64 = 0.2;

fn by_words(text: &str) -> String {
    let end = text.char_indices().nth(SAMPLE_CHARS).map_or(text.len(), |(end, _)| end);
    let detector = Detector::with_allowlist(BY_WORDS.map(|(lang, _)| lang).to_vec());
    let guess = detector.detect(text.get(..end).unwrap_or_default());
    let guess = guess.filter(|info| info.confidence() > SURE).map(|info| info.lang());
    let code = BY_WORDS.iter().find(|(lang, _)| guess == Some(*lang));
    code.map_or("en", |(_, code)| code).to_owned()
}

/// A code or name that somebody gave, in the form that the index keeps.
pub(in crate::document) fn normalized(given: &str) -> String {
    let lower = given.trim().to_lowercase().replace('_', "-");
    match lower.as_str() {
        "zh" | "zh-cn" | "zh-sg" | "zh-hans" | "chinese" => "zh-Hans".to_owned(),
        "zh-tw" | "zh-hk" | "zh-mo" | "zh-hant" => "zh-Hant".to_owned(),
        "english" => "en".to_owned(),
        _ => lower.split('-').next().unwrap_or_default().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_of_texts() {
        for (text, code) in [
            ("The ministry announced new measures to support families.", "en"),
            ("国务院关于加快发展服务业的若干意见", "zh-Hans"),
            ("國務院關於加快發展服務業的若干意見", "zh-Hant"),
            (
                "El gobierno anunció nuevas medidas para apoyar a las familias de todo el país. \
                 Los ciudadanos podrán solicitar las ayudas en los próximos meses.",
                "es",
            ),
            ("12345", "en"),
        ] {
            assert_eq!(detected(text), code, "{text}");
        }
        for (given, code) in
            [("zh_TW", "zh-Hant"), ("zh-CN", "zh-Hans"), ("en-US", "en"), ("English", "en")]
        {
            assert_eq!(normalized(given), code);
        }
    }
}
