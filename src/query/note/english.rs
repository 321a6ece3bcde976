//! English texts of notes.

use std::fmt;

use super::detail::{
    ExceededLimit, ExpandedPart, IgnoredPart, MissingPart, NoteDetail, OtherMatches, RelaxedPart,
    Repair, TimeLimit,
};
use crate::{document::FieldType, error::Error, query::Facet};

impl fmt::Display for NoteDetail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Repaired(repair) => repair.fmt(f),
            Self::Ignored(part) => part.fmt(f),
            Self::Truncated(limit) => limit.fmt(f),
            Self::Expanded(part) => part.fmt(f),
            Self::Relaxed(part) => part.fmt(f),
            Self::Corrected { word, closest } => {
                write!(f, "{word} occurs nowhere: searched for {closest}")
            }
            Self::Suggestion { word, passages: 0, closest } => {
                write!(f, "{word} occurs nowhere: did you mean {closest}")
            }
            Self::Suggestion { word, passages, closest } => {
                let noun = if *passages == 1 { "passage" } else { "passages" };
                write!(f, "{word} occurs in {passages} {noun}: did you mean {closest}")
            }
            Self::Missing(part) => part.fmt(f),
            Self::Other(matches) => matches.fmt(f),
            Self::Cut(limit) => limit.fmt(f),
            Self::Changed => f.write_str("the index has changed since the previous page: passages may be missing or appear twice"),
            Self::Partial { missing, total } => write!(f, "{missing} of {total} parts of the index did not answer: passages are missing"),
        }
    }
}

impl fmt::Display for Repair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HeadlineInCapitals => f.write_str(
                "the query is all in capitals: AND, OR, NOT, NEAR and SAME are searched as words",
            ),
            Self::SignOfNumber { sign } => {
                let advice = if *sign == '+' { "AND to require it" } else { "NOT to leave it out" };
                write!(f, "{sign} before a number is its sign, not an operator: use {advice}")
            }
            Self::LongRegex { max_chars } => write!(
                f,
                "a regular expression has at most {max_chars} characters: searched as words"
            ),
            Self::UnclosedQuote { quote } => {
                write!(f, "the quote {quote} is never closed: searched for the words after it")
            }
            Self::FieldWithoutWord { name } => {
                write!(f, "{name}: needs a word directly after the colon: searched as a word")
            }
            Self::UnknownField { name } => write!(f, "there is no field {name}: searched as words"),
            Self::InvalidFigure { text } => write!(
                f,
                "figure:{text} is not a quantity such as 30%, >=1 trillion yuan or 30%..40%: searched as words"
            ),
            Self::InvalidDate { field, text } => write!(
                f,
                "{field}:{text} is not a date such as 2025, 2025-12 or 2025-12-17: searched as words"
            ),
            Self::InvalidBoost { text } => {
                write!(f, "{text} is not a boost such as ^2 or ^0.5: searched as part of the word")
            }
            Self::OnlyOperators => {
                f.write_str("the query has only operators: searched for their words")
            }
            Self::UnopenedParenthesis => {
                f.write_str("a closing parenthesis has no opening one: left out")
            }
            Self::UnclosedParenthesis => {
                f.write_str("an opening parenthesis has no closing one: closed at the end")
            }
            Self::SeveralSigns => f.write_str("several signs in a row: the first one counts"),
            Self::ProximityOperands { max } => write!(
                f,
                "NEAR and SAME take up to {max} words, phrases and alternatives of them: read as AND"
            ),
            Self::UndeclaredKey { name } => write!(
                f,
                "{name} is a key of the metadata, but no declared field: declare it to search, filter and sort by it"
            ),
            Self::ChineseRegex { pattern } => write!(
                f,
                "/{pattern}/: a regular expression matches one term, and Chinese terms are single characters: use ? and * instead"
            ),
        }
    }
}

impl fmt::Display for IgnoredPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptyQuotes => f.write_str("empty quotes: left out"),
            Self::StarAfterPhrase => f.write_str("* after a phrase: left out"),
            Self::StarInPhrase => f.write_str("* in quotes is no wildcard: left out"),
            Self::SlopWithoutNumber => {
                f.write_str("~ after a phrase needs a number of words: left out")
            }
            Self::InvalidBoost { text } => {
                write!(f, "{text} is not a boost such as ^2 or ^0.5: left out")
            }
            Self::FuzzyWildcard => f.write_str("~ after a word with * or ?: left out"),
            Self::Everything => f.write_str("the query has no letter or digit to search for"),
            Self::OperatorWithoutWord { operator } => {
                write!(f, "{operator} needs a word on both sides: left out")
            }
            Self::NotWithoutWord => f.write_str("NOT needs a word after it: left out"),
            Self::FieldWithoutWord { name } => write!(f, "{name}: without a word: left out"),
            Self::ShortFuzzyWord { word, min_letters, min_han_chars } => write!(
                f,
                "{word}~: numbers, words of fewer than {min_letters} letters and Chinese words of fewer than {min_han_chars} characters are searched as they are"
            ),
            Self::InvalidRegex { pattern, reason } => write!(
                f,
                "/{pattern}/ is not a valid regular expression and matches nothing: {reason}"
            ),
            Self::InvalidFieldValue { name, value, field_type } => {
                let expected = match field_type {
                    FieldType::Number => "a number such as 5, >=5 or 5..10",
                    FieldType::Date => "a date such as 2025, >=2025-12 or 2025-01..2025-06",
                    FieldType::Bool => "true or false",
                    FieldType::Text | FieldType::Keyword => "a text with a letter or digit",
                };
                write!(f, "{name}: {value} is not {expected}, and matches nothing")
            }
            Self::CommonWords { words } => {
                write!(f, "left out, because nearly every passage has it: {}", words.join(", "))
            }
            Self::WordListLine { file, line, problem, other_count } => {
                f.write_str(file)?;
                line.map_or(Ok(()), |line| write!(f, ", line {line}"))?;
                write!(f, ": {problem}")?;
                match other_count {
                    0 => Ok(()),
                    count => write!(f, " (further lines with a problem: {count})"),
                }
            }
        }
    }
}

