//! Derives the scoring terms of a query: the terms that contribute to the score of a match, each with a weight.

use std::rc::Rc;

use crate::{
    error::Result,
    query::{Alternative, Leaf, PhraseSlot, QueryPlan, QueryToken, Ranking, TextField},
    search::{
        matching::LeafPostings,
        reader::{PostingList, SegmentView},
    },
};

/// A term whose occurrences raise the score of a passage.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::search) struct ScoringTerm<'q> {
    /// Factor on the BM25 score of the term, positive.
    pub(in crate::search) weight: f64,
    pub(in crate::search) kind: ScoringTermKind<'q>,
}

/// The kind of a [`ScoringTerm`], which determines its posting list.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::search) enum ScoringTermKind<'q> {
    /// The leaf with this index in [`QueryPlan::leaves`].
    Leaf(usize),
    /// A term in exactly the form typed, in the field `exact_terms`.
    Unstemmed(&'q str),
    /// Two adjacent Han characters, a term of the field `ranking_terms`, which contains Chinese words and bigrams.
    Bigram(String),
    /// Two query leaves (words or phrases) that are adjacent in the query: the index of the first leaf, and the phrase
    /// of both leaves.
    AdjacentPair(usize, Alternative),
}

impl ScoringTerm<'_> {
    /// Returns whether the term is searched in the body of passages, so that its score is normalized by the length of
    /// the passage.
    pub(in crate::search) fn is_in_body(&self, query: &QueryPlan) -> bool {
        match self.kind {
            ScoringTermKind::Leaf(leaf) => {
                query.leaves.get(leaf).is_some_and(|leaf| leaf.field == TextField::Body)
            }
            _ => true,
        }
    }
}

/// Returns the scoring terms of a query: query leaves (words and phrases) and their unstemmed words in query order,
/// then adjacent pairs, quoted words, Han characters and bigrams. Leaves out terms of weight 0.
pub(in crate::search) fn scoring_terms<'q>(
    query: &'q QueryPlan,
    ranking: &Ranking,
) -> Vec<ScoringTerm<'q>> {
    let mut terms = Vec::new();
    for (index, leaf) in query.leaves.iter().enumerate().filter(|(_, leaf)| leaf.adds_score()) {
        terms.push(ScoringTerm { weight: leaf.boost, kind: ScoringTermKind::Leaf(index) });
        // Only words of ASCII letters are stemmed.
        if let Some(term) = leaf.single_word().filter(|_| leaf.field == TextField::Body)
            && term.bytes().all(|byte| byte.is_ascii_lowercase())
        {
            terms.push(ScoringTerm {
                weight: ranking.unstemmed_weight * leaf.boost,
                kind: ScoringTermKind::Unstemmed(term),
            });
        }
    }
    terms.extend(adjacent_pairs(query, ranking));
    terms.extend(quoted_word_terms(query, ranking));
    terms.extend(han_characters(query, ranking));
    terms.extend(bigrams(query, ranking));
    terms.retain(|term| term.weight > 0.0);
    terms
}

/// Returns a scoring term for every two query leaves of the body that are adjacent in the query: the phrase of both
/// leaves.
fn adjacent_pairs<'q>(
    query: &'q QueryPlan,
    &Ranking { adjacent_pair_weight, .. }: &Ranking,
) -> impl Iterator<Item = ScoringTerm<'q>> {
    query.leaves.windows(2).enumerate().filter_map(move |(index, leaves)| {
        let [first, second] = leaves else { return None };
        let are_ranked_in_body =
            [first, second].iter().all(|leaf| leaf.adds_score() && leaf.field == TextField::Body);
        if !are_ranked_in_body || first.position + first.position_count != second.position {
            return None;
        }
        Some(ScoringTerm {
            weight: adjacent_pair_weight * first.boost.min(second.boost),
            kind: ScoringTermKind::AdjacentPair(index, phrase_of_adjacent_leaves(first, second)?),
        })
    })
}

/// Returns the phrase of two adjacent query leaves. Returns `None` if one of the leaves is a phrase with a gap. Also
/// returns `None` for two Chinese words, because the bigram of their adjacent characters already serves as a pair.
fn phrase_of_adjacent_leaves(first: &Leaf, second: &Leaf) -> Option<Alternative> {
    let (first_phrase, second_phrase) = (first.alternatives.first()?, second.alternatives.first()?);
    if first_phrase.slop + second_phrase.slop > 0
        || first_phrase.is_contiguous && second_phrase.is_contiguous
    {
        return None;
    }
    let shifted_slot = |slot: &PhraseSlot| PhraseSlot {
        offset: slot.offset + first.position_count,
        ..slot.clone()
    };
    let slots = first_phrase
        .slots
        .iter()
        .cloned()
        .chain(second_phrase.slots.iter().map(shifted_slot))
        .collect();
    Some(Alternative::phrase(slots))
}

