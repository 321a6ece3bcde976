//! Parameters of the score of a passage, with names and default values.

/// Weights of the components of the score of a passage. The score is
///
/// ```text
/// (BM25 of the scoring terms + score of the words in title and headings) · (1 + position_boost · 2^(-ordinal / 6))
///     + bonuses for words in the text and side by side + score of the whole document
/// ```
///
/// `src/search/ranking/mod.rs` states the formula in full.
///
/// The default weights have the best mean nDCG@10 over test collections of questions, statutes, abstracts and
/// press releases in English and Chinese (`tests/relevance`). A component with weight 0 adds nothing to the
/// score.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Ranking {
    /// BM25: saturation of the term frequency, at least 0. With a higher value, repeated occurrences of a term add
    /// more to the score.
    pub k1: f64,
    /// BM25: length normalization, from 0 (the length of a passage has no effect) to 1 (full effect).
    pub b: f64,
    /// Weight of an occurrence of a query word in exactly the form typed, in addition to the weight of the stemmed
    /// word.
    pub unstemmed_weight: f64,
    /// Weight of two adjacent query words that are also adjacent in the passage, in the same order.
    pub adjacent_pair_weight: f64,
    /// Weight of a single Han character of the query, in addition to the weight of the words that contain the
    /// character.
    pub character_weight: f64,
    /// Weight of a bigram: two adjacent Han characters of the query.
    pub bigram_weight: f64,
    /// Factor on [`bigram_weight`](Self::bigram_weight) for a bigram inside a Chinese word of the query. Such a bigram
    /// counts less, since the word itself already adds to the score.
    pub bigram_inside_word: f64,
    /// Factor on the weight of a Han character that is a stop word (`的`, `什`). A bigram gets the mean of the factors
    /// of its two characters.
    pub stop_word_weight: f64,
    /// Weight of a query word in the title or in a heading above the passage, relative to one occurrence of the
    /// word in the passage text.
    pub heading_weight: f64,
    /// Bonus for a passage that contains every query word in its text, relative to the highest score that any passage
    /// can reach without bonuses. With a value of 1 or more, these passages rank before passages that have some of the
    /// words only in their title or headings.
    pub text_bonus: f64,
    /// Bonus for a passage in which all query words stand side by side, in the order and form of the query, relative
    /// to the highest score that any passage can reach without bonuses. A passage in which only some pairs of query
    /// words are adjacent gets a share of the bonus.
    pub adjacency_bonus: f64,
    /// Weight of the score of the whole document in the rank of a passage that lacks a word of the query. The score of
    /// the passage and the score of the document are first divided by the highest score of their kind. This value is
    /// multiplied by 1 + 3 · s, where s is the share of the query, by inverse document frequency, that the best passage
    /// lacks.
    pub release_weight: f64,
    /// Relative increase of the score of the first passage of a document. The increase halves every six passages,
    /// because press releases state the main points first.
    pub position_boost: f64,
    /// Weight of each word of a quoted phrase, in addition to the weight of the phrase.
    pub quoted_word_weight: f64,
    /// Score regularization: how far the scores of the top hits move towards the scores of similar hits, from 0 (not
    /// at all) to 1. Applies only if the best hit lacks a part of the query.
    pub regularization: f64,
}

impl Default for Ranking {
    fn default() -> Self {
        Self {
            k1: 1.2,
            b: 0.75,
            unstemmed_weight: 0.25,
            adjacent_pair_weight: 0.3,
            character_weight: 0.5,
            bigram_weight: 0.5,
            bigram_inside_word: 0.5,
            stop_word_weight: 0.3,
            heading_weight: 0.3,
            text_bonus: 1.0,
            adjacency_bonus: 1.0,
            release_weight: 2.0,
            position_boost: 0.15,
            quoted_word_weight: 0.5,
            regularization: 0.5,
        }
    }
}

