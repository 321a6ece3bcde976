//! [`Clause`]: the parsed query before text analysis. A printed clause is query text that parses to an equal clause.

use std::{collections::HashSet, fmt};

use super::{Field, Period, escape, lex};

/// Node of a parsed query.
///
/// [`Clause::parse`] parses query text to a clause; [`fmt::Display`] prints a clause as query text.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Clause {
    /// `*`: matches every passage.
    Everything,
    /// An empty query: matches no passage.
    Nothing,
    /// Unquoted text: matches passages that contain every word, in any inflected form. A word may also be in the title
    /// or a heading, if at least one word is in the passage text.
    Words(String),
    /// Text in quotes: matches passages that contain exactly these words, in this order.
    Phrase {
        /// The text between the quotes.
        text: String,
        /// Number of other words allowed between the words of the phrase, in total.
        slop: u32,
    },
    /// Word with wildcards: `*` stands for any characters, `?` for one character.
    Wildcard(String),
    /// `word~`: matches words within an edit distance of `word`.
    Fuzzy {
        /// Word from which the edit distance is measured.
        word: String,
        /// Maximum edit distance, 0 to 2. `None` to choose the distance by the length of the word.
        edits: Option<u8>,
    },
    /// `/…/`: matches words that the regular expression matches as a whole.
    Regex(String),
    /// `NEAR/N`: all clauses match in one text, in any order, with at most `distance` words between successive
    /// matches.
    Near {
        /// Words, phrases, patterns, and disjunctions of words, phrases and patterns.
        clauses: Vec<Self>,
        /// Maximum number of words between successive matches.
        distance: u32,
    },
    /// `SAME`: all clauses match in one sentence.
    Same(Vec<Self>),
    /// Conjunction: matches passages that match all of the clauses.
    And(Vec<Self>),
    /// Disjunction: matches passages that match at least one of the clauses.
    Or(Vec<Self>),
    /// `any:…`: if words or clauses stand side by side in the inner clause, a match of one of them suffices.
    Any(Box<Self>),
    /// Clauses side by side. A full match matches every clause without a sign or with `+`, and no clause with `-`. The
    /// search adds other matches: these may lack some of the clauses without a sign, but match every clause with `+`
    /// and every condition on a field or a date. Inside [`Any`](Self::Any), a match of one clause suffices; if the
    /// sequence has clauses with `+`, the clauses without a sign only add to the score.
    Sequence(Vec<SequenceItem>),
    /// `field:…`: the clause applies to this field instead of the body.
    In(Field, Box<Self>),
    /// `…^2`: the score of the clause is multiplied by this factor.
    Boost(Box<Self>, f32),
    /// `date:…`, `after:…` and `before:…`: matches documents that were published within the period.
    Dates(Period),
    /// `figure:…`: matches passages that contain a quantity of this value, in any notation: `1 trillion yuan`, `>=30%`,
    /// `~20000`, `30%..40%`. The string is the text after the colon.
    Figure(String),
    /// `period:…` and `asof:…`: matches passages that speak of a time within the period.
    Mentions {
        /// First and last day of the period.
        period: Period,
        /// Whether only times that the passage states with `as of`, `截至` or similar words match. A value holds at the
        /// end of such a time.
        requires_as_of: bool,
    },
}

/// Clause of a [`Clause::Sequence`], with its sign.
#[derive(Debug, Clone, PartialEq)]
pub struct SequenceItem {
    /// Sign of the clause: optional, required or excluded.
    pub occur: Occur,
    /// The clause after the sign.
    pub clause: Clause,
}

/// Effect of a clause of a [`Clause::Sequence`] on matches, by its sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occur {
    /// No sign: every full match matches the clause. Other matches, which lack a part of the query, need not match the
    /// clause.
    Should,
    /// `+`: every match matches the clause.
    Must,
    /// `-` or `NOT`: no match matches the clause.
    MustNot,
}

/// Precedence of the operators in printed clauses, in ascending order. A clause needs parentheses inside a
/// clause of higher precedence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Precedence {
    Or,
    And,
    Sequence,
    Near,
    Unit,
}

