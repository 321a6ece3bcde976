//! Detects the language of a text: Chinese, Japanese and Korean by script, other languages by letter
//! n-grams (crate [`whatlang`]).

use whatlang::{Detector, Lang};

use crate::{
    document::model::Document,
    script::{is_hangul, is_kana, is_unified_ideograph},
};

/// Frequent characters of Traditional Chinese. Characters that are also in [`SIMPLIFIED_CHARS`] do not
/// count.
const TRADITIONAL_CHARS: &str =
    "國會發與為這對個關條規時業務應該當經說實現過進動員學長機構區產條據處臺灣億萬貿";
/// Frequent characters of Simplified Chinese. Characters that are also in [`TRADITIONAL_CHARS`] do not
/// count.
const SIMPLIFIED_CHARS: &str =
    "国会发与为这对个关条规时业务应该当经说实现过进动员学长机构区产据处湾亿万贸";
/// Number of characters at the beginning of a text that are read to detect its language.
const LANGUAGE_SAMPLE_CHARS: usize = 4_000;
/// Minimum confidence of the detection, from 0 to 1, at which a language other than English is accepted. A short
/// English text with many names resembles other languages.
const MIN_OTHER_LANGUAGE_CONFIDENCE: f64 = 0.2;
/// Most frequent words of languages that are detected by letter n-grams. If a text has none of the words of the
/// detected language, the detection is unsure: the text may be a list of names and headings.
const FUNCTION_WORDS: [(&str, &str); 5] = [
    ("es", "de la el los las que en del por para con una"),
    ("fr", "de la le les des et en du un une pour que"),
    ("pt", "de da do que em os as para com uma dos das"),
    ("de", "der die das und den von mit zu im für des ist"),
    ("it", "di il la che per del della con un una dei le"),
];
/// Confidence of the detection, from 0 to 1, below which the language that the file declares takes precedence.
const MIN_SURE_CONFIDENCE: f64 = 0.6;
/// Languages that are distinguished by letter n-grams, with their BCP 47 codes.
const LANGUAGES_OF_NGRAM_DETECTION: [(Lang, &str); 8] = [
    (Lang::Eng, "en"),
    (Lang::Spa, "es"),
    (Lang::Fra, "fr"),
    (Lang::Por, "pt"),
    (Lang::Deu, "de"),
    (Lang::Ita, "it"),
    (Lang::Rus, "ru"),
    (Lang::Vie, "vi"),
];

impl Document {
    /// Detects the language from the text, if the document has no language yet. The language that the file declares
    /// decides where the text is short or unclear.
    pub fn detect_lang(&mut self) {
        if self.lang.is_empty() {
            self.lang = detect_language(&self.text, &normalized_code(&self.declared_lang));
            self.inferred.push("lang".to_owned());
        }
    }
}

/// Returns the BCP 47 code of the language of `text`. `declared` is the code of the language that the file declares, or
/// empty. Returns `en` if the language is not recognized.
fn detect_language(text: &str, declared: &str) -> String {
    let (mut letter_count, mut han_count, mut kana_count, mut hangul_count) = (0, 0, 0, 0);
    let (mut traditional_count, mut simplified_count) = (0, 0);
    for c in text.chars().filter(|c| c.is_alphabetic()).take(LANGUAGE_SAMPLE_CHARS) {
        letter_count += 1;
        if is_unified_ideograph(c) {
            han_count += 1;
            traditional_count +=
                usize::from(TRADITIONAL_CHARS.contains(c) && !SIMPLIFIED_CHARS.contains(c));
            simplified_count +=
                usize::from(SIMPLIFIED_CHARS.contains(c) && !TRADITIONAL_CHARS.contains(c));
        } else if is_kana(c) {
            kana_count += 1;
        } else if is_hangul(c) {
            hangul_count += 1;
        }
    }
    // A Han character carries as much information as several letters, so a share of a quarter suffices.
    let code = if kana_count * 10 > letter_count {
        "ja"
    } else if hangul_count * 4 > letter_count {
        "ko"
    } else if han_count * 4 > letter_count {
        let is_unclear = traditional_count == simplified_count;
        let is_traditional =
            traditional_count > simplified_count || is_unclear && declared == "zh-Hant";
        if is_traditional { "zh-Hant" } else { "zh-Hans" }
    } else {
        detect_by_letter_ngrams(text, declared)
    };
    code.to_owned()
}

/// Returns whether `text` is in Traditional Chinese.
pub(super) fn is_traditional(text: &str) -> bool {
    detect_language(text, "") == "zh-Hant"
}

