//! Texts of the pages in English, Simplified Chinese and Traditional Chinese.
//!
//! One file per language fills the struct [`Messages`]. A text with `{}` is a template: [`fill`] inserts values in the
//! order of the placeholders. `counts.rs` chooses between singular and plural.

mod counts;
mod english;
mod languages;
mod simplified;
mod traditional;

pub(super) use self::{
    counts::{CountedText, format_number},
    english::ENGLISH,
};
use self::{simplified::SIMPLIFIED, traditional::TRADITIONAL};
use crate::{document::Place, query::Facet, search::PassageInfo};

/// Texts of the pages in one language.
#[derive(Debug)]
pub(super) struct Messages {
    /// Language code, as in the parameter `ui` and at the beginning of a language range of Accept-Language.
    pub(super) code: &'static str,
    /// BCP 47 code of the language, for the attribute `lang`.
    pub(super) lang: &'static str,
    /// Name of the language, written in that language.
    pub(super) language_name: &'static str,
    pub(super) frame: FrameMessages,
    pub(super) start: StartMessages,
    pub(super) results: ResultMessages,
    pub(super) filters: FilterMessages,
    pub(super) release: ReleaseMessages,
    pub(super) quotes: QuoteMessages,
    pub(super) trend: TrendMessages,
    pub(super) failure: FailureMessages,
    /// Template with the number of a paragraph.
    paragraph: &'static str,
    /// Template with the number of a page.
    page: &'static str,
    /// Template with the number of a slide.
    slide: &'static str,
    /// Template for the location of a passage that was recognized in a picture.
    recognized: &'static str,
    /// Separator between the elements of a list, and between paragraph and page of a passage.
    comma: &'static str,
}