impl Clause {
    /// Returns the text of a clause that is a word, words, a phrase or a pattern, without quotes and signs. `None` for
    /// any other clause.
    pub(super) fn word_or_phrase_text(&self) -> Option<&str> {
        match self {
            Self::Words(text)
            | Self::Phrase { text, .. }
            | Self::Wildcard(text)
            | Self::Regex(text) => Some(text),
            Self::Fuzzy { word, .. } => Some(word),
            Self::Everything
            | Self::Nothing
            | Self::Near { .. }
            | Self::Same(_)
            | Self::And(_)
            | Self::Or(_)
            | Self::Any(_)
            | Self::Sequence(_)
            | Self::In(..)
            | Self::Boost(..)
            | Self::Dates(_)
            | Self::Figure(_)
            | Self::Mentions { .. } => None,
        }
    }

    /// Returns a clause that matches if `field` contains at least one of `texts` as a phrase. A repeated text counts
    /// once. `None` if `texts` is empty, or if one of `texts` is blank.
    ///
    /// ```
    /// use gz_search::query::{Clause, Field};
    ///
    /// let bodies = ["Bureau of Commerce".to_owned(), "发改委".to_owned()];
    /// let clause = Clause::any_of(Field::Issuer, &bodies).unwrap();
    /// assert_eq!(clause.to_string(), "issuer:\"Bureau of Commerce\" OR issuer:\"发改委\"");
    /// ```
    pub fn any_of(field: Field, texts: &[String]) -> Option<Self> {
        let mut seen_texts = HashSet::new();
        let distinct_texts =
            texts.iter().map(|text| text.trim()).filter(|text| seen_texts.insert(*text));
        let phrase_clause = |text: &str| {
            let text = Some(text).filter(|text| !text.is_empty())?.to_owned();
            Some(Self::In(field, Box::new(Self::Phrase { text, slop: 0 })))
        };
        let mut clauses = distinct_texts.map(phrase_clause).collect::<Option<Vec<_>>>()?;
        if clauses.len() > 1 { Some(Self::Or(clauses)) } else { clauses.pop() }
    }

    /// Returns whether the clause is a condition on a field or a date. In a [`Sequence`](Self::Sequence), a condition
    /// restricts the matches and adds nothing to the score.
    pub(super) fn is_field_or_date_condition(&self) -> bool {
        match self {
            Self::In(..) | Self::Dates(_) | Self::Figure(_) | Self::Mentions { .. } => true,
            Self::Boost(clause, _) => clause.is_field_or_date_condition(),
            Self::Everything
            | Self::Nothing
            | Self::Words(_)
            | Self::Phrase { .. }
            | Self::Wildcard(_)
            | Self::Fuzzy { .. }
            | Self::Regex(_)
            | Self::Near { .. }
            | Self::Same(_)
            | Self::And(_)
            | Self::Or(_)
            | Self::Any(_)
            | Self::Sequence(_) => false,
        }
    }

    fn precedence(&self) -> Precedence {
        match self {
            Self::Or(_) => Precedence::Or,
            Self::And(_) => Precedence::And,
            Self::Sequence(_) => Precedence::Sequence,
            Self::Words(text) if text.contains(' ') => Precedence::Sequence,
            Self::Near { .. } | Self::Same(_) => Precedence::Near,
            Self::Everything
            | Self::Nothing
            | Self::Words(_)
            | Self::Phrase { .. }
            | Self::Wildcard(_)
            | Self::Fuzzy { .. }
            | Self::Regex(_)
            | Self::Any(_)
            | Self::In(..)
            | Self::Boost(..)
            | Self::Dates(_)
            | Self::Figure(_)
            | Self::Mentions { .. } => Precedence::Unit,
        }
    }

    /// Prints the clause as the value of a field, after its colon: one word, one phrase, or a group in parentheses.
    fn write_as_field_value(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Boost(..) => write!(f, "({self})"),
            _ => self.write_with_min_precedence(Precedence::Unit, f),
        }
    }

    /// Prints the clause, in parentheses if its operators bind less tightly than `min_precedence`.
    fn write_with_min_precedence(
        &self,
        min_precedence: Precedence,
        f: &mut fmt::Formatter<'_>,
    ) -> fmt::Result {
        if self.precedence() < min_precedence { write!(f, "({self})") } else { write!(f, "{self}") }
    }
}