/// Name of a ranking parameter, and function that borrows the value of the parameter.
type NamedRankingParameter = (&'static str, fn(&mut Ranking) -> &mut f64);

const RANKING_PARAMETERS: [NamedRankingParameter; 15] = [
    ("k1", |ranking| &mut ranking.k1),
    ("b", |ranking| &mut ranking.b),
    ("unstemmed_weight", |ranking| &mut ranking.unstemmed_weight),
    ("adjacent_pair_weight", |ranking| &mut ranking.adjacent_pair_weight),
    ("character_weight", |ranking| &mut ranking.character_weight),
    ("bigram_weight", |ranking| &mut ranking.bigram_weight),
    ("bigram_inside_word", |ranking| &mut ranking.bigram_inside_word),
    ("stop_word_weight", |ranking| &mut ranking.stop_word_weight),
    ("heading_weight", |ranking| &mut ranking.heading_weight),
    ("text_bonus", |ranking| &mut ranking.text_bonus),
    ("adjacency_bonus", |ranking| &mut ranking.adjacency_bonus),
    ("release_weight", |ranking| &mut ranking.release_weight),
    ("position_boost", |ranking| &mut ranking.position_boost),
    ("quoted_word_weight", |ranking| &mut ranking.quoted_word_weight),
    ("regularization", |ranking| &mut ranking.regularization),
];

impl Ranking {
    /// Number of passages after which the position boost falls to half.
    pub(crate) const POSITION_BOOST_HALF_LIFE_IN_PASSAGES: f64 = 6.0;

    /// Returns the names that [`set`](Self::set) accepts: the field names, in the order of the fields.
    pub fn names() -> impl Iterator<Item = &'static str> {
        RANKING_PARAMETERS.iter().map(|(name, _)| *name)
    }

    /// Sets the parameter with the name `name`.
    ///
    /// ```
    /// # fn main() -> Result<(), gz_search::query::UnknownParameter> {
    /// let mut ranking = gz_search::query::Ranking::default();
    /// ranking.set("heading_weight", 0.5)?;
    /// assert_eq!(ranking.heading_weight, 0.5);
    /// assert_eq!(ranking.set("k2", 1.0).unwrap_err().name, "k2");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`UnknownParameter`] if no parameter has the name `name`.
    pub fn set(&mut self, name: &str, value: f64) -> Result<(), UnknownParameter> {
        let (_, borrow_value) = RANKING_PARAMETERS
            .iter()
            .find(|(parameter_name, _)| *parameter_name == name)
            .ok_or_else(|| UnknownParameter { name: name.to_owned() })?;
        *borrow_value(self) = value;
        Ok(())
    }
}

/// Error of [`Ranking::set`] for an unknown parameter name. The message lists the known names.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the ranking has no parameter {name:?}; its parameters are {}", known_parameter_names())]
#[non_exhaustive]
pub struct UnknownParameter {
    /// The requested name, which no parameter of the ranking has.
    pub name: String,
}

fn known_parameter_names() -> String {
    Ranking::names().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ranking_parameter_name_sets_one_parameter() {
        let mut changed = Ranking::default();
        for name in Ranking::names() {
            let previous_ranking = changed;
            changed.set(name, 7.5).unwrap();
            assert_ne!(changed, previous_ranking, "{name}");
        }
        let expected = Ranking {
            k1: 7.5,
            b: 7.5,
            unstemmed_weight: 7.5,
            adjacent_pair_weight: 7.5,
            character_weight: 7.5,
            bigram_weight: 7.5,
            bigram_inside_word: 7.5,
            stop_word_weight: 7.5,
            heading_weight: 7.5,
            text_bonus: 7.5,
            adjacency_bonus: 7.5,
            release_weight: 7.5,
            position_boost: 7.5,
            quoted_word_weight: 7.5,
            regularization: 7.5,
        };
        assert_eq!(changed, expected);
    }

    #[test]
    fn an_unknown_parameter_name_is_an_error_that_lists_the_known_ones() {
        let mut ranking = Ranking::default();
        let error = ranking.set("k2", 1.0).unwrap_err();
        assert_eq!(ranking, Ranking::default());
        let message = error.to_string();
        assert!(message.starts_with("the ranking has no parameter \"k2\""), "{message}");
        assert!(message.contains("k1, b, unstemmed_weight"), "{message}");
        assert!(message.ends_with("regularization"), "{message}");
    }
}