/// Texts of the frame: header, help, settings.
#[derive(Debug)]
pub(super) struct FrameMessages {
    pub(super) search_button: &'static str,
    pub(super) search_label: &'static str,
    pub(super) placeholder: &'static str,
    pub(super) skip_link: &'static str,
    pub(super) suggestions: &'static str,
    /// Label of a suggestion that is a title of a release, not a query.
    pub(super) title_suggestion: &'static str,
    pub(super) settings: &'static str,
    pub(super) language: &'static str,
    pub(super) colours: &'static str,
    /// Names of the colour schemes, in the order of `Theme::ALL`.
    pub(super) theme_names: [&'static str; 3],
    pub(super) close_button: &'static str,
    pub(super) copied_notice: &'static str,
    pub(super) no_answer_notice: &'static str,
    pub(super) keyboard: &'static str,
    /// Actions of the keyboard shortcuts, in the order in which the help lists them.
    pub(super) shortcut_actions: [&'static str; 6],
    pub(super) help: &'static str,
    pub(super) query_help_intro: &'static str,
    /// Explanations of the examples of the query language, in the order in which the help lists them.
    pub(super) query_example_meanings: [&'static str; 12],
}

/// Texts of the start page.
#[derive(Debug)]
pub(super) struct StartMessages {
    pub(super) heading: &'static str,
    /// Template with the numbers of releases and issuers, the first and the last year.
    pub(super) index_contents_template: &'static str,
    /// Template with the number of releases.
    pub(super) index_contents_template_without_years: &'static str,
    pub(super) empty_index: &'static str,
    pub(super) description_of_results: &'static str,
    pub(super) examples_heading: &'static str,
    pub(super) latest_releases: &'static str,
}

/// Texts of the results, the hits and the pages about one passage.
#[derive(Debug)]
pub(super) struct ResultMessages {
    pub(super) results: &'static str,
    pub(super) releases: CountedText,
    pub(super) passages: CountedText,
    pub(super) no_full_match_text: &'static str,
    pub(super) nothing_found_text: &'static str,
    /// Template with the first and the last result of the page, and the number of all results.
    pub(super) result_range_template: &'static str,
    pub(super) other_matches: &'static str,
    pub(super) matches_across_passages: &'static str,
    pub(super) missing_words: &'static str,
    pub(super) order_label: &'static str,
    pub(super) best_first: &'static str,
    pub(super) newest_first: &'static str,
    pub(super) grouping_label: &'static str,
    pub(super) group_by_release: &'static str,
    pub(super) group_by_passage: &'static str,
    pub(super) merge_near_duplicates: &'static str,
    pub(super) more_matches_in_release: CountedText,
    pub(super) whole_release: &'static str,
    pub(super) show_context_link: &'static str,
    pub(super) context_page_title: &'static str,
    pub(super) cite_link: &'static str,
    pub(super) copy_button: &'static str,
    pub(super) copy_link: &'static str,
    pub(super) similar_link: &'static str,
    pub(super) similar_passages_title: &'static str,
    pub(super) no_similar_passage: &'static str,
    /// Text with the number of other releases that contain a near-duplicate.
    pub(super) count_of_releases_with_duplicate: CountedText,
    /// Template with the date of the first release that contains a near-duplicate.
    pub(super) first_duplicate_date_template: &'static str,
    pub(super) previous_page: &'static str,
    pub(super) next_page: &'static str,
    pub(super) page_links_label: &'static str,
    pub(super) nothing_found_hint: &'static str,
    pub(super) similar_words: &'static str,
    pub(super) any_word: &'static str,
    pub(super) without_filters: &'static str,
    pub(super) download: &'static str,
    pub(super) download_menu_hint: &'static str,
    pub(super) feed_link: &'static str,
    pub(super) copy_feed_link: &'static str,
    pub(super) follow_search_heading: &'static str,
    pub(super) follow_search_hint: &'static str,
    pub(super) figures: &'static str,
}

/// Texts of the filters.
#[derive(Debug)]
pub(super) struct FilterMessages {
    pub(super) filters: &'static str,
    pub(super) show_results_button: CountedText,
    pub(super) remove_filter: &'static str,
    pub(super) remove_all_filters: &'static str,
    /// Names of the facets, in the order of [`Facet::ALL`].
    facets: [&'static str; Facet::ALL.len()],
    /// Label of the field that finds values; a template with the name of the facet.
    pub(super) find_value_label: &'static str,
    /// Template with the number of values.
    pub(super) all_values: &'static str,
    pub(super) more_values: CountedText,
    pub(super) no_facet_value_found: &'static str,
    pub(super) undated_release_count: CountedText,
    pub(super) date: &'static str,
    pub(super) from_date: &'static str,
    pub(super) to_date: &'static str,
    pub(super) date_format_hint: &'static str,
    /// Template with a text that is not a date.
    pub(super) malformed_date_template: &'static str,
    pub(super) apply_dates_button: &'static str,
    pub(super) period_drag_hint: &'static str,
    pub(super) all_years: &'static str,
    pub(super) all_folders: &'static str,
}

/// Texts of the page of a release.
#[derive(Debug)]
pub(super) struct ReleaseMessages {
    pub(super) back_to_results: &'static str,
    pub(super) match_navigation: &'static str,
    pub(super) first_match: &'static str,
    pub(super) previous_match: &'static str,
    pub(super) next_match: &'static str,
    pub(super) no_match_in_release: &'static str,
    pub(super) outline_title: &'static str,
    pub(super) source_file: &'static str,
    pub(super) document_number: &'static str,
    pub(super) web_address_label: &'static str,
    pub(super) open_original_link: &'static str,
    pub(super) print_button: &'static str,
    pub(super) link_to_paragraph: &'static str,
    pub(super) copy_quote_button: &'static str,
    pub(super) inferred_from_text_label: &'static str,
    pub(super) inferred_from_file_name: &'static str,
    pub(super) releases_of_same_issuer: &'static str,
    pub(super) earlier_release_label: &'static str,
    pub(super) later_release_label: &'static str,
}

/// Texts of the collected quotes.
#[derive(Debug)]
pub(super) struct QuoteMessages {
    pub(super) quotes_title: &'static str,
    pub(super) add_quote_button: &'static str,
    pub(super) quote_added_label: &'static str,
    pub(super) no_quotes_notice: &'static str,
    pub(super) quote_storage_hint: &'static str,
    pub(super) remove_quote_button: &'static str,
    pub(super) remove_all_quotes: &'static str,
    /// Text with the number of passages that are no longer in the index.
    pub(super) removed_passages_notice: CountedText,
}

/// Texts of the chart of mentions over time.
#[derive(Debug)]
pub(super) struct TrendMessages {
    pub(super) trend_chart_link: &'static str,
    pub(super) title: &'static str,
    pub(super) intro: &'static str,
    /// Template with the number of the query.
    pub(super) query_number_label: &'static str,
    pub(super) period_unit_label: &'static str,
    pub(super) year_unit_name: &'static str,
    pub(super) month_unit: &'static str,
    pub(super) show_chart_button: &'static str,
    pub(super) first_release_label: &'static str,
    pub(super) latest_release_label: &'static str,
    pub(super) period_column: &'static str,
    pub(super) total_row_label: &'static str,
    pub(super) table_caption: &'static str,
    pub(super) no_dated_release_notice: &'static str,
}

/// Title of a page about a failure, and advice for the reader.
type TitleAndAdvice = [&'static str; 2];

/// Texts of the pages about failures.
#[derive(Debug)]
pub(super) struct FailureMessages {
    pub(super) invalid: TitleAndAdvice,
    pub(super) key_needed: TitleAndAdvice,
    pub(super) forbidden: TitleAndAdvice,
    pub(super) no_such_page: TitleAndAdvice,
    pub(super) no_such_release: TitleAndAdvice,
    pub(super) original_not_readable: TitleAndAdvice,
    pub(super) busy: TitleAndAdvice,
    pub(super) timeout: TitleAndAdvice,
    pub(super) unavailable: TitleAndAdvice,
    pub(super) internal: TitleAndAdvice,
    pub(super) details_label: &'static str,
    pub(super) start_page_link: &'static str,
}

impl Messages {
    pub(super) const ALL: [&'static Self; 3] = [&ENGLISH, &SIMPLIFIED, &TRADITIONAL];

    /// Returns the texts of the pages in the language `code`; `None` for an unsupported language.
    pub(super) fn by_code(code: &str) -> Option<&'static Self> {
        Self::ALL.into_iter().find(|messages| messages.code == code)
    }

    /// Returns the texts for a language range of Accept-Language; `None` for an unsupported language.
    pub(super) fn by_language_range(range: &str) -> Option<&'static Self> {
        let range = range.to_ascii_lowercase();
        let mut subtags = range.split('-');
        match subtags.next() {
            Some("en") => Some(&ENGLISH),
            Some("zh") => {
                let is_traditional = |tag| matches!(tag, "hant" | "tw" | "hk" | "mo");
                Some(if subtags.any(is_traditional) { &TRADITIONAL } else { &SIMPLIFIED })
            }
            _ => None,
        }
    }

    /// Returns the display name of a facet. The display name of a declared field is its field name.
    pub(super) fn facet<'a>(&self, facet: &'a Facet) -> &'a str {
        let facet_index = Facet::ALL.iter().position(|other| other == facet);
        let name = facet_index.and_then(|index| self.filters.facets.get(index));
        name.copied().unwrap_or_else(|| facet.name())
    }

    /// Returns the display name of a language; the code itself for an unknown language.
    pub(super) fn language<'a>(&self, code: &'a str) -> &'a str {
        languages::language_name(code, self.code).unwrap_or(code)
    }

