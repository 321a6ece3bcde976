//! Frame of every page: document head, search form, help on the query language, settings.
//!
//! Help and settings are popovers: they open without scripts, and Esc closes them.

use maud::{DOCTYPE, Markup, html};

use super::{
    address::ResultsAddress,
    assets, help,
    markup::{self, Icon},
    messages::Messages,
    preferences::{Preferences, Theme},
};

/// Content of a page around its main content: title, search form, help and settings.
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
            html lang=(messages.lang) data-theme=[theme] {
                (self.head())
                body data-copied=(messages.frame.copied_notice) data-offline=(messages.frame.no_answer_notice)
                    data-title=(messages.frame.title_suggestion) data-added=(messages.quotes.quote_added_label) {
                    a.skip href="#main" { (messages.frame.skip_link) }
                    (self.header(messages))
                    main #main tabindex="-1" { (main) }
                    (help::help_popover(messages))
                    (self.settings_popover(messages))
                }
            }
        };
        html.into_string()
    }

    fn head(&self) -> Markup {
        html! {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title {
                    @if !self.title.is_empty() { (markup::escaped_text(self.title)) " – " }
                    "gz-search"
                }
                link rel="alternate" type="application/atom+xml" title=(self.preferences.messages.results.feed_link) href=(self.address.href_with_parameters("feed", &[]));
                link rel="icon" type="image/svg+xml" href=(assets::href("icon.svg"));
                link rel="stylesheet" href=(assets::href("page.css"));
                link rel="stylesheet" href=(assets::href("release.css"));
                script type="module" src=(assets::href("page.js")) {}
            }
        }
    }

    fn header(&self, messages: &Messages) -> Markup {
        html! {
            header.top {
                div.bar {
                    a.name href="./" { span.logo aria-hidden="true" { "gz" } span { "gz-search" } }
                    (self.search_form(messages))
                    nav.tools aria-label=(messages.frame.settings) {
                        a #quotes-link.tool.needs-script href="quotes" title=(messages.quotes.quotes_title) {
                            (markup::icon(Icon::Quote)) span.hidden { (messages.quotes.quotes_title) } output #quotes-count {}
                        }
                        button.tool #help-button type="button" popovertarget="help" aria-label=(messages.frame.help) title=(messages.frame.help) { "?" }
                        button.tool #settings-button type="button" popovertarget="settings" aria-label=(messages.frame.settings) title=(messages.frame.settings) {
                            (markup::icon(Icon::Gear))
                        }
                    }
                }
            }
        }
    }

    fn search_form(&self, messages: &Messages) -> Markup {
        let lang = markup::chinese_lang(&self.address.q);
        html! {
            form #search role="search" action="./" {
                input #q type="search" name="q" value=(self.address.q) placeholder=(messages.frame.placeholder)
                    lang=[lang] aria-label=(messages.frame.search_label) autocomplete="off" autocapitalize="none"
                    spellcheck="false" enterkeyhint="search" maxlength="2000"
                    autofocus[self.address.is_start_page()];
                ul #suggestions.needs-script role="listbox" aria-label=(messages.frame.suggestions) hidden {}
                span #hidden-fields { (hidden_fields(self.address.hidden_form_fields())) }
                button aria-label=(messages.frame.search_button) { (markup::icon(Icon::Search)) span { (messages.frame.search_button) } }
            }
        }
    }

    /// Returns the links to this page in other languages and colour schemes.
    fn settings_popover(&self, messages: &Messages) -> Markup {
        let Preferences { theme: current, .. } = self.preferences;
        html! {
            div #settings.popover popover {
                div #settings-links {
                    nav aria-labelledby="language-name" {
                        h2 #language-name { (messages.frame.language) }
                        @for other in Messages::ALL {
                            a href=(self.preferences.language_href(other)) lang=(other.lang) hreflang=(other.lang)
                                aria-current=[(other.code == messages.code).then_some("true")] { (other.language_name) }
                        }
                    }
                    nav aria-labelledby="colours-name" {
                        h2 #colours-name { (messages.frame.colours) }
                        @for (theme, name) in Theme::ALL.into_iter().zip(messages.frame.theme_names) {
                            a href=(self.preferences.theme_href(theme))
                                aria-current=[(theme == *current).then_some("true")] { (name) }
                        }
                    }
                }
            }
        }
    }
}

/// Returns hidden form fields that keep the parameters of the current page.
pub(super) fn hidden_fields(fields: Vec<(&'static str, String)>) -> Markup {
    html! { @for (name, value) in fields { input type="hidden" name=(name) value=(value); } }
}
