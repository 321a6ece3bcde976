//! Frame of every page: head, search form, links to other languages and colour schemes, footer.

use maud::{DOCTYPE, Markup, html};

use super::{
    address::ResultsAddress,
    assets, markup,
    messages::Messages,
    preferences::{Preferences, Theme},
};
use crate::server::api_error::ApiError;

/// Page without its main content.
pub(super) struct Frame<'a> {
    pub(super) preferences: &'a Preferences,
    /// Title of the window, without the name of the program. May be empty.
    pub(super) title: &'a str,
    /// Query and filters with which the search form is filled.
    pub(super) address: &'a ResultsAddress,
}

impl Frame<'_> {
    /// Returns the complete page with `main` as its main content.
    pub(super) fn page(&self, main: &Markup) -> String {
        let Preferences { messages, theme, .. } = self.preferences;
        let theme = (*theme != Theme::System).then(|| theme.name());
        let html = html! {
            (DOCTYPE)
            html lang=(messages.lang()) data-theme=[theme] {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title {
                        @if !self.title.is_empty() { (markup::escaped_text(self.title)) " – " }
                        "gz-search"
                    }
                    link rel="icon" type="image/svg+xml" href=(assets::href("icon.svg"));
                    link rel="stylesheet" href=(assets::href("page.css"));
                    script type="module" src=(assets::href("page.js")) {}
                }
                body data-copied=(messages.copied) data-offline=(messages.offline) data-title=(messages.title_suggestion) {
                    a.skip href="#main" { (messages.skip_link) }
                    (self.header(messages))
                    main #main tabindex="-1" { (main) }
                    (footer(messages))
                }
            }
        };
        html.into_string()
    }

    fn header(&self, messages: &Messages) -> Markup {
        html! {
            header.top {
                a.name href="./" { "gz-search" }
                form #search role="search" action="./" {
                    input #q type="search" name="q" value=(self.address.q) placeholder=(messages.placeholder)
                        aria-label=(messages.search_label) autocomplete="off" autocapitalize="none"
                        spellcheck="false" enterkeyhint="search" maxlength="2000"
                        autofocus[self.address.lists_releases()];
                    ul #suggestions.needs-script role="listbox" aria-label=(messages.suggestions) hidden {}
                    span #hidden-fields {
                        @for (name, value) in self.address.form_fields() {
                            input type="hidden" name=(name) value=(value);
                        }
                    }
                    button { (messages.search) }
                }
                div #switches { (self.preference_links(messages)) }
            }
        }
    }

    /// Returns the links to this page in other languages and colour schemes.
    fn preference_links(&self, messages: &Messages) -> Markup {
        let Preferences { theme: current, .. } = self.preferences;
        html! {
            nav aria-label=(messages.language) {
                @for other in Messages::ALL {
                    a href=(self.preferences.in_language(other)) lang=(other.lang()) hreflang=(other.lang())
                        aria-current=[(other.code == messages.code).then_some("true")] { (other.language_name) }
                }
            }
            nav aria-label=(messages.colours) {
                @for (theme, name) in Theme::ALL.into_iter().zip(messages.themes) {
                    a href=(self.preferences.in_theme(theme))
                        aria-current=[(theme == *current).then_some("true")] { (name) }
                }
            }
        }
    }
}

/// Returns the footer, which lists the keyboard shortcuts.
fn footer(messages: &Messages) -> Markup {
    let shortcut_keys: [&[&str]; 5] = [&["/"], &["↓", "↑"], &["Enter"], &["n", "p"], &["Esc"]];
    html! {
        footer.needs-script {
            @for (keys, action) in shortcut_keys.into_iter().zip(messages.shortcuts) {
                span { @for key in keys { kbd { (key) } " " } (action) }
            }
        }
    }
}

/// Returns a page that displays an error.
pub(super) fn error_page(error: &ApiError, preferences: &Preferences) -> String {
    let messages = preferences.messages;
    let main = html! {
        h1 #status role="status" { (messages.failed) }
        div #results lang="en" {
            p { (error.message) }
            p.quiet { (error.hint) }
        }
        p { a href="./" { (messages.latest) } }
    };
    Frame { preferences, title: messages.failed, address: &ResultsAddress::default() }.page(&main)
}
