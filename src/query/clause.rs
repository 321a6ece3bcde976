//! The query as a tree of what the user meant, before any text is analyzed; printed, it is a query text
//! that gives the same tree.

use std::fmt;

use super::{Field, Period, escape};

/// A part of a query.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Clause {
    /// `*`: every passage.
    Everything,
    /// Nothing to search for: matches no passage.
    Nothing,
    /// Text without quotes: each of its words may match, in any of its forms.
    Words(String),
    /// Text in quotes: exactly these words, in this order.
    Phrase {
        /// What stands between the quotes.
        text: String,
        /// How many other words may stand between them altogether.
        gap: u32,
    },
    /// A word with `*` for any characters and `?` for one.
    Wildcard(String),
    /// `word~`: words spelled almost so.
    Fuzzy {
        /// The word.
        word: String,
        /// How many edits are allowed; by its length where none is given.
        edits: Option<u8>,
    },
    /// `/…/`: whole words of which a regular expression holds.
    Regex(String),
    /// The clauses in any order, with at most so many other words from each to the next.
    Near {
        /// Words, phrases and alternatives of them.
        clauses: Vec<Self>,
        /// The largest distance, in words between.
        distance: u32,
    },
    /// The clauses in one sentence.
    Same(Vec<Self>),
    /// All of the clauses.
    And(Vec<Self>),
    /// Any of the clauses.
    Or(Vec<Self>),
    /// Clauses side by side: any of those without a sign may match, and passages with more of them
    /// rank higher; those with a sign must, or must not; fields and dates narrow the others.
    Sequence(Vec<Item>),
    /// A clause about something else than the body.
    In(Field, Box<Self>),
    /// A clause that counts more, or less.
    Boost(Box<Self>, f32),
    /// Documents published on these days.
    Dates(Period),
}

/// A clause of a [`Clause::Sequence`].
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Whether it must match.
    pub sign: Sign,
    /// What matches.
    pub clause: Clause,
}

/// Whether a clause of a sequence must match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// It may.
    May,
    /// `+`: it must.
    Must,
    /// `-` or `NOT`: it must not.
    Not,
}

/// How tightly a clause holds together when it is printed; looser ones need parentheses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Or,
    And,
    Sequence,
    Near,
    Unit,
}

impl Clause {
    /// Any of `texts` in a field, each as a phrase; none where one of them is blank, or there is none.
    ///
    /// ```
    /// use gz_search::query::{Clause, Field};
    ///
    /// let bodies = ["Bureau of Commerce".to_owned(), "发改委".to_owned()];
    /// let clause = Clause::any_of(Field::Issuer, &bodies).unwrap();
    /// assert_eq!(clause.to_string(), "issuer:\"Bureau of Commerce\" OR issuer:\"发改委\"");
    /// ```
    pub fn any_of(field: Field, texts: &[String]) -> Option<Self> {
        let clause = |text: &String| {
            let text = Some(text.trim()).filter(|text| !text.is_empty())?.to_owned();
            Some(Self::In(field, Box::new(Self::Phrase { text, gap: 0 })))
        };
        let mut clauses = texts.iter().map(clause).collect::<Option<Vec<_>>>()?;
        if clauses.len() > 1 { Some(Self::Or(clauses)) } else { clauses.pop() }
    }

    /// Whether it narrows what stands beside it: a field or dates.
    pub(super) fn is_condition(&self) -> bool {
        match self {
            Self::In(..) | Self::Dates(_) => true,
            Self::Boost(clause, _) => clause.is_condition(),
            _ => false,
        }
    }

    fn level(&self) -> Level {
        match self {
            Self::Or(_) => Level::Or,
            Self::And(_) => Level::And,
            Self::Sequence(_) => Level::Sequence,
            Self::Words(text) if text.contains(' ') => Level::Sequence,
            Self::Near { .. } | Self::Same(_) => Level::Near,
            _ => Level::Unit,
        }
    }

    /// Prints the clause, in parentheses where it is looser than `least`.
    fn within(&self, least: Level, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.level() < least { write!(f, "({self})") } else { write!(f, "{self}") }
    }
}

fn joined(
    clauses: &[Clause],
    operator: &str,
    least: Level,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    for (index, clause) in clauses.iter().enumerate() {
        if index > 0 {
            write!(f, " {operator} ")?;
        }
        clause.within(least, f)?;
    }
    Ok(())
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everything => f.write_str("*"),
            Self::Nothing => f.write_str("\"\""),
            Self::Words(text) => {
                let words: Vec<_> = text.split(' ').map(escape::escaped).collect();
                f.write_str(&words.join(" "))
            }
            Self::Phrase { text, gap } => {
                write!(f, "\"{}\"", escape::escaped_quotes(text))?;
                if *gap > 0 { write!(f, "~{gap}") } else { Ok(()) }
            }
            Self::Wildcard(pattern) => f.write_str(&escape::escaped_wildcard(pattern)),
            Self::Fuzzy { word, edits } => {
                write!(f, "{}~", escape::escaped(word))?;
                edits.map_or(Ok(()), |edits| write!(f, "{edits}"))
            }
            Self::Regex(text) => write!(f, "/{text}/"),
            Self::Near { clauses, distance } => {
                joined(clauses, &format!("NEAR/{distance}"), Level::Unit, f)
            }
            Self::Same(clauses) => joined(clauses, "SAME", Level::Unit, f),
            Self::And(clauses) => joined(clauses, "AND", Level::Sequence, f),
            Self::Or(clauses) => joined(clauses, "OR", Level::And, f),
            Self::Sequence(items) => {
                for (index, item) in items.iter().enumerate() {
                    f.write_str(if index > 0 { " " } else { "" })?;
                    item.fmt(f)?;
                }
                Ok(())
            }
            Self::In(field, clause) => {
                write!(f, "{field}:")?;
                match **clause {
                    // A field takes one word, phrase or pair of parentheses.
                    Self::Boost(..) => write!(f, "({clause})"),
                    _ => clause.within(Level::Unit, f),
                }
            }
            Self::Boost(clause, factor) => {
                match **clause {
                    Self::Boost(..) => write!(f, "({clause})")?,
                    _ => clause.within(Level::Unit, f)?,
                }
                write!(f, "^{factor}")
            }
            Self::Dates(period) => write!(f, "date:{period}"),
        }
    }
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.sign {
            Sign::May => self.clause.within(Level::Near, f),
            Sign::Not => {
                f.write_str("NOT ")?;
                self.clause.within(Level::Near, f)
            }
            Sign::Must => {
                let shown = self.clause.to_string();
                // A sign before a digit would belong to the number.
                if self.clause.level() >= Level::Near && escape::may_follow_sign(&shown) {
                    write!(f, "+{shown}")
                } else {
                    write!(f, "+({shown})")
                }
            }
        }
    }
}
