//! The main part of a page → the whole page: head, search form, choices of language and colours.

use maud::{DOCTYPE, Markup, html};

use super::{
    address::Address,
    assets,
    messages::Words,
    preferences::{Preferences, Theme},
};
use crate::server::api_error::Failure;

/// What a page is about.
pub(super) struct Frame<'a> {
    pub(super) preferences: &'a Preferences,
    /// Stands before the name of the program in the title of the window.
    pub(super) title: &'a str,
    /// What the search form shows and carries along.
    pub(super) address: &'a Address,
}

impl Frame<'_> {
    /// The page with `main` in it.
    pub(super) fn around(&self, main: &Markup) -> String {
        let Preferences { words, theme, .. } = self.preferences;
        let theme = (*theme != Theme::System).then(|| theme.name());
        let page = html! {
            (DOCTYPE)
            html lang=(words.lang()) data-theme=[theme] {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title {
                        @if !self.title.is_empty() { (super::shown(self.title)) " – " }
                        "gz-search"
                    }
                    link rel="icon" type="image/svg+xml" href=(assets::href("icon.svg"));
                    link rel="stylesheet" href=(assets::href("page.css"));
                    script type="module" src=(assets::href("page.js")) {}
                }
                body data-copied=(words.copied) data-offline=(words.offline) data-title=(words.title) {
                    a.skip href="#main" { (words.skip) }
                    (self.header(words))
                    main #main tabindex="-1" { (main) }
                    (footer(words))
                }
            }
        };
        page.into_string()
    }

    fn header(&self, words: &Words) -> Markup {
        html! {
            header.top {
                a.name href="./" { "gz-search" }
                form #search role="search" action="./" {
                    input #q type="search" name="q" value=(self.address.q) placeholder=(words.placeholder)
                        aria-label=(words.search_label) autocomplete="off" autocapitalize="none"
                        spellcheck="false" enterkeyhint="search" maxlength="2000"
                        autofocus[self.address.browses()];
                    ul #suggestions.needs-script role="listbox" aria-label=(words.suggestions) hidden {}
                    span #carried {
                        @for (name, value) in self.address.carried() {
                            input type="hidden" name=(name) value=(value);
                        }
                    }
                    button { (words.search) }
                }
                div #switches { (self.switches(words)) }
            }
        }
    }

    /// Links to this page in other languages and colours.
    fn switches(&self, words: &Words) -> Markup {
        let Preferences { theme: now, .. } = self.preferences;
        html! {
            nav aria-label=(words.language) {
                @for other in Words::ALL {
                    a href=(self.preferences.in_language(other)) lang=(other.lang()) hreflang=(other.lang())
                        aria-current=[(other.code == words.code).then_some("true")] { (other.name) }
                }
            }
            nav aria-label=(words.colours) {
                @for (theme, name) in Theme::ALL.into_iter().zip(words.themes) {
                    a href=(self.preferences.in_colours(theme))
                        aria-current=[(theme == *now).then_some("true")] { (name) }
                }
            }
        }
    }
}

/// Which keys do what.
fn footer(words: &Words) -> Markup {
    let keys: [&[&str]; 5] = [&["/"], &["↓", "↑"], &["Enter"], &["n", "p"], &["Esc"]];
    html! {
        footer.needs-script {
            @for (keys, does) in keys.into_iter().zip(words.keys.split(" | ")) {
                span { @for key in keys { kbd { (key) } " " } (does) }
            }
        }
    }
}

/// The page that says why there is no other.
pub(super) fn failed(failure: &Failure, preferences: &Preferences) -> String {
    let words = preferences.words;
    let main = html! {
        h1 #status role="status" { (words.failed) }
        div #results lang="en" {
            p { (failure.message) }
            p.quiet { (failure.hint) }
        }
        p { a href="./" { (words.latest) } }
    };
    Frame { preferences, title: words.failed, address: &Address::default() }.around(&main)
}
