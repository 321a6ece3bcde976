//! Contents of notes, as types from which each front end writes the text of a note in the language of its reader. Their
//! `Display` form is the English text.

use std::{fmt, time::Duration};

use super::NoteKind;
use crate::{
    document::{Date, FieldType},
    query::Facet,
};

/// Content of a note. The variant is the kind of the note.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum NoteDetail {
    Repaired(Repair),
    Ignored(IgnoredPart),
    Truncated(ExceededLimit),
    Expanded(ExpandedPart),
    Relaxed(RelaxedPart),
    /// `word` occurs nowhere, and `closest` was searched in its place.
    Corrected {
        word: String,
        closest: String,
    },
    /// `word` occurs in only `passages` passages, and the user may have meant `closest`.
    Suggestion {
        word: String,
        passages: u64,
        closest: String,
    },
    Missing(MissingPart),
    Other(OtherMatches),
    Cut(TimeLimit),
    Changed,
    /// Of the `total` parts of the index, `missing` parts did not answer.
    Partial {
        missing: u64,
        total: u64,
    },
}

/// Invalid text of a query, with the interpretation with which it was searched.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Repair {
    /// The query is a headline in capitals, so AND and OR are words.
    HeadlineInCapitals,
    /// `+` or `-` stands before a number.
    SignOfNumber {
        sign: char,
    },
    LongRegex {
        max_chars: usize,
    },
    UnclosedQuote {
        quote: char,
    },
    FieldWithoutWord {
        name: String,
    },
    UnknownField {
        name: String,
    },
    InvalidFigure {
        text: String,
    },
    InvalidDate {
        field: String,
        text: String,
    },
    /// A word ends like a boost (`^2`), but the text after the `^` is not a number.
    InvalidBoost {
        text: String,
    },
    OnlyOperators,
    UnopenedParenthesis,
    UnclosedParenthesis,
    SeveralSigns,
    /// NEAR or SAME has too many operands, or operands without positions.
    ProximityOperands {
        max: usize,
    },
    /// `name` is a key of the metadata, but no declared field.
    UndeclaredKey {
        name: String,
    },
    /// A regular expression contains Chinese characters, each of which is a term.
    ChineseRegex {
        pattern: String,
    },
}

/// Text of a query that was ignored.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum IgnoredPart {
    EmptyQuotes,
    StarAfterPhrase,
    /// A star beside a letter in a phrase, which is no wildcard there.
    StarInPhrase,
    SlopWithoutNumber,
    InvalidBoost {
        text: String,
    },
    /// A `~` after a word with wildcards.
    FuzzyWildcard,
    /// The whole query is ignored, because it has no letter or digit.
    Everything,
    OperatorWithoutWord {
        operator: String,
    },
    NotWithoutWord,
    FieldWithoutWord {
        name: String,
    },
    /// A `~` after a word that is too short to be searched in other spellings.
    ShortFuzzyWord {
        word: String,
        min_letters: usize,
        min_han_chars: usize,
    },
    InvalidRegex {
        pattern: String,
        reason: String,
    },
    /// `value` does not have the type of the declared field `name`, so it matches nothing.
    InvalidFieldValue {
        name: String,
        value: String,
        field_type: FieldType,
    },
    /// Words that nearly every passage has.
    CommonWords {
        words: Vec<String>,
    },
    /// Line of a word list of the user that cannot be used, or a whole list if `line` is `None`.
    WordListLine {
        file: &'static str,
        line: Option<usize>,
        problem: String,
        /// Number of further lines of the list that cannot be used.
        other_count: usize,
    },
}

/// Limit that a query exceeded.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum ExceededLimit {
    QueryLength {
        max_chars: usize,
    },
    Slop {
        requested: String,
        max: u32,
    },
    /// A boost above the maximum `max`. `requested` includes the `^`.
    Boost {
        requested: String,
        max: String,
    },
    NearDistance {
        requested: u32,
        max: u32,
    },
    Edits {
        requested: String,
    },
    ParenthesesDepth {
        max: usize,
    },
    FuzzyChineseWord {
        max_chars: usize,
    },
    Words {
        max: usize,
    },
    Patterns {
        max: usize,
    },
    ProximityClauses {
        max: usize,
    },
    /// More terms match the pattern `label` than are searched.
    PatternTerms {
        label: String,
        count: usize,
        max: usize,
        terms: ListedTerms,
    },
}

