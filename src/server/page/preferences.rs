//! Reads which language and colour scheme the reader prefers from the URL, a cookie or the headers of the browser.
//!
//! The parameters `ui` and `theme` of any page set the preferences, and cookies store the preferences. No script is
//! needed.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, Uri, header, request::Parts},
};
use form_urlencoded::Serializer;

use super::messages::{ENGLISH, Messages};

const LANGUAGE_PARAMETER: &str = "ui";
const THEME_PARAMETER: &str = "theme";
const COOKIE_PREFIX: &str = "gz-search-";
const COOKIE_ATTRIBUTES: &str = "Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly";

/// Language and colour scheme of a page.
#[derive(Debug, Clone)]
pub(super) struct Preferences {
    pub(super) messages: &'static Messages,
    pub(super) theme: Theme,
    /// Names and values of the cookies that store the preferences set by the URL.
    cookie_values: Vec<(&'static str, &'static str)>,
    /// Parameters of the URL that are not preferences.
    other_parameters: Vec<(String, String)>,
}

/// Colour scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Theme {
    /// Colour scheme of the reader's operating system.
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

    fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.name() == name)
    }
}

impl Preferences {
    /// Reads the preferences of a request. The URL takes precedence over a cookie, and a cookie over Accept-Language.
    pub(super) fn read(headers: &HeaderMap, uri: &Uri) -> Self {
        let parameters = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
        let (choices, other_parameters): (Vec<_>, Vec<_>) = parameters
            .into_owned()
            .partition(|(name, _)| [LANGUAGE_PARAMETER, THEME_PARAMETER].contains(&name.as_str()));
        let chosen_value = |name: &str| {
            choices.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
        };
        let messages = chosen_value(LANGUAGE_PARAMETER).and_then(Messages::by_code);
        let theme = chosen_value(THEME_PARAMETER).and_then(Theme::by_name);
        let stored_messages = || {
            let stored_language =
                cookie_value(headers, LANGUAGE_PARAMETER).and_then(Messages::by_code);
            stored_language.unwrap_or_else(|| browser_language(headers))
        };
        let stored_theme =
            || cookie_value(headers, THEME_PARAMETER).and_then(Theme::by_name).unwrap_or_default();
        Self {
            messages: messages.unwrap_or_else(stored_messages),
            theme: theme.unwrap_or_else(stored_theme),
            cookie_values: messages
                .map(|messages| (LANGUAGE_PARAMETER, messages.code))
                .into_iter()
                .chain(theme.map(|theme| (THEME_PARAMETER, theme.name())))
                .collect(),
            other_parameters,
        }
    }

    /// Returns the cookies that store the preferences set by this request.
    pub(super) fn cookies(&self) -> impl Iterator<Item = HeaderValue> {
        let cookie = |(name, value)| format!("{COOKIE_PREFIX}{name}={value}; {COOKIE_ATTRIBUTES}");
        self.cookie_values
            .iter()
            .copied()
            .map(cookie)
            .filter_map(|text| HeaderValue::try_from(text).ok())
    }

    /// Returns the link to this page in another language.
    pub(super) fn language_href(&self, messages: &Messages) -> String {
        self.href_with_parameter(LANGUAGE_PARAMETER, messages.code)
    }

    /// Returns the link to this page in another colour scheme.
    pub(super) fn theme_href(&self, theme: Theme) -> String {
        self.href_with_parameter(THEME_PARAMETER, theme.name())
    }

    /// Returns the link to this page with another value of the parameter `name`.
    fn href_with_parameter(&self, name: &str, value: &str) -> String {
        let mut query = Serializer::for_suffix("?".to_owned(), 1);
        query.extend_pairs(&self.other_parameters).append_pair(name, value);
        query.finish()
    }
}

/// Returns the value of the cookie `name` of this service.
fn cookie_value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut cookies = cookies.flat_map(|value| value.split(';')).filter_map(|cookie| {
        let (key, value) = cookie.trim().split_once('=')?;
        (key.strip_prefix(COOKIE_PREFIX)? == name).then_some(value)
    });
    cookies.next()
}

/// Returns the supported language with the highest weight in Accept-Language; English if there is none.
fn browser_language(headers: &HeaderMap) -> &'static Messages {
    let header_value = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let mut language_ranges: Vec<(&str, f32)> =
        header_value.unwrap_or_default().split(',').map(parse_language_range).collect();
    language_ranges.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    let supported_language = |&(range, weight): &(&str, f32)| {
        Messages::by_language_range(range).filter(|_| weight > 0.0)
    };
    language_ranges.iter().find_map(supported_language).unwrap_or(&ENGLISH)
}

/// Parses a language range of Accept-Language and its weight.
fn parse_language_range(text: &str) -> (&str, f32) {
    let (range, weight) = text.split_once(';').unwrap_or((text, "q=1"));
    let weight = weight.trim().strip_prefix("q=").and_then(|weight| weight.parse().ok());
    (range.trim(), weight.unwrap_or_default())
}

impl<S: Send + Sync> FromRequestParts<S> for Preferences {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let attached_preferences = parts.extensions.get::<Self>().cloned();
        Ok(attached_preferences.unwrap_or_else(|| Self::read(&parts.headers, &parts.uri)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn preferences(uri: &str, headers: &[(header::HeaderName, &'static str)]) -> Preferences {
        let pairs =
            headers.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value)));
        Preferences::read(&pairs.collect(), &uri.parse().unwrap())
    }

    #[test]
    fn the_url_precedes_the_cookie_and_the_cookie_precedes_the_browser() {
        for (uri, accept, cookie, language) in [
            ("/", "", "", "en"),
            ("/", "zh-CN,zh;q=0.9,en;q=0.8", "", "zh"),
            ("/", "en;q=0.3, zh-Hant-TW;q=0.7", "", "zh-Hant"),
            ("/?ui=zh-Hant", "en", "", "zh-Hant"),
            ("/", "fr, zh;q=0, en;q=0.1", "", "en"),
            ("/", "ZH", "a=b; gz-search-ui=en", "en"),
            ("/?ui=zh", "en", "gz-search-ui=en", "zh"),
            ("/?ui=xx", "zh", "gz-search-ui=yy", "zh"),
        ] {
            let headers = [(header::ACCEPT_LANGUAGE, accept), (header::COOKIE, cookie)];
            assert_eq!(
                preferences(uri, &headers).messages.code,
                language,
                "{uri} {accept} {cookie}"
            );
        }
    }

    #[test]
    fn chosen_preferences_are_stored_in_cookies() {
        let chosen_preferences = preferences("/?q=a+b&theme=dark&ui=zh", &[]);
        let cookies: Vec<_> = chosen_preferences.cookies().collect();
        assert_eq!(cookies.len(), 2);
        assert!(cookies[1].to_str().unwrap().starts_with("gz-search-theme=dark; "));
        assert_eq!(chosen_preferences.theme_href(Theme::Light), "?q=a+b&theme=light");
        let later = preferences("/", &[(header::COOKIE, "gz-search-theme=dark;gz-search-ui=zh")]);
        assert_eq!((later.theme, later.messages.code), (Theme::Dark, "zh"));
        assert_eq!(later.cookies().count(), 0);
    }
}
