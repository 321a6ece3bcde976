//! The parameters of the ranking, by name.

/// What each part of the score counts. The default is what measured best over test collections of
/// questions, statutes, abstracts and releases in English and Chinese (`tests/relevance`): few will gain
/// by another, and 0 turns a part off.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Ranking {
    /// BM25: saturation of repeated occurrences.
    pub k1: f64,
    /// BM25: how much a long passage is held against it, from 0 to 1.
    pub b: f64,
    /// A word that stands in the passage exactly as in the query, beside its other forms.
    pub exact: f64,
    /// Two words of the query that stand together in the passage as they do in the query.
    pub neighbours: f64,
    /// A Han character, beside the words it is part of.
    pub character: f64,
    /// Two Han characters next to each other.
    pub pair: f64,
    /// What a pair inside a word of the query counts, as a share of one across words: the word counts already.
    pub inside: f64,
    /// What a Han character that says nothing (的, 什) counts, as a share of any other; a pair counts as the
    /// mean of its two.
    pub weak: f64,
    /// A word in the title or a heading above a passage, as a share of its weight in the text.
    pub above: f64,
    /// A passage that has every word, in shares of what any passage could reach: from 1 on it comes
    /// before all that have not.
    pub complete: f64,
    /// What the first passage of a release gains over a late one: releases say first what matters most.
    pub lead: f64,
    /// A word of a quoted phrase, beside the phrase.
    pub quoted: f64,
    /// How far the scores of the first hits are moved towards those of the hits that resemble them, where
    /// none of them has the whole query.
    pub smoothing: f64,
}

impl Default for Ranking {
    fn default() -> Self {
        Self {
            k1: 1.2,
            b: 0.75,
            exact: 0.25,
            neighbours: 0.3,
            character: 0.5,
            pair: 0.5,
            inside: 0.5,
            weak: 0.3,
            above: 0.3,
            complete: 1.0,
            lead: 0.15,
            quoted: 0.5,
            smoothing: 0.5,
        }
    }
}

impl Ranking {
    /// The names that [`set`](Self::set) knows.
    pub const NAMES: [&str; 13] = [
        "k1",
        "b",
        "exact",
        "neighbours",
        "character",
        "pair",
        "inside",
        "weak",
        "above",
        "complete",
        "lead",
        "quoted",
        "smoothing",
    ];

    /// Sets the parameter of that name; false where there is none.
    pub fn set(&mut self, name: &str, value: f64) -> bool {
        let parameter = match name {
            "k1" => &mut self.k1,
            "b" => &mut self.b,
            "exact" => &mut self.exact,
            "neighbours" => &mut self.neighbours,
            "character" => &mut self.character,
            "pair" => &mut self.pair,
            "inside" => &mut self.inside,
            "weak" => &mut self.weak,
            "above" => &mut self.above,
            "complete" => &mut self.complete,
            "lead" => &mut self.lead,
            "quoted" => &mut self.quoted,
            "smoothing" => &mut self.smoothing,
            _ => return false,
        };
        *parameter = value;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_sets_one_parameter() {
        let mut changed = Ranking::default();
        for name in Ranking::NAMES {
            let before = changed;
            assert!(changed.set(name, 7.5), "{name}");
            assert_ne!(changed, before, "{name}");
        }
        assert!(!changed.set("k2", 1.0));
    }
}