    /// Returns the display name of a facet value.
    pub(super) fn facet_value<'a>(&self, facet: Facet, value: &'a str) -> &'a str {
        if facet == Facet::Lang { self.language(value) } else { value }
    }

    /// Returns the separator between two parts of a list.
    pub(super) const fn comma(&self) -> &'static str {
        self.comma
    }

    /// Returns the location of a passage as text: the number of the paragraph, with the page or slide if known. For a
    /// passage of a spreadsheet, returns the sheet and the cells. The text also states whether the passage was
    /// recognized in a picture.
    pub(super) fn paragraph(&self, passage: &PassageInfo) -> String {
        let PassageInfo { paragraph, page, place, recognized, .. } = passage;
        if let Some((sheet, range)) = place.as_ref().and_then(Place::cells) {
            return if sheet.is_empty() { range.to_owned() } else { format!("{sheet}!{range}") };
        }
        let paragraph = fill(self.paragraph, &[&paragraph.to_string()]);
        let slide = place.as_ref().and_then(Place::slide);
        let page = page.map(|page| fill(self.page, &[&page.to_string()]));
        let location = match slide.map(|slide| fill(self.slide, &[&slide.to_string()])).or(page) {
            Some(place) => format!("{place}{}{paragraph}", self.comma),
            None => paragraph,
        };
        if *recognized { fill(self.recognized, &[&location]) } else { location }
    }
}

/// Replaces the placeholders `{}` of a template by the values, in order.
pub(super) fn fill(template: &str, values: &[&str]) -> String {
    let mut values = values.iter();
    let mut pieces = template.split("{}");
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        text.push_str(values.next().copied().unwrap_or_default());
        text.push_str(piece);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_take_values_in_order() {
        assert_eq!(fill("{}–{} of {}", &["11", "20", "272"]), "11–20 of 272");
        assert_eq!(fill("{} and {}", &["{}"]), "{} and ");
    }

    #[test]
    fn languages_of_browsers_lead_to_the_nearest_interface() {
        for (range, code) in [
            ("en-GB", Some("en")),
            ("zh", Some("zh")),
            ("zh-CN", Some("zh")),
            ("zh-TW", Some("zh-Hant")),
            ("ZH-Hant-HK", Some("zh-Hant")),
            ("fr", None),
        ] {
            assert_eq!(
                Messages::by_language_range(range).map(|messages| messages.code),
                code,
                "{range}"
            );
        }
    }

    #[test]
    fn every_facet_has_a_name() {
        for messages in Messages::ALL {
            for facet in Facet::ALL {
                assert!(!messages.facet(&facet).is_empty(), "{facet} {}", messages.code);
            }
        }
        assert_eq!(SIMPLIFIED.language("es"), "西班牙文");
        assert_eq!(ENGLISH.language("tlh"), "tlh");
    }
}