/// Prints the clauses, separated by `operator`.
fn write_joined_by_operator(
    clauses: &[Clause],
    operator: &str,
    min_precedence: Precedence,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    for (index, clause) in clauses.iter().enumerate() {
        if index > 0 {
            write!(f, " {operator} ")?;
        }
        clause.write_with_min_precedence(min_precedence, f)?;
    }
    Ok(())
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let printed_clause = UnparenthesizedClause(self).to_string();
        // The parser reads the operators of a headline in capitals as words, but not inside parentheses.
        if lex::is_headline_in_capitals(&printed_clause) {
            write!(f, "({printed_clause})")
        } else {
            f.write_str(&printed_clause)
        }
    }
}

/// Prints a clause as query text, without the outer parentheses that `Clause` adds if the text looks like a headline
/// in capitals.
struct UnparenthesizedClause<'c>(&'c Clause);

impl fmt::Display for UnparenthesizedClause<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use Clause::{
            And, Any, Boost, Dates, Everything, Figure, Fuzzy, In, Mentions, Near, Nothing, Or,
            Phrase, Regex, Same, Sequence, Wildcard, Words,
        };
        match self.0 {
            Everything => f.write_str("*"),
            Nothing => f.write_str("\"\""),
            Words(text) => {
                let escaped_words: Vec<_> = text.split(' ').map(escape::escape_word).collect();
                f.write_str(&escaped_words.join(" "))
            }
            Phrase { text, slop } => {
                write!(f, "\"{}\"", escape::escape_text_between_quotes(text))?;
                if *slop > 0 { write!(f, "~{slop}") } else { Ok(()) }
            }
            Wildcard(pattern) => f.write_str(&escape::escape_wildcard(pattern)),
            Fuzzy { word, edits } => {
                write!(f, "{}~", escape::escape_word_before_sign(word))?;
                edits.map_or(Ok(()), |edits| write!(f, "{edits}"))
            }
            Regex(text) => write!(f, "/{text}/"),
            Near { clauses, distance } => {
                write_joined_by_operator(clauses, &format!("NEAR/{distance}"), Precedence::Unit, f)
            }
            Same(clauses) => write_joined_by_operator(clauses, "SAME", Precedence::Unit, f),
            And(clauses) => write_joined_by_operator(clauses, "AND", Precedence::Sequence, f),
            Or(clauses) => write_joined_by_operator(clauses, "OR", Precedence::And, f),
            Sequence(items) => {
                for (index, item) in items.iter().enumerate() {
                    f.write_str(if index > 0 { " " } else { "" })?;
                    item.fmt(f)?;
                }
                Ok(())
            }
            Any(clause) => {
                f.write_str("any:")?;
                clause.write_as_field_value(f)
            }
            // The value of a declared field is read as one text, unless it is in parentheses.
            In(field @ Field::Declared(_), clause)
                if !matches!(**clause, Everything | Words(_) | Phrase { .. } | Wildcard(_)) =>
            {
                write!(f, "{field}:({clause})")
            }
            In(field, clause) => {
                write!(f, "{field}:")?;
                clause.write_as_field_value(f)
            }
            Boost(clause, factor) => {
                match &**clause {
                    Boost(..) => write!(f, "({clause})")?,
                    Words(word) if !word.contains(' ') => {
                        f.write_str(&escape::escape_word_before_sign(word))?;
                    }
                    _ => clause.write_with_min_precedence(Precedence::Unit, f)?,
                }
                write!(f, "^{factor}")
            }
            Dates(period) => write!(f, "date:{period}"),
            Figure(text) => write!(f, "figure:\"{}\"", escape::escape_text_between_quotes(text)),
            Mentions { period, requires_as_of } => {
                write!(f, "{}:{period}", if *requires_as_of { "asof" } else { "period" })
            }
        }
    }
}

impl fmt::Display for SequenceItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.occur {
            Occur::Should => self.clause.write_with_min_precedence(Precedence::Near, f),
            Occur::MustNot => {
                f.write_str("NOT ")?;
                self.clause.write_with_min_precedence(Precedence::Near, f)
            }
            Occur::Must => {
                let clause_text = self.clause.to_string();
                // Parentheses separate the sign from a digit, which would otherwise make the sign part of a
                // number.
                if self.clause.precedence() >= Precedence::Near
                    && escape::makes_preceding_plus_an_operator(&clause_text)
                {
                    write!(f, "+{clause_text}")
                } else {
                    write!(f, "+({clause_text})")
                }
            }
        }
    }
}
