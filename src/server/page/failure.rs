//! Page of a failure, in the language of the reader. The message for programs stands below, folded.

use maud::html;

use super::{
    address::ResultsAddress,
    frame::Frame,
    messages::{FailureMessages, Messages},
    preferences::Preferences,
};
use crate::server::api_error::{ApiError, Code};

/// Returns a page that tells a person what failed, and what to do.
pub(super) fn page(error: &ApiError, preferences: &Preferences) -> String {
    let messages = preferences.messages;
    let [title, advice] = texts(error.code, messages);
    let main = html! {
        div.failure {
            h1 #status role="status" { (title) }
            div #results {
                p { (advice) }
                details {
                    summary { (messages.failure.details) }
                    p lang="en" { (error.message) }
                    p.quiet lang="en" { (error.hint) }
                }
            }
            p { a.button href="./" { (messages.failure.start) } }
        }
    };
    Frame { preferences, title, address: &ResultsAddress::default() }.page(&main)
}

/// Returns what failed, and what the reader can do.
fn texts(code: Code, messages: &Messages) -> [&'static str; 2] {
    let FailureMessages {
        invalid, key_needed, forbidden, no_page, no_release, no_original, ..
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
        Code::NotFound | Code::MethodNotAllowed => no_page,
        Code::UnknownDocument | Code::UnknownPassage => no_release,
        Code::UnknownOriginal => no_original,
        Code::TooManyRequests | Code::Busy | Code::IndexLocked | Code::Stopping => busy,
        Code::Timeout | Code::SlowRequest => timeout,
        Code::IndexUnavailable => unavailable,
        Code::Internal => internal,
    }
}