/// Returns the BCP 47 code of the language of a text in an alphabet. Returns `en` if the language is not recognized.
/// `declared` is the code of the language that the file declares.
fn detect_by_letter_ngrams(text: &str, declared: &str) -> &'static str {
    let sample_end =
        text.char_indices().nth(LANGUAGE_SAMPLE_CHARS).map_or(text.len(), |(end, _)| end);
    let detector =
        Detector::with_allowlist(LANGUAGES_OF_NGRAM_DETECTION.map(|(lang, _)| lang).to_vec());
    let sample = text.get(..sample_end).unwrap_or_default();
    let declared =
        LANGUAGES_OF_NGRAM_DETECTION.iter().map(|(_, code)| *code).find(|code| *code == declared);
    let Some(info) = detector.detect(sample) else { return declared.unwrap_or("en") };
    let detected = LANGUAGES_OF_NGRAM_DETECTION.iter().find(|(lang, _)| *lang == info.lang());
    let detected = detected.map_or("en", |(_, code)| *code);
    let confidence = if has_function_word(sample, detected) {
        info.confidence()
    } else {
        MIN_OTHER_LANGUAGE_CONFIDENCE
    };
    match declared {
        Some(code) if confidence < MIN_SURE_CONFIDENCE => code,
        _ if confidence <= MIN_OTHER_LANGUAGE_CONFIDENCE => "en",
        _ => detected,
    }
}

/// Returns whether a text has one of the most frequent words of a language. Returns `true` for a language without such
/// words in [`FUNCTION_WORDS`].
fn has_function_word(text: &str, language: &str) -> bool {
    let Some((_, frequent_words)) = FUNCTION_WORDS.iter().find(|(code, _)| *code == language)
    else {
        return true;
    };
    let mut words = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    words.any(|word| {
        let word = word.to_lowercase();
        frequent_words.split(' ').any(|frequent| frequent == word)
    })
}

/// Converts a language code or a language name to the code that the index uses: `zh-Hans` for `zh_CN`, `en` for `en-US`
/// and `English`.
pub(in crate::document) fn normalized_code(language: &str) -> String {
    let lower_case_code = language.trim().to_lowercase().replace('_', "-");
    match lower_case_code.as_str() {
        "zh" | "zh-cn" | "zh-sg" | "chinese" => "zh-Hans".to_owned(),
        "zh-tw" | "zh-hk" | "zh-mo" => "zh-Hant".to_owned(),
        "english" => "en".to_owned(),
        code if code.starts_with("zh-hans") => "zh-Hans".to_owned(),
        code if code.starts_with("zh-hant") => "zh-Hant".to_owned(),
        _ => lower_case_code.split('-').next().unwrap_or_default().to_owned(),
    }
}

/// Returns the prefix, in lower case, of the language codes that a filter by language finds: `en` for `en-US` and
/// `English`, `zh` for `zh` and `Chinese`, `zh-hans` for `zh-CN`. Returns a filter with a wildcard in lower case and
/// otherwise unchanged.
pub(crate) fn code_prefix(language: &str) -> String {
    let text = language.trim().to_lowercase();
    match text.as_str() {
        "zh" | "chinese" => "zh".to_owned(),
        pattern if pattern.contains(['*', '?']) => text,
        beginning if "zh-hans".starts_with(beginning) || "zh-hant".starts_with(beginning) => text,
        _ => normalized_code(&text).to_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_detected_and_codes_are_normalized() {
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
            assert_eq!(detect_language(text, ""), code, "{text}");
        }
        for (language, code) in [
            ("zh_TW", "zh-Hant"),
            ("zh-CN", "zh-Hans"),
            ("zh-Hant-HK", "zh-Hant"),
            ("en-US", "en"),
            ("English", "en"),
        ] {
            assert_eq!(normalized_code(language), code);
        }
    }

    #[test]
    fn declared_language_decides_only_if_the_text_is_unclear() {
        let unclear = "Commission proposes battery law\n\nQuestions and Answers\n\nFactsheet\n\nBatteries power Europe.\n\nAnna Example, Brussels press service";
        let english = "The ministry announced new measures to support families in the regions.";
        for (text, declared, code) in [
            (unclear, "en", "en"),
            (english, "fr", "en"),
            (english, "nl", "en"),
            ("国务院关于加快发展服务业的若干意见", "en", "zh-Hans"),
            ("國務院關於加快發展服務業的若干意見", "zh-Hans", "zh-Hant"),
            ("港口公告", "zh-Hant", "zh-Hant"),
            ("港口公告", "", "zh-Hans"),
        ] {
            assert_eq!(detect_language(text, declared), code, "{text} {declared}");
        }
        for (text, code) in [
            (unclear, "en"),
            ("Hafen öffnet dritten Liegeplatz für die Schiffe", "de"),
            ("Le ministre ouvre le troisième quai du port", "fr"),
        ] {
            assert_eq!(detect_language(text, ""), code, "{text}");
        }
    }

    #[test]
    fn filters_become_prefixes_of_language_codes() {
        for (language, prefix) in [
            ("en-US", "en"),
            ("English", "en"),
            ("zh", "zh"),
            ("Chinese", "zh"),
            ("zh-CN", "zh-hans"),
            ("zh_TW", "zh-hant"),
            ("zh-Hans-CN", "zh-hans"),
            ("zh-ha", "zh-ha"),
            ("z", "z"),
            ("*-Hant", "*-hant"),
            ("fr", "fr"),
        ] {
            assert_eq!(code_prefix(language), prefix, "{language}");
        }
    }
}
