//! Help on the query language and on the keyboard, as a popover of every page.

use maud::{Markup, html};

use super::{
    address::ResultsAddress,
    markup::{self, Icon},
    messages::Messages,
};

/// Examples of the query language, in the order in which the messages explain the examples.
const QUERY_EXAMPLES: [&str; 12] = [
    "\"flying car\"",
    "any:(port harbour 港口)",
    "car -toy",
    "flying NEAR/5 car",
    "flying SAME car",
    "manufact*",
    "exhibtion~",
    "title:budget",
    "issuer:commerce",
    "speaker:Yang",
    "date:2024..2025",
    "lang:zh",
];

/// Keys of the keyboard shortcuts, in the order in which the messages list their actions.
const SHORTCUT_KEYS: [&[&str]; 6] =
    [&["/"], &["↓", "↑"], &["Enter"], &["n", "p"], &["Esc"], &["?"]];

/// Returns the help. Each example is a link to its results.
pub(super) fn help_popover(messages: &Messages) -> Markup {
    let frame = &messages.frame;
    html! {
        div #help.popover popover aria-labelledby="help-name" {
            div.popover-head {
                h2 #help-name { (frame.help) }
                button.tool type="button" popovertarget="help" popovertargetaction="hide" aria-label=(frame.close_button) { (markup::icon(Icon::Close)) }
            }
            p { (frame.query_help_intro) }
            table {
                tbody {
                    @for (example, explanation) in QUERY_EXAMPLES.into_iter().zip(frame.query_example_meanings) {
                        tr {
                            th scope="row" {
                                a href=(ResultsAddress::default().with_query(example).href()) lang=[markup::chinese_lang(example)] { code { (example) } }
                            }
                            td { (explanation) }
                        }
                    }
                }
            }
            div.needs-script {
                h3 { (frame.keyboard) }
                ul.keys {
                    @for (keys, action) in SHORTCUT_KEYS.into_iter().zip(frame.shortcut_actions) {
                        li { @for key in keys { kbd { (key) } " " } (action) }
                    }
                }
            }
        }
    }
}
