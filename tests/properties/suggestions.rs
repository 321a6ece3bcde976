//! Any typed text is accepted, and every suggestion occurs in the index.

use gz_search::{
    Query, Searcher,
    analysis::{Analysis, Analyzer, Chinese, Token, TokenKind},
    search::{Suggestion, SuggestionKind},
};
use proptest::{collection::vec, prelude::*};

use crate::generators::{documents, query, searcher, text};

/// Characters that would end a quoted phrase.
const QUOTES: [char; 11] = ['"', '＂', '“', '”', '„', '«', '»', '「', '」', '『', '』'];

/// Returns the terms of `text`, and the byte offset at which its last word or run of Han characters begins.
fn terms(text: &str) -> (Vec<String>, usize) {
    let mut analysis = Analysis::default();
    Analyzer::new(Chinese::Auto).tokens(text, &mut analysis);
    let tokens: Vec<Token> = analysis.tokens.clone();
    let is_one_run = |pair: &&[Token]| {
        pair.iter().all(|token| token.kind == TokenKind::Han)
            && pair[0].span.end == pair[1].span.start
    };
    let run = 1 + tokens.windows(2).rev().take_while(is_one_run).count();
    let start = tokens.get(tokens.len().saturating_sub(run)).map_or(0, |token| token.span.start);
    (tokens.iter().map(|token| analysis.term(token).to_owned()).collect(), start)
}

/// Checks that suggestions are repeatable and distinct, and that each word or phrase matches at least the number of
/// passages that its suggestion states.
fn check(searcher: &Searcher, typed: &str) -> Result<(), TestCaseError> {
    let suggestions = searcher.suggest(typed, 100).unwrap();
    prop_assert_eq!(&suggestions, &searcher.suggest(typed, 100).unwrap());
    let mut seen = vec![terms(typed).0];
    for Suggestion { text, kind, passages, .. } in &suggestions {
        let (text_terms, start) = terms(text);
        prop_assert!(!seen.contains(&text_terms), "{:?} twice for {:?}", text, typed);
        prop_assert!(*passages > 0);
        if matches!(kind, SuggestionKind::Word | SuggestionKind::Phrase) {
            let word = text.get(start..).unwrap();
            let phrase = if *kind == SuggestionKind::Word { word } else { text };
            // A field name in front of the word is not searched.
            let is_field = |name: &str| name.bytes().all(|byte| byte.is_ascii_lowercase());
            let field = phrase.split_once(':').filter(|(name, _)| is_field(name));
            let phrase = field.map_or(phrase, |(_, value)| value);
            let phrase = phrase.replace(QUOTES, " ").replace('\\', r"\\");
            // A phrase that is only in a title is another match, not a full one. Other matches are counted only if the
            // full matches do not fill the page.
            let query = Query::new(format!("\"{phrase}\"")).limit(1000);
            let results = searcher.search(&query).unwrap();
            let total = results.total + results.total_other;
            prop_assert!(
                total >= *passages,
                "{:?} for {:?}: {} of {}",
                text,
                typed,
                passages,
                total
            );
        }
        seen.push(text_terms);
    }
    let first = searcher.suggest(typed, 3).unwrap();
    prop_assert!(first.len() <= 3 && (first.len() == 3 || first.len() == suggestions.len()));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_suggestion_occurs(
        documents in documents(),
        typed in vec(prop_oneof![query(), text()], 1..4),
        cut in any::<prop::sample::Index>(),
    ) {
        let searcher = searcher(&documents);
        for text in typed.iter().chain(documents.iter().map(|document| &document.text)) {
            // The text as typed so far: all of it, and a random prefix.
            let characters = text.chars().count().min(250);
            let end = cut.index(characters + 1);
            check(&searcher, text)?;
            check(&searcher, &text.chars().take(end).collect::<String>())?;
        }
    }
}