/// Text of a query that stands for several terms.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum ExpandedPart {
    NearWithoutNumber {
        distance: u32,
    },
    /// The pattern `label` matches `count` terms.
    Pattern {
        label: String,
        count: usize,
        terms: ListedTerms,
    },
    /// `spellings` was searched besides `word`.
    OtherSpelling {
        word: String,
        spellings: String,
    },
    /// `synonyms` of `words`, from a list of the user, were searched too.
    Synonyms {
        words: String,
        synonyms: ListedTerms,
    },
    /// `number` is the document number of the releases with the titles `titles`. Passages of these releases match.
    DocumentNumber {
        number: String,
        titles: ListedTerms,
    },
}

/// First terms of a longer list.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct ListedTerms {
    pub(crate) terms: Vec<String>,
    /// Whether the list has more terms.
    pub(crate) has_more: bool,
}

/// Requirement of a query that was dropped because nothing matched.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum RelaxedPart {
    Query {
        from: String,
        to: String,
    },
    /// A word was replaced by the shorter words in it.
    WordParts {
        word: String,
    },
    /// A phrase was replaced by its words.
    PhraseWords {
        phrase: String,
    },
}

/// Word or value of a query that occurs nowhere in the index.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum MissingPart {
    Word {
        word: String,
    },
    /// The name `name` belongs to no issuer or to no speaker, as `facet` states.
    Name {
        facet: Facet,
        name: String,
        nearest: Option<String>,
    },
    /// Language in which no document is. `existing` lists some of the languages of the index.
    Language {
        language: String,
        existing: ListedTerms,
    },
    Source {
        source: String,
        nearest: Option<String>,
    },
    /// No document has the value `keyword` of the declared field `name`.
    Keyword {
        name: String,
        keyword: String,
        nearest: Option<String>,
    },
    /// The conditions on the day of publication contradict each other: they ask for `first` or a later day and for
    /// `last` or an earlier day, but `last` is before `first`.
    Day {
        first: Date,
        last: Date,
    },
}

/// Reason why a page of results contains passages that are no full matches.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum OtherMatches {
    NoFullMatch,
    /// The passages that are no full matches begin at the result with the rank `rank`.
    From {
        rank: u64,
    },
    /// Passages that are no full matches may contain only `number`, the number of the quantity `label` without its
    /// unit.
    BareNumber {
        number: String,
        label: String,
    },
    /// Passages that are no full matches may contain only the day and month of the date `label`, without its year.
    DayWithoutYear {
        label: String,
    },
}

/// Progress of a search when its time limit was reached.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum TimeLimit {
    /// The search had read the texts of `read_count` of `hit_count` hits.
    AfterHits {
        read_count: usize,
        hit_count: usize,
    },
    BeforeFirstHit {
        timeout: Duration,
    },
}

impl NoteDetail {
    pub(crate) const fn kind(&self) -> NoteKind {
        match self {
            Self::Repaired(_) => NoteKind::Repaired,
            Self::Ignored(_) => NoteKind::Ignored,
            Self::Truncated(_) => NoteKind::Truncated,
            Self::Expanded(_) => NoteKind::Expanded,
            Self::Relaxed(_) => NoteKind::Relaxed,
            Self::Corrected { .. } => NoteKind::Corrected,
            Self::Suggestion { .. } => NoteKind::Suggestion,
            Self::Missing(_) => NoteKind::Missing,
            Self::Other(_) => NoteKind::Other,
            Self::Cut(_) => NoteKind::Cut,
            Self::Changed => NoteKind::Changed,
            Self::Partial { .. } => NoteKind::Partial,
        }
    }
}

