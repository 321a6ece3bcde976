//! The query as a tree of what the user meant, before any text is analyzed.

use std::fmt;

/// A part of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Clause {
    /// `*`: every passage.
    Everything,
    /// Text without quotes: each of its words may match, in any of its forms.
    Words(String),
    /// Text in quotes: exactly these words, in this order, next to each other.
    Phrase(String),
    /// Any of the clauses; passages that satisfy more of them rank higher.
    Any(Vec<Self>),
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everything => f.write_str("*"),
            Self::Words(text) => f.write_str(text),
            Self::Phrase(text) => write!(f, "\"{text}\""),
            Self::Any(clauses) => {
                for (index, clause) in clauses.iter().enumerate() {
                    let space = if index == 0 { "" } else { " " };
                    write!(f, "{space}{clause}")?;
                }
                Ok(())
            }
        }
    }
}
