//! Page that informs a reader, in their language, of a failure. A collapsed section below contains the message for
//! programs.

use maud::html;

use super::{
    address::ResultsAddress,
    frame::Frame,
    messages::{FailureMessages, Messages},
    preferences::Preferences,
};
use crate::server::api_error::{ApiError, Code};

/// Returns a page that states what failed, and what the reader can do.
pub(super) fn page(error: &ApiError, preferences: &Preferences) -> String {
    let messages = preferences.messages;
    let [title, advice] = title_and_advice(error.code, messages);
    let main = html! {
        div.failure {
            h1 #status role="status" { (title) }
            div #results {
                p { (advice) }
                details {
                    summary { (messages.failure.details_label) }
                    p lang="en" { (error.message) }
                    p.quiet lang="en" { (error.hint) }
                }
            }
            p { a.button href="./" { (messages.failure.start_page_link) } }
        }
    };
    Frame { preferences, title, address: &ResultsAddress::default() }.page(&main)
}

/// Returns a title that states what failed, and a sentence that states what the reader can do.
fn title_and_advice(code: Code, messages: &Messages) -> [&'static str; 2] {
    let FailureMessages {
        invalid,
        key_needed,
        forbidden,
        no_such_page,
        no_such_release,
        original_not_readable,
        ..
    } = &messages.failure;
    let FailureMessages { busy, timeout, unavailable, internal, .. } = &messages.failure;
    *match code {
        Code::InvalidRequest
        | Code::UriTooLong
        | Code::TooLarge
        | Code::UnsupportedMediaType
        | Code::InvalidDocument => invalid,
        Code::Unauthorized => key_needed,
        Code::Forbidden | Code::Misdirected => forbidden,
        Code::NotFound | Code::MethodNotAllowed => no_such_page,
        Code::UnknownDocument | Code::UnknownPassage => no_such_release,
        Code::UnknownOriginal => original_not_readable,
        Code::TooManyRequests | Code::Busy | Code::IndexLocked | Code::Stopping => busy,
        Code::Timeout | Code::SlowRequest => timeout,
        Code::IndexUnavailable => unavailable,
        Code::Internal => internal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::is_han;

    #[test]
    fn every_failure_has_texts_in_every_language() {
        let codes = [
            Code::InvalidRequest,
            Code::Unauthorized,
            Code::Forbidden,
            Code::NotFound,
            Code::UnknownDocument,
            Code::UnknownOriginal,
            Code::Busy,
            Code::Timeout,
            Code::IndexUnavailable,
            Code::Internal,
        ];
        for code in codes {
            let texts = Messages::ALL.map(|messages| title_and_advice(code, messages));
            assert!(!texts[0].concat().contains(is_han), "{code:?}: {texts:?}");
            for text in texts[1..].concat() {
                assert!(text.contains(is_han), "{code:?}: {text}");
            }
        }
    }
}