impl ListedTerms {
    /// Returns the first `max` of the terms as a list.
    pub(crate) fn new<'t>(mut terms: impl Iterator<Item = &'t str>, max: usize) -> Self {
        let listed_terms = terms.by_ref().take(max).map(str::to_owned).collect();
        Self { terms: listed_terms, has_more: terms.next().is_some() }
    }
}

impl fmt::Display for ListedTerms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ellipsis = if self.has_more { ", …" } else { "" };
        write!(f, "{}{ellipsis}", self.terms.join(", "))
    }
}

#[cfg(all(test, feature = "server"))]
mod examples {
    use super::*;

    impl NoteDetail {
        /// Returns a note of every form. The values in the notes are marked by `§`.
        pub(crate) fn examples() -> Vec<Self> {
            let repaired = example_repairs().into_iter().map(Self::Repaired);
            let ignored = example_ignored_parts().into_iter().map(Self::Ignored);
            let truncated = example_exceeded_limits().into_iter().map(Self::Truncated);
            repaired.chain(ignored).chain(truncated).chain(other_examples()).collect()
        }
    }

    fn word(text: &str) -> String {
        format!("§{text}")
    }

    fn example_listed_terms() -> ListedTerms {
        ListedTerms { terms: vec![word("a"), word("b")], has_more: true }
    }

    fn example_repairs() -> Vec<Repair> {
        vec![
            Repair::HeadlineInCapitals,
            Repair::SignOfNumber { sign: '+' },
            Repair::SignOfNumber { sign: '-' },
            Repair::LongRegex { max_chars: 9 },
            Repair::UnclosedQuote { quote: '§' },
            Repair::FieldWithoutWord { name: word("a") },
            Repair::UnknownField { name: word("a") },
            Repair::InvalidFigure { text: word("a") },
            Repair::InvalidDate { field: word("a"), text: word("b") },
            Repair::InvalidBoost { text: word("a") },
            Repair::OnlyOperators,
            Repair::UnopenedParenthesis,
            Repair::UnclosedParenthesis,
            Repair::SeveralSigns,
            Repair::ProximityOperands { max: 9 },
            Repair::UndeclaredKey { name: word("a") },
            Repair::ChineseRegex { pattern: word("a") },
        ]
    }

    fn example_ignored_parts() -> Vec<IgnoredPart> {
        vec![
            IgnoredPart::EmptyQuotes,
            IgnoredPart::StarAfterPhrase,
            IgnoredPart::StarInPhrase,
            IgnoredPart::SlopWithoutNumber,
            IgnoredPart::InvalidBoost { text: word("a") },
            IgnoredPart::FuzzyWildcard,
            IgnoredPart::Everything,
            IgnoredPart::OperatorWithoutWord { operator: word("a") },
            IgnoredPart::NotWithoutWord,
            IgnoredPart::FieldWithoutWord { name: word("a") },
            IgnoredPart::ShortFuzzyWord { word: word("a"), min_letters: 8, min_han_chars: 9 },
            IgnoredPart::InvalidRegex { pattern: word("a"), reason: "unclosed".to_owned() },
            IgnoredPart::InvalidFieldValue {
                name: word("a"),
                value: word("b"),
                field_type: FieldType::Number,
            },
            IgnoredPart::InvalidFieldValue {
                name: word("a"),
                value: word("b"),
                field_type: FieldType::Date,
            },
            IgnoredPart::InvalidFieldValue {
                name: word("a"),
                value: word("b"),
                field_type: FieldType::Bool,
            },
            IgnoredPart::InvalidFieldValue {
                name: word("a"),
                value: word("b"),
                field_type: FieldType::Text,
            },
            IgnoredPart::CommonWords { words: vec![word("a"), word("b")] },
            ignored_word_list_line(Some(7), 0),
            ignored_word_list_line(Some(7), 8),
            ignored_word_list_line(None, 0),
        ]
    }

