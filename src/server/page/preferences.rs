//! The headers and the address of a request → in which language and colours the reader wants pages.
//!
//! `ui` and `theme` in the address of any page choose, and a cookie remembers; so it works without scripts.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, Uri, header, request::Parts},
};
use form_urlencoded::Serializer;

use super::messages::{ENGLISH, SIMPLIFIED, Words};

const LANGUAGE: &str = "ui";
const THEME: &str = "theme";
const COOKIE: &str = "gz-search-";
const COOKIE_DIRECTIONS: &str = "Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly";

/// How pages are written.
#[derive(Debug, Clone)]
pub(super) struct Preferences {
    pub(super) words: &'static Words,
    pub(super) theme: Theme,
    /// What the address chooses, to be remembered.
    chosen: Vec<(&'static str, &'static str)>,
    /// The rest of the query of the address.
    here: Vec<(String, String)>,
}

/// The colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Theme {
    /// Those of the system.
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    pub(super) const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.name() == name)
    }
}

impl Preferences {
    pub(super) fn of(headers: &HeaderMap, uri: &Uri) -> Self {
        let query = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
        let (chosen, here): (Vec<_>, Vec<_>) =
            query.into_owned().partition(|(name, _)| [LANGUAGE, THEME].contains(&name.as_str()));
        let in_address = |name: &str| {
            chosen.iter().find(|(chosen, _)| chosen == name).map(|(_, value)| value.as_str())
        };
        let language = in_address(LANGUAGE).and_then(Words::named);
        let theme = in_address(THEME).and_then(Theme::named);
        let remembered = |name| cookie(headers, name);
        let language_before =
            || remembered(LANGUAGE).and_then(Words::named).unwrap_or_else(|| accepted(headers));
        let theme_before = || remembered(THEME).and_then(Theme::named).unwrap_or_default();
        Self {
            words: language.unwrap_or_else(language_before),
            theme: theme.unwrap_or_else(theme_before),
            chosen: language
                .map(|words| (LANGUAGE, words.code))
                .into_iter()
                .chain(theme.map(|theme| (THEME, theme.name())))
                .collect(),
            here,
        }
    }

    /// Cookies that remember what was chosen now.
    pub(super) fn cookies(&self) -> impl Iterator<Item = HeaderValue> {
        let cookie = |(name, value)| format!("{COOKIE}{name}={value}; {COOKIE_DIRECTIONS}");
        self.chosen.iter().copied().map(cookie).filter_map(|text| HeaderValue::try_from(text).ok())
    }

    /// The link to this page in another language.
    pub(super) fn in_language(&self, words: &Words) -> String {
        self.with(LANGUAGE, words.code)
    }

    /// The link to this page in other colours.
    pub(super) fn in_colours(&self, theme: Theme) -> String {
        self.with(THEME, theme.name())
    }

    fn with(&self, name: &str, value: &str) -> String {
        let mut query = Serializer::for_suffix("?".to_owned(), 1);
        query.extend_pairs(&self.here).append_pair(name, value);
        query.finish()
    }
}

/// The value of one of our cookies.
fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut cookies = cookies.flat_map(|value| value.split(';')).filter_map(|cookie| {
        let (key, value) = cookie.trim().split_once('=')?;
        (key.strip_prefix(COOKIE)? == name).then_some(value)
    });
    cookies.next()
}

/// The language that the browser says its user reads best.
fn accepted(headers: &HeaderMap) -> &'static Words {
    let value = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let mut ranges: Vec<(&str, f32)> = value.unwrap_or_default().split(',').map(range).collect();
    ranges.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    let known = |&(range, weight): &(&str, f32)| {
        let primary = range.split('-').next().unwrap_or_default();
        let words = [&ENGLISH, &SIMPLIFIED];
        words.into_iter().find(|words| weight > 0.0 && primary.eq_ignore_ascii_case(words.code))
    };
    ranges.iter().find_map(known).unwrap_or(&ENGLISH)
}

/// A range of Accept-Language with its weight.
fn range(text: &str) -> (&str, f32) {
    let (range, weight) = text.split_once(';').unwrap_or((text, "q=1"));
    let weight = weight.trim().strip_prefix("q=").and_then(|weight| weight.parse().ok());
    (range.trim(), weight.unwrap_or_default())
}

impl<S: Send + Sync> FromRequestParts<S> for Preferences {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let found = parts.extensions.get::<Self>().cloned();
        Ok(found.unwrap_or_else(|| Self::of(&parts.headers, &parts.uri)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(uri: &str, given: &[(header::HeaderName, &'static str)]) -> Preferences {
        let pairs =
            given.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value)));
        Preferences::of(&pairs.collect(), &uri.parse().unwrap())
    }

    #[test]
    fn the_address_comes_before_the_cookie_and_that_before_the_browser() {
        for (uri, accept, cookie, language) in [
            ("/", "", "", "en"),
            ("/", "zh-CN,zh;q=0.9,en;q=0.8", "", "zh"),
            ("/", "en;q=0.3, zh-Hant-TW;q=0.7", "", "zh"),
            ("/", "fr, zh;q=0, en;q=0.1", "", "en"),
            ("/", "ZH", "a=b; gz-search-ui=en", "en"),
            ("/?ui=zh", "en", "gz-search-ui=en", "zh"),
            ("/?ui=xx", "zh", "gz-search-ui=yy", "zh"),
        ] {
            let given = [(header::ACCEPT_LANGUAGE, accept), (header::COOKIE, cookie)];
            assert_eq!(of(uri, &given).words.code, language, "{uri} {accept} {cookie}");
        }
    }

    #[test]
    fn what_is_chosen_is_remembered() {
        let chosen = of("/?q=a+b&theme=dark&ui=zh", &[]);
        let cookies: Vec<_> = chosen.cookies().collect();
        assert_eq!(cookies.len(), 2);
        assert!(cookies[1].to_str().unwrap().starts_with("gz-search-theme=dark; "));
        assert_eq!(chosen.in_colours(Theme::Light), "?q=a+b&theme=light");
        let later = of("/", &[(header::COOKIE, "gz-search-theme=dark;gz-search-ui=zh")]);
        assert_eq!((later.theme, later.words.code), (Theme::Dark, "zh"));
        assert_eq!(later.cookies().count(), 0);
    }
}
