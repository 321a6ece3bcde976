//! Any text may be typed, and what is suggested for it really occurs.

use gz_search::{
    Query, Searcher,
    analysis::{Analysis, Analyzer, Chinese, Token, TokenKind},
    search::{Suggestion, SuggestionKind},
};
use proptest::{collection::vec, prelude::*};

use crate::generators::{documents, query, searcher, text};

/// What would end a quoted phrase.
const QUOTES: [char; 11] = ['"', '＂', '“', '”', '„', '«', '»', '「', '」', '『', '』'];

/// The terms of `text`, and where its last word or run of Han characters begins.
fn terms(text: &str) -> (Vec<String>, usize) {
    let mut analysis = Analysis::default();
    Analyzer::new(Chinese::Auto).tokens(text, &mut analysis);
    let tokens: Vec<Token> = analysis.tokens.iter().filter(|token| !token.extra).copied().collect();
    let joined = |pair: &&[Token]| {
        pair.iter().all(|token| token.kind == TokenKind::Han)
            && pair[0].span.end == pair[1].span.start
    };
    let run = 1 + tokens.windows(2).rev().take_while(joined).count();
    let start = tokens.get(tokens.len().saturating_sub(run)).map_or(0, |token| token.span.start);
    (tokens.iter().map(|token| analysis.term(token).to_owned()).collect(), start)
}

fn check(searcher: &Searcher, typed: &str) -> Result<(), TestCaseError> {
    let found = searcher.suggest(typed, 100).unwrap();
    prop_assert_eq!(&found, &searcher.suggest(typed, 100).unwrap());
    let mut seen = vec![terms(typed).0];
    for Suggestion { text, kind, passages, .. } in &found {
        let (all, start) = terms(text);
        prop_assert!(!seen.contains(&all), "{:?} twice for {:?}", text, typed);
        prop_assert!(*passages > 0);
        if matches!(kind, SuggestionKind::Word | SuggestionKind::Phrase) {
            let word = text.get(start..).unwrap();
            let phrase = if *kind == SuggestionKind::Word { word } else { text };
            let phrase = phrase.replace(QUOTES, " ").replace('\\', r"\\");
            let total = searcher.search(&Query::new(format!("\"{phrase}\""))).unwrap().total;
            prop_assert!(
                total >= *passages,
                "{:?} for {:?}: {} of {}",
                text,
                typed,
                passages,
                total
            );
        }
        seen.push(all);
    }
    let first = searcher.suggest(typed, 3).unwrap();
    prop_assert!(first.len() <= 3 && (first.len() == 3 || first.len() == found.len()));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_suggested_occurs(
        documents in documents(),
        typed in vec(prop_oneof![query(), text()], 1..4),
        cut in any::<prop::sample::Index>(),
    ) {
        let searcher = searcher(&documents);
        for text in typed.iter().chain(documents.iter().map(|document| &document.text)) {
            // As it is typed: all of it, and up to some character.
            let characters = text.chars().count().min(250);
            let end = cut.index(characters + 1);
            check(&searcher, text)?;
            check(&searcher, &text.chars().take(end).collect::<String>())?;
        }
    }
}