    fn ignored_word_list_line(line: Option<usize>, other_count: usize) -> IgnoredPart {
        let problem = "no word".to_owned();
        IgnoredPart::WordListLine { file: "§.txt", line, problem, other_count }
    }

    fn example_exceeded_limits() -> Vec<ExceededLimit> {
        vec![
            ExceededLimit::QueryLength { max_chars: 9 },
            ExceededLimit::Slop { requested: word("a"), max: 9 },
            ExceededLimit::Boost { requested: word("a"), max: word("b") },
            ExceededLimit::NearDistance { requested: 10, max: 9 },
            ExceededLimit::Edits { requested: word("a") },
            ExceededLimit::ParenthesesDepth { max: 9 },
            ExceededLimit::FuzzyChineseWord { max_chars: 9 },
            ExceededLimit::Words { max: 9 },
            ExceededLimit::Patterns { max: 9 },
            ExceededLimit::ProximityClauses { max: 9 },
            ExceededLimit::PatternTerms {
                label: word("a"),
                count: 10,
                max: 9,
                terms: example_listed_terms(),
            },
        ]
    }

    fn other_examples() -> Vec<NoteDetail> {
        let nearest = Some(word("near"));
        let mut details = vec![
            NoteDetail::Corrected { word: word("a"), closest: word("b") },
            NoteDetail::Changed,
            NoteDetail::Partial { missing: 1, total: 3 },
            NoteDetail::Cut(TimeLimit::AfterHits { read_count: 3, hit_count: 9 }),
            NoteDetail::Cut(TimeLimit::BeforeFirstHit { timeout: Duration::from_secs(3) }),
            NoteDetail::Expanded(ExpandedPart::NearWithoutNumber { distance: 9 }),
            NoteDetail::Expanded(ExpandedPart::OtherSpelling {
                word: word("a"),
                spellings: word("b"),
            }),
            NoteDetail::Expanded(ExpandedPart::Synonyms {
                words: word("a"),
                synonyms: example_listed_terms(),
            }),
            NoteDetail::Expanded(ExpandedPart::DocumentNumber {
                number: word("a"),
                titles: example_listed_terms(),
            }),
            NoteDetail::Relaxed(RelaxedPart::Query { from: word("a"), to: word("b") }),
            NoteDetail::Relaxed(RelaxedPart::WordParts { word: word("a") }),
            NoteDetail::Relaxed(RelaxedPart::PhraseWords { phrase: word("a") }),
            NoteDetail::Missing(MissingPart::Word { word: word("a") }),
            NoteDetail::Missing(MissingPart::Language {
                language: word("xx"),
                existing: example_listed_terms(),
            }),
            NoteDetail::Missing(MissingPart::Source { source: word("a"), nearest }),
            NoteDetail::Missing(MissingPart::Keyword {
                name: word("a"),
                keyword: word("b"),
                nearest: Some(word("near")),
            }),
            NoteDetail::Other(OtherMatches::NoFullMatch),
            NoteDetail::Other(OtherMatches::From { rank: 9 }),
            NoteDetail::Other(OtherMatches::BareNumber { number: word("1"), label: word("a") }),
            NoteDetail::Other(OtherMatches::DayWithoutYear { label: word("a") }),
        ];
        let days = Date::new(2025, 1, 1).zip(Date::new(2023, 12, 31));
        details.extend(
            days.map(|(first, last)| NoteDetail::Missing(MissingPart::Day { first, last })),
        );
        details.extend([0, 1, 2].map(|count| {
            let terms = example_listed_terms();
            NoteDetail::Expanded(ExpandedPart::Pattern { label: word("a"), count, terms })
        }));
        details.extend([0, 1, 2].map(|passages| NoteDetail::Suggestion {
            word: word("a"),
            passages,
            closest: word("b"),
        }));
        details.extend([Facet::Issuer, Facet::Speaker].map(|facet| {
            let (name, nearest) = (word("a"), Some(word("near")));
            NoteDetail::Missing(MissingPart::Name { facet, name, nearest })
        }));
        details
    }
}