impl fmt::Display for ExceededLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let left_out = |f: &mut fmt::Formatter<'_>, max: &usize, parts: &str| {
            write!(f, "the query has more than {max} {parts}: the rest was left out")
        };
        match self {
            Self::QueryLength { max_chars } => {
                write!(f, "the query is longer than {max_chars} characters: the rest was left out")
            }
            Self::Slop { requested, max } => {
                write!(f, "~{requested} after a phrase: read as ~{max}, the maximum")
            }
            Self::Boost { requested, max } => {
                write!(f, "{requested}: read as ^{max}, the maximum boost")
            }
            Self::NearDistance { requested, max } => {
                write!(f, "NEAR/{requested}: read as NEAR/{max}, the maximum")
            }
            Self::Edits { requested } => {
                write!(f, "~{requested}: read as ~2, the maximum number of edits")
            }
            Self::ParenthesesDepth { max } => {
                write!(f, "parentheses nested more than {max} deep: left out")
            }
            Self::FuzzyChineseWord { max_chars } => {
                write!(f, "~ after more than {max_chars} Chinese characters: searched as they are")
            }
            Self::Words { max } => left_out(f, max, "words"),
            Self::Patterns { max } => left_out(f, max, "patterns (* ? ~ /…/)"),
            Self::ProximityClauses { max } => left_out(f, max, "NEAR and SAME"),
            Self::PatternTerms { label, count, max, terms } => write!(
                f,
                "{label} stands for {count} words: searched for the {max} most frequent: {terms}"
            ),
        }
    }
}

impl fmt::Display for ExpandedPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NearWithoutNumber { distance } => {
                write!(f, "NEAR without a number: read as NEAR/{distance}")
            }
            Self::Pattern { label, count: 0, .. } => {
                write!(f, "{label} stands for no word of the index")
            }
            Self::Pattern { label, count, terms } => {
                let noun = if *count == 1 { "word" } else { "words" };
                write!(f, "{label} stands for {count} {noun}: {terms}")
            }
            Self::OtherSpelling { word, spellings } => {
                write!(f, "{word} also searched as {spellings}")
            }
            Self::Synonyms { words, synonyms } => {
                write!(f, "{words} also searched as {synonyms} (synonyms)")
            }
            Self::DocumentNumber { number, titles } => {
                write!(f, "{number} is the number of a release, which matches: {titles}")
            }
        }
    }
}

impl fmt::Display for RelaxedPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Query { from, to } => write!(f, "nothing matches {from}: searched for {to}"),
            Self::WordParts { word } => write!(f, "{word} occurs nowhere: searched for its parts"),
            Self::PhraseWords { phrase } => {
                write!(f, "{phrase} occurs nowhere: searched for its words")
            }
        }
    }
}

impl fmt::Display for MissingPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nearest_hint = |nearest: &Option<String>| {
            nearest.as_ref().map(|name| format!("; the nearest is {name}")).unwrap_or_default()
        };
        match self {
            Self::Word { word } => write!(f, "{word} occurs nowhere"),
            Self::Day { first, last } => {
                write!(f, "no day is both on or after {first} and on or before {last}")
            }
            Self::Name { facet, name, nearest } => {
                let noun = if *facet == Facet::Speaker { "speaker" } else { "issuer" };
                write!(f, "no {noun} is named {name}{}", nearest_hint(nearest))
            }
            Self::Language { language, existing } => {
                write!(f, "no document has the language {language}")?;
                if existing.terms.is_empty() {
                    return Ok(());
                }
                let more = if existing.has_more { " …" } else { "" };
                write!(f, "; there are {}{more}", existing.terms.join(", "))
            }
            Self::Keyword { name, keyword, nearest } => {
                write!(f, "no document has the value {keyword} of {name}{}", nearest_hint(nearest))
            }
            Self::Source { source, nearest } => {
                write!(f, "no source matches {source}{}", nearest_hint(nearest))
            }
        }
    }
}

impl fmt::Display for OtherMatches {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoFullMatch => f.write_str("no passage has every word: the passages shown lack a word, or have it only in the title"),
            Self::From { rank } => write!(f, "from result {rank} on, the passages lack a word of the query"),
            Self::DayWithoutYear { label } => write!(f, "other matches may have the day and month of {label} without the year"),
            Self::BareNumber { number, label } => write!(f, "other matches may have {number} without the unit of {label}"),
        }
    }
}

impl fmt::Display for TimeLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AfterHits { read_count, hit_count } => {
                write!(f, "the time was over after {read_count} of {hit_count} hits")
            }
            Self::BeforeFirstHit { timeout } => Error::TimedOut(*timeout).fmt(f),
        }
    }
}