/// Returns the words of quoted phrases as additional scoring terms, so that a phrase of rare words scores higher than a
/// phrase of frequent words. The document frequency of the phrase itself would not show the difference.
fn quoted_word_terms<'q>(
    query: &'q QueryPlan,
    &Ranking { quoted_word_weight, .. }: &Ranking,
) -> impl Iterator<Item = ScoringTerm<'q>> {
    query.tokens.iter().filter(|token| token.is_quoted && !token.is_han && !token.is_stop_word).map(
        move |token| ScoringTerm {
            weight: quoted_word_weight,
            kind: ScoringTermKind::Unstemmed(&token.term),
        },
    )
}

/// Factor on the weights of Han characters and bigrams in a query that also has Latin words. With this factor, a
/// Chinese word of two characters gets the weight of the unstemmed form of an English word: both characters and the
/// bigram weigh (0.5 + 0.5 + 0.25) · 0.2 = 0.25, which is `unstemmed_weight`.
const HAN_WEIGHT_FACTOR_WITH_LATIN_WORDS: f64 = 0.2;

/// Returns the factor on the weights of Han characters and bigrams: [`HAN_WEIGHT_FACTOR_WITH_LATIN_WORDS`] if the query
/// has words of another script, 1 if not.
fn han_weight_factor(query: &QueryPlan) -> f64 {
    let is_latin_word = |token: &QueryToken| {
        !token.is_han && !token.is_stop_word && token.term.contains(char::is_alphabetic)
    };
    let has_latin_words = query.tokens.iter().any(is_latin_word);
    if has_latin_words { HAN_WEIGHT_FACTOR_WITH_LATIN_WORDS } else { 1.0 }
}

/// Returns the Han characters of the query as scoring terms. Han characters and bigrams also match passages in which
/// the dictionary finds other word boundaries than in the query. Within a quoted phrase, Han characters and bigrams
/// have the purpose of [`quoted_word_terms`]: a phrase of rare characters scores higher than a phrase of frequent
/// characters.
fn han_characters<'q>(
    query: &'q QueryPlan,
    &Ranking { character_weight, stop_word_weight, .. }: &Ranking,
) -> impl Iterator<Item = ScoringTerm<'q>> {
    let weight = character_weight * han_weight_factor(query);
    query.tokens.iter().filter(|token| token.is_han).map(move |token| ScoringTerm {
        weight: weight * han_character_weight_factor(token, stop_word_weight),
        kind: ScoringTermKind::Unstemmed(&token.term),
    })
}

/// Returns the bigrams of adjacent Han characters of the query as scoring terms.
fn bigrams<'q>(
    query: &'q QueryPlan,
    &Ranking { bigram_weight, bigram_inside_word, stop_word_weight, .. }: &Ranking,
) -> impl Iterator<Item = ScoringTerm<'q>> {
    let bigram_weight = bigram_weight * han_weight_factor(query);
    query.tokens.windows(2).filter_map(move |tokens| {
        let [first, second] = tokens else { return None };
        if !first.is_han || !second.is_contiguous {
            return None;
        }
        let is_inside_word = query.leaves.iter().any(|leaf| contains_bigram(leaf, first));
        let word_factor = if is_inside_word { bigram_inside_word } else { 1.0 };
        let character_factors = han_character_weight_factor(first, stop_word_weight)
            + han_character_weight_factor(second, stop_word_weight);
        Some(ScoringTerm {
            weight: bigram_weight * word_factor * character_factors / 2.0,
            kind: ScoringTermKind::Bigram(format!("{}{}", first.term, second.term)),
        })
    })
}

/// Returns the factor on the weight of a Han character: `stop_word_weight` for a stop word, 1 for any other character.
fn han_character_weight_factor(token: &QueryToken, stop_word_weight: f64) -> f64 {
    if token.is_stop_word { stop_word_weight } else { 1.0 }
}

/// Returns whether the query leaf `leaf` adds score and contains both the token `first` and the token after `first`.
fn contains_bigram(leaf: &Leaf, first: &QueryToken) -> bool {
    let leaf_end = leaf.position + leaf.position_count;
    leaf.adds_score() && leaf.position <= first.position && first.position + 1 < leaf_end
}

/// Returns the posting list of a scoring term in a segment, given the posting lists of all query leaves. Returns an
/// empty list for [`ScoringTermKind::Leaf`], because the caller already has the list of the leaf.
pub(in crate::search) fn scoring_term_postings(
    segment: SegmentView<'_>,
    kind: &ScoringTermKind<'_>,
    leaves: &LeafPostings,
) -> Result<Rc<PostingList>> {
    let postings = match kind {
        ScoringTermKind::Leaf(_) => PostingList::default(),
        ScoringTermKind::Unstemmed(term) => match leaves.postings_of_typed_word(term) {
            Some(postings) => return Ok(Rc::clone(postings)),
            None => segment.read_postings(segment.fields.exact_terms, term)?,
        },
        ScoringTermKind::Bigram(bigram) => {
            segment.read_postings(segment.fields.ranking_terms, bigram)?
        }
        ScoringTermKind::AdjacentPair(first, phrase) => {
            let common_docs = leaves.leaf_list(*first).intersection(leaves.leaf_list(first + 1));
            segment.phrase_postings_in_docs(TextField::Body, phrase, &common_docs)?
        }
    };
    Ok(Rc::new(postings))
}

