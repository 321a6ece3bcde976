//! Names of the languages of documents, in each language of the interface.

/// Code of a language, and its name in English, Simplified Chinese and Traditional Chinese.
const LANGUAGE_NAMES: [(&str, [&str; 3]); 24] = [
    ("en", ["English", "英文", "英文"]),
    ("zh-Hans", ["Chinese, simplified", "简体中文", "簡體中文"]),
    ("zh-Hant", ["Chinese, traditional", "繁体中文", "繁體中文"]),
    ("ar", ["Arabic", "阿拉伯文", "阿拉伯文"]),
    ("bn", ["Bengali", "孟加拉文", "孟加拉文"]),
    ("de", ["German", "德文", "德文"]),
    ("es", ["Spanish", "西班牙文", "西班牙文"]),
    ("fa", ["Persian", "波斯文", "波斯文"]),
    ("fr", ["French", "法文", "法文"]),
    ("hi", ["Hindi", "印地文", "印地文"]),
    ("id", ["Indonesian", "印尼文", "印尼文"]),
    ("it", ["Italian", "意大利文", "義大利文"]),
    ("ja", ["Japanese", "日文", "日文"]),
    ("ko", ["Korean", "韩文", "韓文"]),
    ("ms", ["Malay", "马来文", "馬來文"]),
    ("nl", ["Dutch", "荷兰文", "荷蘭文"]),
    ("pl", ["Polish", "波兰文", "波蘭文"]),
    ("pt", ["Portuguese", "葡萄牙文", "葡萄牙文"]),
    ("ru", ["Russian", "俄文", "俄文"]),
    ("ta", ["Tamil", "泰米尔文", "坦米爾文"]),
    ("tr", ["Turkish", "土耳其文", "土耳其文"]),
    ("ur", ["Urdu", "乌尔都文", "烏爾都文"]),
    ("vi", ["Vietnamese", "越南文", "越南文"]),
    ("cy", ["Welsh", "威尔士文", "威爾斯文"]),
];

/// Returns the name of the language `code` on pages in the language `interface`; `None` for an unknown language.
pub(super) fn language_name(code: &str, interface: &str) -> Option<&'static str> {
    let (_, [english, simplified, traditional]) =
        LANGUAGE_NAMES.iter().find(|(other, _)| *other == code)?;
    Some(match interface {
        "zh" => simplified,
        "zh-Hant" => traditional,
        _ => english,
    })
}