#[cfg(all(test, feature = "chinese"))]
mod tests {
    use super::*;
    use crate::{
        analysis::{Analyzer, Chinese},
        query,
    };

    fn plan(text: &str) -> QueryPlan {
        let (clause, _) = query::Clause::parse(text);
        let analyzer = Analyzer::new(Chinese::Auto);
        let fields = crate::document::DeclaredFields::default();
        query::plan_query(&clause, &[], &fields, &analyzer, &mut Vec::new())
    }

    /// Returns the scoring terms of a query as readable names with weights.
    fn weights(text: &str, ranking: &Ranking) -> Vec<(String, f64)> {
        let query = plan(text);
        let name = |kind: &ScoringTermKind<'_>| match kind {
            ScoringTermKind::Leaf(leaf) => format!("leaf {leaf}"),
            ScoringTermKind::Unstemmed(term) => format!("unstemmed {term}"),
            ScoringTermKind::Bigram(bigram) => format!("bigram {bigram}"),
            ScoringTermKind::AdjacentPair(first, _) => format!("pair {first}"),
        };
        let terms = scoring_terms(&query, ranking);
        terms.iter().map(|term| (name(&term.kind), term.weight)).collect()
    }

    fn assert_weights(text: &str, ranking: &Ranking, expected: &[(&str, f64)]) {
        let actual = weights(text, ranking);
        let actual: Vec<_> = actual.iter().map(|(name, weight)| (name.as_str(), *weight)).collect();
        assert_eq!(actual, expected, "{text}");
    }

    #[test]
    fn adjacent_words_make_a_pair() {
        let ranking =
            Ranking { unstemmed_weight: 0.25, adjacent_pair_weight: 0.3, ..Ranking::default() };
        let expected = [
            ("leaf 0", 1.0),
            ("unstemmed flying", 0.25),
            ("leaf 1", 1.0),
            ("unstemmed cars", 0.25),
            ("pair 0", 0.3),
        ];
        assert_weights("flying cars", &ranking, &expected);
        let without_pairs =
            Ranking { unstemmed_weight: 0.0, adjacent_pair_weight: 0.0, ..Ranking::default() };
        assert_weights("flying cars", &without_pairs, &[("leaf 0", 1.0), ("leaf 1", 1.0)]);
    }

    #[test]
    fn words_of_a_quoted_phrase_are_additional_scoring_terms() {
        let ranking = Ranking { quoted_word_weight: 0.5, ..Ranking::default() };
        let expected = [("leaf 0", 1.0), ("unstemmed state", 0.5), ("unstemmed art", 0.5)];
        assert_weights("\"state of the art\"", &ranking, &expected);
    }

    #[test]
    fn bigrams_inside_a_word_weigh_less() {
        let ranking = Ranking {
            character_weight: 0.0,
            bigram_weight: 1.0,
            bigram_inside_word: 0.25,
            ..Ranking::default()
        };
        let bigrams = [("bigram 广州", 0.25), ("bigram 州低", 1.0), ("bigram 低空", 0.25)];
        let leaves = [("leaf 0", 1.0), ("leaf 1", 1.0)];
        assert_weights("广州低空", &ranking, &[&leaves[..], &bigrams[..]].concat());
    }

    #[test]
    fn a_chinese_word_beside_latin_words_weighs_as_much_as_a_latin_word() {
        let terms = weights("广州 port", &Ranking::default());
        let weight_of = |names: &[&str]| -> f64 {
            terms.iter().filter(|(name, _)| names.contains(&name.as_str())).map(|term| term.1).sum()
        };
        let chinese_weight = weight_of(&["leaf 0", "unstemmed 广", "unstemmed 州", "bigram 广州"]);
        let latin_weight = weight_of(&["leaf 1", "unstemmed port"]);
        assert!((chinese_weight - latin_weight).abs() < 1e-9, "{terms:?}");
    }

    #[test]
    fn a_quoted_chinese_phrase_has_the_characters_of_its_words() {
        let quoted = weights("\"广州港口\"", &Ranking::default());
        for name in ["unstemmed 广", "unstemmed 口", "bigram 广州", "bigram 州港"] {
            assert!(quoted.iter().any(|(other, _)| other == name), "{name} in {quoted:?}");
        }
    }

    #[test]
    fn stop_characters_weigh_less() {
        let ranking = Ranking {
            character_weight: 0.5,
            bigram_weight: 1.0,
            stop_word_weight: 0.25,
            ..Ranking::default()
        };
        let terms = weights("州的", &ranking);
        let weight_of =
            |name: &str| terms.iter().find(|(other, _)| other == name).map(|term| term.1);
        assert_eq!(weight_of("unstemmed 州"), Some(0.5));
        // 0.5 * 0.25
        assert_eq!(weight_of("unstemmed 的"), Some(0.125));
        // 1 * (1 + 0.25) / 2
        assert_eq!(weight_of("bigram 州的"), Some(0.625));
    }
}
